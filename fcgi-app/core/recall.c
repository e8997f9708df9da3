/* recall.c: see recall.h. Entries are kept in a ring, in the order of their coming, and found by
 * their key, which is a digest, so that its first bytes are the hash. */
#include "core/recall.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/digest.h"

struct entry {
	struct entry *next; /* of the same bucket */
	unsigned char key[RECALL_KEY];
	int64_t version, noted_us;
	uint64_t place; /* in the ring */
	size_t n;       /* topics, */
	char texts[];   /* one behind the other, each with its end */
};

struct recall {
	struct entry *ring[RECALL_MOST], *buckets[RECALL_MOST]; /* NULL in the ring: taken */
	uint64_t first, end; /* those from first to end - 1 are in the ring */
};

struct recall *recall_new(void)
{
	struct recall *t = calloc(1, sizeof *t);
	if (!t)
		abort();
	return t;
}

static struct entry **bucket_of(struct recall *t, const unsigned char key[RECALL_KEY])
{
	uint32_t hash;
	memcpy(&hash, key, sizeof hash);
	return &t->buckets[hash % RECALL_MOST];
}

static struct entry **find(struct recall *t, const unsigned char key[RECALL_KEY])
{
	struct entry **at = bucket_of(t, key);
	while (*at && memcmp((*at)->key, key, RECALL_KEY) != 0)
		at = &(*at)->next;
	return at;
}

static void drop(struct recall *t, struct entry **at)
{
	struct entry *e = *at;
	*at = e->next;
	t->ring[e->place % RECALL_MOST] = NULL;
	free(e);
}

static void drop_first(struct recall *t)
{
	struct entry *e = t->ring[t->first % RECALL_MOST];
	if (e)
		drop(t, find(t, e->key));
	t->first++;
}

void recall_free(struct recall *t)
{
	while (t->first < t->end)
		drop_first(t);
	free(t);
}

void recall_note(struct recall *t, const unsigned char key[RECALL_KEY],
    const struct topic_set *reads, int64_t version, int64_t now_us)
{
	struct entry **at = find(t, key);
	size_t size = sizeof(struct entry);
	if (*at)
		drop(t, at);
	if (t->end - t->first == RECALL_MOST)
		drop_first(t);
	for (size_t i = 0; i < reads->n; i++)
		size += strlen(reads->v[i]) + 1;
	struct entry *e = malloc(size);
	if (!e)
		abort();
	*e = (struct entry) {
		.version = version, .noted_us = now_us, .place = t->end, .n = reads->n
	};
	memcpy(e->key, key, RECALL_KEY);
	char *p = e->texts;
	for (size_t i = 0; i < reads->n; i++)
		p = stpcpy(p, reads->v[i]) + 1;
	at = bucket_of(t, key);
	e->next = *at;
	*at = t->ring[t->end++ % RECALL_MOST] = e;
}

bool recall_take(struct recall *t, const unsigned char key[RECALL_KEY], struct arena *a,
    struct topic_set *reads, int64_t *version)
{
	struct entry **at = find(t, key), *e = *at;
	if (!e)
		return false;
	*reads = (struct topic_set) { .v = ARENA_ARRAY(a, e->n + 1, char *), .cap = e->n };
	for (const char *p = e->texts; reads->n < e->n; p += strlen(p) + 1)
		reads->v[reads->n++] = arena_text(a, p, strlen(p));
	*version = e->version;
	drop(t, at);
	return true;
}

void recall_forget(struct recall *t, int64_t before_us)
{
	while (t->first < t->end) {
		const struct entry *e = t->ring[t->first % RECALL_MOST];
		if (e && e->noted_us >= before_us)
			return;
		drop_first(t);
	}
}

void recall_key(const struct identity *who, str question, str etag, unsigned char key[RECALL_KEY])
{
	unsigned char digest[DIGEST_SIZE];
	char text[320];
	int n = snprintf(text, sizeof text, "%s %s %s %lld %s %s %.*s ", who->company.text,
	    who->agent.text, who->role.text, (long long)who->role_revision, who->maker_role.text,
	    who->credential.text, (int)(etag.n < 64 ? etag.n : 64), etag.p);
	digest_sha256_two((str) { text, (size_t)n }, question, digest);
	memcpy(key, digest, RECALL_KEY);
}
