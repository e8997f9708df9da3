-- What contacts_merge.c asks beyond single rows. What moves is asked for whatever the caller sees: its right follows from the two contacts.

-- name: contact_merged_into
-- doc: The contact into which a deleted one was merged, when the caller sees it
-- in: contact contact_id
-- out: id contact_id
-- unscoped: m that it was merged is told to who sees the one that stays
SELECT s.id FROM contacts m JOIN contacts s ON s.company_id = m.company_id AND s.id = m.merged_into_id AND :access(s)
WHERE m.company_id = :company AND m.id = :contact AND m.deleted_at IS NOT NULL;

-- name: merge_size
-- doc: How many rows point to a contact
-- in: contact contact_id
-- out: rows int
-- unscoped: n all of it moves
-- unscoped: v all of it moves
-- unscoped: t all of it moves
-- unscoped: m all of it moves
-- unscoped: d all of it moves
-- unscoped: p all of it moves
-- unscoped: r all of it moves
SELECT (SELECT COUNT(*) FROM notes n WHERE n.company_id = :company AND n.contact_id = :contact)
  + (SELECT COUNT(*) FROM activities v WHERE v.company_id = :company AND v.contact_id = :contact)
  + (SELECT COUNT(*) FROM tasks t WHERE t.company_id = :company AND t.contact_id = :contact)
  + (SELECT COUNT(*) FROM deal_contacts m WHERE m.company_id = :company AND m.contact_id = :contact)
  + (SELECT COUNT(*) FROM deals d WHERE d.company_id = :company AND d.organisation_id = :contact)
  + (SELECT COUNT(*) FROM contacts p WHERE p.company_id = :company AND p.organisation_id = :contact)
  + (SELECT COUNT(*) FROM workflow_runs r WHERE r.company_id = :company AND r.subject_id = :contact);

-- name: merge_tags
-- doc: The marks of a contact with tags that another one has not
-- in: stays contact_id, goes contact_id
-- out: id contact_tag_id
-- unscoped: m the contact was locked at the caller's scope
-- unscoped: s the contact was locked at the caller's scope
SELECT m.id FROM contact_tags m
WHERE m.company_id = :company AND m.contact_id = :goes AND NOT EXISTS
  (SELECT 1 FROM contact_tags s WHERE s.company_id = :company AND s.contact_id = :stays AND s.tag_id = m.tag_id)
ORDER BY m.tag_id;

-- name: merge_deals
-- doc: The deals in which a contact takes part, and the part of another one in them
-- in: stays contact_id, goes contact_id
-- out: id deal_contact_id, deal_id deal_id, role deal_contacts.role, other deal_contact_id null
-- unscoped: m the contact was locked at the caller's scope
-- unscoped: s the contact was locked at the caller's scope
SELECT m.id, m.deal_id, m.role, s.id
FROM deal_contacts m LEFT JOIN deal_contacts s ON s.company_id = m.company_id AND s.deal_id = m.deal_id AND s.contact_id = :stays
WHERE m.company_id = :company AND m.contact_id = :goes ORDER BY m.deal_id;

-- name: merge_runs_twice
-- doc: The runs about a contact that are under way, of automations of which one is under way about another one
-- in: stays contact_id, goes contact_id
-- out: id workflow_run_id
-- unscoped: r the contact was locked at the caller's scope
-- unscoped: s the contact was locked at the caller's scope
SELECT r.id FROM workflow_runs r
WHERE r.company_id = :company AND r.subject_id = :goes AND r.state IN ('waiting', 'running', 'paused') AND EXISTS
  (SELECT 1 FROM workflow_runs s WHERE s.company_id = :company AND s.subject_id = :stays AND s.automation_id = r.automation_id
    AND s.state IN ('waiting', 'running', 'paused'))
ORDER BY r.id;

-- name: contact_in_words
-- doc: The names of what a contact points to
-- in: contact contact_id
-- out: owner text, team text, organisation text, source text
SELECT a.full_name, t.name, o.full_name, s.name
FROM contacts c
LEFT JOIN agents a ON a.company_id = c.company_id AND a.id = c.owner_id
LEFT JOIN teams t ON t.company_id = c.company_id AND t.id = c.team_id
LEFT JOIN contacts o ON o.company_id = c.company_id AND o.id = c.organisation_id AND :access(o)
LEFT JOIN sources s ON s.company_id = c.company_id AND s.id = c.source_id
WHERE c.company_id = :company AND c.id = :contact AND :access(c);

-- name: merge_counts
-- doc: How much of a contact would move, of what the caller sees
-- in: contact contact_id
-- out: deals int, notes int, activities int, tasks int, people int
SELECT (SELECT COUNT(*)
    FROM (SELECT m.deal_id AS id FROM deal_contacts m WHERE m.company_id = :company AND m.contact_id = :contact AND :access(m)
      UNION SELECT b.id FROM deals b WHERE b.company_id = :company AND b.organisation_id = :contact AND :access(b)) theirs
    JOIN deals d ON d.company_id = :company AND d.id = theirs.id AND :access(d)),
  (SELECT COUNT(*) FROM notes n WHERE n.company_id = :company AND n.contact_id = :contact AND :access(n)),
  (SELECT COUNT(*) FROM activities v WHERE v.company_id = :company AND v.contact_id = :contact AND :access(v)),
  (SELECT COUNT(*) FROM tasks t WHERE t.company_id = :company AND t.contact_id = :contact AND :access(t)),
  (SELECT COUNT(*) FROM contacts p WHERE p.company_id = :company AND p.organisation_id = :contact AND :access(p));
