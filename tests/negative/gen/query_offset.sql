-- expect: page by keyset
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company LIMIT 10 OFFSET 20;
