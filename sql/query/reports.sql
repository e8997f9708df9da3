-- Counts and sums of deals. A sum over several currencies is no sum: the amount is null then, and `currency` asks for one of them.
-- `closed` 1 asks for closed
-- deals alone. A deal counts on the day on which it was closed; while it is open, on the day on which it began.

-- name: deals_by_stage
-- doc: Deals by stage, in the order of the pipelines
-- in: status deals.status null, pipeline pipeline_id null, currency text null, since day null, before day null, closed int
-- out: key text, name text, count int, amount money
SELECT d.stage_id, MIN(s.name), COUNT(*), IF(COUNT(DISTINCT d.amount_currency) > 1, NULL, SUM(d.amount)), MAX(d.amount_currency)
FROM deals d
JOIN stages s ON s.company_id = d.company_id AND s.id = d.stage_id
JOIN pipelines p ON p.company_id = s.company_id AND p.id = s.pipeline_id
WHERE d.company_id = :company AND :access(d)
  AND (:status IS NULL OR d.status = :status) AND (:pipeline IS NULL OR d.pipeline_id = :pipeline)
  AND (:currency IS NULL OR d.amount_currency = :currency)
  AND (:since IS NULL OR COALESCE(d.closed_on, d.opened_on) >= :since) AND (:before IS NULL OR COALESCE(d.closed_on, d.opened_on) < :before)
  AND (:closed = 0 OR d.closed_on IS NOT NULL)
GROUP BY d.stage_id
ORDER BY MIN(p.position), MIN(p.id), MIN(s.position), d.stage_id;

-- name: deals_by_owner
-- doc: Deals by owner, the largest sum first
-- in: status deals.status null, pipeline pipeline_id null, currency text null, since day null, before day null, closed int
-- out: key text, name text, count int, amount money
SELECT d.owner_id, MIN(a.full_name), COUNT(*), IF(COUNT(DISTINCT d.amount_currency) > 1, NULL, SUM(d.amount)), MAX(d.amount_currency)
FROM deals d
LEFT JOIN agents a ON a.company_id = d.company_id AND a.id = d.owner_id
WHERE d.company_id = :company AND :access(d)
  AND (:status IS NULL OR d.status = :status) AND (:pipeline IS NULL OR d.pipeline_id = :pipeline)
  AND (:currency IS NULL OR d.amount_currency = :currency)
  AND (:since IS NULL OR COALESCE(d.closed_on, d.opened_on) >= :since) AND (:before IS NULL OR COALESCE(d.closed_on, d.opened_on) < :before)
  AND (:closed = 0 OR d.closed_on IS NOT NULL)
GROUP BY d.owner_id
ORDER BY 4 DESC, 3 DESC, 1;

-- name: deals_by_team
-- doc: Deals by team, the largest sum first
-- in: status deals.status null, pipeline pipeline_id null, currency text null, since day null, before day null, closed int
-- out: key text, name text, count int, amount money
SELECT d.team_id, MIN(t.name), COUNT(*), IF(COUNT(DISTINCT d.amount_currency) > 1, NULL, SUM(d.amount)), MAX(d.amount_currency)
FROM deals d
LEFT JOIN teams t ON t.company_id = d.company_id AND t.id = d.team_id
WHERE d.company_id = :company AND :access(d)
  AND (:status IS NULL OR d.status = :status) AND (:pipeline IS NULL OR d.pipeline_id = :pipeline)
  AND (:currency IS NULL OR d.amount_currency = :currency)
  AND (:since IS NULL OR COALESCE(d.closed_on, d.opened_on) >= :since) AND (:before IS NULL OR COALESCE(d.closed_on, d.opened_on) < :before)
  AND (:closed = 0 OR d.closed_on IS NOT NULL)
GROUP BY d.team_id
ORDER BY 4 DESC, 3 DESC, 1;

-- name: deals_by_quarter
-- doc: Closed deals by the quarter in which they were closed
-- in: status deals.status null, pipeline pipeline_id null, currency text null, since day null, before day null, closed int
-- out: key text, name text, count int, amount money
SELECT CONCAT(YEAR(d.closed_on), '-Q', QUARTER(d.closed_on)), CONCAT(YEAR(d.closed_on), '-Q', QUARTER(d.closed_on)), COUNT(*), IF(COUNT(DISTINCT d.amount_currency) > 1, NULL, SUM(d.amount)), MAX(d.amount_currency)
FROM deals d
WHERE d.company_id = :company AND :access(d)
  AND (:status IS NULL OR d.status = :status) AND (:pipeline IS NULL OR d.pipeline_id = :pipeline)
  AND (:currency IS NULL OR d.amount_currency = :currency)
  AND (:since IS NULL OR d.closed_on >= :since) AND (:before IS NULL OR d.closed_on < :before)
  AND (:closed = 0 OR d.closed_on IS NOT NULL)
GROUP BY CONCAT(YEAR(d.closed_on), '-Q', QUARTER(d.closed_on))
ORDER BY 1;

-- name: deals_by_all
-- doc: All deals in one sum
-- in: status deals.status null, pipeline pipeline_id null, currency text null, since day null, before day null, closed int
-- out: key text, name text, count int, amount money
SELECT NULL, NULL, COUNT(*), IF(COUNT(DISTINCT d.amount_currency) > 1, NULL, SUM(d.amount)), MAX(d.amount_currency)
FROM deals d
WHERE d.company_id = :company AND :access(d)
  AND (:status IS NULL OR d.status = :status) AND (:pipeline IS NULL OR d.pipeline_id = :pipeline)
  AND (:currency IS NULL OR d.amount_currency = :currency)
  AND (:since IS NULL OR COALESCE(d.closed_on, d.opened_on) >= :since) AND (:before IS NULL OR COALESCE(d.closed_on, d.opened_on) < :before)
  AND (:closed = 0 OR d.closed_on IS NOT NULL);
