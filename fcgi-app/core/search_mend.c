/*
 * search_mend.c: see search_mend.h. From the rows: each must have its document, and that its
 * postings. From the index: a posting that is of no document is one too many. Tests:
 * tests/http/search_check.test.mjs
 */
#include "core/search_mend.h"

#include <stdio.h>

#include "base/hash.h"
#include "core/search_postings.h"
#include "core/search_write.h"
#include "core/sql.h"

enum { ROWS = 100, POSTINGS = 1000 };

static error run(struct search_mend *c, struct sql *sql, const struct field *const *columns,
    size_t n, struct db_rows **rows)
{
	return db_query(
	    c->db, c->arena, sql_view(sql), sql->params, sql->n_params, columns, n, rows);
}

static void of_company(struct search_mend *c, struct sql *sql, const char *alias)
{
	sql_addf(sql, " WHERE %s.company_id = ", alias);
	sql_id(sql, c->company);
}

static void of_table(
    struct search_mend *c, struct sql *sql, const char *alias, const struct table *t)
{
	of_company(c, sql, alias);
	sql_addf(sql, " AND %s.object = ", alias);
	sql_int(sql, t->searched);
}

/* ---- the rows of a table and their documents, some at a time ---- */

struct expected {
	const struct search_document *document;
	struct postings postings;
	size_t found;
};

struct portion {
	char *rows; /* structs of the table, by id */
	size_t n;
	struct search_document *documents; /* from the first id to the last */
	size_t n_documents;
	struct table_word *words; /* of all rows */
	size_t n_words, cap_words;
	struct expected *expected; /* whose documents are as they should be: are their postings? */
	size_t n_expected, cap_expected;
};

/* Locks them: what is compared stays so until it is written. */
static error read_portion(
    struct search_mend *c, const struct table *t, const char *after, struct portion *p)
{
	struct sql sql;
	struct db_rows *rows;
	p->rows = arena_array(c->arena, ROWS, t->columns.size);
	p->n = 0;
	sql_begin(&sql, c->arena);
	const struct field **columns = sql_select(&sql, t);
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
    struct search_mend *c, const struct table *t, const char *after, struct portion *p)
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

/* ---- the postings of documents that are right ---- */

struct posting_there {
	uuid row, owner, team;
	int64_t signature;
};

static void there(struct portion *p, const struct posting_there *one)
{
	for (size_t i = 0; i < p->n_expected; i++) {
		const struct search_document *d = p->expected[i].document;
		if (strcmp(d->row.text, one->row.text) != 0)
			continue;
		p->expected[i].found += !strcmp(d->owner.text, one->owner.text) &&
					!strcmp(d->team.text, one->team.text) &&
					p->expected[i].postings.signature == one->signature;
		return;
	}
}

struct wanted_posting {
	const struct posting *posting;
	const char *row;
};

static error look_up(struct search_mend *c, const struct table *t, struct portion *p,
    const struct wanted_posting *wanted, size_t n, size_t size)
{
	static const struct field fields[] = {
		{ .name = "row_id", .type = T_ID, .offset = offsetof(struct posting_there, row) },
		{ .name = "owner_id",
		    .type = T_ID,
		    .offset = offsetof(struct posting_there, owner) },
		{ .name = "team_id", .type = T_ID, .offset = offsetof(struct posting_there, team) },
		{ .name = "signature",
		    .type = T_INT,
		    .offset = offsetof(struct posting_there, signature) },
	};
	const struct field *columns[] = { &fields[0], &fields[1], &fields[2], &fields[3] };
	struct sql sql;
	struct db_rows *rows;
	sql_begin(&sql, c->arena);
	sql_from(&sql, "SELECT p.row_id, p.owner_id, p.team_id, p.signature FROM ",
	    &search_postings_table, "p");
	of_company(c, &sql, "p");
	sql_add(&sql, " AND (p.object, p.term, p.place, p.row_id) IN (");
	for (size_t i = 0; i < size; i++) {
		const struct wanted_posting *w = &wanted[i < n ? i : n - 1];
		sql_add(&sql, i ? ", (" : "(");
		sql_int(&sql, t->searched);
		sql_add(&sql, ", ");
		sql_text(&sql, w->posting->term);
		sql_add(&sql, ", ");
		sql_int(&sql, w->posting->place);
		sql_add(&sql, ", ");
		sql_id(&sql, w->row);
		sql_add(&sql, ")");
	}
	sql_add(&sql, ")");
	TRY(run(c, &sql, columns, sizeof columns / sizeof *columns, &rows));
	for (bool have;;) {
		struct posting_there one;
		TRY(db_next(rows, &have));
		if (!have)
			return OK;
		db_into(rows, &one);
		there(p, &one);
	}
}

