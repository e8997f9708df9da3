/*
 * workflow_step.c: doing the steps of runs that were claimed, and what follows from success and
 * failure; see workflow.h. The steps of several runs share one transaction, so one fsync; when one
 * of them fails all are taken back, and each is done by itself. Tests:
 * tests/unit/core_workflow_test.c
 */
#include "core/workflow_engine.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "core/gate.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/sql_run.h"
#include "core/worker.h"

/* ---- an operation of the program's own: it is not among those that have a name, so no form and no
 * module can reach it ---- */

struct step_operation {
	struct operation op;
	const struct workflow_claim *claim;
	size_t from, n;  /* of the claim's runs: those that it does */
	struct job *job; /* of the first, when it is done by itself: what was found outside */
	const char *why; /* of a failure */
	bool final;
	struct workflow_runner *runner;
};

static const struct step_operation *own(const struct call *call)
{
	return (const struct step_operation *)(const void *)call->op;
}

/* STALE: the run is somebody else's by now, or stands still. */
static error lock_run(struct call *call, const struct claimed *c, struct workflow_run *run)
{
	error e = workflow_run_lock_any(call, c->row.id, run);
	if (e != OK && e != NOT_FOUND)
		return e;
	/* The number has grown when the step was done, also when the answer to its commit was lost.
	 */
	if (e == NOT_FOUND || !workflow_run_live(run) || run->state == WORKFLOW_RUN_STATE_PAUSED ||
	    run->generation != c->row.generation + 1 || run->step_number != c->row.step_number)
		return fail(call, STALE, NULL, "another runner has this run");
	return OK;
}

/* ---- moving on ---- */

static struct workflow_step line_of(
    const struct call *call, const struct workflow_run *run, const struct job *job)
{
	struct workflow_step line;
	row_init(&workflow_steps_table, &line);
	line.run_id = run->id;
	line.step_number = run->step_number;
	line.step = run->step;
	line.undone = run->unwind_at != INT_NONE;
	line.attempts = run->attempts + 1;
	line.undone_by = INT_NONE;
	line.awaits = run->awaits;
	line.data = run->data;
	line.result.json = job->result;
	line.finished_at = call->now;
	return line;
}

static error wait_for_event(struct call *call, struct workflow_run *run, const struct job *job)
{
	struct workflow_event_waiting_row event;
	run->awaits = str_of(job->awaits);
	run->state = WORKFLOW_RUN_STATE_WAITING;
	run->wake_at = job->wake;
	error e = query_one(call, &workflow_event_waiting_query,
	    &(struct workflow_event_waiting_in) { .run = run->id, .name = run->awaits }, &event);
	if (e == OK)
		run->wake_at = clock_now();
	else if (e == NOT_FOUND)
		call->problem = (struct problem) { 0 };
	return e == NOT_FOUND ? OK : e;
}

/* `running` means that the next step is due; a run that sleeps is `waiting`. */
static error move_on(struct call *call, struct workflow_run *run, const struct job *job)
{
	if (job->next && !workflow_part_named(job->workflow, str_of(job->next)))
		return fail(
		    call, INTERNAL, NULL, "the step %s names a step that there is not", job->step);
	run->step_number++;
	run->attempts = 0;
	run->last_error = run->awaits = (str) { NULL, 0 };
	run->lease_until = INSTANT_NONE;
	if (job->then == THEN_END)
		return workflow_run_end(call, run, WORKFLOW_RUN_STATE_DONE);
	run->step = str_of(job->next);
	/* Not the time at which the step began: who comes back at once stands behind the others. */
	bool sleeps = !instant_none(job->wake);
	run->state = sleeps ? WORKFLOW_RUN_STATE_WAITING : WORKFLOW_RUN_STATE_RUNNING;
	run->wake_at = sleeps ? job->wake : clock_now();
	if (job->then == THEN_EVENT)
		TRY(wait_for_event(call, run, job));
	else if (job->then == THEN_CHILDREN)
		TRY(workflow_children_await(call, run));
	return workflow_run_update(call, run);
}

/* ---- in the transaction ---- */

/* As it was when it was claimed. */
static struct workflow_run run_of(const struct claimed *c)
{
	struct workflow_run run;
	row_init(&workflow_runs_table, &run);
	run.company_id = c->row.company_id;
	run.id = c->row.id;
	run.agent_id = c->row.agent_id;
	run.key_id = c->row.key_id;
	run.subject_id = c->row.subject_id;
	run.step = c->row.step;
	run.step_number = c->row.step_number;
	run.unwind_at = c->row.unwind_at;
	run.attempts = c->row.attempts;
	run.depth = c->row.depth;
	run.awaits = c->row.awaits;
	run.input = c->row.input;
	run.data = c->row.data;
	return run;
}

