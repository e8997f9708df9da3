-- What happened with a contact or a deal, newest first. Each kind is read by its own index, no further than the page needs, and seen
-- by whoever may see its rows; `at` and `id` are where the last page ended. A change has no id of its own: one is made of its version.
-- Which changes were made to a row is seen by whoever sees the row, which the module asks first. What is shown of the log stays when the
-- rest of it is trimmed (`history` in sql/schema/changes.sql).

-- name: timeline_of_contact
-- doc: Notes, activities, tasks, deals and changes of a contact, and what was merged into it, newest first
-- in: contact contact_id, at instant null, id uuid null, rows int
-- out: kind text, id uuid, at instant, title text, body text, activity_kind text, status text, change text, fields json, agent_id agent_id,
--   agent_name text, updated_at instant null
-- follows: g a change comes with the contact, which is asked first
-- unscoped: m what was merged into a contact is told with it
-- follows: m a merge changes the contact that stays, and so does its undoing
-- follows: h that one was deleted was written with the merge
WITH notes_of AS (
  SELECT n.id, n.created_at AS at, n.body, n.author_id AS agent_id, n.updated_at FROM notes n
  WHERE n.company_id = :company AND n.contact_id = :contact AND :access(n)
    AND (:at IS NULL OR n.created_at < :at OR (n.created_at = :at AND n.id < :id))
  ORDER BY n.created_at DESC, n.id DESC LIMIT :rows
), activities_of AS (
  SELECT v.id, v.occurred_at AS at, v.summary AS title, v.body, v.kind AS activity_kind, v.agent_id, v.updated_at FROM activities v
  WHERE v.company_id = :company AND v.contact_id = :contact AND :access(v)
    AND (:at IS NULL OR v.occurred_at < :at OR (v.occurred_at = :at AND v.id < :id))
  ORDER BY v.occurred_at DESC, v.id DESC LIMIT :rows
), tasks_of AS (
  SELECT t.id, COALESCE(t.done_at, t.created_at) AS at, t.title, t.description AS body, t.status, t.assignee_id AS agent_id FROM tasks t
  WHERE t.company_id = :company AND t.contact_id = :contact AND :access(t)
    AND (:at IS NULL OR COALESCE(t.done_at, t.created_at) < :at OR (COALESCE(t.done_at, t.created_at) = :at AND t.id < :id))
  ORDER BY COALESCE(t.done_at, t.created_at) DESC, t.id DESC LIMIT :rows
), deals_of AS (
  SELECT d.id, d.created_at AS at, d.title, d.status, d.owner_id AS agent_id
  FROM (SELECT dc.deal_id AS id FROM deal_contacts dc WHERE dc.company_id = :company AND dc.contact_id = :contact AND :access(dc)
    UNION SELECT od.id FROM deals od WHERE od.company_id = :company AND od.organisation_id = :contact AND :access(od)) theirs
  JOIN deals d ON d.company_id = :company AND d.id = theirs.id AND :access(d)
  WHERE :at IS NULL OR d.created_at < :at OR (d.created_at = :at AND d.id < :id)
  ORDER BY d.created_at DESC, d.id DESC LIMIT :rows
), changes_of AS (
  SELECT CAST(CONCAT(LPAD(LOWER(HEX(g.version)), 8, '0'), '-0000-7', LPAD(LOWER(HEX(g.n & 4095)), 3, '0'), '-8000-000000000000') AS UUID) AS id,
    g.created_at AS at, g.kind AS change_kind, g.fields, g.agent_id
  FROM changes g
  WHERE g.company_id = :company AND g.object = 'contacts' AND g.row_id = :contact
    AND g.history AND (:at IS NULL OR g.created_at <= :at)
), newest_changes AS (
  SELECT c.id, c.at, c.change_kind, c.fields, c.agent_id FROM changes_of c
  WHERE :at IS NULL OR c.at < :at OR (c.at = :at AND c.id < :id)
  ORDER BY c.at DESC, c.id DESC LIMIT :rows
), merges_of AS (
  SELECT m.id, m.deleted_at AS at, m.full_name AS title, h.agent_id
  FROM contacts m LEFT JOIN changes h ON h.company_id = m.company_id AND h.object = 'contacts' AND h.row_id = m.id
    AND h.kind = 'deleted' AND h.created_at = m.deleted_at
  WHERE m.company_id = :company AND m.merged_into_id = :contact AND m.deleted_at IS NOT NULL
    AND (:at IS NULL OR m.deleted_at < :at OR (m.deleted_at = :at AND m.id < :id))
  ORDER BY m.deleted_at DESC, m.id DESC LIMIT :rows
)
SELECT 'note', x1.id, x1.at, NULL, x1.body, NULL, NULL, NULL, NULL, x1.agent_id, a1.full_name, x1.updated_at
FROM notes_of x1 LEFT JOIN agents a1 ON a1.company_id = :company AND a1.id = x1.agent_id
UNION ALL
SELECT 'activity', x2.id, x2.at, x2.title, x2.body, x2.activity_kind, NULL, NULL, NULL, x2.agent_id, a2.full_name, x2.updated_at
FROM activities_of x2 LEFT JOIN agents a2 ON a2.company_id = :company AND a2.id = x2.agent_id
UNION ALL
SELECT 'task', x3.id, x3.at, x3.title, x3.body, NULL, x3.status, NULL, NULL, x3.agent_id, a3.full_name, NULL
FROM tasks_of x3 LEFT JOIN agents a3 ON a3.company_id = :company AND a3.id = x3.agent_id
UNION ALL
SELECT 'deal', x4.id, x4.at, x4.title, NULL, NULL, x4.status, NULL, NULL, x4.agent_id, a4.full_name, NULL
FROM deals_of x4 LEFT JOIN agents a4 ON a4.company_id = :company AND a4.id = x4.agent_id
UNION ALL
SELECT 'change', x5.id, x5.at, NULL, NULL, NULL, NULL, x5.change_kind, x5.fields, x5.agent_id, a5.full_name, NULL
FROM newest_changes x5 LEFT JOIN agents a5 ON a5.company_id = :company AND a5.id = x5.agent_id
UNION ALL
SELECT 'change', x6.id, x6.at, x6.title, NULL, NULL, NULL, 'merged', NULL, x6.agent_id, a6.full_name, NULL
FROM merges_of x6 LEFT JOIN agents a6 ON a6.company_id = :company AND a6.id = x6.agent_id
ORDER BY 3 DESC, 2 DESC LIMIT :rows;

