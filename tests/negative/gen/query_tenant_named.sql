-- expect: `company_id` is of a table
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM (SELECT x.id AS company_id FROM teams x WHERE x.company_id = :company) d JOIN teams t ON t.company_id = d.company_id;
