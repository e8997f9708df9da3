/*
 * emit.c: schema.h and schema.c. The shapes are those of base/field.h and core/table.h; the typed
 * wrappers stand over row_get and its kin, which core/row.c defines.
 */
#include "gen.h"
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

void emit_text(FILE *f, const char *text)
{
	fputc('"', f);
	for (const char *p = text; *p; p++) {
		unsigned char c = (unsigned char)*p;
		if (c == '\n')
			fputs(p[1] ? "\\n\"\n\t\"" : "\\n", f);
		else if (c == '"' || c == '\\' || (c == '?' && p[1] == '?'))
			fprintf(f, "\\%c", c);
		else if (c < 32 || c == 127)
			fprintf(f, "\\%03o", c);
		else
			fputc(c, f);
	}
	fputc('"', f);
}

static void upper(FILE *f, const char *text)
{
	for (; *text; text++)
		fputc(toupper((unsigned char)*text), f);
}

static void emit_number(FILE *f, const char *name, int64_t n)
{
	fprintf(f, ", .%s = INT64_C(%" PRId64 ")", name, n);
}

/* `offset` is the offsetof expression; `flags` may be empty. */
void emit_field(FILE *f, const struct field *field, const char *flags, const char *offset)
{
	fprintf(f, "{ .name = \"%s\", .type = %s, .offset = %s", field->name, field->type, offset);
	if (*flags)
		fprintf(f, ", .flags = %s", flags);
	if (field->min || field->max) {
		emit_number(f, "min", field->min);
		emit_number(f, "max", field->max);
	}
	if (field->values)
		fprintf(f, ", .names = %s", field->values);
	if (field->kinds)
		fprintf(f, ", .kinds = %s, .n_kinds = %zu", field->kinds, field->n_kinds);
	if (field->ref)
		fprintf(f, ", .ref = &%s_table", field->ref->name);
	if (field->column && field->column->item)
		fprintf(f, ", .item = &(const struct field){ %s }", field->column->item);
	if (field->column && field->column->example) {
		fputs(", .example = ", f);
		emit_text(f, field->column->example);
	}
	if (field->column && field->column->weight)
		fprintf(f, ", .weight = %" PRId64, field->column->weight);
	if (field->doc) {
		fputs(", .doc = ", f);
		emit_text(f, field->doc);
	}
	fputs(" }", f);
}

enum use { USE_ROW, USE_CREATE, USE_UPDATE };

static bool is_id(const struct table *t, const struct field *field)
{
	return t->id >= 0 && field == &t->fields[t->id];
}

static bool in_use(const struct table *t, const struct field *field, enum use use)
{
	if (use == USE_ROW || (use == USE_UPDATE && is_id(t, field)))
		return true;
	if (field->marks & (M_PRIVATE | M_READ))
		return false;
	return use == USE_CREATE || !(field->marks & M_CREATE);
}

static const char *flags_of(
    const struct table *t, const struct field *field, enum use use, char out[256])
{
	static const struct {
		unsigned mark;
		const char *flag;
	} plain[] = { { M_PRIVATE, "F_PRIVATE" }, { M_READ, "F_READ_ONLY" },
		{ M_CREATE, "F_CREATE_ONLY" }, { M_EMAIL, "F_EMAIL" }, { M_OWNER, "F_OWNER" },
		{ M_TEAM, "F_TEAM" }, { M_SEARCH, "F_SEARCHED" }, { M_MULTILINE, "F_MULTILINE" },
		{ M_LIST, "F_ARRAY" } };
	bool required = use == USE_UPDATE ? is_id(t, field) : field->required;
	bool nullable = field->nullable && (use == USE_ROW || !field->required);
	char *p = out;
	*p = 0;
	if (required)
		p = stpcpy(p, " | F_REQUIRED");
	if (nullable)
		p = stpcpy(p, " | F_NULLABLE");
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if ((field->marks & plain[i].mark) &&
		    !(use == USE_UPDATE && plain[i].mark == M_CREATE))
			p = stpcpy(stpcpy(p, " | "), plain[i].flag);
	return *out ? out + 3 : out;
}

