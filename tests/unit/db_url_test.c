/* layers: base db */
/* The address of a database: what is read from it, and what is refused. */
#include "db_fixture.h"

/* --- The address */

static void address_with_host_port_and_escapes(void **state)
{
	(void)state;
	struct db_options o;
	char why[256];
	assert_true(
	    db_options_parse(a, STR("mysql://m%40x:p%3a%2F@db.example.com:3307/crm%20x"), &o, why));
	assert_string_equal(o.host, "db.example.com");
	assert_int_equal(o.port, 3307);
	assert_string_equal(o.user, "m@x");
	assert_string_equal(o.password, "p:/");
	assert_string_equal(o.database, "crm x");
	assert_null(o.socket);
}

static void address_with_socket(void **state)
{
	(void)state;
	struct db_options o;
	char why[256];
	assert_true(db_options_parse(
	    a, STR("mysql://muster@localhost/crm?socket=/run/my%20sql.sock"), &o, why));
	assert_string_equal(o.socket, "/run/my sql.sock");
	assert_string_equal(o.password, "");
	assert_int_equal(o.port, 3306);
}

static void address_with_ipv6_and_without_database(void **state)
{
	(void)state;
	struct db_options o;
	char why[256];
	assert_true(db_options_parse(a, STR("mysql://muster:a@b@[::1]:3310"), &o, why));
	assert_string_equal(o.host, "::1");
	assert_string_equal(o.password, "a@b");
	assert_int_equal(o.port, 3310);
	assert_null(o.database);
}

static void address_that_is_refused_says_why(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", "mysql:/x", "postgres://u@h/d", "mysql://h/d",
		"mysql://@h/d", "mysql://u@h:0/d", "mysql://u@h:65536/d", "mysql://u@h:33x/d",
		"mysql://u@h:/d", "mysql://u@[::1/d", "mysql://u@[::1]x/d", "mysql://u%4@h/d",
		"mysql://u%zz@h/d", "mysql://u%00@h/d", "mysql://u@h/d%0", "mysql://u@h/d?ssl=1",
		"mysql://u@h/d?socket", "mysql://u@localhost/d?socket=run/x",
		"mysql://u@h/d?socket=/x", "mysql://u:#@h/d", "mysql://u@localhost/d?socket=/x&x" };
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct db_options o = { .port = 1 };
		char why[256] = "";
		if (db_options_parse(a, str_of(wrong[i]), &o, why))
			fail_msg("taken: %s", wrong[i]);
		assert_true(strlen(why) > 20);
		assert_int_equal(o.port, 1);
	}
}

int main(void)
{
	say_what_is_skipped();
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(address_with_host_port_and_escapes),
		TEST(address_with_socket),
		TEST(address_with_ipv6_and_without_database),
		TEST(address_that_is_refused_says_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
