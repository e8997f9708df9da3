/* search_spell.c: see search_spell.h. Tests: tests/unit/search_test.c */
#include "core/search_spell.h"

#include <utf8proc.h>

#include "base/json.h"
#include "core/search_query.h"
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

/* Where a word is looked for. */
struct place {
	struct call *call;
	const struct table *table;
	enum level level;
};

static void of_table(const struct place *in, struct sql *sql)
{
	sql_from(sql, "FROM ", &search_postings_table, "p");
	sql_noted(sql, "p"); /* the search that asks notes what can change */
	sql_add(sql, " WHERE p.company_id = ");
	sql_id(sql, in->call->me.company.text);
	sql_add(sql, " AND p.object = ");
	sql_int(sql, in->table->searched);
}

/* " AND ...": the caller sees the row of the posting. */
static void is_seen(const struct place *in, struct sql *sql)
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

static void keep(str out[SPELLINGS], size_t *n, str term)
{
	for (size_t i = 0; i < *n; i++)
		if (str_eq(out[i], term))
			return;
	if (*n < SPELLINGS)
		out[(*n)++] = term;
}

struct words {
	struct arena *arena;
	str *v;
	size_t n, cap;
};

static void add(struct words *all, str word)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->v[i], word))
			return;
	ARENA_GROW(all->arena, all->v, all->n, all->cap);
	all->v[all->n++] = word;
}

/* ---- one step away ---- */

