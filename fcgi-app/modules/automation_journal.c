/*
 * automation_journal.c: how far runs are, for people: on which records they are, what a run has
 * done, step by step, and for what it waits. Statements: sql/query/workflow_runs.sql. Pages:
 * templates/automations/. Tests: tests/http/automations_journal.test.mjs
 */
#include "automations.h"

#include "core/page.h"
#include "core/search_query.h"
#include "core/workflow.h"

/* ---- a run ---- */

struct story_step_out {
	int64_t number, attempts;
	str at, title, text, with, skipped, icon, error;
	json_text input, output;
	instant finished_at;
	bool undone;
};
ANSWER(story_step) = {
	MEMBER(story_step, number, .doc = "Its number in the run's journal"),
	MEMBER(story_step, at, .flags = F_NULLABLE, .doc = "Where the step stands"),
	MEMBER(story_step, title, .doc = "What was done, for people"),
	MEMBER(story_step, text, .flags = F_NULLABLE, .doc = "As the automation says it"),
	MEMBER(story_step, with, .flags = F_NULLABLE, .doc = "What was written, for people"),
	MEMBER(story_step, skipped, .flags = F_NULLABLE,
	    .doc = "Why it did nothing, and the run went on"),
	MEMBER(story_step, icon, .doc = "The sign that stands for it"),
	MEMBER(story_step, attempts, .doc = "How often it was tried"),
	MEMBER(story_step, error, .flags = F_NULLABLE, .doc = "Why it failed"),
	MEMBER(story_step, input, .flags = F_NULLABLE, .doc = "With what it was done"),
	MEMBER(story_step, output, .flags = F_NULLABLE, .doc = "What came of it"),
	MEMBER(story_step, finished_at, .doc = "When that was"),
	MEMBER(story_step, undone, .doc = "Whether it was taken back"),
};

struct workflow_runs_story_out {
	str title, object, record, about, waits_for, event, tried;
	automation_id automation_id;
	webhook_id webhook_id;
	instant until;
	int64_t version_number;
	list steps;
};
ANSWER(workflow_runs_story) = {
	MEMBER(workflow_runs_story, title, .doc = "The automation, or what the program does"),
	MEMBER(workflow_runs_story, automation_id, .flags = F_NULLABLE,
	    .doc = "The automation that it is a run of"),
	MEMBER(
	    workflow_runs_story, version_number, .flags = F_NULLABLE, .doc = "Which version of it"),
	MEMBER(workflow_runs_story, object, .flags = F_NULLABLE, .doc = "What its record is"),
	MEMBER(
	    workflow_runs_story, record, .flags = F_NULLABLE, .doc = "What the record is called"),
	MEMBER(workflow_runs_story, about, .flags = F_NULLABLE,
	    .doc = "Where the record's page is: /contacts/..."),
	MEMBER(workflow_runs_story, waits_for, .flags = F_NULLABLE,
	    .doc = "For what it waits, unless it is for a time alone"),
	MEMBER(workflow_runs_story, until, .flags = F_NULLABLE,
	    .doc = "Until when it waits at most, or when it goes on"),
	MEMBER(workflow_runs_story, event, .flags = F_NULLABLE,
	    .doc = "The event for which it waits, by the name with which it is told"),
	MEMBER(workflow_runs_story, tried, .flags = F_NULLABLE,
	    .doc = "Of a webhook that did not take it yet: why, at the last try"),
	MEMBER(workflow_runs_story, webhook_id, .flags = F_NULLABLE, .like = COLUMN(webhooks, id),
	    .doc = "The webhook whose answer it waits for"),
	MEMBER_LIST(
	    workflow_runs_story, steps, story_step, .doc = "What was done, the first first"),
};

/* The version that a run has: its program, when it can be read. */
static error version_of_run(struct call *call, const struct workflow_run *run,
    struct automation_version_of_row *row, struct automation_program *p, bool *known)
{
	const char *why;
	struct automation_version_of_in ask;
	struct json_object *input = str_none(run->input.json)
					? NULL
					: json_read(call->arena, run->input.json, &why),
			   *version = automation_member(input, "version_id");
	*known = false;
	if (!version ||
	    !uuid_parse(str_of(json_object_get_string(version)), (uuid *)(void *)&ask.version))
		return OK;
	error e = query_one(call, &automation_version_of_query, &ask, row);
	if (e != OK)
		return e == NOT_FOUND ? OK : e;
	*known = automation_read(call,
		     &(struct automation_documents) {
			 row->object, row->starts, row->conditions, row->steps },
		     false, p) == OK;
	call->problem = (struct problem) { 0 };
	return OK;
}

