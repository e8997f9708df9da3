/*
 * board.c: the deals of a pipeline by stage, as people look at them: per stage how many there are,
 * what they are worth, and those that changed last; of all, or of those that a search finds.
 * Statements: sql/query/deals.sql. Page: templates/deals/board. Tests: tests/http/deals.test.mjs,
 * tests/browser/forms.test.mjs.
 */
#include "base/json.h"
#include "core/page.h"
#include "core/query_run.h"
#include "core/search_in_table.h"

enum { CARDS = 20 }; /* of a stage: more makes a first view of more than 150 KB */

struct board_owner_out {
	agent_id id;
	str full_name;
};
ANSWER(board_owner) = {
	MEMBER(board_owner, id, .like = COLUMN(agents, id)),
	MEMBER(board_owner, full_name, .like = COLUMN(agents, full_name)),
};

struct board_organisation_out {
	contact_id id;
	str full_name;
};
ANSWER(board_organisation) = {
	MEMBER(board_organisation, id, .like = COLUMN(contacts, id)),
	MEMBER(board_organisation, full_name, .like = COLUMN(contacts, full_name)),
};

struct board_deal_out {
	deal_id id;
	str title;
	stage_id stage_id;
	enum deal_status status;
	money amount;
	struct board_owner_out owner;
	struct board_organisation_out organisation;
	day expected_close_on, closed_on;
};
ANSWER(board_deal) = {
	MEMBER(board_deal, id, .like = COLUMN(deals, id)),
	MEMBER(board_deal, title, .like = COLUMN(deals, title)),
	MEMBER(board_deal, stage_id, .like = COLUMN(deals, stage_id)),
	MEMBER(board_deal, status, .like = COLUMN(deals, status)),
	MEMBER(board_deal, amount, .like = COLUMN(deals, amount)),
	MEMBER_OBJECT(board_deal, owner, board_owner, .flags = F_NULLABLE,
	    .doc = "Who looks after it, as far as the caller may see"),
	MEMBER_OBJECT(board_deal, organisation, board_organisation, .flags = F_NULLABLE,
	    .doc = "Who buys, as far as the caller may see"),
	MEMBER(board_deal, expected_close_on, .like = COLUMN(deals, expected_close_on)),
	MEMBER(board_deal, closed_on, .like = COLUMN(deals, closed_on)),
};

struct board_column_out {
	struct stages_of_pipeline_row stage;
	int64_t count;
	money amount;
	list deals;
	bool has_more;
};
ANSWER(board_column) = {
	MEMBER_RESULT(board_column, stage, stages_of_pipeline, .doc = "The stage"),
	MEMBER(board_column, count, .doc = "How many deals are in it"),
	MEMBER(board_column, amount, .flags = F_NULLABLE,
	    .doc = "What they are worth together, when they are of one currency"),
	MEMBER_LIST(board_column, deals, board_deal, .doc = "Those that changed last"),
	MEMBER(board_column, has_more, .doc = "Whether there are more deals than these"),
};

struct deals_board_out {
	struct pipeline_to_show_row pipeline;
	list columns;
	int64_t count;
	bool more_found;
};
ANSWER(deals_board) = {
	MEMBER_RESULT(deals_board, pipeline, pipeline_to_show, .flags = F_NULLABLE,
	    .doc = "The pipeline; null, when there is none"),
	MEMBER_LIST(deals_board, columns, board_column, .doc = "Its stages, in order"),
	MEMBER(deals_board, count, .doc = "How many deals are on the board"),
	MEMBER(deals_board, more_found,
	    .doc = "Whether more deals match q than the best 200, of which this is the board"),
};

/* Of a row of board_deals or board_found. */
#define CARD_OF(D) \
	(struct board_deal_out) \
	{ \
		(D)->id, (D)->title, (D)->stage_id, (D)->status, (D)->amount, \
		    { (D)->owner_id, (D)->owner_name }, \
		    { (D)->organisation_id, (D)->organisation_name }, (D)->expected_close_on, \
		    (D)->closed_on \
	}

static const struct board_columns_row *totals_of(
    const struct board_columns_row *totals, size_t n, stage_id stage)
{
	static const struct board_columns_row nothing = { .count = 0 };
	for (size_t i = 0; i < n; i++)
		if (!strcmp(totals[i].stage_id.text, stage.text))
			return &totals[i];
	return &nothing;
}

static error read_deals(struct call *call, agent_id owner, struct board_column_out *column)
{
	struct board_deals_row *deals;
	size_t n;
	TRY(query_all(call, &board_deals_query,
	    &(struct board_deals_in) { .stage = column->stage.id, .owner = owner }, &deals, &n));
	struct board_deal_out *cards = ARENA_ARRAY(call->arena, n + 1, struct board_deal_out);
	column->has_more = n > CARDS;
	column->deals = (list) { cards, n > CARDS ? CARDS : n };
	for (size_t i = 0; i < column->deals.n; i++)
		cards[i] = CARD_OF(&deals[i]);
	return OK;
}

struct deals_board_in {
	pipeline_id pipeline_id;
	agent_id owner_id;
	str q;
};
FIELDS(deals_board) = {
	FIELD(deals_board, pipeline_id, .flags = F_NULLABLE,
	    .doc = "The pipeline; the first, when it is not given"),
	FIELD(deals_board, owner_id, .flags = F_NULLABLE, .doc = "Only the deals of this agent"),
	FIELD(deals_board, q, .flags = F_MULTILINE, .max = QUERY_CHARACTERS,
	    .doc = "Only the deals that a search for this finds"),
};

