-- expect: `-- follows: x`: there is no such alias
-- file: query
-- name: q
-- doc: A query
-- unscoped: a of the company
-- follows: x its contact
-- out: line int
SELECT a.line FROM addresses a WHERE a.company_id = :company;
