/*
 * workflow_engine.h: what the files of the engine share, and what looks at definitions from outside
 * (the doctor, emit); who does what is in workflow.h.
 */
#pragma once
#include "core/workflow.h"
#include "queries.h"
#include "schema.h"

enum {
	CLAIM_MOST = 32,
	LEASE_SECONDS = 5,
	LEASE_OUTSIDE_SECONDS = 15, /* renewed three times as often */
	UNKNOWN_SECONDS = 60,
	DEPTH_MOST = 8,
	CHILDREN_MOST = 200
};
#define AWAITS_CHILDREN "children"

/* --- definitions: workflow.c */

size_t workflows_count(void);
const struct workflow *workflow_at(size_t index);

const struct workflow *workflow_defined(str name, int64_t definition); /* NULL: unknown here */
const struct workflow_part *workflow_part_named(const struct workflow *w, str name); /* or NULL */
const char *workflow_lane(const struct workflow *w);
/* The lanes that a runner serves, in their order. */
enum { LANES_MOST = 8 };
size_t workflow_lanes(const struct workflow_runner *r, const char *lanes[LANES_MOST]);

/* --- a run and its queue: workflow.c */

/* A run that is not there yet, of a workflow at one of its steps. */
void workflow_run_prepare(struct call *call, const struct workflow *w, const char *step,
    struct json_object *input, struct workflow_run *run);
error workflow_run_begin(struct call *call, struct workflow_run *run) MUST_CHECK;
/* A run of the lane is due then: nobody looks later. It is noted, and written at the mutation's
 * end: after all rows that it locks, before the head. */
void workflow_queue_wake(struct call *call, str lane, instant when);
error workflow_queues_write(struct call *call) MUST_CHECK;
bool workflow_run_live(const struct workflow_run *run);
/* It is done, failed or cancelled: written, and told to the run that waits for it. */
error workflow_run_end(
    struct call *call, struct workflow_run *run, enum workflow_run_state state) MUST_CHECK;
/* It waits until all its children have ended; due at once when they have. Not written yet. */
error workflow_children_await(struct call *call, struct workflow_run *run) MUST_CHECK;
/* The run knows how its children ended: no later join asks after them. */
error workflow_children_known(struct call *call, const struct workflow_run *run) MUST_CHECK;
/* It becomes that, or what it did is taken back first. */
error workflow_run_unwind(struct call *call, const struct workflow *w, struct workflow_run *run,
    int64_t below, enum workflow_run_unwinds_to to) MUST_CHECK;

/* --- claiming: workflow_claim.c */

struct claimed {
	struct workflow_runs_due_row row;
	const struct workflow *workflow;
	const struct workflow_part *part;
};

struct workflow_claim {
	const char *lane;
	size_t n; /* of one company; more than one only when each may share a transaction */
	struct claimed v[CLAIM_MOST];
};

/* NOT_FOUND: nothing is due. */
error workflow_claim(
    struct workflow_runner *r, struct call *call, struct workflow_claim *claim) MUST_CHECK;
error workflow_next(struct workflow_runner *r, struct call *call, instant *next) MUST_CHECK;

/* The others of a claim have waited for the first one's turn. */
error workflow_lease_again(struct call *call, const struct claimed *c) MUST_CHECK;

/* --- what is done outside: workflow_lease.c */

/* For so long from now on. NOT_FOUND: it is not this runner's any more. The step may have ended
 * meanwhile, and so the lease with it: that is not begun anew. */
error workflow_lease_renew(struct call *call, const company_id *company, const workflow_run_id *run,
    int64_t generation, int64_t us) MUST_CHECK;
void workflow_lease_hold(
    struct workflow_runner *r, const struct claimed *c, struct workflow_lease *lease);
void workflow_lease_drop(struct workflow_runner *r, struct workflow_lease *lease);

/* --- what others say: workflow_control.c */

error workflow_cancel_children(struct call *call, workflow_run_id run) MUST_CHECK;

/* --- a run as its step sees it: workflow_job.c */

/* With its state. */
error workflow_job(struct call *call, const struct workflow *w, const struct workflow_run *run,
    struct job *job) MUST_CHECK;
void job_state_write(struct call *call, const struct job *job, struct workflow_run *run);
/* What the run waited for: the event, or how its children ended. It is only looked at, or it is
 * taken, so that no later wait ends with it. */
error job_wait_look(struct call *call, const struct workflow_run *run,
    const struct workflow_part *part, struct job *job) MUST_CHECK;
error job_wait_take(struct call *call, const struct workflow_run *run,
    const struct workflow_part *part, struct job *job) MUST_CHECK;
/* What comes next has not been said yet. */
void job_say_nothing(struct job *job);

/* --- doing: workflow_step.c */

void workflow_do(struct workflow_runner *r, const struct workflow_claim *claim);
