-- expect: a join by comma
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t JOIN deals d ON d.id = t.id, agents a WHERE t.company_id = :company;
