-- expect: a query is a SELECT
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
DELETE FROM teams;