static void emit_use(
    FILE *f, const struct table *t, enum use use, const char *offset, const char *end)
{
	char flags[256], at[256];
	const char *separator = "";
	for (int pass = 0; pass < 2; pass++) /* the id comes first */
		for (size_t i = 0; i < t->n_fields; i++) {
			const struct field *field = &t->fields[i];
			bool first = use != USE_ROW && is_id(t, field);
			if (first != (pass == 0) || !in_use(t, field, use))
				continue;
			snprintf(at, sizeof at, "offsetof(%s%s)", offset, field->name);
			fprintf(f, "%s%s\t", separator, end);
			emit_field(f, field, flags_of(t, field, use, flags), at);
			separator = ",";
		}
}

static unsigned count_use(const struct table *t, enum use use)
{
	unsigned n = 0;
	for (size_t i = 0; i < t->n_fields; i++)
		n += in_use(t, &t->fields[i], use);
	return n;
}

static void emit_enum(FILE *f, const struct table *t, const struct column *c)
{
	char name[256];
	snprintf(name, sizeof name, "%s_%s", t->noun, c->name);
	fprintf(f, "\nenum %s {\n\t", name);
	upper(f, name);
	fputs(names_have(&c->values, "none") ? "_UNSET" : "_NONE", f);
	for (size_t i = 0; i < c->values.n; i++) {
		fputs(",\n\t", f);
		upper(f, name);
		fputc('_', f);
		upper(f, c->values.v[i]);
	}
	fprintf(f,
	    "\n};\nextern const char *const %s_names[];   /* NULL-terminated; [0] is \"\" */\n",
	    name);
	fprintf(f, "static inline const char *%s_name(enum %s v)\n{\n", name, name);
	fprintf(
	    f, "\treturn (unsigned int)v <= %zuU ? %s_names[v] : \"\";\n}\n", c->values.n, name);
}

static void emit_inputs_macro(FILE *f, const struct table *t, enum use use)
{
	if (count_use(t, use) == 0)
		return;
	fputs("\n#define ", f);
	upper(f, t->noun);
	fprintf(f, "_%s_FIELDS(S, m)", use == USE_CREATE ? "CREATE" : "UPDATE");
	emit_use(f, t, use, "struct S, m.", " \\\n");
	fputc('\n', f);
}

static void emit_access(FILE *f, const struct table *t)
{
	const char *noun = t->noun, *name = t->name;
	const char *const by_row[] = { "insert", "update" };
	const char *const by_id_row[] = { "get", "lock", "lock_any", "lock_deleted" };
	const char *const by_id[] = { "delete", "restore" };
	for (int i = 0; i < (t->id >= 0 ? 2 : 1); i++)
		fprintf(f,
		    "static inline MUST_CHECK error %s_%s(struct call *call, struct %s *row)\n"
		    "{\n\treturn row_%s(call, &%s_table, row);\n}\n",
		    noun, by_row[i], noun, by_row[i], name);
	fprintf(f,
	    "static inline MUST_CHECK error %s_insert_all(struct call *call, struct %s *rows, "
	    "size_t n)\n"
	    "{\n\treturn rows_insert(call, &%s_table, rows, n);\n}\n",
	    name, noun, name);
	if (t->id < 0)
		return;
	for (int i = 0; i < (t->soft_delete ? 4 : 3); i++)
		fprintf(f,
		    "static inline MUST_CHECK error %s_%s(struct call *call, %s_id id, struct %s "
		    "*out)\n"
		    "{\n\treturn row_%s(call, &%s_table, id.text, out);\n}\n",
		    noun, by_id_row[i], noun, noun, by_id_row[i], name);
	for (int i = 0; i < (t->soft_delete ? 2 : 1); i++)
		fprintf(f,
		    "static inline MUST_CHECK error %s_%s(struct call *call, %s_id id)\n"
		    "{\n\treturn row_%s(call, &%s_table, id.text);\n}\n",
		    noun, by_id[i], noun, by_id[i], name);
}

static void emit_table_h(FILE *f, const struct table *t)
{
	fprintf(f, "\n/* %s (noun %s) */\n\nstruct %s {\n", t->name, t->noun, t->noun);
	for (size_t i = 0; i < t->n_fields; i++)
		fprintf(f, "\t%s %s;\n", t->fields[i].c_type, t->fields[i].name);
	fprintf(f, "};\n\nenum %s_column {\n", t->name);
	for (size_t i = 0; i < t->n_fields; i++)
		fprintf(f, "\t%s_column_%s,\n", t->name, t->fields[i].name);
	fprintf(f, "};\nextern const struct field %s_columns[];\n", t->name);
	for (size_t i = 0; i < t->n_fields; i++)
		if (t->fields[i].kinds)
			fprintf(f, "extern const struct subject_kind %s[];\n", t->fields[i].kinds);
	emit_inputs_macro(f, t, USE_CREATE);
	if (t->id >= 0)
		emit_inputs_macro(f, t, USE_UPDATE);
	fputc('\n', f);
	emit_access(f, t);
}

