/* layers: base http */
/* http_form_test.c: query strings and urlencoded bodies, and what is refused in them. */
#include "http_fake.h"

static error form(struct fake *f, const char *text, struct http_pair **pairs, size_t *n)
{
	return http_form(f->arena, str_of(text), pairs, n);
}

static void pairs_keep_their_order_and_may_repeat(void **state)
{
	(void)state;
	struct fake *f = fake_new();
	struct http_pair *pairs;
	size_t n;
	assert_int_equal(form(f, "tag=b&tag=a&x=1", &pairs, &n), OK);
	assert_int_equal(n, 3);
	assert_str(pairs[0].value, "b");
	assert_str(pairs[1].value, "a");
	assert_str(http_form_get(pairs, n, "tag"), "b");
	assert_str(http_form_get(pairs, n, "x"), "1");
	assert_str(http_form_get(pairs, n, "y"), NULL);
	fake_free(f);
}

static void plus_and_percent_are_decoded_in_names_and_values(void **state)
{
	(void)state;
	struct fake *f = fake_new();
	struct http_pair *pairs;
	size_t n;
	assert_int_equal(form(f, "full+name=J%C3%B6rg+%2B%26%3D%25", &pairs, &n), OK);
	assert_int_equal(n, 1);
	assert_str(pairs[0].name, "full name");
	assert_str(pairs[0].value, "J\xc3\xb6rg +&=%");
	fake_free(f);
}

static void an_empty_value_is_not_a_missing_one(void **state)
{
	(void)state;
	struct fake *f = fake_new();
	struct http_pair *pairs;
	size_t n;
	assert_int_equal(form(f, "a=&b&&c==&", &pairs, &n), OK);
	assert_int_equal(n, 3);
	assert_str(http_form_get(pairs, n, "a"), "");
	assert_str(http_form_get(pairs, n, "b"), "");
	assert_str(http_form_get(pairs, n, "c"), "=");
	assert_int_equal(form(f, "", &pairs, &n), OK);
	assert_int_equal(n, 0);
	fake_free(f);
}

static void bad_escapes_nul_and_invalid_utf8_are_refused(void **state)
{
	(void)state;
	struct fake *f = fake_new();
	struct http_pair *pairs;
	size_t n;
	static const char *const bad[] = { "a=%", "a=%4", "a=%zz", "a=%00", "%00=a", "a=%ff",
		"a=\xff", "a=%c3", "a=%ed%a0%80", "a=%c0%80" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(form(f, bad[i], &pairs, &n), MALFORMED);
	fake_free(f);
}

static void more_than_a_thousand_pairs_are_refused(void **state)
{
	(void)state;
	struct fake *f = fake_new();
	struct http_pair *pairs;
	struct buf text = { 0 };
	size_t n;
	for (int i = 0; i < 1000; i++)
		buf_text(&text, i ? "&a=1" : "a=1");
	assert_int_equal(http_form(f->arena, buf_view(&text), &pairs, &n), OK);
	assert_int_equal(n, 1000);
	buf_text(&text, "&a=1");
	assert_int_equal(http_form(f->arena, buf_view(&text), &pairs, &n), MALFORMED);
	buf_free(&text);
	fake_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_keep_their_order_and_may_repeat),
		cmocka_unit_test(plus_and_percent_are_decoded_in_names_and_values),
		cmocka_unit_test(an_empty_value_is_not_a_missing_one),
		cmocka_unit_test(bad_escapes_nul_and_invalid_utf8_are_refused),
		cmocka_unit_test(more_than_a_thousand_pairs_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
