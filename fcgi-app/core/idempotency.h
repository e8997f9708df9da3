/*
 * idempotency.h: a POST with an Idempotency-Key is done once: its answer is stored in the
 * transaction that made the effect, and given again to the same request. While it is being made, a
 * second try is told so (409); a lock of the server's, which dies with the connection, tells.
 * Answers are kept for a day.
 */
#pragma once
#include "core/gate.h"

struct idempotency {
	bool active;
	unsigned char key[32], request[32];
	char lock[65];
};

/* Before the transaction. OK with *replayed when `answer` is filled from a stored one; CONFLICT in
 * progress; INVALID for another body. */
error idempotency_begin(struct call *call, const struct ask *ask, struct json_object *tree,
    struct idempotency *out, struct answer *answer, bool *replayed) MUST_CHECK;
/* Inside the transaction, or in one of its own when the operation was refused and rolled back. */
error idempotency_store(struct call *call, const struct idempotency *i, int status, str body,
    int64_t version) MUST_CHECK;
void idempotency_end(struct call *call, const struct idempotency *i);
