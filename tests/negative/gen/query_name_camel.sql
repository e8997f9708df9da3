-- expect: cannot be the name of a query
-- file: query
-- name: myQuery
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company;
