/* random.h: ids and secrets. All randomness is the kernel's (getrandom). */
#pragma once
#include "value.h"

void random_bytes(void *out, size_t n);
uuid uuid_v7(void); /* RFC 9562 section 5.7: time-ordered, 74 random bits, monotonic in a thread */
#define SECRET_TEXT 44 /* 32 random bytes as base64url without padding, and NUL */
void secret_new(char out[SECRET_TEXT]);
