/*
 * search_strays.c: see search_strays.h. The parts of an index, each of a company and a table, are
 * found by going from one to the next in the order of the primary key. Tests:
 * tests/http/search_check.test.mjs
 */
#include "core/search_strays.h"

#include "core/search_document.h"
#include "core/sql.h"
#include "schema.h"

enum { AT_ONCE = 1000 };

struct part {
	uuid company; /* "" before the first */
	int64_t object;
};

static const struct field number = { .name = "n", .type = T_INT };
static const struct field *const one_number[] = { &number };

static error next_part(
    struct search_mend *m, const struct table *index, struct part *at, bool *there)
{
	static const struct field fields[] = {
		{ .name = "company_id", .type = T_ID, .offset = offsetof(struct part, company) },
		{ .name = "object", .type = T_INT, .offset = offsetof(struct part, object) },
	};
	const struct field *columns[] = { &fields[0], &fields[1] };
	struct sql sql;
	sql_begin(&sql, m->arena);
	sql_from(&sql, "SELECT p.company_id, p.object FROM ", index, "p");
	if (at->company.text[0]) {
		sql_add(&sql, " WHERE p.company_id > ");
		sql_id(&sql, at->company.text);
		sql_add(&sql, " OR (p.company_id = ");
		sql_id(&sql, at->company.text);
		sql_add(&sql, " AND p.object > ");
		sql_int(&sql, at->object);
		sql_add(&sql, ")");
	}
	sql_add(&sql, " ORDER BY p.company_id, p.object LIMIT 1");
	error e = db_one(m->db, m->arena, sql_view(&sql), sql.params, sql.n_params, columns, 2, at);
	*there = e == OK;
	return e == NOT_FOUND ? OK : e;
}

/* Seen after something of it was, so one that was made meanwhile is there, too. */
static error company_is_there(struct search_mend *m, const struct part *part, bool *there)
{
	struct sql sql;
	int64_t n;
	sql_begin(&sql, m->arena);
	sql_from(&sql, "SELECT COUNT(*) FROM ", &companies_table, "c");
	sql_add(&sql, " WHERE c.company_id = ");
	sql_id(&sql, part->company.text);
	TRY(db_one(m->db, m->arena, sql_view(&sql), sql.params, sql.n_params, one_number, 1, &n));
	*there = n > 0;
	return OK;
}

static bool is_searched(int64_t object)
{
	for (size_t t = 0; all_tables[t]; t++)
		if (search_has(all_tables[t]) && all_tables[t]->searched == object)
			return true;
	return false;
}

static void of_part(struct sql *sql, const struct part *part)
{
	sql_add(sql, " WHERE company_id = ");
	sql_id(sql, part->company.text);
	sql_add(sql, " AND object = ");
	sql_int(sql, part->object);
}

static error take_away(struct search_mend *m, const struct table *index, const struct part *part)
{
	for (uint64_t gone = AT_ONCE; gone == AT_ONCE;) {
		struct sql sql;
		sql_begin(&sql, m->arena);
		sql_addf(&sql, "DELETE FROM %s", index->name);
		of_part(&sql, part);
		sql_addf(&sql, " LIMIT %d", AT_ONCE);
		TRY(db_execute(m->db, sql_view(&sql), sql.params, sql.n_params, &gone));
		m->found.strays += (int64_t)gone;
	}
	return OK;
}

static error count(struct search_mend *m, const struct table *index, const struct part *part)
{
	struct sql sql;
	int64_t n;
	sql_begin(&sql, m->arena);
	sql_addf(&sql, "SELECT COUNT(*) FROM %s", index->name);
	of_part(&sql, part);
	TRY(db_one(m->db, m->arena, sql_view(&sql), sql.params, sql.n_params, one_number, 1, &n));
	m->found.strays += n;
	return OK;
}

static error strays_of(struct search_mend *m, const struct table *index)
{
	struct part at = { 0 };
	for (bool there, known;; arena_reset(m->arena)) {
		TRY(next_part(m, index, &at, &there));
		if (!there)
			return OK;
		TRY(company_is_there(m, &at, &known));
		if (known && is_searched(at.object))
			continue;
		TRY(m->mend ? take_away(m, index, &at) : count(m, index, &at));
	}
}

error search_strays(struct search_mend *m)
{
	TRY(strays_of(m, &search_postings_table));
	TRY(strays_of(m, &search_documents_table));
	return strays_of(m, &search_words_table);
}
