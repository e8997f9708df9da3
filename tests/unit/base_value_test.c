/* layers: base */
/* What value.h promises: one text form for each value, and a refusal for everything else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/value.h"
#include <time.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- str */

static void trim_takes_ascii_white_space_at_both_ends(void **state)
{
	(void)state;
	assert_true(str_is(str_trim(STR(" \t\r\n a b \v\f")), "a b"));
	assert_int_equal(str_trim(STR("  ")).n, 0);
	assert_true(str_is(str_trim(STR("\xc2\xa0x")), "\xc2\xa0x"));
}

static void trim_keeps_none_apart_from_empty(void **state)
{
	(void)state;
	assert_true(str_none(str_trim((str) { NULL, 0 })));
	assert_false(str_none(str_trim(STR(" "))));
}

static void cut_splits_at_the_first(void **state)
{
	(void)state;
	str before, after;
	assert_true(str_cut(STR("a=b=c"), '=', &before, &after));
	assert_true(str_is(before, "a"));
	assert_true(str_is(after, "b=c"));
	assert_true(str_cut(STR("="), '=', &before, &after));
	assert_int_equal(before.n + after.n, 0);
}

static void cut_without_the_separator_changes_nothing(void **state)
{
	(void)state;
	str before = STR("kept"), after = before;
	assert_false(str_cut(STR("abc"), '=', &before, &after));
	assert_false(str_cut((str) { NULL, 0 }, '=', &before, &after));
	assert_true(str_is(before, "kept") && str_is(after, "kept"));
}

static void starts_compares_the_beginning(void **state)
{
	(void)state;
	assert_true(str_starts(STR("deals/1"), "deals/"));
	assert_true(str_starts(STR("deals"), "deals"));
	assert_true(str_starts((str) { NULL, 0 }, ""));
	assert_false(str_starts(STR("deal"), "deals"));
}

/* --- instant */

static void instants_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t us;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01T00:00:01.5Z", 1500000 },
		{ "1969-12-31T23:59:59.999999Z", -1 },
		{ "2026-01-31T12:00:00.123456Z", 1769860800123456 },
		{ "2026-01-31T12:00:00.123456999Z", 1769860800123456 },
		{ "2026-01-31T12:00:00.1+01:00", 1769857200100000 },
		{ "2026-01-31T12:00:00-05:30", 1769880600000000 },
		{ "2026-01-31T12:00:00-00:00", 1769860800000000 },
		{ "2026-01-31t12:00:00z", 1769860800000000 },
		{ "2024-02-29T00:00:00Z", 1709164800000000 },
		{ "0001-01-01T00:00:00Z", -62135596800000000 },
		{ "0001-01-01T01:00:00+01:00", -62135596800000000 },
		{ "9999-12-31T23:59:59.999999Z", 253402300799999999 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		instant got = INSTANT_NONE;
		if (!instant_parse(str_of(cases[i].text), &got) || got.us != cases[i].us)
			fail_msg("%s: %lld", cases[i].text, (long long)got.us);
	}
}

static void anything_else_is_no_instant(void **state)
{
	(void)state;
	static const char *const refused[] = {
		"",
		"now",
		"2026-01-31",
		"2026-01-31T12:00:00",
		"2026-01-31 12:00:00Z",
		"2026-01-31T12:00Z",
		"2026-01-31T12:00:60Z",
		"2016-12-31T23:59:60Z",
		"2026-01-31T24:00:00Z",
		"2026-01-31T12:60:00Z",
		"2026-02-30T12:00:00Z",
		"2025-02-29T12:00:00Z",
		"2026-13-01T12:00:00Z",
		"2026-00-01T12:00:00Z",
		"2026-01-00T12:00:00Z",
		"0000-01-01T00:00:00Z",
		"0001-01-01T00:00:00+00:01",
		"9999-12-31T23:59:59-00:01",
		"12026-01-31T12:00:00Z",
		"-2026-01-31T12:00:00Z",
		"2026-01-31T12:00:00.Z",
		"2026-01-31T12:00:00.1234567890Z",
		"2026-01-31T12:00:00,5Z",
		"2026-01-31T12:00:00+24:00",
		"2026-01-31T12:00:00+01:60",
		"2026-01-31T12:00:00+0100",
		"2026-01-31T12:00:00+01",
		"2026-01-31T12:00:00ZZ",
		"2026-01-31T12:00:00Z ",
		" 2026-01-31T12:00:00Z",
		"2026-1-31T12:00:00Z",
		"2026-01-31T1a:00:00Z",
		"2026-01-31T12:00:00.5",
		"2026-01-31T12:00:00.+1:00",
		"2026-01-31T+1:00:00Z",
	};
	for (size_t i = 0; i < COUNT(refused); i++) {
		instant kept = { 42 };
		if (instant_parse(str_of(refused[i]), &kept) || kept.us != 42)
			fail_msg("%s", refused[i]);
	}
	assert_false(instant_parse((str) { NULL, 0 }, &(instant) { 0 }));
}

