/* row.c: the only reader and writer of single rows, but for deleting (row_delete.c); see row.h.
 * Tests: tests/http. */
#include <stdio.h>

#include "core/row_private.h"

#include "base/random.h"
#include "core/changes.h"
#include "core/decode.h"
#include "core/etag.h"
#include "core/followers.h"
#include "core/operation.h"
#include "core/shape.h"
#include "core/sql_run.h"

struct row_image {
	struct row_image *next;
	const struct table *table;
	char id[37];
	void *row;
};

/* Weak: a test without modules has none. */
extern const struct row_hook *const __start_row_hooks[] __attribute__((weak)),
    *const __stop_row_hooks[] __attribute__((weak));

static void *at(void *row, const struct field *f) { return (char *)row + f->offset; }
static const void *at_const(const void *row, const struct field *f)
{
	return (const char *)row + f->offset;
}

void row_init(const struct table *table, void *row)
{
	memset(row, 0, table->columns.size);
	for (uint32_t i = 0; i < table->columns.n; i++)
		decode_none(&table->columns.v[i], at(row, &table->columns.v[i]));
}

void row_defaults(struct call *call, const struct table *table, void *row)
{
	if (table->owner && !given(call, table->owner->name) &&
	    !((uuid *)at(row, table->owner))->text[0])
		memcpy(at(row, table->owner), call->me.agent.text, sizeof(uuid));
}

void row_merge(struct call *call, const struct table *table, void *row, const void *input)
{
	for (uint32_t i = 0; i < table->columns.n; i++) {
		const struct field *f = &table->columns.v[i];
		if (f != table->id && !(f->flags & (F_PRIVATE | F_READ_ONLY)) &&
		    given(call, f->name))
			memcpy(at(row, f), at_const(input, f), decode_size(f->type));
	}
}

/* ---- reading ---- */

static bool about(const struct call *call, const struct table *table)
{
	size_t n = strlen(table->object);
	return !strncmp(call->op->may, table->object, n) && call->op->may[n] == '.';
}

enum level row_level(struct call *call, const struct table *table)
{
	return about(call, table) ? call->level : access_view_level(call, table);
}

enum reading { AS_LIVE, AS_DELETED, AS_ANY };

static void select_row(struct sql *sql, struct call *call, const struct table *table,
    const char *id, enum reading reading)
{
	sql_begin(sql, call->arena);
	sql_select(sql, table);
	sql_add(sql, " WHERE t.company_id = ");
	sql_id(sql, call->me.company.text);
	sql_add(sql, " AND t.id = ");
	sql_id(sql, id);
	if (table->soft_delete && reading != AS_ANY)
		sql_addf(sql, " AND t.deleted_at IS %sNULL", reading == AS_DELETED ? "NOT " : "");
}

const struct field *const *row_columns(struct call *call, const struct table *table)
{
	const struct field **columns =
	    ARENA_ARRAY(call->arena, table->columns.n, const struct field *);
	for (uint32_t i = 0; i < table->columns.n; i++)
		columns[i] = &table->columns.v[i];
	return columns;
}

static error fetch_row(struct call *call, const struct table *table, struct sql *sql, void *row)
{
	error e = sql_one(call, sql, row_columns(call, table), table->columns.n, row);
	return e == NOT_FOUND ? fail(call, NOT_FOUND, NULL, "there is no such %s", table->noun) : e;
}

error row_get_at(
    struct call *call, const struct table *table, const char id[37], enum level level, void *row)
{
	struct sql sql;
	select_row(&sql, call, table, id, AS_LIVE);
	access_where_row(call, &sql, table, "t", level, id);
	return fetch_row(call, table, &sql, row);
}

error row_get(struct call *call, const struct table *table, const char id[37], void *row)
{
	return row_get_at(call, table, id, row_level(call, table), row);
}

static unsigned image_list(const char *id)
{
	unsigned hash = 0;
	for (const char *c = id; *c; c++)
		hash = hash * 31 + (unsigned char)*c;
	return hash % IMAGE_LISTS;
}

