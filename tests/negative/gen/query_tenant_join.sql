-- expect: `agents` needs `a.company_id = :company`
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t JOIN agents a ON a.team_id = t.id WHERE t.company_id = :company;
