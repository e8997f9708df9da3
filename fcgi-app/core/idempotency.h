/*
 * idempotency.h: a mutation with an Idempotency-Key is done once. Its row in idempotent_answers is
 * the first thing that its transaction writes, and the answer the last: so the key is taken from
 * the first moment, on every machine, and free again when the transaction comes to nothing,
 * whatever ended it. Who meets the row while it is not committed is told so (409) and does not wait
 * for it; who meets it later gets the stored answer. Answers are kept for a day. Tests:
 * tests/http/idempotency.test.mjs.
 */
#pragma once
#include "core/gate.h"

struct idempotency {
	bool active;
	unsigned char key[32], request[32];
};

/* Begins the transaction, when there is a key. OK with *replayed when `answer` is filled from a
 * stored one; CONFLICT in progress; INVALID for another body. Unless it is OK and not replayed, the
 * transaction is to be rolled back. */
error idempotency_begin(struct call *call, const struct ask *ask, struct json_object *tree,
    struct idempotency *out, struct answer *answer, bool *replayed) MUST_CHECK;
/* Inside of it: what to answer from now on. */
error idempotency_store(struct call *call, const struct idempotency *i, int status, str body,
    int64_t version) MUST_CHECK;
/* After it was rolled back, for a refusal that the same request would meet again. */
void idempotency_store_refusal(
    struct call *call, const struct idempotency *i, int status, str body);
