/* search_postings.c: see search_postings.h. */
#include "core/search_postings.h"

#include <stdlib.h>

#include "base/json.h"
#include "core/search_text.h"

enum { WINDOW = 4 };

struct weighed {
	str term;
	uint32_t weight;
};
struct weighing {
	struct arena *arena;
	str only; /* what stands in the words of the one term that is asked for; empty: all are */
	const char *owner; /* "": none */
	bool group;
	struct weighed *v;
	size_t n, cap;
	struct weighed titled[TITLED_WORDS];
	size_t n_titled;
};

static void weigh(struct weighing *w, str term, uint32_t weight)
{
	if (!term.n)
		return;
	ARENA_GROW(w->arena, w->v, w->n, w->cap);
	w->v[w->n++] = (struct weighed) { term, weight };
}

static void weigh_titled(struct weighing *w, str word, uint32_t weight)
{
	weigh(w, word, weight);
	if (w->owner[0])
		weigh(w, search_own_term(w->arena, w->owner, word), weight);
	if (w->group)
		weigh(w, search_group_term(w->arena, word), weight);
}

/* Of a word in a script without spaces: the four characters from each place on, fewer at its end. A
 * part of it is then the beginning of one of these. */
static void weigh_parts(struct weighing *w, str word, uint32_t weight, bool title)
{
	for (; word.n; word = search_behind_first(word)) {
		str part = utf8_cut(word, WINDOW);
		if (title)
			weigh_titled(w, part, weight);
		else
			weigh(w, search_term_of(w->arena, "-", part), weight);
	}
}

static struct weighed *titled(struct weighing *w, str word)
{
	for (size_t i = 0; i < w->n_titled; i++)
		if (str_eq(w->titled[i].term, word))
			return &w->titled[i];
	return NULL;
}

static void note_titled(struct weighing *w, str word)
{
	if (search_can_be_titled(word, false) && !titled(w, word) && w->n_titled < TITLED_WORDS)
		w->titled[w->n_titled++] = (struct weighed) { word, 0 };
}

static bool begins(str word, str start)
{
	return word.n >= start.n && !memcmp(word.p, start.p, start.n);
}

static bool begins_titled(const struct weighing *w, str start)
{
	for (size_t i = 0; i < w->n_titled; i++)
		if (begins(w->titled[i].term, start))
			return true;
	return search_dense(start);
}

/* By a titled word and what is no letter, as addresses do. */
static bool goes_on_from_titled(const struct weighing *w, str word)
{
	for (size_t i = 0; i < w->n_titled; i++)
		if (begins(word, w->titled[i].term) && word.n > w->titled[i].term.n &&
		    !search_is_letter(word.p[w->titled[i].term.n]))
			return true;
	return false;
}

static void weigh_word(struct weighing *w, str word, uint32_t weight, bool title)
{
	struct weighed *of_title = titled(w, word);
	bool beginning = word.n && word.p[0] == '^';
	if (!title && !of_title && !memmem(word.p, word.n, w->only.p, w->only.n))
		return; /* terms that are made of several words are made of titled ones */
	if (search_dense(word)) {
		weigh_parts(w, word, weight, title);
	} else if (of_title) {
		of_title->weight += weight;
		weigh_titled(w, word, weight);
	} else if ((beginning && begins_titled(w, (str) { word.p + 1, word.n - 1 })) ||
		   search_is_number(word)) {
		weigh(w, word, weight);
	} else {
		weigh(w, search_term_of(w->arena, goes_on_from_titled(w, word) ? "=" : "-", word),
		    weight);
	}
}

static void weigh_pairs(struct weighing *w)
{
	for (size_t i = 0; i < w->n_titled; i++)
		for (size_t k = 0; k < w->n_titled; k++)
			if (i != k)
				weigh(w,
				    search_pair_term(
					w->arena, w->titled[i].term, w->titled[k].term),
				    w->titled[i].weight + w->titled[k].weight);
}

/* Calls `each` for every word that weighs something. */
static void each_word(const struct table *table, const struct search_document *document,
    struct weighing *w, void (*each)(struct weighing *w, str word, uint32_t weight, bool title))
{
	struct section s;
	for (str rest = document->words; search_section(&rest, &s);) {
		bool title = table->title && str_is(s.field, table->title->name);
		for (str word, words = { s.words.p + 1, s.words.n - 1 };
		     s.weight && str_cut(words, ' ', &word, &words);)
			each(w, word, s.weight, title);
	}
}

static void look_for_titled(struct weighing *w, str word, uint32_t weight, bool title)
{
	(void)weight;
	if (title)
		note_titled(w, word);
}

static int compare(const void *a, const void *b)
{
	return str_order(((const struct weighed *)a)->term, ((const struct weighed *)b)->term);
}

/* In the order in which the words stand. */
static void weigh_document(
    struct weighing *w, const struct table *table, const struct search_document *document)
{
	w->owner = document->owner.text;
	w->group = search_document_is_group(document);
	if (document->deleted)
		return;
	each_word(table, document, w, look_for_titled);
	each_word(table, document, w, weigh_word);
	weigh_pairs(w);
	if (w->n && w->owner[0])
		weigh(w, search_owner_term(w->arena, w->owner), 1);
}

static int64_t place_of(const struct search_document *document, uint32_t weight)
{
	return (int64_t)(SEARCH_WEIGHTS - (weight < SEARCH_WEIGHTS ? weight : SEARCH_WEIGHTS)) *
		   (SEARCH_DAYS + 1) +
	       (SEARCH_DAYS - document->day);
}

void search_postings_of(struct arena *a, const struct table *table,
    const struct search_document *document, struct postings *out)
{
	struct weighing w = { .arena = arena_new(), .only = STR("") };
	*out = (struct postings) { 0 };
	weigh_document(&w, table, document);
	if (w.n)
		qsort(w.v, w.n, sizeof *w.v, compare);
	for (size_t i = 0; i < w.n;) {
		uint32_t weight = 0;
		str term = { arena_text(a, w.v[i].term.p, w.v[i].term.n), w.v[i].term.n };
		for (; i < w.n && str_eq(w.v[i].term, term); i++)
			weight += w.v[i].weight;
		ARENA_GROW(a, out->v, out->n, out->cap);
		out->signature |= search_bits(term, false);
		out->v[out->n++] = (struct posting) { term, place_of(document, weight) };
	}
	arena_free(w.arena);
}

int64_t search_place_of(const struct table *table, const struct search_document *document, str term)
{
	/* Of an owner's rows each has the owner's term, whatever its words are. */
	bool of_owner = term.n && term.p[0] == '@';
	struct weighing w = { .arena = arena_new(),
		.only = of_owner ? STR("") : search_bare(term) };
	uint32_t weight = 0;
	weigh_document(&w, table, document);
	for (size_t i = 0; i < w.n; i++)
		weight += str_eq(w.v[i].term, term) ? w.v[i].weight : 0;
	arena_free(w.arena);
	return weight ? place_of(document, weight) : -1;
}
