/*
 * automation_trial.c: an automation at a record, as a person asks for it: what a draft would do,
 * found out by doing it and taking all of it back, and a run that is started by hand. See
 * automations.h. Tests: tests/http/automations_trial.test.mjs
 */
#include "automations.h"

#include <stdio.h>

/* Of those of `a`; the record must be one that the caller can see. */
static error read_record(
    struct call *call, const struct automation_program *program, const char *id, void **row)
{
	const struct table *table = program->table;
	*row = automation_row(call->arena, program);
	error e = row_get(call, table, id, *row);
	if (e != NOT_FOUND)
		return e;
	call->problem = (struct problem) { 0 };
	return fail_code(
	    call, INVALID, "subject_id", "not_found", "there is no such %s", table->noun);
}

#define OF_AUTOMATION(NAME) FIELD(NAME, id, .flags = F_REQUIRED, .like = COLUMN(automations, id))
#define OF_SUBJECT(NAME) \
	FIELD(NAME, subject_id, .flags = F_REQUIRED, .doc = "The record", .example = "contacts")

/* ---- what it would do ---- */

struct tried_condition_out {
	str at, field, is, text;
	bool holds;
};
ANSWER(tried_condition) = {
	MEMBER(tried_condition, at, .doc = "Where it stands in the automation"),
	MEMBER(tried_condition, field, .doc = "The field that it asks"),
	MEMBER(tried_condition, is, .doc = "What it asks of it"),
	MEMBER(tried_condition, text, .doc = "The same for people"),
	MEMBER(tried_condition, holds, .doc = "Whether it holds of the record"),
};

struct tried_step_out {
	str at, what, title, text, with, icon;
	json_text input;
	str skipped, refused;
};
ANSWER(tried_step) = {
	MEMBER(tried_step, at, .doc = "Where it stands in the automation"),
	MEMBER_AS(tried_step, what, T_TEXT, .doc = "What it does"),
	MEMBER(tried_step, title, .doc = "The same for people"),
	MEMBER(tried_step, text, .flags = F_NULLABLE, .doc = "As the automation says it"),
	MEMBER(tried_step, with, .flags = F_NULLABLE, .doc = "What it would write, for people"),
	MEMBER(tried_step, icon, .doc = "The sign that stands for it"),
	MEMBER(tried_step, input, .flags = F_NULLABLE, .doc = "With what it would do it"),
	MEMBER(tried_step, skipped, .flags = F_NULLABLE,
	    .doc = "Why it would do nothing, and the run go on"),
	MEMBER(tried_step, refused, .flags = F_NULLABLE,
	    .doc = "Why it would fail, and the run with it"),
};

struct automations_test_out {
	str record, sent;
	bool matches;
	list conditions, steps;
};
ANSWER(automations_test) = {
	MEMBER(automations_test, record, .doc = "What the record is called"),
	MEMBER(automations_test, sent, .flags = F_NULLABLE, .doc = "What would be sent with it"),
	MEMBER(automations_test, matches, .doc = "Whether a run would start"),
	MEMBER_LIST(automations_test, conditions, tried_condition, .doc = "Each comparison"),
	MEMBER_LIST(automations_test, steps, tried_step,
	    .doc = "The steps that a run would do, without the waits between them"),
};

static void tell_conditions(struct call *call, const struct automation_condition *c,
    const void *row, list *out, size_t *cap)
{
	struct arena *a = call->arena;
	struct tried_condition_out *v = out->items;
	if (c->kind == HOLDS_FIELD) {
		ARENA_GROW(a, v, out->n, *cap);
		v[out->n++] = (struct tried_condition_out) { str_of(c->pointer),
			str_of(c->field->name), str_of(automation_test_names[c->is]),
			str_of(automation_condition_told(call, c)), automation_holds(a, c, row) };
		out->items = v;
	}
	for (size_t i = 0; i < c->n; i++)
		tell_conditions(call, &c->children[i], row, out, cap);
}

struct trial {
	struct automation_work work;
	struct tried_step_out *steps;
	size_t n;
	bool over;
};

