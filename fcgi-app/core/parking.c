/* parking.c: lots, topics, time slots and whose turn it is; see parking.h. */
#include "core/parking.h"

#include <assert.h>
#include <stdlib.h>

enum {
	SLOT_US = 50000,   /* how exactly a wait ends */
	SLOTS = 2048,      /* 102 s: longer than the longest wait */
	TOLD_KEPT = 1024,  /* versions told lately where nobody waited, by a hash of the company */
	TOPICS_IDLE = 4096 /* so many topics that nobody reads are forgotten */
};

/* ---- things found by name ---- */

struct named {
	struct named *next;
	uint64_t hash;
	char *name;
};
struct names {
	struct named **buckets;
	size_t n_buckets, n;
};

static void *get(size_t size)
{
	void *p = calloc(1, size);
	if (!p)
		abort();
	return p;
}

static uint64_t hash_of(str name)
{
	uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
	for (size_t i = 0; i < name.n; i++)
		h = (h ^ (unsigned char)name.p[i]) * UINT64_C(1099511628211);
	return h ^ h >> 32;
}

static struct named *names_find(const struct names *t, str name)
{
	if (!t->n)
		return NULL;
	uint64_t hash = hash_of(name);
	for (struct named *i = t->buckets[hash & (t->n_buckets - 1)]; i; i = i->next)
		if (i->hash == hash && str_is(name, i->name))
			return i;
	return NULL;
}

static void names_grow(struct names *t)
{
	size_t n = t->n_buckets ? t->n_buckets * 2 : 16;
	struct named **grown = get(n * sizeof(struct named *));
	for (size_t b = 0; b < t->n_buckets; b++)
		for (struct named *i = t->buckets[b], *next; i; i = next) {
			next = i->next;
			i->next = grown[i->hash & (n - 1)];
			grown[i->hash & (n - 1)] = i;
		}
	free(t->buckets);
	t->buckets = grown;
	t->n_buckets = n;
}

/* Adds a thing that begins with a struct named, of `size` bytes; the name is copied. */
static void *names_add(struct names *t, str name, size_t size)
{
	if (t->n >= t->n_buckets)
		names_grow(t);
	struct named *i = get(size + name.n + 1);
	i->name = (char *)i + size;
	memcpy(i->name, name.p, name.n);
	i->hash = hash_of(name);
	i->next = t->buckets[i->hash & (t->n_buckets - 1)];
	t->buckets[i->hash & (t->n_buckets - 1)] = i;
	t->n++;
	return i;
}

static void names_remove(struct names *t, struct named *gone)
{
	struct named **at = &t->buckets[gone->hash & (t->n_buckets - 1)];
	while (*at != gone)
		at = &(*at)->next;
	*at = gone->next;
	t->n--;
	free(gone);
}

static void names_free(struct names *t)
{
	for (size_t b = 0; b < t->n_buckets; b++)
		for (struct named *i = t->buckets[b], *next; i; i = next) {
			next = i->next;
			free(i);
		}
	free(t->buckets);
}

/* ---- what there is ---- */

struct topic {
	struct named named;
	int64_t version; /* at which it last changed, as far as is known; 0: not since the lot is
			    here */
	struct chain readers; /* links */
};

struct bearer {
	struct named named;
	unsigned n, n_readings;
}; /* a session or key, and how many wait with it */

struct lot { /* a company with somebody waiting */
	struct named named;
	struct chain all;  /* of the parking: in the order of their making */
	struct chain turn; /* of the parking: has somebody due */
	struct chain due;  /* waiters */
	struct names topics, bearers;
	int64_t since, known; /* what changed after `since` and up to `known` is in the topics */
	unsigned n_waiters, n_due;
	size_t n_idle; /* topics that nobody reads */
	bool behind;
	bool vague; /* rows have changed that are not in the topics */
};

struct parking {
	struct parking_limits limits;
	struct names lots;
	struct chain all, turns;
	size_t n, n_behind;
	struct chain slots[SLOTS]; /* parked, by the end of their wait */
	int64_t slot;              /* the first one that is not over */
	struct {
		uint64_t company;
		int64_t version;
	} told[TOLD_KEPT];
};

struct parking *parking_new(struct parking_limits limits, int64_t now_us)
{
	struct parking *p = get(sizeof *p);
	p->limits = limits;
	p->slot = now_us / SLOT_US;
	chain_init(&p->all);
	chain_init(&p->turns);
	for (size_t i = 0; i < SLOTS; i++)
		chain_init(&p->slots[i]);
	return p;
}

void parking_free(struct parking *p)
{
	assert(p->n == 0);
	names_free(&p->lots);
	free(p);
}

size_t parking_count(const struct parking *p) { return p->n; }

