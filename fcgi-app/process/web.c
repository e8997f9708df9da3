/*
 * web.c: a web worker: waits for a connection of nginx, answers its one request, closes it. Signals
 * are blocked but while it waits, so that nothing interrupts a request half way; epoll wakes one
 * worker for one connection. It ends by itself after so many requests or above so much memory, and
 * the master starts a fresh one: a leak in a library costs memory, not nights.
 */
#include "core/door.h"
#include "process/process.h"
#include <errno.h>
#include <fcgiapp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define LOOK_AT_MEMORY_EVERY 64

uint64_t process_memory(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	unsigned long long pages = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%*s %llu", &pages) != 1)
		pages = 0;
	fclose(file);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Gives the set of signals to wait with, and blocks them until then. */
static sigset_t signals_hold(void)
{
	sigset_t term, before;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &before);
	sigdelset(&before, SIGTERM);
	return before;
}

static int listen_watch(int listen_fd)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE };
	int watch = epoll_create1(EPOLL_CLOEXEC);

	if (watch < 0 || epoll_ctl(watch, EPOLL_CTL_ADD, listen_fd, &event) != 0) {
		log_event(LOG_ERROR, "cannot watch the socket",
		    LOG_TEXT("error", str_of(strerror(errno))));
		exit(1);
	}
	return watch;
}

/* True when there is a request to answer. */
static bool request_wait(int watch, const sigset_t *signals, FCGX_Request *fcgi)
{
	struct epoll_event event;

	if (epoll_pwait(watch, &event, 1, -1, signals) != 1)
		return false;
	int failed = FCGX_Accept_r(fcgi);
	if (failed >= 0)
		return true;
	if (failed != -EAGAIN && failed != -EINTR) {
		/* Out of descriptors, say: the connection is still waiting, so do not spin on it.
		 */
		struct timespec pause = { .tv_nsec = 50 * 1000 * 1000 };
		log_event(LOG_ERROR, "cannot accept", LOG_NUMBER("error", -failed));
		nanosleep(&pause, NULL);
	}
	return false;
}

static bool is_due(const struct config *config, struct slot *slot)
{
	uint64_t requests = slot->requests;

	if (requests % LOOK_AT_MEMORY_EVERY == 0)
		slot->rss_bytes = process_memory();
	return requests >= (uint64_t)config->worker_requests ||
	       slot->rss_bytes > (uint64_t)config->worker_megabytes << 20;
}

void web_run(const struct config *config, struct shared_memory *shared, int listen_fd,
    volatile sig_atomic_t *stopping)
{
	struct slot *slot = shared_slot(shared, getpid());
	struct installation installation;
	sigset_t signals = signals_hold();
	FCGX_Request fcgi;

	if (!installation_open(config, shared, &installation))
		exit(1);
	struct worker *worker = worker_new(&installation);
	int watch = listen_watch(listen_fd);
	if (!worker || FCGX_Init() != 0 ||
	    FCGX_InitRequest(&fcgi, listen_fd, FCGI_FAIL_ACCEPT_ON_INTR) != 0)
		exit(1);

	slot->rss_bytes = process_memory();
	slot->state = SLOT_IDLE;
	while (!*stopping && !is_due(config, slot)) {
		if (!request_wait(watch, &signals, &fcgi))
			continue;
		slot->state = SLOT_BUSY;
		door_handle(worker, &fcgi);
		FCGX_Finish_r(&fcgi);
		slot->requests++;
		slot->state = SLOT_IDLE;
	}
	close(watch);
	worker_free(worker);
	installation_close(&installation);
}
