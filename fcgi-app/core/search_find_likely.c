/* search_find_likely.c: see search_plan.h. Tests: tests/http/search.test.mjs,
 * tests/unit/search_oracle_test.c */
#include "core/search_plan.h"

/* All lists of a word that may be begun; none: it may be in the titles of very many. */
static void whole_lists(const struct finder *f, const struct search_word *w, struct term_lists *out)
{
	bool titled = false;
	*out = (struct term_lists) { .n = 0 };
	if (w->negated || !search_ranges_of(w))
		return;
	for (size_t k = 0; k < w->n; k++) {
		titled = titled || (w->ways[k].range && !search_is_elsewhere(&w->ways[k]));
		if (search_begun_way(w, k) < w->n || search_is_start(w->ways[k].term) ||
		    !search_is_read(f, &w->ways[k]))
			continue;
		struct term_list one = search_list_of(f, w, k, false);
		one.ordered = false;
		term_lists_add(out, one);
	}
	if (!titled)
		out->n = 0;
}

/* The word with the fewest lists; of equal ones the longest. */
static void likely_lists(struct finder *f, struct term_lists *out)
{
	struct term_lists *lists = ARENA_NEW(f->call->arena, struct term_lists);
	size_t longest = 0;
	out->n = 0;
	for (size_t i = 0; i < f->query->n; i++) {
		const struct search_word *w = &f->query->words[i];
		size_t letters = w->n ? w->ways[0].piece.n : 0;
		whole_lists(f, w, lists);
		if (!lists->n ||
		    (out->n && (lists->n > out->n || (lists->n == out->n && letters <= longest))))
			continue;
		f->driver = i;
		longest = letters;
		*out = *lists;
	}
}

/* Leaves those alone that have all words of the query, if there are any. */
static bool only_with(const struct search_query *query, struct all_found *all)
{
	size_t n = 0;
	for (size_t i = 0; i < all->n; i++) {
		bool has = true;
		for (size_t k = 0; k < query->n && has; k++) {
			uint32_t weight;
			enum search_tier tier;
			const struct search_word *w = &query->words[k];
			has = w->negated || search_match(all->v[i].words, w, &weight, &tier);
		}
		if (has) {
			struct found one = all->v[n];
			all->v[n++] = all->v[i];
			all->v[i] = one;
		}
	}
	all->n = n ? n : all->n;
	return n > 0;
}

error search_find_likely(struct finder *f, const struct search_query *wide,
    const struct search_query *typed, struct search_hits *out, bool *done)
{
	struct all_found all = { 0 };
	struct term_lists *lists = ARENA_NEW(f->call->arena, struct term_lists);
	*done = false;
	search_ask(f, wide, NULL);
	likely_lists(f, lists);
	if (!lists->n)
		return OK;
	TRY(search_read_whole(f, lists, &all, done));
	if (!*done)
		return OK;
	if (typed && only_with(typed, &all))
		search_ask(f, typed, NULL);
	search_each_once(f, &all);
	if (search_rarity_tells(f, &all))
		TRY(search_estimate(f, NULL));
	search_rank(f, &all, out);
	out->query = f->query;
	return OK;
}
