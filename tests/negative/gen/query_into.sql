-- expect: `INTO` does not stand in a query
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id INTO OUTFILE '/tmp/x' FROM teams t WHERE t.company_id = :company;
