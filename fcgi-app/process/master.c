/*
 * master.c: starts the processes, starts again what dies, stops them together. One thread that
 * sleeps in sigtimedwait() until a signal comes or a start is due: there is no handler and no race.
 * It touches neither requests nor the database, so that there is nothing in it to break. Tests:
 * tests/chaos/.
 */
#include "process/master.h"
#include "base/clock.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SECOND INT64_C(1000000)
#define BACKOFF_FIRST (SECOND / 10)
#define BACKOFF_LONGEST (5 * SECOND)
#define HEALTHY_AFTER (10 * SECOND)
#define STOP_WITHIN (10 * SECOND)
#define HAND_OVER_WITHIN (5 * SECOND)
#define REQUESTS_USUAL 100
#define LEAVE_WITHIN (120 * SECOND) /* nginx has given up on its request by then */

struct child {
	enum worker_kind kind;
	struct slot *slot;
	pid_t pid;         /* 0: not running */
	int64_t started;   /* monotonic */
	int64_t start_at;  /* when it is not running */
	unsigned failures; /* in a row */
};

struct family {
	struct master *m;
	struct child children[SHARED_SLOTS];
	size_t n;
	int64_t began,
	    told; /* told: when the processes of the program before were asked to end; 0: not yet */
};

static volatile sig_atomic_t stopping;

static void on_term(int number)
{
	(void)number;
	stopping = 1;
}

static const char *kind_name(enum worker_kind kind)
{
	static const char *const names[] = { "web", "live", "jobs" };
	return names[kind];
}

static void master_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGQUIT);
	sigaddset(set, SIGHUP);
}

static _Noreturn void child_run(
    const struct master *m, enum worker_kind kind, struct slot *slot, pid_t master_pid)
{
	static const char *const process_names[] = { "muster-web", "muster-live", "muster-jobs" };
	struct sigaction term = { .sa_handler = on_term, .sa_flags = SA_RESTART };
	sigset_t all;
	int status = 0;

	sigaction(SIGTERM, &term, NULL);
	/* A Ctrl-C in a terminal reaches the whole group; the master tells us when to end. */
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	prctl(PR_SET_NAME, process_names[kind]);
	if (getppid() != master_pid)
		_exit(0);
	/* The lock is the master's alone: it must end with it. */
	close(m->lock_fd);
	slot->pid = getpid();
	log_start(kind_name(kind), (enum log_level)m->config->log_level);
	master_signals(&all);
	sigprocmask(SIG_UNBLOCK, &all, NULL);

	switch (kind) {
	case WORKER_WEB:
		close(m->live_fd);
		web_run(m->config, m->shared, m->web_fd, &stopping);
		break;
	case WORKER_LIVE:
		close(m->web_fd);
		status = live_run(m->config, m->shared, m->live_fd, &stopping);
		break;
	case WORKER_JOBS:
		close(m->web_fd);
		close(m->live_fd);
		status = jobs_run(m->config, m->shared, &stopping);
		break;
	}
	exit(status);
}

static int64_t backoff(unsigned failures)
{
	int64_t delay = BACKOFF_FIRST;

	while (failures-- > 1 && delay < BACKOFF_LONGEST)
		delay *= 2;
	return delay < BACKOFF_LONGEST ? delay : BACKOFF_LONGEST;
}

static void child_start(struct family *f, struct child *c)
{
	pid_t master_pid = getpid();
	struct slot *slot = c->slot;

	slot->kind = (int)c->kind;
	slot->requests = 0;
	slot->rss_bytes = 0;
	slot->state = SLOT_STARTING;
	c->started = clock_monotonic_us();
	pid_t pid = fork();
	if (pid == 0)
		child_run(f->m, c->kind, slot, master_pid);
	if (pid < 0) {
		c->failures++;
		c->start_at = c->started + backoff(c->failures);
		slot->state = SLOT_EMPTY;
		log_event(LOG_ERROR, "cannot start a process",
		    LOG_TEXT("kind", str_of(kind_name(c->kind))),
		    LOG_TEXT("error", str_of(strerror(errno))));
		return;
	}
	c->pid = pid;
	slot->pid = pid;
	shared_count(&f->m->shared->figures.workers_started_total, 1);
}

static void child_ended(struct family *f, struct child *c, int status)
{
	int64_t now = clock_monotonic_us(), lived = now - c->started;
	bool planned = WIFEXITED(status) && WEXITSTATUS(status) == 0;

	pid_t pid = c->pid;
	c->pid = 0;
	c->slot->pid = 0;
	c->slot->state = SLOT_EMPTY;
	if (lived >= HEALTHY_AFTER)
		c->failures = 0;
	/* One that was due is replaced at once; one that is due as soon as it starts is not well.
	 */
	if (planned && (lived >= SECOND || c->slot->requests >= REQUESTS_USUAL)) {
		c->start_at = now;
		return;
	}
	c->failures++;
	c->start_at = now + backoff(c->failures);
	if (stopping)
		return;
	shared_count(&f->m->shared->figures.workers_died_total, 1);
	log_event(LOG_ERROR, "a process ended", LOG_TEXT("kind", str_of(kind_name(c->kind))),
	    LOG_NUMBER("child", (int64_t)pid),
	    LOG_NUMBER("exit", WIFEXITED(status) ? WEXITSTATUS(status) : INT_NONE),
	    LOG_NUMBER("signal", WIFSIGNALED(status) ? WTERMSIG(status) : INT_NONE),
	    LOG_NUMBER("again_in_ms", (c->start_at - now) / 1000));
}

