/*
 * workflow_control.c: what others say to a run: an event, cancel, pause, again; see workflow.h.
 * Each holds the run's row lock, which a step's transaction holds too, so nothing is said in the
 * middle of a step, and no event is lost between a look for it and the wait. Tests:
 * tests/unit/core_workflow_flow_test.c
 */
#include "core/workflow_engine.h"

#include <stdio.h>

#include "base/clock.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/sql_run.h"

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
	if (payload)
		event.payload = json_kept(call->arena, payload);
	event.taken_by = INT_NONE;
	TRY(workflow_event_insert(call, &event));
	if (run.state != WORKFLOW_RUN_STATE_WAITING || !str_is(run.awaits, name))
		return OK;
	run.wake_at = clock_now();
	workflow_queue_wake(call, run.lane, run.wake_at);
	return workflow_run_update(call, &run);
}

error workflow_signal_about(
    struct call *call, const char *about, const char *event, struct json_object *payload)
{
	struct workflow_runs_waiting_about_in ask = { .event = str_of(event) };
	struct workflow_runs_waiting_about_row *rows;
	size_t n = 1;
	snprintf(ask.about.text, sizeof ask.about.text, "%s", about);
	snprintf(ask.after.text, sizeof ask.after.text, "00000000-0000-0000-0000-000000000000");
	while (n) {
		TRY(query_all(call, &workflow_runs_waiting_about_query, &ask, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			error e = workflow_signal(call, rows[i].id, "", event, payload);
			if (e != OK && e != CONFLICT) /* it may have ended since */
				return e;
			call->problem = (struct problem) { 0 };
			ask.after = rows[i].id;
		}
	}
	return OK;
}

/* ---- cancel, pause, resume ---- */

error workflow_cancel_children(struct call *call, workflow_run_id run)
{
	struct workflow_children_row *rows;
	size_t n;
	TRY(query_all(call, &workflow_children_query,
	    &(struct workflow_children_in) { .parent = run }, &rows, &n));
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
	TRY(workflow_cancel_children(call, id));
	run.generation++; /* what is outside now comes too late */
	if (w && w->failed) {
		struct job job;
		TRY(workflow_job(call, w, &run, &job));
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
	TRY(lock_live(call, id, &run));
	if (run.state != WORKFLOW_RUN_STATE_PAUSED)
		return fail(call, CONFLICT, NULL, "the run is not paused");
	run.state = WORKFLOW_RUN_STATE_WAITING;
	/* What it waits for may have come meanwhile. */
	if (str_is(run.awaits, AWAITS_CHILDREN)) {
		TRY(workflow_children_await(call, &run));
	} else if (!str_none(run.awaits)) {
		error e = query_one(call, &workflow_event_waiting_query,
		    &(struct workflow_event_waiting_in) { .run = id, .name = run.awaits }, &event);
		if (e == OK)
			run.wake_at = clock_now();
		else if (e != NOT_FOUND)
			return e;
		call->problem = (struct problem) { 0 };
	}
	workflow_queue_wake(call, run.lane, run.wake_at);
	return workflow_run_update(call, &run);
}

/* ---- again ---- */

/* What came after the step is as if it had not been: its event is there again, its parts are not
 * asked after. */
static error forget_after(struct call *call, const struct workflow_run *run, int64_t number)
{
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "UPDATE workflow_events SET taken_by = NULL WHERE company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, " AND run_id = ");
	sql_id(&sql, run->id.text);
	sql_add(&sql, " AND taken_by >= ");
	sql_int(&sql, number);
	TRY(sql_execute(call, &sql, NULL));
	return workflow_children_known(call, run);
}

/* A parent that has not joined this part yet waits until it has ended once more; who was about to
 * join has lost the run. */
static error parent_waits(struct call *call, const struct workflow_run *part)
{
	struct workflow_run parent;
	workflow_run_id id;
	if (!part->parent_id.text[0] || part->joined_by != INT_NONE)
		return OK;
	memcpy(id.text, part->parent_id.text, sizeof id.text);
	TRY(workflow_run_lock_any(call, id, &parent));
	if (!workflow_run_live(&parent) || !str_is(parent.awaits, AWAITS_CHILDREN))
		return OK;
	parent.generation++;
	parent.lease_until = parent.wake_at = INSTANT_NONE;
	return workflow_run_update(call, &parent);
}

error workflow_again(struct call *call, workflow_run_id id, int64_t number)
{
	struct workflow_run run;
	struct workflow_line_failed_row failed;
	struct workflow_line_row line;
	TRY(workflow_run_lock_any(call, id, &run));
	const struct workflow *w = workflow_defined(run.workflow, run.definition);
	if (workflow_run_live(&run))
		return fail(call, CONFLICT, NULL, "the run has not ended");
	if (!w || (w->failed && !w->again))
		return fail(
		    call, CONFLICT, NULL, "what this run works on says itself how it goes on");
	if (number == INT_NONE) {
		error e = query_one(call, &workflow_line_failed_query,
		    &(struct workflow_line_failed_in) { .run = id }, &failed);
		if (e == NOT_FOUND || run.state == WORKFLOW_RUN_STATE_DONE)
			return fail(call, CONFLICT, NULL,
			    "no step of the run failed: say from which one it goes on");
		TRY(e);
		run.step = failed.step;
		run.awaits = failed.awaits;
		run.data = failed.data;
	} else {
		TRY(query_one(call, &workflow_line_query,
		    &(struct workflow_line_in) { .run = id, .number = number }, &line));
		TRY(workflow_cancel_children(call, id));
		TRY(forget_after(call, &run, number));
		run.step = line.step;
		run.awaits = line.awaits;
		run.data = line.data;
	}
	if (w->again) {
		struct job job;
		TRY(workflow_job(call, w, &run, &job));
		TRY(w->again(call, &job));
	}
	TRY(parent_waits(call, &run));
	run.state = WORKFLOW_RUN_STATE_RUNNING;
	run.attempts = 0;
	run.ended_at = INSTANT_NONE;
	run.wake_at = clock_now();
	if (str_is(run.awaits, AWAITS_CHILDREN))
		TRY(workflow_children_await(call, &run));
	workflow_queue_wake(call, run.lane, run.wake_at);
	return workflow_run_update(call, &run);
}
