/* reports.c: counts and sums of deals for charts, over the rows that the caller sees. Statements:
 * sql/query/reports.sql. Tests: tests/http/reports.test.mjs. */
#include "core/operation.h"
#include "core/query_run.h"

enum group { BY_STAGE = 1, BY_OWNER, BY_TEAM, BY_QUARTER };
static const char *const group_names[] = { "", "stage", "owner", "team", "quarter", NULL };

struct reports_deals_in {
	unsigned group_by;
	unsigned status;
	pipeline_id pipeline_id;
	str currency;
	day since, before;
};
FIELDS(reports_deals) = {
	FIELD(reports_deals, group_by, .flags = F_REQUIRED, .names = group_names,
	    .doc = "What makes a row: stage, owner, team or quarter"),
	FIELD(reports_deals, status, .names = deal_status_names,
	    .doc = "Only open, won or lost deals"),
	FIELD(reports_deals, pipeline_id, .doc = "Only the deals of this pipeline"),
	FIELD(reports_deals, currency, .min = 3, .max = 3,
	    .doc = "Only deals in this currency, so that there is a sum"),
	FIELD(reports_deals, since,
	    .doc = "From this day on: when a deal was closed or, while it is open, when it began"),
	FIELD(reports_deals, before, .doc = "Before this day"),
};

/* All statements of reports.sql ask and give the same. */
typedef struct deals_by_stage_in question;
typedef struct deals_by_stage_row line;
#define SAME(GROUP) \
	_Static_assert(sizeof(struct deals_by_##GROUP##_in) == sizeof(question) && \
			   sizeof(struct deals_by_##GROUP##_row) == sizeof(line), \
	    "a report asks and gives what the others do")
SAME(owner);
SAME(team);
SAME(quarter);
SAME(all);

struct report_line_out {
	str key, name;
	int64_t count;
	money amount;
};
ANSWER(report_line) = {
	MEMBER(report_line, key, .flags = F_NULLABLE,
	    .doc = "Id of the stage, owner or team, or the quarter as 2026-Q1; null: deals without "
		   "one"),
	MEMBER(report_line, name, .flags = F_NULLABLE, .doc = "How people call it"),
	MEMBER(report_line, count, .doc = "How many deals"),
	MEMBER(report_line, amount, .flags = F_NULLABLE,
	    .doc = "What they are worth together, when they are of one currency"),
};

struct report_total_out {
	int64_t count;
	money amount;
};
ANSWER(report_total) = {
	MEMBER(report_total, count, .doc = "How many deals"),
	MEMBER(report_total, amount, .flags = F_NULLABLE,
	    .doc = "What they are worth together, when they are of one currency"),
};

struct reports_deals_out {
	list data;
	struct report_total_out totals;
};
ANSWER(reports_deals) = {
	MEMBER_LIST(reports_deals, data, report_line, .doc = "A line for each stage, owner, ..."),
	MEMBER_OBJECT(reports_deals, totals, report_total, .doc = "Over all lines"),
};

QUERY(reports_deals, "deals.view", OBJECT(reports_deals), .route = "GET /v1/reports/deals",
    .summary = "Count and sum deals by stage, owner, team or quarter")
{
	static const struct query *const queries[] = { NULL, &deals_by_stage_query,
		&deals_by_owner_query, &deals_by_team_query, &deals_by_quarter_query };
	const question ask = { .status = (enum deal_status)in->status,
		.pipeline = in->pipeline_id,
		.currency = in->currency,
		.since = in->since,
		.before = in->before,
		.closed = in->group_by == BY_QUARTER };
	line *rows, total;
	size_t n;
	TRY(query_all(call, queries[in->group_by], &ask, &rows, &n));
	TRY(query_one(call, &deals_by_all_query, &ask, &total));
	struct report_line_out *lines = ARENA_ARRAY(call->arena, n + 1, struct report_line_out);
	for (size_t i = 0; i < n; i++)
		lines[i] = (struct report_line_out) { rows[i].key, rows[i].name, rows[i].count,
			rows[i].amount };
	out->data = (list) { lines, n };
	out->totals = (struct report_total_out) { total.count, total.amount };
	return OK;
}
