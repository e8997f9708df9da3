-- What has ended by itself and is of no more use to anybody: core/cleaning.c.

-- name: sessions_ended
-- doc: Sessions that have expired
-- in: moment instant
-- out: company_id company_id, id uuid
-- cross_tenant: cleaning serves all companies
SELECT s.company_id, s.id FROM sessions s WHERE s.expires_at <= :moment ORDER BY s.company_id, s.id LIMIT 500;

-- name: password_resets_ended
-- doc: Links for a new password that have expired
-- in: moment instant
-- out: company_id company_id, id uuid
-- cross_tenant: cleaning serves all companies
SELECT p.company_id, p.id FROM password_resets p WHERE p.expires_at <= :moment ORDER BY p.company_id, p.id LIMIT 500;

-- name: workflow_runs_ended
-- doc: Workflow runs that were done long ago
-- in: moment instant
-- out: company_id company_id, id uuid
-- cross_tenant: cleaning serves all companies
SELECT r.company_id, r.id FROM workflow_runs r WHERE r.state <> 'failed' AND r.ended_at <= :moment
  AND NOT EXISTS (SELECT 1 FROM workflow_runs p WHERE p.company_id = r.company_id AND p.id = r.parent_id AND p.ended_at IS NULL) ORDER BY r.company_id, r.id LIMIT 500;

-- name: workflow_events_ended
-- doc: Runs that were told long ago of something that they neither took nor wait for
-- in: moment instant
-- out: company_id company_id, id uuid
-- cross_tenant: cleaning serves all companies
SELECT DISTINCT e.company_id, e.run_id
FROM workflow_events e
  JOIN workflow_runs r ON r.company_id = e.company_id AND r.id = e.run_id
WHERE e.created_at <= :moment AND e.taken_by IS NULL AND NOT (r.awaits <=> e.name) ORDER BY e.company_id, e.run_id LIMIT 500;

-- name: webhook_deliveries_ended
-- doc: What webhooks were told long ago
-- in: moment instant
-- out: company_id company_id, id uuid
-- cross_tenant: cleaning serves all companies
SELECT d.company_id, d.id FROM webhook_deliveries d WHERE d.created_at <= :moment AND d.state <> 'waiting' ORDER BY d.company_id, d.id LIMIT 500;

-- name: companies_after
-- doc: Some companies, in the order of their ids
-- in: last uuid null
-- out: company_id company_id
-- cross_tenant: cleaning serves all companies
SELECT c.company_id FROM companies c WHERE :last IS NULL OR c.company_id > :last ORDER BY c.company_id LIMIT 500;

-- name: changes_ended
-- doc: The first and the last of some versions that are old, after those that went before; never the newest version, so that
--   whoever writes the next one does not wait
-- in: whose uuid, moment instant
-- out: first int, last int
-- cross_tenant: cleaning serves all companies
SELECT MIN(o.version), MAX(o.version)
FROM (SELECT g.version, g.created_at FROM changes g
  WHERE g.company_id = :whose AND g.version > COALESCE((SELECT t.version FROM trimmed_logs t WHERE t.company_id = :whose), 0)
    AND g.version < (SELECT MAX(n.version) FROM changes n WHERE n.company_id = :whose)
  ORDER BY g.version, g.n LIMIT 1000) o
WHERE o.created_at <= :moment;
