/* address_guard.c: see address_guard.h. */
#include "core/address_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

struct range {
	unsigned char first[16];
	unsigned bits;
};

static const struct range private_4[] = {
	{ { 0 }, 8 }, { { 10 }, 8 }, { { 100, 64 }, 10 }, { { 127 }, 8 }, { { 169, 254 }, 16 },
	{ { 172, 16 }, 12 }, { { 192, 0, 0 }, 24 }, { { 192, 0, 2 }, 24 }, { { 192, 88, 99 }, 24 },
	{ { 192, 168 }, 16 }, { { 198, 18 }, 15 }, { { 198, 51, 100 }, 24 },
	{ { 203, 0, 113 }, 24 },
	{ { 224 }, 3 }, /* multicast and what is reserved, with broadcast */
};

/* Only 2000::/3 is public, and of it not these. */
static const struct range public_6 = { { 0x20 }, 3 };
static const struct range private_6[] = {
	{ { 0x20, 0x01, 0x00 }, 23 }, /* Teredo and other protocols */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 },
	{ { 0x20, 0x02 }, 16 }, /* 6to4 */
	{ { 0x3f, 0xff, 0x00 }, 20 },
};
static const struct range mapped_4 = { { [10] = 0xff, [11] = 0xff }, 96 },
			  translated_4 = { { 0x00, 0x64, 0xff, 0x9b }, 96 };

static bool is_in(const unsigned char *address, const struct range *r)
{
	unsigned whole = r->bits / 8, rest = r->bits % 8;
	unsigned mask = 0xffu << (8 - rest) & 0xffu;
	return !memcmp(address, r->first, whole) &&
	       (!rest || (address[whole] & mask) == (r->first[whole] & mask));
}

static bool is_in_any(const unsigned char *address, const struct range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_in(address, &ranges[i]))
			return true;
	return false;
}

static bool is_private_4(const unsigned char *address)
{
	return is_in_any(address, private_4, sizeof private_4 / sizeof *private_4);
}

bool address_is_private(const struct sockaddr *address)
{
	unsigned char bytes[16];
	if (address->sa_family == AF_INET) {
		memcpy(bytes, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
		return is_private_4(bytes);
	}
	if (address->sa_family != AF_INET6)
		return true;
	memcpy(bytes, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, 16);
	if (is_in(bytes, &mapped_4) || is_in(bytes, &translated_4))
		return is_private_4(bytes + 12);
	return !is_in(bytes, &public_6) ||
	       is_in_any(bytes, private_6, sizeof private_6 / sizeof *private_6);
}
