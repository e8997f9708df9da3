/*
 * search_signs.h: what somebody types or pastes to search, with its signs in ASCII: a phone makes
 * curly quotes of straight ones, a keyboard of Japan or of Egypt has digits of its own, a web page
 * holds numbers together by spaces that do not break, and a list of contacts wraps them in marks of
 * direction. Letters stay as they are: search_text.h folds them. Tests:
 * tests/unit/search_query_test.c
 */
#pragma once
#include "base/arena.h"
#include "base/value.h"

/* Quotes as ", apostrophes as ', dashes that are no words' as -, digits as 0 to 9, spaces as one of
 * ASCII, signs of double width as those of one; without what is not seen. */
str search_signs(struct arena *a, str text);
