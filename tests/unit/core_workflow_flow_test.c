/* layers: base http db core */
/*
 * The ways that a workflow can go, against a real MariaDB: events, children and branches, what is
 * taken back, what others say to a run, and whose turn it is.
 */
#include "workflow_help.h"

static error nothing(struct call *call, struct job *job)
{
	(void)call;
	(void)job;
	return OK;
}

static error fails(struct call *call, struct job *job)
{
	(void)job;
	return fail(call, CONFLICT, NULL, "it cannot be");
}

static error first_mark(struct call *call, struct job *job)
{
	job_next(job, "second");
	return mark(call, "first");
}

static error second_mark(struct call *call, struct job *job)
{
	(void)job;
	return mark(call, "second");
}

WORKFLOW(
    two_marks, .definition = 1, .steps = { { "first", first_mark }, { "second", second_mark } });

/* ---- events ---- */

static error paid_or_not(struct call *call, struct job *job)
{
	(void)call;
	struct json_object *amount;
	if (job->timed_out)
		job->result = STR("\"too late\"");
	else if (job->event && json_object_object_get_ex(job->event, "amount", &amount))
		job->result = str_of(arena_printf(call->arena, "%d", json_object_get_int(amount)));
	else
		job->result = STR("\"no payload\"");
	return OK;
}

static error wait_for_payment(struct call *call, struct job *job)
{
	(void)call;
	job_wait_for(job, "paid", DAYS(3), "paid");
	return OK;
}

WORKFLOW(
    paying, .definition = 1, .steps = { { "prepare", wait_for_payment }, { "paid", paid_or_not } });

static error pay(struct call *call, workflow_run_id run)
{
	struct json_object *payload = json_object_new_object();
	json_keep(call->arena, payload);
	json_object_object_add(payload, "amount", json_object_new_int(42));
	return workflow_signal(call, run, "01890a5d-0000-7000-8000-000000000001", "paid", payload);
}

static error pay_whoever_waits(struct call *call, workflow_run_id run)
{
	(void)run;
	return workflow_signal_about(call, COMPANY, "paid", NULL);
}

#define RESULT() \
	text("SELECT result FROM workflow_steps WHERE step = 'paid' AND result IS NOT NULL")

static void an_event_wakes_the_run_that_waits(void **state)
{
	(void)state;
	needs_database();
	start(&paying);
	until_idle();
	assert_text(STATE(), "waiting");
	assert_text(text("SELECT awaits FROM workflow_runs"), "paid");
	assert_int_equal(tell(pay), OK);
	assert_int_equal(tell(pay), OK); /* the same event told twice is one */
	until_idle();
	assert_text(STATE(), "done");
	assert_text(RESULT(), "42");
	assert_number("SELECT COUNT(*) FROM workflow_events WHERE taken_by = 1", 1);
	assert_int_equal(tell(pay), CONFLICT); /* it has ended */
}

static void an_event_before_the_wait_is_kept(void **state)
{
	(void)state;
	needs_database();
	start(&paying);
	assert_int_equal(tell(pay), OK);
	until_idle();
	assert_text(STATE(), "done");
	assert_text(RESULT(), "42");
}

static void an_event_that_does_not_come_ends_the_wait(void **state)
{
	(void)state;
	needs_database();
	start(&paying);
	until_idle();
	all_due();
	until_idle();
	assert_text(STATE(), "done");
	assert_text(RESULT(), "\"too late\"");
}

static void an_event_finds_who_waits_for_it_by_the_row(void **state)
{
	(void)state;
	needs_database();
	start(&paying);
	start(&two_marks);
	until_idle();
	assert_int_equal(tell(pay_whoever_waits), OK);
	until_idle();
	assert_text(RESULT(), "\"no payload\"");
}

/* ---- children ---- */

struct parts {
	int64_t n;
	str word;
};
STATE_FIELDS(parts) = { STATE_FIELD(parts, n), STATE_FIELD(parts, word) };

static error fan_out(struct call *call, struct job *job)
{
	struct parts *p = job->state;
	assert_int_equal(p->n, INT_NONE);
	p->n = 20;
	p->word = STR("kept \"over\" steps");
	TRY(job_branch(call, job, "left"));
	TRY(job_branch(call, job, "right"));
	TRY(job_child(call, job, &two_marks, "", NULL));
	job_join(job, "together");
	return OK;
}

