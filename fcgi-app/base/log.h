/*
 * log.h: one JSON object a line on standard error: time, level, process, pid, request id, message
 * and named fields. Secrets have no way in: only the fields given here are written, and callers
 * give no headers and no bodies. Control characters and invalid UTF-8 are escaped.
 */
#pragma once
#include "value.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

struct log_field {
	const char *name;
	str text;
	int64_t number;
};
#define LOG_TEXT(name, value) ((struct log_field) { (name), (value), INT_NONE })
#define LOG_NUMBER(name, value) ((struct log_field) { (name), { 0, 0 }, (value) })

void log_start(
    const char *process, enum log_level least); /* the name of this process; once, before threads */
void log_request(const char *request_id);       /* of this thread from now on; NULL: none */
/* The lines of this thread are kept, and written some together, until log_gather(false): for who
 * does much at once. What matters more than LOG_INFO is written at once, with all before it. */
void log_gather(bool on);
void log_write(enum log_level level, const char *message, const struct log_field *fields, size_t n);
#define log_event(level, message, ...) \
	log_write((level), (message), (const struct log_field[]) { __VA_ARGS__ }, \
	    sizeof((const struct log_field[]) { __VA_ARGS__ }) / sizeof(struct log_field))
#define log_message(level, message) log_write((level), (message), NULL, 0)
