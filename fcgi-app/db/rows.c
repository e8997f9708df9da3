/*
 * rows.c: reading the rows of a statement as the server sends them, each value from the place where
 * it arrived straight into the reply or into the program's struct. Tests: tests/unit/db_test.c
 */
#include "db/internal.h"
#include <assert.h>

struct db_rows {
	struct db *db; /* NULL: closed */
	struct statement *s;
	struct arena *arena;
	const struct field *const *columns;
	size_t n_columns;
	bool ahead; /* the first row is here and nobody has asked for it yet */
};

void rows_lost(struct db *db)
{
	if (db->open)
		db->open->db = NULL;
	db->open = NULL;
}

void db_close(struct db_rows *rows)
{
	struct db *db = rows->db;
	if (!db)
		return;
	rows_lost(db);
	mysql_stmt_free_result(rows->s->handle);
	/* What is read away may end in an error, of which the transaction must know. */
	if (mysql_errno(db->mysql)) {
		failure_keep(db, mysql_errno(db->mysql), mysql_error(db->mysql));
		failure(db, (str) { rows->s->sql, rows->s->sql_length });
	}
}

static void close_with_arena(void *rows) { db_close(rows); }

/* Where each field begins among the SQL columns, and that each can be read as what it says. */
static error fit_columns(struct db_rows *rows)
{
	struct statement *s = rows->s;
	const str sql = { s->sql, s->sql_length };
	size_t at = 0;
	for (size_t i = 0; i < rows->n_columns; i++) {
		enum field_type type = rows->columns[i]->type;
		size_t width = sql_width(type, rows->columns[i]);
		if (width == 0 || at + width > s->n_columns)
			return misuse(rows->db, sql,
			    "the statement has another number of columns than expected");
		for (size_t part = 0; part < width; part++) {
			if (!wire_fits(s->cells[at + part].kind, type, part))
				return misuse(rows->db, sql,
				    "a column of the statement has another type than expected");
		}
		s->first[i] = (uint16_t)at;
		at += width;
	}
	if (at != s->n_columns)
		return misuse(
		    rows->db, sql, "the statement has another number of columns than expected");
	return OK;
}

static error start(struct db *db, struct arena *a, str sql, const struct db_param *params,
    size_t n_params, const struct field *const *columns, size_t n_columns, struct db_rows *rows)
{
	bool more;
	struct statement *s;
	TRY(statement_run(db, sql, params, n_params, true, &s, &more));
	*rows = (struct db_rows) { db, s, a, columns, n_columns, more };
	db->open = rows;
	error bad = fit_columns(rows);
	if (bad != OK || !more)
		db_close(rows);
	return bad;
}

error db_query(struct db *db, struct arena *a, str sql, const struct db_param *params,
    size_t n_params, const struct field *const *columns, size_t n_columns, struct db_rows **out)
{
	struct db_rows *rows = ARENA_NEW(a, struct db_rows);
	TRY(start(db, a, sql, params, n_params, columns, n_columns, rows));
	arena_cleanup(a, close_with_arena, rows);
	*out = rows;
	return OK;
}

error db_next(struct db_rows *rows, bool *have)
{
	*have = false;
	if (!rows->db)
		return OK;
	if (rows->ahead) {
		rows->ahead = false;
		*have = true;
		return OK;
	}
	int rc = mysql_stmt_fetch(rows->s->handle);
	if (rc == 0) {
		*have = true;
		return OK;
	}
	struct db *db = rows->db;
	rows_lost(db);
	if (rc == MYSQL_NO_DATA || statement_ended_by_limit(db, rows->s))
		return OK;
	failure_keep(db, mysql_errno(db->mysql), mysql_error(db->mysql));
	return failure(db, (str) { rows->s->sql, rows->s->sql_length });
}

/* --- The values of the current row */

static inline const struct cell *cell_of(const struct db_rows *rows, size_t column)
{
	assert(rows->db && column < rows->n_columns);
	return &rows->s->cells[rows->s->first[column]];
}

static money money_of(const struct cell *c)
{
	money m = { 0 };
	str currency = wire_str(&c[1]);
	if (c->p && currency.n > 0 && currency.n < sizeof m.currency) {
		m.hundredths = wire_hundredths(c);
		memcpy(m.currency, currency.p, currency.n);
	}
	return m;
}

static uuid uuid_of(const struct cell *c)
{
	uuid id = { 0 };
	if (c->p && c->n == 36)
		memcpy(id.text, c->p, 36);
	return id;
}

