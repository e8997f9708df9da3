/*
 * automation_story.c: an automation read aloud: as it is drafted or as one of its versions is, all
 * of them in a line each, and how far a run is, step by step. Statements:
 * sql/query/automations.sql. Pages: templates/automations/. Tests:
 * tests/http/automation_pages.test.mjs
 */
#include "automations.h"

#include "core/page.h"

static error no_longer_fits(struct call *call, str *why)
{
	*why = str_of(call->problem.detail ? call->problem.detail : "it no longer fits");
	call->problem = (struct problem) { 0 };
	return OK;
}

/* ---- one, as it stands ---- */

struct outline_part_out {
	str at, what, title, text, icon, after;
	int64_t depth;
	bool first, last, ways;
};
ANSWER(outline_part) = {
	MEMBER(outline_part, at, .doc = "Where it stands"),
	MEMBER(
	    outline_part, what, .doc = "The kind of the step; of a branch also then, else and end"),
	MEMBER(outline_part, title, .doc = "What it does, for people"),
	MEMBER(outline_part, text, .doc = "With what"),
	MEMBER(outline_part, icon, .doc = "The sign that stands for it"),
	MEMBER(outline_part, after, .doc = "Where a step that comes after it is added"),
	MEMBER(outline_part, depth, .doc = "In how many branches it stands"),
	MEMBER(outline_part, first, .doc = "Whether none stands before it"),
	MEMBER(outline_part, ways, .doc = "Whether others stand in it"),
	MEMBER(outline_part, last, .doc = "Whether none stands after it"),
};

struct automations_outline_out {
	str starts, conditions, wrong;
	list steps;
	bool differs, manual, hears;
	int64_t number;
};
ANSWER(automations_outline) = {
	MEMBER(automations_outline, starts, .doc = "On what a run starts"),
	MEMBER(automations_outline, manual, .doc = "Whether somebody starts it by hand"),
	MEMBER(automations_outline, hears, .doc = "Whether it knows what a form or a hook sent"),
	MEMBER(automations_outline, conditions, .doc = "What must hold of the record then"),
	MEMBER_LIST(automations_outline, steps, outline_part, .doc = "What is done"),
	MEMBER(automations_outline, wrong, .flags = F_NULLABLE,
	    .doc = "What in it fits the records no longer"),
	MEMBER(automations_outline, differs,
	    .doc = "Whether the draft says something else than the version that new runs have"),
	MEMBER(automations_outline, number, .flags = F_NULLABLE,
	    .doc = "The number of the version; null: the draft"),
};

struct telling {
	struct call *call;
	const struct automation_program *program;
	struct outline_part_out *v;
	size_t n, cap;
};

static struct outline_part_out *tell(struct telling *t, struct outline_part_out part)
{
	ARENA_GROW(t->call->arena, t->v, t->n, t->cap);
	t->v[t->n] = part;
	return &t->v[t->n++];
}

static void tell_steps(struct telling *t, const char *of, size_t step, int64_t depth);

static void tell_way(
    struct telling *t, const char *of, const char *what, size_t first, int64_t depth)
{
	str at = str_of(of), title = str_is(str_of(what), "then") ? STR("If so") : STR("Otherwise");
	tell(t, (struct outline_part_out) { at, str_of(what), title, STR(""), STR(""),
		    str_of(arena_printf(t->call->arena, "%s/0", of)), depth,
		    .last = first == NO_STEP });
	tell_steps(t, of, first, depth);
}

static void tell_steps(struct telling *t, const char *of, size_t step, int64_t depth)
{
	struct arena *a = t->call->arena;
	for (size_t i = 0; step != NO_STEP; i++, step = t->program->steps[step].sibling) {
		const struct automation_step *s = &t->program->steps[step];
		struct automation_kind kind = automation_step_kind(a, s->what);
		str after = str_of(arena_printf(a, "%s/%zu", of, i + 1));
		bool last = s->sibling == NO_STEP;
		tell(t, (struct outline_part_out) { str_of(s->pointer), str_of(kind.name),
			    str_of(kind.label), str_of(automation_step_told(t->call, s)),
			    str_of(kind.icon), after, depth, i == 0, last,
			    automation_has_ways(s->what) });
		if (!automation_has_ways(s->what))
			continue;
		tell_way(t, arena_printf(a, "%s/then", s->pointer), "then", s->then, depth + 1);
		tell_way(
		    t, arena_printf(a, "%s/else", s->pointer), "else", s->otherwise, depth + 1);
		tell(t, (struct outline_part_out) { str_of(s->pointer), STR("end"), STR(""),
			    STR(""), STR(""), after, depth, .last = last });
	}
}