/* ---- entering and leaving ---- */

static void told(struct parking *p, uint64_t company, int64_t version)
{
	p->told[company % TOLD_KEPT].company = company;
	p->told[company % TOLD_KEPT].version = version;
}

static struct lot *lot_new(struct parking *p, const char company[37], int64_t version)
{
	struct lot *lot = names_add(&p->lots, str_of(company), sizeof *lot);
	chain_add(&p->all, &lot->all);
	chain_init(&lot->turn);
	chain_init(&lot->due);
	lot->since = lot->known = version;
	size_t at = lot->named.hash % TOLD_KEPT;
	if (p->told[at].company == lot->named.hash && p->told[at].version > version) {
		lot->behind = true;
		p->n_behind++;
	}
	return lot;
}

static void lot_close(struct parking *p, struct lot *lot)
{
	if (lot->behind)
		p->n_behind--;
	told(p, lot->named.hash, lot->known);
	chain_remove(&lot->all);
	chain_remove(&lot->turn);
	names_free(&lot->topics);
	names_free(&lot->bearers);
	names_remove(&p->lots, &lot->named);
}

static struct lot *lot_find(const struct parking *p, const char company[37])
{
	return (struct lot *)(void *)names_find(&p->lots, str_of(company));
}

error parking_enter(struct parking *p, struct waiter *w, const char company[37],
    const char bearer[37], int64_t version)
{
	struct lot *lot = lot_find(p, company);
	struct bearer *b =
	    lot ? (struct bearer *)(void *)names_find(&lot->bearers, str_of(bearer)) : NULL;
	if (b && (b->n >= p->limits.each_bearer ||
		     b->n_readings + w->n_readings > p->limits.each_bearer_readings))
		return LIMITED;
	size_t own = lot ? lot->n_waiters : 0, others = p->n - own;
	/* However many companies are crowded: there is always something left for one more. */
	if (p->n >= p->limits.all || 3 * own >= 2 * (p->limits.all - others))
		return UNAVAILABLE;
	if (!lot)
		lot = lot_new(p, company, version);
	if (!b)
		b = names_add(&lot->bearers, str_of(bearer), sizeof *b);
	b->n++;
	b->n_readings += w->n_readings;
	lot->n_waiters++;
	p->n++;
	w->lot = lot;
	w->bearer = b;
	w->state = WAITER_OUT;
	w->gone = false;
	chain_init(&w->chain);
	return OK;
}

static void topic_drop_if_unread(struct lot *lot, struct topic *t)
{
	if (!chain_empty(&t->readers))
		return;
	if (t->version <= lot->since)
		names_remove(&lot->topics, &t->named);
	else
		lot->n_idle++;
}

static void reading_clear(struct lot *lot, struct reading *r)
{
	for (uint32_t i = 0; i < r->n_links; i++) {
		chain_remove(&r->links[i].chain);
		topic_drop_if_unread(lot, r->links[i].topic);
	}
	free(r->links);
	r->links = NULL;
	r->n_links = 0;
}

static void due_remove(struct waiter *w)
{
	chain_remove(&w->chain);
	if (--w->lot->n_due == 0)
		chain_remove(&w->lot->turn);
}

void parking_leave(struct parking *p, struct waiter *w)
{
	struct lot *lot = w->lot;
	if (w->state == WAITER_DUE)
		due_remove(w);
	else
		chain_remove(&w->chain);
	for (uint32_t i = 0; i < w->n_readings; i++)
		reading_clear(lot, &w->readings[i]);
	w->bearer->n_readings -= w->n_readings;
	if (--w->bearer->n == 0)
		names_remove(&lot->bearers, &w->bearer->named);
	p->n--;
	if (--lot->n_waiters == 0)
		lot_close(p, lot);
	w->lot = NULL;
	w->bearer = NULL;
}

/* ---- what was read ---- */

/* Forgets topics that nobody reads: what is older than everything known is then no longer sure of
 * itself. */
static void topics_sweep(struct lot *lot)
{
	lot->since = lot->known;
	lot->n_idle = 0;
	for (size_t b = 0; b < lot->topics.n_buckets; b++)
		for (struct named *i = lot->topics.buckets[b], *next; i; i = next) {
			struct topic *t = (struct topic *)(void *)i;
			next = i->next;
			if (chain_empty(&t->readers))
				names_remove(&lot->topics, i);
		}
}

static struct topic *topic_get(struct lot *lot, str name)
{
	struct topic *t = (struct topic *)(void *)names_find(&lot->topics, name);
	if (!t) {
		t = names_add(&lot->topics, name, sizeof *t);
		chain_init(&t->readers);
		lot->n_idle++;
	}
	return t;
}

