-- expect: `RIGHT` does not stand in a query
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t RIGHT JOIN agents a ON a.company_id = :company;
