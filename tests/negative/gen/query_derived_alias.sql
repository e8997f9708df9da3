-- expect: a subquery in FROM needs an alias
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT id FROM (SELECT t.id FROM teams t WHERE t.company_id = :company);
