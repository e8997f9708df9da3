/* search_spell.c: see search_spell.h. Tests: tests/unit/search_test.c */
#include "core/search_spell.h"

#include <utf8proc.h>

#include "base/json.h"
#include "core/search_words.h"
#include "core/sql_run.h"

enum { LETTERS = 64 };

struct letters {
	int32_t v[LETTERS + 1];
	size_t n;
};

static bool letters_of(str word, struct letters *out)
{
	out->n = 0;
	for (size_t at = 0; at < word.n;) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate(
		    (const utf8proc_uint8_t *)word.p + at, (utf8proc_ssize_t)(word.n - at), &c);
		if (n <= 0 || out->n == LETTERS)
			return false;
		out->v[out->n++] = c;
		at += (size_t)n;
	}
	return true;
}

size_t search_distance(str a, str b, size_t most)
{
	struct letters x, y;
	size_t rows[3][LETTERS + 2];
	if (!letters_of(a, &x) || !letters_of(b, &y) || (x.n > y.n ? x.n - y.n : y.n - x.n) > most)
		return most + 1;
	size_t *before = rows[0], *last = rows[1], *row = rows[2];
	for (size_t k = 0; k <= y.n; k++)
		last[k] = k;
	for (size_t i = 1; i <= x.n; i++) {
		size_t least = row[0] = i;
		for (size_t k = 1; k <= y.n; k++) {
			size_t d = last[k - 1] + (x.v[i - 1] != y.v[k - 1]);
			d = last[k] + 1 < d ? last[k] + 1 : d;
			d = row[k - 1] + 1 < d ? row[k - 1] + 1 : d;
			if (i > 1 && k > 1 && x.v[i - 1] == y.v[k - 2] &&
			    x.v[i - 2] == y.v[k - 1] && before[k - 2] + 1 < d)
				d = before[k - 2] + 1;
			row[k] = d;
			least = d < least ? d : least;
		}
		if (least > most)
			return most + 1;
		size_t *next = before;
		before = last;
		last = row;
		row = next;
	}
	return last[y.n] < most + 1 ? last[y.n] : most + 1;
}

static const struct field term_field = { .name = "term", .type = T_TEXT };
static const struct field *const term_column[] = { &term_field };

/* How far from what was typed words are looked for, one reach after the other until there are
 * some. */
static const struct reach {
	size_t steps;
	size_t right; /* of two steps: that many letters of the beginning or of the end */
} reaches[] = { { 1, 0 }, { 2, 3 }, { 2, 1 } };

/* Whose words are looked for: of the rows of a table that the caller sees. */
struct scope {
	struct call *call;
	const struct table *table;
	enum level level;
};

/* A word, and what may have been meant by it: the first of `near` is what was typed. */
struct typed {
	struct misspelt *word;
	size_t letters;
	struct near {
		str word;
		bool seen; /* the caller sees a row with it */
	} * near;
	size_t n, cap;
};
struct all_typed {
	struct typed v[QUERY_WORDS];
	size_t n;
};

static void add_near(struct arena *a, struct typed *t, str word)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->near[i].word, word))
			return;
	ARENA_GROW(a, t->near, t->n, t->cap);
	t->near[t->n++] = (struct near) { word, false };
}

static bool is_done(const struct typed *t) { return t->word->known || t->word->n; }

static void keep(struct typed *t, str word)
{
	if (t->word->n < SPELLINGS)
		t->word->spellings[t->word->n++] = word;
}

/* ---- words of the company ---- */

/* " OR ...": it begins so. */
static void begins(struct sql *sql, bool *any, str start)
{
	sql_add(sql, *any ? " OR w.word" : " AND (w.word");
	search_begins(sql, start);
	*any = true;
}

/* With the letters before and behind the place changed. */
static str swapped(struct arena *a, str word, size_t place)
{
	size_t from = utf8_cut(word, place - 1).n, middle = utf8_cut(word, place).n,
	       to = utf8_cut(word, place + 1).n;
	char *text = arena_text(a, word.p, word.n);
	memcpy(text + from, word.p + middle, to - middle);
	memcpy(text + from + (to - middle), word.p + from, middle - from);
	return (str) { text, word.n };
}

/* One step changes a word before its middle or behind it, so the other half is right; or it swaps
 * the letters on both sides of it. */
