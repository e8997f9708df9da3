/*
 * import_run.c: doing the rows of an import, a batch in each step of a workflow, as the agent who
 * started it. A row is created, changes the row that it matches, says nothing new, or is refused
 * with its reason; a refused row takes nothing of its batch with it. What was done, the position in
 * the file and the progress are committed together. Statements: sql/query/imports.sql. Tests:
 * tests/http/imports.test.mjs, tests/chaos/imports.test.mjs
 */
#include "modules/imports.h"

#include "base/clock.h"

enum { BATCH = 400, BATCH_SECONDS = 2, REFUSED_CELL = 1000, REASON = 300 };

const struct import_kind *import_kind_of(enum import_object object)
{
	static const struct import_kind *const kinds[] = { &import_kind_contacts,
		&import_kind_organisations, &import_kind_deals, &import_kind_agents };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i]->object == object)
			return kinds[i];
	abort(); /* each object of the schema has its kind */
}

error import_of_job(struct call *call, const struct job *job, struct import *import)
{
	import_id id;
	memcpy(id.text, job->subject.text, sizeof id.text);
	return import_lock_any(call, id, import);
}

/* ---- the API's operations, for a line ---- */

error import_call(struct import_batch *b, const char *operation, struct json_object *args,
    struct json_object **answer)
{
	const struct operation *op = operation_named(str_of(operation));
	struct buf body = { 0 };
	struct json out;
	const char *why = NULL;
	if (!op)
		return fail(b->call, INTERNAL, NULL, "there is no operation %s", operation);
	json_begin(&out, &body);
	error e = call_run(b->call, op, args, &out);
	*answer = e == OK && body.n ? json_read(b->call->arena, buf_view(&body), &why) : NULL;
	buf_free(&body);
	return e;
}

static struct import_done *note_done(
    struct import_batch *b, const struct table *table, const char id[37])
{
	if (b->n_done == sizeof b->done / sizeof *b->done)
		return &b->done[b->n_done - 1]; /* more than a line can name */
	struct import_done *d = &b->done[b->n_done++];
	*d = (struct import_done) { .table = table };
	memcpy(d->row.text, id, sizeof d->row.text);
	return d;
}

static const char *operation_of(struct import_batch *b, const struct table *table, const char *verb)
{
	return arena_printf(b->call->arena, "%s_%s", table->name, verb);
}

error import_create(
    struct import_batch *b, const struct table *table, struct json_object *args, uuid *id)
{
	struct json_object *answer, *value;
	TRY(import_call(b, operation_of(b, table, "create"), args, &answer));
	if (!json_object_object_get_ex(answer, "id", &value) ||
	    !uuid_parse(str_of(json_object_get_string(value)), id))
		return fail(b->call, INTERNAL, NULL, "%s_create gave no id", table->name);
	note_done(b, table, id->text)->created = true;
	return OK;
}

error import_current(
    struct import_batch *b, const struct table *table, const char id[37], struct json_object **row)
{
	struct json_object *args = json_object_new_object();
	json_keep(b->call->arena, args);
	import_put_id(args, "id", id);
	return import_call(b, operation_of(b, table, "get"), args, row);
}

error import_change(struct import_batch *b, const struct table *table, const char id[37],
    struct json_object *current, struct json_object *args, bool *changed)
{
	struct json_object *differs = json_object_new_object(), *was = json_object_new_object(),
			   *answer;
	json_keep(b->call->arena, differs);
	json_keep(b->call->arena, was);
	*changed = false;
	json_object_object_foreach(args, name, value)
	{
		struct json_object *old = NULL;
		json_object_object_get_ex(current, name, &old);
		if (json_object_equal(old, value))
			continue;
		json_object_object_add(differs, name, json_object_get(value));
		json_object_object_add(was, name, json_object_get(old));
		*changed = true;
	}
	if (!*changed)
		return OK;
	import_put_id(differs, "id", id);
	TRY(import_call(b, operation_of(b, table, "update"), differs, &answer));
	note_done(b, table, id)->was = was;
	return OK;
}

error import_add_note(struct import_batch *b, const char *object, const uuid *id)
{
	str body = import_note(b->line, b->plan->kind->extras);
	struct import_note_there_in ask = { .body = body };
	struct import_note_there_row there;
	uuid note;
	if (!body.n || access_level(b->call, "notes.create") == LEVEL_NONE)
		return OK;
	bool contact = !strcmp(object, "contact");
	memcpy(contact ? ask.contact.text : ask.deal.text, id->text, sizeof id->text);
	error e = b->outcome == IMPORT_ROW_STATUS_CREATED
		      ? NOT_FOUND
		      : query_one(b->call, &import_note_there_query, &ask, &there);
	if (e != NOT_FOUND)
		return e;
	struct json_object *args = json_object_new_object(), *about = json_object_new_object();
	json_keep(b->call->arena, args);
	import_put(about, "object", str_of(object));
	import_put_id(about, "id", id->text);
	json_object_object_add(args, "subject", about);
	import_put(args, "body", body);
	return import_create(b, &notes_table, args, &note);
}

