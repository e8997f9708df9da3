/* layers: base http db core */
/*
 * What workflow.h promises, against a real MariaDB: tests/unit/with_mariadb starts one. Runners
 * that are killed are processes of their own.
 */
#include "workflow_help.h"

/* ---- the workflows of these tests ---- */

static error first(struct call *call, struct job *job)
{
	job_next(job, "second");
	return mark(call, "first");
}

static error second(struct call *call, struct job *job)
{
	job->result = STR("{\"good\":true}");
	return mark(call, "second");
}

WORKFLOW(two_steps, .definition = 1, .steps = { { "first", first }, { "second", second } });

static error loop(struct call *call, struct job *job)
{
	if (job->number < 4)
		job_next(job, "loop");
	return mark(call, "loop");
}

WORKFLOW(looping, .definition = 1, .steps = { { "loop", loop } });

static error sleep_first(struct call *call, struct job *job)
{
	job_sleep(job, "wake", SECONDS(3600));
	return mark(call, "asleep");
}

WORKFLOW(sleeping, .definition = 1, .steps = { { "sleep", sleep_first }, { "wake", second } });

/* Does its effect first, and then what it was told to. */
static error risky(struct call *call, struct job *job)
{
	(void)job;
	TRY(mark(call, "risky"));
	if (told->kill > 0) {
		told->kill--;
		raise(SIGKILL);
	}
	if (told->fail)
		return fail(call, (error)told->fail, NULL, "as it was told");
	return OK;
}

static error risky_failed(struct call *call, struct job *job, const char *why)
{
	(void)job;
	assert_string_equal(
	    why, told->fail ? "as it was told" : "the process that did this step has ended");
	assert_string_equal(call->me.agent.text, "");
	return mark(call, "given up");
}

WORKFLOW(risking, .definition = 1, .failed = risky_failed, .steps = { { "risk", risky } });

static error look(struct call *call, struct job *job)
{
	assert_false(db_in_transaction(call->db));
	snprintf(told->key[told->seen++], 64, "%s/%lld", job->run.text, (long long)job->number);
	job->outcome = arena_text(call->arena, "seen", 4);
	if (told->fail)
		return fail(call, (error)told->fail, NULL, "as it was told");
	return OK;
}

static error looked(struct call *call, struct job *job)
{
	assert_string_equal(job->outcome, "seen");
	return mark(call, "looked");
}

WORKFLOW(outward, .definition = 1, .steps = { { "look", looked, look, 30 } });

/* Somebody else claims the run while this one is outside. */
static error lose_it(struct call *call, struct job *job)
{
	(void)call;
	(void)job;
	struct db *other = db_new(&options, DB_WRITE);
	assert_int_equal(
	    db_script(other, STR("UPDATE workflow_runs SET generation = generation + 1")), OK);
	db_free(other);
	return OK;
}

/* The commit of this step was made, and its answer lost: somebody does it who does not know. */
static error move_it(struct call *call, struct job *job)
{
	(void)call;
	(void)job;
	struct db *other = db_new(&options, DB_WRITE);
	assert_int_equal(
	    db_script(other, STR("UPDATE workflow_runs SET step_number = step_number + 1")), OK);
	db_free(other);
	return OK;
}

WORKFLOW(moved, .definition = 1, .steps = { { "move", looked, move_it, 30 } });

WORKFLOW(fenced, .definition = 1, .steps = { { "lose", looked, lose_it, 30 } });

/* ---- what is outside for long ---- */

static struct workflow_leases leases = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void elsewhere(const char *sql)
{
	struct db *other = db_new(&options, DB_WRITE);
	assert_int_equal(db_script(other, str_of(sql)), OK);
	db_free(other);
}

static bool another_finds_work(void)
{
	struct workflow_runner another = { .worker = own_worker(), .stopping = &stopping };
	bool worked;
	instant next;
	elsewhere("UPDATE workflow_queues SET wake_at = NOW(6) - INTERVAL 1 SECOND");
	assert_int_equal(workflow_work(&another, &worked, &next), OK);
	worker_free(another.worker);
	return worked;
}

