/*
 * search_in_table.h: what a list of one table shows for a query, and one search over several
 * tables: each way to find rows for as long as those before it have found none anywhere: the words
 * (core/search_find.h), without those that join others (search_unjoined()), together with words of
 * the row to which they belong (core/search_members.h), and with others a letter away. Tests:
 * tests/http/search.test.mjs
 */
#pragma once
#include "core/search_find.h"

/* As search_find(). */
error search_in_table(struct call *call, const struct table *table, enum level level,
    const struct search_query *query, const struct search_narrow *narrow, size_t most,
    struct search_hits *out) MUST_CHECK;

/* One of the tables that are searched together. */
struct search_place {
	const struct table *table;
	enum level level;
	bool looked; /* whether it is searched at all */
	struct search_query query;
	struct search_hits hits;
	/* The words by which those rows were found to which the hits belong, or NULL. */
	const struct search_query *group;
};

/* The query of each place, by its table. A field:word is for tables that have the field: elsewhere
 * nothing fits it, and it is not looked. What it gives is that of search_parse(). */
const char *search_parse_places(
    struct arena *a, str text, struct search_place *places, size_t n) MUST_CHECK;

/* The hits of each place, HITS at most. */
error search_in_places(struct call *call, struct search_place *places, size_t n) MUST_CHECK;
