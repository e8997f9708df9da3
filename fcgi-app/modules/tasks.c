/*
 * tasks.c: what agents have to do. A contact repeats when its next open task is due. Columns:
 * sql/schema/tasks.sql. Statements: sql/query/tasks.sql. Page: templates/tasks/. Tests:
 * tests/http/tasks.test.mjs.
 */
#include "core/page.h"
#include "core/query_run.h"
#include "core/resource.h"
#include "core/row.h"

static const char *contact_of(const struct task *t)
{
	return t && !strcmp(t->subject.object, "contact") ? t->subject.id.text : "";
}

/* The contact is locked before the task refers to it: two new tasks about one contact would each
 * hold it shared and wait for the other to let go. That there is no such contact is said by the
 * write path. */
static error task_before(struct call *call, const void *before, void *after)
{
	const char *id = contact_of(after);
	struct contact contact;
	contact_id typed;
	if (!id[0] || !strcmp(id, contact_of(before)))
		return OK;
	memcpy(typed.text, id, sizeof typed.text);
	error e = contact_lock_any(call, typed, &contact);
	if (e == NOT_FOUND)
		call->problem = (struct problem) { 0 };
	return e == NOT_FOUND ? OK : e;
}

/* When it is due for its contact: INSTANT_NONE when it is done or gone, or about something else. (A
 * new one is open by its column's default.) */
static instant due_for_contact(const struct task *t)
{
	bool open = t && t->status != TASK_STATUS_DONE && instant_none(t->deleted_at);
	return open && contact_of(t)[0] ? t->due_at : INSTANT_NONE;
}

/* `came` is due about the contact from now on; INSTANT_NONE: one went, so the next one is asked
 * for. */
static error keep_next_task(struct call *call, const char *id, instant came)
{
	struct next_task_of_contact_in ask = { .contact = { "" } };
	struct next_task_of_contact_row row = { .due_at = came };
	struct contact contact;
	memcpy(ask.contact.text, id, sizeof ask.contact.text);
	TRY(contact_lock_any(call, ask.contact, &contact));
	if (instant_none(came))
		TRY(query_one(call, &next_task_of_contact_query, &ask, &row));
	else if (!instant_none(contact.next_task_due_at) && contact.next_task_due_at.us <= came.us)
		return OK;
	contact.next_task_due_at = row.due_at;
	return contact_update(call, &contact);
}

static error task_after(struct call *call, const void *before, const void *after)
{
	instant was = due_for_contact(before), is = due_for_contact(after);
	if (was.us == is.us && !strcmp(contact_of(before), contact_of(after)))
		return OK;
	if (!instant_none(was))
		TRY(keep_next_task(call, contact_of(before), INSTANT_NONE));
	return instant_none(is) ? OK : keep_next_task(call, contact_of(after), is);
}

ROW_HOOK(tasks, .before_write = task_before, .after_write = task_after);

RESOURCE(tasks, SORTS("due_at", "-updated_at"));
RESOURCE_SEARCH(tasks);

static error set_status(struct call *call, task_id id, enum task_status status, struct json *out)
{
	struct task row;
	TRY(task_lock(call, id, &row));
	if (row.status != status) {
		row.status = status;
		row.done_at = status == TASK_STATUS_DONE ? call->now : INSTANT_NONE;
		TRY(task_update(call, &row));
	}
	return row_answer(call, &tasks_table, id.text, out);
}

struct tasks_complete_in {
	task_id id;
};
FIELDS(tasks_complete) = {
	FIELD(tasks_complete, id, .flags = F_REQUIRED, .doc = "Id of the task"),
};

MUTATION(tasks_complete, "tasks.edit", ROW(tasks), .route = "POST /v1/tasks/{id}/complete",
    .summary = "Mark a task as done")
{
	return set_status(call, in->id, TASK_STATUS_DONE, out);
}

struct tasks_reopen_in {
	task_id id;
};
FIELDS(tasks_reopen) = {
	FIELD(tasks_reopen, id, .flags = F_REQUIRED, .doc = "Id of the task"),
};

MUTATION(tasks_reopen, "tasks.edit", ROW(tasks), .route = "POST /v1/tasks/{id}/reopen",
    .summary = "Open a task that was done")
{
	return set_status(call, in->id, TASK_STATUS_OPEN, out);
}

PAGE(tasks_index, .route = "/tasks", .template = "tasks/index", .title = "Tasks", .nav = "tasks",
    .loads = {
	{ "tasks", "tasks_list", "*&limit=50&expand=assignee,subject", .tolerant = true },
	{ "agents", "agents_choices", "" },
    });
