-- expect: a comment that the server would execute
-- file: query
-- name: q
-- doc: A query
-- out: id uuid
SELECT t.id FROM teams t WHERE t.company_id = :company /*! OR 1 */;
