/*
 * search_plan.h: what a search knows while it goes on, shared by who chooses its plans
 * (search_find.c), the plans themselves (search_find_word.c, _pair, _likely, _rarest), its reading
 * (search_read.c) and its order (search_rank.c).
 */
#pragma once
#include "core/search_find.h"
#include "core/search_pairs.h"

enum {
	EXPANDED = 48,  /* terms of one beginning that are read in their order */
	A_BLOCK = 30,   /* rows with several words that are ranked among each other */
	ONE_WORD = 500, /* rows of a beginning that are all read, when it is all that is asked */
	ROW_LIST = 2000 /* rows that are taken of a list that is read to its end */
};

struct finder {
	struct call *call;
	const struct table *table;
	enum level level;
	bool sees_all;
	bool groups; /* only rows to which others can belong, by words of their titles */
	const struct search_query *query;
	const struct search_narrow *narrow;
	size_t most;                  /* hits that are wanted */
	int64_t (*counts)[WORD_WAYS]; /* rows of each word's ways, about */
	bool counted[QUERY_WORDS];    /* of which words */
	const struct word_pair *pair; /* two of the words, or NULL */
	size_t driver;                /* the word whose postings are read */
	bool documents;               /* terms alone do not say which rows match */
	bool scored;                  /* several words make the score */
	size_t blocks;                /* of rows that come before those that are read now */
};

struct found {
	struct search_hit hit;
	int64_t source; /* from which it came, of those of the statement */
	const struct term_list *from;
	int64_t signature;
	bool typed;   /* of a range: it has the term itself, as it was typed */
	size_t block; /* of its list; what comes later in it is ranked later */
	str words;
	bool weighed;
	uint32_t weights[QUERY_WORDS]; /* of each word of the query, where several are asked for */
};
struct all_found {
	struct found *v;
	size_t n, cap;
	bool cut; /* a list was not read to its end */
};

/* So many rows of a list are read: of several words those that are ranked among each other; rounded
 * up, so that there are few statements. */
static inline int search_rows_of_list(const struct finder *f)
{
	enum { A_FEW = 8 };
	size_t block = f->scored ? A_BLOCK : A_FEW;
	return (int)((f->most + block - 1) / block * block);
}
/* Rows with a word, about; those of words that are not counted are not known. */
int64_t search_rows_with(const struct finder *f, size_t word);

/* Begins to look for the query; of two words by their pair when there is one. */
void search_ask(struct finder *f, const struct search_query *query, const struct word_pair *pair);

/* ---- ways of a word and their lists (search_plan.c) ---- */

/* That one of its ways is a beginning that is a term of its own. */
bool search_has_starts(const struct search_word *word);
/* How many of its ways are beginnings. */
size_t search_ranges_of(const struct search_word *word);
/* That the caller sees own rows alone, of a table whose rows are somebody's. */
bool search_sees_own(const struct finder *f);
/* A way of a titled word, of which the rows that are asked for are a list by themselves. */
bool search_is_apart(const struct finder *f, const struct search_way *way);
/* That the way's list is read at all: of groups only such. */
bool search_is_read(const struct finder *f, const struct search_way *way);
/* What is read for a way of a word. A beginning of titled words is nearer than one elsewhere; where
 * it is a term of its own, that says so. */
struct term_list search_list_of(
    const struct finder *f, const struct search_word *w, size_t k, bool was_read);

/* ---- plans ---- */

/* Of one word what is nearest first, and what is ranked behind it when that does not fill what is
 * shown. */
error search_find_word(struct finder *f, struct all_found *all) MUST_CHECK;
/* Rows with two of the words in their title, as they were typed, in their order; then, when that
 * does not fill what is shown, the others that have both: when their lists are short, they are read
 * at once. *whole: that is all that is shown. This is asked without a look at how long the lists
 * are, which takes as long as to read short ones. */
error search_find_pair(struct finder *f, struct all_found *all, bool *whole) MUST_CHECK;
/* All rows with a word that is likely in few, which have the others; *done: false when that takes
 * too long. What was typed is a part of what begins so (`wide`), so both are known at once;
 * `typed`: NULL when it is known that no row has it. Rarity takes a statement to ask for, so it is
 * asked for when it tells. */
error search_find_likely(struct finder *f, const struct search_query *wide,
    const struct search_query *typed, struct search_hits *out, bool *done) MUST_CHECK;
/* Rows of the word that has the fewest by the server's estimates, or own rows when these are fewer
 * and no others are seen; added to what was found. */
error search_find_rarest(struct finder *f, struct all_found *all) MUST_CHECK;
/* About how many rows those words have; NULL: all, that are not counted yet. */
error search_estimate(struct finder *f, const bool *those) MUST_CHECK;

/* ---- reading (search_read.c) ---- */

/* Rows of the lists that the caller sees and that have all words. */
error search_read_lists(
    struct finder *f, struct term_lists *lists, struct all_found *out) MUST_CHECK;

/* The same of lists that are read to their ends; *whole: false when that takes too long, and then
 * nothing was read. */
error search_read_whole(
    struct finder *f, struct term_lists *lists, struct all_found *out, bool *whole) MUST_CHECK;

/* The rows of the lists, each once however many terms of a list it has, added to what was found;
 * *whole: these are all. */
error search_read_each(
    struct finder *f, struct term_lists *lists, struct all_found *out, bool *whole) MUST_CHECK;

/* What was read of the lists of two words. */
struct pair_found {
	struct all_found rows;
	bool all_exact, all_rest; /* whether that is all */
};

/* Row, place and signature, for who sees all: `ordered` of each list that has an order, some of the
 * others. */
error search_read_pair(
    struct finder *f, struct term_lists *lists, int ordered, struct pair_found *out) MUST_CHECK;
/* Leaves those out whose documents have not all words; the others have them then. */
error search_read_documents(struct finder *f, struct all_found *all) MUST_CHECK;

/* ---- order (search_rank.c) ---- */

/* Of a list of pairs. */
static inline bool search_is_titled(const struct found *one) { return one->block < HITS; }
size_t search_titled(const struct all_found *all);
/* The best of each row alone, with its score. */
void search_each_once(const struct finder *f, struct all_found *all);
/* That how rare the words are decides which of the rows, each of which is there once, comes first.
 */
bool search_rarity_tells(const struct finder *f, struct all_found *all);
/* The best of them, in their order. */
void search_rank(const struct finder *f, struct all_found *all, struct search_hits *out);
