/* password.c: see password.h. */
#include "core/password.h"

#include <libscrypt.h>
#include <stdlib.h>

enum { SCRYPT_BLOCKS = 8, SCRYPT_PARALLEL = 1 }; /* r and p as RFC 7914, section 2, advises */

char *password_hash(struct arena *a, str password, int64_t n)
{
	char *out = arena_alloc(a, SCRYPT_MCF_LEN + 1);
	const char *text = arena_text(a, password.p, password.n);
	if (!libscrypt_hash(out, text, (uint32_t)n, SCRYPT_BLOCKS, SCRYPT_PARALLEL))
		abort();
	return out;
}

bool password_verify(struct arena *a, str hash, str password, int64_t n)
{
	const char *text = arena_text(a, password.p, password.n);
	if (str_none(hash)) {
		uint8_t salt[SCRYPT_SALT_LEN] = { 0 }, nothing[SCRYPT_HASH_LEN];
		(void)libscrypt_scrypt((const uint8_t *)text, password.n, salt, sizeof salt,
		    (uint64_t)n, SCRYPT_BLOCKS, SCRYPT_PARALLEL, nothing, sizeof nothing);
		return false;
	}
	/* libscrypt cuts the text that it checks, and compares in constant time. */
	return libscrypt_check(arena_text(a, hash.p, hash.n), text) > 0;
}

error password_check(struct call *call, str password, str email)
{
	if (password.n == email.n && strncasecmp(password.p, email.p, email.n) == 0)
		return fail_code(
		    call, INVALID, "password", "guessable", "must not be the e-mail address");
	return OK;
}
