-- name: role_name
-- doc: How people call a role
-- in: role_id role_id
-- out: name text
SELECT r.name
FROM roles r
WHERE r.company_id = :company AND r.id = :role_id;

-- name: active_owners
-- doc: How many owners can log in; one who was imported cannot before a password is set
-- out: count int
SELECT COUNT(*)
FROM agents a
JOIN roles r ON r.company_id = a.company_id AND r.id = a.role_id
WHERE a.company_id = :company AND r.kind = 'owner' AND a.status = 'active' AND a.deleted_at IS NULL
  AND a.password_hash IS NOT NULL;

-- name: role_uses
-- doc: Who stands in the way of deleting a role
-- in: role_id role_id
-- in: moment instant
-- out: agents int, keys int, invitations int
-- unscoped: k counted only
-- unscoped: i counted only
SELECT
  (SELECT COUNT(*) FROM agents a WHERE a.company_id = :company AND a.role_id = :role_id AND a.deleted_at IS NULL),
  (SELECT COUNT(*) FROM api_keys k WHERE k.company_id = :company AND k.role_id = :role_id),
  (SELECT COUNT(*) FROM invitations i WHERE i.company_id = :company AND i.role_id = :role_id AND i.accepted_at IS NULL
     AND i.expires_at > :moment)
FROM roles r
WHERE r.company_id = :company AND r.id = :role_id;

-- name: role_levels
-- doc: The rows of a role's permissions
-- in: role_id role_id
-- out: id role_permission_id, object text, action text, level role_permissions.level
SELECT p.id, p.object, p.action, p.level
FROM role_permissions p
WHERE p.company_id = :company AND p.role_id = :role_id
ORDER BY p.object, p.action;

-- name: all_roles
-- doc: The roles of the company, the built-in ones first
-- out: id role_id, name text, kind roles.kind, updated_at instant
SELECT r.id, r.name, r.kind, r.updated_at
FROM roles r
WHERE r.company_id = :company AND r.deleted_at IS NULL
ORDER BY r.kind, r.name, r.id;

-- name: all_levels
-- doc: What each role of the company may do
-- out: role_id role_id, object text, action text, level role_permissions.level
SELECT p.role_id, p.object, p.action, p.level
FROM role_permissions p
WHERE p.company_id = :company;

-- name: built_in_roles
-- doc: The roles with which every company starts
-- out: id role_id
SELECT r.id
FROM roles r
WHERE r.company_id = :company AND r.kind <> 'custom' AND r.deleted_at IS NULL
ORDER BY r.id;
