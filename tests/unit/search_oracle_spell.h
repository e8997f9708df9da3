/*
 * search_oracle_spell.h: which words may be meant by one that was typed wrong, by a plain look at
 * every word of the rows that the caller sees: what core/search_spell.h says, written once more
 * without an index.
 */
#pragma once
#include "base/json.h"
#include "core/search_spell.h"
#include "core/search_words.h"

struct plain_words {
	str *v;
	size_t n, cap;
};

static bool plain_has(const struct plain_words *all, str word)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->v[i], word))
			return true;
	return false;
}

static void plain_add(struct arena *a, struct plain_words *all, str word)
{
	if (!word.n || plain_has(all, word))
		return;
	ARENA_GROW(a, all->v, all->n, all->cap);
	all->v[all->n++] = word;
}

/* Those of a document that weigh something. */
static void plain_words_of(struct arena *a, str document, struct plain_words *out)
{
	struct section s;
	for (str rest = document; search_section(&rest, &s);)
		for (str word, words = s.words; s.weight && str_cut(words, ' ', &word, &words);)
			plain_add(a, out, word);
}

static str behind(str s, size_t characters)
{
	size_t n = utf8_cut(s, characters).n;
	return (str) { s.p + n, s.n - n };
}

static bool same_at(str a, size_t i, str b, size_t k)
{
	str x = utf8_cut(behind(a, i), 1), y = utf8_cut(behind(b, k), 1);
	return x.n && str_eq(x, y);
}

/* That so many letters taken out, put in, changed or swapped with the next make the one of the
 * other: whatever can be done is tried. */
static bool in_steps(str a, str b, size_t steps)
{
	if (!a.n && !b.n)
		return true;
	if (same_at(a, 0, b, 0) && in_steps(behind(a, 1), behind(b, 1), steps))
		return true;
	if (!steps)
		return false;
	return (a.n && in_steps(behind(a, 1), b, steps - 1)) ||
	       (b.n && in_steps(a, behind(b, 1), steps - 1)) ||
	       (a.n && b.n && in_steps(behind(a, 1), behind(b, 1), steps - 1)) ||
	       (same_at(a, 0, b, 1) && same_at(a, 1, b, 0) &&
		   in_steps(behind(a, 2), behind(b, 2), steps - 1));
}

static str last(str s, size_t characters)
{
	size_t all = utf8_length(s);
	return behind(s, all > characters ? all - characters : 0);
}

/* That many letters are the same at the beginning or at the end, or two there changed places. */
static bool an_end_is_right(str a, str b, size_t right)
{
	return str_eq(utf8_cut(a, right), utf8_cut(b, right)) ||
	       str_eq(last(a, right), last(b, right)) ||
	       (same_at(a, 0, b, 1) && same_at(a, 1, b, 0)) ||
	       (same_at(last(a, 2), 0, last(b, 2), 1) && same_at(last(a, 2), 1, last(b, 2), 0));
}

/* Of the words that the caller sees those that may be meant; none: this one is among them, or
 * nothing like it is. */
static void plain_spellings(
    struct arena *a, const struct plain_words *seen, str word, struct plain_words *out)
{
	size_t letters = utf8_length(word);
	*out = (struct plain_words) { 0 };
	if (letters < SPELL_LETTERS || plain_has(seen, word))
		return;
	for (size_t i = 0; i < seen->n; i++)
		if (search_word_kept(seen->v[i]) && in_steps(word, seen->v[i], 1))
			plain_add(a, out, seen->v[i]);
	static const size_t rights[] = { 3, 1 };
	for (size_t k = 0; k < 2 && !out->n && letters >= SPELL_TWICE_LETTERS; k++)
		for (size_t i = 0; i < seen->n; i++)
			if (search_word_kept(seen->v[i]) && in_steps(word, seen->v[i], 2) &&
			    an_end_is_right(word, seen->v[i], rights[k]))
				plain_add(a, out, seen->v[i]);
}

/* Those one step away, whoever has the word itself. */
static void plain_near(
    struct arena *a, const struct plain_words *seen, str word, struct plain_words *out)
{
	*out = (struct plain_words) { 0 };
	for (size_t i = 0; i < seen->n && utf8_length(word) >= SPELL_LETTERS; i++)
		if (!str_eq(word, seen->v[i]) && search_word_kept(seen->v[i]) &&
		    in_steps(word, seen->v[i], 1))
			plain_add(a, out, seen->v[i]);
}
