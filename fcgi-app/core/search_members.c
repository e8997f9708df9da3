/* search_members.c: see search_members.h. */
#include "core/search_members.h"

#include <math.h>
#include <stdlib.h>

#include "core/search_postings.h"
#include "core/sql_run.h"

/* Some of the words of a query, side by side. */
static const struct search_query *words_of(
    struct call *call, const struct search_query *query, size_t from, size_t to)
{
	struct search_query *part = ARENA_NEW(call->arena, struct search_query);
	*part = (struct search_query) { query->words + from, to - from,
		query->begun ? words_of(call, query->begun, from, to) : NULL };
	return part;
}

static bool has_letters(const struct search_query *query, size_t n)
{
	for (size_t i = 0; i < query->n; i++)
		if (utf8_length(search_bare(query->words[i].ways[0].term)) >= n)
			return true;
	return false;
}

/* What must not be there would have to be in neither of the two, and a field is of which of them?
 */
static bool is_plain(const struct search_query *query)
{
	for (size_t i = 0; i < query->n; i++)
		if (query->words[i].negated || query->words[i].field)
			return false;
	return true;
}

/* ---- who belongs to some rows and has the words ---- */

struct member {
	struct search_hit hit;
	int64_t day;
	str words;
};

/* Whoever has part of the words and belongs where the others are found is rare. */
static void score(struct member *m, const struct search_query *query)
{
	enum { ROWS = 1000 };
	uint32_t sum = 0;
	m->hit.tier = TIER_EXACT;
	for (size_t i = 0; i < query->n; i++) {
		uint32_t weight = 0;
		enum search_tier tier = TIER_EXACT;
		if (!search_match(m->words, &query->words[i], &weight, &tier))
			continue;
		sum += weight;
		m->hit.tier = tier > m->hit.tier ? tier : m->hit.tier;
	}
	m->hit.score = sum * log(1 + ROWS);
	m->hit.place = SEARCH_DAYS - m->day;
}

/* Whose rows are looked for. */
struct asker {
	struct call *call;
	const struct table *table;
	enum level level;
	const struct search_narrow *narrow;
};

/* The rows to which others belong. */
struct groups {
	const struct asker *asker;
	const char **ids;
	size_t n;
};

static void belongs_to(struct sql *sql, const void *with)
{
	const struct groups *groups = with;
	const struct search_narrow *narrow = groups->asker->narrow;
	sql_addf(sql, " AND t.%s IN ", groups->asker->table->belongs->name);
	sql_ids(sql, groups->ids, groups->n);
	if (narrow)
		narrow->add(sql, narrow->with);
}

static const struct field member_fields[] = {
	{ .name = "id", .type = T_ID, .offset = offsetof(struct member, hit.id) },
	{ .name = "day", .type = T_INT, .offset = offsetof(struct member, day) },
	{ .name = "words", .type = T_TEXT, .offset = offsetof(struct member, words) },
};

/* Mostly they are few, so their documents are looked at, and no list of the index. *all: false when
 * so many belong there that the server ended it, after some 30 ms. */
static error look_at_members(const struct groups *groups, const struct search_query *query,
    struct search_hits *out, bool *all)
{
	enum { EXAMINED = 20000 };
	struct call *call = groups->asker->call;
	const struct table *table = groups->asker->table;
	const struct field *columns[] = { &member_fields[0], &member_fields[1], &member_fields[2] };
	struct db_rows *rows;
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_from(&sql, "(SELECT t.id, d.day, d.words FROM ", table, "t");
	sql_from(&sql, " STRAIGHT_JOIN ", &search_documents_table, "d");
	sql_add(&sql, " ON d.company_id = t.company_id AND d.row_id = t.id AND d.object = ");
	sql_int(&sql, table->searched);
	sql_noted(&sql, "d"); /* a document changes with its row */
	sql_add(&sql, " WHERE t.company_id = ");
	sql_id(&sql, call->me.company.text);
	belongs_to(&sql, groups);
	sql_add(&sql, " AND t.deleted_at IS NULL");
	access_where(call, &sql, table, "t", groups->asker->level);
	search_pieces(&sql, query, query->n);
	/* Its last row says that it was not ended before. */
	sql_addf(&sql, " LIMIT %d) UNION ALL (SELECT NULL, -1, NULL) LIMIT ROWS EXAMINED %d",
	    HITS + 1, EXAMINED);
	TRY(sql_query(call, &sql, columns, sizeof columns / sizeof *columns, &rows));
	*out = (struct search_hits) { .v = ARENA_ARRAY(call->arena, HITS, struct search_hit) };
	*all = false;
	for (bool have;;) {
		struct member one;
		TRY(db_next(rows, &have));
		if (!have)
			return OK;
		db_into(rows, &one);
		*all = one.day < 0;
		if (*all)
			continue;
		score(&one, query);
		out->more = out->n == HITS;
		if (!out->more)
			out->v[out->n++] = one.hit;
	}
}

/* Those who belong to the groups and have the words, perhaps begun: of very many by the lists of
 * the words. */
static error belonging(const struct asker *asker, const struct search_hits *to,
    const struct search_query *query, struct search_hits *out)
{
	bool all;
	struct call *call = asker->call;
	struct groups groups = { asker, ARENA_ARRAY(call->arena, to->n, const char *), to->n };
	const struct search_narrow narrow = { belongs_to, &groups };
	for (size_t i = 0; i < to->n; i++)
		groups.ids[i] = to->v[i].id.text;
	TRY(look_at_members(&groups, query, out, &all));
	if (all && !out->n && query->begun)
		TRY(look_at_members(&groups, query->begun, out, &all));
	return all ? OK : search_find(call, asker->table, asker->level, query, &narrow, HITS, out);
}

/* ---- which words are whose ---- */

static error split(const struct asker *asker, const struct search_query *theirs,
    const struct search_query *own, struct search_hits *out)
{
	enum { LETTERS = 2 };
	struct search_hits found;
	*out = (struct search_hits) { 0 };
	if (!has_letters(theirs, LETTERS) || !own->n)
		return OK;
	TRY(search_find_groups(asker->call, asker->table, asker->level, theirs, HITS, &found));
	if (!found.n)
		return OK;
	TRY(belonging(asker, &found, own, out));
	out->more = out->n && (out->more || found.more);
	return OK;
}

static int better(const void *a, const void *b)
{
	const struct search_hit *x = a, *y = b;
	int c = search_hit_order(x, y);
	return c ? c : strcmp(y->id.text, x->id.text);
}

error search_members(struct call *call, const struct table *table, enum level level,
    const struct search_query *query, const struct search_narrow *narrow, struct search_hits *out,
    const struct search_query **group)
{
	enum { MOST_WORDS = 4 };
	const struct asker asker = { call, table, level, narrow };
	*out = (struct search_hits) { 0 };
	*group = NULL;
	if (!table->belongs || query->n > MOST_WORDS || !is_plain(query))
		return OK;
	for (size_t n = query->n, k = 1; k < 2 * n && !out->n; k++) {
		/* Theirs last, as most people say it; then first. */
		size_t at = k < n ? n - k : k - n;
		const struct search_query *before = words_of(call, query, 0, at),
					  *after = words_of(call, query, at, n);
		*group = k < n ? after : before;
		TRY(split(&asker, *group, k < n ? before : after, out));
	}
	if (out->n)
		qsort(out->v, out->n, sizeof *out->v, better);
	else
		*group = NULL;
	return OK;
}
