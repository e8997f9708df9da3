-- expect: `agents` needs `a.company_id = :company`
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company AND EXISTS (SELECT 1 FROM agents a WHERE a.team_id = t.id);
