/* layers: base */
/* What json.h promises: a writer that cannot write wrong JSON, and a reader that takes only right
 * JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct desk {
	struct buf out;
	struct json j;
	struct arena *arena;
};

static int setup(void **state)
{
	struct desk *d = calloc(1, sizeof *d);
	if (!d)
		return -1;
	json_begin(&d->j, &d->out);
	d->arena = arena_new();
	*state = d;
	return 0;
}

static int teardown(void **state)
{
	struct desk *d = *state;
	buf_free(&d->out);
	arena_free(d->arena);
	free(d);
	return 0;
}

static void wrote(struct desk *d, const char *expected)
{
	buf_char(&d->out, 0);
	assert_string_equal(d->out.p, expected);
	buf_clear(&d->out);
	json_begin(&d->j, &d->out);
}

/* --- The writer */

static void commas_and_colons_come_by_themselves(void **state)
{
	struct desk *d = *state;
	struct json *j = &d->j;
	json_object(j);
	json_key(j, "a");
	json_array(j);
	json_int(j, 1);
	json_array(j);
	json_array_end(j);
	json_object(j);
	json_object_end(j);
	json_bool(j, true);
	json_bool(j, false);
	json_array_end(j);
	json_key(j, "b");
	json_object(j);
	json_key_str(j, STR("c\"d"));
	json_null(j);
	json_key_str(j, STR("e"));
	json_text_value(j, "f");
	json_object_end(j);
	json_object_end(j);
	wrote(d, "{\"a\":[1,[],{},true,false],\"b\":{\"c\\\"d\":null,\"e\":\"f\"}}");
}

static void a_document_may_be_one_value(void **state)
{
	struct desk *d = *state;
	json_int(&d->j, -5);
	wrote(d, "-5");
	json_text_value(&d->j, "x");
	wrote(d, "\"x\"");
}

static void none_is_null(void **state)
{
	struct desk *d = *state;
	struct json *j = &d->j;
	json_array(j);
	json_string(j, (str) { NULL, 0 });
	json_text_value(j, NULL);
	json_int(j, INT_NONE);
	json_instant(j, INSTANT_NONE);
	json_day(j, DAY_NONE);
	json_money(j, (money) { 0 });
	json_uuid(j, (uuid) { 0 }.text);
	json_raw(j, (str) { NULL, 0 });
	json_array_end(j);
	wrote(d, "[null,null,null,null,null,null,null,null]");
}

static void values_have_the_forms_of_the_api(void **state)
{
	struct desk *d = *state;
	struct json *j = &d->j;
	json_array(j);
	json_string(j, STR(""));
	json_int(j, INT64_MAX);
	json_instant(j, (instant) { 1769860800123456 });
	json_day(j, (day) { 0 });
	json_money(j, (money) { 123450, "EUR" });
	json_uuid(j, "0190abcd-ef12-7abc-8def-0123456789ab");
	json_raw(j, STR("{\"k\":[]}"));
	json_array_end(j);
	wrote(d, "[\"\",9223372036854775807,\"2026-01-31T12:00:00.123456Z\",\"1970-01-01\","
		 "{\"amount\":\"1234.50\",\"currency\":\"EUR\"},"
		 "\"0190abcd-ef12-7abc-8def-0123456789ab\",{\"k\":[]}]");
}

static void what_json_wants_escaped_is_escaped(void **state)
{
	struct desk *d = *state;
	json_string(&d->j, STR("\"\\/\b\f\n\r\t\0\x01\x1f\x7f"));
	wrote(d, "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u0001\\u001f\x7f\"");
}

static void utf8_is_written_as_it_is(void **state)
{
	struct desk *d = *state;
	json_text_value(
	    &d->j, "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xf4\x8f\xbf\xbf \xed\x9f\xbf");
	wrote(d, "\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xf4\x8f\xbf\xbf \xed\x9f\xbf\"");
}

/* Unicode 15, tables 3-8 to 3-11: one U+FFFD for each maximal subpart. */
static void what_is_not_utf8_is_replaced(void **state)
{
	struct desk *d = *state;
	static const struct {
		const char *text;
		size_t marks;
	} cases[] = { { "\xff", 1 }, { "\x80", 1 }, { "\xc0\xaf", 2 }, { "\xe0\x80\xaf", 3 },
		{ "\xed\xa0\x80", 3 }, { "\xf4\x90\x80\x80", 4 }, { "\xf0\x80\x80\xaf", 4 },
		{ "\xe2\x82", 1 }, { "\xf0\x9f\x98", 1 }, { "\xc3", 1 }, { "\xf5", 1 },
		{ "\xe1\x80\xe2\xf0\x91\x92\xf1\xbf", 4 } };
	for (size_t i = 0; i < COUNT(cases); i++) {
		char expected[64] = "\"a";
		for (size_t mark = 0; mark < cases[i].marks; mark++)
			strcat(expected, "\xef\xbf\xbd");
		strcat(expected, "z\"");
		char text[32];
		snprintf(text, sizeof text, "a%sz", cases[i].text);
		json_text_value(&d->j, text);
		wrote(d, expected);
	}
}