static void halves(struct arena *a, struct sql *sql, bool *any, const struct typed *t)
{
	str word = t->word->word, start = utf8_cut(word, t->letters / 2),
	    end = { word.p + start.n, word.n - start.n };
	begins(sql, any, start);
	begins(sql, any, search_word_reversed(a, end));
	begins(sql, any, swapped(a, word, t->letters / 2));
}

/* So many letters at the beginning or at the end are right; or the first two, or the last two,
 * changed places. */
static void ends(struct arena *a, struct sql *sql, bool *any, const struct typed *t, size_t right)
{
	str word = t->word->word, backwards = search_word_reversed(a, word);
	begins(sql, any, utf8_cut(word, right));
	begins(sql, any, utf8_cut(backwards, right + 1)); /* ~ */
	begins(sql, any, utf8_cut(swapped(a, word, 1), 2));
	begins(sql, any, utf8_cut(swapped(a, backwards, 2), 3));
}

/* The words that are at most that many steps away from those that are not done. Of one those with
 * its first letter come first, which is seldom the wrong one. */
static error read_near(const struct scope *in, struct all_typed *all, const struct reach *reach)
{
	enum { MOST = 8000 };
	size_t steps = reach->steps;
	struct arena *a = in->call->arena;
	size_t least = KEPT_MOST, most = 0;
	bool any = false;
	struct sql sql;
	struct db_rows *rows;
	sql_begin(&sql, a);
	sql_from(&sql, "SELECT w.word FROM ", &search_words_table, "w");
	sql_noted(&sql, "w"); /* the search that asks notes what can change */
	sql_add(&sql, " WHERE w.company_id = ");
	sql_id(&sql, in->call->me.company.text);
	sql_add(&sql, " AND w.object = ");
	sql_int(&sql, in->table->searched);
	for (size_t i = 0; i < all->n; i++) {
		const struct typed *t = &all->v[i];
		if (is_done(t) || (steps > 1 && t->letters < SPELL_TWICE_LETTERS))
			continue;
		least = t->letters < least ? t->letters : least;
		most = t->letters > most ? t->letters : most;
		if (steps == 1)
			halves(a, &sql, &any, t);
		else
			ends(a, &sql, &any, t, reach->right);
	}
	if (!any)
		return OK;
	sql_add(&sql, ") AND CHAR_LENGTH(w.word) BETWEEN ");
	sql_int(&sql, (int64_t)(least - steps));
	sql_add(&sql, " AND ");
	sql_int(&sql, (int64_t)(most + steps) + 1); /* ~ */
	sql_addf(&sql, " LIMIT %d", MOST);
	TRY(sql_query(in->call, &sql, term_column, 1, &rows));
	struct typed others[QUERY_WORDS] = { { 0 } };
	for (bool have;;) {
		TRY(db_next(rows, &have));
		if (!have)
			break;
		str found = db_text(rows, 0);
		bool reversed = found.p[0] == '~';
		if (reversed) {
			found = search_word_reversed(a, (str) { found.p + 1, found.n - 1 });
			found = (str) { found.p + 1, found.n - 1 };
		}
		for (size_t i = 0; i < all->n; i++) {
			str word = all->v[i].word->word;
			if (is_done(&all->v[i]) || search_distance(found, word, steps) > steps)
				continue;
			if (!reversed)
				found = (str) { arena_text(a, found.p, found.n), found.n };
			add_near(a,
			    str_eq(utf8_cut(found, 1), utf8_cut(word, 1)) ? &all->v[i] : &others[i],
			    found);
		}
	}
	for (size_t i = 0; i < all->n; i++)
		for (size_t k = 0; k < others[i].n; k++)
			add_near(a, &all->v[i], others[i].near[k].word);
	return OK;
}

/* ---- those that the caller sees ---- */

/* " AND ...": the caller sees the row of the posting. */
static void is_seen(const struct scope *in, struct sql *sql)
{
	if (!in->table->n_parents) {
		access_where_copy(in->call, sql, in->table, &search_postings_table, "p", in->level);
		return;
	}
	sql_from(sql, " AND EXISTS (SELECT 1 FROM ", in->table, "t");
	sql_add(sql, " WHERE t.company_id = p.company_id AND t.id = p.row_id");
	access_where(in->call, sql, in->table, "t", in->level);
	sql_add(sql, ")");
}

