/* layers: base http db core modules */
/* What migrate.h promises, against a real MariaDB: tests/unit/with_mariadb starts one. */
#include "core/migrate.h"

#include "own_database.h"
#include "schema.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct config config;
static struct arena *arena;
static struct db *server;   /* without a database */
static struct db *database; /* the one that is migrated */
static char why[256];

static int setup(void **state)
{
	(void)state;
	struct db_options options;
	arena = arena_new();
	config = (struct config) { .database_url = own_database(arena) };
	if (!config.database_url)
		return 0;
	if (!db_options_parse(arena, str_of(config.database_url), &options, why))
		return -1;
	database = db_new(&options, DB_WRITE);
	options.database = NULL;
	server = db_new(&options, DB_WRITE);
	return db_script(server, STR("DROP DATABASE IF EXISTS core_migrate_test")) != OK;
}

static int teardown(void **state)
{
	(void)state;
	db_free(server);
	db_free(database);
	server = database = NULL;
	arena_free(arena);
	return 0;
}

static void needs_database(void)
{
	if (!server)
		skip();
}

/* In another process, whose words are not the test's. */
static int migrate(void)
{
	pid_t child = fork();
	if (child == 0) {
		char name[] = "migrate";
		char *argv[] = { name, NULL };
		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(99);
		_exit(migrate_main(&config, 1, argv));
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void script(const char *sql) { assert_int_equal(db_script(database, str_of(sql)), OK); }

static bool good(void)
{
	error e = schema_check(database, why);
	assert_true(e == OK || e == UNAVAILABLE);
	assert_true((e == OK) == (why[0] == 0));
	return e == OK;
}

static void a_missing_database_is_made_with_the_program_s_schema(void **state)
{
	(void)state;
	needs_database();
	assert_int_equal(migrate(), 0);
	assert_true(good());
	for (size_t i = 0; all_tables[i]; i++)
		script(arena_printf(arena, "ANALYZE TABLE `%s`", all_tables[i]->name));
	script("INSERT INTO companies SELECT * FROM companies");
}

static void a_second_run_has_nothing_to_do(void **state)
{
	(void)state;
	needs_database();
	assert_int_equal(migrate(), 0);
	script("UPDATE schema_info SET changed_at = '2020-01-01'");
	assert_int_equal(migrate(), 0);
	assert_int_equal(migrate(), 0);
	assert_true(good());
	uint64_t n;
	assert_int_equal(
	    db_execute(database, STR("DELETE FROM schema_info WHERE changed_at = '2020-01-01'"),
		NULL, 0, &n),
	    OK);
	assert_int_equal(n, 1);
}

static void an_empty_database_of_another_character_set_becomes_utf8(void **state)
{
	(void)state;
	needs_database();
	assert_int_equal(
	    db_script(server, STR("CREATE DATABASE core_migrate_test CHARACTER SET latin1")), OK);
	assert_int_equal(migrate(), 0);
	uint64_t n;
	assert_int_equal(
	    db_execute(database,
		STR("UPDATE schema_info SET number = number WHERE EXISTS (SELECT 1 FROM "
		    "information_schema.tables WHERE table_schema = DATABASE() AND "
		    "table_collation <> 'utf8mb4_uca1400_ai_ci')"),
		NULL, 0, &n),
	    OK);
	assert_int_equal(n, 0);
}

static void a_run_that_ended_half_way_is_done_anew(void **state)
{
	(void)state;
	needs_database();
	assert_int_equal(migrate(), 0);
	script("UPDATE schema_info SET hash = 'creating'; SET foreign_key_checks = 0; DROP TABLE "
	       "contacts, companies; "
	       "CREATE TABLE tasks_old (id INT)");
	assert_false(good());
	assert_int_equal(migrate(), 0);
	assert_true(good());
	script("SELECT 1 FROM contacts, companies LIMIT 0");
	script("DELETE FROM schema_info");
	assert_int_equal(migrate(), 1); /* there are tables, and nobody knows whose */
}

static void two_runs_at_once_make_one_schema(void **state)
{
	(void)state;
	needs_database();
	pid_t child = fork();
	if (child == 0)
		_exit(migrate());
	int status;
	assert_int_equal(migrate(), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_true(good());
}

static void a_schema_that_the_program_does_not_know_is_left_alone(void **state)
{
	(void)state;
	needs_database();
	assert_int_equal(migrate(), 0);
	script("UPDATE schema_info SET hash = 'deadbeefdeadbeef'");
	assert_false(good());
	assert_non_null(strstr(why, "muster migrate"));
	assert_int_equal(migrate(), 1);
	script("UPDATE schema_info SET number = 9999");
	assert_int_equal(migrate(), 1);
	script("SELECT 1 FROM contacts LIMIT 0");
}

static void a_database_of_somebody_else_is_left_alone(void **state)
{
	(void)state;
	needs_database();
	assert_int_equal(db_script(server, STR("CREATE DATABASE core_migrate_test; CREATE TABLE "
					       "core_migrate_test.theirs (a INT)")),
	    OK);
	assert_int_equal(migrate(), 1);
	script("SELECT a FROM theirs");
	assert_false(good());
}

static void a_server_that_is_away_is_said(void **state)
{
	(void)state;
	config.database_url = "mysql://root@localhost/muster?socket=/nonexistent/sock";
	assert_int_equal(migrate(), 1);
}

static void arguments_are_refused(void **state)
{
	(void)state;
	char name[] = "migrate", argument[] = "--force";
	char *argv[] = { name, argument, NULL };
	assert_int_equal(migrate_main(&config, 2, argv), 2);
}

#define MIGRATE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		MIGRATE_TEST(a_missing_database_is_made_with_the_program_s_schema),
		MIGRATE_TEST(a_second_run_has_nothing_to_do),
		MIGRATE_TEST(an_empty_database_of_another_character_set_becomes_utf8),
		MIGRATE_TEST(a_run_that_ended_half_way_is_done_anew),
		MIGRATE_TEST(two_runs_at_once_make_one_schema),
		MIGRATE_TEST(a_schema_that_the_program_does_not_know_is_left_alone),
		MIGRATE_TEST(a_database_of_somebody_else_is_left_alone),
		MIGRATE_TEST(a_server_that_is_away_is_said),
		MIGRATE_TEST(arguments_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
