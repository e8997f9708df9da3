-- expect: `DELETE` does not stand in a query
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
WITH x AS (SELECT 1 AS id) DELETE FROM teams;
