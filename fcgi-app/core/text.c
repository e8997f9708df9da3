/* text.c: see text.h. */
#include "core/text.h"

#include <string.h>
#include <strings.h>

static bool atom(unsigned char c)
{
	return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~.", c));
}

bool text_email(char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] = (char)(text[i] - 'A' + 'a');
	const char *at = memchr(text, '@', n);
	if (!at || n > 254)
		return false;
	size_t local = (size_t)(at - text), domain = n - local - 1;
	if (!local || local > 64 || !domain || text[0] == '.' || at[-1] == '.')
		return false;
	for (size_t i = 0; i < local; i++)
		if (!atom((unsigned char)text[i]) || (text[i] == '.' && text[i + 1] == '.'))
			return false;
	for (size_t i = 0; i < domain; i++) {
		unsigned char c = (unsigned char)at[1 + i];
		bool edge = i == 0 || i + 1 == domain || at[i] == '.' || at[2 + i] == '.';
		bool plain = c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (!plain && !((c == '-' || c == '.') && !edge))
			return false;
	}
	return true;
}

bool text_web_address(const char *text, size_t n)
{
	bool whole = (n > 8 && !strncasecmp(text, "https://", 8)) ||
		     (n > 7 && !strncasecmp(text, "http://", 7));
	return whole || (n && text[0] != '/' && text[0] != '\\' && !memchr(text, ':', n));
}
