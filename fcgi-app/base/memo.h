/*
 * memo.h: what has been found out already, by what it was about and a key of some bytes, so that
 * bulk work asks the same thing once. In an arena; it grows with what it holds, and when it is full
 * it forgets all and begins anew. Tests: tests/unit/base_memo_test.c.
 */
#pragma once
#include "base/arena.h"

struct memo;

/* The value that was kept, or NULL. `m` may be NULL: nothing is known yet. `about` is compared as a
 * pointer. */
void *memo_find(const struct memo *m, const void *about, const void *key, size_t n);
/* Room for a value of `size` bytes, zeroed, in the place of the one before if there was one. *m is
 * made when it is NULL. */
void *memo_keep(
    struct arena *a, struct memo **m, const void *about, const void *key, size_t n, size_t size);
