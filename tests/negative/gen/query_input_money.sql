-- expect: is 2 values
-- file: query
-- name: q
-- doc: A query
-- in: a money
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company AND t.name = :a;