static void renew(void)
{
	struct worker *keeper = own_worker();
	workflow_leases_renew(&leases, keeper);
	worker_free(keeper);
}

/* Its lease is nearly over when its process renews it. */
static error linger(struct call *call, struct job *job)
{
	(void)call;
	elsewhere("UPDATE workflow_runs SET lease_until = wake_at");
	renew();
	told->seen = !another_finds_work();
	told->order[0] = job_gives_up(job);
	job->outcome = arena_text(call->arena, "seen", 4);
	return OK;
}

WORKFLOW(lingering, .definition = 1, .steps = { { "linger", looked, linger, 30 } });

/* It is paused, or another has it, while it is outside. */
static const char *what_happens;

static error be_robbed(struct call *call, struct job *job)
{
	(void)call;
	elsewhere(what_happens);
	told->order[0] = job_gives_up(job);
	renew();
	told->order[1] = job_gives_up(job);
	job->outcome = arena_text(call->arena, "seen", 4);
	return OK;
}

WORKFLOW(robbed, .definition = 1, .steps = { { "work", looked, be_robbed, 30 } });

static error overstay(struct call *call, struct job *job)
{
	(void)call;
	told->seen = job_gives_up(job);
	job->outcome = arena_text(call->arena, "seen", 4);
	return OK;
}

WORKFLOW(overstaying, .definition = 1, .steps = { { "stay", looked, overstay, 0 } });

/* Stands still in one process until it is told that the others are done. */
static error stand_still(struct call *call, struct job *job)
{
	(void)job;
	int nth = told->seen++;
	while (nth == 0 && !told->fail)
		usleep(1000);
	job->outcome = arena_text(call->arena, "seen", 4);
	return OK;
}

WORKFLOW(standing, .definition = 1, .steps = { { "stand", looked, stand_still, 30 } });

static bool never(const struct config *c)
{
	(void)c;
	return false;
}

WORKFLOW(unable, .definition = 1, .lane = "unable", .able = never, .steps = { { "first", first } });

static error as_nobody(struct call *call, struct job *job)
{
	(void)job;
	assert_string_equal(call->me.agent.text, "");
	assert_int_equal(access_view_level(call, &contacts_table), LEVEL_NONE);
	return mark(call, "nobody");
}

WORKFLOW(own_work, .definition = 1, .of_the_program = true, .steps = { { "do", as_nobody } });

/* ---- tests ---- */

static void a_run_does_its_steps_in_order(void **state)
{
	(void)state;
	needs_database();
	start(&two_steps);
	assert_text(STATE(), "waiting");
	assert_true(work());
	assert_text(STATE(), "running");
	assert_text(text("SELECT step FROM workflow_runs"), "second");
	assert_true(work());
	assert_text(STATE(), "done");
	assert_false(work());
	assert_text(text("SELECT GROUP_CONCAT(step ORDER BY step_number) FROM workflow_steps"),
	    "first,second");
	assert_text(
	    text("SELECT result FROM workflow_steps WHERE step_number = 1"), "{\"good\":true}");
	assert_int_equal(number("SELECT COUNT(*) FROM tags"), 2);
	/* The effect and the run's own move are one version. */
	assert_int_equal(number("SELECT COUNT(DISTINCT version) FROM changes"), 3);
	assert_int_equal(
	    number(
		"SELECT COUNT(*) FROM changes WHERE object = 'workflow_runs' AND agent_id = '" AGENT
		"'"),
	    3);
}

static void a_run_exists_only_when_its_mutation_is_committed(void **state)
{
	(void)state;
	needs_database();
	then_fail = true;
	start(&two_steps);
	then_fail = false;
	assert_int_equal(number("SELECT COUNT(*) FROM workflow_runs"), 0);
}

static void a_step_may_come_again(void **state)
{
	(void)state;
	needs_database();
	start(&looping);
	for (int i = 0; i < 5; i++)
		assert_true(work());
	assert_false(work());
	assert_int_equal(number("SELECT COUNT(*) FROM tags"), 5);
	assert_int_equal(number("SELECT COUNT(*) FROM workflow_steps"), 5);
}

