-- expect: `teams` needs `u.company_id = :company`
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company UNION SELECT u.id FROM teams u;
