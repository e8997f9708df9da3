-- expect: `company_id` is of a table
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
WITH d (company_id) AS (SELECT x.id FROM teams x WHERE x.company_id = :company)
SELECT t.id FROM d JOIN teams t ON t.company_id = d.company_id;
