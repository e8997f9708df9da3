/* search_find.c: see search_find.h. Tests: tests/http/search.test.mjs, tests/unit/search_test.c */
#include "core/search_find.h"

#include <math.h>
#include <stdlib.h>

#include "core/search_spell.h"
#include "core/search_write.h"
#include "core/sql_run.h"

enum {
	COUNTED = 500,  /* a word with more rows says as little as one with any number */
	ENOUGH = 50,    /* rows with the word itself, when beginnings are left alone */
	A_BLOCK = 30,   /* rows with several words that are ranked among each other */
	OWN_ROWS = 500, /* rows of the rarest word from which on it is asked if the own are fewer */
	EXPANDED = 48,  /* terms of one beginning that are read in their order */
	ONE_WORD = 500, /* rows of a beginning that are all read, when it is all that is asked */
	SEVERAL = 4000, /* and when they are conditions on each other, so that few are left */
	ROW_LIST = 2000 /* rows that are taken of a list that is read to its end */
};

struct finder {
	struct call *call;
	const struct table *table;
	enum level level;
	bool sees_all;
	const struct search_query *query;
	const struct search_narrow *narrow;
	size_t most;                  /* hits that are wanted */
	int64_t (*counts)[WORD_WAYS]; /* of each word's ways */
	size_t driver;                /* the word whose postings are read */
	bool documents;               /* terms alone do not say which rows match */
	bool scored;                  /* several words make the score */
};

/* ---- lists of the index ---- */

struct term_list {
	str term;
	bool range;   /* all terms that begin so */
	bool longer;  /* of a range: but the term itself, which was read */
	bool ordered; /* the best of it, in its order; all of it otherwise */
	enum search_tier tier;
};
struct term_lists {
	struct term_list v[WORD_WAYS + 4 * EXPANDED];
	size_t n;
	bool cut; /* a beginning has more terms than are read */
};

static void add_list(struct term_lists *all, struct term_list one)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->v[i].term, one.term) && all->v[i].range == one.range)
			return;
	if (all->n < sizeof all->v / sizeof *all->v)
		all->v[all->n++] = one;
	else
		all->cut = true;
}

static void add_term(struct term_lists *all, str term, enum search_tier tier)
{
	add_list(all, (struct term_list) { .term = term, .ordered = true, .tier = tier });
}

/* `read`: the term itself was, to its end. */
static void add_range(struct term_lists *all, const struct search_word *word, size_t k, bool read)
{
	const struct search_way *way = &word->ways[k];
	add_list(all, (struct term_list) { .term = way->term,
			  .range = true,
			  .longer = read && k && search_within_next(word, k - 1),
			  .tier = way->tier });
}

static void is_of(struct finder *f, struct sql *sql, const struct term_list *one)
{
	sql_add(sql, " WHERE p.company_id = ");
	sql_id(sql, f->call->me.company.text);
	sql_add(sql, " AND p.object = ");
	sql_int(sql, f->table->searched);
	sql_add(sql, " AND ");
	search_term(sql, one->term, one->range);
	if (one->longer) {
		sql_add(sql, " AND p.term > ");
		sql_text(sql, one->term);
	}
}

static void postings_of(
    struct finder *f, struct sql *sql, const char *select, const struct term_list *one)
{
	sql_from(sql, select, &search_postings_table, "p");
	is_of(f, sql, one);
	sql_noted(sql, "p"); /* of the table's own rows it is noted what can change (scope()) */
}

static size_t ranges_of(const struct search_word *word)
{
	size_t n = 0;
	for (size_t k = 0; k < word->n; k++)
		n += word->ways[k].range;
	return n;
}

static size_t enough_rows(const struct finder *f) { return f->most < ENOUGH ? f->most : ENOUGH; }

/* ---- how long they are ----
 * The server's own estimates: it looks at both ends of a list, and reads none of it. */

/* A row of EXPLAIN: id, select_type, table, type, possible_keys, key, key_len, ref, rows, Extra. */
struct explained {
	int64_t id;
	str rows, other;
};
static const struct field explained_id = {
	.name = "id", .type = T_INT, .offset = offsetof(struct explained, id)
};
static const struct field explained_rows = {
	.name = "rows", .type = T_TEXT, .offset = offsetof(struct explained, rows)
};
static const struct field explained_other = {
	.name = "other", .type = T_TEXT, .offset = offsetof(struct explained, other)
};
static const struct field *const explained_columns[] = { &explained_id, &explained_other,
	&explained_other, &explained_other, &explained_other, &explained_other, &explained_other,
	&explained_other, &explained_rows, &explained_other };

