/*
 * error.h: the kinds of failure, and nothing more. A function that can fail returns `error`; its
 * detail (which field, why) is said once, where it is known, with fail() of core/call.h.
 * The one table from kind to HTTP status is in http/problem.c.
 */
#pragma once

typedef enum error_kind {
	OK = 0,
	MALFORMED,          /* 400: the request cannot be read, or names an unknown parameter */
	UNAUTHENTICATED,    /* 401 */
	FORBIDDEN,          /* 403 */
	NOT_FOUND,          /* 404: also another company's row, or one out of scope */
	WRONG_METHOD,       /* 405 */
	CONFLICT,           /* 409 */
	GONE,               /* 410 */
	STALE,              /* 412: If-Match does not hold */
	TOO_LARGE,          /* 413 */
	UNSUPPORTED,        /* 415 */
	INVALID,            /* 422: readable, but a field is not acceptable */
	CONDITION_REQUIRED, /* 428 */
	LIMITED,            /* 429 */
	INTERNAL,           /* 500: a fault of ours */
	UNAVAILABLE,        /* 503: the database is away, or its schema differs */
	RETRY /* deadlock, lock wait time-out or snapshot conflict: run the operation again */
} error;

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

#define TRY(expression) \
	do { \
		error try_error_ = (expression); \
		if (try_error_ != OK) \
			return try_error_; \
	} while (0)
