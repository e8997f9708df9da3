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
	size_t cap = 0;
	struct counter *all = NULL;
	*n = 0;
	TRY(db_query(db, a, sql_view(sql), sql->params, sql->n_params, columns, 3, &rows));
	for (bool have;;) {
		TRY(db_next(rows, &have));
		if (!have)
			break;
		ARENA_GROW(a, all, *n, cap);
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

static bool is_table(str topic) { return topic.n && !memchr(topic.p, '/', topic.n); }
static bool is_row(str topic) { return memmem(topic.p, topic.n, "/row/", 5) != NULL; }

/* Does the log have too many rows of a company, or lack one of its versions? */
static bool is_vague(const struct lot_head *lot, const struct counter *counters, size_t n)
{
	int64_t head = lot->version, last = lot->version, versions = 0;
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(counters[i].company, lot->company) != 0)
			continue;
		if (!counters[i].topic.n)
			head = counters[i].version;
		if (!is_row(counters[i].topic))
			continue;
		rows++;
		versions += counters[i].version != last;
		last = counters[i].version;
	}
	return rows > COUNTERS_ROWS || versions < head - lot->version;
}

/* "contacts/row/" beside "contacts". */
static struct counter all_rows(struct arena *a, const struct counter *table)
{
	struct counter all = *table;
	all.topic = str_of(arena_printf(a, "%.*s/row/", (int)table->topic.n, table->topic.p));
	return all;
}

static void add_all_rows(struct arena *a, const struct lot_head *lots, size_t n,
    struct counter **counters, size_t *n_counters)
{
	struct counter *more = ARENA_ARRAY(a, 2 * *n_counters + 1, struct counter);
	size_t n_more = *n_counters;
	if (n_more)
		memcpy(more, *counters, n_more * sizeof *more);
	for (size_t l = 0; l < n; l++) {
		if (!is_vague(&lots[l], *counters, *n_counters))
			continue;
		for (size_t i = 0; i < *n_counters; i++)
			if (is_table((*counters)[i].topic) &&
			    !strcmp((*counters)[i].company, lots[l].company))
				more[n_more++] = all_rows(a, &(*counters)[i]);
	}
	*counters = more;
	*n_counters = n_more;
}

error counters_since(struct db *db, struct arena *a, const struct lot_head *lots, size_t n,
    struct counter **out, size_t *n_out)
{
	struct sql sql;
	size_t size = padded(n);
	sql_begin(&sql, a);
	sql_add(&sql, "SELECT company_id, topic, version FROM version_counters WHERE ");
	for (size_t i = 0; i < size; i++) {
		const struct lot_head *lot = &lots[i < n ? i : n - 1];
		sql_add(&sql, i ? " OR (company_id = " : "(company_id = ");
		sql_id(&sql, lot->company);
		sql_add(&sql, " AND version > ");
		sql_int(&sql, lot->version);
		sql_add(&sql, ")");
	}
	for (size_t i = 0; i < size; i++) {
		sql_add(&sql,
		    " UNION ALL (SELECT company_id, CONVERT(CONCAT(object, '/row/', row_id) "
		    "USING ascii) COLLATE ascii_nopad_bin, version "
		    "FROM changes WHERE company_id = ");
		sql_id(&sql, lots[i < n ? i : n - 1].company);
		sql_add(&sql, " AND version > ");
		sql_int(&sql, i < n ? lots[i].version : INT64_MAX);
		sql_addf(&sql, " ORDER BY version, n LIMIT %d)", COUNTERS_ROWS + 1);
	}
	TRY(read_all(db, a, &sql, out, n_out));
	add_all_rows(a, lots, n, out, n_out);
	return OK;
}

bool counter_moves(const struct counter *counter, const char *topic)
{
	str t = counter->topic;
	return t.n && t.p[t.n - 1] == '/' ? !strncmp(topic, t.p, t.n) : str_is(t, topic);
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