/* Words of the company that begin so, of about that many letters. */
static void begin_so(
    const struct place *in, str start, bool reversed, size_t letters, struct sql *sql)
{
	enum { MOST = 4000 };
	sql_from(sql, "(SELECT w.word FROM ", &search_words_table, "w");
	sql_noted(sql, "w"); /* as of_table() */
	sql_add(sql, " WHERE w.company_id = ");
	sql_id(sql, in->call->me.company.text);
	sql_add(sql, " AND w.object = ");
	sql_int(sql, in->table->searched);
	sql_add(sql, " AND w.word");
	search_begins(sql, start);
	sql_add(sql, " AND CHAR_LENGTH(w.word) BETWEEN ");
	sql_int(sql, (int64_t)letters + reversed - 1);
	sql_add(sql, " AND ");
	sql_int(sql, (int64_t)letters + reversed + 1);
	sql_addf(sql, " LIMIT %d)", MOST);
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
 * the letters on both sides of it. The word itself comes first, then those with its first letter,
 * which is seldom the wrong one. */
static error one_step(const struct place *in, str word, size_t letters, struct words *out)
{
	struct arena *a = in->call->arena;
	struct words others = { .arena = a };
	struct sql sql;
	struct db_rows *rows;
	str start = utf8_cut(word, letters / 2), end = { word.p + start.n, word.n - start.n },
	    first = utf8_cut(word, 1);
	sql_begin(&sql, a);
	begin_so(in, start, false, letters, &sql);
	sql_add(&sql, " UNION ALL ");
	begin_so(in, search_word_reversed(a, end), true, letters, &sql);
	sql_add(&sql, " UNION ALL ");
	begin_so(in, swapped(a, word, letters / 2), false, letters, &sql);
	TRY(sql_query(in->call, &sql, term_column, 1, &rows));
	add(out, word);
	for (bool have;;) {
		TRY(db_next(rows, &have));
		if (!have)
			break;
		str found = db_text(rows, 0);
		found = (str) { arena_text(a, found.p, found.n), found.n };
		if (found.p[0] == '~') {
			found = search_word_reversed(a, (str) { found.p + 1, found.n - 1 });
			found = (str) { found.p + 1, found.n - 1 };
		}
		if (search_distance(found, word, 1) <= 1)
			add(str_eq(utf8_cut(found, 1), first) ? out : &others, found);
	}
	for (size_t i = 0; i < others.n; i++)
		add(out, others.v[i]);
	return OK;
}

static void has_term(const struct place *in, struct sql *sql, const char *term)
{
	of_table(in, sql);
	sql_addf(sql, " AND p.term = CONVERT(%s USING utf8mb4) COLLATE utf8mb4_nopad_bin", term);
	is_seen(in, sql);
	sql_add(sql, " LIMIT 1");
}

/* Those of the words that are terms: each is looked for once in the index. The first is what was
 * typed, which is no spelling of itself. */
static error which_are_there(
    const struct place *in, const struct words *all, str out[SPELLINGS], size_t *n, bool *typed)
{
	for (size_t at = 0, size; at < all->n && *n < SPELLINGS; at += size) {
		size = all->n - at <= 16 ? 16 : 64;
		struct sql sql;
		sql_begin(&sql, in->call->arena);
		/* The first says how long they may be: without it the server takes the length of
		 * that one and cuts the others. */
		sql_add(&sql, "WITH c (term) AS (VALUES (CAST('' AS CHAR(64)))");
		for (size_t i = at; i < at + size; i++) {
			sql_add(&sql, ", (");
			sql_text(&sql, all->v[i < all->n ? i : all->n - 1]);
			sql_add(&sql, ")");
		}
		sql_add(&sql, ") SELECT c.term FROM c WHERE (SELECT 1 ");
		has_term(in, &sql, "c.term");
		sql_add(&sql, ") OR (SELECT 1 ");
		has_term(in, &sql, "CONCAT('-', c.term)"); /* elsewhere than in titles */
		sql_add(&sql, ")");
		struct db_rows *rows;
		TRY(sql_query(in->call, &sql, term_column, 1, &rows));
		for (bool have;;) {
			TRY(db_next(rows, &have));
			if (!have)
				break;
			str text = db_text(rows, 0);
			if (str_eq(text, all->v[0]))
				*typed = true;
			else
				keep(out, n,
				    (str) { arena_text(in->call->arena, text.p, text.n), text.n });
		}
	}
	return OK;
}

/* ---- two steps away ---- */

/* Terms that begin with the same letters, some rows at a time (core/search_lists.c:
 * term_list_expand()). */
static error begin_so_far(
    const struct place *in, str word, str start, str out[SPELLINGS], size_t *n)
{
	enum { STEPS = 6, A_STEP = 500 };
	struct seen_term {
		str term;
		bool seen;
	} one;
	static const struct field fields[] = {
		{ .name = "term", .type = T_TEXT, .offset = offsetof(struct seen_term, term) },
		{ .name = "seen", .type = T_BOOL, .offset = offsetof(struct seen_term, seen) },
	};
	static const struct field *const columns[] = { &fields[0], &fields[1] };
	str after = { NULL, 0 };
	for (int64_t step = 0, read = A_STEP; step < STEPS && read == A_STEP; step++) {
		struct sql sql;
		struct db_rows *rows;
		sql_begin(&sql, in->call->arena);
		/* Not left out by the server: who sees few of the rows would have it read them all.
		 */
		sql_add(&sql, "SELECT p.term, (TRUE");
		is_seen(in, &sql);
		sql_add(&sql, ") ");
		of_table(in, &sql);
		sql_add(&sql, " AND ");
		search_term(&sql, start, true);
		if (!str_none(after)) {
			sql_add(&sql, " AND p.term > ");
			sql_text(&sql, after);
		}
		sql_addf(&sql, " ORDER BY p.term LIMIT %d", A_STEP);
		TRY(sql_query(in->call, &sql, columns, 2, &rows));
		read = 0;
		for (bool have;; read++) {
			TRY(db_next(rows, &have));
			if (!have)
				break;
			db_into(rows, &one);
			after = one.term;
			str found = search_bare(after);
			if (one.seen && search_distance(found, word, 2) <= 2)
				keep(out, n, found);
		}
	}
	return OK;
}

static error begin_alike(const struct place *in, str word, str out[SPELLINGS], size_t *n)
{
	enum { FIRST = 3 };
	str start = utf8_cut(word, FIRST);
	TRY(begin_so_far(in, word, start, out, n));
	return *n ? OK
		  : begin_so_far(in, word, search_term_of(in->call->arena, "-", start), out, n);
}

error search_spellings(struct call *call, const struct table *table, enum level level, str word,
    bool missing, str out[SPELLINGS], size_t *n)
{
	enum { FEW = 4 };
	const struct place in = { call, table, level };
	struct words all = { .arena = call->arena };
	struct letters letters;
	bool typed = false;
	*n = 0;
	if (!letters_of(word, &letters) || letters.n < SPELL_LETTERS || letters.n > KEPT_MOST)
		return OK;
	TRY(one_step(&in, word, letters.n, &all));
	if (missing && all.n <= 1 + FEW && letters.n < SPELL_TWICE_LETTERS) {
		for (size_t i = 1; i < all.n; i++)
			keep(out, n, all.v[i]);
		return OK;
	}
	TRY(which_are_there(&in, &all, out, n, &typed));
	if (typed) {
		*n = 0;
		return OK;
	}
	return *n || letters.n < SPELL_TWICE_LETTERS ? OK : begin_alike(&in, word, out, n);
}
