/*
 * search_check.c: see search_check.h. First from the rows: each must have its document, and that
 * its postings. Then from the index: a posting that is of no document is one too many. Tests:
 * tests/http/search_check.test.mjs
 */
#include "core/search_check.h"

#include <stdio.h>

#include "core/search_write.h"
#include "core/sql.h"
#include "schema.h"

enum { ROWS = 100, POSTINGS = 1000 };

struct check {
	struct db *db;
	struct arena *arena; /* reset after each portion */
	bool mend;
	char company[37];
	struct known_words known;
	int64_t rows, documents, missing, extra, words; /* looked at, and what was wrong */
};

static error run(struct check *c, struct sql *sql, const struct field *const *columns, size_t n,
    struct db_rows **rows)
{
	return db_query(
	    c->db, c->arena, sql_view(sql), sql->params, sql->n_params, columns, n, rows);
}

static void of_company(struct check *c, struct sql *sql, const char *alias)
{
	sql_addf(sql, " WHERE %s.company_id = ", alias);
	sql_id(sql, c->company);
}

static void of_table(struct check *c, struct sql *sql, const char *alias, const struct table *t)
{
	of_company(c, sql, alias);
	sql_addf(sql, " AND %s.object = ", alias);
	sql_int(sql, t->searched);
}

/* ---- the rows of a table and their documents, some at a time ---- */

struct portion {
	char *rows; /* structs of the table, by id */
	size_t n;
	struct search_document *documents; /* from the first id to the last */
	size_t n_documents;
	struct table_word *words; /* of all rows */
	size_t n_words, cap_words;
};

static void columns_of(struct sql *sql, const struct table *t, const struct field **columns)
{
	for (uint32_t i = 0; i < t->columns.n; i++) {
		sql_add(sql, i ? ", " : "SELECT ");
		sql_columns(sql, "t", &t->columns.v[i]);
		columns[i] = &t->columns.v[i];
	}
	sql_from(sql, " FROM ", t, "t");
}

/* Locks them: what is compared stays so until it is written. */
static error read_portion(
    struct check *c, const struct table *t, const char *after, struct portion *p)
{
	const struct field **columns = ARENA_ARRAY(c->arena, t->columns.n, const struct field *);
	struct sql sql;
	struct db_rows *rows;
	p->rows = arena_array(c->arena, ROWS, t->columns.size);
	p->n = 0;
	sql_begin(&sql, c->arena);
	columns_of(&sql, t, columns);
	of_company(c, &sql, "t");
	sql_add(&sql, after[0] ? " AND t.id > " : "");
	if (after[0])
		sql_id(&sql, after);
	sql_addf(&sql, " ORDER BY t.id LIMIT %d FOR UPDATE", ROWS);
	TRY(run(c, &sql, columns, t->columns.n, &rows));
	for (bool have;;) {
		TRY(db_next(rows, &have));
		if (!have)
			return OK;
		db_into(rows, p->rows + p->n++ * t->columns.size);
	}
}

static const char *id_of(const struct table *t, const struct portion *p, size_t i)
{
	return p->rows + i * t->columns.size + t->id->offset;
}

/* Those after the last portion, up to its end; all that are left after the last row. */
static error read_documents(
    struct check *c, const struct table *t, const char *after, struct portion *p)
{
	struct sql sql;
	struct db_rows *rows;
	size_t cap = 0;
	p->documents = NULL;
	p->n_documents = 0;
	sql_begin(&sql, c->arena);
	sql_from(&sql, "SELECT " SEARCH_DOCUMENT_COLUMNS " FROM ", &search_documents_table, "d");
	of_table(c, &sql, "d", t);
	sql_add(&sql, after[0] ? " AND d.row_id > " : "");
	if (after[0])
		sql_id(&sql, after);
	if (p->n == ROWS) {
		sql_add(&sql, " AND d.row_id <= ");
		sql_id(&sql, id_of(t, p, p->n - 1));
	}
	TRY(run(c, &sql, search_document_fields, SEARCH_DOCUMENT_FIELDS, &rows));
	for (bool have;;) {
		TRY(db_next(rows, &have));
		if (!have)
			return OK;
		ARENA_GROW(c->arena, p->documents, p->n_documents, cap);
		db_into(rows, &p->documents[p->n_documents++]);
	}
}

static bool equal(const struct search_document *a, const struct search_document *b)
{
	return !strcmp(a->owner.text, b->owner.text) && !strcmp(a->team.text, b->team.text) &&
	       a->day == b->day && a->deleted == b->deleted && str_eq(a->words, b->words);
}

