/* search_find_word.c: see search_plan.h. Tests: tests/http/search.test.mjs,
 * tests/unit/search_oracle_test.c */
#include "core/search_plan.h"

/* Of a beginning that has more rows than were read only those with the word itself are known to be
 * the best; the others are read again, or what is a term for its few letters. Of a longer one of
 * own rows there is nothing else to read. */
static void leave_out_begun(const struct search_word *w, struct all_found *all)
{
	size_t n = 0;
	bool starts = search_has_starts(w);
	for (size_t i = 0; i < all->n; i++) {
		const struct term_list *from = all->v[i].from;
		if (!from->range || !from->cut || all->v[i].typed || !(from->ordered || starts))
			all->v[n++] = all->v[i];
	}
	all->n = n;
}

/* Who sees own rows alone reads all of those whose titled words begin so, so that terms for a few
 * letters are not needed. */
static bool begins_own(const struct finder *f, const struct search_word *w)
{
	for (size_t k = 0; k < w->n; k++)
		if (w->ways[k].range && search_is_apart(f, &w->ways[k]))
			return true;
	return false;
}

/* What is read at first, and what only when that does not fill what is shown. Of most words all
 * that begins so are few rows, so their beginnings are read at first, and with them the word
 * itself; but where a beginning is a term of its own, it and the word itself are read. */
static void first_lists(const struct finder *f, const struct search_word *w,
    struct term_lists *first, struct term_lists *later)
{
	bool starts = search_has_starts(w), own = begins_own(f, w);
	for (size_t k = 0; k < w->n; k++) {
		const struct search_way *way = &w->ways[k];
		struct term_list one = search_list_of(f, w, k, starts && !own);
		if (!search_is_read(f, way))
			continue;
		bool is_behind = way->range && starts && !(own && one.typed);
		if (way->range && search_is_apart(f, way))
			term_lists_add(first, one);
		else if (is_behind)
			term_lists_add(later, one);
		else if (starts && !own)
			term_lists_add(first, one);
		else if (search_begun_way(w, k) == w->n && !search_is_start(way->term)) {
			one.ordered = true;
			term_lists_add(first, one);
		}
	}
}

/* Of the first that are beginnings, what was not read. */
static void add_cut(const struct term_lists *first, struct term_lists *later)
{
	for (size_t i = 0; i < first->n; i++) {
		struct term_list one = first->v[i];
		if (!one.range || !one.ordered || !one.cut)
			continue;
		one.ordered = one.cut = false;
		one.longer = one.typed;
		one.taken = 0;
		term_lists_add(later, one);
	}
}

/* Rows that have very many words of one beginning, as long texts do, fill what is read with few of
 * them. Whether there are fewer than are ever shown does not depend on how many are wanted. */
static error read_beyond(
    struct finder *f, struct term_lists *lists, bool was_cut, struct all_found *all)
{
	bool cut = false, whole;
	for (size_t i = 0; i < lists->n; i++)
		cut = cut || lists->v[i].cut;
	if (!cut)
		return OK;
	search_each_once(f, all);
	if (all->n >= HITS)
		return OK;
	TRY(search_read_each(f, lists, all, &whole));
	if (whole)
		all->cut = was_cut;
	return OK;
}

/* All rows of beginnings, if they are rare or the caller sees some rows alone; the best of each of
 * their terms otherwise, and those that were read by then. */
static error read_beginnings(struct finder *f, struct term_lists *lists, struct all_found *all)
{
	struct term_lists *best = ARENA_NEW(f->call->arena, struct term_lists);
	bool was_cut = all->cut;
	TRY(search_read_lists(f, lists, all));
	for (size_t i = 0; i < lists->n; i++)
		if (f->sees_all && lists->v[i].cut)
			TRY(term_list_expand(f->call, f->table, &lists->v[i], EXPANDED, best));
	if (best->n)
		TRY(search_read_lists(f, best, all));
	return read_beyond(f, lists, was_cut, all);
}

/* What is a term for its few letters, when own rows that begin so are too many to be read. */
static error read_starts(struct finder *f, const struct search_word *w,
    const struct term_lists *read, struct all_found *all)
{
	struct term_lists *lists = ARENA_NEW(f->call->arena, struct term_lists);
	bool many = false;
	for (size_t i = 0; i < read->n; i++)
		many = many || (!read->v[i].ordered && read->v[i].cut);
	for (size_t k = 0; many && k < w->n; k++)
		if (search_is_start(w->ways[k].term) && search_is_read(f, &w->ways[k]))
			term_lists_add(lists, search_list_of(f, w, k, false));
	return search_read_lists(f, lists, all);
}

/* What is nearest first, and what is ranked behind it when that does not fill what is shown. */
error search_find_word(struct finder *f, struct all_found *all)
{
	const struct search_word *w = &f->query->words[0];
	struct term_lists *lists = ARENA_NEW(f->call->arena, struct term_lists),
			  *later = ARENA_NEW(f->call->arena, struct term_lists);
	first_lists(f, w, lists, later);
	TRY(search_read_lists(f, lists, all));
	if (begins_own(f, w))
		TRY(read_starts(f, w, lists, all));
	leave_out_begun(w, all);
	search_each_once(f, all);
	add_cut(lists, later);
	enum search_tier next = TIER_FUZZY; /* of what was not read yet */
	for (size_t i = 0; i < later->n; i++)
		next = later->v[i].tier < next ? later->v[i].tier : next;
	size_t nearer = 0;
	for (size_t i = 0; i < all->n; i++)
		nearer += all->v[i].hit.tier < next;
	if (nearer < f->most)
		return read_beginnings(f, later, all);
	all->cut = all->cut || later->n;
	return OK;
}
