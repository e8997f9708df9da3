/* workflow.c: definitions of workflows, how a run begins and ends, and its queue; see workflow.h.
 */
#include "core/workflow_engine.h"

#include <assert.h>
#include <stdio.h>

#include "base/clock.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/sql_run.h"
#include "core/worker.h"

/* Weak: a test without modules has none. */
extern const struct workflow *const __start_workflows[] __attribute__((weak)),
    *const __stop_workflows[] __attribute__((weak));

#define EACH_PART(part, w) \
	const struct workflow_part *part = (w)->steps; \
	part < (w)->steps + sizeof(w)->steps / sizeof *(w)->steps && part->name; \
	part++

/* ---- definitions ---- */

size_t workflows_count(void) { return (size_t)(__stop_workflows - __start_workflows); }

const struct workflow *workflow_at(size_t index) { return __start_workflows[index]; }

const struct workflow *workflow_defined(str name, int64_t definition)
{
	for (const struct workflow *const *w = __start_workflows; w < __stop_workflows; w++)
		if (str_is(name, (*w)->name) && (*w)->definition == definition)
			return *w;
	return NULL;
}

const struct workflow *workflow_named(const char *name)
{
	const struct workflow *newest = NULL;
	for (const struct workflow *const *w = __start_workflows; w < __stop_workflows; w++)
		if (!strcmp((*w)->name, name) && (!newest || (*w)->definition > newest->definition))
			newest = *w;
	return newest;
}

const struct workflow_part *workflow_part_named(const struct workflow *w, str name)
{
	for (EACH_PART(part, w))
		if (str_is(name, part->name))
			return part;
	return NULL;
}

static bool goes_outside(const struct workflow *w)
{
	for (EACH_PART(part, w))
		if (part->outside)
			return true;
	return false;
}

const char *workflow_lane(const struct workflow *w)
{
	return w->lane ? w->lane : goes_outside(w) ? "outside" : "inside";
}

/* Whether the runner leaves the lane of this workflow in the queue. */
static bool passes_over(const struct workflow_runner *r, const struct workflow *w)
{
	return (w->able && !w->able(r->worker->config)) || (r->inside_only && goes_outside(w));
}

size_t workflow_lanes(const struct workflow_runner *r, const char *lanes[LANES_MOST])
{
	size_t n = 0, kept = 0;
	for (const struct workflow *const *w = __start_workflows; w < __stop_workflows; w++) {
		const char *lane = workflow_lane(*w);
		size_t i = 0;
		while (i < n && strcmp(lanes[i], lane))
			i++;
		assert(i < LANES_MOST); /* who adds a lane raises the number */
		if (i == n)
			lanes[n++] = lane;
	}
	for (size_t i = 0; i < n; i++) {
		bool served = true;
		for (const struct workflow *const *w = __start_workflows; w < __stop_workflows; w++)
			served =
			    served && (strcmp(workflow_lane(*w), lanes[i]) || !passes_over(r, *w));
		if (served)
			lanes[kept++] = lanes[i];
	}
	return kept;
}

/* ---- beginning ---- */

void workflow_run_prepare(struct call *call, const struct workflow *w, const char *step,
    struct json_object *input, struct workflow_run *run)
{
	row_init(&workflow_runs_table, run);
	run->workflow = str_of(w->name);
	run->definition = w->definition;
	run->lane = str_of(workflow_lane(w));
	run->state = WORKFLOW_RUN_STATE_WAITING;
	run->step = str_of(step);
	run->step_number = run->generation = run->attempts = run->depth = run->chain = 0;
	run->wake_at = call->now;
	if (input)
		run->input = json_kept(call->arena, input);
}

error workflow_run_begin(struct call *call, struct workflow_run *run)
{
	TRY(workflow_run_insert(call, run));
	workflow_queue_wake(call, run->lane, run->wake_at);
	return OK;
}

static void prepare(struct call *call, const struct workflow *workflow, const char *about,
    struct json_object *input, struct workflow_run *run)
{
	workflow_run_prepare(call, workflow, workflow->steps[0].name, input, run);
	snprintf(run->subject_id.text, sizeof run->subject_id.text, "%s", about);
	if (!workflow->of_the_program) {
		run->agent_id = call->me.agent;
		if (call->me.kind != BY_SESSION)
			run->key_id = call->me.credential;
	}
}

error workflow_start(struct call *call, const struct workflow *workflow, const char *about,
    struct json_object *input, workflow_run_id *out)
{
	struct workflow_run run;
	prepare(call, workflow, about, input, &run);
	TRY(workflow_run_begin(call, &run));
	if (out)
		*out = run.id;
	return OK;
}

error workflow_start_later(struct call *call, const struct workflow *workflow, const char *about,
    const char *event, instant when, workflow_run_id *out)
{
	struct workflow_run run;
	prepare(call, workflow, about, NULL, &run);
	run.awaits = str_of(event);
	run.wake_at = when;
	TRY(workflow_run_begin(call, &run));
	if (out)
		*out = run.id;
	return OK;
}

error workflow_start_for(struct call *call, const struct workflow *workflow,
    const struct workflow_behalf *behalf, const char *about, struct json_object *input,
    workflow_run_id *out)
{
	struct workflow_run run;
	workflow_run_prepare(call, workflow, workflow->steps[0].name, input, &run);
	snprintf(run.subject_id.text, sizeof run.subject_id.text, "%s", about);
	run.agent_id = behalf->agent;
	run.key_id = behalf->key;
	run.automation_id = behalf->automation;
	run.chain = behalf->chain;
	run.by_stranger = behalf->by_stranger;
	TRY(workflow_run_begin(call, &run));
	if (out)
		*out = run.id;
	return OK;
}