static void emit_generics(FILE *f, const struct gen *g)
{
	fputs(
	    "\n/* The field type of an expression, and the table that an id points into. */\n"
	    "#define FIELD_TYPE_OF(x) _Generic((x), str: T_TEXT, int64_t: T_INT, bool: T_BOOL, \\\n"
	    "\tunsigned int: T_ENUM, money: T_MONEY, day: T_DAY, instant: T_INSTANT, \\\n"
	    "\tjson_text: T_JSON, subject: T_SUBJECT, list: T_LIST, uuid: T_ID",
	    f);
	for (size_t i = 0; i < g->n_tables; i++)
		if (g->tables[i]->id >= 0)
			fprintf(f, ", \\\n\t%s_id: T_ID", g->tables[i]->noun);
	fputs(")\n#define FIELD_REF_OF(x) _Generic((x)", f);
	for (size_t i = 0; i < g->n_tables; i++)
		if (g->tables[i]->id >= 0)
			fprintf(
			    f, ", \\\n\t%s_id: &%s_table", g->tables[i]->noun, g->tables[i]->name);
	fputs(", \\\n\tdefault: (const struct table *)0)\n", f);
}

static const struct {
	const char *name, *arguments;
} access[] = { { "row_get", "const char id[37], void *row" },
	{ "row_lock", "const char id[37], void *row" },
	{ "row_lock_any", "const char id[37], void *row" },
	{ "row_lock_deleted", "const char id[37], void *row" }, { "row_insert", "void *row" },
	{ "rows_insert", "void *rows, size_t n" }, { "row_update", "void *row" },
	{ "row_delete", "const char id[37]" }, { "row_restore", "const char id[37]" } };

static uint32_t hash_text(uint32_t hash, const char *text)
{
	for (const char *p = text ? text : ""; *p; p++)
		hash = (hash ^ (unsigned char)*p) * UINT32_C(0x01000193); /* FNV-1a */
	return hash;
}

/* What is searched of which rows, as a number: with another one the index is made anew
 * (core/search_renew.h). Marks are comments, which schema_hash does not count. */
static void emit_searched(FILE *f, const struct gen *g)
{
	enum { BITS = 22 };
	uint32_t hash = UINT32_C(0x811c9dc5);
	char text[64];
	for (size_t i = 0; i < g->n_tables; i++) {
		const struct table *t = g->tables[i];
		const struct column *title = t->title < 0 ? NULL : t->fields[t->title].column;
		for (size_t j = 0; j < t->n_columns; j++) {
			const struct column *c = &t->columns[j];
			if (!(c->marks & M_SEARCH) && !(t->searched && c->group_value))
				continue;
			snprintf(text, sizeof text, " %" PRId64 " %" PRId64 "%s ", t->searched,
			    c->weight, c == title ? " title" : "");
			hash = hash_text(hash_text(hash, t->name), text);
			hash = hash_text(hash_text(hash, c->name), c->group_value);
		}
	}
	fprintf(f, "\nenum { SEARCHED_BITS = %d, SEARCHED_COLUMNS = %u };\n", BITS,
	    (unsigned)(hash & ((1u << BITS) - 1)));
}

