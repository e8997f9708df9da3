/*
 * workflow.h: what happens later: work in steps that survives crashes and deployments. The row in
 * workflow_runs is the queue; there is no other. A step's effect, its line in the journal
 * (workflow_steps), the next step and the versions are committed by one transaction, so a step
 * happens exactly once; what a step does outside of the house happens at least once, with the same
 * key at each try. The jobs process runs the steps (process/jobs.c).
 *
 * Here is what modules use. workflow.c starts runs and looks their definitions up, workflow_claim.c
 * takes what is due, workflow_step.c does it, workflow_job.c is what a step sees and says,
 * workflow_lease.c keeps what is done outside, workflow_control.c is what others say to a run: an
 * event, cancel, pause, again; workflow_schedule.c what comes at times. Statements:
 * sql/query/workflow.sql. Tests: tests/unit/core_workflow*_test.c, tests/chaos/workflows.mjs
 */
#pragma once
#include "core/call.h"
#include "core/config.h"
#include <pthread.h>
#include <signal.h>

#define SECONDS(n) (INT64_C(1000000) * (n))
#define MINUTES(n) (SECONDS(60) * (n))
#define HOURS(n) (MINUTES(60) * (n))
#define DAYS(n) (HOURS(24) * (n))
#define FOREVER INT64_MAX

/* --- what a step says comes next; a step that says nothing ends its run */

enum job_then { THEN_END, THEN_STEP, THEN_EVENT, THEN_CHILDREN };

/* A run at one of its steps. */
struct job {
	const struct workflow *workflow;
	company_id company;
	workflow_run_id run;
	agent_id agent;            /* on whose behalf; "" for a workflow of the program's own */
	uuid key;                  /* with no more than what this API key may, or "" */
	uuid subject;              /* the row that it works on, or "" */
	struct json_object *input; /* what it was started with, or NULL; borrowed */
	void *state;               /* the workflow's own struct: kept from step to step, or NULL */
	const char *step;
	int64_t number;  /* of the step in the run; with `run` the key of what it does outside */
	int64_t attempt; /* of this step, from 1 */
	int64_t depth;   /* how many runs stand above this one */
	/* What a wait ended with: the event's payload (NULL: it has none) or that it did not come.
	 */
	bool timed_out;
	struct json_object *event;
	/* After job_join():
	 * [{"id":...,"step":...,"state":"done"|"failed"|"cancelled","result":...}] */
	struct json_object *children;
	const char
	    *failure; /* why the last try failed, or the step whose `on_failure` this one is */
	const struct workflow_lease *lease; /* while it is outside */
	void *outcome;                      /* what `outside` found, for `run` */

	enum job_then then;
	const char *next, *awaits;
	int n_children; /* that this step has started */
	instant wake;
	str result; /* a JSON document for the journal, or none */
};

/* The step of this name comes next (the same again: a loop), at once or after a while. */
void job_next(struct job *job, const char *step);
void job_sleep(struct job *job, const char *step, int64_t us);
void job_sleep_until(struct job *job, const char *step, instant when);
/* The step comes when the event has come, or after `us` without it (FOREVER: only then). An event
 * that came before the wait is taken at once. */
void job_wait_for(struct job *job, const char *event, int64_t us, const char *step);
/*
 * Children of this run: another workflow, or branches of this one, each beginning at one of its
 * steps with a copy of its state and ending where a step says nothing of what comes next. The step
 * of job_join() comes when all have ended. One that failed makes this run fail there, unless that
 * step `takes_failed`. Parts of a run that fails are cancelled.
 */
error job_child(struct call *call, struct job *job, const struct workflow *workflow,
    const char *about, struct json_object *input) MUST_CHECK;
error job_branch(struct call *call, struct job *job, const char *step) MUST_CHECK;
void job_join(struct job *job, const char *step);
/* Asked by what waits outside: it is to end now, since it took its `seconds`, another has the run,
 * or the process is to end. What it did counts for nothing then. */
bool job_gives_up(const struct job *job);

/* --- how a workflow is written */

/* How often a step is tried, and how long the pauses are. What is 0 is as in the comment. */
struct retry {
	int attempts;                 /* in all: 12 */
	int64_t first_us, longest_us; /* the first pause: 1 s; the longest: 1 h */
	double factor;                /* each is longer than the one before by: 2 */
	double jitter;                /* the share of a pause that is left to chance: 0.5 */
	unsigned final_errors;        /* ERROR_BIT()s that end it at once; all but INTERNAL,
					 UNAVAILABLE, RETRY and LIMITED */
};
#define ERROR_BIT(kind) (1u << (kind))

