/* list.c: from a list's parameters to one statement and a page of JSON; see list.h. Tests:
 * tests/http/lists.test.mjs. */
#include <stdio.h>

#include "core/list.h"

#include "base/digest.h"
#include "core/cursor.h"
#include "core/decode.h"
#include "core/list_input.h"
#include "core/list_named.h"
#include "core/operation.h"
#include "core/search_in_table.h"
#include "core/search_renew.h"
#include "core/search_typed.h"
#include "core/shape.h"
#include "core/sql_run.h"

/* ---- conditions ---- */

/* A list that is being made. Of q= it is known which rows it finds, unless those are too many. */
struct listing {
	struct call *call;
	const struct table *table;
	const struct list_request *in;
	const struct search_hits *hits; /* of in->search, or NULL */
	/* Of in->search, or NULL: the rows of others by which it finds. */
	const struct search_place *named;
	bool narrowing; /* what is written narrows down that search */
};

static void ids_of(struct sql *sql, const struct search_hit *hits, size_t n)
{
	/* Few different lengths: few different statements. */
	size_t padded = 1;
	while (padded < n)
		padded *= 2;
	for (size_t i = 0; i < padded; i++) {
		sql_add(sql, i ? ", " : "");
		sql_id(sql, hits[i < n ? i : n - 1].id.text);
	}
}

static void text_condition(const struct listing *l, struct sql *sql, const struct condition *c)
{
	bool looked = c == l->in->search, found = looked && l->hits && !l->hits->more;
	if (!c->search->n || (looked && l->narrowing)) {
		sql_add(sql, "TRUE");
	} else if (!found && c->named) {
		list_named_condition(l->call, sql, l->table,
		    looked && l->named ? l->named : c->named, l->in->deleted);
	} else if (!found) {
		search_condition(
		    sql, l->table, "t", looked && l->hits ? l->hits->query : c->search);
	} else if (!l->hits->n) {
		sql_add(sql, "FALSE");
	} else {
		sql_add(sql, "t.id IN (");
		ids_of(sql, l->hits->v, l->hits->n);
		sql_add(sql, ")");
	}
}

static void one_of(struct sql *sql, const struct condition *c, const char *alias)
{
	sql_addf(sql, "%s.`%s` IN (", alias, c->column->name);
	for (size_t i = 0; i < c->n_values; i++) {
		sql_add(sql, i ? ", " : "");
		sql_value(sql, c->column, c->values[i]);
	}
	sql_add(sql, ")");
}

static void leaf(const struct listing *l, struct sql *sql, const struct condition *c)
{
	struct call *call = l->call;
	switch (c->comparison) {
	case HAS_TEXT: text_condition(l, sql, c); return;
	case IS_NULL: sql_addf(sql, "t.`%s` IS NULL", c->column->name); return;
	case IS_SINCE:
	case IS_BEFORE:
		sql_addf(
		    sql, "t.`%s` %s ", c->column->name, c->comparison == IS_SINCE ? ">=" : "<");
		sql_value(sql, c->column, c->values[0]);
		return;
	case IS_ONE_OF: break;
	}
	if (c->column && c->column->type == T_SUBJECT) {
		const subject *s = c->values[0];
		sql_addf(
		    sql, "t.`%s` = ", subject_kind(c->column, str_of(s->object))->column->name);
		sql_id(sql, s->id.text);
		return;
	}
	if (!c->through) {
		one_of(sql, c, "t");
		return;
	}
	const struct table *via = c->through->via;
	sql_from(sql, "EXISTS (SELECT 1 FROM ", via, "x");
	sql_addf(sql, " WHERE x.company_id = t.company_id AND x.`%s` = t.id AND ",
	    c->through->back->name);
	one_of(sql, c, "x");
	sql_add(sql, via->soft_delete ? " AND x.deleted_at IS NULL" : "");
	/* What it is linked with must be there and be seen too, or the answer would tell of it. */
	const struct table *other = c->column->ref;
	enum level level = other ? access_view_level(call, other) : LEVEL_ALL;
	if (other && (level == LEVEL_NONE || other->owner || other->team || other->n_parents)) {
		sql_from(sql, " AND EXISTS (SELECT 1 FROM ", other, "y");
		sql_addf(sql, " WHERE y.company_id = x.company_id AND y.id = x.`%s`%s",
		    c->column->name, other->soft_delete ? " AND y.deleted_at IS NULL" : "");
		access_where(call, sql, other, "y", level);
		sql_add(sql, ")");
	}
	access_through(call, sql, via, "x", l->table, call->level);
	sql_add(sql, ")");
}