-- name: timeline_of_deal
-- doc: Notes, activities, tasks and changes of a deal, newest first
-- in: deal deal_id, at instant null, id uuid null, rows int
-- out: kind text, id uuid, at instant, title text, body text, activity_kind text, status text, change text, fields json, agent_id agent_id,
--   agent_name text, updated_at instant null
-- follows: g a change comes with the deal, which is asked first
WITH notes_of AS (
  SELECT n.id, n.created_at AS at, n.body, n.author_id AS agent_id, n.updated_at FROM notes n
  WHERE n.company_id = :company AND n.deal_id = :deal AND :access(n)
    AND (:at IS NULL OR n.created_at < :at OR (n.created_at = :at AND n.id < :id))
  ORDER BY n.created_at DESC, n.id DESC LIMIT :rows
), activities_of AS (
  SELECT v.id, v.occurred_at AS at, v.summary AS title, v.body, v.kind AS activity_kind, v.agent_id, v.updated_at FROM activities v
  WHERE v.company_id = :company AND v.deal_id = :deal AND :access(v)
    AND (:at IS NULL OR v.occurred_at < :at OR (v.occurred_at = :at AND v.id < :id))
  ORDER BY v.occurred_at DESC, v.id DESC LIMIT :rows
), tasks_of AS (
  SELECT t.id, COALESCE(t.done_at, t.created_at) AS at, t.title, t.description AS body, t.status, t.assignee_id AS agent_id FROM tasks t
  WHERE t.company_id = :company AND t.deal_id = :deal AND :access(t)
    AND (:at IS NULL OR COALESCE(t.done_at, t.created_at) < :at OR (COALESCE(t.done_at, t.created_at) = :at AND t.id < :id))
  ORDER BY COALESCE(t.done_at, t.created_at) DESC, t.id DESC LIMIT :rows
), changes_of AS (
  SELECT CAST(CONCAT(LPAD(LOWER(HEX(g.version)), 8, '0'), '-0000-7', LPAD(LOWER(HEX(g.n & 4095)), 3, '0'), '-8000-000000000000') AS UUID) AS id,
    g.created_at AS at, g.kind AS change_kind, g.fields, g.agent_id
  FROM changes g
  WHERE g.company_id = :company AND g.object = 'deals' AND g.row_id = :deal
    AND g.history AND (:at IS NULL OR g.created_at <= :at)
), newest_changes AS (
  SELECT c.id, c.at, c.change_kind, c.fields, c.agent_id FROM changes_of c
  WHERE :at IS NULL OR c.at < :at OR (c.at = :at AND c.id < :id)
  ORDER BY c.at DESC, c.id DESC LIMIT :rows
)
SELECT 'note', x1.id, x1.at, NULL, x1.body, NULL, NULL, NULL, NULL, x1.agent_id, a1.full_name, x1.updated_at
FROM notes_of x1 LEFT JOIN agents a1 ON a1.company_id = :company AND a1.id = x1.agent_id
UNION ALL
SELECT 'activity', x2.id, x2.at, x2.title, x2.body, x2.activity_kind, NULL, NULL, NULL, x2.agent_id, a2.full_name, x2.updated_at
FROM activities_of x2 LEFT JOIN agents a2 ON a2.company_id = :company AND a2.id = x2.agent_id
UNION ALL
SELECT 'task', x3.id, x3.at, x3.title, x3.body, NULL, x3.status, NULL, NULL, x3.agent_id, a3.full_name, NULL
FROM tasks_of x3 LEFT JOIN agents a3 ON a3.company_id = :company AND a3.id = x3.agent_id
UNION ALL
SELECT 'change', x5.id, x5.at, NULL, NULL, NULL, NULL, x5.change_kind, x5.fields, x5.agent_id, a5.full_name, NULL
FROM newest_changes x5 LEFT JOIN agents a5 ON a5.company_id = :company AND a5.id = x5.agent_id
ORDER BY 3 DESC, 2 DESC LIMIT :rows;

-- name: timeline_place
-- doc: When something of a contact or a deal happened, as its history tells it
-- in: event uuid, contact contact_id null, deal deal_id null
-- out: at instant
SELECT n.created_at FROM notes n
WHERE n.company_id = :company AND n.id = :event AND (n.contact_id = :contact OR n.deal_id = :deal) AND :access(n)
UNION ALL
SELECT v.occurred_at FROM activities v
WHERE v.company_id = :company AND v.id = :event AND (v.contact_id = :contact OR v.deal_id = :deal) AND :access(v)
UNION ALL
SELECT COALESCE(t.done_at, t.created_at) FROM tasks t
WHERE t.company_id = :company AND t.id = :event AND (t.contact_id = :contact OR t.deal_id = :deal) AND :access(t);
