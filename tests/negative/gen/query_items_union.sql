-- expect: the select list has 2 columns, `-- out:` 1
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company UNION SELECT a.id, 1 FROM agents a WHERE a.company_id = :company;