static void condition(const struct listing *l, struct sql *sql, const struct condition *c)
{
	if (c->kind == CONDITION_LEAF) {
		leaf(l, sql, c);
		return;
	}
	if (c->kind == CONDITION_NOT) {
		/* NULL is "no": a row without an owner is not "owned by x". */
		sql_add(sql, "NOT COALESCE(");
		condition(l, sql, &c->children[0]);
		sql_add(sql, ", FALSE)");
		return;
	}
	sql_add(sql, "(");
	for (size_t i = 0; i < c->n; i++) {
		sql_add(sql, i == 0 ? "" : c->kind == CONDITION_AND ? " AND " : " OR ");
		condition(l, sql, &c->children[i]);
	}
	sql_add(sql, c->n ? ")" : "TRUE)");
}

/* ---- order and where the last page ended ---- */

static bool nullable(const struct field *f) { return f->flags & F_NULLABLE; }

static void after(struct sql *sql, const struct sort_key *key, const struct cursor_value *last)
{
	const char *name = key->column->name;
	if (key->descending && last->none) {
		sql_add(sql, "FALSE");
	} else if (last->none) {
		sql_addf(sql, "t.`%s` IS NOT NULL", name);
	} else {
		sql_addf(sql, "(t.`%s` %s ", name, key->descending ? "<" : ">");
		sql_value(sql, key->column, last->value);
		if (key->descending && nullable(key->column))
			sql_addf(sql, " OR t.`%s` IS NULL", name);
		sql_add(sql, ")");
	}
}

/* The leading range `a <= ?` is what the server can use an index for; the row-value form is not
 * (5,728 index steps against 49). */
static void leading_range(
    struct sql *sql, const struct sort_key *key, const struct cursor_value *last)
{
	if (last->none || (key->descending && nullable(key->column)))
		return;
	sql_addf(sql, " AND t.`%s` %s ", key->column->name, key->descending ? "<=" : ">=");
	sql_value(sql, key->column, last->value);
}

static void keyset(struct sql *sql, const struct sort_keys *keys, const struct cursor *cursor)
{
	leading_range(sql, &keys->v[0], &cursor->values[0]);
	sql_add(sql, " AND (");
	for (size_t k = 0; k < keys->n; k++) {
		sql_add(sql, k ? " OR (" : "(");
		for (size_t i = 0; i < k; i++) {
			sql_addf(sql, "t.`%s` <=> ", keys->v[i].column->name);
			sql_value(sql, keys->v[i].column, cursor->values[i].value);
			sql_add(sql, " AND ");
		}
		after(sql, &keys->v[k], &cursor->values[k]);
		sql_add(sql, ")");
	}
	sql_add(sql, ")");
}

static void order(struct sql *sql, const struct sort_keys *keys)
{
	sql_add(sql, " ORDER BY ");
	for (size_t k = 0; k < keys->n; k++)
		sql_addf(sql, "%st.`%s`%s", k ? ", " : "", keys->v[k].column->name,
		    keys->v[k].descending ? " DESC" : "");
}

/* ---- running ---- */

static void where(const struct listing *l, struct sql *sql)
{
	const struct table *table = l->table;
	sql_add(sql, " WHERE t.company_id = ");
	sql_id(sql, l->call->me.company.text);
	if (table->soft_delete)
		sql_add(sql,
		    l->in->deleted ? " AND t.deleted_at IS NOT NULL" : " AND t.deleted_at IS NULL");
	access_where(l->call, sql, table, "t", l->call->level);
	if (l->in->where.n || l->in->where.kind == CONDITION_LEAF) {
		sql_add(sql, " AND ");
		condition(l, sql, &l->in->where);
	}
}

static void from_where(const struct listing *l, struct sql *sql, const struct shape *shape)
{
	sql_from(sql, " FROM ", l->table, "t");
	if (shape)
		shape_joins(l->call, sql, shape);
	where(l, sql);
}

/* Appends "(SELECT ...) f" of the ids of the list's rows, behind the cursor if there is one, that
 * name a row that the search finds; by each column no more than `most`; 0: all. */
