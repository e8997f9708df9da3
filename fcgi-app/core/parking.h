/*
 * parking.h: requests that wait for their answer to change. Each waiter stands in its company's lot
 * and has readings: what a part of its answer was made from, as topics and the version at which
 * they were read. What the counters say is put in with lot_learn(), which makes exactly those due
 * that have read a topic that has moved since; those whose wait is over become due as well. Whoever
 * answers them takes them out, company by company in turns, and parks them again when nothing has
 * changed for them.
 *
 * A plain data structure: no threads, no database, no FastCGI. The live process holds one lock
 * around it. Tests: tests/unit/core_parking_test.c
 */
#pragma once
#include "base/chain.h"
#include "core/call.h"
#include "core/turns.h"

struct topic;
struct waiter;
struct lot;
struct bearer;

struct link {               /* a reading read a topic */
	struct chain chain; /* of the topic: all who read it */
	struct topic *topic;
	struct reading *reading;
};

struct reading {
	struct waiter *waiter;
	int64_t version; /* of the company, read before the data */
	struct link *links;
	uint32_t n_links;
	bool unsure; /* older than what the lot remembers */
};

enum waiter_state { WAITER_OUT, WAITER_PARKED, WAITER_DUE };
enum waiter_cause { CAUSE_CHANGED, CAUSE_OVER };

struct waiter {
	struct chain chain; /* parked: of its time slot; due: of its lot */
	struct lot *lot;
	struct bearer *bearer;
	/* The first is who asks: when it moves, all others are made anew. */
	struct reading *readings;
	uint32_t n_readings;
	enum waiter_state state;
	enum waiter_cause cause;
	int64_t until_us; /* end of its wait, monotonic */
	bool gone;        /* its client went away while it was out */
};

struct parking_limits {
	unsigned each_bearer,
	    all; /* requests; a company may have two thirds of what others leave */
	unsigned each_bearer_readings; /* and what they were made from: a request may ask many
					  questions */
};

struct parking *parking_new(struct parking_limits limits, int64_t now_us);
void parking_free(struct parking *p);          /* nobody is in it any more */
size_t parking_count(const struct parking *p); /* waiters that have entered and not left */

/* Gives the waiter, with its readings, a place in a company's lot for the session or key `bearer`;
 * it is out at first. LIMITED: the bearer has as many as it may; UNAVAILABLE: the company has, or
 * all. `version` is the company's as the waiter knows it. */
error parking_enter(struct parking *p, struct waiter *w, const char company[37],
    const char bearer[37], int64_t version) MUST_CHECK;
void parking_leave(struct parking *p, struct waiter *w); /* from any state */

/* What a reading of an entered waiter was made from now. */
void parking_read(struct parking *p, struct waiter *w, struct reading *r,
    const struct topic_set *topics, int64_t version);
/* What it was made from, in the arena. */
void reading_topics(const struct reading *r, struct arena *a, struct topic_set *out);
bool reading_touched(const struct reading *r); /* something in it has moved since */
bool waiter_touched(const struct waiter *w);
/* The version that an answer must have to be as new as what is known. */
int64_t reading_needs(const struct reading *r);
/* Parks a waiter that is out. One that is touched, or whose time is over, is due at once. */
void parking_park(struct parking *p, struct waiter *w, int64_t now_us);
/* The same for one that cannot be told anything yet: what is touched already does not count, only
 * what moves from now on. parking_nudge() when it can: makes a parked one due. */
void parking_rest(struct parking *p, struct waiter *w);
void parking_nudge(struct parking *p, struct waiter *w);
/* For one that was taken and not looked at, or not to its end: due before others of its company, so
 * that it does not lose its place, and few are begun and none is done. */
void parking_go_on(struct parking *p, struct waiter *w);
/* Takes out up to `max` due waiters of the company whose turn it is, and of many a share only: one
 * of so many takers' part. */
size_t parking_take(struct parking *p, struct waiter **out, size_t max, size_t takers,
    const struct passed_over *but);
bool parking_has_due(const struct parking *p);
/* Its client went away. True when the caller has it now, out; false when somebody else has taken it
 * out and will see `gone`. */
bool parking_gone(struct parking *p, struct waiter *w);
/* Makes due whose time is over. Returns how many. */
size_t parking_expire(struct parking *p, int64_t now_us);
/* As if the wait of up to `max` parked ones were over. Returns how many. */
size_t parking_release(struct parking *p, size_t max);

/* ---- what is known of the counters ---- */

struct lot_head {
	char company[37];
	int64_t version;
}; /* a company, and up to where its changes are known */

int64_t lot_known(const struct lot *lot);
/* Is it known that none of these topics has moved after `since` and up to `version`? */
bool parking_is_still(const struct parking *p, const char company[37],
    const struct topic_set *topics, int64_t since, int64_t version);
/* Companies with somebody waiting, from the n-th on; returns how many were written. */
size_t parking_lots(const struct parking *p, size_t from, struct lot_head *out, size_t max);
/* A company has reached a version: true when somebody waits there and it is news; *out says what is
 * to be read. */
bool parking_moved(
    struct parking *p, const char company[37], int64_t version, struct lot_head *out);
/* True once for each lot that was made when a newer version had been told already: its changes must
 * be read now. */
bool parking_behind(struct parking *p, struct lot_head *out);
bool parking_is_behind(const struct parking *p);

/* A topic's version. Makes due who has read it. "contacts/row/" stands for all rows of a table. */
void lot_learn(struct parking *p, const char company[37], str topic, int64_t version);
/* All that changed after `since` and up to `version` has been learned. */
void lot_known_to(struct parking *p, const char company[37], int64_t since, int64_t version);
