/* layers: base db */
/* alone: it counts the prepared statements of the whole server, and sets how many there may be */
/*
 * What db.h promises of connections, rows, failures and prepared statements, against a real
 * MariaDB: tests/unit/with_mariadb db_test. Transactions are in db_transaction_test.c, values in
 * db_value_test.c.
 */
#include "db_fixture.h"

/* --- The session */

static void session_is_strict_utc_and_read_committed(void **state)
{
	(void)state;
	needs_database();
	assert_true(str_is(text_of(writer, "SELECT @@tx_isolation"), "READ-COMMITTED"));
	assert_true(str_is(text_of(writer, "SELECT @@time_zone"), "+00:00"));
	assert_true(
	    str_is(text_of(writer, "SELECT @@collation_connection"), "utf8mb4_uca1400_ai_ci"));
	assert_true(str_is(text_of(writer, "SELECT @@character_set_results"), "utf8mb4"));
	assert_true(str_is(text_of(writer, "SELECT @@sql_mode"),
	    "STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_"
	    "SUBSTITUTION"));
	assert_int_equal(
	    int_of(writer, "SELECT @@innodb_lock_wait_timeout + @@lock_wait_timeout"), 10);
	assert_int_equal(int_of(writer, "SELECT @@tx_read_only"), 0);
	assert_int_equal(int_of(reader, "SELECT @@tx_read_only"), 1);
}

static void a_reader_cannot_write(void **state)
{
	(void)state;
	needs_database();
	SCRIPT("CREATE OR REPLACE TABLE t (n INT)");
	assert_int_equal(
	    KIND(db_execute(reader, STR("INSERT INTO t VALUES (1)"), NULL, 0, NULL)), INTERNAL);
	assert_non_null(strstr(db_reason(reader), "1792"));
	assert_int_equal(int_of(reader, "SELECT COUNT(*) FROM t"), 0);
}

static void a_statement_that_takes_too_long_is_stopped(void **state)
{
	(void)state;
	needs_database();
	options.statement_seconds = 1;
	struct db *hasty = db_new(&options, DB_READ);
	int64_t n;
	assert_int_equal(KIND(read_int(hasty, "SELECT SLEEP(5)", &n)), UNAVAILABLE);
	assert_int_equal(int_of(hasty, "SELECT 1"), 1);
	db_free(hasty);
}

static void a_server_that_is_away_is_unavailable_and_says_so(void **state)
{
	(void)state;
	struct db_options nowhere = {
		.socket = "/nonexistent/sock", .user = "u", .host = "localhost"
	};
	struct db *db = db_new(&nowhere, DB_WRITE);
	assert_int_equal(KIND(db_connect(db)), UNAVAILABLE);
	assert_non_null(strstr(db_reason(db), "/nonexistent/sock"));
	assert_int_equal(KIND(db_begin(db)), UNAVAILABLE);
	assert_int_equal(KIND(db_execute(db, STR("DO 1"), NULL, 0, NULL)), UNAVAILABLE);
	assert_false(db_in_transaction(db));
	db_free(db);
}

static void a_wrong_user_is_unavailable(void **state)
{
	(void)state;
	needs_database();
	options.user = "nobody";
	options.password = "secret";
	struct db *db = db_new(&options, DB_WRITE);
	assert_int_equal(KIND(db_connect(db)), UNAVAILABLE);
	assert_non_null(strstr(db_reason(db), "nobody"));
	assert_null(strstr(text.p, "secret"));
	db_free(db);
}

/* --- Rows */

static void rows_are_streamed_to_the_end(void **state)
{
	(void)state;
	needs_database();
	struct db_rows *rows;
	int64_t sum = 0, n;
	bool have;
	assert_int_equal(db_query(reader, a, STR("SELECT seq FROM seq_1_to_20000"), NULL, 0,
			     int_column, 1, &rows),
	    OK);
	for (;;) {
		assert_int_equal(db_next(rows, &have), OK);
		if (!have)
			break;
		db_into(rows, &n);
		sum += n;
	}
	assert_int_equal(sum, 20000 * 20001 / 2);
	assert_int_equal(db_next(rows, &have), OK);
	assert_false(have);
	db_close(rows);
	assert_int_equal(int_of(reader, "SELECT 1"), 1);
}

