-- Making the search index of a company anew: core/search_renew.c.

-- name: companies_to_index
-- doc: Some companies whose index is of another version, and of which no run makes it anew
-- in: version int, last uuid null
-- out: company_id company_id
-- cross_tenant: the jobs processes serve all companies
SELECT c.company_id
FROM companies c
  LEFT JOIN workflow_runs r ON r.company_id = c.company_id AND r.subject_id = c.company_id AND r.workflow = 'search_index' AND r.state IN ('waiting', 'running')
WHERE c.search_version <> :version AND r.id IS NULL AND (:last IS NULL OR c.company_id > :last)
ORDER BY c.company_id LIMIT 200;

-- name: search_run
-- doc: The run that makes the company's index anew
-- out: id workflow_run_id
-- unscoped: r the program's own runs belong to nobody
SELECT r.id
FROM workflow_runs r
WHERE r.company_id = :company AND r.subject_id = :company AND r.workflow = 'search_index' AND r.state IN ('waiting', 'running')
LIMIT 1;
