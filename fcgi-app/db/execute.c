/*
 * execute.c: running a statement, and running it again where that is harmless: after a statement
 * grew stale, after the cache was too large for the server, and after a lost connection when the
 * server holds the session READ ONLY or the loss was seen before anything was sent. A write whose
 * answer was lost may have happened; it is not repeated here. Tests: tests/unit/db_test.c,
 * tests/unit/db_transaction_test.c
 */
#include "db/internal.h"
#include <mysqld_error.h>

enum { RECONNECTED = 1, REPREPARED = 2, MADE_ROOM = 4 };

bool statement_ended_by_limit(struct db *db, struct statement *s)
{
	return mysql_errno(db->mysql) == ER_FILSORT_ABORT &&
	       strstr(mysql_error(db->mysql), "LIMIT ROWS EXAMINED") &&
	       !mysql_stmt_reset(s->handle);
}

static unsigned execute(struct db *db, struct statement *s, bool with_rows, bool *more)
{
	if (mysql_stmt_execute(s->handle))
		return failure_keep(db, mysql_stmt_errno(s->handle), mysql_stmt_error(s->handle));
	if (!with_rows)
		return 0;
	/* Each time, for after ALTER TABLE the server prepares anew and may send other types. */
	const MYSQL_FIELD *fields = mariadb_stmt_fetch_fields(s->handle);
	for (unsigned i = 0; i < s->n_columns; i++) {
		s->cells[i].kind = (uint8_t)wire_kind_of(fields[i].type);
		s->cells[i].is_unsigned = fields[i].flags & UNSIGNED_FLAG;
	}
	int rc = mysql_stmt_fetch(s->handle);
	*more = rc == 0;
	if (rc == 0 || rc == MYSQL_NO_DATA || statement_ended_by_limit(db, s))
		return 0;
	return failure_keep(db, mysql_errno(db->mysql), mysql_error(db->mysql));
}

/* True: what stood in the way is removed, so the statement may be tried again. */
static bool remedy(
    struct db *db, struct statement *s, unsigned code, bool harmless, unsigned *tried)
{
	if (failure_is_loss(code) && harmless && db->transaction == TRANSACTION_NONE &&
	    !(*tried & RECONNECTED)) {
		*tried |= RECONNECTED;
		db_disconnect(db);
		return true;
	}
	if (failure_is_stale(code) && s && !(*tried & REPREPARED)) {
		*tried |= REPREPARED;
		statement_drop(db, s);
		return true;
	}
	if (code == ER_MAX_PREPARED_STMT_COUNT_REACHED && !(*tried & MADE_ROOM)) {
		*tried |= MADE_ROOM;
		statements_drop_all(db);
		return true;
	}
	return false;
}

static error ready(struct db *db, str sql)
{
	if (db->open)
		return misuse(db, sql, "the rows of the last statement are still open");
	if (db->transaction == TRANSACTION_DOOMED)
		return RETRY;
	if (db->mysql && db->mode == DB_WRITE && db->transaction == TRANSACTION_NONE &&
	    connection_is_dead(db))
		db_disconnect(db);
	return OK;
}

error statement_run(struct db *db, str sql, const struct db_param *params, size_t n_params,
    bool with_rows, struct statement **out, bool *more)
{
	TRY(ready(db, sql));
	for (unsigned tried = 0;;) {
		TRY(db_connect(db));
		struct statement *s = NULL;
		bool sent = false;
		unsigned code = statement_get(db, sql, &s);
		if (!code) {
			if (with_rows != (s->n_columns > 0))
				return misuse(db, sql,
				    with_rows ? "the statement gives no rows"
					      : "the statement gives rows");
			TRY(params_bind(db, s, params, n_params));
			sent = true;
			code = execute(db, s, with_rows, more);
		}
		if (!code) {
			db->executed++;
			*out = s;
			return OK;
		}
		if (!remedy(db, s, code, !sent || db->mode == DB_READ, &tried))
			return failure(db, sql);
	}
}

error db_execute(
    struct db *db, str sql, const struct db_param *params, size_t n_params, uint64_t *matched)
{
	struct statement *s;
	TRY(statement_run(db, sql, params, n_params, false, &s, NULL));
	db->insert_id = mysql_stmt_insert_id(s->handle);
	if (matched)
		*matched = mysql_stmt_affected_rows(s->handle);
	return OK;
}

error db_prepare_check(struct db *db, str sql, unsigned *params, unsigned *columns)
{
	struct statement *s;
	TRY(ready(db, sql));
	TRY(db_connect(db));
	if (statement_get(db, sql, &s))
		return failure(db, sql);
	*params = s->n_params;
	*columns = s->n_columns;
	return OK;
}

/* Several statements in one text: for a script only, so that no other text can ever be two. */
static unsigned allow_several(struct db *db, enum enum_mysql_set_option option)
{
	if (mysql_set_server_option(db->mysql, option))
		return failure_keep(db, mysql_errno(db->mysql), mysql_error(db->mysql));
	return 0;
}

/* The library keeps one result at a time: each must be taken from the wire before the next. */
static unsigned run_script(struct db *db, str sql)
{
	if (mysql_real_query(db->mysql, sql.p, sql.n))
		return failure_keep(db, mysql_errno(db->mysql), mysql_error(db->mysql));
	for (;;) {
		MYSQL_RES *result = mysql_use_result(db->mysql);
		if (result)
			mysql_free_result(result);
		else if (mysql_errno(db->mysql))
			return failure_keep(db, mysql_errno(db->mysql), mysql_error(db->mysql));
		int next = mysql_next_result(db->mysql);
		if (next < 0)
			return 0;
		if (next > 0)
			return failure_keep(db, mysql_errno(db->mysql), mysql_error(db->mysql));
	}
}

error db_script(struct db *db, str sql)
{
	TRY(ready(db, sql));
	TRY(db_connect(db));
	unsigned code = allow_several(db, MYSQL_OPTION_MULTI_STATEMENTS_ON);
	if (!code) {
		code = run_script(db, sql);
		unsigned after = failure_is_loss(code)
				     ? 0
				     : allow_several(db, MYSQL_OPTION_MULTI_STATEMENTS_OFF);
		code = code ? code : after;
	}
	db->executed++;
	return code ? failure(db, sql) : OK;
}