static error find_postings(struct search_mend *c, const struct table *t, struct portion *p)
{
	struct wanted_posting *all;
	size_t n = 0, at = 0;
	for (size_t i = 0; i < p->n_expected; i++)
		n += p->expected[i].postings.n;
	all = ARENA_ARRAY(c->arena, n + 1, struct wanted_posting);
	n = 0;
	for (size_t i = 0; i < p->n_expected; i++)
		for (size_t k = 0; k < p->expected[i].postings.n; k++)
			all[n++] = (struct wanted_posting) { &p->expected[i].postings.v[k],
				p->expected[i].document->row.text };
	while (at < n) {
		size_t size = sql_list(n - at), here = n - at < size ? n - at : size;
		TRY(look_up(c, t, p, all + at, here, size));
		at += here;
	}
	return OK;
}

static error compare_postings(
    struct search_mend *c, const struct table *t, struct portion *p, struct search_changes *changes)
{
	TRY(find_postings(c, t, p));
	for (size_t i = 0; i < p->n_expected; i++) {
		const struct expected *one = &p->expected[i];
		if (one->found == one->postings.n)
			continue;
		c->found.missing += (int64_t)(one->postings.n - one->found);
		search_changes_add(changes, t, NULL, one->document);
	}
	return OK;
}

/* ---- rows ---- */

static void compare_row(struct search_mend *c, const struct table *t, const void *row,
    struct portion *p, struct search_changes *changes)
{
	struct search_document *now = ARENA_NEW(c->arena, struct search_document), *old = NULL;
	struct postings postings;
	search_document_of(c->arena, t, row, now);
	for (size_t i = 0; i < p->n_documents && !old; i++)
		if (!strcmp(p->documents[i].row.text, now->row.text))
			old = &p->documents[i];
	c->found.rows++;
	search_postings_of(c->arena, t, now, &postings);
	c->found.postings += (int64_t)postings.n;
	for (size_t i = 0; i < postings.n; i++) {
		ARENA_GROW(c->arena, p->words, p->n_words, p->cap_words);
		p->words[p->n_words++] = (struct table_word) { t, search_bare(postings.v[i].term) };
	}
	if (old && equal(old, now)) {
		ARENA_GROW(c->arena, p->expected, p->n_expected, p->cap_expected);
		p->expected[p->n_expected++] = (struct expected) { now, postings, 0 };
		return;
	}
	c->found.documents++;
	search_changes_add(changes, t, old, now);
}

/* Held until the transaction ends, when it is there. */
static error lock_row(struct search_mend *c, const struct table *t, const char *id, bool *there)
{
	static const struct field field = { .name = "id", .type = T_ID, .offset = 0 };
	const struct field *columns[] = { &field };
	struct sql sql;
	uuid row;
	sql_begin(&sql, c->arena);
	sql_from(&sql, "SELECT t.id FROM ", t, "t");
	of_company(c, &sql, "t");
	sql_add(&sql, " AND t.id = ");
	sql_id(&sql, id);
	sql_add(&sql, " FOR UPDATE");
	error e =
	    db_one(c->db, c->arena, sql_view(&sql), sql.params, sql.n_params, columns, 1, &row);
	*there = e == OK;
	return e == NOT_FOUND ? OK : e;
}

