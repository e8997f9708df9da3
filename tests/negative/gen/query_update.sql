-- expect: a query is a SELECT
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
UPDATE teams SET name = 'x';