static void no_rows_end_at_once(void **state)
{
	(void)state;
	needs_database();
	struct db_rows *rows;
	bool have = true;
	assert_int_equal(db_query(reader, a, STR("SELECT 1 FROM DUAL WHERE 1 = 0"), NULL, 0,
			     int_column, 1, &rows),
	    OK);
	assert_int_equal(int_of(reader, "SELECT 7"), 7);
	assert_int_equal(db_next(rows, &have), OK);
	assert_false(have);
}

static void a_sort_that_looks_at_too_many_rows_gives_none(void **state)
{
	(void)state;
	needs_database();
#define SORTED "(SELECT seq FROM seq_1_to_5000 ORDER BY -seq LIMIT 5) UNION ALL (SELECT -1)"
	static const char first[] = SORTED " LIMIT ROWS EXAMINED %d",
			  behind_others[] = "(SELECT seq FROM seq_1_to_3) UNION ALL " SORTED
					    " LIMIT ROWS EXAMINED %d";
#undef SORTED
	const struct {
		const char *sql;
		int examined, rows;
	} cases[] = { { first, 1000, 0 }, { first, 100000, 6 }, { first, 1000, 0 },
		{ behind_others, 1000, 3 }, { behind_others, 100000, 9 },
		{ behind_others, 1000, 3 } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char statement[200];
		struct db_rows *rows;
		bool have = true;
		int n = 0;
		snprintf(statement, sizeof statement, cases[i].sql, cases[i].examined);
		assert_int_equal(
		    KIND(db_query(reader, a, str_of(statement), NULL, 0, int_column, 1, &rows)),
		    OK);
		for (;; n++) {
			assert_int_equal(KIND(db_next(rows, &have)), OK);
			if (!have)
				break;
		}
		assert_int_equal(n, cases[i].rows);
		assert_int_equal(int_of(reader, "SELECT 1"), 1);
	}
}

static void rows_closed_early_leave_the_connection_usable(void **state)
{
	(void)state;
	needs_database();
	for (int i = 0; i < 3; i++) {
		struct db_rows *rows =
		    query(reader, "SELECT seq FROM seq_1_to_20000", int_column, 1);
		db_close(rows);
		db_close(rows);
		assert_int_equal(int_of(reader, "SELECT 1"), 1);
	}
}

static void the_end_of_the_arena_closes_the_rows(void **state)
{
	(void)state;
	needs_database();
	query(reader, "SELECT seq FROM seq_1_to_20000", int_column, 1);
	arena_reset(a);
	assert_int_equal(int_of(reader, "SELECT 1"), 1);
	/* The other order: the connection goes first. */
	query(reader, "SELECT seq FROM seq_1_to_20000", int_column, 1);
	db_free(reader);
	reader = NULL;
	arena_reset(a);
}

static void a_statement_while_rows_are_open_is_refused(void **state)
{
	(void)state;
	needs_database();
	int64_t n;
	struct db_rows *rows = query(writer, "SELECT seq FROM seq_1_to_9", int_column, 1);
	assert_int_equal(KIND(read_int(writer, "SELECT 1", &n)), INTERNAL);
	assert_non_null(strstr(text.p, "still open"));
	assert_int_equal(KIND(db_begin(writer)), INTERNAL);
	assert_int_equal(KIND(db_script(writer, STR("DO 1"))), INTERNAL);
	db_close(rows);
	assert_int_equal(read_int(writer, "SELECT 1", &n), OK);
}

static void one_is_the_first_row_or_not_found(void **state)
{
	(void)state;
	needs_database();
	int64_t n = 5;
	assert_int_equal(int_of(reader, "SELECT seq FROM seq_3_to_20000"), 3);
	assert_int_equal(read_int(reader, "SELECT 1 FROM DUAL WHERE 1 = 0", &n), NOT_FOUND);
	assert_int_equal(n, 5);
}

