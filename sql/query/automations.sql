-- What a company has done by itself: modules/automation*.c.

-- name: automations_on
-- doc: The automations that start runs by what changes
-- out: id automation_id, version_id automation_version_id, agent_id agent_id, key_id uuid, object automations.object,
--   starts json, conditions json, refused_at instant
SELECT a.id, a.version_id, a.agent_id, a.key_id, a.object, v.starts, v.conditions, a.refused_at
FROM automations a
  JOIN automation_versions v ON v.company_id = a.company_id AND v.id = a.version_id
WHERE a.company_id = :company AND a.state = 'on' AND a.deleted_at IS NULL
ORDER BY a.id;

-- name: automations_by_hand
-- doc: The automations for a sort of record that are on, and that somebody may start by hand
-- in: object automations.object
-- out: id automation_id, name automations.name, starts json, conditions json
-- follows: v a version is never changed
SELECT a.id, a.name, v.starts, v.conditions
FROM automations a
  JOIN automation_versions v ON v.company_id = a.company_id AND v.id = a.version_id
WHERE a.company_id = :company AND a.state = 'on' AND a.object = :object AND a.deleted_at IS NULL
  AND JSON_VALUE(v.starts, '$.on') = 'manual'
ORDER BY a.name, a.id;

-- name: automations_on_held
-- doc: On what the automations of the company start, as it is now; held until the end of the transaction
-- out: object automations.object, starts json
SELECT a.object, v.starts
FROM automations a
  JOIN automation_versions v ON v.company_id = a.company_id AND v.id = a.version_id
WHERE a.company_id = :company AND a.state = 'on' AND a.deleted_at IS NULL
ORDER BY a.id FOR UPDATE;

-- name: company_triggers
-- doc: On which changes automations of the company are to be looked at
-- out: triggers int
SELECT c.triggers FROM companies c WHERE c.company_id = :company AND c.id = :company;

-- name: company_triggers_held
-- doc: The same as it is now, held for others that only look
-- out: triggers int
SELECT c.triggers FROM companies c WHERE c.company_id = :company AND c.id = :company LOCK IN SHARE MODE;

-- name: company_awaited
-- doc: Whether some run of an automation waits for a change of its record
-- out: runs int
-- unscoped: r whoever's runs
SELECT EXISTS (SELECT 1
  FROM automations a JOIN workflow_runs r ON r.company_id = a.company_id AND r.automation_id = a.id
  WHERE a.company_id = :company AND r.company_id = :company AND r.state IN ('waiting', 'running', 'paused') AND r.awaits = 'changed');

-- name: companies_waited
-- doc: Companies of which it is said that some run waits for a change, and none does
-- in: moment instant
-- out: company_id company_id, id uuid
-- cross_tenant: cleaning serves all companies
SELECT c.company_id, c.id
FROM companies c
WHERE c.triggers >= 256 AND c.created_at <= :moment
  AND NOT EXISTS (SELECT 1
    FROM automations a JOIN workflow_runs r ON r.company_id = a.company_id AND r.automation_id = a.id
    WHERE a.company_id = c.company_id AND r.state IN ('waiting', 'running', 'paused') AND r.awaits = 'changed')
ORDER BY c.company_id LIMIT 500;

-- name: automation_version_of
-- doc: The version of an automation with which a run was started
-- in: version automation_version_id
-- out: automation_id automation_id, name automations.name, number automation_versions.number, object automations.object,
--   starts json, conditions json, steps json
-- follows: v a version is never changed
SELECT a.id, a.name, v.number, a.object, v.starts, v.conditions, v.steps
FROM automation_versions v
  JOIN automations a ON a.company_id = v.company_id AND a.id = v.automation_id
WHERE v.company_id = :company AND v.id = :version AND a.deleted_at IS NULL;

-- name: automation_runs_of_record
-- doc: How many runs of an automation were started for a record since a time
-- in: automation automation_id, subject uuid, since instant
-- out: count int
-- unscoped: r a limit counts whoever's runs
SELECT COUNT(*)
FROM workflow_runs r
WHERE r.company_id = :company AND r.subject_id = :subject AND r.automation_id = :automation AND r.created_at > :since;

-- name: automation_runs_of_company
-- doc: How many runs of automations were started since a time, and of how many the beginning was sent by a stranger
-- in: since instant
-- out: count int, by_strangers int
-- unscoped: r a limit counts whoever's runs
SELECT COUNT(*), COUNT(IF(r.by_stranger, 1, NULL)) FROM workflow_runs r WHERE r.company_id = :company AND r.automated_at > :since;

