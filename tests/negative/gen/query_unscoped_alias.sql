-- expect: there is no such alias
-- file: query
-- name: q
-- doc: A query
-- unscoped: d a reason
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company;
