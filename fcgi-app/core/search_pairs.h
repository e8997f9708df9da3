/*
 * search_pairs.h: two words of a query that the titles of rows may have side by side. Whatever row
 * has both has them among the titled words of its title (search_terms.h), where each pair is one
 * list of the index, or it is in a list of one of them elsewhere. These lists cover all such rows,
 * and they are short for names of people, of which each alone may have very many rows.
 */
#pragma once
#include "core/search_lists.h"

struct word_pair {
	size_t word[2];          /* of the query */
	struct term_lists exact; /* of the two as they were typed, in their order */
	struct term_lists rest;  /* of one that begins so, and elsewhere */
};

/* The first two words that can be a pair; false: there are none. */
bool search_pair_of(struct arena *a, const struct search_query *query, struct word_pair *out);
