/*
 * automation_dates.c: automations that start when a date of a record comes. Each that is on has one
 * run of the program's own, which sleeps until the next date of all its rows, found by the index of
 * that date, and starts what is due, row by row, keeping its place (date and id) in the same
 * transaction: so each date of a row counts once, also after the machine was off, and a row whose
 * date is moved counts again then. A mutation that sets an earlier date wakes it, holding its row,
 * so that it can neither have passed that date nor fall asleep before it. Dates that had come when
 * the automation was turned on, or when they were set, start nothing. See automations.h.
 * Statements: sql/query/automations.sql. Tests: tests/http/automations_dates.test.mjs
 */
#include "automations.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/zone.h"
#include "core/identity.h"

enum { AT_ONCE = 20, DAY_SECONDS = 86400, HOUR_SECONDS = 3600 };
/* It looks so often in any case: the company's clocks may have been changed. */
#define LOOK_AGAIN HOURS(24)
/* When the company's hour is full. */
#define LOOK_LATER MINUTES(10)
#define LAST_ID "ffffffff-ffff-ffff-ffff-ffffffffffff"
#define HEARD "dates"

static const struct dates {
	const struct table *table;
	const char *field;
	const struct query *query;
	bool yearly;
} all_dates[] = {
	{ &contacts_table, "created_at", &dates_contacts_created_at_query },
	{ &contacts_table, "updated_at", &dates_contacts_updated_at_query },
	{ &contacts_table, "next_task_due_at", &dates_contacts_next_task_due_at_query },
	{ &contacts_table, "birthday", &dates_contacts_birthday_query, true },
	{ &deals_table, "created_at", &dates_deals_created_at_query },
	{ &deals_table, "updated_at", &dates_deals_updated_at_query },
	{ &deals_table, "expected_close_on", &dates_deals_expected_close_on_query },
	{ &deals_table, "closed_on", &dates_deals_closed_on_query },
	{ &tasks_table, "updated_at", &dates_tasks_updated_at_query },
	{ &tasks_table, "due_at", &dates_tasks_due_at_query },
};
#define COUNT(x) (sizeof(x) / sizeof *(x))

static const struct dates *dates_of(const struct table *table, const struct field *field)
{
	for (size_t i = 0; i < COUNT(all_dates); i++)
		if (all_dates[i].table == table && !strcmp(all_dates[i].field, field->name))
			return &all_dates[i];
	return NULL;
}

bool automation_dated(const struct table *table, const struct field *field)
{
	return dates_of(table, field) != NULL;
}

bool automation_yearly(const struct field *field)
{
	for (size_t i = 0; i < COUNT(all_dates); i++)
		if (all_dates[i].yearly &&
		    field_find(&all_dates[i].table->columns, str_of(all_dates[i].field)) == field)
			return true;
	return false;
}

/* ---- dates that come each year are numbers such as 20260229, which grow with the days, and of
 * which each year has all: that one comes on the 1st of March when the year has no such day ---- */

enum { A_YEAR = 10000, A_MONTH = 100 };

static int64_t number_of(int64_t days)
{
	int year, month, mday;
	day_civil((day) { (int32_t)days }, &year, &month, &mday);
	return (int64_t)year * A_YEAR + month * A_MONTH + mday;
}

static int64_t days_of(int64_t number)
{
	int year = (int)(number / A_YEAR);
	day out;
	if (!day_from_civil(
		year, (int)(number % A_YEAR / A_MONTH), (int)(number % A_MONTH), &out) &&
	    !day_from_civil(year, 3, 1, &out))
		return 0;
	return out.days;
}

/* ---- the place in the order of dates ---- */

struct automation_place {
	int64_t passed; /* the date up to which all has started: days, 20260229, or microseconds */
	uuid last;      /* and of that date, the id */
};
STATE_FIELDS(automation_place) = {
	STATE_FIELD(automation_place, passed),
	STATE_FIELD(automation_place, last),
};

/* The last date that has come, with days and hours after it, at this time. */
static error date_due(struct call *call, const struct automation_start *s, int64_t *out)
{
	struct my_company_row company;
	if (s->field->type == T_INSTANT) {
		*out = call->now.us - DAYS(s->days) - HOURS(s->hours);
		return OK;
	}
	TRY(query_one_once(call, &my_company_query, NULL, &company));
	struct zone *zone = zone_open(company.time_zone);
	int64_t wall = zone ? zone_wall(zone, call->now) : call->now.us / SECONDS(1);
	zone_close(zone);
	wall -= s->hours * HOUR_SECONDS;
	*out = wall / DAY_SECONDS - s->days;
	if (automation_yearly(s->field))
		*out = number_of(*out);
	return OK;
}

