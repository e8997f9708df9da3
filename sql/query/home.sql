-- What the start page shows beside lists and reports.

-- name: home_counts
-- doc: How many contacts the caller sees (counted up to 100,000), and how many open tasks it has, also late ones
-- in: moment instant
-- out: contacts int, tasks_open int, tasks_late int
SELECT
  (SELECT COUNT(*) FROM (SELECT c.id FROM contacts c WHERE c.company_id = :company AND :access(c) LIMIT 100001) counted),
  (SELECT COUNT(*) FROM tasks t WHERE t.company_id = :company AND :access(t) AND t.assignee_id = :me AND t.status = 'open'),
  (SELECT COUNT(*) FROM tasks l WHERE l.company_id = :company AND :access(l) AND l.assignee_id = :me AND l.status = 'open'
    AND l.due_at < :moment);
