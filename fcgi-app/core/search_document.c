/* search_document.c: see search_document.h. */
#include "core/search_document.h"

#include <strings.h>

#include "base/json.h"
#include "core/search_text.h"

enum { TITLE_LETTERS = 3, DENSE_LETTERS = 2 };

/* Phones begin what is typed with a capital. */
static bool is_named(const char *name, str typed)
{
	return strlen(name) == typed.n && !strncasecmp(name, typed.p, typed.n);
}

/* That the column is a list of rows with a searched member of that name. */
static bool has_member(const struct field *column, str name)
{
	const struct field_set *of = column->item ? column->item->of : NULL;
	for (uint32_t i = 0; of && i < of->n; i++)
		if ((of->v[i].flags & F_SEARCHED) && is_named(of->v[i].name, name))
			return true;
	return false;
}

/* What a row is called, or says: `note` of notes; or a list by what stands in it: `city`. */
static const struct field *otherwise_named(const struct table *table, str name)
{
	bool noun = is_named(table->noun, name);
	if (noun && table->title && (table->title->flags & F_SEARCHED))
		return table->title;
	for (uint32_t i = 0; i < table->columns.n; i++) {
		const struct field *f = &table->columns.v[i];
		if ((f->flags & F_SEARCHED) && (noun || has_member(f, name)))
			return f;
	}
	return NULL;
}

const struct field *search_field(const struct table *table, str name)
{
	const struct field *close = NULL;
	for (uint32_t i = 0; i < table->columns.n; i++) {
		const struct field *f = &table->columns.v[i];
		str own = str_of(f->name);
		bool begins = name.n && own.n >= name.n && !strncasecmp(own.p, name.p, name.n);
		if (!(f->flags & F_SEARCHED))
			continue;
		if (begins && own.n == name.n)
			return f;
		bool singular = begins && own.n > name.n &&
				(!strcmp(f->name + name.n, "s") || !strcmp(f->name + name.n, "es"));
		bool ending = name.n == 4 && !strncasecmp(name.p, "name", 4) && own.n > 5 &&
			      str_is((str) { own.p + own.n - 5, 5 }, "_name");
		if (!close && (singular || ending))
			close = f;
	}
	return close || !name.n ? close : otherwise_named(table, name);
}

/* ---- the texts of a row ---- */

static void document_texts(struct arena *a, const struct field *f, str json,
    void (*each)(void *with, uint32_t weight, str text), void *with)
{
	const char *why;
	const struct field_set *members = f->item->of;
	struct json_object *items = str_none(json) ? NULL : json_read(a, json, &why), *value;
	size_t n =
	    json_object_is_type(items, json_type_array) ? json_object_array_length(items) : 0;
	for (size_t i = 0; i < n; i++)
		for (uint32_t m = 0; m < members->n; m++) {
			const struct field *member = &members->v[m];
			if (!(member->flags & F_SEARCHED) ||
			    !json_object_object_get_ex(
				json_object_array_get_idx(items, i), member->name, &value) ||
			    !json_object_is_type(value, json_type_string))
				continue;
			str text = { json_object_get_string(value),
				(size_t)json_object_get_string_len(value) };
			if (text.n)
				each(with, f->weight ? f->weight : member->weight, text);
		}
}

void search_texts(struct arena *a, const struct field *column, const void *row,
    void (*each)(void *with, uint32_t weight, str text), void *with)
{
	const void *value = (const char *)row + column->offset;
	if (column->type == T_JSON) {
		document_texts(a, column, ((const json_text *)value)->json, each, with);
		return;
	}
	str text = *(const str *)value;
	if (text.n)
		each(with, column->weight, text);
}

/* ---- from a row to its document ---- */

struct writer {
	struct arena *arena; /* of what is needed no longer than the row is written */
	struct buf *out;
	const struct field *column;
	bool title;
	bool names; /* titles are names */
	size_t
	    left; /* how many more words a document may have; as many postings it gives at most */
};

static void heading(struct writer *w, uint32_t weight)
{
	buf_printf(w->out, ":%s=%u ", w->column->name, weight);
}

