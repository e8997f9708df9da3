/* layers: base http db core */
/* What address_guard.h promises. */
#include "core/address_guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

static bool is_private(const char *text)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		return address_is_private((const struct sockaddr *)&four);
	assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
	return address_is_private((const struct sockaddr *)&six);
}

static void addresses_of_the_house_are_private(void **state)
{
	(void)state;
	static const char *const of_the_house[] = { "0.0.0.0", "10.1.2.3", "100.64.0.1",
		"100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
		"172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.0.1", "198.18.0.1",
		"198.19.255.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1",
		"255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
		"64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
		"2002:7f00:1::", "3fff::1", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1" };
	for (size_t i = 0; i < sizeof of_the_house / sizeof *of_the_house; i++)
		if (!is_private(of_the_house[i]))
			fail_msg("%s is not private", of_the_house[i]);
}

static void addresses_of_others_are_not(void **state)
{
	(void)state;
	static const char *const of_others[] = { "1.1.1.1", "9.255.255.255", "11.0.0.1",
		"100.63.255.255", "100.128.0.1", "126.1.1.1", "128.0.0.1", "169.253.1.1",
		"172.15.0.1", "172.32.0.1", "192.0.1.1", "192.167.1.1", "192.169.1.1", "198.17.1.1",
		"198.20.0.1", "223.255.255.1", "::ffff:1.1.1.1", "64:ff9b::101:101",
		"2606:4700::1111", "2a00:1450::1" };
	for (size_t i = 0; i < sizeof of_others / sizeof *of_others; i++)
		if (is_private(of_others[i]))
			fail_msg("%s is private", of_others[i]);
}

static void what_is_no_internet_address_is_private(void **state)
{
	(void)state;
	struct sockaddr_un local = { .sun_family = AF_UNIX };
	assert_true(address_is_private((const struct sockaddr *)&local));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_of_the_house_are_private),
		cmocka_unit_test(addresses_of_others_are_not),
		cmocka_unit_test(what_is_no_internet_address_is_private),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