struct dated_row {
	uuid id;
	int64_t date;
};

/* This year's, and when those end, next year's. */
static error rows_of_years(struct call *call, const struct query *query,
    const struct automation_place *place, struct dated_row **rows, size_t *n)
{
	struct dates_contacts_birthday_in ask = { place->passed % A_YEAR, place->last };
	struct dates_contacts_birthday_row *some;
	size_t n_some;
	*rows = ARENA_ARRAY(call->arena, 2 * (AT_ONCE + 1), struct dated_row);
	*n = 0;
	for (int64_t year = place->passed / A_YEAR, end = year + 1; year <= end && *n <= AT_ONCE;
	     year++) {
		TRY(query_all(call, query, &ask, &some, &n_some));
		for (size_t i = 0; i < n_some && i <= AT_ONCE; i++)
			(*rows)[(*n)++] =
			    (struct dated_row) { some[i].id, year * A_YEAR + some[i].value };
		ask.after = 0;
	}
	return OK;
}

/* Up to AT_ONCE rows, and one more, of which only the date is of interest. */
static error rows_after(struct call *call, const struct automation_program *program,
    const struct automation_place *place, struct dated_row **rows, size_t *n)
{
	const struct field *field = program->start.field;
	const struct dates *dates = dates_of(program->table, field);
	struct dates_deals_expected_close_on_row *days;
	struct dates_tasks_due_at_row *times; /* as those of all instants are */
	if (dates->yearly)
		return rows_of_years(call, dates->query, place, rows, n);
	if (field->type == T_DAY) {
		const struct dates_deals_expected_close_on_in ask = { { (int32_t)place->passed },
			place->last };
		TRY(query_all(call, dates->query, &ask, &days, n));
	} else {
		const struct dates_tasks_due_at_in ask = { { place->passed }, place->last };
		TRY(query_all(call, dates->query, &ask, &times, n));
	}
	*rows = ARENA_ARRAY(call->arena, *n + 1, struct dated_row);
	for (size_t i = 0; i < *n; i++)
		(*rows)[i] = field->type == T_DAY
				 ? (struct dated_row) { days[i].id, days[i].value.days }
				 : (struct dated_row) { times[i].id, times[i].value.us };
	return OK;
}

/* ---- looking ---- */

struct look {
	const struct automation_program *program;
	struct automation_wish wish;
	struct automation_place *place;
	bool full; /* the company's hour is */
};

static error meet(struct call *call, struct look *look, const struct dated_row *dated)
{
	const struct automation_program *program = look->program;
	void *row = automation_row(call->arena, program);
	const char *refused = NULL;
	TRY(row_lock_any(call, program->table, dated->id.text, row));
	bool sees = automation_holds(call->arena, &program->when, row);
	if (sees)
		TRY(identity_sees(
		    call, look->wish.agent, look->wish.key, program->table, dated->id.text, &sees));
	if (sees)
		TRY(automation_start(call, &look->wish, dated->id.text, &refused, NULL));
	look->full = refused == automation_hour_full;
	if (look->full)
		return OK;
	look->place->passed = dated->date;
	look->place->last = dated->id;
	return OK;
}

static error moment_of(
    struct call *call, const struct automation_start *s, int64_t date, instant *out)
{
	/* A row of which only this field is looked at. */
	char *row = arena_alloc(call->arena, s->field->offset + sizeof(int64_t));
	if (automation_yearly(s->field))
		date = days_of(date);
	if (s->field->type == T_DAY)
		*(day *)(void *)(row + s->field->offset) = (day) { (int32_t)date };
	else
		*(instant *)(void *)(row + s->field->offset) = (instant) { date };
	return automation_moment(call, s->field, row, s->days, s->hours, out);
}

static error look_and_sleep(struct call *call, struct job *job, struct look *look)
{
	struct dated_row *rows;
	int64_t due;
	size_t n, i = 0;
	instant next = INSTANT_NONE;
	TRY(date_due(call, &look->program->start, &due));
	TRY(rows_after(call, look->program, look->place, &rows, &n));
	for (; i < n && i < AT_ONCE && rows[i].date <= due && !look->full; i++)
		TRY(meet(call, look, &rows[i]));
	if (look->full) {
		job_wait_for(job, HEARD, LOOK_LATER, "look");
		return OK;
	}
	if (i < n)
		TRY(moment_of(call, &look->program->start, rows[i].date, &next));
	int64_t left = instant_none(next) ? LOOK_AGAIN : next.us - clock_now().us;
	job_wait_for(job, HEARD, left < 0 ? 0 : left < LOOK_AGAIN ? left : LOOK_AGAIN, "look");
	return OK;
}

