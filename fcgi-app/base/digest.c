/*
 * digest.c: digests by OpenSSL's EVP; base64url (RFC 4648 section 5) by hand, because OpenSSL's
 * reads white space and padding that a token must not have.
 * Tests: tests/unit/base_digest_test.c
 */
#include "digest.h"
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>

/* These fail only when memory is out or OpenSSL is broken; nothing may go on without its digest. */
static void must(bool done, const char *what)
{
	if (!done) {
		fprintf(stderr, "digest: %s failed\n", what);
		abort();
	}
}

void digest_sha256(str data, unsigned char out[DIGEST_SIZE])
{
	must(EVP_Digest(data.p, data.n, out, NULL, EVP_sha256(), NULL) == 1, "SHA-256");
}

void digest_sha256_two(str a, str b, unsigned char out[DIGEST_SIZE])
{
	unsigned char length[8];
	for (unsigned i = 0; i < sizeof length; i++)
		length[i] = (unsigned char)((uint64_t)a.n >> (56 - 8 * i));
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	must(digest && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1 &&
		 EVP_DigestUpdate(digest, length, sizeof length) == 1 &&
		 EVP_DigestUpdate(digest, a.p, a.n) == 1 &&
		 EVP_DigestUpdate(digest, b.p, b.n) == 1 &&
		 EVP_DigestFinal_ex(digest, out, NULL) == 1,
	    "SHA-256");
	EVP_MD_CTX_free(digest);
}

void digest_hmac(str key, str data, unsigned char out[DIGEST_SIZE])
{
	/* HMAC() takes a key of NULL for "the key of last time". */
	must(key.n <= INT_MAX &&
		 HMAC(EVP_sha256(), key.n ? key.p : "", (int)key.n,
		     (const unsigned char *)(data.n ? data.p : ""), data.n, out, NULL),
	    "HMAC");
}

bool digest_equal(const void *a, const void *b, size_t n)
{
	return CRYPTO_memcmp(a, b, n) == 0;
}

size_t base64url_encode(const void *bytes, size_t n, char *out)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const unsigned char *in = bytes;
	char *p = out;
	for (; n >= 3; n -= 3, in += 3) {
		*p++ = letters[in[0] >> 2];
		*p++ = letters[(in[0] & 3) << 4 | in[1] >> 4];
		*p++ = letters[(in[1] & 15) << 2 | in[2] >> 6];
		*p++ = letters[in[2] & 63];
	}
	if (n) {
		unsigned second = n == 2 ? in[1] : 0;
		*p++ = letters[in[0] >> 2];
		*p++ = letters[(in[0] & 3u) << 4 | second >> 4];
		if (n == 2)
			*p++ = letters[(second & 15) << 2];
	}
	*p = 0;
	return (size_t)(p - out);
}

static int letter_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

/* Bits left over at the end must be zero: one sequence of bytes has one text. */
bool base64url_decode(str text, unsigned char *out, size_t cap, size_t *n)
{
	if (text.n % 4 == 1 || text.n / 4 * 3 + (text.n % 4 ? text.n % 4 - 1 : 0) > cap)
		return false;
	unsigned bits = 0, held = 0;
	size_t length = 0;
	for (size_t i = 0; i < text.n; i++) {
		int value = letter_value(text.p[i]);
		if (value < 0)
			return false;
		bits = (bits << 6 | (unsigned)value) & 0xfff;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[length++] = (unsigned char)(bits >> held);
			bits &= (1u << held) - 1;
		}
	}
	if (bits)
		return false;
	*n = length;
	return true;
}
