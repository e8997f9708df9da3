-- expect: the alias `t` stands twice
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company AND EXISTS (SELECT 1 FROM teams t WHERE t.name = 'x');
