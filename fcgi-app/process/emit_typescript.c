/* emit_typescript.c: see emit_typescript.h. */
#include "process/emit_typescript.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "http/http.h"
#include "process/contract.h"

enum { TABLES = 100 };

struct typescript {
	struct arena *a;
	struct buf *out;
	const struct table *own;            /* whose row it is that is being written */
	bool rows[TABLES], written[TABLES]; /* by index in all_tables: its row is named, is there */
	bool ids[TABLES];                   /* its id is named */
};

static size_t index_of(const struct table *table)
{
	size_t i = 0;
	while (all_tables[i] != table)
		i++;
	return i;
}

static const char *row_name(struct typescript *ts, const struct table *table)
{
	ts->rows[index_of(table)] = true;
	return contract_camel(ts->a, table->noun);
}

static const char *id_name(struct typescript *ts, const struct table *table)
{
	if (!table)
		return "string";
	ts->ids[index_of(table)] = true;
	return arena_printf(ts->a, "%sId", contract_camel(ts->a, table->noun));
}

/* ---- one value ---- */

static void write_members(struct typescript *ts, const struct field_set *set, bool input);

static void write_names(struct typescript *ts, const char *const *names)
{
	for (size_t i = 1; names[i]; i++)
		buf_printf(ts->out, "%s'%s'", i > 1 ? " | " : "", names[i]);
}

/* The items of a list of another table's rows are what changing one of those takes. */
static const struct table *table_of_items(const struct field_set *set)
{
	for (size_t i = 0; all_tables[i]; i++)
		if (&all_tables[i]->update_input == set)
			return all_tables[i];
	return NULL;
}

static void write_object(struct typescript *ts, const struct field_set *set, bool input)
{
	const struct table *outer = ts->own;
	ts->own = table_of_items(set);
	buf_text(ts->out, "{ ");
	write_members(ts, set, input);
	buf_text(ts->out, "}");
	ts->own = outer;
}

static void write_subject(struct typescript *ts, const struct field *f)
{
	for (uint32_t i = 0; i < f->n_kinds; i++)
		buf_printf(ts->out, "%s{ object: '%s'; id: %s }", i ? " | " : "",
		    f->kinds[i].object, id_name(ts, f->kinds[i].column->ref));
}

static void write_type(struct typescript *ts, const struct field *f, bool input)
{
	const struct field *rule = field_rule(f);
	const struct table *ref = f->ref ? f->ref : rule->ref;
	const char *array = input ? "readonly " : "";
	switch (f->type) {
	case T_ID:
		ref = ref ? ref : !strcmp(f->name ? f->name : "", "id") ? ts->own : NULL;
		buf_text(ts->out, id_name(ts, ref));
		return;
	case T_TEXT:
		if (rule->names)
			write_names(ts, rule->names);
		else
			buf_text(ts->out, "string");
		return;
	case T_ENUM: write_names(ts, rule->names); return;
	case T_INT: buf_text(ts->out, "number"); return;
	case T_BOOL: buf_text(ts->out, "boolean"); return;
	case T_MONEY: buf_text(ts->out, "Money"); return;
	case T_DAY: buf_text(ts->out, "Day"); return;
	case T_INSTANT: buf_text(ts->out, "Instant"); return;
	case T_SUBJECT: write_subject(ts, rule); return;
	case T_IDS: buf_printf(ts->out, "%s%s[]", array, id_name(ts, ref)); return;
	case T_TEXTS: buf_text(ts->out, "string[]"); return;
	case T_JSON:
		if (!rule->item) {
			buf_text(ts->out, "unknown");
			return;
		}
		/* Of a union [] would belong to its last part. */
		buf_printf(ts->out, "%s%s", array, field_rule(rule->item)->names ? "(" : "");
		write_type(ts, rule->item, input);
		buf_printf(ts->out, "%s[]", field_rule(rule->item)->names ? ")" : "");
		return;
	case T_LIST:
		buf_text(ts->out, array);
		write_object(ts, f->of, input);
		buf_text(ts->out, "[]");
		return;
	case T_OBJECT: write_object(ts, f->of, input); return;
	case T_MAP:
		buf_text(ts->out, "{ [name: string]: ");
		write_type(ts, &f->of->v[1], input);
		buf_text(ts->out, " }");
		return;
	case T_ROW: buf_text(ts->out, row_name(ts, f->ref)); return;
	case T_BYTES: break;
	}
	buf_text(ts->out, "never");
}

