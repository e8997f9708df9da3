/* search_query.c: see search_query.h. */
#include "core/search_query.h"

#include <strings.h>

#include "base/json.h"
#include "core/search_number.h"
#include "core/search_particle.h"
#include "core/search_signs.h"
#include "core/search_text.h"

enum {
	SUFFIX_DIGITS = 9,
	START_DIGITS = 5,
	WITH_AREA = 7,
	SHORT_LETTERS = 3,
	DENSE_TERM = 4,
	DENSE_SHORT = 2
};

struct chunk {
	str text;
	bool negated, quoted, closed;
	const struct field *field;
};

/* ---- a word ---- */

static struct search_way *way(
    struct search_word *w, str term, bool range, str piece, bool alone, enum search_tier tier)
{
	if (w->n == WORD_WAYS)
		return NULL;
	w->ways[w->n] = (struct search_way) {
		.term = term, .range = range, .piece = piece, .alone = alone, .tier = tier
	};
	return &w->ways[w->n++];
}

static str piece_of(struct arena *a, str word, bool begins, bool ends)
{
	char *text =
	    arena_printf(a, "%s%.*s%s", begins ? " " : "", (int)word.n, word.p, ends ? " " : "");
	return str_of(text);
}

/* As a titled word of a row, if it can be one, and as a word elsewhere. */
static void both_ways(struct arena *a, struct search_word *w, const char *sign, str word,
    bool range, str piece, bool alone, enum search_tier tier)
{
	str term = search_term_of(a, sign, word);
	alone = alone && utf8_length(word) < TERM_BYTES; /* or a term may be cut, with its sign */
	if (search_dense(word) || search_can_be_titled(word, range || *sign))
		way(w, term, range, piece, alone, tier);
	for (const char *elsewhere = search_goes_on(word) && !*sign ? "-=" : "-"; *elsewhere;
	     elsewhere++) {
		struct search_way *other = way(w,
		    search_term_of(a, (char[]) { *elsewhere, 0 }, term), range, piece, alone, tier);
		if (other)
			other->elsewhere = true;
	}
}

/* In the row's title, where each beginning of a word is a term. */
static void title_way(struct arena *a, struct search_word *w, str word)
{
	str piece = piece_of(a, search_term_of(a, "^", word), true, true);
	if (search_dense(word))
		way(w, search_term_of(a, "^", word), false, piece, true, TIER_TITLE);
	else
		both_ways(a, w, "^", word, false, piece, true, TIER_TITLE);
}

/* A run of characters without spaces: a part of any such run in the row. */
static void dense_way(struct arena *a, struct search_word *w, str word)
{
	str term = utf8_cut(word, DENSE_TERM);
	size_t letters = utf8_length(word);
	if (letters <= DENSE_SHORT)
		title_way(a, w, word);
	both_ways(a, w, "", term, letters < DENSE_TERM, piece_of(a, word, false, false),
	    term.n == word.n, letters <= DENSE_SHORT ? TIER_PREFIX : TIER_EXACT);
}

static void word_way(struct arena *a, struct search_word *w, str word, bool begun)
{
	if (search_dense(word)) {
		dense_way(a, w, word);
		return;
	}
	both_ways(a, w, "", word, false, piece_of(a, word, true, true), true, TIER_EXACT);
	if (!begun)
		return;
	size_t letters = utf8_length(word);
	if (letters <= SHORT_LETTERS)
		title_way(a, w, word);
	if (letters >= SHORT_LETTERS)
		both_ways(a, w, "", word, true, piece_of(a, word, true, false), true, TIER_PREFIX);
}

bool search_word_add(struct arena *a, struct search_word *word, str spelling)
{
	for (size_t i = 0; i < word->n; i++)
		if (str_eq(word->ways[i].term, spelling) && !word->ways[i].range)
			return false;
	both_ways(
	    a, word, "", spelling, false, piece_of(a, spelling, true, true), true, TIER_FUZZY);
	return true;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool has_kind(const struct tokens *all, enum token_kind kind)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].kind == kind)
			return true;
	return false;
}

