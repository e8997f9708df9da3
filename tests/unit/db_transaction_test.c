/* layers: base db */
/*
 * What db.h promises of transactions, locks and connections that are lost, against a real MariaDB:
 * tests/unit/with_mariadb db_transaction_test.
 */
#include "db_fixture.h"
#include <pthread.h>

/* --- Transactions */

static void a_transaction_stands_or_falls_whole(void **state)
{
	(void)state;
	needs_database();
	SCRIPT("CREATE OR REPLACE TABLE t (n INT)");
	assert_int_equal(db_begin(writer), OK);
	assert_true(db_in_transaction(writer));
	RUN(writer, "INSERT INTO t VALUES (1)");
	assert_int_equal(int_of(reader, "SELECT COUNT(*) FROM t"), 0);
	db_rollback(writer);
	assert_false(db_in_transaction(writer));
	assert_int_equal(int_of(writer, "SELECT COUNT(*) FROM t"), 0);
	assert_int_equal(db_begin(writer), OK);
	RUN(writer, "INSERT INTO t VALUES (1)");
	assert_int_equal(db_commit(writer), OK);
	assert_int_equal(int_of(reader, "SELECT COUNT(*) FROM t"), 1);
	db_rollback(writer);
}

static void transactions_do_not_nest(void **state)
{
	(void)state;
	needs_database();
	assert_int_equal(KIND(db_commit(writer)), INTERNAL);
	assert_int_equal(db_begin(writer), OK);
	assert_int_equal(KIND(db_begin(writer)), INTERNAL);
	assert_true(db_in_transaction(writer));
	db_rollback(writer);
}

static void a_part_of_a_transaction_can_be_taken_back(void **state)
{
	(void)state;
	needs_database();
	SCRIPT("CREATE OR REPLACE TABLE marks (n INT PRIMARY KEY)");
	assert_int_equal(KIND(db_mark(writer)), INTERNAL);
	assert_int_equal(db_begin(writer), OK);
	RUN(writer, "INSERT INTO marks VALUES (1)");
	assert_int_equal(db_mark(writer), OK);
	RUN(writer, "INSERT INTO marks VALUES (2)");
	assert_int_equal(
	    KIND(db_execute(writer, STR("INSERT INTO marks VALUES (1)"), NULL, 0, NULL)), CONFLICT);
	assert_int_equal(db_back(writer), OK);
	assert_int_equal(db_mark(writer), OK);
	RUN(writer, "INSERT INTO marks VALUES (3)");
	assert_int_equal(db_commit(writer), OK);
	assert_int_equal(int_of(writer, "SELECT SUM(n) FROM marks"), 4);
}

static void rolling_back_closes_the_rows(void **state)
{
	(void)state;
	needs_database();
	assert_int_equal(db_begin(writer), OK);
	query(writer, "SELECT seq FROM seq_1_to_20000", int_column, 1);
	db_rollback(writer);
	assert_int_equal(int_of(writer, "SELECT 1"), 1);
}

static void *take_second_lock(void *db)
{
	static error kind;
	kind = db_execute(db, STR("UPDATE t SET v = v + 1 WHERE n = 2"), NULL, 0, NULL);
	return &kind;
}

static void a_deadlock_dooms_the_transaction_of_one(void **state)
{
	(void)state;
	needs_database();
	SCRIPT("CREATE OR REPLACE TABLE t (n INT PRIMARY KEY, v INT); INSERT INTO t VALUES (1, 0), "
	       "(2, 0)");
	struct db *other = db_new(&options, DB_WRITE);
	assert_int_equal(db_begin(writer), OK);
	assert_int_equal(db_begin(other), OK);
	RUN(writer, "UPDATE t SET v = v + 1 WHERE n = 1");
	RUN(other, "UPDATE t SET v = v + 1 WHERE n = 2");
	pthread_t thread;
	void *his;
	pthread_create(&thread, NULL, take_second_lock, writer);
	while (int_of(reader,
		   "SELECT CAST(VARIABLE_VALUE AS INT) FROM information_schema.GLOBAL_STATUS WHERE "
		   "VARIABLE_NAME = 'INNODB_ROW_LOCK_CURRENT_WAITS'") == 0)
		usleep(1000);
	error mine = db_execute(other, STR("UPDATE t SET v = v + 1 WHERE n = 1"), NULL, 0, NULL);
	pthread_join(thread, &his);
	struct db *loser = mine == RETRY ? other : writer, *winner = mine == RETRY ? writer : other;
	assert_int_equal(mine == RETRY ? *(error *)his : mine, OK);
	assert_int_equal(mine == RETRY ? mine : *(error *)his, RETRY);
	assert_int_equal(db_commit(winner), OK);
	/* Nothing runs in what was rolled back: it would stand alone. */
	assert_true(db_in_transaction(loser));
	assert_int_equal(db_execute(loser, STR("UPDATE t SET v = 100"), NULL, 0, NULL), RETRY);
	assert_int_equal(db_commit(loser), RETRY);
	assert_false(db_in_transaction(loser));
	assert_int_equal(int_of(loser, "SELECT SUM(v) FROM t"), 2);
	db_free(other);
}

