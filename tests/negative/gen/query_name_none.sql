-- expect: needs `-- name:` before it
-- file: query
SELECT t.id FROM teams t WHERE t.company_id = :company;
