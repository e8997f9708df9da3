/*
 * search_find.h: the rows of one table that a query finds, the best first, of those that the caller
 * may see. One word is read in the order of the index together with what begins so, which are few
 * rows for most words; who sees own rows alone reads lists of these. Of several words, who sees all
 * reads rows that have two of them in their title in the order of their pair's list, and the others
 * that have both from lists of one of them elsewhere, when they are short (core/search_pairs.h).
 * Whoever else reads all rows of a word that is likely in few. When that is not all, the postings
 * of the rarest word are read, by the server's estimates, or those of the caller's own rows. The
 * other words are looked for in the documents of those rows; so what is read is bounded by HITS
 * rows that have all of them; most that have not are passed over by their signature. When no row
 * has the words as they were typed, each may be begun; when none has that, words that the caller
 * sees nowhere are looked for as others that are spelt much like them (core/search_spell.h). So is
 * a single word that only a few rows have, which may be typing errors themselves; what is found so
 * stands behind them.
 * A statement ends when it has looked at 100,000 rows (about 0.1 s); then there may be more.
 * Ranking: rows that have each word as it was typed, then those whose title has its beginning, then
 * those that have it elsewhere, then those with a word like it, which counts half; among these the
 * sum over the words of weight and rarity, as far as it is known, and of weight alone for who sees
 * some rows, for rarity counts them all; then the newest. Where more than thirty rows have a pair
 * in their title, or the others are too many to be read at once, these come before the others, by
 * weight alone. Of several words thirty rows are ranked at a time, so that a first page need not
 * read what later ones show. Who shows the hits puts those first in their tier that are spelt as it
 * was typed, where that says more (core/search_typed.h).
 */
#pragma once
#include "core/call.h"
#include "core/search_query.h"

enum { HITS = 200 };

struct search_hit {
	uuid id;
	int64_t place; /* of the index: of equal rows the newest comes first */
	double score;
	enum search_tier tier;
	bool typed; /* its title has the words letter for letter (search_typed.h) */
};
/* By what is nearer, typed so, says more, is newer; 0: as good. */
int search_hit_order(const struct search_hit *a, const struct search_hit *b);
struct search_hits {
	struct search_hit *v;
	size_t n;
	bool more;                        /* there may be others, even when there are none here */
	const struct search_query *query; /* that found them: as it was asked, or with each word
					     begun */
};

/* What else must hold of a row: appends " AND ..." over the table's row `t`. */
struct search_narrow {
	void (*add)(struct sql *sql, const void *with);
	const void *with;
};

/* The best `most`, HITS at most, at the level at which the caller may see rows of the table. Those
 * that come first are the same for any `most`. `narrow` may be NULL. */
error search_find(struct call *call, const struct table *table, enum level level,
    const struct search_query *query, const struct search_narrow *narrow, size_t most,
    struct search_hits *out) MUST_CHECK;

/* The same with each word one letter away, though rows have it as it was typed: of `jon smith` the
 * Jon Smyth, where there are a Smith and a Jon. For when a query of several words has found nothing
 * anywhere; nothing of one word, of which search_find() has looked for these. */
error search_find_near(struct call *call, const struct table *table, enum level level,
    const struct search_query *query, const struct search_narrow *narrow, size_t most,
    struct search_hits *out) MUST_CHECK;

/* The same as search_find() among rows to which others can belong (table->group), of those that
 * have the words in their title; of several words none when too many have one of them. */
error search_find_groups(struct call *call, const struct table *table, enum level level,
    const struct search_query *query, size_t most, struct search_hits *out) MUST_CHECK;

/* Appends "(SELECT ...) alias" of the row_ids of rows that may have all words of the query: of the
 * one that is in the fewest. *all_have: they have. */
error search_candidates(struct call *call, struct sql *sql, const struct table *table,
    enum level level, const struct search_query *query, const char *alias,
    bool *all_have) MUST_CHECK;

/* Appends, for the table's row at `alias`, that it has all words of the query. */
void search_condition(struct sql *sql, const struct table *table, const char *alias,
    const struct search_query *query);
