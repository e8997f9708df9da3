/*
 * query.c: the named SELECTs of sql/query: their header comments, their inputs and outputs, and
 * the statement cut into pieces at its placeholders. query_check.c says whether they may run.
 */
#include "gen.h"
#include <ctype.h>
#include <string.h>

struct directive {
	const char *key, *value;
	unsigned line;
};

static const char *const keys[] = { "name", "doc", "in", "out", "cross_tenant", "unscoped",
	"follows" };

/* The key of "key: value", or NULL; *value is what follows. */
static const char *directive_key(struct gen *g, const char *text, const char **value)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz_");
	if (n == 0 || text[n] != ':' || (text[n + 1] && !isspace((unsigned char)text[n + 1])))
		return NULL;
	*value = text + n + 1 + strspn(text + n + 1, " \t");
	return gen_text(g, text, n);
}

static bool key_known(const char *key)
{
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

/* The comments before token `at`: notes, then `name:`, then directives with their further lines. */
static struct directive *directives(
    struct gen *g, const struct source *src, size_t at, size_t *count)
{
	struct directive *v = NULL;
	size_t n = 0;
	for (size_t i = 0; i < src->n_comments; i++) {
		const struct comment *c = &src->comments[i];
		const char *value = NULL;
		if (c->before != at)
			continue;
		const char *key = directive_key(g, c->text, &value);
		if (n == 0 && key && key_known(key) && strcmp(key, "name") != 0)
			refuse(src->path, c->line, "`-- name:` comes first");
		if (n == 0 && !(key && strcmp(key, "name") == 0))
			continue;
		if (key && !key_known(key))
			refuse(src->path, c->line, "`-- %s:` is not known", key);
		if (key)
			PUSH(g, v, n) = (struct directive) { key, value, c->line };
		else
			v[n - 1].value = gen_format(g, "%s %s", v[n - 1].value, c->text);
	}
	*count = n;
	return v;
}

const struct table *table_of_id(const struct gen *g, const char *type)
{
	size_t n = strlen(type);
	for (size_t i = 0; i < g->n_tables; i++) {
		const struct table *t = g->tables[i];
		if (t->id >= 0 && n == strlen(t->noun) + 3 && strcmp(type + n - 3, "_id") == 0 &&
		    strncmp(type, t->noun, n - 3) == 0)
			return t;
	}
	return NULL;
}

/* A type that is written table.column: the value is like that column. */
static bool type_like(struct gen *g, struct field *f, const char *type)
{
	const char *dot = strchr(type, '.');
	const struct table *t = dot ? table_find(g, gen_text(g, type, (size_t)(dot - type))) : NULL;
	for (size_t i = 0; t && i < t->n_fields; i++) {
		const struct field *like = &t->fields[i];
		if (strcmp(like->name, dot + 1) != 0)
			continue;
		const char *name = f->name;
		*f = *like;
		f->name = name;
		f->nullable = f->required = false;
		f->marks &= M_PRIVATE;
		return true;
	}
	return false;
}

static void take_type(
    struct gen *g, const struct query *q, unsigned line, struct field *f, const char *type)
{
	static const struct {
		const char *name, *type, *c_type;
	} plain[] = { { "text", "T_TEXT", "str" }, { "int", "T_INT", "int64_t" },
		{ "bool", "T_BOOL", "bool" }, { "day", "T_DAY", "day" },
		{ "instant", "T_INSTANT", "instant" }, { "money", "T_MONEY", "money" },
		{ "json", "T_JSON", "json_text" }, { "uuid", "T_ID", "uuid" },
		{ "bytes", "T_BYTES", "str" } };
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (strcmp(type, plain[i].name) == 0) {
			f->type = plain[i].type;
			f->c_type = plain[i].c_type;
			f->marks = strcmp(f->type, "T_BYTES") == 0 ? M_PRIVATE : 0;
			return;
		}
	f->ref = table_of_id(g, type);
	if (f->ref) {
		f->type = "T_ID";
		f->c_type = type;
	} else if (!type_like(g, f, type)) {
		refuse(q->path, line, "`%s %s`: unknown type", f->name, type);
	}
}

static const struct param *param_find(const struct param *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].field.name, name) == 0)
			return &v[i];
	return NULL;
}

