/* problem.c: the one table from a kind of failure to what HTTP says about it (RFC 9457). */
#include "http/http.h"
#include <assert.h>

static const struct problem {
	int status;
	const char *type, *title;
} problems[] = {
	[OK] = { 200, "ok", "OK" },
	[MALFORMED] = { 400, "malformed", "The request cannot be read" },
	[UNAUTHENTICATED] = { 401, "unauthenticated", "Please sign in" },
	[FORBIDDEN] = { 403, "forbidden", "You may not do this" },
	[NOT_FOUND] = { 404, "not-found", "There is no such thing here" },
	[WRONG_METHOD] = { 405, "wrong-method", "This address does not take that method" },
	[CONFLICT] = { 409, "conflict", "This is in conflict with what is there" },
	[GONE] = { 410, "gone", "This is no longer available" },
	[STALE] = { 412, "stale", "Somebody has changed this in the meantime" },
	[TOO_LARGE] = { 413, "too-large", "The request is too large" },
	[UNSUPPORTED] = { 415, "unsupported-type", "This kind of content is not understood here" },
	[INVALID] = { 422, "invalid", "Some values are not acceptable" },
	[CONDITION_REQUIRED] = { 428, "condition-required", "Please say which version you have" },
	[LIMITED] = { 429, "limited", "Too many requests" },
	[INTERNAL] = { 500, "internal", "Something went wrong on our side" },
	[UNAVAILABLE] = { 503, "unavailable", "The service is not available right now" },
	[RETRY] = { 503, "busy", "Too many people are changing the same thing; please try again" },
};

static const struct problem *problem_of(error kind)
{
	assert((size_t)kind < sizeof problems / sizeof *problems);
	return &problems[kind];
}

int problem_status(error kind) { return problem_of(kind)->status; }

const char *problem_title(error kind) { return problem_of(kind)->title; }

const char *problem_type(error kind) { return problem_of(kind)->type; }