/* Each byte at each place of the eight that are looked at together, read again by json-c. */
static void every_byte_is_right_at_every_place(void **state)
{
	struct desk *d = *state;
	for (int byte = 1; byte < 256; byte++) {
		for (size_t at = 0; at < 20; at++) {
			char text[21] = "abcdefghijklmnopqrst";
			text[at] = (char)byte;
			json_text_value(&d->j, text);
			const char *why;
			struct json_object *got = json_read(d->arena, buf_view(&d->out), &why);
			assert_null(why);
			char expected[32];
			snprintf(expected, sizeof expected, "%.*s%s%s", (int)at, text,
			    byte < 128 ? (char[]) { (char)byte, 0 } : "\xef\xbf\xbd",
			    text + at + 1);
			assert_string_equal(json_object_get_string(got), expected);
			buf_clear(&d->out);
			json_begin(&d->j, &d->out);
		}
		arena_reset(d->arena);
	}
}

static void a_long_string_of_escapes_has_room(void **state)
{
	struct desk *d = *state;
	for (size_t n = 0; n < 600; n++) {
		char text[600];
		memset(text, 1, sizeof text);
		struct buf tight = { 0 };
		json_begin(&d->j, &tight);
		json_array(&d->j);
		json_string(&d->j, (str) { text, n });
		json_string(&d->j, (str) { text, n });
		json_array_end(&d->j);
		assert_int_equal(tight.n, 2 * (6 * n + 2) + 3);
		buf_free(&tight);
	}
}

static void it_nests_as_deep_as_it_reads(void **state)
{
	struct desk *d = *state;
	for (int i = 0; i < JSON_DEPTH / 2; i++) {
		json_array(&d->j);
		json_object(&d->j);
		json_key(&d->j, "k");
	}
	json_int(&d->j, 1);
	for (int i = 0; i < JSON_DEPTH / 2; i++) {
		json_object_end(&d->j);
		json_array_end(&d->j);
	}
	const char *why;
	assert_non_null(json_read(d->arena, buf_view(&d->out), &why));
}

static void value_without_key(struct json *j)
{
	json_object(j);
	json_int(j, 1);
}

static void key_without_value(struct json *j)
{
	json_object(j);
	json_key(j, "k");
	json_object_end(j);
}

static void key_after_key(struct json *j)
{
	json_object(j);
	json_key(j, "k");
	json_key(j, "k");
}

static void key_in_an_array(struct json *j)
{
	json_array(j);
	json_key(j, "k");
}

static void wrong_end(struct json *j)
{
	json_array(j);
	json_object_end(j);
}

static void end_without_begin(struct json *j) { json_array_end(j); }

static void two_documents(struct json *j)
{
	json_int(j, 1);
	json_int(j, 2);
}

static void too_deep(struct json *j)
{
	for (int i = 0; i <= JSON_DEPTH; i++)
		json_array(j);
}

static void wrong_nesting_is_a_fault_of_the_programmer(void **state)
{
	struct desk *d = *state;
	static void (*const wrong[])(struct json *) = { value_without_key, key_without_value,
		key_after_key, key_in_an_array, wrong_end, end_without_begin, two_documents,
		too_deep };
	for (size_t i = 0; i < COUNT(wrong); i++) {
		pid_t child = fork();
		if (child == 0) {
			setrlimit(RLIMIT_CORE, &(struct rlimit) { 0 });
			signal(SIGABRT, SIG_DFL);
			close(STDERR_FILENO);
			wrong[i](&d->j);
			_exit(0);
		}
		int status;
		assert_int_equal(waitpid(child, &status, 0), child);
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
			fail_msg("case %zu was written", i);
	}
}

/* --- The reader */

