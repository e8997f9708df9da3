/* search_show.c: see search_show.h. Tests: tests/unit/search_query_test.c,
 * tests/http/search.test.mjs */
#include "core/search_show.h"

#include <stdlib.h>

#include "core/search_text.h"
#include "core/sql_run.h"

const struct field search_part_answer[2] = {
	MEMBER(search_part, text, .doc = "A piece of the text"),
	MEMBER(search_part, found, .doc = "Whether this is what was looked for"),
};
const struct field search_match_answer[2] = {
	MEMBER(search_match, field, .doc = "The field of the row in which a word was found"),
	MEMBER_LIST(search_match, parts, search_part,
	    .doc = "Its text, or the piece of it with the word, in parts to be put side by side"),
};

/* ---- the rows ---- */

static bool is_shown(const struct table *table, const struct field *f)
{
	const struct table *names = f->item ? f->item->ref : f->type == T_ID ? f->ref : NULL;
	return f == table->id || f == table->title || f->type == T_SUBJECT || f->type == T_ENUM ||
	       (names && search_has(names)) || (f->flags & F_SEARCHED);
}

error search_rows(struct call *call, const struct table *table, enum level level,
    const char *const *ids, size_t n, void **rows)
{
	const struct field **columns =
	    ARENA_ARRAY(call->arena, table->columns.n, const struct field *);
	size_t n_columns = 0;
	struct sql sql;
	struct db_rows *found;
	sql_begin(&sql, call->arena);
	for (uint32_t i = 0; i < table->columns.n; i++) {
		const struct field *f = &table->columns.v[i];
		if (!is_shown(table, f))
			continue;
		sql_add(&sql, n_columns ? ", " : "SELECT ");
		sql_columns(&sql, "t", f);
		columns[n_columns++] = f;
	}
	sql_from(&sql, " FROM ", table, "t");
	sql_add(&sql, " WHERE t.company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, table->soft_delete ? " AND t.deleted_at IS NULL" : "");
	access_where(call, &sql, table, "t", level);
	sql_add(&sql, " AND t.id IN ");
	sql_ids(&sql, ids, n);
	TRY(sql_query(call, &sql, columns, n_columns, &found));
	for (bool have;;) {
		TRY(db_next(found, &have));
		if (!have)
			return OK;
		void *row = arena_alloc(call->arena, table->columns.size);
		db_into(found, row);
		for (size_t i = 0; i < n; i++)
			if (!strcmp(ids[i], (const char *)row + table->id->offset))
				rows[i] = row;
	}
}

struct first_text {
	str text;
};

static void keep_first(void *with, uint32_t weight, str text)
{
	struct first_text *first = with;
	(void)weight;
	if (str_none(first->text))
		first->text = text;
}

str search_first_text(struct arena *a, const struct field *column, const void *row)
{
	struct first_text first = { { NULL, 0 } };
	search_texts(a, column, row, keep_first, &first);
	return first.text;
}

/* Where a longer text is cut between two words, behind `from`; `to`: there is no space. */
static size_t last_space(str text, size_t from, size_t to)
{
	for (size_t i = to; i > from; i--)
		if (text.p[i] == ' ' || text.p[i] == '\n')
			return i;
	return to;
}

str search_title(struct arena *a, const struct table *table, const void *row)
{
	enum { TITLE_CHARACTERS = 80 };
	str text = { NULL, 0 }, line;
	if (table->title)
		return *(const str *)(const void *)((const char *)row + table->title->offset);
	for (uint32_t i = 0; i < table->columns.n && str_none(text); i++)
		if (table->columns.v[i].flags & F_SEARCHED)
			text = search_first_text(a, &table->columns.v[i], row);
	if (str_cut(text, '\n', &line, &text))
		text = line;
	line = utf8_cut(text, TITLE_CHARACTERS);
	if (line.n == text.n)
		return text;
	return str_of(
	    arena_printf(a, "%.*s\xe2\x80\xa6", (int)last_space(text, line.n / 2, line.n), text.p));
}

/* ---- where the words stand ---- */

/* One word of a way's piece: " ada lov" has ada, and the beginning lov. */
struct needle {
	str text;
	bool begins; /* a word that begins so is one */
	bool inside; /* a word that has it anywhere is one */
};
struct needles {
	struct needle v[WORD_WAYS * QUERY_WORDS];
	size_t n;
	const struct field *field;
};

static void needles_of(const struct search_word *word, struct needles *out)
{
	*out = (struct needles) { .n = 0, .field = word->field };
	for (size_t k = 0; k < word->n; k++) {
		str piece = word->ways[k].piece, one, rest = piece;
		while (rest.n && out->n < sizeof out->v / sizeof *out->v) {
			bool ended = str_cut(rest, ' ', &one, &rest);
			if (!ended) {
				one = rest;
				rest.n = 0;
			}
			bool start = one.n && one.p[0] == '^';
			if (start)
				one = (str) { one.p + 1, one.n - 1 };
			bool inside = search_dense(one);
			if (one.n)
				out->v[out->n++] =
				    (struct needle) { one, start || (!ended && !inside), inside };
		}
	}
}

struct range {
	size_t from, to;
};

/* How many bytes the first characters of a text have. */
static size_t bytes_of(str text, size_t characters) { return utf8_cut(text, characters).n; }

/* How far a token was looked through. */
struct looked {
	size_t text, source; /* bytes of its own, and where that is in the text */
};

/* A run without spaces may have it several times. */
static bool next_inside(
    str text, const struct token *t, const struct needle *n, struct looked *at, struct range *out)
{
	str rest = { t->text.p + at->text, t->text.n - at->text },
	    source = { text.p + at->source, t->to - at->source };
	const char *found = memmem(rest.p, rest.n, n->text.p, n->text.n);
	if (!found || !t->dense)
		return false;
	size_t before = bytes_of(source, utf8_length((str) { rest.p, (size_t)(found - rest.p) }));
	out->from = at->source + before;
	out->to = out->from +
		  bytes_of((str) { source.p + before, source.n - before }, utf8_length(n->text));
	*at = (struct looked) { (size_t)(found - t->text.p) + n->text.n, out->to };
	return true;
}

/* What of the token is the needle, in bytes of the text; again, until there is no more. */
static bool token_range(
    str text, const struct token *t, const struct needle *n, struct looked *at, struct range *out)
{
	str source = { text.p + t->from, t->to - t->from };
	if (n->inside)
		return next_inside(text, t, n, at, out);
	if (at->text)
		return false;
	bool begins = t->text.n >= n->text.n && !memcmp(t->text.p, n->text.p, n->text.n);
	if (!begins || (!n->begins && t->text.n != n->text.n))
		return false;
	*out = (struct range) { t->from, t->to };
	at->text = t->text.n;
	/* Of what is only begun, the beginning; of another spelling, or the end of a number, that
	 * cannot be told. */
	bool as_written = t->kind == TOKEN_PLAIN || t->kind == TOKEN_WHOLE ||
			  t->kind == TOKEN_LOCAL || t->kind == TOKEN_DOMAIN;
	if (as_written && t->text.n > n->text.n)
		out->to = t->from + bytes_of(source, utf8_length(n->text));
	return true;
}

static int by_start(const void *a, const void *b)
{
	const struct range *x = a, *y = b;
	return x->from != y->from ? (x->from < y->from ? -1 : 1)
				  : (x->to > y->to) - (x->to < y->to);
}

struct shower {
	struct arena *arena;
	const struct field *column;
	const struct search_query *query;
	struct search_match_out *out;
	size_t n;
};

/* What is found right behind something found is one part with it: O'Brien, of which o and brien
 * were found, or a number by its beginning and its end. */
static void part(struct arena *a, struct search_match_out *m, size_t *cap, str text, bool found)
{
	struct search_part_out *parts = m->parts.items,
			       *last = m->parts.n ? &parts[m->parts.n - 1] : NULL;
	if (!text.n)
		return;
	if (found && last && last->found && last->text.p + last->text.n == text.p) {
		last->text.n += text.n;
		return;
	}
	ARENA_GROW(a, parts, m->parts.n, *cap);
	parts[m->parts.n++] = (struct search_part_out) { text, found };
	m->parts.items = parts;
}

/* The text around its first match, at the borders of words, or of characters where there are none.
 */
static struct range piece_around(str text, const struct range *first)
{
	enum { BEFORE = 40 };
	if (utf8_length(text) <= SHOWN_CHARACTERS)
		return (struct range) { 0, text.n };
	size_t from = first->from;
	for (size_t i = 0; i < BEFORE && from > 0; i++)
		do
			from--;
		while (from > 0 && ((unsigned char)text.p[from] & 0xc0) == 0x80);
	for (size_t i = from; from > 0 && i < first->from; i++)
		if (text.p[i] == ' ' || text.p[i] == '\n') {
			from = i + 1;
			break;
		}
	str rest = { text.p + from, text.n - from };
	size_t n = bytes_of(rest, SHOWN_CHARACTERS),
	       to = from + (n < first->to - from ? first->to - from : n);
	return (struct range) { from, to < text.n ? last_space(text, first->to, to) : to };
}

static void show_text(void *with, uint32_t weight, str text)
{
	struct shower *s = with;
	struct tokens all;
	struct needles needles;
	struct range *ranges = NULL;
	size_t n = 0, cap = 0, cap_parts = 0;
	(void)weight;
	if (s->n == SHOWN_TEXTS)
		return;
	search_tokens(s->arena, text, &all);
	for (size_t w = 0; w < s->query->n; w++) {
		if (s->query->words[w].negated)
			continue;
		needles_of(&s->query->words[w], &needles);
		if (needles.field && needles.field != s->column)
			continue;
		for (size_t t = 0; t < all.n; t++)
			for (size_t k = 0; k < needles.n; k++) {
				struct range r;
				struct looked at = { 0, all.v[t].from };
				while (token_range(text, &all.v[t], &needles.v[k], &at, &r)) {
					ARENA_GROW(s->arena, ranges, n, cap);
					ranges[n++] = r;
				}
			}
	}
	if (!n)
		return;
	qsort(ranges, n, sizeof *ranges, by_start);
	struct search_match_out *m = &s->out[s->n++];
	*m = (struct search_match_out) { .field = str_of(s->column->name) };
	struct range piece = piece_around(text, &ranges[0]);
	size_t at = piece.from;
	for (size_t i = 0; i < n && at < piece.to; i++) {
		size_t from = ranges[i].from > at ? ranges[i].from : at,
		       to = ranges[i].to < piece.to ? ranges[i].to : piece.to;
		if (to <= from)
			continue;
		part(s->arena, m, &cap_parts, (str) { text.p + at, from - at }, false);
		part(s->arena, m, &cap_parts, (str) { text.p + from, to - from }, true);
		at = to;
	}
	part(s->arena, m, &cap_parts, (str) { text.p + at, piece.to - at }, false);
}

list search_matches(
    struct arena *a, const struct table *table, const void *row, const struct search_query *query)
{
	struct shower s = { .arena = a, .query = query };
	s.out = ARENA_ARRAY(a, SHOWN_TEXTS, struct search_match_out);
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; i < table->columns.n; i++) {
			s.column = &table->columns.v[i];
			if ((s.column->flags & F_SEARCHED) &&
			    (s.column == table->title) == (pass == 0))
				search_texts(a, s.column, row, show_text, &s);
		}
	return (list) { s.out, s.n };
}
