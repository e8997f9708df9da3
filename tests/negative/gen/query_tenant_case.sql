-- expect: `teams` needs `t.company_id = :company`
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t WHERE CASE WHEN t.name = 'x' AND t.company_id = :company THEN 1 ELSE 1 END;