static error named_ids(const struct listing *l, struct sql *sql, const struct sort_keys *keys,
    const struct cursor *cursor, int most)
{
	struct listing known = *l; /* that these fit is known */
	size_t n = 0;
	known.narrowing = true;
	sql_add(sql, "(");
	for (uint32_t i = 0; i < l->table->n_found; i++) {
		bool all_have;
		if (!list_named_may_have(&l->named[i]))
			continue;
		sql_add(sql, n++ ? " UNION (SELECT t.id" : "(SELECT t.id");
		TRY(list_named_from(l->call, sql, l->table, &l->named[i], &all_have));
		where(&known, sql);
		list_named_where(l->call, sql, &l->table->found[i], &l->named[i], all_have);
		if (cursor)
			keyset(sql, keys, cursor);
		if (most)
			sql_addf(sql, " LIMIT %d", most);
		sql_add(sql, ")");
	}
	sql_add(sql, ") f");
	return OK;
}

static error count(const struct listing *l, struct json *out)
{
	enum { COUNTED = 10000 };
	/* Of a search no more than it knows the best of. */
	int most = l->named ? HITS : COUNTED;
	json_key(out, "total");
	if (l->hits && l->hits->more && l->hits->n == HITS) {
		json_text_value(out, "200+");
		return OK;
	}
	struct sql sql;
	sql_begin(&sql, l->call->arena);
	sql_add(&sql, "SELECT COUNT(*) FROM (SELECT 1");
	if (l->named) {
		sql_add(&sql, " FROM ");
		TRY(named_ids(l, &sql, NULL, NULL, most + 1));
	} else {
		from_where(l, &sql, NULL);
	}
	sql_addf(&sql, " LIMIT %d) counted", most + 1);
	static const struct field number = { .name = "count", .type = T_INT };
	const struct field *columns[] = { &number };
	int64_t total = 0;
	TRY(sql_one(l->call, &sql, columns, 1, &total));
	if (total > most)
		json_text_value(out, arena_printf(l->call->arena, "%d+", most));
	else
		json_int(out, total);
	return OK;
}

static error write_rows(struct call *call, const struct list_request *in, const struct shape *shape,
    const struct sort_keys *keys, struct db_rows *rows, struct json *out, struct cursor_text *next)
{
	int64_t n = 0;
	for (bool have;; n++) {
		TRY(db_next(rows, &have));
		if (!have)
			return OK;
		if (n == in->limit)
			break;
		shape_row(shape, rows, out);
		if (n + 1 == in->limit && keys)
			cursor_keep(call, keys, rows, shape->n_columns, next);
	}
	next->has_more = true;
	db_close(rows);
	return OK;
}

static void select_shape(struct sql *sql, struct call *call, const struct shape *shape)
{
	sql_begin(sql, call->arena);
	sql_add(sql, "SELECT ");
	shape_select(sql, shape);
}

/* The ids of the page's rows, looked for in one of two ways: in the order of the sort, or by the
 * rows of a word. *all: false when the server ended it, having looked at `most` rows; 0: it may
 * look at all. */
static error look_for_page(const struct listing *l, const struct sort_keys *keys,
    const struct cursor *cursor, bool by_word, int most, struct search_hits *page, bool *all)
{
	static const struct field id = { .name = "id", .type = T_ID };
	const struct field *columns[] = { &id };
	struct listing plan = *l;
	struct db_rows *rows;
	struct sql sql;
	sql_begin(&sql, l->call->arena);
	sql_add(&sql, "(SELECT t.id FROM ");
	if (by_word && l->named)
		TRY(named_ids(l, &sql, keys, cursor, 0));
	else if (by_word)
		TRY(search_candidates(
		    l->call, &sql, l->table, l->call->level, l->hits->query, "f", &plan.narrowing));
	sql_add(&sql, by_word ? " STRAIGHT_JOIN " : "");
	sql_from(&sql, "", l->table, "t");
	plan.narrowing = plan.narrowing || (by_word && l->named);
	where(&plan, &sql);
	sql_add(&sql, !by_word ? "" : l->named ? " AND t.id = f.id" : " AND t.id = f.row_id");
	if (cursor)
		keyset(&sql, keys, cursor);
	order(&sql, keys);
	sql_add(&sql, " LIMIT ");
	sql_int(&sql, l->in->limit + 1);
	/* Its last row says that it was not ended before. */
	sql_add(&sql, ") UNION ALL (SELECT NULL)");
	if (most)
		sql_addf(&sql, " LIMIT ROWS EXAMINED %d", most);
	TRY(sql_query(l->call, &sql, columns, 1, &rows));
	page->n = 0;
	*all = false;
	for (bool have;;) {
		uuid one;
		TRY(db_next(rows, &have));
		if (!have)
			return OK;
		db_into(rows, &one);
		*all = !one.text[0];
		if (!*all)
			page->v[page->n++].id = one;
	}
}