struct workflow_part { /* a step as it is written */
	const char *name;
	/*
	 * In the transaction, as the agent on whose behalf the workflow runs, with its permissions;
	 * or, when it was started by an API key, with that key's. Several runs' steps may share the
	 * transaction.
	 */
	error (*run)(struct call *call, struct job *job);
	/*
	 * What leaves the house, or NULL: comes before `run`, without a transaction. It asks
	 * job_gives_up() while it waits. The call only reads; the event of a wait is there, and is
	 * taken by `run`. Fails like `run`.
	 */
	error (*outside)(struct call *call, struct job *job);
	int seconds; /* that the step may take outside; with `at_once`, also inside */
	struct retry retry;
	/* The step that comes when this one has failed for good; NULL: the run fails. */
	const char *on_failure;
	/* Takes the step's effect back when the run fails or is cancelled later: the last step
	 * first, each in a transaction of its own. Or NULL. */
	error (*undo)(struct call *call, struct job *job);
	bool alone;        /* takes long: shares its transaction with no other run's step */
	bool takes_failed; /* comes after job_join() also when a child has failed */
};

struct workflow {
	const char *name;
	/* A run keeps the definition with which it was started. Other steps are another definition;
	 * the old one stays until `muster doctor` shows no run of it (tests/golden/workflows.txt).
	 */
	int definition;
	const char *lane;    /* NULL: "inside", or "outside" when a step leaves the house */
	bool of_the_program; /* runs as nobody: it locks rows whatever somebody's scope */
	bool (*able)(const struct config *config); /* NULL, or whether this installation can serve
						      the lane; its runs wait until it can */
	int at_once; /* so many steps of a company's runs of it at the same time; 0: no limit */
	struct field_set state; /* what it keeps from step to step: STATE_SET(x), or nothing */
	/* In the transaction in which a run fails, as nobody, or is cancelled; or NULL. */
	error (*failed)(struct call *call, struct job *job, const char *why);
	/* In the transaction in which a run that had ended goes on; or NULL: with `failed` it does
	 * not, and what it works on has a way of its own. */
	error (*again)(struct call *call, struct job *job);
	struct workflow_part steps[16]; /* the first begins */
};

/* struct x and FIELDS-like descriptors: STATE_FIELDS(x) = { STATE_FIELD(x, member), ... } */
#define STATE_FIELDS(X) static const struct field X##_state_fields[]
#define STATE_FIELD(X, MEMBER, ...) \
	{ \
		.name = #MEMBER, .type = FIELD_TYPE_OF(((struct X *)0)->MEMBER), \
		.ref = FIELD_REF_OF(((struct X *)0)->MEMBER), \
		.offset = offsetof(struct X, MEMBER), .flags = F_NULLABLE, __VA_ARGS__ \
	}
#define STATE_SET(X) \
	{ \
		X##_state_fields, sizeof(X##_state_fields) / sizeof(struct field), \
		    sizeof(struct X) \
	}

#define WORKFLOW_AS(SYMBOL, ...) \
	static const struct workflow SYMBOL = { __VA_ARGS__ }; \
	static const struct workflow *const SYMBOL##_registered \
	    __attribute__((used, section("workflows"))) = &SYMBOL
#define WORKFLOW(NAME, ...) WORKFLOW_AS(NAME, .name = #NAME, __VA_ARGS__)

/* Starts a run inside a mutation: it exists when the mutation is committed. `about` is an id or
 * "", input an object or NULL (borrowed), out may be NULL. */
error workflow_start(struct call *call, const struct workflow *workflow, const char *about,
    struct json_object *input, workflow_run_id *out) MUST_CHECK;

/* The same, but the first step comes at that time, or before it with the event (NULL: none). */
error workflow_start_later(struct call *call, const struct workflow *workflow, const char *about,
    const char *event, instant when, workflow_run_id *out) MUST_CHECK;

