-- name: workflow_run_steps
-- doc: The journal of a run, from its first step on; what a run of an automation gave tells of its record, so only who sees that reads it
-- in: run workflow_run_id, after int
-- out: step_number workflow_steps.step_number, step workflow_steps.step, undone workflow_steps.undone,
--   attempts workflow_steps.attempts, error workflow_steps.error null,
--   result workflow_steps.result null, finished_at workflow_steps.finished_at
-- follows: s a line is written with the move of its run
SELECT s.step_number, s.step, s.undone, s.attempts, s.error, IF(r.automation_id IS NULL
    OR EXISTS (SELECT 1 FROM contacts c WHERE c.company_id = :company AND c.id = r.subject_id AND :access(c))
    OR EXISTS (SELECT 1 FROM deals d WHERE d.company_id = :company AND d.id = r.subject_id AND :access(d))
    OR EXISTS (SELECT 1 FROM tasks t WHERE t.company_id = :company AND t.id = r.subject_id AND :access(t)), s.result, NULL), s.finished_at
FROM workflow_runs r
  JOIN workflow_steps s ON s.company_id = r.company_id AND s.run_id = r.id
WHERE r.company_id = :company AND :access(r) AND r.id = :run AND s.step_number > :after
ORDER BY s.step_number LIMIT 200;