static bool all_digits(const struct tokens *all)
{
	for (size_t i = 0; i < all->n; i++)
		for (size_t k = 0; all->v[i].kind == TOKEN_PLAIN && k < all->v[i].text.n; k++)
			if (!is_digit(all->v[i].text.p[k]))
				return false;
	return has_kind(all, TOKEN_PLAIN);
}

/* A word of a phrase, in its other spelling when it has one and that is asked for. */
static str spelt(const struct tokens *all, size_t i, bool other)
{
	bool has = other && i + 1 < all->n && all->v[i + 1].kind == TOKEN_VARIANT;
	return all->v[i + has].text;
}

/* Words side by side; they are looked for by the longest one that is complete. Where a script
 * without spaces begins or ends them, its run may go on in the row. */
static void phrase_way(
    struct arena *a, struct search_word *w, const struct tokens *all, bool begun, bool other)
{
	str longest = { NULL, 0 };
	const struct token *first = NULL, *last = NULL;
	struct buf piece = { 0 };
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].kind == TOKEN_PLAIN) {
			first = first ? first : &all->v[i];
			last = &all->v[i];
		}
	for (size_t i = 0; i < all->n; i++) {
		const struct token *t = &all->v[i];
		if (t->kind != TOKEN_PLAIN)
			continue;
		if (t != first || !t->dense)
			buf_char(&piece, ' ');
		str word = spelt(all, i, other);
		buf_str(&piece, word);
		if ((t != last || !begun) && word.n > longest.n)
			longest = word;
	}
	if (!begun && !last->dense)
		buf_char(&piece, ' ');
	str text = { arena_text(a, piece.p, piece.n), piece.n };
	buf_free(&piece);
	bool dense = search_dense(longest);
	size_t before = w->n;
	both_ways(a, w, "", dense ? utf8_cut(longest, DENSE_TERM) : longest,
	    dense && utf8_length(longest) < DENSE_TERM, text, false,
	    begun ? TIER_PREFIX : TIER_EXACT);
	/* Each word of a name in its other spelling has a term; the groups of a number have none.
	 */
	for (size_t k = before; k < w->n; k++)
		w->ways[k].light = !all_digits(all);
}

static str digits_of(struct arena *a, str text)
{
	char *digits = arena_alloc(a, text.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++)
		if (is_digit(text.p[i]))
			digits[n++] = text.p[i];
	return (str) { digits, n };
}

/* What stands before a country's number: + or 00; 0: it begins with no country. The last digits of
 * a number may be 0018. */
static size_t exit_code(str text)
{
	enum { FEWEST = 5 };
	size_t n = 2, digits = 2;
	if (text.n && text.p[0] == '+')
		return 1;
	if (text.n <= n || text.p[0] != '0' || text.p[1] != '0' || text.p[2] == '0')
		return 0;
	for (; n < text.n && digits < FEWEST && (is_digit(text.p[n]) || text.p[n] == ' '); n++)
		digits += is_digit(text.p[n]);
	return digits >= FEWEST ? 2 : 0;
}

/* The digits of a number as the index has them: without the (0) that is dialled at home alone. */
static str dialled(struct arena *a, str text)
{
	static const char home[] = "(0)";
	const size_t n = sizeof home - 1;
	const char *zero = exit_code(text) ? memmem(text.p, text.n, home, n) : NULL;
	if (!zero)
		return digits_of(a, text);
	size_t before = (size_t)(zero - text.p);
	str country = digits_of(a, (str) { text.p, before }),
	    rest = digits_of(a, (str) { zero + n, text.n - before - n });
	return str_of(arena_printf(a, "%.*s%.*s", (int)country.n, country.p, (int)rest.n, rest.p));
}

/* The last digits as they stand reversed, behind a sign. */
static str ending(struct arena *a, char sign, str digits)
{
	size_t n = digits.n < SUFFIX_DIGITS ? digits.n : SUFFIX_DIGITS;
	return search_reversed(a, sign, (str) { digits.p + digits.n - n, n });
}