void row_keep_image(
    struct call *call, const struct table *table, const char id[37], const void *row)
{
	struct row_image *image = ARENA_NEW(call->arena, struct row_image),
			 **newest = &call->images[image_list(id)];
	*image = (struct row_image) { .next = *newest, .table = table };
	memcpy(image->id, id, 37);
	if (row) {
		image->row = arena_alloc(call->arena, table->columns.size);
		memcpy(image->row, row, table->columns.size);
	}
	*newest = image;
}

static const void *image_of(const struct call *call, const struct table *table, const char *id)
{
	for (const struct row_image *i = call->images[image_list(id)]; i; i = i->next)
		if (i->table == table && !strcmp(i->id, id))
			return i->row;
	return NULL;
}

const void *row_before(const struct call *call, const struct table *table, const char id[37])
{
	const void *first = NULL;
	for (const struct row_image *i = call->images[image_list(id)]; i; i = i->next)
		if (i->table == table && !strcmp(i->id, id))
			first = i->row;
	return first;
}

/* The row's lock, and the row as it is under it. */
static error fetch_locked(struct call *call, const struct table *table, const char id[37],
    enum reading reading, bool scoped, void *row)
{
	enum level level = row_level(call, table);
	struct sql sql;
	select_row(&sql, call, table, id, reading);
	if (scoped)
		access_where(call, &sql, table, "t", level);
	sql_add(&sql, " FOR UPDATE");
	error e = sql_one(call, &sql, row_columns(call, table), table->columns.n, row);
	if (e == NOT_FOUND && scoped && reading == AS_LIVE &&
	    level != access_view_level(call, table)) {
		void *seen = arena_alloc(call->arena, table->columns.size);
		TRY(row_get_at(call, table, id, access_view_level(call, table), seen));
		return fail(call, FORBIDDEN, NULL, "you may see this %s but not do this to it",
		    table->noun);
	}
	if (e == NOT_FOUND)
		return fail(call, NOT_FOUND, NULL, "there is no such %s", table->noun);
	TRY(e);
	row_keep_image(call, table, id, row);
	return OK;
}

static error lock_row(struct call *call, const struct table *table, const char id[37],
    enum reading reading, bool scoped, void *row)
{
	/* What this call has locked before is as it was then, or as it wrote it since; the scope
	 * may not be. */
	const void *held = !scoped && reading == AS_ANY ? image_of(call, table, id) : NULL;
	if (held)
		memcpy(row, held, table->columns.size);
	else
		TRY(fetch_locked(call, table, id, reading, scoped, row));
	if (!str_none(call->if_match) && table == call->op->table)
		TRY(etag_require(call, id));
	return OK;
}

error row_lock_live(
    struct call *call, const struct table *table, const char id[37], bool scoped, void *row)
{
	return lock_row(call, table, id, AS_LIVE, scoped, row);
}

error row_lock(struct call *call, const struct table *table, const char id[37], void *row)
{
	return row_lock_live(call, table, id, true, row);
}

error row_lock_any(struct call *call, const struct table *table, const char id[37], void *row)
{
	return lock_row(call, table, id, AS_ANY, false, row);
}

error row_lock_deleted(struct call *call, const struct table *table, const char id[37], void *row)
{
	return lock_row(call, table, id, AS_DELETED, true, row);
}

static error answer_id(
    const struct call *call, const char id[37], const void *more, struct json *out)
{
	json_object(out);
	json_key(out, "id");
	json_uuid(out, id);
	if (more)
		out_members(out, &call->op->out, more);
	json_object_end(out);
	return OK;
}

