/* turns.c: see turns.h. */
#include "core/turns.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/chain.h"
#include "base/hash.h"

enum { BUCKETS = 1024 };

struct queue { /* a company of which something waits */
	struct chain turn;
	struct queue *next; /* in its bucket */
	char company[37];
	struct turn *first, **end;
};

struct turns {
	struct chain queues; /* whose turn it is comes first */
	struct queue *buckets[BUCKETS];
};

struct turns *turns_new(void)
{
	struct turns *t = calloc(1, sizeof *t);
	if (!t)
		abort();
	chain_init(&t->queues);
	return t;
}

void turns_free(struct turns *t)
{
	assert(turns_empty(t));
	free(t);
}

bool turns_empty(const struct turns *t) { return chain_empty(&t->queues); }

/* Where the company's queue stands in its bucket, or would. */
static struct queue **find(struct turns *t, const char *company)
{
	struct queue **at = &t->buckets[hash_add(HASH_BEGIN, str_of(company)) % BUCKETS];
	while (*at && strcmp((*at)->company, company) != 0)
		at = &(*at)->next;
	return at;
}

void turns_add(struct turns *t, const char *company, struct turn *thing)
{
	struct queue **at = find(t, company), *q = *at;
	if (!q) {
		q = *at = calloc(1, sizeof *q);
		if (!q)
			abort();
		snprintf(q->company, sizeof q->company, "%s", company);
		q->end = &q->first;
		chain_add(&t->queues, &q->turn);
	}
	thing->next = NULL;
	*q->end = thing;
	q->end = &thing->next;
}

struct turn *turns_take(struct turns *t, const struct passed_over *but)
{
	struct chain *c = t->queues.next;
	while (c != &t->queues && is_passed_over(but, CONTAINER(c, struct queue, turn)->company))
		c = c->next;
	if (c == &t->queues)
		return NULL;
	struct queue *q = CONTAINER(c, struct queue, turn);
	struct turn *thing = q->first;
	chain_remove(&q->turn);
	q->first = thing->next;
	if (q->first) {
		chain_add(&t->queues, &q->turn);
	} else {
		*find(t, q->company) = q->next;
		free(q);
	}
	return thing;
}
