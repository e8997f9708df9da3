/*
 * migrate.c: making and mending the schema; see migrate.h. schema_info.hash is the hash of the
 * schema, or one of two words while it is under way: "creating" (nothing in it counts yet, so the
 * next run begins anew) and "migrating" (schema_info.number is the last step that was applied). A
 * lock of the server keeps a second run out. Tests: tests/unit/core_migrate_test.c
 */
#include "core/migrate.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "core/new_permissions.h"
#include "schema.h"

#define CREATING "creating"
#define MIGRATING "migrating"
#define LOCK_SECONDS "60"
#define UTF8 "CHARACTER SET utf8mb4 COLLATE utf8mb4_uca1400_ai_ci"

struct info {
	str hash;
	int64_t number;
};
static const struct field info_hash = {
	.name = "hash", .type = T_TEXT, .offset = offsetof(struct info, hash)
};
static const struct field info_number = {
	.name = "number", .type = T_INT, .offset = offsetof(struct info, number)
};

static const struct field a_number = { .name = "number", .type = T_INT, .offset = 0 };

static error number_of(struct db *db, struct arena *a, str sql, str text, int64_t *out)
{
	const struct field *const columns[] = { &a_number };
	struct db_param param = DB_PARAM_TEXT(&text);
	return db_one(db, a, sql, &param, str_none(text) ? 0 : 1, columns, 1, out);
}

static int64_t newest_step(void)
{
	int64_t newest = 0;
	for (const struct schema_migration *m = schema_migrations; m->number; m++)
		newest = m->number;
	return newest;
}

/* NOT_FOUND when schema_info is there and empty. */
static error info_read(struct db *db, struct arena *a, struct info *out)
{
	const struct field *const columns[] = { &info_hash, &info_number };
	return db_one(db, a, STR("SELECT hash, number FROM schema_info WHERE id = 1"), NULL, 0,
	    columns, 2, out);
}

static error info_write(struct db *db, const char *hash, int64_t number)
{
	str text = str_of(hash);
	instant now = clock_now();
	const struct db_param params[] = { DB_PARAM_TEXT(&text), DB_PARAM_INT(&number),
		DB_PARAM_INSTANT(&now) };
	return db_execute(db,
	    STR("REPLACE INTO schema_info (id, hash, number, changed_at) VALUES (1, ?, ?, ?)"),
	    params, 3, NULL);
}

error schema_check(struct db *db, char why[256])
{
	struct arena *a = arena_new();
	struct info info;
	int64_t tables = 0;
	why[0] = 0;
	error e = number_of(db, a,
	    STR("SELECT COUNT(*) FROM information_schema.tables "
		"WHERE table_schema = DATABASE() AND table_name = 'schema_info'"),
	    (str) { NULL, 0 }, &tables);
	if (e == OK && tables == 0)
		e = NOT_FOUND;
	if (e == OK)
		e = info_read(db, a, &info);
	if (e == NOT_FOUND)
		snprintf(why, 256, "the database has no schema of Muster's; run: muster migrate");
	else if (e != OK)
		snprintf(why, 256, "the database does not answer: %.200s", db_reason(db));
	else if (!str_is(info.hash, schema_hash))
		snprintf(why, 256,
		    "the database has the schema %.*s (step %lld), this program needs %s (step "
		    "%lld); run: "
		    "muster migrate",
		    (int)info.hash.n, info.hash.p, (long long)info.number, schema_hash,
		    (long long)newest_step());
	else
		e = permissions_check(db, why);
	arena_free(a);
	return why[0] ? UNAVAILABLE : OK;
}

/* --- muster migrate */

struct migration {
	struct arena *arena;
	struct db *db;
	const char *database;
};

static int say(const char *format, ...) PRINTF_LIKE(1, 2);
static int say(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	return 0;
}

static int refuse(const char *format, ...) PRINTF_LIKE(1, 2);
static int refuse(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fputs("muster migrate: ", stderr);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return 1;
}

