/*
 * workflow_runs.c: what happens later and how far it is, for those on whose behalf it does: they
 * see its journal, stop it for a while or for good, and let it go on. What the program does by
 * itself for a company (a mail, the end of a trial) only the program controls. The engine is
 * core/workflow.h. Columns: sql/schema/workflow_runs.sql. Statements: sql/query/workflow_runs.sql.
 * Tests: tests/http/workflow_runs.test.mjs
 */
#include "core/query_run.h"
#include "core/resource.h"
#include "core/row.h"
#include "core/workflow.h"

RESOURCE_LIST(workflow_runs, SORTS("-created_at"));
RESOURCE_GET(workflow_runs);

/* ---- the journal ---- */

struct workflow_runs_steps_in {
	workflow_run_id id;
	int64_t after;
};
FIELDS(workflow_runs_steps) = {
	FIELD(workflow_runs_steps, id, .flags = F_REQUIRED, .like = COLUMN(workflow_runs, id)),
	FIELD(workflow_runs_steps, after, .min = -1, .max = INT64_MAX,
	    .doc = "The number of the last step that is known: those after it come"),
};
struct workflow_runs_steps_out {
	list data;
};
ANSWER(workflow_runs_steps) = { MEMBER_RESULTS(workflow_runs_steps, data, workflow_run_steps,
    .doc = "The steps that were done, in their order; at most 200") };

QUERY(workflow_runs_steps, "workflow_runs.view", OBJECT(workflow_runs_steps),
    .route = "GET /v1/workflow_runs/{id}/steps", .summary = "What a run has done so far",
    .table = &workflow_runs_table)
{
	struct workflow_run run;
	struct workflow_run_steps_in ask = { .run = in->id,
		.after = given(call, "after") ? in->after : -1 };
	TRY(workflow_run_get(call, in->id, &run));
	return query_all(call, &workflow_run_steps_query, &ask, &out->data.items, &out->data.n);
}

/* ---- control ---- */

static error check_own(struct call *call, workflow_run_id id)
{
	struct workflow_run run;
	TRY(workflow_run_lock(call, id, &run));
	if (!run.agent_id.text[0])
		return fail(call, FORBIDDEN, NULL, "this run is the program's own");
	return OK;
}

#define CONTROL(VERB, SUMMARY) \
	struct workflow_runs_##VERB##_in { \
		workflow_run_id id; \
	}; \
	FIELDS(workflow_runs_##VERB) = { FIELD( \
	    workflow_runs_##VERB, id, .flags = F_REQUIRED, .like = COLUMN(workflow_runs, id)) }; \
	MUTATION(workflow_runs_##VERB, "workflow_runs.edit", ROW(workflow_runs), \
	    .route = "POST /v1/workflow_runs/{id}/" #VERB, .summary = SUMMARY) \
	{ \
		TRY(check_own(call, in->id)); \
		TRY(workflow_##VERB(call, in->id)); \
		return row_answer(call, &workflow_runs_table, in->id.text, out); \
	}

CONTROL(cancel, "End a run; what its steps can take back is taken back first")
CONTROL(pause, "Let a run stand still until it is resumed")
CONTROL(resume, "Let a run that stands still go on")

struct workflow_runs_again_in {
	workflow_run_id id;
	int64_t step_number;
};
FIELDS(workflow_runs_again) = {
	FIELD(workflow_runs_again, id, .flags = F_REQUIRED, .like = COLUMN(workflow_runs, id)),
	FIELD(workflow_runs_again, step_number, .min = 0, .max = INT64_MAX,
	    .doc = "From this step of its journal on; without it, with the step that failed",
	    .example = "0"),
};

MUTATION(workflow_runs_again, "workflow_runs.edit", ROW(workflow_runs),
    .route = "POST /v1/workflow_runs/{id}/again",
    .summary = "Let a run that has ended go on, with the step that failed or from an earlier one")
{
	TRY(check_own(call, in->id));
	TRY(workflow_again(call, in->id, given(call, "step_number") ? in->step_number : INT_NONE));
	return row_answer(call, &workflow_runs_table, in->id.text, out);
}

/* ---- an event for which an automation's run may wait ---- */

enum { PAYLOAD_MOST = 4000 };

struct workflow_runs_tell_in {
	workflow_run_id id;
	str event;
	json_text payload;
};
FIELDS(workflow_runs_tell) = {
	FIELD(workflow_runs_tell, id, .flags = F_REQUIRED, .like = COLUMN(workflow_runs, id)),
	FIELD(workflow_runs_tell, event, .flags = F_REQUIRED, .min = 1, .max = 40,
	    .doc = "What has happened, as the automation's step names it", .example = "approved"),
	FIELD(workflow_runs_tell, payload, .flags = F_NULLABLE,
	    .doc = "More about it, kept with the run's journal; at most 4000 bytes",
	    .example = "{\"by\":\"Ada\"}"),
};

MUTATION(workflow_runs_tell, "workflow_runs.edit", ROW(workflow_runs),
    .route = "POST /v1/workflow_runs/{id}/tell",
    .summary = "Tell an automation's run an event for which it waits or will wait")
{
	struct workflow_run run;
	const char *why;
	TRY(workflow_run_lock(call, in->id, &run));
	if (!run.automation_id.text[0])
		return fail(call, CONFLICT, "id", "this is no run of an automation");
	for (size_t i = 0; i < in->event.n; i++) /* as no step names one */
		if ((unsigned char)in->event.p[i] >= 0x80)
			return fail_code(call, INVALID, "event", "format",
			    "a name is of small letters, digits and _");
	if (!str_none(in->payload.json) && in->payload.json.n > PAYLOAD_MOST)
		return fail_code(
		    call, INVALID, "payload", "too_long", "must have at most 4000 bytes");
	TRY(workflow_signal(call, in->id, "",
	    arena_printf(call->arena, "told.%.*s", (int)in->event.n, in->event.p),
	    str_none(in->payload.json) ? NULL : json_read(call->arena, in->payload.json, &why)));
	return row_answer(call, &workflow_runs_table, in->id.text, out);
}
