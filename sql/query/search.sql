-- Making the search index of a company anew: core/search_renew.c; and what is shown with what was found: modules/search.c.

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

-- name: members_of_organisation
-- doc: How many contacts that the caller sees belong to an organisation, up to 101
-- in: organisation contact_id
-- out: count int
SELECT COUNT(*) FROM (
  SELECT c.id FROM contacts c
  WHERE c.company_id = :company AND c.organisation_id = :organisation AND c.deleted_at IS NULL AND :access(c)
  LIMIT 101) some;
