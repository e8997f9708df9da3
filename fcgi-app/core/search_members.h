/*
 * search_members.h: rows by words of their own together with words of the row to which they belong
 * (@belongs in sql/schema): "ada acme" is the Ada who works for Acme. Such a person's document has
 * no word of the organisation: who may see the person need not see that, and a new name of it would
 * be dear by as many people as it has. So both are looked for: first the organisations that the
 * caller sees with some of the words in their name, then who belongs to one of them and has the
 * others. For when no row has all of the words. Tests: tests/http/search.test.mjs
 */
#pragma once
#include "core/search_find.h"

/* At the level at which the caller may see rows of the table, of those that `narrow` leaves, or
 * NULL; the best first. *group: by which words of the query those were found to which they belong;
 * NULL when nobody was. */
error search_members(struct call *call, const struct table *table, enum level level,
    const struct search_query *query, const struct search_narrow *narrow, struct search_hits *out,
    const struct search_query **group) MUST_CHECK;
