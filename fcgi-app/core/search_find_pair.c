/* search_find_pair.c: see search_plan.h. Tests: tests/http/search.test.mjs,
 * tests/unit/search_oracle_test.c */
#include "core/search_plan.h"

enum { AT_ONCE = 256 }; /* rows with both words, not in their titles, whose documents are read */

/* Leaves the titled ones alone. */
static void only_titled(struct all_found *all)
{
	size_t n = 0;
	for (size_t i = 0; i < all->n; i++)
		if (search_is_titled(&all->v[i]))
			all->v[n++] = all->v[i];
	all->n = n;
}

/* Of two words it is known by then how rare they are elsewhere. */
static void take_rarity(struct finder *f, const struct term_lists *read)
{
	for (size_t i = 0; i < read->n; i++)
		if (read->v[i].elsewhere) {
			f->counts[read->v[i].word][0] += (int64_t)read->v[i].taken;
			f->counted[read->v[i].word] = true;
		}
}

/* That no list of the pair has more rows than are ranked among each other. */
static bool few(const struct term_lists *lists)
{
	for (size_t i = 0; i < lists->n; i++)
		if (lists->v[i].ordered && lists->v[i].taken >= A_BLOCK)
			return false;
	return true;
}

/* When all rows are known and they are few, they are ranked as one, by how rare the words are where
 * that tells. */
static error rank_as_one(struct finder *f, struct all_found *all)
{
	for (size_t i = 0; i < all->n; i++)
		all->v[i].block = 0;
	f->pair = NULL;
	search_each_once(f, all);
	return search_rarity_tells(f, all) ? search_estimate(f, NULL) : OK;
}

error search_find_pair(struct finder *f, struct all_found *all, bool *whole)
{
	enum { MORE = 8, MOST = 4000 };
	struct term_lists *lists = ARENA_NEW(f->call->arena, struct term_lists);
	struct pair_found found;
	int ordered = search_rows_of_list(f);
	for (size_t i = 0; i < f->pair->exact.n; i++)
		term_lists_add(lists, f->pair->exact.v[i]);
	for (size_t i = 0; i < f->pair->rest.n; i++)
		term_lists_add(lists, f->pair->rest.v[i]);
	bool all_rest, more;
	do {
		TRY(search_read_pair(f, lists, ordered, &found));
		all_rest = found.all_rest && found.rows.n - search_titled(&found.rows) <= AT_ONCE;
		if (!all_rest)
			only_titled(&found.rows);
		TRY(search_read_documents(f, &found.rows));
		search_each_once(f, &found.rows);
		/* The other words may have left few of them: then more are read. */
		more = !found.all_exact && search_titled(&found.rows) < f->most && ordered < MOST;
		ordered = ordered * MORE < MOST ? ordered * MORE : MOST;
	} while (more);
	*all = found.rows;
	if (all_rest && few(lists)) {
		*whole = true;
		return rank_as_one(f, all);
	}
	all->cut = !found.all_exact || !all_rest;
	*whole = search_titled(all) >= f->most || (found.all_exact && all_rest);
	if (*whole && all_rest)
		take_rarity(f, lists);
	search_each_once(f, all);
	f->blocks = HITS;
	return OK;
}
