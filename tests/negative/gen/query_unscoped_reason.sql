-- expect: takes an alias and a reason
-- file: query
-- name: q
-- doc: A query
-- unscoped: t
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company;
