/*
 * list_named.h: q= of a list whose table has no search index: a row is found by a row of another
 * table that it names, in a column marked @found in sql/schema, when that row has all the words: an
 * e-mail address by its contact, a run by its automation. Each of those tables is searched for what
 * the caller may see of it, as one search over them would, and a table of which the caller may see
 * nothing is not looked at. Words like those that were typed count only when no table has the words
 * themselves, for these lists have no order in which they could stand last. There are neither
 * postings nor documents of such rows, so nothing is to be written when a name changes. Tests:
 * tests/http/search_named.test.mjs
 */
#pragma once
#include "core/search_in_table.h"

/* Reads what is asked, of table->n_found places, one for each of table->found: *out. NULL, or why
 * it is no query. As long as nothing was looked for, any row may be a hit. */
const char *list_named_parse(
    struct call *call, const struct table *table, str text, struct search_place **out) MUST_CHECK;

/* Looks for them: *out are those places with their hits. *any: false when there is none. */
error list_named_find(struct call *call, const struct table *table,
    const struct search_place *asked, struct search_place **out, bool *any) MUST_CHECK;

/* A place whose rows may be hits. */
static inline bool list_named_may_have(const struct search_place *place)
{
	return place->looked && (place->hits.n || place->hits.more);
}

/* Appends, for the row `t` of the table, that it names a hit; one that is deleted only when that is
 * asked for. */
void list_named_condition(struct call *call, struct sql *sql, const struct table *table,
    const struct search_place *places, bool deleted);

/* Appends " FROM ..." with rows `t` of the table by its column `by`, and then " AND ...", for
 * behind its WHERE: all that name a hit. Reads the hits first, where the condition above reads `t`.
 */
error list_named_from(struct call *call, struct sql *sql, const struct table *table,
    const struct search_place *place, bool *all_have) MUST_CHECK;
void list_named_where(struct call *call, struct sql *sql, const struct table_found *by,
    const struct search_place *place, bool all_have);
