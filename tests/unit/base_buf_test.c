/* layers: base */
/* What buf.h promises: bytes that grow, and memory that is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"

static int setup(void **state)
{
	static struct buf b;
	*state = &b;
	return 0;
}

static int teardown(void **state)
{
	buf_free(*state);
	return 0;
}

static void holds(const struct buf *b, const char *expected)
{
	assert_int_equal(b->n, strlen(expected));
	assert_memory_equal(buf_view(b).p, expected, b->n);
}

static void what_is_added_stands_in_order(void **state)
{
	struct buf *b = *state;
	buf_text(b, "a");
	buf_char(b, 'b');
	buf_str(b, STR("cd"));
	buf_add(b, "efg", 2);
	buf_printf(b, "%03d", 7);
	holds(b, "abcdef007");
}

static void nothing_can_be_added(void **state)
{
	struct buf *b = *state;
	buf_str(b, (str) { NULL, 0 });
	buf_text(b, "");
	holds(b, "");
	assert_non_null(buf_view(b).p);
}

static void every_integer_is_written(void **state)
{
	struct buf *b = *state;
	const int64_t numbers[] = { 0, 7, -1, 1234567890, INT64_MAX, INT64_MIN };
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		buf_int(b, numbers[i]);
		buf_char(b, ' ');
	}
	holds(b, "0 7 -1 1234567890 9223372036854775807 -9223372036854775808 ");
}

static void it_grows_past_every_size(void **state)
{
	struct buf *b = *state;
	for (size_t i = 0; i < 100000; i++)
		buf_char(b, (char)('a' + i % 26));
	for (size_t i = 0; i < 100000; i++)
		assert_int_equal(b->p[i], 'a' + i % 26);
}

static void printf_grows_for_a_long_text(void **state)
{
	struct buf *b = *state;
	buf_text(b, "x");
	buf_printf(b, "%5000d", 5);
	assert_int_equal(b->n, 5001);
	assert_int_equal(b->p[0], 'x');
	assert_int_equal(b->p[5000], '5');
}

static void clear_keeps_memory_up_to_a_megabyte(void **state)
{
	struct buf *b = *state;
	buf_reserve(b, 1000);
	const char *p = b->p;
	buf_clear(b);
	assert_int_equal(b->n, 0);
	assert_ptr_equal(b->p, p);
	buf_reserve(b, 5 * 1024 * 1024);
	buf_clear(b);
	assert_in_range(b->cap, 1000, 1024 * 1024);
}

static void free_leaves_an_empty_buffer(void **state)
{
	struct buf *b = *state;
	buf_text(b, "x");
	buf_free(b);
	holds(b, "");
	buf_text(b, "again");
	holds(b, "again");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(what_is_added_stands_in_order),
		TEST(nothing_can_be_added),
		TEST(every_integer_is_written),
		TEST(it_grows_past_every_size),
		TEST(printf_grows_for_a_long_text),
		TEST(clear_keeps_memory_up_to_a_megabyte),
		TEST(free_leaves_an_empty_buffer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