static void a_run_that_sleeps_is_due_later(void **state)
{
	(void)state;
	needs_database();
	start(&sleeping);
	assert_true(work());
	assert_text(STATE(), "waiting");
	bool worked;
	instant next;
	/* The queue is looked at once more, when the lease would have ended. */
	script("UPDATE workflow_queues SET wake_at = NOW(6) - INTERVAL 1 SECOND");
	assert_int_equal(workflow_work(&runner, &worked, &next), OK);
	assert_false(worked);
	assert_true(next.us > clock_now().us + SECONDS(3500));
	all_due();
	assert_true(work());
	assert_text(STATE(), "done");
}

static void a_fault_takes_the_effect_back_and_is_tried_again(void **state)
{
	(void)state;
	needs_database();
	start(&risking);
	told->fail = INTERNAL;
	assert_true(work());
	assert_text(STATE(), "waiting");
	assert_int_equal(number("SELECT COUNT(*) FROM tags"), 0);
	assert_int_equal(number("SELECT attempts FROM workflow_runs"), 1);
	assert_text(text("SELECT last_error FROM workflow_runs"), "as it was told");
	assert_false(work()); /* not at once */
	told->fail = OK;
	all_due();
	assert_true(work());
	assert_text(STATE(), "done");
	assert_int_equal(number("SELECT COUNT(*) FROM tags"), 1);
	assert_int_equal(number("SELECT attempts FROM workflow_runs"), 0);
}

static void a_fault_that_stays_ends_the_run(void **state)
{
	(void)state;
	needs_database();
	start(&risking);
	told->fail = INTERNAL;
	for (int i = 0; i < TRIES; i++) {
		all_due();
		assert_true(work());
	}
	assert_text(STATE(), "failed");
	assert_int_equal(number("SELECT COUNT(*) FROM tags WHERE name LIKE 'given up%'"), 1);
	all_due();
	assert_false(work());
}

