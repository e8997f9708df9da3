/*
 * ddl.c: the CREATE TABLE statements of sql/schema, as a recursive descent over the subset that
 * README.md names. The comments are marks.c's, what a table means is check.c's.
 */
#include "gen.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	struct gen *g;
	const struct source *src;
	size_t at;
};

static const struct token *here(const struct reader *r) { return &r->src->v[r->at]; }

static bool is(const struct reader *r, const char *text) { return token_is(here(r), text); }

static bool take(struct reader *r, const char *text)
{
	if (!is(r, text))
		return false;
	r->at++;
	return true;
}

#define REFUSE(r, ...) refuse((r)->src->path, here(r)->line, __VA_ARGS__)

static void expect(struct reader *r, const char *text)
{
	if (!take(r, text))
		REFUSE(r, "expected `%s`, found `%s`", text, here(r)->raw);
}

static const char *take_name(struct reader *r)
{
	const struct token *t = here(r);
	if (t->kind != TOKEN_WORD)
		REFUSE(r, "expected a name, found `%s`", t->raw);
	const char *name = t->quoted ? t->text : t->raw;
	if (!name_ok(name))
		REFUSE(r, "`%s` is not snake_case", name);
	r->at++;
	return name;
}

static const char *take_string(struct reader *r)
{
	if (here(r)->kind != TOKEN_STRING)
		REFUSE(r, "expected a string, found `%s`", here(r)->raw);
	return r->src->v[r->at++].text;
}

static int64_t take_number(struct reader *r)
{
	char *end;
	errno = 0;
	long long n = strtoll(here(r)->raw, &end, 10);
	if (here(r)->kind != TOKEN_NUMBER || *end || errno)
		REFUSE(r, "expected a whole number, found `%s`", here(r)->raw);
	r->at++;
	return n;
}

static void skip_parens(struct reader *r)
{
	unsigned depth = 0;
	do {
		if (here(r)->kind == TOKEN_END)
			REFUSE(r, "a parenthesis that does not end");
		depth += is(r, "(") ? 1 : 0;
		depth -= is(r, ")") ? 1 : 0;
		r->at++;
	} while (depth);
}

static struct names take_columns(struct reader *r)
{
	struct names names = { 0 };
	expect(r, "(");
	do {
		PUSH(r->g, names.v, names.n) = take_name(r);
		if (is(r, "("))
			skip_parens(r);
		if (!take(r, "desc"))
			take(r, "asc");
	} while (take(r, ","));
	expect(r, ")");
	return names;
}

/* Types */

static int64_t take_size(struct reader *r)
{
	expect(r, "(");
	int64_t n = take_number(r);
	expect(r, ")");
	return n;
}

static void type_int(struct reader *r, struct column *c, unsigned bits)
{
	c->kind = K_INT;
	bool is_unsigned = take(r, "unsigned");
	int64_t high = bits == 64 ? INT64_MAX : (INT64_C(1) << (is_unsigned ? bits : bits - 1)) - 1;
	c->max = high;
	c->min = is_unsigned ? 0 : bits == 64 ? -INT64_MAX : -high - 1;
}

