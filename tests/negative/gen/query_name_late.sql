-- expect: `-- name:` comes first
-- file: query
-- doc: A query
-- name: q
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company;