error row_answer_with(struct call *call, const struct table *table, const char id[37],
    const void *more, struct json *out)
{
	struct shape shape;
	memcpy(call->answered.text, id, sizeof call->answered.text);
	if (call->brief && call->op->kind == MUTATION_KIND)
		return answer_id(call, id, more, out);
	TRY(shape_of(call, table, &shape));
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "SELECT ");
	shape_select(&sql, &shape);
	sql_from(&sql, " FROM ", table, "t");
	shape_joins(call, &sql, &shape);
	sql_add(&sql, " WHERE t.company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, " AND t.id = ");
	sql_id(&sql, id);
	if (table->soft_delete)
		sql_add(&sql, " AND t.deleted_at IS NULL");
	bool query = call->op->kind == QUERY_KIND;
	access_where_row(call, &sql, table, "t",
	    query && about(call, table) ? call->level : access_view_level(call, table), id);
	struct db_rows *rows;
	TRY(sql_query(call, &sql, shape.columns, shape.n_columns, &rows));
	bool have;
	TRY(db_next(rows, &have));
	if (have) {
		json_object(out);
		shape_members(&shape, rows, out);
		if (more)
			out_members(out, &call->op->out, more);
		json_object_end(out);
		db_close(rows);
		return OK;
	}
	if (query)
		return fail(call, NOT_FOUND, NULL, "there is no such %s", table->noun);
	/* A mutation that took the row out of its own reach, by assigning it away. */
	return answer_id(call, id, more, out);
}

error row_answer(struct call *call, const struct table *table, const char id[37], struct json *out)
{
	return row_answer_with(call, table, id, NULL, out);
}

/* ---- writing ---- */

error row_run_hooks(
    struct call *call, const struct table *table, const void *before, void *after, bool first)
{
	for (const struct row_hook *const *h = __start_row_hooks; h < __stop_row_hooks; h++) {
		if ((*h)->table != table)
			continue;
		if (first && (*h)->before_write && after)
			TRY((*h)->before_write(call, before, after));
		if (!first && (*h)->after_write)
			TRY((*h)->after_write(call, before, after));
	}
	return OK;
}

/* A key is named <noun>_<column>, a foreign key <table>_<column without _id>: so a refusal can name
 * the field. */
static const char *field_of_constraint(
    const struct table *table, const char *constraint, const char *prefix)
{
	size_t n = strlen(prefix);
	if (strncmp(constraint, prefix, n) || constraint[n] != '_')
		return NULL;
	const char *rest = constraint + n + 1;
	for (uint32_t i = 0; i < table->columns.n; i++) {
		const char *name = table->columns.v[i].name;
		size_t length = strlen(rest);
		if (!strcmp(name, rest) ||
		    (!strncmp(name, rest, length) && !strcmp(name + length, "_id")))
			return name;
	}
	return NULL;
}

