-- expect: `for` cannot be a name
-- file: query
-- name: q
-- doc: A query
-- in: for text
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company;
