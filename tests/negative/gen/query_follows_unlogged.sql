-- expect: `addresses` is not logged: `-- follows: a reason`
-- file: query
-- name: q
-- doc: A query
-- unscoped: a of the company
-- out: line int
SELECT a.line FROM addresses a WHERE a.company_id = :company;
