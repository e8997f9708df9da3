-- expect: `teams` needs `t.company_id = :company`
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t WHERE NOT EXISTS (SELECT 1 FROM agents a WHERE a.company_id = :company AND t.company_id = a.company_id);