/* "name type [null]" */
static struct param take_param(
    struct gen *g, struct query *q, const struct directive *d, const char *item)
{
	struct param p = { .field = { .name = next_word(g, &item) } };
	const char *type = next_word(g, &item), *null = next_word(g, &item);
	bool in = strcmp(d->key, "in") == 0;
	if (!p.field.name || !type || (null && strcmp(null, "null") != 0) || next_word(g, &item))
		refuse(q->path, d->line, "`-- %s:` takes `name type [null], ...`", d->key);
	if (!name_ok(p.field.name) || name_reserved(p.field.name))
		refuse(q->path, d->line, "`%s` cannot be a name", p.field.name);
	if (in && (strcmp(p.field.name, "company") == 0 || strcmp(p.field.name, "me") == 0 ||
		      strcmp(p.field.name, "access") == 0))
		refuse(q->path, d->line, "`:%s` is bound by the program", p.field.name);
	take_type(g, q, d->line, &p.field, type);
	if (in && field_width(&p.field) > 1)
		refuse(q->path, d->line, "`%s %s` is %zu values: an input is one", p.field.name,
		    type, field_width(&p.field));
	if (null && strcmp(p.field.type, "T_BOOL") == 0)
		refuse(q->path, d->line, "`%s`: a bool is not null", p.field.name);
	p.field.nullable = null != NULL;
	p.field.required = in && !null;
	return p;
}

static void take_params(struct gen *g, struct query *q, const struct directive *d)
{
	for (const char *at = d->value; *at;) {
		size_t n = strcspn(at, ",");
		struct param p = take_param(g, q, d, gen_text(g, at, n));
		bool in = strcmp(d->key, "in") == 0;
		if (param_find(in ? q->in : q->out, in ? q->n_in : q->n_out, p.field.name))
			refuse(q->path, d->line, "there are two `%s`", p.field.name);
		if (in)
			PUSH(g, q->in, q->n_in) = p;
		else
			PUSH(g, q->out, q->n_out) = p;
		at += n;
		if (*at && !*++at)
			refuse(q->path, d->line, "`-- %s:` ends with a comma", d->key);
	}
}

static void take_once(const struct query *q, const struct directive *d, const char **value)
{
	if (*value)
		refuse(q->path, d->line, "there are two `-- %s:` before one statement", d->key);
	if (!*d->value)
		refuse(q->path, d->line, "`-- %s:` needs a value", d->key);
	*value = d->value;
}

static void take_directive(struct gen *g, struct query *q, const struct directive *d)
{
	const char *at = d->value;
	if (strcmp(d->key, "name") == 0) {
		take_once(q, d, &q->name);
	} else if (strcmp(d->key, "doc") == 0) {
		take_once(q, d, &q->doc);
	} else if (strcmp(d->key, "cross_tenant") == 0) {
		take_once(q, d, &q->cross_tenant);
	} else if (strcmp(d->key, "unscoped") == 0 || strcmp(d->key, "follows") == 0) {
		const char *alias = next_word(g, &at);
		struct names *names = strcmp(d->key, "follows") == 0 ? &q->following : &q->unscoped;
		if (!alias || !next_word(g, &at))
			refuse(q->path, d->line, "`-- %s:` takes an alias and a reason", d->key);
		PUSH(g, names->v, names->n) = alias;
		if (names == &q->unscoped)
			PUSH(g, q->waivers.v, q->waivers.n) = d->value;
	} else {
		take_params(g, q, d);
	}
}

static void piece_push(struct gen *g, struct query *q, struct part part)
{
	PUSH(g, q->parts, q->n_parts) = part;
}

