/* clock.c: CLOCK_REALTIME and CLOCK_MONOTONIC, which the vDSO answers without a system call. */
#include "clock.h"
#include <assert.h>
#include <time.h>

#define SECOND INT64_C(1000000)

static int64_t read_clock(clockid_t which)
{
	struct timespec t;
	int failed = clock_gettime(which, &t);
	assert(!failed);
	return (int64_t)t.tv_sec * SECOND + t.tv_nsec / 1000;
}

instant clock_now(void) { return (instant) { read_clock(CLOCK_REALTIME) }; }

int64_t clock_monotonic_us(void) { return read_clock(CLOCK_MONOTONIC); }

day day_of(instant i)
{
	const int64_t whole_day = 86400 * SECOND;
	if (instant_none(i))
		return DAY_NONE;
	int64_t days = i.us / whole_day;
	if (i.us % whole_day < 0)
		days--;
	return (day) { (int32_t)days };
}
