/* search_rank.c: see search_plan.h. Tests: tests/http/search.test.mjs,
 * tests/unit/search_oracle_test.c */
#include <math.h>
#include <stdlib.h>

#include "core/search_plan.h"

#include "core/search_postings.h"

enum { COUNTED = 500 }; /* a word with more rows says as little as one with any number */

int64_t search_rows_with(const struct finder *f, size_t word)
{
	int64_t n = 0;
	for (size_t k = 0; k < f->query->words[word].n; k++)
		n += f->counts[word][k];
	return n;
}

int search_hit_order(const struct search_hit *a, const struct search_hit *b)
{
	if (a->tier != b->tier)
		return a->tier < b->tier ? -1 : 1;
	if (a->typed != b->typed)
		return a->typed ? -1 : 1;
	if (a->score > b->score || a->score < b->score)
		return a->score > b->score ? -1 : 1;
	int64_t newer = search_age(a->place) - search_age(b->place);
	return (newer > 0) - (newer < 0);
}

static int better(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	if (x->block != y->block)
		return x->block < y->block ? -1 : 1;
	int c = search_hit_order(&x->hit, &y->hit);
	return c ? c : strcmp(y->hit.id.text, x->hit.id.text);
}

/* The same row side by side, the best of it first. */
static int by_row(const void *a, const void *b)
{
	int c =
	    strcmp(((const struct found *)a)->hit.id.text, ((const struct found *)b)->hit.id.text);
	return c ? c : better(a, b);
}

/* The rarer a word, the more it says that it is there. */
static double rarity(const struct finder *f, size_t word)
{
	double rows = f->counted[word] ? (double)search_rows_with(f, word) : COUNTED;
	return log(1 + 2.0 * COUNTED / (1 + (rows < COUNTED ? rows : COUNTED)));
}

size_t search_titled(const struct all_found *all)
{
	size_t n = 0;
	for (size_t i = 0; i < all->n; i++)
		n += search_is_titled(&all->v[i]);
	return n;
}

static void weigh(const struct finder *f, struct found *one)
{
	one->hit.tier = TIER_EXACT;
	one->weighed = true;
	for (size_t i = 0; i < f->query->n; i++) {
		enum search_tier tier = TIER_EXACT;
		const struct search_word *w = &f->query->words[i];
		one->weights[i] = 0;
		if (w->negated || !search_match(one->words, w, &one->weights[i], &tier))
			continue;
		one->hit.tier = tier > one->hit.tier ? tier : one->hit.tier;
	}
}

static void score(const struct finder *f, struct found *one)
{
	one->hit.score = (double)search_weight(one->hit.place);
	if (!f->scored)
		return;
	if (!one->weighed)
		weigh(f, one);
	one->hit.score = 0;
	/* Rows of a pair come alike for any number that is shown, so without what is known of few;
	 * who sees some rows is not told by their order how many others have a word. */
	bool alike = !f->sees_all || (f->pair && search_is_titled(one));
	for (size_t i = 0; i < f->query->n; i++)
		one->hit.score += alike ? one->weights[i] : one->weights[i] * rarity(f, i);
}

void search_each_once(const struct finder *f, struct all_found *all)
{
	size_t n = 0;
	for (size_t i = 0; i < all->n; i++)
		score(f, &all->v[i]);
	if (all->n)
		qsort(all->v, all->n, sizeof *all->v, by_row);
	for (size_t i = 0; i < all->n; i++)
		if (!n || strcmp(all->v[n - 1].hit.id.text, all->v[i].hit.id.text) != 0)
			all->v[n++] = all->v[i];
	all->n = n;
}

static void sort(struct all_found *all)
{
	if (all->n)
		qsort(all->v, all->n, sizeof *all->v, better);
}

/* Not when each row has no word that weighs less than in the next one. How rare a word is counts
 * rows that the caller may not see, and the order would tell of them. */
bool search_rarity_tells(const struct finder *f, struct all_found *all)
{
	if (!f->sees_all)
		return false;
	sort(all);
	for (size_t i = 0; i + 1 < all->n; i++)
		for (size_t k = 0; k < f->query->n; k++)
			if (all->v[i].hit.tier == all->v[i + 1].hit.tier &&
			    all->v[i].weights[k] < all->v[i + 1].weights[k])
				return true;
	return false;
}

void search_rank(const struct finder *f, struct all_found *all, struct search_hits *out)
{
	search_each_once(f, all);
	sort(all);
	*out = (struct search_hits) { .n = all->n < f->most ? all->n : f->most,
		.more = all->cut || all->n > f->most };
	out->v = ARENA_ARRAY(f->call->arena, out->n + 1, struct search_hit);
	for (size_t i = 0; i < out->n; i++)
		out->v[i] = all->v[i].hit;
}
