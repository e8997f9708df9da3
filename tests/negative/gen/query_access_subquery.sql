-- expect: `contacts` needs `:access(c)`
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company AND EXISTS (SELECT 1 FROM contacts c WHERE c.company_id = t.company_id);