static error try_step(struct call *call, struct trial *t, size_t *step)
{
	const struct automation_program *program = t->work.program;
	const struct automation_step *s = &program->steps[*step];
	struct tried_step_out *told = &t->steps[t->n++];
	struct automation_done done;
	struct automation_kind kind = automation_step_kind(call->arena, s->what);
	*told = (struct tried_step_out) { .at = str_of(s->pointer),
		.what = str_of(kind.name),
		.title = str_of(kind.label),
		.text = str_of(automation_step_told(call, s)),
		.icon = str_of(kind.icon) };
	TRY(read_record(call, program, t->work.subject, &t->work.row));
	automation_row_hears(program, t->work.row, t->work.event);
	error e = automation_do(call, &t->work, *step, &done);
	struct json_object *input = NULL, *output = NULL;
	json_object_object_get_ex(done.told, "input", &input);
	json_object_object_get_ex(done.told, "output", &output);
	told->input = json_kept(call->arena, input);
	*step = done.next;
	if (e == RETRY || e == INTERNAL || e == UNAVAILABLE)
		return e;
	if (e != OK) {
		told->refused = str_of(call->problem.detail ? call->problem.detail : "it fails");
		*step = NO_STEP;
	}
	call->problem = (struct problem) { 0 };
	told->with = str_of(automation_input_told(call, program->table, s->what, input));
	told->skipped = str_of(automation_skipped_told(s->what, output));
	return OK;
}

/* Always refuses at its end, so that all is taken back. */
static error try_steps(struct call *call, void *with)
{
	struct trial *t = with;
	size_t step = 0;
	while (step != NO_STEP && t->n < AUTOMATION_STEPS)
		TRY(try_step(call, t, &step));
	t->over = true;
	return CONFLICT;
}

struct automations_test_in {
	automation_id id;
	uuid subject_id;
	str sent;
};
FIELDS(automations_test) = { OF_AUTOMATION(automations_test), OF_SUBJECT(automations_test),
	FIELD(automations_test, sent, .flags = F_MULTILINE, .max = 5000,
	    .doc = "Of one that a form or a hook starts: what is sent, a line for each, "
		   "budget: 5000",
	    .example = "budget: 5000") };

static error read_sent(struct call *call, str text, struct json_object **out)
{
	*out = automation_texts(text);
	json_keep(call->arena, *out);
	return json_object_is_type(*out, json_type_object)
		   ? OK
		   : fail_code(call, INVALID, "sent", "format",
			 "each line is a name, a colon and a text");
}

MUTATION(automations_test, "automations.edit", OBJECT(automations_test),
    .route = "POST /v1/automations/{id}/test",
    .summary = "What an automation, as it is drafted, would do with a record; nothing is changed",
    .shown = true)
{
	struct automation a;
	struct automation_program program;
	struct trial trial = { .work = { .program = &program, .automation = in->id } };
	size_t cap = 0;
	TRY(automation_get(call, in->id, &a));
	TRY(automation_read(call,
	    &(struct automation_documents) { a.object, a.starts, a.conditions, a.steps }, false,
	    &program));
	trial.work.subject = in->subject_id.text;
	TRY(read_sent(call, in->sent, &trial.work.event));
	TRY(read_record(call, &program, in->subject_id.text, &trial.work.row));
	automation_row_hears(&program, trial.work.row, trial.work.event);
	out->sent = in->sent;
	const struct field named = { .type = T_ID, .ref = program.table };
	out->record = str_of(automation_told(call, &named, &in->subject_id));
	tell_conditions(call, &program.when, trial.work.row, &out->conditions, &cap);
	out->matches = automation_holds(call->arena, &program.when, trial.work.row);
	if (!out->matches || !program.n)
		return OK;
	trial.steps = ARENA_ARRAY(call->arena, AUTOMATION_STEPS + 1, struct tried_step_out);
	error e = call_attempt(call, try_steps, &trial);
	if (!trial.over)
		return e;
	call->problem = (struct problem) { 0 };
	out->steps = (list) { trial.steps, trial.n };
	return OK;
}

