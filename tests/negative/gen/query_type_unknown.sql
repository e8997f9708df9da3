-- expect: unknown type
-- file: query
-- name: q
-- doc: A query
-- out: id team
SELECT t.id FROM teams t WHERE t.company_id = :company;
