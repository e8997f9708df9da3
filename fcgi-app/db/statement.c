/*
 * statement.c: the prepared statements of a connection, found again by their text, the least
 * recently used given up first. Each keeps its parameters' buffers and the cells of its row, so
 * that running it again allocates nothing here. Tests: tests/unit/db_test.c
 */
#include "db/internal.h"
#include <stdio.h>
#include <stdlib.h>

static void *memory(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size);
	if (!p) {
		fputs("db: out of memory\n", stderr);
		abort();
	}
	return p;
}

/* Eight bytes at a time; texts are ours, so nobody makes them collide on purpose. */
static uint64_t hash_of(str text)
{
	const uint64_t k = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t h = text.n * k, eight;
	size_t i = 0;
	for (; text.n - i >= 8; i += 8) {
		memcpy(&eight, text.p + i, 8);
		h = (h ^ eight) * k;
		h ^= h >> 32;
	}
	eight = 0;
	memcpy(&eight, text.p + i, text.n - i);
	h = (h ^ eight) * k;
	return h ^ h >> 29;
}

static struct statement **bucket_of(struct db *db, uint64_t hash)
{
	return &db->buckets[hash & (STATEMENT_BUCKETS - 1)];
}

/* --- The order of use */

static void unlink_use(struct db *db, struct statement *s)
{
	*(s->newer ? &s->newer->older : &db->newest) = s->older;
	*(s->older ? &s->older->newer : &db->oldest) = s->newer;
}

static void link_newest(struct db *db, struct statement *s)
{
	s->newer = NULL;
	s->older = db->newest;
	*(db->newest ? &db->newest->newer : &db->oldest) = s;
	db->newest = s;
}

/* --- Leaving */

static void statement_free(struct statement *s)
{
	if (s->handle)
		mysql_stmt_close(s->handle);
	free(s->binds);
	free(s->slots);
	free(s->cells);
	free(s->first);
	free(s->sql);
	free(s);
}

void statement_drop(struct db *db, struct statement *s)
{
	struct statement **at = bucket_of(db, s->hash);
	while (*at != s)
		at = &(*at)->in_bucket;
	*at = s->in_bucket;
	unlink_use(db, s);
	db->n_statements--;
	statement_free(s);
}

void statements_drop_all(struct db *db)
{
	while (db->oldest)
		statement_drop(db, db->oldest);
}

/* --- Coming */

static void make_room(struct statement *s)
{
	s->n_params = (unsigned)mysql_stmt_param_count(s->handle);
	s->n_columns = mysql_stmt_field_count(s->handle);
	s->binds = memory(s->n_params, sizeof *s->binds);
	s->slots = memory(s->n_params, sizeof *s->slots);
	s->cells = memory(s->n_columns, sizeof *s->cells);
	s->first = memory(s->n_columns, sizeof *s->first);
}

static unsigned prepare(struct db *db, struct statement *s)
{
	s->handle = mysql_stmt_init(db->mysql);
	if (!s->handle)
		return failure_keep(db, mysql_errno(db->mysql), mysql_error(db->mysql));
	mysql_stmt_attr_set(s->handle, STMT_ATTR_CB_USER_DATA, s);
	mysql_stmt_attr_set(s->handle, STMT_ATTR_CB_RESULT, (const void *)wire_take_column);
	if (mysql_stmt_prepare(s->handle, s->sql, s->sql_length))
		return failure_keep(db, mysql_stmt_errno(s->handle), mysql_stmt_error(s->handle));
	make_room(s);
	return 0;
}

static struct statement *find(struct db *db, str sql, uint64_t hash)
{
	struct statement *s = *bucket_of(db, hash);
	while (
	    s && !(s->hash == hash && s->sql_length == sql.n && memcmp(s->sql, sql.p, sql.n) == 0))
		s = s->in_bucket;
	return s;
}

static void keep(struct db *db, struct statement *s)
{
	struct statement **bucket = bucket_of(db, s->hash);
	s->in_bucket = *bucket;
	*bucket = s;
	link_newest(db, s);
	if (++db->n_statements > STATEMENTS_MAX)
		statement_drop(db, db->oldest);
}

unsigned statement_get(struct db *db, str sql, struct statement **out)
{
	uint64_t hash = hash_of(sql);
	struct statement *s = find(db, sql, hash);
	if (s) {
		unlink_use(db, s);
		link_newest(db, s);
		*out = s;
		return 0;
	}
	s = memory(1, sizeof *s);
	s->hash = hash;
	s->sql = memory(sql.n + 1, 1);
	memcpy(s->sql, sql.p, sql.n);
	s->sql_length = sql.n;
	unsigned code = prepare(db, s);
	if (code) {
		statement_free(s);
		return code;
	}
	keep(db, s);
	*out = s;
	return 0;
}
