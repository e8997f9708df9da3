-- expect: needs `-- out:`
-- file: query
-- name: q
-- doc: A query
SELECT t.id FROM teams t WHERE t.company_id = :company;
