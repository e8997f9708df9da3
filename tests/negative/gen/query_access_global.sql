-- expect: no table of a company has this alias
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT c.id FROM companies c WHERE :access(c);