/* Text from one placeholder to the next, with the white space towards both. */
static void piece_text(struct gen *g, struct query *q, const struct token *from,
    const struct token *to, bool first, bool last)
{
	const char *before = from->space && !first && from < to ? " " : "";
	const char *after = to->space && !last ? " " : "";
	const char *text = gen_format(g, "%s%s%s", before, sql_join(g, from, to), after);
	if (*text)
		piece_push(g, q, (struct part) { .piece = PIECE_SQL, .text = text });
}

static void cut(struct gen *g, struct query *q, const struct token *v, size_t n)
{
	size_t from = 0;
	for (size_t i = 0; i < n; i++) {
		const struct token *t = &v[i];
		if (t->kind != TOKEN_INPUT)
			continue;
		piece_text(g, q, &v[from], t, from == 0, false);
		const struct param *p = param_find(q->in, q->n_in, t->text);
		if (strcmp(t->text, "company") == 0) {
			piece_push(g, q, (struct part) { .piece = PIECE_COMPANY });
		} else if (strcmp(t->text, "me") == 0) {
			piece_push(g, q, (struct part) { .piece = PIECE_ME });
		} else if (strcmp(t->text, "access") == 0) {
			if (i + 3 >= n || !token_is(&v[i + 1], "(") ||
			    v[i + 2].kind != TOKEN_WORD || !token_is(&v[i + 3], ")"))
				refuse(q->path, t->line, "`:access` takes an alias: :access(d)");
			/* query_check finds the table of the alias. */
			piece_push(
			    g, q, (struct part) { .piece = PIECE_ACCESS, .text = v[i + 2].text });
			i += 3;
		} else if (p) {
			piece_push(g, q,
			    (struct part) { .piece = PIECE_INPUT, .input = (size_t)(p - q->in) });
			q->in[p - q->in].uses++;
		} else {
			refuse(q->path, t->line, "`:%s` is not an input", t->text);
		}
		from = i + 1;
	}
	piece_text(g, q, &v[from], &v[n], from == 0, true);
}

static void query_add(struct gen *g, const struct source *src, size_t from, size_t to)
{
	struct query *q = gen_alloc(g, sizeof *q);
	size_t n;
	struct directive *d = directives(g, src, from, &n);
	*q = (struct query) { .path = src->path, .line = src->v[from].line };
	if (from == to)
		refuse(q->path, q->line, "a `;` without a statement");
	if (n == 0)
		refuse(q->path, q->line, "a statement needs `-- name:` before it");
	for (size_t i = 0; i < n; i++)
		take_directive(g, q, &d[i]);
	if (!name_ok(q->name) || name_reserved(q->name))
		refuse(q->path, q->line, "`%s` cannot be the name of a query", q->name);
	for (size_t i = 0; i < g->n_queries; i++)
		if (strcmp(g->queries[i]->name, q->name) == 0)
			refuse(q->path, q->line, "there are two queries `%s`", q->name);
	if (!q->doc)
		refuse(q->path, q->line, "`%s` needs `-- doc:`", q->name);
	if (q->n_out == 0)
		refuse(q->path, q->line, "`%s` needs `-- out:`", q->name);
	cut(g, q, &src->v[from], to - from);
	for (size_t i = 0; i < q->n_in; i++)
		if (q->in[i].uses == 0)
			refuse(q->path, q->line, "the input `%s` is not used", q->in[i].field.name);
	query_check(g, q, &src->v[from], to - from);
	PUSH(g, g->queries, g->n_queries) = q;
}

void query_read(struct gen *g, const char *path, const char *name)
{
	(void)name;
	const struct source *src = source_read(g, path);
	size_t from = 0, n;
	for (size_t i = 0; i < src->n; i++) {
		if (!token_is(&src->v[i], ";"))
			continue;
		query_add(g, src, from, i);
		from = i + 1;
	}
	if (from < src->n)
		refuse(path, src->v[src->n].line, "the last statement needs its `;`");
	if (directives(g, src, from, &n))
		refuse(path, src->v[src->n].line, "a `-- name:` without a statement");
}
