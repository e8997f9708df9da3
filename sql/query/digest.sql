-- What a digest tells its reader: modules/digest.c, which asks as that agent.

-- name: agents_with_digest
-- doc: Some agents who want a digest on a day, in the order of their ids
-- in: weekly int, after agent_id null
-- out: id agent_id, email text, full_name text, digest agents.digest
SELECT a.id, a.email, a.full_name, a.digest
FROM agents a
WHERE a.company_id = :company AND a.status = 'active' AND a.deleted_at IS NULL AND a.password_hash IS NOT NULL
  AND (a.digest = 'daily' OR (:weekly = 1 AND a.digest = 'weekly')) AND (:after IS NULL OR a.id > :after)
ORDER BY a.id LIMIT 20;

-- name: digest_won
-- doc: Deals that were won on some days, the latest first
-- in: since day, before day
-- out: title text, amount money, owner text null
SELECT d.title, d.amount, d.amount_currency, a.full_name
FROM deals d
LEFT JOIN agents a ON a.company_id = d.company_id AND a.id = d.owner_id
WHERE d.company_id = :company AND :access(d) AND d.status = 'won' AND d.closed_on >= :since AND d.closed_on < :before
ORDER BY d.closed_on DESC, d.id DESC LIMIT 10;

-- name: digest_pipeline
-- doc: How many deals were won, lost, begun and moved to another stage in some days
-- in: since day, before day, from instant, until instant
-- out: won int, lost int, begun int, moved int
-- follows: h a change comes with its deal
SELECT
  (SELECT COUNT(*) FROM deals w WHERE w.company_id = :company AND :access(w) AND w.status = 'won' AND w.closed_on >= :since AND w.closed_on < :before),
  (SELECT COUNT(*) FROM deals l WHERE l.company_id = :company AND :access(l) AND l.status = 'lost' AND l.closed_on >= :since AND l.closed_on < :before),
  (SELECT COUNT(*) FROM deals b WHERE b.company_id = :company AND :access(b) AND b.created_at >= :from AND b.created_at < :until),
  (SELECT COUNT(*) FROM deals m WHERE m.company_id = :company AND :access(m) AND m.status = 'open' AND m.updated_at >= :from AND EXISTS (
     SELECT 1 FROM changes h WHERE h.company_id = :company AND h.object = 'deals' AND h.row_id = m.id AND h.kind = 'updated'
       AND h.created_at >= :from AND h.created_at < :until AND h.fields LIKE '%"stage_id"%'));

-- name: own_notices
-- doc: How often the caller is told what has happened, and how long before a task is due
-- out: digest agents.digest, minutes int
SELECT a.digest, a.remind_minutes FROM agents a WHERE a.company_id = :company AND a.id = :me;
