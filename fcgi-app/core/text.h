/* text.h: forms that texts must have. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Folds ASCII letters to lower case in place and says whether it looks like an address (RFC 5321
 * without quoted local parts and address literals; a domain needs no dot, for intranets;
 * international addresses as UTF-8, RFC 6531). */
bool text_email(char *text, size_t n);

/* Whether pages may make a link of it: "https://example.com" or "example.com", never
 * "javascript:...". */
bool text_web_address(const char *text, size_t n);