static void a_refusal_ends_the_run_at_once(void **state)
{
	(void)state;
	needs_database();
	start(&risking);
	told->fail = FORBIDDEN;
	assert_true(work());
	assert_text(STATE(), "failed");
	assert_int_equal(number("SELECT COUNT(*) FROM tags"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM tags WHERE name LIKE 'given up%'"), 1);
}

static void an_agent_who_was_suspended_does_nothing_more(void **state)
{
	(void)state;
	needs_database();
	start(&looping);
	assert_true(work());
	script("UPDATE agents SET status = 'suspended'");
	assert_true(work());
	assert_text(STATE(), "failed");
	assert_int_equal(number("SELECT COUNT(*) FROM tags"), 1);
}

/* In a process that does steps until it ends, or is killed by one. */
static pid_t runner_process(void)
{
	pid_t child = fork();
	if (child)
		return child;
	quiet();
	runner.worker = own_worker();
	for (bool worked = true; worked;) {
		instant next;
		if (workflow_work(&runner, &worked, &next) != OK)
			_exit(1);
	}
	_exit(0);
}

static int ended(pid_t child)
{
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void a_killed_runner_leaves_nothing_behind(void **state)
{
	(void)state;
	needs_database();
	start(&risking);
	told->kill = 1;
	assert_int_equal(ended(runner_process()), -SIGKILL);
	assert_int_equal(number("SELECT COUNT(*) FROM tags"), 0);
	assert_false(work()); /* its lease lasts a moment */
	all_due();
	assert_true(work()); /* this counts as a try, */
	assert_int_equal(number("SELECT attempts FROM workflow_runs"), 1);
	all_due();
	assert_true(work()); /* and this is the next */
	assert_text(STATE(), "done");
	assert_int_equal(number("SELECT COUNT(*) FROM tags"), 1);
}

static void a_step_that_kills_whoever_tries_it_ends(void **state)
{
	(void)state;
	needs_database();
	start(&risking);
	told->kill = 1000;
	for (int i = 0; i < 2 * TRIES && !str_is(STATE(), "failed"); i++) {
		all_due();
		(void)ended(runner_process());
	}
	assert_text(STATE(), "failed");
	assert_int_equal(number("SELECT COUNT(*) FROM tags"), 1);
	assert_int_equal(told->kill, 1000 - TRIES);
}

static void many_runners_do_each_step_once(void **state)
{
	(void)state;
	needs_database();
	enum { RUNS = 30, PROCESSES = 4 };
	pid_t children[PROCESSES];
	for (int i = 0; i < RUNS; i++)
		start(&looping);
	for (int i = 0; i < PROCESSES; i++)
		children[i] = runner_process();
	for (int i = 0; i < PROCESSES; i++)
		assert_int_equal(ended(children[i]), 0);
	while (work())
		;
	assert_int_equal(number("SELECT COUNT(*) FROM workflow_runs WHERE state = 'done'"), RUNS);
	assert_int_equal(number("SELECT COUNT(*) FROM tags"), RUNS * 5);
	assert_int_equal(number("SELECT COUNT(*) FROM workflow_steps"), RUNS * 5);
}

static void what_goes_outside_has_the_same_key_each_time(void **state)
{
	(void)state;
	needs_database();
	start(&outward);
	told->fail = UNAVAILABLE;
	assert_true(work());
	told->fail = OK;
	all_due();
	assert_true(work());
	assert_text(STATE(), "done");
	assert_int_equal(told->seen, 2);
	assert_string_equal(told->key[0], told->key[1]);
	assert_int_equal(number("SELECT COUNT(*) FROM tags"), 1);
}

static void who_lost_the_run_outside_writes_nothing(void **state)
{
	(void)state;
	needs_database();
	start(&fenced);
	assert_true(work());
	assert_text(STATE(), "waiting");
	assert_int_equal(number("SELECT COUNT(*) FROM tags"), 0);
	assert_int_equal(number("SELECT attempts FROM workflow_runs"), 0);
}

static void a_slow_step_keeps_its_run_while_its_process_lives(void **state)
{
	(void)state;
	needs_database();
	runner.leases = &leases;
	start(&lingering);
	assert_true(work());
	assert_true(told->seen);
	assert_false(told->order[0]);
	assert_text(STATE(), "done");
	assert_null(leases.held);
	/* What has ended is not held anew. */
	workflow_leases_renew(&leases, worker);
	assert_int_equal(number("SELECT COUNT(*) FROM workflow_runs WHERE lease_until IS NULL"), 1);
}

static void who_loses_a_run_outside_is_told_to_give_up(void **state)
{
	(void)state;
	needs_database();
	static const char *const what[] = {
		"UPDATE workflow_runs SET generation = generation + 1",
		"UPDATE workflow_runs SET state = 'paused', lease_until = NULL",
	};
	for (size_t i = 0; i < 2; i++) {
		setup(NULL);
		runner.leases = &leases;
		what_happens = what[i];
		start(&robbed);
		assert_true(work());
		assert_false(told->order[0]);
		assert_true(told->order[1]);
		assert_int_equal(number("SELECT COUNT(*) FROM tags"), 0);
		assert_int_equal(number("SELECT attempts FROM workflow_runs"), 0);
	}
}

static void a_step_outside_is_told_when_its_time_is_over(void **state)
{
	(void)state;
	needs_database();
	start(&overstaying);
	assert_true(work());
	assert_true(told->seen);
}

static void a_process_that_stood_still_longer_than_its_lease_changes_nothing(void **state)
{
	(void)state;
	needs_database();
	start(&standing);
	pid_t child = runner_process();
	while (!told->seen)
		usleep(1000);
	assert_false(another_finds_work()); /* its lease */
	all_due();
	assert_true(work()); /* it counts as dead, */
	all_due();
	assert_true(work()); /* and its step is done again */
	assert_text(STATE(), "done");
	told->fail = 1;
	assert_int_equal(ended(child), 0);
	assert_int_equal(told->seen, 2);
	assert_text(STATE(), "done");
	assert_int_equal(number("SELECT COUNT(*) FROM tags"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM workflow_steps"), 1);
}

static void a_step_that_was_done_is_not_done_again(void **state)
{
	(void)state;
	needs_database();
	start(&moved);
	assert_true(work());
	assert_int_equal(number("SELECT COUNT(*) FROM tags"), 0);
	assert_int_equal(number("SELECT attempts FROM workflow_runs"), 0);
}

static void a_runner_may_keep_inside(void **state)
{
	(void)state;
	needs_database();
	start(&outward);
	start(&two_steps);
	runner.inside_only = true;
	assert_true(work());
	assert_true(work());
	assert_false(work());
	assert_int_equal(told->seen, 0);
	runner.inside_only = false;
	assert_true(work());
	assert_int_equal(told->seen, 1);
}

static void what_this_installation_cannot_do_waits(void **state)
{
	(void)state;
	needs_database();
	start(&unable);
	assert_false(work());
	assert_text(STATE(), "waiting");
}

static void what_this_program_does_not_know_waits(void **state)
{
	(void)state;
	needs_database();
	start(&two_steps);
	script("UPDATE workflow_runs SET definition = 2");
	QUIETLY(assert_false(work()));
	assert_int_equal(
	    number("SELECT wake_at > NOW(6) + INTERVAL 30 SECOND FROM workflow_runs"), 1);
	assert_text(STATE(), "waiting");
	assert_int_equal(number("SELECT attempts FROM workflow_runs"), 0);
}

static void the_program_itself_has_no_scope(void **state)
{
	(void)state;
	needs_database();
	start(&own_work);
	assert_true(work());
	assert_text(STATE(), "done");
	assert_int_equal(
	    number("SELECT COUNT(*) FROM changes WHERE object = 'tags' AND agent_id IS NULL"), 1);
}

static void cleaning_takes_what_has_ended(void **state)
{
	(void)state;
	needs_database();
	script("INSERT INTO sessions (company_id, id, agent_id, token_hash, expires_at, "
	       "created_at) VALUES"
	       " ('" COMPANY "', UUID(), '" AGENT
	       "', UNHEX(SHA2('1', 256)), NOW(6) - INTERVAL 1 SECOND, NOW(6)),"
	       " ('" COMPANY "', UUID(), '" AGENT
	       "', UNHEX(SHA2('2', 256)), NOW(6) + INTERVAL 1 DAY, NOW(6));"
	       "INSERT INTO idempotent_answers (company_id, key_hash, request_hash, status, "
	       "answer, version, created_at) VALUES"
	       " ('" COMPANY "', UNHEX(SHA2('1', 256)), UNHEX(SHA2('1', 256)), 200, '', 1, NOW(6) "
	       "- INTERVAL 25 HOUR),"
	       " ('" COMPANY "', UNHEX(SHA2('2', 256)), UNHEX(SHA2('1', 256)), 200, '', 1, NOW(6) "
	       "- INTERVAL 23 HOUR)");
	cleaning_run(worker, &stopping);
	assert_int_equal(number("SELECT COUNT(*) FROM sessions"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM idempotent_answers"), 1);
	assert_int_equal(
	    number("SELECT COUNT(*) FROM changes WHERE object = 'sessions' AND kind = 'deleted'"),
	    1);
}

static void cleaning_takes_runs_that_were_done_long_ago(void **state)
{
	(void)state;
	needs_database();
	start(&two_steps);
	start(&two_steps);
	while (work())
		;
	cleaning_run(worker, &stopping);
	assert_int_equal(number("SELECT COUNT(*) FROM workflow_runs"), 2);
	script("UPDATE workflow_runs SET ended_at = NOW(6) - INTERVAL 31 DAY LIMIT 1");
	cleaning_run(worker, &stopping);
	assert_int_equal(number("SELECT COUNT(*) FROM workflow_runs"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM workflow_steps"), 2);
}

#define A_CHANGE(version, n, object, kind, fields, days) \
	"('" COMPANY "', " #version ", " #n ", '" object "', '" AGENT "', '" kind "', '" fields \
	"', NOW(6) - INTERVAL " #days " DAY)"

static void cleaning_trims_the_log_but_for_what_a_timeline_shows(void **state)
{
	(void)state;
	needs_database();
	script("INSERT INTO changes (company_id, version, n, object, row_id, kind, fields, "
	       "created_at) VALUES " A_CHANGE(1, 0, "contacts", "created", "[]", 100) "," A_CHANGE(
		   2, 0, "contacts", "updated", "[\"job_title\"]", 99) "," A_CHANGE(2, 1, "tasks",
		   "created", "[]", 99) "," A_CHANGE(3, 0, "deals", "updated",
		   "[\"title\", \"stage_id\"]", 98) "," A_CHANGE(4, 0, "tasks", "updated",
		   "[\"owner_id\"]", 91) "," A_CHANGE(5, 0, "tasks", "updated", "[\"title\"]",
		   89) "," A_CHANGE(6, 0, "tags", "created", "[]", 1));
	cleaning_run(worker, &stopping);
	assert_text(
	    text("SELECT GROUP_CONCAT(version ORDER BY version, n) FROM changes"), "1,3,5,6");
	assert_int_equal(number("SELECT version FROM trimmed_logs"), 4);
	cleaning_run(worker, &stopping);
	assert_text(
	    text("SELECT GROUP_CONCAT(version ORDER BY version, n) FROM changes"), "1,3,5,6");
}

static void cleaning_trims_a_long_log_to_its_newest_version(void **state)
{
	(void)state;
	needs_database();
	script("INSERT INTO changes (company_id, version, n, object, row_id, kind, created_at) "
	       "SELECT '" COMPANY "', s.seq DIV 3, s.seq MOD 3, 'tags', '" AGENT
	       "', 'updated', NOW(6) - INTERVAL 91 DAY FROM seq_3_to_7502 s");
	cleaning_run(worker, &stopping);
	assert_int_equal(number("SELECT COUNT(*) FROM changes"), 3);
	assert_int_equal(number("SELECT MIN(version) FROM changes"), 2500);
	assert_int_equal(number("SELECT version FROM trimmed_logs"), 2499);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		TEST(a_run_does_its_steps_in_order),
		TEST(a_run_exists_only_when_its_mutation_is_committed),
		TEST(a_step_may_come_again),
		TEST(a_run_that_sleeps_is_due_later),
		TEST(a_fault_takes_the_effect_back_and_is_tried_again),
		TEST(a_fault_that_stays_ends_the_run),
		TEST(a_refusal_ends_the_run_at_once),
		TEST(an_agent_who_was_suspended_does_nothing_more),
		TEST(a_killed_runner_leaves_nothing_behind),
		TEST(a_step_that_kills_whoever_tries_it_ends),
		TEST(many_runners_do_each_step_once),
		TEST(what_goes_outside_has_the_same_key_each_time),
		TEST(who_lost_the_run_outside_writes_nothing),
		TEST(a_slow_step_keeps_its_run_while_its_process_lives),
		TEST(who_loses_a_run_outside_is_told_to_give_up),
		TEST(a_step_outside_is_told_when_its_time_is_over),
		TEST(a_process_that_stood_still_longer_than_its_lease_changes_nothing),
		TEST(a_step_that_was_done_is_not_done_again),
		TEST(a_runner_may_keep_inside),
		TEST(what_this_installation_cannot_do_waits),
		TEST(what_this_program_does_not_know_waits),
		TEST(the_program_itself_has_no_scope),
		TEST(cleaning_takes_what_has_ended),
		TEST(cleaning_takes_runs_that_were_done_long_ago),
		TEST(cleaning_trims_the_log_but_for_what_a_timeline_shows),
		TEST(cleaning_trims_a_long_log_to_its_newest_version),
	};
	return cmocka_run_group_tests(tests, group_setup, NULL);
}
