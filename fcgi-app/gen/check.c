/*
 * check.c: what the tables of sql/schema mean together. Refuses a schema in which a row could point
 * into another company or change without its change row, and turns columns into fields.
 */
#include "gen.h"
#include <string.h>

static bool same(const char *a, const char *b) { return strcmp(a, b) == 0; }

/* A table whose id is no UUID has no rows to address: schema_info. */
static bool is_id(const struct column *c)
{
	return same(c->name, "id") && c->kind == K_UUID && !c->generated;
}

static const struct column *column_of(const struct table *t, const char *name)
{
	int at = column_find(t, name);
	return at < 0 ? NULL : &t->columns[at];
}

static const char *noun_of(struct gen *g, const char *name)
{
	static const struct {
		const char *end;
		size_t drop;
		const char *add;
	} rules[] = { { "ies", 3, "y" }, { "sses", 2, "" }, { "xes", 2, "" }, { "ches", 2, "" },
		{ "s", 1, "" } };
	size_t n = strlen(name);
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		size_t end = strlen(rules[i].end);
		if (n > end && same(name + n - end, rules[i].end))
			return gen_format(
			    g, "%.*s%s", (int)(n - rules[i].drop), name, rules[i].add);
	}
	return name;
}

static void check_noun(struct gen *g, struct table *t)
{
	if (!t->noun)
		t->noun = noun_of(g, t->name);
	if (!t->object)
		t->object = t->name;
	if (!name_ok(t->noun) || name_reserved(t->noun) || same(t->noun, "row"))
		refuse(
		    t->path, t->line, "`%s` cannot be a noun in C: name one with @noun", t->noun);
	for (size_t i = 0; g->tables[i] != t; i++)
		if (same(g->tables[i]->noun, t->noun))
			refuse(t->path, t->line,
			    "`%s` is the noun of `%s` too: name one with @noun", t->noun,
			    g->tables[i]->name);
}

static void check_keys(const struct table *t)
{
	const struct key *primary = NULL;
	for (size_t i = 0; i < t->n_keys; i++) {
		const struct key *k = &t->keys[i];
		for (size_t j = 0; j < k->columns.n; j++)
			if (column_find(t, k->columns.v[j]) < 0)
				refuse(
				    t->path, k->line, "there is no column `%s`", k->columns.v[j]);
		if (k->primary && primary)
			refuse(t->path, k->line, "there are two primary keys");
		if (k->primary)
			primary = k;
		const struct column *live = column_of(t, "live");
		if (k->unique && !k->primary && column_find(t, "deleted_at") >= 0 &&
		    !(live && live->generated && names_have(&k->columns, "live")))
			refuse(t->path, k->line,
			    "a unique key beside deleted_at needs the generated column "
			    "`live`, or a deleted row keeps its value taken");
	}
	if (!primary)
		refuse(t->path, t->line, "`%s` has no primary key", t->name);
	if (t->global)
		return;
	const struct column *company = column_of(t, "company_id");
	if (!company || company->kind != K_UUID || !company->not_null)
		refuse(
		    t->path, t->line, "`%s` needs company_id UUID NOT NULL, or @global", t->name);
	if (!same(primary->columns.v[0], "company_id"))
		refuse(t->path, primary->line, "the primary key must lead with company_id");
}

static void check_foreign(struct gen *g, struct table *t, const struct foreign *f)
{
	const struct table *to = table_find(g, f->table);
	if (!to)
		refuse(t->path, f->line, "there is no table `%s`", f->table);
	if (f->columns.n != f->ref_columns.n)
		refuse(t->path, f->line,
		    "the foreign key has %zu columns on one side and %zu on the other",
		    f->columns.n, f->ref_columns.n);
	bool company = false;
	for (size_t i = 0; i < f->columns.n; i++) {
		const char *from = f->columns.v[i], *ref = f->ref_columns.v[i];
		int at = column_find(t, from);
		if (at < 0)
			refuse(t->path, f->line, "there is no column `%s`", from);
		if (column_find(to, ref) < 0)
			refuse(t->path, f->line, "there is no column `%s` in `%s`", ref, f->table);
		company |= same(from, "company_id") && same(ref, "company_id");
		if (same(ref, "id") && t->columns[at].kind == K_UUID)
			t->columns[at].ref = t->columns[at].parent = to;
	}
	if (!t->global && !to->global && !company)
		refuse(t->path, f->line,
		    "a foreign key to `%s` must be composite with company_id, or a row "
		    "could point into another company",
		    f->table);
}