static void type_enum(struct reader *r, struct column *c)
{
	c->kind = K_ENUM;
	expect(r, "(");
	do {
		const char *value = take_string(r);
		if (!*value || value[strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789_")])
			REFUSE(r, "the value '%s' has other characters than a-z, 0-9 and _", value);
		if (names_have(&c->values, value))
			REFUSE(r, "the value '%s' stands twice", value);
		PUSH(r->g, c->values.v, c->values.n) = value;
	} while (take(r, ","));
	expect(r, ")");
}

static void type_decimal(struct reader *r, struct column *c)
{
	c->kind = K_DECIMAL;
	expect(r, "(");
	int64_t digits = take_number(r);
	expect(r, ",");
	int64_t scale = take_number(r);
	expect(r, ")");
	if (digits != 15 || scale != 2)
		REFUSE(r, "a DECIMAL is money, and that is DECIMAL(15,2)");
}

static void take_type(struct reader *r, struct column *c)
{
	static const struct {
		const char *name;
		enum kind kind;
		int64_t max;
	} plain[] = { { "uuid", K_UUID, 0 }, { "text", K_TEXT, 16000 },
		{ "mediumtext", K_TEXT, 1000000 }, { "boolean", K_BOOL, 0 }, { "date", K_DAY, 0 },
		{ "json", K_JSON, 0 }, { "tinyblob", K_BYTES, 255 }, { "blob", K_BYTES, 65535 },
		{ "mediumblob", K_BYTES, 16777215 }, { "longblob", K_BYTES, 4294967295 } };
	const struct token *t = here(r);
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (take(r, plain[i].name)) {
			c->kind = plain[i].kind;
			c->max = plain[i].max;
			return;
		}
	if (is(r, "timestamp"))
		REFUSE(r, "TIMESTAMP ends in 2038 and shifts with the session: use DATETIME(6)");
	if (is(r, "float") || is(r, "double") || is(r, "real"))
		REFUSE(r, "%s is not exact: use a whole number or a money", t->raw);
	r->at++;
	if (token_is(t, "varchar") || token_is(t, "char")) {
		c->kind = K_TEXT;
		c->max = take_size(r);
	} else if (token_is(t, "binary") || token_is(t, "varbinary")) {
		c->kind = K_BYTES;
		c->max = take_size(r);
	} else if (token_is(t, "tinyint") && is(r, "(")) {
		if (take_size(r) != 1)
			REFUSE(r, "unknown type: only TINYINT(1) has a width");
		c->kind = K_BOOL;
	} else if (token_is(t, "tinyint")) {
		type_int(r, c, 8);
	} else if (token_is(t, "smallint")) {
		type_int(r, c, 16);
	} else if (token_is(t, "int")) {
		type_int(r, c, 32);
	} else if (token_is(t, "bigint")) {
		type_int(r, c, 64);
	} else if (token_is(t, "decimal")) {
		type_decimal(r, c);
	} else if (token_is(t, "datetime")) {
		c->kind = K_INSTANT;
		if (!is(r, "(") || take_size(r) != 6)
			REFUSE(r, "DATETIME without (6) drops the microseconds");
	} else if (token_is(t, "enum")) {
		type_enum(r, c);
	} else {
		refuse(r->src->path, t->line, "unknown type `%s`", t->raw);
	}
}

/* Columns, keys, tables */

static void take_default(struct reader *r)
{
	if (!take(r, "-"))
		take(r, "+");
	if (is(r, "(")) {
		skip_parens(r);
		return;
	}
	if (here(r)->kind == TOKEN_PUNCT || here(r)->kind == TOKEN_INPUT)
		REFUSE(r, "a DEFAULT that is not understood");
	r->at++;
	if (is(r, "("))
		skip_parens(r);
}

static void take_column(struct reader *r, struct table *t)
{
	struct column c = { .line = here(r)->line, .field = -1 };
	c.name = take_name(r);
	if (name_reserved(c.name))
		refuse(t->path, c.line, "`%s` is a word of C", c.name);
	if (column_find(t, c.name) >= 0)
		refuse(t->path, c.line, "there are two columns `%s`", c.name);
	take_type(r, &c);
	while (!is(r, ",") && !is(r, ")")) {
		if (take(r, "not")) {
			expect(r, "null");
			c.not_null = true;
		} else if (take(r, "null")) {
			c.not_null = false;
		} else if (take(r, "default")) {
			take_default(r);
			c.has_default = true;
		} else if (take(r, "on")) {
			expect(r, "update");
			take_default(r);
			c.has_default = true;
		} else if (take(r, "collate")) {
			r->at++;
		} else if (take(r, "character")) {
			expect(r, "set");
			r->at++;
		} else if (take(r, "generated")) {
			expect(r, "always");
		} else if (take(r, "as")) {
			skip_parens(r);
			if (!take(r, "stored") && !take(r, "virtual") && !take(r, "persistent"))
				REFUSE(r, "a generated column says STORED or VIRTUAL");
			c.generated = true;
		} else if (take(r, "check")) {
			skip_parens(r);
		} else if (take(r, "comment")) {
			column_comment(r->g, t->path, &c, take_string(r));
		} else if (is(r, "auto_increment")) {
			REFUSE(r, "no AUTO_INCREMENT: ids are UUIDv7");
		} else if (is(r, "references")) {
			REFUSE(r, "write a foreign key as CONSTRAINT name FOREIGN KEY (..) "
				  "REFERENCES ..");
		} else {
			REFUSE(r, "`%s` is not understood in a column", here(r)->raw);
		}
	}
	PUSH(r->g, t->columns, t->n_columns) = c;
}

static void take_foreign(struct reader *r, struct table *t)
{
	struct foreign f = { .line = here(r)->line };
	expect(r, "key");
	f.columns = take_columns(r);
	expect(r, "references");
	f.table = take_name(r);
	f.ref_columns = take_columns(r);
	while (take(r, "on")) {
		if (!take(r, "delete"))
			expect(r, "update");
		if (is(r, "cascade") || is(r, "set"))
			REFUSE(r, "no ON DELETE %s: it fires no trigger and writes no change",
			    is(r, "set") ? "SET" : "CASCADE");
		if (take(r, "no"))
			expect(r, "action");
		else
			expect(r, "restrict");
	}
	PUSH(r->g, t->foreigns, t->n_foreigns) = f;
}

static void take_item(struct reader *r, struct table *t)
{
	struct key key = { .line = here(r)->line };
	if (take(r, "primary")) {
		expect(r, "key");
		key.primary = key.unique = true;
	} else if (take(r, "unique")) {
		if (!take(r, "key"))
			expect(r, "index");
		key.unique = true;
		take_name(r);
	} else if (take(r, "key") || take(r, "index")) {
		take_name(r);
	} else if (take(r, "check")) {
		skip_parens(r);
		return;
	} else if (take(r, "constraint")) {
		take_name(r);
		if (take(r, "check"))
			skip_parens(r);
		else if (take(r, "foreign"))
			take_foreign(r, t);
		else
			REFUSE(r, "a CONSTRAINT is a FOREIGN KEY or a CHECK");
		return;
	} else if (is(r, "foreign")) {
		REFUSE(r, "a foreign key has a name: CONSTRAINT name FOREIGN KEY ..");
	} else if (is(r, "fulltext") || is(r, "spatial")) {
		REFUSE(r, "no %s key: search has its own rows", here(r)->raw);
	} else {
		take_column(r, t);
		return;
	}
	key.columns = take_columns(r);
	PUSH(r->g, t->keys, t->n_keys) = key;
}

static void take_options(struct reader *r, struct table *t)
{
	bool comment = false;
	while (!is(r, ";")) {
		if (take(r, "comment")) {
			take(r, "=");
			table_comment(r->g, t, take_string(r));
			comment = true;
			continue;
		}
		take(r, "default");
		if (take(r, "character"))
			expect(r, "set");
		else if (!take(r, "engine") && !take(r, "charset") && !take(r, "collate") &&
			 !take(r, "row_format"))
			REFUSE(
			    r, "expected `;` or an option of the table, found `%s`", here(r)->raw);
		take(r, "=");
		r->at++;
	}
	if (!comment || !*t->doc)
		refuse(t->path, t->line,
		    "the table `%s` needs a COMMENT: it becomes the API's text", t->name);
}

static void take_table(struct reader *r)
{
	struct gen *g = r->g;
	size_t from = r->at;
	if (!take(r, "create") || !take(r, "table"))
		REFUSE(r, "only CREATE TABLE name ( ... ) stands in sql/schema, found `%s`",
		    here(r)->raw);
	struct table *t = gen_alloc(g, sizeof *t);
	*t = (struct table) { .path = r->src->path,
		.line = here(r)->line,
		.id = -1,
		.owner = -1,
		.team = -1,
		.title = -1,
		.belongs = -1,
		.group = -1 };
	t->name = take_name(r);
	if (table_find(g, t->name))
		refuse(t->path, t->line, "there are two tables `%s`", t->name);
	expect(r, "(");
	do
		take_item(r, t);
	while (take(r, ","));
	expect(r, ")");
	take_options(r, t);
	t->sql = sql_join(g, &r->src->v[from], here(r));
	expect(r, ";");
	PUSH(g, g->tables, g->n_tables) = t;
}

/* FNV-1a over the tokens; comments of either kind do not change what the database stores. */
static void hash_tokens(struct gen *g, const struct source *src)
{
	for (size_t i = 0; i < src->n; i++) {
		const struct token *t = &src->v[i];
		if (token_is(t, "comment")) {
			i += token_is(t + 1, "=") ? 2 : 1;
			continue;
		}
		const char *text = t->kind == TOKEN_STRING ? t->raw : t->text;
		for (size_t j = 0; j <= strlen(text); j++)
			g->hash = (g->hash ^ (unsigned char)text[j]) * UINT64_C(1099511628211);
	}
}

void ddl_read(struct gen *g, const char *path, const char *name)
{
	(void)name;
	struct reader r = { .g = g, .src = source_read(g, path) };
	hash_tokens(g, r.src);
	while (here(&r)->kind != TOKEN_END)
		take_table(&r);
}

int column_find(const struct table *t, const char *name)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (strcmp(t->columns[i].name, name) == 0)
			return (int)i;
	return -1;
}

struct table *table_find(const struct gen *g, const char *name)
{
	for (size_t i = 0; i < g->n_tables; i++)
		if (strcmp(g->tables[i]->name, name) == 0)
			return g->tables[i];
	return NULL;
}
