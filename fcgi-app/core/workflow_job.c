/*
 * workflow_job.c: a run as its step sees it (struct job): its state, what its wait has ended with,
 * the parts that it starts, and what it says comes next. What follows from that is
 * workflow_step.c's; see workflow.h. Tests: tests/unit/core_workflow_flow_test.c
 */
#include "core/workflow_engine.h"

#include <stdio.h>

#include "base/clock.h"
#include "core/decode.h"
#include "core/out.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/sql_run.h"

/* ---- the state: a struct in memory, a JSON object between steps ---- */

static error state_read(struct call *call, const struct workflow_run *run, struct job *job)
{
	const struct field_set *set = &job->workflow->state;
	const char *why;
	if (!set->size)
		return OK;
	job->state = arena_alloc(call->arena, set->size);
	out_begin(set, job->state);
	if (str_none(run->data.json))
		return OK;
	return decode_fields(call, set, json_read(call->arena, run->data.json, &why), false, "",
	    job->state, ARENA_ARRAY(call->arena, set->n + 1, bool));
}

void job_state_write(struct call *call, const struct job *job, struct workflow_run *run)
{
	struct buf text = { 0 };
	struct json out;
	if (!job->workflow->state.size)
		return;
	json_begin(&out, &text);
	out_write(&out, &job->workflow->state, job->state);
	run->data.json = (str) { arena_text(call->arena, text.p, text.n), text.n };
	buf_free(&text);
}

error workflow_job(
    struct call *call, const struct workflow *w, const struct workflow_run *run, struct job *job)
{
	const char *why;
	*job = (struct job) {
		.workflow = w,
		.company = run->company_id,
		.run = run->id,
		.agent = run->agent_id,
		.key = run->key_id,
		.subject = run->subject_id,
		.step = arena_text(call->arena, run->step.p, run->step.n),
		.number = run->unwind_at != INT_NONE ? run->unwind_at : run->step_number,
		.attempt = run->attempts + 1,
		.depth = run->depth,
	};
	if (!str_none(run->input.json))
		job->input = json_read(call->arena, run->input.json, &why);
	if (!str_none(run->last_error))
		job->failure = arena_text(call->arena, run->last_error.p, run->last_error.n);
	return state_read(call, run, job);
}

/* ---- what a wait ended with ---- */

static error find_event(struct call *call, const struct workflow_run *run, struct job *job,
    struct workflow_event_waiting_row *event)
{
	const char *why;
	error e = query_one(call, &workflow_event_waiting_query,
	    &(struct workflow_event_waiting_in) { .run = run->id, .name = run->awaits }, event);
	job->timed_out = e == NOT_FOUND;
	if (e == OK && !str_none(event->payload.json))
		job->event = json_read(call->arena, event->payload.json, &why);
	if (e != NOT_FOUND)
		return e;
	call->problem = (struct problem) { 0 };
	return OK;
}

static error take_event(struct call *call, const struct workflow_run *run, struct job *job)
{
	struct workflow_event_waiting_row event;
	struct sql sql;
	TRY(find_event(call, run, job, &event));
	if (job->timed_out)
		return OK;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "UPDATE workflow_events SET taken_by = ");
	sql_int(&sql, run->step_number);
	sql_add(&sql, " WHERE company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, " AND id = ");
	sql_id(&sql, event.id.text);
	return sql_execute(call, &sql, NULL);
}

static struct json_object *child_told(struct call *call, const struct workflow_children_row *row)
{
	struct json_object *o = json_object_new_object();
	const char *why;
	json_object_object_add(o, "id", json_object_new_string(row->id.text));
	json_object_object_add(
	    o, "step", json_object_new_string_len(row->step.p, (int)row->step.n));
	json_object_object_add(
	    o, "state", json_object_new_string(workflow_run_state_name(row->state)));
	json_object_object_add(o, "result",
	    str_none(row->result.json)
		? NULL
		: json_object_get(json_read(call->arena, row->result.json, &why)));
	return o;
}

