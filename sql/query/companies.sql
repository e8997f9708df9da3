-- name: my_company
-- doc: The caller's company, as everybody in it sees it
-- out: id company_id, name text, currency text, time_zone text
SELECT c.id, c.name, c.currency, c.time_zone
FROM companies c
WHERE c.company_id = :company AND c.id = :company;
