/*
 * board.c: the deals of a pipeline by stage, as people look at them: per stage how many there are,
 * what they are worth, and those that changed last. Statements: sql/query/deals.sql. Page:
 * templates/deals/board. Tests: tests/http/deals.test.mjs.
 */
#include "core/page.h"
#include "core/query_run.h"

enum { CARDS = 30 }; /* of a stage: more makes a first view of more than 150 KB */

static void write_person(struct json *out, const char *key, const char *id, str name)
{
	json_key(out, key);
	if (!id[0]) {
		json_null(out);
		return;
	}
	json_object(out);
	json_key(out, "id");
	json_uuid(out, id);
	json_key(out, "full_name");
	json_string(out, name);
	json_object_end(out);
}

static void write_deal(struct json *out, const struct board_deals_row *d)
{
	json_object(out);
	json_key(out, "id");
	json_uuid(out, d->id.text);
	json_key(out, "title");
	json_string(out, d->title);
	json_key(out, "stage_id");
	json_uuid(out, d->stage_id.text);
	json_key(out, "status");
	json_text_value(out, deal_status_name(d->status));
	json_key(out, "amount");
	json_money(out, d->amount);
	write_person(out, "owner", d->owner_id.text, d->owner_name);
	write_person(out, "organisation", d->organisation_id.text, d->organisation_name);
	json_key(out, "expected_close_on");
	json_day(out, d->expected_close_on);
	json_key(out, "closed_on");
	json_day(out, d->closed_on);
	json_object_end(out);
}

static void write_totals(
    struct json *out, const struct board_columns_row *totals, size_t n, const char *stage)
{
	static const struct board_columns_row nothing = { .count = 0 };
	const struct board_columns_row *total = &nothing;
	for (size_t i = 0; i < n; i++)
		if (!strcmp(totals[i].stage_id.text, stage))
			total = &totals[i];
	json_key(out, "count");
	json_int(out, total->count);
	json_key(out, "amount");
	json_money(out, total->amount);
}

static error write_column(struct call *call, const struct stages_of_pipeline_row *stage,
    agent_id owner, const struct board_columns_row *totals, size_t n_totals, struct json *out)
{
	struct board_deals_row *deals;
	size_t n;
	TRY(query_all(call, &board_deals_query,
	    &(struct board_deals_in) { .stage = stage->id, .owner = owner }, &deals, &n));
	json_object(out);
	json_key(out, "stage");
	json_object(out);
	json_key(out, "id");
	json_uuid(out, stage->id.text);
	json_key(out, "name");
	json_string(out, stage->name);
	json_key(out, "kind");
	json_text_value(out, stage_kind_name(stage->kind));
	json_key(out, "probability");
	json_int(out, stage->probability);
	json_object_end(out);
	write_totals(out, totals, n_totals, stage->id.text);
	json_key(out, "deals");
	json_array(out);
	for (size_t i = 0; i < n && i < CARDS; i++)
		write_deal(out, &deals[i]);
	json_array_end(out);
	json_key(out, "has_more");
	json_bool(out, n > CARDS);
	json_object_end(out);
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

QUERY(deals_board, "deals.view", .route = "GET /v1/deals/board",
    .summary = "The deals of a pipeline by stage")
{
	struct pipeline_to_show_row pipeline;
	struct stages_of_pipeline_row *stages;
	struct board_columns_row *totals;
	size_t n, n_totals;
	error e = query_one(call, &pipeline_to_show_query,
	    &(struct pipeline_to_show_in) { .pipeline = in->pipeline_id }, &pipeline);
	if (e == NOT_FOUND && in->pipeline_id.text[0])
		return fail(call, NOT_FOUND, NULL, "there is no such pipeline");
	if (e == NOT_FOUND) {
		json_raw(out, STR("{\"pipeline\":null,\"columns\":[]}"));
		return OK;
	}
	TRY(e);
	TRY(query_all(call, &stages_of_pipeline_query,
	    &(struct stages_of_pipeline_in) { .pipeline = pipeline.id }, &stages, &n));
	TRY(query_all(call, &board_columns_query,
	    &(struct board_columns_in) { .pipeline = pipeline.id, .owner = in->owner_id }, &totals,
	    &n_totals));
	json_object(out);
	json_key(out, "pipeline");
	json_object(out);
	json_key(out, "id");
	json_uuid(out, pipeline.id.text);
	json_key(out, "name");
	json_string(out, pipeline.name);
	json_object_end(out);
	json_key(out, "columns");
	json_array(out);
	for (size_t i = 0; i < n; i++)
		TRY(write_column(call, &stages[i], in->owner_id, totals, n_totals, out));
	json_array_end(out);
	json_object_end(out);
	return OK;
}

PAGE(deals_index, .route = "/deals", .template = "deals/board", .title = "Deals", .nav = "deals",
    .loads = {
	{ "board", "deals_board", "*" },
	{ "pipelines", "pipelines_stages", "" },
	{ "agents", "agents_list", "limit=100" },
    });
