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
SELECT r.company_id, r.id FROM workflow_runs r WHERE r.state = 'done' AND r.wake_at <= :moment ORDER BY r.company_id, r.id LIMIT 500;
