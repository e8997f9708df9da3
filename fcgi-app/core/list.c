/* list.c: from a list's parameters to one statement and a page of JSON; see list.h. Tests:
 * tests/http/lists.test.mjs. */
#include <stdio.h>

#include "core/list.h"

#include "core/cursor.h"
#include "core/decode.h"
#include "core/list_input.h"
#include "core/operation.h"
#include "core/shape.h"
#include "core/sql_run.h"

/* ---- conditions ---- */

/* LIKE with the wild cards of the text itself escaped. */
static void like(struct sql *sql, struct arena *a, str word)
{
	char *pattern = arena_alloc(a, word.n * 2 + 3);
	size_t n = 0;
	pattern[n++] = '%';
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] == '%' || word.p[i] == '_' || word.p[i] == '\\')
			pattern[n++] = '\\';
		pattern[n++] = word.p[i];
	}
	pattern[n++] = '%';
	sql_text(sql, (str) { pattern, n });
}

/* One word in one searched column. Of a document that repeats rows of another table, in what is
 * searched of those: the values, not the names and ids beside them. */
static void word_condition(
    struct sql *sql, struct arena *a, const struct field *f, str word, bool *any)
{
	const struct field_set *members = f->type == T_JSON ? f->item->of : NULL;
	for (uint32_t i = 0; i < (members ? members->n : 1); i++) {
		if (members && !(members->v[i].flags & F_SEARCHED))
			continue;
		sql_add(sql, *any ? " OR " : "");
		if (members)
			sql_addf(sql, "JSON_EXTRACT(t.`%s`, '$[*].%s') LIKE ", f->name,
			    members->v[i].name);
		else
			sql_addf(sql, "t.`%s` LIKE ", f->name);
		like(sql, a, word);
		*any = true;
	}
}

/* Every word of the text in one of the searched columns. */
static void text_condition(struct call *call, struct sql *sql, const struct table *table, str text)
{
	bool first = true;
	for (str word, rest = text; rest.n;) {
		if (!str_cut(rest, ' ', &word, &rest)) {
			word = rest;
			rest.n = 0;
		}
		if (!word.n)
			continue;
		sql_add(sql, first ? "(" : " AND (");
		first = false;
		bool any = false;
		for (uint32_t i = 0; i < table->columns.n; i++)
			if (table->columns.v[i].flags & F_SEARCHED)
				word_condition(sql, call->arena, &table->columns.v[i], word, &any);
		sql_add(sql, any ? ")" : "FALSE)");
	}
	if (first)
		sql_add(sql, "TRUE");
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

static void leaf(
    struct call *call, struct sql *sql, const struct table *table, const struct condition *c)
{
	switch (c->comparison) {
	case HAS_TEXT: text_condition(call, sql, table, *(const str *)c->values[0]); return;
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
	access_through(call, sql, via, "x", table, call->level);
	sql_add(sql, ")");
}

static void condition(
    struct call *call, struct sql *sql, const struct table *table, const struct condition *c)
{
	if (c->kind == CONDITION_LEAF) {
		leaf(call, sql, table, c);
		return;
	}
	if (c->kind == CONDITION_NOT) {
		/* NULL is "no": a row without an owner is not "owned by x". */
		sql_add(sql, "NOT COALESCE(");
		condition(call, sql, table, &c->children[0]);
		sql_add(sql, ", FALSE)");
		return;
	}
	sql_add(sql, "(");
	for (size_t i = 0; i < c->n; i++) {
		sql_add(sql, i == 0 ? "" : c->kind == CONDITION_AND ? " AND " : " OR ");
		condition(call, sql, table, &c->children[i]);
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

static void from_where(struct call *call, struct sql *sql, const struct table *table,
    const struct list_request *in, const struct shape *shape)
{
	sql_from(sql, " FROM ", table, "t");
	if (shape)
		shape_joins(call, sql, shape);
	sql_add(sql, " WHERE t.company_id = ");
	sql_id(sql, call->me.company.text);
	if (table->soft_delete)
		sql_add(sql,
		    in->deleted ? " AND t.deleted_at IS NOT NULL" : " AND t.deleted_at IS NULL");
	access_where(call, sql, table, "t", call->level);
	if (in->where.n || in->where.kind == CONDITION_LEAF) {
		sql_add(sql, " AND ");
		condition(call, sql, table, &in->where);
	}
}

static error count(
    struct call *call, const struct table *table, const struct list_request *in, struct json *out)
{
	enum { COUNTED = 10000 };
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "SELECT COUNT(*) FROM (SELECT 1");
	from_where(call, &sql, table, in, NULL);
	sql_addf(&sql, " LIMIT %d) counted", COUNTED + 1);
	static const struct field number = { .name = "count", .type = T_INT };
	const struct field *columns[] = { &number };
	int64_t total = 0;
	TRY(sql_one(call, &sql, columns, 1, &total));
	json_key(out, "total");
	if (total > COUNTED)
		json_text_value(out, "10000+");
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
		if (n + 1 == in->limit)
			cursor_keep(call, keys, rows, shape->n_columns, next);
	}
	next->has_more = true;
	db_close(rows);
	return OK;
}

error list_run(struct call *call, const struct table *table, const struct list_spec *spec,
    const struct list_request *in, struct json *out)
{
	struct shape shape;
	struct sort_keys keys;
	struct cursor cursor;
	TRY(shape_of(call, table, &shape));
	TRY(list_sort_keys(call, table, spec, in->sort, &keys));
	bool continued = in->cursor.n > 0;
	if (continued)
		TRY(cursor_read(call, &keys, in, &cursor));
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "SELECT ");
	shape_select(&sql, &shape);
	const struct field *columns[SHAPE_COLUMNS + SORT_KEYS];
	memcpy(columns, shape.columns, shape.n_columns * sizeof *columns);
	size_t n_columns = shape.n_columns;
	for (size_t k = 0; k < keys.n; k++) {
		sql_addf(&sql, ", t.`%s`", keys.v[k].column->name);
		columns[n_columns++] = keys.v[k].column;
	}
	from_where(call, &sql, table, in, &shape);
	if (continued)
		keyset(&sql, &keys, &cursor);
	order(&sql, &keys);
	sql_add(&sql, " LIMIT ");
	sql_int(&sql, in->limit + 1);
	struct db_rows *rows;
	struct cursor_text next = { 0 };
	TRY(sql_query(call, &sql, columns, n_columns, &rows));
	json_object(out);
	json_key(out, "data");
	json_array(out);
	TRY(write_rows(call, in, &shape, &keys, rows, out, &next));
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
		TRY(count(call, table, in, out));
	json_object_end(out);
	json_object_end(out);
	return OK;
}
