/* query_run.c: see query_run.h. */
#include "core/query_run.h"

#include <stdlib.h>

#include "core/decode.h"
#include "core/operation.h"
#include "core/sql_run.h"

static enum level level_for(const struct call *call, const struct table *table)
{
	/* A report is asked for under a permission of the table it is about: its level holds for
	 * that table. */
	size_t n = strlen(table->object);
	if (!strncmp(call->op->may, table->object, n) && call->op->may[n] == '.')
		return call->level;
	return access_view_level(call, table);
}

static const char *id_of(
    const struct call *call, const struct query *query, const struct query_table *t, const void *in)
{
	switch (t->by) {
	case PIECE_COMPANY: return call->me.company.text;
	case PIECE_ME: return call->me.agent.text;
	case PIECE_INPUT: return (const char *)in + query->in.v[t->input].offset;
	case PIECE_SQL:
	case PIECE_ACCESS: break;
	}
	abort(); /* the generator says no other */
}

/* What goes across companies hangs on no topic of the caller's: who asks is noted by identity.c,
 * and the rest is asked by programs. */
static void keep_tables(
    struct call *call, const struct query *query, const void *in, struct sql *sql)
{
	for (uint32_t i = 0; i < query->n_tables; i++) {
		const struct query_table *t = &query->tables[i];
		sql_reads(sql, t->table, t->alias);
		if (query->cross_tenant || t->reads == READS_FOLLOWING)
			sql_noted(sql, t->alias);
		if (query->cross_tenant || (t->reads != READS_ROW && t->reads != READS_OWNED))
			continue;
		const char *id = id_of(call, query, t, in);
		if (id[0] && t->reads == READS_ROW)
			call_reads_row(call, t->table, id);
		else if (id[0])
			call_reads(call, "%s/owner/%s", t->table->name, id);
		sql_noted(sql, t->alias);
	}
}

void query_sql(struct call *call, const struct query *query, const void *in, struct sql *sql)
{
	sql_begin(sql, call->arena);
	keep_tables(call, query, in, sql);
	for (uint32_t i = 0; i < query->n_parts; i++) {
		const struct query_part *part = &query->parts[i];
		const struct field *f;
		switch (part->piece) {
		case PIECE_SQL: sql_add(sql, part->text); break;
		case PIECE_COMPANY: sql_id(sql, call->me.company.text); break;
		case PIECE_ME: sql_id(sql, call->me.agent.text); break;
		case PIECE_INPUT:
			f = &query->in.v[part->input];
			sql_value(sql, f, (const char *)in + f->offset);
			break;
		case PIECE_ACCESS:
			/* Deleted rows are nobody's. access_where() says " AND ..."; the condition
			 * stands after something that is true. */
			sql_add(sql, "(TRUE");
			if (part->table->soft_delete)
				sql_addf(sql, " AND %s.deleted_at IS NULL", part->text);
			access_where(
			    call, sql, part->table, part->text, level_for(call, part->table));
			sql_add(sql, ")");
			break;
		}
	}
}

error query_open(
    struct call *call, const struct query *query, const void *in, struct db_rows **rows)
{
	struct sql sql;
	query_sql(call, query, in, &sql);
	const struct field **columns = ARENA_ARRAY(call->arena, query->out.n, const struct field *);
	for (uint32_t i = 0; i < query->out.n; i++)
		columns[i] = &query->out.v[i];
	return sql_query(call, &sql, columns, query->out.n, rows);
}

error query_all(struct call *call, const struct query *query, const void *in, void *rows, size_t *n)
{
	struct db_rows *open;
	TRY(query_open(call, query, in, &open));
	size_t cap = 0, size = query->out.size;
	char *all = NULL;
	*n = 0;
	for (bool have;;) {
		TRY(db_next(open, &have));
		if (!have)
			break;
		all = arena_grow(call->arena, all, *n, &cap, size);
		db_into(open, all + (*n)++ * size);
	}
	memcpy(rows, &all, sizeof all);
	return OK;
}

error query_one(struct call *call, const struct query *query, const void *in, void *row)
{
	struct db_rows *open;
	TRY(query_open(call, query, in, &open));
	bool have;
	TRY(db_next(open, &have));
	if (!have)
		return NOT_FOUND;
	db_into(open, row);
	db_close(open);
	return OK;
}

/* The inputs without what lies between them in memory. */
static size_t key_of(const struct query *query, const void *in, char *key, size_t cap)
{
	size_t n = 0;
	for (uint32_t i = 0; i < query->in.n; i++) {
		const struct field *f = &query->in.v[i];
		size_t size = decode_size(f->type);
		if ((f->type != T_ID && f->type != T_INT && f->type != T_ENUM) || n + size > cap)
			abort(); /* a text is no key, nor are a dozen inputs: a programmer's error
				  */
		memcpy(key + n, (const char *)in + f->offset, size);
		n += size;
	}
	return n;
}

error query_one_once(struct call *call, const struct query *query, const void *in, void *row)
{
	char key[256];
	size_t n = key_of(query, in, key, sizeof key);
	const void *known = memo_find(call->known, query, key, n);
	if (known) {
		memcpy(row, known, query->out.size);
		return OK;
	}
	TRY(query_one(call, query, in, row));
	memcpy(memo_keep(call->arena, &call->known, query, key, n, query->out.size), row,
	    query->out.size);
	return OK;
}
