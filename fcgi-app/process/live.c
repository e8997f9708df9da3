/*
 * live.c: the live process: requests that wait, thousands of them, and few threads. One accepts,
 * and looks up of which company each is; a few answer, one company after the other (live_answer.c),
 * and the first one, which gets the signals, listens: to the doorbell, to the counters of companies
 * that have somebody waiting, to clients that go away, and to the clock. Nothing is kept that the
 * next start would miss: clients ask again with what they have. Tests: tests/http/live.test.mjs
 */
#include "process/live.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/counters.h"
#include "core/door.h"
#include "core/doorbell.h"

enum {
	RUNNERS = 3, /* one company has all but one at most */
	EACH_COMPANY = RUNNERS - 1,
	EACH_BEARER = 100, /* parked for one session or key: a browser opens no more to one host */
	EACH_BEARER_READINGS = 1000, /* and what those are made from */
	ALL = 40000,
	FILES_APART = 128, /* descriptors for everything else */
	TICK_US = 50000,
	POLL_US = 250000,        /* how often the counters are read when no bell rings */
	POLL_AGAIN_US = 1000000, /* when the database is away */
	KEEP_ANSWERS_US = 2000000,
	RECALL_US = 15000000, /* who was told comes again within seconds */
	LOOK_AT_MEMORY_US = 1000000,
	SEND_US = 400000, /* less than a version is held: COUNTERS_HELD_US */
	LEAVE_STEP_US = 20000,
	LEAVE_STEPS =
	    40 /* those who are parked are told to ask again within 0.8 s: a crowd is spread */
};

/* ---- accepting ---- */

static struct request *request_new(int listen_fd)
{
	struct request *r = calloc(1, sizeof *r);
	if (!r)
		abort();
	FCGX_InitRequest(&r->fcgi, listen_fd, FCGI_FAIL_ACCEPT_ON_INTR);
	return r;
}

void request_free(struct request *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->questions[i].path);
		free(r->questions[i].news);
	}
	free(r->questions);
	free(r->readings);
	free(r->ask);
	free(r->stream);
	free(r);
}

static void arrive(struct live *live, struct request *r)
{
	pthread_mutex_lock(&live->lock);
	turns_add(live->arrived, r->company, &r->arrived);
	live->n_open++;
	pthread_cond_broadcast(&live->work);
	pthread_mutex_unlock(&live->lock);
}

/* nginx takes a whole answer at once, however slow its client is. When it does not, it is in
 * trouble, and nobody may wait for it. */
static void limit_sending(int fd)
{
	const struct timeval most = { .tv_usec = SEND_US };
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
}

struct acceptor {
	struct live *live;
	struct whose whose;
	int stop;
};

/* Each request has a FastCGI request of its own, which stays open until it is answered. */
static void *accept_all(void *with)
{
	struct acceptor *a = with;
	struct pollfd on[] = { { a->live->listen_fd, POLLIN, 0 }, { a->stop, POLLIN, 0 } };
	struct request *r = NULL;
	while (poll(on, 2, -1) >= 0 || errno == EINTR) {
		if (on[1].revents)
			break;
		for (;;) {
			r = r ? r : request_new(a->live->listen_fd);
			int failed = FCGX_Accept_r(&r->fcgi);
			if (failed >= 0) {
				limit_sending(r->fcgi.ipcFd);
				request_whose(&a->whose, r);
				arrive(a->live, r);
				r = NULL;
				continue;
			}
			if (failed != -EAGAIN && failed != -EINTR) {
				/* Out of descriptors, say: the connection is still there, so do not
				 * spin on it. */
				struct timespec pause = { .tv_nsec = 50000000 };
				log_event(LOG_ERROR, "cannot accept", LOG_NUMBER("error", -failed));
				nanosleep(&pause, NULL);
			}
			break;
		}
	}
	free(r);
	return NULL;
}

/* ---- answering ---- */

struct job { /* what a runner does next: one that has arrived, or those of a company that are due */
	struct request *arrived;
	struct waiter *due[LIVE_BATCH];
	size_t n_due;
};

/* Companies for which as many are at work as may be, for this runner to begin with them. */
static size_t find_passed_over(const struct runner *runner, const char *out[RUNNERS])
{
	const struct runner *all = runner->live->runners;
	size_t n = 0;
	for (size_t i = 0; i < RUNNERS; i++) {
		unsigned at_work = 0;
		for (size_t k = 0; k < RUNNERS; k++)
			at_work += all[k].busy && !strcmp(all[k].company, all[i].company);
		if (all[i].busy && at_work > runner->joins)
			out[n++] = all[i].company;
	}
	return n;
}

