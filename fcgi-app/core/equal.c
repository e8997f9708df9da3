/* equal.c: see equal.h. The key is a digest, so its first bytes are the hash. */
#include "core/equal.h"

#include <stdlib.h>

enum { BUCKETS = 8192 };

struct equals {
	struct equal *buckets[BUCKETS], *keeping;
};

static void *get(size_t size)
{
	void *p = calloc(1, size);
	if (!p)
		abort();
	return p;
}

struct equals *equals_new(void) { return get(sizeof(struct equals)); }

void equals_free(struct equals *t) { free(t); }

static struct equal **bucket_of(struct equals *t, const unsigned char key[EQUAL_KEY])
{
	uint32_t hash;
	memcpy(&hash, key, sizeof hash);
	return &t->buckets[hash % BUCKETS];
}

struct equal *equal_join(struct equals *t, const unsigned char key[EQUAL_KEY])
{
	struct equal **bucket = bucket_of(t, key), *e = *bucket;
	while (e && memcmp(e->key, key, EQUAL_KEY) != 0)
		e = e->next;
	if (!e) {
		e = get(sizeof *e);
		memcpy(e->key, key, EQUAL_KEY);
		e->next = *bucket;
		*bucket = e;
	}
	e->askers++;
	return e;
}

static void forget(struct equals *t, struct equal *e)
{
	struct equal **at = &t->keeping;
	if (!e->answer)
		return;
	while (*at != e)
		at = &(*at)->kept_next;
	*at = e->kept_next;
	kept_answer_drop(e->answer);
	e->answer = NULL;
}

void equal_leave(struct equals *t, struct equal *e)
{
	if (!e || --e->askers)
		return;
	struct equal **at = bucket_of(t, e->key);
	forget(t, e);
	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	free(e);
}

struct kept_answer *kept_answer_new(str body, const unsigned char digest[32], int64_t version,
    const struct topic_set *reads, int64_t now_us)
{
	size_t size = sizeof(struct kept_answer) + reads->n * sizeof(char *) + body.n;
	for (size_t i = 0; i < reads->n; i++)
		size += strlen(reads->v[i]) + 1;
	struct kept_answer *k = get(size);
	k->refs = 1;
	k->version = version;
	k->made_us = now_us;
	memcpy(k->digest, digest, sizeof k->digest);
	k->reads.v = (char **)(void *)(k + 1);
	k->reads.n = k->reads.cap = reads->n;
	char *p = (char *)(k->reads.v + reads->n);
	for (size_t i = 0; i < reads->n; i++) {
		k->reads.v[i] = p;
		p = stpcpy(p, reads->v[i]) + 1;
	}
	if (body.n)
		memcpy(p, body.p, body.n);
	k->body = (str) { p, body.n };
	return k;
}

void kept_answer_drop(struct kept_answer *k)
{
	if (k && --k->refs == 0)
		free(k);
}

void equal_keep(struct equals *t, struct equal *e, struct kept_answer *answer)
{
	forget(t, e);
	e->answer = answer;
	e->kept_next = t->keeping;
	t->keeping = e;
}

void equals_forget(struct equals *t, int64_t before_us)
{
	for (struct equal *e = t->keeping, *next; e; e = next) {
		next = e->kept_next;
		if (e->answer->made_us < before_us)
			forget(t, e);
	}
}
