/*
 * home.c: the start page: my tasks, the open pipeline, what was won by quarter, and what happened
 * last. Statements: sql/query/home.sql, reports.sql. Page: templates/home/index. Tests:
 * tests/http/home.test.mjs.
 */
#include <stdio.h>

#include "base/clock.h"
#include "core/operation.h"
#include "core/page.h"
#include "core/query_run.h"

enum { QUARTERS = 8, QUARTER_TEXT = 16 };

#define SUM_OF_DEALS \
	.flags = F_NULLABLE, .doc = "What they are worth together, when they are of one currency"

static int64_t percent(int64_t part, int64_t largest)
{
	return largest > 0 && part > 0 ? part * 100 / largest : 0;
}

/* ---- the open pipeline ---- */

struct pipeline_bar_out {
	str stage_id, stage_name;
	int64_t count;
	money amount;
	int64_t percent;
};
ANSWER(pipeline_bar) = {
	MEMBER_AS(pipeline_bar, stage_id, T_TEXT, .like = COLUMN(stages, id)),
	MEMBER(pipeline_bar, stage_name, .like = COLUMN(stages, name)),
	MEMBER(pipeline_bar, count, .doc = "How many open deals are in it"),
	MEMBER(pipeline_bar, amount, SUM_OF_DEALS),
	MEMBER(pipeline_bar, percent, .doc = "Of the stage that is worth most"),
};

NO_INPUT(home_pipeline);
struct home_pipeline_out {
	list data;
};
ANSWER(home_pipeline) = { MEMBER_LIST(
    home_pipeline, data, pipeline_bar, .doc = "The stages that have open deals") };

QUERY(home_pipeline, "deals.view", OBJECT(home_pipeline),
    .summary = "Open deals by stage, for the start page")
{
	struct deals_by_stage_row *rows;
	int64_t largest = 0;
	size_t n;
	TRY(query_all(call, &deals_by_stage_query,
	    &(struct deals_by_stage_in) {
		.status = DEAL_STATUS_OPEN, .since = DAY_NONE, .before = DAY_NONE },
	    &rows, &n));
	for (size_t i = 0; i < n; i++)
		largest = rows[i].amount.hundredths > largest ? rows[i].amount.hundredths : largest;
	struct pipeline_bar_out *bars = ARENA_ARRAY(call->arena, n + 1, struct pipeline_bar_out);
	for (size_t i = 0; i < n; i++)
		bars[i] = (struct pipeline_bar_out) { rows[i].key, rows[i].name, rows[i].count,
			rows[i].amount, percent(rows[i].amount.hundredths, largest) };
	out->data = (list) { bars, n };
	return OK;
}

/* ---- won, by quarter ---- */

/* The quarter in which today is, `back` quarters ago: its name and first day. */
static day quarter_start(const struct call *call, int back, char name[QUARTER_TEXT])
{
	int year, month, mday;
	day start;
	day_civil(day_of(call->now), &year, &month, &mday);
	int quarter = year * 4 + (month - 1) / 3 - back;
	snprintf(name, QUARTER_TEXT, "%d-Q%d", quarter / 4, quarter % 4 + 1);
	if (!day_from_civil(quarter / 4, quarter % 4 * 3 + 1, 1, &start))
		start = DAY_NONE;
	return start;
}

static error won_since(struct call *call, day since, struct deals_by_quarter_row **rows, size_t *n)
{
	const struct deals_by_quarter_in ask = {
		.status = DEAL_STATUS_WON, .since = since, .before = DAY_NONE, .closed = 1
	};
	return query_all(call, &deals_by_quarter_query, &ask, rows, n);
}

static const struct deals_by_quarter_row *quarter_named(
    const struct deals_by_quarter_row *rows, size_t n, const char *name)
{
	static const struct deals_by_quarter_row nothing = { .count = 0 };
	for (size_t i = 0; i < n; i++)
		if (str_is(rows[i].key, name))
			return &rows[i];
	return &nothing;
}

struct quarter_bar_out {
	str quarter;
	int64_t count;
	money amount;
	int64_t percent;
};
ANSWER(quarter_bar) = {
	MEMBER(quarter_bar, quarter, .doc = "The quarter, as 2026-Q1"),
	MEMBER(quarter_bar, count, .doc = "How many deals were won in it"),
	MEMBER(quarter_bar, amount, SUM_OF_DEALS),
	MEMBER(quarter_bar, percent, .doc = "Of the best quarter"),
};

