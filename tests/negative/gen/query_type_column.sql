-- expect: unknown type
-- file: query
-- name: q
-- doc: A query
-- out: id teams.nam
SELECT t.id FROM teams t WHERE t.company_id = :company;
