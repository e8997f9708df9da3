/* search_plan.c: see search_plan.h. Tests: tests/http/search.test.mjs,
 * tests/unit/search_oracle_test.c */
#include "core/search_plan.h"

size_t search_ranges_of(const struct search_word *word)
{
	size_t n = 0;
	for (size_t k = 0; k < word->n; k++)
		n += word->ways[k].range;
	return n;
}

bool search_sees_own(const struct finder *f)
{
	return f->level == LEVEL_OWN && f->table->owner && !f->table->n_parents;
}

bool search_is_apart(const struct finder *f, const struct search_way *way)
{
	return (f->groups || search_sees_own(f)) && !search_is_start(way->term) &&
	       !search_is_elsewhere(way);
}

bool search_is_read(const struct finder *f, const struct search_way *way)
{
	return !f->groups || search_is_apart(f, way);
}

bool search_has_starts(const struct search_word *word)
{
	for (size_t k = 0; k < word->n; k++)
		if (search_is_start(word->ways[k].term))
			return true;
	return false;
}

struct term_list search_list_of(
    const struct finder *f, const struct search_word *w, size_t k, bool was_read)
{
	struct term_list one = term_list_of(w, k, was_read);
	if (one.range && one.tier == TIER_PREFIX && !search_is_elsewhere(&w->ways[k]) &&
	    (search_is_apart(f, &w->ways[k]) || !search_has_starts(w)))
		one.tier = TIER_TITLE;
	if (search_is_apart(f, &w->ways[k]))
		one.term = f->groups
			       ? search_group_term(f->call->arena, one.term)
			       : search_own_term(f->call->arena, f->call->me.agent.text, one.term);
	return one;
}

void search_ask(struct finder *f, const struct search_query *query, const struct word_pair *pair)
{
	f->query = query;
	f->pair = pair;
	memset(f->counted, 0, sizeof f->counted);
	f->counts = (int64_t(*)[WORD_WAYS])arena_array(f->call->arena, query->n, sizeof *f->counts);
	f->blocks = 0;
	f->driver = query->n;
	f->scored = query->n > 1;
	f->documents = f->scored;
	for (size_t i = 0; i < query->n; i++)
		for (size_t k = 0; k < query->words[i].n; k++)
			f->documents =
			    f->documents || query->words[i].field || !query->words[i].ways[k].alone;
}
