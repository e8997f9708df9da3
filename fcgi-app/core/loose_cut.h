/*
 * loose_cut.h: taking known things off the ends of a view, for loose.c and loose_date.c.
 */
#pragma once
#include <strings.h>

#include "base/value.h"

static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Numbers and dates have one; most cells of a table are neither, and end here. */
static inline bool has_digit(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (is_digit(s.p[i]))
			return true;
	return false;
}

static inline bool is_letter(char c)
{
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (unsigned char)c >= 0x80;
}

static inline bool cut_start(str *s, const char *prefix)
{
	size_t n = strlen(prefix);
	if (s->n < n || strncasecmp(s->p, prefix, n) != 0)
		return false;
	s->p += n;
	s->n -= n;
	return true;
}

static inline bool cut_end(str *s, const char *suffix)
{
	size_t n = strlen(suffix);
	if (s->n < n || strncasecmp(s->p + s->n - n, suffix, n) != 0)
		return false;
	s->n -= n;
	return true;
}

/*
 * Spaces, also those that are no ASCII white space: no-break, figure, thin, narrow no-break,
 * ideographic, and the byte order mark that some programs write in the middle of a file.
 */
static const char *const spaces[] = { " ", "\t", "\r", "\n", "\u00A0", "\u2007", "\u2009", "\u202F",
	"\u3000", "\uFEFF" };
#define SPACES (sizeof(spaces) / sizeof(spaces[0]))

static inline bool may_be_space(char c)
{
	return (unsigned char)c <= ' ' || (unsigned char)c >= 0x80;
}

static inline bool cut_space(str *s)
{
	if (s->n > 0 && may_be_space(s->p[0]))
		for (size_t i = 0; i < SPACES; i++)
			if (cut_start(s, spaces[i]))
				return true;
	return false;
}

static inline bool cut_last_space(str *s)
{
	if (s->n > 0 && may_be_space(s->p[s->n - 1]))
		for (size_t i = 0; i < SPACES; i++)
			if (cut_end(s, spaces[i]))
				return true;
	return false;
}

static inline str trim_wide(str s)
{
	while (cut_space(&s))
		;
	while (cut_last_space(&s))
		;
	return s;
}
