-- expect: `teams` needs `t.company_id = :company`
-- file: query
-- name: q
-- doc: A query
-- in: other company_id
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :other;