static bool take_arrived(struct runner *runner, struct job *job, const struct passed_over *but)
{
	struct turn *turn = turns_take(runner->live->arrived, but);
	if (!turn)
		return false;
	job->arrived = CONTAINER(turn, struct request, arrived);
	memcpy(runner->company, job->arrived->company, sizeof runner->company);
	return true;
}

static bool take_due(struct runner *runner, struct job *job, const struct passed_over *but)
{
	job->n_due = parking_take(runner->live->parking, job->due, LIVE_BATCH, EACH_COMPANY, but);
	if (!job->n_due)
		return false;
	memcpy(runner->company, request_of(job->due[0])->who.company.text, sizeof runner->company);
	return true;
}

/*
 * One runner prefers those who arrive, the others those who are due, so that a crowd of the one
 * kind does not keep the other waiting. The last one begins only with a company for which nobody is
 * at work, and no company has them all: so whoever else comes waits for none of a company's
 * queries, however many and slow they are.
 */
static bool take(struct runner *runner, struct job *job)
{
	const char *full[RUNNERS];
	const struct passed_over but = { full, find_passed_over(runner, full) };
	*job = (struct job) { 0 };
	runner->busy = runner->arrivals_first
			   ? take_arrived(runner, job, &but) || take_due(runner, job, &but)
			   : take_due(runner, job, &but) || take_arrived(runner, job, &but);
	return runner->busy;
}

static void *answer_all(void *with)
{
	struct runner *runner = with;
	struct live *live = runner->live;
	pthread_mutex_lock(&live->lock);
	for (;;) {
		struct job job;
		if (!take(runner, &job)) {
			if (live->ended)
				break;
			pthread_cond_wait(&live->work, &live->lock);
			continue;
		}
		pthread_mutex_unlock(&live->lock);
		if (job.arrived)
			request_arrive(runner, job.arrived);
		else
			requests_again(runner, job.due, job.n_due);
		pthread_mutex_lock(&live->lock);
		runner->busy = false;
		/* What had to wait for this may be another's to do. */
		if (!turns_empty(live->arrived) || parking_has_due(live->parking))
			pthread_cond_broadcast(&live->work);
	}
	pthread_mutex_unlock(&live->lock);
	return NULL;
}

/* ---- listening ---- */

struct listener {
	struct live *live;
	struct worker *worker;
	int bell;
	int64_t tick_at, poll_at, memory_at;
	sigset_t signals; /* while it waits */
};

static void cannot_look(struct listener *l)
{
	l->poll_at = clock_monotonic_us() + POLL_AGAIN_US;
	log_event(LOG_WARNING, "the counters cannot be read",
	    LOG_TEXT("database", str_of(db_reason(l->worker->reads))));
}

static void look_since(struct listener *l, const struct lot_head *lots, size_t n)
{
	struct live *live = l->live;
	for (size_t at = 0; at < n; at += COUNTERS_SINCE) {
		struct counter *counters;
		size_t part = n - at < COUNTERS_SINCE ? n - at : COUNTERS_SINCE, n_counters;
		arena_reset(l->worker->arena);
		if (counters_since(l->worker->reads, l->worker->arena, lots + at, part, &counters,
			&n_counters) != OK) {
			cannot_look(l);
			return;
		}
		pthread_mutex_lock(&live->lock);
		counters_learn(live->parking, lots + at, part, counters, n_counters);
		if (parking_has_due(live->parking))
			pthread_cond_broadcast(&live->work);
		pthread_mutex_unlock(&live->lock);
	}
}

/* The heads of all companies where somebody waits, by one statement for each COUNTERS_HEADS of
 * them. */
static void poll_counters(struct listener *l)
{
	struct live *live = l->live;
	static struct lot_head lots[COUNTERS_HEADS];
	l->poll_at = clock_monotonic_us() + POLL_US;
	for (size_t from = 0, n;; from += n) {
		struct counter *heads;
		size_t n_heads, moved = 0;
		pthread_mutex_lock(&live->lock);
		n = parking_lots(live->parking, from, lots, COUNTERS_HEADS);
		pthread_mutex_unlock(&live->lock);
		if (!n)
			return;
		arena_reset(l->worker->arena);
		if (counters_heads(l->worker->reads, l->worker->arena, lots, n, &heads, &n_heads) !=
		    OK) {
			cannot_look(l);
			return;
		}
		pthread_mutex_lock(&live->lock);
		for (size_t h = 0; h < n_heads; h++)
			if (parking_moved(
				live->parking, heads[h].company, heads[h].version, &lots[moved]))
				moved++;
		pthread_mutex_unlock(&live->lock);
		look_since(l, lots, moved);
	}
}