-- name: automation_agents
-- doc: To whom work can be given, of a team or of a list, and how much each has
-- in: team uuid null, agents text
-- out: agent_id agent_id, deals int, tasks int
-- unscoped: d counted only
-- unscoped: t counted only
-- unscoped: m who is in a team, for the one who set it up
SELECT a.id,
  (SELECT COUNT(*) FROM deals d WHERE d.company_id = :company AND d.owner_id = a.id AND d.status = 'open' AND d.deleted_at IS NULL),
  (SELECT COUNT(*) FROM tasks t WHERE t.company_id = :company AND t.assignee_id = a.id AND t.status = 'open' AND t.deleted_at IS NULL)
FROM agents a
WHERE a.company_id = :company AND a.status = 'active' AND a.deleted_at IS NULL
  AND (FIND_IN_SET(a.id, :agents) > 0
    OR EXISTS (SELECT 1 FROM team_agents m WHERE m.company_id = :company AND m.team_id = :team AND m.agent_id = a.id))
ORDER BY a.id;

-- name: automation_dated
-- doc: An automation that starts at dates, as it is now
-- in: automation automation_id
-- out: version_id automation_version_id, agent_id agent_id, key_id uuid, object automations.object, starts json, conditions json,
--   refused_at instant
SELECT a.version_id, a.agent_id, a.key_id, a.object, v.starts, v.conditions, a.refused_at
FROM automations a
  JOIN automation_versions v ON v.company_id = a.company_id AND v.id = a.version_id
WHERE a.company_id = :company AND a.id = :automation AND a.state = 'on' AND a.deleted_at IS NULL;

-- name: automation_dates_run
-- doc: The run that looks for dates of an automation, held until the end of the transaction: it neither looks nor falls asleep meanwhile
-- in: automation uuid
-- out: id workflow_run_id, wake_at instant
-- unscoped: r it is the program's own
SELECT r.id, r.wake_at
FROM workflow_runs r
WHERE r.company_id = :company AND r.subject_id = :automation AND r.workflow = 'automation_dates'
  AND r.state IN ('waiting', 'running', 'paused')
FOR UPDATE;

-- The rows whose date comes next. What is being written at this moment is waited for (FOR UPDATE), so no date is passed by.

-- name: dates_contacts_created_at
-- doc: The contacts whose created_at comes after a place in that order
-- in: after instant, last uuid
-- out: id uuid, value instant
-- unscoped: c a run sees the row as whoever turned the automation on, or fails
SELECT c.id, c.created_at
FROM contacts c
WHERE c.company_id = :company AND c.created_at >= :after AND (c.created_at > :after OR c.id > :last) AND c.deleted_at IS NULL
ORDER BY c.created_at, c.id LIMIT 21 FOR UPDATE;

-- name: dates_contacts_updated_at
-- doc: The contacts whose updated_at comes after a place in that order
-- in: after instant, last uuid
-- out: id uuid, value instant
-- unscoped: c a run sees the row as whoever turned the automation on, or fails
SELECT c.id, c.updated_at
FROM contacts c
WHERE c.company_id = :company AND c.updated_at >= :after AND (c.updated_at > :after OR c.id > :last) AND c.deleted_at IS NULL
ORDER BY c.updated_at, c.id LIMIT 21 FOR UPDATE;

-- name: dates_contacts_next_task_due_at
-- doc: The contacts whose next_task_due_at comes after a place in that order
-- in: after instant, last uuid
-- out: id uuid, value instant
-- unscoped: c a run sees the row as whoever turned the automation on, or fails
SELECT c.id, c.next_task_due_at
FROM contacts c
WHERE c.company_id = :company AND c.next_task_due_at >= :after AND (c.next_task_due_at > :after OR c.id > :last) AND c.deleted_at IS NULL
ORDER BY c.next_task_due_at, c.id LIMIT 21 FOR UPDATE;

-- name: dates_deals_created_at
-- doc: The deals whose created_at comes after a place in that order
-- in: after instant, last uuid
-- out: id uuid, value instant
-- unscoped: d a run sees the row as whoever turned the automation on, or fails
SELECT d.id, d.created_at
FROM deals d
WHERE d.company_id = :company AND d.created_at >= :after AND (d.created_at > :after OR d.id > :last) AND d.deleted_at IS NULL
ORDER BY d.created_at, d.id LIMIT 21 FOR UPDATE;

