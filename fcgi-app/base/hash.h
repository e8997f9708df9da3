/*
 * hash.h: FNV-1a, 64 bits (Fowler, Noll, Vo, draft-eastlake-fnv): for tables in memory and
 * signatures, where nobody gains by finding two texts of one hash. What somebody could gain by
 * needs digest.h.
 */
#pragma once
#include "base/value.h"

#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)

/* Of a text behind what `hash` is of already. */
static inline uint64_t hash_add(uint64_t hash, str text)
{
	for (size_t i = 0; i < text.n; i++)
		hash = (hash ^ (unsigned char)text.p[i]) * UINT64_C(0x100000001b3);
	return hash;
}
