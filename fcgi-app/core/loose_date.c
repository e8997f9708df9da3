/*
 * loose_date.c: days and instants as people write them. A date is scanned into its three parts as
 * they stand; only then does the style of the column say which part is which.
 */
#include "core/loose.h"

#include "core/loose_cut.h"

/* Beginnings of month names in seven languages, without accents (word_fold); the longest comes
 * first. */
static const struct {
	const char *name;
	int month;
} months[] = {
	{ "janv", 1 },
	{ "jan", 1 },
	{ "ene", 1 },
	{ "gen", 1 },
	{ "feb", 2 },
	{ "fev", 2 },
	{ "fevr", 2 },
	{ "mrz", 3 },
	{ "mar", 3 },
	{ "maa", 3 },
	{ "mrt", 3 },
	{ "apr", 4 },
	{ "avr", 4 },
	{ "abr", 4 },
	{ "mai", 5 },
	{ "may", 5 },
	{ "mag", 5 },
	{ "mei", 5 },
	{ "juil", 7 },
	{ "juin", 6 },
	{ "jun", 6 },
	{ "giu", 6 },
	{ "jul", 7 },
	{ "lug", 7 },
	{ "aug", 8 },
	{ "aou", 8 },
	{ "ago", 8 },
	{ "sep", 9 },
	{ "set", 9 },
	{ "oct", 10 },
	{ "okt", 10 },
	{ "out", 10 },
	{ "ott", 10 },
	{ "nov", 11 },
	{ "dec", 12 },
	{ "dez", 12 },
	{ "dic", 12 },
};

/* The word at the start of *s in lower case without the accents of Latin-1; *s goes behind it. */
static void word_fold(str *s, char out[16])
{
	static const char latin_1[64] =
	    "aaaaaaaceeeeiiiidnooooo*ouuuuypsaaaaaaaceeeeiiiidnooooo*ouuuuypy";
	size_t n = 0;
	while (s->n > 0 && is_letter(s->p[0])) {
		char c = s->p[0];
		size_t used = 1;
		if (s->n > 1 && c == '\xC3') {
			c = latin_1[s->p[1] & 63];
			used = 2;
		} else if ((unsigned char)c < 0x80) {
			c = (char)(c | 0x20);
		} else {
			break;
		}
		if (n < 15)
			out[n++] = c;
		s->p += used;
		s->n -= used;
	}
	out[n] = 0;
}

static int month_of(const char *word)
{
	for (size_t i = 0; i < sizeof(months) / sizeof(months[0]); i++)
		if (strncmp(word, months[i].name, strlen(months[i].name)) == 0)
			return months[i].month;
	return 0;
}

struct date_read {
	int part[3];    /* as written; a month's name is its number */
	int digits[3];  /* how many were written; 0 for a name */
	char separator; /* between the first two parts */
	str rest;       /* behind the day */
};

/* One part of a date: at most four digits, or a month's name. */
static bool part_read(str *s, struct date_read *d, int i)
{
	char word[16];
	if (s->n > 0 && is_letter(s->p[0])) {
		word_fold(s, word);
		d->part[i] = month_of(word);
		d->digits[i] = 0;
		return d->part[i] != 0;
	}
	int n = 0, value = 0;
	for (; s->n > 0 && is_digit(s->p[0]) && n < 5; n++) {
		value = value * 10 + (s->p[0] - '0');
		*s = (str) { s->p + 1, s->n - 1 };
	}
	d->part[i] = value;
	d->digits[i] = n;
	return n == 1 || n == 2 || n == 4;
}

/* What stands between two parts: one of - / . or 年 and 月, or spaces and words between names. */
static char separator_read(str *s, bool *spaced)
{
	static const char *const endings[] = { "st", "nd", "rd", "th" };
	static const char *const words[] = { "of ", "de ", "del ", "di " };
	char found = 0;
	*spaced = false;
	for (size_t i = 0; i < 4; i++)
		if (s->n > 2 && !is_letter(s->p[2]) && cut_start(s, endings[i]))
			break;
	if (cut_start(s, "年") || cut_start(s, "月"))
		return 'k';
	for (;;) {
		if (s->n > 0 && !found && strchr("-/.,", s->p[0])) {
			found = s->p[0];
			*s = (str) { s->p + 1, s->n - 1 };
		} else if (cut_space(s)) {
			*spaced = true;
		} else {
			bool word = false;
			for (size_t i = 0; i < 4 && *spaced && !word; i++)
				word = cut_start(s, words[i]);
			if (!word)
				break;
		}
	}
	return found ? found : *spaced ? ' ' : 0;
}

