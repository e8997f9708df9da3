/* layers: base http db core */
/*
 * What workflow.h promises of schedules, against a real MariaDB: tests/unit/with_mariadb starts
 * one. The times themselves are base_cron_test.c's.
 */
#include "workflow_help.h"

static error greet(struct call *call, struct job *job)
{
	assert_string_equal(call->me.agent.text, "");
	assert_true(
	    json_object_is_type(json_object_object_get(job->input, "due_at"), json_type_string));
	return mark(call, "greeted");
}

static bool not_here(const struct config *c)
{
	(void)c;
	return false;
}

WORKFLOW(greeting, .definition = 1, .of_the_program = true, .steps = { { "greet", greet } });
WORKFLOW(unable, .definition = 1, .lane = "unable", .of_the_program = true, .able = not_here,
    .steps = { { "greet", greet } });

SCHEDULE(morning, .workflow = &greeting, .plan = "daily 08:00");
SCHEDULE(weekly_utc, .workflow = &greeting, .plan = "weekly mon 00:00", .zone = "UTC");
SCHEDULE(nowhere, .workflow = &unable, .plan = "* * * * *");

static void set_up(void) { assert_int_equal(workflow_schedules_run(worker, &stopping), OK); }

static void time_has_come(const char *ago)
{
	script(arena_printf(arena,
	    "UPDATE workflow_schedules s JOIN workflow_runs r ON r.id = s.run_id SET s.due_at = "
	    "NOW(6) - INTERVAL %s, r.wake_at = NOW(6) - INTERVAL 1 SECOND WHERE s.name = 'morning';"
	    "UPDATE workflow_queues SET wake_at = NOW(6) - INTERVAL 1 SECOND",
	    ago));
}

static void work_all(void)
{
	while (work())
		;
}

#define GREETED() number("SELECT COUNT(*) FROM tags")
#define WAITING() number("SELECT COUNT(*) FROM workflow_runs WHERE state = 'waiting'")
#define DUE(name) \
	text("SELECT TIME_FORMAT(due_at, '%H:%i') FROM workflow_schedules WHERE name = '" name "'")

static void each_schedule_waits_once(void **state)
{
	(void)state;
	needs_database();
	set_up();
	set_up();
	assert_text(text("SELECT GROUP_CONCAT(name ORDER BY name) FROM workflow_schedules"),
	    "morning,weekly_utc");
	assert_int_equal(WAITING(), 2);
	assert_int_equal(number("SELECT COUNT(*) FROM workflow_schedules s JOIN workflow_runs r ON "
				"r.id = s.run_id AND r.wake_at = s.due_at WHERE s.due_at > NOW(6)"),
	    2);
	assert_false(work());
	assert_int_equal(GREETED(), 0);
}

static void a_time_that_has_come_has_one_run_and_the_next_is_waited_for(void **state)
{
	(void)state;
	needs_database();
	set_up();
	time_has_come("1 SECOND");
	work_all();
	assert_int_equal(GREETED(), 1);
	assert_int_equal(WAITING(), 2);
	assert_int_equal(
	    number("SELECT due_at > NOW(6) FROM workflow_schedules WHERE name = 'morning'"), 1);
	assert_text(DUE("morning"), "08:00");
}

static void what_was_missed_is_caught_up_once(void **state)
{
	(void)state;
	needs_database();
	set_up();
	time_has_come("9 DAY");
	work_all();
	all_due(); /* also of the runs that wait: by the row it is too early */
	work_all();
	assert_int_equal(GREETED(), 1);
	assert_int_equal(WAITING(), 2);
}

static void a_run_that_was_overtaken_does_nothing(void **state)
{
	(void)state;
	needs_database();
	set_up();
	/* As when two processes have set the company up at once: the row knows one of them. */
	script("UPDATE workflow_schedules SET plan = 'daily 09:00' WHERE name = 'morning'");
	set_up();
	assert_int_equal(WAITING(), 3);
	script("UPDATE workflow_runs SET wake_at = NOW(6) - INTERVAL 1 SECOND;"
	       "UPDATE workflow_queues SET wake_at = NOW(6) - INTERVAL 1 SECOND;"
	       "UPDATE workflow_schedules SET due_at = NOW(6) - INTERVAL 1 SECOND WHERE name = "
	       "'morning'");
	work_all();
	assert_int_equal(GREETED(), 1);
	assert_int_equal(WAITING(), 2);
}

static void it_keeps_to_the_clocks_of_the_company(void **state)
{
	(void)state;
	needs_database();
	set_up();
	script("UPDATE companies SET time_zone = 'Asia/Tokyo'");
	set_up();
	script("UPDATE companies SET time_zone = 'UTC'");
	assert_text(DUE("morning"), "23:00");
	assert_text(DUE("weekly_utc"), "00:00");
}

static void what_the_program_does_not_have_any_more_ends(void **state)
{
	(void)state;
	needs_database();
	set_up();
	script("UPDATE workflow_runs SET input = '{\"schedule\":\"gone\"}', wake_at = NOW(6) - "
	       "INTERVAL 1 SECOND WHERE id = (SELECT run_id FROM workflow_schedules WHERE name = "
	       "'morning');"
	       "UPDATE workflow_schedules SET name = 'gone' WHERE name = 'morning';"
	       "UPDATE workflow_queues SET wake_at = NOW(6) - INTERVAL 1 SECOND");
	work_all();
	assert_int_equal(GREETED(), 0);
	assert_text(text("SELECT GROUP_CONCAT(name) FROM workflow_schedules"), "weekly_utc");
}

static void one_that_nobody_waits_for_any_more_is_taken_up_again(void **state)
{
	(void)state;
	needs_database();
	set_up();
	script("UPDATE workflow_runs SET state = 'failed', ended_at = NOW(6)");
	set_up();
	assert_int_equal(WAITING(), 2);
}

static void many_runners_start_one_run_for_a_time(void **state)
{
	(void)state;
	needs_database();
	enum { PROCESSES = 4 };
	pid_t children[PROCESSES];
	set_up();
	time_has_come("1 SECOND");
	for (int i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		if (children[i])
			continue;
		quiet();
		runner.worker = own_worker();
		if (workflow_schedules_run(runner.worker, &stopping) != OK)
			_exit(1);
		for (bool worked = true; worked;) {
			instant next;
			if (workflow_work(&runner, &worked, &next) != OK)
				_exit(1);
		}
		_exit(0);
	}
	for (int i = 0; i < PROCESSES; i++) {
		int status;
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	work_all();
	assert_int_equal(GREETED(), 1);
	assert_int_equal(WAITING(), 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		TEST(each_schedule_waits_once),
		TEST(a_time_that_has_come_has_one_run_and_the_next_is_waited_for),
		TEST(what_was_missed_is_caught_up_once),
		TEST(a_run_that_was_overtaken_does_nothing),
		TEST(it_keeps_to_the_clocks_of_the_company),
		TEST(what_the_program_does_not_have_any_more_ends),
		TEST(one_that_nobody_waits_for_any_more_is_taken_up_again),
		TEST(many_runners_start_one_run_for_a_time),
	};
	return cmocka_run_group_tests(tests, group_setup, NULL);
}
