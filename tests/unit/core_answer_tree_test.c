/* layers: base http db core modules */
/* What answer_tree.h promises: the tree that base/json.h would read, or none. */
#include "core/answer_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "in_arena.h"

/* A copy without anything behind it, so that the sanitizer sees a step too far. */
static str exactly(const char *bytes, size_t n)
{
	char *copy = malloc(n ? n : 1);
	assert_non_null(copy);
	memcpy(copy, bytes, n);
	arena_cleanup(a, free, copy);
	return (str) { copy, n };
}

static const char *const documents[] = { "{}", "[]", "[[],{}]", "true", "false", "0", "-7",
	"9223372036854775807", "-9223372036854775807", "\"\"", "\"x\"", "[1,2.5,-1e3,1E+2,0.10]",
	"{\"a\":{\"b\":[null,true,{\"c\":\"d\"}]},\"e\":null}",
	" { \"a\" : [ 1 , 2 ] ,\n\t\"b\" : \"c\" }\r\n ",
	"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\\u00e4\\u20ac\\ud83d\\ude00x\",\"a\\\\\",\"\\\\\\\"\"]",
	"{\"k\\n\\u00e4\":\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"}", NULL };

static void it_is_the_tree_of_the_strict_reader(void **state)
{
	(void)state;
	for (size_t i = 0; documents[i]; i++) {
		const char *why;
		struct json_object *expected = json_read(a, str_of(documents[i]), &why);
		struct json_object *got =
		    answer_tree(a, exactly(documents[i], strlen(documents[i])));
		assert_non_null(got);
		assert_true(json_object_equal(expected, got));
		assert_string_equal(
		    json_object_to_json_string(expected), json_object_to_json_string(got));
	}
	assert_null(answer_tree(a, STR("null")));
}

static void what_is_cut_off_is_no_tree(void **state)
{
	(void)state;
	for (size_t i = 0; documents[i]; i++) {
		size_t n = strlen(documents[i]);
		if (!strchr("{[\"", documents[i][0]))
			continue; /* the beginning of a number is a number */
		for (size_t cut = 0; cut < n; cut++)
			assert_null(answer_tree(a, exactly(documents[i], cut)));
	}
}

static void what_is_not_json_is_no_tree(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", " ", "x", "tru", "nul", "-", "+", "1x", "[1,]",
		"[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":1 \"b\":2}",
		"[1]]", "{}{}", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud83d\"",
		"\"\\ud83dx\"", "\"\\ude00\"", "\"\\u0000\"", "\"\\", "\"\\\"", "[\"a\\\"]", "1 2",
		"--1", "1e", "1.2.3", NULL };
	for (size_t i = 0; wrong[i]; i++)
		if (answer_tree(a, exactly(wrong[i], strlen(wrong[i]))))
			fail_msg("%s is taken", wrong[i]);
	assert_null(answer_tree(a, exactly("[]\0", 3)));
	assert_null(answer_tree(a, (str) { NULL, 0 }));
}

static void depth_is_bounded(void **state)
{
	(void)state;
	char deep[100000];
	memset(deep, '[', sizeof deep);
	assert_null(answer_tree(a, exactly(deep, sizeof deep)));
	memset(deep + JSON_DEPTH, ']', JSON_DEPTH);
	assert_non_null(answer_tree(a, exactly(deep, 2 * (size_t)JSON_DEPTH)));
	assert_null(answer_tree(a, exactly(deep, 2 * (size_t)JSON_DEPTH - 1)));
}

static void a_name_that_comes_twice_counts_once(void **state)
{
	(void)state;
	struct json_object *tree = answer_tree(a, STR("{\"a\":1,\"b\":[],\"a\":\"two\"}")), *value;
	assert_true(json_object_object_get_ex(tree, "a", &value));
	assert_string_equal(json_object_get_string(value), "two");
	assert_int_equal(json_object_object_length(tree), 2);
}

#define TREE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(it_is_the_tree_of_the_strict_reader),
		TREE_TEST(what_is_cut_off_is_no_tree),
		TREE_TEST(what_is_not_json_is_no_tree),
		TREE_TEST(depth_is_bounded),
		TREE_TEST(a_name_that_comes_twice_counts_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
