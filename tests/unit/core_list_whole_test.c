/* layers: base http db core modules */
/* What list_whole.h promises. */
#include "core/list_whole.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "in_arena.h"

/* Page `at` of so many, with one row, its number. */
static struct json_object *numbered(int at, int pages)
{
	const char *why, *next = at < pages ? arena_printf(a, "\"%d\"", at + 1) : "null";
	struct json_object *page = json_read(a,
	    str_of(arena_printf(a, "{\"data\":[%d],\"meta\":{\"has_more\":%s,\"next_cursor\":%s}}",
		at, at < pages ? "true" : "false", next)),
	    &why);
	assert_non_null(page);
	return page;
}

struct source {
	int pages, asked, fails_at;
};

static error next_page(void *with, str cursor, struct json_object **page)
{
	struct source *source = with;
	int at = ++source->asked + 1;
	assert_true(str_is(cursor, arena_printf(a, "%d", at)));
	if (at == source->fails_at)
		return UNAVAILABLE;
	*page = numbered(at, source->pages);
	return OK;
}

static void becomes(struct source source, error expected, const char *text)
{
	struct json_object *first = numbered(1, source.pages);
	assert_int_equal(list_whole(a, first, next_page, &source), expected);
	assert_string_equal(json_object_to_json_string_ext(first, JSON_C_TO_STRING_PLAIN), text);
}

static void rows_of_all_pages_and_the_meta_of_the_last_one(void **state)
{
	(void)state;
	becomes((struct source) { .pages = 1 }, OK,
	    "{\"data\":[1],\"meta\":{\"has_more\":false,\"next_cursor\":null}}");
	becomes((struct source) { .pages = 3 }, OK,
	    "{\"data\":[1,2,3],\"meta\":{\"has_more\":false,\"next_cursor\":null}}");
}

static void what_is_longer_says_so(void **state)
{
	(void)state;
	becomes((struct source) { .pages = LIST_PAGES + 1 }, OK,
	    "{\"data\":[1,2,3,4,5,6,7,8,9,10],\"meta\":{\"has_more\":true,\"next_cursor\":\"11\"}"
	    "}");
}

static void those_before_a_page_that_fails_are_there(void **state)
{
	(void)state;
	becomes((struct source) { .pages = 4, .fails_at = 3 }, UNAVAILABLE,
	    "{\"data\":[1,2],\"meta\":{\"has_more\":true,\"next_cursor\":\"3\"}}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_all_pages_and_the_meta_of_the_last_one),
		cmocka_unit_test(what_is_longer_says_so),
		cmocka_unit_test(those_before_a_page_that_fails_are_there),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
