/*
 * utf8.c: well-formed UTF-8 (Unicode 15, table 3-7). What needs to know characters, such as case
 * and normal forms, is the work of utf8proc in core/search.
 * Tests: tests/unit/base_json_test.c
 */
#include "json.h"

/*
 * The second byte carries the rules against overlong forms, surrogates and code points past
 * U+10FFFF; the others are any continuation byte.
 */
size_t utf8_step(const char *text, size_t n, bool *well_formed)
{
	const unsigned char *p = (const unsigned char *)text;
	unsigned char lead = p[0], low = 0x80, high = 0xbf;
	size_t length;
	*well_formed = lead < 0x80;
	if (lead < 0xc2 || lead > 0xf4)
		return 1;
	if (lead < 0xe0) {
		length = 2;
	} else if (lead < 0xf0) {
		length = 3;
		low = lead == 0xe0 ? 0xa0 : low;
		high = lead == 0xed ? 0x9f : high;
	} else {
		length = 4;
		low = lead == 0xf0 ? 0x90 : low;
		high = lead == 0xf4 ? 0x8f : high;
	}
	if (n < 2 || p[1] < low || p[1] > high)
		return 1;
	for (size_t i = 2; i < length; i++) {
		if (i == n || (p[i] & 0xc0) != 0x80)
			return i;
	}
	*well_formed = true;
	return length;
}

bool utf8_valid(str s)
{
	for (size_t i = 0; i < s.n;) {
		/* Eight bytes at once when they are all ASCII and none is NUL. */
		uint64_t eight;
		while (s.n - i >= sizeof eight) {
			memcpy(&eight, s.p + i, sizeof eight);
			if ((eight | (eight - UINT64_C(0x0101010101010101))) &
			    UINT64_C(0x8080808080808080))
				break;
			i += sizeof eight;
		}
		if (i == s.n)
			break;
		bool well_formed;
		size_t step = utf8_step(s.p + i, s.n - i, &well_formed);
		if (!well_formed || s.p[i] == 0)
			return false;
		i += step;
	}
	return true;
}

size_t utf8_length(str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

str utf8_cut(str text, size_t characters)
{
	size_t n = 0;
	for (bool good; n < text.n && characters > 0; characters--)
		n += utf8_step(text.p + n, text.n - n, &good);
	return (str) { text.p, n };
}
