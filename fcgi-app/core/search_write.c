/* search_write.c: see search_write.h. Tests: tests/http/search.test.mjs,
 * tests/unit/search_test.c */
#include "core/search_write.h"

#include <stdlib.h>

#include "core/search_postings.h"
#include "core/sql_run.h"
#include "core/worker.h"

struct search_pending {
	struct search_pending *next; /* older */
	const struct table *table;
	bool created;
	uuid row;
	const struct search_document *now; /* NULL: the row is gone */
};

static const struct field document_columns[SEARCH_DOCUMENT_FIELDS] = {
	{ .name = "row_id", .type = T_ID, .offset = offsetof(struct search_document, row) },
	{ .name = "owner_id", .type = T_ID, .offset = offsetof(struct search_document, owner) },
	{ .name = "team_id", .type = T_ID, .offset = offsetof(struct search_document, team) },
	{ .name = "day", .type = T_INT, .offset = offsetof(struct search_document, day) },
	{ .name = "deleted", .type = T_BOOL, .offset = offsetof(struct search_document, deleted) },
	{ .name = "words", .type = T_TEXT, .offset = offsetof(struct search_document, words) },
};
const struct field *const search_document_fields[SEARCH_DOCUMENT_FIELDS] = { &document_columns[0],
	&document_columns[1], &document_columns[2], &document_columns[3], &document_columns[4],
	&document_columns[5] };

/* ---- what a mutation did ---- */

void search_note(
    struct call *call, const struct table *table, const void *before, const void *after)
{
	if (!search_has(table) || (before && after && !search_differs(table, before, after)))
		return;
	struct search_pending *p = ARENA_NEW(call->arena, struct search_pending);
	*p = (struct search_pending) { .next = call->search, .table = table, .created = !before };
	memcpy(p->row.text, (const char *)(after ? after : before) + table->id->offset,
	    sizeof p->row.text);
	if (after) {
		struct search_document *now = ARENA_NEW(call->arena, struct search_document);
		search_document_of(call->arena, table, after, now);
		p->now = now;
	}
	call->search = p;
}

/* ---- the difference ---- */

struct index_change {
	const struct table *table;
	const struct posting *posting;
	const struct search_document *document;
	int64_t signature;
};
struct changes_of_kind {
	struct index_change *v;
	size_t n, cap;
};
struct search_changes {
	struct arena *arena;
	char company[37];
	struct changes_of_kind gone, there; /* postings */
	struct changes_of_kind no_document, document;
	struct known_words *known;
	struct table_word *words; /* that rows have and had not */
	size_t n_words, cap_words;
};

struct search_changes *search_changes_new(
    struct arena *a, const char company[37], struct known_words *known)
{
	struct search_changes *all = ARENA_NEW(a, struct search_changes);
	all->arena = a;
	all->known = known;
	memcpy(all->company, company, sizeof all->company);
	return all;
}

static void push(struct search_changes *all, struct changes_of_kind *k, const struct table *table,
    const struct posting *posting, const struct search_document *document, int64_t signature)
{
	ARENA_GROW(all->arena, k->v, k->n, k->cap);
	k->v[k->n++] = (struct index_change) { table, posting, document, signature };
}

static void push_word(struct search_changes *all, const struct table *table, str term)
{
	ARENA_GROW(all->arena, all->words, all->n_words, all->cap_words);
	all->words[all->n_words++] = (struct table_word) { table, term };
}

static bool same_scope(const struct search_document *a, const struct search_document *b)
{
	return !strcmp(a->owner.text, b->owner.text) && !strcmp(a->team.text, b->team.text);
}

void search_changes_add(struct search_changes *all, const struct table *table,
    const struct search_document *old, const struct search_document *now)
{
	struct postings *was = ARENA_NEW(all->arena, struct postings),
			*is = ARENA_NEW(all->arena, struct postings);
	if (old)
		search_postings_of(all->arena, table, old, was);
	if (now)
		search_postings_of(all->arena, table, now, is);
	bool moved = old && now && !same_scope(old, now);
	bool rewrite = moved || was->signature != is->signature;
	for (size_t o = 0, n = 0; o < was->n || n < is->n;) {
		int c = o == was->n  ? 1
			: n == is->n ? -1
				     : str_order(was->v[o].term, is->v[n].term);
		bool kept = !c && was->v[o].place == is->v[n].place;
		if (c <= 0 && !kept)
			push(all, &all->gone, table, &was->v[o], old, 0);
		if (c >= 0 && (!kept || rewrite))
			push(all, &all->there, table, &is->v[n], now, is->signature);
		if (c > 0)
			push_word(all, table, search_bare(is->v[n].term));
		o += c <= 0;
		n += c >= 0;
	}
	if (!now && old)
		push(all, &all->no_document, table, NULL, old, 0);
	if (now && (!old || moved || old->day != now->day || old->deleted != now->deleted ||
		       !str_eq(old->words, now->words)))
		push(all, &all->document, table, NULL, now, 0);
}