/* How many of the document's postings are there, with its owner and team. */
static error count_postings(struct check *c, const struct table *t, const struct search_document *d,
    const struct postings *all, int64_t *found)
{
	enum { AT_ONCE = 64 };
	static const struct field n = { .name = "n", .type = T_INT };
	const struct field *columns[] = { &n };
	*found = 0;
	for (size_t at = 0; at < all->n; at += AT_ONCE) {
		int64_t here = 0;
		struct sql sql;
		sql_begin(&sql, c->arena);
		sql_from(&sql, "SELECT COUNT(*) FROM ", &search_postings_table, "p");
		of_table(c, &sql, "p", t);
		sql_add(&sql, " AND p.owner_id <=> ");
		sql_id(&sql, d->owner.text);
		sql_add(&sql, " AND p.team_id <=> ");
		sql_id(&sql, d->team.text);
		sql_add(&sql, " AND (");
		/* The last statement is filled up with its last posting. */
		for (size_t i = at; i < at + AT_ONCE; i++) {
			const struct posting *one = &all->v[i < all->n ? i : all->n - 1];
			sql_add(&sql, i > at ? " OR (p.term = " : "(p.term = ");
			sql_text(&sql, one->term);
			sql_add(&sql, " AND p.place = ");
			sql_int(&sql, one->place);
			sql_add(&sql, " AND p.row_id = ");
			sql_id(&sql, d->row.text);
			sql_add(&sql, ")");
		}
		sql_add(&sql, ")");
		TRY(db_one(
		    c->db, c->arena, sql_view(&sql), sql.params, sql.n_params, columns, 1, &here));
		*found += here;
	}
	return OK;
}

static error compare_row(struct check *c, const struct table *t, const void *row, struct portion *p,
    struct search_changes *changes)
{
	struct search_document *now = ARENA_NEW(c->arena, struct search_document), *old = NULL;
	struct postings postings;
	int64_t found;
	search_document_of(c->arena, t, row, now);
	for (size_t i = 0; i < p->n_documents && !old; i++)
		if (!strcmp(p->documents[i].row.text, now->row.text))
			old = &p->documents[i];
	c->rows++;
	if (!old || !equal(old, now)) {
		c->documents++;
		search_changes_add(changes, t, old, now);
	}
	search_postings_of(c->arena, now, &postings);
	for (size_t i = 0; i < postings.n; i++) {
		ARENA_GROW(c->arena, p->words, p->n_words, p->cap_words);
		p->words[p->n_words++] = (struct table_word) { t, postings.v[i].term };
	}
	if (!old || !equal(old, now))
		return OK;
	TRY(count_postings(c, t, now, &postings, &found));
	if (found == (int64_t)postings.n)
		return OK;
	c->missing += (int64_t)postings.n - found;
	search_changes_add(changes, t, NULL, now);
	return OK;
}

/* Documents of rows that there are not. */
static void compare_documents(
    struct check *c, const struct table *t, struct portion *p, struct search_changes *changes)
{
	for (size_t i = 0; i < p->n_documents; i++) {
		size_t k = 0;
		while (k < p->n && strcmp(id_of(t, p, k), p->documents[i].row.text) != 0)
			k++;
		if (k < p->n)
			continue;
		c->documents++;
		search_changes_add(changes, t, &p->documents[i], NULL);
	}
}

static error compare_portion(
    struct check *c, const struct table *t, const char *after, struct portion *p)
{
	struct search_changes *changes = search_changes_new(c->arena, c->company, &c->known);
	TRY(read_portion(c, t, after, p));
	TRY(read_documents(c, t, after, p));
	for (size_t i = 0; i < p->n; i++)
		TRY(compare_row(c, t, p->rows + i * t->columns.size, p, changes));
	compare_documents(c, t, p, changes);
	TRY(search_words_new(c->arena, c->db, c->company, &c->known, p->words, &p->n_words));
	c->words += (int64_t)p->n_words;
	if (!c->mend)
		return OK;
	TRY(search_words_write(c->arena, c->db, c->company, &c->known, p->words, p->n_words));
	return search_changes_write(changes, c->db);
}

/* One transaction, again when another one was in its way. */
static error in_transaction(struct check *c, const struct table *t,
    error (*portion)(struct check *, const struct table *, void *), void *with)
{
	enum { TRIES = 10 };
	const struct check before = *c;
	error e = RETRY;
	for (int i = 0; e == RETRY && i < TRIES; i++) {
		*c = before;
		e = db_begin(c->db);
		if (e == OK)
			e = portion(c, t, with);
		if (e == OK)
			e = db_commit(c->db);
		if (e != OK)
			db_rollback(c->db);
	}
	return e;
}

