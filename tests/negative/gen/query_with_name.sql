-- expect: the name `teams` is taken
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
WITH teams AS (SELECT 1 AS id) SELECT id FROM teams;
