/*
 * search_lists.h: lists of the search index: the rows of one term, or of all terms that begin so;
 * and how long they are, by the server's own estimates.
 */
#pragma once
#include "core/call.h"
#include "core/search_query.h"

struct term_list {
	str term;
	bool range;     /* all terms that begin so */
	bool longer;    /* of a range: but the term itself, which was read */
	bool typed;     /* of a range: the term itself is the word as it was typed */
	bool of_many;   /* one of the terms of a beginning */
	bool elsewhere; /* of a word than in titles */
	size_t word;    /* of the query, that it is for */
	bool ordered; /* the best of it, in its order, and of a range the first, which are the best
			 of the term itself; all of it otherwise */
	enum search_tier tier;
	size_t limit; /* rows that are read of it at most */
	size_t taken; /* rows that were read of it */
	bool cut;     /* there may be more */
};
enum { LISTS = 224 };
struct term_lists {
	struct term_list v[LISTS];
	size_t n;
	bool cut; /* there are more than are read */
};

/* Each once. */
void term_lists_add(struct term_lists *all, struct term_list one);
/* That of a way of a word: of a term in its order; of a range all, without the term itself when
 * that `was_read` as it was typed. */
struct term_list term_list_of(const struct search_word *word, size_t way, bool was_read);

/* Appends " WHERE ..." for postings `p` of the table in the list. */
void term_list_where(
    struct call *call, struct sql *sql, const struct table *table, const struct term_list *one);
/* "SELECT ... FROM search_postings p WHERE ..." */
void term_list_select(struct call *call, struct sql *sql, const char *select,
    const struct table *table, const struct term_list *one);

/* About how many rows each list has: rows[i] of of[i]. The server looks at both ends of a list, and
 * reads none of it: 80 us for each were measured. */
error term_lists_estimate(struct call *call, const struct table *table, const struct term_list *of,
    size_t n, int64_t *rows) MUST_CHECK;

/* The terms of a range with the rows of each, in their order, `most` at most; of numbers the range
 * in its order; out->cut: there are more. */
error term_list_expand(struct call *call, const struct table *table, const struct term_list *range,
    size_t most, struct term_lists *out) MUST_CHECK;