void emit_schema_h(FILE *f, const struct gen *g)
{
	fputs("#pragma once\n#include \"base/error.h\"\n#include \"base/value.h\"\n"
	      "#include \"core/table.h\"\n\nstruct call;\n\n",
	    f);
	for (size_t i = 0; i < g->n_tables; i++)
		if (g->tables[i]->id >= 0)
			fprintf(
			    f, "typedef struct { char text[37]; } %s_id;\n", g->tables[i]->noun);
	for (size_t i = 0; i < g->n_tables; i++)
		fprintf(f, "extern const struct table %s_table;\n", g->tables[i]->name);
	fputs(
	    "\n/* The descriptor of a column: COLUMN(contacts, owner_id). */\n"
	    "#define COLUMN(table, column) (&table##_columns[table##_column_##column])\n\n"
	    "/* core/row.h says what these do; below, each table has them with its own types. */\n",
	    f);
	for (size_t i = 0; i < sizeof access / sizeof *access; i++)
		fprintf(f, "MUST_CHECK error %s(struct call *, const struct table *, %s);\n",
		    access[i].name, access[i].arguments);
	fputs("\nstruct schema_migration {\n\tunsigned int number;\n\tconst char *name;\n"
	      "\tconst char *sql;\n};\n"
	      "extern const char *const schema_statements[];              /* NULL-terminated */\n"
	      "extern const struct schema_migration schema_migrations[];  /* ended by number 0 */\n"
	      "extern const char schema_hash[];                           /* 16 hex digits */\n",
	    f);
	emit_searched(f, g);
	for (size_t i = 0; i < g->n_tables; i++)
		for (size_t j = 0; j < g->tables[i]->n_columns; j++)
			if (g->tables[i]->columns[j].kind == K_ENUM &&
			    !g->tables[i]->columns[j].generated)
				emit_enum(f, g->tables[i], &g->tables[i]->columns[j]);
	for (size_t i = 0; i < g->n_tables; i++)
		emit_table_h(f, g->tables[i]);
	emit_generics(f, g);
}

static void emit_array(FILE *f, const struct table *t, enum use use, const char *name)
{
	char offset[256];
	if (count_use(t, use) == 0)
		return;
	snprintf(offset, sizeof offset, "struct %s, ", t->noun);
	fprintf(f, "\n%sconst struct field %s_%s[] = {", use == USE_ROW ? "" : "static ", t->name,
	    name);
	emit_use(f, t, use, offset, "\n");
	fputs("\n};\n", f);
}

static void emit_set(
    FILE *f, const struct table *t, enum use use, const char *set, const char *array)
{
	unsigned n = count_use(t, use);
	fprintf(f, "\t.%s = { ", set);
	if (n)
		fprintf(f, "%s_%s", t->name, array);
	else
		fputs("0", f);
	fprintf(f, ", %u, sizeof(struct %s) },\n", n, t->noun);
}

static int field_named(const struct table *t, const char *name, const char *type)
{
	for (size_t i = 0; i < t->n_fields; i++)
		if (!strcmp(t->fields[i].name, name) && !strcmp(t->fields[i].type, type))
			return (int)i;
	return -1;
}

static void emit_pointer(FILE *f, const struct table *t, const char *member, int at)
{
	if (at >= 0)
		fprintf(f, "\t.%s = COLUMN(%s, %s),\n", member, t->name, t->fields[at].name);
}

/* The value as the row struct has it: the first one is 1. */
static void emit_group(FILE *f, const struct table *t)
{
	if (t->belongs < 0)
		return;
	const struct column *c = t->fields[t->belongs].column;
	const struct names *values = &t->fields[t->group].column->values;
	size_t at = 0;
	while (strcmp(values->v[at], c->group_value) != 0)
		at++;
	emit_pointer(f, t, "belongs", t->belongs);
	emit_pointer(f, t, "group", t->group);
	fprintf(f, "\t.group_value = %zu,\n", at + 1);
}

/* By which rows of others a row is found; returns how many. */
static size_t emit_found(FILE *f, const struct table *t)
{
	size_t n = 0;
	for (size_t i = 0; i < t->n_columns; i++)
		for (size_t k = 0; k < t->columns[i].found.n; k++) {
			if (!n++)
				fprintf(f, "\nstatic const struct table_found %s_found[] = {\n",
				    t->name);
			fprintf(f, "\t{ COLUMN(%s, %s), &%s_table },\n", t->name,
			    t->columns[i].name, t->columns[i].found.v[k]);
		}
	if (n)
		fputs("};\n", f);
	return n;
}

static void emit_kinds(FILE *f, const struct field *field)
{
	fprintf(f, "\nconst struct subject_kind %s[] = {\n", field->kinds);
	for (size_t i = 0; i < field->n_kinds; i++) {
		const struct column *c = &field->column[i];
		fprintf(f, "\t{ \"%s\", &(const struct field) ", c->parent->noun);
		emit_field(f,
		    &(struct field) {
			.name = c->name, .type = "T_ID", .ref = c->parent, .doc = c->doc },
		    "F_NULLABLE", "0");
		fputs(" },\n", f);
	}
	fputs("};\n", f);
}

