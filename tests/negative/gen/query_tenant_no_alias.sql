-- expect: `teams` needs `teams.company_id = :company`
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT id FROM teams WHERE company_id = :company;
