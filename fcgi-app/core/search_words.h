/*
 * search_words.h: the words of a company's rows, each once for a table (search_words), so that a
 * word which was typed wrong finds those that are spelt much like it (core/search_spell.h): they
 * begin or end alike, so each stands there from its beginning and from its end. Words of letters
 * alone, of three to 32.
 *
 * They are written with the postings, in the same transaction, and never taken out: a word that no
 * row has any more finds nothing. A word costs something only when it is new to the company; which
 * ones are not, each worker remembers, and asks for the others. Tests: tests/unit/search_test.c,
 * tests/http/search_check.test.mjs
 */
#pragma once
#include "core/table.h"
#include "db/db.h"

enum { KEPT_LETTERS = 3, KEPT_MOST = 32 };

/* What a worker remembers: words that were there in a transaction that had written none. As many as
 * a large company has (one of 200,000 contacts has 33,000), for to ask takes a fifth of the time in
 * which a contact's postings are written. */
struct known_words {
	uint64_t v[65536];
	uint64_t written; /* the last transaction that wrote some, of db_transactions() */
};

struct table_word {
	const struct table *table;
	str word;
};

/* "~htims" for smith. */
str search_word_reversed(struct arena *a, str word);

/* Of some words those that are new to the company, in place. */
error search_words_new(struct arena *a, struct db *db, const char company[37],
    struct known_words *known, struct table_word *words, size_t *n) MUST_CHECK;
/* Writes words that are new. `known` may be NULL. */
error search_words_write(struct arena *a, struct db *db, const char company[37],
    struct known_words *known, const struct table_word *words, size_t n) MUST_CHECK;
/* Whether a term is kept as a word. */
bool search_word_kept(str term);