/* A way whose piece says of what was found by its term whether it is that, if by a word that weighs
 * nothing. */
static void light_way(struct search_word *w, str term, bool range, str piece, enum search_tier tier)
{
	struct search_way *one = way(w, term, range, piece, false, tier);
	if (one)
		one->light = true;
}

/* A number from its beginning on, behind a country: in a row that says its country, that one; in
 * one that does not, perhaps what is a country in it; or all that decides of a number, at its end.
 */
static void abroad_ways(struct arena *a, struct search_word *w, str digits)
{
	str country = search_country(digits),
	    rest = search_national((str) { digits.p + country.n, digits.n - country.n });
	rest = rest.n == 1 && rest.p[0] == '0' ? (str) { rest.p, 0 } : rest; /* +44 0 */
	str whole =
	    str_of(arena_printf(a, " +%.*s%.*s", (int)country.n, country.p, (int)rest.n, rest.p));
	light_way(w, search_term_of(a, "*", rest), true, whole, TIER_PREFIX);
	str as_one = search_term_of(a, "*", digits);
	way(w, as_one, true, piece_of(a, as_one, true, false), true, TIER_PREFIX);
	if (digits.n >= SUFFIX_DIGITS)
		light_way(w, ending(a, '~', digits), true,
		    piece_of(a, ending(a, '!', digits), true, false), TIER_PREFIX);
}

/* Digits that may begin with a country, though no + is there, in a row that says its country. */
static void perhaps_abroad_ways(struct arena *a, struct search_word *w, str digits)
{
	str country = search_country(digits),
	    rest = search_national((str) { digits.p + country.n, digits.n - country.n });
	if (digits.p[0] == '0' || rest.n < START_DIGITS)
		return;
	str start = search_term_of(a, "*", rest), whole = search_term_of(a, "+", digits);
	light_way(w, start, false, piece_of(a, whole, true, true), TIER_EXACT);
	light_way(w, start, true, piece_of(a, whole, true, false), TIER_PREFIX);
}

/* A number as it is begun, from its country on or within it; and the end of one, however it is
 * grouped and whatever stands before it (0, 00, +49). */
static void number_way(struct arena *a, struct search_word *w, str typed)
{
	str digits = dialled(a, typed);
	size_t before = exit_code(typed);
	if (before) {
		size_t zeros = before == 2 ? 2 : 0;
		abroad_ways(a, w, (str) { digits.p + zeros, digits.n - zeros });
		/* The last digits of a number may be 00 and more. */
		if (!zeros || digits.n >= SUFFIX_DIGITS)
			return;
	}
	if (!before)
		perhaps_abroad_ways(a, w, digits);
	str national = search_national(digits), start = search_term_of(a, "*", national);
	if (!before && national.n >= START_DIGITS)
		way(w, start, true, piece_of(a, start, true, false), true, TIER_PREFIX);
	while (digits.n >= WITH_AREA && digits.p[0] == '0')
		digits = (str) { digits.p + 1, digits.n - 1 };
	if (digits.n < 3)
		return;
	str end = ending(a, '~', digits);
	way(w, end, true, piece_of(a, end, true, false), true, TIER_PREFIX);
}

/* All of a number: behind a country, with that one or with none. */
static void whole_number_ways(
    struct arena *a, struct search_word *w, const struct tokens *all, size_t i)
{
	str number = all->v[i].text;
	const struct token *country = i + 1 < all->n ? &all->v[i + 1] : NULL;
	if (!country || country->kind != TOKEN_COUNTRY || country->text.p[0] != '+') {
		way(w, number, false, piece_of(a, number, true, true), true, TIER_EXACT);
		return;
	}
	str digits = { number.p + 1, number.n - 1 };
	light_way(w, number, false, piece_of(a, country->text, true, true), TIER_EXACT);
	light_way(
	    w, number, false, piece_of(a, search_reversed(a, '!', digits), true, true), TIER_EXACT);
}