/* In one line; what an input need not have may be left out, and be null where that means none. */
static void write_members(struct typescript *ts, const struct field_set *set, bool input)
{
	for (uint32_t i = 0; i < set->n; i++) {
		const struct field *f = &set->v[i];
		if (f->flags & F_PRIVATE)
			continue;
		bool optional = input ? !(f->flags & F_REQUIRED) : contract_answer_left_out(f);
		bool null = input ? optional && (f->flags & F_NULLABLE) : contract_answer_null(f);
		buf_printf(ts->out, "%s%s: ", f->name, optional ? "?" : "");
		write_type(ts, f, input);
		buf_text(ts->out, null ? " | null; " : "; ");
	}
}

static void write_doc(struct typescript *ts, const char *indent, const char *doc)
{
	if (doc)
		buf_printf(ts->out, "%s/** %s */\n", indent, doc);
}

/* ---- rows ---- */

static void write_answer_members(struct typescript *ts, const struct field_set *set)
{
	for (uint32_t i = 0; i < set->n; i++) {
		const struct field *f = &set->v[i];
		if (f->flags & F_PRIVATE)
			continue;
		write_doc(ts, "\t", f->doc ? f->doc : field_rule(f)->doc);
		buf_printf(ts->out, "\t%s%s: ", f->name, contract_answer_left_out(f) ? "?" : "");
		write_type(ts, f, false);
		buf_text(ts->out, contract_answer_null(f) ? " | null;\n" : ";\n");
	}
}

/* A row in another one is told without its documents. */
static void write_expanded(struct typescript *ts, const struct table *table)
{
	const char *between = "Omit<%s, ", *name = row_name(ts, table);
	bool any = false;
	for (uint32_t i = 0; i < table->columns.n; i++) {
		const struct field *f = &table->columns.v[i];
		if (f->type != T_JSON || (f->flags & F_PRIVATE))
			continue;
		buf_text(ts->out, any ? " | " : arena_printf(ts->a, between, name));
		buf_printf(ts->out, "'%s'", f->name);
		any = true;
	}
	buf_text(ts->out, any ? ">" : name);
}

static void write_row(struct typescript *ts, const struct table *table)
{
	const char *camel = contract_camel(ts->a, table->noun), *expand, *name;
	const struct field *f;
	ts->own = table;
	buf_char(ts->out, '\n');
	write_doc(ts, "", table->doc);
	buf_printf(ts->out, "export interface %s {\n", camel);
	write_answer_members(ts, &table->columns);
	buf_printf(ts->out,
	    "}\n/** What `expand` adds to a row. */\nexport interface %sExpansions {\n", camel);
	for (size_t i = 0; (f = contract_expansion(ts->a, table, i, &expand, &name)); i++) {
		buf_printf(ts->out, "\t%s: { %s: ", expand, name);
		if (f->type == T_SUBJECT)
			buf_text(ts->out, "string");
		else
			write_expanded(ts, f->ref);
		buf_text(ts->out, " | null };\n");
	}
	buf_text(ts->out, "}\n");
	ts->own = NULL;
}

/* Rows name other rows. */
static void write_rows(struct typescript *ts)
{
	for (bool again = true; again;) {
		again = false;
		for (size_t i = 0; all_tables[i]; i++)
			if (ts->rows[i] && !ts->written[i]) {
				ts->written[i] = again = true;
				write_row(ts, all_tables[i]);
			}
	}
}

/* ---- operations ---- */

static const char *camel_of(struct typescript *ts, const struct contract *c)
{
	return contract_camel(ts->a, c->op->name);
}