void parking_read(struct parking *p, struct waiter *w, struct reading *r,
    const struct topic_set *topics, int64_t version)
{
	struct lot *lot = w->lot;
	struct link *links = topics->n ? get(topics->n * sizeof *links) : NULL;
	(void)p;
	for (size_t i = 0; i < topics->n; i++) {
		struct topic *t = topic_get(lot, str_of(topics->v[i]));
		links[i] = (struct link) { .topic = t, .reading = r };
		lot->n_idle -= chain_empty(&t->readers);
		chain_add(&links[i].topic->readers, &links[i].chain);
	}
	reading_clear(lot, r);
	r->waiter = w;
	r->links = links;
	r->n_links = (uint32_t)topics->n;
	r->version = version;
	r->unsure = version < lot->since;
}

void reading_topics(const struct reading *r, struct arena *a, struct topic_set *out)
{
	*out =
	    (struct topic_set) { .v = ARENA_ARRAY(a, r->n_links + 1, char *), .cap = r->n_links };
	while (out->n < r->n_links) {
		const char *name = r->links[out->n].topic->named.name;
		out->v[out->n++] = arena_text(a, name, strlen(name));
	}
}

bool reading_touched(const struct reading *r)
{
	if (r->unsure)
		return true;
	for (uint32_t i = 0; i < r->n_links; i++)
		if (r->links[i].topic->version > r->version)
			return true;
	return false;
}

int64_t reading_needs(const struct reading *r)
{
	int64_t version = r->unsure ? r->waiter->lot->known : r->version;
	for (uint32_t i = 0; i < r->n_links; i++)
		if (r->links[i].topic->version > version)
			version = r->links[i].topic->version;
	return version;
}

bool waiter_touched(const struct waiter *w)
{
	for (uint32_t i = 0; i < w->n_readings; i++)
		if (reading_touched(&w->readings[i]))
			return true;
	return false;
}

/* ---- waiting ---- */

static void make_due(struct parking *p, struct waiter *w, enum waiter_cause cause)
{
	chain_remove(&w->chain);
	w->state = WAITER_DUE;
	w->cause = cause;
	chain_add(&w->lot->due, &w->chain);
	w->lot->n_due++;
	if (chain_empty(&w->lot->turn))
		chain_add(&p->turns, &w->lot->turn);
}

void parking_park(struct parking *p, struct waiter *w, int64_t now_us)
{
	assert(w->state == WAITER_OUT);
	chain_init(&w->chain);
	if (waiter_touched(w)) {
		make_due(p, w, CAUSE_CHANGED);
	} else if (w->until_us <= now_us) {
		make_due(p, w, CAUSE_OVER);
	} else {
		parking_rest(p, w);
	}
}

void parking_rest(struct parking *p, struct waiter *w)
{
	/* Rounded up: never earlier than was asked for. */
	int64_t slot = w->until_us / SLOT_US + 1;
	assert(w->state == WAITER_OUT);
	chain_init(&w->chain);
	/* A slot that is over is not looked at again for a whole round. */
	if (slot < p->slot)
		slot = p->slot;
	w->state = WAITER_PARKED;
	chain_add(&p->slots[slot % SLOTS], &w->chain);
}

void parking_nudge(struct parking *p, struct waiter *w)
{
	if (w->state == WAITER_PARKED)
		make_due(p, w, CAUSE_CHANGED);
}

void parking_go_on(struct parking *p, struct waiter *w)
{
	assert(w->state == WAITER_OUT);
	chain_init(&w->chain);
	make_due(p, w, w->cause);
	chain_remove(&w->chain);
	chain_add(w->lot->due.next, &w->chain);
}

size_t parking_take(struct parking *p, struct waiter **out, size_t max, size_t takers,
    const struct passed_over *but)
{
	size_t n = 0;
	struct chain *c = p->turns.next;
	while (c != &p->turns && is_passed_over(but, CONTAINER(c, struct lot, turn)->named.name))
		c = c->next;
	if (c == &p->turns)
		return 0;
	struct lot *lot = CONTAINER(c, struct lot, turn);
	size_t part = (lot->n_due + takers - 1) / takers;
	chain_remove(&lot->turn);
	while (n < max && n < part) {
		struct waiter *w = CONTAINER(lot->due.next, struct waiter, chain);
		chain_remove(&w->chain);
		lot->n_due--;
		w->state = WAITER_OUT;
		out[n++] = w;
	}
	if (lot->n_due)
		chain_add(&p->turns, &lot->turn);
	return n;
}

bool parking_has_due(const struct parking *p) { return !chain_empty(&p->turns); }

