-- Logging in, and the logins of an agent.

-- name: agent_by_email
-- doc: Whose e-mail address it is
-- in: email text
-- out: company_id company_id, id agent_id, status agents.status, full_name text, password_hash bytes
-- cross_tenant: an address is unique in the installation; at log-in it is what tells the company
SELECT a.company_id, a.id, a.status, a.full_name, a.password_hash
FROM agents a
WHERE a.email = :email AND a.deleted_at IS NULL;

-- name: sessions_open
-- doc: The sessions of an agent that have not ended, the latest first, of many only those
-- in: agent agent_id, moment instant
-- out: id session_id, user_agent text, ip text, expires_at instant, created_at instant
-- unscoped: s the caller's own
SELECT s.id, s.user_agent, s.ip, s.expires_at, s.created_at
FROM sessions s
WHERE s.company_id = :company AND s.agent_id = :agent AND s.expires_at > :moment
ORDER BY s.created_at DESC, s.id DESC LIMIT 100;

-- name: session_open
-- doc: A session of an agent, unless it has ended
-- in: id session_id, agent agent_id, moment instant
-- out: id session_id, user_agent text, ip text, expires_at instant, created_at instant
-- unscoped: s the caller's own
SELECT s.id, s.user_agent, s.ip, s.expires_at, s.created_at
FROM sessions s
WHERE s.company_id = :company AND s.id = :id AND s.agent_id = :agent AND s.expires_at > :moment;

-- name: sessions_of_agent
-- doc: All sessions of an agent, for those who end them
-- in: agent agent_id
-- out: id session_id, expires_at instant
-- unscoped: s the caller's own, or those of an agent whom it may edit
SELECT s.id, s.expires_at
FROM sessions s
WHERE s.company_id = :company AND s.agent_id = :agent;
