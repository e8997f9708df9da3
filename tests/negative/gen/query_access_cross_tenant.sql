-- expect: `deals` needs `:access(d)`
-- file: query
-- name: q
-- doc: A query
-- cross_tenant: a job
-- out: id uuid
SELECT d.id FROM deals d;
