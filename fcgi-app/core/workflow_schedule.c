/*
 * workflow_schedule.c: what is done at times that come again; see workflow.h. For each company and
 * schedule one run of the engine waits for the next time, and the row in workflow_schedules says
 * which. When the time has come it starts the run that was wanted and the one that waits for the
 * time after, and points the row to that, in one transaction: so each due time has one run, however
 * many processes there are. Statements: sql/query/workflow_schedules.sql. Tests:
 * tests/unit/core_workflow_schedule_test.c; the times: base_cron_test.c
 */
#include "core/workflow_engine.h"

#include <assert.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/cron.h"
#include "core/gate.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/sql_run.h"
#include "core/worker.h"

/* Weak: a test without modules has none. */
extern const struct schedule *const __start_schedules[] __attribute__((weak)),
    *const __stop_schedules[] __attribute__((weak));

#define EACH_SCHEDULE(s) \
	const struct schedule *const *s = __start_schedules; \
	s < __stop_schedules; \
	s++

static const struct workflow schedule_wait;

static const struct schedule *schedule_named(const char *name)
{
	for (EACH_SCHEDULE(s))
		if (!strcmp((*s)->name, name))
			return *s;
	return NULL;
}

static bool is_able(const struct worker *w, const struct schedule *s)
{
	return !s->workflow->able || s->workflow->able(w->config);
}

/* A company whose zone tzdata does not know any more keeps to UTC. */
static instant next_time(const struct schedule *s, str zone_name, instant after)
{
	struct cron cron;
	bool good = cron_parse(str_of(s->plan), &cron);
	assert(good); /* as the program has it */
	struct zone *zone = zone_open(zone_name);
	if (!zone)
		zone = zone_open(STR("UTC"));
	instant next = zone ? cron_next(&cron, zone, after) : INSTANT_NONE;
	zone_close(zone);
	return next;
}

static struct json_object *object_of(struct call *call, const char *name, const char *text)
{
	struct json_object *o = json_object_new_object();
	json_keep(call->arena, o);
	json_object_object_add(o, name, json_object_new_string(text));
	return o;
}

static error write_row(
    struct call *call, const struct schedule *s, str zone, instant due, const workflow_run_id *run)
{
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "REPLACE INTO workflow_schedules (company_id, name, plan, time_zone, due_at, "
		      "run_id) VALUES (");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, ", ");
	sql_text(&sql, str_of(s->name));
	sql_add(&sql, ", ");
	sql_text(&sql, str_of(s->plan));
	sql_add(&sql, ", ");
	sql_text(&sql, zone);
	sql_add(&sql, ", ?, ");
	sql_param(&sql, T_INSTANT, &due, NULL);
	sql_id(&sql, run->text);
	sql_add(&sql, ")");
	return sql_execute(call, &sql, NULL);
}

static error forget_row(struct call *call, const char *name)
{
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "DELETE FROM workflow_schedules WHERE company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, " AND name = ");
	sql_text(&sql, str_of(name));
	return sql_execute(call, &sql, NULL);
}

/* From here on a run waits for the next time; one that waited for another is not asked any more. */
static error wait_for_next(struct call *call, const struct schedule *s, str zone, instant after)
{
	struct workflow_run run;
	instant due = next_time(s, zone, after);
	if (instant_none(due))
		return forget_row(call, s->name);
	workflow_run_prepare(call, &schedule_wait, schedule_wait.steps[0].name,
	    object_of(call, "schedule", s->name), &run);
	run.wake_at = due;
	TRY(workflow_run_begin(call, &run));
	return write_row(call, s, zone, due, &run.id);
}

