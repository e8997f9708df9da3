/*
 * jobs.c: the jobs process: a few threads that do the steps of workflows, each with connections of
 * its own. A ring of the doorbell (who commits work for them rings) or a due time wakes one of
 * them; whoever finds work wakes the next one first. One thread keeps to steps inside the house, so
 * that a mail server that hangs never stops an import; one more only renews the leases of what the
 * others do outside. One of the idle threads watches the clock, at least once a second, so a lost
 * ring costs no more. At its start and once an hour it cleans up, and looks whether each company
 * has the schedules and the search index of this program. Tests: tests/unit/core_workflow_test.c,
 * tests/http/imports.test.mjs
 */
#include "base/clock.h"
#include "base/log.h"
#include "core/cleaning.h"
#include "core/doorbell.h"
#include "core/search_renew.h"
#include "core/workflow.h"
#include "process/process.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define RUNNERS 4
#define LOOK_EVERY SECONDS(1)
#define LOOK_AT_MOST_EVERY (SECONDS(1) / 20)
#define LISTEN_AT_MOST_EVERY (SECONDS(1) / 200)
#define CLEAN_EVERY SECONDS(3600)

struct jobs {
	struct slot *slot;
	volatile sig_atomic_t *stopping;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool rung;     /* there may be something to do */
	bool watched;  /* somebody watches the clock */
	int busy;      /* runners at work */
	instant clean; /* when to clean next */
	struct workflow_leases leases;
	pthread_cond_t over;
	bool ended; /* no runner is at work any more */
};

struct thread {
	struct jobs *jobs;
	struct workflow_runner runner;
	pthread_t id;
};

static void ring(void *with)
{
	struct jobs *j = with;
	pthread_mutex_lock(&j->lock);
	j->rung = true;
	pthread_cond_signal(&j->wake);
	pthread_mutex_unlock(&j->lock);
}

/* Waits for a ring; one of those who wait also for `us` to pass. */
static void idle(struct jobs *j, int64_t us)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	int64_t at = until.tv_sec * SECONDS(1) + until.tv_nsec / 1000 + us;
	until = (struct timespec) { .tv_sec = at / SECONDS(1), .tv_nsec = at % SECONDS(1) * 1000 };
	pthread_mutex_lock(&j->lock);
	if (--j->busy == 0)
		j->slot->state = SLOT_IDLE;
	for (int over = 0; !j->rung && !*j->stopping && over != ETIMEDOUT;) {
		if (j->watched) {
			pthread_cond_wait(&j->wake, &j->lock);
			continue;
		}
		j->watched = true;
		over = pthread_cond_timedwait(&j->wake, &j->lock, &until);
		j->watched = false;
		pthread_cond_signal(&j->wake); /* for who watches from here on */
	}
	j->rung = false;
	j->busy++;
	j->slot->state = SLOT_BUSY;
	pthread_mutex_unlock(&j->lock);
}

/* True for one thread an hour. */
static bool clean_now(struct jobs *j)
{
	instant now = clock_now();
	pthread_mutex_lock(&j->lock);
	bool due = now.us >= j->clean.us;
	if (due)
		j->clean.us = now.us + CLEAN_EVERY;
	pthread_mutex_unlock(&j->lock);
	return due;
}

static int64_t pause_of(instant next)
{
	int64_t us = instant_none(next) ? LOOK_EVERY : next.us - clock_now().us;
	/* What is due but was not given is with another runner: no reason to ask without a pause.
	 */
	return us > LOOK_EVERY ? LOOK_EVERY : us < LOOK_AT_MOST_EVERY ? LOOK_AT_MOST_EVERY : us;
}

static void *thread_run(void *argument)
{
	struct thread *t = argument;
	struct jobs *j = t->jobs;
	pthread_mutex_lock(&j->lock);
	j->busy++;
	pthread_mutex_unlock(&j->lock);
	while (!*j->stopping) {
		bool worked;
		instant next;
		if (!t->runner.inside_only && clean_now(j)) {
			cleaning_run(t->runner.worker, j->stopping);
			if (workflow_schedules_run(t->runner.worker, j->stopping) != OK)
				log_message(LOG_WARNING, "not every company has its schedules; "
							 "they follow within the hour");
			if (search_renew(t->runner.worker, j->stopping) != OK)
				log_message(LOG_WARNING, "not every search index is of this "
							 "version; they follow within the hour");
		}
		error e = workflow_work(&t->runner, &worked, &next);
		if (e == OK && worked)
			j->slot->requests++;
		else
			idle(j, e == OK ? pause_of(next) : LOOK_EVERY);
	}
	return NULL;
}

