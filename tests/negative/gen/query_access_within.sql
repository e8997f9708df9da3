-- expect: `addresses` needs `:access(a)`
-- file: query
-- name: q
-- doc: A query
-- out: line int
SELECT a.line FROM addresses a WHERE a.company_id = :company;
