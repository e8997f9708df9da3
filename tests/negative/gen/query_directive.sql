-- expect: `-- ins:` is not known
-- file: query
-- name: q
-- doc: A query
-- ins: a text
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company;
