/* layers: base http db core */
/* core_config_test.c: where settings come from, and which values are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/config.h"
#include <cmocka.h>

static char why[256];

static int clean(void **state)
{
	(void)state;
	for (size_t i = 0; i < config_n_settings; i++)
		unsetenv(config_settings[i].name);
	unsetenv("MUSTER_CONFIG");
	return 0;
}

static void everything_has_a_default(void **state)
{
	(void)state;
	struct config config;
	assert_true(config_load(&config, why));
	assert_int_equal(config.rate_per_minute, 6000);
	assert_true(config.workers >= 2);
	assert_true(config.signup);
	assert_int_equal(config.log_level, LOG_INFO);
	assert_string_equal(config.secret_file, "/var/lib/muster/secret");
	config_free(&config);
}

static void the_environment_wins_over_the_file(void **state)
{
	(void)state;
	char path[] = "/tmp/muster-config-XXXXXX";
	int fd = mkstemp(path);
	const char *text =
	    "# a comment\n\nMUSTER_WORKERS = 7\nMUSTER_MAIL_FROM=\"crm@example.com\"\n"
	    "MUSTER_SIGNUP=off\nMUSTER_LOG_LEVEL=\n";
	struct config config;
	const char *from;

	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	setenv("MUSTER_CONFIG", path, 1);
	setenv("MUSTER_WORKERS", "3", 1);
	assert_true(config_load(&config, why));
	assert_int_equal(config.workers, 3);
	assert_string_equal(config.mail_from, "crm@example.com");
	assert_false(config.signup);
	assert_int_equal(config.log_level, LOG_INFO);
	for (size_t i = 0; i < config_n_settings; i++) {
		const char *name = config_settings[i].name;
		config_show(&config, &config_settings[i], &from);
		if (strcmp(name, "MUSTER_WORKERS") == 0)
			assert_string_equal(from, "environment");
		if (strcmp(name, "MUSTER_MAIL_FROM") == 0)
			assert_string_equal(from, "file");
		if (strcmp(name, "MUSTER_LOG_LEVEL") == 0)
			assert_string_equal(from, "default");
	}
	config_free(&config);
	unlink(path);
}

static void a_bad_value_is_one_sentence_that_names_it(void **state)
{
	(void)state;
	static const struct {
		const char *name, *value;
	} bad[] = { { "MUSTER_WORKERS", "many" }, { "MUSTER_WORKERS", "201" },
		{ "MUSTER_SIGNUP", "yes" }, { "MUSTER_LOG_LEVEL", "loud" },
		{ "MUSTER_SCRYPT_N", "5000" }, { "MUSTER_PUBLIC_URL", "https://crm.example/" },
		{ "MUSTER_PUBLIC_URL", "crm.example" }, { "MUSTER_MAIL_FROM", "a@b\r\nBcc: c@d" },
		{ "MUSTER_CONFIG", "/nowhere/at/all" } };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct config config;
		clean(state);
		setenv(bad[i].name, bad[i].value, 1);
		assert_false(config_load(&config, why));
		assert_non_null(strstr(why, bad[i].name));
	}
}

static void a_file_with_a_line_that_is_none_is_refused_with_its_number(void **state)
{
	(void)state;
	char path[] = "/tmp/muster-config-XXXXXX";
	int fd = mkstemp(path);
	struct config config;

	assert_int_equal(write(fd, "MUSTER_WORKERS=2\nnonsense\n", 26), 26);
	close(fd);
	setenv("MUSTER_CONFIG", path, 1);
	assert_false(config_load(&config, why));
	assert_non_null(strstr(why, ":2: must be NAME=value"));
	unlink(path);
}

static void secrets_are_masked(void **state)
{
	(void)state;
	struct config config;
	const char *from;

	setenv("MUSTER_DATABASE_URL", "mysql://crm:hunter2@db:3306/crm", 1);
	assert_true(config_load(&config, why));
	assert_string_equal(config.database_url, "mysql://crm:hunter2@db:3306/crm");
	assert_string_equal(
	    config_show(&config, &config_settings[0], &from), "mysql://crm:***@db:3306/crm");
	for (size_t i = 0; i < config_n_settings; i++)
		assert_null(strstr(config_show(&config, &config_settings[i], &from), "hunter2"));
	config_free(&config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(everything_has_a_default, clean),
		cmocka_unit_test_setup(the_environment_wins_over_the_file, clean),
		cmocka_unit_test_setup(a_bad_value_is_one_sentence_that_names_it, clean),
		cmocka_unit_test_setup(
		    a_file_with_a_line_that_is_none_is_refused_with_its_number, clean),
		cmocka_unit_test_setup(secrets_are_masked, clean),
	};
	return cmocka_run_group_tests(tests, NULL, clean);
}
