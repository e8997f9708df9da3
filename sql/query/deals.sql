-- What deals.c, deal_contacts.c and board.c ask beyond single rows.

-- name: contacts_of_deal
-- doc: The people of a deal, as its document names them
-- in: deal deal_id
-- out: id deal_contact_id, contact_id contact_id
-- unscoped: m the deal was locked at the caller's scope, or the program keeps its document
SELECT m.id, m.contact_id FROM deal_contacts m
WHERE m.company_id = :company AND m.deal_id = :deal ORDER BY m.created_at, m.id;

-- name: deals_of_contact
-- doc: The deals in which a contact takes part, or that it buys: those that changed last
-- in: contact contact_id
-- out: id deal_id
SELECT d.id
FROM (SELECT dc.deal_id AS id FROM deal_contacts dc WHERE dc.company_id = :company AND dc.contact_id = :contact AND :access(dc)
  UNION SELECT od.id FROM deals od WHERE od.company_id = :company AND od.organisation_id = :contact AND :access(od)) theirs
JOIN deals d ON d.company_id = :company AND d.id = theirs.id AND :access(d)
ORDER BY d.updated_at DESC, d.id DESC LIMIT 101;

-- name: board_columns
-- doc: How many deals are in each stage of a pipeline, and what they are worth; several currencies are no sum
-- in: pipeline pipeline_id, owner agent_id null
-- out: stage_id stage_id, count int, amount money
SELECT d.stage_id, COUNT(*), IF(COUNT(DISTINCT d.amount_currency) > 1, NULL, SUM(d.amount)), MAX(d.amount_currency) FROM deals d
WHERE d.company_id = :company AND :access(d) AND (:owner IS NULL OR d.owner_id = :owner)
  AND d.stage_id IN (SELECT s.id FROM stages s WHERE s.company_id = :company AND s.pipeline_id = :pipeline)
GROUP BY d.stage_id;

-- name: board_deals
-- doc: The deals of a stage that changed last; the server would walk all deals by time, hoping to meet enough of the stage
-- in: stage stage_id, owner agent_id null
-- out: id deal_id, title deals.title, stage_id stage_id, status deals.status, amount money, owner_id agent_id, owner_name text,
--   organisation_id contact_id, organisation_name text, expected_close_on day, closed_on day
SELECT d.id, d.title, d.stage_id, d.status, d.amount, d.amount_currency, d.owner_id, a.full_name, o.id, o.full_name, d.expected_close_on, d.closed_on
FROM deals d FORCE INDEX (deals_by_stage)
LEFT JOIN agents a ON a.company_id = d.company_id AND a.id = d.owner_id
LEFT JOIN contacts o ON o.company_id = d.company_id AND o.id = d.organisation_id AND :access(o)
WHERE d.company_id = :company AND :access(d) AND d.stage_id = :stage AND (:owner IS NULL OR d.owner_id = :owner)
ORDER BY d.updated_at DESC, d.id DESC LIMIT 31;

-- name: board_found
-- doc: Those of some deals that are in a pipeline, those that changed last first
-- in: pipeline pipeline_id, owner agent_id null, ids json
-- out: id deal_id, title deals.title, stage_id stage_id, status deals.status, amount money, owner_id agent_id, owner_name text,
--   organisation_id contact_id, organisation_name text, expected_close_on day, closed_on day
SELECT d.id, d.title, d.stage_id, d.status, d.amount, d.amount_currency, d.owner_id, a.full_name, o.id, o.full_name, d.expected_close_on, d.closed_on
FROM JSON_TABLE(:ids, '$[*]' COLUMNS (x VARCHAR(36) CHARACTER SET ascii PATH '$')) j
STRAIGHT_JOIN deals d ON d.company_id = :company AND d.id = CAST(j.x AS UUID)
LEFT JOIN agents a ON a.company_id = d.company_id AND a.id = d.owner_id
LEFT JOIN contacts o ON o.company_id = d.company_id AND o.id = d.organisation_id AND :access(o)
WHERE d.company_id = :company AND :access(d) AND d.pipeline_id = :pipeline AND (:owner IS NULL OR d.owner_id = :owner)
ORDER BY d.updated_at DESC, d.id DESC;

-- name: pipeline_to_show
-- doc: A pipeline by its id, or the first
-- in: pipeline pipeline_id null
-- out: id pipeline_id, name pipelines.name
SELECT p.id, p.name FROM pipelines p
WHERE p.company_id = :company AND p.deleted_at IS NULL AND (:pipeline IS NULL OR p.id = :pipeline)
ORDER BY p.position, p.id LIMIT 1;