/* A first look; that all of them are accepted is shown by tests/http/catalog.test.mjs. */
static void check_example(const struct table *t, const struct column *c)
{
	if (!c->example || (c->marks & M_PRIVATE))
		refuse(t->path, c->line, "`%s`: @example needs a value of a column that is shown",
		    c->name);
	if (c->kind == K_ENUM ? !names_have(&c->values, c->example)
			      : c->kind == K_TEXT && strlen(c->example) > (size_t)c->max)
		refuse(t->path, c->line, "`%s`: its @example does not fit it", c->name);
}

static void check_marks(const struct table *t, const struct column *c)
{
	unsigned text = M_EMAIL | M_MULTILINE | M_TITLE;
	if ((c->marks & text) && c->kind != K_TEXT)
		refuse(
		    t->path, c->line, "`%s`: @email, @multiline and @title are for text", c->name);
	if ((c->marks & M_SEARCH) && c->kind != K_TEXT && !(c->marks & M_ITEMS))
		refuse(t->path, c->line, "`%s`: @search is for text, and for @items of a table",
		    c->name);
	if ((c->marks & M_SEARCH) && (c->weight || c->kind == K_TEXT) &&
	    (c->weight < 1 || c->weight > 250))
		refuse(t->path, c->line, "`%s`: @search needs a weight from 1 to 250", c->name);
	if ((c->marks & M_LIST) && c->kind != K_JSON)
		refuse(t->path, c->line, "`%s`: @list is for JSON", c->name);
	if ((c->marks & M_ITEMS) && c->kind != K_JSON)
		refuse(t->path, c->line, "`%s`: @items is for JSON", c->name);
	if ((c->marks & M_OWNER) && !(c->ref && same(c->ref->name, "agents")))
		refuse(t->path, c->line, "`%s`: @owner needs a foreign key to agents", c->name);
	if ((c->marks & M_TEAM) && !(c->ref && same(c->ref->name, "teams")))
		refuse(t->path, c->line, "`%s`: @team needs a foreign key to teams", c->name);
	if ((c->marks & (M_MIN | M_MAX)) && c->kind != K_TEXT && c->kind != K_INT &&
	    c->kind != K_DECIMAL)
		refuse(t->path, c->line, "`%s`: @min and @max are for numbers and text", c->name);
	if (c->marks & M_EXAMPLE)
		check_example(t, c);
	if (c->marks && c->generated)
		refuse(t->path, c->line, "`%s` is generated and takes no mark", c->name);
	if ((c->marks & M_CREATE) && (c->marks & M_READ))
		refuse(t->path, c->line, "`%s` is both @create and @read", c->name);
	if ((c->marks & M_REQUIRED) && (c->marks & (M_READ | M_PRIVATE)))
		refuse(t->path, c->line, "`%s` is @required, but no client can write it", c->name);
	if (c->kind == K_BOOL && !c->not_null && !c->generated)
		refuse(t->path, c->line,
		    "`%s`: a BOOLEAN is NOT NULL; for a third state use an ENUM", c->name);
	if (same(c->name, "deleted_at") && (c->kind != K_INSTANT || c->not_null))
		refuse(t->path, c->line, "deleted_at is DATETIME(6) NULL");
}

static unsigned implied_marks(const struct column *c)
{
	if (same(c->name, "company_id") || same(c->name, "deleted_at"))
		return M_PRIVATE | M_READ;
	if (same(c->name, "created_at") || same(c->name, "updated_at"))
		return M_READ;
	if (is_id(c))
		return c->marks & M_READ ? 0 : M_CREATE;
	return c->kind == K_BYTES ? M_PRIVATE : 0;
}

static const char *implied_doc(const struct column *c)
{
	return is_id(c) ? "Its id, a UUIDv7; a client may choose it when it creates."
	       : same(c->name, "created_at") ? "When it was created."
	       : same(c->name, "updated_at") ? "When it was changed last."
					     : NULL;
}

