/*
 * search_particle.h: names that are written as one word or as several: van der Berg and Vanderberg,
 * de la Cruz, Mc Donald; and in Arabic, where that is the commonest difference of all, those that
 * begin with servant or father. Tests: tests/unit/search_text_test.c,
 * tests/unit/search_query_test.c
 */
#pragma once
#include "core/search_text.h"

/* Adds to the tokens of a text each particle with the words behind it, as one (TOKEN_NAME). */
void search_particles(struct arena *a, str text, struct tokens *all);
/* That a text begins with an Arabic particle that makes one name with the next word, of whatever
 * name: as many bytes as both have, 0: it does not. */
size_t search_arabic_name(struct arena *a, str text);
