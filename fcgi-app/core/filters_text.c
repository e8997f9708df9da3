/*
 * filters_text.c: the filters that make text from text. Characters are Unicode's, by utf8proc; what
 * is not UTF-8 is passed over. Tests: tests/unit/filters_test.c
 */
#include "filters.h"
#include <utf8proc.h>

/* The code point at *at, which moves past it; -1 at the end. */
static int32_t next_character(str s, size_t *at)
{
	while (*at < s.n) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate(
		    (const utf8proc_uint8_t *)s.p + *at, (utf8proc_ssize_t)(s.n - *at), &c);
		*at += n > 0 ? (size_t)n : 1;
		if (n > 0)
			return c;
	}
	return -1;
}

static void add_upper(struct buf *b, int32_t c)
{
	utf8proc_uint8_t bytes[4];
	buf_add(b, bytes, (size_t)utf8proc_encode_char(utf8proc_toupper(c), bytes));
}

static bool is_space(int32_t c) { return c <= ' ' || utf8proc_category(c) == UTF8PROC_CATEGORY_ZS; }

static bool is_letter(int32_t c)
{
	utf8proc_category_t category = utf8proc_category(c);
	return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
	       category == UTF8PROC_CATEGORY_ND;
}

/* Han, kana, bopomofo and hangul, where one character stands for a name. */
static bool is_east_asian(int32_t c)
{
	static const int32_t ranges[][2] = {
		{ 0x1100, 0x11ff },
		{ 0x2e80, 0x2fdf },
		{ 0x3005, 0x3007 },
		{ 0x3040, 0x312f },
		{ 0x31f0, 0x31ff },
		{ 0x3400, 0x4dbf },
		{ 0x4e00, 0x9fff },
		{ 0xac00, 0xd7a3 },
		{ 0xf900, 0xfaff },
		{ 0xff66, 0xff9f },
		{ 0x20000, 0x3ffff },
	};
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	return false;
}

/* The first letters of the first and of the last word that have one. */
FILTER(initials)
{
	str s = filter_text(arena, value);
	struct buf b = { 0 };
	int32_t first = -1, last = -1, c;
	bool in_word = false;
	for (size_t at = 0; (c = next_character(s, &at)) >= 0;) {
		if (is_space(c)) {
			in_word = false;
		} else if (!in_word && is_letter(c)) {
			in_word = true;
			if (first < 0)
				first = c;
			else
				last = c;
		}
	}
	if (first >= 0)
		add_upper(&b, first);
	if (last >= 0 && !is_east_asian(first))
		add_upper(&b, last);
	return filter_made(&b);
}

/* 0 to 359, always the same for the same text (32-bit FNV-1a). */
FILTER(hue)
{
	str s = filter_text(arena, value);
	uint32_t hash = 2166136261u;
	for (size_t i = 0; i < s.n; i++)
		hash = (hash ^ (unsigned char)s.p[i]) * 16777619u;
	return json_object_new_int64(hash % 360);
}

FILTER(label)
{
	str s = filter_text(arena, value);
	struct buf b = { 0 };
	size_t at = 0;
	if (s.n >= 4 && !memcmp(s.p, "api_", 4)) { /* an abbreviation */
		buf_text(&b, "API");
		at = 3;
	}
	int32_t c = at ? -1 : next_character(s, &at);
	if (c >= 0)
		add_upper(&b, c);
	for (; at < s.n; at++)
		buf_char(&b, s.p[at] == '_' ? ' ' : s.p[at]);
	return filter_made(&b);
}

/*
 * At most that many characters as a reader counts them (grapheme clusters, UAX 29); when some are
 * left out, the last is an ellipsis.
 */
FILTER(truncate)
{
	str s = filter_text(arena, value);
	struct buf b = { 0 };
	double most;
	size_t at = 0, start = 0, kept = 0, characters = 0;
	int32_t before = -1, state = 0, c;
	if (!filter_number(arena, args[0], &most))
		most = 0;
	while ((c = next_character(s, &at)) >= 0) {
		if (before < 0 || utf8proc_grapheme_break_stateful(before, c, &state)) {
			if ((double)++characters > most)
				break;
			if ((double)characters + 1 > most)
				kept = start;
		}
		before = c;
		start = at;
	}
	if (c < 0) {
		buf_str(&b, s);
	} else if (most >= 1) {
		buf_str(&b, str_trim((str) { s.p, kept }));
		buf_text(&b, "\xe2\x80\xa6");
	}
	return filter_made(&b);
}

/* For a component of a query: percent-encoded but for RFC 3986 section 2.3's unreserved. */
FILTER(url)
{
	str s = filter_text(arena, value);
	struct buf b = { 0 };
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    c == '-' || c == '.' || c == '_' || c == '~')
			buf_char(&b, (char)c);
		else
			buf_printf(&b, "%%%02X", c);
	}
	return filter_made(&b);
}

/*
 * JSON for the inside of <script type="application/json">, with three braces. < > and & are
 * escaped, so that no text can end the element; so are U+2028 and U+2029, which end a line in older
 * JavaScript.
 */
FILTER(json)
{
	size_t length = 4;
	const char *p = "null";
	const int plain = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;
	if (value)
		p = json_object_to_json_string_length(value, plain, &length);
	struct buf b = { 0 };
	for (size_t i = 0; p && i < length; i++) {
		if (p[i] == '<' || p[i] == '>' || p[i] == '&') {
			buf_printf(&b, "\\u%04x", (unsigned)p[i]);
		} else if (!strncmp(p + i, "\xe2\x80\xa8", 3) ||
			   !strncmp(p + i, "\xe2\x80\xa9", 3)) {
			buf_text(&b, p[i + 2] == '\xa8' ? "\\u2028" : "\\u2029");
			i += 2;
		} else {
			buf_char(&b, p[i]);
		}
	}
	return filter_made(&b);
}
