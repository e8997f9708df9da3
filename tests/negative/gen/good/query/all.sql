-- Notes before a name say nothing to mustergen.
-- name: deals_by_owner
-- doc: What each agent has open,
-- and more
-- in: status deals.status, since day null
-- out: owner_id agent_id null, count int, amount money
SELECT d.owner_id, COUNT(*), SUM(d.amount), MAX(d.amount_currency)
FROM deals d -- a comment with :nothing
JOIN agents a ON a.company_id = d.company_id AND a.id = d.owner_id
LEFT JOIN contacts c ON c.company_id = d.company_id AND c.owner_id = a.id AND :access(c)
WHERE :company = d.company_id AND (:access(d)) AND d.status = :status
  AND (:since IS NULL OR c.born_on > :since) AND a.email <> 'it''s; :x'
  AND EXISTS (SELECT 1 FROM (SELECT t.company_id FROM teams t WHERE t.company_id = :company) z
    WHERE z.company_id = d.company_id)
GROUP BY d.owner_id ORDER BY COUNT(*) DESC, d.owner_id LIMIT 20;

-- name: numbers
-- doc: From 1 to 3, and me
-- cross_tenant: it reads a column of the own row only
-- out: n int
WITH RECURSIVE numbers_so_far AS (SELECT 1 AS n UNION ALL SELECT f.n + 1 FROM numbers_so_far f WHERE f.n < 3)
SELECT x.n FROM numbers_so_far x CROSS JOIN agents a WHERE a.id = :me;

-- name: addresses_all
-- doc: For a job
-- unscoped: addresses the job works for the company
-- follows: addresses an address is written with its contact
-- out: line int, subject addresses.subject
SELECT line, contact_id, deal_id FROM addresses WHERE addresses.company_id = :company FOR UPDATE;

-- name: rows_read
-- doc: Rows by their id and by their owner, and what only looks like it
-- in: agent agent_id, name text
-- unscoped: m the caller's own
-- unscoped: o of one of two
-- unscoped: l none may be there
-- unscoped: x it comes with a
-- follows: x it comes with a
-- out: n int
SELECT COUNT(*) FROM agents a
JOIN contacts m ON m.company_id = a.company_id AND m.owner_id = :me
JOIN contacts o ON o.company_id = a.company_id AND (o.owner_id = :agent OR o.owner_id = :me)
LEFT JOIN contacts l ON l.company_id = a.company_id AND l.id = :agent AND o.owner_id = :me
JOIN contacts x ON x.company_id = a.company_id AND x.id = :name
WHERE a.company_id = :company AND a.id = :agent;
