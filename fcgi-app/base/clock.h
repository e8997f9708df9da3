/* clock.h: the two clocks: wall time for data, monotonic time for waits and measuring. */
#pragma once
#include "value.h"

instant clock_now(void);          /* wall clock, microseconds */
int64_t clock_monotonic_us(void); /* never goes back; for differences only */
day day_of(instant i);            /* the UTC day */
