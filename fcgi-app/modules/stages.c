/* stages.c: the steps of a pipeline. What a stage is (open, won, lost) is what its deals are.
 * Columns: sql/schema/stages.sql. Statements: sql/query/stages.sql. Page:
 * templates/settings/catalog. Tests: tests/http/deals.test.mjs. */
#include "core/query_run.h"
#include "core/resource.h"
#include "core/row.h"

static error in_use(struct call *call, stage_id stage, const char *field, const char *text)
{
	struct deal_in_stage_row deal;
	error e = query_one(
	    call, &deal_in_stage_query, &(struct deal_in_stage_in) { .stage = stage }, &deal);
	if (e == OK)
		return fail_code(call, CONFLICT, field, "in_use", "%s", text);
	return e == NOT_FOUND ? OK : e;
}

static error stage_before(struct call *call, const void *before, void *after)
{
	const struct stage *old = before, *row = after;
	if (old && old->kind != row->kind)
		return in_use(call, row->id, "kind",
		    "deals are in this stage: move them before it becomes another kind");
	return OK;
}

static error stage_after(struct call *call, const void *before, const void *after)
{
	return after ? OK
		     : in_use(call, ((const struct stage *)before)->id, "id",
			   "deals are in this stage: move them first");
}

ROW_HOOK(stages, .before_write = stage_before, .after_write = stage_after);

RESOURCE(stages, SORTS("position"));