static error come_due(struct call *call, struct job *job)
{
	const char *name = json_object_get_string(json_object_object_get(job->input, "schedule"));
	struct workflow_schedule_due_in ask = { .name = str_of(name), .run = job->run };
	struct workflow_schedule_due_row row;
	char due[INSTANT_TEXT];
	workflow_run_id started;
	error e = query_one(call, &workflow_schedule_due_query, &ask, &row);
	if (e == NOT_FOUND) { /* another run waits for it since */
		call->problem = (struct problem) { 0 };
		return OK;
	}
	TRY(e);
	const struct schedule *s = schedule_named(name);
	/* A program that knows it, or can do it, takes it up again. */
	if (!s || !is_able(call->worker, s))
		return forget_row(call, name);
	instant now = clock_now();
	if (now.us < row.due_at.us) { /* by the clock of this machine */
		job_sleep_until(job, job->step, row.due_at);
		return OK;
	}
	instant_format(row.due_at, due);
	TRY(workflow_start(call, s->workflow, "", object_of(call, "due_at", due), &started));
	job->result = json_kept(call->arena, object_of(call, "run_id", started.text)).json;
	return wait_for_next(call, s, row.time_zone, now);
}

WORKFLOW(schedule_wait, .definition = 1, .of_the_program = true, .steps = { { "wait", come_due } });

/* ---- which company has which ---- */

static bool is_as_wanted(
    const struct workflow_schedules_known_row *row, const struct schedule *s, str zone)
{
	return str_is(row->plan, s->plan) && str_eq(row->time_zone, zone) &&
	       (row->state == WORKFLOW_RUN_STATE_WAITING ||
		   row->state == WORKFLOW_RUN_STATE_RUNNING);
}

error workflow_schedules_set(struct call *call)
{
	struct workflow_schedules_known_row *rows;
	struct workflow_schedules_clock_row company;
	size_t n;
	if (__stop_schedules - __start_schedules == 0)
		return OK;
	TRY(query_one(call, &workflow_schedules_clock_query, NULL, &company));
	TRY(query_all(call, &workflow_schedules_known_query, NULL, &rows, &n));
	for (EACH_SCHEDULE(s)) {
		str zone = (*s)->zone ? str_of((*s)->zone) : company.time_zone;
		size_t i = 0;
		while (i < n && !str_is(rows[i].name, (*s)->name))
			i++;
		if (is_able(call->worker, *s) && (i == n || !is_as_wanted(&rows[i], *s, zone)))
			TRY(wait_for_next(call, *s, zone, clock_now()));
	}
	return OK;
}

static error set_run(struct call *call, const void *in, struct json *out)
{
	(void)in;
	(void)out;
	return workflow_schedules_set(call);
}

static error set_in(struct worker *w, const company_id *company)
{
	static const struct operation set = { .name = "schedules",
		.kind = MUTATION_KIND,
		.may = SIGNED_IN,
		.answer = ANSWER_NOTHING,
		.run = set_run };
	struct answer answer;
	gate_ask(w, w->arena,
	    &(struct ask) { .op = &set,
		.credential = CREDENTIAL_JOB,
		.job_company = *company,
		.request_id = STR("schedules"),
		.started = clock_now() },
	    &answer);
	return answer.kind;
}

static error set_everywhere(
    struct worker *w, const struct schedule *s, const volatile sig_atomic_t *stopping)
{
	struct companies_without_schedule_in ask = {
		.name = str_of(s->name), .plan = str_of(s->plan), .zone = str_of(s->zone)
	};
	struct companies_without_schedule_row *rows;
	for (size_t n = 1; n > 0 && !*stopping;) {
		arena_reset(w->arena);
		struct call call = {
			.worker = w, .arena = w->arena, .db = w->reads, .now = clock_now()
		};
		TRY(query_all(&call, &companies_without_schedule_query, &ask, &rows, &n));
		for (size_t i = 0; i < n; i++)
			TRY(set_in(w, &rows[i].company_id));
		if (n)
			memcpy(ask.last.text, rows[n - 1].company_id.text, sizeof ask.last.text);
	}
	return OK;
}

error workflow_schedules_run(struct worker *w, const volatile sig_atomic_t *stopping)
{
	error e = OK;
	for (EACH_SCHEDULE(s))
		if (e == OK && is_able(w, *s))
			e = set_everywhere(w, *s, stopping);
	arena_reset(w->arena);
	return e;
}
