/*
 * automation_trigger.c: what a mutation has changed starts runs of automations, in its own
 * transaction, so exactly once; see automations.h. companies.triggers says on which changes some
 * automation of the company starts, and is read with who asks: a company that has none pays
 * nothing, and one that has reads them only when such a change was made. A row counts once for each
 * mutation, as it was before and as it is after all of it. Statements: sql/query/automations.sql.
 * Tests: tests/http/automations.test.mjs
 */
#include "automations.h"

#include <stdio.h>

#include "base/clock.h"
#include "core/changes.h"
#include "core/cleaning.h"
#include "core/identity.h"

/* Two bits for each object, */
static int64_t bit(enum automation_object object, bool created)
{
	return INT64_C(1) << ((int)object * 2 + (created ? 0 : 1));
}

/* and one more: some run may wait for a change of such a row. */
static int64_t waited_bit(enum automation_object object) { return INT64_C(256) << (int)object; }

static int64_t waited_bits(void)
{
	int64_t bits = 0;
	for (enum automation_object o = AUTOMATION_OBJECT_CONTACT; o <= AUTOMATION_OBJECT_TASK; o++)
		bits |= waited_bit(o);
	return bits;
}

static enum automation_object object_of(const struct table *table)
{
	for (enum automation_object o = AUTOMATION_OBJECT_CONTACT; o <= AUTOMATION_OBJECT_TASK; o++)
		if (automation_table(o) == table)
			return o;
	return 0;
}

/* ---- on which changes to look ---- */

static enum automation_event event_of(struct call *call, json_text starts)
{
	struct json_object *on = NULL;
	const char *why;
	json_object_object_get_ex(json_read(call->arena, starts.json, &why), "on", &on);
	for (int i = 1; on && automation_event_names[i]; i++)
		if (!strcmp(json_object_get_string(on), automation_event_names[i]))
			return (enum automation_event)i;
	return ON_MANUAL;
}

error automation_triggers_renew(struct call *call)
{
	struct automations_on_held_row *rows;
	struct company company;
	size_t n;
	int64_t bits = 0;
	TRY(query_all(call, &automations_on_held_query, NULL, &rows, &n));
	if (n > AUTOMATIONS_ON)
		return fail(call, CONFLICT, NULL, "a company has at most %d automations on",
		    AUTOMATIONS_ON);
	for (size_t i = 0; i < n; i++) {
		enum automation_event event = event_of(call, rows[i].starts);
		if (event == ON_CREATED || event == ON_STAGE_ENTERED || event == ON_DATE)
			bits |= bit(rows[i].object, true);
		if (event == ON_CHANGED || event == ON_STAGE_ENTERED || event == ON_DATE)
			bits |= bit(rows[i].object, false);
	}
	TRY(company_lock_any(call, call->me.company, &company));
	company.triggers = bits | (company.triggers & waited_bits());
	return company_update(call, &company);
}

/* ---- who waits ---- */

/* The row is held from here to the end of the wait's transaction, so that nobody finds meanwhile
 * that no run waits. */
error automation_triggers_wait(struct call *call, const struct table *table)
{
	struct company_triggers_held_row held;
	struct company company;
	int64_t bit = waited_bit(object_of(table));
	TRY(query_one(call, &company_triggers_held_query, NULL, &held));
	if (held.triggers & bit)
		return OK;
	TRY(company_lock_any(call, call->me.company, &company));
	company.triggers |= bit;
	return company_update(call, &company);
}

/* Of a company in which no run waited for a change when it was listed; somebody may have begun to
 * since. */
static error forget_waits(struct call *call, const char *id)
{
	struct company company;
	struct company_awaited_row awaited;
	(void)id;
	TRY(company_lock_any(call, call->me.company, &company));
	TRY(query_one(call, &company_awaited_query, NULL, &awaited));
	if (awaited.runs)
		return OK;
	company.triggers &= ~waited_bits();
	return company_update(call, &company);
}
CLEANING(companies_waited, 0, forget_waits);

/* ---- limits ---- */

/* Once a minute is enough to see it, and keeps a storm of refusals from waiting for one row. */
static error tell_refusal(struct call *call, const struct automation_wish *wish, const char *why)
{
	struct automation row;
	if (!instant_none(wish->refused_at) && call->now.us - wish->refused_at.us < MINUTES(1))
		return OK;
	TRY(automation_lock_any(call, wish->id, &row));
	row.refusal = str_of(why);
	row.refused_at = call->now;
	return automation_update(call, &row);
}

