/*
 * form.c: percent-encoding, query strings and application/x-www-form-urlencoded bodies. Strict:
 * what cannot be decoded to UTF-8 without NUL is refused as a whole, so that nobody behind it meets
 * half a form. Tests: tests/unit/http_form_test.c.
 */
#include "base/json.h"
#include "http/decode.h"
#include "http/http.h"

#define PAIRS_MAX 1000

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool ascii_same(str a, const char *b)
{
	if (a.n != strlen(b))
		return false;
	for (size_t i = 0; i < a.n; i++) {
		char x = a.p[i], y = b[i];
		if (x >= 'A' && x <= 'Z')
			x = (char)(x + 32);
		if (y >= 'A' && y <= 'Z')
			y = (char)(y + 32);
		if (x != y)
			return false;
	}
	return true;
}

error percent_decode(struct arena *a, str text, bool plus, str *out)
{
	str done = text;

	if (text.n && (memchr(text.p, '%', text.n) || (plus && memchr(text.p, '+', text.n)))) {
		char *to = arena_alloc(a, text.n + 1);
		size_t n = 0;

		for (size_t i = 0; i < text.n; i++) {
			char c = text.p[i];
			if (c == '%') {
				if (text.n - i < 3)
					return MALFORMED;
				int high = hex_digit(text.p[i + 1]), low = hex_digit(text.p[i + 2]);
				if (high < 0 || low < 0)
					return MALFORMED;
				c = (char)(high * 16 + low);
				i += 2;
			} else if (plus && c == '+') {
				c = ' ';
			}
			to[n++] = c;
		}
		done = (str) { to, n };
	} else if (!text.n) {
		done = STR("");
	}
	if (!utf8_valid(done))
		return MALFORMED;
	*out = done;
	return OK;
}

error http_form(struct arena *a, str text, struct http_pair **pairs, size_t *n)
{
	size_t room = 1, count = 0;

	for (size_t i = 0; i < text.n; i++)
		room += text.p[i] == '&';
	if (room > PAIRS_MAX)
		return MALFORMED;

	struct http_pair *found = ARENA_ARRAY(a, room, struct http_pair);
	while (text.n) {
		str pair, name, value;

		if (!str_cut(text, '&', &pair, &text)) {
			pair = text;
			text = STR("");
		}
		if (!pair.n)
			continue;
		if (!str_cut(pair, '=', &name, &value)) {
			name = pair;
			value = STR("");
		}
		TRY(percent_decode(a, name, true, &found[count].name));
		TRY(percent_decode(a, value, true, &found[count].value));
		count++;
	}
	*pairs = found;
	*n = count;
	return OK;
}

str http_form_get(const struct http_pair *pairs, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(pairs[i].name, name))
			return pairs[i].value;
	return (str) { NULL, 0 };
}
