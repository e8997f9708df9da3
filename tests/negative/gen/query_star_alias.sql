-- expect: `SELECT *` changes with the table
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.* FROM teams t WHERE t.company_id = :company;
