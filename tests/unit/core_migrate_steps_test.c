/* layers: base http db core modules */
/*
 * The forward steps of migrate.h, against a real MariaDB: the program's schema is an old release,
 * and this unit compiles migrate.c once more as a newer one, with three steps and a hash of its
 * own.
 */
#include "core/migrate.h"

/* The release that the rest of the program is. */
static int old_migrate(const struct config *config)
{
	char name[] = "migrate", *argv[] = { name, NULL };
	return migrate_main(config, 1, argv);
}

#define migrate_main newer_migrate_main
#define schema_check newer_schema_check
#define schema_migrations newer_migrations
#define schema_hash newer_hash
#include "core/migrate.c"

#include "own_database.h"
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

const char newer_hash[] = "00000000000newer";
const struct schema_migration newer_migrations[] = {
	{ 1, "0001_one", "CREATE TABLE IF NOT EXISTS one (a INT); INSERT INTO one VALUES (1)" },
	{ 3, "0003_two", "ALTER TABLE one ADD COLUMN IF NOT EXISTS b INT" },
	{ 4, "0004_three", "INSERT INTO not_there VALUES (1)" },
	{ 0, NULL, NULL },
};

static struct config config;
static struct arena *arena;
static struct db *server, *database;

static int setup(void **state)
{
	(void)state;
	struct db_options options;
	char why[256];
	arena = arena_new();
	config = (struct config) { .database_url = own_database(arena) };
	if (!config.database_url)
		return 0;
	if (!db_options_parse(arena, str_of(config.database_url), &options, why))
		return -1;
	database = db_new(&options, DB_WRITE);
	options.database = NULL;
	server = db_new(&options, DB_WRITE);
	return db_script(server, STR("DROP DATABASE IF EXISTS core_migrate_steps_test")) != OK ||
	       old_migrate(&config) != 0;
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

static int newer(void)
{
	char name[] = "migrate", *argv[] = { name, NULL };
	return migrate_main(&config, 1, argv);
}

static int64_t count(const char *sql)
{
	int64_t n = -1;
	assert_int_equal(number_of(database, arena, str_of(sql), (str) { NULL, 0 }, &n), OK);
	return n;
}

static void is_at(const char *hash, int64_t number)
{
	struct info info;
	assert_int_equal(info_read(database, arena, &info), OK);
	assert_true(str_is(info.hash, hash));
	assert_int_equal(info.number, number);
}

static void pending_steps_are_applied_in_order_until_one_fails(void **state)
{
	(void)state;
	needs_database();
	char why[256];
	assert_int_equal(schema_check(database, why), UNAVAILABLE);
	assert_int_equal(newer(), 1);
	is_at("migrating", 3);
	assert_int_equal(count("SELECT COUNT(b) FROM one"), 0);
	assert_int_equal(schema_check(database, why), UNAVAILABLE);
}

static void a_run_goes_on_where_the_last_one_ended(void **state)
{
	(void)state;
	needs_database();
	char why[256];
	assert_int_equal(newer(), 1);
	assert_int_equal(newer(), 1);
	assert_int_equal(db_script(database, STR("CREATE TABLE not_there (a INT)")), OK);
	assert_int_equal(newer(), 0);
	is_at(newer_hash, 4);
	assert_int_equal(count("SELECT COUNT(*) FROM one"), 1);
	assert_int_equal(count("SELECT COUNT(*) FROM not_there"), 1);
	assert_int_equal(schema_check(database, why), OK);
	assert_int_equal(newer(), 0);
	assert_int_equal(count("SELECT COUNT(*) FROM not_there"), 1);
}

static void an_older_program_leaves_a_newer_schema_alone(void **state)
{
	(void)state;
	needs_database();
	assert_int_equal(db_script(database, STR("CREATE TABLE not_there (a INT)")), OK);
	assert_int_equal(newer(), 0);
	assert_int_equal(old_migrate(&config), 1);
	is_at(newer_hash, 4);
}

static void an_empty_database_is_at_the_newest_step_at_once(void **state)
{
	(void)state;
	needs_database();
	assert_int_equal(db_script(server, STR("DROP DATABASE core_migrate_steps_test")), OK);
	assert_int_equal(newer(), 0);
	is_at(newer_hash, 4);
}

#define STEP_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STEP_TEST(pending_steps_are_applied_in_order_until_one_fails),
		STEP_TEST(a_run_goes_on_where_the_last_one_ended),
		STEP_TEST(an_older_program_leaves_a_newer_schema_alone),
		STEP_TEST(an_empty_database_is_at_the_newest_step_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