static void writes(int64_t us, const char *expected)
{
	char text[INSTANT_TEXT];
	assert_int_equal(instant_format((instant) { us }, text), strlen(expected));
	assert_string_equal(text, expected);
}

static void instants_are_written(void **state)
{
	(void)state;
	writes(0, "1970-01-01T00:00:00Z");
	writes(-1, "1969-12-31T23:59:59.999999Z");
	writes(1769860800123456, "2026-01-31T12:00:00.123456Z");
	writes(1769860800000010, "2026-01-31T12:00:00.000010Z");
	writes(INT64_MIN, "");
}

static void an_instant_outside_of_four_digit_years_is_written_as_the_nearest(void **state)
{
	(void)state;
	writes(INT64_MAX, "9999-12-31T23:59:59.999999Z");
	writes(253402300800000000, "9999-12-31T23:59:59.999999Z");
	writes(INT64_MIN + 1, "0001-01-01T00:00:00Z");
}

static void what_is_written_is_read_again(void **state)
{
	(void)state;
	for (int64_t us = -62135596800000000; us < 253402300799999999; us += 86399123456789) {
		char text[INSTANT_TEXT];
		instant got;
		size_t n = instant_format((instant) { us }, text);
		assert_true(instant_parse((str) { text, n }, &got));
		assert_true(got.us == us);
	}
}

/* --- day and the calendar */

static void days_are_read_and_written(void **state)
{
	(void)state;
	char text[DAY_TEXT];
	day d;
	assert_true(day_parse(STR("1970-01-01"), &d) && d.days == 0);
	assert_true(day_parse(STR("2000-02-29"), &d) && d.days == 11016);
	assert_int_equal(day_format(d, text), 10);
	assert_string_equal(text, "2000-02-29");
	assert_int_equal(day_format(DAY_NONE, text), 0);
	assert_string_equal(text, "");
	day_format((day) { INT32_MAX }, text);
	assert_string_equal(text, "9999-12-31");
}

static void anything_else_is_no_day(void **state)
{
	(void)state;
	static const char *const refused[] = { "", "2026-02-30", "1900-02-29", "2026-1-1",
		"0000-01-01", "2026-01-32", "2026-13-01", "2026/01/01", "2026-01-01 ", "20260101",
		"2026-01-01T", "+026-01-01" };
	for (size_t i = 0; i < COUNT(refused); i++) {
		day kept = { 42 };
		if (day_parse(str_of(refused[i]), &kept) || kept.days != 42)
			fail_msg("%s", refused[i]);
	}
}

/* The C library's calendar is the judge. */
static void every_day_of_the_calendar_is_right(void **state)
{
	(void)state;
	for (int32_t days = -719162; days <= 2932896; days += 1) {
		int year, month, mday;
		day_civil((day) { days }, &year, &month, &mday);
		day back;
		assert_true(day_from_civil(year, month, mday, &back));
		assert_true(back.days == days);
		time_t seconds = (time_t)days * 86400;
		struct tm tm;
		gmtime_r(&seconds, &tm);
		if (tm.tm_year + 1900 != year || tm.tm_mon + 1 != month || tm.tm_mday != mday)
			fail_msg("day %d", days);
	}
}

static void a_date_that_is_none_is_refused(void **state)
{
	(void)state;
	static const int refused[][3] = { { 2026, 2, 30 }, { 2026, 4, 31 }, { 2026, 0, 1 },
		{ 2026, 13, 1 }, { 2026, 1, 0 }, { 2100, 2, 29 }, { 0, 1, 1 }, { 10000, 1, 1 },
		{ 2026, -1, 1 }, { 2026, 1, -1 } };
	for (size_t i = 0; i < COUNT(refused); i++) {
		day d;
		assert_false(day_from_civil(refused[i][0], refused[i][1], refused[i][2], &d));
	}
}

static void the_day_of_an_instant_is_in_utc(void **state)
{
	(void)state;
	assert_int_equal(day_of((instant) { 0 }).days, 0);
	assert_int_equal(day_of((instant) { -1 }).days, -1);
	assert_int_equal(day_of((instant) { 86399999999 }).days, 0);
	assert_int_equal(day_of((instant) { 86400000000 }).days, 1);
	assert_true(day_none(day_of(INSTANT_NONE)));
}

static void the_clocks_go(void **state)
{
	(void)state;
	assert_true(clock_now().us / 1000000 - time(NULL) <= 1);
	int64_t before = clock_monotonic_us();
	assert_true(clock_monotonic_us() >= before);
}

/* --- decimal and integer */

static void decimals_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t hundredths;
	} cases[] = { { "0", 0 }, { "-0.00", 0 }, { "1234.50", 123450 }, { "1234.5", 123450 },
		{ "7", 700 }, { "0.01", 1 }, { "-0.05", -5 }, { "-12.34", -1234 },
		{ "9999999999999.99", MONEY_MAX }, { "-9999999999999.99", -MONEY_MAX } };
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t got = INT_NONE;
		if (!decimal_parse(str_of(cases[i].text), &got) || got != cases[i].hundredths)
			fail_msg("%s: %lld", cases[i].text, (long long)got);
	}
}

