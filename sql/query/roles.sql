-- name: role_name
-- doc: How people call a role
-- in: role_id role_id
-- out: name text
SELECT r.name
FROM roles r
WHERE r.company_id = :company AND r.id = :role_id;