static void write_input_members(struct typescript *ts, const struct contract_members *members)
{
	for (size_t i = 0; i < members->n; i++) {
		const struct contract_member *m = &members->v[i];
		if (m->fields || m->expand)
			continue; /* they decide what the answer is: see write_method() */
		write_doc(ts, "\t", m->doc);
		buf_printf(ts->out, "\t%s%s: ", m->name, m->required ? "" : "?");
		if (m->sorts) {
			buf_text(ts->out, "Sort<");
			for (size_t s = 0; m->sorts[s]; s++)
				buf_printf(ts->out, "%s'%s'", s ? " | " : "",
				    m->sorts[s] + (m->sorts[s][0] == '-'));
			buf_text(ts->out, ">");
		} else {
			buf_text(ts->out, m->several ? "Several<" : "");
			write_type(ts, m->field, true);
			buf_text(ts->out, m->several ? ">" : "");
		}
		buf_text(ts->out, m->nullable ? " | null;\n" : ";\n");
	}
}

static bool has_required(const struct contract *c)
{
	bool any = c->in_path.n > 0 || c->body == BODY_FILE;
	for (size_t i = 0; i < c->in_query.n; i++)
		any = any || c->in_query.v[i].required;
	for (size_t i = 0; i < c->in_body.n; i++)
		any = any || c->in_body.v[i].required;
	return any;
}

static void write_input(struct typescript *ts, const struct contract *c)
{
	ts->own = c->op->table;
	buf_printf(ts->out, "\nexport interface %sInput {\n", camel_of(ts, c));
	write_input_members(ts, &c->in_path);
	write_input_members(ts, &c->in_query);
	if (c->body == BODY_FILE)
		buf_text(ts->out, "\t/** The file */\n\tfile: Blob;\n");
	if (c->body == BODY_SEARCH)
		buf_printf(ts->out,
		    "\t/** Conditions, nested */\n\twhere?: Where<Filters<%sListInput>>;\n",
		    contract_camel(ts->a, c->group));
	write_input_members(ts, &c->in_body);
	buf_text(ts->out, "}\n");
	if (c->op->answer != ANSWER_NOTHING && c->op->out.n) {
		buf_printf(ts->out, "export interface %sAnswer {\n", camel_of(ts, c));
		write_answer_members(ts, &c->op->out);
		buf_text(ts->out, "}\n");
	}
	ts->own = NULL;
}

/* `row`: what stands for the row of the answer. */
static const char *answer_of(struct typescript *ts, const struct contract *c, const char *row)
{
	const char *version = c->versioned ? " & Versioned" : "", *more = "";
	if (c->op->out.n)
		more = arena_printf(ts->a, "%sAnswer", camel_of(ts, c));
	switch (c->op->answer) {
	case ANSWER_NOTHING: return "void";
	case ANSWER_OBJECT: return arena_printf(ts->a, "%s%s", more[0] ? more : "{}", version);
	case ANSWER_LIST: return arena_printf(ts->a, "Page<%s>", row);
	case ANSWER_ROW: break;
	}
	if (more[0])
		more = arena_printf(ts->a, " & %s", more);
	if (c->op->kind == QUERY_KIND)
		return arena_printf(ts->a, "%s%s", row, more);
	return arena_printf(
	    ts->a, "Written<%s, %s>%s%s", row, id_name(ts, c->op->table), more, version);
}

static bool has_row(const struct contract *c)
{
	return c->op->answer == ANSWER_ROW || c->op->answer == ANSWER_LIST;
}

static bool is_watched(const struct contract *c) { return c->waits && !operation_is_open(c->op); }

