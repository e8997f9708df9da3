-- expect: the select list has 2 columns, `-- out:` 1
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id, t.name FROM teams t WHERE t.company_id = :company;