/* ---- by hand ---- */

struct automations_start_in {
	automation_id id;
	uuid subject_id;
};
FIELDS(automations_start) = { OF_AUTOMATION(automations_start), OF_SUBJECT(automations_start) };

MUTATION(automations_start, "automations.start", ROW(workflow_runs),
    .route = "POST /v1/automations/{id}/start", .status = 202,
    .summary = "Start a run of an automation that is started by hand, for a record")
{
	struct automation a;
	struct automation_version version;
	struct automation_program program;
	workflow_run_id run;
	const char *refused;
	void *row;
	TRY(automation_get(call, in->id, &a));
	if (a.state != AUTOMATION_STATE_ON)
		return fail(call, CONFLICT, "id", "it is not on");
	TRY(automation_version_get(call, automation_version_now(&a), &version));
	TRY(automation_read(call,
	    &(struct automation_documents) {
		a.object, version.starts, version.conditions, version.steps },
	    false, &program));
	if (program.start.on != ON_MANUAL)
		return fail(call, CONFLICT, "id", "it is not started by hand");
	TRY(read_record(call, &program, in->subject_id.text, &row));
	if (!automation_holds(call->arena, &program.when, row))
		return fail(call, CONFLICT, "subject_id", "its conditions do not hold of this %s",
		    program.table->noun);
	const struct automation_wish wish = { .id = a.id,
		.version = automation_version_now(&a),
		.agent = a.agent_id,
		.key = a.key_id,
		.refused_at = a.refused_at,
		.by = automation_event_names[ON_MANUAL] };
	TRY(automation_start(call, &wish, in->subject_id.text, &refused, &run));
	if (refused)
		return fail(call, CONFLICT, NULL, "%s", refused);
	return row_answer(call, &workflow_runs_table, run.text, out);
}

struct automations_offered_in {
	enum automation_object object;
	uuid subject_id;
};
FIELDS(automations_offered) = {
	FIELD(
	    automations_offered, object, .flags = F_REQUIRED, .like = COLUMN(automations, object)),
	OF_SUBJECT(automations_offered),
};

struct offered_automation_out {
	automation_id automation_id;
	str name;
	uuid subject_id;
};
ANSWER(offered_automation) = {
	MEMBER(offered_automation, automation_id, .like = COLUMN(automations, id)),
	MEMBER(offered_automation, name, .like = COLUMN(automations, name)),
	MEMBER(offered_automation, subject_id, .doc = "The record"),
};

struct automations_offered_out {
	list data;
};
ANSWER(automations_offered) = { MEMBER_LIST(
    automations_offered, data, offered_automation, .doc = "Those whose conditions hold of it") };

QUERY(automations_offered, "automations.start", OBJECT(automations_offered),
    .route = "GET /v1/automations/offered", .table = &automations_table,
    .summary = "The automations that can be started by hand for a record")
{
	const struct automations_by_hand_in ask = { .object = in->object };
	const struct table *table = automation_table(in->object);
	void *row = arena_alloc(call->arena, table->columns.size);
	struct automations_by_hand_row *rows;
	size_t n;
	TRY(row_get(call, table, in->subject_id.text, row));
	TRY(query_all(call, &automations_by_hand_query, &ask, &rows, &n));
	struct offered_automation_out *fit =
	    ARENA_ARRAY(call->arena, n + 1, struct offered_automation_out);
	for (size_t i = 0; i < n; i++) {
		struct automation_program program;
		const struct automation_documents documents = { in->object, rows[i].starts,
			rows[i].conditions, { { NULL, 0 } } };
		/* What no longer fits its records is told on its page. */
		if (automation_read(call, &documents, false, &program) == OK &&
		    automation_holds(call->arena, &program.when, row))
			fit[out->data.n++] = (struct offered_automation_out) { rows[i].id,
				rows[i].name, in->subject_id };
		call->problem = (struct problem) { 0 };
	}
	out->data.items = fit;
	return OK;
}