static str text_in(struct json_object *o, const char *name)
{
	struct json_object *value = automation_member(o, name);
	return value ? str_of(json_object_get_string(value)) : (str) { NULL, 0 };
}

static json_text part_in(struct call *call, struct json_object *o, const char *name)
{
	struct json_object *value = NULL;
	return json_object_object_get_ex(o, name, &value) && value ? json_kept(call->arena, value)
								   : (json_text) { { NULL, 0 } };
}

static void tell_done(struct call *call, const struct automation_program *p,
    const struct workflow_run_steps_row *row, struct story_step_out *out)
{
	const char *why;
	struct json_object *result =
	    str_none(row->result.json) ? NULL : json_read(call->arena, row->result.json, &why);
	*out = (struct story_step_out) { .number = row->step_number,
		.attempts = row->attempts,
		.at = text_in(result, "at"),
		.title = str_of(automation_label(call->arena,
		    arena_text(call->arena, row->step.p ? row->step.p : "", row->step.n))),
		.icon = STR("other"),
		.error = row->error,
		.finished_at = row->finished_at,
		.undone = row->undone };
	if (!p) {
		out->output = row->result;
		return;
	}
	out->input = part_in(call, result, "input");
	out->output = part_in(call, result, "output");
	if (!str_none(row->error))
		out->title = STR("A step failed");
	else if (str_none(out->at))
		out->title = STR("Done");
	for (size_t i = 0; i < p->n; i++)
		if (str_is(out->at, p->steps[i].pointer)) {
			struct automation_kind kind =
			    automation_step_kind(call->arena, p->steps[i].what);
			out->title = str_of(kind.label);
			out->icon = str_of(kind.icon);
			out->text = str_of(automation_step_told(call, &p->steps[i]));
			out->with = str_of(automation_input_told(
			    call, p->table, p->steps[i].what, automation_member(result, "input")));
			out->skipped = str_of(automation_skipped_told(
			    p->steps[i].what, automation_member(result, "output")));
		}
}

static void tell_record(struct call *call, const struct workflow_run *run,
    enum automation_object object, struct workflow_runs_story_out *out)
{
	const struct table *table = automation_table(object);
	struct field named = { .type = T_ID, .ref = table };
	out->object = str_of(table->noun);
	str title = str_of(automation_told(call, &named, &run->subject_id));
	if (str_is(title, "?")) /* gone, or nothing that this reader may see */
		return;
	out->record = title;
	out->about = str_of(table == &tasks_table ? "/tasks"
						  : arena_printf(call->arena, "/%s/%s", table->name,
							run->subject_id.text));
}

/* Of a delivery that has not arrived: where it goes, and why it did not. */
static error tell_delivery(
    struct call *call, struct json_object *state, struct workflow_runs_story_out *out)
{
	const char *why;
	struct webhook_delivery_end_in ask;
	struct webhook_delivery_end_row row;
	if (!uuid_parse(text_in(state, "waits_on"), (uuid *)(void *)&ask.delivery))
		return OK;
	error e = query_one(call, &webhook_delivery_end_query, &ask, &row);
	if (e == NOT_FOUND)
		call->problem = (struct problem) { 0 };
	if (e != OK)
		return e == NOT_FOUND ? OK : e;
	struct json_object *tries =
	    str_none(row.attempts.json) ? NULL : json_read(call->arena, row.attempts.json, &why);
	size_t n = tries ? json_object_array_length(tries) : 0;
	struct json_object *last = n ? json_object_array_get_idx(tries, n - 1) : NULL;
	out->webhook_id = row.webhook_id;
	if (!last)
		return OK;
	str said = text_in(last, "error"), status = text_in(last, "status");
	out->tried = str_of(arena_printf(call->arena, "%s%.*s, tried %lld %s",
	    str_none(said) ? "the receiver answered " : "",
	    (int)(str_none(said) ? status.n : said.n), str_none(said) ? status.p : said.p,
	    (long long)row.tries, row.tries == 1 ? "time" : "times"));
	return OK;
}

