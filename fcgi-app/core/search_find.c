/* search_find.c: see search_find.h. Tests: tests/http/search.test.mjs, tests/unit/search_test.c */
#include "core/search_find.h"

#include "core/search_finder.h"
#include "core/search_spell.h"
#include "core/search_write.h"
#include "core/sql_run.h"

enum {
	ENOUGH = 50,    /* rows with the word itself, when beginnings are left alone */
	OWN_ROWS = 500, /* rows of the rarest word from which on it is asked if the own are fewer */
	EXPANDED = 48,  /* terms of one beginning that are read in their order */
	AT_ONCE = 256,  /* rows of two words in titles whose documents are read at once */
	FEW = 1500,     /* rows that are read without a look for a word that has fewer */
	SEVERAL =
	    4000 /* rows of a beginning that are all read as conditions, so that few are left */
};

static size_t enough_rows(const struct finder *f) { return f->most < ENOUGH ? f->most : ENOUGH; }

static size_t ranges_of(const struct search_word *word)
{
	size_t n = 0;
	for (size_t k = 0; k < word->n; k++)
		n += word->ways[k].range;
	return n;
}

static bool is_start(str term) { return term.n && term.p[0] == '^'; }

/* That the caller sees own rows alone, of a table whose rows are somebody's. */
static bool sees_own(const struct finder *f)
{
	return f->level == LEVEL_OWN && f->table->owner && !f->table->n_parents;
}

/* A way of a titled word, of which own rows are a list by themselves. */
static bool is_own(const struct finder *f, const struct search_way *way)
{
	return sees_own(f) && !is_start(way->term) && !search_is_elsewhere(way);
}

/* A beginning that is so common and so short that it is a term of its own is read there. */
static bool listed(const struct search_word *word)
{
	for (size_t k = 0; k < word->n; k++)
		if (is_start(word->ways[k].term))
			return true;
	return false;
}

/* What is read for a way of a word. A beginning of titled words is nearer than one elsewhere; where
 * it is a term of its own, that says so. */
static struct term_list list_of(
    const struct finder *f, const struct search_word *w, size_t k, bool was_read)
{
	struct term_list one = term_list_of(w, k, was_read);
	if (one.range && one.tier == TIER_PREFIX && !search_is_elsewhere(&w->ways[k]) &&
	    (is_own(f, &w->ways[k]) || !listed(w)))
		one.tier = TIER_TITLE;
	if (is_own(f, &w->ways[k]))
		one.term = search_own_term(f->call->arena, f->call->me.agent.text, w->ways[k].term);
	return one;
}

/* ---- the rarest of several words ---- */

/* Of those words; NULL: of all, that are not counted yet. */
static error estimate_words(struct finder *f, const bool *those)
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
			if (search_begun_way(w, k) == w->n) {
				lists[n] = list_of(f, w, k, false);
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
	return estimate_words(f, those);
}

/* The word with the fewest rows; of equal ones that which is no beginning. */
static size_t rarest(const struct finder *f)
{
	size_t best = f->query->n, ranges = 0;
	for (size_t i = 0; i < f->query->n; i++) {
		size_t n = ranges_of(&f->query->words[i]);
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
			term_lists_add(out, list_of(f, word, k, false));
	}
}

/* Those of common beginnings, when the others have not given enough. Who sees all rows reads the
 * best of each term of the beginning. Who sees some would read the terms of all the others, so all
 * of the beginning is read, and what is out of scope passed over; nor may it be told that there are
 * more, for that is known of all rows alone. */
static error more_lists(struct finder *f, const struct search_word *word, const int64_t *counts,
    bool enough, struct term_lists *out)
{
	*out = (struct term_lists) { .n = 0 };
	for (size_t k = 0; k < word->n; k++) {
		const struct term_list range = list_of(f, word, k, true);
		if (!is_common(word, k, counts))
			continue;
		if (!f->sees_all)
			term_lists_add(out, range);
		else if (enough || listed(word))
			out->cut = true;
		else
			TRY(term_list_expand(f->call, f->table, &range, EXPANDED, out));
	}
	return OK;
}

