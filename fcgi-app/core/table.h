/*
 * table.h: what the generator knows about a table of sql/schema, as plain const data. The generated
 * schema.h declares, per table, an id type, a row struct, its descriptor and typed row access over
 * the functions of core/row.h; see gen/README.md for the subset of SQL and the marks.
 */
#pragma once
#include "base/field.h"

struct table_parent {
	const struct table *table;  /* whose scope decides who sees the row */
	const struct field *column; /* of this table; points to it (T_ID, or T_SUBJECT) */
	const char *sql_column;     /* the SQL column: contact_id */
};

struct table_found {
	const struct field *column; /* of this table: the id of a row of */
	const struct table *table;  /* which is searched */
};

struct table {
	const char *name;   /* contacts: SQL, URL and topic */
	const char *noun;   /* contact */
	const char *object; /* the object of its permissions: contacts */
	struct field_set
	    columns; /* of the row struct, in schema order; money and subject are one field */
	const struct field *id;    /* NULL: a table without rows of its own to address (a log) */
	const struct field *owner; /* column marked @owner, or NULL */
	const struct field *team;  /* column marked @team, or NULL */
	const struct field *title; /* column marked @title: how people call a row, or NULL */
	/* Column marked @belongs: the row of the same table to which a row belongs, which is one
	 * with that value of the enum `group`; NULL: rows belong to none. */
	const struct field *belongs, *group;
	int group_value;
	/* What every write fills in, each NULL when the table has it not. */
	const struct field *company, *created_at, *updated_at, *deleted_at;
	const struct table_parent
	    *parents; /* marked @within; the row is seen by who sees one of its parents */
	uint32_t n_parents;
	/* Columns marked @found: q= finds a row by a row that it names. A table that is searched
	 * has none. */
	const struct table_found *found;
	uint32_t n_found;
	uint8_t searched;              /* its number in the search index; 0: it is not searched */
	bool soft_delete;              /* has deleted_at */
	bool tenant;                   /* leads with company_id */
	bool logged;                   /* its writes are recorded in changes (not: @unlogged) */
	struct field_set create_input; /* what a client may send when it creates (id included) */
	struct field_set update_input; /* what a client may change: id (required, from the path) and
					  the columns */
	const char *doc;
};

extern const struct table
    *const all_tables[]; /* NULL-terminated, in order of sql/schema file names */
