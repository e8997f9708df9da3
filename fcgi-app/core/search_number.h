/*
 * search_number.h: the parts of a phone number as it is written or typed: the country, what is
 * dialled within it, an extension. Tests: tests/unit/search_text_test.c,
 * tests/unit/search_query_test.c
 */
#pragma once
#include "base/arena.h"
#include "base/value.h"

/* The digits of a country's code (ITU-T E.164) with which the digits behind a + begin: as many as
 * are there when the code is not complete. */
str search_country(str digits);
/* The digits without the zeros before them, of which the first is dialled within a country alone;
 * 0 of zeros. */
str search_national(str digits);
/* From its last digit to its first, behind a sign. */
str search_reversed(struct arena *a, char sign, str digits);
/* How long the extension is with which a text goes on behind a number, signs between them
 * included: x42, ext. 42, #42, ;ext=42, poste 42, Durchwahl 42. 0: it goes on otherwise. */
size_t search_extension(str text);
