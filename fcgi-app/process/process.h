/*
 * process.h: the processes of `muster serve` and the commands of the program. The master (serve.c,
 * master.c) owns the sockets and starts the others: web workers, the live process with its parked
 * long-polls, and the jobs process. Each of them runs one function below until *stopping is set,
 * and returns to exit with 0.
 */
#pragma once
#include "core/command.h"
#include "core/config.h"
#include "core/shared.h"
#include <signal.h>

/*
 * What every process may rely on: TERM sets *stopping and interrupts poll, epoll_wait and nanosleep
 * (other system calls go on); INT, HUP and PIPE are ignored; when the master dies, TERM comes by
 * itself. `listen_fd` is shared with other processes and never blocks: FCGX_Accept_r gives -EAGAIN
 * when another one was faster, so wait for it with poll or epoll first. Its slot on the scoreboard
 * is shared_slot(shared, getpid()).
 */

/* Resident bytes of this process, for its slot; 0: unknown. web.c */
uint64_t process_memory(void);

/* Answers requests one at a time until *stopping, or until it is due to be replaced; web.c. Here
 * TERM is blocked but while it waits: a request is never interrupted. */
void web_run(const struct config *config, struct shared_memory *shared, int listen_fd,
    volatile sig_atomic_t *stopping);
/* Parks and answers long-polls. On *stopping: stop accepting, answer those that are parked, return;
 * live.c. */
int live_run(const struct config *config, struct shared_memory *shared, int listen_fd,
    volatile sig_atomic_t *stopping);
/* Workflows and the outbox; jobs.c. On *stopping: finish the step at hand, return. */
int jobs_run(
    const struct config *config, struct shared_memory *shared, volatile sig_atomic_t *stopping);

/* The commands; each gives the exit status. argv[0] is the command's name. */
int serve_main(const struct config *config, int argc, char **argv);
int doctor_main(const struct config *config, int argc, char **argv);
int emit_main(const struct config *config, int argc, char **argv);
