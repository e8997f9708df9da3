-- The queue of workflow runs, as the jobs processes read it: core/workflow.c.

-- name: workflow_runs_due
-- doc: The run of a state that has been due longest and that nobody works on
-- in: state workflow_runs.state, moment instant, passed_over text
-- out: company_id company_id, id workflow_run_id, workflow workflow_runs.workflow, definition int, step workflow_runs.step,
--   step_number int, attempts int, generation int, lease_until instant,
--   agent_id agent_id, subject_id uuid, key_id uuid, input json
-- cross_tenant: the jobs processes serve all companies
SELECT r.company_id, r.id, r.workflow, r.definition, r.step, r.step_number, r.attempts, r.generation, r.lease_until,
  r.agent_id, r.subject_id, r.key_id, r.input
FROM workflow_runs r
WHERE r.state = :state AND r.wake_at <= :moment AND (r.lease_until IS NULL OR r.lease_until <= :moment)
  AND FIND_IN_SET(r.workflow, :passed_over) = 0
ORDER BY r.wake_at LIMIT 1 FOR UPDATE SKIP LOCKED;

-- name: workflow_runs_next
-- doc: When the next run is due
-- in: passed_over text
-- out: wake_at instant
-- cross_tenant: the jobs processes serve all companies
SELECT GREATEST(r.wake_at, COALESCE(r.lease_until, r.wake_at))
FROM workflow_runs r
WHERE r.state IN ('waiting', 'running') AND FIND_IN_SET(r.workflow, :passed_over) = 0
ORDER BY r.wake_at LIMIT 1;
