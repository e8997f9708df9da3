-- expect: takes `name type [null], ...`
-- file: query
-- name: q
-- doc: A query
-- out: id uuid not null
SELECT t.id FROM teams t WHERE t.company_id = :company;
