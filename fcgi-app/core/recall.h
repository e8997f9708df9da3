/*
 * recall.h: what the answers were made from that clients have just got. A client that comes again
 * with the ETag of such an answer, when nothing of what it was made from has moved since, nor of
 * who asked, waits without its query being run. Who asks is looked up all the same: the key is made
 * from that as well, so it is never recalled for other rights. Bounded, and each entry is for one
 * coming only. No threads here: the live process holds one lock around it. Tests:
 * tests/unit/core_parking_test.c, tests/http/live.test.mjs
 */
#pragma once
#include "core/call.h"

#define RECALL_KEY 16
#define RECALL_MOST 32768

struct recall;
struct recall *recall_new(void);
void recall_free(struct recall *t);
/* Copies everything. The oldest makes room. */
void recall_note(struct recall *t, const unsigned char key[RECALL_KEY],
    const struct topic_set *reads, int64_t version, int64_t now_us);
/* True once for what was noted. */
bool recall_take(struct recall *t, const unsigned char key[RECALL_KEY], struct arena *a,
    struct topic_set *reads, int64_t *version);
/* Forgets what was noted before. */
void recall_forget(struct recall *t, int64_t before_us);

/* The answer of that ETag to a question ("/v1/contacts?limit=50") by that reader. */
void recall_key(const struct identity *who, str question, str etag, unsigned char key[RECALL_KEY]);