static void matched_rows_count_also_when_unchanged(void **state)
{
	(void)state;
	needs_database();
	uint64_t matched = 99;
	SCRIPT("CREATE OR REPLACE TABLE t (n INT, v INT); INSERT INTO t VALUES (1, 1), (1, 1), (2, "
	       "1)");
	assert_int_equal(
	    db_execute(writer, STR("UPDATE t SET v = 1 WHERE n = 1"), NULL, 0, &matched), OK);
	assert_int_equal(matched, 2);
	assert_int_equal(
	    db_execute(writer, STR("UPDATE t SET v = LAST_INSERT_ID(v + 41) WHERE n = 2"), NULL, 0,
		&matched),
	    OK);
	assert_int_equal(db_last_insert_id(writer), 42);
	assert_int_equal(
	    db_execute(writer, STR("DELETE FROM t WHERE n = 3"), NULL, 0, &matched), OK);
	assert_int_equal(matched, 0);
}

static void statements_are_counted(void **state)
{
	(void)state;
	needs_database();
	int64_t n;
	uint64_t before = db_statements(writer);
	assert_int_equal(db_begin(writer), OK);
	assert_int_equal(read_int(writer, "SELECT 1", &n), OK);
	RUN(writer, "DO 1");
	assert_int_equal(db_commit(writer), OK);
	assert_int_equal(db_statements(writer) - before, 2);
}

/* --- Programmers' errors */

static void a_wrong_number_of_columns_is_an_error_of_ours(void **state)
{
	(void)state;
	needs_database();
	const struct field *const two[] = { &int_field, &int_field };
	static const struct field price = { .name = "price", .type = T_MONEY };
	const struct field *const money_column[] = { &price };
	int64_t n[2];
	assert_int_equal(KIND(db_one(reader, a, STR("SELECT 1"), NULL, 0, two, 2, n)), INTERNAL);
	assert_non_null(strstr(text.p, "number of columns"));
	assert_non_null(strstr(text.p, "\"sql\":\"SELECT 1\""));
	assert_int_equal(KIND(db_one(reader, a, STR("SELECT 1, 2"), NULL, 0, two, 1, n)), INTERNAL);
	assert_int_equal(
	    KIND(db_one(reader, a, STR("SELECT 1"), NULL, 0, money_column, 1, n)), INTERNAL);
	assert_int_equal(int_of(reader, "SELECT 1"), 1);
}

static void a_wrong_type_of_column_is_an_error_of_ours(void **state)
{
	(void)state;
	needs_database();
	static const char *const wrong[] = { "SELECT 'a'", "SELECT 1e0", "SELECT CAST(1 AS FLOAT)",
		"SELECT CURRENT_TIME", "SELECT b'1'", "SELECT NOW()", "SELECT POINT(1, 1)" };
	int64_t n;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		assert_int_equal(KIND(read_int(reader, wrong[i], &n)), INTERNAL);
		assert_non_null(strstr(text.p, "another type"));
	}
	assert_int_equal(read_int(reader, "SELECT NULL", &n), OK);
	assert_true(n == INT_NONE);
}

static void a_wrong_number_of_parameters_is_an_error_of_ours(void **state)
{
	(void)state;
	needs_database();
	int64_t n = 1;
	money m = { 1, "EUR" };
	assert_int_equal(KIND(read_int(reader, "SELECT ?", &n)), INTERNAL);
	assert_non_null(strstr(text.p, "number of parameters"));
	assert_int_equal(
	    KIND(db_execute(writer, STR("DO ?"), PARAMS({ T_MONEY, &m, NULL }), NULL)), INTERNAL);
	assert_int_equal(
	    KIND(db_execute(writer, STR("DO 1"), PARAMS(DB_PARAM_INT(&n)), NULL)), INTERNAL);
	assert_int_equal(
	    KIND(db_execute(writer, STR("DO ?"), PARAMS({ T_IDS, &n, NULL }), NULL)), INTERNAL);
}

static void rows_where_none_are_expected_and_the_reverse(void **state)
{
	(void)state;
	needs_database();
	int64_t n;
	assert_int_equal(KIND(db_execute(reader, STR("SELECT 1"), NULL, 0, NULL)), INTERNAL);
	assert_int_equal(KIND(read_int(writer, "DO 1", &n)), INTERNAL);
	assert_int_equal(int_of(reader, "SELECT 1"), 1);
}