/* Documents of rows that there are not, and that nobody has made since the rows were read. */
static error compare_documents(
    struct search_mend *c, const struct table *t, struct portion *p, struct search_changes *changes)
{
	for (size_t i = 0; i < p->n_documents; i++) {
		size_t k = 0;
		bool there;
		while (k < p->n && strcmp(id_of(t, p, k), p->documents[i].row.text) != 0)
			k++;
		if (k < p->n)
			continue;
		TRY(lock_row(c, t, p->documents[i].row.text, &there));
		if (there)
			continue;
		c->found.documents++;
		search_changes_add(changes, t, &p->documents[i], NULL);
	}
	return OK;
}

error search_mend_rows(struct search_mend *c, const struct table *t, char after[37], bool *more)
{
	struct search_changes *changes = search_changes_new(c->arena, c->company, c->known);
	struct portion p = { 0 };
	TRY(read_portion(c, t, after, &p));
	TRY(read_documents(c, t, after, &p));
	for (size_t i = 0; i < p.n; i++)
		compare_row(c, t, p.rows + i * t->columns.size, &p, changes);
	if (c->each_posting)
		TRY(compare_postings(c, t, &p, changes));
	TRY(compare_documents(c, t, &p, changes));
	TRY(search_words_new(c->arena, c->db, c->company, c->known, p.words, &p.n_words));
	c->found.words += (int64_t)p.n_words;
	if (c->mend) {
		TRY(search_words_write(c->arena, c->db, c->company, c->known, p.words, p.n_words));
		TRY(search_changes_write(changes, c->db));
	}
	*more = p.n == ROWS;
	if (p.n)
		memcpy(after, id_of(t, &p, p.n - 1), sizeof(uuid));
	return OK;
}

/* ---- postings that are of no document ---- */

struct indexed {
	str term;
	int64_t place;
	struct search_document document; /* its row id: of the posting */
	bool seen_alike;                 /* has the document's owner and team */
	int64_t signature;
};
static const struct field indexed_fields[] = {
	{ .name = "term", .type = T_TEXT, .offset = offsetof(struct indexed, term) },
	{ .name = "place", .type = T_INT, .offset = offsetof(struct indexed, place) },
	{ .name = "row_id", .type = T_ID, .offset = offsetof(struct indexed, document.row) },
	{ .name = "owner_id", .type = T_ID, .offset = offsetof(struct indexed, document.owner) },
	{ .name = "day", .type = T_INT, .offset = offsetof(struct indexed, document.day) },
	{ .name = "deleted", .type = T_BOOL, .offset = offsetof(struct indexed, document.deleted) },
	{ .name = "words", .type = T_TEXT, .offset = offsetof(struct indexed, document.words) },
	{ .name = "alike", .type = T_BOOL, .offset = offsetof(struct indexed, seen_alike) },
	{ .name = "signature", .type = T_INT, .offset = offsetof(struct indexed, signature) },
};

/* As the document's terms give it. */
static int64_t signature_of(
    struct search_mend *c, const struct table *t, const struct search_document *d)
{
	uint64_t hash = hash_add(HASH_BEGIN ^ t->searched, d->words);
	size_t place = (hash ^ hash >> 29) % (sizeof c->signatures->v / sizeof *c->signatures->v);
	if (c->signatures->v[place].hash != hash) {
		/* Given back at once: there are as many of these as a long text has words. */
		struct arena *own = arena_new();
		struct postings all;
		search_postings_of(own, t, d, &all);
		c->signatures->v[place].hash = hash;
		c->signatures->v[place].signature = all.signature;
		arena_free(own);
	}
	return c->signatures->v[place].signature;
}

/* *right: as it is written now, too; whoever looks each posting up has seen its signature. */
static bool belongs(
    struct search_mend *c, const struct table *t, const struct indexed *x, bool *right)
{
	const struct search_document *d = &x->document;
	*right = false;
	if (str_none(d->words) || d->day == INT_NONE || search_place_of(t, d, x->term) != x->place)
		return false;
	*right = x->seen_alike && (!c->signatures || signature_of(c, t, d) == x->signature);
	return true;
}

