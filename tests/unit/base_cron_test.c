/* layers: base */
/* What cron.h and zone.h promise: what is read and what is refused, and times that come again while
 * clocks are set forward and back. The zones are those of the machine's tzdata. */
#include "base/cron.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* The next `n` times of `plan` after `after`, in UTC and without their seconds, side by side. */
static const char *times(const char *plan, const char *name, const char *after, int n)
{
	static char out[512];
	struct cron cron;
	instant at;
	struct zone *zone = zone_open(str_of(name));
	size_t used = 0;
	assert_non_null(zone);
	assert_true(cron_parse(str_of(plan), &cron));
	assert_true(instant_parse(str_of(after), &at));
	for (int i = 0; i < n; i++) {
		char text[INSTANT_TEXT];
		at = cron_next(&cron, zone, at);
		instant_format(at, text);
		assert_string_equal(text + 16, ":00Z");
		used +=
		    (size_t)snprintf(out + used, sizeof out - used, "%s%.16s", i ? " " : "", text);
	}
	zone_close(zone);
	return out;
}

static void what_is_no_plan_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *",
		"* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * * 8", "5-1 * * * *", "*/0 * * * *",
		"a * * * *", "1,,2 * * * *", "1- * * * *", "-1 * * * *", "* * * foo *", "daily",
		"daily 8", "daily 25:00", "daily 08:60", "daily 08:00 x", "weekly 08:00",
		"weekly foo 08:00", "weekly * 08:00 *", "monthly 08:00" };
	struct cron cron;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (cron_parse(str_of(bad[i]), &cron))
			fail_msg("\"%s\" was taken", bad[i]);
}

static void a_zone_has_a_name_of_the_database(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "Europe/Nowhere", "../../etc/passwd", "Europe" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_null(zone_open(str_of(bad[i])));
}

static void lists_ranges_steps_and_names(void **state)
{
	(void)state;
	assert_string_equal(times("5,35 * * * *", "UTC", "2026-01-01T00:05:00Z", 3),
	    "2026-01-01T00:35 2026-01-01T01:05 2026-01-01T01:35");
	assert_string_equal(times("*/20 6-7 * * *", "UTC", "2026-01-01T06:30:00Z", 4),
	    "2026-01-01T06:40 2026-01-01T07:00 2026-01-01T07:20 2026-01-01T07:40");
	assert_string_equal(times("0 9 * * mon-fri", "UTC", "2026-01-02T09:00:00Z", 2),
	    "2026-01-05T09:00 2026-01-06T09:00");
	assert_string_equal(times("0 0 1 JAN,jul *", "UTC", "2026-01-01T00:00:00Z", 2),
	    "2026-07-01T00:00 2027-01-01T00:00");
	assert_string_equal(
	    times("0 0 * * 7", "UTC", "2026-01-01T00:00:00Z", 1), "2026-01-04T00:00");
	assert_string_equal(
	    times("daily 23:59", "UTC", "2026-12-31T23:59:00Z", 1), "2027-01-01T23:59");
	assert_string_equal(
	    times("weekly wed 7:30", "UTC", "2026-01-01T00:00:00Z", 1), "2026-01-07T07:30");
}

static void either_day_is_enough_when_both_are_named(void **state)
{
	(void)state;
	assert_string_equal(times("0 0 13 * fri", "UTC", "2026-01-01T00:00:00Z", 4),
	    "2026-01-02T00:00 2026-01-09T00:00 2026-01-13T00:00 2026-01-16T00:00");
}

static void leap_days_and_days_that_never_come(void **state)
{
	(void)state;
	assert_string_equal(
	    times("0 12 29 2 *", "UTC", "2096-03-01T00:00:00Z", 1), "2104-02-29T12:00");
	struct cron cron;
	struct zone *utc = zone_open(STR("UTC"));
	assert_true(cron_parse(STR("0 0 30 2 *"), &cron));
	assert_true(instant_none(cron_next(&cron, utc, (instant) { 0 })));
	zone_close(utc);
}