static void right_documents_are_read(void **state)
{
	struct desk *d = *state;
	static const char *const right[] = { "{}", "[]", " [ ] ", "\t\r\n{\"a\" : 1 }\n", "0", "-0",
		"-1", "12", "9223372036854775807", "-9223372036854775807", "1.5", "-0.1", "1e5",
		"1E+5", "1e-5", "0e0", "\"\"", "\"x\"", "true", "false", "[null]",
		"[1,2,[3,{\"a\":[]}]]", "{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":2}}",
		"[{\"a\":1},{\"a\":1}]", "\"\\u00e9\\uD83D\\uDE00\\/\\b\"", "\"\xf0\x9f\x98\x80\"",
		"{\"\":1}", "{\"a:b\":\":\",\"{\":\"}\"}", "\"\\\"\\\\\"", "[\"\\\\\",\":\"]",
		"\"/* no comment */\"" };
	for (size_t i = 0; i < COUNT(right); i++) {
		const char *why = "unset";
		if (!json_read(d->arena, str_of(right[i]), &why) || why)
			fail_msg("%s: %s", right[i], why ? why : "no tree");
	}
}

static void wrong_documents_are_refused(void **state)
{
	struct desk *d = *state;
	static const char *const wrong[] = { "", " ", "{", "}", "[", "]", "[}", "{]", "[1", "[1,",
		"[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
		"{,}", "{\"a\" 1}", "{a:1}", "{1:1}", "{'a':1}", "['a']", "[1:2]", "{\"a\":1:2}",
		"{\"a\":1 \"b\":2}", "{\"a\",\"b\"}", ":", ",", "1 2", "{}{}", "[]]", "[] x", "1,",
		"nul", "nulll", "True", "TRUE", "truefalse", "NaN", "nan", "[NaN]", "Infinity",
		"-Infinity", "[-Infinity]", "[Infinity]", "undefined", "+1", "01", "-01", "00",
		"1.", ".5", "-.5", "-", "--1", "1e", "1e+", "1.e5", "0x10", "1_000", "1a",
		"[1.5.5]", "1-2", "\"", "\"abc", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
		"\"\\u\"", "\"a\nb\"", "\"a\tb\"", "\"\x1f\"", "/* c */ 1", "1 // c", "[1] /* c */",
		"# c\n1", "\xef\xbb\xbf{}", "\v1", "\f1", "\xc2\xa0[]", "{\"a\":1}}", "\"a\" \"b\"",
		"[\"a\" \"b\"]", "[\"a\"1]", "[1\"a\"]", "[true false]", "[1true]", "\"a\"b" };
	for (size_t i = 0; i < COUNT(wrong); i++) {
		const char *why = NULL;
		if (json_read(d->arena, str_of(wrong[i]), &why) || !why)
			fail_msg("%s was read", wrong[i]);
	}
}

static void refuses(struct desk *d, str text, const char *expected)
{
	const char *why = NULL;
	assert_null(json_read(d->arena, text, &why));
	assert_non_null(why);
	assert_string_equal(why, expected);
}

static void the_text_needs_no_nul_behind_it(void **state)
{
	struct desk *d = *state;
	const char *why;
	struct json_object *tree = json_read(d->arena, (str) { "123456", 3 }, &why);
	assert_int_equal(json_object_get_int64(tree), 123);
	assert_non_null(json_read(d->arena, (str) { "trueish", 4 }, &why));
}

static void the_literal_null_is_no_tree_and_no_fault(void **state)
{
	struct desk *d = *state;
	const char *why = "unset";
	assert_null(json_read(d->arena, STR(" null "), &why));
	assert_null(why);
}

static void a_key_that_is_there_twice_is_refused(void **state)
{
	struct desk *d = *state;
	static const char *const wrong[] = { "{\"a\":1,\"a\":1}",
		"[{\"b\":{\"a\":1,\"c\":2,\"a\":3}}]", "{\"a\":1,\"\\u0061\":2}",
		"{\"\":1,\"\":2}" };
	for (size_t i = 0; i < COUNT(wrong); i++)
		refuses(d, str_of(wrong[i]), "an object names a key twice");
}

static void a_nul_is_refused_in_each_form(void **state)
{
	struct desk *d = *state;
	const char *expected = "a NUL character is not allowed";
	refuses(d, STR("\"a\0b\""), expected);
	refuses(d, STR("{}\0"), expected);
	refuses(d, STR("{}\0{}"), expected);
	refuses(d, STR("\"\\u0000\""), expected);
	refuses(d, STR("{\"a\\u0000b\":1}"), expected);
}