struct estimate {
	struct term_list list;
	int64_t *rows;
};

static error estimate(struct finder *f, const struct estimate *of, size_t n)
{
	struct db_rows *rows;
	struct sql sql;
	bool have;
	sql_begin(&sql, f->call->arena);
	sql_add(&sql, "EXPLAIN ");
	for (size_t i = 0; i < n; i++) {
		sql_add(&sql, i ? " UNION ALL " : "");
		postings_of(f, &sql, "SELECT 1 FROM ", &of[i].list);
	}
	TRY(sql_query(f->call, &sql, explained_columns,
	    sizeof explained_columns / sizeof *explained_columns, &rows));
	for (size_t i = 0; i < n; i++) {
		struct explained e;
		TRY(db_next(rows, &have));
		if (!have)
			break;
		db_into(rows, &e);
		if (!int_parse(e.rows, of[i].rows))
			*of[i].rows = 0;
	}
	db_close(rows);
	return OK;
}

static error estimate_words(struct finder *f)
{
	struct estimate of[QUERY_WORDS * WORD_WAYS];
	size_t n = 0;
	f->counts =
	    (int64_t(*)[WORD_WAYS])arena_array(f->call->arena, f->query->n, sizeof *f->counts);
	for (size_t i = 0; i < f->query->n; i++) {
		const struct search_word *w = &f->query->words[i];
		for (size_t k = 0; k < w->n && !w->negated; k++)
			if (!search_within_next(w, k))
				of[n++] = (struct estimate) { { .term = w->ways[k].term,
								  .range = w->ways[k].range },
					&f->counts[i][k] };
	}
	return estimate(f, of, n);
}

static int64_t rows_with(const struct finder *f, size_t word)
{
	int64_t n = 0;
	for (size_t k = 0; k < f->query->words[word].n; k++)
		n += f->counts[word][k];
	return n;
}

/* The word with the fewest rows; of equal ones that which is no beginning. */
static size_t rarest(const struct finder *f)
{
	size_t best = f->query->n, ranges = 0;
	for (size_t i = 0; i < f->query->n; i++) {
		size_t n = ranges_of(&f->query->words[i]);
		if (f->query->words[i].negated)
			continue;
		if (best == f->query->n || rows_with(f, i) < rows_with(f, best) ||
		    (rows_with(f, i) == rows_with(f, best) && n < ranges)) {
			best = i;
			ranges = n;
		}
	}
	return best;
}

/* ---- which lists are read ---- */

/* The terms of a range, each of which is then read in its own order. The server would read all rows
 * of a term to come to the next one (30,000 rows: 25 ms), so some are read at a time, and what
 * follows begins behind the last term. */
static error expand(struct finder *f, const struct term_list *range, struct term_lists *out)
{
	enum { STEPS = 8, A_STEP = 300 };
	struct term_list rest = *range;
	static const struct field fields[] = {
		{ .name = "term", .type = T_TEXT, .offset = 0 },
		{ .name = "rows", .type = T_INT, .offset = sizeof(str) },
	};
	const struct field *columns[] = { &fields[0], &fields[1] };
	size_t n = 0;
	if (!range->longer)
		add_term(out, range->term, range->tier);
	rest.longer = true;
	str after = range->term;
	for (int step = 0; step < STEPS; step++) {
		struct sql sql;
		struct db_rows *rows;
		int64_t read = 0;
		sql_begin(&sql, f->call->arena);
		sql_add(&sql, "SELECT z.term, COUNT(*) FROM (");
		postings_of(f, &sql, "SELECT p.term FROM ", &rest);
		sql_add(&sql, " AND p.term > ");
		sql_text(&sql, after);
		sql_addf(
		    &sql, " ORDER BY p.term LIMIT %d) z GROUP BY z.term ORDER BY z.term", A_STEP);
		TRY(sql_query(f->call, &sql, columns, 2, &rows));
		for (bool have;;) {
			struct {
				str term;
				int64_t rows;
			} one;
			TRY(db_next(rows, &have));
			if (!have)
				break;
			db_into(rows, &one);
			after = one.term;
			read += one.rows;
			if (n < EXPANDED)
				add_term(out, one.term, range->tier);
			else
				out->cut = true;
			n++;
		}
		if (read < A_STEP || out->cut)
			return OK;
	}
	out->cut = true;
	return OK;
}

