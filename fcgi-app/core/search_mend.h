/*
 * search_mend.h: the search index of a company is compared with its rows, and mended, some rows at
 * a time while the product is used: the rows of a table with their documents (search_mend_rows()),
 * then its postings with those (search_mend_postings()), which finds the ones that are too many and
 * counts the others. Are those as many as the rows should have, then none is missing; else the rows
 * are gone through once more, and each posting is looked up. Each call is for a transaction of its
 * own, in which what is compared is locked; its place is where it ended, for the next call. For
 * `muster search` (search_check.c), and for the run that makes an index anew (search_renew.c).
 */
#pragma once
#include "core/search_text.h"
#include "core/search_words.h"

/* What was looked at, and what was wrong. */
struct search_found {
	int64_t rows, postings; /* postings: that the rows should have */
	int64_t right;          /* how many of them the index has */
	int64_t documents, missing, extra, words;
	int64_t strays; /* search_strays.h */
};

/* Signatures of documents, which take long to work out of long ones, under hashes of their words.
 */
struct known_signatures {
	struct {
		uint64_t hash;
		int64_t signature;
	} v[65536];
};

struct search_mend {
	struct db *db;
	struct arena *arena; /* what a call allocates is not needed by the next one */
	bool mend;           /* else it only tells */
	bool each_posting;   /* search_mend_rows() looks each one up */
	char company[37];
	struct known_words *known;           /* or NULL */
	struct known_signatures *signatures; /* or NULL, for who has each posting looked up */
	struct search_found found;
};

/* A place in the postings of a table; all 0 before the first. */
struct search_at {
	char term[4 * TERM_BYTES + 1];
	int64_t place;
	uuid row;
};

/* `after`: the id of the last row of the call before, "" at first. *more: call again. */
error search_mend_rows(
    struct search_mend *c, const struct table *t, char after[37], bool *more) MUST_CHECK;
error search_mend_postings(
    struct search_mend *c, const struct table *t, struct search_at *after, bool *more) MUST_CHECK;