struct rows_at {
	char after[37];
	size_t n;
};

static error rows_portion(struct check *c, const struct table *t, void *with)
{
	struct rows_at *at = with;
	struct portion p = { 0 };
	TRY(compare_portion(c, t, at->after, &p));
	at->n = p.n;
	if (p.n)
		memcpy(at->after, id_of(t, &p, p.n - 1), sizeof at->after);
	return OK;
}

static error check_rows(struct check *c, const struct table *t)
{
	struct rows_at at = { .n = ROWS };
	while (at.n == ROWS) {
		TRY(in_transaction(c, t, rows_portion, &at));
		arena_reset(c->arena);
	}
	return OK;
}

/* ---- postings that are of no document ---- */

struct indexed {
	str term;
	int64_t place;
	struct search_document document; /* its row id: of the posting */
	uuid owner, team;                /* of the posting */
};
static const struct field indexed_fields[] = {
	{ .name = "term", .type = T_TEXT, .offset = offsetof(struct indexed, term) },
	{ .name = "place", .type = T_INT, .offset = offsetof(struct indexed, place) },
	{ .name = "row_id", .type = T_ID, .offset = offsetof(struct indexed, document.row) },
	{ .name = "day", .type = T_INT, .offset = offsetof(struct indexed, document.day) },
	{ .name = "deleted", .type = T_BOOL, .offset = offsetof(struct indexed, document.deleted) },
	{ .name = "words", .type = T_TEXT, .offset = offsetof(struct indexed, document.words) },
};

static bool belongs(struct check *c, const struct indexed *x)
{
	struct postings all;
	if (str_none(x->document.words) || x->document.day == INT_NONE)
		return false;
	search_postings_of(c->arena, &x->document, &all);
	for (size_t i = 0; i < all.n; i++)
		if (str_eq(all.v[i].term, x->term))
			return all.v[i].place == x->place;
	return false;
}

static void keyset(struct sql *sql, const struct indexed *after)
{
	if (str_none(after->term))
		return;
	sql_add(sql, " AND p.term >= ");
	sql_text(sql, after->term);
	sql_add(sql, " AND (p.term > ");
	sql_text(sql, after->term);
	sql_add(sql, " OR p.place > ");
	sql_int(sql, after->place);
	sql_add(sql, " OR (p.place = ");
	sql_int(sql, after->place);
	sql_add(sql, " AND p.row_id > ");
	sql_id(sql, after->document.row.text);
	sql_add(sql, "))");
}

/* One statement, so a posting is seen with its document as both stand at one time. */
static error read_postings(struct check *c, const struct table *t, const struct indexed *after,
    struct indexed *out, size_t *n)
{
	const struct field *columns[sizeof indexed_fields / sizeof *indexed_fields];
	struct sql sql;
	struct db_rows *rows;
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		columns[i] = &indexed_fields[i];
	sql_begin(&sql, c->arena);
	sql_from(&sql, "SELECT p.term, p.place, p.row_id, d.day, d.deleted, d.words FROM ",
	    &search_postings_table, "p");
	sql_from(&sql, " LEFT JOIN ", &search_documents_table, "d");
	sql_add(&sql, " ON d.company_id = p.company_id AND d.object = p.object AND "
		      "d.row_id = p.row_id");
	of_table(c, &sql, "p", t);
	keyset(&sql, after);
	sql_addf(&sql, " ORDER BY p.term, p.place, p.row_id LIMIT %d", POSTINGS);
	TRY(run(c, &sql, columns, sizeof columns / sizeof *columns, &rows));
	for (bool have;;) {
		TRY(db_next(rows, &have));
		if (!have)
			return OK;
		db_into(rows, &out[(*n)++]);
	}
}

