/* pipelines.c: ways of selling. Columns: sql/schema/pipelines.sql. Statements:
 * sql/query/stages.sql. Page: templates/settings/catalog. Tests: tests/http/deals.test.mjs. */
#include "core/page.h"
#include "core/query_run.h"
#include "core/resource.h"
#include "core/row.h"

RESOURCE_LIST(pipelines, SORTS("position"));
RESOURCE_GET(pipelines);
RESOURCE_CREATE(pipelines);
RESOURCE_UPDATE(pipelines);

struct pipelines_delete_in {
	pipeline_id id;
};
FIELDS(pipelines_delete) = {
	FIELD(pipelines_delete, id, .flags = F_REQUIRED, .doc = "Id of the pipeline"),
};

MUTATION(pipelines_delete, "pipelines.delete", NOTHING, .route = "DELETE /v1/pipelines/{id}",
    .table = &pipelines_table, .summary = "Delete a pipeline that has no deals, with its stages")
{
	struct pipeline row;
	struct deal_in_pipeline_row deal;
	struct stages_of_pipeline_row *stages;
	size_t n;
	TRY(pipeline_lock(call, in->id, &row));
	error e = query_one(call, &deal_in_pipeline_query,
	    &(struct deal_in_pipeline_in) { .pipeline = in->id }, &deal);
	if (e == OK)
		return fail_code(call, CONFLICT, "id", "in_use", "this pipeline still has deals");
	if (e != NOT_FOUND)
		return e;
	TRY(query_all(call, &stages_of_pipeline_query,
	    &(struct stages_of_pipeline_in) { .pipeline = in->id }, &stages, &n));
	for (size_t i = 0; i < n; i++)
		TRY(row_delete(call, &stages_table, stages[i].id.text));
	return pipeline_delete(call, in->id);
}

struct pipelines_restore_in {
	pipeline_id id;
};
FIELDS(pipelines_restore) = {
	FIELD(pipelines_restore, id, .flags = F_REQUIRED, .doc = "Id of the pipeline"),
};

MUTATION(pipelines_restore, "pipelines.delete", ROW(pipelines),
    .route = "POST /v1/pipelines/{id}/restore",
    .summary = "Bring a deleted pipeline back, with the stages that went with it")
{
	struct pipeline row;
	struct stages_deleted_with_row *stages;
	size_t n;
	TRY(pipeline_lock_deleted(call, in->id, &row));
	const struct stages_deleted_with_in when = { .pipeline = in->id, .moment = row.deleted_at };
	TRY(pipeline_restore(call, in->id));
	TRY(query_all(call, &stages_deleted_with_query, &when, &stages, &n));
	for (size_t i = 0; i < n; i++)
		TRY(stage_restore(call, stages[i].id));
	return row_answer(call, &pipelines_table, in->id.text, out);
}

/* ---- all of them with their stages, for choosing one ---- */

struct pipeline_with_stages_out {
	pipeline_id id;
	str name;
	list stages;
};
ANSWER(pipeline_with_stages) = {
	MEMBER(pipeline_with_stages, id, .like = COLUMN(pipelines, id)),
	MEMBER(pipeline_with_stages, name, .like = COLUMN(pipelines, name)),
	MEMBER_RESULTS(
	    pipeline_with_stages, stages, stages_of_pipeline, .doc = "Its stages, in order"),
};

NO_INPUT(pipelines_stages);
struct pipelines_stages_out {
	list data;
};
ANSWER(pipelines_stages) = { MEMBER_LIST(
    pipelines_stages, data, pipeline_with_stages, .doc = "The pipelines, in order") };

QUERY(pipelines_stages, "pipelines.view", OBJECT(pipelines_stages),
    .route = "GET /v1/pipelines/stages", .summary = "List the pipelines with their stages")
{
	struct pipelines_with_stages_row *rows;
	size_t n;
	TRY(query_all(call, &pipelines_with_stages_query, NULL, &rows, &n));
	struct pipeline_with_stages_out *pipelines =
	    ARENA_ARRAY(call->arena, n + 1, struct pipeline_with_stages_out);
	struct stages_of_pipeline_row *stages =
	    ARENA_ARRAY(call->arena, n + 1, struct stages_of_pipeline_row);
	for (size_t i = 0; i < n;) {
		const struct pipelines_with_stages_row *first = &rows[i];
		struct pipeline_with_stages_out *p = &pipelines[out->data.n++];
		*p =
		    (struct pipeline_with_stages_out) { first->id, first->name, { &stages[i], 0 } };
		struct stages_of_pipeline_row *own = p->stages.items;
		for (; i < n && !strcmp(rows[i].id.text, first->id.text); i++)
			if (rows[i].stage.text[0])
				own[p->stages.n++] =
				    (struct stages_of_pipeline_row) { rows[i].stage,
					    rows[i].stage_name, rows[i].kind, rows[i].probability };
	}
	out->data.items = pipelines;
	return OK;
}

PAGE(settings_catalog, .route = "/settings/catalog", .template = "settings/catalog",
    .title = "Catalog", .nav = "settings",
    .loads = {
	{ "pipelines", "pipelines_stages", "" },
	{ "tags", "tags_list", "limit=100", .whole = true },
	{ "sources", "sources_list", "limit=100", .whole = true },
    });