static error line_is_undone(struct call *call, const struct workflow_run *run)
{
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "UPDATE workflow_steps SET undone_by = ");
	sql_int(&sql, run->step_number);
	sql_add(&sql, " WHERE company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, " AND run_id = ");
	sql_id(&sql, run->id.text);
	sql_add(&sql, " AND step_number = ");
	sql_int(&sql, run->unwind_at);
	return sql_execute(call, &sql, NULL);
}

static error undo_step(struct call *call, const struct claimed *c, struct workflow_run *run,
    struct job *job, struct workflow_step *line)
{
	struct workflow_line_undoable_row done;
	TRY(query_one(call, &workflow_line_undoable_query,
	    &(struct workflow_line_undoable_in) { .run = run->id, .below = run->unwind_at + 1 },
	    &done));
	job->result = done.result.json;
	*line = line_of(call, run, job);
	TRY(c->part->undo(call, job));
	line->result.json = (str) { NULL, 0 };
	TRY(line_is_undone(call, run));
	run->step_number++;
	return workflow_run_unwind(call, c->workflow, run, run->unwind_at, run->unwinds_to);
}

static error do_step(struct call *call, const struct claimed *c, struct workflow_run *run,
    struct job *job, struct workflow_step *line)
{
	if (run->unwind_at != INT_NONE)
		return undo_step(call, c, run, job, line);
	TRY(job_wait_take(call, run, c->part, job));
	job_say_nothing(job);
	TRY(c->part->run(call, job));
	*line = line_of(call, run, job);
	job_state_write(call, job, run);
	return move_on(call, run, job);
}

static error steps_run(struct call *call, const void *in, struct json *out)
{
	const struct step_operation *o = own(call);
	struct workflow_step *lines = ARENA_ARRAY(call->arena, o->n, struct workflow_step);
	struct workflow_run *runs = ARENA_ARRAY(call->arena, o->n, struct workflow_run);
	const struct claimed **taken = ARENA_ARRAY(call->arena, o->n, const struct claimed *);
	size_t n = 0;
	(void)in;
	(void)out;
	/* All locks first: what one step waits for is not taken from the lease of the next. */
	for (size_t i = 0; i < o->n; i++) {
		taken[n] = &o->claim->v[o->from + i];
		error e = lock_run(call, taken[n], &runs[n]);
		if (e == STALE && o->n > 1)
			call->problem = (struct problem) { 0 };
		else if (e != OK)
			return e;
		else
			n++;
	}
	for (size_t i = 0; i < n; i++) {
		struct job job;
		TRY(workflow_job(call, taken[i]->workflow, &runs[i], &job));
		job.outcome = o->job ? o->job->outcome : NULL;
		TRY(do_step(call, taken[i], &runs[i], &job, &lines[i]));
		if (workflow_run_live(&runs[i]))
			workflow_queue_wake(call, str_of(o->claim->lane), runs[i].wake_at);
		if (taken[i]->workflow->at_once) /* one that was held back may come */
			workflow_queue_wake(call, str_of(o->claim->lane), call->now);
	}
	return workflow_steps_insert_all(call, lines, n);
}

static error outside_run(struct call *call, const void *in, struct json *out)
{
	const struct step_operation *o = own(call);
	const struct claimed *c = &o->claim->v[o->from];
	const struct workflow_run run = run_of(c);
	(void)in;
	(void)out;
	TRY(workflow_job(call, c->workflow, &run, o->job));
	TRY(job_wait_look(call, &run, c->part, o->job));
	struct workflow_lease lease;
	workflow_lease_hold(o->runner, c, &lease);
	o->job->lease = &lease;
	error e = c->part->outside(call, o->job);
	o->job->lease = NULL;
	workflow_lease_drop(o->runner, &lease);
	/* The gate would ask again at once; outside it is a try. */
	return e == RETRY ? fail(call, UNAVAILABLE, NULL, "it could not be done now") : e;
}

/* ---- failure ---- */

static int64_t tries(const struct retry *retry) { return retry->attempts ? retry->attempts : 12; }

/* Half of it for sure, so that it grows; half by chance, so that what failed together does not come
 * back together. */
