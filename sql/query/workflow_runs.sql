-- name: workflow_run_steps
-- doc: The journal of a run, from its first step on
-- in: run workflow_run_id, after int
-- out: step_number int, step workflow_steps.step, undone workflow_steps.undone, attempts int, error workflow_steps.error null,
--   result json null, finished_at instant
-- follows: s a line is written with the move of its run
SELECT s.step_number, s.step, s.undone, s.attempts, s.error, s.result, s.finished_at
FROM workflow_runs r
  JOIN workflow_steps s ON s.company_id = r.company_id AND s.run_id = r.id
WHERE r.company_id = :company AND :access(r) AND r.id = :run AND s.step_number > :after
ORDER BY s.step_number LIMIT 200;