static bool same(json_text a, json_text b) { return str_eq(a.json, b.json); }

/* As by query, not as a row: a version is never changed, so nobody waits for that. */
static error read_version(
    struct call *call, automation_version_id id, struct automation_version_of_row *out)
{
	error e = query_one(call, &automation_version_of_query,
	    &(struct automation_version_of_in) { .version = id }, out);
	return e == NOT_FOUND ? fail(call, NOT_FOUND, NULL, "it has no such version") : e;
}

struct automations_outline_in {
	automation_id id;
	automation_version_id version_id;
};
FIELDS(automations_outline) = {
	FIELD(automations_outline, id, .flags = F_REQUIRED, .like = COLUMN(automations, id)),
	FIELD(automations_outline, version_id,
	    .doc = "One of its versions; without it, it is told as it is drafted"),
};

QUERY(automations_outline, "automations.view", OBJECT(automations_outline),
    .route = "GET /v1/automations/{id}/outline", .table = &automations_table,
    .summary = "What an automation does, in sentences")
{
	struct automation a;
	struct automation_version_of_row v;
	struct automation_program p;
	struct telling t = { .call = call, .program = &p };
	TRY(automation_get(call, in->id, &a));
	struct automation_documents told = { a.object, a.starts, a.conditions, a.steps };
	out->number = INT_NONE;
	if (in->version_id.text[0]) {
		TRY(read_version(call, in->version_id, &v));
		if (strcmp(v.automation_id.text, a.id.text) != 0)
			return fail(call, NOT_FOUND, NULL, "it has no such version");
		told = (struct automation_documents) { a.object, v.starts, v.conditions, v.steps };
		out->number = v.number;
	} else if (a.version_number) {
		TRY(read_version(call, automation_version_now(&a), &v));
		out->differs = !same(a.starts, v.starts) || !same(a.conditions, v.conditions) ||
			       !same(a.steps, v.steps);
	}
	out->starts = out->conditions = STR("");
	if (automation_read(call, &told, false, &p) != OK)
		return no_longer_fits(call, &out->wrong);
	out->manual = p.start.on == ON_MANUAL;
	out->hears = automation_hears(&p.start);
	out->starts = str_of(automation_start_told(call, &p));
	out->conditions = p.when.kind == HOLDS_ALWAYS
			      ? STR("")
			      : str_of(automation_condition_told(call, &p.when));
	if (p.n)
		tell_steps(&t, "/steps", 0, 0);
	out->steps = (list) { t.v, t.n };
	return OK;
}

/* ---- all of them ---- */

struct overview_line_out {
	automation_id automation_id;
	str starts;
	int64_t runs, failed, going;
};
ANSWER(overview_line) = {
	MEMBER(overview_line, automation_id, .like = COLUMN(automations, id)),
	MEMBER(overview_line, starts, .doc = "On what a run starts"),
	MEMBER(overview_line, runs, .doc = "How many runs were started in the last 24 hours"),
	MEMBER(overview_line, failed, .doc = "How many of these have failed"),
	MEMBER(overview_line, going, .doc = "How many runs have not ended"),
};

NO_INPUT(automations_overview);
struct automations_overview_out {
	list data;
};
ANSWER(automations_overview) = { MEMBER_LIST(
    automations_overview, data, overview_line, .doc = "The latest 500") };

