/*
 * replay.h: a stored answer as it may be given today (core/idempotency.h). What was true when it
 * was made may have left the caller's reach since. Tests: tests/http/idempotency.test.mjs
 */
#pragma once
#include "core/call.h"

/* In the answer of call->op, as it is declared: each row that the caller may no longer see becomes
 * its id alone. The text stays as it is when there is none. */
error replay_rows(struct call *call, struct buf *body) MUST_CHECK;
