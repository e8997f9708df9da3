/*
 * etag.h: an answer's ETag. It covers the bytes and who reads them with which permission, so a
 * reader whose role changed never gets 304 for what it may no longer see.
 */
#pragma once
#include "core/call.h"

#define ETAG_TEXT 48
void etag_of(const struct identity *me, const char *operation, str body,
    char out[ETAG_TEXT]); /* with its quotes */
/* The same from the SHA-256 of the body: bytes that go to many readers are hashed once. */
void etag_from(const struct identity *me, const char *operation, const unsigned char digest[32],
    char out[ETAG_TEXT]);
/* If-Match of the call against the answer that the table's get operation gives now; STALE with the
 * current ETag and the fields whose given value differs. Takes the condition away, unless there is
 * no such operation: then nobody has looked at it. */
error etag_require(struct call *call, const char id[37]) MUST_CHECK;
