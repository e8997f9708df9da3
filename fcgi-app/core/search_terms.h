/*
 * search_terms.h: the terms of the index. The first four words of a title are terms as they are
 * (its *titled* words; in a script without spaces all of it is), and:
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
 *	*2079460018     a number without its country, which may go on
 *	~8100649702     the end of a number
 *
 * Tests: tests/unit/search_query_test.c
 */
#pragma once
#include "base/arena.h"
#include "base/value.h"

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

/* A term of a number, by its beginning or by its end. */
static inline bool search_is_number(str term)
{
	return term.n && (term.p[0] == '*' || term.p[0] == '~');
}

static inline bool search_is_letter(char c)
{
	return (unsigned char)c >= 0x80 || (c >= 'a' && c <= 'z');
}

/*
 * A signature (superimposed coding: Faloutsos and Christodoulakis, ACM TOIS 2, 1984) says of most
 * rows that they lack a word without a look at their documents. A term sets one of 63 bits for its
 * first three letters, for its first four and its first five, and when it is of letters alone one
 * for all of it; of two letters two, the same for a word and for the beginning of one of the title.
 * `begun`: for the terms that begin so. 0: bits say nothing of it.
 */
int64_t search_bits(str term, bool begun);
