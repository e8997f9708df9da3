-- expect: there are two `-- name:`
-- file: query
-- name: q
-- name: r
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company;
