/*
 * automation_run.c: a run of an automation: a workflow that does the steps of the version with
 * which it was started, one after the other, each in a transaction of its own, as whoever turned
 * the automation on; see automations.h. Statements: sql/query/automations.sql. Tests:
 * tests/http/automations.test.mjs
 */
#include "automations.h"

#include "base/clock.h"

struct automation_position {
	int64_t position; /* the number of the next step */
	int64_t looks;    /* of a step that waits: how often it was asked; INT_NONE: it does not */
	instant until;    /* of such a step: the longest, or INSTANT_NONE */
	uuid waits_on;    /* of such a step: the row on which it waits, or "" */
};
STATE_FIELDS(automation_position) = {
	STATE_FIELD(automation_position, position),
	STATE_FIELD(automation_position, looks),
	STATE_FIELD(automation_position, until),
	STATE_FIELD(automation_position, waits_on),
};

static error program_of(
    struct call *call, struct job *job, struct automation_program *program, automation_id *id)
{
	struct automation_version_of_in ask;
	struct automation_version_of_row row;
	struct json_object *version;
	if (!json_object_object_get_ex(job->input, "version_id", &version) ||
	    !uuid_parse(str_of(json_object_get_string(version)), (uuid *)(void *)&ask.version))
		return fail(call, CONFLICT, NULL, "the run has no version");
	error e = query_one(call, &automation_version_of_query, &ask, &row);
	if (e == NOT_FOUND)
		return fail(call, CONFLICT, NULL, "the automation was deleted");
	TRY(e);
	*id = row.automation_id;
	return automation_read(call,
	    &(struct automation_documents) { row.object, row.starts, row.conditions, row.steps },
	    false, program);
}

/* A change that was under way when the wait began does not know of it, so it is looked again soon
 * after. */
static int64_t limit_of(const struct automation_position *state, const struct automation_done *done)
{
	const int64_t soon = MINUTES(1);
	int64_t left = instant_none(state->until) ? FOREVER : state->until.us - clock_now().us;
	if (state->looks == 1 && left > soon && !strcmp(done->awaits, AWAITS_CHANGE))
		return soon;
	return left > 0 ? left : 0;
}

static void wait_on(struct job *job, struct automation_position *state, size_t step,
    const struct automation_done *done)
{
	state->position = (int64_t)step;
	state->looks = state->looks == INT_NONE ? 1 : state->looks + 1;
	state->until = done->wait.until;
	state->waits_on = done->wait.on;
	job_wait_for(job, done->awaits, limit_of(state, done), "act");
}

static error act(struct call *call, struct job *job)
{
	struct automation_position *state = job->state;
	struct automation_program program;
	struct automation_work work = { .program = &program, .subject = job->subject.text };
	struct automation_done done;
	struct workflow_run run;
	const struct automation_wait wait = { state->until, state->waits_on, job->timed_out,
		job->event };
	work.run = job->run;
	work.wait = state->looks == INT_NONE ? NULL : &wait;
	TRY(program_of(call, job, &program, &work.automation));
	size_t step = state->position == INT_NONE ? 0 : (size_t)state->position;
	if (step >= program.n)
		return OK;
	TRY(workflow_run_lock_any(call, job->run, &run));
	work.row = automation_row(call->arena, &program);
	work.event = automation_member(job->input, "event");
	automation_row_hears(&program, work.row, work.event);
	error e = row_get(call, program.table, work.subject, work.row);
	if (e == NOT_FOUND) {
		call->problem = (struct problem) { 0 };
		return fail(call, NOT_FOUND, NULL,
		    "the %s is not there, or whoever turned this on cannot see it",
		    program.table->noun);
	}
	TRY(e);
	call->chain = run.chain + 1;
	call->by_stranger = run.by_stranger;
	e = automation_do(call, &work, step, &done);
	call->chain = 0;
	call->by_stranger = false;
	TRY(e);
	job->result = json_kept(call->arena, done.told).json;
	if (done.awaits) {
		wait_on(job, state, step, &done);
		return OK;
	}
	*state = (struct automation_position) { INT_NONE, INT_NONE, INSTANT_NONE, { "" } };
	if (done.next == NO_STEP && instant_none(done.after))
		return OK;
	state->position = done.next == NO_STEP ? (int64_t)program.n : (int64_t)done.next;
	job_sleep_until(job, "act", done.after);
	return OK;
}

/* A webhook that did not arrive is sent once more. */
static error again(struct call *call, struct job *job)
{
	const struct automation_position *state = job->state;
	return state->waits_on.text[0] ? automation_webhook_again(call, state->waits_on) : OK;
}

WORKFLOW(automation, .definition = 1, .again = again, .state = STATE_SET(automation_position),
    .steps = { { "act", act } });
