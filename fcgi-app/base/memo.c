/* memo.c: see memo.h. Open addressing; what is in it is never taken out, so that a free place ends
 * a search. */
#include "base/memo.h"

#include <stdint.h>
#include <string.h>

enum { SMALLEST = 32, LARGEST = 32768 };

struct entry {
	uint64_t hash;
	const void *about, *key;
	size_t n;
	void *value; /* NULL: this place is free */
};

struct memo {
	struct entry *v;
	size_t n, cap;
};

static uint64_t hash_of(const void *about, const void *key, size_t n)
{
	const unsigned char *byte = key;
	uint64_t h = UINT64_C(14695981039346656037) ^ (uint64_t)(uintptr_t)about;
	for (size_t i = 0; i < n; i++)
		h = (h ^ byte[i]) * UINT64_C(1099511628211);
	return h ^ h >> 29;
}

/* Its place, or the free one where it would stand. */
static struct entry *place_of(
    const struct memo *m, uint64_t hash, const void *about, const void *key, size_t n)
{
	for (size_t i = (size_t)hash & (m->cap - 1);; i = (i + 1) & (m->cap - 1)) {
		struct entry *e = &m->v[i];
		if (!e->value || (e->hash == hash && e->about == about && e->n == n &&
				     memcmp(e->key, key, n) == 0))
			return e;
	}
}

static void grow(struct arena *a, struct memo *m)
{
	struct memo old = *m;
	m->cap = old.cap ? old.cap * 2 : SMALLEST;
	m->v = ARENA_ARRAY(a, m->cap, struct entry);
	for (size_t i = 0; i < old.cap; i++) {
		const struct entry *e = &old.v[i];
		if (e->value)
			*place_of(m, e->hash, e->about, e->key, e->n) = *e;
	}
}

static void make_room(struct arena *a, struct memo *m)
{
	if (m->n < m->cap / 2)
		return;
	if (m->cap < LARGEST) {
		grow(a, m);
	} else {
		memset(m->v, 0, m->cap * sizeof *m->v);
		m->n = 0;
	}
}

void *memo_find(const struct memo *m, const void *about, const void *key, size_t n)
{
	return m ? place_of(m, hash_of(about, key, n), about, key, n)->value : NULL;
}

void *memo_keep(
    struct arena *a, struct memo **m, const void *about, const void *key, size_t n, size_t size)
{
	uint64_t hash = hash_of(about, key, n);
	if (!*m)
		*m = ARENA_NEW(a, struct memo);
	make_room(a, *m);
	struct entry *e = place_of(*m, hash, about, key, n);
	if (!e->value) {
		void *copy = arena_alloc(a, n);
		memcpy(copy, key, n);
		*e = (struct entry) { .hash = hash, .about = about, .key = copy, .n = n };
		(*m)->n++;
	}
	return e->value = arena_alloc(a, size);
}
