/* search_text.c: see search_text.h. First the text is folded, character by character, each keeping
 * where it came from; then words are cut out of what that gave. */
#include "core/search_text.h"

#include <utf8proc.h>

#include "base/buf.h"
#include "base/json.h"
#include "core/search_number.h"
#include "core/search_particle.h"

struct character {
	int32_t c;
	uint32_t from, to;   /* in the text, in bytes */
	const char *variant; /* how else it is written, or NULL */
};

struct folded {
	struct character *v;
	size_t n, cap;
	struct arena *arena;
};

/* ---- folding ---- */

static void put(struct folded *f, int32_t c, uint32_t from, uint32_t to, const char *variant)
{
	ARENA_GROW(f->arena, f->v, f->n, f->cap);
	f->v[f->n++] = (struct character) { c, from, to, variant };
}

/* Accents of Latin, Greek and Cyrillic, and the vowel points of Hebrew and Arabic; not the vowels,
 * viramas and nuktas of Indic scripts, which tell words apart. */
static bool is_accent(int32_t c)
{
	const utf8proc_property_t *p = utf8proc_get_property(c);
	int class = p->combining_class;
	return class >= 200 || (class >= 10 && class <= 36) || class == 1;
}

/* ä is ae as well, å aa; what the letter becomes without its mark is there already. */
static const char *umlaut(int32_t letter, int32_t mark)
{
	if (mark == 0x0308)
		return letter == 'a' ? "ae" : letter == 'o' ? "oe" : letter == 'u' ? "ue" : NULL;
	return mark == 0x030A && letter == 'a' ? "aa" : NULL;
}

bool search_is_apostrophe(int32_t c)
{
	static const int32_t all[] = { '\'', '`', 0x00B4, 0x02B9, 0x02BB, 0x02BC, 0x02BE, 0x02BF,
		0x05F3, 0x2018, 0x2019, 0x201B, 0x2032 };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (c == all[i])
			return true;
	return false;
}

int32_t search_digit(int32_t c)
{
	static const int32_t zeros[] = { 0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66,
		0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0, 0x1040, 0x17E0 };
	for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++)
		if (c >= zeros[i] && c < zeros[i] + 10)
			return '0' + (c - zeros[i]);
	return c;
}

static const struct special {
	int32_t c;
	const char *as, *variant;
} specials[] = {
	{ 0x00E6, "ae", NULL },
	{ 0x00F0, "d", NULL },
	{ 0x00F8, "o", "oe" },
	{ 0x00FE, "th", NULL },
	{ 0x0111, "d", NULL },
	{ 0x0127, "h", NULL },
	{ 0x0131, "i", NULL },
	{ 0x0142, "l", NULL },
	{ 0x0153, "oe", NULL },
	{ 0x0167, "t", NULL },
};

/* Katakana as hiragana: names are written in both. */
static int32_t hiragana(int32_t c)
{
	enum { APART = 0x60 };
	return (c >= 0x30A1 && c <= 0x30F6) || c == 0x30FD || c == 0x30FE ? c - APART : c;
}

static void put_folded(struct folded *f, int32_t c, uint32_t from, uint32_t to)
{
	if (c < 0x80) {
		put(f, c, from, to, NULL);
		return;
	}
	if (is_accent(c)) {
		struct character *last = f->n ? &f->v[f->n - 1] : NULL;
		if (last) {
			last->to = to;
			last->variant = last->variant ? last->variant : umlaut(last->c, c);
		}
		return;
	}
	for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
		if (specials[i].c == c) {
			for (const char *p = specials[i].as; *p; p++)
				put(f, *p, from, to, p[1] ? NULL : specials[i].variant);
			return;
		}
	switch (c) {
	case 0x0640: return;            /* tatweel */
	case 0x0671: c = 0x0627; break; /* alef wasla: alef */
	case 0x0649:                    /* alef maksura: yeh */
	case 0x06CC: c = 0x064A; break; /* Farsi yeh: yeh */
	case 0x0629: c = 0x0647; break; /* teh marbuta: heh */
	case 0x06A9: c = 0x0643; break; /* keheh: kaf */
	case 0x2010:
	case 0x2011:
	case 0x2012:                 /* figure dash */
	case 0x2212: c = '-'; break; /* minus: what keyboards of Japan have */
	default: c = hiragana(search_digit(c)); break;
	}
	put(f, c, from, to, NULL);
}