static void keyset(struct sql *sql, const struct search_at *after)
{
	str term = str_of(after->term);
	if (!term.n)
		return;
	sql_add(sql, " AND p.term >= ");
	sql_text(sql, term);
	sql_add(sql, " AND (p.term > ");
	sql_text(sql, term);
	sql_add(sql, " OR p.place > ");
	sql_int(sql, after->place);
	sql_add(sql, " OR (p.place = ");
	sql_int(sql, after->place);
	sql_add(sql, " AND p.row_id < ");
	sql_id(sql, after->row.text);
	sql_add(sql, "))");
}

/* One statement, so a posting is seen with its document as both stand at one time. */
static error read_postings(struct search_mend *c, const struct table *t,
    const struct search_at *after, struct indexed *out, size_t *n)
{
	const struct field *columns[sizeof indexed_fields / sizeof *indexed_fields];
	struct sql sql;
	struct db_rows *rows;
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		columns[i] = &indexed_fields[i];
	sql_begin(&sql, c->arena);
	sql_from(&sql,
	    "SELECT p.term, p.place, p.row_id, d.owner_id, d.day, d.deleted, d.words, "
	    "(p.owner_id <=> d.owner_id AND p.team_id <=> d.team_id), p.signature FROM ",
	    &search_postings_table, "p");
	sql_from(&sql, " LEFT JOIN ", &search_documents_table, "d");
	sql_add(&sql, " ON d.company_id = p.company_id AND d.object = p.object AND "
		      "d.row_id = p.row_id");
	of_table(c, &sql, "p", t);
	keyset(&sql, after);
	sql_addf(&sql, " ORDER BY p.term, p.place, p.row_id DESC LIMIT %d", POSTINGS);
	TRY(run(c, &sql, columns, sizeof columns / sizeof *columns, &rows));
	for (bool have;;) {
		TRY(db_next(rows, &have));
		if (!have)
			return OK;
		db_into(rows, &out[(*n)++]);
	}
}

/* Looked at again under the row's lock: it may have come to be right. */
static error drop_posting(struct search_mend *c, const struct table *t, const struct indexed *x)
{
	struct indexed again = *x;
	struct sql sql;
	bool there, right;
	TRY(lock_row(c, t, x->document.row.text, &there));
	again.document.words = (str) { NULL, 0 };
	sql_begin(&sql, c->arena);
	sql_from(&sql, "SELECT " SEARCH_DOCUMENT_COLUMNS " FROM ", &search_documents_table, "d");
	of_table(c, &sql, "d", t);
	sql_add(&sql, " AND d.row_id = ");
	sql_id(&sql, x->document.row.text);
	error e = db_one(c->db, c->arena, sql_view(&sql), sql.params, sql.n_params,
	    search_document_fields, SEARCH_DOCUMENT_FIELDS, &again.document);
	if (e != OK && e != NOT_FOUND)
		return e;
	if (belongs(c, t, &again, &right))
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

error search_mend_postings(
    struct search_mend *c, const struct table *t, struct search_at *after, bool *more)
{
	struct indexed *all = ARENA_ARRAY(c->arena, POSTINGS, struct indexed);
	size_t n = 0;
	TRY(read_postings(c, t, after, all, &n));
	for (size_t i = 0; i < n; i++) {
		bool right;
		if (belongs(c, t, &all[i], &right)) {
			c->found.right += right;
			continue;
		}
		c->found.extra++;
		if (c->mend)
			TRY(drop_posting(c, t, &all[i]));
	}
	*more = n == POSTINGS;
	if (n) {
		const struct indexed *last = &all[n - 1];
		snprintf(after->term, sizeof after->term, "%.*s", (int)last->term.n, last->term.p);
		after->place = last->place;
		after->row = last->document.row;
	}
	return OK;
}