static int64_t backoff(const struct retry *retry, int64_t attempts)
{
	double pause = retry->first_us ? (double)retry->first_us : (double)SECONDS(1);
	double longest = retry->longest_us ? (double)retry->longest_us : (double)HOURS(1);
	double jitter = retry->jitter > 0 ? retry->jitter : 0.5;
	uint32_t chance;
	while (attempts-- > 1 && pause < longest)
		pause *= retry->factor > 1 ? retry->factor : 2;
	if (pause > longest)
		pause = longest;
	random_bytes(&chance, sizeof chance);
	return (int64_t)(pause * (1 - jitter) + pause * jitter * ((double)chance / UINT32_MAX));
}

static bool is_final(const struct retry *retry, error kind)
{
	if (retry->final_errors)
		return retry->final_errors & ERROR_BIT(kind);
	return kind != INTERNAL && kind != UNAVAILABLE && kind != RETRY && kind != LIMITED;
}

static str shortened(struct call *call, const char *why)
{
	str text = utf8_cut(str_of(why), (size_t)COLUMN(workflow_runs, last_error)->max);
	return (str) { arena_text(call->arena, text.p, text.n), text.n };
}

static error failed_for_good(struct call *call, const struct step_operation *o,
    const struct claimed *c, struct workflow_run *run, struct job *job)
{
	struct workflow_step line = line_of(call, run, job);
	line.attempts = run->attempts;
	line.error = run->last_error;
	line.result.json = (str) { NULL, 0 };
	TRY(workflow_steps_insert_all(call, &line, 1));
	run->step_number++;
	if (run->unwind_at != INT_NONE) { /* what cannot be taken back stays, and is told */
		const char *why = o->why;
		run->last_error = shortened(call,
		    arena_printf(call->arena, "%s could not be taken back: %s", job->step, why));
		return workflow_run_end(call, run,
		    run->unwinds_to == WORKFLOW_RUN_UNWINDS_TO_CANCELLED
			? WORKFLOW_RUN_STATE_CANCELLED
			: WORKFLOW_RUN_STATE_FAILED);
	}
	if (c->part && c->part->on_failure) {
		run->step = str_of(c->part->on_failure);
		run->state = WORKFLOW_RUN_STATE_RUNNING;
		run->awaits = (str) { NULL, 0 };
		run->attempts = 0;
		run->wake_at = clock_now();
		return workflow_run_update(call, run);
	}
	TRY(workflow_cancel_children(call, run->id));
	if (c->workflow->failed)
		TRY(c->workflow->failed(call, job, o->why));
	return workflow_run_unwind(
	    call, c->workflow, run, run->step_number, WORKFLOW_RUN_UNWINDS_TO_FAILED);
}

static error failure_run(struct call *call, const void *in, struct json *out)
{
	const struct step_operation *o = own(call);
	const struct claimed *c = &o->claim->v[o->from];
	struct workflow_run run;
	(void)in;
	(void)out;
	struct job job;
	TRY(lock_run(call, c, &run));
	TRY(workflow_job(call, c->workflow, &run, &job));
	run.attempts++;
	run.last_error = shortened(call, o->why);
	run.lease_until = INSTANT_NONE;
	if (o->final || run.attempts >= tries(&c->part->retry)) {
		TRY(failed_for_good(call, o, c, &run, &job));
	} else {
		run.state = WORKFLOW_RUN_STATE_WAITING;
		run.wake_at = (instant) { call->now.us + backoff(&c->part->retry, run.attempts) };
		TRY(workflow_run_update(call, &run));
	}
	if (workflow_run_live(&run))
		workflow_queue_wake(call, str_of(o->claim->lane), run.wake_at);
	if (c->workflow->at_once)
		workflow_queue_wake(call, str_of(o->claim->lane), call->now);
	return OK;
}

/* ---- asking the gate ---- */

static void ask(
    struct worker *w, const struct step_operation *o, bool as_nobody, struct answer *answer)
{
	const struct claimed *c = &o->claim->v[o->from];
	struct ask question = { .op = &o->op,
		.credential = CREDENTIAL_JOB,
		.job_company = c->row.company_id,
		.request_id = str_of(c->row.id.text),
		.started = clock_now() };
	if (!as_nobody) {
		question.job_agent = c->row.agent_id;
		question.job_key = c->row.key_id;
	}
	gate_ask(w, w->arena, &question, answer);
}

