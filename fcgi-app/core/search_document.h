/*
 * search_document.h: what is searched of a row, as one text, and the postings that follow from that
 * text alone. A document is sections, each a heading and words with a space on both sides of each:
 *
 *	 :full_name=52 ada lovelace :full_name=52 ^a ^ad ^ada ^l ^lo ^lov :emails=48 ada@x.org
 *	 :emails=19 ada :emails=9 x.org x
 *
 * The heading says the field and what each word after it weighs. Words as they stand in the text
 * come first and in their order, so a phrase is found as a piece of the document. Behind ^ stand
 * the beginnings of the words of the row's title, one to three letters long, and in a script
 * without spaces each one and two characters of it, so that a search while one types reads one list
 * in its order. search_text.h says what else stands for words.
 *
 * Words that weigh nothing stand there for phrases alone and have no postings: the groups of a
 * phone number, which is found by its digits from either end.
 *
 * The weight of a word is that of its column (@search) over 1 + 0.15 (n - 1) with n words in the
 * field: BM25's weight and length norm, worked out when the row is written. Of an address the local
 * part counts 0.4, the domain 0.2 of it. A term's weight in a row is the sum over its sections.
 * Tests: tests/unit/search_query_test.c
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "core/table.h"

/* What there is of a row in search_documents. */
struct search_document {
	uuid row, owner, team; /* "" : none */
	int64_t day;           /* on which it was created, from 1970 */
	bool deleted;
	str words;
};

/* That a table has a search index. */
static inline bool search_has(const struct table *table) { return table->searched != 0; }
/* The field of a name in a query, in capitals or not: full_name, and in short `name`, `email` for
 * emails; NULL: none. */
const struct field *search_field(const struct table *table, str name);
/* Of a row; owner and team only of tables whose rows are not seen by their parents. */
void search_document_of(
    struct arena *a, const struct table *table, const void *row, struct search_document *out);
/* Whether it is one to which others can belong. */
bool search_is_group(const struct table *table, const void *row);
/* Whether the two rows of a table can have different documents. */
bool search_differs(const struct table *table, const void *before, const void *after);

/* As the index is sorted: 255 less the weight of the term in the row, then 65535 less the day. */
enum { SEARCH_WEIGHTS = 255, SEARCH_DAYS = 65535 };
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

/*
 * Terms. The first four words of a title are terms as they are (its *titled* words; in a script
 * without spaces all of it is), and:
 *
 *	&ada lovelace   each of them with each other one, in both orders: rows that have two words
 *	                in their title are one list
 *	@OWNER ada      with the row's owner: what somebody finds among own rows is one list
 *	@OWNER          all rows of an owner
 *	#acme           titled words of rows to which others can belong (@belongs in sql/schema)
 *	-analyst        any other word: it stands elsewhere in the row. So a row that has two words
 *	                has both in its title, or is in the list of one of them elsewhere; these
 *	                lists are short for names, which most searches are for
 *	=ada@x.org      the same of a longer word that begins with a titled one
 *	^ad             beginnings of titled words, and -^an of other words of the title
 *	~8100649702     the end of a number
 */
enum { TITLED_WORDS = 4, TITLED_BYTES = 30, OWNER_LETTERS = 12 };
/* That a word of a title can be a titled one: one of letters, not long, no address. When it is only
 * `begun` its letters may be still to come. */
bool search_can_be_titled(str word, bool begun);
/* That a word, or the beginning of one, can be told from a titled one that it begins with. */
bool search_goes_on(str word);
str search_term_of(struct arena *a, const char *sign, str word);
str search_pair_term(struct arena *a, str one, str other);
str search_own_term(struct arena *a, const char *owner, str word);
str search_group_term(struct arena *a, str word);
str search_owner_term(struct arena *a, const char *owner);
/* The word of a term that is one, wherever it stands. */
static inline str search_bare(str term)
{
	return term.n && (term.p[0] == '-' || term.p[0] == '=') ? (str) { term.p + 1, term.n - 1 }
								: term;
}

/*
 * A signature (superimposed coding: Faloutsos and Christodoulakis, ACM TOIS 2, 1984) says of most
 * rows that they lack a word without a look at their documents. A term sets one of 63 bits for its
 * first three letters, for its first four and its first five, and when it is of letters alone one
 * for all of it; of two letters two, the same for a word and for the beginning of one of the title.
 * `begun`: for the terms that begin so. 0: bits say nothing of it.
 */
int64_t search_bits(str term, bool begun);
/* Sorted by term, each once; none of a deleted row. */
void search_postings_of(struct arena *a, const struct table *table,
    const struct search_document *document, struct postings *out);
/* The place of one of these terms, or -1: it is none of them. Of a long document that is known in a
 * fraction of the time. */
int64_t search_place_of(
    const struct table *table, const struct search_document *document, str term);

/* One section of a document, for who reads one: advances *rest; false at the end. */
struct section {
	str field;
	uint32_t weight;
	str words; /* " ada lovelace " */
};
bool search_section(str *rest, struct section *out);

/* The text of a searched column as people read it; of a document of rows, of each its item. Calls
 * `each` for every one that is not empty. */
void search_texts(struct arena *a, const struct field *column, const void *row,
    void (*each)(void *with, uint32_t weight, str text), void *with);
