/*
 * workflow.h: what happens later: work in steps that survives crashes and deployments. The row in
 * workflow_runs is the queue; there is no other. A step's effect, its line in the journal
 * (workflow_steps), the next step and the versions are committed by one transaction, so a step
 * happens exactly once; what a step does outside of the house happens at least once, with the same
 * key at each try. The jobs process runs the steps (process/jobs.c). Statements:
 * sql/query/workflow.sql. Tests: tests/unit/core_workflow_test.c
 */
#pragma once
#include "core/call.h"
#include "core/config.h"
#include <signal.h>

/* A run at one of its steps. */
struct job {
	const struct workflow *workflow;
	company_id company;
	workflow_run_id run;
	agent_id agent;            /* on whose behalf; "" for a workflow of the program's own */
	uuid key;                  /* with no more than what this API key may, or "" */
	uuid subject;              /* the row that it works on, or "" */
	struct json_object *input; /* what it was started with, or NULL; borrowed */
	const char *step;
	int64_t number;  /* of the step in the run; with `run` the key of what it does outside */
	int64_t attempt; /* of this step, from 1 */
	const volatile sig_atomic_t *stopping; /* the process is to end: give up waiting outside */
	void *outcome;                         /* what `outside` found, for `run` */

	/* What the step says; it starts out as the end of the run. */
	const char *next;
	int64_t wait_us;
	str result; /* a JSON document for the journal, or none */
};

/* The step of this name comes next (the same again: a loop), at once or after a while. */
void job_next(struct job *job, const char *step);
void job_sleep(struct job *job, const char *step, int64_t us);
#define SECONDS(n) (INT64_C(1000000) * (n))

struct workflow_part { /* a step as it is written */
	const char *name;
	/*
	 * In the transaction, as the agent on whose behalf the workflow runs, with its permissions;
	 * or, when it was started by an API key, with that key's. A refusal (FORBIDDEN, INVALID,
	 * CONFLICT ...) ends the run as failed; after INTERNAL, UNAVAILABLE and RETRY it is tried
	 * again, with growing pauses, JOB_ATTEMPTS times in all.
	 */
	error (*run)(struct call *call, struct job *job);
	/*
	 * What leaves the house, or NULL: comes before `run`, without a transaction, for at most
	 * `seconds`. The call only reads. Fails like `run`.
	 */
	error (*outside)(struct call *call, struct job *job);
	int seconds;
};

struct workflow {
	const char *name;
	int definition;      /* a run keeps the definition with which it was started */
	bool of_the_program; /* runs as nobody: it locks rows whatever somebody's scope */
	bool (*able)(const struct config *config); /* NULL, or whether this installation can run it;
						      runs wait until it can */
	/* In the transaction in which a run becomes failed, as nobody; or NULL. */
	error (*failed)(struct call *call, struct job *job, const char *why);
	struct workflow_part steps[8]; /* the first begins */
};

#define WORKFLOW(NAME, ...) \
	static const struct workflow NAME = { .name = #NAME, __VA_ARGS__ }; \
	static const struct workflow *const NAME##_registered \
	    __attribute__((used, section("workflows"))) = &NAME

/* Starts a run inside a mutation: it exists when the mutation is committed. `about` is an id or
 * "", input an object or NULL (borrowed), out may be NULL. */
error workflow_start(struct call *call, const struct workflow *workflow, const char about[37],
    struct json_object *input, workflow_run_id *out) MUST_CHECK;

/* The newest definition of that name; NULL when the program has none. */
const struct workflow *workflow_named(const char *name);

/* --- for those who run them */

#define JOB_ATTEMPTS 12

struct workflow_runner {
	struct worker *worker;
	bool inside_only; /* leaves what goes outside to others */
	const volatile sig_atomic_t *stopping;
	void (*claimed)(void *with); /* when a run was claimed, before its step; or NULL */
	void *with;
	bool turn; /* which state is looked at first; the engine's */
};

/*
 * Claims the run that has been due longest and does its next step. *worked is false when none is
 * due; *next is when one will be then, INSTANT_NONE for none at all. UNAVAILABLE: the database is
 * away. What goes wrong in a step is the run's matter and no error here. Resets the worker's arena.
 */
error workflow_work(struct workflow_runner *runner, bool *worked, instant *next) MUST_CHECK;
