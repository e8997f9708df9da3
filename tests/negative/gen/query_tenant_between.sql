-- expect: `teams` needs `t.company_id = :company`
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t WHERE t.created_at BETWEEN 0 AND t.company_id = :company;
