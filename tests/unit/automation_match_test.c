/* layers: base http db core modules process */
/*
 * What conditions of automations say of a row, for each type of field.
 */
#include "modules/automations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct arena *arena;

static bool asks(
    const struct field *f, enum automation_test is, const void *value, str text, const void *row)
{
	const struct automation_condition c = { .kind = HOLDS_FIELD,
		.field = f,
		.is = is,
		.values = &value,
		.n_values = value ? 1 : 0,
		.text = text };
	return automation_holds(arena, &c, row);
}
#define ASKS(TABLE, FIELD, IS, VALUE, ROW) asks(COLUMN(TABLE, FIELD), IS, VALUE, STR(""), ROW)

static struct contact contact(void)
{
	struct contact c;
	row_init(&contacts_table, &c);
	return c;
}

static void texts_are_compared_without_case_and_accents(void **state)
{
	(void)state;
	struct contact c = contact();
	const str ann = STR("\xc3\x84nn BELL"), anna = STR("anna bell"), plain = STR("ann bell");
	c.full_name = ann;
	assert_true(ASKS(contacts, full_name, TEST_EQ, &plain, &c));
	assert_false(ASKS(contacts, full_name, TEST_EQ, &anna, &c));
	assert_true(ASKS(contacts, full_name, TEST_NE, &anna, &c));
	assert_true(asks(COLUMN(contacts, full_name), TEST_CONTAINS, NULL, STR("N\xc3\xa9 b"),
			&c) == false);
	assert_true(asks(COLUMN(contacts, full_name), TEST_CONTAINS, NULL, STR("N b"), &c));
}

static void what_is_none_is_empty_and_neither_before_nor_after(void **state)
{
	(void)state;
	struct contact c = contact();
	const int64_t ten = 10;
	const day some_day = { 7000 };
	c.employees = INT_NONE;
	assert_true(ASKS(contacts, employees, TEST_EMPTY, NULL, &c));
	assert_false(ASKS(contacts, employees, TEST_LT, &ten, &c));
	assert_false(ASKS(contacts, birthday, TEST_LT, &some_day, &c));
	assert_true(ASKS(contacts, employees, TEST_NE, &ten, &c));
	assert_true(ASKS(contacts, tags, TEST_EMPTY, NULL, &c));
	c.tags.json = STR("[]");
	assert_true(ASKS(contacts, tags, TEST_EMPTY, NULL, &c));
	c.employees = 9;
	assert_true(ASKS(contacts, employees, TEST_LT, &ten, &c));
	assert_false(ASKS(contacts, employees, TEST_GT, &ten, &c));
	assert_true(ASKS(contacts, employees, TEST_NOT_EMPTY, NULL, &c));
}

static void amounts_of_two_currencies_are_not_compared(void **state)
{
	(void)state;
	struct deal d;
	const money euros = { 100000, "EUR" }, dollars = { 100, "USD" };
	row_init(&deals_table, &d);
	d.amount = (money) { 100001, "EUR" };
	assert_true(ASKS(deals, amount, TEST_GT, &euros, &d));
	assert_false(ASKS(deals, amount, TEST_GT, &dollars, &d));
	assert_false(ASKS(deals, amount, TEST_LT, &dollars, &d));
	assert_true(ASKS(deals, amount, TEST_NE, &dollars, &d));
}

static void a_list_contains_what_one_of_its_texts_contains(void **state)
{
	(void)state;
	struct contact c = contact();
	c.emails.json = STR("[{\"address\":\"ada@example.com\",\"type\":\"work\"},null,7]");
	assert_true(asks(COLUMN(contacts, emails), TEST_CONTAINS, NULL, STR("@Example.com"), &c));
	assert_false(asks(COLUMN(contacts, emails), TEST_CONTAINS, NULL, STR("bob"), &c));
	assert_false(asks(COLUMN(contacts, emails), TEST_CONTAINS, NULL, STR("address"), &c));
}

static void all_of_none_hold_and_any_of_none_does_not(void **state)
{
	(void)state;
	struct contact c = contact();
	struct automation_condition parts[2] = {
		{ .kind = HOLDS_FIELD, .field = COLUMN(contacts, name), .is = TEST_EMPTY },
		{ .kind = HOLDS_FIELD, .field = COLUMN(contacts, name), .is = TEST_NOT_EMPTY },
	};
	struct automation_condition all = { .kind = HOLDS_ALL }, any = { .kind = HOLDS_ANY },
				    always = { .kind = HOLDS_ALWAYS };
	assert_true(automation_holds(arena, &always, &c));
	assert_true(automation_holds(arena, &all, &c));
	assert_false(automation_holds(arena, &any, &c));
	all.children = any.children = parts;
	all.n = any.n = 2;
	assert_false(automation_holds(arena, &all, &c));
	assert_true(automation_holds(arena, &any, &c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_compared_without_case_and_accents),
		cmocka_unit_test(what_is_none_is_empty_and_neither_before_nor_after),
		cmocka_unit_test(amounts_of_two_currencies_are_not_compared),
		cmocka_unit_test(a_list_contains_what_one_of_its_texts_contains),
		cmocka_unit_test(all_of_none_hold_and_any_of_none_does_not),
	};
	arena = arena_new();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(arena);
	return failed;
}