static subject subject_of(const struct cell *c, const struct field *field)
{
	subject s = { 0 };
	const struct field *rule = field_rule(field);
	for (uint32_t i = 0; i < rule->n_kinds; i++)
		if (c[i].p) {
			memccpy(s.object, rule->kinds[i].object, 0, sizeof s.object);
			s.id = uuid_of(&c[i]);
			break;
		}
	return s;
}

static int enum_of(const struct cell *c, const struct field *field)
{
	str name = wire_str(c);
	for (int i = 1; c->p && field->names[i]; i++) {
		if (str_is(name, field->names[i]))
			return i;
	}
	return 0;
}

static str text_of(const struct db_rows *rows, const struct cell *c)
{
	return c->p ? (str) { arena_text(rows->arena, (const char *)c->p, c->n), c->n }
		    : (str) { 0 };
}

static void into_member(
    const struct db_rows *rows, const struct cell *c, const struct field *field, void *member)
{
	switch (field->type) {
	case T_ID: *(uuid *)member = uuid_of(c); return;
	case T_TEXT:
	case T_BYTES: *(str *)member = text_of(rows, c); return;
	case T_JSON: ((json_text *)member)->json = text_of(rows, c); return;
	case T_INT: *(int64_t *)member = wire_int(c); return;
	case T_BOOL: *(bool *)member = c->p && wire_int(c) != 0; return;
	case T_ENUM: *(int *)member = enum_of(c, field); return;
	case T_MONEY: *(money *)member = money_of(c); return;
	case T_DAY: *(day *)member = wire_day(c); return;
	case T_INSTANT: *(instant *)member = wire_instant(c); return;
	case T_SUBJECT: *(subject *)member = subject_of(c, field); return;
	case T_LIST:
	case T_IDS:
	case T_TEXTS:
	case T_OBJECT:
	case T_MAP:
	case T_ROW: break;
	}
	assert(false && "a list is not a column");
}

void db_into(struct db_rows *rows, void *row)
{
	for (size_t i = 0; i < rows->n_columns; i++)
		into_member(rows, cell_of(rows, i), rows->columns[i],
		    (char *)row + rows->columns[i]->offset);
}

static void subject_json(struct json *j, subject s)
{
	if (!s.object[0]) {
		json_null(j);
		return;
	}
	json_object(j);
	json_key(j, "object");
	json_text_value(j, s.object);
	json_key(j, "id");
	json_uuid(j, s.id.text);
	json_object_end(j);
}

void db_json(struct db_rows *rows, size_t column, struct json *j)
{
	const struct cell *c = cell_of(rows, column);
	char quoted[INSTANT_TEXT + 2];
	switch (rows->columns[column]->type) {
	case T_ID:
	case T_TEXT:
	case T_ENUM: json_string(j, wire_str(c)); return;
	case T_JSON:
		if (!c->p && (rows->columns[column]->flags & F_ARRAY))
			json_raw(j, STR("[]"));
		else
			json_raw(j, wire_str(c));
		return;
	case T_INT: json_int(j, wire_int(c)); return;
	case T_BOOL:
		if (c->p)
			json_bool(j, wire_int(c) != 0);
		else
			json_null(j);
		return;
	case T_MONEY: json_money(j, money_of(c)); return;
	case T_DAY: json_day(j, wire_day(c)); return;
	case T_INSTANT: json_raw(j, wire_instant_quoted(c, quoted)); return;
	case T_SUBJECT: subject_json(j, subject_of(c, rows->columns[column])); return;
	case T_BYTES:
	case T_LIST:
	case T_IDS:
	case T_TEXTS:
	case T_OBJECT:
	case T_MAP:
	case T_ROW: break;
	}
	assert(false && "bytes never leave the program, and a list is not a column");
}

bool db_is_null(const struct db_rows *rows, size_t column)
{
	const struct cell *c = cell_of(rows, column);
	size_t width = sql_width(rows->columns[column]->type, rows->columns[column]);
	for (size_t part = 0; part < width; part++)
		if (c[part].p)
			return false;
	return true;
}

str db_text(const struct db_rows *rows, size_t column) { return wire_str(cell_of(rows, column)); }

error db_one(struct db *db, struct arena *a, str sql, const struct db_param *params,
    size_t n_params, const struct field *const *columns, size_t n_columns, void *row)
{
	struct db_rows rows = { 0 };
	TRY(start(db, a, sql, params, n_params, columns, n_columns, &rows));
	if (!rows.db)
		return NOT_FOUND;
	db_into(&rows, row);
	db_close(&rows);
	return OK;
}