/* ---- all deals of the pipeline ---- */

static error fill(struct call *call, pipeline_id pipeline, agent_id owner, list *columns)
{
	struct board_column_out *column = columns->items;
	struct board_columns_row *totals;
	size_t n;
	TRY(query_all(call, &board_columns_query,
	    &(struct board_columns_in) { .pipeline = pipeline, .owner = owner }, &totals, &n));
	for (size_t i = 0; i < columns->n; i++) {
		const struct board_columns_row *total = totals_of(totals, n, column[i].stage.id);
		column[i].count = total->count;
		column[i].amount = total->amount;
		TRY(read_deals(call, owner, &column[i]));
	}
	return OK;
}

/* ---- those that are found ---- */

static void on_board(struct sql *sql, const void *with)
{
	const struct board_found_in *board = with;
	sql_add(sql, " AND t.pipeline_id = ");
	sql_id(sql, board->pipeline.text);
	if (!board->owner.text[0])
		return;
	sql_add(sql, " AND t.owner_id = ");
	sql_id(sql, board->owner.text);
}

static json_text ids_of(struct call *call, const struct search_hits *hits)
{
	struct buf b = { 0 };
	struct json j;
	json_begin(&j, &b);
	json_array(&j);
	for (size_t i = 0; i < hits->n; i++)
		json_uuid(&j, hits->v[i].id.text);
	json_array_end(&j);
	json_text ids = { { arena_text(call->arena, b.p, b.n), b.n } };
	buf_free(&b);
	return ids;
}

/* Several currencies are no sum. */
static money sum_of(const struct board_found_row *deals, size_t n, stage_id stage)
{
	money sum = { 0 };
	for (size_t i = 0; i < n; i++) {
		const money *one = &deals[i].amount;
		if (strcmp(deals[i].stage_id.text, stage.text) != 0 || !one->currency[0])
			continue;
		if (sum.currency[0] && strcmp(sum.currency, one->currency) != 0)
			return (money) { 0 };
		memcpy(sum.currency, one->currency, sizeof sum.currency);
		sum.hundredths += one->hundredths;
	}
	return sum;
}

static error fill_found(struct call *call, pipeline_id pipeline, agent_id owner,
    const struct search_query *query, list *columns, bool *more)
{
	struct board_column_out *column = columns->items;
	struct board_found_row *deals;
	struct search_hits hits;
	size_t n;
	struct board_found_in board = { .pipeline = pipeline, .owner = owner };
	const struct search_narrow by = { on_board, &board };
	TRY(search_in_table(call, &deals_table, call->level, query, &by, HITS, &hits));
	*more = hits.more;
	board.ids = ids_of(call, &hits);
	TRY(query_all(call, &board_found_query, &board, &deals, &n));
	for (size_t i = 0; i < columns->n; i++) {
		struct board_column_out *c = &column[i];
		struct board_deal_out *cards =
		    ARENA_ARRAY(call->arena, CARDS, struct board_deal_out);
		c->deals.items = cards;
		c->amount = sum_of(deals, n, c->stage.id);
		for (size_t k = 0; k < n; k++) {
			if (strcmp(deals[k].stage_id.text, c->stage.id.text) != 0)
				continue;
			if (c->count++ < CARDS)
				cards[c->deals.n++] = CARD_OF(&deals[k]);
		}
		c->has_more = c->count > CARDS;
	}
	return OK;
}

QUERY(deals_board, "deals.view", OBJECT(deals_board), .route = "GET /v1/deals/board",
    .summary = "The deals of a pipeline by stage")
{
	struct stages_of_pipeline_row *stages;
	struct search_query query;
	size_t n;
	out->count = 0;
	const char *why = search_parse(call->arena, &deals_table, in->q, &query);
	if (why)
		return fail_code(call, MALFORMED, "q", "invalid", "%s", why);
	error e = query_one(call, &pipeline_to_show_query,
	    &(struct pipeline_to_show_in) { .pipeline = in->pipeline_id }, &out->pipeline);
	if (e == NOT_FOUND)
		return in->pipeline_id.text[0]
			   ? fail(call, NOT_FOUND, NULL, "there is no such pipeline")
			   : OK;
	TRY(e);
	TRY(query_all(call, &stages_of_pipeline_query,
	    &(struct stages_of_pipeline_in) { .pipeline = out->pipeline.id }, &stages, &n));
	struct board_column_out *columns = ARENA_ARRAY(call->arena, n + 1, struct board_column_out);
	out->columns = (list) { columns, n };
	for (size_t i = 0; i < n; i++)
		columns[i].stage = stages[i];
	TRY(query.n ? fill_found(call, out->pipeline.id, in->owner_id, &query, &out->columns,
			  &out->more_found)
		    : fill(call, out->pipeline.id, in->owner_id, &out->columns));
	for (size_t i = 0; i < n; i++)
		out->count += columns[i].count;
	return OK;
}

PAGE(deals_index, .route = "/deals", .template = "deals/board", .title = "Deals", .nav = "deals",
    .loads = {
	{ "board", "deals_board", "*", .tolerant = true },
	{ "pipelines", "pipelines_stages", "" },
	{ "agents", "agents_choices", "" },
    });