/* False when there is nothing in it to look for. */
static bool word_of(struct arena *a, const struct chunk *c, bool last, struct search_word *w)
{
	struct tokens all;
	search_tokens(a, c->text, &all);
	*w = (struct search_word) { .negated = c->negated, .field = c->field };
	bool begun = last && !c->negated && !(c->quoted && c->closed), number = all_digits(&all);
	size_t n_plain = 0;
	for (size_t i = 0; i < all.n; i++)
		n_plain += all.v[i].kind == TOKEN_PLAIN;
	/* It comes first, before its variants: it is what was typed. */
	for (size_t i = 0; n_plain == 1 && i < all.n; i++)
		if (all.v[i].kind == TOKEN_PLAIN) {
			w->whole = !c->quoted && !search_dense(all.v[i].text) &&
				   !digits_of(a, all.v[i].text).n && !has_kind(&all, TOKEN_WHOLE);
			word_way(a, w, all.v[i].text, begun);
		}
	/* O'Brian is misspelt as the one word that it is joined to, which comes first. */
	if (n_plain > 1)
		w->whole = !c->quoted &&
			   (has_kind(&all, TOKEN_JOINED) || has_kind(&all, TOKEN_NAME)) &&
			   !has_kind(&all, TOKEN_WHOLE) && !digits_of(a, c->text).n;
	/* An e-mail address, or words joined by what stands between them, in each of its ways. */
	for (size_t i = 0; i < all.n; i++)
		if (!c->quoted || !n_plain || all.v[i].kind == TOKEN_VARIANT)
			switch (all.v[i].kind) {
			case TOKEN_WHOLE:
			case TOKEN_NAME:
			case TOKEN_JOINED: word_way(a, w, all.v[i].text, begun); break;
			case TOKEN_NUMBER: /* of other words it is a part */
				if (number)
					whole_number_ways(a, w, &all, i);
				break;
			case TOKEN_VARIANT:
				if (n_plain == 1)
					word_way(a, w, all.v[i].text, begun);
				break;
			case TOKEN_PLAIN:
			case TOKEN_LOCAL:
			case TOKEN_DOMAIN:
			case TOKEN_SUFFIX:
			case TOKEN_COUNTRY: break;
			}
	if (number && (!c->quoted || n_plain > 1))
		number_way(a, w, c->text);
	for (int other = 0; n_plain > 1 && other <= has_kind(&all, TOKEN_VARIANT); other++)
		phrase_way(a, w, &all, begun, other);
	return w->n > 0;
}

/* ---- from the text to its words ---- */

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* What neither a word nor what joins words can hold: a word ends there. */
static bool ends_word(char c)
{
	return is_space(c) || (c && strchr("\",;/()[]<>|\\!?*%=#$^`{}~", c));
}

/* That it begins as a number does within a country: 030, (212). Days and months have fewer digits.
 */
static bool has_area(str s)
{
	enum { FEWEST = 3 };
	size_t first = s.n && s.p[0] == '(', n = first;
	while (n < s.n && is_digit(s.p[n]))
		n++;
	return n - first >= FEWEST && (first || s.p[0] == '0');
}

/* How long the number is with which the text begins, of groups with signs between them; 0: it
 * begins with none. A group from which a Latin letter goes on is none of it: 2024001-B. */
static size_t grouped_number(str s)
{
	size_t n = 0, digits = 0, end = 0, whole = 0, digits_whole = 0, code = exit_code(s);
	size_t fewest = code == 1 ? 3 : code == 2 ? 5 : has_area(s) ? 6 : 7;
	if (!s.n || !strchr("+(0123456789", s.p[0]))
		return 0;
	for (; n <= s.n; n++) {
		str rest = { s.p + n, s.n - n };
		if (n == s.n || ends_word(s.p[n]) || (unsigned char)s.p[n] >= 0x80 ||
		    search_extension(rest)) {
			whole = end;
			digits_whole = digits;
		}
		if (n == s.n || !s.p[n] || !strchr("0123456789 ()+-./", s.p[n]))
			break;
		if (s.p[n] >= '0' && s.p[n] <= '9') {
			digits++;
			end = n + 1;
		}
	}
	return digits_whole >= fewest ? whole : 0;
}

