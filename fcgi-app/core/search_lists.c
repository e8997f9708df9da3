/* search_lists.c: see search_lists.h. Tests: tests/http/search.test.mjs, tests/unit/search_test.c
 */
#include "core/search_lists.h"

#include "core/sql_run.h"

void term_lists_add(struct term_lists *all, struct term_list one)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->v[i].term, one.term) && all->v[i].range == one.range)
			return;
	if (all->n < LISTS)
		all->v[all->n++] = one;
	else
		all->cut = true;
}

static bool has_exact(const struct search_word *word, size_t range)
{
	for (size_t k = 0; k < range; k++)
		if (search_begun_way(word, k) == range)
			return true;
	return false;
}

struct term_list term_list_of(const struct search_word *word, size_t way, bool was_read)
{
	const struct search_way *w = &word->ways[way];
	bool typed = w->range && has_exact(word, way);
	return (struct term_list) { .term = w->term,
		.range = w->range,
		.longer = typed && was_read,
		.typed = typed,
		.ordered = !w->range,
		.tier = w->tier };
}

void term_list_where(
    struct call *call, struct sql *sql, const struct table *table, const struct term_list *one)
{
	sql_add(sql, " WHERE p.company_id = ");
	sql_id(sql, call->me.company.text);
	sql_add(sql, " AND p.object = ");
	sql_int(sql, table->searched);
	sql_add(sql, " AND ");
	search_term(sql, one->term, one->range);
	if (one->longer) {
		sql_add(sql, " AND p.term > ");
		sql_text(sql, one->term);
	}
}

void term_list_select(struct call *call, struct sql *sql, const char *select,
    const struct table *table, const struct term_list *one)
{
	sql_from(sql, select, &search_postings_table, "p");
	term_list_where(call, sql, table, one);
	sql_noted(sql, "p"); /* who searches notes of the table's own rows what can change */
}

/* ---- how long they are ---- */

/* A row of EXPLAIN: id, select_type, table, type, possible_keys, key, key_len, ref, rows, Extra. */
struct explained {
	int64_t id;
	str rows, other;
};
static const struct field explained_id = {
	.name = "id", .type = T_INT, .offset = offsetof(struct explained, id)
};
static const struct field explained_rows = {
	.name = "rows", .type = T_TEXT, .offset = offsetof(struct explained, rows)
};
static const struct field explained_other = {
	.name = "other", .type = T_TEXT, .offset = offsetof(struct explained, other)
};
static const struct field *const explained_columns[] = { &explained_id, &explained_other,
	&explained_other, &explained_other, &explained_other, &explained_other, &explained_other,
	&explained_other, &explained_rows, &explained_other };

error term_lists_estimate(struct call *call, const struct table *table, const struct term_list *of,
    size_t n, int64_t *estimated)
{
	struct db_rows *rows;
	struct sql sql;
	bool have;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "EXPLAIN ");
	for (size_t i = 0; i < n; i++) {
		sql_add(&sql, i ? " UNION ALL " : "");
		term_list_select(call, &sql, "SELECT 1 FROM ", table, &of[i]);
		estimated[i] = 0;
	}
	TRY(sql_query(call, &sql, explained_columns,
	    sizeof explained_columns / sizeof *explained_columns, &rows));
	for (size_t i = 0; i < n; i++) {
		struct explained e;
		TRY(db_next(rows, &have));
		if (!have)
			break;
		db_into(rows, &e);
		if (!int_parse(e.rows, &estimated[i]))
			estimated[i] = 0;
	}
	db_close(rows);
	return OK;
}

/* ---- the terms of a beginning ---- */

static void add_term(struct term_lists *out, str term, const struct term_list *range)
{
	term_lists_add(
	    out, (struct term_list) {
		     .term = term, .of_many = true, .ordered = true, .tier = range->tier });
}

/* The server would read all rows of a term to come to the next one (30,000 rows: 25 ms), so some
 * are read at a time, and what follows begins behind the last term. */
error term_list_expand(struct call *call, const struct table *table, const struct term_list *range,
    size_t most, struct term_lists *out)
{
	enum { STEPS = 8, A_STEP = 300 };
	struct term_list rest = *range;
	static const struct field fields[] = {
		{ .name = "term", .type = T_TEXT, .offset = 0 },
		{ .name = "rows", .type = T_INT, .offset = sizeof(str) },
	};
	const struct field *columns[] = { &fields[0], &fields[1] };
	size_t n = 0;
	/* Each number is a term, and of the first some may all be of another country than the one
	 * that is asked for; no number is better than another, so they are read as they stand. */
	if (search_is_number(range->term)) {
		struct term_list numbers = *range;
		numbers.ordered = numbers.of_many = true;
		numbers.cut = numbers.longer = false;
		numbers.taken = 0;
		term_lists_add(out, numbers);
		out->cut = true;
		return OK;
	}
	if (!range->longer)
		add_term(out, range->term, range);
	rest.longer = true;
	str after = range->term;
	for (int step = 0; step < STEPS; step++) {
		struct sql sql;
		struct db_rows *rows;
		int64_t read = 0;
		sql_begin(&sql, call->arena);
		sql_add(&sql, "SELECT z.term, COUNT(*) FROM (");
		term_list_select(call, &sql, "SELECT p.term FROM ", table, &rest);
		sql_add(&sql, " AND p.term > ");
		sql_text(&sql, after);
		sql_addf(
		    &sql, " ORDER BY p.term LIMIT %d) z GROUP BY z.term ORDER BY z.term", A_STEP);
		TRY(sql_query(call, &sql, columns, 2, &rows));
		for (bool have;;) {
			struct {
				str term;
				int64_t rows;
			} one;
			TRY(db_next(rows, &have));
			if (!have)
				break;
			db_into(rows, &one);
			after = one.term;
			read += one.rows;
			if (n < most)
				add_term(out, one.term, range);
			else
				out->cut = true;
			n++;
		}
		if (read < A_STEP || out->cut)
			return OK;
	}
	out->cut = true;
	return OK;
}