static void emit_table_c(FILE *f, const struct table *t)
{
	for (size_t i = 0; i < t->n_fields; i++)
		if (t->fields[i].kinds)
			emit_kinds(f, &t->fields[i]);
	emit_array(f, t, USE_ROW, "columns");
	emit_array(f, t, USE_CREATE, "create_fields");
	if (t->id >= 0)
		emit_array(f, t, USE_UPDATE, "update_fields");
	if (t->n_parents) {
		fprintf(f, "\nstatic const struct table_parent %s_parents[] = {\n", t->name);
		for (size_t i = 0; i < t->n_parents; i++)
			fprintf(f, "\t{ &%s_table, COLUMN(%s, %s), \"%s\" },\n",
			    t->parents[i].table, t->name, t->fields[t->parents[i].at].name,
			    t->parents[i].column);
		fputs("};\n", f);
	}
	size_t n_found = emit_found(f, t);
	fprintf(f,
	    "\nconst struct table %s_table = {\n\t.name = \"%s\",\n\t.noun = \"%s\",\n"
	    "\t.object = \"%s\",\n",
	    t->name, t->name, t->noun, t->object);
	emit_set(f, t, USE_ROW, "columns", "columns");
	emit_pointer(f, t, "id", t->id);
	emit_pointer(f, t, "owner", t->owner);
	emit_pointer(f, t, "team", t->team);
	emit_pointer(f, t, "title", t->title);
	emit_pointer(f, t, "company", field_named(t, "company_id", "T_ID"));
	emit_pointer(f, t, "created_at", field_named(t, "created_at", "T_INSTANT"));
	emit_pointer(f, t, "updated_at", field_named(t, "updated_at", "T_INSTANT"));
	emit_pointer(f, t, "deleted_at", field_named(t, "deleted_at", "T_INSTANT"));
	if (t->n_parents)
		fprintf(
		    f, "\t.parents = %s_parents,\n\t.n_parents = %zu,\n", t->name, t->n_parents);
	emit_group(f, t);
	if (n_found)
		fprintf(f, "\t.found = %s_found,\n\t.n_found = %zu,\n", t->name, n_found);
	if (t->searched)
		fprintf(f, "\t.searched = %" PRId64 ",\n", t->searched);
	fprintf(f, "\t.soft_delete = %s,\n\t.tenant = %s,\n\t.logged = %s,\n",
	    t->soft_delete ? "true" : "false", t->global ? "false" : "true",
	    t->unlogged ? "false" : "true");
	emit_set(f, t, USE_CREATE, "create_input", "create_fields");
	if (t->id >= 0)
		emit_set(f, t, USE_UPDATE, "update_input", "update_fields");
	fputs("\t.doc = ", f);
	emit_text(f, t->doc);
	fputs(",\n};\n", f);
}

void emit_schema_c(FILE *f, const struct gen *g)
{
	fputs("#include \"schema.h\"\n", f);
	for (size_t i = 0; i < g->n_tables; i++)
		for (size_t j = 0; j < g->tables[i]->n_columns; j++) {
			const struct column *c = &g->tables[i]->columns[j];
			if (c->kind != K_ENUM || c->generated)
				continue;
			fprintf(f, "\nconst char *const %s_%s_names[] = { \"\"", g->tables[i]->noun,
			    c->name);
			for (size_t k = 0; k < c->values.n; k++)
				fprintf(f, ", \"%s\"", c->values.v[k]);
			fputs(", NULL };\n", f);
		}
	for (size_t i = 0; i < g->n_tables; i++)
		emit_table_c(f, g->tables[i]);
	fputs("\nconst struct table *const all_tables[] = {\n", f);
	for (size_t i = 0; i < g->n_tables; i++)
		fprintf(f, "\t&%s_table,\n", g->tables[i]->name);
	fputs("\tNULL\n};\n\nconst char *const schema_statements[] = {\n", f);
	for (size_t i = 0; i < g->n_tables; i++) {
		fputs("\t", f);
		emit_text(f, g->tables[i]->sql);
		fputs(",\n", f);
	}
	fputs("\tNULL\n};\n\nconst struct schema_migration schema_migrations[] = {\n", f);
	for (size_t i = 0; i < g->n_migrations; i++) {
		fprintf(f, "\t{ %u, \"%s\",\n\t", g->migrations[i].number, g->migrations[i].name);
		emit_text(f, g->migrations[i].sql);
		fputs(" },\n", f);
	}
	fprintf(f, "\t{ 0, NULL, NULL }\n};\n\nconst char schema_hash[] = \"%016" PRIx64 "\";\n",
	    g->hash);
}
