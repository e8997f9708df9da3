-- expect: a table stands without its database
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT u.id FROM mysql.user u;