static bool room(struct writer *w, size_t words)
{
	if (w->left < words)
		return false;
	w->left -= words;
	return true;
}

/* A word of a script without spaces has a posting for each place in it. */
static size_t postings_in(const struct token *t) { return t->dense ? utf8_length(t->text) : 1; }

/* What of a word there is room for; none: empty. Of a run without spaces that can be a part. */
static str fitting(struct writer *w, const struct token *t)
{
	str text = t->dense ? utf8_cut(t->text, w->left) : t->text;
	return room(w, t->dense ? utf8_length(text) : 1) ? text : (str) { NULL, 0 };
}

static void plain(struct writer *w, const struct tokens *all, uint32_t weight)
{
	bool any = false;
	for (size_t i = 0; i < all->n; i++) {
		str word =
		    all->v[i].kind == TOKEN_PLAIN ? fitting(w, &all->v[i]) : (str) { NULL, 0 };
		if (!word.n)
			continue;
		if (!any)
			heading(w, weight);
		any = true;
		buf_str(w->out, word);
		buf_char(w->out, ' ');
	}
}

/* Writes ^ and the first letters of a word, of each number of letters from one on. */
static void starts(struct writer *w, str word, size_t most, bool *any, uint32_t weight)
{
	str last = { NULL, 0 };
	for (size_t letters = 1; letters <= most; letters++) {
		str start = utf8_cut(word, letters);
		if (start.n == last.n || !room(w, 1))
			return;
		if (!*any)
			heading(w, weight);
		*any = true;
		last = start;
		buf_char(w->out, '^');
		buf_str(w->out, start);
		buf_char(w->out, ' ');
	}
}

/* How each word of a title begins; in a script without spaces a word may begin anywhere. */
static void beginnings(struct writer *w, const struct tokens *all, uint32_t weight)
{
	bool any = false;
	for (size_t i = 0; i < all->n; i++) {
		str word = all->v[i].text;
		if (all->v[i].kind != TOKEN_PLAIN && all->v[i].kind != TOKEN_VARIANT)
			continue;
		if (!search_dense(word))
			starts(w, word, TITLE_LETTERS, &any, weight);
		else
			for (; word.n; word = search_behind_first(word))
				starts(w, word, DENSE_LETTERS, &any, weight);
	}
}

static void others(struct writer *w, const struct tokens *all, unsigned kinds, uint32_t weight)
{
	bool any = false;
	for (size_t i = 0; i < all->n; i++) {
		if (!(kinds & 1U << all->v[i].kind) || !room(w, 1))
			continue;
		if (!any)
			heading(w, weight);
		any = true;
		buf_str(w->out, all->v[i].text);
		buf_char(w->out, ' ');
	}
}

/* The last of the joined tokens that begin with the plain one, or the first; NULL: it is joined to
 * none. */
static const struct token *joined_at(const struct tokens *all, size_t at, bool other)
{
	const struct token *one = NULL;
	for (size_t i = at + 1; i < all->n && (other || !one); i++)
		if (all->v[i].kind == TOKEN_JOINED && all->v[i].from == all->v[at].from)
			one = &all->v[i];
	return one;
}

/* A title with each word in its other spelling (`other`), and with those as one that are joined
 * over hyphens and apostrophes, for phrases: hans mueller, maureen obrien. */
static str spelt_otherwise(struct writer *w, const struct tokens *all, bool other, bool joined)
{
	struct buf words = { 0 };
	size_t behind = 0;
	for (size_t i = 0; i < all->n; i++) {
		const struct token *t = &all->v[i], *one = NULL;
		if (t->kind != TOKEN_PLAIN || t->from < behind)
			continue;
		if (joined && (one = joined_at(all, i, other)))
			t = one;
		else if (other && i + 1 < all->n && all->v[i + 1].kind == TOKEN_VARIANT)
			t = &all->v[i + 1];
		behind = t->to;
		buf_str(&words, t->text);
		buf_char(&words, ' ');
	}
	str text = { arena_text(w->arena, words.p, words.n), words.n };
	buf_free(&words);
	return text;
}

