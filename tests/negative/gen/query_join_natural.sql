-- expect: `NATURAL` does not stand in a query
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t NATURAL JOIN agents a WHERE t.company_id = :company;
