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

-- name: workflow_run_records
-- doc: What the records of runs are called, as far as the caller sees them
-- in: ids json
-- out: id uuid, object text, title contacts.full_name
SELECT c.id, 'contact', c.full_name
FROM JSON_TABLE(:ids, '$[*]' COLUMNS (x VARCHAR(36) CHARACTER SET ascii PATH '$')) j
STRAIGHT_JOIN contacts c ON c.company_id = :company AND c.id = CAST(j.x AS UUID)
WHERE c.company_id = :company AND :access(c)
UNION ALL
SELECT d.id, 'deal', d.title
FROM JSON_TABLE(:ids, '$[*]' COLUMNS (x VARCHAR(36) CHARACTER SET ascii PATH '$')) k
STRAIGHT_JOIN deals d ON d.company_id = :company AND d.id = CAST(k.x AS UUID)
WHERE d.company_id = :company AND :access(d)
UNION ALL
SELECT t.id, 'task', t.title
FROM JSON_TABLE(:ids, '$[*]' COLUMNS (x VARCHAR(36) CHARACTER SET ascii PATH '$')) l
STRAIGHT_JOIN tasks t ON t.company_id = :company AND t.id = CAST(l.x AS UUID)
WHERE t.company_id = :company AND :access(t);
