/* layers: base http db core modules */
/* What worker.h promises: an installation that cannot work is found when it is opened. */
#include "core/worker.h"

#include "core/page.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[64], secret[100], manifest[100], templates[100];
static struct config config;
static struct installation installation;

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* An empty template for each page of the program, whatever there is. */
static void write_templates(void)
{
	char path[300];
	snprintf(path, sizeof path, "%s/templates/error.mustache", dir);
	mkdir(templates, 0700);
	write_file(path, "");
	snprintf(path, sizeof path, "%s/templates/error_plain.mustache", dir);
	write_file(path, "");
	for (const struct page *const *page = __start_pages; page < __stop_pages; page++) {
		snprintf(path, sizeof path, "%s/%s.mustache", templates, (*page)->template);
		char *slash = strrchr(path, '/');
		*slash = 0;
		mkdir(path, 0700);
		*slash = '/';
		write_file(path, "");
	}
}

static int removed(const char *path, const struct stat *s, int type, struct FTW *place)
{
	(void)s;
	(void)type;
	(void)place;
	return remove(path);
}

static int setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/muster-worker-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(secret, sizeof secret, "%s/secret", dir);
	snprintf(manifest, sizeof manifest, "%s/manifest.json", dir);
	snprintf(templates, sizeof templates, "%s/templates", dir);
	write_templates();
	write_file(manifest,
	    "{\"app.css\":\"app.1.css\",\"app.js\":\"app.2.js\",\"icons.svg\":\"icons.3.svg\"}");
	config = (struct config) { .secret_file = secret,
		.templates_dir = templates,
		.static_dir = dir,
		.static_url = "/static/",
		.run_dir = dir,
		.database_url = "mysql://nobody@localhost/none?socket=/nonexistent/sock" };
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return nftw(dir, removed, 8, FTW_DEPTH | FTW_PHYS);
}

static bool opens(void) { return installation_open(&config, NULL, &installation); }

static void the_secret_is_made_once_and_for_its_owner_alone(void **state)
{
	(void)state;
	struct stat s;
	unsigned char first[32];
	assert_true(opens());
	assert_int_equal(stat(secret, &s), 0);
	assert_int_equal(s.st_mode & 0777, 0600);
	assert_int_equal(s.st_size, 32);
	memcpy(first, installation.secret, sizeof first);
	installation_close(&installation);
	assert_true(opens());
	assert_memory_equal(first, installation.secret, sizeof first);
	installation_close(&installation);
}

static void a_longer_secret_counts_as_a_whole(void **state)
{
	(void)state;
	unsigned char first[32];
	write_file(secret, "0123456789012345678901234567890123456789-a");
	assert_true(opens());
	memcpy(first, installation.secret, sizeof first);
	installation_close(&installation);
	write_file(secret, "0123456789012345678901234567890123456789-b");
	assert_true(opens());
	assert_memory_not_equal(first, installation.secret, sizeof first);
	installation_close(&installation);
}

static void a_short_secret_is_refused(void **state)
{
	(void)state;
	write_file(secret, "too short");
	assert_false(opens());
}

static void a_folder_for_the_secret_that_is_not_there_is_said(void **state)
{
	(void)state;
	config.secret_file = "/nonexistent/secret";
	assert_false(opens());
}

static void templates_that_are_not_there_are_said(void **state)
{
	(void)state;
	config.templates_dir = "/nonexistent";
	assert_false(opens());
	config.templates_dir = config.run_dir; /* there, and without those of the pages */
	assert_false(opens());
}

static void a_manifest_that_is_none_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", "[]", "null", "{", NULL };
	for (size_t i = 0; wrong[i]; i++) {
		write_file(manifest, wrong[i]);
		assert_false(opens());
	}
	unlink(manifest);
	assert_false(opens());
}

static const char *asset(struct json_object *assets, const char *name)
{
	struct json_object *value;
	return json_object_object_get_ex(assets, name, &value) ? json_object_get_string(value) : "";
}

static void a_worker_knows_where_the_static_files_are(void **state)
{
	(void)state;
	assert_true(opens());
	struct worker *worker = worker_new(&installation);
	assert_non_null(worker);
	assert_string_equal(asset(worker->assets, "css"), "/static/app.1.css");
	assert_string_equal(asset(worker->assets, "js"), "/static/app.2.js");
	assert_string_equal(asset(worker->assets, "icons"), "/static/icons.3.svg");
	assert_ptr_not_equal(worker->assets, installation.assets);
	worker_free(worker);
	installation_close(&installation);
}

static void a_worker_starts_while_the_database_is_away(void **state)
{
	(void)state;
	assert_true(opens());
	struct worker *worker = worker_new(&installation);
	assert_non_null(worker);
	assert_true(worker->n_known > 0 && !worker->schema_good);
	assert_int_equal(db_connect(worker->reads), UNAVAILABLE);
	worker_free(worker);
	config.database_url = "not a url";
	assert_null(worker_new(&installation));
	installation_close(&installation);
}

#define WORKER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORKER_TEST(the_secret_is_made_once_and_for_its_owner_alone),
		WORKER_TEST(a_longer_secret_counts_as_a_whole),
		WORKER_TEST(a_short_secret_is_refused),
		WORKER_TEST(a_folder_for_the_secret_that_is_not_there_is_said),
		WORKER_TEST(templates_that_are_not_there_are_said),
		WORKER_TEST(a_manifest_that_is_none_is_refused),
		WORKER_TEST(a_worker_knows_where_the_static_files_are),
		WORKER_TEST(a_worker_starts_while_the_database_is_away),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
