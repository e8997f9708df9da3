/* search_particle.c: see search_particle.h. */
#include "core/search_particle.h"

#include "base/buf.h"

/* As search_text.h folds them. */
static const char *const particles[] = { "van", "von", "der", "den", "ter", "ten", "de", "del",
	"della", "di", "da", "dal", "dos", "das", "du", "la", "le", "las", "los", "el", "bin",
	"ibn", "abu", "abd", "abdul", "mc", "mac", "o", "st", "san", "santa", "saint" };
/* First names as well, when they stand first. */
static const char *const inner[] = { "al", "ben" };
#define SERVANT "\xd8\xb9\xd8\xa8\xd8\xaf" /* abd */
#define FATHER "\xd8\xa7\xd8\xa8\xd9\x88"  /* abu */
#define SON "\xd8\xa8\xd9\x86"             /* bin */

static bool is_one_of(str word, const char *const *of, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(word, of[i]))
			return true;
	return false;
}

static bool is_latin(str word, bool first)
{
	return is_one_of(word, particles, sizeof particles / sizeof *particles) ||
	       (!first && is_one_of(word, inner, sizeof inner / sizeof *inner));
}

static bool makes_a_name(str word) { return str_is(word, SERVANT) || str_is(word, FATHER); }

static bool is_arabic(str word) { return makes_a_name(word) || str_is(word, SON); }

/* The next word of a text, where nothing but white space and a point (St. Clair) is between the
 * two; NULL: there is none. */
static const struct token *next_of(str text, const struct tokens *all, const struct token *one)
{
	for (const struct token *t = one + 1; t < all->v + all->n; t++) {
		if (t->kind != TOKEN_PLAIN)
			continue;
		bool space = false;
		for (size_t i = one->to; i < t->from; i++) {
			if (text.p[i] != ' ' && text.p[i] != '.')
				return NULL;
			space = space || text.p[i] == ' ';
		}
		return space ? t : NULL;
	}
	return NULL;
}

/* The word with which the name ends that begins with a particle; NULL: none does. Of more particles
 * than names have none does, so that a text of nothing else is read once. */
static const struct token *end_of(
    str text, const struct tokens *all, const struct token *one, bool first)
{
	enum { LONGEST = 6 /* bytes of a particle */, MOST = 4 };
	if (one->text.n > LONGEST)
		return NULL;
	const struct token *next = next_of(text, all, one);
	if (is_arabic(one->text))
		return next && !is_arabic(next->text) ? next : NULL;
	if (!is_latin(one->text, first))
		return NULL;
	size_t n = 1;
	for (; next && n < MOST && is_latin(next->text, false); n++)
		next = next_of(text, all, next);
	return n < MOST ? next : NULL;
}

static void add(
    struct arena *a, struct tokens *all, const struct token *from, const struct token *to)
{
	struct buf word = { 0 };
	struct token one = { .kind = TOKEN_NAME, .from = from->from, .to = to->to };
	for (const struct token *t = from; t <= to; t++)
		if (t->kind == TOKEN_PLAIN)
			buf_str(&word, t->text);
	one.text = (str) { arena_text(a, word.p, word.n), word.n };
	buf_free(&word);
	if (one.text.n > TERM_BYTES || all->n >= TEXT_TOKENS)
		return;
	ARENA_GROW(a, all->v, all->n, all->cap);
	all->v[all->n++] = one;
}

void search_particles(struct arena *a, str text, struct tokens *all)
{
	bool first = true;
	size_t behind = 0;
	for (size_t i = 0, n = all->n; i < n; i++) {
		const struct token *one = &all->v[i];
		if (one->kind != TOKEN_PLAIN)
			continue;
		const struct token *end =
		    one->from >= behind ? end_of(text, all, one, first) : NULL;
		first = false;
		if (!end)
			continue;
		behind = end->to;
		add(a, all, one, end);
	}
}

size_t search_arabic_name(struct arena *a, str text)
{
	struct tokens all;
	search_tokens(a, text, &all);
	for (size_t i = 0; i < all.n; i++)
		if (all.v[i].kind == TOKEN_NAME)
			return all.v[i].from == 0 && makes_a_name(all.v[0].text) ? all.v[i].to : 0;
	return 0;
}
