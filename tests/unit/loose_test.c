/* layers: base http db core */
/* Dates, numbers and money as people write them: core/loose.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "core/csv.h"
#include "core/loose.h"

#define DATA "../shared/data/crm-sales/"

#define DMY ((struct date_style) { .order = DATE_DMY, .pivot = DATE_PIVOT })
#define MDY ((struct date_style) { .order = DATE_MDY, .pivot = DATE_PIVOT })
#define YMD ((struct date_style) { .order = DATE_YMD, .pivot = DATE_PIVOT })
#define DOT ((struct number_style) { .decimal = '.' })
#define COMMA ((struct number_style) { .decimal = ',' })

#define COLUMN(...) \
	(const str[]) { __VA_ARGS__ }, sizeof((const str[]) { __VA_ARGS__ }) / sizeof(str)

static const char *day_text(struct date_style style, const char *text)
{
	static char out[DAY_TEXT];
	day d;
	if (!loose_day(style, str_of(text), &d))
		return "none";
	day_format(d, out);
	return out;
}

static const char *instant_text(const char *text)
{
	static char out[INSTANT_TEXT];
	instant i;
	if (!loose_instant(DMY, str_of(text), &i))
		return "none";
	instant_format(i, out);
	return out;
}

static const char *number_text(struct number_style style, const char *text)
{
	static char out[DECIMAL_TEXT];
	int64_t hundredths;
	if (!loose_number(style, str_of(text), &hundredths))
		return "none";
	decimal_format(hundredths, out);
	return out;
}

static const char *money_text(const char *text, const char *own)
{
	static char out[DECIMAL_TEXT + 5];
	money m;
	if (!loose_money(number_style_guess(COLUMN(str_of(text))), str_of(text), own, &m))
		return "none";
	out[decimal_format(m.hundredths, out)] = ' ';
	strcpy(strchr(out, ' ') + 1, m.currency);
	return out;
}

static void the_style_says_which_part_is_the_day(void **state)
{
	(void)state;
	assert_string_equal(day_text(DMY, "01-03-17"), "2017-03-01");
	assert_string_equal(day_text(MDY, "3/1/2017"), "2017-03-01");
	assert_string_equal(day_text(DMY, "1.3.2017"), "2017-03-01");
	assert_string_equal(day_text(DMY, "1. 3. 2017"), "2017-03-01");
	assert_string_equal(day_text(YMD, "17/03/01"), "2017-03-01");
	assert_string_equal(day_text(MDY, "31/1/2017"), "none");
	assert_string_equal(day_text(DMY, "29.02.2023"), "none");
}

static void a_year_first_or_a_month_by_name_needs_no_style(void **state)
{
	(void)state;
	static const char *const same[] = { "2026-01-31", "2026/01/31", "2026.1.31", "20260131",
		"2026\u5E741\u670831\u65E5", "31 Jan 2026", "31-Jan-26", "Jan 31, 2026",
		"January 31st, 2026", "31st of January 2026", "Sat, 31 Jan 2026",
		"Saturday, January 31, 2026", "31. Januar 2026", "31 janvier 2026",
		"31 de enero de 2026", "31 gennaio 2026", "2026-Jan-31", " 31\u00A0JAN\u00A02026 ",
		"2026-01-31T23:59:59-11:00", "2026-01-31 10:00", "31 Jan 2026, 2:30 PM" };
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		for (int order = 0; order < 3; order++) {
			struct date_style style = { .order = (enum date_order)order,
				.pivot = DATE_PIVOT };
			if (strcmp(day_text(style, same[i]), "2026-01-31") != 0)
				fail_msg("%s is %s", same[i], day_text(style, same[i]));
		}
	assert_string_equal(day_text(DMY, "3. M\u00E4rz 2026"), "2026-03-03");
	assert_string_equal(day_text(DMY, "15 ao\u00FBt 2026"), "2026-08-15");
	assert_string_equal(day_text(DMY, "1 f\u00E9vrier 2026"), "2026-02-01");
	assert_string_equal(day_text(DMY, "14 juillet 2026"), "2026-07-14");
	assert_string_equal(day_text(DMY, "14 juin 2026"), "2026-06-14");
	assert_string_equal(day_text(DMY, "24 D\u00C9CEMBRE 2026"), "2026-12-24");
}

static void what_is_no_date_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", "Q4 2016", "31", "Jan 2026", "2026",
		"915.112.1727", "1,234.50", "10.0.0.1", "10-20/2016", "31 Foo 2026", "10 20 30",
		"2026-13-01", "2026-01-31 25:00", "2026-01-31x", "31 Jan", "Monday", "123456789",
		"--05-12", "0000-00-00", "00/00/0000", "1-1-1", "1-2-345" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (strcmp(day_text(DMY, wrong[i]), "none") != 0)
			fail_msg("%s is %s", wrong[i], day_text(DMY, wrong[i]));
}

static void a_year_of_two_digits_turns_at_the_pivot(void **state)
{
	(void)state;
	assert_string_equal(day_text(DMY, "01.02.68"), "2068-02-01");
	assert_string_equal(day_text(DMY, "01.02.69"), "1969-02-01");
	struct date_style birthdays = DMY;
	birthdays.pivot = 26;
	assert_string_equal(day_text(birthdays, "01.02.58"), "1958-02-01");
}

static void an_instant_has_its_time_and_offset(void **state)
{
	(void)state;
	assert_string_equal(instant_text("2026-01-31T12:00:00Z"), "2026-01-31T12:00:00Z");
	assert_string_equal(
	    instant_text("2026-01-31T12:00:00.25+02:00"), "2026-01-31T10:00:00.250000Z");
	assert_string_equal(instant_text("2026-01-31 12:00 -0530"), "2026-01-31T17:30:00Z");
	assert_string_equal(instant_text("31.01.2026 14:30"), "2026-01-31T14:30:00Z");
	assert_string_equal(instant_text("31/1/2026 2:30 PM"), "2026-01-31T14:30:00Z");
	assert_string_equal(instant_text("31/1/2026 12:05 a.m."), "2026-01-31T00:05:00Z");
	assert_string_equal(instant_text("31/1/2026, 14:30:05 UTC"), "2026-01-31T14:30:05Z");
	assert_string_equal(instant_text("2026-01-31"), "2026-01-31T00:00:00Z");
	assert_string_equal(instant_text("2026-01-31 13:00 PM"), "none");
	assert_string_equal(instant_text("2026-01-31 12"), "none");
	assert_string_equal(instant_text("2026-01-31T12:00+"), "none");
}

static void a_column_decides_by_the_order_in_which_most_values_are_days(void **state)
{
	(void)state;
	struct date_style s =
	    date_style_guess(COLUMN(STR("3/1/2017"), STR("10/20/2016"), STR(""), STR("n/a")));
	assert_int_equal(s.order, DATE_MDY);
	assert_false(s.ambiguous);
	assert_int_equal(s.dates, 2);
	assert_int_equal(s.others, 1);
	s = date_style_guess(COLUMN(STR("01-03-17"), STR("20-10-16")));
	assert_int_equal(s.order, DATE_DMY);
	assert_false(s.ambiguous);
	s = date_style_guess(COLUMN(STR("99-03-04"), STR("98-03-05")));
	assert_int_equal(s.order, DATE_YMD);
	s = date_style_guess(COLUMN(
	    STR("26-01-11"), STR("26-01-12"), STR("26-02-03"), STR("26-03-20"), STR("26-03-21")));
	assert_int_equal(s.order, DATE_YMD);
	s = date_style_guess(COLUMN(STR("2026-01-02"), STR("3 Jan 2026")));
	assert_false(s.ambiguous);
	assert_int_equal(s.dates, 2);
}

static void dates_with_a_slash_and_others_are_in_an_order_of_their_own(void **state)
{
	(void)state;
	const struct date_case {
		str values[4];
		enum date_order order;
		bool swapped, ambiguous;
	} cases[] = {
		{ { STR("31.12.2026"), STR("12/31/2026"), STR("03/04/2026") }, DATE_DMY, true,
		    false },
		{ { STR("05.06.2026"), STR("12/31/2026"), STR("11/30/2026") }, DATE_MDY, false,
		    false },
		{ { STR("31.12.2026"), STR("03/04/2026") }, DATE_DMY, false, false },
		{ { STR("31.12.2026"), STR("12/31/2026"), STR("11/30/2026") }, DATE_DMY, true,
		    false },
		{ { STR("31/12/2026"), STR("12-31-2026") }, DATE_MDY, true, false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct date_style s = date_style_guess(cases[i].values, 4);
		assert_int_equal(s.order, cases[i].order);
		assert_int_equal(s.slash_swapped, cases[i].swapped);
		assert_int_equal(s.ambiguous, cases[i].ambiguous);
		assert_int_equal(s.others, 0);
	}
	struct date_style s = { .order = DATE_DMY, .slash_swapped = true };
	day slash, dots;
	assert_true(loose_day(s, STR("3/4/2026"), &slash) && loose_day(s, STR("4.3.2026"), &dots));
	assert_int_equal(slash.days, dots.days);
}

static void a_column_that_does_not_tell_is_called_ambiguous(void **state)
{
	(void)state;
	struct date_style s = date_style_guess(COLUMN(STR("03.04.2026"), STR("05.06.2026")));
	assert_true(s.ambiguous);
	assert_int_equal(s.order, DATE_DMY);
	s = date_style_guess(COLUMN(STR("03/04/2026"), STR("10/11/2026")));
	assert_true(s.ambiguous);
	assert_int_equal(s.order, DATE_DMY);
	s = date_style_guess(COLUMN(STR("3/4/2026"), STR("10/11/2026")));
	assert_true(s.ambiguous);
	assert_int_equal(s.order, DATE_MDY);
	s = date_style_guess(COLUMN(STR("05/05/2026")));
	assert_false(s.ambiguous);
}

static void numbers_are_read_in_the_style_of_their_column(void **state)
{
	(void)state;
	assert_string_equal(number_text(DOT, "1,234.50"), "1234.50");
	assert_string_equal(number_text(COMMA, "1.234,50"), "1234.50");
	assert_string_equal(number_text(DOT, "1.234"), "1.23");
	assert_string_equal(number_text(COMMA, "1.234"), "1234.00");
	assert_string_equal(number_text(DOT, "1'234.5"), "1234.50");
	assert_string_equal(number_text(COMMA, "1\u202F234\u00A0567,5"), "1234567.50");
	assert_string_equal(number_text(DOT, "12,34,567"), "1234567.00");
	assert_string_equal(number_text(DOT, "0.125"), "0.13");
	assert_string_equal(number_text(DOT, ".5"), "0.50");
	assert_string_equal(number_text(DOT, "9.999"), "10.00");
	assert_string_equal(number_text(DOT, "-12"), "-12.00");
	assert_string_equal(number_text(DOT, "12-"), "-12.00");
	assert_string_equal(number_text(DOT, "\u221212"), "-12.00");
	assert_string_equal(number_text(DOT, "(12.00)"), "-12.00");
	assert_string_equal(number_text(DOT, "+12"), "12.00");
	assert_string_equal(number_text(DOT, "9999999999999.99"), "9999999999999.99");
}

static void what_is_no_number_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", "-", "12,5", "1,23", "1,2345", "12.5.6", "1e5",
		"twelve", "12 pcs", "1,,234", ",123", "1 23", "--5", "(-5)", "12..",
		"99999999999999999999", "51-200", "1,23,45", "EUR", "1,234,56", "123,45,678" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (strcmp(number_text(DOT, wrong[i]), "none") != 0)
			fail_msg("%s is %s", wrong[i], number_text(DOT, wrong[i]));
}

static void the_style_of_a_column_of_numbers(void **state)
{
	(void)state;
	struct number_style s = number_style_guess(COLUMN(STR("1.234"), STR("1.234,50"), STR("x")));
	assert_int_equal(s.decimal, ',');
	assert_false(s.ambiguous);
	assert_int_equal(s.numbers, 2);
	assert_int_equal(s.others, 1);
	assert_int_equal(number_style_guess(COLUMN(STR("12,5"), STR("13"))).decimal, ',');
	assert_int_equal(number_style_guess(COLUMN(STR("1100.04"), STR("13"))).decimal, '.');
	assert_int_equal(number_style_guess(COLUMN(STR("1.234.567"))).decimal, ',');
	assert_int_equal(number_style_guess(COLUMN(STR("0.125"))).decimal, '.');
	s = number_style_guess(COLUMN(STR("1.234"), STR("2.500")));
	assert_true(s.ambiguous && s.decimal == ',');
	s = number_style_guess(COLUMN(STR("1,234"), STR("2,500")));
	assert_true(s.ambiguous && s.decimal == '.');
	assert_false(number_style_guess(COLUMN(STR("1234"))).ambiguous);
}

static void money_has_the_currency_that_stands_beside_it(void **state)
{
	(void)state;
	assert_string_equal(money_text("\u20AC 1 234,50", ""), "1234.50 EUR");
	assert_string_equal(money_text("1.234,50 EUR", "USD"), "1234.50 EUR");
	assert_string_equal(money_text("usd12", ""), "12.00 USD");
	assert_string_equal(money_text("CHF 1'200.-", ""), "none");
	assert_string_equal(money_text("SFr. 1'200.00", ""), "1200.00 CHF");
	assert_string_equal(money_text("12 SFr.", ""), "12.00 CHF");
	assert_string_equal(money_text("-$1,234.50", ""), "-1234.50 USD");
	assert_string_equal(money_text("$-5", "CAD"), "-5.00 CAD");
	assert_string_equal(money_text("$5", "EUR"), "5.00 USD");
	assert_string_equal(money_text("A$5", "CAD"), "5.00 AUD");
	assert_string_equal(money_text("(\u00A312.00)", ""), "-12.00 GBP");
	assert_string_equal(money_text("500 kr", "NOK"), "500.00 NOK");
	assert_string_equal(money_text("3000\u5186", ""), "3000.00 JPY");
	assert_string_equal(money_text("1054", "EUR"), "1054.00 EUR");
	assert_string_equal(money_text("1054", ""), "none");
	assert_string_equal(money_text("XYZ 5", "EUR"), "none");
}

static void whole_numbers(void **state)
{
	(void)state;
	int64_t n;
	assert_true(loose_int(DOT, STR("1,185"), &n));
	assert_int_equal(n, 1185);
	assert_true(loose_int(DOT, STR("12.00"), &n));
	assert_false(loose_int(DOT, STR("12.5"), &n));
}

static void text_without_the_dressing_of_spreadsheets(void **state)
{
	(void)state;
	assert_true(str_is(loose_text(STR("\u3000 a b\u00A0\r\n")), "a b"));
	assert_true(str_is(loose_text(STR("=\"0049\"")), "0049"));
	assert_true(str_is(loose_text(STR("'+49 30")), "+49 30"));
	assert_true(str_is(loose_text(STR("'t Hooft")), "'t Hooft"));
	assert_true(str_is(loose_phone(STR(" tel: (209)172-7124x3651 ")), "(209)172-7124x3651"));
}

static void several_values_in_a_cell(void **state)
{
	(void)state;
	str items[3];
	assert_int_equal(loose_list(STR("* My Contacts ::: Test, a"), items, 3), 2);
	assert_true(str_is(items[0], "My Contacts") && str_is(items[1], "Test, a"));
	assert_int_equal(loose_list(STR("a; b ;;c;d"), items, 3), 3);
	assert_true(str_is(items[2], "c"));
	assert_int_equal(loose_list(STR("one"), items, 3), 1);
	assert_int_equal(loose_list(STR("  "), items, 3), 0);
	assert_int_equal(loose_list((str) { NULL, 0 }, items, 3), 0);
}

static void what_a_value_looks_like(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum look look;
	} values[] = {
		{ " ", LOOK_EMPTY },
		{ "john@doe.invalid", LOOK_EMAIL },
		{ "@john", LOOK_TEXT },
		{ "a b@c.d", LOOK_TEXT },
		{ "https://a.example", LOOK_URL },
		{ "www.a.example", LOOK_URL },
		{ "043-797-5229", LOOK_PHONE },
		{ "(209)172-7124x3651", LOOK_PHONE },
		{ "+4930123456", LOOK_PHONE },
		{ "01 23 45 67 89", LOOK_PHONE },
		{ "915.112.1727", LOOK_PHONE },
		{ "2020-08-26", LOOK_DAY },
		{ "31 Jan 2026", LOOK_DAY },
		{ "1,234.50", LOOK_NUMBER },
		{ "8352752061", LOOK_NUMBER },
		{ "0.5", LOOK_NUMBER },
		{ "John", LOOK_TEXT },
		{ "100", LOOK_NUMBER },
		{ "Suite 100", LOOK_TEXT },
	};
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (loose_look(str_of(values[i].text)) != values[i].look)
			fail_msg("%s looks like %d", values[i].text,
			    (int)loose_look(str_of(values[i].text)));
}

/* A pipeline's dates: its rows' first, sixth and seventh cells, in the styles of their columns. */
struct pipeline {
	struct csv_row rows[9000];
	day engaged[9000], closed[9000];
	size_t n;
};

