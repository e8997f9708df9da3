/* shape.c: fields= and expand=, from names to a select list and back to JSON; see shape.h. */
#include <stdio.h>

#include "core/shape.h"

static const struct field subject_title = { .name = "title", .type = T_TEXT };

static error own_columns(struct call *call, struct shape *s)
{
	const struct field_set *all = &s->table->columns;
	if (!call->fields.n) {
		for (uint32_t i = 0; i < all->n; i++)
			if (!(all->v[i].flags & F_PRIVATE))
				s->columns[s->n_columns++] = &all->v[i];
	} else {
		for (str rest = call->fields, one; rest.n;) {
			if (!str_cut(rest, ',', &one, &rest)) {
				one = rest;
				rest.n = 0;
			}
			one = str_trim(one);
			const struct field *f = field_find(all, one);
			if (!f || (f->flags & F_PRIVATE))
				return fail_code(call, MALFORMED, "fields", "unknown_field",
				    "there is no field \"%.*s\" in %s",
				    (int)(one.n > 60 ? 60 : one.n), one.p, s->table->name);
			bool twice = false;
			for (size_t i = 0; i < s->n_columns; i++)
				twice = twice || s->columns[i] == f;
			if (!twice)
				s->columns[s->n_columns++] = f;
		}
	}
	s->n_own = s->n_columns;
	return OK;
}

bool shape_expands(const struct table *table, const struct field *f, str *name)
{
	if (f->flags & F_PRIVATE)
		return false;
	*name = str_of(f->name);
	if (f->type == T_SUBJECT)
		return true;
	if (f->type != T_ID || !f->ref || f == table->id || name->n <= 3 ||
	    strcmp(f->name + name->n - 3, "_id") != 0)
		return false;
	name->n -= 3;
	return true;
}

static const struct field *reference(const struct table *table, str name)
{
	str one;
	for (uint32_t i = 0; i < table->columns.n; i++)
		if (shape_expands(table, &table->columns.v[i], &one) && str_eq(one, name))
			return &table->columns.v[i];
	return NULL;
}

static error expand(struct call *call, struct shape *s, str name)
{
	const struct field *column = reference(s->table, name);
	if (!column || s->n_expansions == SHAPE_EXPANSIONS ||
	    name.n >= sizeof s->expansions[0].name)
		return fail_code(call, MALFORMED, "expand", "unknown_field",
		    "%s cannot be expanded by \"%.*s\"", s->table->name,
		    (int)(name.n > 60 ? 60 : name.n), name.p);
	for (size_t i = 0; i < s->n_expansions; i++)
		if (s->expansions[i].column == column)
			return OK;
	struct expansion *e = &s->expansions[s->n_expansions++];
	*e = (struct expansion) { .column = column, .table = column->ref, .first = s->n_columns };
	memcpy(e->name, name.p, name.n);
	if (column->type == T_SUBJECT) {
		e->table = NULL;
		s->columns[s->n_columns++] = &subject_title;
	} else {
		for (uint32_t i = 0; i < e->table->columns.n; i++) {
			const struct field *f = &e->table->columns.v[i];
			if (!(f->flags & F_PRIVATE) && f->type != T_JSON &&
			    s->n_columns < SHAPE_COLUMNS)
				s->columns[s->n_columns++] = f;
		}
	}
	e->n = s->n_columns - e->first;
	return OK;
}

error shape_of(struct call *call, const struct table *table, struct shape *shape)
{
	memset(shape, 0, sizeof *shape);
	shape->table = table;
	TRY(own_columns(call, shape));
	for (str rest = call->expand, one; rest.n;) {
		if (!str_cut(rest, ',', &one, &rest)) {
			one = rest;
			rest.n = 0;
		}
		TRY(expand(call, shape, str_trim(one)));
	}
	return OK;
}

/* The title of what a subject names: of at most one of its kinds there is a row. */
static void titles(struct sql *sql, const struct field *about, const char *alias)
{
	for (uint32_t k = 0; k < about->n_kinds; k++)
		sql_addf(sql, "%s%s_%u.`%s`", k ? ", " : ", COALESCE(", alias, k,
		    about->kinds[k].column->ref->title->name);
	sql_add(sql, ")");
}

void shape_select(struct sql *sql, const struct shape *s)
{
	for (size_t i = 0; i < s->n_own; i++) {
		sql_add(sql, i ? ", " : "");
		sql_columns(sql, "t", s->columns[i]);
	}
	for (size_t e = 0; e < s->n_expansions; e++) {
		char alias[16];
		snprintf(alias, sizeof alias, "e%zu", e);
		if (!s->expansions[e].table) {
			titles(sql, s->expansions[e].column, alias);
			continue;
		}
		for (size_t i = 0; i < s->expansions[e].n; i++) {
			sql_add(sql, ", ");
			sql_columns(sql, alias, s->columns[s->expansions[e].first + i]);
		}
	}
}

/* A row that is deleted is not there, as one out of scope. */
static void join(struct call *call, struct sql *sql, const struct table *table, const char *alias,
    const char *column)
{
	sql_from(sql, " LEFT JOIN ", table, alias);
	sql_addf(sql, " ON %s.company_id = ", alias);
	sql_id(sql, call->me.company.text);
	sql_addf(sql, " AND %s.id = t.`%s`", alias, column);
	if (table->soft_delete)
		sql_addf(sql, " AND %s.deleted_at IS NULL", alias);
	access_where(call, sql, table, alias, access_view_level(call, table));
}

void shape_joins(struct call *call, struct sql *sql, const struct shape *s)
{
	for (size_t e = 0; e < s->n_expansions; e++) {
		const struct expansion *x = &s->expansions[e];
		char alias[32];
		if (x->table) {
			snprintf(alias, sizeof alias, "e%zu", e);
			join(call, sql, x->table, alias, x->column->name);
			continue;
		}
		for (uint32_t k = 0; k < x->column->n_kinds; k++) {
			const struct field *id = x->column->kinds[k].column;
			snprintf(alias, sizeof alias, "e%zu_%u", e, k);
			join(call, sql, id->ref, alias, id->name);
		}
	}
}

void shape_members(const struct shape *s, struct db_rows *rows, struct json *out)
{
	for (size_t i = 0; i < s->n_own; i++) {
		json_key(out, s->columns[i]->name);
		db_json(rows, i, out);
	}
	for (size_t e = 0; e < s->n_expansions; e++) {
		const struct expansion *x = &s->expansions[e];
		if (!x->table) {
			char key[56];
			snprintf(key, sizeof key, "%s_title", x->name);
			json_key(out, key);
			db_json(rows, x->first, out);
			continue;
		}
		json_key(out, x->name);
		if (db_is_null(rows, x->first)) {
			json_null(out);
			continue;
		}
		json_object(out);
		for (size_t i = 0; i < x->n; i++) {
			json_key(out, s->columns[x->first + i]->name);
			db_json(rows, x->first + i, out);
		}
		json_object_end(out);
	}
}

void shape_row(const struct shape *s, struct db_rows *rows, struct json *out)
{
	json_object(out);
	shape_members(s, rows, out);
	json_object_end(out);
}