static void hear(struct listener *l)
{
	enum { TOGETHER = 64 };
	struct lot_head lots[TOGETHER];
	struct doorbell_message message;
	size_t n = 0;
	pthread_mutex_lock(&l->live->lock);
	while (n < TOGETHER && doorbell_heard(l->bell, &message)) {
		size_t i = 0;
		while (i < n && strcmp(lots[i].company, message.company))
			i++;
		if (i == n &&
		    parking_moved(l->live->parking, message.company, message.version, &lots[n]))
			n++;
	}
	pthread_mutex_unlock(&l->live->lock);
	look_since(l, lots, n);
}

/* A company rang just before the first of it was parked. */
static void catch_up(struct listener *l)
{
	struct lot_head lot;
	for (;;) {
		pthread_mutex_lock(&l->live->lock);
		bool behind = parking_behind(l->live->parking, &lot);
		pthread_mutex_unlock(&l->live->lock);
		if (!behind)
			return;
		look_since(l, &lot, 1);
	}
}

static void client_gone(struct live *live, struct request *r)
{
	pthread_mutex_lock(&live->lock);
	if (parking_gone(live->parking, &r->waiter))
		request_drop(live, r);
	pthread_mutex_unlock(&live->lock);
}

/* What was finished before now can be named by no event of the next epoll_wait: its descriptor is
 * closed. */
static void bury(struct live *live)
{
	pthread_mutex_lock(&live->lock);
	struct request *r = live->buried;
	live->buried = NULL;
	pthread_mutex_unlock(&live->lock);
	for (struct request *next; r; r = next) {
		next = r->next;
		request_free(r);
	}
}

/* Waits for what comes next, at most until `until`; 0: for ever. */
static void listen_once(struct listener *l, int64_t until)
{
	struct live *live = l->live;
	struct epoll_event events[64];
	bury(live);
	int64_t left = until - clock_monotonic_us();
	int n = epoll_pwait(live->watch, events, 64,
	    !until      ? -1
	    : left <= 0 ? 0
			: (int)(left / 1000 + 1),
	    &l->signals);
	bool rung = false;
	for (int i = 0; i < n; i++) {
		uint64_t count;
		if (events[i].data.ptr == &l->bell)
			rung = true;
		else if (events[i].data.ptr == live)
			(void)!read(live->wake, &count, sizeof count);
		else if (events[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
			client_gone(live, events[i].data.ptr);
		else
			stream_drain(live, events[i].data.ptr);
	}
	if (rung)
		hear(l);
	catch_up(l);
}

static uint64_t tick(struct listener *l, int64_t now)
{
	struct live *live = l->live;
	pthread_mutex_lock(&live->lock);
	if (parking_expire(live->parking, now))
		pthread_cond_broadcast(&live->work);
	equals_forget(live->equals, now - KEEP_ANSWERS_US);
	recall_forget(live->recall, now - RECALL_US);
	uint64_t waiting = parking_count(live->parking);
	pthread_mutex_unlock(&live->lock);
	l->tick_at = now + TICK_US;
	if (l->memory_at <= now) {
		live->slot->rss_bytes = process_memory();
		l->memory_at = now + LOOK_AT_MEMORY_US;
	}
	return waiting;
}

static void listen_until_told(struct listener *l, volatile sig_atomic_t *stopping)
{
	while (!*stopping) {
		int64_t now = clock_monotonic_us();
		uint64_t waiting = tick(l, now);
		if (waiting && l->poll_at <= now)
			poll_counters(l);
		listen_once(l, !waiting ? 0 : l->poll_at < l->tick_at ? l->poll_at : l->tick_at);
	}
}

/* Those who are parked are answered as if their wait were over; they ask again, and another process
 * answers. */
static void leave(struct listener *l)
{
	struct live *live = l->live;
	pthread_mutex_lock(&live->lock);
	live->leaving = true;
	size_t step = parking_count(live->parking) / LEAVE_STEPS + 1;
	for (;;) {
		parking_release(live->parking, step);
		pthread_cond_broadcast(&live->work);
		bool open = live->n_open > 0;
		pthread_mutex_unlock(&live->lock);
		if (!open)
			return;
		listen_once(l, clock_monotonic_us() + LEAVE_STEP_US);
		pthread_mutex_lock(&live->lock);
	}
}

/* ---- starting and stopping ---- */

static bool watch_add(int watch, int fd, void *what)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = what };
	return fd >= 0 && epoll_ctl(watch, EPOLL_CTL_ADD, fd, &event) == 0;
}

