/*
 * live_poll.h: POST /v1/live: many queries in one request, answered with those whose answer is no
 * longer what the client has. The operation answers at once, like any other; the live process keeps
 * the request while nothing has changed, and uses these functions to look at single queries again.
 * It looks at all of them so when they take long (ask.until_us): then others have their turn
 * between. Tests: tests/http/live.test.mjs
 */
#pragma once
#include "core/gate.h"

#define LIVE_QUERIES_MAX 100
#define LIVE_WAIT_MAX 60
#define LIVE_WAIT_USUAL 25

struct live_part { /* one query, as it was answered */
	str path;  /* "/v1/contacts?limit=50": what the client wrote */
	const struct operation *op;
	int status;
	char etag[48];
	bool changed; /* the client has something else */
	struct topic_set reads;
};

/* What a path asks for: sets the operation, the query's pairs and those of the path. MALFORMED with
 * why: it is none that can be asked. */
error live_target(const struct worker *worker, struct arena *a, str path, struct ask *ask,
    const char **why) MUST_CHECK;
/* In place of an ETag, for what could not be answered: the same as long as the reason is. */
void live_problem_etag(const struct identity *me, const char *operation, error kind,
    const struct problem *problem, char out[48]);
/* A query as nobody has looked at it: its client has what it has. */
void live_part_leave(struct live_part *part, str path, const struct operation *op, str etag);
/* One member of "changed". */
void live_part_write(struct json *out, size_t index, int status, const char *etag, str body);