static error find_children(struct call *call, const struct workflow_run *run,
    const struct workflow_part *part, struct job *job)
{
	struct workflow_children_row *rows;
	size_t n;
	TRY(query_all(call, &workflow_children_query,
	    &(struct workflow_children_in) { .parent = run->id }, &rows, &n));
	json_keep(call->arena, job->children = json_object_new_array());
	for (size_t i = 0; i < n; i++) {
		json_object_array_add(job->children, child_told(call, &rows[i]));
		if (rows[i].state != WORKFLOW_RUN_STATE_DONE && !part->takes_failed)
			return fail(call, CONFLICT, NULL, "its part %.*s %s: %.*s",
			    (int)rows[i].step.n, rows[i].step.p,
			    rows[i].state == WORKFLOW_RUN_STATE_FAILED ? "failed" : "was cancelled",
			    (int)rows[i].last_error.n,
			    rows[i].last_error.n ? rows[i].last_error.p : "");
	}
	return OK;
}

error job_wait_look(struct call *call, const struct workflow_run *run,
    const struct workflow_part *part, struct job *job)
{
	struct workflow_event_waiting_row event;
	if (str_none(run->awaits))
		return OK;
	if (str_is(run->awaits, AWAITS_CHILDREN))
		return find_children(call, run, part, job);
	return find_event(call, run, job, &event);
}

error job_wait_take(struct call *call, const struct workflow_run *run,
    const struct workflow_part *part, struct job *job)
{
	if (str_none(run->awaits))
		return OK;
	if (!str_is(run->awaits, AWAITS_CHILDREN))
		return take_event(call, run, job);
	TRY(find_children(call, run, part, job));
	return workflow_children_known(call, run);
}

/* ---- children ---- */

static error begin_child(struct call *call, struct job *job, const struct workflow *w,
    const char *step, const char *about, struct json_object *input, str data)
{
	struct workflow_run child;
	if (++job->n_children > CHILDREN_MOST)
		return fail(
		    call, CONFLICT, NULL, "a step starts more than %d others", CHILDREN_MOST);
	if (job->depth + 1 > DEPTH_MOST)
		return fail(call, CONFLICT, NULL, "more than %d runs would stand in each other",
		    DEPTH_MOST);
	workflow_run_prepare(call, w, step, input, &child);
	snprintf(child.subject_id.text, sizeof child.subject_id.text, "%s", about);
	memcpy(child.parent_id.text, job->run.text, sizeof child.parent_id.text);
	if (!w->of_the_program) {
		child.agent_id = job->agent;
		child.key_id = job->key;
	}
	child.depth = job->depth + 1;
	child.data.json = data;
	return workflow_run_begin(call, &child);
}

error job_child(struct call *call, struct job *job, const struct workflow *workflow,
    const char *about, struct json_object *input)
{
	return begin_child(
	    call, job, workflow, workflow->steps[0].name, about, input, (str) { NULL, 0 });
}

error job_branch(struct call *call, struct job *job, const char *step)
{
	struct workflow_run copy = { 0 };
	if (!workflow_part_named(job->workflow, str_of(step)))
		return fail(call, INTERNAL, NULL, "there is no step %s to branch to", step);
	job_state_write(call, job, &copy);
	return begin_child(call, job, job->workflow, step, job->subject.text, job->input,
	    job->workflow->state.size ? copy.data.json : (str) { NULL, 0 });
}

/* ---- what a step says ---- */

void job_next(struct job *job, const char *step) { job_sleep_until(job, step, INSTANT_NONE); }

void job_sleep(struct job *job, const char *step, int64_t us)
{
	job_sleep_until(job, step, us ? (instant) { clock_now().us + us } : INSTANT_NONE);
}

void job_sleep_until(struct job *job, const char *step, instant when)
{
	job->then = THEN_STEP;
	job->next = step;
	job->wake = when;
}

void job_wait_for(struct job *job, const char *event, int64_t us, const char *step)
{
	job->then = THEN_EVENT;
	job->next = step;
	job->awaits = event;
	job->wake = us == FOREVER ? INSTANT_NONE : (instant) { clock_now().us + us };
}

void job_join(struct job *job, const char *step)
{
	job->then = THEN_CHILDREN;
	job->next = step;
}

void job_say_nothing(struct job *job)
{
	job->then = THEN_END;
	job->next = job->awaits = NULL;
	job->wake = INSTANT_NONE;
	job->result = (str) { NULL, 0 };
}
