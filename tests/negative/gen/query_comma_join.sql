-- expect: a join by comma
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t, agents a WHERE t.company_id = :company;