static void phrases(struct writer *w, const struct tokens *all)
{
	enum { WAYS = 4 };
	str written[WAYS];
	size_t n_plain = 0, n_other = 0;
	for (size_t i = 0; i < all->n; i++) {
		n_plain += all->v[i].kind == TOKEN_PLAIN;
		n_other += all->v[i].kind == TOKEN_VARIANT || all->v[i].kind == TOKEN_JOINED;
	}
	for (size_t way = 0; n_plain > 1 && n_other && way < WAYS; way++) {
		bool known = false;
		written[way] = spelt_otherwise(w, all, way & 1, way & 2);
		for (size_t i = 0; i < way; i++)
			known = known || str_eq(written[i], written[way]);
		if (known || !way || !room(w, n_plain))
			continue; /* as it was typed it stands there */
		heading(w, 0);
		buf_str(w->out, written[way]);
	}
}

/* Where names have no spaces, people write family and given name as one, the family first. Each
 * part of it stands there already, so this weighs little. */
static void as_one(struct writer *w, const struct tokens *all, uint32_t weight)
{
	const struct token *names[2];
	size_t n = 0;
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].kind == TOKEN_PLAIN) {
			if (n == 2 || !all->v[i].dense)
				return;
			names[n++] = &all->v[i];
		}
	if (n < 2 || !room(w, 2 * (postings_in(names[0]) + postings_in(names[1]))))
		return;
	heading(w, weight);
	for (size_t i = 0; i < 2; i++) {
		buf_str(w->out, names[i]->text);
		buf_str(w->out, names[1 - i]->text);
		buf_char(w->out, ' ');
	}
}

/* Whatever is there weighs something. */
static uint32_t share(uint32_t weight, uint32_t of, uint32_t all)
{
	uint32_t part = weight * of / all;
	return part ? part : 1;
}

/* A phone number and no more; in a text of the row itself they may be years, or what is offered. */
static bool is_number(const struct writer *w, const struct tokens *all)
{
	if (w->column->type != T_JSON)
		return false;
	bool any = false;
	for (size_t i = 0; i < all->n; i++) {
		any = any || all->v[i].kind == TOKEN_NUMBER;
		for (size_t k = 0; all->v[i].kind == TOKEN_PLAIN && k < all->v[i].text.n; k++)
			if (all->v[i].text.p[k] < '0' || all->v[i].text.p[k] > '9')
				return false;
	}
	return any;
}

static void add_text(void *with, uint32_t weight, str text)
{
	enum { RUN_OF_A_WORD = 16 }; /* of a long run so many characters count as a word */
	struct writer *w = with;
	struct tokens all;
	size_t n = 0;
	search_tokens(w->arena, text, &all);
	for (size_t i = 0; i < all.n; i++)
		if (all.v[i].kind == TOKEN_PLAIN)
			n += (postings_in(&all.v[i]) + RUN_OF_A_WORD - 1) / RUN_OF_A_WORD;
	uint32_t word = n > 1 ? share(weight, 100, (uint32_t)(100 + 15 * (n - 1))) : weight;
	plain(w, &all, is_number(w, &all) ? 0 : word);
	others(w, &all, 1U << TOKEN_VARIANT | 1U << TOKEN_JOINED, word - word / 10);
	others(w, &all, 1U << TOKEN_WHOLE | 1U << TOKEN_NUMBER | 1U << TOKEN_SUFFIX, weight);
	others(w, &all, 1U << TOKEN_COUNTRY, 0);
	others(w, &all, 1U << TOKEN_LOCAL, share(weight, 2, 5));
	others(w, &all, 1U << TOKEN_DOMAIN, share(weight, 1, 5));
	if (!w->title)
		return;
	if (w->names)
		others(w, &all, 1U << TOKEN_NAME, word - word / 10);
	phrases(w, &all);
	beginnings(w, &all, word);
	as_one(w, &all, share(word, 1, 10));
}