/* The same for what somebody has set up, on behalf of whom it was. */
struct workflow_behalf {
	agent_id agent;
	uuid key; /* with no more than what this API key may, or "" */
	automation_id automation;
	int64_t chain;    /* how many runs of automations stand before it */
	bool by_stranger; /* what began all of it was sent by a public form */
};
error workflow_start_for(struct call *call, const struct workflow *workflow,
    const struct workflow_behalf *behalf, const char *about, struct json_object *input,
    workflow_run_id *out) MUST_CHECK;

/* The newest definition of that name; NULL when the program has none. */
const struct workflow *workflow_named(const char *name);

/* --- what comes at times: a run for each company at each such time. A time that has passed by (the
 * machine was off) is caught up once, however many they were */

struct schedule {
	const char *name;
	const struct workflow *workflow; /* of the program; its input is {"due_at":...} */
	const char *plan;                /* base/cron.h */
	const char *zone;                /* on whose clocks; NULL: the company's */
};
#define SCHEDULE(NAME, ...) \
	static const struct schedule NAME##_schedule = { .name = #NAME, __VA_ARGS__ }; \
	static const struct schedule *const NAME##_schedule_registered \
	    __attribute__((used, section("schedules"))) = &NAME##_schedule

/* In a mutation: from here on the company has the schedules of this program, on its clocks; for a
 * new company, and for one whose clocks have changed. */
error workflow_schedules_set(struct call *call) MUST_CHECK;
/* The same for each company that needs it, in mutations of its own; after an update of the program.
 * Resets the worker's arena. */
error workflow_schedules_run(struct worker *w, const volatile sig_atomic_t *stopping) MUST_CHECK;

/* --- what others say to a run, inside a mutation. CONFLICT: it has ended */

/* An event: `id` names it, so that the same told twice is one ("": a new one). */
error workflow_signal(struct call *call, workflow_run_id run, const char *id, const char *event,
    struct json_object *payload) MUST_CHECK;
/* The same to each run that works on a row and waits for it at this time. */
error workflow_signal_about(struct call *call, const char *about, const char *event,
    struct json_object *payload) MUST_CHECK;
/* It and its children come to their end; what steps with `undo` did is taken back first. A step
 * that is under way ends before that, or is refused. */
error workflow_cancel(struct call *call, workflow_run_id run) MUST_CHECK;
error workflow_pause(struct call *call, workflow_run_id run) MUST_CHECK;
error workflow_resume(struct call *call, workflow_run_id run) MUST_CHECK;
/* A run that has ended goes on: with the step that failed (number INT_NONE), or from the step of
 * that number in its journal, with what it kept then; parts that are on their way since are
 * cancelled. What was taken back stays so. */
error workflow_again(struct call *call, workflow_run_id run, int64_t number) MUST_CHECK;

/* --- for those who run them */

/*
 * What the runners of a process do outside at this time. While one of them is at it, its process
 * says so every LEASE_RENEW_US (workflow_leases_renew(), by a thread that does nothing else): so a
 * slow step keeps its run, and what a dead process held is free after a short time.
 */
struct workflow_lease {
	struct workflow_lease *next;
	company_id company;
	workflow_run_id run;
	int64_t generation;
	instant ends; /* when its `seconds` are over */
	const volatile sig_atomic_t *stopping;
	_Atomic bool lost; /* another has the run, or nobody is to have it */
};
struct workflow_leases {
	pthread_mutex_t lock;
	struct workflow_lease *held;
};
#define LEASE_RENEW_US SECONDS(5)
/* Resets the worker's arena. What cannot be renewed now is tried again the next time. */
void workflow_leases_renew(struct workflow_leases *leases, struct worker *worker);

struct workflow_runner {
	struct worker *worker;
	struct workflow_leases *leases; /* NULL: nobody renews them */
	bool inside_only;               /* leaves what goes outside to others */
	const volatile sig_atomic_t *stopping;
	void (*claimed)(void *with); /* when runs were claimed, before their steps; or NULL */
	void *with;
	unsigned turn; /* which lane is looked at first; the engine's */
};

/*
 * Claims runs that are due, those of the company that waits longest for its turn, and does their
 * next steps. *worked is false when none is due; *next is when one will be then, INSTANT_NONE for
 * none at all. UNAVAILABLE: the database is away. What goes wrong in a step is the run's matter and
 * no error here. Resets the worker's arena.
 */
error workflow_work(struct workflow_runner *runner, bool *worked, instant *next) MUST_CHECK;
