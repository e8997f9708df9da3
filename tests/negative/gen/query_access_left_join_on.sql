-- expect: `deals` needs `:access(d)`
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT d.id FROM deals d LEFT JOIN teams t ON t.company_id = d.company_id AND :access(d) WHERE d.company_id = :company;