static void write_method(struct typescript *ts, const struct contract *c)
{
	const char *kind = c->op->kind == MUTATION_KIND ? "Mutation"
			   : is_watched(c)              ? "Query"
							: "Call";
	const char *ask = has_required(c) ? "" : "?", *row = NULL, *shape = "";
	buf_printf(
	    ts->out, "\t\t/** %s. %s %s */\n\t\t%s", c->op->summary, c->method, c->path, c->verb);
	if (has_row(c)) {
		const char *camel = row_name(ts, c->op->table);
		row = arena_printf(ts->a, "Shaped<%s, %sExpansions, F, E>", camel, camel);
		shape = " & Shape<F, E>";
		buf_printf(ts->out,
		    "<F extends keyof %s = keyof %s, E extends keyof %sExpansions = never>", camel,
		    camel, camel);
	}
	buf_printf(ts->out, "(input%s: %sInput%s, options?: Options): %s<'%s.%s', %s>%s;\n", ask,
	    camel_of(ts, c), shape, kind, c->group, c->verb, answer_of(ts, c, row),
	    c->op->answer == ANSWER_LIST ? arena_printf(ts->a, " & AsyncIterable<%s>", row) : "");
}

/* What client.live() does by itself. */
static bool is_left_out(const struct contract *c) { return c->op->waits_for == WAITS_FOR_A_PART; }

/* Groups are not neighbours when one name begins with another: each is gathered. */
static bool is_first(const struct contract *all, size_t i)
{
	for (size_t b = 0; b < i; b++)
		if (!strcmp(all[b].group, all[i].group))
			return false;
	return !is_left_out(&all[i]);
}

static void write_operations(struct typescript *ts, const struct contract *all, size_t n)
{
	buf_text(ts->out, "\nexport interface Operations {\n");
	for (size_t i = 0; i < n; i++) {
		if (!is_first(all, i))
			continue;
		buf_printf(ts->out, "\t%s: {\n", all[i].group);
		for (size_t o = i; o < n; o++)
			if (!strcmp(all[o].group, all[i].group))
				write_method(ts, &all[o]);
		buf_text(ts->out, "\t};\n");
	}
	buf_text(ts->out, "}\n\n/** What is asked and answered by what can be watched. */\nexport "
			  "interface Queries {\n");
	for (size_t i = 0; i < n; i++)
		if (is_watched(&all[i]) && !is_left_out(&all[i]))
			buf_printf(ts->out, "\t'%s.%s': { input: %sInput; answer: %s };\n",
			    all[i].group, all[i].verb, camel_of(ts, &all[i]),
			    answer_of(ts, &all[i],
				has_row(&all[i]) ? row_name(ts, all[i].op->table) : NULL));
	buf_text(ts->out, "}\n\n/** What a store can keep. */\nexport interface Tables {\n");
	for (size_t i = 0; i < n; i++)
		if (!strcmp(all[i].verb, "list") && has_row(&all[i]) && all[i].op->table->logged &&
		    !strcmp(all[i].op->table->name, all[i].group))
			buf_printf(
			    ts->out, "\t%s: %s;\n", all[i].group, row_name(ts, all[i].op->table));
	buf_text(ts->out, "}\n");
}

static void write_problems(struct typescript *ts)
{
	buf_text(ts->out, "\n/** How a call can fail: `kind` and HTTP status. */\nexport interface "
			  "Problems {\n");
	for (error kind = MALFORMED; kind <= RETRY; kind++)
		buf_printf(ts->out, "\t'%s': %d;\n", problem_type(kind), problem_status(kind));
	buf_text(ts->out, "}\n");
}

void typescript_contract(struct arena *a, struct buf *out)
{
	struct typescript *ts = ARENA_NEW(a, struct typescript);
	struct buf rest = { 0 };
	size_t n, tables = 0;
	struct contract *all = contracts(a, &n);
	while (all_tables[tables])
		tables++;
	if (tables > TABLES)
		abort(); /* TABLES has to grow with the schema */
	*ts = (struct typescript) { .a = a, .out = &rest };
	for (size_t i = 0; i < n; i++)
		if (!is_left_out(&all[i]))
			write_input(ts, &all[i]);
	write_operations(ts, all, n);
	write_problems(ts);
	write_rows(ts);
	buf_text(out,
	    "// Made by `muster emit typescript` from the operations of the program.\n"
	    "import type { Call, Day, Filters, Id, Instant, Money, Mutation, Options, Page, Query, "
	    "Several,\n\tShape, Shaped, Sort, Versioned, Where, Written } from './types.js';\n\n");
	for (size_t i = 0; i < tables; i++)
		if (ts->ids[i])
			buf_printf(out, "export type %s = Id<'%s'>;\n", id_name(ts, all_tables[i]),
			    all_tables[i]->name);
	buf_str(out, buf_view(&rest));
	buf_free(&rest);
}