/* ---- one word ---- */

/* Of a beginning that has more rows than were read only those with the word itself are known to be
 * the best. */
static void leave_out_begun(struct all_found *all)
{
	size_t n = 0;
	for (size_t i = 0; i < all->n; i++)
		if (!all->v[i].from->range || !all->v[i].from->cut || all->v[i].typed)
			all->v[n++] = all->v[i];
	all->n = n;
}

static void leave_out(struct all_found *all, const struct term_list *from)
{
	size_t n = 0;
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].from != from)
			all->v[n++] = all->v[i];
	all->n = n;
}

/* What is read at first, and what only when that does not fill what is shown. Of most words all
 * that begins so are few rows, so their beginnings are read at first; but not when a beginning is a
 * term of its own. Own rows with a titled word that begins so are all read, so what is a term for
 * its few letters is not needed. */
static void first_lists(const struct finder *f, const struct search_word *w, bool own,
    struct term_lists *first, struct term_lists *later)
{
	bool starts = listed(w);
	for (size_t k = 0; k < w->n; k++) {
		const struct search_way *way = &w->ways[k];
		struct term_list one = list_of(f, w, k, starts && !own);
		bool is_read = own ? is_start(way->term) || search_begun_way(w, k) < w->n
				   : !starts && search_begun_way(w, k) < w->n;
		if (is_read)
			continue;
		if (way->range && starts && !(own && (is_own(f, way) || one.typed))) {
			term_lists_add(later, one);
			continue;
		}
		one.ordered = !(way->range && is_own(f, way));
		term_lists_add(first, one);
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

/* All rows of beginnings, if they are rare or the caller sees some rows alone; the best of each of
 * their terms otherwise. */
static error read_beginnings(struct finder *f, struct term_lists *lists, struct all_found *all)
{
	struct term_lists *best = ARENA_NEW(f->call->arena, struct term_lists);
	TRY(search_read_lists(f, lists, all));
	for (size_t i = 0; i < lists->n; i++)
		if (f->sees_all && lists->v[i].cut) {
			leave_out(all, &lists->v[i]);
			TRY(term_list_expand(f->call, f->table, &lists->v[i], EXPANDED, best));
		}
	return best->n ? search_read_lists(f, best, all) : OK;
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
		if (is_start(w->ways[k].term))
			term_lists_add(lists, list_of(f, w, k, false));
	return search_read_lists(f, lists, all);
}

/* What is nearest first, and what is ranked behind it when that does not fill what is shown. */
static error find_word(struct finder *f, struct all_found *all)
{
	const struct search_word *w = &f->query->words[0];
	struct term_lists *lists = ARENA_NEW(f->call->arena, struct term_lists),
			  *later = ARENA_NEW(f->call->arena, struct term_lists);
	bool own = false;
	for (size_t k = 0; k < w->n; k++)
		own = own || (w->ways[k].range && is_own(f, &w->ways[k]));
	first_lists(f, w, own, lists, later);
	TRY(search_read_lists(f, lists, all));
	if (own)
		TRY(read_starts(f, w, lists, all));
	leave_out_begun(all);
	search_each_once(f, all);
	add_cut(lists, later);
	size_t nearer = 0; /* than what was not read yet */
	for (size_t i = 0; i < all->n; i++)
		nearer += all->v[i].hit.tier < TIER_PREFIX;
	if (nearer < f->most)
		return read_beginnings(f, later, all);
	all->cut = all->cut || later->n;
	return OK;
}

/* ---- several: two of them in titles ---- */

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

/*
 * Rows with two of the words in their title, as they were typed, in their order; then, when that
 * does not fill what is shown, the others that have both: when their lists are short, they are read
 * at once. *whole: that is all that is shown. This is asked without a look at how long the lists
 * are, which takes as long as to read short ones.
 */
static error find_pair(struct finder *f, struct all_found *all, bool *whole)
{
	enum { MORE = 8, MOST = 4000 };
	struct term_lists *lists = ARENA_NEW(f->call->arena, struct term_lists);
	struct pair_found found;
	int ordered = search_whole_blocks(f);
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
	all->cut = !found.all_exact || !all_rest;
	*whole = search_titled(all) >= f->most || (found.all_exact && all_rest);
	if (*whole && all_rest)
		take_rarity(f, lists);
	search_each_once(f, all);
	f->blocks = HITS;
	return OK;
}

/* ---- several: by the rarest ---- */

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
	if (!sees_own(f) || search_rows_with(f, f->driver) < OWN_ROWS)
		return OK;
	TRY(term_lists_estimate(f->call, f->table, &own, 1, &rows));
	if (rows < search_rows_with(f, f->driver))
		add_whole(out, own);
	return OK;
}

static error find_rarest(struct finder *f, struct all_found *all)
{
	struct term_lists lists = { .n = 0 };
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
	if (!f->sees_all && all->n >= f->most)
		return OK;
	TRY(more_lists(f, w, counts, all->n >= enough_rows(f), &lists));
	return search_read_lists(f, &lists, all);
}

static error find_words(struct finder *f, struct all_found *all)
{
	bool whole = false;
	if (f->pair)
		TRY(find_pair(f, all, &whole));
	if (whole)
		return OK;
	TRY(estimate_some(f));
	if (search_rows_with(f, rarest(f)) > FEW)
		TRY(estimate_words(f, NULL));
	return find_rarest(f, all);
}

/* ---- all of it ---- */

static void ask(struct finder *f, const struct search_query *query, const struct word_pair *pair)
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

static error find_query(struct finder *f, const struct search_query *query,
    const struct word_pair *pair, struct search_hits *out)
{
	struct all_found all = { 0 };
	ask(f, query, pair);
	TRY(f->scored ? find_words(f, &all) : find_word(f, &all));
	search_rank(f, &all, out);
	out->query = query;
	return OK;
}

/* Two words whose lists are read; NULL: who sees some rows would pass over those of all the others,
 * and so would who wants some. */
static const struct word_pair *pair_of(const struct finder *f, const struct search_query *query)
{
	if (!f->sees_all || f->narrow || query->n < 2)
		return NULL;
	struct word_pair *pair = ARENA_NEW(f->call->arena, struct word_pair);
	return search_pair_of(f->call->arena, query, pair) ? pair : NULL;
}

/* ---- several: by a word of which few rows are likely ---- */

/* All lists of a word that may be begun; none: it may be in the titles of very many. */
static void whole_lists(const struct finder *f, const struct search_word *w, struct term_lists *out)
{
	bool titled = false;
	*out = (struct term_lists) { .n = 0 };
	if (w->negated || !ranges_of(w))
		return;
	for (size_t k = 0; k < w->n; k++) {
		titled = titled || (w->ways[k].range && !search_is_elsewhere(&w->ways[k]));
		if (search_begun_way(w, k) < w->n || is_start(w->ways[k].term))
			continue;
		struct term_list one = list_of(f, w, k, false);
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

/*
 * All rows with a word that is likely in few, which have the others; *done: false when that takes
 * too long. What was typed is a part of what begins so (`wide`), so both are known at once;
 * `typed`: NULL when it is known that no row has it. Rarity takes a statement to ask for, so it is
 * asked for when it tells.
 */
static error find_likely(struct finder *f, const struct search_query *wide,
    const struct search_query *typed, struct search_hits *out, bool *done)
{
	struct all_found all = { 0 };
	struct term_lists *lists = ARENA_NEW(f->call->arena, struct term_lists);
	*done = false;
	ask(f, wide, NULL);
	likely_lists(f, lists);
	if (!lists->n)
		return OK;
	TRY(search_read_whole(f, lists, &all, done));
	if (!*done)
		return OK;
	if (typed && only_with(typed, &all))
		ask(f, typed, NULL);
	search_each_once(f, &all);
	if (search_rarity_tells(f, &all))
		TRY(estimate_words(f, NULL));
	search_rank(f, &all, out);
	out->query = f->query;
	return OK;
}

/* That many rows in whose titles the word is, of those that the caller sees, have been counted. */
static bool is_known(const struct finder *f, size_t i)
{
	enum { MANY = 10 };
	const struct search_word *w = &f->query->words[i];
	int64_t n = 0;
	for (size_t k = 0; f->counted[i] && k < w->n; k++)
		if (f->sees_all ? !search_is_elsewhere(&w->ways[k]) : is_own(f, &w->ways[k]))
			n += f->counts[i][k];
	return n >= MANY;
}

/* Rows with words of which it is known that none has them as they were typed. */
static error find_begun(struct finder *f, const struct search_query *query, struct search_hits *out)
{
	bool done = false;
	if (query->n > 1)
		TRY(find_likely(f, query, NULL, out, &done));
	return done ? OK : find_query(f, query, pair_of(f, query), out);
}

/* The query with other spellings of the words that no row has which the caller sees; NULL when
 * there are none. */
static error spelled(
    const struct finder *f, const struct search_query *query, const struct search_query **out)
{
	struct call *call = f->call;
	struct search_query *other = ARENA_NEW(call->arena, struct search_query);
	struct misspelt words[QUERY_WORDS];
	struct search_word *of[QUERY_WORDS];
	size_t n = 0;
	bool any = false;
	*other = (struct search_query) { ARENA_ARRAY(call->arena, query->n, struct search_word),
		query->n, NULL };
	memcpy(other->words, query->words, query->n * sizeof *other->words);
	for (size_t i = 0; i < query->n; i++) {
		struct search_word *w = &other->words[i];
		if (!w->whole || w->negated || is_known(f, i))
			continue;
		words[n] = (struct misspelt) { .word = search_bare(w->ways[0].term),
			.missing = query->n == 1 };
		of[n++] = w;
	}
	if (n)
		TRY(search_spellings(call, f->table, f->level, words, n));
	for (size_t i = 0; i < n; i++) {
		if (words[i].missing)
			of[i]->n = 0; /* they have found nothing */
		for (size_t k = 0; k < words[i].n; k++)
			any = search_word_add(call->arena, of[i], words[i].spellings[k]) || any;
	}
	*out = any ? other : NULL;
	return OK;
}

error search_find(struct call *call, const struct table *table, enum level level,
    const struct search_query *query, const struct search_narrow *narrow, size_t most,
    struct search_hits *out)
{
	struct finder f = { .call = call,
		.table = table,
		.level = level,
		.sees_all = access_sees_all(call, table, level),
		.narrow = narrow,
		.most = most < HITS ? most : HITS };
	const struct search_query *other;
	const struct word_pair *pair = pair_of(&f, query);
	bool done = false;
	access_note(
	    call, table, level); /* also for an answer that needs no statement to be empty */
	/* The rows that this call has written so far are found as well. */
	TRY(search_flush(call));
	if (query->begun && !pair)
		TRY(find_likely(&f, query->begun, query, out, &done));
	if (!done)
		TRY(find_query(&f, query, pair, out));
	if (out->n || level == LEVEL_NONE)
		return OK;
	if (query->begun && !done)
		TRY(find_begun(&f, query->begun, out));
	if (out->n)
		return OK;
	TRY(spelled(&f, f.query, &other));
	return other ? find_begun(&f, other, out) : OK;
}

void search_condition(struct sql *sql, const struct table *table, const struct search_query *query)
{
	sql_from(sql, "EXISTS (SELECT 1 FROM ", &search_documents_table, "d");
	sql_add(sql, " WHERE d.company_id = t.company_id AND d.object = ");
	sql_int(sql, table->searched);
	sql_add(sql, " AND d.row_id = t.id");
	search_pieces(sql, query, query->n);
	sql_add(sql, ")");
	sql_noted(sql, "d"); /* a document changes with its row */
}
