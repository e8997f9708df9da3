-- expect: `teams` needs `t.company_id = :company`
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT x.id FROM (SELECT t.id, t.company_id FROM teams t) x WHERE x.company_id = :company;