/* ---- writing it ---- */

/* In the order of the index, so that it is written from one side to the other. */
static int in_order(const void *a, const void *b)
{
	const struct index_change *x = a, *y = b;
	if (x->table != y->table)
		return x->table->searched < y->table->searched ? -1 : 1;
	if (x->posting) {
		int c = str_order(x->posting->term, y->posting->term);
		if (c)
			return c;
		if (x->posting->place != y->posting->place)
			return x->posting->place < y->posting->place ? -1 : 1;
	}
	return strcmp(x->document->row.text, y->document->row.text);
}

/* What of a posting tells it from the company's others. */
static void posting_key(struct sql *sql, const struct index_change *c)
{
	sql_int(sql, c->table->searched);
	sql_add(sql, ", ");
	sql_text(sql, c->posting->term);
	sql_add(sql, ", ");
	sql_int(sql, c->posting->place);
	sql_add(sql, ", ");
	sql_id(sql, c->document->row.text);
}

static void gone_value(
    struct sql *sql, const struct search_changes *all, const struct index_change *c)
{
	(void)all;
	sql_add(sql, "(");
	posting_key(sql, c);
	sql_add(sql, ")");
}

static void there_value(
    struct sql *sql, const struct search_changes *all, const struct index_change *c)
{
	sql_add(sql, "(");
	sql_id(sql, all->company);
	sql_add(sql, ", ");
	posting_key(sql, c);
	sql_add(sql, ", ");
	sql_id(sql, c->document->owner.text);
	sql_add(sql, ", ");
	sql_id(sql, c->document->team.text);
	sql_add(sql, ", ");
	sql_int(sql, c->signature);
	sql_add(sql, ")");
}

static void no_document_value(
    struct sql *sql, const struct search_changes *all, const struct index_change *c)
{
	(void)all;
	sql_add(sql, "(");
	sql_int(sql, c->table->searched);
	sql_add(sql, ", ");
	sql_id(sql, c->document->row.text);
	sql_add(sql, ")");
}

static void document_value(
    struct sql *sql, const struct search_changes *all, const struct index_change *c)
{
	const struct search_document *d = c->document;
	sql_add(sql, "(");
	sql_id(sql, all->company);
	sql_add(sql, ", ");
	sql_int(sql, c->table->searched);
	sql_add(sql, ", ");
	sql_id(sql, d->row.text);
	sql_add(sql, ", ");
	sql_id(sql, d->owner.text);
	sql_add(sql, ", ");
	sql_id(sql, d->team.text);
	sql_add(sql, ", ");
	sql_int(sql, d->day);
	sql_add(sql, ", ");
	sql_int(sql, d->deleted);
	sql_add(sql, ", ");
	sql_text(sql, d->words);
	sql_add(sql, ")");
}

/* Sends all of one kind; the last statement is filled up with its last value, which changes
 * nothing. `key`: the columns by which rows are deleted, or NULL. As a list, for each of many
 * conditions joined by OR would be tried on each row. One document is written once: most mutations
 * write one. */
static error send(struct search_changes *all, struct db *db, struct changes_of_kind *k,
    const char *before, const char *key, const char *after,
    void (*value)(struct sql *, const struct search_changes *, const struct index_change *))
{
	struct arena *statement = arena_new(); /* of a long text there are very many */
	error e = OK;
	if (k->n)
		qsort(k->v, k->n, sizeof *k->v, in_order);
	for (size_t at = 0; at < k->n && e == OK;) {
		struct sql sql;
		size_t left = k->n - at, n = !key && left == 1 ? 1 : sql_list(left);
		arena_reset(statement);
		sql_begin(&sql, statement);
		sql_add(&sql, before);
		if (key) {
			sql_add(&sql, " WHERE company_id = ");
			sql_id(&sql, all->company);
			sql_addf(&sql, " AND (%s) IN (", key);
		}
		for (size_t i = 0; i < n; i++) {
			sql_add(&sql, i ? ", " : "");
			value(&sql, all, &k->v[at + i < k->n ? at + i : k->n - 1]);
		}
		sql_add(&sql, after);
		e = db_execute(db, sql_view(&sql), sql.params, sql.n_params, NULL);
		at += n;
	}
	arena_free(statement);
	return e;
}

