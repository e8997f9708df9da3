/*
 * search_typed.h: the words of a query as they were typed. The index folds müller, Muller and
 * Mueller, Anne-Marie and Annemarie, C++ and C# to the same words; who typed a letter or a sign
 * that is folded means it. So among the hits of a tier those come first whose title has these words
 * letter for letter, whatever they score: Anne-Marie is two words, which weigh less than the one.
 * Capitals and small letters are alike, and so are a letter with its accent as one character or
 * two, all apostrophes, and all hyphens. A query of plain letters and digits has no such words, and
 * nothing is read for it. Tests: tests/http/search.test.mjs
 */
#pragma once
#include "core/search_find.h"

struct typed_words {
	str v[QUERY_WORDS];
	size_t n;
};
/* Those that a title must have: not what must not be there, or be in another field, and no e-mail
 * addresses. */
void search_typed_words(
    struct arena *a, const struct table *table, str text, struct typed_words *out);

/* Of one table. */
struct typed_hits {
	const struct table *table;
	enum level level;
	struct typed_words words;
	struct search_hits *hits;
};
/* Says of each hit whether it is one (search_hit.typed): by one statement for all tables, or by
 * none when there is nothing to put in order. */
error search_tell_typed(struct call *call, const struct typed_hits *of, size_t n) MUST_CHECK;
/* Those come before the others of their tier, which stay in their order. */
void search_typed_first(struct search_hits *hits);
