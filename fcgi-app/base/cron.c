/* cron.c: see cron.h. */
#include "base/cron.h"

#include <stdio.h>
#include <strings.h>

enum { MINUTE = 60, DAY = 86400, DAYS_AHEAD = 366 * 9 }; /* between leap years lie 8 at most */

/* ---- reading ---- */

static const char *const weekday_names[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat",
	"sun" };
static const char *const month_names[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug",
	"sep", "oct", "nov", "dec" };

struct unit {
	int least, most;
	const char *const *names; /* from `least` on, or NULL */
};

static bool read_number(str text, const struct unit *unit, int *out)
{
	*out = 0;
	for (int i = 0; unit->names && i <= unit->most - unit->least && i < 12; i++)
		if (text.n == 3 && !strncasecmp(text.p, unit->names[i], 3)) {
			*out = unit->least + i;
			return true;
		}
	if (text.n < 1 || text.n > 2)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
		*out = *out * 10 + text.p[i] - '0';
	}
	return *out >= unit->least && *out <= unit->most;
}

/* One of a list: "*", "5", "1-5", each also with "/2". */
static bool read_range(str text, const struct unit *unit, uint64_t *bits)
{
	static const struct unit steps = { 1, 59, NULL };
	str range = text, step, first, last;
	int from = unit->least, to = unit->most, by = 1;
	bool stepped = str_cut(text, '/', &range, &step);
	if (stepped && !read_number(step, &steps, &by))
		return false;
	if (str_cut(range, '-', &first, &last)) {
		if (!read_number(first, unit, &from) || !read_number(last, unit, &to) || from > to)
			return false;
	} else if (!str_is(range, "*")) {
		if (!read_number(range, unit, &from))
			return false;
		if (!stepped)
			to = from;
	}
	for (int i = from; i <= to; i += by)
		*bits |= UINT64_C(1) << i;
	return true;
}

static bool read_unit(str text, const struct unit *unit, uint64_t *bits)
{
	str one = text, rest = { NULL, 0 };
	*bits = 0;
	for (bool more = true; more; text = rest) {
		more = str_cut(text, ',', &one, &rest);
		if (!read_range(more ? one : text, unit, bits))
			return false;
	}
	return true;
}

/* The next word; an empty one when there is none. */
static str word(str *text)
{
	size_t n = 0;
	*text = str_trim(*text);
	while (n < text->n && text->p[n] != ' ' && text->p[n] != '\t')
		n++;
	str found = { text->p, n };
	*text = (str) { text->p + n, text->n - n };
	return found;
}

static bool read_fields(str text, struct cron *out)
{
	static const struct unit units[] = { { 0, 59, NULL }, { 0, 23, NULL }, { 1, 31, NULL },
		{ 1, 12, month_names }, { 0, 7, weekday_names } };
	uint64_t bits[5];
	str fields[5];
	for (size_t i = 0; i < 5; i++) {
		fields[i] = word(&text);
		if (!fields[i].n || !read_unit(fields[i], &units[i], &bits[i]))
			return false;
	}
	if (str_trim(text).n)
		return false;
	*out = (struct cron) { .minutes = bits[0],
		.hours = (uint32_t)bits[1],
		.days = (uint32_t)bits[2],
		.months = (uint32_t)bits[3],
		.weekdays = (uint32_t)((bits[4] | bits[4] >> 7) & 0x7f), /* 7 is Sunday too */
		.either = fields[2].p[0] != '*' && fields[4].p[0] != '*' };
	return true;
}

bool cron_parse(str text, struct cron *out)
{
	char fields[64];
	str hour, minute, rest = text, first = word(&rest), weekday = STR("*");
	bool weekly = str_is(first, "weekly");
	if (!weekly && !str_is(first, "daily"))
		return read_fields(text, out);
	if (weekly)
		weekday = word(&rest);
	if (!str_cut(word(&rest), ':', &hour, &minute) || minute.n != 2 || str_trim(rest).n ||
	    weekday.n > 3 || hour.n > 2)
		return false;
	snprintf(fields, sizeof fields, "%.*s %.*s * * %.*s", (int)minute.n, minute.p, (int)hour.n,
	    hour.p, (int)weekday.n, weekday.p);
	return read_fields(str_of(fields), out);
}

/* ---- the next time ---- */

static bool day_fits(const struct cron *cron, int64_t days)
{
	int year, month, mday;
	day_civil((day) { (int32_t)days }, &year, &month, &mday);
	/* The first day of 1970 was a Thursday. */
	bool of_week = cron->weekdays >> ((days % 7 + 7 + 4) % 7) & 1;
	bool of_month = cron->days >> mday & 1;
	return (cron->months >> month & 1) &&
	       (cron->either ? of_week || of_month : of_week && of_month);
}

static int64_t floor_to(int64_t value, int64_t unit)
{
	return value - (value % unit + unit) % unit;
}

/* What the wall shows grows when its clocks are set back: the times that it shows again are those
 * that came already, and are passed over. */
instant cron_next(const struct cron *cron, const struct zone *zone, instant after)
{
	int64_t wall = floor_to(zone_wall(zone, after), MINUTE) + MINUTE;
	int64_t midnight = floor_to(wall, DAY), last = midnight + (int64_t)DAYS_AHEAD * DAY;
	for (; midnight < last; midnight += DAY) {
		if (!day_fits(cron, midnight / DAY))
			continue;
		for (int64_t minute = 0; minute < DAY / MINUTE; minute++) {
			int64_t shown = midnight + minute * MINUTE;
			if (shown < wall || !(cron->hours >> minute / 60 & 1) ||
			    !(cron->minutes >> minute % 60 & 1))
				continue;
			instant when = zone_instant(zone, shown);
			if (when.us > after.us)
				return when;
		}
	}
	return INSTANT_NONE;
}
