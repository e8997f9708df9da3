/* search_signs.c: see search_signs.h. */
#include "core/search_signs.h"

#include <string.h>

#include <utf8proc.h>

#include "core/search_text.h"

static bool is_quote(int32_t c)
{
	return (c >= 0x201C && c <= 0x201F) || c == 0x00AB || c == 0x00BB || c == 0x300C ||
	       c == 0x300D;
}

/* A sign of ASCII that it stands for, or itself; -1: it is not seen. */
static int32_t sign_of(int32_t c, char before)
{
	enum { WIDE = 0xFEE0 }; /* from those of one width to those of two */
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= WIDE;
	if (is_quote(c))
		return '"';
	if (search_is_apostrophe(c))
		return '\'';
	if ((c >= 0x2010 && c <= 0x2012) || c == 0x2212)
		return '-';
	/* Between words they are no minus. */
	if ((c == 0x2013 || c == 0x2014 || c == 0x30FC) && before >= '0' && before <= '9')
		return '-';
	if (c >= 0x80 && utf8proc_category(c) == UTF8PROC_CATEGORY_ZS)
		return ' ';
	if (c >= 0x80 && utf8proc_get_property(c)->ignorable)
		return -1;
	return search_digit(c);
}

str search_signs(struct arena *a, str text)
{
	char *out = arena_alloc(a, text.n + 1);
	size_t n = 0;
	for (size_t at = 0; at < text.n;) {
		utf8proc_int32_t c;
		utf8proc_ssize_t bytes = utf8proc_iterate(
		    (const utf8proc_uint8_t *)text.p + at, (utf8proc_ssize_t)(text.n - at), &c);
		size_t m = bytes > 0 ? (size_t)bytes : 1;
		int32_t sign = bytes > 0 ? sign_of(c, n ? out[n - 1] : 0) : 0x80;
		if (sign >= 0 && sign < 0x80) {
			out[n++] = (char)sign;
		} else if (sign >= 0) {
			memcpy(out + n, text.p + at, m);
			n += m;
		}
		at += m;
	}
	return (str) { out, n };
}
