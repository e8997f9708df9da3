-- expect: `:company` is bound by the program
-- file: query
-- name: q
-- doc: A query
-- in: company company_id
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company;
