-- expect: `teams` needs `t.company_id = :company`
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.company_id = :company FROM teams t;