/* Ends when the automation is off, or has another version, whose dates another run looks at. */
static error look(struct call *call, struct job *job)
{
	struct automation_dated_in ask;
	struct automation_dated_row row;
	struct automation_program program;
	struct json_object *version = automation_member(job->input, "version_id");
	memcpy(ask.automation.text, job->subject.text, sizeof ask.automation.text);
	error e = query_one(call, &automation_dated_query, &ask, &row);
	if (e == NOT_FOUND ||
	    (e == OK && strcmp(json_object_get_string(version), row.version_id.text))) {
		call->problem = (struct problem) { 0 };
		return OK;
	}
	TRY(e);
	const struct automation_documents documents = { row.object, row.starts, row.conditions,
		{ { NULL, 0 } } };
	TRY(automation_read(call, &documents, false, &program));
	struct look at = { .program = &program,
		.place = job->state,
		.wish = { .id = ask.automation,
		    .version = row.version_id,
		    .agent = row.agent_id,
		    .key = row.key_id,
		    .refused_at = row.refused_at,
		    .by = automation_event_names[ON_DATE] } };
	if (at.place->passed == INT_NONE) {
		at.place->passed = json_object_get_int64(automation_member(job->input, "passed"));
		snprintf(at.place->last.text, sizeof at.place->last.text, "%s", LAST_ID);
	}
	return look_and_sleep(call, job, &at);
}

WORKFLOW(automation_dates, .definition = 1, .of_the_program = true,
    .state = STATE_SET(automation_place), .steps = { { "look", look } });

/* ---- on, off, and what is heard ---- */

error automation_dates_end(struct call *call, automation_id id)
{
	struct automation_dates_run_in ask;
	struct automation_dates_run_row *runs;
	size_t n;
	memcpy(ask.automation.text, id.text, sizeof ask.automation.text);
	TRY(query_all(call, &automation_dates_run_query, &ask, &runs, &n));
	for (size_t i = 0; i < n; i++)
		TRY(workflow_cancel(call, runs[i].id));
	return OK;
}

error automation_dates_begin(
    struct call *call, const struct automation *a, const struct automation_program *program)
{
	struct json_object *input = automation_object(call);
	int64_t passed;
	TRY(automation_dates_end(call, a->id));
	if (program->start.on != ON_DATE)
		return OK;
	TRY(date_due(call, &program->start, &passed));
	automation_put(input, "version_id", str_of(a->version_id.text));
	json_object_object_add(input, "passed", json_object_new_int64(passed));
	return workflow_start(call, &automation_dates, a->id.text, input, NULL);
}

/* When a date that comes each year comes next. */
static error next_year(
    struct call *call, const struct automation_start *s, const void *row, instant *out)
{
	const day *date = (const void *)((const char *)row + s->field->offset);
	const int64_t today = number_of(call->now.us / DAYS(1));
	*out = INSTANT_NONE;
	if (day_none(*date))
		return OK;
	for (int64_t year = today / A_YEAR - 1; year <= today / A_YEAR + 1; year++) {
		TRY(moment_of(call, s, year * A_YEAR + number_of(date->days) % A_YEAR, out));
		if (out->us > call->now.us)
			return OK;
	}
	return OK;
}

error automation_dates_heard(
    struct call *call, automation_id id, const struct automation_start *start, const void *row)
{
	struct automation_dates_run_in ask;
	struct automation_dates_run_row *runs;
	instant when;
	size_t n;
	if (automation_yearly(start->field))
		TRY(next_year(call, start, row, &when));
	else
		TRY(automation_moment(call, start->field, row, start->days, start->hours, &when));
	if (instant_none(when) || when.us <= call->now.us)
		return OK;
	memcpy(ask.automation.text, id.text, sizeof ask.automation.text);
	TRY(query_all(call, &automation_dates_run_query, &ask, &runs, &n));
	for (size_t i = 0; i < n; i++)
		if (instant_none(runs[i].wake_at) || when.us < runs[i].wake_at.us)
			TRY(workflow_signal(call, runs[i].id, "", HEARD, NULL));
	return OK;
}
