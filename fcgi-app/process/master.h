/* master.h: between serve.c, which opens what the processes need, and master.c, which keeps them
 * running. */
#pragma once
#include "process/process.h"

#define LEAVING_MAX 512

struct master {
	const struct config *config;
	struct shared_memory *shared;
	int web_fd, live_fd;        /* listening sockets */
	int lock_fd;                /* the lock on the run directory */
	const char *program;        /* absolute path of the binary: what a HUP starts anew */
	pid_t leaving[LEAVING_MAX]; /* processes of the program before this one, still to be told to
				       end */
	size_t n_leaving;
};

enum master_end { MASTER_STOPPED, MASTER_RELOAD };

/* Starts all processes and keeps them running until TERM, INT or QUIT (then all have ended) or HUP
 * (then all still run: they are in m->leaving for the next program). */
enum master_end master_run(struct master *m);
