/* digest.h: SHA-256, HMAC (OpenSSL) and base64url, and comparison in constant time. */
#pragma once
#include "value.h"

#define DIGEST_SIZE 32
void digest_sha256(str data, unsigned char out[DIGEST_SIZE]);
void digest_sha256_two(
    str a, str b, unsigned char out[DIGEST_SIZE]); /* of a's length, a, b: unambiguous */
void digest_hmac(str key, str data, unsigned char out[DIGEST_SIZE]); /* HMAC-SHA256, RFC 2104 */
bool digest_equal(
    const void *a, const void *b, size_t n); /* time does not depend on where they differ */
size_t base64url_encode(const void *bytes, size_t n,
    char *out); /* out: (n*4+2)/3+1 bytes; no padding; returns length */
bool base64url_decode(str text, unsigned char *out, size_t cap, size_t *n);
