/*
 * equal.h: questions that several waiters ask in the same words and with the same rights. When one
 * of them is asked again, the bytes of the answer are kept for a moment, so that the others need
 * not ask. No threads here: the live process holds one lock around it. Tests:
 * tests/unit/core_parking_test.c
 */
#pragma once
#include "core/call.h"

#define EQUAL_KEY 16

struct kept_answer {
	unsigned refs;
	int64_t version, made_us;
	unsigned char digest[32]; /* of what its ETag covers */
	struct topic_set reads;
	str body;
};

struct equal {
	struct equal *next;
	struct equal *kept_next; /* those that keep an answer */
	unsigned char key[EQUAL_KEY];
	unsigned askers;
	bool running;               /* one of them is being answered right now */
	struct kept_answer *answer; /* NULL: none is kept */
};

struct equals;
struct equals *equals_new(void);
void equals_free(struct equals *t);
struct equal *equal_join(struct equals *t, const unsigned char key[EQUAL_KEY]);
void equal_leave(struct equals *t, struct equal *e); /* NULL is allowed */

/* Copies everything. */
struct kept_answer *kept_answer_new(str body, const unsigned char digest[32], int64_t version,
    const struct topic_set *reads, int64_t now_us);
void kept_answer_drop(struct kept_answer *k); /* gives one reference back; NULL is allowed */
/* In place of what was kept; takes the reference over. */
void equal_keep(struct equals *t, struct equal *e, struct kept_answer *answer);
/* Forgets answers that were made before. */
void equals_forget(struct equals *t, int64_t before_us);