static error part(struct call *call, struct job *job)
{
	struct parts *p = job->state;
	assert_true(str_is(p->word, "kept \"over\" steps"));
	p->n++; /* its own copy */
	job->result = str_of(arena_printf(call->arena, "%d", (int)p->n));
	return told->fail && !strcmp(job->step, "left") ? fails(call, job) : OK;
}

static error together(struct call *call, struct job *job)
{
	struct parts *p = job->state;
	assert_int_equal(p->n, 20);
	const char *all = json_object_to_json_string_ext(job->children, JSON_C_TO_STRING_PLAIN);
	assert_non_null(strstr(all, "\"step\":\"right\",\"state\":\"done\",\"result\":21"));
	job->result = str_of(
	    arena_printf(call->arena, "%zu", (size_t)json_object_array_length(job->children)));
	return OK;
}

WORKFLOW(parting, .definition = 1, .state = STATE_SET(parts),
    .steps = {
	{ "start", fan_out }, { "left", part }, { "right", part }, { "together", together } });
WORKFLOW(bearing, .definition = 1, .state = STATE_SET(parts),
    .steps = { { "start", fan_out }, { "left", part }, { "right", part },
	{ "together", together, .takes_failed = true } });

#define PARENT(column) text("SELECT " column " FROM workflow_runs WHERE parent_id IS NULL")

static void a_run_goes_on_when_all_its_parts_have_ended(void **state)
{
	(void)state;
	needs_database();
	start(&parting);
	until_idle();
	assert_text(PARENT("state"), "done");
	assert_number("SELECT COUNT(*) FROM workflow_runs WHERE state = 'done'", 4);
	assert_text(text("SELECT result FROM workflow_steps WHERE step = 'together'"), "3");
	assert_number(
	    "SELECT COUNT(*) FROM workflow_runs WHERE depth = 1 AND agent_id = '" AGENT "'", 3);
}

static void a_part_that_fails_makes_the_whole_fail(void **state)
{
	(void)state;
	needs_database();
	told->fail = CONFLICT;
	start(&parting);
	until_idle();
	assert_text(PARENT("state"), "failed");
	assert_text(PARENT("last_error"), "its part left failed: it cannot be");
}

static void a_step_may_take_failed_parts(void **state)
{
	(void)state;
	needs_database();
	told->fail = CONFLICT;
	start(&bearing);
	until_idle();
	assert_text(PARENT("state"), "done");
}

static error nest(struct call *call, struct job *job)
{
	TRY(job_child(call, job, workflow_named("nesting"), "", NULL));
	job_join(job, "over");
	return OK;
}

WORKFLOW(nesting, .definition = 1, .steps = { { "nest", nest }, { "over", nothing } });

static void runs_do_not_nest_for_ever(void **state)
{
	(void)state;
	needs_database();
	start(&nesting);
	until_idle();
	assert_text(PARENT("state"), "failed");
	assert_number("SELECT COUNT(*) FROM workflow_runs", 9);
	assert_number("SELECT COUNT(*) FROM workflow_runs WHERE state = 'failed'", 9);
}

/* ---- what is taken back ---- */

static error book(struct call *call, struct job *job)
{
	job->result = str_of(arena_printf(call->arena, "\"%s\"", job->step));
	job_next(job, !strcmp(job->step, "flight") ? "hotel" : "car");
	return OK;
}

static error unbook(struct call *call, struct job *job)
{
	(void)call;
	/* What the step gave is told when it is taken back. */
	assert_true(job->result.n == strlen(job->step) + 2);
	assert_memory_equal(job->result.p + 1, job->step, strlen(job->step));
	if (told->kill == 0)
		return OK;
	told->kill--;
	return fail(call, UNAVAILABLE, NULL, "not now");
}

static error car(struct call *call, struct job *job)
{
	if (told->fail)
		return fails(call, job);
	job_wait_for(job, "returned", FOREVER, "over");
	return OK;
}

WORKFLOW(travelling, .definition = 1,
    .steps = { { "flight", book, .undo = unbook }, { "hotel", book, .undo = unbook },
	{ "car", car }, { "over", nothing } });

