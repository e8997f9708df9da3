/*
 * transaction.c: begin, commit, roll back. What was lost before COMMIT was sent is undone by the
 * server and can run again (RETRY); what was lost at COMMIT may stand or not, and nobody may run
 * it again on a guess (UNAVAILABLE). Tests: tests/unit/db_transaction_test.c
 */
#include "db/internal.h"

static unsigned say(struct db *db, str sql)
{
	if (mysql_real_query(db->mysql, sql.p, sql.n) == 0)
		return 0;
	return failure_keep(db, mysql_errno(db->mysql), mysql_error(db->mysql));
}

error db_begin(struct db *db)
{
	const str sql = STR("START TRANSACTION");
	if (db->transaction != TRANSACTION_NONE)
		return misuse(db, sql, "a transaction is open already");
	if (db->open)
		return misuse(db, sql, "the rows of the last statement are still open");
	bool fresh = !db->mysql;
	TRY(db_connect(db));
	unsigned code = say(db, sql);
	if (code && failure_is_loss(code) && !fresh) {
		db_disconnect(db);
		TRY(db_connect(db));
		code = say(db, sql);
	}
	if (code)
		return failure(db, sql);
	db->transaction = TRANSACTION_OPEN;
	db->begun++;
	return OK;
}

error db_commit(struct db *db)
{
	const str sql = STR("COMMIT");
	if (db->transaction == TRANSACTION_NONE)
		return misuse(db, sql, "there is no transaction to commit");
	if (db->open)
		return misuse(db, sql, "the rows of the last statement are still open");
	if (db->transaction == TRANSACTION_DOOMED) {
		db_rollback(db);
		return RETRY;
	}
	unsigned code = say(db, sql);
	if (!code) {
		db->transaction = TRANSACTION_NONE;
		return OK;
	}
	/* It is not taken for a transaction that was undone. */
	if (failure_is_loss(code))
		db->transaction = TRANSACTION_NONE;
	error kind = failure(db, sql);
	db_rollback(db);
	return kind;
}

void db_rollback(struct db *db)
{
	if (db->open)
		db_close(db->open);
	/* A connection that cannot even roll back is given up: the server rolls back when it ends.
	 */
	if (db->transaction != TRANSACTION_NONE && db->mysql && say(db, STR("ROLLBACK")))
		db_disconnect(db);
	db->transaction = TRANSACTION_NONE;
}

static error inside(struct db *db, str sql)
{
	if (db->transaction == TRANSACTION_NONE)
		return misuse(db, sql, "there is no transaction");
	if (db->open)
		return misuse(db, sql, "the rows of the last statement are still open");
	if (db->transaction == TRANSACTION_DOOMED)
		return RETRY;
	return say(db, sql) ? failure(db, sql) : OK;
}

error db_mark(struct db *db) { return inside(db, STR("SAVEPOINT mark")); }

error db_back(struct db *db)
{
	if (db->open)
		db_close(db->open);
	return inside(db, STR("ROLLBACK TO SAVEPOINT mark"));
}

bool db_in_transaction(const struct db *db) { return db->transaction != TRANSACTION_NONE; }

uint64_t db_transactions(const struct db *db) { return db->begun; }
