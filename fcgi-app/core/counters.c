/* counters.c: see counters.h. The statements go across companies on purpose: they read nothing but
 * numbers. */
#include "core/counters.h"

#include "core/sql.h"

static const struct field counter_fields[] = {
	{ .name = "company_id", .type = T_ID, .offset = offsetof(struct counter, company) },
	{ .name = "topic", .type = T_TEXT, .offset = offsetof(struct counter, topic) },
	{ .name = "version", .type = T_INT, .offset = offsetof(struct counter, version) },
};

static error read_all(
    struct db *db, struct arena *a, struct sql *sql, struct counter **out, size_t *n)
{
	const struct field *columns[] = { &counter_fields[0], &counter_fields[1],
		&counter_fields[2] };
	struct db_rows *rows;
	size_t cap = 32;
	struct counter *all = ARENA_ARRAY(a, cap, struct counter);
	*n = 0;
	TRY(db_query(db, a, sql_view(sql), sql->params, sql->n_params, columns, 3, &rows));
	for (bool have;;) {
		TRY(db_next(rows, &have));
		if (!have)
			break;
		if (*n == cap) {
			struct counter *grown = ARENA_ARRAY(a, cap * 2, struct counter);
			memcpy(grown, all, cap * sizeof *all);
			all = grown;
			cap *= 2;
		}
		db_into(rows, &all[(*n)++]);
	}
	*out = all;
	return OK;
}

/* A statement is prepared for each number of companies: powers of two keep them few, the last
 * company fills up. */
static size_t padded(size_t n)
{
	size_t size = 1;
	while (size < n)
		size *= 2;
	return size;
}

error counters_heads(struct db *db, struct arena *a, const struct lot_head *lots, size_t n,
    struct counter **out, size_t *n_out)
{
	struct sql sql;
	sql_begin(&sql, a);
	sql_add(&sql, "SELECT company_id, topic, version FROM version_counters WHERE topic = '' "
		      "AND company_id IN (");
	for (size_t i = 0, size = padded(n); i < size; i++) {
		sql_add(&sql, i ? ", " : "");
		sql_id(&sql, lots[i < n ? i : n - 1].company);
	}
	sql_add(&sql, ")");
	return read_all(db, a, &sql, out, n_out);
}

error counters_since(struct db *db, struct arena *a, const struct lot_head *lots, size_t n,
    struct counter **out, size_t *n_out)
{
	struct sql sql;
	sql_begin(&sql, a);
	sql_add(&sql, "SELECT company_id, topic, version FROM version_counters WHERE ");
	for (size_t i = 0, size = padded(n); i < size; i++) {
		const struct lot_head *lot = &lots[i < n ? i : n - 1];
		sql_add(&sql, i ? " OR (company_id = " : "(company_id = ");
		sql_id(&sql, lot->company);
		sql_add(&sql, " AND version > ");
		sql_int(&sql, lot->version);
		sql_add(&sql, ")");
	}
	return read_all(db, a, &sql, out, n_out);
}

error counters_hold(struct db *db, struct arena *a, const char company[37], int64_t *head)
{
	struct counter *counters;
	struct sql sql;
	size_t n;
	sql_begin(&sql, a);
	sql_add(&sql, "SELECT company_id, topic, version FROM version_counters WHERE topic = '' "
		      "AND company_id = ");
	sql_id(&sql, company);
	sql_add(&sql, " LOCK IN SHARE MODE");
	TRY(db_begin(db));
	error e = read_all(db, a, &sql, &counters, &n);
	if (e != OK)
		db_rollback(db);
	else
		*head = n ? counters[0].version : 0;
	return e;
}

void counters_release(struct db *db) { db_rollback(db); }

void counters_learn(struct parking *p, const struct lot_head *lots, size_t n,
    const struct counter *counters, size_t n_counters)
{
	for (size_t i = 0; i < n_counters; i++)
		if (counters[i].topic.n)
			lot_learn(p, counters[i].company, counters[i].topic, counters[i].version);
	for (size_t i = 0; i < n_counters; i++)
		for (size_t l = 0; !counters[i].topic.n && l < n; l++)
			if (!strcmp(lots[l].company, counters[i].company))
				lot_known_to(
				    p, counters[i].company, lots[l].version, counters[i].version);
}