static const struct column *money_currency(struct gen *g, struct table *t, const struct column *c)
{
	int at = column_find(t, gen_format(g, "%s_currency", c->name));
	if (at < 0 || t->columns[at].kind != K_TEXT || t->columns[at].max != 3)
		refuse(t->path, c->line, "the money `%s` needs its currency: %s_currency CHAR(3)",
		    c->name, c->name);
	if (t->columns[at].not_null != c->not_null)
		refuse(t->path, c->line, "`%s` and its currency must both be NULL or both NOT NULL",
		    c->name);
	t->columns[at].field = (int)t->n_fields;
	return &t->columns[at];
}

size_t field_width(const struct field *f)
{
	return f->kinds ? f->n_kinds : same(f->type, "T_MONEY") ? 2 : 1;
}

/* The columns marked @subject that stand side by side from c on: one field. */
static void field_subject(struct gen *g, struct table *t, struct column *c, struct field *f)
{
	*f = (struct field) { .name = "subject",
		.type = "T_SUBJECT",
		.c_type = "subject",
		.doc = f->doc,
		.kinds = gen_format(g, "%s_subject_kinds", t->noun),
		.column = c,
		.marks = f->marks,
		.nullable = true };
	for (; c < t->columns + t->n_columns && (c->marks & M_SUBJECT); c++) {
		if (!c->parent || c->not_null)
			refuse(t->path, c->line,
			    "`%s`: @subject is for a foreign key that may be NULL", c->name);
		if (f->n_kinds && c->marks != M_SUBJECT)
			refuse(t->path, c->line,
			    "`%s`: the other marks of a subject stand at its first column",
			    c->name);
		for (const struct column *other = f->column; other < c; other++)
			if (other->parent == c->parent)
				refuse(t->path, c->line, "two columns of @subject point to `%s`",
				    c->parent->name);
		c->field = (int)t->n_fields;
		f->n_kinds++;
	}
	if (f->n_kinds < 2 || f->n_kinds > 4) /* SUBJECT_KINDS of base/field.h */
		refuse(t->path, f->column->line,
		    "@subject stands at two to four columns side by side");
}

/* What people call the thing, and the word by which a subject names it. */
static void check_subject(const struct table *t, const struct column *c)
{
	enum { SUBJECT_OBJECT = 16 }; /* as base/value.h has it */
	if (c->parent->id < 0 || c->parent->title < 0)
		refuse(t->path, c->line, "`%s`: @subject needs an id and a @title in `%s`", c->name,
		    c->parent->name);
	if (strlen(c->parent->noun) >= SUBJECT_OBJECT)
		refuse(t->path, c->line, "`%s`: @subject: the noun `%s` is too long", c->name,
		    c->parent->noun);
}

void field_enum(struct gen *g, struct field *f, const struct table *t, const char *column)
{
	f->type = "T_ENUM";
	f->c_type = gen_format(g, "enum %s_%s", t->noun, column);
	f->values = gen_format(g, "%s_%s_names", t->noun, column);
	f->max = 0;
}

static void field_limits(const struct table *t, struct field *f, const struct column *c)
{
	if (c->kind == K_DECIMAL && (c->marks & (M_MIN | M_MAX))) {
		f->min = -INT64_C(999999999999999);
		f->max = INT64_C(999999999999999);
	}
	int64_t low = f->min, high = f->max;
	if (c->marks & M_MIN)
		f->min = c->mark_min;
	if (c->marks & M_MAX)
		f->max = c->mark_max;
	if ((c->marks & (M_MIN | M_MAX)) && (f->min < low || f->max > high || f->min > f->max))
		refuse(t->path, c->line, "`%s`: @min and @max do not fit its type", c->name);
}

