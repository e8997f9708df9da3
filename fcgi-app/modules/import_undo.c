/*
 * import_undo.c: taking an import back, the last row first, a batch in each step of a workflow, as
 * the agent who asked for it: what was made is deleted, what was changed is as before. What
 * somebody has changed since stays, and its row in import_rows says so. Tests:
 * tests/http/imports.test.mjs
 */
#include "modules/imports.h"

#include "base/clock.h"
#include "core/resource.h"
#include "http/http.h"

enum { REASON = 300, BATCH = 200, BATCH_SECONDS = 2 }; /* BATCH: as the query has it */

struct undo {
	const struct import_rows_to_undo_row *row;
	bool done;
	const char *kept; /* why it stays; NULL: it was taken back, or is gone */
};

static const char changed_by_somebody[] = "It was changed since the import.";

static error run_operation(
    struct call *call, const char *name, struct json_object *args, struct json_object **answer)
{
	const struct operation *op = operation_named(str_of(name));
	struct buf body = { 0 };
	struct json out;
	const char *why;
	if (!op)
		return fail(call, INTERNAL, NULL, "there is no operation %s", name);
	json_begin(&out, &body);
	error e = call_run(call, op, args, &out);
	if (e == OK && answer)
		*answer = json_read(call->arena, buf_view(&body), &why);
	buf_free(&body);
	return e;
}

static const char *operation_of(struct call *call, const struct undo *u, const char *verb)
{
	return arena_printf(call->arena, "%.*s_%s", (int)u->row->object.n, u->row->object.p, verb);
}

static bool changed_since(struct json_object *current, struct json_object *before)
{
	struct json_object *at, *updated;
	if (!json_object_object_get_ex(before, "at", &at) ||
	    !json_object_object_get_ex(current, "updated_at", &updated))
		return false;
	return strcmp(json_object_get_string(at), json_object_get_string(updated)) != 0;
}

static error undo_row(struct call *call, void *with)
{
	struct undo *u = with;
	const char *why;
	struct json_object *before = json_read(call->arena, u->row->before_row.json, &why),
			   *args = json_object_new_object(), *current, *was;
	json_keep(call->arena, args);
	json_object_object_add(args, "id", json_object_new_string(u->row->row_id.text));
	error e = run_operation(call, operation_of(call, u, "get"), args, &current);
	if (e == NOT_FOUND) { /* somebody has deleted it */
		call->problem = (struct problem) { 0 };
		return OK;
	}
	TRY(e);
	if (changed_since(current, before)) {
		u->kept = changed_by_somebody;
		return OK;
	}
	if (u->row->status == IMPORT_ROW_STATUS_CREATED)
		return run_operation(call, operation_of(call, u, "delete"), args, NULL);
	if (!json_object_object_get_ex(before, "was", &was))
		return OK;
	json_object_object_foreach(was, name, value)
	    json_object_object_add(args, name, json_object_get(value));
	return run_operation(call, operation_of(call, u, "update"), args, NULL);
}

static error undo_one(struct call *call, struct undo *u)
{
	error e = call_attempt(call, undo_row, u);
	if (e == RETRY || e == INTERNAL || e == UNAVAILABLE)
		return e;
	if (e != OK) {
		const struct problem *p = &call->problem;
		const char *detail = p->n_fields ? p->fields[0].detail
				     : p->detail ? p->detail
						 : problem_title(e);
		str shown = utf8_cut(str_of(detail), REASON);
		u->kept = arena_text(call->arena, shown.p, shown.n);
		call->problem = (struct problem) { 0 };
	}
	u->done = true;
	return OK;
}

/* ---- what was made, of one table, by few statements ---- */

struct together {
	const struct operation *op; /* that deletes one */
	struct undo **all;
	const char **ids;
	size_t n;
};

static error delete_together(struct call *call, void *with)
{
	const struct together *t = with;
	return call_delete_rows(call, t->op, t->ids, t->n);
}

static instant written_at(struct call *call, const struct undo *u)
{
	const char *why;
	struct json_object *at;
	instant written;
	bool known = json_object_object_get_ex(
			 json_read(call->arena, u->row->before_row.json, &why), "at", &at) &&
		     instant_parse(str_of(json_object_get_string(at)), &written);
	return known ? written : INSTANT_NONE;
}

/* Those that the caller sees and nobody has changed stay in `t`; they are locked, and so remain. */
static error leave_changed_out(struct call *call, struct together *t)
{
	instant *changed = ARENA_ARRAY(call->arena, t->n + 1, instant);
	size_t n = 0;
	TRY(rows_changed(call, t->op->table, t->ids, t->n, changed));
	for (size_t i = 0; i < t->n; i++) {
		struct undo *u = t->all[i];
		instant written = written_at(call, u);
		if (instant_none(changed[i]) || instant_none(written))
			continue;
		if (changed[i].us == written.us) {
			t->all[n] = u;
			t->ids[n++] = u->row->row_id.text;
		} else {
			u->kept = changed_by_somebody;
			u->done = true;
		}
	}
	t->n = n;
	return OK;
}