/* ---- the addresses ---- */

void typescript_catalog(struct arena *a, struct buf *out)
{
	size_t n;
	struct contract *all = contracts(a, &n);
	buf_text(out, "// Made by `muster emit typescript`: method and path, below /v1, of every "
		      "operation.\nexport const operations = {\n");
	for (size_t i = 0; i < n; i++) {
		if (!is_first(all, i))
			continue;
		buf_printf(out, "\t%s: {\n", all[i].group);
		for (size_t o = i; o < n; o++)
			if (!strcmp(all[o].group, all[i].group))
				buf_printf(out, "\t\t%s: '%s %s%s',\n", all[o].verb, all[o].method,
				    all[o].path + strlen("/v1"),
				    all[o].body == BODY_FILE ? " multipart" : "");
		buf_text(out, "\t},\n");
	}
	buf_text(out, "};\n// Rows that are seen with a row of another table, and the column that "
		      "names it.\nexport const within = {\n");
	for (size_t i = 0; all_tables[i]; i++) {
		const struct table *t = all_tables[i];
		if (!t->n_parents || !t->logged || !t->id)
			continue;
		buf_printf(out, "\t%s: {", t->name);
		for (uint32_t p = 0; p < t->n_parents; p++)
			buf_printf(out, "%s %s: '%s'", p ? "," : "", t->parents[p].table->name,
			    t->parents[p].sql_column);
		buf_text(out, " },\n");
	}
	buf_text(out, "};\n");
}

/* ---- the package ---- */

static bool complain(const char *path)
{
	fprintf(stderr, "muster: %s: %s\n", path, strerror(errno));
	return false;
}

static bool read_file(const char *path, struct buf *out)
{
	char part[8192];
	FILE *f = fopen(path, "r");
	if (!f)
		return false;
	for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;)
		buf_add(out, part, n);
	bool good = !ferror(f);
	fclose(f);
	return good;
}

/* A file that is as it should be keeps its time: what is made of it need not be made again. */
static bool write_file(const char *path, str content)
{
	struct buf there = { 0 };
	bool same = read_file(path, &there) && str_eq(buf_view(&there), content);
	buf_free(&there);
	if (same)
		return true;
	FILE *f = fopen(path, "w");
	if (!f)
		return complain(path);
	bool good = fwrite(content.p, 1, content.n, f) == content.n;
	good = fclose(f) == 0 && good;
	return good || complain(path);
}

static bool copy_file(const char *from, const char *to)
{
	struct buf text = { 0 };
	bool good = read_file(from, &text) ? write_file(to, buf_view(&text)) : complain(from);
	buf_free(&text);
	return good;
}

static bool copy_folder(struct arena *a, const char *from, const char *to)
{
	DIR *folder = opendir(from);
	if (!folder)
		return complain(from);
	bool good = true;
	for (struct dirent *e; good && (e = readdir(folder));)
		good = e->d_name[0] == '.' || copy_file(arena_printf(a, "%s/%s", from, e->d_name),
						  arena_printf(a, "%s/%s", to, e->d_name));
	closedir(folder);
	return good;
}

bool typescript_package(const struct config *config, const char *folder)
{
	struct arena *a = arena_new();
	struct buf contract = { 0 }, catalog = { 0 };
	typescript_contract(a, &contract);
	typescript_catalog(a, &catalog);
	bool good = (mkdir(folder, 0777) == 0 || errno == EEXIST || complain(folder)) &&
		    copy_folder(a, arena_printf(a, "%s/client", config->templates_dir), folder) &&
		    write_file(arena_printf(a, "%s/contract.d.ts", folder), buf_view(&contract)) &&
		    write_file(arena_printf(a, "%s/catalog.js", folder), buf_view(&catalog));
	buf_free(&contract);
	buf_free(&catalog);
	arena_free(a);
	return good;
}