static void what_was_done_is_taken_back_from_the_last_to_the_first(void **state)
{
	(void)state;
	needs_database();
	told->fail = CONFLICT;
	start(&travelling);
	until_idle();
	assert_text(STATE(), "failed");
	assert_text(STEPS(), "flight hotel !car -hotel -flight");
	assert_text(text("SELECT last_error FROM workflow_runs"), "it cannot be");
}

static void taking_back_is_tried_again(void **state)
{
	(void)state;
	needs_database();
	told->fail = CONFLICT;
	told->kill = 2;
	start(&travelling);
	until_idle();
	assert_text(STATE(), "waiting");
	for (int i = 0; i < 2; i++) {
		all_due();
		until_idle();
	}
	assert_text(STATE(), "failed");
	assert_text(STEPS(), "flight hotel !car -hotel -flight");
}

static void a_run_that_is_cancelled_takes_back_what_it_did(void **state)
{
	(void)state;
	needs_database();
	start(&travelling);
	until_idle();
	assert_text(STATE(), "waiting");
	assert_int_equal(tell(workflow_cancel), OK);
	assert_int_equal(tell(workflow_cancel), CONFLICT);
	until_idle();
	assert_text(STATE(), "cancelled");
	assert_text(STEPS(), "flight hotel car -hotel -flight");
	assert_number("SELECT COUNT(*) FROM workflow_runs WHERE ended_at IS NOT NULL", 1);
}

static void cancelling_reaches_the_parts(void **state)
{
	(void)state;
	needs_database();
	start(&nesting);
	for (int i = 0; i < 3; i++)
		assert_true(work());
	assert_int_equal(tell(workflow_cancel), OK);
	until_idle();
	assert_number("SELECT COUNT(*) FROM workflow_runs WHERE state <> 'cancelled'", 0);
}

/* ---- another way after a failure; again ---- */

static error make_good(struct call *call, struct job *job)
{
	job->result = str_of(arena_printf(call->arena, "\"%s\"", job->failure));
	return OK;
}

WORKFLOW(mending, .definition = 1,
    .steps = { { "try", fails, .on_failure = "mend" }, { "mend", make_good } });

static void a_step_may_say_what_comes_when_it_fails(void **state)
{
	(void)state;
	needs_database();
	start(&mending);
	until_idle();
	assert_text(STATE(), "done");
	assert_text(STEPS(), "!try mend");
	assert_text(
	    text("SELECT result FROM workflow_steps WHERE step = 'mend'"), "\"it cannot be\"");
}

static error count(struct call *call, struct job *job)
{
	struct parts *p = job->state;
	(void)call;
	p->n = p->n == INT_NONE ? 1 : p->n + 1;
	job_next(job, p->n < 3 ? "count" : "check");
	return OK;
}

static error check(struct call *call, struct job *job)
{
	struct parts *p = job->state;
	assert_int_equal(p->n, 3);
	return told->fail ? fails(call, job) : OK;
}

WORKFLOW(counting, .definition = 1, .state = STATE_SET(parts),
    .steps = { { "count", count }, { "check", check } });

static error again(struct call *call, workflow_run_id run)
{
	return workflow_again(call, run, INT_NONE);
}

static error from_the_second(struct call *call, workflow_run_id run)
{
	return workflow_again(call, run, 1);
}

static void a_run_that_failed_goes_on_where_it_failed(void **state)
{
	(void)state;
	needs_database();
	told->fail = CONFLICT;
	start(&counting);
	until_idle();
	assert_text(STATE(), "failed");
	told->fail = OK;
	assert_int_equal(tell(again), OK);
	until_idle();
	assert_text(STATE(), "done");
	assert_text(STEPS(), "count count count !check check");
	assert_int_equal(tell(again), CONFLICT);
}

static void a_run_goes_on_from_an_earlier_step_with_what_it_kept_then(void **state)
{
	(void)state;
	needs_database();
	start(&counting);
	until_idle();
	assert_int_equal(tell(from_the_second), OK);
	until_idle();
	assert_text(STATE(), "done");
	assert_text(STEPS(), "count count count check count count check");
}