/* Looked at again under the row's lock: it may have come to be right. */
static error drop_posting(struct check *c, const struct table *t, void *with)
{
	const struct indexed *x = with;
	static const struct field id = { .name = "id", .type = T_ID, .offset = 0 };
	const struct field *columns[] = { &id };
	struct indexed again = *x;
	struct sql sql;
	uuid row;
	sql_begin(&sql, c->arena);
	sql_from(&sql, "SELECT t.id FROM ", t, "t");
	of_company(c, &sql, "t");
	sql_add(&sql, " AND t.id = ");
	sql_id(&sql, x->document.row.text);
	sql_add(&sql, " FOR UPDATE");
	error e =
	    db_one(c->db, c->arena, sql_view(&sql), sql.params, sql.n_params, columns, 1, &row);
	if (e != OK && e != NOT_FOUND)
		return e;
	again.document.words = (str) { NULL, 0 };
	sql_begin(&sql, c->arena);
	sql_from(&sql, "SELECT " SEARCH_DOCUMENT_COLUMNS " FROM ", &search_documents_table, "d");
	of_table(c, &sql, "d", t);
	sql_add(&sql, " AND d.row_id = ");
	sql_id(&sql, x->document.row.text);
	e = db_one(c->db, c->arena, sql_view(&sql), sql.params, sql.n_params,
	    search_document_fields, SEARCH_DOCUMENT_FIELDS, &again.document);
	if (e != OK && e != NOT_FOUND)
		return e;
	if (belongs(c, &again))
		return OK;
	sql_begin(&sql, c->arena);
	sql_add(&sql, "DELETE FROM search_postings WHERE company_id = ");
	sql_id(&sql, c->company);
	sql_add(&sql, " AND object = ");
	sql_int(&sql, t->searched);
	sql_add(&sql, " AND term = ");
	sql_text(&sql, x->term);
	sql_add(&sql, " AND place = ");
	sql_int(&sql, x->place);
	sql_add(&sql, " AND row_id = ");
	sql_id(&sql, x->document.row.text);
	return db_execute(c->db, sql_view(&sql), sql.params, sql.n_params, NULL);
}

static error check_postings(struct check *c, const struct table *t)
{
	struct arena *last_arena = arena_new();
	struct indexed after = { .term = { NULL, 0 } };
	size_t n = POSTINGS;
	error e = OK;
	while (e == OK && n == POSTINGS) {
		struct indexed *all = ARENA_ARRAY(c->arena, POSTINGS, struct indexed);
		n = 0;
		e = read_postings(c, t, &after, all, &n);
		for (size_t i = 0; e == OK && i < n; i++) {
			if (belongs(c, &all[i]))
				continue;
			c->extra++;
			if (c->mend)
				e = in_transaction(c, t, drop_posting, &all[i]);
		}
		if (e == OK && n) {
			arena_reset(last_arena);
			after = all[n - 1];
			after.term.p = arena_text(last_arena, after.term.p, after.term.n);
		}
		arena_reset(c->arena);
	}
	arena_free(last_arena);
	return e;
}

/* ---- all companies ---- */

static error check_company(struct check *c)
{
	for (size_t t = 0; all_tables[t]; t++) {
		if (!search_has(all_tables[t]))
			continue;
		TRY(check_rows(c, all_tables[t]));
		TRY(check_postings(c, all_tables[t]));
	}
	return OK;
}

static error companies(struct check *c, struct arena *a, uuid **ids, size_t *n)
{
	static const struct field id = { .name = "id", .type = T_ID, .offset = 0 };
	const struct field *columns[] = { &id };
	struct db_rows *rows;
	size_t cap = 0;
	*n = 0;
	*ids = NULL;
	TRY(db_query(
	    c->db, a, STR("SELECT id FROM companies ORDER BY id"), NULL, 0, columns, 1, &rows));
	for (bool have;;) {
		TRY(db_next(rows, &have));
		if (!have)
			return OK;
		ARENA_GROW(a, *ids, *n, cap);
		db_into(rows, &(*ids)[(*n)++]);
	}
}

static error check_all(struct check *c, struct arena *a)
{
	uuid *ids;
	size_t n;
	TRY(companies(c, a, &ids, &n));
	for (size_t i = 0; i < n; i++) {
		memcpy(c->company, ids[i].text, sizeof c->company);
		TRY(check_company(c));
	}
	return OK;
}

static int say(const struct check *c)
{
	int64_t wrong = c->documents + c->missing + c->extra + c->words;
	printf("%lld rows: %s", (long long)c->rows, wrong ? "" : "the index is right\n");
	if (wrong)
		printf("%lld documents were not as their rows, %lld postings missing, %lld too "
		       "many, %lld words that are not kept%s\n",
		    (long long)c->documents, (long long)c->missing, (long long)c->extra,
		    (long long)c->words,
		    c->mend ? "; mended" : "; to mend it: muster search rebuild");
	return wrong && !c->mend ? 1 : 0;
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
		struct check c = {
			.db = db_new(&options, DB_WRITE), .arena = arena_new(), .mend = mend
		};
		if (check_all(&c, a) == OK)
			status = say(&c);
		else
			fprintf(stderr, "muster search: %s\n", db_reason(c.db));
		db_free(c.db);
		arena_free(c.arena);
	}
	arena_free(a);
	return status;
}