/* For what a run waits, and how long; `noun` is what its record is. */
static error tell_wait(struct call *call, const struct workflow_run *run, const char *noun,
    struct workflow_runs_story_out *out)
{
	static const char told[] = "told.";
	const size_t n = sizeof told - 1;
	const char *why;
	struct json_object *state =
	    str_none(run->data.json) ? NULL : json_read(call->arena, run->data.json, &why);
	instant until;
	out->until = INSTANT_NONE;
	if (run->state != WORKFLOW_RUN_STATE_WAITING)
		return OK;
	/* what waits for its record may look once before */
	if (instant_parse(text_in(state, "until"), &until))
		out->until = until;
	else if (!str_is(run->awaits, AWAITS_CHANGE))
		out->until = run->wake_at;
	if (str_none(run->awaits))
		return OK;
	out->waits_for = run->awaits;
	if (run->awaits.n > n && !memcmp(run->awaits.p, told, n)) {
		out->event = (str) { run->awaits.p + n, run->awaits.n - n };
		out->waits_for = str_of(
		    arena_printf(call->arena, "the event “%.*s”", (int)out->event.n, out->event.p));
	} else if (str_is(run->awaits, AWAITS_CHANGE)) {
		out->waits_for = str_of(arena_printf(call->arena, "a change of the %s", noun));
	} else if (str_is(run->awaits, "webhook")) {
		out->waits_for = STR("the answer of the webhook");
		return tell_delivery(call, state, out);
	}
	return OK;
}

struct workflow_runs_story_in {
	workflow_run_id id;
};
FIELDS(workflow_runs_story) = { FIELD(
    workflow_runs_story, id, .flags = F_REQUIRED, .like = COLUMN(workflow_runs, id)) };

QUERY(workflow_runs_story, "workflow_runs.view", OBJECT(workflow_runs_story),
    .route = "GET /v1/workflow_runs/{id}/story", .table = &workflow_runs_table,
    .summary = "What a run has done so far, in sentences, and on which record")
{
	struct workflow_run run;
	struct automation_version_of_row version;
	struct automation_program p;
	struct workflow_run_steps_row *rows;
	bool known;
	size_t n;
	TRY(workflow_run_get(call, in->id, &run));
	TRY(version_of_run(call, &run, &version, &p, &known));
	TRY(query_all(call, &workflow_run_steps_query,
	    &(struct workflow_run_steps_in) { .run = in->id, .after = -1 }, &rows, &n));
	out->version_number = INT_NONE;
	out->until = INSTANT_NONE;
	out->title = str_of(automation_label(call->arena,
	    arena_text(call->arena, run.workflow.p ? run.workflow.p : "", run.workflow.n)));
	if (run.automation_id.text[0]) {
		out->automation_id = run.automation_id;
		out->title = STR("A deleted automation");
	}
	if (known) {
		out->title = version.name;
		out->version_number = version.number;
		tell_record(call, &run, version.object, out);
	}
	TRY(tell_wait(call, &run, known ? p.table->noun : "record", out));
	struct story_step_out *steps = ARENA_ARRAY(call->arena, n + 1, struct story_step_out);
	for (size_t i = 0; i < n; i++)
		tell_done(call, known ? &p : NULL, &rows[i], &steps[i]);
	out->steps = (list) { steps, n };
	return OK;
}

/* ---- on which records ---- */

struct workflow_runs_records_in {
	automation_id automation_id;
	enum workflow_run_state state;
	int64_t limit;
	str q, cursor;
};
FIELDS(workflow_runs_records) = {
	FIELD(workflow_runs_records, automation_id, .like = COLUMN(automations, id)),
	FIELD(workflow_runs_records, state, .like = COLUMN(workflow_runs, state)),
	FIELD(workflow_runs_records, q, .flags = F_MULTILINE, .max = QUERY_CHARACTERS,
	    .doc = "The words by which the runs are found"),
	FIELD(workflow_runs_records, limit, .min = 1, .max = 100,
	    .doc = "How many; 25, when it is not given"),
	FIELD(workflow_runs_records, cursor, .max = 4000,
	    .doc = "meta.next_cursor of the page of runs before"),
};

struct run_record_out {
	workflow_run_id run_id;
	str object, record, about;
};
ANSWER(run_record) = {
	MEMBER(run_record, run_id, .like = COLUMN(workflow_runs, id)),
	MEMBER(run_record, object, .doc = "What its record is"),
	MEMBER(run_record, record, .doc = "What the record is called"),
	MEMBER(run_record, about, .doc = "Where the record's page is: /contacts/..."),
};

