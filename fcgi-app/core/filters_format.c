/*
 * filters_format.c: dates, numbers and money as a reader expects them in English: 31 Jan 2026,
 * 1,234.50, EUR 1,234.50 with the currency's sign. Instants are shown in UTC.
 * Tests: tests/unit/filters_test.c
 */
#include "base/clock.h"
#include "filters.h"
#include <math.h>

/* ---- Dates ---- */

#define WHOLE_DAY INT64_C(86400000000)

/* A day, or an instant as the API writes it. */
static bool read_when(struct arena *arena, struct json_object *value, day *d, instant *i)
{
	str text = filter_text(arena, value);
	*i = INSTANT_NONE;
	if (!json_object_is_type(value, json_type_string))
		return false;
	if (day_parse(text, d))
		return true;
	if (!instant_parse(text, i))
		return false;
	*d = day_of(*i);
	return true;
}

static void add_two_digits(struct buf *b, uint64_t n)
{
	buf_char(b, (char)('0' + n / 10));
	buf_char(b, (char)('0' + n % 10));
}

static struct json_object *date_text(day d, instant i)
{
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct", "Nov", "Dec" };
	int year, month, mday;
	struct buf b = { 0 };
	day_civil(d, &year, &month, &mday);
	buf_int(&b, mday);
	buf_char(&b, ' ');
	buf_text(&b, months[month - 1]);
	buf_char(&b, ' ');
	buf_int(&b, year);
	if (!instant_none(i)) {
		uint64_t minute = (uint64_t)(i.us - d.days * WHOLE_DAY) / 60000000;
		buf_text(&b, ", ");
		add_two_digits(&b, minute / 60);
		buf_char(&b, ':');
		add_two_digits(&b, minute % 60);
	}
	return filter_made(&b);
}

FILTER(date)
{
	day d;
	instant i;
	return read_when(arena, value, &d, &i) ? date_text(d, INSTANT_NONE) : NULL;
}

/* With the time, when there is one. */
FILTER(datetime)
{
	day d;
	instant i;
	return read_when(arena, value, &d, &i) ? date_text(d, i) : NULL;
}

FILTER(isodate)
{
	char text[DAY_TEXT];
	day d;
	instant i;
	if (!read_when(arena, value, &d, &i))
		return NULL;
	day_format(d, text);
	return json_object_new_string(text);
}

/* What <input type=datetime-local> takes: 2026-01-31T14:05. */
FILTER(isominute)
{
	char text[INSTANT_TEXT];
	day d;
	instant i;
	if (!read_when(arena, value, &d, &i) || instant_none(i))
		return NULL;
	instant_format(i, text);
	return json_object_new_string_len(text, 16);
}

/* ---- Numbers ---- */

static void add_grouped(struct buf *b, str digits)
{
	for (size_t i = 0; i < digits.n; i++) {
		if (i && (digits.n - i) % 3 == 0)
			buf_char(b, ',');
		buf_char(b, digits.p[i]);
	}
}

static void add_whole(struct buf *b, uint64_t n)
{
	char digits[20], *p = digits + sizeof digits;
	do {
		*--p = (char)('0' + n % 10);
	} while (n /= 10);
	add_grouped(b, (str) { p, (size_t)(digits + sizeof digits - p) });
}

/* The fraction stays as it is: "1234.50" is 1,234.50. */
FILTER(number_text)
{
	double any;
	struct buf b = { 0 };
	if (json_object_is_type(value, json_type_object) || !filter_number(arena, value, &any))
		return NULL;
	str text = filter_text(arena, value);
	if (memchr(text.p, 'e', text.n))
		return json_object_get(value);
	if (text.p[0] == '-' || text.p[0] == '+') {
		if (text.p[0] == '-')
			buf_char(&b, '-');
		text = (str) { text.p + 1, text.n - 1 };
	}
	const char *point = memchr(text.p, '.', text.n);
	size_t whole = point ? (size_t)(point - text.p) : text.n;
	add_grouped(&b, (str) { text.p, whole });
	buf_add(&b, text.p + whole, text.n - whole);
	return filter_made(&b);
}

