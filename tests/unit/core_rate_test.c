/* layers: base http db core modules */
/* What rate.h promises: whoever has one address of a network of IPv6 has no more than anybody. */
#include "core/rate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct arena *arena;

static void place_is(const char *ip, const char *expected)
{
	const struct call call = { .arena = arena, .ip = str_of(ip) };
	str place = rate_place(&call);
	assert_int_equal(place.n, strlen(expected));
	assert_memory_equal(place.p, expected, place.n);
}

static void a_network_of_ipv6_is_one_place(void **state)
{
	(void)state;
	place_is("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64");
	place_is("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64");
	place_is("2001:db8:1:3::1", "2001:db8:1:3::/64");
	place_is("::1", "::/64");
}

static void what_is_no_ipv6_stays(void **state)
{
	(void)state;
	place_is("192.0.2.7", "192.0.2.7");
	place_is("::ffff:192.0.2.7", "::ffff:192.0.2.7");
	place_is("", "");
	place_is("unix:", "unix:");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_network_of_ipv6_is_one_place),
		cmocka_unit_test(what_is_no_ipv6_stays),
	};
	arena = arena_new();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(arena);
	return failed;
}
