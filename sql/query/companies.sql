-- name: my_company
-- doc: The caller's company, as everybody in it sees it
-- out: id company_id, name companies.name, currency companies.currency, time_zone companies.time_zone
SELECT c.id, c.name, c.currency, c.time_zone
FROM companies c
WHERE c.company_id = :company AND c.id = :company;

-- name: all_companies
-- doc: Every company of this installation
-- out: id company_id
-- cross_tenant: a new release brings something to each of them
SELECT c.id
FROM companies c
ORDER BY c.id;