static bool live_open(
    struct live *live, struct listener *l, const struct installation *installation)
{
	struct rlimit files;
	live->watch = epoll_create1(EPOLL_CLOEXEC);
	live->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	live->arrived = turns_new();
	live->equals = equals_new();
	live->recall = recall_new();
	unsigned most = ALL;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < ALL + FILES_APART)
		most = files.rlim_cur > 2 * FILES_APART ? (unsigned)files.rlim_cur - FILES_APART
							: FILES_APART;
	live->parking =
	    parking_new((struct parking_limits) { EACH_BEARER, most, EACH_BEARER_READINGS },
		clock_monotonic_us());
	pthread_mutex_init(&live->lock, NULL);
	pthread_cond_init(&live->work, NULL);
	pthread_cond_init(&live->asked, NULL);
	l->bell = doorbell_listen(live->config, DOORBELL_LIVE);
	l->worker = worker_new(installation);
	return l->worker && live->watch >= 0 && watch_add(live->watch, l->bell, &l->bell) &&
	       watch_add(live->watch, live->wake, live);
}

int live_run(const struct config *config, struct shared_memory *shared, int listen_fd,
    volatile sig_atomic_t *stopping)
{
	struct installation installation;
	struct live live = { .config = config,
		.shared = shared,
		.slot = shared_slot(shared, getpid()),
		.listen_fd = listen_fd };
	struct listener l = { .live = &live };
	struct acceptor acceptor = { .live = &live,
		.whose.known = calloc(WHOSE_KNOWN, sizeof *acceptor.whose.known),
		.stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
	struct runner runners[RUNNERS] = { 0 };
	pthread_t accepting;
	sigset_t term;
	/* TERM is for this thread, and only while it waits. */
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &term, &l.signals);
	sigdelset(&l.signals, SIGTERM);
	if (!installation_open(config, shared, &installation) || FCGX_Init() != 0 ||
	    !live_open(&live, &l, &installation) || !acceptor.whose.known ||
	    !(acceptor.whose.worker = worker_new(&installation)))
		return 1;
	shared->figures.live_waiting = 0; /* of a process before this one that was killed */
	live.runners = runners;
	for (size_t i = 0; i < RUNNERS; i++) {
		runners[i] = (struct runner) { .live = &live,
			.worker = worker_new(&installation),
			.arrivals_first = i == 0,
			.joins = i < RUNNERS - 1 ? EACH_COMPANY - 1 : 0 };
		if (!runners[i].worker)
			return 1;
	}
	for (size_t i = 0; i < RUNNERS; i++)
		if (pthread_create(&runners[i].thread, NULL, answer_all, &runners[i]) != 0)
			return 1;
	if (pthread_create(&accepting, NULL, accept_all, &acceptor) != 0)
		return 1;
	live.slot->state = SLOT_IDLE;
	listen_until_told(&l, stopping);

	(void)!write(acceptor.stop, &(uint64_t) { 1 }, sizeof(uint64_t));
	pthread_join(accepting, NULL);
	leave(&l);
	pthread_mutex_lock(&live.lock);
	live.ended = true;
	pthread_cond_broadcast(&live.work);
	pthread_mutex_unlock(&live.lock);
	for (size_t i = 0; i < RUNNERS; i++) {
		pthread_join(runners[i].thread, NULL);
		worker_free(runners[i].worker);
		buf_free(&runners[i].text);
	}
	bury(&live);
	worker_free(l.worker);
	worker_free(acceptor.whose.worker);
	free(acceptor.whose.known);
	turns_free(live.arrived);
	parking_free(live.parking);
	equals_free(live.equals);
	recall_free(live.recall);
	close(l.bell);
	close(live.wake);
	close(live.watch);
	close(acceptor.stop);
	installation_close(&installation);
	return 0;
}
