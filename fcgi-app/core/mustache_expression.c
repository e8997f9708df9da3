/*
 * mustache_expression.c: what is inside a tag: a dotted path, and filters with their arguments.
 *   path ('|' filter (' ' argument)*)*      argument: path, number, or 'text' ('' is a quote in it)
 * Paths are split here, once, so that a page only follows pointers.
 * Tests: tests/unit/mustache_test.c, filters_test.c
 */
#include "mustache_code.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define PATH_PARTS 16

struct reader {
	struct arena *arena;
	const char *p, *end;
	char *why;
};

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

str expression_normal(str text, struct arena *arena)
{
	char *out = arena_alloc(arena, text.n + 1);
	size_t n = 0;
	bool quoted = false, space = false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (!quoted && is_space(c)) {
			space = true;
			continue;
		}
		if (space && n && (quoted || (c != '|' && out[n - 1] != '|')))
			out[n++] = ' ';
		space = false;
		quoted ^= c == '\'';
		out[n++] = c;
	}
	return (str) { out, n };
}

static PRINTF_LIKE(2, 3) bool wrong(struct reader *r, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(r->why, TEMPLATE_WHY, format, args);
	va_end(args);
	return false;
}

static char *word(struct reader *r)
{
	const char *start = r->p;
	while (r->p < r->end && *r->p != ' ' && *r->p != '|')
		r->p++;
	return arena_text(r->arena, start, (size_t)(r->p - start));
}

static bool read_path(struct reader *r, struct path *path)
{
	char *text = word(r), *rest = arena_text(r->arena, text, strlen(text));
	const char *parts[PATH_PARTS];
	path->text = text;
	if (!strcmp(text, "."))
		return true;
	if (strpbrk(text, "'\"{}()"))
		return wrong(r, "'%.80s' is not a name", text);
	for (char *part; (part = strsep(&rest, ".")); path->n++) {
		if (!*part)
			return wrong(r, "'%.80s' has an empty part", text);
		if (path->n == PATH_PARTS)
			return wrong(r, "'%.80s' has too many parts", text);
		parts[path->n] = part;
	}
	path->parts = ARENA_ARRAY(r->arena, path->n, const char *);
	memcpy(path->parts, parts, path->n * sizeof *parts);
	return true;
}

static void release(void *literal) { json_object_put(literal); }

static void set_literal(struct reader *r, struct argument *arg, struct json_object *literal)
{
	arg->literal = literal;
	arena_cleanup(r->arena, release, literal);
}

static bool read_text(struct reader *r, struct argument *arg)
{
	char *out = arena_alloc(r->arena, (size_t)(r->end - r->p) + 1);
	size_t n = 0;
	for (r->p++; r->p < r->end; r->p++) {
		if (*r->p == '\'' && (r->p + 1 == r->end || r->p[1] != '\'')) {
			r->p++;
			set_literal(r, arg, json_object_new_string_len(out, (int)n));
			return true;
		}
		r->p += *r->p == '\'';
		out[n++] = *r->p;
	}
	return wrong(r, "a quote is not closed");
}

static bool read_number(struct reader *r, struct argument *arg)
{
	char *text = word(r), *end;
	int64_t whole;
	if (int_parse(str_of(text), &whole)) {
		set_literal(r, arg, json_object_new_int64(whole));
		return true;
	}
	double number = strtod(text, &end);
	if (*end || end == text || !isfinite(number) ||
	    strspn(text, "-.0123456789") != strlen(text))
		return wrong(r, "'%.80s' is not a number", text);
	set_literal(r, arg, json_object_new_double(number));
	return true;
}

static bool read_argument(struct reader *r, struct argument *arg)
{
	*arg = (struct argument) { 0 };
	if (r->p < r->end && *r->p == '\'')
		return read_text(r, arg);
	if (r->p < r->end && (*r->p == '-' || (*r->p >= '0' && *r->p <= '9')))
		return read_number(r, arg);
	return read_path(r, &arg->path);
}

static bool read_filter(struct reader *r, struct application *made)
{
	const char *name = word(r);
	struct argument args[FILTER_ARGUMENTS];
	made->filter = filter_find(str_of(name));
	if (!made->filter)
		return wrong(r, "unknown filter '%.80s'", name);
	for (made->n = 0; r->p < r->end && *r->p == ' '; made->n++) {
		if (made->n == FILTER_ARGUMENTS)
			return wrong(r, "filter '%s' has too many arguments", name);
		r->p++;
		if (!read_argument(r, &args[made->n]))
			return false;
	}
	if (r->p < r->end && *r->p != '|')
		return wrong(r, "filter '%s': no space after an argument", name);
	if (made->n < made->filter->least || made->n > made->filter->most)
		return wrong(r, "filter '%s' has too %s arguments", name,
		    made->n < made->filter->least ? "few" : "many");
	struct argument *kept = ARENA_ARRAY(r->arena, made->n, struct argument);
	if (made->n)
		memcpy(kept, args, made->n * sizeof *kept);
	made->args = kept;
	return true;
}

const struct expression *expression_parse(str text, struct arena *arena, char why[TEMPLATE_WHY])
{
	struct reader r = { arena, text.p, text.p + text.n, why };
	struct expression *x = ARENA_NEW(arena, struct expression);
	struct application filters[FILTER_CHAIN];
	if (!read_path(&r, &x->path))
		return NULL;
	if (r.p < r.end && *r.p == ' ') {
		wrong(&r, "a space after the name '%.80s'", x->path.text);
		return NULL;
	}
	for (; r.p < r.end; x->n++) {
		r.p++;
		if (x->n == FILTER_CHAIN) {
			wrong(&r, "'%.80s' goes through too many filters", x->path.text);
			return NULL;
		}
		if (!read_filter(&r, &filters[x->n]))
			return NULL;
	}
	struct application *kept = ARENA_ARRAY(arena, x->n, struct application);
	if (x->n)
		memcpy(kept, filters, x->n * sizeof *kept);
	x->filters = kept;
	return x;
}
