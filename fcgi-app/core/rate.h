/*
 * rate.h: token buckets in the memory that all processes share, as the generic cell rate algorithm
 * (ITU-T I.371): a bucket is one number, the time at which it is full again, so taking a token is
 * one compare-and-swap.
 */
#pragma once
#include "core/gate.h"
#include "core/shared.h"

struct rate_policy {
	int64_t tokens;
	int64_t seconds;
}; /* so many at once, filled again within so many seconds */

/* Takes a token of the bucket that `key` names. False when it is empty; *left is filled either way.
 */
bool rate_take(struct shared_memory *shared, const char *kind, str key, struct rate_policy policy,
    struct limit *left);
void rate_give_back(
    struct shared_memory *shared, const char *kind, str key, struct rate_policy policy);
/* From where a call comes, as what is counted for somebody without a credential: the address, of
 * IPv6 the /64, for whoever has one such address has them all (RFC 6177). */
str rate_place(const struct call *call);
/* For operations that count something of their own, such as log-ins per address: LIMITED when it is
 * too often. */
error rate_limit(
    struct call *call, const char *kind, str key, struct rate_policy policy) MUST_CHECK;
