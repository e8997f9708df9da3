-- expect: there is no table `people`
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT p.id FROM people p;
