/*
 * row_delete.c: deleting rows, one or many by the same statements: what has a deleted_at is hidden,
 * with what goes with it (followers.h), all else is erased; see row.h. Tests:
 * tests/http/gone.test.mjs, tests/http/imports.test.mjs
 */
#include "core/changes.h"
#include "core/followers.h"
#include "core/row_private.h"
#include "core/sql_run.h"

static instant *instant_at(void *row, const struct field *f)
{
	return (instant *)(void *)((char *)row + f->offset);
}

/* Some columns of rows, the id among them; rows[i] is NULL when there is none of that id. */
struct locking {
	const struct table *table;
	const struct field *const *columns;
	size_t n_columns;
	bool scoped;
};

static error lock_some(
    struct call *call, const struct locking *l, const char *const *ids, size_t n, void **rows)
{
	const struct table *table = l->table;
	struct sql sql;
	void *all;
	size_t found;
	sql_begin(&sql, call->arena);
	for (size_t i = 0; i < l->n_columns; i++) {
		sql_add(&sql, i ? ", " : "SELECT ");
		sql_columns(&sql, "t", l->columns[i]);
	}
	sql_from(&sql, " FROM ", table, "t");
	sql_add(&sql, " WHERE t.company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, " AND t.id IN ");
	sql_ids(&sql, ids, n);
	sql_add(&sql, table->soft_delete ? " AND t.deleted_at IS NULL" : "");
	if (l->scoped)
		access_where(call, &sql, table, "t", row_level(call, table));
	sql_add(&sql, " FOR UPDATE");
	TRY(rows_read(call, table, &sql, l->columns, l->n_columns, &all, &found));
	const char **found_ids = rows_ids(call, table, all, found);
	for (size_t k = 0; k < found; k++)
		for (size_t i = 0; i < n; i++)
			if (!strcmp(ids[i], found_ids[k]))
				rows[i] = (char *)all + k * table->columns.size;
	return OK;
}

static error lock_rows(
    struct call *call, const struct locking *l, const char *const *ids, size_t n, void **rows)
{
	for (size_t i = 0, some; i < n; i += some) {
		some = n - i < SQL_LIST ? n - i : SQL_LIST;
		TRY(lock_some(call, l, ids + i, some, rows + i));
	}
	return OK;
}

error rows_changed(
    struct call *call, const struct table *table, const char *const *ids, size_t n, instant *when)
{
	const struct field *columns[] = { table->id, table->updated_at };
	void **rows = ARENA_ARRAY(call->arena, n + 1, void *);
	TRY(lock_rows(call, &(struct locking) { table, columns, 2, true }, ids, n, rows));
	for (size_t i = 0; i < n; i++)
		when[i] = rows[i] ? *instant_at(rows[i], table->updated_at) : INSTANT_NONE;
	return OK;
}

static error hide(struct call *call, const struct table *table, const char *const *ids,
    void *const *rows, size_t n)
{
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_addf(&sql, "UPDATE %s SET deleted_at = ", table->name);
	sql_value(&sql, table->deleted_at, &call->now);
	if (table->updated_at) {
		sql_add(&sql, ", updated_at = ");
		sql_value(&sql, table->updated_at, &call->now);
	}
	rows_where(call, &sql, ids, n);
	TRY(sql_execute(call, &sql, NULL));
	for (size_t i = 0; i < n; i++) {
		void *after = arena_alloc(call->arena, table->columns.size);
		memcpy(after, rows[i], table->columns.size);
		*instant_at(after, table->deleted_at) = call->now;
		if (table->updated_at)
			*instant_at(after, table->updated_at) = call->now;
		changes_record(call, table, ROW_DELETED, rows[i], after, STR("[]"));
		row_keep_image(call, table, ids[i], after);
	}
	return followers_delete(call, table, ids, n);
}

static error erase(struct call *call, const struct table *table, const char *const *ids,
    void *const *rows, size_t n)
{
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_addf(&sql, "DELETE FROM %s", table->name);
	rows_where(call, &sql, ids, n);
	error e = sql_execute(call, &sql, NULL);
	if (e == INVALID || e == CONFLICT)
		return fail_code(
		    call, CONFLICT, NULL, "in_use", "this %s is still in use", table->noun);
	TRY(e);
	for (size_t i = 0; i < n; i++) {
		changes_record(call, table, ROW_DELETED, rows[i], NULL, (str) { NULL, 0 });
		row_keep_image(call, table, ids[i], NULL);
	}
	return OK;
}

static error delete_some(struct call *call, const struct table *table, const char *const *ids,
    void *const *rows, size_t n)
{
	TRY(table->deleted_at ? hide(call, table, ids, rows, n) : erase(call, table, ids, rows, n));
	for (size_t i = 0; i < n; i++) {
		row_keep_seen(call, table, ids[i], false);
		TRY(row_run_hooks(call, table, rows[i], NULL, false));
	}
	return OK;
}

/* One alone, and one that is missing among many, is locked by itself: that says why it cannot be.
 */
static error lock_whole(struct call *call, const struct table *table, const char *const *ids,
    size_t n, bool scoped, void **rows)
{
	const struct locking all = { table, row_columns(call, table), table->columns.n, scoped };
	if (n > 1)
		TRY(lock_rows(call, &all, ids, n, rows));
	for (size_t i = 0; i < n; i++)
		if (rows[i]) {
			row_keep_image(call, table, ids[i], rows[i]);
		} else {
			rows[i] = arena_alloc(call->arena, table->columns.size);
			TRY(row_lock_live(call, table, ids[i], scoped, rows[i]));
		}
	return OK;
}

static error delete_rows(
    struct call *call, const struct table *table, const char *const *ids, size_t n, bool scoped)
{
	void **rows = ARENA_ARRAY(call->arena, n + 1, void *);
	TRY(lock_whole(call, table, ids, n, scoped, rows));
	for (size_t i = 0, some; i < n; i += some) {
		some = n - i < SQL_LIST ? n - i : SQL_LIST;
		TRY(delete_some(call, table, ids + i, rows + i, some));
	}
	return OK;
}

error rows_delete(struct call *call, const struct table *table, const char *const *ids, size_t n)
{
	return delete_rows(call, table, ids, n, true);
}

error rows_delete_any(
    struct call *call, const struct table *table, const char *const *ids, size_t n)
{
	return delete_rows(call, table, ids, n, false);
}

error row_delete(struct call *call, const struct table *table, const char id[37])
{
	return delete_rows(call, table, &id, 1, true);
}

error row_delete_any(struct call *call, const struct table *table, const char id[37])
{
	return delete_rows(call, table, &id, 1, false);
}
