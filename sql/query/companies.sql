-- name: my_company
-- doc: The caller's company, as everybody in it sees it
-- out: id company_id, name companies.name, currency companies.currency, time_zone companies.time_zone
SELECT c.id, c.name, c.currency, c.time_zone
FROM companies c
WHERE c.company_id = :company AND c.id = :company;
