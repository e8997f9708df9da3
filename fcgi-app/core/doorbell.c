/*
 * doorbell.c: ringing and listening. A ring never waits: a listener that is away or whose queue is
 * full sees the change at its next look at the counters. Tests: tests/unit/core_doorbell_test.c
 */
#include "core/doorbell.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "core/worker.h"

static bool bell_address(const struct config *config, const char *who, struct sockaddr_un *out)
{
	*out = (struct sockaddr_un) { .sun_family = AF_UNIX };
	int n = snprintf(out->sun_path, sizeof out->sun_path, "%s/%s.bell", config->run_dir, who);
	return n > 0 && (size_t)n < sizeof out->sun_path;
}

int doorbell_open(void) { return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

int doorbell_listen(const struct config *config, const char *who)
{
	struct sockaddr_un address;
	int bell = -1;
	if (!bell_address(config, who, &address))
		errno = ENAMETOOLONG;
	else
		bell = doorbell_open();
	if (bell >= 0) {
		unlink(address.sun_path);
		if (bind(bell, (struct sockaddr *)&address, sizeof address) == 0 &&
		    chmod(address.sun_path, 0600) == 0)
			return bell;
	}
	log_event(LOG_ERROR, "the doorbell cannot be bound",
	    LOG_TEXT("path", str_of(address.sun_path)), LOG_TEXT("why", str_of(strerror(errno))));
	if (bell >= 0)
		close(bell);
	return -1;
}

bool doorbell_heard(int bell, struct doorbell_message *out)
{
	struct doorbell_message message;
	ssize_t n;
	while ((n = recv(bell, &message, sizeof message, MSG_DONTWAIT | MSG_TRUNC)) >= 0 ||
	       errno == EINTR) {
		if (n != (ssize_t)sizeof message ||
		    memchr(message.company, 0, sizeof message.company) == NULL)
			continue;
		*out = message;
		return true;
	}
	return false;
}

void doorbell_ring(struct worker *worker, company_id company, int64_t version, bool jobs)
{
	static const char *const listeners[] = { DOORBELL_LIVE, DOORBELL_JOBS };
	struct doorbell_message message;
	memset(&message, 0, sizeof message);
	memcpy(message.company, company.text, sizeof message.company);
	message.version = version;
	for (size_t i = 0; worker->doorbell >= 0 && i < (jobs ? 2 : 1); i++) {
		struct sockaddr_un address;
		if (bell_address(worker->config, listeners[i], &address))
			(void)!sendto(worker->doorbell, &message, sizeof message,
			    MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&address,
			    sizeof address);
	}
}