static void a_lock_that_is_held_is_retried(void **state)
{
	(void)state;
	needs_database();
	int64_t n;
	SCRIPT("CREATE OR REPLACE TABLE t (n INT PRIMARY KEY); INSERT INTO t VALUES (1)");
	struct db *other = db_new(&options, DB_WRITE);
	assert_int_equal(db_begin(writer), OK);
	assert_int_equal(int_of(writer, "SELECT n FROM t FOR UPDATE"), 1);
	assert_int_equal(read_int(other, "SELECT n FROM t FOR UPDATE NOWAIT", &n), RETRY);
	db_rollback(writer);
	assert_int_equal(int_of(other, "SELECT n FROM t FOR UPDATE NOWAIT"), 1);
	db_free(other);
}

static void a_lock_of_a_reader_that_stands_still_is_taken_back(void **state)
{
	(void)state;
	needs_database();
	SCRIPT("CREATE OR REPLACE TABLE t (n INT PRIMARY KEY) ENGINE=InnoDB; INSERT INTO t VALUES "
	       "(1)");
	assert_int_equal(KIND(db_begin(reader)), OK);
	assert_int_equal(int_of(reader, "SELECT n FROM t WHERE n = 1 LOCK IN SHARE MODE"), 1);
	/* A second, and not the five for which the writer would wait. */
	RUN(writer, "UPDATE t SET n = 2 WHERE n = 1");
	int64_t n;
	assert_int_equal(KIND(read_int(reader, "SELECT n FROM t", &n)), RETRY);
	db_rollback(reader);
	assert_int_equal(int_of(reader, "SELECT n FROM t"), 2);
}

/* --- Lost connections */

static void a_reader_connects_again_by_itself(void **state)
{
	(void)state;
	needs_database();
	assert_int_equal(int_of(reader, "SELECT 5"), 5);
	kill_connection_of(reader);
	assert_int_equal(int_of(reader, "SELECT 5"), 5);
	assert_int_equal(int_of(reader, "SELECT @@tx_read_only"), 1);
}

static void a_writer_that_was_idle_connects_again_and_writes_once(void **state)
{
	(void)state;
	needs_database();
	SCRIPT("CREATE OR REPLACE TABLE t (n INT)");
	RUN(writer, "INSERT INTO t VALUES (1)");
	kill_connection_of(writer);
	RUN(writer, "INSERT INTO t VALUES (1)");
	kill_connection_of(writer);
	SCRIPT("INSERT INTO t VALUES (1)");
	kill_connection_of(writer);
	assert_int_equal(db_begin(writer), OK);
	RUN(writer, "INSERT INTO t VALUES (1)");
	assert_int_equal(db_commit(writer), OK);
	assert_int_equal(int_of(writer, "SELECT COUNT(*) FROM t"), 4);
}

static void a_transaction_that_is_lost_is_run_again_as_a_whole(void **state)
{
	(void)state;
	needs_database();
	SCRIPT("CREATE OR REPLACE TABLE t (n INT)");
	assert_int_equal(db_begin(writer), OK);
	RUN(writer, "INSERT INTO t VALUES (1)");
	kill_connection_of(writer);
	assert_int_equal(
	    KIND(db_execute(writer, STR("INSERT INTO t VALUES (2)"), NULL, 0, NULL)), RETRY);
	assert_int_equal(db_execute(writer, STR("INSERT INTO t VALUES (3)"), NULL, 0, NULL), RETRY);
	assert_int_equal(db_commit(writer), RETRY);
	assert_int_equal(int_of(writer, "SELECT COUNT(*) FROM t"), 0);
}