/* When one of them is refused none is deleted: then each is tried by itself. */
static error undo_together(struct call *call, struct together *t)
{
	TRY(leave_changed_out(call, t));
	error e = call_attempt(call, delete_together, t);
	if (e == RETRY || e == INTERNAL || e == UNAVAILABLE)
		return e;
	call->problem = (struct problem) { 0 };
	for (size_t i = 0; i < t->n; i++)
		t->all[i]->done = e == OK;
	return OK;
}

static error undo_made(struct call *call, struct undo *all, size_t n)
{
	bool *seen = ARENA_ARRAY(call->arena, n + 1, bool);
	struct together t = { .all = ARENA_ARRAY(call->arena, n + 1, struct undo *),
		.ids = ARENA_ARRAY(call->arena, n + 1, const char *) };
	for (size_t i = 0; i < n; i++) {
		t.n = 0;
		for (size_t k = i; k < n; k++)
			if (!seen[k] && all[k].row->status == IMPORT_ROW_STATUS_CREATED &&
			    str_eq(all[k].row->object, all[i].row->object)) {
				seen[k] = true;
				t.all[t.n] = &all[k];
				t.ids[t.n++] = all[k].row->row_id.text;
			}
		t.op = operation_named(str_of(operation_of(call, &all[i], "delete")));
		if (t.n > 1 && t.op && t.op->run == resource_delete && t.op->table->updated_at)
			TRY(undo_together(call, &t));
	}
	return OK;
}

/* What is taken back leaves the list of what the import did; what stays says why. */
static error settle(struct call *call, const struct undo *all, size_t n)
{
	const char **gone = ARENA_ARRAY(call->arena, n + 1, const char *);
	size_t n_gone = 0;
	for (size_t i = 0; i < n; i++) {
		struct import_row row;
		if (!all[i].done)
			continue;
		if (!all[i].kept) {
			gone[n_gone++] = all[i].row->id.text;
			continue;
		}
		TRY(import_row_lock_any(call, all[i].row->id, &row));
		row.before_row.json = (str) { NULL, 0 };
		row.reason = str_of(all[i].kept);
		TRY(import_row_update(call, &row));
	}
	return rows_delete_any(call, &import_rows_table, gone, n_gone);
}

static error finish(struct call *call, struct import *import)
{
	struct import_rows_kept_row kept;
	TRY(query_one(call, &import_rows_kept_query,
	    &(struct import_rows_kept_in) { .import = import->id }, &kept));
	if (kept.count)
		import->detail = str_of(arena_printf(call->arena,
		    "%lld %s since the import, or are in use, and stay as they are.",
		    (long long)kept.count,
		    kept.count == 1 ? "row was changed" : "rows were changed"));
	import->state = IMPORT_STATE_UNDONE;
	import->progress = 100;
	return import_file_forget(call, import->id);
}

/* Of the steps that it takes when each does a whole batch. */
static int64_t progress_of(const struct job *job)
{
	struct json_object *rows;
	int64_t all =
	    json_object_object_get_ex(job->input, "rows", &rows) ? json_object_get_int64(rows) : 0;
	int64_t done = (job->number + 1) * BATCH;
	return done < all ? done * 100 / all : 99;
}

static error undo_step(struct call *call, struct job *job)
{
	struct import_rows_to_undo_row *rows;
	struct import import;
	size_t n;
	int64_t began = clock_monotonic_us();
	TRY(import_of_job(call, job, &import));
	if (import.state != IMPORT_STATE_UNDOING)
		return OK;
	TRY(query_all(call, &import_rows_to_undo_query,
	    &(struct import_rows_to_undo_in) { .import = import.id }, &rows, &n));
	struct undo *all = ARENA_ARRAY(call->arena, n + 1, struct undo);
	for (size_t i = 0; i < n; i++)
		all[i].row = &rows[i];
	TRY(undo_made(call, all, n));
	for (size_t i = 0;
	     i < n && (i == 0 || clock_monotonic_us() - began < SECONDS(BATCH_SECONDS)); i++)
		if (!all[i].done)
			TRY(undo_one(call, &all[i]));
	TRY(settle(call, all, n));
	import.progress = progress_of(job);
	if (n)
		job_next(job, "rows");
	else
		TRY(finish(call, &import));
	return import_update(call, &import);
}

static error undo_failed(struct call *call, struct job *job, const char *why)
{
	struct import import;
	TRY(import_of_job(call, job, &import));
	/* What is left can be taken back by a second try. Going on with the import would write rows
	 * again that were taken back. */
	import.state = IMPORT_STATE_DONE;
	str detail =
	    utf8_cut(str_of(arena_printf(call->arena, "Undoing stopped: %s", why)), REASON);
	import.detail = (str) { arena_text(call->arena, detail.p, detail.n), detail.n };
	return import_update(call, &import);
}

WORKFLOW(imports_undo_run, .definition = 1, .failed = undo_failed,
    .steps = { { "rows", undo_step, .alone = true } });
const struct workflow *const import_undo_workflow = &imports_undo_run;