static void reap(struct family *f)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < f->n; i++)
			if (f->children[i].pid == pid)
				child_ended(f, &f->children[i], status);
		for (size_t i = 0; i < f->m->n_leaving; i++)
			if (f->m->leaving[i] == pid)
				f->m->leaving[i--] = f->m->leaving[--f->m->n_leaving];
	}
}

static void tell_all(struct family *f, int number)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->children[i].pid)
			kill(f->children[i].pid, number);
	for (size_t i = 0; i < f->m->n_leaving; i++)
		kill(f->m->leaving[i], number);
}

static size_t running(const struct family *f)
{
	size_t n = f->m->n_leaving;

	for (size_t i = 0; i < f->n; i++)
		n += f->children[i].pid != 0;
	return n;
}

/* The processes of the program before this one serve until ours do; then they finish what they have
 * at hand. When ours cannot start, the old ones go on: a bad update takes nothing away. */
static void hand_over(struct family *f, int64_t now)
{
	size_t ready = 0, web_ready = 0;

	if (!f->m->n_leaving)
		return;
	if (f->told) {
		if (now - f->told > LEAVE_WITHIN)
			for (size_t i = 0; i < f->m->n_leaving; i++)
				kill(f->m->leaving[i], SIGKILL);
		return;
	}
	for (size_t i = 0; i < f->n; i++) {
		int state = f->children[i].slot->state;
		if (state == SLOT_IDLE || state == SLOT_BUSY) {
			ready++;
			web_ready += f->children[i].kind == WORKER_WEB;
		}
	}
	if (ready < f->n && !(web_ready && now - f->began > HAND_OVER_WITHIN))
		return;
	for (size_t i = 0; i < f->m->n_leaving; i++)
		kill(f->m->leaving[i], SIGTERM);
	f->told = now;
}

/* Starts what is due. Returns the time until there is something to look at again. */
static int64_t tend(struct family *f)
{
	int64_t now = clock_monotonic_us(), next = 60 * SECOND;

	hand_over(f, now);
	if (f->m->n_leaving)
		next = f->told ? SECOND : SECOND / 20;
	for (size_t i = 0; i < f->n; i++) {
		struct child *c = &f->children[i];
		if (c->pid)
			continue;
		if (c->start_at <= now)
			child_start(f, c);
		if (!c->pid && c->start_at - now < next)
			next = c->start_at - now;
	}
	return next;
}

static int wait_signal(const sigset_t *set, int64_t us)
{
	struct timespec limit = { .tv_sec = us / SECOND, .tv_nsec = us % SECOND * 1000 };
	int number = sigtimedwait(set, NULL, &limit);

	return number > 0 ? number : 0;
}

static void stop_all(struct family *f, const sigset_t *set)
{
	int64_t now, until = clock_monotonic_us() + STOP_WITHIN;

	stopping = 1;
	tell_all(f, SIGTERM);
	reap(f);
	while (running(f) && (now = clock_monotonic_us()) < until) {
		wait_signal(set, until - now);
		reap(f);
	}
	if (running(f)) {
		log_event(LOG_WARNING, "killing what did not end in time",
		    LOG_NUMBER("processes", (int64_t)running(f)));
		tell_all(f, SIGKILL);
		while (running(f)) {
			wait_signal(set, SECOND / 10);
			reap(f);
		}
	}
}

/* The new binary must at least start and read its settings, or everything would end with it. */
static bool program_is_good(const struct master *m)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		sigset_t none;
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		alarm(10);
		execl(m->program, m->program, "serve", "--check", (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void leave_children(struct family *f)
{
	for (size_t i = 0; i < f->n && f->m->n_leaving < LEAVING_MAX; i++)
		if (f->children[i].pid)
			f->m->leaving[f->m->n_leaving++] = f->children[i].pid;
}

static void add(struct family *f, enum worker_kind kind)
{
	f->children[f->n] = (struct child) { .kind = kind, .slot = &f->m->shared->slots[f->n] };
	f->n++;
}

enum master_end master_run(struct master *m)
{
	struct family family = { .m = m, .began = clock_monotonic_us() };
	sigset_t set;

	master_signals(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	add(&family, WORKER_LIVE);
	add(&family, WORKER_JOBS);
	for (int64_t i = 0; i < m->config->workers; i++)
		add(&family, WORKER_WEB);

	for (;;) {
		reap(&family);
		switch (wait_signal(&set, tend(&family))) {
		case SIGTERM:
		case SIGINT:
		case SIGQUIT:
			log_message(LOG_INFO, "stopping");
			stop_all(&family, &set);
			return MASTER_STOPPED;
		case SIGHUP:
			if (program_is_good(m)) {
				leave_children(&family);
				return MASTER_RELOAD;
			}
			log_message(LOG_ERROR,
			    "the program on disk does not start: going on with this one");
			break;
		default: break;
		}
	}
}