static void a_failure_is_logged_with_its_text_and_without_its_values(void **state)
{
	(void)state;
	needs_database();
	str secret = STR("s3cret");
	SCRIPT("CREATE OR REPLACE TABLE t (n INT, v VARCHAR(3))");
	assert_int_equal(KIND(db_execute(writer, STR("INSERT INTO t (n) VALUES (?)"),
			     PARAMS(DB_PARAM_TEXT(&secret)), NULL)),
	    INTERNAL);
	assert_non_null(strstr(text.p, "INSERT INTO t (n) VALUES (?)"));
	assert_non_null(strstr(text.p, "1366"));
	assert_null(strstr(text.p, "s3cret"));
	assert_null(strstr(db_reason(writer), "s3cret"));
	assert_int_equal(KIND(db_execute(writer, STR("INSERT INTO t (v) VALUES (?)"),
			     PARAMS(DB_PARAM_TEXT(&secret)), NULL)),
	    INTERNAL);
	assert_non_null(strstr(text.p, "'v'"));
	assert_int_equal(KIND(db_execute(writer, STR("SELEC 1"), NULL, 0, NULL)), INTERNAL);
}

static void one_text_is_one_statement(void **state)
{
	(void)state;
	needs_database();
	assert_int_equal(KIND(db_execute(writer, STR("DO 1; DO 2"), NULL, 0, NULL)), INTERNAL);
	SCRIPT("CREATE OR REPLACE TABLE t (n INT); INSERT INTO t VALUES (1); SELECT * FROM t; "
	       "SELECT 2; INSERT INTO t VALUES (2);");
	assert_int_equal(int_of(writer, "SELECT COUNT(*) FROM t"), 2);
	assert_int_equal(KIND(db_execute(writer, STR("DO 1; DO 2"), NULL, 0, NULL)), INTERNAL);
	assert_int_equal(
	    KIND(db_script(writer,
		STR("INSERT INTO t VALUES (3); SELECT nonsense; INSERT INTO t VALUES (4)"))),
	    INTERNAL);
	assert_non_null(strstr(db_reason(writer), "nonsense"));
	assert_int_equal(int_of(writer, "SELECT COUNT(*) FROM t"), 3);
}

static void a_statement_can_be_checked_without_running(void **state)
{
	(void)state;
	needs_database();
	unsigned params, columns;
	SCRIPT("CREATE OR REPLACE TABLE t (n INT)");
	assert_int_equal(
	    db_prepare_check(reader, STR("SELECT n, 1, ? FROM t WHERE n = ?"), &params, &columns),
	    OK);
	assert_int_equal(params, 2);
	assert_int_equal(columns, 3);
	assert_int_equal(db_prepare_check(writer, STR("DELETE FROM t"), &params, &columns), OK);
	assert_int_equal(params + columns, 0);
	assert_int_equal(
	    KIND(db_prepare_check(reader, STR("SELECT nothing FROM t"), &params, &columns)),
	    INTERNAL);
}

/* --- What the data refuse */

static void a_duplicate_names_its_key(void **state)
{
	(void)state;
	needs_database();
	SCRIPT("CREATE OR REPLACE TABLE t (id INT PRIMARY KEY, mail VARCHAR(50), UNIQUE KEY t_mail "
	       "(mail))");
	str tricky = STR("x' for key 'y");
	assert_int_equal(db_execute(writer, STR("INSERT INTO t VALUES (1, ?)"),
			     PARAMS(DB_PARAM_TEXT(&tricky)), NULL),
	    OK);
	log_catch();
	error kind = db_execute(
	    writer, STR("INSERT INTO t VALUES (2, ?)"), PARAMS(DB_PARAM_TEXT(&tricky)), NULL);
	assert_string_equal(log_caught(), "");
	assert_int_equal(kind, CONFLICT);
	assert_string_equal(db_constraint(writer), "t_mail");
	assert_null(strstr(db_reason(writer), "tricky"));
	assert_int_equal(
	    db_execute(writer, STR("INSERT INTO t VALUES (1, 'z')"), NULL, 0, NULL), CONFLICT);
	assert_string_equal(db_constraint(writer), "PRIMARY");
}

