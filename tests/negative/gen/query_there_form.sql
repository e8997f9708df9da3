-- expect: `:there` takes an alias
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company AND :there;
