/*
 * search_worker.h: a worker of the product on a database of its own, with a company, a role and an
 * agent of it, and mutations that tests make up. Without a server there is no `worker`, and tests
 * are skipped.
 */
#pragma once
#include "ask_help.h"
#include "core/gate.h"
#include "core/migrate.h"
#include "core/operation.h"
#include "core/worker.h"
#include "own_database.h"

#include <sys/wait.h>
#include <unistd.h>

static struct config config;
static struct arena *arena;
static struct worker *worker;
#include "database_help.h"

/* ---- what the mutation of a test does ---- */

static error (*body)(struct call *call);

static error run_body(struct call *call, const void *in, struct json *out)
{
	(void)in;
	(void)out;
	return body(call);
}

static const struct operation operation = { .name = "test",
	.kind = MUTATION_KIND,
	.may = SIGNED_IN,
	.answer = ANSWER_NOTHING,
	.run = run_body };

static error mutate(error (*run)(struct call *call))
{
	body = run;
	return ask_for(worker, &operation);
}

/* ---- set-up ---- */

static bool migrate(void)
{
	int status = -1;
	pid_t child = fork();
	if (child == 0) {
		char name[] = "migrate";
		char *argv[] = { name, NULL };
		if (!freopen("/dev/null", "w", stdout))
			_exit(99);
		_exit(migrate_main(&config, 1, argv));
	}
	return waitpid(child, &status, 0) == child && status == 0;
}

/* Nonzero when the server has no such database to give. */
static int worker_setup(void)
{
	char why[256];
	struct db_options options;
	arena = arena_new();
	config = (struct config) {
		.database_url = own_database(arena), .run_dir = "/tmp", .log_days = 90
	};
	if (!config.database_url)
		return 0;
	if (!db_options_parse(arena, str_of(config.database_url), &options, why) || !migrate())
		return -1;
	worker = calloc(1, sizeof *worker);
	worker->n_known = 4;
	worker->known = calloc(worker->n_known, sizeof *worker->known);
	worker->config = &config;
	worker->shared = shared_new();
	worker->arena = arena_new();
	worker->reads = db_new(&options, DB_READ);
	worker->writes = db_new(&options, DB_WRITE);
	worker->doorbell = -1;
	script(
	    "INSERT INTO companies (company_id, id, name, currency, time_zone, created_at, "
	    "updated_at) "
	    "VALUES ('" COMPANY "', '" COMPANY "', 'C', 'EUR', 'UTC', NOW(6), NOW(6));"
	    "INSERT INTO roles (company_id, id, name, created_at, updated_at) VALUES ('" COMPANY
	    "', '" ROLE "', 'R', NOW(6), NOW(6));"
	    "INSERT INTO agents (company_id, id, email, full_name, role_id, created_at, updated_at)"
	    " VALUES ('" COMPANY "', '" AGENT "', 'a@b.test', 'A', '" ROLE "', NOW(6), NOW(6))");
	return 0;
}

static int group_teardown(void **none)
{
	(void)none;
	worker_free(worker);
	arena_free(arena);
	return 0;
}
