/*
 * password.h: passwords are kept as scrypt hashes (RFC 7914) in libscrypt's modular crypt format,
 * with their parameters and salt. Hashing takes 50 to 100 ms: do it before the first row is locked.
 */
#pragma once
#include "core/call.h"

#define PASSWORD_MIN 8
#define PASSWORD_MAX 200 /* characters */

/* A new hash, in the arena. `n` is config->scrypt_n. Aborts when the machine has no memory left. */
char *password_hash(struct arena *a, str password, int64_t n);

/* Whether the password is the one of `hash`, in time that does not tell how much of it is right.
 * Without a hash (an unknown address, an agent without a password) it does the same work and says
 * no. */
bool password_verify(struct arena *a, str hash, str password, int64_t n);

/* INVALID, about the field "password", for one that is easily guessed from the account itself. */
error password_check(struct call *call, str password, str email) MUST_CHECK;
