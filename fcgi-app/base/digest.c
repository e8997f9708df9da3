/*
 * digest.c: digests by OpenSSL's EVP; base64url (RFC 4648 section 5) by hand, because OpenSSL's
 * reads white space and padding that a token must not have.
 * Tests: tests/unit/base_digest_test.c
 */
#include "digest.h"
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <pthread.h>
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

/*
 * Looked up once for the process: EVP_sha256() is looked up by its name at each use, under a lock,
 * which takes longer than the digest of a short text (measured: 1.0 us against 0.4 us, HMAC 3.4
 * against 1.6). Never changed afterwards.
 */
static const EVP_MD *sha256;
static const EVP_MAC_CTX *hmac; /* without a key: to be copied */

static void look_up(void)
{
	OSSL_PARAM digest[] = { OSSL_PARAM_utf8_string(
				    OSSL_MAC_PARAM_DIGEST, (char[]) { "SHA256" }, 6),
		OSSL_PARAM_END };
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *context = EVP_MAC_CTX_new(mac);
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	must(sha256 && context && EVP_MAC_CTX_set_params(context, digest) == 1,
	    "looking up SHA-256");
	EVP_MAC_free(mac);
	hmac = context;
}

static void start(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, look_up);
}

void digest_sha256(str data, unsigned char out[DIGEST_SIZE])
{
	start();
	must(EVP_Digest(data.p, data.n, out, NULL, sha256, NULL) == 1, "SHA-256");
}

void digest_sha256_two(str a, str b, unsigned char out[DIGEST_SIZE])
{
	unsigned char length[8];
	for (unsigned i = 0; i < sizeof length; i++)
		length[i] = (unsigned char)((uint64_t)a.n >> (56 - 8 * i));
	start();
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	must(digest && EVP_DigestInit_ex(digest, sha256, NULL) == 1 &&
		 EVP_DigestUpdate(digest, length, sizeof length) == 1 &&
		 EVP_DigestUpdate(digest, a.p, a.n) == 1 &&
		 EVP_DigestUpdate(digest, b.p, b.n) == 1 &&
		 EVP_DigestFinal_ex(digest, out, NULL) == 1,
	    "SHA-256");
	EVP_MD_CTX_free(digest);
}

void digest_hmac(str key, str data, unsigned char out[DIGEST_SIZE])
{
	start();
	EVP_MAC_CTX *mac = EVP_MAC_CTX_dup(hmac);
	/* A key of NULL would mean "the key of last time". */
	must(mac &&
		 EVP_MAC_init(mac, (const unsigned char *)(key.n ? key.p : ""), key.n, NULL) == 1 &&
		 EVP_MAC_update(mac, (const unsigned char *)data.p, data.n) == 1 &&
		 EVP_MAC_final(mac, out, NULL, DIGEST_SIZE) == 1,
	    "HMAC");
	EVP_MAC_CTX_free(mac); /* wipes the key */
}

bool digest_equal(const void *a, const void *b, size_t n) { return CRYPTO_memcmp(a, b, n) == 0; }

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
