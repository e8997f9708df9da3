/* search_read.c: see search_plan.h. Tests: tests/http/search.test.mjs,
 * tests/unit/search_oracle_test.c */
#include <stdio.h>
#include <stdlib.h>

#include "core/search_plan.h"
#include "core/sql_run.h"

enum {
	REST = 300, /* rows that are read of each list of two words that has no order */
	FIRST = 64  /* at least of a beginning, by who need not pass over others */
};

/* That the caller sees the row: by the posting's copy of its owner and team, or by its parents. */
static void scope(struct finder *f, struct sql *sql)
{
	if (f->table->n_parents)
		access_where(f->call, sql, f->table, "t", f->level);
	else
		access_where_copy(f->call, sql, f->table, &search_postings_table, "p", f->level);
}

static void join_row(struct finder *f, struct sql *sql)
{
	sql_from(sql, " STRAIGHT_JOIN ", f->table, "t");
	sql_add(sql, " ON t.company_id = p.company_id AND t.id = p.row_id");
}

static void branch(struct finder *f, struct sql *sql, const struct term_list *s, size_t number)
{
	bool row = f->narrow || f->table->n_parents;
	sql_addf(sql, "SELECT p.row_id, p.place, %zu, ", number);
	sql_add(sql, f->scored ? "d.words" : s->typed && !s->longer ? "p.term = " : "FALSE");
	if (!f->scored && s->typed && !s->longer)
		sql_text(sql, s->term);
	sql_from(sql, " FROM ", &search_postings_table, "p");
	sql_noted(sql, "p");
	/* What is passed over by the row is not looked for in its document, which may be long. */
	bool row_first = row && (f->narrow || !f->sees_all);
	if (row_first)
		join_row(f, sql);
	if (f->documents) {
		sql_from(sql, " STRAIGHT_JOIN ", &search_documents_table, "d");
		sql_add(sql, " ON d.company_id = p.company_id AND d.object = p.object AND "
			     "d.row_id = p.row_id");
		sql_noted(sql, "d");
	}
	if (row && !row_first)
		join_row(f, sql);
	term_list_where(f->call, sql, f->table, s);
	scope(f, sql);
	if (row && !f->table->n_parents)
		sql_noted(sql, "t"); /* scope() said what of its rows matters */
	if (f->documents) {
		search_signatures(sql, f->query, f->driver);
		search_pieces(sql, f->query, f->driver);
	}
	if (f->narrow)
		f->narrow->add(sql, f->narrow->with);
	if (s->ordered)
		sql_add(sql, s->range ? " ORDER BY p.term, p.place, p.row_id DESC"
				      : " ORDER BY p.place, p.row_id DESC");
	sql_addf(sql, " LIMIT %zu", s->limit);
}

/* Of one word it is told by the rows themselves that a beginning has too many to be read so. */
static int row_list(const struct finder *f)
{
	return f->sees_all && !f->scored ? ONE_WORD + 1 : ROW_LIST;
}

/* Of many terms of one beginning that are as near not all need be read as far. */
static int best_of(
    const struct finder *f, const struct term_lists *lists, const struct term_list *one)
{
	size_t n = 0;
	for (size_t i = 0; i < lists->n; i++)
		n += lists->v[i].of_many && (f->scored || lists->v[i].tier == one->tier);
	int whole = search_rows_of_list(f), part = n > 16 ? HITS / 8 : n > 8 ? HITS / 4 : HITS;
	return one->of_many && part < whole ? part : whole;
}

/* How many rows of a list are read. */
static int limit_of(
    const struct finder *f, const struct term_lists *lists, const struct term_list *one)
{
	if (!one->ordered)
		return row_list(f);
	int best = best_of(f, lists, one);
	return one->range && f->sees_all && best < FIRST ? FIRST : best;
}

/* *ended: the row behind those of the lists came, so these are all. */
static error read_rows(struct finder *f, struct db_rows *rows, struct term_list *lists, size_t n,
    struct all_found *out, bool *ended)
{
	for (bool have;;) {
		TRY(db_next(rows, &have));
		if (!have)
			return OK;
		ARENA_GROW(f->call->arena, out->v, out->n, out->cap);
		struct found *one = &out->v[out->n];
		*one = (struct found) { 0 };
		db_into(rows, one);
		if (one->source == (int64_t)n) {
			*ended = true;
			continue;
		}
		out->n++;
		struct term_list *from = &lists[one->source];
		one->from = from;
		one->hit.tier = one->typed ? TIER_EXACT : from->tier;
		one->block = f->blocks + (f->scored && from->ordered ? from->taken / A_BLOCK : 0);
		from->cut = ++from->taken == from->limit;
		/* Who reads the first of a beginning asks whether there is more. */
		out->cut = out->cut || (from->cut && !(from->range && from->ordered));
	}
}