static void anything_else_is_no_decimal(void **state)
{
	(void)state;
	static const char *const refused[] = { "", "-", ".", "1.", ".5", "1.234", "+1", "--1", "01",
		"00", "1,50", "1e3", " 1", "1 ", "1.-5", "1.5.", "10000000000000",
		"99999999999999999999999", "NaN", "0x1", "1.2x" };
	for (size_t i = 0; i < COUNT(refused); i++) {
		int64_t kept = 42;
		if (decimal_parse(str_of(refused[i]), &kept) || kept != 42)
			fail_msg("%s", refused[i]);
	}
	assert_false(decimal_parse((str) { NULL, 0 }, &(int64_t) { 0 }));
}

static void decimals_are_written_with_two_places(void **state)
{
	(void)state;
	static const struct {
		int64_t hundredths;
		const char *text;
	} cases[] = { { 0, "0.00" }, { 5, "0.05" }, { -5, "-0.05" }, { 100, "1.00" },
		{ 123450, "1234.50" }, { -MONEY_MAX, "-9999999999999.99" },
		{ INT64_MIN, "-92233720368547758.08" } };
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[DECIMAL_TEXT];
		assert_int_equal(decimal_format(cases[i].hundredths, text), strlen(cases[i].text));
		assert_string_equal(text, cases[i].text);
	}
}

static void integers_are_read(void **state)
{
	(void)state;
	int64_t n;
	assert_true(int_parse(STR("0"), &n) && n == 0);
	assert_true(int_parse(STR("-17"), &n) && n == -17);
	assert_true(int_parse(STR("9223372036854775807"), &n) && n == INT64_MAX);
	assert_true(int_parse(STR("-9223372036854775807"), &n) && n == -INT64_MAX);
}

static void anything_else_is_no_integer(void **state)
{
	(void)state;
	static const char *const refused[] = { "", "-", "+1", "007", "1.0", "1 ", " 1", "0x10",
		"1e3", "9223372036854775808", "-9223372036854775808", "18446744073709551616",
		"99999999999999999999999999", "--1" };
	for (size_t i = 0; i < COUNT(refused); i++) {
		int64_t kept = 42;
		if (int_parse(str_of(refused[i]), &kept) || kept != 42)
			fail_msg("%s", refused[i]);
	}
}

/* --- uuid */

static void a_uuid_is_folded_to_lower_case(void **state)
{
	(void)state;
	uuid id;
	assert_true(uuid_parse(STR("0190ABCD-ef12-7ABC-8def-0123456789AB"), &id));
	assert_string_equal(id.text, "0190abcd-ef12-7abc-8def-0123456789ab");
}

static void anything_else_is_no_uuid(void **state)
{
	(void)state;
	static const char *const refused[] = { "", "0190abcd-ef12-7abc-8def-0123456789a",
		"0190abcd-ef12-7abc-8def-0123456789abc", "0190abcdef127abc8def0123456789ab",
		"{0190abcd-ef12-7abc-8def-0123456789}", "0190abcd-ef12-7abc-8def-0123456789ag",
		"0190abcd-ef12-7abc-8def_0123456789ab", "0190abcd-ef127-abc-8def-0123456789ab",
		"------------------------------------" };
	for (size_t i = 0; i < COUNT(refused); i++) {
		uuid kept = { "kept" };
		if (uuid_parse(str_of(refused[i]), &kept) || strcmp(kept.text, "kept") != 0)
			fail_msg("%s", refused[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trim_takes_ascii_white_space_at_both_ends),
		cmocka_unit_test(trim_keeps_none_apart_from_empty),
		cmocka_unit_test(cut_splits_at_the_first),
		cmocka_unit_test(cut_without_the_separator_changes_nothing),
		cmocka_unit_test(starts_compares_the_beginning),
		cmocka_unit_test(instants_are_read),
		cmocka_unit_test(anything_else_is_no_instant),
		cmocka_unit_test(instants_are_written),
		cmocka_unit_test(an_instant_outside_of_four_digit_years_is_written_as_the_nearest),
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(days_are_read_and_written),
		cmocka_unit_test(anything_else_is_no_day),
		cmocka_unit_test(every_day_of_the_calendar_is_right),
		cmocka_unit_test(a_date_that_is_none_is_refused),
		cmocka_unit_test(the_day_of_an_instant_is_in_utc),
		cmocka_unit_test(the_clocks_go),
		cmocka_unit_test(decimals_are_read),
		cmocka_unit_test(anything_else_is_no_decimal),
		cmocka_unit_test(decimals_are_written_with_two_places),
		cmocka_unit_test(integers_are_read),
		cmocka_unit_test(anything_else_is_no_integer),
		cmocka_unit_test(a_uuid_is_folded_to_lower_case),
		cmocka_unit_test(anything_else_is_no_uuid),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