static void what_was_taken_back_stays_so(void **state)
{
	(void)state;
	needs_database();
	told->fail = CONFLICT;
	start(&travelling);
	until_idle();
	assert_int_equal(tell(again), OK); /* with the step that failed */
	until_idle();
	assert_text(STATE(), "failed");
	assert_text(STEPS(), "flight hotel !car -hotel -flight !car");
}

static error the_failed_part_again(struct call *call, workflow_run_id run)
{
	str id = text("SELECT id FROM workflow_runs WHERE state = 'failed' AND depth = 1");
	memcpy(run.text, id.p, 36);
	return workflow_again(call, run, INT_NONE);
}

static error from_the_start(struct call *call, workflow_run_id run)
{
	return workflow_again(call, run, 0);
}

static void parts_that_are_repaired_are_joined(void **state)
{
	(void)state;
	needs_database();
	told->fail = CONFLICT;
	start(&parting);
	until_idle();
	assert_text(PARENT("state"), "failed");
	told->fail = OK;
	assert_int_equal(tell(the_failed_part_again), OK);
	until_idle();
	assert_int_equal(tell(again), OK);
	until_idle();
	assert_text(PARENT("state"), "done");
	assert_int_equal(tell(from_the_start), OK); /* with parts of its own */
	until_idle();
	assert_text(PARENT("state"), "done");
	assert_number("SELECT COUNT(*) FROM workflow_runs", 7);
}

static void who_joins_again_waits_for_a_part_that_goes_on(void **state)
{
	(void)state;
	needs_database();
	told->fail = CONFLICT;
	start(&parting);
	until_idle();
	told->fail = OK;
	assert_int_equal(tell(the_failed_part_again), OK);
	script(
	    "UPDATE workflow_runs SET wake_at = NOW(6) + INTERVAL 1 HOUR WHERE state = 'running'");
	assert_int_equal(tell(again), OK);
	until_idle();
	assert_text(PARENT("state"), "waiting");
	script("UPDATE workflow_runs SET wake_at = NOW(6) WHERE state = 'running';"
	       "UPDATE workflow_queues SET wake_at = NOW(6)");
	until_idle();
	assert_text(PARENT("state"), "done");
}

static void who_is_about_to_join_waits_for_a_part_that_goes_on(void **state)
{
	(void)state;
	needs_database();
	told->fail = CONFLICT;
	start(&bearing);
	while (!number("SELECT COUNT(wake_at) FROM workflow_runs WHERE awaits = 'children'"))
		assert_true(work());
	told->fail = OK;
	assert_int_equal(tell(the_failed_part_again), OK);
	assert_number(
	    "SELECT COUNT(*) FROM workflow_runs WHERE awaits = 'children' AND wake_at IS NULL", 1);
	until_idle();
	assert_text(PARENT("state"), "done");
	assert_number("SELECT COUNT(*) FROM workflow_runs WHERE state = 'done'", 4);
}

static void an_event_by_the_row_reaches_who_stands_still(void **state)
{
	(void)state;
	needs_database();
	start(&paying);
	until_idle();
	assert_int_equal(tell(workflow_pause), OK);
	assert_int_equal(tell(pay_whoever_waits), OK);
	assert_int_equal(tell(workflow_resume), OK);
	until_idle();
	assert_text(STATE(), "done");
}

static void a_run_may_stand_still(void **state)
{
	(void)state;
	needs_database();
	start(&paying);
	until_idle();
	assert_int_equal(tell(workflow_pause), OK);
	assert_int_equal(tell(pay), OK);
	all_due();
	until_idle();
	assert_text(STATE(), "paused");
	assert_int_equal(tell(workflow_resume), OK);
	assert_int_equal(tell(workflow_resume), CONFLICT);
	until_idle();
	assert_text(STATE(), "done");
	assert_text(RESULT(), "42");
}

/* ---- retries ---- */

static error stubborn(struct call *call, struct job *job)
{
	(void)job;
	return fail(call, (error)told->fail, NULL, "as it was told");
}

WORKFLOW(stubborn_one, .definition = 1,
    .steps = { { "try", stubborn,
	.retry = { .attempts = 3,
	    .first_us = SECONDS(100),
	    .factor = 3,
	    .jitter = 0.1,
	    .final_errors = ERROR_BIT(FORBIDDEN) } } });