static void columns_of(const struct finder *f, const struct field *out[4])
{
	static const struct field fields[] = {
		{ .name = "row_id", .type = T_ID, .offset = offsetof(struct found, hit.id) },
		{ .name = "place", .type = T_INT, .offset = offsetof(struct found, hit.place) },
		{ .name = "source", .type = T_INT, .offset = offsetof(struct found, source) },
		{ .name = "words", .type = T_TEXT, .offset = offsetof(struct found, words) },
		{ .name = "typed", .type = T_BOOL, .offset = offsetof(struct found, typed) },
	};
	for (size_t i = 0; i < 3; i++)
		out[i] = &fields[i];
	out[3] = &fields[f->scored ? 3 : 4];
}

/* Those lists in one statement. Its last row says that it was not ended before: the server ends it
 * when it has looked at so many rows, whether they were fit or not; 0: however many. */
static error read_statement(struct finder *f, struct term_list *lists, size_t n, int examined,
    struct all_found *out, bool *ended)
{
	const struct field *columns[4];
	struct sql sql;
	struct db_rows *rows;
	columns_of(f, columns);
	sql_begin(&sql, f->call->arena);
	for (size_t i = 0; i < n; i++) {
		sql_add(&sql, i ? " UNION ALL (" : "(");
		branch(f, &sql, &lists[i], i);
		sql_add(&sql, ")");
	}
	if (examined)
		sql_addf(&sql, " UNION ALL (SELECT NULL, 0, %zu, %s) LIMIT ROWS EXAMINED %d", n,
		    f->scored ? "NULL" : "FALSE", examined);
	*ended = !examined;
	TRY(sql_query(f->call, &sql, columns, 4, &rows));
	return read_rows(f, rows, lists, n, out, ended);
}

error search_read_lists(struct finder *f, struct term_lists *lists, struct all_found *out)
{
	enum { STATEMENT = 16, EXAMINED = 100000 };
	/* Else each row of a list is one that is taken. */
	bool passes_over = f->documents || f->narrow || !f->sees_all;
	out->cut = out->cut || lists->cut;
	for (size_t i = 0; i < lists->n; i++)
		lists->v[i].limit = (size_t)limit_of(f, lists, &lists->v[i]);
	for (size_t at = 0, n; at < lists->n; at += n) {
		bool ended;
		n = lists->n - at < STATEMENT ? lists->n - at : STATEMENT;
		TRY(read_statement(f, &lists->v[at], n, passes_over ? EXAMINED : 0, out, &ended));
		out->cut = out->cut || !ended;
	}
	return OK;
}

error search_read_whole(
    struct finder *f, struct term_lists *lists, struct all_found *out, bool *whole)
{
	enum { EXAMINED = 4000 };
	for (size_t i = 0; i < lists->n; i++)
		lists->v[i].limit = ROW_LIST;
	TRY(read_statement(f, lists->v, lists->n, EXAMINED, out, whole));
	*whole = *whole && !out->cut;
	out->n = *whole ? out->n : 0;
	return OK;
}

/* ---- rows with many terms of one beginning ---- */

/* A row with the best of its places, and of how many postings. */
struct each {
	struct found one;
	int64_t postings;
};
static const struct field each_fields[] = {
	{ .name = "row_id", .type = T_ID, .offset = offsetof(struct each, one.hit.id) },
	{ .name = "place", .type = T_INT, .offset = offsetof(struct each, one.hit.place) },
	{ .name = "source", .type = T_INT, .offset = offsetof(struct each, one.source) },
	{ .name = "postings", .type = T_INT, .offset = offsetof(struct each, postings) },
};

/* 20,000 postings of as many rows take 40 ms at most. The server counts what it looks at in the
 * inner part and, once more, what that gives: who passes over very many may be told of none. */
error search_read_each(
    struct finder *f, struct term_lists *lists, struct all_found *out, bool *whole)
{
	enum { POSTINGS = 20000, EXAMINED = 100000 };
	const struct field *columns[] = { &each_fields[0], &each_fields[1], &each_fields[2],
		&each_fields[3] };
	struct sql sql;
	struct db_rows *rows;
	sql_begin(&sql, f->call->arena);
	for (size_t i = 0; i < lists->n; i++) {
		struct term_list *one = &lists->v[i];
		one->limit = POSTINGS;
		one->taken = 0;
		one->cut = false;
		sql_addf(&sql, "(SELECT z.row_id, MIN(z.place), %zu, COUNT(*) FROM (", i);
		branch(f, &sql, one, i);
		sql_addf(&sql, ") z GROUP BY z.row_id LIMIT %d) UNION ALL ", ROW_LIST);
	}
	/* It says that the statement was not ended before. */
	sql_addf(&sql, "(SELECT NULL, 0, %zu, 0) LIMIT ROWS EXAMINED %d", lists->n, EXAMINED);
	TRY(sql_query(f->call, &sql, columns, sizeof columns / sizeof *columns, &rows));
	*whole = false;
	for (size_t n = 0;;) {
		bool have;
		struct each each = { .postings = 0 };
		TRY(db_next(rows, &have));
		if (!have)
			break;
		db_into(rows, &each);
		if (each.one.source == (int64_t)lists->n) {
			*whole = true;
			continue;
		}
		struct term_list *from = &lists->v[each.one.source];
		n = from->taken ? n + 1 : 1; /* rows of this list */
		from->taken += (size_t)each.postings;
		from->cut = from->taken == POSTINGS || n == ROW_LIST;
		each.one.from = from;
		each.one.hit.tier = from->tier;
		each.one.block = f->blocks;
		ARENA_GROW(f->call->arena, out->v, out->n, out->cap);
		out->v[out->n++] = each.one;
	}
	for (size_t i = 0; i < lists->n; i++)
		*whole = *whole && !lists->v[i].cut;
	out->cut = out->cut || !*whole;
	return OK;
}

