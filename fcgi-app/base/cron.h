/*
 * cron.h: times that come again, as people write them: "30 8 * * mon-fri" (minute, hour, day of the
 * month, month, day of the week; lists, ranges, steps, English names; with both days restricted
 * either is enough, as cron has it), "daily 08:30", "weekly mon 08:30". Tests:
 * tests/unit/base_cron_test.c
 */
#pragma once
#include "base/zone.h"

struct cron {
	uint64_t minutes;
	uint32_t hours, days, months, weekdays; /* a bit for each: days from 1, Sunday is 0 */
	bool either;                            /* both days are restricted */
};

/* False: it cannot be read. *out is set only on true. */
bool cron_parse(str text, struct cron *out);
/* The next such time after `after`, on the clocks of the zone. One that the clocks leave out comes
 * as soon as they go on, one that they show twice comes the first time. INSTANT_NONE: never again
 * (the 30th of February). */
instant cron_next(const struct cron *cron, const struct zone *zone, instant after);
