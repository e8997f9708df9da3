/* search_find.c: see search_find.h. Tests: tests/http/search.test.mjs, tests/unit/search_test.c */
#include "core/search_find.h"

#include <math.h>
#include <stdlib.h>

#include "core/search_spell.h"
#include "core/search_write.h"
#include "core/sql_run.h"

enum {
	COUNTED = 500,  /* a term with more rows is common */
	ENOUGH = 50,    /* rows with the word itself, when beginnings are left alone */
	A_BLOCK = 50,   /* rows with several words that are ranked among each other */
	EXPANDED = 48,  /* terms of one beginning that are read in their order */
	ROW_LIST = 2000 /* rows of a beginning that is rare enough to be read as it stands */
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

/* ---- how many rows have each term ----
 * The beginnings of one word are counted, up to a bound. Of several words the server's estimates
 * tell which is the rarest: it looks at both ends of a list in the index, and reads none of it. */

static bool one_word(const struct search_query *query)
{
	size_t words = 0;
	for (size_t i = 0; i < query->n; i++)
		words += !query->words[i].negated;
	return words == 1;
}

static size_t ranges_of(const struct search_word *word)
{
	size_t n = 0;
	for (size_t k = 0; k < word->n; k++)
		n += word->ways[k].range;
	return n;
}

static void postings_of(struct finder *f, struct sql *sql, const char *select, str term, bool range)
{
	sql_from(sql, select, &search_postings_table, "p");
	sql_add(sql, " WHERE p.company_id = ");
	sql_id(sql, f->call->me.company.text);
	sql_add(sql, " AND p.object = ");
	sql_int(sql, f->table->searched);
	sql_add(sql, " AND ");
	search_term(sql, term, range);
	sql_noted(sql, "p"); /* of the table's own rows it is noted what can change (scope()) */
}

static void count(struct finder *f, struct sql *sql, const struct search_way *w, int most)
{
	sql_add(sql, "(SELECT COUNT(*) FROM (");
	postings_of(f, sql, "SELECT 1 FROM ", w->term, w->range);
	sql_addf(sql, " LIMIT %d) z)", most);
}

static size_t enough_rows(const struct finder *f) { return f->most < ENOUGH ? f->most : ENOUGH; }

/* Only a beginning is counted, and that only when the way before, the word itself or the term of
 * its short beginning, is rare: it is common otherwise. */
static void count_beginning(
    struct finder *f, struct sql *sql, const struct search_word *word, size_t k)
{
	const struct search_way *w = &word->ways[k];
	const int enough = (int)enough_rows(f);
	bool after = k && !w[-1].range;
	if (after) {
		sql_add(sql, "IF(");
		count(f, sql, &w[-1], enough);
		sql_addf(sql, " = %d, %d, ", enough, COUNTED + 1);
	}
	count(f, sql, w, COUNTED + 1);
	sql_add(sql, after ? ")" : "");
}

static error count_one(struct finder *f, size_t word)
{
	const struct search_word *w = &f->query->words[word];
	struct field fields[WORD_WAYS];
	const struct field *columns[WORD_WAYS];
	size_t used = 0;
	struct sql sql;
	if (!ranges_of(w))
		return OK;
	sql_begin(&sql, f->call->arena);
	sql_add(&sql, "SELECT ");
	for (size_t k = 0; k < w->n; k++) {
		if (!w->ways[k].range)
			continue;
		fields[used] = (struct field) {
			.name = "n", .type = T_INT, .offset = (uint32_t)(k * sizeof(int64_t))
		};
		columns[used] = &fields[used];
		sql_add(&sql, used++ ? ", " : "");
		count_beginning(f, &sql, w, k);
	}
	return sql_one(f->call, &sql, columns, used, f->counts[word]);
}

/* A row of EXPLAIN: id, select_type, table, type, possible_keys, key, key_len, ref, rows, Extra. */
struct estimate {
	int64_t id;
	str rows, other;
};
static const struct field estimate_id = {
	.name = "id", .type = T_INT, .offset = offsetof(struct estimate, id)
};
static const struct field estimate_rows = {
	.name = "rows", .type = T_TEXT, .offset = offsetof(struct estimate, rows)
};
static const struct field estimate_other = {
	.name = "other", .type = T_TEXT, .offset = offsetof(struct estimate, other)
};
static const struct field *const estimate_columns[] = { &estimate_id, &estimate_other,
	&estimate_other, &estimate_other, &estimate_other, &estimate_other, &estimate_other,
	&estimate_other, &estimate_rows, &estimate_other };

static error estimate_all(struct finder *f)
{
	struct db_rows *rows;
	struct sql sql;
	bool have, any = false;
	sql_begin(&sql, f->call->arena);
	sql_add(&sql, "EXPLAIN ");
	for (size_t i = 0; i < f->query->n; i++) {
		const struct search_word *w = &f->query->words[i];
		for (size_t k = 0; k < w->n && !w->negated; k++) {
			if (search_within_next(w, k))
				continue;
			sql_add(&sql, any ? " UNION ALL " : "");
			any = true;
			postings_of(f, &sql, "SELECT 1 FROM ", w->ways[k].term, w->ways[k].range);
		}
	}
	TRY(sql_query(f->call, &sql, estimate_columns,
	    sizeof estimate_columns / sizeof *estimate_columns, &rows));
	for (size_t i = 0; i < f->query->n; i++) {
		const struct search_word *w = &f->query->words[i];
		for (size_t k = 0; k < w->n && !w->negated; k++) {
			struct estimate e;
			if (search_within_next(w, k))
				continue;
			TRY(db_next(rows, &have));
			if (!have)
				break;
			db_into(rows, &e);
			if (!int_parse(e.rows, &f->counts[i][k]))
				f->counts[i][k] = 0;
		}
	}
	db_close(rows);
	return OK;
}

static error count_all(struct finder *f)
{
	f->counts =
	    (int64_t(*)[WORD_WAYS])arena_array(f->call->arena, f->query->n, sizeof *f->counts);
	if (!one_word(f->query))
		return estimate_all(f);
	for (size_t i = 0; i < f->query->n; i++)
		if (!f->query->words[i].negated)
			return count_one(f, i);
	return OK;
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

struct term_list {
	str term;
	bool range;
	enum search_tier tier;
};
struct term_lists {
	struct term_list v[WORD_WAYS + 4 * EXPANDED];
	size_t n;
	bool cut; /* a beginning has more terms than are read */
};

static void source(struct term_lists *all, str term, bool range, enum search_tier tier)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->v[i].term, term) && all->v[i].range == range)
			return;
	if (all->n < sizeof all->v / sizeof *all->v)
		all->v[all->n++] = (struct term_list) { term, range, tier };
	else
		all->cut = true;
}