/* ---- one line ---- */

/* Any error of the line ends the attempt, so that what it had made in passing is taken back. */
static error line_good(struct import_batch *b)
{
	return b->line->n_errors ? fail(b->call, INVALID, NULL, "the line is refused") : OK;
}

static error try_line(struct call *call, void *with)
{
	struct import_batch *b = with;
	const struct import_kind *kind = b->plan->kind;
	struct json_object *input = kind->values(b->line), *current;
	bool changed;
	json_keep(call->arena, input);
	b->row = (uuid) { "" };
	TRY(line_good(b));
	TRY(kind->match(b, input, &b->row));
	TRY(kind->resolve(b, input));
	TRY(line_good(b));
	if (!b->row.text[0]) {
		struct json_object *elsewhere;
		b->outcome = IMPORT_ROW_STATUS_CREATED;
		TRY(import_create(b, kind->table, input, &b->row));
		if (json_object_object_get_ex(input, "external_id", &elsewhere))
			import_learn(
			    b, NAME_ELSEWHERE, str_of(json_object_get_string(elsewhere)), &b->row);
	} else {
		TRY(import_current(b, kind->table, b->row.text, &current));
		TRY(kind->merge(b, current, input));
		TRY(line_good(b));
		TRY(import_change(b, kind->table, b->row.text, current, input, &changed));
		b->outcome = changed ? IMPORT_ROW_STATUS_UPDATED : IMPORT_ROW_STATUS_SKIPPED;
	}
	return kind->after ? kind->after(b, input, &b->row) : OK;
}

static bool has_value(struct json_object *array, struct json_object *value)
{
	for (size_t i = 0; i < json_object_array_length(array); i++)
		if (json_object_equal(json_object_array_get_idx(array, i), value))
			return true;
	return false;
}

void import_merge_ids(struct json_object *current, struct json_object *input, const char *name)
{
	struct json_object *there = NULL, *mine, *merged = NULL;
	if (!json_object_object_get_ex(current, name, &there) || !there) {
		there = json_object_new_array();
		json_object_object_add(current, name, there);
	}
	if (!json_object_object_get_ex(input, name, &mine))
		return;
	json_object_deep_copy(there, &merged, NULL);
	for (size_t i = 0; i < json_object_array_length(mine); i++) {
		struct json_object *id = json_object_array_get_idx(mine, i);
		if (!has_value(merged, id))
			json_object_array_add(merged, json_object_get(id));
	}
	json_object_object_add(input, name, merged);
}

/* ---- what became of it ---- */

static struct import_row *add_row(struct import_batch *b, enum import_row_status status)
{
	ARENA_GROW(b->call->arena, b->rows, b->n_rows, b->cap_rows);
	struct import_row *row = &b->rows[b->n_rows++];
	row_init(&import_rows_table, row);
	row->import_id = b->plan->import->id;
	row->number = (int64_t)b->line->cells.line;
	row->status = status;
	return row;
}

static void add_refused(struct import_batch *b)
{
	struct import_row *row = add_row(b, IMPORT_ROW_STATUS_REFUSED);
	struct json_object *cells = json_object_new_array();
	struct buf why = { 0 };
	json_keep(b->call->arena, cells);
	for (size_t i = 0; i < b->line->cells.n; i++) {
		str cell = utf8_cut(b->line->cells.cells[i], REFUSED_CELL);
		json_object_array_add(cells, json_object_new_string_len(cell.p, (int)cell.n));
	}
	for (size_t i = 0; i < b->line->n_errors; i++)
		buf_printf(&why, "%s%s", i ? "; " : "", b->line->errors[i]);
	str reason = utf8_cut(buf_view(&why), REASON);
	row->reason = (str) { arena_text(b->call->arena, reason.p, reason.n), reason.n };
	row->cells = json_kept(b->call->arena, cells);
	buf_free(&why);
}

/* {"at":...,"was":{...}}: undoing it compares `at` with when the row changed last. */
static struct json_object *undo_of(struct import_batch *b, const struct import_done *d)
{
	struct json_object *o = json_object_new_object();
	char at[INSTANT_TEXT];
	json_keep(b->call->arena, o);
	instant_format(b->call->now, at);
	import_put(o, "at", str_of(at));
	if (d->was)
		json_object_object_add(o, "was", json_object_get(d->was));
	return o;
}

