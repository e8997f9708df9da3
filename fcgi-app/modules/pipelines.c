/* pipelines.c: ways of selling. Columns: sql/schema/pipelines.sql. Statements:
 * sql/query/stages.sql. Page: templates/settings/catalog. Tests: tests/http/deals.test.mjs. */
#include "core/page.h"
#include "core/query_run.h"
#include "core/resource.h"
#include "core/row.h"

RESOURCE_LIST(pipelines, SORTS("position", "name"));
RESOURCE_GET(pipelines);
RESOURCE_CREATE(pipelines);
RESOURCE_UPDATE(pipelines);
RESOURCE_RESTORE(pipelines);

struct pipelines_delete_in {
	pipeline_id id;
};
FIELDS(pipelines_delete) = {
	FIELD(pipelines_delete, id, .flags = F_REQUIRED, .doc = "Id of the pipeline"),
};

MUTATION(pipelines_delete, "pipelines.delete", .route = "DELETE /v1/pipelines/{id}",
    .table = &pipelines_table, .status = 204,
    .summary = "Delete a pipeline that has no deals, with its stages")
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

/* ---- all of them with their stages, for choosing one ---- */

NO_INPUT(pipelines_stages);

QUERY(pipelines_stages, "pipelines.view", .route = "GET /v1/pipelines/stages",
    .summary = "List the pipelines with their stages")
{
	struct pipelines_with_stages_row *rows;
	size_t n;
	TRY(query_all(call, &pipelines_with_stages_query, NULL, &rows, &n));
	json_object(out);
	json_key(out, "data");
	json_array(out);
	for (size_t i = 0; i < n;) {
		const struct pipelines_with_stages_row *first = &rows[i];
		json_object(out);
		json_key(out, "id");
		json_uuid(out, first->id.text);
		json_key(out, "name");
		json_string(out, first->name);
		json_key(out, "stages");
		json_array(out);
		for (; i < n && !strcmp(rows[i].id.text, first->id.text); i++) {
			if (!rows[i].stage.text[0])
				continue;
			json_object(out);
			json_key(out, "id");
			json_uuid(out, rows[i].stage.text);
			json_key(out, "name");
			json_string(out, rows[i].stage_name);
			json_key(out, "kind");
			json_text_value(out, stage_kind_name(rows[i].kind));
			json_key(out, "probability");
			json_int(out, rows[i].probability);
			json_object_end(out);
		}
		json_array_end(out);
		json_object_end(out);
	}
	json_array_end(out);
	json_object_end(out);
	return OK;
}

PAGE(settings_catalog, .route = "/settings/catalog", .template = "settings/catalog",
    .title = "Catalog", .nav = "settings",
    .loads = {
	{ "pipelines", "pipelines_stages", "" },
	{ "tags", "tags_list", "limit=100" },
	{ "sources", "sources_list", "limit=100" },
    });