static void berlin_keeps_its_hour_of_the_day(void **state)
{
	(void)state;
	assert_string_equal(times("daily 08:00", "Europe/Berlin", "2026-03-27T12:00:00Z", 3),
	    "2026-03-28T07:00 2026-03-29T06:00 2026-03-30T06:00");
	assert_string_equal(times("daily 08:00", "Europe/Berlin", "2026-10-23T12:00:00Z", 3),
	    "2026-10-24T06:00 2026-10-25T07:00 2026-10-26T07:00");
}

static void a_time_that_the_clocks_leave_out_comes_once_as_soon_as_they_go_on(void **state)
{
	(void)state;
	assert_string_equal(times("daily 02:30", "Europe/Berlin", "2026-03-28T00:00:00Z", 3),
	    "2026-03-28T01:30 2026-03-29T01:00 2026-03-30T00:30");
	/* Several of them come together, once. */
	assert_string_equal(times("*/20 1-3 * * *", "Europe/Berlin", "2026-03-29T00:40:00Z", 3),
	    "2026-03-29T01:00 2026-03-29T01:20 2026-03-29T01:40");
	assert_string_equal(times("daily 02:30", "America/New_York", "2026-03-07T12:00:00Z", 2),
	    "2026-03-08T07:00 2026-03-09T06:30");
	/* Half an hour. */
	assert_string_equal(times("daily 02:15", "Australia/Lord_Howe", "2026-10-02T20:00:00Z", 2),
	    "2026-10-03T15:30 2026-10-04T15:15");
	/* A whole day. */
	assert_string_equal(times("daily 12:00", "Pacific/Apia", "2011-12-29T21:00:00Z", 3),
	    "2011-12-29T22:00 2011-12-30T10:00 2011-12-30T22:00");
}

static void a_time_that_the_clocks_show_twice_comes_the_first_time(void **state)
{
	(void)state;
	assert_string_equal(times("daily 02:30", "Europe/Berlin", "2026-10-24T12:00:00Z", 2),
	    "2026-10-25T00:30 2026-10-26T01:30");
	/* Also when it is asked for between the two. */
	assert_string_equal(
	    times("daily 02:30", "Europe/Berlin", "2026-10-25T01:10:00Z", 1), "2026-10-26T01:30");
	assert_string_equal(times("daily 01:30", "America/New_York", "2026-10-31T12:00:00Z", 2),
	    "2026-11-01T05:30 2026-11-02T06:30");
	assert_string_equal(times("daily 01:45", "Australia/Lord_Howe", "2026-04-03T20:00:00Z", 2),
	    "2026-04-04T14:45 2026-04-05T15:15");
	/* Not a change to or from summer time: Ireland's winter time is the exception by law. */
	assert_string_equal(times("daily 01:30", "Europe/Dublin", "2026-10-24T12:00:00Z", 2),
	    "2026-10-25T00:30 2026-10-26T01:30");
}

static void what_the_wall_shows(void **state)
{
	(void)state;
	struct zone *zone = zone_open(STR("Asia/Kathmandu"));
	assert_int_equal(
	    zone_wall(zone, (instant) { INT64_C(1767225600000000) }), 1767225600 + 20700);
	assert_int_equal(zone_instant(zone, 1767225600 + 20700).us, INT64_C(1767225600000000));
	/* Also before 1970. */
	assert_int_equal(zone_wall(zone, (instant) { -1 }), 19799);
	zone_close(zone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_plan_is_refused),
		cmocka_unit_test(a_zone_has_a_name_of_the_database),
		cmocka_unit_test(lists_ranges_steps_and_names),
		cmocka_unit_test(either_day_is_enough_when_both_are_named),
		cmocka_unit_test(leap_days_and_days_that_never_come),
		cmocka_unit_test(berlin_keeps_its_hour_of_the_day),
		cmocka_unit_test(a_time_that_the_clocks_leave_out_comes_once_as_soon_as_they_go_on),
		cmocka_unit_test(a_time_that_the_clocks_show_twice_comes_the_first_time),
		cmocka_unit_test(what_the_wall_shows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
