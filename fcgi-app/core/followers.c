/* followers.c: see followers.h. */
#include "core/followers.h"

#include "core/changes.h"
#include "core/row.h"
#include "core/sql_run.h"

enum { A_STATEMENT = 500 };

/* Rows of `table` that have one of these in `column`. */
struct following {
	struct call *call;
	const struct table *table;
	const struct field *column;
	const char *const *ids;
	size_t n;
	enum row_change_kind kind;
	instant was; /* of those that come: when they went */
};

static const struct field *subject_of(const struct table *table)
{
	for (uint32_t i = 0; i < table->columns.n; i++)
		if (table->columns.v[i].type == T_SUBJECT)
			return &table->columns.v[i];
	return NULL;
}

static void *value_at(void *row, const struct field *f) { return (char *)row + f->offset; }

static error read_some(const struct following *w, void **all, size_t *n)
{
	struct call *call = w->call;
	const struct table *table = w->table;
	struct sql sql;
	sql_begin(&sql, call->arena);
	const struct field **columns = sql_select(&sql, table);
	sql_add(&sql, " WHERE t.company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_addf(&sql, " AND t.`%s` IN ", w->column->name);
	sql_ids(&sql, w->ids, w->n);
	if (w->kind == ROW_DELETED) {
		sql_add(&sql, " AND t.deleted_at IS NULL");
	} else {
		sql_add(&sql, " AND t.deleted_at = ");
		sql_value(&sql, table->deleted_at, &w->was);
	}
	sql_addf(&sql, " LIMIT %d FOR UPDATE", A_STATEMENT);
	return rows_read(call, table, &sql, columns, table->columns.n, all, n);
}

static error write_some(const struct following *w, char *all, size_t n)
{
	struct call *call = w->call;
	const struct table *table = w->table;
	const instant moment = w->kind == ROW_DELETED ? call->now : INSTANT_NONE;
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_addf(&sql, "UPDATE %s SET deleted_at = ", table->name);
	sql_value(&sql, table->deleted_at, &moment);
	sql_add(&sql, ", updated_at = ");
	sql_value(&sql, table->updated_at, &call->now);
	rows_where(call, &sql, rows_ids(call, table, all, n), n);
	for (size_t i = 0; i < n; i++) {
		char *before = all + i * table->columns.size,
		     *after = arena_alloc(call->arena, table->columns.size);
		memcpy(after, before, table->columns.size);
		*(instant *)value_at(after, table->deleted_at) = moment;
		*(instant *)value_at(after, table->updated_at) = call->now;
		changes_record(call, table, w->kind, before, after, STR("[]"));
	}
	return sql_execute(call, &sql, NULL);
}

static error follow(const struct following *w)
{
	void *rows;
	size_t n = A_STATEMENT;
	while (n == A_STATEMENT) {
		TRY(read_some(w, &rows, &n));
		if (n)
			TRY(write_some(w, rows, n));
	}
	return OK;
}

/* As `all` has it, but for the table and its column. */
static error follow_in(struct following all, const struct table *table, const struct field *column)
{
	all.table = table;
	all.column = column;
	return follow(&all);
}

static error follow_all(const struct following *all, const struct table *of)
{
	for (size_t i = 0; all_tables[i]; i++) {
		const struct table *table = all_tables[i];
		const struct field *about = subject_of(table);
		if (!table->soft_delete)
			continue;
		for (uint32_t k = 0; about && k < about->n_kinds; k++)
			if (about->kinds[k].column->ref == of)
				TRY(follow_in(*all, table, about->kinds[k].column));
		for (uint32_t k = 0; k < table->n_parents; k++)
			if (table->parents[k].table == of && table->parents[k].column != about)
				TRY(follow_in(*all, table, table->parents[k].column));
	}
	return OK;
}

error followers_delete(
    struct call *call, const struct table *table, const char *const *ids, size_t n)
{
	return follow_all(
	    &(struct following) { .call = call, .ids = ids, .n = n, .kind = ROW_DELETED }, table);
}

error followers_restore(
    struct call *call, const struct table *table, const char id[37], instant deleted_at)
{
	return follow_all(
	    &(struct following) {
		.call = call, .ids = &id, .n = 1, .kind = ROW_RESTORED, .was = deleted_at },
	    table);
}

error followers_may_come(struct call *call, const struct table *table, const void *row)
{
	const struct field *f = subject_of(table);
	if (!f)
		return OK;
	const subject *s = (const subject *)(const void *)((const char *)row + f->offset);
	const struct subject_kind *kind = subject_kind(f, str_of(s->object));
	if (!kind || !kind->column->ref->soft_delete)
		return OK;
	const struct table *of = kind->column->ref;
	void *other = arena_alloc(call->arena, of->columns.size);
	TRY(row_lock_any(call, of, s->id.text, other));
	if (!instant_none(*(const instant *)value_at(other, of->deleted_at)))
		return fail(call, NOT_FOUND, NULL, "the %s that it is about is deleted", of->noun);
	return OK;
}
