-- name: role_id_by_kind
-- doc: A built-in role
-- in: kind roles.kind
-- out: id role_id
SELECT r.id FROM roles r WHERE r.company_id = :company AND r.kind = :kind AND r.deleted_at IS NULL LIMIT 1;
