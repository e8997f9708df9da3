/*
 * chains.c: chains of three steps on the engine of workflows, for workflows.mjs. Each step has an
 * effect of its own (a row in bench_effects), which its journal, the next step and the commit
 * share, as the engine does it always. Settings come from the environment as those of the program.
 * It does one command of standard input after the other, each ends with a line "ok":
 *
 *   COMPANIES n       makes them, each with somebody on whose behalf its runs act
 *   START n           starts n runs, in turn for the companies, 100 in a transaction
 *   WORK threads      does all that is due; prints "worked STEPS MICROSECONDS"
 *   ALONE n           starts one run after the other and does it; prints "claimed CLAIM WHOLE" for
 *                     each of their steps, in microseconds: until the engine had claimed it (the
 *                     lanes looked at, the lease written and committed), and until it was done
 *   COMMITS n         commits one row after the other; prints "commit MICROSECONDS" for each: what
 *                     the disk takes of every durable commit
 *   LATENCY n         beside a jobs process starts one run after the other; prints "due
 *                     MICROSECONDS" for each of their steps: from the commit that made it due to
 *                     its beginning
 *   MEMORY            prints "memory BYTES", resident
 */
#include "base/clock.h"
#include "base/random.h"
#include "core/gate.h"
#include "core/sql.h"
#include "core/worker.h"
#include "core/workflow.h"
#include "process/process.h"
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { IN_ONE = 100, COMPANIES_MOST = 1000, SAMPLES = 100000, PATIENCE_US = 60000000 };

static struct config config;
static struct installation installation;
static struct worker *starter;
static company_id companies[COMPANIES_MOST];
static agent_id agents[COMPANIES_MOST];
static size_t n_companies, to_start;
static volatile sig_atomic_t stopping;

/* What the steps tell, in whatever process they run. */
static struct told {
	_Atomic int64_t steps, began, n;
	int64_t took[SAMPLES];
	sem_t done; /* posted at each step */
} * told;

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "chains: %s\n", what);
	exit(1);
}

/* ---- the chain ---- */

static error effect(struct call *call, struct job *job)
{
	const struct db_param values[] = { DB_PARAM_ID(job->run.text), DB_PARAM_INT(&job->number) };
	int64_t due = atomic_exchange(&told->began, 0), n;
	if (due && (n = told->n++) < SAMPLES)
		told->took[n] = clock_monotonic_us() - due;
	told->steps++;
	sem_post(&told->done);
	return db_execute(
	    call->db, STR("INSERT INTO bench_effects (run, step) VALUES (?, ?)"), values, 2, NULL);
}

static error first(struct call *call, struct job *job)
{
	job_next(job, "second");
	return effect(call, job);
}

static error second(struct call *call, struct job *job)
{
	job_next(job, "third");
	return effect(call, job);
}

static error third(struct call *call, struct job *job) { return effect(call, job); }

WORKFLOW(bench_chain, .definition = 1,
    .steps = { { "first", first }, { "second", second }, { "third", third } });

/* ---- starting runs, as a mutation does ---- */

static error start_runs(struct call *call, const void *in, struct json *out)
{
	(void)in;
	(void)out;
	for (size_t i = 0; i < to_start; i++)
		TRY(workflow_start(call, &bench_chain, "", NULL, NULL));
	return OK;
}

static const struct operation start_operation = { .name = "start",
	.kind = MUTATION_KIND,
	.may = SIGNED_IN,
	.answer = ANSWER_NOTHING,
	.run = start_runs };

static void start(size_t company, size_t n)
{
	struct answer answer;
	to_start = n;
	arena_reset(starter->arena);
	gate_ask(starter, starter->arena,
	    &(struct ask) { .op = &start_operation,
		.credential = CREDENTIAL_JOB,
		.job_company = companies[company],
		.job_agent = agents[company] },
	    &answer);
	must(answer.kind == OK, "a run cannot be started");
}

static void make_companies(size_t n)
{
	must(n <= COMPANIES_MOST, "too many companies");
	for (; n_companies < n; n_companies++) {
		const uuid company = uuid_v7(), role = uuid_v7(), agent = uuid_v7();
		const char *c = company.text, *r = role.text, *a = agent.text;
		memcpy(companies[n_companies].text, c, sizeof company.text);
		memcpy(agents[n_companies].text, a, sizeof agent.text);
		const char *sql = arena_printf(starter->arena,
		    "INSERT INTO companies (company_id, id, name, currency, time_zone, created_at, "
		    "updated_at) VALUES ('%s', '%s', 'C', 'EUR', 'UTC', NOW(6), NOW(6));"
		    "INSERT INTO roles (company_id, id, name, created_at, updated_at) VALUES "
		    "('%s', "
		    "'%s', 'R', NOW(6), NOW(6));"
		    "INSERT INTO agents (company_id, id, email, full_name, role_id, created_at, "
		    "updated_at) VALUES ('%s', '%s', 'a@%zu.test', 'A', '%s', NOW(6), NOW(6))",
		    c, c, c, r, c, a, n_companies, r);
		must(db_script(starter->writes, str_of(sql)) == OK, "a company cannot be made");
	}
}

static void start_all(size_t n)
{
	for (size_t i = 0, company = 0; i < n; company = (company + 1) % n_companies) {
		size_t some = n - i < IN_ONE ? n - i : IN_ONE;
		start(company, some);
		i += some;
	}
}

