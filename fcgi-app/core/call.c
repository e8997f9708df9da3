/* call.c: what an operation asks of its call: saying what is wrong, what was given, what was read.
 */
#include "core/call.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/operation.h"
#include "http/http.h"

static void add_field(struct call *call, const char *pointer, const char *code, const char *detail)
{
	struct problem *p = &call->problem;
	if (p->n_fields == PROBLEM_FIELDS)
		return;
	ARENA_GROW(call->arena, p->fields, p->n_fields, p->cap_fields);
	p->fields[p->n_fields++] = (struct field_error) { pointer, code, detail };
}

static error fail_with(struct call *call, error kind, const char *pointer, const char *code,
    const char *format, va_list args)
{
	char text[512];
	vsnprintf(text, sizeof text, format, args);
	char *detail = arena_text(call->arena, text, strlen(text));
	if (call->problem.kind == OK) {
		call->problem.kind = kind;
		call->problem.detail = detail;
	}
	if (pointer)
		add_field(call,
		    arena_printf(call->arena, "%s%s", pointer[0] == '/' ? "" : "/", pointer), code,
		    detail);
	return call->problem.kind;
}

error fail(struct call *call, error kind, const char *pointer, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *code = arena_text(call->arena, problem_type(kind), strlen(problem_type(kind)));
	for (char *c = code; *c; c++)
		if (*c == '-')
			*c = '_';
	error e = fail_with(call, kind, pointer, code, format, args);
	va_end(args);
	return e;
}

error fail_code(
    struct call *call, error kind, const char *pointer, const char *code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	error e = fail_with(call, kind, pointer, code, format, args);
	va_end(args);
	return e;
}

bool given(const struct call *call, const char *field)
{
	const struct field_set *in = operation_input(call->op);
	for (uint32_t i = 0; i < in->n; i++)
		if (!strcmp(in->v[i].name, field))
			return call->given && call->given[i];
	return false;
}

static void topic_add(struct call *call, const char *topic)
{
	struct topic_set *t = &call->reads;
	for (size_t i = 0; i < t->n; i++)
		if (!strcmp(t->v[i], topic))
			return;
	ARENA_GROW(call->arena, t->v, t->n, t->cap);
	t->v[t->n++] = arena_text(call->arena, topic, strlen(topic));
}

void topics_join(struct arena *a, struct topic_set *all, const struct topic_set *more)
{
	if (all->n + more->n > all->cap) {
		all->cap = (all->n + more->n) * 2;
		char **grown = ARENA_ARRAY(a, all->cap, char *);
		if (all->n)
			memcpy(grown, all->v, all->n * sizeof *grown);
		all->v = grown;
	}
	for (size_t i = 0; i < more->n; i++) {
		size_t k = 0;
		while (k < all->n && strcmp(all->v[k], more->v[i]) != 0)
			k++;
		if (k == all->n)
			all->v[all->n++] = more->v[i];
	}
}

bool call_shaped(const struct call *call)
{
	return call->op->answer == ANSWER_ROW &&
	       (call->fields.n || (call->expand.n && !call->op->out.n));
}

void call_reads(struct call *call, const char *format, ...)
{
	char topic[TOPIC_TEXT];
	va_list args;
	va_start(args, format);
	vsnprintf(topic, sizeof topic, format, args);
	va_end(args);
	topic_add(call, topic);
}

void topic_of_row(const struct table *table, const char id[37], char topic[TOPIC_TEXT])
{
	snprintf(topic, TOPIC_TEXT, "%s/row/%s", table->name, id);
}

void call_reads_row(struct call *call, const struct table *table, const char id[37])
{
	char topic[TOPIC_TEXT];
	topic_of_row(table, id, topic);
	topic_add(call, topic);
}