/* What was there before this import, whatever was noted of the same row later. */
static struct json_object *undo_merged(
    struct import_batch *b, json_text before, const struct import_done *d)
{
	const char *why;
	struct json_object *now = undo_of(b, d),
			   *old = json_read(b->call->arena, before.json, &why), *was,
			   *fields = NULL;
	if (!json_object_object_get_ex(old, "was", &was)) { /* it was made by this import */
		json_object_object_del(now, "was");
		return now;
	}
	json_object_deep_copy(was, &fields, NULL);
	if (d->was) {
		json_object_object_foreach(
		    d->was, name, value) if (!json_object_object_get_ex(fields, name, NULL))
		    json_object_object_add(fields, name, json_object_get(value));
	}
	json_object_object_add(now, "was", fields);
	return now;
}

/* The row of import_rows that already tells how to undo this one: of this batch, or of an earlier
 * one. */
static error note_again(struct import_batch *b, const struct import_done *d, bool *found)
{
	struct import_row_of_row there;
	struct import_row row;
	*found = true;
	for (size_t i = 0; i < b->n_rows; i++)
		if (!strcmp(b->rows[i].row_id.text, d->row.text) &&
		    !str_none(b->rows[i].before_row.json)) {
			b->rows[i].before_row =
			    json_kept(b->call->arena, undo_merged(b, b->rows[i].before_row, d));
			return OK;
		}
	error e = query_one(b->call, &import_row_of_query,
	    &(struct import_row_of_in) { .import = b->plan->import->id, .row = d->row }, &there);
	*found = e == OK;
	if (e == NOT_FOUND)
		return OK;
	TRY(e);
	TRY(import_row_lock_any(b->call, there.id, &row));
	row.before_row = json_kept(b->call->arena, undo_merged(b, row.before_row, d));
	return import_row_update(b->call, &row);
}

static error add_done(struct import_batch *b)
{
	for (size_t i = 0; i < b->n_done; i++) {
		const struct import_done *d = &b->done[i];
		bool found = false;
		if (!d->created)
			TRY(note_again(b, d, &found));
		struct import_row *row =
		    add_row(b, d->created ? IMPORT_ROW_STATUS_CREATED : IMPORT_ROW_STATUS_UPDATED);
		row->object = str_of(d->table->name);
		row->row_id = d->row;
		if (!found)
			row->before_row = json_kept(b->call->arena, undo_of(b, d));
	}
	return OK;
}

static error do_line(struct import_batch *b, struct import *import, const char *bad)
{
	struct call *call = b->call;
	size_t mark = import_names_mark(b->names);
	b->n_done = 0;
	if (bad)
		import_bad(b->line, NULL, "%s", bad);
	error e = bad ? INVALID : call_attempt(call, try_line, b);
	if (e == RETRY || e == INTERNAL || e == UNAVAILABLE)
		return e;
	if (e != OK) {
		if (!b->line->n_errors)
			import_refused(b->line, call, e);
		call->problem = (struct problem) { 0 };
		import_names_back(b->names, mark);
		b->known = NULL;
		add_refused(b);
		import->refused++;
		return OK;
	}
	/* Also when only another row was made: an organisation, say. */
	TRY(add_done(b));
	import->created += b->outcome == IMPORT_ROW_STATUS_CREATED;
	import->updated += b->outcome == IMPORT_ROW_STATUS_UPDATED;
	import->skipped += b->outcome == IMPORT_ROW_STATUS_SKIPPED;
	return OK;
}

/* ---- the step ---- */

static error check_permissions(struct call *call, const struct import_kind *kind)
{
	for (size_t i = 0;
	     i < sizeof kind->permissions / sizeof *kind->permissions && kind->permissions[i]; i++)
		if (access_level(call, kind->permissions[i]) == LEVEL_NONE)
			return fail(call, FORBIDDEN, NULL,
			    "your role does not have the permission %s", kind->permissions[i]);
	return OK;
}

static error finish(struct call *call, struct import *import)
{
	import->state = IMPORT_STATE_DONE;
	import->progress = 100;
	return import_file_forget(call, import->id);
}

struct lines {
	struct csv_row rows[BATCH];
	const char *bad[BATCH];
	size_t n;
};

static error read_lines(struct import_reader *reader, struct lines *out, bool *more)
{
	*more = true;
	while (out->n < BATCH && *more) {
		TRY(import_reader_next(reader, &out->rows[out->n], &out->bad[out->n], more));
		out->n += *more;
	}
	return OK;
}