static void half_a_surrogate_pair_is_refused(void **state)
{
	struct desk *d = *state;
	static const char *const wrong[] = { "\"\\ud83d\"", "\"\\ude00\"", "\"\\ud83d\\ud83d\"",
		"\"\\ud83dx\"", "\"\\ud83d\\n\"", "\"\\ude00\\ud83d\"", "\"\\ud83d\\u0041\"" };
	for (size_t i = 0; i < COUNT(wrong); i++)
		refuses(d, str_of(wrong[i]), "an escape is half of a surrogate pair");
}

static void what_is_not_utf8_is_refused(void **state)
{
	struct desk *d = *state;
	static const char *const wrong[] = { "\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"",
		"\"\xe2\x82\"", "\"\xf4\x90\x80\x80\"", "{\"\x80\":1}" };
	for (size_t i = 0; i < COUNT(wrong); i++)
		refuses(d, str_of(wrong[i]), "the text is not UTF-8");
}

static void numbers_that_we_cannot_hold_are_refused(void **state)
{
	struct desk *d = *state;
	static const char *const wrong[] = { "1e999", "[-1e999]", "{\"a\":1e400}",
		"9223372036854775808", "-9223372036854775808", "-9223372036854775809",
		"18446744073709551615", "100000000000000000000000000000" };
	for (size_t i = 0; i < COUNT(wrong); i++)
		refuses(d, str_of(wrong[i]), "a number is out of range");
}

static void nesting_has_a_bound(void **state)
{
	struct desk *d = *state;
	char text[2 * JSON_DEPTH + 3];
	const char *why;
	memset(text, '[', JSON_DEPTH);
	text[JSON_DEPTH] = '1';
	memset(text + JSON_DEPTH + 1, ']', JSON_DEPTH);
	assert_non_null(json_read(d->arena, (str) { text, 2 * JSON_DEPTH + 1 }, &why));
	assert_null(why);
	memset(text, '[', JSON_DEPTH + 1);
	memset(text + JSON_DEPTH + 1, ']', JSON_DEPTH + 1);
	refuses(d, (str) { text, 2 * JSON_DEPTH + 2 }, "the document is nested deeper than 64");
}

static void a_million_brackets_are_only_refused(void **state)
{
	struct desk *d = *state;
	struct buf text = { 0 };
	for (int i = 0; i < 500000; i++)
		buf_text(&text, "{\"");
	const char *why;
	assert_null(json_read(d->arena, buf_view(&text), &why));
	assert_non_null(why);
	buf_clear(&text);
	for (int i = 0; i < 1000000; i++)
		buf_char(&text, '[');
	refuses(d, buf_view(&text), "the document is nested deeper than 64");
	buf_free(&text);
}

/* --- UTF-8 */

static void valid_utf8_has_no_nul(void **state)
{
	(void)state;
	assert_true(utf8_valid(STR("")));
	assert_true(utf8_valid((str) { NULL, 0 }));
	assert_true(utf8_valid(STR("abcdefgh\xc3\xa9ijklmnopqr\xf0\x9f\x98\x80")));
	for (size_t at = 0; at < 20; at++) {
		char text[20];
		memset(text, 'x', sizeof text);
		text[at] = 0;
		assert_false(utf8_valid((str) { text, sizeof text }));
		text[at] = '\xe9';
		assert_false(utf8_valid((str) { text, sizeof text }));
	}
}

static void length_counts_code_points(void **state)
{
	(void)state;
	assert_int_equal(utf8_length(STR("")), 0);
	assert_int_equal(utf8_length(STR("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")), 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(commas_and_colons_come_by_themselves),
		TEST(a_document_may_be_one_value),
		TEST(none_is_null),
		TEST(values_have_the_forms_of_the_api),
		TEST(what_json_wants_escaped_is_escaped),
		TEST(utf8_is_written_as_it_is),
		TEST(what_is_not_utf8_is_replaced),
		TEST(every_byte_is_right_at_every_place),
		TEST(a_long_string_of_escapes_has_room),
		TEST(it_nests_as_deep_as_it_reads),
		TEST(wrong_nesting_is_a_fault_of_the_programmer),
		TEST(right_documents_are_read),
		TEST(wrong_documents_are_refused),
		TEST(the_text_needs_no_nul_behind_it),
		TEST(the_literal_null_is_no_tree_and_no_fault),
		TEST(a_key_that_is_there_twice_is_refused),
		TEST(a_nul_is_refused_in_each_form),
		TEST(half_a_surrogate_pair_is_refused),
		TEST(what_is_not_utf8_is_refused),
		TEST(numbers_that_we_cannot_hold_are_refused),
		TEST(nesting_has_a_bound),
		TEST(a_million_brackets_are_only_refused),
		TEST(valid_utf8_has_no_nul),
		TEST(length_counts_code_points),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
