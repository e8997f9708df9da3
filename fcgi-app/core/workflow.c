/*
 * workflow.c: claiming a run, doing its step, and what follows from success and failure; see
 * workflow.h. Who claims a run sets its lease and makes its generation one higher; a step's
 * transaction locks the run and goes on only with the generation that it was claimed with. So two
 * runners never both do a step, whatever the clocks say. While a step's transaction lasts, the lock
 * keeps others away, and the server lets go of it when the process dies: the lease only has to last
 * from the claim to the transaction, and for what a step does outside.
 */
#include "core/workflow.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "core/gate.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/sql_run.h"
#include "core/worker.h"

enum { LEASE_SECONDS = 5, UNKNOWN_SECONDS = 60 };
#define BACKOFF_LONGEST SECONDS(3600)

/* Weak: a test without modules has none. */
extern const struct workflow *const __start_workflows[] __attribute__((weak)),
    *const __stop_workflows[] __attribute__((weak));

void job_next(struct job *job, const char *step) { job_sleep(job, step, 0); }

void job_sleep(struct job *job, const char *step, int64_t us)
{
	job->next = step;
	job->wait_us = us;
}

static const struct workflow *find(str name, int64_t definition)
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

static const struct workflow_part *part_named(const struct workflow *w, str name)
{
	for (size_t i = 0; i < sizeof w->steps / sizeof *w->steps && w->steps[i].name; i++)
		if (str_is(name, w->steps[i].name))
			return &w->steps[i];
	return NULL;
}

static bool goes_outside(const struct workflow *w)
{
	for (size_t i = 0; i < sizeof w->steps / sizeof *w->steps && w->steps[i].name; i++)
		if (w->steps[i].outside)
			return true;
	return false;
}

/* ---- starting ---- */

