-- What webhooks are told, and with what: core/webhook_events.c, modules/webhook_send.c.

-- name: webhooks_to_tell
-- doc: The webhooks of the company, with what those who made them may see
-- out: id webhook_id, agent_id agent_id, events json, team_ids json, object role_permissions.object, level role_permissions.level
-- unscoped: w whoever changes something does it for all webhooks
-- unscoped: a what a webhook is told follows from who made it
SELECT w.id, w.agent_id, w.events, a.team_ids, p.object, p.level
FROM webhooks w
JOIN agents a ON a.company_id = w.company_id AND a.id = w.agent_id AND a.status = 'active' AND a.deleted_at IS NULL
JOIN role_permissions p ON p.company_id = a.company_id AND p.role_id = a.role_id AND p.action = 'view' AND p.level <> 'none'
WHERE w.company_id = :company AND w.enabled = 1 AND w.deleted_at IS NULL
ORDER BY w.id, p.object;

-- name: webhook_to_send
-- doc: A delivery, and where it goes
-- in: delivery webhook_delivery_id, moment instant
-- out: state webhook_deliveries.state, body json, webhook_id webhook_id, url text, wanted bool, secret text, old_secret text
-- unscoped: d the program sends it
-- unscoped: w the program sends it
SELECT d.state, d.body, w.id, w.url, w.enabled = 1 AND w.deleted_at IS NULL, HEX(w.secret),
  IF(w.old_secret_until > :moment, HEX(w.old_secret), '')
FROM webhook_deliveries d JOIN webhooks w ON w.company_id = d.company_id AND w.id = d.webhook_id
WHERE d.company_id = :company AND d.id = :delivery;

-- name: webhook_delivery_end
-- doc: What became of a delivery, for the run that waits for it
-- in: delivery webhook_delivery_id
-- out: state webhook_deliveries.state, attempts json, tries int, next_try_at instant null, webhook_id webhook_id
-- unscoped: d the run made it
SELECT d.state, d.attempts, d.tries, d.next_try_at, d.webhook_id FROM webhook_deliveries d WHERE d.company_id = :company AND d.id = :delivery;

-- name: webhooks_number
-- doc: How many webhooks the company has
-- out: count int
-- unscoped: w a limit counts whoever's webhooks
SELECT COUNT(*) FROM webhooks w WHERE w.company_id = :company AND w.deleted_at IS NULL;
