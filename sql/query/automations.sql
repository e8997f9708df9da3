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

-- name: automations_on_held
-- doc: On what the automations of the company start, as it is now; held until the end of the transaction
-- out: object automations.object, starts json, steps json
SELECT a.object, v.starts, v.steps
FROM automations a
  JOIN automation_versions v ON v.company_id = a.company_id AND v.id = a.version_id
WHERE a.company_id = :company AND a.state = 'on' AND a.deleted_at IS NULL
ORDER BY a.id FOR UPDATE;

-- name: company_triggers
-- doc: On which changes automations of the company are to be looked at
-- out: triggers int
SELECT c.triggers FROM companies c WHERE c.company_id = :company AND c.id = :company;

-- name: automation_version_of
-- doc: The version of an automation with which a run was started
-- in: version automation_version_id
-- out: automation_id automation_id, object automations.object, starts json, conditions json, steps json
SELECT a.id, a.object, v.starts, v.conditions, v.steps
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
-- doc: How many runs of automations were started since a time
-- in: since instant
-- out: count int
-- unscoped: r a limit counts whoever's runs
SELECT COUNT(*) FROM workflow_runs r WHERE r.company_id = :company AND r.automated_at > :since;

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