static int64_t day_of(const struct table *table, const void *row)
{
	enum { US_A_DAY = 86400 };
	if (!table->created_at)
		return 0;
	instant made =
	    *(const instant *)(const void *)((const char *)row + table->created_at->offset);
	int64_t days = instant_none(made) ? 0 : made.us / (US_A_DAY * INT64_C(1000000));
	return days < 0 ? 0 : days > SEARCH_DAYS ? SEARCH_DAYS : days;
}

static uuid id_of(const void *row, const struct field *f)
{
	uuid id = { "" };
	if (f)
		memcpy(id.text, (const char *)row + f->offset, sizeof id.text);
	return id;
}

static bool is_deleted(const struct table *table, const void *row)
{
	return table->deleted_at &&
	       !instant_none(
		   *(const instant *)(const void *)((const char *)row + table->deleted_at->offset));
}

#define GROUP_PIECE " # " /* no word: of rows to which others belong */

bool search_is_group(const struct table *table, const void *row)
{
	return table->group &&
	       *(const int *)(const void *)((const char *)row + table->group->offset) ==
		   table->group_value;
}

bool search_document_is_group(const struct search_document *document)
{
	return memmem(document->words.p, document->words.n, GROUP_PIECE, sizeof GROUP_PIECE - 1);
}

void search_document_of(
    struct arena *a, const struct table *table, const void *row, struct search_document *out)
{
	struct buf words = { 0 };
	/* Those to which others belong have names. */
	struct writer w = { .arena = arena_new(),
		.out = &words,
		.left = TEXT_TOKENS,
		.names = table->group != NULL };
	const bool own = !table->n_parents;
	buf_char(&words, ' ');
	/* The title first: it has what most look for, should there be too much. */
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; i < table->columns.n; i++) {
			w.column = &table->columns.v[i];
			w.title = w.column == table->title;
			if ((w.column->flags & F_SEARCHED) && w.title == (pass == 0))
				search_texts(w.arena, w.column, row, add_text, &w);
		}
	if (search_is_group(table, row))
		buf_printf(&words, ":%s=0%s", table->group->name, GROUP_PIECE);
	*out = (struct search_document) {
		.row = id_of(row, table->id),
		.owner = id_of(row, own ? table->owner : NULL),
		.team = id_of(row, own ? table->team : NULL),
		.day = day_of(table, row),
		.deleted = is_deleted(table, row),
		.words = { arena_text(a, words.p, words.n), words.n },
	};
	buf_free(&words);
	arena_free(w.arena);
}

static bool same_id(const struct field *f, const void *a, const void *b)
{
	return !f || !strcmp((const char *)a + f->offset, (const char *)b + f->offset);
}

bool search_differs(const struct table *table, const void *before, const void *after)
{
	for (uint32_t i = 0; i < table->columns.n; i++) {
		const struct field *f = &table->columns.v[i];
		/* A json_text is a str. */
		if ((f->flags & F_SEARCHED) &&
		    !str_eq(*(const str *)(const void *)((const char *)before + f->offset),
			*(const str *)(const void *)((const char *)after + f->offset)))
			return true;
	}
	return is_deleted(table, before) != is_deleted(table, after) ||
	       search_is_group(table, before) != search_is_group(table, after) ||
	       (!table->n_parents &&
		   (!same_id(table->owner, before, after) || !same_id(table->team, before, after)));
}

/* ---- a document ---- */

bool search_section(str *rest, struct section *out)
{
	const char *colon = rest->n ? memchr(rest->p, ':', rest->n) : NULL;
	if (!colon)
		return false;
	str left = { colon + 1, rest->n - (size_t)(colon + 1 - rest->p) }, weight;
	if (!str_cut(left, '=', &out->field, &left) || !str_cut(left, ' ', &weight, &left))
		return false;
	out->weight = 0;
	for (size_t i = 0; i < weight.n; i++)
		out->weight = out->weight * 10 + (uint32_t)(weight.p[i] - '0');
	const char *next = memchr(left.p, ':', left.n);
	size_t n = next ? (size_t)(next - left.p) : left.n;
	out->words = (str) { left.p - 1, n + 1 };
	*rest = (str) { left.p + n, left.n - n };
	return true;
}
