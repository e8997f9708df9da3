/* search_spell.c: see search_spell.h. Tests: tests/unit/search_test.c */
#include "core/search_spell.h"

#include <utf8proc.h>

#include "base/json.h"
#include "core/search_query.h"
#include "core/search_text.h"
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

/* ---- one step away ---- */

struct words {
	struct arena *arena;
	str *v;
	size_t n, cap;
};

static void add(struct words *all, const int32_t *letters, size_t n)
{
	char *text = arena_alloc(all->arena, n * 4 + 1);
	size_t used = 0;
	for (size_t i = 0; i < n; i++)
		used += (size_t)utf8proc_encode_char(letters[i], (utf8proc_uint8_t *)text + used);
	if (!used || used > TERM_BYTES)
		return;
	ARENA_GROW(all->arena, all->v, all->n, all->cap);
	all->v[all->n++] = (str) { text, used };
}

/* The letters of the word's script, as they are after folding. */
static struct alphabet {
	int32_t from, to;
} alphabet_of(const struct letters *word)
{
	static const struct alphabet known[] = { { 'a', 'z' }, { 0x3B1, 0x3C9 }, { 0x430, 0x45F },
		{ 0x5D0, 0x5EA }, { 0x627, 0x64A } };
	for (size_t i = 0; i < word->n; i++)
		for (size_t k = 0; k < sizeof known / sizeof *known; k++)
			if (word->v[i] >= known[k].from && word->v[i] <= known[k].to)
				return known[k];
	return (struct alphabet) { 1, 0 };
}

static void one_step(const struct letters *word, struct words *all)
{
	struct alphabet letters = alphabet_of(word);
	int32_t v[LETTERS + 2];
	size_t n = word->n, size = sizeof *v;
	for (size_t i = 0; i < n; i++) {
		memcpy(v, word->v, i * size);
		memcpy(v + i, word->v + i + 1, (n - i - 1) * size);
		add(all, v, n - 1);
		memcpy(v, word->v, n * size);
		if (i + 1 < n && v[i] != v[i + 1]) {
			v[i] = word->v[i + 1];
			v[i + 1] = word->v[i];
			add(all, v, n);
			memcpy(v, word->v, n * size);
		}
		for (int32_t c = letters.from; c <= letters.to; c++)
			if (c != word->v[i]) {
				v[i] = c;
				add(all, v, n);
			}
	}
	for (size_t i = 0; i <= n; i++) {
		memcpy(v, word->v, i * size);
		memcpy(v + i + 1, word->v + i, (n - i) * size);
		for (int32_t c = letters.from; c <= letters.to; c++) {
			v[i] = c;
			add(all, v, n + 1);
		}
	}
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

/* Those of the words that are terms: each is looked for once in the index. The first is what was
 * typed, which is no spelling of itself. */
static error which_are_there(
    const struct place *in, const struct words *all, str out[SPELLINGS], size_t *n, bool *typed)
{
	enum { A_STATEMENT = 128 };
	for (size_t at = 0; at < all->n && *n < SPELLINGS; at += A_STATEMENT) {
		struct sql sql;
		sql_begin(&sql, in->call->arena);
		/* The first says how long they may be: without it the server takes the length of
		 * that one and cuts the others. */
		sql_add(&sql, "WITH c (term) AS (VALUES (CAST('' AS CHAR(64)))");
		for (size_t i = at; i < at + A_STATEMENT; i++) {
			sql_add(&sql, ", (");
			sql_text(&sql, all->v[i < all->n ? i : all->n - 1]);
			sql_add(&sql, ")");
		}
		sql_add(&sql, ") SELECT c.term FROM c WHERE (SELECT 1 ");
		of_table(in, &sql);
		sql_add(&sql, " AND p.term = CONVERT(c.term USING utf8mb4) COLLATE "
			      "utf8mb4_nopad_bin");
		is_seen(in, &sql);
		sql_add(&sql, " LIMIT 1)");
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

/* Terms that begin with the same letters, some rows at a time (core/search_find.c: expand()). */
static error begin_alike(const struct place *in, str word, str out[SPELLINGS], size_t *n)
{
	enum { FIRST = 3, STEPS = 6, A_STEP = 500 };
	struct seen_term {
		str term;
		bool seen;
	} one;
	static const struct field fields[] = {
		{ .name = "term", .type = T_TEXT, .offset = offsetof(struct seen_term, term) },
		{ .name = "seen", .type = T_BOOL, .offset = offsetof(struct seen_term, seen) },
	};
	static const struct field *const columns[] = { &fields[0], &fields[1] };
	struct arena *a = in->call->arena;
	str after = { NULL, 0 }, start = utf8_cut(word, FIRST);
	for (int64_t step = 0, read = A_STEP; step < STEPS && read == A_STEP; step++) {
		struct sql sql;
		struct db_rows *rows;
		sql_begin(&sql, a);
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
			if (one.seen && search_distance(after, word, 2) <= 2)
				keep(out, n, after);
		}
	}
	return OK;
}

error search_spellings(struct call *call, const struct table *table, enum level level, str word,
    str out[SPELLINGS], size_t *n)
{
	const struct place in = { call, table, level };
	struct words all = { .arena = call->arena };
	struct letters letters;
	bool typed = false;
	*n = 0;
	if (!letters_of(word, &letters) || letters.n < SPELL_LETTERS)
		return OK;
	add(&all, letters.v, letters.n);
	one_step(&letters, &all);
	TRY(which_are_there(&in, &all, out, n, &typed));
	if (typed) {
		*n = 0;
		return OK;
	}
	return *n || letters.n < SPELL_TWICE_LETTERS ? OK : begin_alike(&in, word, out, n);
}