static void a_step_says_how_often_it_is_tried_and_what_is_final(void **state)
{
	(void)state;
	needs_database();
	told->fail = CONFLICT; /* not final here */
	start(&stubborn_one);
	static const int64_t pauses[] = { 100, 300 };
	for (int i = 0; i < 2; i++) {
		assert_true(work());
		assert_text(STATE(), "waiting");
		int64_t pause =
		    number("SELECT TIMESTAMPDIFF(SECOND, updated_at, wake_at) FROM workflow_runs");
		assert_in_range(pause, pauses[i] * 9 / 10 - 1, pauses[i]);
		all_due();
	}
	assert_true(work());
	assert_text(STATE(), "failed");
	assert_number("SELECT attempts FROM workflow_steps WHERE error IS NOT NULL", 3);
	script("DELETE FROM workflow_steps; DELETE FROM workflow_runs");
	told->fail = FORBIDDEN;
	start(&stubborn_one);
	assert_true(work());
	assert_text(STATE(), "failed");
}

/* ---- whose turn it is ---- */

static error odd_one_out(struct call *call, struct job *job)
{
	(void)job;
	if (told->fail && told->seen++ == 5) {
		told->fail = OK;
		return fail(call, UNAVAILABLE, NULL, "this once");
	}
	return mark(call, "even");
}

WORKFLOW(sharing, .definition = 1, .steps = { { "share", odd_one_out } });

static void steps_share_a_transaction(void **state)
{
	(void)state;
	needs_database();
	for (int i = 0; i < 10; i++)
		start(&sharing);
	int64_t before = number("SELECT COUNT(DISTINCT version) FROM changes");
	assert_true(work());
	assert_number("SELECT COUNT(*) FROM workflow_runs WHERE state = 'done'", 10);
	assert_int_equal(number("SELECT COUNT(DISTINCT version) FROM changes"), before + 1);
}

static void one_that_fails_takes_nothing_of_the_others_with_it(void **state)
{
	(void)state;
	needs_database();
	for (int i = 0; i < 10; i++)
		start(&sharing);
	told->fail = UNAVAILABLE; /* the sixth; then each is done by itself */
	assert_true(work());
	assert_number("SELECT COUNT(*) FROM workflow_runs WHERE state = 'done'", 10);
	assert_number("SELECT COUNT(*) FROM tags", 10);
	assert_number("SELECT COUNT(*) FROM workflow_steps", 10);
	assert_int_equal(told->seen, 6);
}

#define OTHER "01890a5d-ac96-774b-bcce-b302099a8060"

static void what_one_company_piles_up_delays_nobody(void **state)
{
	(void)state;
	needs_database();
	start(&two_marks);
	/* Many of one company, due for long, and one of another that has become due just now. */
	script(
	    "INSERT IGNORE INTO companies (company_id, id, name, created_at, updated_at) VALUES "
	    "('" OTHER "', '" OTHER "', 'O', NOW(6), NOW(6));"
	    "INSERT INTO workflow_runs (company_id, id, workflow, definition, lane, state, "
	    "step, wake_at, created_at, updated_at) SELECT '" OTHER
	    "', UUID(), 'nobodies', 1, 'inside', 'waiting', 'first', NOW(6) - INTERVAL 1 HOUR, "
	    "NOW(6), NOW(6) FROM seq_1_to_1000;"
	    "INSERT INTO workflow_queues VALUES ('" OTHER "', 'inside', NOW(6) - INTERVAL 1 HOUR)");
	assert_true(work());
	assert_true(work());
	assert_number("SELECT COUNT(*) FROM workflow_runs WHERE company_id = '" COMPANY
		      "' AND step_number > 0",
	    1);
	script("DELETE FROM workflow_steps; DELETE FROM workflow_runs; DELETE FROM "
	       "workflow_queues; DELETE FROM changes WHERE company_id = '" OTHER
	       "'; DELETE FROM version_counters WHERE company_id = '" OTHER "'");
}

