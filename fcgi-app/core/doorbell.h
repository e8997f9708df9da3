/*
 * doorbell.h: a hint after each commit, as a unix datagram to the live process of this machine, and
 * to the jobs process when the commit made work for it: which company changed, and to which
 * version. Nobody relies on it: the version counters are the truth, so a ring that is lost costs
 * latency only. doorbell_ring() is in changes.h.
 */
#pragma once
#include "core/changes.h"
#include "core/config.h"

#define DOORBELL_LIVE "live"
#define DOORBELL_JOBS "jobs"

/* A socket from which to ring, non-blocking; -1: none, and rings are silent. */
int doorbell_open(void);

/*
 * Binds the bell of `who` in the run dir, in place of what an earlier process has left. The
 * descriptor is non-blocking and gives one struct doorbell_message for each recv(); what has
 * another size is not one. -1 with a log line on failure. The caller closes it.
 */
int doorbell_listen(const struct config *config, const char *who);

/* The next message that waits; false when there is none. Messages of another shape are passed over.
 */
bool doorbell_heard(int bell, struct doorbell_message *out);
