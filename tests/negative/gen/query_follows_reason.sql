-- expect: `-- follows:` takes an alias and a reason
-- file: query
-- name: q
-- doc: A query
-- unscoped: a of the company
-- follows: a
-- out: line int
SELECT a.line FROM addresses a WHERE a.company_id = :company;