struct workflow_runs_records_out {
	list data;
};
ANSWER(workflow_runs_records) = { MEMBER_LIST(workflow_runs_records, data, run_record,
    .doc = "Of each run that is one of an automation and whose record the caller sees") };

static error runs_listed(
    struct call *call, const struct workflow_runs_records_in *in, struct json_object **runs)
{
	struct json_object *args = automation_object(call), *answer;
	if (in->automation_id.text[0])
		automation_put(args, "automation_id", str_of(in->automation_id.text));
	if (given(call, "state"))
		automation_put(args, "state", str_of(workflow_run_state_name(in->state)));
	if (given(call, "limit"))
		json_object_object_add(args, "limit", json_object_new_int64(in->limit));
	if (in->q.n)
		automation_put(args, "q", in->q);
	if (in->cursor.n)
		automation_put(args, "cursor", in->cursor);
	TRY(automation_ask(call, "workflow_runs_list", args, false, &answer));
	*runs = automation_member(answer, "data");
	return OK;
}

static struct run_record_out record_told(
    struct call *call, struct json_object *run, const struct workflow_run_records_row *row)
{
	struct run_record_out told = { .object = row->object, .record = row->title };
	uuid_parse(text_in(run, "id"), (uuid *)(void *)&told.run_id);
	told.about = str_is(row->object, tasks_table.noun)
			 ? STR("/tasks")
			 : str_of(arena_printf(call->arena, "/%.*ss/%s", (int)row->object.n,
			       row->object.p, row->id.text));
	return told;
}

QUERY(workflow_runs_records, "workflow_runs.view", OBJECT(workflow_runs_records),
    .route = "GET /v1/workflow_runs/records", .table = &workflow_runs_table,
    .summary = "On which records the runs of automations are, for a page of the list of runs")
{
	struct json_object *runs, *ids = json_object_new_array();
	struct workflow_run_records_row *rows;
	size_t n;
	json_keep(call->arena, ids);
	TRY(runs_listed(call, in, &runs));
	size_t n_runs = json_object_array_length(runs);
	for (size_t i = 0; i < n_runs; i++) {
		struct json_object *run = json_object_array_get_idx(runs, i);
		if (automation_member(run, "automation_id"))
			json_object_array_add(
			    ids, json_object_get(automation_member(run, "subject_id")));
	}
	const struct workflow_run_records_in ask = { json_kept(call->arena, ids) };
	TRY(query_all(call, &workflow_run_records_query, &ask, &rows, &n));
	struct run_record_out *told = ARENA_ARRAY(call->arena, n_runs + 1, struct run_record_out);
	for (size_t i = 0; i < n_runs; i++) {
		struct json_object *run = json_object_array_get_idx(runs, i);
		for (size_t k = 0; k < n; k++)
			if (str_is(text_in(run, "subject_id"), rows[k].id.text)) {
				told[out->data.n++] = record_told(call, run, &rows[k]);
				break;
			}
	}
	out->data.items = told;
	return OK;
}

/* ---- pages ---- */

PAGE(automations_runs, .route = "/automations/{id}/runs", .template = "automations/runs",
    .title = "Runs", .nav = "automations",
    .loads = {
	{ "automation", "automations_get", "id={id}&expand=agent" },
	{ "runs", "workflow_runs_list",
	    "automation_id={id}&limit=30&q={q}&state={state}&cursor={cursor}&expand=agent" },
	{ "records", "workflow_runs_records",
	    "automation_id={id}&limit=30&q={q}&state={state}&cursor={cursor}" },
	{ "outline", "automations_outline", "id={id}" },
    });

PAGE(runs_index, .route = "/runs", .template = "automations/all_runs", .title = "Runs",
    .nav = "automations",
    .loads = {
	{ "runs", "workflow_runs_list", "*&limit=30&expand=automation" },
	{ "records", "workflow_runs_records",
	    "automation_id={automation_id}&limit=30&q={q}&state={state}&cursor={cursor}" },
    });

PAGE(runs_show, .route = "/runs/{id}", .template = "automations/run", .title = "Run",
    .nav = "automations",
    .loads = {
	{ "run", "workflow_runs_get", "id={id}&expand=agent" },
	{ "story", "workflow_runs_story", "id={id}" },
    });
