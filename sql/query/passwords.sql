-- name: my_password
-- doc: The hash of the caller's password
-- out: password_hash bytes
SELECT a.password_hash
FROM agents a
WHERE a.company_id = :company AND a.id = :me;

-- name: reset_by_token
-- doc: A request for a new password, by its link's token
-- in: hash text
-- in: moment instant
-- out: company_id company_id, id password_reset_id, agent_id agent_id, email text
-- cross_tenant: the token is what tells the company
SELECT p.company_id, p.id, p.agent_id, a.email
FROM password_resets p
JOIN agents a ON a.company_id = p.company_id AND a.id = p.agent_id AND a.status = 'active' AND a.deleted_at IS NULL
JOIN roles r ON r.company_id = a.company_id AND r.id = a.role_id AND (p.role_id IS NULL OR (r.id = p.role_id AND r.revision = p.role_revision))
WHERE p.token_hash = UNHEX(:hash) AND p.expires_at > :moment;

-- name: resets_of_agent
-- doc: The links for a new password of an agent, and those that it has made for others
-- in: agent agent_id
-- out: id password_reset_id
-- unscoped: p a newer request, and the new password, end the older ones
SELECT p.id
FROM password_resets p
WHERE p.company_id = :company AND (p.agent_id = :agent OR p.made_by = :agent);

-- name: role_of_agent
-- doc: An agent's role, as it is now
-- in: agent agent_id
-- out: role_id role_id, revision int
SELECT r.id, r.revision
FROM agents a JOIN roles r ON r.company_id = a.company_id AND r.id = a.role_id
WHERE a.company_id = :company AND a.id = :agent;
