/*
 * cleaning.h: rows that have ended by themselves go: answers kept for a repeated request (a day),
 * expired sessions, links for a new password, workflow runs that were done a month ago, what runs
 * were told a month ago and never asked for, changes older than MUSTER_LOG_DAYS but for those that
 * a timeline shows, and what modules say (CLEANING). Nothing depends on when it is done; the jobs
 * process does it when it starts and then once an hour. Statements: sql/query/cleaning.sql. Tests:
 * tests/unit/core_workflow_test.c, tests/http/log.test.mjs
 */
#pragma once
#include "core/query.h"
#include "core/worker.h"
#include <signal.h>

#define RUN_DAYS 30     /* a run that is done can be looked at */
#define ANSWER_HOURS 24 /* an answer is kept for a repeated Idempotency-Key */

/* What else has ended: rows that `query` lists, of (company_id, id) in that order, with nothing in
 * but the time before which it was; `forget` is asked for each of them, in a mutation of its
 * company by the program itself, and afterwards the row is in the list no more. */
struct cleaning {
	const struct query *query;
	int64_t days;
	error (*forget)(struct call *call, const char *id);
};
#define CLEANING(NAME, DAYS, FORGET) \
	static const struct cleaning NAME##_cleaning = { &NAME##_query, DAYS, FORGET }; \
	static const struct cleaning *const NAME##_cleaning_registered \
	    __attribute__((used, section("cleanings"))) = &NAME##_cleaning; \
	_Static_assert(sizeof(struct NAME##_row) == sizeof(struct cleaning_row), \
	    "a row of the query is a company and an id"); \
	_Static_assert(sizeof(struct NAME##_in) == sizeof(instant), "the query asks by a time")
struct cleaning_row {
	company_id company;
	uuid id;
};

/* Resets the worker's arena. Ends early when *stopping is set. */
void cleaning_run(struct worker *worker, const volatile sig_atomic_t *stopping);
