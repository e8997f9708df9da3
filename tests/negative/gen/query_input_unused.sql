-- expect: the input `since` is not used
-- file: query
-- name: q
-- doc: A query
-- in: since day
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company;
