/*
 * shared.h: the memory that the master maps and all its processes share: who runs and what it does
 * (the scoreboard), token buckets of the rate limits, and the counters of /metrics. Every member
 * that two processes touch is a lock-free atomic; nobody ever waits for anybody here. All zero at
 * the start.
 */
#pragma once
#include "base/value.h"
#include <stdatomic.h>
#include <sys/types.h>

enum worker_kind { WORKER_WEB, WORKER_LIVE, WORKER_JOBS };
enum slot_state { SLOT_EMPTY, SLOT_STARTING, SLOT_IDLE, SLOT_BUSY };

struct slot { /* one process */
	_Atomic pid_t pid;
	_Atomic int kind, state;
	_Atomic uint64_t requests;  /* answered since it started */
	_Atomic uint64_t rss_bytes; /* as last looked at */
};

struct bucket { /* one rate limit: key 0 is free; both members belong to core's limiter */
	_Atomic uint64_t key, state;
};

/* name, Prometheus type, help. A new figure is one line here. */
#define SHARED_FIGURES(X) \
	X(requests_total, "counter", "Requests answered") \
	X(requests_failed_total, "counter", "Requests answered with a status of 500 or more") \
	X(requests_refused_total, "counter", "Requests answered with a status of 400 to 499") \
	X(requests_limited_total, "counter", "Requests answered with 429") \
	X(request_microseconds_total, "counter", "Time spent answering") \
	X(queries_total, "counter", "Queries run by the gate") \
	X(mutations_total, "counter", "Mutations run by the gate") \
	X(retries_total, "counter", "Operations run again after a deadlock or conflict") \
	X(live_waiting, "gauge", "Long-polls parked now") \
	X(live_parked_total, "counter", "Long-polls that were parked") \
	X(live_woken_total, "counter", "Long-polls answered because something changed") \
	X(live_expired_total, "counter", "Long-polls answered because their wait was over") \
	X(live_gone_total, "counter", "Long-polls whose client went away") \
	X(live_events_total, "counter", "Events sent to those who follow the changes as a stream") \
	X(live_runs_total, "counter", "Queries run again for a long-poll") \
	X(live_recalled_total, "counter", \
	    "Queries of long-polls not run because their client had just got the answer") \
	X(live_shared_total, "counter", "Answers that another long-poll's run had made already") \
	X(jobs_steps_total, "counter", "Workflow steps run") \
	X(jobs_failed_total, "counter", "Workflow steps that failed and will be tried again") \
	X(workers_started_total, "counter", "Processes started by the master") \
	X(workers_died_total, "counter", "Processes that ended by themselves in an unplanned way")

struct figures {
#define SHARED_FIGURE(name, type, help) _Atomic int64_t name;
	SHARED_FIGURES(SHARED_FIGURE)
#undef SHARED_FIGURE
};

#define SHARED_SLOTS 256
#define SHARED_BUCKETS 16384

struct shared_memory {
	struct figures figures;
	struct slot slots[SHARED_SLOTS];
	struct bucket buckets[SHARED_BUCKETS];
};

struct shared_memory *shared_new(void); /* NULL: the kernel gave none (errno) */
void shared_free(struct shared_memory *shared);
struct slot *shared_slot(
    struct shared_memory *shared, pid_t pid); /* NULL: not one of the master's processes */
static inline void shared_count(_Atomic int64_t *figure, int64_t by)
{
	atomic_fetch_add_explicit(figure, by, memory_order_relaxed);
}