/* A beginning that is so common and so short that it is a term of its own is read there. */
static bool listed(const struct search_word *word)
{
	for (size_t k = 0; k < word->n; k++)
		if (word->ways[k].term.n && word->ways[k].term.p[0] == '^')
			return true;
	return false;
}

/* A beginning of many rows. */
static bool is_common(const struct search_word *word, size_t way, const int64_t *counts)
{
	return word->ways[way].range && counts[way] > SEVERAL;
}

/* The lists of terms that are typed out, and of beginnings that are rare. */
static void plain_lists(
    const struct search_word *word, const int64_t *counts, struct term_lists *out)
{
	*out = (struct term_lists) { .n = 0 };
	for (size_t k = 0; k < word->n; k++) {
		const struct search_way *way = &word->ways[k];
		if (way->range && !is_common(word, k, counts))
			add_range(out, word, k, false);
		if (!way->range &&
		    !(search_within_next(word, k) && !is_common(word, k + 1, counts)))
			add_term(out, way->term, way->tier);
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
		struct term_lists ranges = { .n = 0 };
		if (!is_common(word, k, counts))
			continue;
		add_range(f->sees_all ? &ranges : out, word, k, true);
		if (!f->sees_all)
			continue;
		if (enough || listed(word))
			out->cut = true;
		else
			TRY(expand(f, &ranges.v[0], out));
	}
	return OK;
}

/* ---- reading them ---- */

/* That the caller sees the row: by the posting's copy of its owner and team, or by its parents. */
static void scope(struct finder *f, struct sql *sql)
{
	if (f->table->n_parents)
		access_where(f->call, sql, f->table, "t", f->level);
	else
		access_where_copy(f->call, sql, f->table, &search_postings_table, "p", f->level);
}

static void branch(
    struct finder *f, struct sql *sql, const struct term_list *s, size_t number, int limit)
{
	bool row = f->narrow || f->table->n_parents;
	sql_addf(sql, "SELECT p.row_id, p.place, %zu%s", number, f->scored ? ", d.words" : "");
	sql_from(sql, " FROM ", &search_postings_table, "p");
	sql_noted(sql, "p");
	if (f->documents) {
		sql_from(sql, " STRAIGHT_JOIN ", &search_documents_table, "d");
		sql_add(sql, " ON d.company_id = p.company_id AND d.object = p.object AND "
			     "d.row_id = p.row_id");
		sql_noted(sql, "d");
	}
	if (row) {
		sql_from(sql, " STRAIGHT_JOIN ", f->table, "t");
		sql_add(sql, " ON t.company_id = p.company_id AND t.id = p.row_id");
	}
	is_of(f, sql, s);
	scope(f, sql);
	if (row && !f->table->n_parents)
		sql_noted(sql, "t"); /* scope() said what of its rows matters */
	if (f->documents) {
		search_signatures(sql, f->query, f->driver);
		search_pieces(sql, f->query, f->driver);
	}
	if (f->narrow)
		f->narrow->add(sql, f->narrow->with);
	if (s->ordered)
		sql_add(sql, " ORDER BY p.place, p.row_id DESC");
	sql_addf(sql, " LIMIT %d", limit);
}

struct found {
	struct search_hit hit;
	int64_t source; /* from which it came, of those of the statement */
	int64_t block;  /* of its list; what comes later in it is ranked later */
	str words;
};
struct all_found {
	struct found *v;
	size_t n, cap;
	bool cut; /* a list was not read to its end */
};

/* Of one word it is told by the rows themselves that a beginning has too many to be read so. */
static int row_list(const struct finder *f)
{
	return f->sees_all && !f->scored ? ONE_WORD + 1 : ROW_LIST;
}

static error read_rows(struct finder *f, struct db_rows *rows, const struct term_list *lists,
    size_t n, int limit, struct all_found *out)
{
	int64_t *of_source = ARENA_ARRAY(f->call->arena, n, int64_t);
	for (bool have;;) {
		TRY(db_next(rows, &have));
		if (!have)
			return OK;
		ARENA_GROW(f->call->arena, out->v, out->n, out->cap);
		struct found *one = &out->v[out->n++];
		db_into(rows, one);
		const struct term_list *s = &lists[one->source];
		one->hit.tier = s->tier;
		one->block = f->scored && s->ordered ? of_source[one->source] / A_BLOCK : 0;
		if (++of_source[one->source] == (s->ordered ? limit : row_list(f)))
			out->cut = true;
	}
}