static size_t field_end(str s)
{
	size_t n = 0;
	while (n < s.n && (((s.p[n] | 0x20) >= 'a' && (s.p[n] | 0x20) <= 'z') || s.p[n] == '_'))
		n++;
	return n && n + 1 < s.n && s.p[n] == ':' && !is_space(s.p[n + 1]) ? n : 0;
}

static void skip(str *s, size_t n) { *s = (str) { s->p + n, s->n - n }; }

/* What a web address begins with is no word of it (search_text.h), and here one would end in it. */
static size_t scheme(str s)
{
	for (size_t i = 0; i < sizeof search_schemes / sizeof *search_schemes; i++) {
		size_t n = strlen(search_schemes[i]);
		if (s.n > n && !strncasecmp(s.p, search_schemes[i], n) && !ends_word(s.p[n]))
			return n;
	}
	return 0;
}

/* Two Arabic words that are one name, of which the first is so long; 0: they are none. */
static size_t arabic_name(struct arena *a, str s, size_t first)
{
	size_t n = first;
	while (n < s.n && is_space(s.p[n]))
		n++;
	while (n > first && n < s.n && !ends_word(s.p[n]))
		n++;
	return n > first && (unsigned char)s.p[0] >= 0x80 ? search_arabic_name(a, (str) { s.p, n })
							  : 0;
}

static bool next_chunk(struct arena *a, const struct table *table, str *rest, struct chunk *c)
{
	while (rest->n && ends_word(rest->p[0]) && rest->p[0] != '"' &&
	       !(rest->p[0] == '(' && grouped_number(*rest)))
		skip(rest, 1);
	if (!rest->n)
		return false;
	*c = (struct chunk) { .closed = true };
	if (rest->p[0] == '-' && rest->n > 1 && !is_space(rest->p[1])) {
		c->negated = true;
		skip(rest, 1);
	}
	size_t name = field_end(*rest);
	if (name && (c->field = search_field(table, (str) { rest->p, name })) != NULL)
		skip(rest, name + 1);
	skip(rest, scheme(*rest));
	size_t n = grouped_number(*rest);
	bool number = n > 0;
	if (rest->p[0] == '"') {
		skip(rest, 1);
		c->quoted = true;
		while (n < rest->n && rest->p[n] != '"')
			n++;
		c->closed = n < rest->n;
	} else if (!n) {
		while (n < rest->n && !ends_word(rest->p[n]))
			n++;
		n = n ? n : 1;
		size_t two = c->negated ? 0 : arabic_name(a, *rest, n);
		n = two ? two : n;
	}
	n = n < rest->n ? n : rest->n;
	c->text = (str) { rest->p, n };
	skip(rest, n);
	/* A number is found without its extension, which others write otherwise. */
	skip(rest, number ? search_extension(*rest) : 0);
	if (c->quoted && c->closed)
		skip(rest, 1);
	return true;
}

/* Words that are typed with nothing but white space between them. */
static bool go_together(const struct chunk *one, const struct chunk *next)
{
	return !one->quoted && !one->negated && !next->quoted && !next->negated && !next->field;
}

/* Each word of a name with particles may be the whole of it in the row: van, der and berg of
 * Vanderberg. */
static void name_ways(
    struct arena *a, const struct chunk *chunks, size_t n, struct search_word *const *words)
{
	for (size_t i = 0, end; i < n; i = end + 1) {
		struct tokens all;
		for (end = i; end + 1 < n && go_together(&chunks[end], &chunks[end + 1]); end++) {
		}
		const char *p = chunks[i].text.p;
		str text = { p, (size_t)(chunks[end].text.p + chunks[end].text.n - p) };
		if (end == i)
			continue;
		search_tokens(a, text, &all);
		for (size_t t = 0; t < all.n; t++)
			for (size_t k = i; all.v[t].kind == TOKEN_NAME && k <= end; k++) {
				size_t from = (size_t)(chunks[k].text.p - p);
				if (words[k] && from < all.v[t].to &&
				    from + chunks[k].text.n > all.v[t].from)
					word_way(a, words[k], all.v[t].text, true);
			}
	}
}

