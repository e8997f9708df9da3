/*
 * sql.h: a statement being put together: text of ours and parameters. There is no way to add a
 * value other than as a parameter; names come from the descriptors. It keeps which tables it reads,
 * and of which of them it is noted already what can change their part of the answer; sql_run.h
 * notes the rest.
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "db/db.h"

struct table;

struct sql_table {
	const struct table *table;
	const char *alias;
	bool noted;
};

struct sql {
	struct arena *arena;
	char *text;
	size_t n, cap;
	struct db_param *params;
	size_t n_params, cap_params;
	struct sql_table *tables; /* that it reads */
	size_t n_tables, cap_tables;
};

void sql_begin(struct sql *s, struct arena *a);
void sql_add(
    struct sql *s, const char *text); /* text of ours: a literal, or a name from a descriptor */
void sql_addf(struct sql *s, const char *format, ...) PRINTF_LIKE(2, 3); /* names only */
/* Appends " FROM contacts t", or whatever `before` says in place of FROM: the statement reads that
 * table. */
void sql_from(struct sql *s, const char *before, const struct table *table, const char *alias);
/* The same of a text that names the table itself. */
void sql_reads(struct sql *s, const struct table *table, const char *alias);
/* What can change the answer's part from this alias is in the call's read set: access.c says so. */
void sql_noted(struct sql *s, const char *alias);
void sql_param(struct sql *s, enum field_type type, const void *value,
    const struct field *field);                  /* the value stays the caller's */
void sql_id(struct sql *s, const char text[37]); /* appends ? and the id */
/* How many values a statement takes when there are n left to say: few different statements, each
 * prepared once, so its last value is said again until there are as many, which costs little and
 * changes nothing. Two at least: the server looks a list of one tuple up by reading the whole
 * company. No more than SQL_LIST: of a longer list it guesses what an index gives. */
enum { SQL_LIST = 192 };
size_t sql_list(size_t n);
/* Appends "(?, ?, ...)" and one id or more; of several the last one again, so that few statements
 * are different. */
void sql_ids(struct sql *s, const char *const *ids, size_t n);
/* Appends "SELECT ... FROM table t" with all columns of the table, which it gives. */
const struct field **sql_select(struct sql *s, const struct table *table);
void sql_text(struct sql *s, str text); /* appends ? and a copy of the str */
void sql_int(struct sql *s, int64_t number);
void sql_value(struct sql *s, const struct field *field,
    const void *value); /* appends ?, or as many as the value has columns */
static inline str sql_view(const struct sql *s) { return (str) { s->text, s->n }; }

/* The SQL columns of a field: "amount, amount_currency" with a prefix ("t.") before each; names
 * quoted. */
void sql_columns(struct sql *s, const char *alias, const struct field *field);
