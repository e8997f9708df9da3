/*
 * value.c: the text forms of the small values, and the calendar. The parsers read a fixed form
 * and refuse all else, so that a value has one meaning in the API, the pages and the database.
 * Tests: tests/unit/base_value_test.c
 */
#include "value.h"

#define SECOND INT64_C(1000000)
#define WHOLE_DAY (86400 * SECOND)
#define FIRST_DAY (-719162) /* 0001-01-01: RFC 3339 has four digits for a year */
#define LAST_DAY 2932896    /* 9999-12-31 */

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool ids_have(list ids, const char *id)
{
	const uuid *v = ids.items;
	for (size_t i = 0; i < ids.n; i++)
		if (!strcmp(v[i].text, id))
			return true;
	return false;
}

bool str_starts(str s, const char *prefix)
{
	size_t n = strlen(prefix);
	return s.n >= n && (n == 0 || memcmp(s.p, prefix, n) == 0);
}

str str_trim(str s)
{
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	while (s.n && is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	return s;
}

bool str_cut(str s, char at, str *before, str *after)
{
	const char *found = s.n ? memchr(s.p, at, s.n) : NULL;
	if (!found)
		return false;
	size_t n = (size_t)(found - s.p);
	*before = (str) { s.p, n };
	*after = (str) { found + 1, s.n - n - 1 };
	return true;
}

/* --- The calendar: days_from_civil and civil_from_days of Howard Hinnant's "chrono-Compatible
 * Low-Level Date Algorithms", with a year that starts in March so that the leap day is its last. */

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

void day_civil(day d, int *year, int *month, int *mday)
{
	int64_t z = (int64_t)d.days + 719468;
	int64_t era = floor_div(z, 146097);
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	*mday = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

bool day_from_civil(int year, int month, int mday, day *out)
{
	static const unsigned char lengths[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	if (year < 1 || year > 9999 || month < 1 || month > 12 || mday < 1)
		return false;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	if (mday > lengths[month - 1] + (month == 2 && leap))
		return false;
	int y = month <= 2 ? year - 1 : year;
	int era = y / 400, yoe = y % 400;
	int doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + mday - 1;
	int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	*out = (day) { era * 146097 + doe - 719468 };
	return true;
}

/* --- Reading */

static bool read_digits(const char *p, size_t n, int *out)
{
	int value = 0;
	for (size_t i = 0; i < n; i++) {
		if (!is_digit(p[i]))
			return false;
		value = value * 10 + (p[i] - '0');
	}
	*out = value;
	return true;
}

bool day_parse(str text, day *out)
{
	int year, month, mday;
	return text.n == 10 && text.p[4] == '-' && text.p[7] == '-' &&
	       read_digits(text.p, 4, &year) && read_digits(text.p + 5, 2, &month) &&
	       read_digits(text.p + 8, 2, &mday) && day_from_civil(year, month, mday, out);
}

/* hh:mm:ss. A leap second is refused: neither the database nor an instant can hold it. */
static bool read_time(const char *p, int64_t *seconds)
{
	int hour, minute, second;
	if (p[2] != ':' || p[5] != ':' || !read_digits(p, 2, &hour) ||
	    !read_digits(p + 3, 2, &minute) || !read_digits(p + 6, 2, &second) || hour > 23 ||
	    minute > 59 || second > 59)
		return false;
	*seconds = hour * 3600 + minute * 60 + second;
	return true;
}

/* Z, +hh:mm or -hh:mm, and nothing after it. */
static bool read_offset(str text, int64_t *seconds)
{
	int hour, minute;
	if (text.n == 1 && (text.p[0] == 'Z' || text.p[0] == 'z')) {
		*seconds = 0;
		return true;
	}
	if (text.n != 6 || (text.p[0] != '+' && text.p[0] != '-') || text.p[3] != ':' ||
	    !read_digits(text.p + 1, 2, &hour) || !read_digits(text.p + 4, 2, &minute) ||
	    hour > 23 || minute > 59)
		return false;
	*seconds = (hour * 3600 + minute * 60) * (text.p[0] == '-' ? -1 : 1);
	return true;
}

/* RFC 3339 section 5.6. T and Z may be lower case there; a fraction finer than ours is cut off. */
bool instant_parse(str text, instant *out)
{
	day date;
	int64_t time, offset, fraction = 0;
	if (text.n < 20 || !day_parse((str) { text.p, 10 }, &date) ||
	    (text.p[10] != 'T' && text.p[10] != 't') || !read_time(text.p + 11, &time))
		return false;
	size_t at = 19;
	if (text.p[at] == '.') {
		int64_t unit = SECOND / 10;
		size_t first = ++at;
		for (; at < text.n && is_digit(text.p[at]); at++, unit /= 10)
			fraction += (text.p[at] - '0') * unit;
		if (at == first || at - first > 9)
			return false;
	}
	if (!read_offset((str) { text.p + at, text.n - at }, &offset))
		return false;
	int64_t us = date.days * WHOLE_DAY + (time - offset) * SECOND + fraction;
	if (us < FIRST_DAY * WHOLE_DAY || us >= (LAST_DAY + 1) * WHOLE_DAY)
		return false;
	out->us = us;
	return true;
}

/* Digits without a superfluous zero in front, at most `most`; moves *at behind them. */
static bool read_whole(str text, size_t *at, uint64_t most, uint64_t *out)
{
	size_t first = *at, i = first;
	uint64_t value = 0;
	for (; i < text.n && is_digit(text.p[i]); i++) {
		if (__builtin_mul_overflow(value, UINT64_C(10), &value) ||
		    __builtin_add_overflow(value, (uint64_t)(text.p[i] - '0'), &value) ||
		    value > most)
			return false;
	}
	if (i == first || (i - first > 1 && text.p[first] == '0'))
		return false;
	*at = i;
	*out = value;
	return true;
}

bool decimal_parse(str text, int64_t *hundredths)
{
	bool negative = text.n && text.p[0] == '-';
	size_t at = negative;
	uint64_t whole;
	if (!read_whole(text, &at, MONEY_MAX / 100, &whole))
		return false;
	int64_t value = (int64_t)whole * 100;
	if (at < text.n) {
		size_t digits = text.n - at - 1;
		int fraction;
		if (text.p[at] != '.' || digits < 1 || digits > 2 ||
		    !read_digits(text.p + at + 1, digits, &fraction))
			return false;
		value += digits == 1 ? fraction * 10 : fraction;
	}
	*hundredths = negative ? -value : value;
	return true;
}

/* INT64_MIN is INT_NONE, so it is no number here. */
bool int_parse(str text, int64_t *out)
{
	bool negative = text.n && text.p[0] == '-';
	size_t at = negative;
	uint64_t value;
	if (!read_whole(text, &at, INT64_MAX, &value) || at != text.n)
		return false;
	*out = negative ? -(int64_t)value : (int64_t)value;
	return true;
}

bool uuid_parse(str text, uuid *out)
{
	if (text.n != 36)
		return false;
	uuid id;
	for (size_t i = 0; i < 36; i++) {
		char c = text.p[i];
		if (c >= 'A' && c <= 'F')
			c = (char)(c - 'A' + 'a');
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? c != '-' : !is_digit(c) && !(c >= 'a' && c <= 'f'))
			return false;
		id.text[i] = c;
	}
	id.text[36] = 0;
	*out = id;
	return true;
}

/* --- Writing. Days and instants outside of the years 0001 to 9999, which only arithmetic can
 * make, are written as the nearest one that the form can say. */

static char *put_digits(char *out, int64_t value, int n)
{
	for (int i = n; i-- > 0; value /= 10)
		out[i] = (char)('0' + value % 10);
	return out + n;
}

static char *put_day(char *out, int32_t days)
{
	int year, month, mday;
	day_civil((day) { days < FIRST_DAY  ? FIRST_DAY
			  : days > LAST_DAY ? LAST_DAY
					    : days },
	    &year, &month, &mday);
	out = put_digits(out, year, 4);
	*out++ = '-';
	out = put_digits(out, month, 2);
	*out++ = '-';
	return put_digits(out, mday, 2);
}

size_t day_format(day d, char out[DAY_TEXT])
{
	char *p = day_none(d) ? out : put_day(out, d.days);
	*p = 0;
	return (size_t)(p - out);
}

size_t instant_format(instant i, char out[INSTANT_TEXT])
{
	char *p = out;
	if (!instant_none(i)) {
		int64_t us = i.us;
		if (us < FIRST_DAY * WHOLE_DAY)
			us = FIRST_DAY * WHOLE_DAY;
		if (us >= (LAST_DAY + 1) * WHOLE_DAY)
			us = (LAST_DAY + 1) * WHOLE_DAY - 1;
		int64_t days = floor_div(us, WHOLE_DAY);
		int64_t rest = us - days * WHOLE_DAY;
		int64_t seconds = rest / SECOND, fraction = rest % SECOND;
		p = put_day(p, (int32_t)days);
		*p++ = 'T';
		p = put_digits(p, seconds / 3600, 2);
		*p++ = ':';
		p = put_digits(p, seconds / 60 % 60, 2);
		*p++ = ':';
		p = put_digits(p, seconds % 60, 2);
		if (fraction) {
			*p++ = '.';
			p = put_digits(p, fraction, 6);
		}
		*p++ = 'Z';
	}
	*p = 0;
	return (size_t)(p - out);
}

size_t decimal_format(int64_t hundredths, char out[DECIMAL_TEXT])
{
	uint64_t value = hundredths < 0 ? 0 - (uint64_t)hundredths : (uint64_t)hundredths;
	char reversed[DECIMAL_TEXT], *r = reversed, *p = out;
	for (int i = 0; i < 3 || value; i++, value /= 10) {
		if (i == 2)
			*r++ = '.';
		*r++ = (char)('0' + value % 10);
	}
	if (hundredths < 0)
		*r++ = '-';
	while (r > reversed)
		*p++ = *--r;
	*p = 0;
	return (size_t)(p - out);
}