error workflow_start(struct call *call, const struct workflow *workflow, const char about[37],
    struct json_object *input, workflow_run_id *out)
{
	struct workflow_run run;
	row_init(&workflow_runs_table, &run);
	run.workflow = str_of(workflow->name);
	run.definition = workflow->definition;
	run.state = WORKFLOW_RUN_STATE_WAITING;
	run.step = str_of(workflow->steps[0].name);
	run.step_number = run.generation = run.attempts = 0;
	run.wake_at = call->now;
	memcpy(run.subject_id.text, about, sizeof run.subject_id.text);
	if (!workflow->of_the_program) {
		run.agent_id = call->me.agent;
		if (call->me.kind != BY_SESSION)
			run.key_id = call->me.credential;
	}
	if (input) {
		const char *text = json_object_to_json_string_ext(
		    input, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
		run.input.json =
		    (str) { arena_text(call->arena, text, strlen(text)), strlen(text) };
	}
	TRY(workflow_run_insert(call, &run));
	if (out)
		*out = run.id;
	return OK;
}

/* ---- claiming ---- */

/* The workflows that this runner leaves in the queue, as "a,b". */
static str passed_over(const struct workflow_runner *r)
{
	struct buf names = { 0 };
	for (const struct workflow *const *w = __start_workflows; w < __stop_workflows; w++)
		if (((*w)->able && !(*w)->able(r->worker->config)) ||
		    (r->inside_only && goes_outside(*w)))
			buf_printf(&names, "%s%s", names.n ? "," : "", (*w)->name);
	str text = { arena_text(r->worker->arena, names.n ? names.p : "", names.n), names.n };
	buf_free(&names);
	return text;
}

static error lease(struct call *call, const struct workflow_runs_due_row *run, int64_t seconds)
{
	struct sql sql;
	const instant until = { call->now.us + SECONDS(seconds) };
	sql_begin(&sql, call->arena);
	sql_add(&sql, "UPDATE workflow_runs SET generation = generation + 1, lease_until = ?");
	sql_param(&sql, T_INSTANT, &until, NULL);
	sql_add(&sql, " WHERE company_id = ");
	sql_id(&sql, run->company_id.text);
	sql_add(&sql, " AND id = ");
	sql_id(&sql, run->id.text);
	return sql_execute(call, &sql, NULL);
}

static int64_t lease_seconds(const struct workflow_runs_due_row *run)
{
	const struct workflow *w = find(run->workflow, run->definition);
	const struct workflow_part *part = w ? part_named(w, run->step) : NULL;
	/* A newer program may know it: another machine's, while an update is under way. */
	if (!w)
		return UNKNOWN_SECONDS;
	return part && part->outside ? part->seconds + LEASE_SECONDS : LEASE_SECONDS;
}

/* What waits and what is under way take turns, so that neither starves the other; each is an index
 * range in which the oldest comes first. Only private columns change, so there is nothing to tell
 * anybody. */
static error claim(
    struct workflow_runner *r, struct call *call, str except, struct workflow_runs_due_row *run)
{
	error e = NOT_FOUND;
	TRY(db_begin(call->db));
	r->turn = !r->turn;
	for (int i = 0; i < 2 && e == NOT_FOUND; i++) {
		const struct workflow_runs_due_in in = {
			.state = (i == 0) == r->turn ? WORKFLOW_RUN_STATE_WAITING
						     : WORKFLOW_RUN_STATE_RUNNING,
			.moment = call->now,
			.passed_over = except,
		};
		e = query_one(call, &workflow_runs_due_query, &in, run);
	}
	if (e == OK)
		e = lease(call, run, lease_seconds(run));
	if (e == OK)
		e = db_commit(call->db);
	if (e != OK)
		db_rollback(call->db);
	return e;
}

/* ---- doing a step ---- */

/* An operation of the program's own: it is not among those that have a name, so no form and no
 * module can reach it. */
struct job_operation {
	struct operation op;
	struct job *job;
	const struct workflow_part *part;
	int64_t generation;
	const char *why; /* of a failure */
	bool final;
};

static const struct job_operation *own(const struct call *call)
{
	return (const struct job_operation *)(const void *)call->op;
}

/* NOT_FOUND and STALE: the run is somebody else's by now. */
static error lock_run(struct call *call, struct workflow_run *run)
{
	const struct job_operation *o = own(call);
	TRY(workflow_run_lock_any(call, o->job->run, run));
	bool live =
	    run->state == WORKFLOW_RUN_STATE_WAITING || run->state == WORKFLOW_RUN_STATE_RUNNING;
	if (!live || run->generation != o->generation)
		return fail(call, STALE, NULL, "another runner has this run");
	return OK;
}

static error write_journal(struct call *call, const struct workflow_run *run, const struct job *job)
{
	struct workflow_step line;
	row_init(&workflow_steps_table, &line);
	line.run_id = run->id;
	line.step_number = run->step_number;
	line.step = run->step;
	line.result.json = job->result;
	line.finished_at = call->now;
	return workflow_steps_insert_all(call, &line, 1);
}

/* `running` means that the next step is due; a run that sleeps is `waiting`. */
static error move_on(struct call *call, struct workflow_run *run, const struct job *job)
{
	if (job->next && !part_named(job->workflow, str_of(job->next)))
		return fail(
		    call, INTERNAL, NULL, "the step %s names a step that there is not", job->step);
	run->state = !job->next     ? WORKFLOW_RUN_STATE_DONE
		     : job->wait_us ? WORKFLOW_RUN_STATE_WAITING
				    : WORKFLOW_RUN_STATE_RUNNING;
	if (job->next)
		run->step = str_of(job->next);
	run->step_number++;
	run->attempts = 0;
	run->last_error = (str) { NULL, 0 };
	run->lease_until = INSTANT_NONE;
	/* Not the time at which the step began: who comes back at once stands behind the others. */
	run->wake_at = (instant) { clock_now().us + job->wait_us };
	return workflow_run_update(call, run);
}

static error step_run(struct call *call, const void *in, struct json *out)
{
	const struct job_operation *o = own(call);
	struct workflow_run run;
	(void)in;
	(void)out;
	TRY(lock_run(call, &run));
	o->job->next = NULL;
	o->job->wait_us = 0;
	o->job->result = (str) { NULL, 0 };
	TRY(o->part->run(call, o->job));
	TRY(write_journal(call, &run, o->job));
	return move_on(call, &run, o->job);
}

static error outside_run(struct call *call, const void *in, struct json *out)
{
	(void)in;
	(void)out;
	return own(call)->part->outside(call, own(call)->job);
}

/* Half of it for sure, so that it grows; half by chance, so that what failed together does not come
 * back together. */
static int64_t backoff(int64_t attempts)
{
	int64_t most = SECONDS(1);
	uint64_t chance;
	while (attempts-- > 1 && most < BACKOFF_LONGEST)
		most *= 2;
	random_bytes(&chance, sizeof chance);
	return most / 2 + (int64_t)(chance % (uint64_t)(most / 2));
}

static str shortened(struct call *call, const char *why)
{
	size_t n = 0, length = strlen(why), most = (size_t)COLUMN(workflow_runs, last_error)->max;
	for (size_t characters = 0; n < length && characters < most; characters++) {
		bool good;
		n += utf8_step(why + n, length - n, &good);
	}
	return (str) { arena_text(call->arena, why, n), n };
}

static error failure_run(struct call *call, const void *in, struct json *out)
{
	const struct job_operation *o = own(call);
	struct workflow_run run;
	(void)in;
	(void)out;
	TRY(lock_run(call, &run));
	bool last = o->final || run.attempts + 1 >= JOB_ATTEMPTS;
	run.attempts++;
	run.last_error = shortened(call, o->why);
	run.lease_until = INSTANT_NONE;
	run.state = last ? WORKFLOW_RUN_STATE_FAILED : WORKFLOW_RUN_STATE_WAITING;
	run.wake_at = (instant) { call->now.us + (last ? 0 : backoff(run.attempts)) };
	if (last && o->job->workflow && o->job->workflow->failed)
		TRY(o->job->workflow->failed(call, o->job, o->why));
	return workflow_run_update(call, &run);
}

static void ask(
    struct worker *w, const struct job_operation *o, bool as_nobody, struct answer *answer)
{
	struct ask question = { .op = &o->op,
		.credential = CREDENTIAL_JOB,
		.job_company = o->job->company,
		.request_id = str_of(o->job->run.text),
		.started = clock_now() };
	if (!as_nobody) {
		question.job_agent = o->job->agent;
		question.job_key = o->job->key;
	}
	gate_ask(w, w->arena, &question, answer);
}

static bool is_final(error kind)
{
	return kind != INTERNAL && kind != UNAVAILABLE && kind != RETRY && kind != LIMITED;
}

static void give_back(struct worker *w, struct job_operation *o, const struct answer *failed)
{
	struct answer answer;
	const char *detail = failed->problem.detail;
	o->op.kind = MUTATION_KIND;
	o->op.run = failure_run;
	o->why = detail ? detail : problem_title(failed->kind);
	o->final = is_final(failed->kind);
	shared_count(&w->shared->figures.jobs_failed_total, 1);
	log_event(LOG_WARNING, "a step failed", LOG_TEXT("run", str_of(o->job->run.text)),
	    LOG_TEXT("step", str_of(o->job->step)), LOG_NUMBER("attempt", o->job->attempt),
	    LOG_TEXT("why", str_of(o->why)));
	/* When not even this can be written, the lease ends by itself. */
	ask(w, o, true, &answer);
}

static void do_step(struct worker *w, struct job_operation *o)
{
	struct answer answer = { .kind = OK };
	if (o->part->outside) {
		o->op.kind = QUERY_KIND;
		o->op.run = outside_run;
		ask(w, o, false, &answer);
	}
	if (answer.kind == OK) {
		o->op.kind = MUTATION_KIND;
		o->op.run = step_run;
		ask(w, o, false, &answer);
	}
	if (answer.kind == OK)
		shared_count(&w->shared->figures.jobs_steps_total, 1);
	else if (answer.kind != STALE)
		give_back(w, o, &answer);
}

static void work(struct workflow_runner *r, const struct workflow_runs_due_row *run)
{
	struct arena *a = r->worker->arena;
	const char *why;
	struct job job = {
		.workflow = find(run->workflow, run->definition),
		.company = run->company_id,
		.run = run->id,
		.agent = run->agent_id,
		.key = run->key_id,
		.subject = run->subject_id,
		.step = arena_text(a, run->step.p, run->step.n),
		.number = run->step_number,
		.attempt = run->attempts + 1,
		.input = str_none(run->input.json) ? NULL : json_read(a, run->input.json, &why),
		.stopping = r->stopping,
	};
	struct job_operation o = {
		.op = { .name = job.workflow ? job.workflow->name : "unknown",
		    .may = SIGNED_IN,
		    .answer = ANSWER_NOTHING },
		.job = &job,
		.generation = run->generation + 1,
	};
	if (!job.workflow) {
		log_event(LOG_WARNING, "this program does not know a workflow",
		    LOG_TEXT("workflow", run->workflow), LOG_NUMBER("definition", run->definition));
		return;
	}
	o.part = part_named(job.workflow, run->step);
	if (!o.part)
		give_back(r->worker, &o,
		    &(struct answer) {
			.kind = NOT_FOUND, .problem.detail = "the workflow has no such step" });
	else if (!instant_none(run->lease_until))
		/* Nobody gave it back: the process has ended in the middle. A step that kills each
		 * process that tries it must not go on for ever, so this was a try. */
		give_back(r->worker, &o,
		    &(struct answer) { .kind = INTERNAL,
			.problem.detail = "the process that did this step has ended" });
	else
		do_step(r->worker, &o);
}

error workflow_work(struct workflow_runner *runner, bool *worked, instant *next)
{
	struct worker *w = runner->worker;
	struct workflow_runs_due_row run;
	arena_reset(w->arena);
	struct call call = { .worker = w,
		.arena = w->arena,
		.db = w->writes,
		.now = clock_now(),
		.version = INT_NONE };
	str except = passed_over(runner);
	error e = claim(runner, &call, except, &run);
	*worked = e == OK;
	*next = INSTANT_NONE;
	if (e == OK) {
		if (runner->claimed)
			runner->claimed(runner->with);
		work(runner, &run);
		return OK;
	}
	if (e != NOT_FOUND)
		return e == RETRY ? OK : e;
	struct workflow_runs_next_row first;
	call.db = w->reads;
	e = query_one(&call, &workflow_runs_next_query,
	    &(struct workflow_runs_next_in) { .passed_over = except }, &first);
	if (e == OK)
		*next = first.wake_at;
	return e == NOT_FOUND ? OK : e;
}