static int by_id(const void *a, const void *b)
{
	const struct csv_row *x = a, *y = b;
	int order = memcmp(x->cells[0].p, y->cells[0].p, 8);
	return order ? order : x->line < y->line ? -1 : 1;
}

static void column_days(const struct pipeline *p, size_t column, enum date_order order, day *out)
{
	static str values[9000];
	for (size_t i = 0; i < p->n; i++)
		values[i] = csv_cell(&p->rows[i], column);
	struct date_style style = date_style_guess(values, p->n);
	assert_int_equal(style.order, order);
	assert_int_equal(style.others, 0);
	assert_false(style.ambiguous);
	for (size_t i = 0; i < p->n; i++) {
		out[i] = DAY_NONE;
		assert_true(loose_day(style, values[i], &out[i]) == (values[i].n > 0));
	}
}

static struct pipeline *pipeline_read(struct arena *a, const char *path, enum date_order order)
{
	static struct csv c;
	FILE *f = fopen(path, "rb");
	if (!f) {
		print_message("skipped, not here: %s\n", path);
		return NULL;
	}
	char *bytes = arena_alloc(a, 1 << 20);
	size_t n = fread(bytes, 1, 1 << 20, f);
	fclose(f);
	struct pipeline *p = ARENA_NEW(a, struct pipeline);
	csv_open(&c, (str) { bytes, n }, 0);
	assert_int_equal(csv_next(&c, a, &p->rows[0]), CSV_ROW);
	while (csv_next(&c, a, &p->rows[p->n]) == CSV_ROW)
		p->n++;
	assert_int_equal(p->n, 8800);
	qsort(p->rows, p->n, sizeof(p->rows[0]), by_id);
	int64_t before = clock_monotonic_us();
	column_days(p, 5, order, p->engaged);
	column_days(p, 6, order, p->closed);
	print_message(
	    "%s: two columns of dates in %ld us\n", path, (long)(clock_monotonic_us() - before));
	return p;
}