bool parking_gone(struct parking *p, struct waiter *w)
{
	(void)p;
	w->gone = true;
	if (w->state == WAITER_OUT)
		return false;
	if (w->state == WAITER_DUE)
		due_remove(w);
	else
		chain_remove(&w->chain);
	w->state = WAITER_OUT;
	return true;
}

size_t parking_expire(struct parking *p, int64_t now_us)
{
	size_t n = 0;
	for (int64_t now = now_us / SLOT_US; p->slot <= now; p->slot++)
		for (struct chain *slot = &p->slots[p->slot % SLOTS], *c = slot->next, *next;
		     c != slot; c = next) {
			struct waiter *w = CONTAINER(c, struct waiter, chain);
			next = c->next;
			if (w->until_us > now_us)
				continue;
			make_due(p, w, CAUSE_OVER);
			n++;
		}
	return n;
}

size_t parking_release(struct parking *p, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < SLOTS && n < max; i++)
		while (n < max && !chain_empty(&p->slots[i])) {
			make_due(p, CONTAINER(p->slots[i].next, struct waiter, chain), CAUSE_OVER);
			n++;
		}
	return n;
}

/* ---- what is known of the counters ---- */

int64_t lot_known(const struct lot *lot) { return lot->known; }

bool parking_is_still(const struct parking *p, const char company[37],
    const struct topic_set *topics, int64_t since, int64_t version)
{
	const struct lot *lot = lot_find(p, company);
	if (since >= version)
		return true;
	if (!lot || since < lot->since || lot->known < version)
		return false;
	for (size_t i = 0; i < topics->n; i++) {
		const struct topic *t =
		    (struct topic *)(void *)names_find(&lot->topics, str_of(topics->v[i]));
		if (t && t->version > since)
			return false;
	}
	return true;
}

static void head_of(const struct lot *lot, struct lot_head *out)
{
	*out = (struct lot_head) { .version = lot->known };
	memcpy(out->company, lot->named.name, strlen(lot->named.name) + 1);
}

size_t parking_lots(const struct parking *p, size_t from, struct lot_head *out, size_t max)
{
	size_t n = 0;
	for (const struct chain *c = p->all.next; c != &p->all && n < max; c = c->next) {
		if (from) {
			from--;
			continue;
		}
		head_of(CONTAINER(c, struct lot, all), &out[n++]);
	}
	return n;
}

bool parking_moved(struct parking *p, const char company[37], int64_t version, struct lot_head *out)
{
	struct lot *lot = lot_find(p, company);
	if (!lot) {
		told(p, hash_of(str_of(company)), version);
		return false;
	}
	head_of(lot, out);
	return version > lot->known;
}

bool parking_is_behind(const struct parking *p) { return p->n_behind > 0; }

bool parking_behind(struct parking *p, struct lot_head *out)
{
	if (!p->n_behind)
		return false;
	for (struct chain *c = p->all.prev; c != &p->all; c = c->prev) {
		struct lot *lot = CONTAINER(c, struct lot, all);
		if (!lot->behind)
			continue;
		lot->behind = false;
		p->n_behind--;
		head_of(lot, out);
		return true;
	}
	return false;
}

static void topic_learn(struct parking *p, struct topic *t, int64_t version)
{
	if (version <= t->version)
		return;
	t->version = version;
	for (struct chain *c = t->readers.next; c != &t->readers; c = c->next) {
		const struct reading *r = CONTAINER(c, struct link, chain)->reading;
		if (r->version < version && r->waiter->state == WAITER_PARKED)
			make_due(p, r->waiter, CAUSE_CHANGED);
	}
}

/* Those that somebody reads; who comes with an older answer is then not sure of it. */
static void learn_all_rows(struct parking *p, struct lot *lot, str beginning, int64_t version)
{
	lot->vague = true;
	for (size_t b = 0; b < lot->topics.n_buckets; b++)
		for (struct named *i = lot->topics.buckets[b]; i; i = i->next)
			if (!strncmp(i->name, beginning.p, beginning.n))
				topic_learn(p, (struct topic *)(void *)i, version);
}

void lot_learn(struct parking *p, const char company[37], str name, int64_t version)
{
	struct lot *lot = lot_find(p, company);
	if (!lot || version <= lot->since)
		return;
	if (name.p[name.n - 1] == '/')
		learn_all_rows(p, lot, name, version);
	else
		topic_learn(p, topic_get(lot, name), version);
}

void lot_known_to(struct parking *p, const char company[37], int64_t since, int64_t version)
{
	struct lot *lot = lot_find(p, company);
	/* Read for a lot that has been closed and made anew: there may be a gap. */
	if (!lot || since > lot->known)
		return;
	if (version > lot->known)
		lot->known = version;
	if (lot->vague || lot->n_idle > TOPICS_IDLE)
		topics_sweep(lot);
	lot->vague = false;
}