static void a_claim_reads_no_more_with_many_that_sleep(void **state)
{
	(void)state;
	needs_database();
	const char *reads = "SELECT CAST(SUM(VARIABLE_VALUE) AS INT) FROM "
			    "information_schema.SESSION_STATUS WHERE VARIABLE_NAME LIKE "
			    "'HANDLER_READ%'";
	script("INSERT INTO workflow_runs (company_id, id, workflow, definition, lane, state, "
	       "step, wake_at, created_at, updated_at) SELECT '" COMPANY
	       "', UUID(), 'nobodies', 1, 'inside', 'waiting', 'first', NOW(6) + INTERVAL seq "
	       "MINUTE, NOW(6), NOW(6) FROM seq_1_to_20000");
	start(&paying);
	int64_t before = number(reads);
	assert_true(work());
	int64_t read = number(reads) - before;
	assert_number("SELECT COUNT(*) FROM workflow_runs WHERE step = 'paid'", 1);
	/* What number() itself reads is some hundred of the server's variables. */
	int64_t own = number(reads);
	own = number(reads) - own;
	assert_in_range(read - own, 0, 200);
}

WORKFLOW(nobodies, .definition = 1, .of_the_program = true, .steps = { { "first", nothing } });

static error one_more(struct call *call, struct job *job)
{
	(void)call;
	(void)job;
	/* How many are leased while this one is under way. */
	struct db *other = db_new(&options, DB_WRITE);
	static const struct field n = { .name = "n", .type = T_INT };
	const struct field *columns[] = { &n };
	int64_t held = 0;
	assert_int_equal(db_one(other, arena,
			     STR("SELECT COUNT(*) FROM workflow_runs WHERE lease_until > NOW(6)"),
			     NULL, 0, columns, 1, &held),
	    OK);
	db_free(other);
	if (held > told->order[1])
		told->order[1] = (int)held;
	if (told->order[2]++ == 0) { /* another runner meanwhile */
		struct workflow_runner second = { .worker = own_worker(), .stopping = &stopping };
		bool worked = true;
		instant next;
		for (int i = 0; i < 3; i++)
			assert_int_equal(workflow_work(&second, &worked, &next), OK);
		worker_free(second.worker);
	}
	return OK;
}

WORKFLOW(limited, .definition = 1, .at_once = 2, .steps = { { "go", nothing, one_more, 30 } });

static void no_more_than_so_many_at_once(void **state)
{
	(void)state;
	needs_database();
	for (int i = 0; i < 5; i++)
		start(&limited);
	for (int i = 0; i < 5; i++) {
		script("UPDATE workflow_queues SET wake_at = NOW(6) - INTERVAL 1 SECOND");
		work();
	}
	until_idle();
	assert_in_range(told->order[1], 1, 2);
	assert_number("SELECT COUNT(*) FROM workflow_runs WHERE state = 'done'", 5);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		TEST(an_event_wakes_the_run_that_waits),
		TEST(an_event_before_the_wait_is_kept),
		TEST(an_event_that_does_not_come_ends_the_wait),
		TEST(an_event_finds_who_waits_for_it_by_the_row),
		TEST(a_run_goes_on_when_all_its_parts_have_ended),
		TEST(a_part_that_fails_makes_the_whole_fail),
		TEST(a_step_may_take_failed_parts),
		TEST(runs_do_not_nest_for_ever),
		TEST(what_was_done_is_taken_back_from_the_last_to_the_first),
		TEST(taking_back_is_tried_again),
		TEST(a_run_that_is_cancelled_takes_back_what_it_did),
		TEST(cancelling_reaches_the_parts),
		TEST(a_step_may_say_what_comes_when_it_fails),
		TEST(a_run_that_failed_goes_on_where_it_failed),
		TEST(a_run_goes_on_from_an_earlier_step_with_what_it_kept_then),
		TEST(what_was_taken_back_stays_so),
		TEST(parts_that_are_repaired_are_joined),
		TEST(who_joins_again_waits_for_a_part_that_goes_on),
		TEST(who_is_about_to_join_waits_for_a_part_that_goes_on),
		TEST(an_event_by_the_row_reaches_who_stands_still),
		TEST(a_run_may_stand_still),
		TEST(a_step_says_how_often_it_is_tried_and_what_is_final),
		TEST(steps_share_a_transaction),
		TEST(one_that_fails_takes_nothing_of_the_others_with_it),
		TEST(what_one_company_piles_up_delays_nobody),
		TEST(a_claim_reads_no_more_with_many_that_sleep),
		TEST(no_more_than_so_many_at_once),
	};
	return cmocka_run_group_tests(tests, group_setup, NULL);
}