NO_INPUT(home_won);
struct home_won_out {
	list data;
};
ANSWER(home_won) = { MEMBER_LIST(
    home_won, data, quarter_bar, .doc = "The last eight quarters; none, when nothing was won") };

QUERY(
    home_won, "deals.view", OBJECT(home_won), .summary = "Won deals by quarter, for the start page")
{
	struct deals_by_quarter_row *rows;
	char name[QUARTER_TEXT];
	int64_t largest = 0;
	size_t n;
	TRY(won_since(call, quarter_start(call, QUARTERS - 1, name), &rows, &n));
	for (size_t i = 0; i < n; i++)
		largest = rows[i].amount.hundredths > largest ? rows[i].amount.hundredths : largest;
	struct quarter_bar_out *bars = ARENA_ARRAY(call->arena, QUARTERS, struct quarter_bar_out);
	out->data.items = bars;
	for (int back = QUARTERS - 1; n && back >= 0; back--) {
		quarter_start(call, back, name);
		const struct deals_by_quarter_row *row = quarter_named(rows, n, name);
		bars[out->data.n++] =
		    (struct quarter_bar_out) { str_of(arena_text(call->arena, name, strlen(name))),
			    row->count, row->amount, percent(row->amount.hundredths, largest) };
	}
	return OK;
}

NO_INPUT(home_quarter);
struct home_quarter_out {
	str quarter;
	int64_t count;
	money amount;
};
ANSWER(home_quarter) = {
	MEMBER(home_quarter, quarter, .doc = "The quarter, as 2026-Q1"),
	MEMBER(home_quarter, count, .doc = "How many deals were won in it"),
	MEMBER(home_quarter, amount, SUM_OF_DEALS),
};

QUERY(home_quarter, "deals.view", OBJECT(home_quarter),
    .summary = "What was won in this quarter, for the start page")
{
	struct deals_by_quarter_row *rows;
	char name[QUARTER_TEXT];
	size_t n;
	TRY(won_since(call, quarter_start(call, 0, name), &rows, &n));
	const struct deals_by_quarter_row *row = quarter_named(rows, n, name);
	*out = (struct home_quarter_out) { str_of(arena_text(call->arena, name, strlen(name))),
		row->count, row->amount };
	return OK;
}

/* ---- totals ---- */

NO_INPUT(home_totals);
struct home_totals_out {
	int64_t open_deals;
	money open_amount;
	int64_t contacts, tasks_open, tasks_late;
};
ANSWER(home_totals) = {
	MEMBER(home_totals, open_deals, .doc = "How many deals are open"),
	MEMBER(home_totals, open_amount, SUM_OF_DEALS),
	MEMBER(home_totals, contacts, .doc = "How many contacts there are, counted up to 100,000"),
	MEMBER(home_totals, tasks_open, .doc = "How many open tasks the caller has"),
	MEMBER(home_totals, tasks_late, .doc = "How many of them are late"),
};

QUERY(home_totals, SIGNED_IN, OBJECT(home_totals),
    .summary = "How much there is of everything, for the start page")
{
	struct deals_by_all_row open;
	struct home_counts_row counts;
	TRY(query_one(call, &deals_by_all_query,
	    &(struct deals_by_all_in) {
		.status = DEAL_STATUS_OPEN, .since = DAY_NONE, .before = DAY_NONE },
	    &open));
	TRY(query_one(
	    call, &home_counts_query, &(struct home_counts_in) { .moment = call->now }, &counts));
	*out = (struct home_totals_out) { open.count, open.amount, counts.contacts,
		counts.tasks_open, counts.tasks_late };
	return OK;
}

PAGE(home_index, .route = "/", .template = "home/index", .title = "Home", .nav = "home",
    .loads = {
	{ "totals", "home_totals", "" },
	{ "my_tasks", "tasks_list",
	    "assignee_id={me}&status=open&sort=due_at&limit=10&expand=subject" },
	{ "pipeline", "home_pipeline", "" },
	{ "won", "home_won", "" },
	{ "won_this_quarter", "home_quarter", "" },
	{ "recent", "activities_list", "limit=10&expand=agent,subject" },
	{ "first_steps", "company_first_steps", "" },
    });
