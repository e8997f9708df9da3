/*
 * search_members.h: people by words of their own together with words of their organisation: "ada
 * acme" is the Ada who belongs to Acme. Such a person's document has no word of the organisation:
 * who may see the person need not see that, and a new name of it would be dear by as many people as
 * it has. So both are looked for: first the organisations that the caller sees with some of the
 * words, then who belongs to one of them and has the others. For when no row has all of the words.
 * Tests: tests/http/search.test.mjs
 */
#pragma once
#include "core/search_find.h"

/* Of `contacts`, at the level at which the caller may see its rows. *organisation: by which words
 * of the query the organisations were found; NULL when nobody was. */
error search_members(struct call *call, const struct table *contacts, enum level level,
    const struct search_query *query, struct search_hits *out,
    const struct search_query **organisation) MUST_CHECK;
