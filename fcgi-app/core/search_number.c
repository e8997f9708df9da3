/* search_number.c: see search_number.h. */
#include "core/search_number.h"

#include <string.h>
#include <strings.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Codes are of one to three digits, and none begins another one: of one digit North America's and
 * Russia's, of two these, of three all others. */
str search_country(str digits)
{
	enum { LONGEST = 3 };
	static const char of_two[][3] = { "20", "27", "30", "31", "32", "33", "34", "36", "39",
		"40", "41", "43", "44", "45", "46", "47", "48", "49", "51", "52", "53", "54", "55",
		"56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86",
		"90", "91", "92", "93", "94", "95", "98" };
	size_t n = LONGEST;
	if (digits.n && (digits.p[0] == '1' || digits.p[0] == '7'))
		n = 1;
	for (size_t i = 0; digits.n > 1 && i < sizeof of_two / sizeof *of_two; i++)
		if (!memcmp(of_two[i], digits.p, 2))
			n = 2;
	return (str) { digits.p, n < digits.n ? n : digits.n };
}

str search_national(str digits)
{
	while (digits.n > 1 && digits.p[0] == '0')
		digits = (str) { digits.p + 1, digits.n - 1 };
	return digits;
}

str search_reversed(struct arena *a, char sign, str digits)
{
	char *text = arena_alloc(a, digits.n + 2);
	text[0] = sign;
	for (size_t i = 0; i < digits.n; i++)
		text[i + 1] = digits.p[digits.n - 1 - i];
	return (str) { text, digits.n + 1 };
}

static size_t skip_any(str text, size_t at, const char *signs)
{
	while (at < text.n && text.p[at] && strchr(signs, text.p[at]))
		at++;
	return at;
}

size_t search_extension(str text)
{
	enum { MOST = 6 };
	/* The longer of two that begin alike first. */
	static const char *const names[] = { "extension", "ext", "x", "#", "poste", "durchwahl" };
	size_t at = skip_any(text, 0, " ,;"), digits = 0;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t n = strlen(names[i]);
		if (text.n - at <= n || strncasecmp(text.p + at, names[i], n) != 0)
			continue;
		at = skip_any(text, at + n, " .:=");
		while (at + digits < text.n && is_digit(text.p[at + digits]))
			digits++;
		at += digits;
		bool ends = at == text.n || strchr(" ,;)\t\n", text.p[at]);
		return digits && digits <= MOST && ends ? at : 0;
	}
	return 0;
}
