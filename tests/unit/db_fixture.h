/*
 * db_fixture.h: what the tests of db/ have in common: a fresh pair of connections to a database of
 * the test's own on the server that tests/unit/with_mariadb starts, short ways to run a statement,
 * the log caught, a connection killed. Without a server a test that calls needs_database() is
 * skipped.
 */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "db/db.h"
#include "own_database.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct arena *a;
static struct db *reader, *writer;
static struct db_options options;
static struct buf text; /* of the last json_of() or log */

static inline bool make_database(void)
{
	struct db_options server = options;
	server.database = NULL;
	struct db *db = db_new(&server, DB_WRITE);
	error e = db_script(
	    db, str_of(arena_printf(a, "CREATE DATABASE IF NOT EXISTS `%s`", options.database)));
	db_free(db);
	return e == OK;
}

static inline int setup(void **state)
{
	(void)state;
	char why[256];
	a = arena_new();
	const char *url = own_database(a);
	if (!url)
		return 0;
	if (!db_options_parse(a, str_of(url), &options, why)) {
		print_error("MUSTER_TEST_DATABASE_URL: %s\n", why);
		return -1;
	}
	if (!make_database())
		return -1;
	reader = db_new(&options, DB_READ);
	writer = db_new(&options, DB_WRITE);
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	db_free(reader);
	db_free(writer);
	reader = writer = NULL;
	arena_free(a);
	buf_free(&text);
	return 0;
}

static inline void needs_database(void)
{
	if (!writer)
		skip();
}

/* --- Small help */

#define RUN(db, sql) assert_int_equal(db_execute((db), STR(sql), NULL, 0, NULL), OK)
#define SCRIPT(sql) assert_int_equal(db_script(writer, STR(sql)), OK)
#define PARAMS(...) \
	(const struct db_param[]) { __VA_ARGS__ }, \
	    sizeof((const struct db_param[]) { __VA_ARGS__ }) / sizeof(struct db_param)

static const struct field int_field = { .name = "n", .type = T_INT };
static const struct field text_field = { .name = "t", .type = T_TEXT };
static const struct field *const int_column[] = { &int_field };
static const struct field *const text_column[] = { &text_field };

static inline error read_int(struct db *db, const char *sql, int64_t *out)
{
	return db_one(db, a, str_of(sql), NULL, 0, int_column, 1, out);
}

static inline int64_t int_of(struct db *db, const char *sql)
{
	int64_t n = -1;
	assert_int_equal(read_int(db, sql, &n), OK);
	return n;
}

static inline str text_of(struct db *db, const char *sql)
{
	str s = { 0 };
	assert_int_equal(db_one(db, a, str_of(sql), NULL, 0, text_column, 1, &s), OK);
	return s;
}

static inline struct db_rows *query(
    struct db *db, const char *sql, const struct field *const *columns, size_t n)
{
	struct db_rows *rows;
	bool have;
	assert_int_equal(db_query(db, a, str_of(sql), NULL, 0, columns, n, &rows), OK);
	assert_int_equal(db_next(rows, &have), OK);
	assert_true(have);
	return rows;
}

/* The first row of the statement as a JSON array. */
static inline const char *json_of(
    struct db *db, const char *sql, const struct field *const *columns, size_t n)
{
	struct db_rows *rows = query(db, sql, columns, n);
	struct json j;
	buf_clear(&text);
	json_begin(&j, &text);
	json_array(&j);
	for (size_t i = 0; i < n; i++)
		db_json(rows, i, &j);
	json_array_end(&j);
	buf_char(&text, 0);
	db_close(rows);
	return text.p;
}

/* Standard error, where the log goes, into a file of memory while something is run. */
static int kept_stderr, log_file;

static inline void log_catch(void)
{
	log_file = memfd_create("log", 0);
	kept_stderr = dup(STDERR_FILENO);
	dup2(log_file, STDERR_FILENO);
}

static inline const char *log_caught(void)
{
	dup2(kept_stderr, STDERR_FILENO);
	close(kept_stderr);
	buf_clear(&text);
	buf_reserve(&text, 65536);
	ssize_t n = pread(log_file, text.p, 65535, 0);
	text.n = n > 0 ? (size_t)n : 0;
	text.p[text.n] = 0;
	close(log_file);
	return text.p;
}

/* Runs `call`, keeps its log line, and says which kind of failure it was. */
#define KIND(call) \
	({ \
		log_catch(); \
		error kind_ = (call); \
		log_caught(); \
		kind_; \
	})

static inline void kill_connection_of(struct db *victim)
{
	struct db *killer = db_new(&options, DB_WRITE);
	int64_t id = int_of(victim, "SELECT CONNECTION_ID()"), left = 1;
	char sql[64];
	snprintf(sql, sizeof sql, "KILL %lld", (long long)id);
	assert_int_equal(db_script(killer, str_of(sql)), OK);
	while (left) {
		assert_int_equal(
		    db_one(killer, a,
			STR("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = ?"),
			PARAMS(DB_PARAM_INT(&id)), int_column, 1, &left),
		    OK);
	}
	db_free(killer);
}

static inline void say_what_is_skipped(void)
{
	if (!getenv("MUSTER_TEST_DATABASE_URL"))
		print_message(
		    "MUSTER_TEST_DATABASE_URL is not set: tests that need a server are skipped; "
		    "run them with tests/unit/with_mariadb\n");
}
