/* search_pairs.c: see search_pairs.h. Tests: tests/http/search.test.mjs */
#include "core/search_pairs.h"

#include "core/search_text.h"

/* Ways in which a word can be one of the titled words of a row. */
struct titled_ways {
	struct {
		str word;
		bool begun;
	} v[WORD_WAYS];
	size_t n;
	bool begun; /* one of them is */
};

static bool titled_ways_of(const struct search_word *w, struct titled_ways *out)
{
	*out = (struct titled_ways) { .n = 0 };
	for (size_t k = 0; k < w->n; k++) {
		const struct search_way *way = &w->ways[k];
		bool start = search_is_start(way->term), begun = start || way->range, known = false;
		str word = start ? (str) { way->term.p + 1, way->term.n - 1 } : way->term;
		if (search_dense(search_bare(word)))
			return false; /* has no pairs */
		if (search_is_elsewhere(way))
			continue;
		for (size_t i = 0; i < out->n; i++)
			if (str_eq(out->v[i].word, word)) {
				known = true;
				out->v[i].begun = out->v[i].begun || begun;
			}
		if (!known) {
			out->v[out->n].word = word;
			out->v[out->n++].begun = begun;
		}
		out->begun = out->begun || begun;
	}
	return out->n && !w->negated;
}

static void add_elsewhere(const struct search_query *query, size_t i, struct term_lists *out)
{
	const struct search_word *word = &query->words[i];
	for (size_t k = 0; k < word->n; k++)
		if (search_is_elsewhere(&word->ways[k]) && search_begun_way(word, k) == word->n) {
			struct term_list one = term_list_of(word, k, false);
			one.ordered = false;
			one.elsewhere = true;
			one.word = i;
			term_lists_add(out, one);
		}
}

/* One word of a title may be both: anna for `anna ann`, where no pair says so. */
static bool can_be_one(const struct titled_ways *one, const struct titled_ways *other)
{
	for (size_t i = 0; i < one->n; i++)
		for (size_t k = 0; k < other->n; k++) {
			str a = one->v[i].word, b = other->v[k].word;
			bool begins = a.n >= b.n && !memcmp(a.p, b.p, b.n);
			if (begins && (a.n == b.n || other->v[k].begun))
				return true;
		}
	return false;
}

bool search_pair_of(struct arena *a, const struct search_query *query, struct word_pair *out)
{
	enum { MOST = 6 };
	struct titled_ways ways[2];
	size_t n = 0;
	*out = (struct word_pair) { .exact.n = 0 };
	for (size_t i = 0; i < query->n && n < 2; i++)
		if (titled_ways_of(&query->words[i], &ways[n]) &&
		    !(n && ways[0].begun && ways[1].begun))
			out->word[n++] = i;
	if (n < 2 || ways[0].n * ways[1].n > MOST)
		return false;
	/* A pair is found by all of its first word, and by the beginning of its second. */
	const struct titled_ways *first = &ways[ways[0].begun], *second = &ways[!ways[0].begun];
	if (can_be_one(first, second))
		return false;
	for (size_t i = 0; i < first->n; i++)
		for (size_t k = 0; k < second->n; k++) {
			struct term_list one = { .term = search_pair_term(
						     a, first->v[i].word, second->v[k].word),
				.ordered = true };
			term_lists_add(&out->exact, one);
			one.ordered = false;
			one.range = one.longer = true;
			if (second->v[k].begun)
				term_lists_add(&out->rest, one);
		}
	for (size_t i = 0; i < 2; i++)
		add_elsewhere(query, out->word[i], &out->rest);
	return true;
}
