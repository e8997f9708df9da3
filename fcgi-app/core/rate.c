/* rate.c: see rate.h. */
#include "core/rate.h"

#include <arpa/inet.h>

#include "base/clock.h"
#include "base/digest.h"
#include "core/worker.h"

enum { PROBES = 8 };

static struct bucket *bucket_of(struct shared_memory *shared, const char *kind, str key)
{
	unsigned char digest[DIGEST_SIZE];
	digest_sha256_two(str_of(kind), key, digest);
	uint64_t hash;
	memcpy(&hash, digest, sizeof hash);
	hash |= 1; /* 0: free */
	struct bucket *oldest = NULL;
	for (uint64_t i = 0; i < PROBES; i++) {
		struct bucket *b = &shared->buckets[(hash + i) % SHARED_BUCKETS];
		uint64_t there = atomic_load(&b->key);
		if (there == hash)
			return b;
		if (there == 0 && atomic_compare_exchange_strong(&b->key, &there, hash))
			return b;
		if (there == hash)
			return b;
		if (!oldest || atomic_load(&b->state) < atomic_load(&oldest->state))
			oldest = b;
	}
	/* All places taken: the one that has been full for longest loses nothing by starting again.
	 */
	atomic_store(&oldest->key, hash);
	atomic_store(&oldest->state, 0);
	return oldest;
}

bool rate_take(struct shared_memory *shared, const char *kind, str key, struct rate_policy policy,
    struct limit *left)
{
	struct bucket *b = bucket_of(shared, kind, key);
	uint64_t now = (uint64_t)clock_monotonic_us(), window = (uint64_t)policy.seconds * 1000000;
	uint64_t each = window / (uint64_t)policy.tokens, full_at = atomic_load(&b->state);
	for (;;) {
		uint64_t next = (full_at > now ? full_at : now) + each;
		bool allowed = next - now <= window;
		uint64_t used = allowed ? next - now : full_at - now;
		*left = (struct limit) { .limit = policy.tokens,
			.remaining = used >= window ? 0 : (int64_t)((window - used) / each),
			.reset_seconds = (int64_t)((used + 999999) / 1000000),
			.set = true };
		if (!allowed) {
			left->remaining = 0;
			left->reset_seconds = (int64_t)((next - now - window + 999999) / 1000000);
			return false;
		}
		if (atomic_compare_exchange_weak(&b->state, &full_at, next))
			return true;
	}
}

void rate_give_back(
    struct shared_memory *shared, const char *kind, str key, struct rate_policy policy)
{
	struct bucket *b = bucket_of(shared, kind, key);
	uint64_t each = (uint64_t)policy.seconds * 1000000 / (uint64_t)policy.tokens,
		 full_at = atomic_load(&b->state);
	while (
	    full_at > each && !atomic_compare_exchange_weak(&b->state, &full_at, full_at - each)) {
	}
}

str rate_place(const struct call *call)
{
	enum { NETWORK = 8 };
	unsigned char address[16];
	char text[INET6_ADDRSTRLEN + 4];
	if (call->ip.n >= INET6_ADDRSTRLEN || !call->ip.n)
		return call->ip;
	memcpy(text, call->ip.p, call->ip.n);
	text[call->ip.n] = 0;
	if (inet_pton(AF_INET6, text, address) != 1 ||
	    IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)(const void *)address))
		return call->ip;
	memset(address + NETWORK, 0, sizeof address - NETWORK);
	inet_ntop(AF_INET6, address, text, INET6_ADDRSTRLEN);
	return str_of(arena_printf(call->arena, "%s/64", text));
}

error rate_limit(struct call *call, const char *kind, str key, struct rate_policy policy)
{
	struct limit left;
	if (!call->worker->config->rate_per_minute ||
	    rate_take(call->worker->shared, kind, key, policy, &left))
		return OK;
	call->retry_after = left.reset_seconds;
	return fail(call, LIMITED, NULL, "too many attempts: try again in %lld seconds",
	    (long long)left.reset_seconds);
}
