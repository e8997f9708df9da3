/*
 * workflow_help.h: a company in a database of its own, a runner, and starting runs as a mutation
 * does; for the tests of workflows.
 */
#pragma once
#include "base/clock.h"
#include "base/random.h"
#include "core/cleaning.h"
#include "core/gate.h"
#include "core/migrate.h"
#include "core/row.h"
#include "core/worker.h"
#include "core/workflow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "ask_help.h"
#include "own_database.h"
#undef fail /* the word of core/call.h here */

enum { TRIES = 12 }; /* of a step that says nothing of them */

static struct config config;
static struct shared_memory *shared;
static struct arena *arena;
static struct worker *worker;
static struct db_options options;
static volatile sig_atomic_t stopping;
static struct workflow_runner runner;

/* What the steps of the tests are told, also those in other processes. */
static struct told {
	_Atomic int fail, kill, seen, order[8];
	char key[8][64];
} * told;

/* ---- help ---- */

#include "database_help.h"

static struct worker *own_worker(void)
{
	struct worker *w = calloc(1, sizeof *w);
	assert_non_null(w);
	w->n_known = 4;
	w->known = calloc(w->n_known, sizeof *w->known);
	w->config = &config;
	w->shared = shared;
	w->arena = arena_new();
	w->reads = db_new(&options, DB_READ);
	w->writes = db_new(&options, DB_WRITE);
	w->doorbell = -1;
	return w;
}

static str text(const char *sql)
{
	static const struct field t = { .name = "t", .type = T_TEXT };
	const struct field *columns[] = { &t };
	str value = { 0 };
	assert_int_equal(
	    db_one(worker->writes, arena, str_of(sql), NULL, 0, columns, 1, &value), OK);
	return value;
}

static void quiet(void)
{
	if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
		_exit(99);
}

static bool migrate(void)
{
	int status = -1;
	pid_t child = fork();
	if (child == 0) {
		char name[] = "migrate";
		char *argv[] = { name, NULL };
		quiet();
		_exit(migrate_main(&config, 1, argv));
	}
	return waitpid(child, &status, 0) == child && status == 0;
}

static int group_setup(void **state)
{
	(void)state;
	char why[256];
	arena = arena_new();
	config = (struct config) {
		.database_url = own_database(arena), .run_dir = "/tmp", .log_days = 90
	};
	if (!config.database_url)
		return 0;
	shared = shared_new();
	told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!db_options_parse(arena, str_of(config.database_url), &options, why) || !migrate())
		return -1;
	worker = own_worker();
	script(
	    "INSERT INTO companies (company_id, id, name, currency, time_zone, created_at, "
	    "updated_at) VALUES ('" COMPANY "', '" COMPANY "', 'C', 'EUR', 'UTC', NOW(6), NOW(6));"
	    "INSERT INTO roles (company_id, id, name, created_at, updated_at) VALUES ('" COMPANY
	    "', '" ROLE "', 'R', NOW(6), NOW(6));"
	    "INSERT INTO agents (company_id, id, email, full_name, role_id, created_at, updated_at)"
	    " VALUES ('" COMPANY "', '" AGENT "', 'a@b.test', 'A', '" ROLE "', NOW(6), NOW(6))");
	return 0;
}

static int setup(void **state)
{
	(void)state;
	if (!worker)
		return 0;
	memset(told, 0, sizeof *told);
	runner = (struct workflow_runner) { .worker = worker, .stopping = &stopping };
	script("DELETE FROM workflow_schedules; DELETE FROM workflow_steps; DELETE FROM "
	       "workflow_events; DELETE FROM "
	       "workflow_runs; DELETE FROM workflow_queues; DELETE FROM tags; DELETE "
	       "FROM changes; DELETE FROM trimmed_logs;"
	       "UPDATE agents SET status = 'active'");
	return 0;
}

static void needs_database(void)
{
	if (!worker)
		skip();
}

#define QUIETLY(statement) \
	do { \
		int kept_ = dup(STDERR_FILENO); \
		assert_non_null(freopen("/dev/null", "w", stderr)); \
		statement; \
		dup2(kept_, STDERR_FILENO); \
		close(kept_); \
	} while (0)

static bool work(void)
{
	bool worked;
	instant next;
	error e;
	QUIETLY(e = workflow_work(&runner, &worked, &next));
	assert_int_equal(e, OK);
	return worked;
}

static void all_due(void)
{
	script("UPDATE workflow_runs SET wake_at = NOW(6) - INTERVAL 1 SECOND, lease_until = "
	       "IF(lease_until IS NULL, NULL, wake_at);"
	       "UPDATE workflow_queues SET wake_at = NOW(6) - INTERVAL 1 SECOND");
}

static error mark(struct call *call, const char *name)
{
	struct tag tag;
	row_init(&tags_table, &tag);
	tag.name = str_of(arena_printf(call->arena, "%s %s", name, uuid_v7().text));
	tag.color = TAG_COLOR_RED;
	return tag_insert(call, &tag);
}

/* ---- starting one, as a mutation does ---- */

static const struct workflow *to_start;
static bool then_fail;

static error start_run(struct call *call, const void *in, struct json *out)
{
	(void)in;
	(void)out;
	struct json_object *input = json_object_new_object();
	json_keep(call->arena, input);
	json_object_object_add(input, "n", json_object_new_int(7));
	TRY(workflow_start(call, to_start, COMPANY, input, NULL));
	return then_fail ? fail(call, CONFLICT, NULL, "no") : OK;
}

static const struct operation start_operation = { .name = "start",
	.kind = MUTATION_KIND,
	.may = SIGNED_IN,
	.answer = ANSWER_NOTHING,
	.run = start_run };

static inline void start(const struct workflow *w)
{
	struct answer answer;
	to_start = w;
	arena_reset(worker->arena);
	gate_ask(worker, worker->arena,
	    &(struct ask) { .op = &start_operation,
		.credential = CREDENTIAL_JOB,
		.job_company = { COMPANY },
		.job_agent = { AGENT } },
	    &answer);
	assert_int_equal(answer.kind, then_fail ? CONFLICT : OK);
}

#define STATE() text("SELECT state FROM workflow_runs")
#define assert_text(s, expected) assert_true(str_is((s), (expected)))

/* ---- what a mutation says to the first run ---- */

static error (*say)(struct call *call, workflow_run_id run);

static inline error said_run(struct call *call, const void *in, struct json *out)
{
	(void)in;
	(void)out;
	str id = text("SELECT id FROM workflow_runs ORDER BY created_at, id LIMIT 1");
	workflow_run_id run;
	memcpy(run.text, id.p, sizeof run.text);
	return say(call, run);
}

static inline error tell_by(struct worker *by, error (*what)(struct call *, workflow_run_id))
{
	static const struct operation operation = { .name = "tell",
		.kind = MUTATION_KIND,
		.may = SIGNED_IN,
		.answer = ANSWER_NOTHING,
		.run = said_run };
	say = what;
	return ask_for(by, &operation);
}

static inline error tell(error (*what)(struct call *, workflow_run_id))
{
	return tell_by(worker, what);
}

static inline void until_idle(void)
{
	while (work())
		;
}

#define assert_number(sql, expected) assert_int_equal(number(sql), expected)
#define STEPS() \
	text("SELECT GROUP_CONCAT(CONCAT(IF(s.undone, '-', ''), IF(s.error IS NULL, '', '!'), " \
	     "s.step) " \
	     "ORDER BY r.created_at, r.id, s.step_number SEPARATOR ' ') FROM workflow_steps s " \
	     "JOIN " \
	     "workflow_runs r ON r.company_id = s.company_id AND r.id = s.run_id")