/* Hangul and kana that were decomposed are composed again: there a mark makes another letter. */
static void compose(struct folded *f)
{
	size_t kept = 0;
	for (size_t i = 0; i < f->n; i++) {
		struct character *last = kept ? &f->v[kept - 1] : NULL;
		int32_t c = f->v[i].c, to = 0;
		bool composes = (c >= 0x1161 && c <= 0x11FF) || c == 0x3099 || c == 0x309A;
		if (last && composes) {
			utf8proc_int32_t two[2] = { last->c, c };
			if (utf8proc_normalize_utf32(two, 2, UTF8PROC_COMPOSE | UTF8PROC_STABLE) ==
			    1)
				to = two[0];
		}
		if (to) {
			last->c = to;
			last->to = f->v[i].to;
		} else {
			f->v[kept++] = f->v[i];
		}
	}
	f->n = kept;
}

static void fold(struct folded *f, str text)
{
	enum { LONGEST = 32 }; /* U+FDFA gives 18 */
	const utf8proc_option_t options =
	    UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
	bool jamo = false;
	for (size_t at = 0; at < text.n && at < TEXT_BYTES;) {
		uint32_t from = (uint32_t)at;
		unsigned char byte = (unsigned char)text.p[at];
		if (byte < 0x80 && byte != '`') {
			at++;
			put(f, byte >= 'A' && byte <= 'Z' ? byte + 32 : byte, from, (uint32_t)at,
			    NULL);
			continue;
		}
		utf8proc_int32_t c, parts[LONGEST];
		utf8proc_ssize_t n = utf8proc_iterate(
		    (const utf8proc_uint8_t *)text.p + at, (utf8proc_ssize_t)(text.n - at), &c);
		if (n <= 0) {
			at++;
			put(f, ' ', from, (uint32_t)at, NULL);
			continue;
		}
		at += (size_t)n;
		if (search_is_apostrophe(c)) { /* before an acute accent decomposes */
			put(f, '\'', from, (uint32_t)at, NULL);
			continue;
		}
		utf8proc_ssize_t m = utf8proc_decompose_char(c, parts, LONGEST, options, NULL);
		for (utf8proc_ssize_t i = 0; i < m && m <= LONGEST; i++) {
			jamo = jamo || parts[i] >= 0x1100;
			put_folded(f, parts[i], from, (uint32_t)at);
		}
	}
	if (jamo)
		compose(f);
}

/* ---- what a character is ---- */

static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }

static bool is_dense(int32_t c)
{
	return c >= 0x0E00 &&
	       ((c <= 0x0EFF) || (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF) ||
		   (c >= 0x3005 && c <= 0x3007) || (c >= 0x3040 && c <= 0x30FF) ||
		   (c >= 0x31F0 && c <= 0x31FF) || (c >= 0x3400 && c <= 0x4DBF) ||
		   (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) ||
		   (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF));
}

static bool is_word(int32_t c)
{
	if (c < 0x80)
		return is_digit(c) || (c >= 'a' && c <= 'z');
	utf8proc_category_t k = utf8proc_category(c);
	return (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_NO);
}

static bool is_mark(int32_t c)
{
	utf8proc_category_t k = c < 0x80 ? UTF8PROC_CATEGORY_CN : utf8proc_category(c);
	return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_MC || k == UTF8PROC_CATEGORY_ME;
}

/* Holds the words on its two sides together; 0: it does not. */
static int32_t connector(int32_t c)
{
	return c == '-' || c == '\'' || c == '.' || c == '@' || c == '_' || c == '+' || c == '&' ||
		       c == 0x00B7 || c == 0x30FB
		   ? c
		   : 0;
}

/* ---- words ---- */

struct cutter {
	struct arena *arena;
	struct folded *f;
	struct tokens *out;
};

/* The characters from one to before the other as UTF-8, cut at TERM_BYTES between two characters;
 * with `letters` only what words are made of, with `variants` the other spelling. */
