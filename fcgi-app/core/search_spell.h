/*
 * search_spell.h: words that are spelt much like one that was typed, of those that rows of a table
 * have which the caller sees: what others have neither adds a spelling nor keeps one away, or a
 * typing error would tell of it. From four letters on, all that are one letter away: one too many,
 * one missing, another one, or two that changed places. When there is none, and from eight letters
 * on, those that are two such steps away: at first the ones with its first three letters or its
 * last three, or which begin or end with two that changed places; then those with its first letter
 * or its last one. So what is not found has its first and its last letter wrong.
 *
 * Words one step away have the one half or the other in common: the company's words that begin or
 * end so are read (core/search_words.h), the first 8,000 of about that length, of which most
 * companies have fewer; so are those two steps away.
 */
#pragma once
#include "core/call.h"
#include "core/search_query.h"

enum { SPELL_LETTERS = 4, SPELL_TWICE_LETTERS = 8, SPELLINGS = 8 };

/* A word of a query; at first without spellings. */
struct misspelt {
	str word;
	bool anyway;              /* spellings are wanted even if the caller sees a row with it */
	bool known;               /* the caller sees one, so it is spelt right */
	str spellings[SPELLINGS]; /* the nearest first */
	size_t n;
};

/* The spellings of all of the words, `most` steps away at most. Of those one step away some may be
 * among them that the caller sees in no row: to look for a few costs less than to ask first. */
error search_spellings(struct call *call, const struct table *table, enum level level,
    struct misspelt *words, size_t n, size_t most) MUST_CHECK;

/* How many steps lie between two words (Damerau's, each letter at most once in a swap); more than
 * `most`: most + 1. Words of more than 64 letters: most + 1. */
size_t search_distance(str a, str b, size_t most);