/* ---- two words in titles ---- */

error search_read_pair(
    struct finder *f, struct term_lists *lists, int ordered, struct pair_found *out)
{
	static const struct field fields[] = {
		{ .name = "row_id", .type = T_ID, .offset = offsetof(struct found, hit.id) },
		{ .name = "place", .type = T_INT, .offset = offsetof(struct found, hit.place) },
		{ .name = "source", .type = T_INT, .offset = offsetof(struct found, source) },
		{ .name = "signature", .type = T_INT, .offset = offsetof(struct found, signature) },
	};
	const struct field *columns[] = { &fields[0], &fields[1], &fields[2], &fields[3] };
	struct all_found *all = &out->rows;
	struct sql sql;
	struct db_rows *rows;
	char select[96];
	*out = (struct pair_found) { .all_exact = true, .all_rest = true };
	sql_begin(&sql, f->call->arena);
	for (size_t i = 0; i < lists->n; i++) {
		struct term_list *one = &lists->v[i];
		one->taken = 0;
		snprintf(select, sizeof select,
		    "%s(SELECT p.row_id, p.place, %zu, p.signature FROM ", i ? " UNION ALL " : "",
		    i);
		term_list_select(f->call, &sql, select, f->table, one);
		if (one->ordered) {
			search_signatures(&sql, f->query, f->query->n);
			sql_add(&sql, " ORDER BY p.place, p.row_id DESC");
		}
		sql_addf(&sql, " LIMIT %d)", one->ordered ? ordered : REST);
	}
	TRY(sql_query(f->call, &sql, columns, sizeof columns / sizeof *columns, &rows));
	for (bool have;;) {
		TRY(db_next(rows, &have));
		if (!have)
			return OK;
		ARENA_GROW(f->call->arena, all->v, all->n, all->cap);
		struct found *one = &all->v[all->n];
		db_into(rows, one);
		struct term_list *from = &lists->v[one->source];
		one->block = from->ordered ? from->taken / A_BLOCK : HITS;
		if (++from->taken == (size_t)(from->ordered ? ordered : REST))
			*(from->ordered ? &out->all_exact : &out->all_rest) = false;
		all->n += from->ordered || search_signature_fits(f->query, one->signature);
	}
}

static int by_id(const void *a, const void *b)
{
	return strcmp(
	    ((const struct found *)a)->hit.id.text, ((const struct found *)b)->hit.id.text);
}

error search_read_documents(struct finder *f, struct all_found *all)
{
	static const struct field fields[] = {
		{ .name = "row_id", .type = T_ID, .offset = offsetof(struct found, hit.id) },
		{ .name = "words", .type = T_TEXT, .offset = offsetof(struct found, words) },
	};
	const struct field *columns[] = { &fields[0], &fields[1] };
	struct all_found with = { 0 };
	struct sql sql;
	struct db_rows *rows;
	size_t n = 0;
	if (!all->n)
		return OK;
	const char **ids = ARENA_ARRAY(f->call->arena, all->n, const char *);
	for (size_t i = 0; i < all->n; i++)
		ids[i] = all->v[i].hit.id.text;
	sql_begin(&sql, f->call->arena);
	sql_from(&sql, "SELECT d.row_id, d.words FROM ", &search_documents_table, "d");
	sql_noted(&sql, "d"); /* a document changes with its row */
	sql_add(&sql, " WHERE d.company_id = ");
	sql_id(&sql, f->call->me.company.text);
	sql_add(&sql, " AND d.object = ");
	sql_int(&sql, f->table->searched);
	sql_add(&sql, " AND d.row_id IN ");
	sql_ids(&sql, ids, all->n);
	search_pieces(&sql, f->query, f->query->n);
	TRY(sql_query(f->call, &sql, columns, 2, &rows));
	for (bool have;;) {
		TRY(db_next(rows, &have));
		if (!have)
			break;
		ARENA_GROW(f->call->arena, with.v, with.n, with.cap);
		db_into(rows, &with.v[with.n++]);
	}
	if (with.n)
		qsort(with.v, with.n, sizeof *with.v, by_id);
	for (size_t i = 0; i < all->n; i++) {
		const struct found *document =
		    with.n ? bsearch(&all->v[i], with.v, with.n, sizeof *with.v, by_id) : NULL;
		if (!document)
			continue;
		all->v[n] = all->v[i];
		all->v[n++].words = document->words;
	}
	all->n = n;
	return OK;
}