static void has_term(const struct scope *in, struct sql *sql, const char *term)
{
	sql_from(sql, "(SELECT 1 FROM ", &search_postings_table, "p");
	sql_noted(sql, "p"); /* as in read_near() */
	sql_add(sql, " WHERE p.company_id = ");
	sql_id(sql, in->call->me.company.text);
	sql_add(sql, " AND p.object = ");
	sql_int(sql, in->table->searched);
	sql_addf(sql, " AND p.term = CONVERT(%s USING utf8mb4) COLLATE utf8mb4_nopad_bin", term);
	is_seen(in, sql);
	sql_add(sql, " LIMIT 1)");
}

/* Marks each of the words that is seen: it is looked for once in the index. */
static error look_for(const struct scope *in, struct near **all, size_t n)
{
	struct sql sql;
	struct db_rows *rows;
	sql_begin(&sql, in->call->arena);
	/* The first says how long they may be: without it the server takes the length of that one
	 * and cuts the others. */
	sql_add(&sql, "WITH c (term) AS (VALUES (CAST('' AS CHAR(64)))");
	for (size_t i = 0, said = sql_list(n); i < said; i++) {
		sql_add(&sql, ", (");
		sql_text(&sql, all[i < n ? i : n - 1]->word);
		sql_add(&sql, ")");
	}
	sql_add(&sql, ") SELECT c.term FROM c WHERE ");
	has_term(in, &sql, "c.term");
	sql_add(&sql, " OR ");
	has_term(in, &sql, "CONCAT('-', c.term)"); /* elsewhere than in titles */
	TRY(sql_query(in->call, &sql, term_column, 1, &rows));
	for (bool have;;) {
		TRY(db_next(rows, &have));
		if (!have)
			return OK;
		for (size_t i = 0; i < n; i++)
			all[i]->seen = all[i]->seen || str_eq(all[i]->word, db_text(rows, 0));
	}
}

/* Which of the words that were typed the caller sees: they are spelt right. */
static error know_seen(const struct scope *in, struct all_typed *all)
{
	struct near *asked[QUERY_WORDS];
	size_t n = 0;
	for (size_t i = 0; i < all->n; i++)
		if (!all->v[i].word->anyway)
			asked[n++] = &all->v[i].near[0];
	if (n)
		TRY(look_for(in, asked, n));
	for (size_t i = 0; i < all->n; i++)
		all->v[i].word->known = all->v[i].near[0].seen;
	return OK;
}

/* Those of the near words that the caller sees. */
static error take_seen(const struct scope *in, struct all_typed *all)
{
	enum { FEW = 4, AT_ONCE = 64 };
	struct near *asked[AT_ONCE];
	size_t n = 0;
	for (size_t i = 0; i < all->n; i++) {
		struct typed *t = &all->v[i];
		/* To look for a few costs less than to ask for them first. */
		bool few = t->n <= 1 + FEW && t->letters < SPELL_TWICE_LETTERS;
		for (size_t k = 1; k < t->n && !is_done(t); k++) {
			t->near[k].seen = few;
			if (!few)
				asked[n++] = &t->near[k];
			if (n == AT_ONCE)
				TRY(look_for(in, asked, n));
			n %= AT_ONCE;
		}
	}
	if (n)
		TRY(look_for(in, asked, n));
	for (size_t i = 0; i < all->n; i++) {
		struct typed *t = &all->v[i];
		bool done = is_done(t);
		for (size_t k = 1; k < t->n && !done; k++)
			if (t->near[k].seen)
				keep(t, t->near[k].word);
	}
	return OK;
}

error search_spellings(struct call *call, const struct table *table, enum level level,
    struct misspelt *words, size_t n, size_t most)
{
	const struct scope in = { call, table, level };
	struct all_typed all = { .n = 0 };
	for (size_t i = 0; i < n; i++) {
		struct letters letters;
		struct typed *t = &all.v[all.n];
		if (!letters_of(words[i].word, &letters) || letters.n < SPELL_LETTERS ||
		    letters.n > KEPT_MOST)
			continue;
		*t = (struct typed) { .word = &words[i], .letters = letters.n };
		add_near(call->arena, t, words[i].word);
		all.n++;
	}
	TRY(know_seen(&in, &all));
	for (size_t i = 0; i < sizeof reaches / sizeof *reaches && reaches[i].steps <= most; i++) {
		TRY(read_near(&in, &all, &reaches[i]));
		TRY(take_seen(&in, &all));
	}
	return OK;
}
