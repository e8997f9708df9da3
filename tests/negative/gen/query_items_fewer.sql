-- expect: the select list has 1 columns, `-- out:` 2
-- file: query
-- name: q
-- doc: A query
-- out: id uuid, name text
SELECT MAX(t.name, t.id) FROM teams t WHERE t.company_id = :company;
