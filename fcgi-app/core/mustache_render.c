/*
 * mustache_render.c: from instructions and data to a page. What changes while it goes on is one
 * struct on the stack, so that any number of threads can render the same template.
 * Tests: tests/unit/mustache_test.c
 */
#include "mustache_code.h"
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct scope {
	struct json_object *value;
	const struct scope *outer;
};

struct render {
	struct arena *arena;
	struct buf *out;
	char *why;
	const struct scope *scope;
	const struct parents *parents;
	str indent;      /* of every line of templates' text at this place */
	bool line_start; /* the output is at the start of a line, before its indent */
	unsigned depth;
	bool plain;   /* no HTML: nothing is escaped */
	size_t turns; /* how many sections were entered */
};

/* ---- Values ---- */

bool value_true(struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_null: return false;
	case json_type_boolean: return json_object_get_boolean(value);
	case json_type_int: return json_object_get_int64(value) != 0;
	case json_type_double: return json_object_get_double(value) != 0;
	case json_type_string: return json_object_get_string_len(value) > 0;
	case json_type_array: return json_object_array_length(value) > 0;
	case json_type_object: return true;
	}
	return false;
}

static str int_text(struct json_object *value, char scratch[VALUE_TEXT])
{
	int64_t n = json_object_get_int64(value);
	int length = snprintf(scratch, VALUE_TEXT, "%" PRId64, n);
	if (n == INT64_MAX) /* what json-c says for all that is larger */
		length = snprintf(scratch, VALUE_TEXT, "%" PRIu64, json_object_get_uint64(value));
	return (str) { scratch, (size_t)length };
}

/* The shortest text that reads back as the same number; none for what JSON has no number for. */
static str double_text(double d, char scratch[VALUE_TEXT])
{
	int length = 0;
	if (!isfinite(d))
		return STR("");
	if (fabs(d) < 1e15 && nearbyint(d) == d)
		length = snprintf(scratch, VALUE_TEXT, "%" PRId64, (int64_t)d);
	for (int digits = 15; !length || strtod(scratch, NULL) != d; digits++)
		length = snprintf(scratch, VALUE_TEXT, "%.*g", digits, d);
	return (str) { scratch, (size_t)length };
}

str value_text(struct json_object *value, char scratch[VALUE_TEXT])
{
	size_t n;
	switch (json_object_get_type(value)) {
	case json_type_null: return STR("");
	case json_type_boolean: return json_object_get_boolean(value) ? STR("true") : STR("false");
	case json_type_int: return int_text(value, scratch);
	case json_type_double: return double_text(json_object_get_double(value), scratch);
	case json_type_string:
		return (str) { json_object_get_string(value),
			(size_t)json_object_get_string_len(value) };
	case json_type_array:
	case json_type_object: break;
	}
	const char *text = json_object_to_json_string_length(
	    value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &n);
	return text ? (str) { text, n } : STR("");
}

static struct json_object *look_up(const struct scope *scope, const struct path *path)
{
	struct json_object *value = NULL;
	if (!path->n)
		return scope->value;
	while (scope && !json_object_object_get_ex(scope->value, path->parts[0], &value))
		scope = scope->outer;
	for (size_t i = 1; i < path->n && value; i++)
		if (!json_object_object_get_ex(value, path->parts[i], &value))
			return NULL;
	return value;
}

/* *owned is what the caller has to put when it is done with the value; NULL: it is the data's. */
static struct json_object *evaluate(
    struct render *r, const struct expression *x, struct json_object **owned)
{
	struct json_object *value = look_up(r->scope, &x->path), *args[FILTER_ARGUMENTS];
	*owned = NULL;
	for (size_t i = 0; i < x->n; i++) {
		const struct application *f = &x->filters[i];
		for (size_t k = 0; k < f->n; k++)
			args[k] = f->args[k].literal ? f->args[k].literal
						     : look_up(r->scope, &f->args[k].path);
		value = f->filter->apply(r->arena, value, args, f->n);
		json_object_put(*owned);
		*owned = value;
	}
	return value;
}

/* ---- Output ---- */

static void start_line(struct render *r)
{
	if (r->line_start && r->indent.n)
		buf_str(r->out, r->indent);
	r->line_start = false;
}

static void write_text(struct render *r, str text)
{
	bool ends = text.n && text.p[text.n - 1] == '\n';
	if (!r->indent.n) {
		buf_str(r->out, text);
		r->line_start = ends;
		return;
	}
	for (const char *end; text.n; text.p = end) {
		end = memchr(text.p, '\n', text.n);
		end = end ? end + 1 : text.p + text.n;
		if (*text.p != '\n')
			start_line(r);
		buf_add(r->out, text.p, (size_t)(end - text.p));
		r->line_start = end[-1] == '\n';
		text.n -= (size_t)(end - text.p);
	}
}

static void write_escaped(struct buf *out, str text)
{
	static const char *const names[] = { "", "&amp;", "&lt;", "&gt;", "&quot;", "&#39;" };
	static const uint8_t escapes[256] = {
		['&'] = 1, ['<'] = 2, ['>'] = 3, ['"'] = 4, ['\''] = 5
	};
	size_t done = 0;
	for (size_t i = 0; i < text.n; i++) {
		uint8_t escape = escapes[(unsigned char)text.p[i]];
		if (!escape)
			continue;
		buf_add(out, text.p + done, i - done);
		buf_text(out, names[escape]);
		done = i + 1;
	}
	buf_add(out, text.p + done, text.n - done);
}

