-- What is done at times that come again: core/workflow_schedule.c.

-- name: workflow_schedule_due
-- doc: A schedule of the company, by the run that waits for it; held until the end of the transaction
-- in: name workflow_schedules.name, run workflow_run_id
-- out: due_at instant, time_zone text
-- unscoped: s the program's own schedules belong to nobody
-- follows: s it is written with the run that waits for it
SELECT s.due_at, s.time_zone
FROM workflow_schedules s
WHERE s.company_id = :company AND s.name = :name AND s.run_id = :run FOR UPDATE;

-- name: workflow_schedules_known
-- doc: The schedules that a company has, with the run that waits for each
-- out: name workflow_schedules.name, plan workflow_schedules.plan, time_zone workflow_schedules.time_zone, state workflow_runs.state
-- unscoped: s the program's own schedules belong to nobody
-- follows: s it is written with the run that waits for it
-- unscoped: r the program's own schedules belong to nobody
SELECT s.name, s.plan, s.time_zone, r.state
FROM workflow_schedules s JOIN workflow_runs r ON r.company_id = s.company_id AND r.id = s.run_id
WHERE s.company_id = :company;

-- name: workflow_schedules_clock
-- doc: The clocks of the company
-- out: time_zone companies.time_zone
SELECT c.time_zone FROM companies c WHERE c.company_id = :company AND c.id = :company;

-- name: companies_without_schedule
-- doc: Some companies that do not have a schedule as it is now, or in which nothing waits for it
-- in: name workflow_schedules.name, plan workflow_schedules.plan, zone workflow_schedules.time_zone null, last uuid null
-- out: company_id company_id
-- cross_tenant: the jobs processes serve all companies
SELECT c.company_id
FROM companies c
  LEFT JOIN workflow_schedules s ON s.company_id = c.company_id AND s.name = :name AND s.plan = :plan
    AND s.time_zone = COALESCE(:zone, c.time_zone)
  LEFT JOIN workflow_runs r ON r.company_id = s.company_id AND r.id = s.run_id AND r.state IN ('waiting', 'running')
WHERE r.id IS NULL AND (:last IS NULL OR c.company_id > :last)
ORDER BY c.company_id LIMIT 200;