static int failed(const struct migration *m, const char *what)
{
	return refuse("%s: %s", what, db_reason(m->db));
}

/* The database, as UTF-8 whatever the server's own habit is: columns take their collation from it.
 */
static int database_make(const struct db_options *options, struct arena *a)
{
	struct db_options anywhere = *options;
	int64_t there = 0;
	anywhere.database = NULL;
	struct migration m = { a, db_new(&anywhere, DB_WRITE), options->database };
	int status = 0;
	error e = number_of(m.db, a,
	    STR("SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = ?"),
	    str_of(m.database), &there);
	if (e != OK)
		status = failed(&m, "the server does not answer");
	else if (!there) {
		if (db_script(m.db, str_of(arena_printf(a,
					"CREATE DATABASE IF NOT EXISTS `%s` " UTF8, m.database))) !=
		    OK)
			status = failed(&m, "the database cannot be made");
		else
			say("Made the database %s.", m.database);
	}
	db_free(m.db);
	return status;
}

static error tables_drop(struct migration *m)
{
	static const struct field name = { .name = "name", .type = T_TEXT, .offset = 0 };
	const struct field *const columns[] = { &name };
	struct db_rows *rows;
	struct buf sql = { 0 };
	bool have;
	TRY(db_query(m->db, m->arena,
	    STR("SELECT table_name FROM information_schema.tables "
		"WHERE table_schema = DATABASE() AND table_name <> 'schema_info'"),
	    NULL, 0, columns, 1, &rows));
	error e;
	while ((e = db_next(rows, &have)) == OK && have) {
		str table = db_text(rows, 0);
		buf_printf(&sql, "DROP TABLE IF EXISTS `%.*s`;", (int)table.n, table.p);
	}
	if (e == OK && sql.n)
		e = db_script(m->db, buf_view(&sql));
	buf_free(&sql);
	return e;
}

static error create_all(struct migration *m)
{
	static const char info[] = "CREATE TABLE schema_info ";
	TRY(db_script(m->db, STR("SET SESSION foreign_key_checks = 0")));
	TRY(tables_drop(m));
	for (size_t i = 0; schema_statements[i]; i++)
		if (strncmp(schema_statements[i], info, sizeof info - 1) != 0)
			TRY(db_script(m->db, str_of(schema_statements[i])));
	TRY(db_script(m->db, STR("SET SESSION foreign_key_checks = 1")));
	return info_write(m->db, schema_hash, newest_step());
}

/* schema_info comes first: it says that what else is there was begun and is not finished. */
static error create_info(struct migration *m)
{
	static const char info[] = "CREATE TABLE schema_info ";
	for (size_t i = 0; schema_statements[i]; i++)
		if (!strncmp(schema_statements[i], info, sizeof info - 1))
			TRY(db_script(m->db, str_of(schema_statements[i])));
	return info_write(m->db, CREATING, 0);
}

static int create(struct migration *m, bool again)
{
	if (again)
		say("An earlier run did not finish; beginning anew.");
	else if (db_script(m->db, STR("ALTER DATABASE " UTF8)) != OK || create_info(m) != OK)
		return failed(m, "the schema cannot be made");
	if (create_all(m) != OK)
		return failed(m, "the schema cannot be made");
	return say("Made the schema %s (step %lld) in %s.", schema_hash, (long long)newest_step(),
	    m->database);
}

static int steps(struct migration *m, int64_t from)
{
	for (const struct schema_migration *step = schema_migrations; step->number; step++) {
		if (step->number <= from)
			continue;
		say("Step %u: %s", step->number, step->name);
		if (info_write(m->db, MIGRATING, step->number - 1) != OK ||
		    db_script(m->db, str_of(step->sql)) != OK ||
		    info_write(m->db, MIGRATING, step->number) != OK)
			return failed(m, "the step failed; mend the cause and run this again");
	}
	if (info_write(m->db, schema_hash, newest_step()) != OK)
		return failed(m, "the schema cannot be recorded");
	return say("The schema of %s is %s (step %lld).", m->database, schema_hash,
	    (long long)newest_step());
}

