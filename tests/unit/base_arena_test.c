/* layers: base */
/* What arena.h promises: memory of one request, and cleanups in reverse order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

static int setup(void **state)
{
	*state = arena_new();
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static void memory_is_zeroed(void **state)
{
	for (int round = 0; round < 3; round++) {
		for (size_t size = 1; size < 2000; size += 37) {
			char *p = arena_alloc(*state, size);
			for (size_t i = 0; i < size; i++)
				assert_int_equal(p[i], 0);
			memset(p, 0xff, size);
		}
		arena_reset(*state);
	}
}

static void memory_is_aligned_for_any_type(void **state)
{
	for (size_t size = 0; size < 100; size++)
		assert_int_equal((uintptr_t)arena_alloc(*state, size) % alignof(max_align_t), 0);
}

static void allocations_do_not_overlap(void **state)
{
	enum { COUNT = 300 };
	unsigned char *p[COUNT];
	for (size_t i = 0; i < COUNT; i++) {
		p[i] = arena_alloc(*state, i * 11);
		memset(p[i], (int)(i & 0xff), i * 11);
	}
	for (size_t i = 0; i < COUNT; i++) {
		for (size_t at = 0; at < i * 11; at++)
			assert_int_equal(p[i][at], i & 0xff);
	}
}

static void an_allocation_of_no_bytes_is_not_null(void **state)
{
	assert_non_null(arena_alloc(*state, 0));
	assert_non_null(arena_array(*state, 0, 8));
}

static void a_large_allocation_leaves_the_current_block_in_use(void **state)
{
	char *before = arena_alloc(*state, 16);
	char *large = arena_alloc(*state, 10 * 1024 * 1024);
	large[10 * 1024 * 1024 - 1] = 1;
	char *after = arena_alloc(*state, 16);
	assert_true(after > before && after < before + 1024);
}

static void used_counts_the_bytes_since_the_last_reset(void **state)
{
	assert_int_equal(arena_used(*state), 0);
	arena_alloc(*state, 10);
	arena_alloc(*state, 100000);
	assert_int_equal(arena_used(*state), 100010);
	arena_reset(*state);
	assert_int_equal(arena_used(*state), 0);
}

static void the_first_block_is_used_again_after_a_reset(void **state)
{
	char *first = arena_alloc(*state, 100);
	arena_alloc(*state, 1000000);
	arena_reset(*state);
	assert_ptr_equal(arena_alloc(*state, 100), first);
}

static void an_array_grows_and_keeps_its_items(void **state)
{
	struct arena *a = arena_new();
	size_t cap = 0, n = 0;
	int *v = NULL;
	(void)state;
	for (int i = 0; i < 1000; i++) {
		ARENA_GROW(a, v, n, cap);
		v[n++] = i;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(v[i], i);
	assert_true(cap >= 1000 && cap < 2100);
	arena_free(a);
}

static void text_is_a_copy_with_a_nul(void **state)
{
	char original[] = { 'a', 'b', 'c' };
	char *copy = arena_text(*state, original, 2);
	original[0] = 'x';
	assert_string_equal(copy, "ab");
	assert_string_equal(arena_text(*state, NULL, 0), "");
}

static void printf_writes_short_and_long_texts(void **state)
{
	assert_string_equal(arena_printf(*state, "%d-%s", 7, "x"), "7-x");
	for (int width = 250; width < 260; width++) {
		char *text = arena_printf(*state, "%*d", width, 42);
		assert_int_equal(strlen(text), width);
		assert_string_equal(text + width - 3, " 42");
	}
}

static struct arena *of_cleanups;
static char ran[16];

static void note(void *what) { strcat(ran, what); }

static void allocate_and_note(void *what)
{
	arena_cleanup(of_cleanups, note, "late");
	strcat(ran, what);
}

static void cleanups_run_in_reverse_order_and_once(void **state)
{
	ran[0] = 0;
	arena_cleanup(*state, note, "1");
	arena_cleanup(*state, note, "2");
	arena_cleanup(*state, note, "3");
	arena_reset(*state);
	assert_string_equal(ran, "321");
	arena_reset(*state);
	assert_string_equal(ran, "321");
}

static void a_cleanup_may_register_another(void **state)
{
	ran[0] = 0;
	of_cleanups = *state;
	arena_cleanup(*state, allocate_and_note, "first ");
	arena_reset(*state);
	assert_string_equal(ran, "first late");
}

static void free_runs_the_cleanups(void **state)
{
	(void)state;
	ran[0] = 0;
	struct arena *a = arena_new();
	arena_cleanup(a, note, "done");
	arena_free(a);
	assert_string_equal(ran, "done");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(memory_is_zeroed),
		TEST(memory_is_aligned_for_any_type),
		TEST(allocations_do_not_overlap),
		TEST(an_allocation_of_no_bytes_is_not_null),
		TEST(a_large_allocation_leaves_the_current_block_in_use),
		TEST(used_counts_the_bytes_since_the_last_reset),
		TEST(the_first_block_is_used_again_after_a_reset),
		TEST(an_array_grows_and_keeps_its_items),
		TEST(text_is_a_copy_with_a_nul),
		TEST(printf_writes_short_and_long_texts),
		TEST(cleanups_run_in_reverse_order_and_once),
		TEST(a_cleanup_may_register_another),
		TEST(free_runs_the_cleanups),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
