/* search_words.c: see search_words.h. */
#include "core/search_words.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/json.h"
#include "core/search_text.h"
#include "core/sql.h"

bool search_word_kept(str term)
{
	for (size_t i = 0; i < term.n; i++) {
		unsigned char c = (unsigned char)term.p[i];
		if (c < 0x80 && !(c >= 'a' && c <= 'z'))
			return false;
	}
	if (search_dense(term))
		return false;
	size_t letters = utf8_length(term);
	return letters >= KEPT_LETTERS && letters <= KEPT_MOST;
}

str search_word_reversed(struct arena *a, str word)
{
	char *text = arena_alloc(a, word.n + 1);
	size_t at = word.n + 1;
	for (str rest = word; rest.n;) {
		size_t n = utf8_cut(rest, 1).n;
		at -= n;
		memcpy(text + at, rest.p, n);
		rest = (str) { rest.p + n, rest.n - n };
	}
	text[0] = '~';
	return (str) { text, word.n + 1 };
}

/* ---- what is known ---- */

static uint64_t hash_of(const char company[37], const struct table_word *w)
{
	uint64_t h = hash_add(HASH_BEGIN ^ w->table->searched, str_of(company));
	h = hash_add(h, w->word);
	return h ? h : 1;
}

static uint64_t *place_of(struct known_words *known, uint64_t hash)
{
	return &known->v[(hash ^ hash >> 29) % (sizeof known->v / sizeof *known->v)];
}

static int in_order(const void *a, const void *b)
{
	const struct table_word *x = a, *y = b;
	if (x->table != y->table)
		return x->table->searched < y->table->searched ? -1 : 1;
	return str_order(x->word, y->word);
}

/* Those that are kept at all and are not remembered, sorted, each once. */
static size_t unknown(
    const char company[37], struct known_words *known, struct table_word *words, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		uint64_t hash = hash_of(company, &words[i]);
		if (search_word_kept(words[i].word) && !(known && *place_of(known, hash) == hash))
			words[kept++] = words[i];
	}
	if (kept)
		qsort(words, kept, sizeof *words, in_order);
	n = 0;
	for (size_t i = 0; i < kept; i++)
		if (!n || in_order(&words[n - 1], &words[i]) != 0)
			words[n++] = words[i];
	return n;
}

static void found(const char company[37], struct db *db, struct known_words *known,
    struct table_word *words, size_t n, int64_t object, str term)
{
	for (size_t i = 0; i < n; i++) {
		struct table_word *w = &words[i];
		if (!w->table || w->table->searched != object || !str_eq(w->word, term))
			continue;
		uint64_t hash = hash_of(company, w);
		if (known && known->written != db_transactions(db))
			*place_of(known, hash) = hash;
		w->table = NULL;
		return;
	}
}

error search_words_new(struct arena *a, struct db *db, const char company[37],
    struct known_words *known, struct table_word *words, size_t *n)
{
	static const struct field fields[] = {
		{ .name = "object", .type = T_INT, .offset = 0 },
		{ .name = "word", .type = T_TEXT, .offset = sizeof(int64_t) },
	};
	const struct field *columns[] = { &fields[0], &fields[1] };
	size_t all = unknown(company, known, words, *n);
	*n = 0;
	for (size_t at = 0, here; at < all; at += here) {
		struct sql sql;
		struct db_rows *rows;
		for (here = 1; here < SQL_LIST && at + here < all &&
			       words[at + here].table == words[at].table;
		     here++) {
		}
		sql_begin(&sql, a);
		sql_add(&sql, "SELECT w.object, w.word FROM search_words w WHERE w.company_id = ");
		sql_id(&sql, company);
		sql_add(&sql, " AND w.object = ");
		sql_int(&sql, words[at].table->searched);
		sql_add(&sql, " AND w.word IN (");
		for (size_t i = 0, asked = sql_list(here); i < asked; i++) {
			sql_add(&sql, i ? ", " : "");
			sql_text(&sql, words[at + (i < here ? i : here - 1)].word);
		}
		sql_add(&sql, ")");
		TRY(db_query(db, a, sql_view(&sql), sql.params, sql.n_params, columns, 2, &rows));
		for (bool have;;) {
			struct {
				int64_t object;
				str word;
			} one;
			TRY(db_next(rows, &have));
			if (!have)
				break;
			db_into(rows, &one);
			found(company, db, known, words + at, here, one.object, one.word);
		}
	}
	for (size_t i = 0; i < all; i++)
		if (words[i].table)
			words[(*n)++] = words[i];
	return OK;
}

/* ---- writing ---- */

error search_words_write(struct arena *a, struct db *db, const char company[37],
    struct known_words *known, const struct table_word *words, size_t n)
{
	struct table_word *all = ARENA_ARRAY(a, 2 * n + 1, struct table_word);
	if (!n)
		return OK;
	if (known)
		known->written = db_transactions(db);
	for (size_t i = 0; i < n; i++) {
		all[2 * i] = words[i];
		all[2 * i + 1] =
		    (struct table_word) { words[i].table, search_word_reversed(a, words[i].word) };
	}
	qsort(all, n *= 2, sizeof *all, in_order);
	for (size_t at = 0; at < n;) {
		size_t here = sql_list(n - at);
		struct sql sql;
		sql_begin(&sql, a);
		/* Somebody else may have written the word since. */
		sql_add(&sql, "INSERT IGNORE INTO search_words (company_id, object, word) VALUES ");
		for (size_t i = 0; i < here; i++) {
			const struct table_word *w = &all[at + i < n ? at + i : n - 1];
			sql_add(&sql, i ? ", (" : "(");
			sql_id(&sql, company);
			sql_add(&sql, ", ");
			sql_int(&sql, w->table->searched);
			sql_add(&sql, ", ");
			sql_text(&sql, w->word);
			sql_add(&sql, ")");
		}
		TRY(db_execute(db, sql_view(&sql), sql.params, sql.n_params, NULL));
		at += here;
	}
	return OK;
}