static void a_missing_parent_names_its_foreign_key(void **state)
{
	(void)state;
	needs_database();
	SCRIPT("DROP TABLE IF EXISTS child, parent; CREATE TABLE parent (id INT PRIMARY KEY); "
	       "CREATE TABLE child (p INT, CONSTRAINT child_parent FOREIGN KEY (p) REFERENCES "
	       "parent (id)); "
	       "INSERT INTO parent VALUES (1)");
	assert_int_equal(
	    db_execute(writer, STR("INSERT INTO child VALUES (2)"), NULL, 0, NULL), INVALID);
	assert_string_equal(db_constraint(writer), "child_parent");
	RUN(writer, "INSERT INTO child VALUES (1)");
	assert_int_equal(db_execute(writer, STR("DELETE FROM parent"), NULL, 0, NULL), CONFLICT);
	assert_string_equal(db_constraint(writer), "child_parent");
	SCRIPT("DROP TABLE child, parent");
}

static void a_failed_check_names_its_constraint(void **state)
{
	(void)state;
	needs_database();
	SCRIPT("CREATE OR REPLACE TABLE t (n INT, CONSTRAINT t_positive CHECK (n > 0))");
	assert_int_equal(
	    db_execute(writer, STR("INSERT INTO t VALUES (0)"), NULL, 0, NULL), INVALID);
	assert_string_equal(db_constraint(writer), "t_positive");
	assert_int_equal(KIND(db_execute(writer, STR("SELEC"), NULL, 0, NULL)), INTERNAL);
	assert_string_equal(db_constraint(writer), "");
}

/* --- Prepared statements */

static int64_t prepared_now(struct db *db)
{
	return int_of(db,
	    "SELECT CAST(VARIABLE_VALUE AS INT) FROM information_schema.GLOBAL_STATUS WHERE "
	    "VARIABLE_NAME = 'PREPARED_STMT_COUNT'");
}

/* The connections of earlier tests end in their own time, and their statements with them. */
static void wait_until_alone(void)
{
	while (prepared_now(writer) > 1)
		usleep(1000);
}

static int64_t prepares_so_far(struct db *db)
{
	return int_of(db,
	    "SELECT CAST(VARIABLE_VALUE AS INT) FROM information_schema.SESSION_STATUS WHERE "
	    "VARIABLE_NAME = 'COM_STMT_PREPARE'");
}

static void a_statement_is_prepared_once(void **state)
{
	(void)state;
	needs_database();
	int64_t before = prepares_so_far(reader);
	for (int64_t i = 0; i < 20; i++) {
		int64_t n;
		char same[] = "SELECT ? + 1"; /* found by its text, wherever it stands */
		assert_int_equal(
		    db_one(reader, a, str_of(same), PARAMS(DB_PARAM_INT(&i)), int_column, 1, &n),
		    OK);
		assert_int_equal(n, i + 1);
	}
	assert_int_equal(prepares_so_far(reader) - before, 1);
}

static void the_least_recently_used_statement_is_given_up(void **state)
{
	(void)state;
	needs_database();
	wait_until_alone();
	assert_int_equal(int_of(reader, "SELECT 0"), 0);
	for (int i = 1; i < 1000; i++) {
		char sql[32];
		snprintf(sql, sizeof sql, "SELECT %d", i);
		assert_int_equal(int_of(reader, sql), i);
		if (i % 300 == 0)
			assert_int_equal(int_of(reader, "SELECT 0"), 0);
	}
	assert_int_equal(prepared_now(writer) - 1, 400);
	int64_t before = prepares_so_far(reader);
	assert_int_equal(int_of(reader, "SELECT 0"), 0);
	assert_int_equal(int_of(reader, "SELECT 999"), 999);
	assert_int_equal(prepares_so_far(reader) - before, 0);
	assert_int_equal(int_of(reader, "SELECT 1"), 1);
	assert_int_equal(prepares_so_far(reader) - before, 1);
}

