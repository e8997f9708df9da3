-- expect: the select list has 2 columns, `-- out:` 1
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
WITH x AS (SELECT t.id FROM teams t WHERE t.company_id = :company) SELECT x.id, 1 FROM x;