error search_changes_write(struct search_changes *all, struct db *db)
{
	TRY(send(all, db, &all->gone, "DELETE FROM search_postings", "object, term, place, row_id",
	    ")", gone_value));
	TRY(send(all, db, &all->there,
	    "INSERT INTO search_postings (company_id, object, term, place, row_id, owner_id, "
	    "team_id, signature) VALUES ",
	    NULL,
	    " ON DUPLICATE KEY UPDATE owner_id = VALUES(owner_id), team_id = VALUES(team_id), "
	    "signature = VALUES(signature)",
	    there_value));
	TRY(search_words_new(all->arena, db, all->company, all->known, all->words, &all->n_words));
	TRY(search_words_write(all->arena, db, all->company, all->known, all->words, all->n_words));
	TRY(send(all, db, &all->no_document, "DELETE FROM search_documents", "object, row_id", ")",
	    no_document_value));
	return send(all, db, &all->document,
	    "INSERT INTO search_documents (company_id, object, row_id, owner_id, team_id, day, "
	    "deleted, words) VALUES ",
	    NULL,
	    " ON DUPLICATE KEY UPDATE owner_id = VALUES(owner_id), team_id = VALUES(team_id), "
	    "day = VALUES(day), deleted = VALUES(deleted), words = VALUES(words)",
	    document_value);
}

/* ---- a mutation's rows ---- */

struct row_state {
	const struct table *table;
	const struct search_pending *newest;
	bool fresh; /* made in this mutation: nothing of it is in the index */
	struct search_document *old;
};

struct pending_at {
	const struct search_pending *p;
	size_t age;
};

static int by_row(const void *a, const void *b)
{
	const struct pending_at *x = a, *y = b;
	if (x->p->table != y->p->table)
		return x->p->table->searched < y->p->table->searched ? -1 : 1;
	int c = strcmp(x->p->row.text, y->p->row.text);
	return c ? c : (x->age > y->age) - (x->age < y->age);
}

/* Each row once, sorted by table and id. */
static size_t rows_of(struct call *call, struct row_state **out)
{
	size_t n = 0, rows = 0;
	for (const struct search_pending *p = call->search; p; p = p->next)
		n++;
	struct pending_at *all = ARENA_ARRAY(call->arena, n + 1, struct pending_at);
	*out = ARENA_ARRAY(call->arena, n + 1, struct row_state);
	n = 0;
	for (const struct search_pending *p = call->search; p; p = p->next, n++)
		all[n] = (struct pending_at) { p, n };
	if (n)
		qsort(all, n, sizeof *all, by_row);
	for (size_t i = 0; i < n; i++) {
		struct row_state *last = rows ? &(*out)[rows - 1] : NULL;
		if (!last || last->table != all[i].p->table ||
		    strcmp(last->newest->row.text, all[i].p->row.text) != 0) {
			last = &(*out)[rows++];
			*last = (struct row_state) { all[i].p->table, all[i].p, false, NULL };
		}
		last->fresh = all[i].p->created; /* of the oldest, which comes last */
	}
	return rows;
}

/* What the index has of the rows that are not new, of one table. */
static error read_old(struct call *call, struct row_state *rows, size_t n)
{
	for (size_t at = 0; at < n;) {
		struct sql sql;
		struct db_rows *found;
		size_t taken = 0, from = at;
		const char *last = "";
		sql_begin(&sql, call->arena);
		sql_from(
		    &sql, "SELECT " SEARCH_DOCUMENT_COLUMNS " FROM ", &search_documents_table, "d");
		sql_add(&sql, " WHERE d.company_id = ");
		sql_id(&sql, call->me.company.text);
		sql_add(&sql, " AND d.object = ");
		sql_int(&sql, rows->table->searched);
		sql_add(&sql, " AND d.row_id IN (");
		for (; at < n && taken < SQL_LIST; at++) {
			if (rows[at].fresh)
				continue;
			last = rows[at].newest->row.text;
			sql_add(&sql, taken++ ? ", " : "");
			sql_id(&sql, last);
		}
		if (!taken)
			break;
		for (size_t all = sql_list(taken); taken < all; taken++) {
			sql_add(&sql, ", ");
			sql_id(&sql, last);
		}
		sql_add(&sql, ")");
		TRY(sql_query(call, &sql, search_document_fields, SEARCH_DOCUMENT_FIELDS, &found));
		for (bool have;;) {
			struct search_document d;
			TRY(db_next(found, &have));
			if (!have)
				break;
			db_into(found, &d);
			for (size_t i = from; i < at; i++)
				if (!strcmp(rows[i].newest->row.text, d.row.text)) {
					rows[i].old =
					    ARENA_NEW(call->arena, struct search_document);
					*rows[i].old = d;
				}
		}
	}
	return OK;
}

error search_flush(struct call *call)
{
	if (!call->search)
		return OK;
	struct row_state *rows;
	size_t n = rows_of(call, &rows);
	struct search_changes *all = search_changes_new(
	    call->arena, call->me.company.text, call->worker ? &call->worker->words : NULL);
	for (size_t from = 0, to; from < n; from = to) {
		for (to = from; to < n && rows[to].table == rows[from].table; to++) {
		}
		TRY(read_old(call, rows + from, to - from));
	}
	for (size_t i = 0; i < n; i++)
		search_changes_add(all, rows[i].table, rows[i].old, rows[i].newest->now);
	TRY(search_changes_write(all, call->db));
	call->search = NULL;
	return OK;
}