const char automation_hour_full[] =
    "the automations of the company had run 1000 times within an hour";

/* NULL: none stands against it. */
static error find_limit(
    struct call *call, const struct automation_wish *wish, const char *record, const char **why)
{
	struct automation_runs_of_record_row of_record;
	struct automation_runs_of_company_row of_company;
	const instant since = { call->now.us - HOURS(1) };
	struct automation_runs_of_record_in ask = { .automation = wish->id, .since = since };
	*why = NULL;
	if (wish->chain >= CHAIN_MOST) {
		*why = "5 runs had started each other by what they changed";
		return OK;
	}
	snprintf(ask.subject.text, sizeof ask.subject.text, "%s", record);
	TRY(query_one(call, &automation_runs_of_record_query, &ask, &of_record));
	TRY(query_one(call, &automation_runs_of_company_query,
	    &(struct automation_runs_of_company_in) { .since = since }, &of_company));
	if (of_record.count >= HOURLY_OF_RECORD)
		*why = "it had run 10 times for one record within an hour";
	else if (of_company.count >= HOURLY_OF_COMPANY)
		*why = automation_hour_full;
	else if (wish->by_stranger && of_company.by_strangers >= HOURLY_BY_STRANGERS)
		*why = "public forms had begun 300 runs within an hour";
	return OK;
}

error automation_start(struct call *call, const struct automation_wish *wish, const char *record,
    const char **refused, workflow_run_id *out)
{
	const struct workflow_behalf behalf = { wish->agent, wish->key, wish->id, wish->chain,
		wish->by_stranger };
	struct json_object *input = json_object_new_object();
	json_keep(call->arena, input);
	TRY(find_limit(call, wish, record, refused));
	if (*refused)
		return tell_refusal(call, wish, *refused);
	json_object_object_add(input, "version_id", json_object_new_string(wish->version.text));
	json_object_object_add(input, "on", json_object_new_string(wish->by));
	if (wish->event)
		json_object_object_add(input, "event", json_object_get(wish->event));
	return workflow_start_for(call, workflow_named("automation"), &behalf, record, input, out);
}

/* ---- what was changed ---- */

struct touched {
	const struct table *table;
	enum automation_object object;
	const char *id;
	bool created;
	int64_t chain;
	bool by_stranger;
	const void *before;
	void *after;
};

static struct touched *known(struct touched *v, size_t n, const struct row_change *c)
{
	for (size_t i = n; i-- > 0;)
		if (v[i].table == c->table && !strcmp(v[i].id, c->row.text))
			return &v[i];
	return NULL;
}

/* Newest first, as the changes are. A row that comes or goes back from the deleted is no new one.
 */
static size_t collect(struct call *call, struct touched *v)
{
	size_t n = 0;
	for (const struct row_change *c = call->changes; c; c = c->next) {
		enum automation_object object = object_of(c->table);
		if (!object || (c->kind != ROW_CREATED && c->kind != ROW_UPDATED))
			continue;
		struct touched *t = known(v, n, c);
		if (!t) {
			t = &v[n++];
			*t = (struct touched) {
				.table = c->table, .object = object, .id = c->row.text
			};
		}
		t->created = t->created || c->kind == ROW_CREATED;
		t->chain = c->chain > t->chain ? c->chain : t->chain;
		t->by_stranger = t->by_stranger || c->by_stranger;
	}
	return n;
}

static error look(struct call *call, struct touched *t, bool *there)
{
	t->before = t->created ? NULL : row_before(call, t->table, t->id);
	t->after = arena_alloc(call->arena, t->table->columns.size);
	error e = row_lock_any(call, t->table, t->id, t->after);
	if (e == NOT_FOUND)
		call->problem = (struct problem) { 0 };
	else
		TRY(e);
	const struct field *deleted = t->table->deleted_at;
	*there = e == OK && (t->created || t->before) &&
		 field_value_none(deleted, (const char *)t->after + deleted->offset);
	return OK;
}

/* ---- what fits ---- */

static bool differs(const struct field *f, const struct touched *t)
{
	return !field_value_equal(
	    f, (const char *)t->before + f->offset, (const char *)t->after + f->offset);
}

