-- name: workflow_run_steps
-- doc: The journal of a run, from its first step on
-- in: run workflow_run_id, after int
-- out: step_number workflow_steps.step_number, step workflow_steps.step, undone workflow_steps.undone,
--   attempts workflow_steps.attempts, error workflow_steps.error null,
--   result workflow_steps.result null, finished_at workflow_steps.finished_at
-- follows: s a line is written with the move of its run
SELECT s.step_number, s.step, s.undone, s.attempts, s.error, s.result, s.finished_at
FROM workflow_runs r
  JOIN workflow_steps s ON s.company_id = r.company_id AND s.run_id = r.id
WHERE r.company_id = :company AND :access(r) AND r.id = :run AND s.step_number > :after
ORDER BY s.step_number LIMIT 200;