static bool is_group(const struct chunk *c)
{
	for (size_t i = 0; i < c->text.n; i++)
		if (!is_digit(c->text.p[i]))
			return false;
	return c->text.n > 0;
}

/* Groups of digits that are too few for a number (grouped_number()) may be the end of one all the
 * same, or its beginning: each is found by all of them as one, 55 66 77. */
static void group_ways(
    struct arena *a, const struct chunk *chunks, size_t n, struct search_word *const *words)
{
	enum { FEWEST = 4 };
	for (size_t i = 0, end; i < n; i = end + 1) {
		for (end = i; end + 1 < n && is_group(&chunks[end]) && is_group(&chunks[end + 1]) &&
			      go_together(&chunks[end], &chunks[end + 1]);
		     end++) {
		}
		const char *p = chunks[i].text.p;
		str digits = digits_of(
		    a, (str) { p, (size_t)(chunks[end].text.p + chunks[end].text.n - p) });
		for (size_t k = i; end > i && digits.n >= FEWEST && k <= end; k++)
			if (words[k])
				number_way(a, words[k], digits);
	}
}

static void build(
    struct arena *a, const struct chunk *chunks, size_t n, bool all_begun, struct search_query *out)
{
	size_t last = n;
	while (last > 0 && chunks[last - 1].negated)
		last--;
	struct search_word *words[QUERY_WORDS] = { NULL };
	out->words = ARENA_ARRAY(a, n + 1, struct search_word);
	for (size_t i = 0; i < n; i++) {
		struct search_word *one = &out->words[out->n];
		if (!word_of(a, &chunks[i], all_begun || i + 1 == last, one))
			continue;
		words[i] = one;
		out->n++;
	}
	if (all_begun) {
		name_ways(a, chunks, n, words);
		group_ways(a, chunks, n, words);
	}
}

const char *search_parse(
    struct arena *a, const struct table *table, str text, struct search_query *out)
{
	struct chunk chunks[QUERY_WORDS + 1];
	size_t n = 0, positive = 0;
	*out = (struct search_query) { 0 };
	if (!str_trim(text).n)
		return NULL;
	for (str rest = search_signs(a, text); next_chunk(a, table, &rest, &chunks[n]);) {
		struct tokens all;
		search_tokens(a, chunks[n].text, &all);
		if (!all.n)
			continue; /* a dash, an emoji */
		if (++n > QUERY_WORDS)
			return "may have at most 12 words";
	}
	build(a, chunks, n, false, out);
	if (!out->n)
		return "has no letter and no digit to look for";
	for (size_t i = 0; i < out->n; i++)
		positive += !out->words[i].negated;
	if (!positive)
		return "only says what to leave out; a word to look for is missing";
	if (positive > 1) {
		struct search_query *begun = ARENA_NEW(a, struct search_query);
		build(a, chunks, n, true, begun);
		out->begun = begun;
	}
	return NULL;
}

/* ---- words that join others ---- */

static bool joins(const struct search_word *w)
{
	static const char *const words[] = { "and", "und", "et", "y", "e", "i", "og", "och", "en" };
	bool is = false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		is = is || str_is(w->ways[0].term, words[i]);
	return is && w->whole && !w->negated && !w->field;
}

static bool stands_between(const struct search_query *query, size_t i)
{
	return i && i + 1 < query->n && !query->words[i - 1].negated &&
	       !query->words[i + 1].negated;
}

const struct search_query *search_unjoined(struct arena *a, const struct search_query *query)
{
	struct search_query *out = ARENA_NEW(a, struct search_query);
	*out = (struct search_query) { .words = ARENA_ARRAY(a, query->n, struct search_word) };
	for (size_t i = 0; i < query->n; i++)
		if (!joins(&query->words[i]) || !stands_between(query, i))
			out->words[out->n++] = query->words[i];
	if (out->n == query->n)
		return NULL;
	out->begun = query->begun ? search_unjoined(a, query->begun) : NULL;
	return out;
}