static error find_existing(
    struct call *call, const struct table *table, const struct field *column, const void *row)
{
	if (!table->id)
		return OK;
	struct {
		uuid id;
	} found = { { "" } };
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_from(&sql, "SELECT t.id FROM ", table, "t");
	sql_add(&sql, " WHERE t.company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_addf(&sql, " AND t.`%s` = ", column->name);
	sql_value(&sql, column, at_const(row, column));
	if (table->soft_delete)
		sql_add(&sql, " AND t.deleted_at IS NULL");
	access_where(call, &sql, table, "t", access_view_level(call, table));
	sql_add(&sql, " LIMIT 1");
	const struct field id = { .name = "id", .type = T_ID };
	const struct field *columns[] = { &id };
	error e = sql_one(call, &sql, columns, 1, &found);
	if (e == OK)
		call->problem.existing_id = arena_text(call->arena, found.id.text, 36);
	return e == NOT_FOUND ? OK : e;
}

static error refused(struct call *call, const struct table *table, const void *row, error e)
{
	const char *constraint = db_constraint(call->db);
	if (e == CONFLICT) {
		const char *name = field_of_constraint(table, constraint, table->noun);
		if (name) {
			TRY(find_existing(
			    call, table, field_find(&table->columns, str_of(name)), row));
			return fail_code(call, CONFLICT, name, "taken", "another %s has this %s",
			    table->noun, name);
		}
		return fail_code(
		    call, CONFLICT, NULL, "taken", "another %s is like this", table->noun);
	}
	if (e == INVALID) {
		const char *name = field_of_constraint(table, constraint, table->name);
		return fail_code(call, INVALID, name ? name : "id", "not_found",
		    "there is nothing with this id");
	}
	return e;
}

/* Rows that this call has already seen, or made: bulk work names the same few owners and stages
 * again and again. */
static bool reference_known(const struct call *call, const struct table *table, const char *id)
{
	const bool *seen = memo_find(call->known, table, id, strlen(id));
	return seen && *seen;
}

void row_keep_seen(struct call *call, const struct table *table, const char *id, bool seen)
{
	*(bool *)memo_keep(call->arena, &call->known, table, id, strlen(id), sizeof(bool)) = seen;
}

error row_visible(struct call *call, const struct table *table, const char id[37])
{
	if (reference_known(call, table, id))
		return OK;
	struct {
		uuid id;
	} found;
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_from(&sql, "SELECT t.id FROM ", table, "t");
	sql_add(&sql, " WHERE t.company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, " AND t.id = ");
	sql_id(&sql, id);
	if (table->soft_delete)
		sql_add(&sql, " AND t.deleted_at IS NULL");
	access_where(call, &sql, table, "t", access_view_level(call, table));
	const struct field only = { .name = "id", .type = T_ID };
	const struct field *columns[] = { &only };
	TRY(sql_one(call, &sql, columns, 1, &found));
	row_keep_seen(call, table, id, true);
	return OK;
}

/* Every id that the client gave must be of a row that it may see: no probing by references. */
static error check_references(
    struct call *call, const struct table *table, const void *before, const void *after)
{
	for (uint32_t i = 0; i < table->columns.n; i++) {
		const struct field *f = &table->columns.v[i];
		const struct table *ref = f->ref;
		const char *id = at_const(after, f);
		if (f->type == T_SUBJECT) {
			const subject *s = at_const(after, f);
			const struct subject_kind *kind = subject_kind(f, str_of(s->object));
			ref = kind ? kind->column->ref : NULL;
			id = s->id.text;
		}
		if ((f->type != T_ID && f->type != T_SUBJECT) || f == table->id || !ref || !id[0] ||
		    (f->flags & (F_PRIVATE | F_READ_ONLY)) ||
		    (before && field_value_equal(f, at_const(before, f), at_const(after, f))))
			continue;
		if (!strcmp(id, call->me.agent.text))
			continue;
		error e = row_visible(call, ref, id);
		if (e == NOT_FOUND)
			return fail_code(
			    call, INVALID, f->name, "not_found", "there is no such %s", ref->noun);
		TRY(e);
	}
	return OK;
}

static error check_assignment(
    struct call *call, const struct table *table, const void *before, const void *after)
{
	if (!table->owner || (table->owner->flags & (F_READ_ONLY | F_CREATE_ONLY)) ||
	    table->n_parents)
		return OK;
	static const uuid nobody = { "" };
	const uuid *owner = at_const(after, table->owner),
		   *team = table->team ? at_const(after, table->team) : &nobody;
	if (before) {
		bool same_owner =
		    field_value_equal(table->owner, at_const(before, table->owner), owner);
		bool same_team = !table->team || field_value_equal(table->team,
						     at_const(before, table->team), team);
		if (same_owner && same_team)
			return OK;
		return access_assign(call, table, same_owner ? call->me.agent.text : owner->text,
		    same_team ? "" : team->text);
	}
	if (!strcmp(owner->text, call->me.agent.text) && !team->text[0])
		return OK;
	return access_assign(call, table, owner->text, team->text);
}

static instant *instant_at(void *row, const struct field *f) { return at(row, f); }

static void prepare_insert(struct call *call, const struct table *table, void *row)
{
	if (table->company)
		memcpy(at(row, table->company), call->me.company.text, sizeof(uuid));
	if (table->id && !((uuid *)at(row, table->id))->text[0])
		*(uuid *)at(row, table->id) = uuid_v7();
	/* What was made elsewhere, at a time that is known, keeps it. */
	if (table->created_at) {
		instant *made = instant_at(row, table->created_at);
		if (instant_none(*made) || !made->us)
			*made = call->now;
	}
	if (table->updated_at)
		*instant_at(row, table->updated_at) = call->now;
	if (table->deleted_at)
		*instant_at(row, table->deleted_at) = INSTANT_NONE;
}

static void insert_columns(struct sql *sql, const struct table *table)
{
	sql_addf(sql, "INSERT INTO %s (", table->name);
	for (uint32_t i = 0; i < table->columns.n; i++) {
		sql_add(sql, i ? ", " : "");
		sql_columns(sql, "", &table->columns.v[i]);
	}
	sql_add(sql, ") VALUES ");
}

static void insert_values(struct sql *sql, const struct table *table, const void *row)
{
	sql_add(sql, "(");
	for (uint32_t i = 0; i < table->columns.n; i++) {
		const struct field *f = &table->columns.v[i];
		sql_add(sql, i ? ", " : "");
		if (!(f->flags & F_NULLABLE) && field_value_none(f, at_const(row, f)))
			sql_add(sql, "DEFAULT");
		else
			sql_value(sql, f, at_const(row, f));
	}
	sql_add(sql, ")");
}

/* The same id again: fine when it says the same, so that a client may repeat a create whose answer
 * it missed. */
static error repeated_insert(struct call *call, const struct table *table, const void *row)
{
	void *stored = arena_alloc(call->arena, table->columns.size);
	struct sql sql;
	select_row(&sql, call, table, at_const(row, table->id), AS_LIVE);
	access_where(call, &sql, table, "t", access_view_level(call, table));
	error e = fetch_row(call, table, &sql, stored);
	bool same = e == OK;
	if (e != OK && e != NOT_FOUND)
		return e;
	call->problem = (struct problem) { 0 };
	for (uint32_t i = 0; same && i < table->columns.n; i++) {
		const struct field *f = &table->columns.v[i];
		if (!(f->flags & (F_PRIVATE | F_READ_ONLY)) && given(call, f->name))
			same = field_value_equal(f, at_const(stored, f), at_const(row, f));
	}
	return same ? OK : fail_code(call, CONFLICT, "id", "taken", "this id is in use");
}

error row_insert(struct call *call, const struct table *table, void *row)
{
	bool own_id = table->id && ((uuid *)at(row, table->id))->text[0];
	prepare_insert(call, table, row);
	TRY(row_run_hooks(call, table, NULL, row, true));
	TRY(check_assignment(call, table, NULL, row));
	TRY(check_references(call, table, NULL, row));
	struct sql sql;
	sql_begin(&sql, call->arena);
	insert_columns(&sql, table);
	insert_values(&sql, table, row);
	error e = sql_execute(call, &sql, NULL);
	if (e == CONFLICT && own_id && !strcmp(db_constraint(call->db), "PRIMARY"))
		return repeated_insert(call, table, row);
	if (e != OK)
		return refused(call, table, row, e);
	changes_record(call, table, ROW_CREATED, NULL, row, (str) { NULL, 0 });
	if (table->id && access_view_level(call, table) == LEVEL_ALL)
		row_keep_seen(call, table, at_const(row, table->id), true);
	return row_run_hooks(call, table, NULL, row, false);
}

error rows_insert(struct call *call, const struct table *table, void *rows, size_t n)
{
	enum { ROWS_A_STATEMENT = 200 };
	size_t size = table->columns.size;
	for (size_t done = 0; done < n;) {
		struct sql sql;
		sql_begin(&sql, call->arena);
		insert_columns(&sql, table);
		for (size_t i = 0; i < ROWS_A_STATEMENT && done < n; i++, done++) {
			void *row = (char *)rows + done * size;
			prepare_insert(call, table, row);
			sql_add(&sql, i ? ", " : "");
			insert_values(&sql, table, row);
			changes_record(call, table, ROW_CREATED, NULL, row, (str) { NULL, 0 });
		}
		error e = sql_execute(call, &sql, NULL);
		if (e != OK)
			return refused(call, table, rows, e);
	}
	return OK;
}

void row_vouch(struct call *call, const struct table *table, const char id[37])
{
	if (id[0])
		row_keep_seen(call, table, id, true);
}

/* ---- many rows of one table ---- */

error rows_read(struct call *call, const struct table *table, struct sql *sql,
    const struct field *const *columns, size_t n_columns, void **rows, size_t *n)
{
	struct db_rows *open;
	size_t cap = 0, size = table->columns.size;
	*rows = NULL;
	*n = 0;
	TRY(sql_query(call, sql, columns, n_columns, &open));
	for (bool have;;) {
		TRY(db_next(open, &have));
		if (!have)
			return OK;
		*rows = arena_grow(call->arena, *rows, *n, &cap, size);
		row_init(table, (char *)*rows + *n * size);
		db_into(open, (char *)*rows + (*n)++ * size);
	}
}

void rows_where(struct call *call, struct sql *sql, const char *const *ids, size_t n)
{
	sql_add(sql, " WHERE company_id = ");
	sql_id(sql, call->me.company.text);
	sql_add(sql, " AND id IN ");
	sql_ids(sql, ids, n);
}

const char **rows_ids(struct call *call, const struct table *table, const void *rows, size_t n)
{
	const char **ids = ARENA_ARRAY(call->arena, n + 1, const char *);
	for (size_t i = 0; i < n; i++)
		ids[i] = at_const((const char *)rows + i * table->columns.size, table->id);
	return ids;
}

/* ---- rows that get another one to point to ---- */

/* Of what is read of rows that move: a long text that nobody looks at stays where it is. Whoever
 * looks at a row as it was before (row_before()) looks at tables of their own scope. */
static bool moves_with(const struct table *table, const struct field *f)
{
	return !table->n_parents || !(f->flags & F_MULTILINE);
}

static error rows_pointing(struct call *call, const struct table *table, const char *column,
    const char from[37], void **rows, size_t *n)
{
	const struct field **columns =
	    ARENA_ARRAY(call->arena, table->columns.n, const struct field *);
	uint32_t n_columns = 0;
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "SELECT ");
	for (uint32_t i = 0; i < table->columns.n; i++)
		if (moves_with(table, &table->columns.v[i])) {
			sql_add(&sql, n_columns ? ", " : "");
			sql_columns(&sql, "t", &table->columns.v[i]);
			columns[n_columns++] = &table->columns.v[i];
		}
	sql_from(&sql, " FROM ", table, "t");
	sql_add(&sql, " WHERE t.company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_addf(&sql, " AND t.`%s` = ", column);
	sql_id(&sql, from);
	sql_add(&sql, " ORDER BY t.id FOR UPDATE");
	return rows_read(call, table, &sql, columns, n_columns, rows, n);
}

static error point_to(struct call *call, const struct table *table, const char *column,
    const char to[37], void *rows, size_t n)
{
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_addf(&sql, "UPDATE %s SET `%s` = ", table->name, column);
	sql_id(&sql, to);
	if (table->updated_at) {
		sql_add(&sql, ", updated_at = ");
		sql_value(&sql, table->updated_at, &call->now);
	}
	rows_where(call, &sql, rows_ids(call, table, rows, n), n);
	error e = sql_execute(call, &sql, NULL);
	return e == OK ? OK : refused(call, table, rows, e);
}

error rows_move(struct call *call, const struct table *table, const struct field *column,
    const struct table *into, const char from[37], const char to[37], size_t *moved)
{
	enum { ROWS_A_STATEMENT = 200 };
	const struct subject_kind *kind =
	    column->type == T_SUBJECT ? subject_kind(column, str_of(into->noun)) : NULL;
	const char *name = kind ? kind->column->name : column->name;
	str fields = str_of(arena_printf(call->arena, "[\"%s\"]", column->name));
	size_t size = table->columns.size, n;
	void *rows;
	TRY(rows_pointing(call, table, name, from, &rows, &n));
	for (size_t i = 0; i < n; i += ROWS_A_STATEMENT)
		TRY(point_to(call, table, name, to, (char *)rows + i * size,
		    n - i < ROWS_A_STATEMENT ? n - i : ROWS_A_STATEMENT));
	for (size_t i = 0; i < n; i++) {
		void *before = (char *)rows + i * size, *after = arena_alloc(call->arena, size);
		const char *id = at_const(before, table->id);
		memcpy(after, before, size);
		if (kind)
			memcpy(((subject *)at(after, column))->id.text, to, sizeof(uuid));
		else
			memcpy(at(after, column), to, sizeof(uuid));
		if (table->updated_at)
			*instant_at(after, table->updated_at) = call->now;
		if (!table->n_parents) {
			if (!image_of(call, table, id))
				row_keep_image(call, table, id, before);
			row_keep_image(call, table, id, after);
		}
		changes_record(call, table, ROW_UPDATED, before, after, fields);
	}
	*moved += n;
	return OK;
}

/* The UPDATE of what differs; *fields becomes the JSON array of the names. Returns false when
 * nothing differs. */
static bool update_sql(struct call *call, const struct table *table, const void *before,
    const void *after, struct sql *sql, str *fields)
{
	struct buf names = { 0 };
	struct json j;
	json_begin(&j, &names);
	json_array(&j);
	bool any = false;
	sql_begin(sql, call->arena);
	sql_addf(sql, "UPDATE %s SET ", table->name);
	for (uint32_t i = 0; i < table->columns.n; i++) {
		const struct field *f = &table->columns.v[i];
		if (f == table->id || field_value_equal(f, at_const(before, f), at_const(after, f)))
			continue;
		sql_add(sql, any ? ", " : "");
		if (f->type == T_SUBJECT)
			for (uint32_t k = 0; k < f->n_kinds; k++)
				sql_addf(
				    sql, "%s`%s` = ?", k ? ", " : "", f->kinds[k].column->name);
		else
			sql_addf(sql, "`%s` = ?", f->name);
		if (f->type == T_MONEY)
			sql_addf(sql, ", `%s_currency` = ?", f->name);
		sql_param(sql, f->type, at_const(after, f), f);
		if (!(f->flags & F_PRIVATE))
			json_text_value(&j, f->name);
		any = true;
	}
	json_array_end(&j);
	*fields = (str) { arena_text(call->arena, names.p, names.n), names.n };
	buf_free(&names);
	return any;
}

static error write_row(struct call *call, const struct table *table, enum row_change_kind kind,
    const void *before, void *after)
{
	struct sql sql;
	str fields;
	if (!update_sql(call, table, before, after, &sql, &fields))
		return OK;
	if (table->updated_at) {
		*instant_at(after, table->updated_at) = call->now;
		sql_add(&sql, ", updated_at = ");
		sql_value(&sql, table->updated_at, at_const(after, table->updated_at));
	}
	sql_add(&sql, " WHERE company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, " AND id = ");
	sql_id(&sql, at_const(before, table->id));
	error e = sql_execute(call, &sql, NULL);
	if (e != OK)
		return refused(call, table, after, e);
	changes_record(call, table, kind, before, after, fields);
	row_keep_image(call, table, at_const(before, table->id), after);
	return OK;
}

error row_update(struct call *call, const struct table *table, void *row)
{
	const void *before = image_of(call, table, at_const(row, table->id));
	if (!before)
		abort(); /* update of a row that was not locked first: a programmer's error */
	void *old = arena_alloc(call->arena, table->columns.size);
	memcpy(old, before, table->columns.size);
	TRY(row_run_hooks(call, table, old, row, true));
	TRY(check_assignment(call, table, old, row));
	TRY(check_references(call, table, old, row));
	if (table->updated_at)
		memcpy(
		    at(row, table->updated_at), at_const(old, table->updated_at), sizeof(instant));
	TRY(write_row(call, table, ROW_UPDATED, old, row));
	return row_run_hooks(call, table, old, row, false);
}

/* ---- what was deleted ---- */

error row_restore(struct call *call, const struct table *table, const char id[37])
{
	void *before = arena_alloc(call->arena, table->columns.size),
	     *after = arena_alloc(call->arena, table->columns.size);
	TRY(row_lock_deleted(call, table, id, before));
	TRY(followers_may_come(call, table, before));
	memcpy(after, before, table->columns.size);
	*instant_at(after, table->deleted_at) = INSTANT_NONE;
	TRY(row_run_hooks(call, table, NULL, after, true));
	TRY(write_row(call, table, ROW_RESTORED, before, after));
	TRY(followers_restore(
	    call, table, id, *(const instant *)at_const(before, table->deleted_at)));
	return row_run_hooks(call, table, NULL, after, false);
}
