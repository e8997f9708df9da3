/* layers: base http */
/* http_conditional_test.c: entity tags (RFC 9110) and Prefer: wait (RFC 7240). */
#include "http_fake.h"

static void tags_match_weakly_in_lists_and_with_commas_inside(void **state)
{
	(void)state;
	static const struct {
		const char *header, *tag;
		bool match;
	} cases[] = {
		{ "\"a\"", "\"a\"", true },
		{ "W/\"a\"", "\"a\"", true },
		{ "\"a\"", "W/\"a\"", true },
		{ "\"b\", \"a\"", "\"a\"", true },
		{ "\"b\",W/\"a\" ", "\"a\"", true },
		{ " , ,\"a\"", "\"a\"", true },
		{ "\"x,y\", \"a\"", "\"x,y\"", true },
		{ "*", "\"a\"", true },
		{ " * ", "\"a\"", true },
		{ "a", "\"a\"", true },
		{ "b, a", "\"a\"", true },
		{ "\"\"", "\"\"", true },
		{ "\"b\"", "\"a\"", false },
		{ "\"aa\"", "\"a\"", false },
		{ "\"A\"", "\"a\"", false },
		{ "\"a", "\"a\"", false },
		{ "\"b\", *", "\"a\"", false },
		{ "", "\"a\"", false },
		{ "W/", "\"a\"", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (http_etag_matches(str_of(cases[i].header), str_of(cases[i].tag)) !=
		    cases[i].match)
			fail_msg("%s and %s", cases[i].header, cases[i].tag);
	assert_false(http_etag_matches((str) { NULL, 0 }, STR("\"a\"")));
	assert_true(str_is(http_etag_strong(STR("W/\"a\"")), "\"a\""));
	assert_true(str_is(http_etag_strong(STR("\"a\"")), "\"a\""));
}

static error wait_of(const char *prefer, int *wait)
{
	struct fake *f = fake_new();
	struct http_request r;
	fake_param(f, "REQUEST_METHOD", "GET");
	fake_param(f, "REQUEST_URI", "/");
	if (prefer)
		fake_param(f, "HTTP_PREFER", prefer);
	assert_int_equal(http_open(f->arena, &f->fcgi, &r), OK);
	error e = http_prefer_wait(&r, wait);
	fake_free(f);
	return e;
}

static void wait_is_read_among_other_preferences(void **state)
{
	(void)state;
	static const struct {
		const char *prefer;
		int wait;
	} cases[] = {
		{ NULL, -1 },
		{ "", -1 },
		{ "respond-async", -1 },
		{ "waiting=5", -1 },
		{ "wait=25", 25 },
		{ "Wait = 25", 25 },
		{ "wait=\"25\"", 25 },
		{ "respond-async, wait=10; foo=bar, wait=20", 10 },
		{ "wait=0", 0 },
		{ "wait=60", 60 },
		{ "wait=61", 60 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int wait = 99;
		assert_int_equal(wait_of(cases[i].prefer, &wait), OK);
		assert_int_equal(wait, cases[i].wait);
	}
}

static void a_wait_that_is_no_number_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = { "wait", "wait=", "wait=abc", "wait=-1", "wait=2.5",
		"wait=\"\"", "wait=99999999999999999999", "wait=1e3", "wait=+5" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int wait;
		assert_int_equal(wait_of(bad[i], &wait), MALFORMED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tags_match_weakly_in_lists_and_with_commas_inside),
		cmocka_unit_test(wait_is_read_among_other_preferences),
		cmocka_unit_test(a_wait_that_is_no_number_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
