-- Who is reminded of what each morning: modules/task_reminders.c.

-- name: agents_with_tasks
-- doc: Some agents who have open tasks that are due before a time, and may see them, in the order of their ids
-- in: until instant, after agent_id null
-- out: agent_id agent_id, email text, full_name text, count int
-- unscoped: t everybody is reminded of their own tasks
-- unscoped: a everybody is reminded of their own tasks
SELECT a.id, a.email, a.full_name, COUNT(*)
FROM tasks t
JOIN agents a ON a.company_id = t.company_id AND a.id = t.assignee_id AND a.status = 'active' AND a.deleted_at IS NULL
JOIN role_permissions p ON p.company_id = a.company_id AND p.role_id = a.role_id AND p.object = 'tasks' AND p.action = 'view' AND p.level <> 'none'
WHERE t.company_id = :company AND t.status = 'open' AND t.deleted_at IS NULL AND t.due_at < :until
  AND (:after IS NULL OR a.id > :after)
GROUP BY a.id, a.email, a.full_name
ORDER BY a.id LIMIT 50;

-- name: tasks_due_of
-- doc: The open tasks of an agent that are due before a time, the oldest first
-- in: agent agent_id, until instant
-- out: title text, due_at instant
-- unscoped: t everybody is reminded of their own tasks
SELECT t.title, t.due_at
FROM tasks t
WHERE t.company_id = :company AND t.assignee_id = :agent AND t.status = 'open' AND t.deleted_at IS NULL AND t.due_at < :until
ORDER BY t.due_at, t.id LIMIT 20;

-- name: reminder_of_agent
-- doc: How many minutes before a task is due an agent is reminded of it
-- in: agent agent_id
-- out: minutes int
SELECT a.remind_minutes
FROM agents a
WHERE a.company_id = :company AND a.id = :agent AND a.status = 'active' AND a.deleted_at IS NULL;

-- name: task_to_remind
-- doc: An open task and who does it, while that run is the one that reminds of it
-- in: task task_id, run uuid
-- out: title text, due_at instant, email text, full_name text, time_zone text
-- unscoped: t everybody is reminded of their own tasks
SELECT t.title, t.due_at, a.email, a.full_name, c.time_zone
FROM tasks t
JOIN agents a ON a.company_id = t.company_id AND a.id = t.assignee_id AND a.status = 'active' AND a.deleted_at IS NULL AND a.remind_minutes > 0
JOIN role_permissions p ON p.company_id = a.company_id AND p.role_id = a.role_id AND p.object = 'tasks' AND p.action = 'view' AND p.level <> 'none'
JOIN companies c ON c.company_id = t.company_id AND c.id = t.company_id
WHERE t.company_id = :company AND t.id = :task AND t.reminder_id = :run AND t.status = 'open' AND t.deleted_at IS NULL;

-- name: own_tasks_to_come
-- doc: The caller's open tasks that are due after a time, the next ones first
-- in: moment instant
-- out: id task_id
-- unscoped: t everybody is reminded of their own tasks
SELECT t.id
FROM tasks t
WHERE t.company_id = :company AND t.assignee_id = :me AND t.status = 'open' AND t.deleted_at IS NULL AND t.due_at > :moment
ORDER BY t.due_at, t.id LIMIT 200;
