-- Open deals with which the last thing happened within a time, and nothing since: modules/stale_deals.c. Something happens with a deal when
-- it changes, and when an activity or a note about it is there. What happened in the time is read by three ranges of indexes.

-- name: owners_of_stale_deals
-- doc: Some agents who work on such deals, in the order of their ids
-- in: from instant, until instant, after agent_id null
-- out: id agent_id, email text, full_name text
-- unscoped: u each is told of what is theirs
-- unscoped: v each is told of what is theirs
-- unscoped: n each is told of what is theirs
-- unscoped: d each is told of what is theirs
-- unscoped: w only whether there is one
-- unscoped: o only whether there is one
WITH moved AS (
  SELECT u.id FROM deals u WHERE u.company_id = :company AND u.updated_at > :from AND u.updated_at <= :until
  UNION SELECT v.deal_id FROM activities v
  WHERE v.company_id = :company AND v.deal_id IS NOT NULL AND v.deleted_at IS NULL AND v.occurred_at > :from AND v.occurred_at <= :until
  UNION SELECT n.deal_id FROM notes n
  WHERE n.company_id = :company AND n.deal_id IS NOT NULL AND n.deleted_at IS NULL AND n.created_at > :from AND n.created_at <= :until
)
SELECT DISTINCT a.id, a.email, a.full_name
FROM moved m
JOIN deals d ON d.company_id = :company AND d.id = m.id
JOIN agents a ON a.company_id = d.company_id AND a.id = d.owner_id AND a.status = 'active' AND a.deleted_at IS NULL
WHERE d.status = 'open' AND d.updated_at <= :until
  AND NOT EXISTS (SELECT 1 FROM activities w WHERE w.company_id = :company AND w.deal_id = d.id AND w.occurred_at > :until AND w.deleted_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM notes o WHERE o.company_id = :company AND o.deal_id = d.id AND o.created_at > :until AND o.deleted_at IS NULL) AND d.deleted_at IS NULL
  AND (:after IS NULL OR a.id > :after)
ORDER BY a.id LIMIT 50;

-- name: stale_deals_of_mine
-- doc: Those of the caller, what stands still for longest first
-- in: from instant, until instant
-- out: id deal_id, title text, amount money
-- unscoped: u the deals are looked up at the caller's scope
-- unscoped: v the deals are looked up at the caller's scope
-- unscoped: n the deals are looked up at the caller's scope
-- unscoped: w only whether there is one
-- unscoped: o only whether there is one
WITH moved AS (
  SELECT u.id FROM deals u WHERE u.company_id = :company AND u.updated_at > :from AND u.updated_at <= :until
  UNION SELECT v.deal_id FROM activities v
  WHERE v.company_id = :company AND v.deal_id IS NOT NULL AND v.deleted_at IS NULL AND v.occurred_at > :from AND v.occurred_at <= :until
  UNION SELECT n.deal_id FROM notes n
  WHERE n.company_id = :company AND n.deal_id IS NOT NULL AND n.deleted_at IS NULL AND n.created_at > :from AND n.created_at <= :until
)
SELECT d.id, d.title, d.amount, d.amount_currency
FROM moved m
JOIN deals d ON d.company_id = :company AND d.id = m.id AND :access(d)
WHERE d.owner_id = :me AND d.status = 'open' AND d.updated_at <= :until
  AND NOT EXISTS (SELECT 1 FROM activities w WHERE w.company_id = :company AND w.deal_id = d.id AND w.occurred_at > :until AND w.deleted_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM notes o WHERE o.company_id = :company AND o.deal_id = d.id AND o.created_at > :until AND o.deleted_at IS NULL)
ORDER BY d.updated_at, d.id LIMIT 21;