static void write_value(struct render *r, const struct instruction *o)
{
	char scratch[VALUE_TEXT];
	struct json_object *owned, *value = evaluate(r, o->value, &owned);
	str text = value_text(value, scratch);
	start_line(r);
	if (o->kind == VALUE && !r->plain)
		write_escaped(r->out, text);
	else
		buf_str(r->out, text);
	json_object_put(owned);
}

/* ---- Instructions ---- */

static error run(struct render *r, const struct template *t, uint32_t from, uint32_t to);

static error too_long(struct render *r)
{
	snprintf(r->why, TEMPLATE_WHY, "the text becomes too long");
	return INTERNAL;
}

static error enter(struct render *r, struct json_object *value, const struct template *t,
    const struct instruction *o)
{
	uint32_t at = (uint32_t)(o - t->code);
	struct scope scope = { value, r->scope };
	if (r->plain && ++r->turns > TEMPLATE_PLAIN_TURNS)
		return too_long(r);
	r->scope = &scope;
	error e = run(r, t, at + 1, o->end);
	r->scope = scope.outer;
	return e;
}

static error run_section(struct render *r, const struct template *t, const struct instruction *o)
{
	struct json_object *owned, *value = evaluate(r, o->value, &owned);
	bool shown = value_true(value) == (o->kind == SECTION);
	error e = OK;
	if (shown && (o->kind == INVERTED || expression_test(o->value))) {
		e = run(r, t, (uint32_t)(o - t->code) + 1, o->end);
	} else if (shown && json_object_is_type(value, json_type_array)) {
		size_t n = json_object_array_length(value);
		for (size_t i = 0; i < n && e == OK; i++)
			e = enter(r, json_object_array_get_idx(value, i), t, o);
	} else if (shown) {
		e = enter(r, value, t, o);
	}
	json_object_put(owned);
	return e;
}

static str joined(struct render *r, str a, str b)
{
	if (!a.n || !b.n)
		return a.n ? a : b;
	char *p = arena_alloc(r->arena, a.n + b.n);
	memcpy(p, a.p, a.n);
	memcpy(p + a.n, b.p, b.n);
	return (str) { p, a.n + b.n };
}

/* Runs other code in the place of `o` and puts all back but the place in the line. */
static error run_other(struct render *r, const struct template *t, const struct instruction *o,
    const struct template *other, uint32_t from, uint32_t to)
{
	if (r->depth == TEMPLATE_DEPTH) {
		snprintf(r->why, TEMPLATE_WHY, "%s:%u: templates are nested deeper than %d",
		    t->file, o->line, TEMPLATE_DEPTH);
		return INTERNAL;
	}
	r->depth++;
	error e = run(r, other, from, to);
	r->depth--;
	return e;
}

static error run_call(struct render *r, const struct template *t, const struct instruction *o)
{
	str indent = r->indent;
	struct parents parents = { t, (uint32_t)(o - t->code), r->parents };
	if (o->own_line) {
		r->indent = joined(r, indent, o->indent);
		r->line_start = true;
	} else { /* its lines are none of this template's: not indented */
		start_line(r);
		r->indent = STR("");
	}
	if (o->kind == PARENT)
		r->parents = &parents;
	error e = run_other(r, t, o, o->target, 0, o->target->n);
	r->parents = parents.outer;
	r->indent = indent;
	return e;
}

static error run_block(struct render *r, const struct template *t, const struct instruction *o)
{
	uint32_t at;
	const struct parents *all = r->parents, *with = block_source(all, o->text, &at);
	str indent = r->indent;
	if (!with) {
		if (o->own_line)
			write_text(r, o->indent);
		return run(r, t, (uint32_t)(o - t->code) + 1, o->end);
	}
	r->indent = joined(r, indent, o->indent);
	r->parents = with->outer; /* it was written in a template that knows only these */
	error e = run_other(r, t, o, with->t, at + 1, with->t->code[at].end);
	r->parents = all;
	r->indent = indent;
	return e;
}

static error run(struct render *r, const struct template *t, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i = t->code[i].end) {
		const struct instruction *o = &t->code[i];
		if (r->plain && r->out->n > TEMPLATE_PLAIN_BYTES)
			return too_long(r);
		switch ((enum instruction_kind)o->kind) {
		case TEXT: write_text(r, o->text); break;
		case VALUE:
		case RAW: write_value(r, o); break;
		case SECTION:
		case INVERTED: TRY(run_section(r, t, o)); break;
		case PARTIAL:
		case PARENT: TRY(run_call(r, t, o)); break;
		case BLOCK: TRY(run_block(r, t, o)); break;
		case FRESH_LINE:
			if (!r->line_start)
				write_text(r, STR("\n"));
			break;
		}
	}
	return OK;
}

static error render(const struct template *t, struct json_object *data, struct arena *arena,
    bool plain, struct buf *out, char why[TEMPLATE_WHY])
{
	struct scope scope = { data, NULL };
	struct render r = {
		.arena = arena, .out = out, .why = why, .scope = &scope, .plain = plain
	};
	r.indent = STR("");
	r.line_start = true;
	size_t before = out->n;
	error e = run(&r, t, 0, t->n);
	if (e != OK)
		out->n = before;
	return e;
}

error template_render(const struct template *t, struct json_object *data, struct arena *arena,
    struct buf *out, char why[TEMPLATE_WHY])
{
	return render(t, data, arena, false, out, why);
}

error template_render_plain(const struct template *t, struct json_object *data, struct arena *arena,
    struct buf *out, char why[TEMPLATE_WHY])
{
	return render(t, data, arena, true, out, why);
}
