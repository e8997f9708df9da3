-- What providers tell: modules/inbound_hooks.c.

-- name: inbound_hook_by_token
-- doc: The hook of an address, whose maker may log in
-- in: hash text
-- out: company_id company_id, id inbound_hook_id, agent_id agent_id, scheme inbound_hooks.scheme, secret text
-- cross_tenant: the token is what tells the company
SELECT h.company_id, h.id, h.agent_id, h.scheme, h.secret
FROM inbound_hooks h
  JOIN agents a ON a.company_id = h.company_id AND a.id = h.agent_id
WHERE h.token_hash = UNHEX(:hash) AND h.deleted_at IS NULL AND a.status = 'active' AND a.deleted_at IS NULL;

-- name: inbound_event_known
-- doc: Whether an event came already
-- in: hook inbound_hook_id, event inbound_events.event_id
-- out: id inbound_event_id
-- unscoped: e it came with the secret of the hook
SELECT e.id
FROM inbound_events e
WHERE e.company_id = :company AND e.hook_id = :hook AND e.event_id = :event;
