/* search_in_table.c: see search_in_table.h. */
#include "core/search_in_table.h"

#include "core/search_members.h"

static bool is_anything_found(const struct search_place *places, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (places[i].hits.n || places[i].hits.more)
			return true;
	return false;
}

/* How rows are looked for. */
struct how {
	const struct search_narrow *narrow;
	size_t most;
};

/* The rows of each table that have the words. */
static error find_rows(
    struct call *call, struct search_place *places, size_t n, const struct how *how)
{
	for (struct search_place *p = places; p < places + n; p++)
		if (p->looked)
			TRY(search_find(
			    call, p->table, p->level, &p->query, how->narrow, how->most, &p->hits));
	return OK;
}

/* Where no row has them: those that have some, when the row to which they belong has the others. */
static error find_members(
    struct call *call, struct search_place *places, size_t n, const struct how *how)
{
	for (struct search_place *p = places; p < places + n; p++)
		if (p->looked && !p->hits.n && !p->hits.more)
			TRY(search_members(
			    call, p->table, p->level, &p->query, how->narrow, &p->hits, &p->group));
	return OK;
}

/* False when there are none. */
static bool leave_out_joining(struct arena *a, struct search_place *places, size_t n)
{
	bool any = false;
	for (size_t i = 0; i < n; i++) {
		const struct search_query *query = search_unjoined(a, &places[i].query);
		if (query)
			places[i].query = *query;
		any = any || query;
	}
	return any;
}

/* Only when no table has the words, those that join others are left out, before anybody is found by
 * two rows: for "smith and sons", Smith & Sons, and not a Smith at Miller and Sons. Then each may
 * be spelt otherwise, or notes with words like these would stand below the contact that was meant.
 */
static error find(struct call *call, struct search_place *places, size_t n, const struct how *how)
{
	TRY(find_rows(call, places, n, how));
	if (!is_anything_found(places, n) && leave_out_joining(call->arena, places, n))
		TRY(find_rows(call, places, n, how));
	TRY(find_members(call, places, n, how));
	if (is_anything_found(places, n))
		return OK;
	for (struct search_place *p = places; p < places + n; p++)
		if (p->looked)
			TRY(search_find_near(
			    call, p->table, p->level, &p->query, how->narrow, how->most, &p->hits));
	return OK;
}

error search_in_table(struct call *call, const struct table *table, enum level level,
    const struct search_query *query, const struct search_narrow *narrow, size_t most,
    struct search_hits *out)
{
	struct search_place *place = ARENA_NEW(call->arena, struct search_place);
	const struct how how = { narrow, most };
	*place = (struct search_place) {
		.table = table, .level = level, .looked = true, .query = *query
	};
	TRY(find(call, place, 1, &how));
	*out = place->hits;
	if (place->group)
		out->more = false; /* no condition finds the rest, so the best are all there is */
	return OK;
}

const char *search_parse_places(struct arena *a, str text, struct search_place *places, size_t n)
{
	size_t *fields = ARENA_ARRAY(a, n + 1, size_t), most = 0;
	for (size_t i = 0; i < n; i++) {
		const struct search_query *query = &places[i].query;
		const char *why = search_parse(a, places[i].table, text, &places[i].query);
		if (why)
			return why;
		for (size_t w = 0; w < query->n; w++)
			fields[i] += query->words[w].field != NULL;
		most = fields[i] > most ? fields[i] : most;
	}
	for (size_t i = 0; i < n; i++)
		places[i].looked = places[i].looked && fields[i] == most;
	return NULL;
}

error search_in_places(struct call *call, struct search_place *places, size_t n)
{
	const struct how how = { .most = HITS };
	return find(call, places, n, &how);
}
