-- expect: `deals` needs `:access(d)`
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT d.id FROM deals d WHERE d.company_id = :company AND :there(d);
