-- expect: `teams` needs `t.company_id = :company`
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM (SELECT c.id AS company_id FROM companies c) x JOIN teams t ON t.company_id = x.company_id;
