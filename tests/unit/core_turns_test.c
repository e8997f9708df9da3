/* layers: base http db core modules */
/* Who comes next: turns.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/turns.h"

#include <cmocka.h>

#define ACME "018f0000-0000-7000-8000-00000000000a"
#define BETA "018f0000-0000-7000-8000-00000000000b"

static const struct passed_over nobody;

static void companies_take_turns_and_each_is_first_come_first_served(void **state)
{
	(void)state;
	struct turns *t = turns_new();
	struct turn a[3], b[2], stranger;
	for (size_t i = 0; i < 3; i++)
		turns_add(t, ACME, &a[i]);
	turns_add(t, BETA, &b[0]);
	turns_add(t, "", &stranger);
	assert_ptr_equal(turns_take(t, &nobody), &a[0]);
	assert_ptr_equal(turns_take(t, &nobody), &b[0]);
	/* Whoever had a turn and has nothing left comes last again. */
	turns_add(t, BETA, &b[1]);
	assert_ptr_equal(turns_take(t, &nobody), &stranger);
	assert_ptr_equal(turns_take(t, &nobody), &a[1]);
	assert_ptr_equal(turns_take(t, &nobody), &b[1]);
	assert_ptr_equal(turns_take(t, &nobody), &a[2]);
	assert_null(turns_take(t, &nobody));
	assert_true(turns_empty(t));
	turns_free(t);
}

static void who_is_passed_over_keeps_the_turn(void **state)
{
	(void)state;
	const char *const acme[] = { ACME }, *const both[] = { ACME, BETA };
	struct turns *t = turns_new();
	struct turn a[2], b[2];
	for (size_t i = 0; i < 2; i++) {
		turns_add(t, ACME, &a[i]);
		turns_add(t, BETA, &b[i]);
	}
	assert_null(turns_take(t, &(struct passed_over) { both, 2 }));
	assert_ptr_equal(turns_take(t, &(struct passed_over) { acme, 1 }), &b[0]);
	assert_ptr_equal(turns_take(t, &nobody), &a[0]);
	assert_ptr_equal(turns_take(t, &(struct passed_over) { acme, 1 }), &b[1]);
	assert_null(turns_take(t, &(struct passed_over) { acme, 1 }));
	assert_false(turns_empty(t));
	assert_ptr_equal(turns_take(t, &nobody), &a[1]);
	turns_free(t);
}

static void as_many_companies_as_come(void **state)
{
	(void)state;
	enum { MANY = 5000 };
	static struct turn first[MANY], second[MANY];
	struct turns *t = turns_new();
	char company[37];
	for (size_t i = 0; i < MANY; i++) {
		snprintf(company, sizeof company, "%036zu", i);
		turns_add(t, company, &first[i]);
	}
	for (size_t i = MANY; i-- > 0;) {
		snprintf(company, sizeof company, "%036zu", i);
		turns_add(t, company, &second[i]);
	}
	for (size_t i = 0; i < MANY; i++)
		assert_ptr_equal(turns_take(t, &nobody), &first[i]);
	for (size_t i = 0; i < MANY; i++)
		assert_ptr_equal(turns_take(t, &nobody), &second[i]);
	turns_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(companies_take_turns_and_each_is_first_come_first_served),
		cmocka_unit_test(who_is_passed_over_keeps_the_turn),
		cmocka_unit_test(as_many_companies_as_come),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
