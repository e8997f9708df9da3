/*
 * failure.c: what an error number of the server or the client library means: the one table from
 * number to kind, the key or constraint that a message names, and the log line. A message may
 * quote values, so that only those known not to do so are shown whole. Tests: tests/unit/db_test.c
 */
#include "base/log.h"
#include "db/internal.h"
#include <errmsg.h>
#include <mysqld_error.h>
#include <stdio.h>

bool failure_is_loss(unsigned code)
{
	switch (code) {
	case CR_SERVER_GONE_ERROR:
	case CR_SERVER_LOST:
	case CR_SERVER_LOST_EXTENDED:
	case CR_COMMANDS_OUT_OF_SYNC: /* ours and the server's idea of the connection differ: it is
					 of no more use */
	case CR_MALFORMED_PACKET:
	case CR_ERR_NET_READ:
	case CR_ERR_NET_WRITE:
	case CR_SSL_CONNECTION_ERROR: /* how a TLS connection says that the other end is gone */
	case CR_STMT_CLOSED:
	case ER_CONNECTION_KILLED:
	case ER_SERVER_SHUTDOWN:
	case ER_NORMAL_SHUTDOWN:
	case ER_FORCING_CLOSE: return true;
	default: return false;
	}
}

bool failure_is_stale(unsigned code)
{
	return code == ER_NEED_REPREPARE || code == ER_UNKNOWN_STMT_HANDLER ||
	       code == CR_NEW_STMT_METADATA;
}

static error kind_of(unsigned code)
{
	switch (code) {
	case ER_DUP_ENTRY:
	case ER_DUP_ENTRY_WITH_KEY_NAME:
	case ER_ROW_IS_REFERENCED:
	case ER_ROW_IS_REFERENCED_2: return CONFLICT;
	case ER_NO_REFERENCED_ROW:
	case ER_NO_REFERENCED_ROW_2:
	case ER_CONSTRAINT_FAILED: return INVALID;
	case ER_LOCK_DEADLOCK:
	case ER_LOCK_WAIT_TIMEOUT:
	case ER_CHECKREAD: return RETRY;
	case CR_SOCKET_CREATE_ERROR:
	case CR_CONNECTION_ERROR:
	case CR_CONN_HOST_ERROR:
	case CR_IPSOCK_ERROR:
	case CR_UNKNOWN_HOST:
	case CR_SERVER_HANDSHAKE_ERR:
	case ER_STATEMENT_TIMEOUT:
	case ER_QUERY_INTERRUPTED:
	case ER_CON_COUNT_ERROR:
	case ER_TOO_MANY_USER_CONNECTIONS:
	case ER_USER_LIMIT_REACHED:
	case ER_TOO_MANY_CONCURRENT_TRXS:
	case ER_MAX_PREPARED_STMT_COUNT_REACHED:
	case ER_UNKNOWN_COM_ERROR: /* Galera: "WSREP has not yet prepared node for application use"
				    */
	case ER_OPTION_PREVENTS_STATEMENT: /* the server was made read-only, as before a fail-over
					    */
		return UNAVAILABLE;
	default: return failure_is_loss(code) ? UNAVAILABLE : INTERNAL;
	}
}

static bool quotes_no_value(unsigned code)
{
	switch (code) {
	case ER_ACCESS_DENIED_ERROR:
	case ER_DBACCESS_DENIED_ERROR:
	case ER_TABLEACCESS_DENIED_ERROR:
	case ER_BAD_DB_ERROR:
	case ER_BAD_FIELD_ERROR:
	case ER_BAD_NULL_ERROR:
	case ER_NO_SUCH_TABLE:
	case ER_NO_DEFAULT_FOR_FIELD:
	case ER_DATA_TOO_LONG:
	case ER_WARN_DATA_OUT_OF_RANGE:
	case WARN_DATA_TRUNCATED:
	case ER_PARSE_ERROR: return true;
	default: return code >= CR_MIN_ERROR && code < 3000;
	}
}

unsigned failure_keep(struct db *db, unsigned code, const char *message)
{
	db->code = code ? code : CR_UNKNOWN_ERROR;
	snprintf(db->message, sizeof db->message, "%s", message);
	return db->code;
}

/* The text between the last `before` and the next `end`. */
static void name_in(struct db *db, const char *before, char end)
{
	const char *found = NULL;
	for (const char *p = db->message; (p = strstr(p, before)) != NULL;)
		found = p += strlen(before);
	size_t n = found ? strcspn(found, (char[]) { end, 0 }) : 0;
	snprintf(db->constraint, sizeof db->constraint, "%.*s", (int)n, found ? found : "");
}

static void say_why(struct db *db)
{
	size_t shown = quotes_no_value(db->code) ? strlen(db->message) : strcspn(db->message, "'");
	snprintf(db->reason, sizeof db->reason, "%u: %.*s", db->code, (int)shown, db->message);
	db->constraint[0] = 0;
	if (db->code == ER_DUP_ENTRY || db->code == ER_DUP_ENTRY_WITH_KEY_NAME)
		name_in(db, " for key '", '\'');
	else if (db->code == ER_CONSTRAINT_FAILED || db->code == ER_NO_REFERENCED_ROW_2 ||
		 db->code == ER_ROW_IS_REFERENCED_2)
		name_in(db, "CONSTRAINT `", '`');
}

error failure(struct db *db, str sql)
{
	error kind = kind_of(db->code);
	bool lost = failure_is_loss(db->code);
	say_why(db);
	if (kind == INTERNAL || kind == UNAVAILABLE)
		log_event(kind == INTERNAL ? LOG_ERROR : LOG_WARNING, "database",
		    LOG_TEXT("reason", str_of(db->reason)), LOG_TEXT("sql", sql));
	if (lost) {
		db_disconnect(db);
		/* Whatever the transaction did is undone by the server, so all of it can run again.
		 */
		if (db->transaction != TRANSACTION_NONE)
			kind = RETRY;
	}
	/* After a deadlock the server has rolled back: a statement that came now would stand alone.
	 */
	if (kind == RETRY && db->transaction != TRANSACTION_NONE)
		db->transaction = TRANSACTION_DOOMED;
	return kind;
}

bool db_was_locked(const struct db *db) { return db->code == ER_LOCK_WAIT_TIMEOUT; }

error misuse(struct db *db, str sql, const char *what)
{
	snprintf(db->reason, sizeof db->reason, "%s", what);
	db->constraint[0] = 0;
	log_event(LOG_ERROR, what, LOG_TEXT("sql", sql));
	return INTERNAL;
}
