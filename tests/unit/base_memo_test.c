/* layers: base */
/* What memo.h promises: the same question has its answer again, and another one has none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memo.h"

static const int person, house;

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

static void remember(struct arena *a, struct memo **m, const void *about, uint32_t key, int value)
{
	*(int *)memo_keep(a, m, about, &key, sizeof key, sizeof(int)) = value;
}

static int known(const struct memo *m, const void *about, uint32_t key)
{
	const int *value = memo_find(m, about, &key, sizeof key);
	return value ? *value : -1;
}

static void nothing_is_known_at_first(void **state)
{
	(void)state;
	assert_int_equal(known(NULL, &person, 1), -1);
}

static void what_was_kept_is_found_by_its_subject_and_its_key(void **state)
{
	struct memo *m = NULL;
	remember(*state, &m, &person, 1, 10);
	remember(*state, &m, &house, 1, 20);
	assert_int_equal(known(m, &person, 1), 10);
	assert_int_equal(known(m, &house, 1), 20);
	assert_int_equal(known(m, &person, 2), -1);
	uint8_t shorter = 1;
	assert_null(memo_find(m, &person, &shorter, sizeof shorter));
}

static void a_later_value_takes_the_place_of_the_one_before(void **state)
{
	struct memo *m = NULL;
	remember(*state, &m, &person, 1, 10);
	remember(*state, &m, &person, 1, 11);
	assert_int_equal(known(m, &person, 1), 11);
}

static void the_key_is_copied_and_the_room_is_zeroed(void **state)
{
	struct memo *m = NULL;
	uint32_t key = 1;
	const int *room = memo_keep(*state, &m, &person, &key, sizeof key, sizeof(int));
	assert_int_equal(*room, 0);
	key = 2;
	assert_int_equal(known(m, &person, 1), 0);
	assert_int_equal(known(m, &person, 2), -1);
}

static void it_grows_and_keeps_all(void **state)
{
	struct memo *m = NULL;
	for (uint32_t i = 0; i < 10000; i++)
		remember(*state, &m, &person, i, (int)i);
	for (uint32_t i = 0; i < 10000; i++)
		assert_int_equal(known(m, &person, i), i);
}

static void when_it_is_full_it_begins_anew_and_is_never_wrong(void **state)
{
	struct memo *m = NULL;
	for (uint32_t i = 0; i < 100000; i++) {
		remember(*state, &m, &person, i, (int)i);
		assert_int_equal(known(m, &person, i), i);
	}
	int kept = 0;
	for (uint32_t i = 0; i < 100000; i++) {
		int value = known(m, &person, i);
		assert_true(value == -1 || value == (int)i);
		kept += value != -1;
	}
	assert_in_range(kept, 1, 20000);
}

#define MEMO_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		MEMO_TEST(nothing_is_known_at_first),
		MEMO_TEST(what_was_kept_is_found_by_its_subject_and_its_key),
		MEMO_TEST(a_later_value_takes_the_place_of_the_one_before),
		MEMO_TEST(the_key_is_copied_and_the_room_is_zeroed),
		MEMO_TEST(it_grows_and_keeps_all),
		MEMO_TEST(when_it_is_full_it_begins_anew_and_is_never_wrong),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
