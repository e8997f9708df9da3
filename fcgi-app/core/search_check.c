/*
 * search_check.c: see search_check.h. The work is search_mend.h's. Tests:
 * tests/http/search_check.test.mjs
 */
#include "core/search_check.h"

#include <stdio.h>

#include "core/migrate.h"
#include "core/search_document.h"
#include "core/search_mend.h"
#include "core/search_strays.h"
#include "core/sql.h"
#include "schema.h"

/* ---- a table, portion by portion ---- */

struct at {
	char row[37];
	struct search_at posting;
	bool more;
};

static error rows_portion(struct search_mend *m, const struct table *t, struct at *at)
{
	return search_mend_rows(m, t, at->row, &at->more);
}

static error postings_portion(struct search_mend *m, const struct table *t, struct at *at)
{
	return search_mend_postings(m, t, &at->posting, &at->more);
}

/* One transaction, again when another one was in its way. */
static error in_transaction(struct search_mend *m, const struct table *t, struct at *at,
    error (*portion)(struct search_mend *, const struct table *, struct at *))
{
	enum { TRIES = 10 };
	const struct search_found before = m->found;
	const struct at began = *at;
	error e = RETRY;
	for (int i = 0; e == RETRY && i < TRIES; i++) {
		m->found = before;
		*at = began;
		e = db_begin(m->db);
		if (e == OK)
			e = portion(m, t, at);
		if (e == OK)
			e = db_commit(m->db);
		if (e != OK)
			db_rollback(m->db);
		arena_reset(m->arena);
	}
	return e;
}

static error all_of(struct search_mend *m, const struct table *t,
    error (*portion)(struct search_mend *, const struct table *, struct at *))
{
	struct at at = { .more = true };
	while (at.more)
		TRY(in_transaction(m, t, &at, portion));
	return OK;
}

static error check_table(struct search_mend *m, const struct table *t)
{
	const struct search_found before = m->found;
	TRY(all_of(m, t, rows_portion));
	TRY(all_of(m, t, postings_portion));
	const struct search_found once = m->found;
	if (once.postings - before.postings == once.right - before.right)
		return OK;
	m->each_posting = true;
	TRY(all_of(m, t, rows_portion));
	m->each_posting = false;
	const int64_t missing = m->found.missing;
	m->found = once;
	m->found.missing = missing;
	return OK;
}

/* ---- all companies ---- */

enum { TABLES = 64 };

static void has_any(struct sql *sql, const struct table *in, const struct table *of)
{
	sql_from(sql, "EXISTS (SELECT 1 FROM ", in, "x");
	sql_add(sql, " WHERE x.company_id = c.company_id");
	if (of) {
		sql_add(sql, " AND x.object = ");
		sql_int(sql, of->searched);
	}
	sql_add(sql, ")");
}

/* The tables of which the company has a row, or the index something: of many it has none. */
static error tables_of(struct search_mend *m, const struct table *tables[TABLES], size_t *n)
{
	struct field fields[TABLES];
	const struct field *columns[TABLES], **column = columns;
	int64_t any[TABLES];
	struct sql sql;
	size_t all = 0;
	sql_begin(&sql, m->arena);
	sql_add(&sql, "SELECT ");
	for (size_t t = 0; all_tables[t] && all < TABLES; t++) {
		if (!search_has(all_tables[t]))
			continue;
		fields[all] = (struct field) {
			.name = "any", .type = T_INT, .offset = (uint32_t)(all * sizeof *any)
		};
		*column++ = &fields[all];
		sql_add(&sql, all ? ", " : "");
		has_any(&sql, all_tables[t], NULL);
		sql_add(&sql, " OR ");
		has_any(&sql, &search_documents_table, all_tables[t]);
		sql_add(&sql, " OR ");
		has_any(&sql, &search_postings_table, all_tables[t]);
		tables[all++] = all_tables[t];
	}
	sql_add(&sql, " FROM companies c WHERE c.company_id = ");
	sql_id(&sql, m->company);
	TRY(db_one(m->db, m->arena, sql_view(&sql), sql.params, sql.n_params, columns, all, any));
	*n = 0;
	for (size_t i = 0; i < all; i++)
		if (any[i])
			tables[(*n)++] = tables[i];
	return OK;
}

static error check_company(struct search_mend *m)
{
	const struct table *tables[TABLES];
	size_t n;
	error e = tables_of(m, tables, &n);
	arena_reset(m->arena);
	for (size_t i = 0; e == OK && i < n; i++)
		e = check_table(m, tables[i]);
	return e == NOT_FOUND ? OK : e; /* the company is gone */
}

static error companies(struct search_mend *m, struct arena *a, uuid **ids, size_t *n)
{
	static const struct field id = { .name = "id", .type = T_ID, .offset = 0 };
	const struct field *columns[] = { &id };
	struct db_rows *rows;
	size_t cap = 0;
	*n = 0;
	*ids = NULL;
	TRY(db_query(
	    m->db, a, STR("SELECT id FROM companies ORDER BY id"), NULL, 0, columns, 1, &rows));
	for (bool have;;) {
		TRY(db_next(rows, &have));
		if (!have)
			return OK;
		ARENA_GROW(a, *ids, *n, cap);
		db_into(rows, &(*ids)[(*n)++]);
	}
}

static error check_all(struct search_mend *m, struct arena *a)
{
	uuid *ids;
	size_t n;
	TRY(companies(m, a, &ids, &n));
	for (size_t i = 0; i < n; i++) {
		memcpy(m->company, ids[i].text, sizeof m->company);
		TRY(check_company(m));
	}
	return search_strays(m);
}

static int say(const struct search_found *found, bool mend)
{
	int64_t wrong =
	    found->documents + found->missing + found->extra + found->words + found->strays;
	printf("%lld rows: %s", (long long)found->rows, wrong ? "" : "the index is right\n");
	if (wrong)
		printf("%lld documents were not as their rows, %lld postings missing, %lld too "
		       "many, %lld words that are not kept, %lld entries of companies or tables "
		       "that are not there%s\n",
		    (long long)found->documents, (long long)found->missing, (long long)found->extra,
		    (long long)found->words, (long long)found->strays,
		    mend ? "; mended" : "; to mend it: muster search rebuild");
	return wrong && !mend ? 1 : 0;
}

int search_main(const struct config *config, int argc, char **argv)
{
	char why[256];
	bool mend = argc == 2 && !strcmp(argv[1], "rebuild");
	if (!mend && !(argc == 2 && !strcmp(argv[1], "check"))) {
		fputs("usage: muster search check | rebuild\n", stderr);
		return 2;
	}
	struct arena *a = arena_new();
	struct db_options options;
	int status = 1;
	if (!db_options_parse(a, str_of(config->database_url), &options, why)) {
		fprintf(stderr, "muster search: %s\n", why);
	} else {
		struct known_words *known = ARENA_NEW(a, struct known_words);
		struct search_mend m = { .db = db_new(&options, DB_WRITE),
			.arena = arena_new(),
			.mend = mend,
			.known = known,
			.signatures = ARENA_NEW(a, struct known_signatures) };
		if (schema_check(m.db, why) != OK)
			fprintf(stderr, "muster search: %s\n", why);
		else if (check_all(&m, a) == OK)
			status = say(&m.found, mend);
		else
			fprintf(stderr, "muster search: %s\n", db_reason(m.db));
		db_free(m.db);
		arena_free(m.arena);
	}
	arena_free(a);
	return status;
}
