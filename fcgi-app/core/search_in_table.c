/* search_in_table.c: see search_in_table.h. */
#include "core/search_in_table.h"

#include "core/search_members.h"

static bool is_done(const struct search_hits *hits) { return hits->n || hits->more; }

/* The rows that have the words, or of which the row to which they belong has some. */
static error find_words(struct call *call, const struct table *table, enum level level,
    const struct search_query *query, const struct search_narrow *narrow, size_t most,
    struct search_hits *out)
{
	const struct search_query *group;
	TRY(search_find(call, table, level, query, narrow, most, out));
	if (is_done(out))
		return OK;
	TRY(search_members(call, table, level, query, narrow, out, &group));
	out->more = false; /* no condition finds the rest, so the best are all there is */
	return OK;
}

error search_in_table(struct call *call, const struct table *table, enum level level,
    const struct search_query *query, const struct search_narrow *narrow, size_t most,
    struct search_hits *out)
{
	const struct search_query *unjoined = search_unjoined(call->arena, query);
	TRY(find_words(call, table, level, query, narrow, most, out));
	if (!is_done(out) && unjoined) {
		query = unjoined;
		TRY(find_words(call, table, level, query, narrow, most, out));
	}
	return is_done(out) ? OK : search_find_near(call, table, level, query, narrow, most, out);
}
