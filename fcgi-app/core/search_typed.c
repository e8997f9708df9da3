/* search_typed.c: see search_typed.h. */
#include "core/search_typed.h"

#include <stdlib.h>

#include <utf8proc.h>

#include "core/search_signs.h"
#include "core/search_text.h"
#include "core/sql_run.h"

/* ---- letter for letter ---- */

static utf8proc_int32_t small_letter(utf8proc_int32_t c, void *with)
{
	(void)with;
	return utf8proc_tolower(c);
}

static str letters_of(struct arena *a, str text)
{
	utf8proc_uint8_t *made = NULL;
	str signs = search_signs(a, text);
	utf8proc_ssize_t n =
	    utf8proc_map_custom((const utf8proc_uint8_t *)signs.p, (utf8proc_ssize_t)signs.n, &made,
		UTF8PROC_STABLE | UTF8PROC_COMPOSE, small_letter, NULL);
	str letters = n < 0 ? signs : (str) { (const char *)made, (size_t)n };
	letters = (str) { arena_text(a, letters.p, letters.n), letters.n };
	free(made);
	return letters;
}

/* Of a letter or a digit, or of a character beyond ASCII, whatever that is. */
static bool goes_on(char c)
{
	return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* As a word of it, or as the beginning of one. */
static bool has_word(str title, str word, bool begun)
{
	bool dense = search_dense(word); /* found by any part */
	for (size_t at = 0, end = word.n; end <= title.n; at++, end++) {
		if (memcmp(title.p + at, word.p, word.n) != 0)
			continue;
		bool begins = !at || !goes_on(title.p[at - 1]) || !goes_on(word.p[0]),
		     ends =
			 end == title.n || !goes_on(title.p[end]) || !goes_on(word.p[word.n - 1]);
		if (dense || (begins && (ends || begun)))
			return true;
	}
	return false;
}

static bool has_all(struct arena *a, str title, const struct typed_words *words, bool begun)
{
	str letters = letters_of(a, title);
	for (size_t i = 0; i < words->n; i++)
		if (!has_word(letters, words->v[i], begun))
			return false;
	return true;
}

/* ---- the words of a query ---- */

static bool ends_word(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (c && strchr("\":,;/()[]<>|\\!?*", c));
}

/* A sign that is left out, or what is beyond ASCII. */
static bool is_folded(char c) { return (unsigned char)c >= 0x80 || (c && strchr("-'&.+#", c)); }

/* It has a letter too; what has an @ is an address. */
static bool is_meant(str word)
{
	bool letter = false, folded = false;
	for (size_t i = 0; i < word.n; i++) {
		letter = letter || (goes_on(word.p[i]) && (word.p[i] < '0' || word.p[i] > '9'));
		folded = folded || is_folded(word.p[i]);
		if (word.p[i] == '@')
			return false;
	}
	return letter && folded;
}

static void skip(str *s, size_t n) { *s = (str) { s->p + n, s->n - n }; }

static str next_word(str *rest)
{
	size_t n = 0;
	while (n < rest->n && !ends_word(rest->p[n]))
		n++;
	str word = { rest->p, n };
	skip(rest, n);
	return word;
}

static void skip_quoted(str *rest)
{
	str before, after;
	skip(rest, 1);
	*rest = str_cut(*rest, '"', &before, &after) ? after : (str) { NULL, 0 };
}

void search_typed_words(
    struct arena *a, const struct table *table, str text, struct typed_words *out)
{
	bool any = false;
	out->n = 0;
	for (size_t i = 0; i < text.n && !any; i++)
		any = is_folded(text.p[i]) || text.p[i] == '`';
	if (!any || !table->title)
		return;
	for (str rest = letters_of(a, text); rest.n && out->n < QUERY_WORDS;) {
		if (ends_word(rest.p[0])) {
			skip(&rest, 1);
			continue;
		}
		bool titled = rest.p[0] != '-' || rest.n == 1 || rest.p[1] == ' ';
		if (!titled)
			skip(&rest, 1);
		str word = next_word(&rest);
		const struct field *field =
		    rest.n && rest.p[0] == ':' ? search_field(table, word) : NULL;
		if (field) {
			skip(&rest, 1);
			titled = titled && field == table->title;
			word = next_word(&rest);
		}
		if (titled && is_meant(word))
			out->v[out->n++] = word;
		if (!titled && !word.n && rest.n && rest.p[0] == '"')
			skip_quoted(&rest);
	}
}

/* ---- the titles ---- */

struct titled {
	uuid id;
	str title;
};

static const struct field titled_fields[] = {
	{ .name = "id", .type = T_ID, .offset = offsetof(struct titled, id) },
	{ .name = "title", .type = T_TEXT, .offset = offsetof(struct titled, title) },
};

static void titles(struct call *call, struct sql *sql, const struct typed_hits *of)
{
	const struct table *table = of->table;
	const char **ids = ARENA_ARRAY(call->arena, of->hits->n, const char *);
	for (size_t i = 0; i < of->hits->n; i++)
		ids[i] = of->hits->v[i].id.text;
	sql_addf(sql, "SELECT t.id, t.`%s`", table->title->name);
	sql_from(sql, " FROM ", table, "t");
	sql_add(sql, " WHERE t.company_id = ");
	sql_id(sql, call->me.company.text);
	access_where(call, sql, table, "t", of->level);
	sql_add(sql, " AND t.id IN ");
	sql_ids(sql, ids, of->hits->n);
}

static void tell(struct call *call, const struct typed_hits *of, const struct titled *row)
{
	for (size_t i = 0; i < of->hits->n; i++) {
		struct search_hit *hit = &of->hits->v[i];
		if (!strcmp(hit->id.text, row->id.text))
			hit->typed =
			    has_all(call->arena, row->title, &of->words, hit->tier > TIER_EXACT);
	}
}

error search_tell_typed(struct call *call, const struct typed_hits *of, size_t n)
{
	const struct field *columns[] = { &titled_fields[0], &titled_fields[1] };
	size_t hits = 0, asked = 0;
	struct sql sql;
	struct db_rows *rows;
	for (size_t k = 0; k < n; k++)
		hits += of[k].hits->n;
	sql_begin(&sql, call->arena);
	for (size_t k = 0; hits > 1 && k < n; k++) {
		if (!of[k].words.n || !of[k].hits->n)
			continue;
		sql_add(&sql, asked++ ? " UNION ALL " : "");
		titles(call, &sql, &of[k]);
	}
	if (!asked)
		return OK;
	TRY(sql_query(call, &sql, columns, sizeof columns / sizeof *columns, &rows));
	for (bool have;;) {
		struct titled row;
		TRY(db_next(rows, &have));
		if (!have)
			return OK;
		db_into(rows, &row);
		for (size_t k = 0; k < n; k++)
			if (of[k].words.n)
				tell(call, &of[k], &row);
	}
}

void search_typed_first(struct search_hits *hits)
{
	for (size_t i = 0, first = 0; i < hits->n; i++) {
		struct search_hit one = hits->v[i];
		if (i && one.tier != hits->v[i - 1].tier)
			first = i;
		if (!one.typed)
			continue;
		memmove(&hits->v[first + 1], &hits->v[first], (i - first) * sizeof one);
		hits->v[first++] = one;
	}
}
