/* search_find.c: see search_find.h. Tests: tests/http/search.test.mjs, tests/unit/search_test.c,
 * tests/unit/search_oracle_test.c */
#include "core/search_find.h"

#include "core/search_plan.h"
#include "core/search_spell.h"
#include "core/search_write.h"
#include "core/sql_run.h"

/* Of several words the rows that have two of them in their title; then, or when there are no such
 * two, those of the rarest. */
static error find_words(struct finder *f, struct all_found *all)
{
	bool whole = false;
	if (f->pair)
		TRY(search_find_pair(f, all, &whole));
	if (whole)
		return OK;
	all->cut = false; /* what of the pair was not read is among these */
	return search_find_rarest(f, all);
}

static error find_query(struct finder *f, const struct search_query *query,
    const struct word_pair *pair, struct search_hits *out)
{
	struct all_found all = { 0 };
	search_ask(f, query, pair);
	TRY(f->scored ? find_words(f, &all) : search_find_word(f, &all));
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

/* That many rows in whose titles the word is, of those that the caller sees, have been counted. A
 * beginning was counted with all that begins so. */
static bool is_known(const struct finder *f, size_t i)
{
	enum { MANY = 10 };
	const struct search_word *w = &f->query->words[i];
	int64_t n = 0;
	for (size_t k = 0; f->counted[i] && k < w->n; k++)
		if (!w->ways[k].range && (f->sees_all ? !search_is_elsewhere(&w->ways[k])
						      : search_is_apart(f, &w->ways[k])))
			n += f->counts[i][k];
	return n >= MANY;
}

/* Rows with words of which it is known that none has them as they were typed. */
static error find_begun(struct finder *f, const struct search_query *query, struct search_hits *out)
{
	bool done = false;
	if (query->n > 1)
		TRY(search_find_likely(f, query, NULL, out, &done));
	return done ? OK : find_query(f, query, pair_of(f, query), out);
}

/* Of which words other spellings are looked for. */
enum misspellings {
	UNSEEN,   /* those that no row has which the caller sees; one alone has found nothing */
	ONE_SEEN, /* the one word, that a few rows have */
	ANY       /* each, whatever rows have it */
};

/* The query with other spellings of those words; NULL when there are none. */
static error spelled(const struct finder *f, const struct search_query *query,
    enum misspellings which, const struct search_query **out)
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
		if (!w->whole || w->negated || (which != ANY && is_known(f, i)))
			continue;
		words[n] = (struct misspelt) { .word = search_bare(w->ways[0].term),
			.anyway = which == ANY || query->n == 1 };
		of[n++] = w;
	}
	if (n)
		TRY(search_spellings(call, f->table, f->level, words, n, which == UNSEEN ? 2 : 1));
	for (size_t i = 0; i < n; i++) {
		if (words[i].anyway && which == UNSEEN)
			of[i]->n = 0; /* its ways have found nothing */
		for (size_t k = 0; k < words[i].n; k++)
			any = search_word_add(call->arena, of[i], words[i].spellings[k]) || any;
	}
	*out = any ? other : NULL;
	return OK;
}

static error begin(
    struct finder *f, struct call *call, const struct table *table, enum level level, size_t most)
{
	*f = (struct finder) { .call = call,
		.table = table,
		.level = level,
		.sees_all = access_sees_all(call, table, level),
		.most = most < HITS ? most : HITS };
	access_note(
	    call, table, level); /* also for an answer that needs no statement to be empty */
	/* The rows that this call has written so far are found as well. */
	return search_flush(call);
}

error search_find(struct call *call, const struct table *table, enum level level,
    const struct search_query *query, const struct search_narrow *narrow, size_t most,
    struct search_hits *out)
{
	enum { FEW = 3 };
	struct finder f;
	const struct search_query *other;
	bool done = false;
	TRY(begin(&f, call, table, level, most));
	f.narrow = narrow;
	const struct word_pair *pair = pair_of(&f, query);
	if (query->begun && !pair)
		TRY(search_find_likely(&f, query->begun, query, out, &done));
	if (!done)
		TRY(find_query(&f, query, pair, out));
	if (!out->n && query->begun && !done)
		TRY(pair ? find_begun(&f, query->begun, out)
			 : find_query(&f, query->begun, NULL, out));
	/* A few rows with one word may be typing errors themselves; with several words they are
	 * what was meant. Where not all could be looked at, others may have them. */
	if (level == LEVEL_NONE || out->more || (out->n && (query->n > 1 || out->n >= FEW)))
		return OK;
	TRY(spelled(&f, f.query, out->n ? ONE_SEEN : UNSEEN, &other));
	return other ? find_begun(&f, other, out) : OK;
}

error search_find_near(struct call *call, const struct table *table, enum level level,
    const struct search_query *query, const struct search_narrow *narrow, size_t most,
    struct search_hits *out)
{
	struct finder f;
	const struct search_query *other = NULL, *wide = query->begun ? query->begun : query;
	*out = (struct search_hits) { 0 };
	if (query->n == 1 || level == LEVEL_NONE)
		return OK;
	TRY(begin(&f, call, table, level, most));
	f.narrow = narrow;
	TRY(spelled(&f, wide, ANY, &other));
	return other ? find_begun(&f, other, out) : OK;
}

/* Each word may be begun, and what was typed is a part of that. */
static error find_groups(
    struct finder *f, const struct search_query *query, struct search_hits *out)
{
	bool done;
	const struct search_query *wide = query->begun ? query->begun : query;
	*out = (struct search_hits) { 0 };
	return wide->n == 1 ? find_query(f, wide, NULL, out)
			    : search_find_likely(f, wide, query->begun ? query : NULL, out, &done);
}

error search_find_groups(struct call *call, const struct table *table, enum level level,
    const struct search_query *query, size_t most, struct search_hits *out)
{
	struct finder f;
	const struct search_query *other;
	TRY(begin(&f, call, table, level, most));
	f.groups = true;
	TRY(find_groups(&f, query, out));
	if (out->n || level == LEVEL_NONE)
		return OK;
	TRY(spelled(&f, f.query, UNSEEN, &other));
	return other ? find_groups(&f, other, out) : OK;
}

void search_condition(
    struct sql *sql, const struct table *table, const char *alias, const struct search_query *query)
{
	sql_from(sql, "EXISTS (SELECT 1 FROM ", &search_documents_table, "d");
	sql_addf(sql, " WHERE d.company_id = %s.company_id AND d.object = ", alias);
	sql_int(sql, table->searched);
	sql_addf(sql, " AND d.row_id = %s.id", alias);
	search_pieces(sql, query, query->n);
	sql_add(sql, ")");
	sql_noted(sql, "d"); /* a document changes with its row */
}
