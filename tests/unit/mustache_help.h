/*
 * mustache_help.h: what the tests of templates share: templates as texts, data as JSON with ' for
 * ", and what comes of them, compared byte for byte.
 */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/mustache.h"

static struct arena *arena;

static inline int start(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static inline int stop(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

struct file {
	const char *name, *text;
};

static inline void put(void *value) { json_object_put(value); }

static inline struct json_object *json(const char *text)
{
	char *copy = arena_printf(arena, "%s", text);
	for (char *p = copy; *p; p++)
		if (*p == '\'')
			*p = '"';
	enum json_tokener_error e;
	struct json_object *value = json_tokener_parse_verbose(copy, &e);
	if (e != json_tokener_success)
		fail_msg("not JSON: %s", copy);
	arena_cleanup(arena, put, value);
	return value;
}

static inline struct template_set *set_of(const struct file *files, char why[TEMPLATE_WHY])
{
	struct template_set *set = templates_new();
	error e = OK;
	for (; files->name && e == OK; files++)
		e = templates_add(set, files->name, str_of(files->text), why);
	if (e == OK)
		e = templates_link(set, why);
	if (e == OK)
		return set;
	templates_free(set);
	return NULL;
}

static inline void check(const struct file *files, const char *data, const char *expected)
{
	char why[TEMPLATE_WHY] = "";
	struct buf out = { 0 };
	struct template_set *set = set_of(files, why);
	if (!set)
		fail_msg("refused: %s", why);
	error e = template_render(template_find(set, files->name), json(data), arena, &out, why);
	buf_char(&out, 0);
	templates_free(set);
	if (e != OK)
		fail_msg("%s", why);
	if (strcmp(out.p, expected))
		fail_msg("%s\nwith %s\nis   [%s]\nnot  [%s]", files->text, data, out.p, expected);
	buf_free(&out);
}

#define FILES(...) ((const struct file[]) { __VA_ARGS__, { NULL, NULL } })
#define CHECK(data, expected, ...) check(FILES(__VA_ARGS__), (data), (expected))

static inline void shows(const char *template, const char *data, const char *expected)
{
	CHECK(data, expected, { "page", template });
}

static inline void refused(const struct file *files, const char *expected)
{
	char why[TEMPLATE_WHY] = "";
	struct template_set *set = set_of(files, why);
	templates_free(set);
	assert_null(set);
	assert_string_equal(why, expected);
}

#define REFUSED(expected, ...) refused(FILES(__VA_ARGS__), (expected))

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
