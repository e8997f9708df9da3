/*
 * sql.h: a statement being put together: text of ours and parameters. There is no way to add a value
 * other than as a parameter; names come from the descriptors.
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "db/db.h"

struct sql {
	struct arena *arena;
	char *text;
	size_t n, cap;
	struct db_param *params;
	size_t n_params, cap_params;
};

void sql_begin(struct sql *s, struct arena *a);
void sql_add(struct sql *s, const char *text);                      /* text of ours: a literal, or a name from a descriptor */
void sql_addf(struct sql *s, const char *format, ...) PRINTF_LIKE(2, 3);  /* names only */
void sql_param(struct sql *s, enum field_type type, const void *value, const struct field *field);  /* the value stays the caller's */
void sql_id(struct sql *s, const char text[37]);                    /* appends ? and the id */
void sql_text(struct sql *s, str text);                             /* appends ? and a copy of the str */
void sql_int(struct sql *s, int64_t number);
void sql_value(struct sql *s, const struct field *field, const void *value); /* appends ? (two for money and subject, with a comma) */
static inline str sql_view(const struct sql *s) { return (str){ s->text, s->n }; }

/* The SQL columns of a field: "amount, amount_currency" with a prefix ("t.") before each; names quoted. */
void sql_columns(struct sql *s, const char *alias, const struct field *field);