static void a_loss_at_commit_is_not_run_again(void **state)
{
	(void)state;
	needs_database();
	assert_int_equal(db_begin(writer), OK);
	kill_connection_of(writer);
	assert_int_equal(KIND(db_commit(writer)), UNAVAILABLE);
	assert_false(db_in_transaction(writer));
	assert_int_equal(int_of(writer, "SELECT 1"), 1);
}

static void *kill_what_sleeps(void *unused)
{
	(void)unused;
	struct arena *mine = arena_new();
	struct db *killer = db_new(&options, DB_WRITE);
	int64_t id = 0;
	char sql[64];
	while (
	    db_one(killer, mine,
		STR("SELECT ID FROM information_schema.PROCESSLIST WHERE STATE = 'User sleep' AND "
		    "DB = DATABASE()"),
		NULL, 0, int_column, 1, &id) == NOT_FOUND)
		usleep(5000);
	snprintf(sql, sizeof sql, "KILL %lld", (long long)id);
	error kind = db_script(killer, str_of(sql));
	db_free(killer);
	arena_free(mine);
	return kind == OK ? killer : NULL;
}

static void a_write_whose_answer_is_lost_is_not_repeated(void **state)
{
	(void)state;
	needs_database();
	pthread_t thread;
	SCRIPT("CREATE OR REPLACE TABLE t (n INT)");
	pthread_create(&thread, NULL, kill_what_sleeps, NULL);
	assert_int_equal(
	    KIND(db_execute(writer, STR("INSERT INTO t SELECT SLEEP(20)"), NULL, 0, NULL)),
	    UNAVAILABLE);
	pthread_join(thread, NULL);
	assert_int_equal(int_of(writer, "SELECT COUNT(*) FROM t"), 0);
}

static void rows_that_break_off_are_unavailable(void **state)
{
	(void)state;
	needs_database();
	bool have = true;
	error kind = OK;
	int64_t id = int_of(reader, "SELECT CONNECTION_ID()");
	struct db_rows *rows =
	    query(reader, "SELECT REPEAT('x', 100000) FROM seq_1_to_2000", text_column, 1);
	char sql[64];
	snprintf(sql, sizeof sql, "KILL %lld", (long long)id);
	assert_int_equal(db_script(writer, str_of(sql)), OK);
	log_catch();
	while (kind == OK && have)
		kind = db_next(rows, &have);
	log_caught();
	assert_int_equal(kind, UNAVAILABLE);
	assert_int_equal(int_of(reader, "SELECT 1"), 1);
}

static void a_loss_while_rows_are_closed_dooms_the_transaction(void **state)
{
	(void)state;
	needs_database();
	assert_int_equal(db_begin(writer), OK);
	int64_t id = int_of(writer, "SELECT CONNECTION_ID()");
	struct db_rows *rows =
	    query(writer, "SELECT REPEAT('x', 100000) FROM seq_1_to_2000", text_column, 1);
	char sql[64];
	snprintf(sql, sizeof sql, "KILL %lld", (long long)id);
	assert_int_equal(db_script(reader, str_of(sql)), OK);
	log_catch();
	db_close(rows);
	assert_string_not_equal(log_caught(), "");
	assert_int_equal(db_commit(writer), RETRY);
}
int main(void)
{
	say_what_is_skipped();
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_transaction_stands_or_falls_whole),
		TEST(transactions_do_not_nest),
		TEST(a_part_of_a_transaction_can_be_taken_back),
		TEST(rolling_back_closes_the_rows),
		TEST(a_deadlock_dooms_the_transaction_of_one),
		TEST(a_lock_that_is_held_is_retried),
		TEST(a_lock_of_a_reader_that_stands_still_is_taken_back),
		TEST(a_reader_connects_again_by_itself),
		TEST(a_writer_that_was_idle_connects_again_and_writes_once),
		TEST(a_transaction_that_is_lost_is_run_again_as_a_whole),
		TEST(a_loss_at_commit_is_not_run_again),
		TEST(a_write_whose_answer_is_lost_is_not_repeated),
		TEST(rows_that_break_off_are_unavailable),
		TEST(a_loss_while_rows_are_closed_dooms_the_transaction),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