/* The terms that begin so, each of which is then read in its own order. The server would read all
 * rows of a term to come to the next one (30,000 rows: 25 ms), so some are read at a time, and what
 * follows begins behind the last term. */
static error expand(struct finder *f, const struct search_way *way, struct term_lists *out)
{
	enum { STEPS = 8, A_STEP = 300 };
	static const struct field fields[] = {
		{ .name = "term", .type = T_TEXT, .offset = 0 },
		{ .name = "rows", .type = T_INT, .offset = sizeof(str) },
	};
	const struct field *columns[] = { &fields[0], &fields[1] };
	str after = { NULL, 0 };
	size_t n = 0;
	for (int step = 0; step < STEPS; step++) {
		struct sql sql;
		struct db_rows *rows;
		int64_t read = 0;
		sql_begin(&sql, f->call->arena);
		sql_add(&sql, "SELECT z.term, COUNT(*) FROM (");
		postings_of(f, &sql, "SELECT p.term FROM ", way->term, true);
		if (!str_none(after)) {
			sql_add(&sql, " AND p.term > ");
			sql_text(&sql, after);
		}
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
				source(out, one.term, false, way->tier);
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
	return word->ways[way].range && counts[way] > COUNTED;
}

/* The lists of terms that are typed out, and of beginnings that are rare. */
static void plain_sources(const struct finder *f, const struct search_word *word,
    const int64_t *counts, struct term_lists *out)
{
	*out = (struct term_lists) { .n = 0 };
	for (size_t k = 0; k < word->n; k++)
		if (!is_common(word, k, counts) &&
		    !(f->scored && search_within_next(word, k) && !is_common(word, k + 1, counts)))
			source(out, word->ways[k].term, word->ways[k].range, word->ways[k].tier);
}

/* Those of common beginnings, when the others have not given enough. Who sees all rows reads the
 * best of each term of the beginning. Who sees some would read the terms of all the others, so all
 * of the beginning is read, and what is out of scope passed over; nor may it be told that there are
 * more, for that is known of all rows alone. */
static error more_sources(struct finder *f, const struct search_word *word, const int64_t *counts,
    bool enough, struct term_lists *out)
{
	*out = (struct term_lists) { .n = 0 };
	for (size_t k = 0; k < word->n; k++) {
		const struct search_way *way = &word->ways[k];
		if (!is_common(word, k, counts))
			continue;
		if (!f->sees_all)
			source(out, way->term, true, way->tier);
		else if (enough || listed(word))
			out->cut = true;
		else
			TRY(expand(f, way, out));
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
	sql_add(sql, " WHERE p.company_id = ");
	sql_id(sql, f->call->me.company.text);
	sql_add(sql, " AND p.object = ");
	sql_int(sql, f->table->searched);
	sql_add(sql, " AND ");
	search_term(sql, s->term, s->range);
	scope(f, sql);
	if (row && !f->table->n_parents)
		sql_noted(sql, "t"); /* scope() said what of its rows matters */
	if (f->documents) {
		search_signatures(sql, f->query, f->driver);
		search_pieces(sql, f->query, f->driver);
	}
	if (f->narrow)
		f->narrow->add(sql, f->narrow->with);
	if (!s->range)
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

static error read_rows(struct finder *f, struct db_rows *rows, const struct term_list *sources,
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
		const struct term_list *s = &sources[one->source];
		one->hit.tier = s->tier;
		one->block = f->scored && !s->range ? of_source[one->source] / A_BLOCK : 0;
		if (++of_source[one->source] == (s->range ? ROW_LIST : limit))
			out->cut = true;
	}
}

static error read_sources(struct finder *f, const struct term_lists *sources, struct all_found *out)
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
	    part = sources->n > 16  ? HITS / 8
		   : sources->n > 4 ? HITS / 4
				    : HITS,
	    limit = whole < part ? whole : part;
	out->cut = out->cut || sources->cut;
	for (size_t at = 0, n; at < sources->n; at += n) {
		struct sql sql;
		struct db_rows *rows;
		n = sources->n - at < AT_ONCE ? sources->n - at : AT_ONCE;
		sql_begin(&sql, f->call->arena);
		for (size_t i = 0; i < n; i++) {
			const struct term_list *s = &sources->v[at + i];
			sql_add(&sql, n == 1 ? "" : i ? " UNION ALL (" : "(");
			branch(f, &sql, s, i, s->range ? ROW_LIST : limit);
			sql_add(&sql, n == 1 ? "" : ")");
		}
		TRY(sql_query(f->call, &sql, columns, f->scored ? 4 : 3, &rows));
		TRY(read_rows(f, rows, &sources->v[at], n, limit, out));
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

static void rank(const struct finder *f, struct all_found *all, struct search_hits *out)
{
	size_t n = 0;
	for (size_t i = 0; i < all->n; i++)
		score(f, &all->v[i]);
	if (all->n)
		qsort(all->v, all->n, sizeof *all->v, by_row);
	for (size_t i = 0; i < all->n; i++)
		if (!n || strcmp(all->v[n - 1].hit.id.text, all->v[i].hit.id.text) != 0)
			all->v[n++] = all->v[i];
	if (n)
		qsort(all->v, n, sizeof *all->v, better);
	*out = (struct search_hits) { .n = n < f->most ? n : f->most,
		.more = all->cut || n > f->most };
	out->v = ARENA_ARRAY(f->call->arena, out->n + 1, struct search_hit);
	for (size_t i = 0; i < out->n; i++)
		out->v[i] = all->v[i].hit;
}

/* ---- all of it ---- */

static error find(struct finder *f, struct search_hits *out)
{
	struct term_lists sources;
	struct all_found all = { 0 };
	TRY(count_all(f));
	f->driver = rarest(f);
	const struct search_word *w = &f->query->words[f->driver];
	plain_sources(f, w, f->counts[f->driver], &sources);
	TRY(read_sources(f, &sources, &all));
	if (f->sees_all || all.n < f->most) {
		TRY(more_sources(f, w, f->counts[f->driver], all.n >= enough_rows(f), &sources));
		TRY(read_sources(f, &sources, &all));
	}
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
		TRY(search_spellings(call, f->table, f->level, w->ways[0].term, spellings, &n));
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
