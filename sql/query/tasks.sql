-- What tasks.c asks beyond single rows.

-- name: next_task_of_contact
-- doc: When the next open task about a contact is due
-- in: contact contact_id
-- out: due_at instant
-- unscoped: t the contact repeats it for everybody who sees the contact
SELECT MIN(t.due_at) FROM tasks t
WHERE t.company_id = :company AND t.contact_id = :contact AND t.status = 'open' AND t.deleted_at IS NULL;