static error read_lists(struct finder *f, const struct term_lists *lists, struct all_found *out)
{
	static const struct field fields[] = {
		{ .name = "row_id", .type = T_ID, .offset = offsetof(struct found, hit.id) },
		{ .name = "place", .type = T_INT, .offset = offsetof(struct found, hit.place) },
		{ .name = "source", .type = T_INT, .offset = offsetof(struct found, source) },
		{ .name = "words", .type = T_TEXT, .offset = offsetof(struct found, words) },
	};
	const struct field *columns[] = { &fields[0], &fields[1], &fields[2], &fields[3] };
	enum { AT_ONCE = 16 };
	/* Of many lists, those of one beginning, not all need be read as far. */
	int whole = (int)(f->scored ? (f->most + A_BLOCK - 1) / A_BLOCK * A_BLOCK : f->most),
	    part = lists->n > 16  ? HITS / 8
		   : lists->n > 4 ? HITS / 4
				  : HITS,
	    limit = whole < part ? whole : part;
	out->cut = out->cut || lists->cut;
	for (size_t at = 0, n; at < lists->n; at += n) {
		struct sql sql;
		struct db_rows *rows;
		n = lists->n - at < AT_ONCE ? lists->n - at : AT_ONCE;
		sql_begin(&sql, f->call->arena);
		for (size_t i = 0; i < n; i++) {
			const struct term_list *s = &lists->v[at + i];
			sql_add(&sql, n == 1 ? "" : i ? " UNION ALL (" : "(");
			branch(f, &sql, s, i, s->ordered ? limit : row_list(f));
			sql_add(&sql, n == 1 ? "" : ")");
		}
		TRY(sql_query(f->call, &sql, columns, f->scored ? 4 : 3, &rows));
		TRY(read_rows(f, rows, &lists->v[at], n, limit, out));
	}
	return OK;
}

/* ---- the order of what was found ---- */

static int better(const void *a, const void *b)
{
	const struct found *one = a, *other = b;
	const struct search_hit *x = &one->hit, *y = &other->hit;
	if (one->block != other->block)
		return one->block < other->block ? -1 : 1;
	if (x->tier != y->tier)
		return x->tier < y->tier ? -1 : 1;
	if (x->score > y->score || x->score < y->score)
		return x->score > y->score ? -1 : 1;
	int64_t newer = search_age(x->place) - search_age(y->place);
	return newer ? (newer < 0 ? -1 : 1) : strcmp(y->id.text, x->id.text);
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
	double rows = (double)rows_with(f, word);
	return log(1 + 2.0 * COUNTED / (1 + (rows < COUNTED ? rows : COUNTED)));
}

static void score(const struct finder *f, struct found *one)
{
	one->hit.score = (double)search_weight(one->hit.place);
	if (!f->scored)
		return;
	one->hit.tier = TIER_EXACT;
	one->hit.score = 0;
	for (size_t i = 0; i < f->query->n; i++) {
		uint32_t weight = 0;
		enum search_tier tier = TIER_EXACT;
		const struct search_word *w = &f->query->words[i];
		if (w->negated || !search_match(one->words, w, &weight, &tier))
			continue;
		one->hit.score += weight * rarity(f, i);
		one->hit.tier = tier > one->hit.tier ? tier : one->hit.tier;
	}
}

/* The best of each row alone. */
static void each_once(const struct finder *f, struct all_found *all)
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

static void rank(const struct finder *f, struct all_found *all, struct search_hits *out)
{
	each_once(f, all);
	if (all->n)
		qsort(all->v, all->n, sizeof *all->v, better);
	*out = (struct search_hits) { .n = all->n < f->most ? all->n : f->most,
		.more = all->cut || all->n > f->most };
	out->v = ARENA_ARRAY(f->call->arena, out->n + 1, struct search_hit);
	for (size_t i = 0; i < out->n; i++)
		out->v[i] = all->v[i].hit;
}

/* ---- one word ---- */

/* All rows of a beginning, if it is rare or the caller sees some rows alone; the best of each of
 * its terms otherwise. */
static error read_beginning(struct finder *f, size_t way, struct all_found *all)
{
	struct term_lists lists = { .n = 0 }, terms = { .n = 0 };
	const struct all_found before = *all;
	add_range(&lists, &f->query->words[0], way, true);
	TRY(read_lists(f, &lists, all));
	if (!f->sees_all || all->n - before.n <= ONE_WORD)
		return OK;
	all->n = before.n;
	all->cut = before.cut;
	TRY(expand(f, &lists.v[0], &terms));
	return read_lists(f, &terms, all);
}

