-- name: my_company
-- doc: The caller's company, as everybody in it sees it
-- out: id company_id, name companies.name, currency companies.currency, time_zone companies.time_zone, plan companies.plan,
--   trial_ends_at companies.trial_ends_at null
SELECT c.id, c.name, c.currency, c.time_zone, c.plan, c.trial_ends_at
FROM companies c
WHERE c.company_id = :company AND c.id = :company;

-- name: all_companies
-- doc: Every company of this installation
-- out: id company_id
-- cross_tenant: a new release brings something to each of them
SELECT c.id
FROM companies c
ORDER BY c.id;

-- name: owners_to_tell
-- doc: The owners who can log in, those who were first come first
-- out: id agent_id, email text, full_name text
SELECT a.id, a.email, a.full_name
FROM agents a
JOIN roles r ON r.company_id = a.company_id AND r.id = a.role_id
WHERE a.company_id = :company AND r.kind = 'owner' AND a.status = 'active' AND a.deleted_at IS NULL AND a.password_hash IS NOT NULL
ORDER BY a.created_at, a.id LIMIT 5;

-- name: seats_taken
-- doc: How many agents are active, and how many are invited
-- in: moment instant
-- out: active int, invited int
-- unscoped: i counted only
SELECT
  (SELECT COUNT(*) FROM agents a WHERE a.company_id = :company AND a.status = 'active' AND a.deleted_at IS NULL),
  (SELECT COUNT(*) FROM invitations i WHERE i.company_id = :company AND i.accepted_at IS NULL AND i.expires_at > :moment);

-- name: trial_on_its_way
-- doc: The run that waits for the end of the company's trial
-- out: id workflow_run_id
-- unscoped: r the program's own runs belong to nobody
SELECT r.id
FROM workflow_runs r
WHERE r.company_id = :company AND r.subject_id = :company AND r.workflow = 'trial' AND r.state IN ('waiting', 'running', 'paused')
LIMIT 1;

-- name: first_steps
-- doc: Which of the first things with which a company begins it has done, as the caller sees it
-- in: moment instant
-- out: contacts bool, people bool, deals bool, tasks bool
SELECT
  EXISTS (SELECT 1 FROM contacts c WHERE c.company_id = :company AND :access(c)),
  (SELECT COUNT(*) FROM (SELECT a.id FROM agents a WHERE a.company_id = :company AND a.deleted_at IS NULL LIMIT 2) some) > 1
    OR EXISTS (SELECT 1 FROM invitations i WHERE i.company_id = :company AND :access(i) AND i.accepted_at IS NULL AND i.expires_at > :moment),
  EXISTS (SELECT 1 FROM deals d WHERE d.company_id = :company AND :access(d)),
  EXISTS (SELECT 1 FROM tasks t WHERE t.company_id = :company AND :access(t));
