-- expect: there are two `a`
-- file: query
-- name: q
-- doc: A query
-- in: a text, a int
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company AND t.name = :a;