static str term_of(struct cutter *k, size_t from, size_t to, bool letters, bool variants)
{
	char *text = arena_alloc(k->arena, TERM_BYTES + 1);
	size_t n = 0;
	for (size_t i = from; i < to; i++) {
		const struct character *c = &k->f->v[i];
		utf8proc_uint8_t bytes[4];
		if (letters && !is_word(c->c))
			continue;
		size_t m = variants && c->variant ? strlen(c->variant)
						  : (size_t)utf8proc_encode_char(c->c, bytes);
		if (n + m > TERM_BYTES)
			break;
		memcpy(text + n, variants && c->variant ? c->variant : (char *)bytes, m);
		n += m;
	}
	return (str) { text, n };
}

static void emit(struct cutter *k, str text, enum token_kind kind, size_t from, size_t to)
{
	if (!text.n || k->out->n >= TEXT_TOKENS || to <= from)
		return;
	ARENA_GROW(k->arena, k->out->v, k->out->n, k->out->cap);
	k->out->v[k->out->n++] = (struct token) { .text = text,
		.kind = kind,
		.dense = is_dense(k->f->v[from].c) && kind == TOKEN_PLAIN,
		.from = k->f->v[from].from,
		.to = k->f->v[to - 1].to };
}

static bool has_variant(const struct cutter *k, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (k->f->v[i].variant)
			return true;
	return false;
}

static void word(struct cutter *k, size_t from, size_t to, enum token_kind kind)
{
	enum { ARTICLE = 2 };
	const struct character *c = k->f->v + from;
	emit(k, term_of(k, from, to, false, false), kind, from, to);
	enum token_kind other = kind == TOKEN_PLAIN ? TOKEN_VARIANT : kind;
	if (has_variant(k, from, to))
		emit(k, term_of(k, from, to, false, true), other, from, to);
	if (to - from > ARTICLE + 2 && c[0].c == 0x0627 && c[1].c == 0x0644)
		emit(k, term_of(k, from + ARTICLE, to, false, false), other, from, to);
}

/* Not cut where a term must end: terms are of its parts, and so it is looked for. */
static void dense_word(struct cutter *k, size_t from, size_t to)
{
	enum { MOST = 4 }; /* bytes of a character */
	char *text = arena_alloc(k->arena, (to - from) * MOST + 1);
	size_t n = 0;
	for (size_t i = from; i < to; i++)
		n += (size_t)utf8proc_encode_char(
		    k->f->v[i].c, (utf8proc_uint8_t *)(void *)(text + n));
	emit(k, (str) { text, n }, TOKEN_PLAIN, from, to);
}

struct compound {
	size_t from, to;
	size_t parts[2 * 16], n; /* from and to of each word */
	bool at, plain;          /* it has an @; only what words are joined over */
	bool digits;             /* nothing but digits and connectors */
	size_t at_sign;          /* the last one */
};

static void email(struct cutter *k, const struct compound *c)
{
	emit(k, term_of(k, c->from, c->to, false, false), TOKEN_WHOLE, c->from, c->to);
	size_t i = 0;
	for (; i < c->n && c->parts[2 * i] < c->at_sign; i++)
		word(k, c->parts[2 * i], c->parts[2 * i + 1], TOKEN_LOCAL);
	emit(k, term_of(k, c->at_sign + 1, c->to, false, false), TOKEN_DOMAIN, c->at_sign + 1,
	    c->to);
	for (size_t first = i; i + 1 < c->n; i++) {
		if (i > first) /* x.org of mail.x.org */
			emit(k, term_of(k, c->parts[2 * i], c->to, false, false), TOKEN_DOMAIN,
			    c->parts[2 * i], c->to);
		word(k, c->parts[2 * i], c->parts[2 * i + 1], TOKEN_DOMAIN);
	}
}

