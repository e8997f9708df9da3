-- What agents.c asks beyond single rows.

-- name: agents_to_choose
-- doc: Everybody who has not left, by name
-- in: rows int
-- out: id agent_id, full_name agents.full_name
SELECT a.id, a.full_name
FROM agents a
WHERE a.company_id = :company AND a.deleted_at IS NULL
ORDER BY a.full_name, a.id LIMIT :rows;
