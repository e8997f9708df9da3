-- expect: `SELECT *` changes with the table
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company AND EXISTS (SELECT * FROM agents a WHERE a.company_id = t.company_id);
