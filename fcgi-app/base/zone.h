/*
 * zone.h: time zones, as the machine's own tzdata has them (read by GLib, which is thread-safe; the
 * C library knows one zone for a whole process). Tests: tests/unit/base_cron_test.c
 */
#pragma once
#include "base/value.h"

struct zone;

/* By its name in the IANA database; NULL: there is none. Given back by zone_close(). */
struct zone *zone_open(str name);
void zone_close(struct zone *zone);

/* What a clock on the wall shows: seconds since 1970-01-01T00:00:00 on that clock. */
int64_t zone_wall(const struct zone *zone, instant when);
/* When the wall shows that: the first time, when it does so twice; when never, the instant at which
 * it goes on after it. */
instant zone_instant(const struct zone *zone, int64_t wall);