static void weekday_cut(str *s)
{
	static const char *const days[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
	str behind = *s;
	char word[16];
	word_fold(&behind, word);
	for (size_t i = 0; i < 7; i++)
		if (strncmp(word, days[i], 3) == 0) {
			while (cut_start(&behind, ",") || cut_start(&behind, ".") ||
			       cut_space(&behind))
				;
			*s = behind;
			return;
		}
}

static bool eight_digits(str s)
{
	size_t n = 0;
	while (n < s.n && is_digit(s.p[n]))
		n++;
	return n == 8;
}

/* Three parts of a day, in the order in which they are written. */
static bool date_scan(str text, struct date_read *d)
{
	str s = loose_text(text);
	bool spaced, name;
	if (s.n < 6 || s.n > 64 || !has_digit(s))
		return false;
	if (eight_digits(s)) {
		int n[8];
		for (int i = 0; i < 8; i++)
			n[i] = s.p[i] - '0';
		*d = (struct date_read) { { n[0] * 1000 + n[1] * 100 + n[2] * 10 + n[3],
					      n[4] * 10 + n[5], n[6] * 10 + n[7] },
			{ 4, 2, 2 }, 0, { s.p + 8, s.n - 8 } };
		return d->part[0] >= 1900 && d->part[0] < 2100;
	}
	if (is_letter(s.p[0]))
		weekday_cut(&s);
	if (!part_read(&s, d, 0))
		return false;
	d->separator = separator_read(&s, &spaced);
	if (!d->separator || !part_read(&s, d, 1))
		return false;
	name = !d->digits[0] || !d->digits[1];
	if (!name && spaced && d->separator != '.')
		return false;
	bool spaced_again;
	char again = separator_read(&s, &spaced_again);
	if (!again || (!name && (again != d->separator || (spaced_again && again != '.'))) ||
	    !part_read(&s, d, 2))
		return false;
	cut_start(&s, "日");
	d->rest = s;
	return true;
}

static int full_year(struct date_style style, int year, int digits)
{
	if (digits == 4)
		return year;
	return year + (year < style.pivot ? 2000 : 1900);
}

/* Whether a day reads as it does in any style: a year of four digits first, or a month's name. */
static bool date_fixed(const struct date_read *d)
{
	return d->digits[0] == 4 || !d->digits[0] || !d->digits[1];
}

static bool date_build(struct date_style style, const struct date_read *d, day *out)
{
	int year, month, mday;
	if (d->digits[0] == 4) {
		year = 0, month = 1, mday = 2;
	} else if (!d->digits[0]) {
		month = 0, mday = 1, year = 2;
	} else if (!d->digits[1]) {
		mday = 0, month = 1, year = 2;
	} else {
		static const int order[3][3] = { { 2, 1, 0 }, { 2, 0, 1 }, { 0, 1, 2 } };
		enum date_order by = style.order;
		if (style.slash_swapped && d->separator == '/' && by != DATE_YMD)
			by = by == DATE_DMY ? DATE_MDY : DATE_DMY;
		year = order[by][0], month = order[by][1], mday = order[by][2];
	}
	int year_digits = d->digits[year];
	if (d->digits[mday] < 1 || d->digits[mday] > 2 || d->digits[month] > 2 ||
	    (year_digits != 4 && year_digits != 2))
		return false;
	return day_from_civil(
	    full_year(style, d->part[year], year_digits), d->part[month], d->part[mday], out);
}

static bool two_digits(str *s, int max, int *out)
{
	int n = 0, value = 0;
	for (; n < 2 && s->n > 0 && is_digit(s->p[0]); n++) {
		value = value * 10 + (s->p[0] - '0');
		*s = (str) { s->p + 1, s->n - 1 };
	}
	*out = value;
	return n > 0 && value <= max;
}

/* Z, UTC, GMT, +02:00, -0500 in minutes, nothing for UTC. */
static bool offset_read(str *s, int *minutes)
{
	int hours, rest = 0;
	*minutes = 0;
	if (cut_start(s, "Z") || cut_start(s, "UTC") || cut_start(s, "GMT") || s->n == 0)
		return true;
	int sign = cut_start(s, "-") ? -1 : 1;
	if (sign > 0 && !cut_start(s, "+"))
		return false;
	if (!two_digits(s, 23, &hours))
		return false;
	cut_start(s, ":");
	if (s->n > 0 && !two_digits(s, 59, &rest))
		return false;
	*minutes = sign * (hours * 60 + rest);
	return true;
}

/* The time of day behind a date, in microseconds, less the offset; nothing is midnight. */
static bool time_read(str s, int64_t *us)
{
	int hour, minute, second = 0, offset = 0;
	int64_t fraction = 0, scale = 100000;
	str before = s;
	if (s.n == 0) {
		*us = 0;
		return true;
	}
	if (!cut_start(&s, "T"))
		while (cut_start(&s, ",") || cut_space(&s))
			;
	if (s.n == before.n || !two_digits(&s, 23, &hour) || !cut_start(&s, ":") ||
	    !two_digits(&s, 59, &minute))
		return false;
	if (cut_start(&s, ":") && !two_digits(&s, 60, &second))
		return false;
	if (second == 60) /* a leap second: the next one */
		second = 59;
	if (cut_start(&s, ".") || cut_start(&s, ","))
		for (; s.n > 0 && is_digit(s.p[0]); s = (str) { s.p + 1, s.n - 1 }) {
			fraction += (s.p[0] - '0') * scale;
			scale /= 10;
		}
	s = trim_wide(s);
	bool am = cut_start(&s, "am") || cut_start(&s, "a.m."), pm = false;
	if (!am)
		pm = cut_start(&s, "pm") || cut_start(&s, "p.m.");
	if ((am || pm) && (hour < 1 || hour > 12))
		return false;
	if (am || pm)
		hour = hour % 12 + (pm ? 12 : 0);
	s = trim_wide(s);
	if (!offset_read(&s, &offset) || s.n != 0)
		return false;
	*us = ((int64_t)(hour * 60 + minute - offset) * 60 + second) * 1000000 + fraction;
	return true;
}

bool loose_day(struct date_style style, str text, day *out)
{
	struct date_read d;
	int64_t ignored;
	return date_scan(text, &d) && time_read(d.rest, &ignored) && date_build(style, &d, out);
}

bool loose_instant(struct date_style style, str text, instant *out)
{
	struct date_read d;
	int64_t us;
	day date;
	if (!date_scan(text, &d) || !time_read(d.rest, &us) || !date_build(style, &d, &date))
		return false;
	*out = (instant) { date.days * INT64_C(86400000000) + us };
	return true;
}

/* What the values that need an order say about it. */
struct order_count {
	size_t valid[3];    /* by enum date_order */
	size_t with[2][2];  /* of the first two orders, without and with a slash */
	size_t distinct[2]; /* different numbers in the first and in the last part */
	bool swap_matters;  /* some value has other numbers for day and month */
	bool slash, bare;   /* a slash; a number below ten without a zero */
};

static struct order_count orders_count(const str *values, size_t n)
{
	struct order_count count = { 0 };
	bool seen[2][100] = { 0 };
	for (size_t i = 0; i < n; i++) {
		struct date_read d;
		int64_t ignored_time;
		day ignored;
		if (!date_scan(values[i], &d) || date_fixed(&d) ||
		    !time_read(d.rest, &ignored_time))
			continue;
		for (int order = 0; order < 3; order++) {
			bool valid =
			    date_build((struct date_style) { .order = (enum date_order)order,
					   .pivot = DATE_PIVOT },
				&d, &ignored);
			count.valid[order] += valid;
			if (order != DATE_YMD)
				count.with[d.separator == '/'][order] += valid;
		}
		for (int end = 0; end < 2; end++) {
			bool *mark = &seen[end][d.part[2 * end] % 100];
			count.distinct[end] += !*mark;
			*mark = true;
		}
		count.swap_matters = count.swap_matters || d.part[0] != d.part[1];
		count.slash = count.slash || d.separator == '/';
		count.bare = count.bare || d.digits[0] == 1 || d.digits[1] == 1;
	}
	return count;
}

/* Tables that several programs have filled hold 31.12.2026 beside 12/31/2026. */
static void by_separator(const struct order_count *count, struct date_style *style)
{
	const size_t *others = count->with[false], *slash = count->with[true];
	if (others[DATE_DMY] != others[DATE_MDY]) {
		style->order = others[DATE_DMY] > others[DATE_MDY] ? DATE_DMY : DATE_MDY;
		style->ambiguous = false;
	}
	if (slash[DATE_DMY] != slash[DATE_MDY]) {
		enum date_order told = slash[DATE_DMY] > slash[DATE_MDY] ? DATE_DMY : DATE_MDY;
		style->slash_swapped = told != style->order;
		style->ambiguous = false;
	}
}

struct date_style date_style_guess(const str *values, size_t n)
{
	struct date_style style = { .order = DATE_DMY, .pivot = DATE_PIVOT };
	struct order_count count = orders_count(values, n);
	size_t dmy = count.valid[DATE_DMY], mdy = count.valid[DATE_MDY],
	       ymd = count.valid[DATE_YMD];
	if (mdy > dmy)
		style.order = DATE_MDY;
	if (mdy == dmy && dmy > 0) {
		style.ambiguous = count.swap_matters;
		if (count.slash && count.bare)
			style.order = DATE_MDY;
	}
	size_t best = mdy > dmy ? mdy : dmy;
	if (ymd > best || (ymd == best && 2 * count.distinct[0] < count.distinct[1])) {
		style.order = DATE_YMD;
		style.ambiguous = false;
	} else {
		by_separator(&count, &style);
	}
	for (size_t i = 0; i < n; i++) {
		day ignored;
		if (loose_day(style, values[i], &ignored))
			style.dates++;
		else
			style.others += loose_text(values[i]).n > 0;
	}
	return style;
}
