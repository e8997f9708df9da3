/*
 * workflow_control.c: what others say to a run: an event, cancel, pause, again; see workflow.h.
 * Each holds the run's row lock, which a step's transaction holds too, so nothing is said in the
 * middle of a step, and no event is lost between a look for it and the wait. Tests:
 * tests/unit/core_workflow_control_test.c
 */
#include "core/workflow_engine.h"

#include <stdio.h>

#include "base/clock.h"
#include "core/query_run.h"
#include "core/row.h"

static error lock_live(struct call *call, workflow_run_id id, struct workflow_run *run)
{
	TRY(workflow_run_lock_any(call, id, run));
	if (!workflow_run_live(run))
		return fail(call, CONFLICT, NULL, "the run has ended: it is %s",
		    workflow_run_state_name(run->state));
	return OK;
}

/* ---- events ---- */

static error is_known(struct call *call, workflow_run_id run, workflow_event_id id, bool *known)
{
	struct workflow_event_known_row row;
	error e = query_one(call, &workflow_event_known_query,
	    &(struct workflow_event_known_in) { .run = run, .event = id }, &row);
	*known = e == OK;
	if (e == NOT_FOUND)
		call->problem = (struct problem) { 0 };
	return e == NOT_FOUND ? OK : e;
}

error workflow_signal(struct call *call, workflow_run_id id, const char *event_id, const char *name,
    struct json_object *payload)
{
	struct workflow_run run;
	struct workflow_event event;
	bool known = false;
	TRY(lock_live(call, id, &run));
	row_init(&workflow_events_table, &event);
	snprintf(event.id.text, sizeof event.id.text, "%s", event_id);
	if (event_id[0])
		TRY(is_known(call, id, event.id, &known));
	if (known)
		return OK;
	event.run_id = id;
	event.name = str_of(name);
	if (payload) {
		const char *text = json_object_to_json_string_ext(
		    payload, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
		event.payload.json =
		    (str) { arena_text(call->arena, text, strlen(text)), strlen(text) };
	}
	event.taken_by = INT_NONE;
	TRY(workflow_event_insert(call, &event));
	if (run.state != WORKFLOW_RUN_STATE_WAITING || !str_is(run.awaits, name))
		return OK;
	run.wake_at = clock_now();
	TRY(workflow_run_update(call, &run));
	return workflow_queue_wake(call, run.lane, run.wake_at);
}

error workflow_signal_about(
    struct call *call, const char *about, const char *event, struct json_object *payload)
{
	struct workflow_runs_waiting_about_in ask = { .event = str_of(event) };
	struct workflow_runs_waiting_about_row *rows;
	size_t n;
	snprintf(ask.about.text, sizeof ask.about.text, "%s", about);
	TRY(query_all(call, &workflow_runs_waiting_about_query, &ask, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		error e = workflow_signal(call, rows[i].id, "", event, payload);
		if (e != OK && e != CONFLICT) /* it may have ended since */
			return e;
		call->problem = (struct problem) { 0 };
	}
	return OK;
}

/* ---- cancel, pause, resume ---- */

static error cancel_children(struct call *call, const struct workflow_run *run)
{
	struct workflow_children_row *rows;
	size_t n;
	TRY(query_all(call, &workflow_children_query,
	    &(struct workflow_children_in) { .parent = run->id }, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		error e = workflow_cancel(call, rows[i].id);
		if (e != OK && e != CONFLICT)
			return e;
		call->problem = (struct problem) { 0 };
	}
	return OK;
}

error workflow_cancel(struct call *call, workflow_run_id id)
{
	struct workflow_run run;
	TRY(lock_live(call, id, &run));
	if (run.unwind_at != INT_NONE)
		return fail(call, CONFLICT, NULL, "the run is being taken back");
	const struct workflow *w = workflow_defined(run.workflow, run.definition);
	TRY(cancel_children(call, &run));
	run.generation++; /* what is outside now comes too late */
	if (w && w->failed) {
		struct job job = {
			.workflow = w, .company = run.company_id, .run = id, .agent = run.agent_id
		};
		job.subject = run.subject_id;
		TRY(w->failed(call, &job, "it was cancelled"));
	}
	return workflow_run_unwind(
	    call, w, &run, run.step_number, WORKFLOW_RUN_UNWINDS_TO_CANCELLED);
}

error workflow_pause(struct call *call, workflow_run_id id)
{
	struct workflow_run run;
	TRY(lock_live(call, id, &run));
	run.state = WORKFLOW_RUN_STATE_PAUSED;
	run.lease_until = INSTANT_NONE;
	return workflow_run_update(call, &run);
}

error workflow_resume(struct call *call, workflow_run_id id)
{
	struct workflow_run run;
	struct workflow_event_waiting_row event;
	struct workflow_children_live_row live;
	TRY(lock_live(call, id, &run));
	if (run.state != WORKFLOW_RUN_STATE_PAUSED)
		return fail(call, CONFLICT, NULL, "the run is not paused");
	run.state = WORKFLOW_RUN_STATE_WAITING;
	/* What it waits for may have come meanwhile. */
	if (str_is(run.awaits, AWAITS_CHILDREN)) {
		TRY(query_one(call, &workflow_children_live_query,
		    &(struct workflow_children_live_in) { .parent = id }, &live));
		run.wake_at = live.count ? INSTANT_NONE : clock_now();
	} else if (!str_none(run.awaits)) {
		error e = query_one(call, &workflow_event_waiting_query,
		    &(struct workflow_event_waiting_in) { .run = id, .name = run.awaits }, &event);
		if (e == OK)
			run.wake_at = clock_now();
		else if (e != NOT_FOUND)
			return e;
		call->problem = (struct problem) { 0 };
	}
	TRY(workflow_run_update(call, &run));
	return workflow_queue_wake(call, run.lane, run.wake_at);
}

/* ---- again ---- */

error workflow_again(struct call *call, workflow_run_id id, int64_t number)
{
	struct workflow_run run;
	TRY(workflow_run_lock_any(call, id, &run));
	if (workflow_run_live(&run))
		return fail(call, CONFLICT, NULL, "the run has not ended");
	if (number == INT_NONE && run.state == WORKFLOW_RUN_STATE_DONE)
		return fail(
		    call, CONFLICT, NULL, "the run is done: say from which step it goes on");
	if (number != INT_NONE) {
		struct workflow_line_row line;
		TRY(query_one(call, &workflow_line_query,
		    &(struct workflow_line_in) { .run = id, .number = number }, &line));
		run.step = line.step;
		run.data = line.data;
	}
	run.state = WORKFLOW_RUN_STATE_RUNNING;
	run.awaits = (str) { NULL, 0 };
	run.attempts = 0;
	run.ended_at = INSTANT_NONE;
	run.wake_at = clock_now();
	TRY(workflow_run_update(call, &run));
	return workflow_queue_wake(call, run.lane, run.wake_at);
}