static void field_from(struct gen *g, struct table *t, struct column *c)
{
	static const struct {
		const char *type, *c_type;
	} of[] = { [K_UUID] = { "T_ID", "uuid" },
		[K_TEXT] = { "T_TEXT", "str" },
		[K_INT] = { "T_INT", "int64_t" },
		[K_BOOL] = { "T_BOOL", "bool" },
		[K_ENUM] = { "T_ENUM", NULL },
		[K_DECIMAL] = { "T_MONEY", "money" },
		[K_DAY] = { "T_DAY", "day" },
		[K_INSTANT] = { "T_INSTANT", "instant" },
		[K_JSON] = { "T_JSON", "json_text" },
		[K_BYTES] = { "T_BYTES", "str" } };
	struct field f = { .name = c->name,
		.type = of[c->kind].type,
		.c_type = of[c->kind].c_type,
		.doc = c->doc && *c->doc ? c->doc : implied_doc(c),
		.ref = c->ref,
		.column = c,
		.min = c->min,
		.max = c->max,
		.marks = c->marks | implied_marks(c),
		.nullable = !c->not_null };
	bool has_default = c->has_default;
	if (c->kind == K_ENUM)
		field_enum(g, &f, t, c->name);
	if (c->kind == K_DECIMAL)
		money_currency(g, t, c);
	if (c->marks & M_SUBJECT) {
		field_subject(g, t, c, &f);
	} else if (f.ref) {
		f.c_type = gen_format(g, "%s_id", f.ref->noun);
	}
	field_limits(t, &f, c);
	bool writable = !(f.marks & (M_PRIVATE | M_READ)) && !is_id(c);
	f.required = (f.marks & M_REQUIRED) || (writable && c->not_null && !has_default &&
						   c->kind != K_BOOL && !(f.marks & M_OPTIONAL));
	if (!f.doc && !(f.marks & M_PRIVATE))
		refuse(
		    t->path, c->line, "`%s` needs a comment: it becomes the API's text", c->name);
	for (size_t i = 0; i < t->n_fields; i++)
		if (same(t->fields[i].name, f.name))
			refuse(t->path, c->line, "there are two columns `%s`", f.name);
	c->field = (int)t->n_fields;
	PUSH(g, t->fields, t->n_fields) = f;
}

static int marked(const struct table *t, unsigned mark, const char *name)
{
	int found = -1;
	for (size_t i = 0; i < t->n_fields; i++) {
		if (!(t->fields[i].marks & mark))
			continue;
		if (found >= 0)
			refuse(
			    t->path, t->fields[i].column->line, "%s stands at two columns", name);
		found = (int)i;
	}
	return found;
}

/* @belongs on a column that names another row of the table. */
static void check_belongs(struct table *t)
{
	t->belongs = marked(t, M_BELONGS, "@belongs");
	for (size_t i = 0; i < t->n_columns; i++) {
		const struct column *c = &t->columns[i],
				    *by = c->group ? column_of(t, c->group) : NULL;
		if (!c->group)
			continue;
		if (c->ref != t || !t->searched || t->title < 0)
			refuse(t->path, c->line,
			    "`%s`: @belongs needs a foreign key to its own table, which is "
			    "@searched and has a @title",
			    c->name);
		if (!by || by->kind != K_ENUM || !names_have(&by->values, c->group_value))
			refuse(t->path, c->line, "`%s`: @belongs %s %s: there is no such value",
			    c->name, c->group, c->group_value);
		t->group = by->field;
	}
}

static void check_fields(struct gen *g, struct table *t)
{
	/* The currency is found first, wherever it stands. */
	for (size_t i = 0; i < t->n_columns; i++)
		if (t->columns[i].kind == K_DECIMAL && !t->columns[i].generated)
			money_currency(g, t, &t->columns[i]);
	for (size_t i = 0; i < t->n_columns; i++) {
		struct column *c = &t->columns[i];
		if (is_id(c))
			c->ref = t;
		if (same(c->name, "company_id") && !c->ref && c->kind == K_UUID)
			c->ref = table_find(g, "companies");
		check_marks(t, c);
		if (!c->generated && c->field < 0)
			field_from(g, t, c);
	}
	int id = column_find(t, "id");
	t->id = id >= 0 && is_id(&t->columns[id]) ? t->columns[id].field : -1;
	t->soft_delete = column_find(t, "deleted_at") >= 0;
	t->owner = marked(t, M_OWNER, "@owner");
	t->team = marked(t, M_TEAM, "@team");
	t->title = marked(t, M_TITLE, "@title");
	check_belongs(t);
	if (t->n_fields == 0)
		refuse(t->path, t->line, "`%s` has generated columns only", t->name);
}

