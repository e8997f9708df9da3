/*
 * sql_run.c: see sql_run.h. A build with sanitizers reads each statement's text as well, and ends
 * the program when a table stands in it that the statement does not keep: so the tests that run all
 * operations show that no read set lacks a table. Tests: tests/http/read_sets.test.mjs
 */
#include "core/sql_run.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/log.h"
#include "core/operation.h"

#ifdef MUSTER_SANITIZE
static _Noreturn void forgotten(const struct sql *sql, const char *table)
{
	log_event(LOG_ERROR, "Assertion: a statement reads a table that it does not keep",
	    LOG_TEXT("table", str_of(table)), LOG_TEXT("statement", sql_view(sql)));
	abort();
}

static str next_word(const char **at)
{
	const char *p = *at;
	while (*p && !isalnum((unsigned char)*p) && *p != '_' && *p != '(')
		p++;
	const char *from = p;
	while (isalnum((unsigned char)*p) || *p == '_')
		p++;
	*at = p == from && *p ? p + 1 : p;
	return (str) { from, (size_t)(p - from) };
}

/* `word` stands after the table's name: its alias, unless it has none. */
static bool keeps(const struct sql *sql, const struct table *table, str word)
{
	for (size_t i = 0; i < sql->n_tables; i++) {
		const char *alias = sql->tables[i].alias;
		if (sql->tables[i].table == table &&
		    (str_is(word, alias) || !strcmp(alias, table->name)))
			return true;
	}
	return false;
}

/* Every table after FROM or JOIN; a subquery or a WITH is none. */
static void check_text(const struct sql *sql)
{
	for (const char *at = sql->text; *at;) {
		str word = next_word(&at);
		if (!str_is(word, "FROM") && !str_is(word, "JOIN") &&
		    !str_is(word, "STRAIGHT_JOIN"))
			continue;
		str name = next_word(&at);
		for (size_t t = 0; all_tables[t]; t++)
			if (str_is(name, all_tables[t]->name) &&
			    !keeps(sql, all_tables[t], next_word(&at)))
				forgotten(sql, all_tables[t]->name);
	}
}
#else
static void check_text(const struct sql *sql) { (void)sql; }
#endif

static void note(struct call *call, const struct sql *sql)
{
	check_text(sql);
	if (!call->op ||
	    call->op->kind != QUERY_KIND) /* nobody waits for a mutation's answer to change */
		return;
	for (size_t i = 0; i < sql->n_tables; i++) {
		const struct sql_table *t = &sql->tables[i];
		if (t->noted)
			continue;
		if (!t->table->logged)
			abort(); /* its changes touch no topic, so no query may hang on it alone: a
				    programmer's error */
		call_reads(call, "%s", t->table->name);
	}
}

error sql_query(struct call *call, struct sql *sql, const struct field *const *columns, size_t n,
    struct db_rows **rows)
{
	note(call, sql);
	return db_query(
	    call->db, call->arena, sql_view(sql), sql->params, sql->n_params, columns, n, rows);
}

error sql_one(
    struct call *call, struct sql *sql, const struct field *const *columns, size_t n, void *row)
{
	note(call, sql);
	return db_one(
	    call->db, call->arena, sql_view(sql), sql->params, sql->n_params, columns, n, row);
}

error sql_execute(struct call *call, struct sql *sql, uint64_t *matched)
{
	return db_execute(call->db, sql_view(sql), sql->params, sql->n_params, matched);
}