static void compound(struct cutter *k, const struct compound *c)
{
	if (c->at) {
		email(k, c);
		return;
	}
	for (size_t i = 0; i < c->n; i++)
		word(k, c->parts[2 * i], c->parts[2 * i + 1], TOKEN_PLAIN);
	if (c->n < 2 || c->digits)
		return;
	if (c->plain) {
		emit(k, term_of(k, c->from, c->to, true, false), TOKEN_JOINED, c->from, c->to);
		if (has_variant(k, c->from, c->to))
			emit(k, term_of(k, c->from, c->to, true, true), TOKEN_JOINED, c->from,
			    c->to);
	}
	for (size_t i = c->from; i < c->to; i++)
		if (connector(k->f->v[i].c) && k->f->v[i].c != '-' && k->f->v[i].c != '\'') {
			emit(k, term_of(k, c->from, c->to, false, false), TOKEN_WHOLE, c->from,
			    c->to);
			return;
		}
}

static size_t run_end(const struct cutter *k, size_t at)
{
	bool dense = is_dense(k->f->v[at].c);
	size_t end = at + 1;
	while (end < k->f->n && (is_mark(k->f->v[end].c) ||
				    (is_word(k->f->v[end].c) && is_dense(k->f->v[end].c) == dense)))
		end++;
	return end;
}

/* From a word's first character: the word, and those that hang on it. Gives where it goes on. */
static size_t cut(struct cutter *k, size_t at)
{
	struct compound c = { .from = at, .plain = true, .digits = true };
	const size_t most = sizeof c.parts / sizeof *c.parts / 2;
	if (is_dense(k->f->v[at].c)) {
		size_t end = run_end(k, at);
		dense_word(k, at, end);
		return end;
	}
	for (;;) {
		size_t end = run_end(k, at);
		c.parts[2 * c.n] = at;
		c.parts[2 * c.n++ + 1] = end;
		for (size_t i = at; i < end; i++)
			c.digits = c.digits && is_digit(k->f->v[i].c);
		c.to = end;
		int32_t by = end + 1 < k->f->n ? connector(k->f->v[end].c) : 0;
		if (!by || c.n == most || !is_word(k->f->v[end + 1].c) ||
		    is_dense(k->f->v[end + 1].c))
			break;
		if (by == '@') {
			c.at = true;
			c.at_sign = end;
		}
		c.plain = c.plain && by != '_' && by != '+';
		at = end + 1;
	}
	compound(k, &c);
	return c.to;
}

/* Where a word goes on behind that, at its place; `at`: it does not stand there. */
static size_t behind(const struct cutter *k, size_t at, const char *start)
{
	size_t i = 0;
	while (start[i] && at + i < k->f->n && k->f->v[at + i].c == start[i])
		i++;
	return !start[i] && at + i < k->f->n && is_word(k->f->v[at + i].c) ? at + i : at;
}

const char *const search_schemes[4] = { "https://", "http://", "mailto:", "tel:" };

/* Web addresses are written with and without what they begin with. */
static size_t address(const struct cutter *k, size_t at)
{
	for (size_t i = 0; i < sizeof search_schemes / sizeof *search_schemes; i++)
		at = behind(k, at, search_schemes[i]);
	return behind(k, at, "www.");
}

/* ---- numbers ---- */

static bool between_digits(int32_t c)
{
	return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')' ||
	       c == 0x2013 || c == 0x30FC; /* en dash; the long vowel sign, typed for a dash */
}

/* Where words have no spaces, numbers have none before and behind them. */
static bool is_letter_of_word(int32_t c) { return is_word(c) && !is_dense(c); }

enum { FEWEST_DIGITS = 7 };

/* What stands behind a stroke is another number, and not a group of the one before it. */
static bool begins_number(const struct cutter *k, size_t at)
{
	size_t digits = 0;
	for (; at < k->f->n && digits < FEWEST_DIGITS; at++) {
		if (!is_digit(k->f->v[at].c) && !between_digits(k->f->v[at].c))
			return false;
		digits += is_digit(k->f->v[at].c);
	}
	return digits >= FEWEST_DIGITS;
}

/* The zero that is dialled at home alone, as it is written behind a country: +49 (0) 30. */
static bool is_home_zero(const struct cutter *k, size_t at, size_t digits_before)
{
	enum { COUNTRY = 5 }; /* 00 and three digits */
	const struct character *c = k->f->v + at;
	return digits_before > 0 && digits_before <= COUNTRY && at + 2 < k->f->n && c[0].c == '(' &&
	       c[1].c == '0' && c[2].c == ')';
}

