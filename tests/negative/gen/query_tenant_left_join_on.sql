-- expect: `teams` needs `t.company_id = :company`
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t LEFT JOIN agents a ON a.company_id = t.company_id AND t.company_id = :company;
