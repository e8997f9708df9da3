-- expect: a bool is not null
-- file: query
-- name: q
-- doc: A query
-- in: a bool null
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company AND t.name = :a;
