/* zone.c: see zone.h. */
#include "base/zone.h"

#include <glib.h>
#include <stdio.h>

#define SECOND INT64_C(1000000)

/* Only ever a pointer to GLib's own. */
static GTimeZone *own(const struct zone *zone) { return (GTimeZone *)(uintptr_t)zone; }

struct zone *zone_open(str name)
{
	char text[65];
	if (!name.n || name.n >= sizeof text || memchr(name.p, 0, name.n))
		return NULL;
	snprintf(text, sizeof text, "%.*s", (int)name.n, name.p);
	return (struct zone *)g_time_zone_new_identifier(text);
}

void zone_close(struct zone *zone)
{
	if (zone)
		g_time_zone_unref(own(zone));
}

/* Whole seconds, also before 1970. */
static int64_t seconds_of(instant when) { return when.us / SECOND - (when.us % SECOND < 0); }

int64_t zone_wall(const struct zone *zone, instant when)
{
	int64_t seconds = seconds_of(when);
	int interval = g_time_zone_find_interval(own(zone), G_TIME_TYPE_UNIVERSAL, seconds);
	return seconds + g_time_zone_get_offset(own(zone), interval);
}

instant zone_instant(const struct zone *zone, int64_t wall)
{
	gint64 at = wall;
	int i = g_time_zone_adjust_time(own(zone), G_TIME_TYPE_STANDARD, &at);
	int64_t when = at - g_time_zone_get_offset(own(zone), i);
	/* Shown twice, it is shown first by the interval before. */
	if (i > 0) {
		int64_t earlier = at - g_time_zone_get_offset(own(zone), i - 1);
		if (g_time_zone_find_interval(own(zone), G_TIME_TYPE_UNIVERSAL, earlier) == i - 1)
			when = earlier;
	}
	return (instant) { when * SECOND };
}
