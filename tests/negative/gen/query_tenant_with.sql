-- expect: `teams` needs `t.company_id = :company`
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
WITH x AS (SELECT t.id FROM teams t) SELECT x.id FROM x;
