/*
 * search_renew.h: an index that was made in another way than this program makes it is made anew by
 * itself: of rows that are older than the search, or after a release with other words. Each company
 * keeps by which version its whole index was made (companies.search_version); the jobs process
 * looks at its start and once an hour for those that are of another, and starts a run for each that
 * goes through all rows, some at a time, while the product is used. Until it is through, whatever
 * is searched says how far it is: not everything is found yet. Tests:
 * tests/http/search_check.test.mjs
 */
#pragma once
#include "core/call.h"
#include <signal.h>

/* SEARCH_RULES is raised with each change after which a text would give other words or other
 * postings; tests/unit/search_query_test.c says so when that was forgotten. Which columns are
 * searched, and with which weights, counts by itself. */
enum { SEARCH_RULES = 11, SEARCH_VERSION = SEARCH_RULES << SEARCHED_BITS | SEARCHED_COLUMNS };

enum { SEARCH_WHOLE = 100 };

/* Of companies.search_version and search_progress: percent of the index that there is; 0: all. */
int64_t search_percent(int64_t version, int64_t progress);
/* What an answer says of it: INT_NONE when the index is whole, and else the percent, of which the
 * answer then depends. */
int64_t search_progress(struct call *call);

/* Starts the runs that are wanted. Resets the worker's arena. */
error search_renew(struct worker *w, const volatile sig_atomic_t *stopping) MUST_CHECK;
