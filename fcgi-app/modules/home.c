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

static void write_sum(struct json *out, int64_t count, money amount)
{
	json_key(out, "count");
	json_int(out, count);
	json_key(out, "amount");
	json_money(out, amount);
}

static int64_t percent(int64_t part, int64_t largest)
{
	return largest > 0 && part > 0 ? part * 100 / largest : 0;
}

/* ---- the open pipeline ---- */

NO_INPUT(home_pipeline);
QUERY(home_pipeline, "deals.view", .summary = "Open deals by stage, for the start page")
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
	json_object(out);
	json_key(out, "data");
	json_array(out);
	for (size_t i = 0; i < n; i++) {
		json_object(out);
		json_key(out, "stage_id");
		json_string(out, rows[i].key);
		json_key(out, "stage_name");
		json_string(out, rows[i].name);
		write_sum(out, rows[i].count, rows[i].amount);
		json_key(out, "percent");
		json_int(out, percent(rows[i].amount.hundredths, largest));
		json_object_end(out);
	}
	json_array_end(out);
	json_object_end(out);
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

NO_INPUT(home_won);
QUERY(home_won, "deals.view", .summary = "Won deals by quarter, for the start page")
{
	struct deals_by_quarter_row *rows;
	char name[QUARTER_TEXT];
	int64_t largest = 0;
	size_t n;
	TRY(won_since(call, quarter_start(call, QUARTERS - 1, name), &rows, &n));
	for (size_t i = 0; i < n; i++)
		largest = rows[i].amount.hundredths > largest ? rows[i].amount.hundredths : largest;
	json_object(out);
	json_key(out, "data");
	json_array(out);
	for (int back = QUARTERS - 1; n && back >= 0; back--) {
		quarter_start(call, back, name);
		const struct deals_by_quarter_row *row = quarter_named(rows, n, name);
		json_object(out);
		json_key(out, "quarter");
		json_text_value(out, name);
		write_sum(out, row->count, row->amount);
		json_key(out, "percent");
		json_int(out, percent(row->amount.hundredths, largest));
		json_object_end(out);
	}
	json_array_end(out);
	json_object_end(out);
	return OK;
}

NO_INPUT(home_quarter);
QUERY(home_quarter, "deals.view", .summary = "What was won in this quarter, for the start page")
{
	struct deals_by_quarter_row *rows;
	char name[QUARTER_TEXT];
	size_t n;
	TRY(won_since(call, quarter_start(call, 0, name), &rows, &n));
	const struct deals_by_quarter_row *row = quarter_named(rows, n, name);
	json_object(out);
	json_key(out, "quarter");
	json_text_value(out, name);
	write_sum(out, row->count, row->amount);
	json_object_end(out);
	return OK;
}

/* ---- totals ---- */

NO_INPUT(home_totals);
QUERY(home_totals, SIGNED_IN, .summary = "How much there is of everything, for the start page")
{
	struct deals_by_all_row open;
	struct home_counts_row counts;
	TRY(query_one(call, &deals_by_all_query,
	    &(struct deals_by_all_in) {
		.status = DEAL_STATUS_OPEN, .since = DAY_NONE, .before = DAY_NONE },
	    &open));
	TRY(query_one(
	    call, &home_counts_query, &(struct home_counts_in) { .moment = call->now }, &counts));
	json_object(out);
	json_key(out, "open_deals");
	json_int(out, open.count);
	json_key(out, "open_amount");
	json_money(out, open.amount);
	json_key(out, "contacts");
	json_int(out, counts.contacts);
	json_key(out, "tasks_open");
	json_int(out, counts.tasks_open);
	json_key(out, "tasks_late");
	json_int(out, counts.tasks_late);
	json_object_end(out);
	return OK;
}

PAGE(home_index, .route = "/", .template = "home/index", .title = "Overview", .nav = "home",
    .loads = {
	{ "totals", "home_totals", "" },
	{ "my_tasks", "tasks_list",
	    "assignee_id={me}&status=open&sort=due_at&limit=10&expand=subject" },
	{ "pipeline", "home_pipeline", "" },
	{ "won", "home_won", "" },
	{ "won_this_quarter", "home_quarter", "" },
	{ "recent", "activities_list", "limit=10&expand=agent,subject" },
    });
