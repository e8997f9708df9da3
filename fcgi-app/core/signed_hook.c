/* signed_hook.c: see signed_hook.h. */
#include "core/signed_hook.h"

#include <openssl/evp.h>
#include <stdio.h>

#include "base/digest.h"

static bool is_recent(str seconds, instant now)
{
	int64_t at;
	if (!int_parse(seconds, &at) || at < 0 || at > INT64_C(100000000000))
		return false;
	int64_t off = now.us / 1000000 - at;
	return off <= HOOK_TOLERANCE_SECONDS && off >= -HOOK_TOLERANCE_SECONDS;
}

static bool same(str told, const char *expected)
{
	return told.n == strlen(expected) && digest_equal(told.p, expected, told.n);
}

bool hook_signed_stripe(
    struct arena *a, const struct hook_signature *s, str secret, str body, instant now)
{
	unsigned char mac[DIGEST_SIZE];
	char hex[2 * DIGEST_SIZE + 1];
	str rest = s->stripe, time = { NULL, 0 }, pair, name, value;
	if (str_none(rest) || !secret.n)
		return false;
	for (bool more = true; more;) {
		str all = rest;
		more = str_cut(all, ',', &pair, &rest);
		if (str_cut(more ? pair : all, '=', &name, &value) && str_is(str_trim(name), "t"))
			time = value;
	}
	if (!is_recent(time, now))
		return false;
	digest_hmac(secret,
	    str_of(arena_printf(
		a, "%.*s.%.*s", (int)time.n, time.p, (int)body.n, body.n ? body.p : "")),
	    mac);
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", mac[i]);
	rest = s->stripe;
	bool good = false;
	for (bool more = true; more;) {
		str all = rest;
		more = str_cut(all, ',', &pair, &rest);
		if (str_cut(more ? pair : all, '=', &name, &value) &&
		    str_is(str_trim(name), "v1") && same(value, hex))
			good = true;
	}
	return good;
}

bool hook_signed_standard(
    struct arena *a, const struct hook_signature *s, str secret, str body, instant now)
{
	unsigned char mac[DIGEST_SIZE], key[160];
	char expected[4 * DIGEST_SIZE / 3 + 8];
	str text = secret, rest = s->standard, one, version, value;
	if (str_starts(text, "whsec_"))
		text = (str) { text.p + 6, text.n - 6 };
	if (str_none(rest) || str_none(s->id) || !is_recent(s->timestamp, now) || !text.n ||
	    text.n % 4 || text.n > 200)
		return false;
	int n = EVP_DecodeBlock(key, (const unsigned char *)text.p, (int)text.n);
	if (n < 3)
		return false;
	/* It counts the padding as bytes. */
	n -= text.p[text.n - 1] == '=';
	n -= text.p[text.n - 2] == '=';
	digest_hmac((str) { (const char *)key, (size_t)n },
	    str_of(arena_printf(a, "%.*s.%.*s.%.*s", (int)s->id.n, s->id.p, (int)s->timestamp.n,
		s->timestamp.p, (int)body.n, body.n ? body.p : "")),
	    mac);
	EVP_EncodeBlock((unsigned char *)expected, mac, DIGEST_SIZE);
	bool good = false;
	for (bool more = true; more;) {
		str all = rest;
		more = str_cut(all, ' ', &one, &rest);
		if (str_cut(more ? one : all, ',', &version, &value) && str_is(version, "v1") &&
		    same(value, expected))
			good = true;
	}
	return good;
}