/* ---- Money ---- */

/* Signs as English readers know them (Unicode CLDR, locale en); all others go by their code. */
static const struct currency {
	char code[4];
	bool whole; /* has no hundredths in use (ISO 4217) */
	const char *sign;
} currencies[] = {
	{ "AUD", false, "A$" },
	{ "BRL", false, "R$" },
	{ "CAD", false, "CA$" },
	{ "CLP", true, NULL },
	{ "CNY", false, "CN\u00a5" },
	{ "EUR", false, "\u20ac" },
	{ "GBP", false, "\u00a3" },
	{ "HKD", false, "HK$" },
	{ "ILS", false, "\u20aa" },
	{ "INR", false, "\u20b9" },
	{ "ISK", true, NULL },
	{ "JPY", true, "\u00a5" },
	{ "KRW", true, "\u20a9" },
	{ "MXN", false, "MX$" },
	{ "NZD", false, "NZ$" },
	{ "PHP", false, "\u20b1" },
	{ "TWD", false, "NT$" },
	{ "USD", false, "$" },
	{ "VND", true, "\u20ab" },
};

static bool read_money(struct arena *arena, struct json_object *value, money *out)
{
	struct json_object *amount, *code;
	double number;
	if (!json_object_object_get_ex(value, "amount", &amount) ||
	    !json_object_object_get_ex(value, "currency", &code) ||
	    json_object_get_string_len(code) != 3)
		return false;
	memcpy(out->currency, json_object_get_string(code), 4);
	if (json_object_is_type(amount, json_type_string))
		return decimal_parse(filter_text(arena, amount), &out->hundredths);
	if (!filter_number(arena, amount, &number) || fabs(number) > (double)(MONEY_MAX / 100))
		return false;
	out->hundredths = llround(number * 100);
	return true;
}

/* "-€" or "-CHF ", and whether the currency has hundredths. */
static bool add_sign(struct buf *b, money m)
{
	const struct currency *c = NULL;
	for (size_t i = 0; i < sizeof currencies / sizeof *currencies; i++)
		if (!memcmp(currencies[i].code, m.currency, 3))
			c = &currencies[i];
	if (m.hundredths < 0)
		buf_char(b, '-');
	if (c && c->sign)
		buf_text(b, c->sign);
	if (!c || !c->sign) {
		buf_text(b, m.currency);
		buf_char(b, ' ');
	}
	return !c || !c->whole;
}

static uint64_t magnitude(int64_t n) { return n < 0 ? -(uint64_t)n : (uint64_t)n; }

FILTER(money)
{
	struct buf b = { 0 };
	money m;
	if (!read_money(arena, value, &m))
		return NULL;
	uint64_t hundredths = magnitude(m.hundredths);
	if (add_sign(&b, m)) {
		add_whole(&b, hundredths / 100);
		buf_char(&b, '.');
		add_two_digits(&b, hundredths % 100);
	} else {
		add_whole(&b, (hundredths + 50) / 100);
	}
	return filter_made(&b);
}

/* For charts and cards: whole below a thousand, then one digit after the point at most. */
FILTER(money_short)
{
	static const struct {
		char suffix;
		uint64_t tenth;
	} units[] = { { 'k', 10000 }, { 'M', 10000000 }, { 'B', UINT64_C(10000000000) },
		{ 'T', UINT64_C(10000000000000) } };
	struct buf b = { 0 };
	size_t unit = 0;
	money m;
	if (!read_money(arena, value, &m))
		return NULL;
	uint64_t hundredths = magnitude(m.hundredths), tenths;
	add_sign(&b, m);
	if (hundredths < 99950) {
		add_whole(&b, (hundredths + 50) / 100);
		return filter_made(&b);
	}
	while ((tenths = (hundredths + units[unit].tenth / 2) / units[unit].tenth) >= 10000 &&
	       unit < 3)
		unit++;
	add_whole(&b, tenths / 10);
	if (tenths % 10) {
		buf_char(&b, '.');
		buf_char(&b, (char)('0' + tenths % 10));
	}
	buf_char(&b, units[unit].suffix);
	return filter_made(&b);
}
