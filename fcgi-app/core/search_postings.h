/*
 * search_postings.h: from a document to its postings: which terms the row has, and how much each
 * weighs there. Tests: tests/unit/search_query_test.c
 */
#pragma once
#include "core/search_document.h"
#include "core/search_terms.h"

/* As the index is sorted: 255 less the weight of the term in the row, then 65535 less the day. */
enum { SEARCH_WEIGHTS = 255 };
static inline int64_t search_weight(int64_t place)
{
	return SEARCH_WEIGHTS - place / (SEARCH_DAYS + 1);
}
static inline int64_t search_age(int64_t place) { return place % (SEARCH_DAYS + 1); }

struct posting {
	str term;
	int64_t place;
};
struct postings {
	struct posting *v;
	size_t n, cap;
	int64_t signature; /* of the row: the bits of all of its terms */
};

/* Sorted by term, each once; none of a deleted row. */
void search_postings_of(struct arena *a, const struct table *table,
    const struct search_document *document, struct postings *out);
/* The place of one of these terms, or -1: it is none of them. Of a long document that is known in a
 * fraction of the time. */
int64_t search_place_of(
    const struct table *table, const struct search_document *document, str term);
