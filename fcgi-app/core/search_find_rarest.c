/* search_find_rarest.c: see search_plan.h. Tests: tests/http/search.test.mjs,
 * tests/unit/search_oracle_test.c */
#include "core/search_plan.h"
#include "core/sql_run.h"

enum {
	ENOUGH = 50,    /* rows with the word itself, when beginnings are left alone */
	OWN_ROWS = 500, /* rows of the rarest word from which on it is asked if the own are fewer */
	FEW = 1500,     /* rows that are read without a look for a word that has fewer */
	SEVERAL = 4000  /* rows from which on a beginning is common, and is not read to its end */
};

static size_t enough_rows(const struct finder *f) { return f->most < ENOUGH ? f->most : ENOUGH; }

/* ---- the rarest of several words ---- */

error search_estimate(struct finder *f, const bool *those)
{
	struct term_list lists[QUERY_WORDS * WORD_WAYS];
	int64_t rows[QUERY_WORDS * WORD_WAYS], *of[QUERY_WORDS * WORD_WAYS];
	size_t n = 0;
	for (size_t i = 0; i < f->query->n; i++) {
		const struct search_word *w = &f->query->words[i];
		if (w->negated || f->counted[i] || (those && !those[i]))
			continue;
		f->counted[i] = true;
		for (size_t k = 0; k < w->n; k++)
			if (search_begun_way(w, k) == w->n && search_is_read(f, &w->ways[k])) {
				lists[n] = search_list_of(f, w, k, false);
				of[n++] = &f->counts[i][k];
			}
	}
	if (n)
		TRY(term_lists_estimate(f->call, f->table, lists, n, rows));
	for (size_t i = 0; i < n; i++)
		*of[i] += rows[i];
	return OK;
}

/* Two words are mostly enough to know how to go on: each list that is asked for takes its time. */
static error estimate_some(struct finder *f)
{
	bool those[QUERY_WORDS] = { false };
	for (size_t i = 0, n = 0; i < f->query->n && n < 2; i++)
		if (f->pair ? i == f->pair->word[0] || i == f->pair->word[1]
			    : !f->query->words[i].negated) {
			those[i] = true;
			n++;
		}
	return search_estimate(f, those);
}

/* The word with the fewest rows; of equal ones that which is no beginning. */
static size_t rarest(const struct finder *f)
{
	size_t best = f->query->n, ranges = 0;
	for (size_t i = 0; i < f->query->n; i++) {
		size_t n = search_ranges_of(&f->query->words[i]);
		if (!f->counted[i])
			continue;
		if (best == f->query->n || search_rows_with(f, i) < search_rows_with(f, best) ||
		    (search_rows_with(f, i) == search_rows_with(f, best) && n < ranges)) {
			best = i;
			ranges = n;
		}
	}
	return best;
}

/* ---- which of its lists are read ---- */

/* A beginning of many rows. */
static bool is_common(const struct search_word *word, size_t way, const int64_t *counts)
{
	return word->ways[way].range && counts[way] > SEVERAL;
}

/* The lists of terms that are typed out, and of beginnings that are rare. */
static void plain_lists(const struct finder *f, const struct search_word *word,
    const int64_t *counts, struct term_lists *out)
{
	*out = (struct term_lists) { .n = 0 };
	for (size_t k = 0; k < word->n; k++) {
		size_t begun = search_begun_way(word, k);
		if (word->ways[k].range ? !is_common(word, k, counts)
					: begun == word->n || is_common(word, begun, counts))
			term_lists_add(out, search_list_of(f, word, k, false));
	}
}

/* Those of common beginnings, when the others have not given enough. Who sees all rows reads the
 * best of each term of the beginning. Who sees some would read the terms of all the others, so all
 * of the beginning is read, and what is out of scope passed over; nor may it be told that there are
 * more, for that is known of all rows alone. */
static error more_lists(struct finder *f, const struct search_word *word, const int64_t *counts,
    const struct all_found *all, struct term_lists *out)
{
	bool enough = all->n >= enough_rows(f);
	*out = (struct term_lists) { .n = 0 };
	for (size_t k = 0; k < word->n; k++) {
		const struct term_list range = search_list_of(f, word, k, true);
		if (!is_common(word, k, counts))
			continue;
		if (!f->sees_all)
			term_lists_add(out, range);
		else if (enough || (all->n && search_has_starts(word)))
			out->cut = true;
		else
			TRY(term_list_expand(f->call, f->table, &range, EXPANDED, out));
	}
	return OK;
}

/* ---- its rows ---- */

/* All rows of a list at once, without its order. */
static void add_whole(struct term_lists *all, struct term_list one)
{
	one.ordered = false;
	term_lists_add(all, one);
}

/* Who sees own rows alone reads these instead of the rarest word's, when they are fewer. */
static error own_list(struct finder *f, struct term_lists *out)
{
	int64_t rows = 0;
	const struct term_list own = { .term = search_owner_term(
					   f->call->arena, f->call->me.agent.text) };
	if (!search_sees_own(f) || search_rows_with(f, f->driver) < OWN_ROWS)
		return OK;
	TRY(term_lists_estimate(f->call, f->table, &own, 1, &rows));
	if (rows < search_rows_with(f, f->driver))
		add_whole(out, own);
	return OK;
}

error search_find_rarest(struct finder *f, struct all_found *all)
{
	struct term_lists lists = { .n = 0 };
	TRY(estimate_some(f));
	if (search_rows_with(f, rarest(f)) > FEW)
		TRY(search_estimate(f, NULL));
	f->driver = rarest(f);
	const struct search_word *w = &f->query->words[f->driver];
	const int64_t *counts = f->counts[f->driver];
	TRY(own_list(f, &lists));
	if (lists.n) {
		f->driver = f->query->n;
		return search_read_lists(f, &lists, all);
	}
	plain_lists(f, w, counts, &lists);
	TRY(search_read_lists(f, &lists, all));
	search_each_once(f, all);
	TRY(more_lists(f, w, counts, all, &lists));
	if (!f->sees_all && all->n >= f->most) {
		all->cut = all->cut || lists.n;
		return OK;
	}
	/* Whether these are read depends on how many are shown, so they are ranked behind. */
	f->blocks += HITS;
	return search_read_lists(f, &lists, all);
}

/* ---- all rows that may have all words ---- */

error search_candidates(struct call *call, struct sql *sql, const struct table *table,
    enum level level, const struct search_query *query, const char *alias, bool *all_have)
{
	struct finder f = { .call = call,
		.table = table,
		.level = level,
		.sees_all = access_sees_all(call, table, level) };
	size_t n = 0;
	search_ask(&f, query, NULL);
	if (f.scored)
		TRY(search_estimate(&f, NULL));
	*all_have = !f.documents;
	f.driver = f.scored ? rarest(&f) : 0;
	const struct search_word *w = &query->words[f.driver];
	sql_add(sql, "(");
	for (size_t k = 0; k < w->n; k++) {
		if (search_begun_way(w, k) != w->n)
			continue;
		const struct term_list one = search_list_of(&f, w, k, false);
		sql_add(sql, n++ ? " UNION " : "");
		term_list_select(call, sql, "SELECT DISTINCT p.row_id FROM ", table, &one);
		search_signatures(sql, query, f.driver);
	}
	sql_addf(sql, ") %s", alias);
	return OK;
}
