/* layers: base http db core modules */
/* What page_view.h promises of the arguments of a page's loads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "core/page_view.h"

#include <cmocka.h>

#include "in_arena.h"

/* The args of a page at /contacts/7?query, as "name=value&..." again, with "/" before parameters of
 * the path. */
static void becomes(const char *args, const char *query, const char *expected)
{
	const struct http_pair path[] = { { STR("id"), STR("7") }, { STR("kind"), STR("person") } };
	struct http_pair *typed;
	size_t n;
	const char *text = "";
	assert_int_equal(http_form(a, str_of(query), &typed, &n), OK);
	const struct page_address address = { path, typed, 2, n, STR("I") };
	struct page_input in = page_args(a, args, &address);
	for (size_t i = 0; i < in.n_path + in.n; i++) {
		const struct http_pair *one =
		    i < in.n_path ? &in.path[i] : &in.pairs[i - in.n_path];
		text =
		    arena_printf(a, "%s%s%s%.*s=%.*s", text, i ? "&" : "", i < in.n_path ? "/" : "",
			(int)one->name.n, one->name.p, (int)one->value.n, one->value.p);
	}
	assert_string_equal(text, expected);
}

static void plain_arguments_stay_as_they_are(void **state)
{
	(void)state;
	becomes(NULL, "", "");
	becomes("", "q=x", "");
	becomes("limit=50&expand=owner,team&sort=-updated_at", "limit=1",
	    "limit=50&expand=owner,team&sort=-updated_at");
}

static void a_name_in_braces_comes_from_the_path_before_the_query(void **state)
{
	(void)state;
	becomes("contact_id={id}&limit=50", "id=8", "/contact_id=7&limit=50");
	becomes("q={q}", "q=a+b", "q=a b");
	becomes("subject={kind}:{id}", "", "subject=person:7");
}

static void an_argument_of_which_something_is_absent_is_left_out(void **state)
{
	(void)state;
	becomes("id={id}&cursor={cursor}&limit=2", "", "/id=7&limit=2");
	becomes("id={id}&cursor={cursor}", "cursor=", "/id=7");
	becomes("x={id}-{cursor}", "", "");
}

static void a_star_stands_for_the_page_s_own_query(void **state)
{
	(void)state;
	becomes("*", "q=x&owner_id=1&owner_id=2", "q=x&owner_id=1&owner_id=2");
	becomes("kind={kind}&*", "q=x", "/kind=person&q=x");
	becomes("*", "q=&_tab=notes&stage_id=3", "stage_id=3");
}

static void what_the_arguments_say_cannot_be_overridden(void **state)
{
	(void)state;
	becomes("owner_id={me}&limit=10&*", "limit=100&owner_id=9&me=9&q=x",
	    "owner_id=I&limit=10&me=9&q=x");
}

static void a_value_is_never_read_as_arguments(void **state)
{
	(void)state;
	becomes("q={q}&limit=5", "q=%26limit%3D99%26x%3D%7Bid%7D", "q=&limit=99&x={id}&limit=5");
}

#define PAGE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PAGE_TEST(plain_arguments_stay_as_they_are),
		PAGE_TEST(a_name_in_braces_comes_from_the_path_before_the_query),
		PAGE_TEST(an_argument_of_which_something_is_absent_is_left_out),
		PAGE_TEST(a_star_stands_for_the_page_s_own_query),
		PAGE_TEST(what_the_arguments_say_cannot_be_overridden),
		PAGE_TEST(a_value_is_never_read_as_arguments),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
