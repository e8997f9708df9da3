/*
 * automation_story.c: an automation read aloud: as it is drafted or as one of its versions is, all
 * of them in a line each. Statements: sql/query/automations.sql. Pages: templates/automations/.
 * Tests: tests/http/automation_draft.test.mjs
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
    struct telling *t, bool waits, const char *of, const char *what, size_t first, int64_t depth)
{
	bool so = !strcmp(what, "then");
	str at = str_of(of), title = waits
					 ? so ? STR("When it comes") : STR("If it does not in time")
				     : so ? STR("If so")
					  : STR("Otherwise");
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
		bool waits = s->what == DO_WAIT_FOR;
		tell_way(
		    t, waits, arena_printf(a, "%s/then", s->pointer), "then", s->then, depth + 1);
		tell_way(t, waits, arena_printf(a, "%s/else", s->pointer), "else", s->otherwise,
		    depth + 1);
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

/* ---- pages ---- */

PAGE(automations_index, .route = "/automations", .template = "automations/index",
    .title = "Automations", .nav = "automations",
    .loads = {
	{ "automations", "automations_list", "*&limit=50", .tolerant = true },
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

PAGE(automations_test, .route = "/automations/{id}/test", .template = "automations/test",
    .title = "Test", .nav = "automations",
    .loads = {
	{ "automation", "automations_get", "id={id}&expand=agent" },
	{ "records", "automations_records", "id={id}&q={q}" },
	{ "outline", "automations_outline", "id={id}" },
    });