/* Until the last runner has ended: what it is at is kept also while the process comes to its end.
 */
static void *keeper_run(void *argument)
{
	struct thread *t = argument;
	struct jobs *j = t->jobs;
	pthread_mutex_lock(&j->lock);
	while (!j->ended) {
		struct timespec until;
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += LEASE_RENEW_US / SECONDS(1);
		if (pthread_cond_timedwait(&j->over, &j->lock, &until) != ETIMEDOUT)
			continue;
		pthread_mutex_unlock(&j->lock);
		workflow_leases_renew(&j->leases, t->runner.worker);
		pthread_mutex_lock(&j->lock);
	}
	pthread_mutex_unlock(&j->lock);
	return NULL;
}

static bool thread_start(struct thread *t, struct jobs *j, const struct installation *i,
    void *(*run)(void *), bool inside_only)
{
	*t = (struct thread) { .jobs = j,
		.runner = { .worker = worker_new(i),
		    .leases = &j->leases,
		    .inside_only = inside_only,
		    .stopping = j->stopping,
		    .claimed = ring,
		    .with = j } };
	if (!t->runner.worker)
		return false;
	if (pthread_create(&t->id, NULL, run, t) == 0)
		return true;
	worker_free(t->runner.worker);
	return false;
}

/* TERM comes to this thread alone, and only while it waits. */
static void listen_until_stopping(struct jobs *j, int bell, const sigset_t *signals)
{
	const struct timespec rest = { .tv_nsec = LISTEN_AT_MOST_EVERY * 1000 };
	struct doorbell_message message;
	while (!*j->stopping) {
		struct pollfd fd = { .fd = bell, .events = POLLIN };
		if (ppoll(&fd, 1, NULL, signals) != 1)
			continue;
		while (doorbell_heard(bell, &message))
			;
		ring(j);
		ppoll(NULL, 0, &rest, signals); /* many rings at once are one */
	}
}

int jobs_run(
    const struct config *config, struct shared_memory *shared, volatile sig_atomic_t *stopping)
{
	struct jobs j = { .slot = shared_slot(shared, getpid()), .stopping = stopping };
	struct thread threads[RUNNERS], keeper;
	struct installation installation;
	pthread_condattr_t monotonic;
	sigset_t term, signals;
	size_t n = 0;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &signals);
	sigdelset(&signals, SIGTERM);
	pthread_mutex_init(&j.lock, NULL);
	pthread_mutex_init(&j.leases.lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&j.wake, &monotonic);
	pthread_cond_init(&j.over, &monotonic);
	if (!installation_open(config, shared, &installation))
		return 1;
	int bell = doorbell_listen(config, DOORBELL_JOBS);
	bool kept = bell >= 0 && thread_start(&keeper, &j, &installation, keeper_run, false);
	while (
	    kept && n < RUNNERS && thread_start(&threads[n], &j, &installation, thread_run, n == 0))
		n++;
	bool good = n == RUNNERS;
	j.slot->state = SLOT_IDLE;
	if (good)
		listen_until_stopping(&j, bell, &signals);
	*stopping = 1;
	pthread_mutex_lock(&j.lock);
	pthread_cond_broadcast(&j.wake);
	pthread_mutex_unlock(&j.lock);
	for (size_t i = 0; i < n; i++) {
		pthread_join(threads[i].id, NULL);
		worker_free(threads[i].runner.worker);
	}
	if (kept) {
		pthread_mutex_lock(&j.lock);
		j.ended = true;
		pthread_cond_signal(&j.over);
		pthread_mutex_unlock(&j.lock);
		pthread_join(keeper.id, NULL);
		worker_free(keeper.runner.worker);
	}
	if (bell >= 0)
		close(bell);
	installation_close(&installation);
	return good ? 0 : 1;
}
