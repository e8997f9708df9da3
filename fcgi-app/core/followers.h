/*
 * followers.h: what is about a row (its subject: a task of a contact, a note of a deal) or a part
 * of it (an e-mail address, which is free meanwhile) goes and comes with it. Deleting a row deletes
 * those with the same moment, and restoring it restores those of that moment; what was deleted by
 * itself stays so. Each is recorded like any other write, so that lists, searches, the feed of
 * changes and webhooks know of it by themselves. row.c calls it. Tests: tests/http/gone.test.mjs.
 */
#pragma once
#include "core/call.h"

/* Runs no hooks: what those derive (a contact's next task) is as before when the row comes back. */
error followers_delete(
    struct call *call, const struct table *table, const char *const *ids, size_t n) MUST_CHECK;
/* CONFLICT, without a word, when another row has come to have what one that comes back had. */
error followers_restore(
    struct call *call, const struct table *table, const char id[37], instant deleted_at) MUST_CHECK;
/* NOT_FOUND when what the row is about is deleted: it comes back with that only. Locks that. */
error followers_may_come(struct call *call, const struct table *table, const void *row) MUST_CHECK;
