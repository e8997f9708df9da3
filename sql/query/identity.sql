-- Who asks: the first statement of every call. It gives the role's revision and the company's version as well,
-- before any data is read, so that an answer is never newer than what it claims.

-- name: identity_by_session
-- doc: The agent behind a session's token
-- in: hash text
-- in: moment instant
-- out: company_id company_id, agent_id agent_id, credential session_id, role_id role_id, role_revision int, email text, full_name text, team_ids json, version int, triggers int, search_version int, search_progress int
-- cross_tenant: a token is what tells the company
SELECT s.company_id, s.agent_id, s.id, a.role_id, r.revision, a.email, a.full_name, a.team_ids, COALESCE(v.version, 0), c.triggers, c.search_version, c.search_progress
FROM sessions s
JOIN agents a ON a.company_id = s.company_id AND a.id = s.agent_id AND a.status = 'active' AND a.deleted_at IS NULL
JOIN roles r ON r.company_id = a.company_id AND r.id = a.role_id
JOIN companies c ON c.company_id = s.company_id AND c.id = s.company_id
LEFT JOIN version_counters v ON v.company_id = s.company_id AND v.topic = ''
WHERE s.token_hash = UNHEX(:hash) AND s.expires_at > :moment;

-- name: identity_by_key
-- doc: The agent behind an API key; the key's own role and scopes hold, as far as those of its maker reach
-- in: hash text
-- in: moment instant
-- out: company_id company_id, agent_id agent_id, credential api_key_id, role_id role_id, role_revision int, email text, full_name text, team_ids json, scopes json, maker_role role_id, maker_revision int, version int, triggers int, search_version int, search_progress int
-- cross_tenant: a key is what tells the company
SELECT k.company_id, k.agent_id, k.id, k.role_id, r.revision, a.email, a.full_name, a.team_ids, k.scopes, a.role_id, m.revision, COALESCE(v.version, 0), c.triggers, c.search_version, c.search_progress
FROM api_keys k
JOIN agents a ON a.company_id = k.company_id AND a.id = k.agent_id AND a.status = 'active' AND a.deleted_at IS NULL
JOIN roles r ON r.company_id = k.company_id AND r.id = k.role_id AND r.deleted_at IS NULL
JOIN roles m ON m.company_id = a.company_id AND m.id = a.role_id
JOIN companies c ON c.company_id = k.company_id AND c.id = k.company_id
LEFT JOIN version_counters v ON v.company_id = k.company_id AND v.topic = ''
WHERE k.key_hash = UNHEX(:hash) AND (k.expires_at IS NULL OR k.expires_at > :moment);

-- name: identity_by_agent
-- doc: An agent on whose behalf a job acts
-- in: of_company company_id
-- in: agent agent_id
-- out: company_id company_id, agent_id agent_id, role_id role_id, role_revision int, email text, full_name text, team_ids json, version int, triggers int, search_version int, search_progress int
-- cross_tenant: a job tells its company itself; it never comes from a request
SELECT a.company_id, a.id, a.role_id, r.revision, a.email, a.full_name, a.team_ids, COALESCE(v.version, 0), c.triggers, c.search_version, c.search_progress
FROM agents a
JOIN roles r ON r.company_id = a.company_id AND r.id = a.role_id
JOIN companies c ON c.company_id = a.company_id AND c.id = a.company_id
LEFT JOIN version_counters v ON v.company_id = a.company_id AND v.topic = ''
WHERE a.company_id = :of_company AND a.id = :agent AND a.status = 'active' AND a.deleted_at IS NULL;

-- name: key_of_job
-- doc: The key by which an agent started a job: the job may do no more than it, and nothing once the key is gone
-- in: key uuid
-- in: moment instant
-- out: role_id role_id, role_revision int, scopes json
-- unscoped: k the run itself names it
SELECT k.role_id, r.revision, k.scopes
FROM api_keys k
JOIN roles r ON r.company_id = k.company_id AND r.id = k.role_id AND r.deleted_at IS NULL
WHERE k.company_id = :company AND k.agent_id = :me AND k.id = :key AND (k.expires_at IS NULL OR k.expires_at > :moment);

-- name: role_grants
-- doc: What a role may do
-- in: role_id role_id
-- out: object text, action text, level role_permissions.level
-- follows: p with them changes the revision of the role, and identity.c notes that of the caller's
SELECT p.object, p.action, p.level
FROM role_permissions p
WHERE p.company_id = :company AND p.role_id = :role_id
ORDER BY p.object, p.action;
