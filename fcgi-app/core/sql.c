/* sql.c: a statement being put together; see sql.h. */
#include "core/sql.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/table.h"

void sql_begin(struct sql *s, struct arena *a)
{
	*s = (struct sql) { .arena = a, .cap = 2048, .cap_params = 32 };
	s->text = arena_alloc(a, s->cap);
	s->params = ARENA_ARRAY(a, s->cap_params, struct db_param);
}

static void sql_bytes(struct sql *s, const char *text, size_t n)
{
	if (s->n + n + 1 > s->cap) {
		size_t cap = (s->n + n + 1) * 2;
		char *grown = arena_alloc(s->arena, cap);
		memcpy(grown, s->text, s->n);
		s->text = grown;
		s->cap = cap;
	}
	memcpy(s->text + s->n, text, n);
	s->n += n;
	s->text[s->n] = 0;
}

void sql_add(struct sql *s, const char *text) { sql_bytes(s, text, strlen(text)); }

void sql_addf(struct sql *s, const char *format, ...)
{
	char text[512];
	va_list args;
	va_start(args, format);
	int n = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof text)
		abort(); /* names of ours are short: a programmer's error */
	sql_bytes(s, text, (size_t)n);
}

void sql_reads(struct sql *s, const struct table *table, const char *alias)
{
	ARENA_GROW(s->arena, s->tables, s->n_tables, s->cap_tables);
	s->tables[s->n_tables++] = (struct sql_table) { .table = table,
		.alias = arena_text(s->arena, alias, strlen(alias)) };
}

void sql_from(struct sql *s, const char *before, const struct table *table, const char *alias)
{
	sql_addf(s, "%s%s %s", before, table->name, alias);
	sql_reads(s, table, alias);
}

void sql_noted(struct sql *s, const char *alias)
{
	for (size_t i = 0; i < s->n_tables; i++)
		if (!strcmp(s->tables[i].alias, alias))
			s->tables[i].noted = true;
}

void sql_param(struct sql *s, enum field_type type, const void *value, const struct field *field)
{
	ARENA_GROW(s->arena, s->params, s->n_params, s->cap_params);
	s->params[s->n_params++] = (struct db_param) { type, value, field };
}

void sql_id(struct sql *s, const char text[37])
{
	char *copy = arena_alloc(s->arena, 37);
	memcpy(copy, text, 37);
	sql_add(s, "?");
	sql_param(s, T_ID, copy, NULL);
}

size_t sql_list(size_t n)
{
	size_t step = n <= 24 ? 1 : n <= 64 ? 4 : 32, size = (n + step - 1) / step * step;
	return size < 2 ? 2 : size < SQL_LIST ? size : SQL_LIST;
}

void sql_ids(struct sql *s, const char *const *ids, size_t n)
{
	size_t said = n <= SQL_LIST ? sql_list(n) : SQL_LIST;
	while (said < n)
		said *= 2;
	for (size_t i = 0; i < (n == 1 ? 1 : said); i++) {
		sql_add(s, i ? ", " : "(");
		sql_id(s, ids[i < n ? i : n - 1]);
	}
	sql_add(s, ")");
}

void sql_text(struct sql *s, str text)
{
	str *copy = ARENA_NEW(s->arena, str);
	*copy = text;
	sql_add(s, "?");
	sql_param(s, T_TEXT, copy, NULL);
}

void sql_int(struct sql *s, int64_t number)
{
	int64_t *copy = ARENA_NEW(s->arena, int64_t);
	*copy = number;
	sql_add(s, "?");
	sql_param(s, T_INT, copy, NULL);
}

void sql_value(struct sql *s, const struct field *field, const void *value)
{
	const struct field *rule = field_rule(field);
	sql_add(s, field->type == T_MONEY ? "?, ?" : "?");
	for (uint32_t i = 1; i < rule->n_kinds; i++)
		sql_add(s, ", ?");
	sql_param(s, field->type, value, rule);
}

/* A list's statement names some thirty columns at each request: no formatting here. */
static void column(struct sql *s, const char *alias, const char *name, const char *suffix)
{
	if (alias[0]) {
		sql_add(s, alias);
		sql_bytes(s, ".", 1);
	}
	sql_bytes(s, "`", 1);
	sql_add(s, name);
	sql_add(s, suffix);
	sql_bytes(s, "`", 1);
}

void sql_columns(struct sql *s, const char *alias, const struct field *field)
{
	if (field->type == T_SUBJECT) {
		for (uint32_t i = 0; i < field->n_kinds; i++) {
			sql_bytes(s, ", ", i ? 2 : 0);
			column(s, alias, field->kinds[i].column->name, "");
		}
		return;
	}
	column(s, alias, field->name, "");
	if (field->type == T_MONEY) {
		sql_bytes(s, ", ", 2);
		column(s, alias, field->name, "_currency");
	}
}

const struct field **sql_select(struct sql *s, const struct table *table)
{
	const struct field **columns =
	    ARENA_ARRAY(s->arena, table->columns.n, const struct field *);
	for (uint32_t i = 0; i < table->columns.n; i++) {
		columns[i] = &table->columns.v[i];
		sql_add(s, i ? ", " : "SELECT ");
		sql_columns(s, "t", columns[i]);
	}
	sql_from(s, " FROM ", table, "t");
	return columns;
}