/* An extension: x42. */
static bool is_extension(const struct cutter *k, size_t at)
{
	return k->f->v[at].c == 'x' && at + 1 < k->f->n && is_digit(k->f->v[at + 1].c);
}

/* Whether digits may be all of a number, and not its country and area alone: 0049 171 / 5556677. An
 * area has five digits at most. */
static bool is_whole(const char *digits, size_t n, bool plus)
{
	enum { FEWEST_ABROAD = 6 };
	size_t code = !plus && n > 2 && digits[0] == '0' && digits[1] == '0' ? 2 : 0;
	if (!plus && !code)
		return n >= FEWEST_DIGITS;
	str abroad = { digits + code, n - code };
	return abroad.n - search_country(abroad).n >= FEWEST_ABROAD;
}

/* 00 before a country is what + is there. */
static bool has_exit_code(const char *digits, size_t n)
{
	return n >= FEWEST_DIGITS + 2 && digits[0] == '0' && digits[1] == '0' && digits[2] != '0';
}

/* A number in all its ways; `abroad`: it begins with a country. */
static void emit_number(struct cutter *k, str digits, bool abroad, size_t from, size_t to)
{
	str country = abroad ? search_country(digits) : (str) { digits.p, 0 },
	    rest = search_national((str) { digits.p + country.n, digits.n - country.n });
	str national = str_of(arena_printf(k->arena, "*%.*s", (int)rest.n, rest.p)),
	    whole = str_of(arena_printf(
		k->arena, "+%.*s%.*s", (int)country.n, country.p, (int)rest.n, rest.p));
	emit(k, national, TOKEN_NUMBER, from, to);
	emit(k, abroad ? whole : search_reversed(k->arena, '!', rest), TOKEN_COUNTRY, from, to);
	emit(k, search_reversed(k->arena, '~', digits), TOKEN_SUFFIX, from, to);
}

/* Digits with at most three signs between two of them, as people group them; gives where it ends.
 */
static size_t number(struct cutter *k, size_t from)
{
	enum { MOST = 20, SIGNS = 3 };
	char digits[MOST];
	size_t n = 0, end = from, signs = 0, exit_code = 0;
	bool plus = from && k->f->v[from - 1].c == '+';
	for (size_t i = from; i < k->f->n && signs <= SIGNS; i++) {
		int32_t c = k->f->v[i].c;
		if (is_home_zero(k, i, n)) {
			i += 2;
		} else if (is_digit(c)) {
			if (n == MOST)
				return end;
			digits[n++] = (char)c;
			end = i + 1;
			signs = 0;
		} else if (c == '/' && is_whole(digits, n, plus) && begins_number(k, i + 1)) {
			break;
		} else if (between_digits(c)) {
			signs++;
		} else {
			/* 12345678abc is a word, not a number. */
			if (i == end && is_letter_of_word(c) && !is_extension(k, i))
				return end;
			break;
		}
	}
	if (n < FEWEST_DIGITS)
		return end;
	exit_code = has_exit_code(digits, n) ? 2 : 0;
	emit_number(k, (str) { digits + exit_code, n - exit_code }, plus || exit_code, from, end);
	return end;
}

void search_tokens(struct arena *a, str text, struct tokens *out)
{
	struct folded f = { .arena = a };
	struct cutter k = { a, &f, out };
	*out = (struct tokens) { 0 };
	fold(&f, text);
	for (size_t at = 0; at < f.n;)
		at = is_word(f.v[at].c) && !is_mark(f.v[at].c) ? cut(&k, address(&k, at)) : at + 1;
	for (size_t at = 0; at < f.n;) {
		bool begins = is_digit(f.v[at].c) && (!at || !is_letter_of_word(f.v[at - 1].c));
		at = begins ? number(&k, at) : at + 1;
	}
	search_particles(a, text, out);
}

bool search_dense(str word)
{
	utf8proc_int32_t c;
	return word.n &&
	       utf8proc_iterate((const utf8proc_uint8_t *)word.p, (utf8proc_ssize_t)word.n, &c) >
		   0 &&
	       is_dense(c);
}

str search_behind_first(str word)
{
	size_t first = utf8_cut(word, 1).n;
	return (str) { word.p + first, word.n - first };
}