/* ---- its queue ---- */

struct queue_wake {
	struct queue_wake *next;
	str lane;
	instant when;
};

void workflow_queue_wake(struct call *call, str lane, instant when)
{
	struct queue_wake *w = call->wakes;
	if (instant_none(when))
		return;
	while (w && !str_eq(w->lane, lane))
		w = w->next;
	if (!w) {
		w = ARENA_NEW(call->arena, struct queue_wake);
		*w = (struct queue_wake) { call->wakes, lane, when };
		call->wakes = w;
	} else if (when.us < w->when.us) {
		w->when = when;
	}
}

error workflow_queues_write(struct call *call)
{
	struct sql sql;
	if (!call->wakes)
		return OK;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "INSERT INTO workflow_queues (company_id, lane, wake_at) VALUES ");
	for (const struct queue_wake *w = call->wakes; w; w = w->next) {
		sql_add(&sql, w == call->wakes ? "(" : ", (");
		sql_id(&sql, call->me.company.text);
		sql_add(&sql, ", ");
		sql_text(&sql, w->lane);
		sql_add(&sql, ", ?)");
		sql_param(&sql, T_INSTANT, &w->when, NULL);
	}
	sql_add(&sql, " ON DUPLICATE KEY UPDATE wake_at = LEAST(wake_at, VALUES(wake_at))");
	return sql_execute(call, &sql, NULL);
}

/* ---- its end ---- */

bool workflow_run_live(const struct workflow_run *run)
{
	return run->state == WORKFLOW_RUN_STATE_WAITING ||
	       run->state == WORKFLOW_RUN_STATE_RUNNING || run->state == WORKFLOW_RUN_STATE_PAUSED;
}

/* Whoever ends holds the parent's lock while it counts, so the last one sees that it is the last.
 */
static error tell_parent(struct call *call, const struct workflow_run *run)
{
	struct workflow_run parent;
	struct workflow_children_live_row live;
	workflow_run_id id;
	memcpy(id.text, run->parent_id.text, sizeof id.text);
	TRY(workflow_run_lock_any(call, id, &parent));
	if (parent.state != WORKFLOW_RUN_STATE_WAITING || !str_is(parent.awaits, AWAITS_CHILDREN))
		return OK;
	TRY(query_one(call, &workflow_children_live_query,
	    &(struct workflow_children_live_in) { .parent = id }, &live));
	if (live.count)
		return OK;
	parent.wake_at = clock_now();
	workflow_queue_wake(call, parent.lane, parent.wake_at);
	return workflow_run_update(call, &parent);
}

error workflow_run_end(struct call *call, struct workflow_run *run, enum workflow_run_state state)
{
	run->state = state;
	run->awaits = (str) { NULL, 0 };
	run->lease_until = INSTANT_NONE;
	run->unwinds_to = WORKFLOW_RUN_UNWINDS_TO_NONE;
	run->unwind_at = INT_NONE;
	run->ended_at = clock_now();
	TRY(workflow_run_update(call, run));
	return run->parent_id.text[0] ? tell_parent(call, run) : OK;
}

error workflow_children_await(struct call *call, struct workflow_run *run)
{
	struct workflow_children_live_row live;
	run->awaits = STR(AWAITS_CHILDREN);
	run->state = WORKFLOW_RUN_STATE_WAITING;
	TRY(query_one(call, &workflow_children_live_query,
	    &(struct workflow_children_live_in) { .parent = run->id }, &live));
	run->wake_at = live.count ? INSTANT_NONE : clock_now();
	return OK;
}

error workflow_children_known(struct call *call, const struct workflow_run *run)
{
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "UPDATE workflow_runs SET joined_by = ");
	sql_int(&sql, run->step_number);
	sql_add(&sql, " WHERE company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, " AND parent_id = ");
	sql_id(&sql, run->id.text);
	sql_add(&sql, " AND joined_by IS NULL");
	return sql_execute(call, &sql, NULL);
}

error workflow_run_unwind(struct call *call, const struct workflow *w, struct workflow_run *run,
    int64_t below, enum workflow_run_unwinds_to to)
{
	struct workflow_line_undoable_in ask = { .run = run->id, .below = below };
	struct workflow_line_undoable_row line;
	const struct workflow_part *part = NULL;
	error e = w ? OK : NOT_FOUND;
	for (; e == OK && (!part || !part->undo); ask.below = line.step_number) {
		e = query_one(call, &workflow_line_undoable_query, &ask, &line);
		if (e == OK)
			part = workflow_part_named(w, line.step);
	}
	if (e == NOT_FOUND) {
		call->problem = (struct problem) { 0 };
		return workflow_run_end(call, run,
		    to == WORKFLOW_RUN_UNWINDS_TO_FAILED ? WORKFLOW_RUN_STATE_FAILED
							 : WORKFLOW_RUN_STATE_CANCELLED);
	}
	TRY(e);
	run->state = WORKFLOW_RUN_STATE_RUNNING;
	run->unwinds_to = to;
	run->unwind_at = line.step_number;
	run->step = line.step;
	run->awaits = (str) { NULL, 0 };
	run->attempts = 0;
	run->lease_until = INSTANT_NONE;
	run->wake_at = clock_now();
	workflow_queue_wake(call, run->lane, run->wake_at);
	return workflow_run_update(call, run);
}