/* The word as it was typed, and beginnings of titles; other beginnings, which are ranked behind
 * these, when that does not fill what is shown. */
static error find_word(struct finder *f, struct all_found *all)
{
	const struct search_word *w = &f->query->words[0];
	struct term_lists lists = { .n = 0 };
	for (size_t k = 0; k < w->n; k++)
		if (!w->ways[k].range)
			add_term(&lists, w->ways[k].term, w->ways[k].tier);
	TRY(read_lists(f, &lists, all));
	each_once(f, all);
	if (ranges_of(w) && all->n >= enough_rows(f)) {
		all->cut = true;
		return OK;
	}
	for (size_t k = 0; k < w->n; k++)
		if (w->ways[k].range)
			TRY(read_beginning(f, k, all));
	return OK;
}

/* ---- several ---- */

/* Who sees own rows alone reads these instead of the rarest word's, when they are fewer. */
static error own_list(struct finder *f, struct term_lists *out)
{
	int64_t rows = 0;
	const struct term_list own = { .term = search_owner_term(
					   f->call->arena, f->call->me.agent.text) };
	if (f->level != LEVEL_OWN || !f->table->owner || f->table->n_parents ||
	    rows_with(f, f->driver) < OWN_ROWS)
		return OK;
	TRY(estimate(f, &(struct estimate) { own, &rows }, 1));
	if (rows < rows_with(f, f->driver))
		add_list(out, own);
	return OK;
}

static error find_words(struct finder *f, struct all_found *all)
{
	struct term_lists lists = { .n = 0 };
	TRY(estimate_words(f));
	f->driver = rarest(f);
	const struct search_word *w = &f->query->words[f->driver];
	const int64_t *counts = f->counts[f->driver];
	TRY(own_list(f, &lists));
	if (lists.n) {
		f->driver = f->query->n;
		return read_lists(f, &lists, all);
	}
	plain_lists(w, counts, &lists);
	TRY(read_lists(f, &lists, all));
	if (!f->sees_all && all->n >= f->most)
		return OK;
	TRY(more_lists(f, w, counts, all->n >= enough_rows(f), &lists));
	return read_lists(f, &lists, all);
}

/* ---- all of it ---- */

static error find(struct finder *f, struct search_hits *out)
{
	struct all_found all = { 0 };
	TRY(f->scored ? find_words(f, &all) : find_word(f, &all));
	rank(f, &all, out);
	return OK;
}

static error find_query(struct finder *f, const struct search_query *query, struct search_hits *out)
{
	f->query = query;
	f->scored = query->n > 1;
	f->documents = f->scored;
	for (size_t i = 0; i < query->n; i++)
		for (size_t k = 0; k < query->words[i].n; k++)
			f->documents =
			    f->documents || query->words[i].field || !query->words[i].ways[k].alone;
	*out = (struct search_hits) { 0 };
	TRY(find(f, out));
	out->query = query;
	return OK;
}

/* The query with other spellings of the words that no row has which the caller sees; NULL when
 * there are none. Counts say nothing here: they are of all rows. */
static error spelled(
    const struct finder *f, const struct search_query *query, const struct search_query **out)
{
	struct call *call = f->call;
	struct search_query *other = ARENA_NEW(call->arena, struct search_query);
	bool any = false;
	*other = (struct search_query) { ARENA_ARRAY(call->arena, query->n, struct search_word),
		query->n, NULL };
	*out = NULL;
	memcpy(other->words, query->words, query->n * sizeof *other->words);
	for (size_t i = 0; i < query->n; i++) {
		struct search_word *w = &other->words[i];
		str spellings[SPELLINGS];
		size_t n = 0;
		if (!w->whole || w->negated)
			continue;
		TRY(search_spellings(
		    call, f->table, f->level, w->ways[0].term, query->n == 1, spellings, &n));
		if (query->n == 1)
			w->n = 0; /* they have found nothing */
		for (size_t k = 0; k < n; k++)
			any = search_word_add(call->arena, w, spellings[k]) || any;
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
	access_note(
	    call, table, level); /* also for an answer that needs no statement to be empty */
	/* The rows that this call has written so far are found as well. */
	TRY(search_flush(call));
	TRY(find_query(&f, query, out));
	if (out->n || level == LEVEL_NONE)
		return OK;
	if (query->begun)
		TRY(find_query(&f, query->begun, out));
	if (out->n)
		return OK;
	TRY(spelled(&f, f.query, &other));
	return other ? find_query(&f, other, out) : OK;
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