/* The page's rows of a search that finds more than are known. Mostly they come soon when rows are
 * looked at in the order of the sort, but not those with a name that begins with T when the names
 * are the order; then all rows of a word are looked at and sorted. Of rows that are found by others
 * there are mostly few, so these are tried first. */
static error find_page(struct listing *l, const struct sort_keys *keys, const struct cursor *cursor)
{
	enum { IN_ORDER = 10000, NAMED = 20000 };
	struct search_hits *page = ARENA_NEW(l->call->arena, struct search_hits);
	bool all = false;
	*page = (struct search_hits) { .v = ARENA_ARRAY(l->call->arena, (size_t)l->in->limit + 2,
					   struct search_hit),
		.query = l->hits ? l->hits->query : NULL };
	if (l->named)
		TRY(look_for_page(l, keys, cursor, true, NAMED, page, &all));
	if (!all)
		TRY(look_for_page(l, keys, cursor, false, IN_ORDER, page, &all));
	if (!all)
		TRY(look_for_page(l, keys, cursor, true, 0, page, &all));
	l->hits = page;
	return OK;
}

/* In the order of a sort. */
static error page_sorted(const struct listing *l, const struct list_spec *spec,
    const struct shape *shape, struct json *out, struct cursor_text *next)
{
	struct sort_keys keys;
	struct cursor cursor;
	struct listing found = *l;
	bool continued = l->in->cursor.n > 0;
	TRY(list_sort_keys(l->call, l->table, spec, l->in->sort, &keys));
	if (continued)
		TRY(cursor_read(l->call, &keys, l->in, &cursor));
	if (l->named || (l->hits && l->hits->more))
		TRY(find_page(&found, &keys, continued ? &cursor : NULL));
	struct sql sql;
	select_shape(&sql, l->call, shape);
	const struct field *columns[SHAPE_COLUMNS + SORT_KEYS];
	memcpy(columns, shape->columns, shape->n_columns * sizeof *columns);
	size_t n_columns = shape->n_columns;
	for (size_t k = 0; k < keys.n; k++) {
		sql_addf(&sql, ", t.`%s`", keys.v[k].column->name);
		columns[n_columns++] = keys.v[k].column;
	}
	from_where(&found, &sql, shape);
	if (continued)
		keyset(&sql, &keys, &cursor);
	order(&sql, &keys);
	sql_add(&sql, " LIMIT ");
	sql_int(&sql, l->in->limit + 1);
	struct db_rows *rows;
	TRY(sql_query(l->call, &sql, columns, n_columns, &rows));
	return write_rows(l->call, l->in, shape, &keys, rows, out, next);
}

/* ---- in the order of how well they fit ----
 * First come the hits of the search, in its order; were they not all, or was there none among the
 * rows that it may look at, the others follow, the newest first. A cursor has the place among the
 * hits, the id of the last row and of the one behind it; among the others the place REST, the id of
 * the last row, and which rows were hits when these began: who deletes each page that is shown
 * makes hits of the others, which are still to be shown. */

enum { REST = -1 };
static const struct field place_field = { .name = "place", .type = T_INT };
static const struct field id_field = { .name = "id", .type = T_ID };
static const struct field next_field = { .name = "next", .type = T_TEXT };
static const struct sort_keys place_keys = {
	{ { &place_field, false }, { &id_field, false }, { &next_field, false } }, 3
};
#define NEWER_THAN_ALL "ffffffff-ffff-ffff-ffff-ffffffffffff"

static void next_place(
    struct call *call, int64_t place, const char *id, str behind, struct cursor_text *next)
{
	next->values = str_of(arena_printf(
	    call->arena, "[%lld,\"%s\",\"%.*s\"]", (long long)place, id, (int)behind.n, behind.p));
	next->has_more = true;
}

/* Where the page begins: after the row that ended the last one, wherever that stands by now, or at
 * the one that was to follow. When both have gone, a row before the place is gone at least. */
