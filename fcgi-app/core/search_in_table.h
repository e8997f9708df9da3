/*
 * search_in_table.h: what a list of one table shows for a query, by each way to find rows for as
 * long as those before it have found none: the words (core/search_find.h), together with words of
 * the row to which they belong (core/search_members.h), without those that join others
 * (search_unjoined()), and with others a letter away. One search over several tables does the same
 * for all of them at once (modules/search.c). Tests: tests/http/search.test.mjs
 */
#pragma once
#include "core/search_find.h"

/* As search_find(). */
error search_in_table(struct call *call, const struct table *table, enum level level,
    const struct search_query *query, const struct search_narrow *narrow, size_t most,
    struct search_hits *out) MUST_CHECK;