-- name: dates_deals_updated_at
-- doc: The deals whose updated_at comes after a place in that order
-- in: after instant, last uuid
-- out: id uuid, value instant
-- unscoped: d a run sees the row as whoever turned the automation on, or fails
SELECT d.id, d.updated_at
FROM deals d
WHERE d.company_id = :company AND d.updated_at >= :after AND (d.updated_at > :after OR d.id > :last) AND d.deleted_at IS NULL
ORDER BY d.updated_at, d.id LIMIT 21 FOR UPDATE;

-- name: dates_deals_expected_close_on
-- doc: The deals whose expected_close_on comes after a place in that order
-- in: after day, last uuid
-- out: id uuid, value day
-- unscoped: d a run sees the row as whoever turned the automation on, or fails
SELECT d.id, d.expected_close_on
FROM deals d
WHERE d.company_id = :company AND d.expected_close_on >= :after AND (d.expected_close_on > :after OR d.id > :last) AND d.deleted_at IS NULL
ORDER BY d.expected_close_on, d.id LIMIT 21 FOR UPDATE;

-- name: dates_deals_closed_on
-- doc: The deals whose closed_on comes after a place in that order
-- in: after day, last uuid
-- out: id uuid, value day
-- unscoped: d a run sees the row as whoever turned the automation on, or fails
SELECT d.id, d.closed_on
FROM deals d
WHERE d.company_id = :company AND d.closed_on >= :after AND (d.closed_on > :after OR d.id > :last) AND d.deleted_at IS NULL
ORDER BY d.closed_on, d.id LIMIT 21 FOR UPDATE;

-- name: dates_contacts_birthday
-- doc: The contacts whose birthday comes after a place in the order of the year, month and day as one number
-- in: after int, last uuid
-- out: id uuid, value int
-- unscoped: c a run sees the row as whoever turned the automation on, or fails
SELECT c.id, c.birthday_in_year
FROM contacts c
WHERE c.company_id = :company AND c.birthday_in_year >= :after AND (c.birthday_in_year > :after OR c.id > :last) AND c.deleted_at IS NULL
ORDER BY c.birthday_in_year, c.id LIMIT 21 FOR UPDATE;

-- name: dates_tasks_updated_at
-- doc: The tasks whose updated_at comes after a place in that order
-- in: after instant, last uuid
-- out: id uuid, value instant
-- unscoped: t a run sees the row as whoever turned the automation on, or fails
SELECT t.id, t.updated_at
FROM tasks t
WHERE t.company_id = :company AND t.updated_at >= :after AND (t.updated_at > :after OR t.id > :last) AND t.deleted_at IS NULL
ORDER BY t.updated_at, t.id LIMIT 21 FOR UPDATE;

-- name: dates_tasks_due_at
-- doc: The tasks whose due_at comes after a place in that order
-- in: after instant, last uuid
-- out: id uuid, value instant
-- unscoped: t a run sees the row as whoever turned the automation on, or fails
SELECT t.id, t.due_at
FROM tasks t
WHERE t.company_id = :company AND t.due_at >= :after AND (t.due_at > :after OR t.id > :last) AND t.deleted_at IS NULL
ORDER BY t.due_at, t.id LIMIT 21 FOR UPDATE;

-- name: form_by_address
-- doc: The form of an address, whose maker may log in
-- in: form public_form_id
-- out: company_id company_id, id public_form_id, agent_id agent_id, thanks_url public_forms.thanks_url null
-- cross_tenant: the address is what tells the company
SELECT f.company_id, f.id, f.agent_id, f.thanks_url
FROM public_forms f
  JOIN agents a ON a.company_id = f.company_id AND a.id = f.agent_id
WHERE f.id = :form AND f.deleted_at IS NULL AND a.status = 'active' AND a.deleted_at IS NULL;

-- name: automation_overview
-- doc: On what each automation starts, and how often it ran since a time, as far as the caller sees its runs
-- in: since instant
-- out: automation_id automation_id, object automations.object, starts json, runs int, failed int, going int
SELECT a.id, a.object, a.starts,
  (SELECT COUNT(*) FROM workflow_runs r WHERE r.company_id = :company AND :access(r) AND r.automation_id = a.id AND r.created_at > :since),
  (SELECT COUNT(*) FROM workflow_runs f WHERE f.company_id = :company AND :access(f) AND f.automation_id = a.id AND f.created_at > :since
    AND f.state = 'failed'),
  (SELECT COUNT(*) FROM workflow_runs g WHERE g.company_id = :company AND :access(g) AND g.automation_id = a.id
    AND g.state IN ('waiting','running','paused'))
FROM automations a
WHERE a.company_id = :company AND a.deleted_at IS NULL
ORDER BY a.id DESC LIMIT 500;
