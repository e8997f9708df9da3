/*
 * loose.h: values as people and their programs write them, for imports and for amounts in forms;
 * the API takes one form for each type and has its parsers in base/value.h. What one value cannot
 * tell (is 03/04 in March or in April, is 1.234 more than a thousand) its whole column decides
 * first, as a style. A parser says false for what it does not understand with certainty and sets
 * *out only on true. Tests: tests/unit/loose_test.c.
 */
#pragma once
#include "base/value.h"

enum date_order { DATE_DMY, DATE_MDY, DATE_YMD };

struct date_style {
	enum date_order order; /* of dates in digits that do not begin with a year of four digits */
	bool slash_swapped; /* but in those with a slash, day and month are the other way round */
	int pivot;          /* years of two digits below it are 20xx, others 19xx */
	bool ambiguous; /* day and month could as well be exchanged in every value: better ask */
	size_t dates, others; /* values that are dates in this style; that are not, and not empty */
};

#define DATE_PIVOT 69 /* as %y of POSIX; birthdays are better with the year of today */

/*
 * The style of a column. The order in which most values are days of the calendar wins; where there
 * are dates with a slash and others (31.12.2026 beside 12/31/2026), by each of the two. When day
 * and month could change places in all of them, `ambiguous` is set and the order is day first; but
 * month first when the separator is a slash and some number below ten is written without a zero, as
 * Excel does in the United States (3/4/2026). Year first with two digits (26-03-04) needs either a
 * value that is a day in no other order, or a first number that changes clearly less often than the
 * last.
 */
struct date_style date_style_guess(const str *values, size_t n);

/*
 * 20-10-16, 10/20/2016, 20.10.2016 as the style says; in any style 2016-10-20, 2016/10/20,
 * 20161020, 2016年10月20日, "31 Jan 2026", "Jan 31st, 2026", "Sat, 31. Januar 2026", "31 de enero
 * de 2026" (English, German, French, Spanish, Italian, Dutch, Portuguese). A time behind the day is
 * checked, and left out: the day is that which was written, in no time zone.
 */
bool loose_day(struct date_style style, str text, day *out);

/* As loose_day, with the time: RFC 3339, "1/31/2026 2:30 PM", "31.01.2026 14:30:05". Midnight for
 * none; UTC when no offset is written. */
bool loose_instant(struct date_style style, str text, instant *out);

struct number_style {
	char decimal;   /* '.' or ',' */
	bool ambiguous; /* each separator that occurs could group thousands or begin decimals */
	size_t numbers, others;
};

/*
 * The style of a column. A value with both separators, with one of them twice, or with one and
 * other than three digits behind it tells; the majority wins. When nothing tells, a single
 * separator before three digits groups thousands (and `ambiguous` is set).
 */
struct number_style number_style_guess(const str *values, size_t n);

/*
 * "1,234.50", "1.234,50", "1 234,50", "1'234.50", "12,34,567", "-12", "12-", "(12.00)" and a
 * currency beside it, in hundredths, half away from zero, within MONEY_MAX.
 */
bool loose_number(struct number_style style, str text, int64_t *hundredths);

/*
 * As loose_number, with the currency: an ISO 4217 code or a symbol. `own` is the currency for none,
 * and what an ambiguous symbol means when it can ("$" in a Canadian company is CAD). `own` may be
 * "": then a value without currency is refused, and "$" is USD.
 */
bool loose_money(struct number_style style, str text, const char *own, money *out);

/* A whole number: "1,185" employees; false when there are decimals other than zeros. */
bool loose_int(struct number_style style, str text, int64_t *out);

/*
 * The text without white space around it (also no-break and ideographic spaces), and without what
 * spreadsheets need to keep a number as text: ="0049" and '+49 are 0049 and +49. A view.
 */
str loose_text(str text);

/* A phone number as it was typed, without "tel:" and the like: how people group its digits is
 * information. A view. */
str loose_phone(str text);

/*
 * Several values in one cell (tags, addresses): "a ::: b" of Google Contacts, else a;b else a|b
 * else a,b. Empty ones are left out, and the "* " that Google sets before its own groups.
 * Returns how many were stored in items, at most cap.
 */
size_t loose_list(str cell, str *items, size_t cap);

enum look { LOOK_EMPTY, LOOK_TEXT, LOOK_EMAIL, LOOK_URL, LOOK_PHONE, LOOK_DAY, LOOK_NUMBER };

/* What a single value looks like, in any style. */
enum look loose_look(str text);
