/*
 * random.c: random bytes, UUIDs of version 7 and secrets.
 * Tests: tests/unit/base_random_test.c
 */
#include "random.h"
#include "clock.h"
#include "digest.h"
#include <errno.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

void random_bytes(void *out, size_t n)
{
	char *p = out;
	while (n) {
		ssize_t got = getrandom(p, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			perror("getrandom");
			abort();
		}
		p += got;
		n -= (size_t)got;
	}
}

/*
 * Method 2 of RFC 9562 section 6.2, "monotonic random": the 74 random bits of one millisecond are a
 * counter that starts anywhere and goes on by a random step. The step has 56 bits, so that two
 * processes that were one a moment ago (fork) do not give the same ids. A counter that is full, or
 * a clock that went back, continues in the last millisecond or the one after.
 */
uuid uuid_v7(void)
{
	static _Thread_local struct {
		uint64_t ms, high, low;
	} last; /* high: 12 bits, low: 62 */
	const uint64_t low_mask = (UINT64_C(1) << 62) - 1, high_mask = 0xfff;
	uint64_t dice[2];
	random_bytes(dice, sizeof dice);

	uint64_t ms = (uint64_t)(clock_now().us / 1000);
	bool fresh = ms > last.ms;
	if (!fresh) {
		uint64_t low = last.low + 1 + (dice[0] >> 8);
		uint64_t high = last.high + (low >> 62);
		fresh = high > high_mask;
		ms = fresh ? last.ms + 1 : last.ms;
		last.low = low & low_mask;
		last.high = high;
	}
	if (fresh) {
		last.low = dice[0] & low_mask;
		last.high = dice[1] & high_mask;
	}
	last.ms = ms;

	const uint64_t first = ms << 16 | UINT64_C(0x7000) | last.high;
	const uint64_t second = UINT64_C(1) << 63 | last.low;
	static const char hex[] = "0123456789abcdef";
	uuid id;
	char *p = id.text;
	for (unsigned nibble = 0; nibble < 32; nibble++) {
		if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20)
			*p++ = '-';
		*p++ = hex[(nibble < 16 ? first : second) >> (60 - 4 * (nibble % 16)) & 15];
	}
	*p = 0;
	return id;
}

void secret_new(char out[SECRET_TEXT])
{
	unsigned char bytes[32];
	random_bytes(bytes, sizeof bytes);
	base64url_encode(bytes, sizeof bytes, out);
	OPENSSL_cleanse(bytes, sizeof bytes);
}
