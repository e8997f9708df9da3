/* emit_json.c: see emit.h. */
#include <stdio.h>

#include "process/emit.h"

static size_t string_end(str s, size_t at)
{
	for (at++; s.p[at] != '"'; at++)
		at += s.p[at] == '\\';
	return at;
}

/* Whether what begins at `at` holds no object or array. */
static bool is_flat(str s, size_t at)
{
	for (at++; s.p[at] != '}' && s.p[at] != ']'; at++) {
		if (s.p[at] == '{' || s.p[at] == '[')
			return false;
		if (s.p[at] == '"')
			at = string_end(s, at);
	}
	return true;
}

static void line(unsigned depth)
{
	putchar('\n');
	while (depth--)
		putchar(' ');
}

void emit_json(str s)
{
	unsigned depth = 0;
	bool flat = false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool opens = c == '{' || c == '[', closes = c == '}' || c == ']';
		if (c == '"') {
			size_t end = string_end(s, i);
			fwrite(s.p + i, 1, end + 1 - i, stdout);
			i = end;
			continue;
		}
		if (closes && !flat)
			line(--depth);
		putchar(c);
		if (opens && !(flat = is_flat(s, i)))
			line(++depth);
		else if (c == ',' && flat)
			putchar(' ');
		else if (c == ',')
			line(depth);
		else if (c == ':')
			putchar(' ');
		else if (closes)
			flat = false;
	}
	putchar('\n');
}