static void give_back(struct worker *w, struct step_operation *o, error kind, const char *why)
{
	const struct claimed *c = &o->claim->v[o->from];
	struct answer answer;
	o->op.kind = MUTATION_KIND;
	o->op.run = failure_run;
	o->why = why ? why : problem_title(kind);
	o->final = !c->part || is_final(&c->part->retry, kind);
	shared_count(&w->shared->figures.jobs_failed_total, 1);
	log_event(LOG_WARNING, "a step failed", LOG_TEXT("run", str_of(c->row.id.text)),
	    LOG_TEXT("step", c->row.step), LOG_NUMBER("attempt", c->row.attempts + 1),
	    LOG_TEXT("why", str_of(o->why)));
	/* When not even this can be written, the lease ends by itself. */
	ask(w, o, true, &answer);
}

/* One run's step, with what it does outside. */
static void do_one(struct worker *w, struct step_operation *o)
{
	const struct claimed *c = &o->claim->v[o->from];
	struct answer answer = { .kind = OK };
	struct job job = { 0 };
	o->n = 1;
	o->job = &job;
	if (!c->part) {
		give_back(w, o, NOT_FOUND, "the workflow has no such step");
		return;
	}
	if (!instant_none(c->row.lease_until)) {
		/* Nobody gave it back: the process has ended in the middle. A step that kills each
		 * process that tries it must not go on for ever, so this was a try. */
		give_back(w, o, INTERNAL, "the process that did this step has ended");
		return;
	}
	if (c->part->outside && c->row.unwind_at == INT_NONE) {
		o->op.kind = QUERY_KIND;
		o->op.run = outside_run;
		ask(w, o, false, &answer);
	}
	if (answer.kind == OK) {
		o->op.kind = MUTATION_KIND;
		o->op.run = steps_run;
		ask(w, o, false, &answer);
	}
	if (answer.kind == OK)
		shared_count(&w->shared->figures.jobs_steps_total, 1);
	else if (answer.kind != STALE)
		give_back(w, o, answer.problem.kind ? answer.problem.kind : answer.kind,
		    answer.problem.detail);
}

static bool same_caller(const struct claimed *a, const struct claimed *b)
{
	return !strcmp(a->row.agent_id.text, b->row.agent_id.text) &&
	       !strcmp(a->row.key_id.text, b->row.key_id.text);
}

/* The others of a claim have waited for this one's turn. */
static bool lease_again(struct worker *w, const struct claimed *c)
{
	struct call call = { .worker = w, .arena = w->arena, .db = w->writes, .now = clock_now() };
	return workflow_lease_again(&call, c) == OK;
}

/* Runs of one caller, each of which may share a transaction. */
static void do_together(struct worker *w, struct step_operation *o)
{
	size_t n = o->n;
	struct answer answer = { .kind = INTERNAL };
	if (n > 1) {
		o->op.kind = MUTATION_KIND;
		o->op.run = steps_run;
		ask(w, o, false, &answer);
	}
	if (answer.kind == OK) {
		shared_count(&w->shared->figures.jobs_steps_total, (int64_t)n);
		return;
	}
	for (size_t i = 0; i < n; i++, o->from++)
		if (i == 0 || lease_again(w, &o->claim->v[o->from]))
			do_one(w, o);
}

void workflow_do(struct workflow_runner *r, const struct workflow_claim *claim)
{
	for (size_t from = 0, n; from < claim->n; from += n) {
		const struct claimed *c = &claim->v[from];
		for (n = 1; from + n < claim->n && same_caller(c, &claim->v[from + n]);)
			n++;
		struct step_operation o = {
			.op = { .name = c->workflow->name,
			    .may = SIGNED_IN,
			    .answer = ANSWER_NOTHING },
			.claim = claim,
			.from = from,
			.n = n,
			.runner = r,
		};
		do_together(r->worker, &o);
	}
}

error workflow_work(struct workflow_runner *runner, bool *worked, instant *next)
{
	struct worker *w = runner->worker;
	arena_reset(w->arena);
	struct workflow_claim *claim = ARENA_NEW(w->arena, struct workflow_claim);
	struct call call = { .worker = w,
		.arena = w->arena,
		.db = w->writes,
		.now = clock_now(),
		.version = INT_NONE };
	error e = workflow_claim(runner, &call, claim);
	*worked = e == OK;
	*next = INSTANT_NONE;
	if (e == OK) {
		if (runner->claimed)
			runner->claimed(runner->with);
		workflow_do(runner, claim);
		return OK;
	}
	if (e == RETRY)
		*next = call.now;
	if (e != NOT_FOUND)
		return e == RETRY ? OK : e;
	call.db = w->reads;
	return workflow_next(runner, &call, next);
}
