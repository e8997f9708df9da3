-- expect: `-- cross_tenant:` needs a value
-- file: query
-- name: q
-- doc: A query
-- cross_tenant:
-- out: id uuid
SELECT t.id FROM teams t;