static void too_many_statements_for_the_server_make_room(void **state)
{
	(void)state;
	needs_database();
	wait_until_alone();
	assert_int_equal(
	    int_of(reader, "SELECT 1") + int_of(reader, "SELECT 2") + int_of(reader, "SELECT 3"),
	    6);
	int64_t all = prepared_now(writer);
	char sql[64];
	snprintf(sql, sizeof sql, "SET GLOBAL max_prepared_stmt_count = %lld", (long long)all);
	assert_int_equal(db_script(writer, str_of(sql)), OK);
	int64_t n = 0;
	error kind = KIND(read_int(reader, "SELECT 4", &n));
	SCRIPT("SET GLOBAL max_prepared_stmt_count = 16382");
	assert_int_equal(kind, OK);
	assert_int_equal(n, 4);
}

static void a_table_that_changes_is_read_as_it_is_now(void **state)
{
	(void)state;
	needs_database();
	SCRIPT("CREATE OR REPLACE TABLE t (n TINYINT); INSERT INTO t VALUES (7)");
	int64_t n;
	assert_int_equal(int_of(reader, "SELECT * FROM t"), 7);
	SCRIPT("ALTER TABLE t MODIFY n BIGINT; UPDATE t SET n = 5000000000");
	assert_int_equal(int_of(reader, "SELECT * FROM t"), INT64_C(5000000000));
	SCRIPT("ALTER TABLE t MODIFY n VARCHAR(50)");
	assert_int_equal(KIND(read_int(reader, "SELECT * FROM t", &n)), INTERNAL);
	SCRIPT("ALTER TABLE t MODIFY n BIGINT, ADD m INT");
	assert_int_equal(KIND(read_int(reader, "SELECT * FROM t", &n)), INTERNAL);
	const struct field *const two[] = { &int_field, &int_field };
	assert_string_equal(json_of(reader, "SELECT * FROM t", two, 2), "[5000000000,null]");
	SCRIPT("ALTER TABLE t DROP m");
	assert_int_equal(int_of(reader, "SELECT * FROM t"), INT64_C(5000000000));
}

static void null_and_value_share_a_prepared_statement(void **state)
{
	(void)state;
	needs_database();
	str values[] = { STR("a"), { 0 }, STR(""), STR("é") };
	for (size_t i = 0; i < COUNT(values); i++) {
		str back = STR("?");
		assert_int_equal(db_one(reader, a, STR("SELECT CAST(? AS CHAR)"),
				     PARAMS(DB_PARAM_TEXT(&values[i])), text_column, 1, &back),
		    OK);
		assert_true(str_none(back) == str_none(values[i]) && str_eq(back, values[i]));
	}
}

int main(void)
{
	say_what_is_skipped();
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(session_is_strict_utc_and_read_committed),
		TEST(a_reader_cannot_write),
		TEST(a_statement_that_takes_too_long_is_stopped),
		TEST(a_server_that_is_away_is_unavailable_and_says_so),
		TEST(a_wrong_user_is_unavailable),
		TEST(rows_are_streamed_to_the_end),
		TEST(no_rows_end_at_once),
		TEST(a_sort_that_looks_at_too_many_rows_gives_none),
		TEST(rows_closed_early_leave_the_connection_usable),
		TEST(the_end_of_the_arena_closes_the_rows),
		TEST(a_statement_while_rows_are_open_is_refused),
		TEST(one_is_the_first_row_or_not_found),
		TEST(matched_rows_count_also_when_unchanged),
		TEST(statements_are_counted),
		TEST(a_wrong_number_of_columns_is_an_error_of_ours),
		TEST(a_wrong_type_of_column_is_an_error_of_ours),
		TEST(a_wrong_number_of_parameters_is_an_error_of_ours),
		TEST(rows_where_none_are_expected_and_the_reverse),
		TEST(a_failure_is_logged_with_its_text_and_without_its_values),
		TEST(one_text_is_one_statement),
		TEST(a_statement_can_be_checked_without_running),
		TEST(a_duplicate_names_its_key),
		TEST(a_missing_parent_names_its_foreign_key),
		TEST(a_failed_check_names_its_constraint),
		TEST(a_statement_is_prepared_once),
		TEST(the_least_recently_used_statement_is_given_up),
		TEST(too_many_statements_for_the_server_make_room),
		TEST(a_table_that_changes_is_read_as_it_is_now),
		TEST(null_and_value_share_a_prepared_statement),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