static void three_styles_of_the_same_pipeline_are_the_same_days(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct pipeline *iso = pipeline_read(a, DATA "iso/sales_pipeline.csv", DATE_DMY);
	struct pipeline *us = pipeline_read(a, DATA "us-dates/sales_pipeline.csv", DATE_MDY);
	struct pipeline *dmy = pipeline_read(a, DATA "dmy-crlf/sales_pipeline.csv", DATE_DMY);
	size_t engaged = 0, closed = 0;
	for (size_t i = 0; iso && us && dmy && i < iso->n; i++) {
		assert_true(str_eq(iso->rows[i].cells[0], us->rows[i].cells[0]));
		assert_true(str_eq(iso->rows[i].cells[0], dmy->rows[i].cells[0]));
		assert_int_equal(iso->engaged[i].days, us->engaged[i].days);
		assert_int_equal(iso->engaged[i].days, dmy->engaged[i].days);
		assert_int_equal(iso->closed[i].days, us->closed[i].days);
		assert_int_equal(iso->closed[i].days, dmy->closed[i].days);
		engaged += !day_none(iso->engaged[i]);
		closed += !day_none(iso->closed[i]);
	}
	if (iso && us && dmy) {
		assert_int_equal(engaged, 8300);
		assert_int_equal(closed, 8800 - 2089);
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_style_says_which_part_is_the_day),
		cmocka_unit_test(a_year_first_or_a_month_by_name_needs_no_style),
		cmocka_unit_test(what_is_no_date_is_refused),
		cmocka_unit_test(a_year_of_two_digits_turns_at_the_pivot),
		cmocka_unit_test(an_instant_has_its_time_and_offset),
		cmocka_unit_test(a_column_decides_by_the_order_in_which_most_values_are_days),
		cmocka_unit_test(dates_with_a_slash_and_others_are_in_an_order_of_their_own),
		cmocka_unit_test(a_column_that_does_not_tell_is_called_ambiguous),
		cmocka_unit_test(numbers_are_read_in_the_style_of_their_column),
		cmocka_unit_test(what_is_no_number_is_refused),
		cmocka_unit_test(the_style_of_a_column_of_numbers),
		cmocka_unit_test(money_has_the_currency_that_stands_beside_it),
		cmocka_unit_test(whole_numbers),
		cmocka_unit_test(text_without_the_dressing_of_spreadsheets),
		cmocka_unit_test(several_values_in_a_cell),
		cmocka_unit_test(what_a_value_looks_like),
		cmocka_unit_test(three_styles_of_the_same_pipeline_are_the_same_days),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
