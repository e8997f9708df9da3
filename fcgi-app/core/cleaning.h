/*
 * cleaning.h: rows that have ended by themselves go: answers kept for a repeated request (a day),
 * expired sessions, links for a new password, workflow runs that were done a month ago, and changes
 * older than MUSTER_LOG_DAYS but for those that a timeline shows. Nothing depends on when it is
 * done; the jobs process does it when it starts and then once an hour. Statements:
 * sql/query/cleaning.sql. Tests: tests/unit/core_workflow_test.c, tests/http/log.test.mjs
 */
#pragma once
#include "core/worker.h"
#include <signal.h>

#define RUN_DAYS 30     /* a run that is done can be looked at */
#define ANSWER_HOURS 24 /* an answer is kept for a repeated Idempotency-Key */

/* Resets the worker's arena. Ends early when *stopping is set. */
void cleaning_run(struct worker *worker, const volatile sig_atomic_t *stopping);