/* ---- doing them ---- */

/* When runs were claimed, and before their steps. */
static void note_time(void *at) { *(int64_t *)at = clock_monotonic_us(); }

static bool work(struct worker *w, int64_t *claimed_at)
{
	struct workflow_runner runner = {
		.worker = w,
		.stopping = &stopping,
		.claimed = note_time,
		.with = claimed_at,
	};
	bool worked;
	instant next;
	must(workflow_work(&runner, &worked, &next) == OK, "the database is away");
	return worked;
}

/* Until the last step of all is done: what another thread holds may be followed by more. */
static void *work_run(void *until)
{
	struct worker *w = worker_new(&installation);
	int64_t claimed_at;
	must(w != NULL, "no worker");
	while (told->steps < *(int64_t *)until)
		(void)work(w, &claimed_at);
	worker_free(w);
	return NULL;
}

static int64_t n_due(void)
{
	static const struct field n = { .name = "n", .type = T_INT };
	const struct field *columns[] = { &n };
	int64_t value = 0;
	must(db_one(starter->writes, starter->arena,
		 STR("SELECT COUNT(*) FROM workflow_runs WHERE workflow = 'bench_chain' AND state "
		     "= 'waiting' AND wake_at <= NOW(6)"),
		 NULL, 0, columns, 1, &value) == OK,
	    "what is due cannot be counted");
	return value;
}

static void work_all(size_t n)
{
	pthread_t threads[64];
	int64_t until = n_due() * 3;
	must(n > 0 && n <= 64, "how many threads?");
	told->steps = 0;
	int64_t began = clock_monotonic_us();
	for (size_t i = 0; i < n; i++)
		must(pthread_create(&threads[i], NULL, work_run, &until) == 0, "no thread");
	for (size_t i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	printf("worked %lld %lld\n", (long long)told->steps,
	    (long long)(clock_monotonic_us() - began));
}

static void work_alone(size_t n)
{
	for (size_t i = 0; i < n; i++) {
		start(i % n_companies, 1);
		for (int step = 0; step < 3; step++) {
			int64_t began = clock_monotonic_us(), claimed_at;
			must(work(starter, &claimed_at), "what is due is not found");
			printf("claimed %lld %lld\n", (long long)(claimed_at - began),
			    (long long)(clock_monotonic_us() - began));
		}
	}
}

static void commit_alone(size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const uuid id = uuid_v7();
		const struct db_param run[] = { DB_PARAM_ID(id.text) };
		int64_t began = clock_monotonic_us();
		must(db_execute(starter->writes,
			 STR("INSERT INTO bench_effects (run, step) VALUES (?, 0)"), run, 1,
			 NULL) == OK,
		    "a row cannot be written");
		printf("commit %lld\n", (long long)(clock_monotonic_us() - began));
	}
}

static void terminate(int signal)
{
	(void)signal;
	stopping = 1;
}

static void latency(size_t n)
{
	struct shared_memory *shared = installation.shared;
	fflush(stdout);
	pid_t child = fork();
	must(child >= 0, "no process");
	if (child == 0) {
		signal(SIGTERM, terminate);
		shared->slots[0].kind = WORKER_JOBS;
		shared->slots[0].pid = getpid();
		_exit(jobs_run(&config, shared, &stopping));
	}
	for (int64_t until = clock_monotonic_us() + PATIENCE_US;
	     shared->slots[0].state != SLOT_IDLE;)
		must(clock_monotonic_us() < until, "the jobs process does not start");
	told->n = 0;
	while (sem_trywait(&told->done) == 0)
		;
	for (size_t i = 0; i < n; i++) {
		struct timespec until;
		start(i % n_companies, 1);
		told->began = clock_monotonic_us();
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += PATIENCE_US / SECONDS(1);
		for (int step = 0; step < 3; step++)
			must(sem_timedwait(&told->done, &until) == 0, "a run is not done");
	}
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
	shared->slots[0].pid = 0;
	for (int64_t i = 0; i < told->n && i < SAMPLES; i++)
		printf("due %lld\n", (long long)told->took[i]);
}

int main(void)
{
	char why[256], line[256], command[32];
	must(config_load(&config, why), why);
	struct shared_memory *shared = shared_new();
	told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(shared && told != MAP_FAILED && sem_init(&told->done, 1, 0) == 0, "no memory");
	must(
	    installation_open(&config, shared, &installation), "the installation cannot be opened");
	starter = worker_new(&installation);
	must(starter != NULL, "no worker");
	while (fgets(line, sizeof line, stdin)) {
		size_t n = 0;
		must(sscanf(line, "%31s %zu", command, &n) >= 1, "no command");
		if (!strcmp(command, "COMPANIES"))
			make_companies(n);
		else if (!strcmp(command, "START"))
			start_all(n);
		else if (!strcmp(command, "WORK"))
			work_all(n);
		else if (!strcmp(command, "ALONE"))
			work_alone(n);
		else if (!strcmp(command, "COMMITS"))
			commit_alone(n);
		else if (!strcmp(command, "LATENCY"))
			latency(n);
		else if (!strcmp(command, "MEMORY"))
			printf("memory %llu\n", (unsigned long long)process_memory());
		else
			must(false, "no such command");
		puts("ok");
		fflush(stdout);
	}
	worker_free(starter);
	installation_close(&installation);
	return 0;
}