static void check_parents(struct gen *g, struct table *t)
{
	for (size_t i = 0; i < t->n_parents; i++) {
		struct within *w = &t->parents[i];
		const struct column *c = column_of(t, w->column);
		w->ref = table_find(g, w->table);
		if (!w->ref || !c || c->parent != w->ref || c->field < 0)
			refuse(t->path, t->line, "@within %s(%s): there is no such foreign key",
			    w->table, w->column);
		w->at = (size_t)c->field;
	}
}

/* Is it found in the rows of another table, which repeat its own in a searched document? */
static bool found_elsewhere(const struct gen *g, const struct table *t)
{
	for (size_t i = 0; i < g->n_tables; i++)
		for (size_t j = 0; j < g->tables[i]->n_columns; j++) {
			const struct column *c = &g->tables[i]->columns[j];
			if ((c->marks & M_SEARCH) && c->items.n && same(c->items.v[0], t->name))
				return true;
		}
	return false;
}

static void check_searched(const struct gen *g, const struct table *t)
{
	const struct column *first = NULL;
	for (size_t j = 0; j < t->n_columns && !first; j++)
		if (t->columns[j].marks & M_SEARCH)
			first = &t->columns[j];
	if (first && !t->searched && !found_elsewhere(g, t))
		refuse(t->path, first->line,
		    "`%s`: @search needs the mark @searched at its table, or a searched document "
		    "of its rows",
		    first->name);
	if (!t->searched)
		return;
	if (!first || t->id < 0 || t->global || t->unlogged)
		refuse(t->path, t->line,
		    "@searched is for a company's table with an id, with changes in the log and "
		    "with a @search column");
	for (size_t i = 0; g->tables[i] != t; i++)
		if (g->tables[i]->searched == t->searched)
			refuse(t->path, t->line, "@searched %d: `%s` has this number",
			    (int)t->searched, g->tables[i]->name);
}

/* @found on a column that names rows of searched tables. */
static void check_found(const struct gen *g, const struct table *t, const struct column *c)
{
	if (!c->found.n)
		refuse(t->path, c->line, "`%s`: @found needs a table", c->name);
	if (c->kind != K_UUID || (c->marks & (M_PRIVATE | M_SUBJECT)))
		refuse(t->path, c->line, "`%s`: @found is for an id that is shown", c->name);
	if (t->searched || t->id < 0 || t->global)
		refuse(t->path, c->line,
		    "`%s`: @found is for a company's table with an id that is not @searched itself",
		    c->name);
	for (size_t i = 0; i < c->found.n; i++) {
		const char *name = c->found.v[i];
		const struct table *of = table_find(g, name);
		if (!of || !of->searched)
			refuse(t->path, c->line,
			    "`%s`: @found %s: there is no such table that is @searched", c->name,
			    name);
		if (c->parent && (c->parent != of || c->found.n > 1))
			refuse(t->path, c->line, "`%s`: @found %s: it names rows of `%s`", c->name,
			    name, c->parent->name);
		for (size_t j = 0; j < i; j++)
			if (same(c->found.v[j], name))
				refuse(t->path, c->line, "`%s`: @found %s stands twice", c->name,
				    name);
	}
}

void schema_resolve(struct gen *g)
{
	for (size_t i = 0; i < g->n_tables; i++)
		check_noun(g, g->tables[i]);
	for (size_t i = 0; i < g->n_tables; i++) {
		struct table *t = g->tables[i];
		check_keys(t);
		for (size_t j = 0; j < t->n_foreigns; j++)
			check_foreign(g, t, &t->foreigns[j]);
	}
	for (size_t i = 0; i < g->n_tables; i++)
		check_fields(g, g->tables[i]);
	for (size_t i = 0; i < g->n_tables; i++) {
		struct table *t = g->tables[i];
		check_parents(g, t);
		for (size_t j = 0; j < t->n_columns; j++) {
			if (t->columns[j].marks & M_SUBJECT)
				check_subject(t, &t->columns[j]);
			if (t->columns[j].marks & M_ITEMS)
				items_resolve(g, t, &t->columns[j]);
			if (t->columns[j].marks & M_FOUND)
				check_found(g, t, &t->columns[j]);
		}
	}
	for (size_t i = 0; i < g->n_tables; i++)
		check_searched(g, g->tables[i]);
}
