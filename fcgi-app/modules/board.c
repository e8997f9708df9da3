/*
 * board.c: the deals of a pipeline by stage, as people look at them: per stage how many there are,
 * what they are worth, and those that changed last. Statements: sql/query/deals.sql. Page:
 * templates/deals/board. Tests: tests/http/deals.test.mjs.
 */
#include "core/page.h"
#include "core/query_run.h"

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
};
ANSWER(deals_board) = {
	MEMBER_RESULT(deals_board, pipeline, pipeline_to_show, .flags = F_NULLABLE,
	    .doc = "The pipeline; null, when there is none"),
	MEMBER_LIST(deals_board, columns, board_column, .doc = "Its stages, in order"),
};

static struct board_deal_out card(const struct board_deals_row *d)
{
	return (struct board_deal_out) { d->id, d->title, d->stage_id, d->status, d->amount,
		{ d->owner_id, d->owner_name }, { d->organisation_id, d->organisation_name },
		d->expected_close_on, d->closed_on };
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
		cards[i] = card(&deals[i]);
	return OK;
}

struct deals_board_in {
	pipeline_id pipeline_id;
	agent_id owner_id;
};
FIELDS(deals_board) = {
	FIELD(deals_board, pipeline_id, .flags = F_NULLABLE,
	    .doc = "The pipeline; the first, when it is not given"),
	FIELD(deals_board, owner_id, .flags = F_NULLABLE, .doc = "Only the deals of this agent"),
};

QUERY(deals_board, "deals.view", OBJECT(deals_board), .route = "GET /v1/deals/board",
    .summary = "The deals of a pipeline by stage")
{
	struct stages_of_pipeline_row *stages;
	struct board_columns_row *totals;
	size_t n, n_totals;
	error e = query_one(call, &pipeline_to_show_query,
	    &(struct pipeline_to_show_in) { .pipeline = in->pipeline_id }, &out->pipeline);
	if (e == NOT_FOUND)
		return in->pipeline_id.text[0]
			   ? fail(call, NOT_FOUND, NULL, "there is no such pipeline")
			   : OK;
	TRY(e);
	TRY(query_all(call, &stages_of_pipeline_query,
	    &(struct stages_of_pipeline_in) { .pipeline = out->pipeline.id }, &stages, &n));
	TRY(query_all(call, &board_columns_query,
	    &(struct board_columns_in) { .pipeline = out->pipeline.id, .owner = in->owner_id },
	    &totals, &n_totals));
	struct board_column_out *columns = ARENA_ARRAY(call->arena, n + 1, struct board_column_out);
	out->columns = (list) { columns, n };
	for (size_t i = 0; i < n; i++) {
		const struct board_columns_row *total = totals_of(totals, n_totals, stages[i].id);
		columns[i] = (struct board_column_out) {
			.stage = stages[i], .count = total->count, .amount = total->amount
		};
		TRY(read_deals(call, in->owner_id, &columns[i]));
	}
	return OK;
}

PAGE(deals_index, .route = "/deals", .template = "deals/board", .title = "Deals", .nav = "deals",
    .loads = {
	{ "board", "deals_board", "*" },
	{ "pipelines", "pipelines_stages", "" },
	{ "agents", "agents_choices", "" },
    });
