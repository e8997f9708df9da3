-- The queue of workflow runs, as the jobs processes read it, and what a run at a step must know: core/workflow_*.c.

-- name: workflow_queue_due
-- doc: The company whose queue in a lane has waited longest for its turn, and that no other runner is looking at
-- in: lane workflow_runs.lane, moment instant
-- out: company_id company_id
-- cross_tenant: the jobs processes serve all companies
SELECT q.company_id
FROM workflow_queues q
WHERE q.lane = :lane AND q.wake_at <= :moment
ORDER BY q.wake_at LIMIT 1 FOR UPDATE SKIP LOCKED;

-- name: workflow_queue_next
-- doc: When a queue of a lane is to be looked at next
-- in: lane workflow_runs.lane
-- out: wake_at instant
-- cross_tenant: the jobs processes serve all companies
SELECT q.wake_at FROM workflow_queues q WHERE q.lane = :lane ORDER BY q.wake_at LIMIT 1;

-- name: workflow_runs_due
-- doc: The runs of a company's queue that have been due longest and that nobody works on
-- in: whose company_id, lane workflow_runs.lane, moment instant, full text, most int
-- out: company_id company_id, id workflow_run_id, workflow workflow_runs.workflow, definition int, step workflow_runs.step,
--   step_number int, unwind_at int, attempts int, generation int, lease_until instant,
--   agent_id agent_id, subject_id uuid, key_id uuid, depth int, awaits workflow_runs.awaits, input json, data json
-- cross_tenant: the jobs processes serve all companies
SELECT r.company_id, r.id, r.workflow, r.definition, r.step, r.step_number, r.unwind_at, r.attempts, r.generation,
  r.lease_until, r.agent_id, r.subject_id, r.key_id, r.depth, r.awaits, r.input, r.data
FROM workflow_runs r
WHERE r.company_id = :whose AND r.lane = :lane AND r.due_at <= :moment AND FIND_IN_SET(r.workflow, :full) = 0
ORDER BY r.due_at LIMIT :most FOR UPDATE SKIP LOCKED;

-- name: workflow_runs_held
-- doc: How many steps of a workflow are under way in a company; whoever claims holds its queue, so nobody adds to them meanwhile
-- in: whose company_id, lane workflow_runs.lane, workflow workflow_runs.workflow, moment instant, until instant
-- out: count int
-- cross_tenant: the jobs processes serve all companies
SELECT COUNT(*)
FROM workflow_runs r
WHERE r.company_id = :whose AND r.lane = :lane AND r.due_at > :moment AND r.due_at <= :until
  AND r.lease_until > :moment AND r.workflow = :workflow;

-- name: workflow_runs_next
-- doc: When the next run of a company's queue is due
-- in: whose company_id, lane workflow_runs.lane
-- out: due_at instant
-- cross_tenant: the jobs processes serve all companies
SELECT r.due_at
FROM workflow_runs r
WHERE r.company_id = :whose AND r.lane = :lane AND r.due_at IS NOT NULL
ORDER BY r.due_at LIMIT 1;

-- name: workflow_event_waiting
-- doc: The first event of a name that came for a run and that it has not taken
-- in: run workflow_run_id, name workflow_events.name
-- out: id workflow_event_id, payload json
-- unscoped: e the engine asks for the run that it holds
-- follows: e an event is taken with the move of its run
SELECT e.id, e.payload
FROM workflow_events e
WHERE e.company_id = :company AND e.run_id = :run AND e.name = :name AND e.taken_by IS NULL
ORDER BY e.created_at, e.id LIMIT 1;

-- name: workflow_event_known
-- doc: Whether an event was told to a run already
-- in: run workflow_run_id, event workflow_event_id
-- out: id workflow_event_id
-- unscoped: e the engine asks for the run that it holds
-- follows: e an event is taken with the move of its run
SELECT e.id FROM workflow_events e WHERE e.company_id = :company AND e.run_id = :run AND e.id = :event;

-- name: workflow_line_undoable
-- doc: The last step of a run that was done, below a number, and not taken back
-- in: run workflow_run_id, below int
-- out: step_number int, step workflow_steps.step, result json
-- unscoped: s the engine asks for the run that it holds
-- follows: s a line is written with the move of its run
SELECT s.step_number, s.step, s.result
FROM workflow_steps s
WHERE s.company_id = :company AND s.run_id = :run AND s.step_number < :below AND s.undone = 0 AND s.undone_by IS NULL
  AND s.error IS NULL
ORDER BY s.step_number DESC LIMIT 1;

-- name: workflow_line
-- doc: A step of a run as it was before it was done
-- in: run workflow_run_id, number int
-- out: step workflow_steps.step, awaits workflow_steps.awaits, data json
-- unscoped: s the engine asks for the run that it holds
-- follows: s a line is written with the move of its run
SELECT s.step, s.awaits, s.data
FROM workflow_steps s
WHERE s.company_id = :company AND s.run_id = :run AND s.step_number = :number AND s.undone = 0;

-- name: workflow_line_failed
-- doc: The step at which a run failed, as it was before
-- in: run workflow_run_id
-- out: step workflow_steps.step, awaits workflow_steps.awaits, data json
-- unscoped: s the engine asks for the run that it holds
-- follows: s a line is written with the move of its run
SELECT s.step, s.awaits, s.data
FROM workflow_steps s
WHERE s.company_id = :company AND s.run_id = :run AND s.error IS NOT NULL AND s.undone = 0
ORDER BY s.step_number DESC LIMIT 1;

-- name: workflow_children_live
-- doc: How many children of a run have not ended
-- in: parent workflow_run_id
-- out: count int
-- unscoped: r the engine asks for the run that it holds
SELECT COUNT(*)
FROM workflow_runs r
WHERE r.company_id = :company AND r.parent_id = :parent AND r.state IN ('waiting', 'running', 'paused');

-- name: workflow_children
-- doc: The children of a run that it does not know the end of, and what each gave last
-- in: parent workflow_run_id
-- out: id workflow_run_id, step workflow_runs.step, state workflow_runs.state, last_error workflow_runs.last_error, result json
-- unscoped: r the engine asks for the run that it holds
-- unscoped: s the engine asks for the run that it holds
-- follows: s a line is written with the move of its run
SELECT r.id, r.step, r.state, r.last_error, s.result
FROM workflow_runs r
  LEFT JOIN workflow_steps s ON s.company_id = r.company_id AND s.run_id = r.id AND s.step_number = r.step_number - 1
WHERE r.company_id = :company AND r.parent_id = :parent AND r.joined_by IS NULL
ORDER BY r.created_at, r.id;

-- name: workflow_runs_waiting_about
-- doc: The runs that work on a row and wait for an event, in the order of their ids
-- in: about uuid, event workflow_runs.awaits, after workflow_run_id
-- out: id workflow_run_id
-- unscoped: r an event wakes whatever waits for it, whoever it belongs to
SELECT r.id
FROM workflow_runs r
WHERE r.company_id = :company AND r.subject_id = :about AND r.awaits = :event AND r.state IN ('waiting', 'paused')
  AND r.id > :after
ORDER BY r.id LIMIT 200;