/* What the lines name in columns of these fields, each once. */
static struct json_object *named(
    struct import_batch *b, const struct lines *lines, const char *const *fields)
{
	struct json_object *names = json_object_new_array(), *seen = json_object_new_object();
	json_keep(b->call->arena, names);
	json_keep(b->call->arena, seen);
	for (size_t i = 0; i < lines->n; i++) {
		struct import_line line = {
			.arena = b->call->arena, .plan = b->plan, .cells = lines->rows[i]
		};
		for (const char *const *field = fields; *field; field++) {
			str texts[20];
			size_t n = import_texts(&line, *field, texts, sizeof texts / sizeof *texts);
			for (size_t k = 0; k < n; k++) {
				char *text = arena_text(b->call->arena, texts[k].p, texts[k].n);
				/* Addresses are kept in lower case. */
				for (char *c = text; *c && strchr(*field, '['); c++)
					*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
				if (json_object_object_get_ex(seen, text, NULL))
					continue;
				json_object_object_add(seen, text, NULL);
				json_object_array_add(names, json_object_new_string(text));
			}
		}
	}
	return names;
}

/* The rows that these lines are about or name, by one statement for each way of naming. */
static error find_named(struct import_batch *b, const struct lines *lines)
{
	static const char *const elsewhere[] = { "external_id", NULL }, *const emails[] = {
		"emails[].address", NULL
	};
	static const char *const organisations[] = { "organisation", "parent_organisation", NULL },
				 *const own_name[] = { "name", NULL };
	const struct import_kind *kind = b->plan->kind;
	if (kind->known)
		TRY(import_ask(b, NAME_ELSEWHERE, kind->known, named(b, lines, elsewhere)));
	if (kind->object == IMPORT_OBJECT_CONTACTS || kind->object == IMPORT_OBJECT_ORGANISATIONS)
		TRY(import_ask(b, NAME_PERSON, &import_contacts_at_query, named(b, lines, emails)));
	TRY(import_ask(b, NAME_ORGANISATION, &import_organisations_called_query,
	    named(b, lines, organisations)));
	if (kind->object == IMPORT_OBJECT_ORGANISATIONS)
		TRY(import_ask(b, NAME_ORGANISATION, &import_organisations_called_query,
		    named(b, lines, own_name)));
	return OK;
}

static error do_batch(struct call *call, struct import *import, bool *more)
{
	struct import_plan plan;
	struct import_reader reader;
	struct lines *lines = ARENA_NEW(call->arena, struct lines);
	int64_t began = clock_monotonic_us();
	TRY(import_plan_read(call, import, &plan));
	TRY(check_permissions(call, plan.kind));
	TRY(import_reader_open(
	    call, import, import->position + import->has_header, false, &reader));
	TRY(read_lines(&reader, lines, more));
	struct import_line line = { .arena = call->arena, .plan = &plan };
	struct import_batch b = {
		.call = call, .plan = &plan, .line = &line, .names = import_names_new(call->arena)
	};
	TRY(find_named(&b, lines));
	call->brief = true;
	for (size_t i = 0; i < lines->n; i++) {
		if (i > 0 && clock_monotonic_us() - began > SECONDS(BATCH_SECONDS)) {
			*more = true;
			break;
		}
		line.cells = lines->rows[i];
		line.n_errors = 0;
		TRY(do_line(&b, import, lines->bad[i]));
		import->position++;
	}
	return import_rows_insert_all(call, b.rows, b.n_rows);
}

static error rows_step(struct call *call, struct job *job)
{
	struct import import;
	bool more;
	TRY(import_of_job(call, job, &import));
	if (import.state != IMPORT_STATE_RUNNING)
		return OK;
	TRY(do_batch(call, &import, &more));
	import.progress = import.total ? import.position * 100 / import.total : 100;
	if (more)
		job_next(job, "rows");
	else
		TRY(finish(call, &import));
	return import_update(call, &import);
}

static error run_failed(struct call *call, struct job *job, const char *why)
{
	struct import import;
	TRY(import_of_job(call, job, &import));
	str detail = utf8_cut(str_of(why), REASON);
	import.state = IMPORT_STATE_FAILED;
	import.detail = (str) { arena_text(call->arena, detail.p, detail.n), detail.n };
	return import_update(call, &import);
}

static error run_again(struct call *call, struct job *job)
{
	struct import import;
	TRY(import_of_job(call, job, &import));
	if (import.state != IMPORT_STATE_FAILED)
		return fail(
		    call, CONFLICT, NULL, "the import is %s", import_state_name(import.state));
	import.state = IMPORT_STATE_RUNNING;
	import.detail = (str) { NULL, 0 };
	return import_update(call, &import);
}

WORKFLOW(imports_run, .definition = 1, .failed = run_failed, .again = run_again,
    .steps = { { "rows", rows_step, .alone = true } });
const struct workflow *const import_workflow = &imports_run;