QUERY(automations_overview, "automations.view", OBJECT(automations_overview),
    .route = "GET /v1/automations/overview", .table = &automations_table,
    .summary = "On what each automation starts, and how often it ran in the last 24 hours")
{
	const struct automation_overview_in lately = { .since = { call->now.us - DAYS(1) } };
	struct automation_overview_row *rows;
	size_t n;
	TRY(query_all(call, &automation_overview_query, &lately, &rows, &n));
	struct overview_line_out *lines = ARENA_ARRAY(call->arena, n + 1, struct overview_line_out);
	for (size_t i = 0; i < n; i++) {
		struct automation_program p;
		lines[i] = (struct overview_line_out) { rows[i].automation_id, STR(""),
			rows[i].runs, rows[i].failed, rows[i].going };
		if (automation_read(call,
			&(struct automation_documents) {
			    .object = rows[i].object, .starts = rows[i].starts },
			false, &p) == OK)
			lines[i].starts = str_of(automation_start_told(call, &p));
		else
			TRY(no_longer_fits(call, &lines[i].starts));
	}
	out->data = (list) { lines, n };
	return OK;
}

/* ---- a run ---- */

struct story_step_out {
	int64_t number, attempts;
	str at, title, text, with, icon, error;
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
	MEMBER(story_step, icon, .doc = "The sign that stands for it"),
	MEMBER(story_step, attempts, .doc = "How often it was tried"),
	MEMBER(story_step, error, .flags = F_NULLABLE, .doc = "Why it failed"),
	MEMBER(story_step, input, .flags = F_NULLABLE, .doc = "With what it was done"),
	MEMBER(story_step, output, .flags = F_NULLABLE, .doc = "What came of it"),
	MEMBER(story_step, finished_at, .doc = "When that was"),
	MEMBER(story_step, undone, .doc = "Whether it was taken back"),
};

struct workflow_runs_story_out {
	str title, object, record, about;
	automation_id automation_id;
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
	struct story_step_out *steps = ARENA_ARRAY(call->arena, n + 1, struct story_step_out);
	for (size_t i = 0; i < n; i++)
		tell_done(call, known ? &p : NULL, &rows[i], &steps[i]);
	out->steps = (list) { steps, n };
	return OK;
}

/* ---- pages ---- */

PAGE(automations_index, .route = "/automations", .template = "automations/index",
    .title = "Automations", .nav = "automations",
    .loads = {
	{ "automations", "automations_list", "*&limit=50" },
	{ "overview", "automations_overview", "" },
    });

PAGE(automations_new, .route = "/automations/new", .template = "automations/new",
    .title = "New automation", .nav = "automations",
    .loads = { { "overview", "automations_overview", "" } });

PAGE(automations_show, .route = "/automations/{id}", .template = "automations/show",
    .title = "Automation", .nav = "automations",
    .loads = {
	{ "automation", "automations_get", "id={id}&expand=agent" },
	{ "outline", "automations_outline", "id={id}&version_id={version}" },
	{ "part", "automations_part",
	    "id={id}&at={at}&add={add}&kind={kind}&field={field}&sent={sent}&test={test}" },
	{ "versions", "automation_versions_list", "automation_id={id}&limit=10&expand=agent" },
    });

PAGE(automations_runs, .route = "/automations/{id}/runs", .template = "automations/runs",
    .title = "Runs", .nav = "automations",
    .loads = {
	{ "automation", "automations_get", "id={id}&expand=agent" },
	{ "runs", "workflow_runs_list",
	    "automation_id={id}&limit=30&state={state}&cursor={cursor}&expand=agent" },
	{ "outline", "automations_outline", "id={id}" },
    });

PAGE(automations_test, .route = "/automations/{id}/test", .template = "automations/test",
    .title = "Test", .nav = "automations",
    .loads = {
	{ "automation", "automations_get", "id={id}&expand=agent" },
	{ "records", "automations_records", "id={id}&q={q}" },
	{ "outline", "automations_outline", "id={id}" },
    });

PAGE(runs_index, .route = "/runs", .template = "automations/all_runs", .title = "Runs",
    .nav = "automations",
    .loads = { { "runs", "workflow_runs_list", "*&limit=30&expand=automation" } });

PAGE(runs_show, .route = "/runs/{id}", .template = "automations/run", .title = "Run",
    .nav = "automations",
    .loads = {
	{ "run", "workflow_runs_get", "id={id}&expand=agent" },
	{ "story", "workflow_runs_story", "id={id}" },
    });
