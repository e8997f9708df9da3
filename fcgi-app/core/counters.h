/*
 * counters.h: reading version_counters for those who wait: the heads of many companies by one
 * statement, and what has changed since. What is read here is the truth; the doorbell only says
 * when to look. Tests: tests/http/live.test.mjs
 */
#pragma once
#include "core/parking.h"
#include "db/db.h"

struct counter {
	char company[37];
	str topic;
	int64_t version;
}; /* topic "": the company's head; "contacts/row/": all rows of a table */

#define COUNTERS_HEADS 512 /* companies asked for by one statement at most */
#define COUNTERS_SINCE 16
#define COUNTERS_ROWS 1000

/* The heads of n companies, at most COUNTERS_HEADS; a company without one is left out. */
error counters_heads(struct db *db, struct arena *a, const struct lot_head *lots, size_t n,
    struct counter **out, size_t *n_out) MUST_CHECK;
/* All counters of n companies, at most COUNTERS_SINCE, that have moved since the versions given,
 * and the rows that the log of changes has since then. When those are more than COUNTERS_ROWS of a
 * company, or the log does not have them any more, all rows of the tables that have moved. */
error counters_since(struct db *db, struct arena *a, const struct lot_head *lots, size_t n,
    struct counter **out, size_t *n_out) MUST_CHECK;
/*
 * Holds the company's version still until counters_release(): a mutation that has not committed by
 * now waits with its commit (changes.c takes the same row's lock for its number), whatever process
 * or machine it is on. *head is the version. The server itself takes the hold back from who is idle
 * for a second; so it is good for COUNTERS_HELD_US, and RETRY when a mutation does not end in time.
 * The connection reads on meanwhile; nothing else may be waited for.
 */
#define COUNTERS_HELD_US 500000
error counters_hold(
    struct db *db, struct arena *a, const char company[37], int64_t *head) MUST_CHECK;
void counters_release(struct db *db);
/* Is it this topic that has moved, or all rows of its table? */
bool counter_moves(const struct counter *counter, const char *topic);
/* Puts what counters_since() gave into the parking: the topics, and then up to where the companies
 * are known. */
void counters_learn(struct parking *p, const struct lot_head *lots, size_t n,
    const struct counter *counters, size_t n_counters);