static bool some_field_differs(const struct touched *t)
{
	for (uint32_t i = 0; i < t->table->columns.n; i++) {
		const struct field *f = &t->table->columns.v[i];
		if (f != t->table->updated_at && !(f->flags & F_PRIVATE) && differs(f, t))
			return true;
	}
	return false;
}

static bool starts(const struct automation_start *s, const struct touched *t)
{
	if (s->on == ON_MANUAL || automation_hears(s))
		return false;
	if (s->on == ON_CREATED)
		return t->created;
	if (!s->field)
		return !t->created && some_field_differs(t);
	const void *now = (const char *)t->after + s->field->offset;
	if (s->to && !field_value_equal(s->field, s->to, now))
		return false;
	if (t->created)
		return s->on == ON_STAGE_ENTERED;
	return differs(s->field, t) &&
	       (!s->from || field_value_equal(
				s->field, s->from, (const char *)t->before + s->field->offset));
}

struct listening {
	struct automations_on_row *row;
	struct automation_program program;
	const char *broken; /* why it cannot be read any more */
};

static void listen(struct call *call, struct automations_on_row *row, struct listening *l)
{
	const struct automation_documents documents = { row->object, row->starts, row->conditions,
		{ { NULL, 0 } } };
	*l = (struct listening) { .row = row };
	if (automation_read(call, &documents, false, &l->program) != OK)
		l->broken = call->problem.detail;
	call->problem = (struct problem) { 0 };
}

/* It starts for what whoever turned it on can see: a run tells of its record. */
static error meet(struct call *call, const struct listening *l, const struct touched *t)
{
	const char *refused = l->broken;
	bool sees;
	const struct automation_wish wish = { .id = l->row->id,
		.version = l->row->version_id,
		.agent = l->row->agent_id,
		.key = l->row->key_id,
		.refused_at = l->row->refused_at,
		.chain = t->chain,
		.by_stranger = t->by_stranger,
		.by = automation_event_names[l->program.start.on] };
	if (l->row->object != t->object)
		return OK;
	if (!refused && l->program.start.on == ON_DATE)
		return t->created || differs(l->program.start.field, t)
			   ? automation_dates_heard(call, l->row->id, &l->program.start, t->after)
			   : OK;
	if (!refused) {
		if (!starts(&l->program.start, t) ||
		    !automation_holds(call->arena, &l->program.when, t->after))
			return OK;
		TRY(identity_sees(call, wish.agent, wish.key, t->table, t->id, &sees));
		if (!sees)
			return OK;
		TRY(automation_start(call, &wish, t->id, &refused, NULL));
	} else {
		TRY(tell_refusal(call, &wish, refused));
	}
	if (refused) /* said now, or within this minute: a mutation of many rows says it once */
		l->row->refused_at = call->now;
	return OK;
}

/* Runs that wait for something of a row look at it again. */
static error wake_waiting(struct call *call, const struct touched *touched, size_t n, int64_t asked)
{
	for (size_t i = 0; i < n; i++)
		if (asked & waited_bit(touched[i].object))
			TRY(workflow_signal_about(call, touched[i].id, AWAITS_CHANGE, NULL));
	return OK;
}

static error follow(struct call *call)
{
	if (!call->me.triggers)
		return OK;
	struct touched *touched = ARENA_ARRAY(call->arena, call->n_changes + 1, struct touched);
	size_t n = collect(call, touched), n_rows;
	int64_t bits = 0, asked = call->me.triggers;
	if (n && asked == -1) { /* who asks is a job */
		struct company_triggers_row row;
		TRY(query_one(call, &company_triggers_query, NULL, &row));
		asked = row.triggers;
	}
	for (size_t i = 0; i < n; i++)
		bits |= bit(touched[i].object, touched[i].created);
	TRY(wake_waiting(call, touched, n, asked));
	if (!(bits & asked))
		return OK;
	struct automations_on_row *rows;
	TRY(query_all(call, &automations_on_query, NULL, &rows, &n_rows));
	struct listening *listening = ARENA_ARRAY(call->arena, n_rows + 1, struct listening);
	for (size_t i = 0; i < n_rows; i++)
		listen(call, &rows[i], &listening[i]);
	/* In the order in which it happened. */
	for (size_t i = n_rows ? n : 0; i-- > 0;) {
		bool there;
		TRY(look(call, &touched[i], &there));
		for (size_t k = 0; there && k < n_rows; k++)
			TRY(meet(call, &listening[k], &touched[i]));
	}
	return OK;
}

CHANGE_HOOK(follow);
