/*
 * serve.c: `muster serve`, from the outside in: the lock on the run directory, the listening
 * sockets, and the hand-over of both to a new binary on HUP. The process keeps its id and the
 * sockets stay open all the time, so that no request is refused: while one program starts, the
 * workers of the other answer. Tests: tests/chaos/.
 */
#include "core/worker.h"
#include "process/master.h"
#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define BACKLOG 4096
#define INHERIT "MUSTER_INHERIT" /* web,live,lock:pid,pid,... */

static bool complain(const char *what, const char *path)
{
	fprintf(stderr, "muster: %s %s: %s\n", what, path, strerror(errno));
	return false;
}

static bool run_dir_make(const char *path)
{
	if (mkdir(path, 0750) != 0 && errno != EEXIST)
		return complain("cannot make the folder", path);
	return true;
}

/* Held as long as the master lives, by whatever program it runs. The file stays when it ends: were
 * it removed, two could hold "the" lock. */
static bool lock_take(struct master *m, const char *run_dir)
{
	char path[PATH_MAX], text[32];
	ssize_t n;

	snprintf(path, sizeof path, "%s/muster.pid", run_dir);
	m->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (m->lock_fd < 0)
		return complain("cannot open", path);
	if (flock(m->lock_fd, LOCK_EX | LOCK_NB) != 0) {
		n = read(m->lock_fd, text, sizeof text - 1);
		text[n > 0 ? n : 0] = 0;
		fprintf(stderr, "muster: already running with %s (process %.*s)\n", run_dir,
		    (int)strcspn(text, "\n"), text);
		return false;
	}
	n = snprintf(text, sizeof text, "%ld\n", (long)getpid());
	if (ftruncate(m->lock_fd, 0) != 0 || write(m->lock_fd, text, (size_t)n) != n)
		return complain("cannot write", path);
	return true;
}

static int socket_open(const char *run_dir, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/%s", run_dir, name);
	mode_t mask = umask(0117);
	int fd = FCGX_OpenSocket(path, BACKLOG);
	umask(mask);
	if (fd < 0) {
		complain("cannot listen on", path);
		return -1;
	}
	fcntl(fd, F_SETFL, O_NONBLOCK);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

static void sockets_remove(const char *run_dir)
{
	static const char *const names[] = { "web.sock", "live.sock" };
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", run_dir, names[i]);
		unlink(path);
	}
}

static bool is_socket(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* Takes over what the program before this one left in the environment. */
static bool inherit(struct master *m)
{
	const char *text = getenv(INHERIT);
	int used = 0;

	if (!text)
		return false;
	if (sscanf(text, "%d,%d,%d:%n", &m->web_fd, &m->live_fd, &m->lock_fd, &used) != 3 ||
	    !used || !is_socket(m->web_fd) || !is_socket(m->live_fd)) {
		fprintf(stderr,
		    "muster: warning: " INHERIT " is not what a master leaves; it is ignored\n");
		unsetenv(INHERIT);
		return false;
	}
	for (text += used; *text && m->n_leaving < LEAVING_MAX;) {
		char *end;
		long pid = strtol(text, &end, 10);
		if (end == text)
			break;
		m->leaving[m->n_leaving++] = (pid_t)pid;
		text = *end == ',' ? end + 1 : end;
	}
	unsetenv(INHERIT);
	fcntl(m->web_fd, F_SETFD, FD_CLOEXEC);
	fcntl(m->live_fd, F_SETFD, FD_CLOEXEC);
	fcntl(m->lock_fd, F_SETFD, FD_CLOEXEC);
	return true;
}

/* Becomes the program on disk. Returns only when that was not possible. */
static void reload(struct master *m)
{
	size_t room = 64 + 12 * m->n_leaving, n;
	char *text = malloc(room);

	if (!text)
		return;
	n = (size_t)snprintf(text, room, "%d,%d,%d:", m->web_fd, m->live_fd, m->lock_fd);
	for (size_t i = 0; i < m->n_leaving; i++)
		n += (size_t)snprintf(
		    text + n, room - n, "%s%ld", i ? "," : "", (long)m->leaving[i]);
	setenv(INHERIT, text, 1);
	free(text);
	fcntl(m->web_fd, F_SETFD, 0);
	fcntl(m->live_fd, F_SETFD, 0);
	fcntl(m->lock_fd, F_SETFD, 0);
	log_event(LOG_INFO, "reloading", LOG_TEXT("program", str_of(m->program)));
	execl(m->program, m->program, "serve", (char *)NULL);
	log_event(LOG_ERROR, "cannot start the program on disk",
	    LOG_TEXT("error", str_of(strerror(errno))));
	unsetenv(INHERIT);
	fcntl(m->web_fd, F_SETFD, FD_CLOEXEC);
	fcntl(m->live_fd, F_SETFD, FD_CLOEXEC);
	fcntl(m->lock_fd, F_SETFD, FD_CLOEXEC);
}

/* Thousands of parked requests are thousands of descriptors. */
static void files_raise(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* Whatever every worker would stumble over is found here, once, before anything is listening. */
static bool startable(const struct config *config)
{
	struct installation installation;

	if (!installation_open(config, NULL, &installation))
		return false;
	installation_close(&installation);
	return true;
}

static int serve(struct master *m)
{
	const char *run_dir = m->config->run_dir;

	if (!inherit(m)) {
		if (!run_dir_make(run_dir) || !run_dir_make(m->config->data_dir) ||
		    !lock_take(m, run_dir) || !startable(m->config))
			return 1;
		m->web_fd = socket_open(run_dir, "web.sock");
		m->live_fd = socket_open(run_dir, "live.sock");
		if (m->web_fd < 0 || m->live_fd < 0)
			return 1;
	}
	log_event(LOG_INFO, "serving", LOG_TEXT("run_dir", str_of(run_dir)),
	    LOG_NUMBER("workers", m->config->workers));
	while (master_run(m) == MASTER_RELOAD)
		reload(m);
	sockets_remove(run_dir);
	log_message(LOG_INFO, "stopped");
	return 0;
}

int serve_main(const struct config *config, int argc, char **argv)
{
	struct master m = { .config = config, .web_fd = -1, .live_fd = -1, .lock_fd = -1 };
	char program[PATH_MAX];

	log_start("master", (enum log_level)config->log_level);
	signal(SIGPIPE, SIG_IGN);
	if (argc == 2 && strcmp(argv[1], "--check") == 0)
		return startable(config) ? 0 : 1;
	if (argc > 1) {
		fprintf(stderr, "muster: serve takes no arguments\n");
		return 1;
	}
	ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
	if (n <= 0) {
		complain("cannot read", "/proc/self/exe");
		return 1;
	}
	program[n] = 0;
	m.program = program;
	m.shared = shared_new();
	if (!m.shared) {
		complain("cannot map", "shared memory");
		return 1;
	}
	files_raise();
	int status = serve(&m);
	shared_free(m.shared);
	return status;
}
