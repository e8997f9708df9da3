-- expect: the select list has 1 columns, `-- out:` 2
-- file: query
-- name: q
-- doc: A query
-- out: amount money
SELECT SUM(d.amount) FROM deals d WHERE d.company_id = :company AND :access(d);
