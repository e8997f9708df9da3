/*
 * search_query.h: what somebody types to search, as the words that must all be there. A word may be
 * written in several ways (müller: muller, mueller), and the last one may be the beginning of a
 * word. "in quotes": these words, side by side. -word: rows without it. field:word: only there, by
 * the name of a searched column (or `name`, `email` in short). Whatever else is punctuation.
 * Tests: tests/unit/search_query_test.c
 */
#pragma once
#include "core/search_document.h"
#include "core/search_terms.h"
#include "core/sql.h"

enum { QUERY_CHARACTERS = 200, QUERY_WORDS = 12, WORD_WAYS = 32 };

/* Whatever is nearer comes first: the word, one of the title that begins so, one of the row that
 * does, one that is spelt much like it. */
enum search_tier { TIER_EXACT, TIER_TITLE, TIER_PREFIX, TIER_FUZZY };

/* One way in which a word can stand in a row. */
struct search_way {
	str term;       /* of the index, by which the rows are found that may have it */
	bool range;     /* all terms that begin so */
	str piece;      /* what stands in the document of a row that has it: " ada ", " ad" */
	bool alone;     /* whoever has the term has the piece */
	bool elsewhere; /* than among the titled words of a row (search_terms.h) */
	bool light;     /* the piece counts among words that weigh nothing as well */
	enum search_tier tier;
};

/* A term for a beginning of one to three letters of a title's word. */
static inline bool search_is_start(str term) { return term.n && term.p[0] == '^'; }
/* That no titled word is found so: numbers are none either. */
static inline bool search_is_elsewhere(const struct search_way *way)
{
	return way->elsewhere || search_is_number(way->term);
}

struct search_word {
	struct search_way ways[WORD_WAYS];
	size_t n;
	bool negated;
	const struct field *field; /* where it must stand, or NULL */
	bool whole;                /* a word of letters that can be misspelt: ways[0].term */
};

struct search_query {
	struct search_word *words;
	size_t n;
	const struct search_query *begun; /* the same where each word may be begun, or NULL: for
					     when nothing has these words */
};

/* NULL, or why the text is no query. A text of white space alone gives no words: ask for nothing
 * then. */
const char *search_parse(
    struct arena *a, const struct table *table, str text, struct search_query *out);

/* The query without words like "and" between others, for when nothing has them: where one types
 * "procter and gamble", the row may have a sign. NULL: there is none. */
const struct search_query *search_unjoined(struct arena *a, const struct search_query *query);

/* One more way of a word: spelt like that; false when it has that way already. */
bool search_word_add(struct arena *a, struct search_word *word, str spelling);

/* The way that finds all that this one finds, and more: " ada" what " ada " does; word->n: none. */
size_t search_begun_way(const struct search_word *word, size_t k);

/* How the word stands in a row: false when it does not, or its weight there and its nearest tier.
 */
bool search_match(
    str document, const struct search_word *word, uint32_t *weight, enum search_tier *tier);

/* Appends " AND ..." for what a document `d` must have, and must not. By the word `found` it was
 * found: that it has a term of it is known. None was: query->n. */
void search_pieces(struct sql *sql, const struct search_query *query, size_t found);
/* Appends " AND ..." for what the signature of postings `p` must have, of all words but one. */
void search_signatures(struct sql *sql, const struct search_query *query, size_t but);
/* The same of one signature. */
bool search_signature_fits(const struct search_query *query, int64_t signature);
/* Appends the way's term as a condition of postings `p`: "p.term = ?" or "p.term LIKE ?". */
void search_term(struct sql *sql, str term, bool range);
/* Appends " LIKE ?" for texts that begin so. */
void search_begins(struct sql *sql, str start);
