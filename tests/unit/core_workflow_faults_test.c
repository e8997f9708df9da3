/* layers: base http db core */
/* alone: it waits until anybody at the server waits for a row */
/*
 * Faults that such engines are known for, each at its worst moment, against a real MariaDB: what
 * recovers is cut off itself, a runner dies between two steps, a run is cancelled while a step of
 * it is under way, a clock goes back. A runner that acts after its lease: core_workflow_test.c; an
 * event before its wait: core_workflow_flow_test.c.
 */
#include "workflow_help.h"

static void elsewhere(const char *sql)
{
	struct db *other = db_new(&options, DB_WRITE);
	assert_int_equal(db_script(other, str_of(sql)), OK);
	db_free(other);
}

static int64_t number_elsewhere(const char *sql)
{
	struct worker *kept = worker;
	worker = own_worker();
	int64_t n = number(sql);
	worker_free(worker);
	worker = kept;
	return n;
}

/* A process of its own, which has connections of its own. */
static pid_t process(void (*run)(void))
{
	pid_t child = fork();
	if (child)
		return child;
	quiet();
	worker = runner.worker = own_worker();
	run();
	_exit(0);
}

static int ended(pid_t child)
{
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void work_on(void)
{
	for (bool worked = true; worked;) {
		instant next;
		if (workflow_work(&runner, &worked, &next) != OK)
			_exit(1);
	}
}

/* ---- what recovers is cut off itself ---- */

static error die(struct call *call, struct job *job)
{
	(void)job;
	TRY(mark(call, "half done"));
	raise(SIGKILL);
	return OK;
}

/* The database goes away in the middle of the transaction that says that the run has failed. */
static error be_cut_off(struct call *call, struct job *job, const char *why)
{
	(void)job;
	assert_string_equal(why, "the process that did this step has ended");
	TRY(mark(call, "given up"));
	if (told->kill-- > 0) {
		static const struct field id = { .name = "id", .type = T_INT };
		const struct field *columns[] = { &id };
		int64_t connection;
		TRY(db_one(call->db, call->arena, STR("SELECT CONNECTION_ID()"), NULL, 0, columns,
		    1, &connection));
		elsewhere(arena_printf(call->arena, "KILL %lld", (long long)connection));
	}
	return OK;
}

WORKFLOW(cut_off, .definition = 1, .failed = be_cut_off,
    .steps = { { "die", die, .retry = { .attempts = 1 } } });

static void a_recovery_that_is_cut_off_is_made_by_the_next(void **state)
{
	(void)state;
	needs_database();
	start(&cut_off);
	assert_int_equal(ended(process(work_on)), -SIGKILL);
	told->kill = 100;
	for (int i = 0; i < 2; i++) {
		all_due();
		assert_true(work());
		assert_text(STATE(), "waiting");
		assert_number("SELECT COUNT(*) FROM tags", 0);
		assert_number("SELECT COUNT(*) FROM workflow_steps", 0);
	}
	told->kill = 0;
	all_due();
	assert_true(work());
	assert_text(STATE(), "failed");
	assert_number("SELECT COUNT(*) FROM tags WHERE name LIKE 'given up%'", 1);
	assert_number("SELECT COUNT(*) FROM tags", 1);
	assert_number("SELECT COUNT(*) FROM workflow_steps", 1);
}

/* ---- a runner dies between two steps ---- */

static error first(struct call *call, struct job *job)
{
	job_next(job, "second");
	return mark(call, "first");
}

static error second(struct call *call, struct job *job)
{
	(void)job;
	return mark(call, "second");
}

WORKFLOW(two_steps, .definition = 1, .steps = { { "first", first }, { "second", second } });

static void die_at_the_second(void *with)
{
	(void)with;
	if (++told->seen == 2)
		raise(SIGKILL);
}

static void a_runner_that_dies_between_two_steps_loses_and_repeats_nothing(void **state)
{
	(void)state;
	needs_database();
	start(&two_steps);
	runner.claimed = die_at_the_second;
	assert_int_equal(ended(process(work_on)), -SIGKILL);
	runner.claimed = NULL;
	assert_text(STATE(), "running");
	assert_number("SELECT COUNT(*) FROM tags WHERE name LIKE 'first%'", 1);
	assert_false(work());         /* the dead one has it */
	for (int i = 0; i < 2; i++) { /* which counts as a try of the second */
		all_due();
		assert_true(work());
	}
	assert_text(STATE(), "done");
	assert_text(STEPS(), "first second");
	assert_number("SELECT COUNT(*) FROM tags", 2);
}

/* ---- cancelled while a step is under way ---- */

static error undo(struct call *call, struct job *job)
{
	(void)job;
	return mark(call, "taken back");
}

static error outside_first(struct call *call, struct job *job)
{
	job_next(job, "outside");
	return mark(call, "first");
}

static struct workflow_leases leases = { .lock = PTHREAD_MUTEX_INITIALIZER };

static error be_cancelled_outside(struct call *call, struct job *job)
{
	(void)call;
	struct worker *other = own_worker();
	assert_int_equal(tell_by(other, workflow_cancel), OK);
	workflow_leases_renew(&leases, other);
	worker_free(other);
	told->seen = job_gives_up(job);
	return OK;
}

WORKFLOW(cancelled_outside, .definition = 1,
    .steps = { { "first", outside_first, .undo = undo },
	{ "outside", second, be_cancelled_outside, 30 } });

static void a_run_that_is_cancelled_while_it_is_outside_writes_nothing_more(void **state)
{
	(void)state;
	needs_database();
	runner.leases = &leases;
	start(&cancelled_outside);
	until_idle();
	assert_true(told->seen);
	assert_text(STATE(), "cancelled");
	assert_text(STEPS(), "first -first");
	assert_number("SELECT COUNT(*) FROM tags", 2); /* the first, and what took it back */
	assert_number("SELECT attempts FROM workflow_runs", 0);
}

static void cancel(void)
{
	if (tell(workflow_cancel) != OK)
		_exit(1);
}

static pid_t canceller;

/* Somebody cancels, and waits for the end of this step. */
static error be_cancelled_inside(struct call *call, struct job *job)
{
	canceller = process(cancel);
	while (!number_elsewhere("SELECT CAST(VARIABLE_VALUE AS INT) FROM "
				 "information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = "
				 "'INNODB_ROW_LOCK_CURRENT_WAITS'"))
		usleep(1000);
	return first(call, job);
}

WORKFLOW(cancelled_inside, .definition = 1,
    .steps = { { "first", be_cancelled_inside, .undo = undo }, { "second", second } });

static void a_run_that_is_cancelled_within_a_step_ends_after_it(void **state)
{
	(void)state;
	needs_database();
	start(&cancelled_inside);
	assert_true(work());
	assert_int_equal(ended(canceller), 0);
	until_idle();
	assert_text(STATE(), "cancelled");
	assert_text(STEPS(), "first -first");
	assert_number("SELECT COUNT(*) FROM tags WHERE name LIKE 'first%'", 1);
	assert_number("SELECT COUNT(*) FROM tags WHERE name LIKE 'taken back%'", 1);
	assert_number("SELECT COUNT(*) FROM tags", 2);
}

/* ---- a clock goes back ---- */

/* What was written until now was written by a clock that was an hour ahead. */
static const char *const an_hour_back =
    "UPDATE workflow_runs SET wake_at = wake_at + INTERVAL 1 HOUR, lease_until = lease_until + "
    "INTERVAL 1 HOUR; UPDATE workflow_queues SET wake_at = wake_at + INTERVAL 1 HOUR";

static error go_back(struct call *call, struct job *job)
{
	(void)call;
	(void)job;
	elsewhere(an_hour_back);
	return OK;
}

WORKFLOW(set_back, .definition = 1,
    .steps = {
	{ "first", outside_first }, { "outside", first, go_back, 30 }, { "second", second } });

static void a_clock_that_goes_back_delays_and_repeats_nothing(void **state)
{
	(void)state;
	needs_database();
	start(&set_back);
	until_idle(); /* the step that was outside is done: a lease is no matter of clocks */
	assert_text(STATE(), "done");
	assert_text(STEPS(), "first outside second");
	assert_number("SELECT COUNT(*) FROM tags", 3);

	setup(NULL);
	start(&two_steps);
	assert_true(work());
	script(an_hour_back);
	assert_false(work()); /* it waits for its time, */
	assert_text(STATE(), "running");
	bool worked;
	instant next;
	assert_int_equal(workflow_work(&runner, &worked, &next), OK);
	assert_in_range(next.us - clock_now().us, SECONDS(3500), SECONDS(3600));
	start(&two_steps);
	until_idle(); /* which holds up nobody else */
	assert_number("SELECT COUNT(*) FROM workflow_runs WHERE state = 'done'", 1);
	all_due(); /* and goes on when it has come */
	until_idle();
	assert_number("SELECT COUNT(*) FROM workflow_runs WHERE state = 'done'", 2);
	assert_number("SELECT COUNT(*) FROM tags", 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		TEST(a_recovery_that_is_cut_off_is_made_by_the_next),
		TEST(a_runner_that_dies_between_two_steps_loses_and_repeats_nothing),
		TEST(a_run_that_is_cancelled_while_it_is_outside_writes_nothing_more),
		TEST(a_run_that_is_cancelled_within_a_step_ends_after_it),
		TEST(a_clock_that_goes_back_delays_and_repeats_nothing),
	};
	return cmocka_run_group_tests(tests, group_setup, NULL);
}
