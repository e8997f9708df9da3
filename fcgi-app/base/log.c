/*
 * log.c: one line, one write(2), or some whole lines, so that the lines of processes that share a
 * pipe or a file do not mix. The JSON writer escapes, which keeps a line one line whatever a field
 * holds. Tests: tests/unit/base_log_test.c
 */
#include "log.h"
#include "clock.h"
#include "json.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static struct {
	char process[32];
	enum log_level least;
} settings = { "muster", LOG_INFO };
static _Thread_local char request[64]; /* "" = none */
static _Thread_local bool gathering;
static _Thread_local struct {
	char p[PIPE_BUF]; /* what a pipe takes undivided */
	size_t n;
} gathered;

void log_start(const char *process, enum log_level least)
{
	snprintf(settings.process, sizeof settings.process, "%s", process);
	settings.least = least;
}

void log_request(const char *request_id)
{
	snprintf(request, sizeof request, "%s", request_id ? request_id : "");
}

/* A log that cannot be written has nobody to tell: the line is lost, the request goes on. */
static void write_line(str line)
{
	while (line.n) {
		ssize_t n = write(STDERR_FILENO, line.p, line.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		line.p += n;
		line.n -= (size_t)n;
	}
}

static void write_gathered(void)
{
	write_line((str) { gathered.p, gathered.n });
	gathered.n = 0;
}

void log_gather(bool on)
{
	gathering = on;
	if (!on)
		write_gathered();
}

/* At once, or with those that follow. */
static void put_line(enum log_level level, str line)
{
	if (gathered.n + line.n > sizeof gathered.p)
		write_gathered();
	if (!gathering || line.n > sizeof gathered.p) {
		write_line(line);
		return;
	}
	memcpy(gathered.p + gathered.n, line.p, line.n);
	gathered.n += line.n;
	if (level > LOG_INFO)
		write_gathered();
}

void log_write(enum log_level level, const char *message, const struct log_field *fields, size_t n)
{
	static const char *const names[] = { "debug", "info", "warning", "error" };
	if (level < settings.least)
		return;
	int saved = errno;
	struct buf line = { 0 };
	struct json j;
	json_begin(&j, &line);
	json_object(&j);
	json_key(&j, "time");
	json_instant(&j, clock_now());
	json_key(&j, "level");
	json_text_value(&j, names[level]);
	json_key(&j, "process");
	json_text_value(&j, settings.process);
	json_key(&j, "pid");
	json_int(&j, getpid());
	if (request[0]) {
		json_key(&j, "request_id");
		json_text_value(&j, request);
	}
	json_key(&j, "message");
	json_text_value(&j, message);
	for (size_t i = 0; i < n; i++) {
		json_key(&j, fields[i].name);
		if (fields[i].number == INT_NONE)
			json_string(&j, fields[i].text);
		else
			json_int(&j, fields[i].number);
	}
	json_object_end(&j);
	buf_char(&line, '\n');
	put_line(level, buf_view(&line));
	buf_free(&line);
	errno = saved;
}
