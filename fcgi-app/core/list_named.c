/* list_named.c: see list_named.h. */
#include "core/list_named.h"

#include "core/operation.h"

const char *list_named_parse(
    struct call *call, const struct table *table, str text, struct search_place **out)
{
	struct search_place *places =
	    ARENA_ARRAY(call->arena, table->n_found + 1, struct search_place);
	for (uint32_t i = 0; i < table->n_found; i++) {
		enum level level = access_view_level(call, table->found[i].table);
		places[i] = (struct search_place) { .table = table->found[i].table,
			.level = level,
			.looked = level != LEVEL_NONE,
			.hits = { .more = true } };
	}
	*out = places;
	return search_parse_places(call->arena, text, places, table->n_found);
}

/* The best come first, so one that is only like the words tells that all are, also those that are
 * more than these. */
static bool has_words(const struct search_hits *hits)
{
	return hits->n ? hits->v[0].tier < TIER_FUZZY : hits->more;
}

static void leave_out_alike(struct search_hits *hits)
{
	while (hits->n && hits->v[hits->n - 1].tier == TIER_FUZZY)
		hits->n--;
	hits->more = false; /* others like them were looked for because there are few */
}

error list_named_find(struct call *call, const struct table *table,
    const struct search_place *asked, struct search_place **out, bool *any)
{
	struct search_place *places =
	    ARENA_ARRAY(call->arena, table->n_found + 1, struct search_place);
	bool words = false;
	*any = false;
	for (uint32_t i = 0; i < table->n_found; i++) {
		places[i] = asked[i];
		places[i].hits = (struct search_hits) { 0 };
	}
	TRY(search_in_places(call, places, table->n_found));
	for (uint32_t i = 0; i < table->n_found; i++) {
		if (places[i].group)
			places[i].hits.more = false; /* no condition finds the rest */
		words = words || has_words(&places[i].hits);
	}
	for (uint32_t i = 0; i < table->n_found; i++) {
		struct search_hits *hits = &places[i].hits;
		if (words && hits->n && hits->v[hits->n - 1].tier == TIER_FUZZY)
			leave_out_alike(hits);
		*any = *any || list_named_may_have(&places[i]);
	}
	*out = places;
	return OK;
}

/* ---- conditions ---- */

static void one_of(struct sql *sql, const struct field *column, const struct search_hits *hits)
{
	const char **ids = ARENA_ARRAY(sql->arena, hits->n, const char *);
	for (size_t i = 0; i < hits->n; i++)
		ids[i] = hits->v[i].id.text;
	sql_addf(sql, "t.`%s` IN ", column->name);
	sql_ids(sql, ids, hits->n);
}

/* By which words they were found, of which there are more. */
static const struct search_query *query_of(const struct search_place *place)
{
	return place->hits.query ? place->hits.query : &place->query;
}

/* That the row `n` is one that the caller may see and that has the words. */
static void is_hit(
    struct call *call, struct sql *sql, const struct search_place *place, bool deleted, bool has)
{
	if (place->table->soft_delete && !deleted)
		sql_add(sql, " AND n.deleted_at IS NULL");
	access_where(call, sql, place->table, "n", place->level);
	if (has)
		return;
	sql_add(sql, " AND ");
	search_condition(sql, place->table, "n", query_of(place));
}

void list_named_condition(struct call *call, struct sql *sql, const struct table *table,
    const struct search_place *places, bool deleted)
{
	size_t n = 0;
	for (uint32_t i = 0; i < table->n_found; i++) {
		const struct search_place *place = &places[i];
		const struct field *column = table->found[i].column;
		if (!list_named_may_have(place))
			continue;
		sql_add(sql, n++ ? " OR " : "(");
		if (!place->hits.more) {
			one_of(sql, column, &place->hits);
			continue;
		}
		sql_from(sql, "EXISTS (SELECT 1 FROM ", place->table, "n");
		sql_addf(sql, " WHERE n.company_id = t.company_id AND n.id = t.`%s`", column->name);
		is_hit(call, sql, place, deleted, false);
		sql_add(sql, ")");
	}
	sql_add(sql, n ? ")" : "FALSE");
}

error list_named_from(struct call *call, struct sql *sql, const struct table *table,
    const struct search_place *place, bool *all_have)
{
	*all_have = false;
	if (place->hits.more) {
		sql_add(sql, " FROM ");
		TRY(search_candidates(
		    call, sql, place->table, place->level, query_of(place), "c", all_have));
		sql_from(sql, " STRAIGHT_JOIN ", place->table, "n");
		sql_from(sql, " STRAIGHT_JOIN ", table, "t");
	} else {
		sql_from(sql, " FROM ", table, "t");
	}
	return OK;
}

void list_named_where(struct call *call, struct sql *sql, const struct table_found *by,
    const struct search_place *place, bool all_have)
{
	sql_add(sql, " AND ");
	if (!place->hits.more) {
		one_of(sql, by->column, &place->hits);
		return;
	}
	sql_addf(sql, "t.`%s` = n.id AND n.id = c.row_id AND n.company_id = ", by->column->name);
	sql_id(sql, call->me.company.text);
	is_hit(call, sql, place, false, all_have);
}