static int bring_up(struct migration *m)
{
	struct info info;
	int64_t tables = 0, known = 0, newest = newest_step();
	str none = { NULL, 0 };
	if (number_of(m->db, m->arena,
		STR("SELECT COUNT(*) FROM information_schema.tables "
		    "WHERE table_schema = DATABASE()"),
		none, &tables) != OK ||
	    number_of(m->db, m->arena,
		STR("SELECT COUNT(*) FROM information_schema.tables "
		    "WHERE table_schema = DATABASE() AND table_name = 'schema_info'"),
		none, &known) != OK)
		return failed(m, "the database does not answer");
	if (tables == 0)
		return create(m, false);
	if (!known)
		return refuse(
		    "the database %s has tables that are not Muster's; choose an empty one",
		    m->database);
	error e = info_read(m->db, m->arena, &info);
	if (e == NOT_FOUND && tables == 1) /* an earlier run ended between the table and its row */
		return info_write(m->db, CREATING, 0) == OK
			   ? create(m, true)
			   : failed(m, "the schema cannot be made");
	if (e == NOT_FOUND)
		return refuse(
		    "schema_info in %s is empty: nobody knows which schema this is", m->database);
	if (e != OK)
		return failed(m, "schema_info cannot be read");
	if (str_is(info.hash, CREATING))
		return create(m, true);
	if (str_is(info.hash, schema_hash))
		return say("Nothing to do: the schema of %s is %s (step %lld).", m->database,
		    schema_hash, (long long)info.number);
	if (info.number > newest)
		return refuse("the database %s is at step %lld, newer than this program, which "
			      "ends at %lld; run the newer "
			      "program",
		    m->database, (long long)info.number, (long long)newest);
	if (info.number == newest && !str_is(info.hash, MIGRATING))
		return refuse("the schema %.*s of %s is not one that this program knows, and no "
			      "step leads from there to %s",
		    (int)info.hash.n, info.hash.p, m->database, schema_hash);
	return steps(m, info.number);
}

static int with_lock(struct migration *m, const struct config *config)
{
	int64_t mine = 0;
	str name = str_of(arena_printf(m->arena, "muster-migrate:%.40s", m->database));
	if (number_of(m->db, m->arena, STR("SELECT GET_LOCK(?, " LOCK_SECONDS ")"), name, &mine) !=
	    OK)
		return failed(m, "the database does not answer");
	if (mine != 1)
		return refuse("another run holds the lock since " LOCK_SECONDS " seconds");
	/* A step may have to wait for the transactions of a busy program. */
	int status = db_script(m->db, STR("SET SESSION lock_wait_timeout = " LOCK_SECONDS)) == OK
			 ? bring_up(m)
			 : failed(m, "the database does not answer");
	if (status == 0 && !permissions_learn(config, m->db))
		status = failed(m, "new permissions could not be given; run this again");
	(void)!number_of(m->db, m->arena, STR("SELECT RELEASE_LOCK(?)"), name, &mine);
	return status;
}

int migrate_main(const struct config *config, int argc, char **argv)
{
	struct db_options options;
	char why[256];
	if (argc > 1) {
		fprintf(stderr, "muster migrate: takes no arguments, not \"%s\"\n", argv[1]);
		return 2;
	}
	struct arena *a = arena_new();
	int status;
	if (!db_options_parse(a, str_of(config->database_url), &options, why))
		status = refuse("MUSTER_DATABASE_URL: %s", why);
	else if (!options.database || !options.database[0] || strchr(options.database, '`'))
		status = refuse("MUSTER_DATABASE_URL does not name a database that can be made");
	else
		status = database_make(&options, a);
	if (status == 0) {
		struct migration m = { a, db_new(&options, DB_WRITE), options.database };
		status = with_lock(&m, config);
		arena_reset(a); /* its rows are the connection's */
		db_free(m.db);
	}
	arena_free(a);
	return status;
}
