/* layers: base http db core */
/* core_password_test.c: what core/password.h and core/membership.h promise without a database. */
#include "core/membership.h"
#include "core/password.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

enum { COST = 1024 };

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

static void a_password_is_known_again_and_no_other_one_is(void **state)
{
	str hash = str_of(password_hash(*state, STR("correct horse"), COST));
	assert_true(password_verify(*state, hash, STR("correct horse"), COST));
	for (size_t i = 0; i < 4; i++) {
		static const char *const others[] = { "", "correct hors", "correct horse ",
			"Correct horse" };
		assert_false(password_verify(*state, hash, str_of(others[i]), COST));
	}
}

static void a_hash_names_its_cost_and_keeps_it(void **state)
{
	str hash = str_of(password_hash(*state, STR("correct horse"), COST));
	assert_true(str_starts(hash, "$s1$0a0801$")); /* N = 2^10, r = 8, p = 1 */
	assert_true(password_verify(*state, hash, STR("correct horse"), COST * 4));
}

static void equal_passwords_have_different_hashes(void **state)
{
	str a = str_of(password_hash(*state, STR("correct horse"), COST)),
	    b = str_of(password_hash(*state, STR("correct horse"), COST));
	assert_false(str_eq(a, b));
}

static void the_password_may_hold_any_character(void **state)
{
	str password = STR("\xc3\xbc\xe6\xbc\xa2\xf0\x9f\x98\x80 $:,;");
	assert_true(
	    password_verify(*state, str_of(password_hash(*state, password, COST)), password, COST));
}

/* In ns of this thread's own: what else the machine does is not in it. */
static int64_t work_so_far(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void no_hash_means_no_after_the_same_work(void **state)
{
	str hash = str_of(password_hash(*state, STR("correct horse"), COST * 16));
	int64_t best[2] = { INT64_MAX, INT64_MAX };
	for (int i = 0; i < 10; i++) {
		int64_t began = work_so_far(), known, unknown;
		assert_false(password_verify(*state, hash, STR("wrong"), COST * 16));
		known = work_so_far() - began;
		began = work_so_far();
		assert_false(password_verify(*state, (str) { NULL, 0 }, STR("wrong"), COST * 16));
		unknown = work_so_far() - began;
		best[0] = known < best[0] ? known : best[0];
		best[1] = unknown < best[1] ? unknown : best[1];
	}
	assert_true(best[1] > best[0] / 4 && best[1] < best[0] * 4);
}

static void a_hash_that_is_none_fits_no_password(void **state)
{
	static const char *const broken[] = { "", "x", "$s1$", "$s1$0a0801$", "$s1$0a0801$AAAA",
		"$s1$zzzzzz$AAAA$AAAA", "$2b$10$abcdefghij" };
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
		assert_false(
		    password_verify(*state, str_of(broken[i]), STR("correct horse"), COST));
}

static uuid id_of(char digit)
{
	uuid id = { "01a20924-7369-72b4-a8e4-99fc2f0c1520" };
	id.text[35] = digit;
	return id;
}

static void teams_are_kept_sorted_and_once(void **state)
{
	uuid ids[] = { id_of('3'), id_of('1'), id_of('3'), id_of('2') };
	json_text text = membership_json(*state, (list) { ids, 4 });
	list back = membership_list(*state, text);
	assert_int_equal(back.n, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(((uuid *)back.items)[i].text[35], '1' + (int)i);
	assert_true(str_eq(membership_json(*state, back).json, text.json));
}

static void no_teams_are_an_empty_list(void **state)
{
	assert_true(str_is(membership_json(*state, (list) { NULL, 0 }).json, "[]"));
	assert_int_equal(membership_list(*state, (json_text) { STR("[]") }).n, 0);
	assert_int_equal(membership_list(*state, (json_text) { { NULL, 0 } }).n, 0);
	assert_int_equal(membership_list(*state,
			     (json_text) { STR("[\"not an id, but just as long as one is\"]") })
			     .n,
	    0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_password_is_known_again_and_no_other_one_is, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_hash_names_its_cost_and_keeps_it, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    equal_passwords_have_different_hashes, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    the_password_may_hold_any_character, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    no_hash_means_no_after_the_same_work, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_hash_that_is_none_fits_no_password, setup, teardown),
		cmocka_unit_test_setup_teardown(teams_are_kept_sorted_and_once, setup, teardown),
		cmocka_unit_test_setup_teardown(no_teams_are_an_empty_list, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