static size_t first_of(const struct search_hits *hits, const struct cursor *cursor)
{
	const char *id = ((const uuid *)cursor->values[1].value)->text;
	str behind = *(const str *)cursor->values[2].value;
	int64_t place = *(const int64_t *)cursor->values[0].value - 1;
	for (size_t i = 0; i < hits->n; i++)
		if (!strcmp(hits->v[i].id.text, id))
			return i + 1;
	for (size_t i = 0; i < hits->n; i++)
		if (str_is(behind, hits->v[i].id.text))
			return i;
	return place < 0 ? 0 : (size_t)place < hits->n ? (size_t)place : hits->n;
}

/* An id ends in 48 bits of chance, which tell it from the others and have room in a cursor 200
 * times over, as base64url. */
enum { END_BYTES = 6, END_DIGITS = 2 * END_BYTES };

static unsigned char half_byte(char digit)
{
	return (unsigned char)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

static str ends_of(struct arena *a, const struct search_hits *hits)
{
	size_t n = hits->n * END_BYTES;
	unsigned char *bytes = arena_alloc(a, n + 1);
	char *text = arena_alloc(a, n / 3 * 4 + 1);
	for (size_t i = 0; i < n; i++) {
		const char *end = hits->v[i / END_BYTES].id.text + sizeof(uuid) - 1 - END_DIGITS;
		const char *pair = end + i % END_BYTES * 2;
		bytes[i] = (unsigned char)(half_byte(pair[0]) << 4 | half_byte(pair[1]));
	}
	return (str) { text, base64url_encode(bytes, n, text) };
}

/* Appends " AND ..." for rows whose ids have none of these ends. */
static void none_of(struct sql *sql, str ends)
{
	enum { MOST = HITS * END_BYTES };
	unsigned char bytes[MOST];
	size_t n = 0, padded = 1;
	if (!base64url_decode(ends, bytes, sizeof bytes, &n))
		return; /* what a cursor has was sealed by the program itself */
	n /= END_BYTES;
	while (padded < n) /* few different statements, as in ids_of() */
		padded *= 2;
	for (size_t i = 0; n && i < padded; i++) {
		const unsigned char *b = bytes + (i < n ? i : n - 1) * END_BYTES;
		sql_addf(sql, i ? ", " : " AND RIGHT(t.id, %d) NOT IN (", END_DIGITS);
		sql_text(sql, str_of(arena_printf(sql->arena, "%02x%02x%02x%02x%02x%02x", b[0],
				  b[1], b[2], b[3], b[4], b[5])));
	}
	sql_add(sql, n ? ")" : "");
}

static error page_of_hits(const struct listing *l, const struct shape *shape, size_t first,
    struct json *out, struct cursor_text *next)
{
	const struct search_hits *hits = l->hits;
	const struct search_hit *page = hits->v + first;
	size_t n = hits->n - first < (size_t)l->in->limit ? hits->n - first : (size_t)l->in->limit;
	struct listing known = *l; /* that these fit is known */
	struct sql sql;
	struct db_rows *rows;
	struct cursor_text all = { 0 };
	known.narrowing = true;
	if (n) {
		select_shape(&sql, l->call, shape);
		from_where(&known, &sql, shape);
		sql_add(&sql, " AND t.id IN (");
		ids_of(&sql, page, n);
		sql_add(&sql, ") ORDER BY FIELD(t.id, ");
		ids_of(&sql, page, n);
		sql_add(&sql, ")");
		TRY(sql_query(l->call, &sql, shape->columns, shape->n_columns, &rows));
		TRY(write_rows(l->call, l->in, shape, NULL, rows, out, &all));
	}
	if (first + n < hits->n)
		next_place(l->call, (int64_t)(first + n), page[n - 1].id.text,
		    str_of(page[n].id.text), next);
	else if (hits->more)
		next_place(l->call, REST, NEWER_THAN_ALL, ends_of(l->call->arena, hits), next);
	return OK;
}

static error page_of_rest(const struct listing *l, const struct shape *shape, const char *after,
    str shown, struct json *out, struct cursor_text *next)
{
	const struct sort_keys keys = { { { l->table->id, true } }, 1 };
	const struct field *columns[SHAPE_COLUMNS + 1];
	struct cursor_text last = { 0 };
	struct db_rows *rows;
	struct sql sql;
	select_shape(&sql, l->call, shape);
	sql_add(&sql, ", t.id");
	memcpy(columns, shape->columns, shape->n_columns * sizeof *columns);
	columns[shape->n_columns] = l->table->id;
	from_where(l, &sql, shape);
	sql_add(&sql, " AND t.id < ");
	sql_id(&sql, after);
	none_of(&sql, shown);
	sql_add(&sql, " ORDER BY t.id DESC LIMIT ");
	sql_int(&sql, l->in->limit + 1);
	TRY(sql_query(l->call, &sql, columns, shape->n_columns + 1, &rows));
	TRY(write_rows(l->call, l->in, shape, &keys, rows, out, &last));
	/* ["<id>"] */
	if (last.has_more)
		next_place(l->call, REST,
		    arena_text(l->call->arena, last.values.p + 2, sizeof(uuid) - 1), shown, next);
	return OK;
}

static error page_by_relevance(
    const struct listing *l, const struct shape *shape, struct json *out, struct cursor_text *next)
{
	struct cursor cursor;
	if (!l->in->cursor.n)
		return l->hits->n || !l->hits->more
			   ? page_of_hits(l, shape, 0, out, next)
			   : page_of_rest(l, shape, NEWER_THAN_ALL, (str) { 0 }, out, next);
	TRY(cursor_read(l->call, &place_keys, l->in, &cursor));
	if (*(const int64_t *)cursor.values[0].value != REST)
		return page_of_hits(l, shape, first_of(l->hits, &cursor), out, next);
	return page_of_rest(l, shape, ((const uuid *)cursor.values[1].value)->text,
	    *(const str *)cursor.values[2].value, out, next);
}

/* ---- all of it ---- */

static void narrow(struct sql *sql, const void *with)
{
	const struct listing *l = with;
	sql_add(sql, " AND ");
	condition(l, sql, &l->in->where);
}

/* By rows that its rows name. */
static error find_named(struct listing *l)
{
	static const struct search_hits none = { 0 };
	struct search_place *places;
	bool any;
	TRY(list_named_find(l->call, l->table, l->in->search->named, &places, &any));
	l->named = any ? places : NULL;
	l->hits = any ? NULL : &none;
	return OK;
}

static error find_text(struct listing *l)
{
	if (l->in->search->named)
		return find_named(l);
	struct search_hits *hits = ARENA_NEW(l->call->arena, struct search_hits);
	struct listing narrowing = *l;
	narrowing.narrowing = true;
	const struct search_narrow by = { narrow, &narrowing };
	struct typed_hits typed = { .table = l->table, .level = l->call->level, .hits = hits };
	if (l->in->by_relevance)
		search_typed_words(
		    l->call->arena, l->table, *(const str *)l->in->search->values[0], &typed.words);
	/* Which of all hits are typed so decides what the first page shows. */
	bool others = l->in->where.n > 1, first_page = l->in->by_relevance && !typed.words.n &&
						       !l->in->cursor.n && !l->in->include_total;
	TRY(search_in_table(l->call, l->table, l->call->level, l->in->search->search,
	    others ? &by : NULL, first_page ? (size_t)l->in->limit + 1 : HITS, hits));
	TRY(search_tell_typed(l->call, &typed, 1));
	search_typed_first(hits);
	l->hits = hits;
	return OK;
}

error list_run(struct call *call, const struct table *table, const struct list_spec *spec,
    const struct list_request *in, struct json *out)
{
	struct shape shape;
	struct listing l = { .call = call, .table = table, .in = in };
	struct cursor_text next = { 0 };
	TRY(shape_of(call, table, &shape));
	if (in->search)
		TRY(find_text(&l));
	json_object(out);
	json_key(out, "data");
	json_array(out);
	if (in->by_relevance)
		TRY(page_by_relevance(&l, &shape, out, &next));
	else
		TRY(page_sorted(&l, spec, &shape, out, &next));
	json_array_end(out);
	json_key(out, "meta");
	json_object(out);
	json_key(out, "has_more");
	json_bool(out, next.has_more);
	json_key(out, "next_cursor");
	if (next.has_more)
		cursor_write(call, in, &next, out);
	else
		json_null(out);
	if (in->include_total)
		TRY(count(&l, out));
	int64_t indexed = in->search ? search_progress(call) : INT_NONE;
	if (indexed != INT_NONE) {
		json_key(out, "indexed");
		json_int(out, indexed);
	}
	json_object_end(out);
	json_object_end(out);
	return OK;
}
