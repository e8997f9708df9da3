-- name: contact_summary
-- doc: A contact in a line
-- in: contact contact_id
-- out: open_deals int, open_tasks int, last_activity_at instant
SELECT
  (SELECT COUNT(*) FROM deal_contacts m JOIN deals d ON d.company_id = m.company_id AND d.id = m.deal_id
   WHERE m.company_id = :company AND m.contact_id = :contact AND :access(m) AND :access(d) AND d.status = 'open'),
  (SELECT COUNT(*) FROM tasks t WHERE t.company_id = :company AND t.contact_id = :contact AND :access(t) AND t.status = 'open'),
  (SELECT MAX(v.occurred_at) FROM activities v WHERE v.company_id = :company AND v.contact_id = :contact AND :access(v));
