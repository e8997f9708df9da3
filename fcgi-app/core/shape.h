/*
 * shape.h: what an answer's rows hold: the public columns of a table, fewer by `fields`, more by
 * `expand`. A reference is expanded by a join under the caller's own view level, so that rows
 * stream from the server into the reply with one statement.
 */
#pragma once
#include "core/call.h"

enum { SHAPE_COLUMNS = 200, SHAPE_EXPANSIONS = 12 };

struct expansion {
	char name[48];              /* owner */
	const struct field *column; /* owner_id; or the subject */
	const struct table *table;  /* agents; NULL for a subject */
	size_t first, n;            /* its columns in the select list */
};

struct shape {
	const struct table *table;
	const struct field *columns[SHAPE_COLUMNS]; /* of the whole select list */
	size_t n_columns, n_own;                    /* the table's own come first */
	struct expansion expansions[SHAPE_EXPANSIONS];
	size_t n_expansions;
};

/* Whether `expand` can name the reference f of a table: owner_id by "owner", a subject by its own
 * name. */
bool shape_expands(const struct table *table, const struct field *f, str *name);
/* MALFORMED, with its name, for a field or an expansion that there is not. */
error shape_of(struct call *call, const struct table *table, struct shape *shape) MUST_CHECK;
void shape_select(
    struct sql *sql, const struct shape *shape); /* the select list, the table's alias being t */
void shape_joins(struct call *call, struct sql *sql, const struct shape *shape);
void shape_row(const struct shape *shape, struct db_rows *rows, struct json *out); /* one object */
void shape_members(const struct shape *shape, struct db_rows *rows,
    struct json *out); /* its members, into one that is open */
