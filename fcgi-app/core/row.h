/*
 * row.h: reading and writing single rows by their descriptor. The typed functions of the generated
 * schema.h (contact_get, contact_lock, contact_insert, contact_update, ...) are thin names for
 * these. There is no other way to write, so nothing changes without its change row, its version and
 * its hooks.
 */
#pragma once
#include "core/call.h"

struct sql;

/* Reads the row if the caller may see it at the level of the operation's permission when that
 * permission is about this table's object, else at its view level. NOT_FOUND otherwise, also for
 * another company's id. */
error row_get(
    struct call *call, const struct table *table, const char id[37], void *row) MUST_CHECK;
/* The same at this level: may the caller do that to the row? NOT_FOUND otherwise. */
error row_get_at(struct call *call, const struct table *table, const char id[37], enum level level,
    void *row) MUST_CHECK;
/* As row_get, and locks it for this transaction; call->if_match is checked when it is the
 * operation's own table. FORBIDDEN when the caller may see the row but not do this to it. */
error row_lock(
    struct call *call, const struct table *table, const char id[37], void *row) MUST_CHECK;
/* Whether there is such a row that the caller may see: OK, or NOT_FOUND without a word. A call asks
 * once for each. */
error row_visible(struct call *call, const struct table *table, const char id[37]) MUST_CHECK;
/* Locks a row of the company whatever the caller's scope: for the program's own upkeep (a contact's
 * next task), never with an id from the input. */
error row_lock_any(
    struct call *call, const struct table *table, const char id[37], void *row) MUST_CHECK;
/* The row as it was before this call changed it; NULL when the call has not locked it. */
const void *row_before(const struct call *call, const struct table *table, const char id[37]);
/* A deleted row, to restore it. */
error row_lock_deleted(
    struct call *call, const struct table *table, const char id[37], void *row) MUST_CHECK;

/* Inserts. Fills company_id, id (when empty), created_at and updated_at. Checks the assignment
 * permission, and that every id points to a row of the company (by foreign key). Same id and same
 * content again: OK, without a change. */
error row_insert(struct call *call, const struct table *table, void *row) MUST_CHECK;
/* Writes what differs from the row as it was locked; nothing when nothing differs. Sets updated_at.
 */
error row_update(struct call *call, const struct table *table, void *row) MUST_CHECK;
/* Soft when the table can; what goes with the row goes too (followers.h). */
error row_delete(struct call *call, const struct table *table, const char id[37]) MUST_CHECK;
/* As row_delete, whatever the caller's scope: for the program's own upkeep, or where the caller's
 * right follows from something else. */
error row_delete_any(struct call *call, const struct table *table, const char id[37]) MUST_CHECK;
error row_restore(struct call *call, const struct table *table, const char id[37]) MUST_CHECK;
/* The same of many rows at once, each named once, in statements of some hundred; the first that
 * cannot be deleted says why. */
error rows_delete(
    struct call *call, const struct table *table, const char *const *ids, size_t n) MUST_CHECK;
error rows_delete_any(
    struct call *call, const struct table *table, const char *const *ids, size_t n) MUST_CHECK;
/* Locks those of many rows that the caller may see, and says of each by its place when it was
 * changed last; INSTANT_NONE of one that is not seen. */
error rows_changed(struct call *call, const struct table *table, const char *const *ids, size_t n,
    instant *when) MUST_CHECK;
/* Many new rows at once, in statements of some hundred. Runs no hooks: the caller keeps derived
 * values itself. */
error rows_insert(struct call *call, const struct table *table, void *rows, size_t n) MUST_CHECK;

/* All rows that point to `from` by that column, an id or a subject, point to `to` from then on,
 * also deleted ones, in statements of some hundred. Whatever the caller's scope, whose right
 * follows from the two; runs no hooks, as rows_insert(). *moved counts them. */
error rows_move(struct call *call, const struct table *table, const struct field *column,
    const struct table *into, const char from[37], const char to[37], size_t *moved) MUST_CHECK;
/* The rows that a statement of all these columns gives, as an array; columns that are left out are
 * as row_init() makes them. */
error rows_read(struct call *call, const struct table *table, struct sql *sql,
    const struct field *const *columns, size_t n_columns, void **rows, size_t *n) MUST_CHECK;
/* Appends " WHERE ..." for these rows of the company; of one or more. */
void rows_where(struct call *call, struct sql *sql, const char *const *ids, size_t n);
/* The ids of an array of rows. */
const char **rows_ids(struct call *call, const struct table *table, const void *rows, size_t n);

/* The caller may write a reference to that row, whether it sees it or not: another row that it
 * changes has it already. */
void row_vouch(struct call *call, const struct table *table, const char id[37]);

/* Copies from `input` (the same struct) into `row` each column that was given in the request. */
void row_merge(struct call *call, const struct table *table, void *row, const void *input);
void row_init(const struct table *table, void *row); /* every column none, or its zero */
void row_defaults(struct call *call, const struct table *table,
    void *row); /* owner: me; for what was not given */

/* What a table's rows need beyond storage: derived columns and rules. Runs for every single write.
 */
struct row_hook {
	const struct table *table;
	/* before NULL: insert or restore. May change `after` and refuse. */
	error (*before_write)(struct call *call, const void *before, void *after);
	/* before NULL: insert or restore; after NULL: delete. */
	error (*after_write)(struct call *call, const void *before, const void *after);
};
#define ROW_HOOK(NAME, ...) \
	static const struct row_hook NAME##_hook = { .table = &NAME##_table, __VA_ARGS__ }; \
	static const struct row_hook *const NAME##_hook_registered \
	    __attribute__((used, section("row_hooks"))) = &NAME##_hook

/* Writes the row as an answer: the public columns, `fields` and `expand` as asked. Reads it again
 * at the view level; a row that the caller may no longer see is answered by its id alone. */
error row_answer(
    struct call *call, const struct table *table, const char id[37], struct json *out) MUST_CHECK;
/* The same with more members, those of ROW_WITH(table, x): `more` is a struct x_out. For what
 * stands in no column, such as a key. */
error row_answer_with(struct call *call, const struct table *table, const char id[37],
    const void *more, struct json *out) MUST_CHECK;
