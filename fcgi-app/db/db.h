/*
 * db.h: one connection to MariaDB and its prepared statements. db/ is the only folder that includes
 * <mysql.h>. Every statement is prepared (once per connection, found again by its text) and every
 * value is a parameter described by its field type, so that text never becomes SQL.
 *
 * A connection belongs to one thread. Texts of a result live in the arena that was given.
 * Errors: OK; CONFLICT for a duplicate key (1062; db_constraint() names the key) or a row that
 * others still point to (1451, the foreign key); INVALID for a missing parent (1452, the foreign
 * key) or a failed CHECK (4025, the constraint); RETRY for 1213, 1205 and 1020; UNAVAILABLE when
 * the server is away or the statement took too long; INTERNAL else, logged with the statement's
 * text and never with its values; so are parameters and columns that do not fit the statement in
 * number or type.
 *
 * A lost connection. In a transaction: RETRY, for the server undoes all of it; at COMMIT:
 * UNAVAILABLE, for it may stand. Outside: a DB_READ statement is run again unnoticed as long as
 * none of its rows was read; so is a DB_WRITE statement when the loss was seen before it was sent,
 * as after an idle time; a write whose answer was lost is UNAVAILABLE and not repeated. After RETRY
 * in a transaction nothing more runs in it: each statement says RETRY until db_rollback().
 */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/field.h"
#include "base/json.h"

struct db;
struct db_rows;

enum db_mode {
	DB_READ, /* the session is READ ONLY at the server: a write through it is refused there */
	DB_WRITE
};

struct db_options {
	const char *socket; /* unix socket, or NULL */
	const char *host;   /* else TCP; TLS when the server offers it */
	unsigned port;
	const char *user, *password, *database; /* database may be NULL (to create it) */
	unsigned statement_seconds;             /* max_statement_time; 0: no limit */
};

/* Reads mysql://user:password@host:port/database or mysql://user@localhost/database?socket=/path
 * (percent-encoded). False with a sentence in why. Strings are the arena's. */
bool db_options_parse(struct arena *a, str url, struct db_options *out, char why[256]);

/* Connects lazily: the first statement connects, and connects again when the connection was lost
 * outside a transaction. The session is utf8mb4, UTC, READ COMMITTED, strict SQL mode,
 * CLIENT_FOUND_ROWS. */
struct db *db_new(const struct db_options *options, enum db_mode mode);
void db_free(struct db *db);
error db_connect(struct db *db) MUST_CHECK; /* now; UNAVAILABLE with a reason in db_reason() */
const char *db_reason(
    const struct db *db); /* the server's last message, for logs and the doctor; "" */
const char *db_constraint(const struct db *db); /* the key of the last CONFLICT or INVALID; "" */
/* Whether the last RETRY was for a lock that somebody else held for too long (1205). */
bool db_was_locked(const struct db *db);
uint64_t db_statements(const struct db *db); /* executed so far, not counting begin and commit */

/* A parameter: a value in memory as its field type keeps it. T_MONEY makes two parameters (amount,
 * currency), T_SUBJECT one for each of its kinds; T_LIST and T_IDS cannot be one. "none" binds
 * NULL, and so does a value of NULL. Instants and days outside of the years 1 to 9999 become the
 * nearest. A text above the server's max_allowed_packet (16 MiB by default) ends the connection. */
struct db_param {
	enum field_type type;
	const void *value;
	const struct field *field; /* for T_ENUM (its names) and T_SUBJECT (its kinds); may be NULL
				      otherwise */
};
#define DB_PARAM_TEXT(str_pointer) ((struct db_param) { T_TEXT, (str_pointer), NULL })
#define DB_PARAM_ID(text37) ((struct db_param) { T_ID, (text37), NULL })
#define DB_PARAM_INT(int64_pointer) ((struct db_param) { T_INT, (int64_pointer), NULL })
#define DB_PARAM_BYTES(str_pointer) ((struct db_param) { T_BYTES, (str_pointer), NULL })
#define DB_PARAM_INSTANT(instant_pointer) ((struct db_param) { T_INSTANT, (instant_pointer), NULL })

/* Runs a statement that gives rows. columns[i] describes the i-th *field* of the select list
 * (T_MONEY takes two SQL columns, T_SUBJECT one for each of its kinds; T_INT reads whole numbers
 * and DECIMAL, T_MONEY's amount as well, rounded as SQL rounds) and must live as long as the rows.
 * Rows are read from the server as they are asked for; they must be read to the end or closed
 * before the connection runs its next statement. The arena's reset closes them too. */
error db_query(struct db *db, struct arena *a, str sql, const struct db_param *params,
    size_t n_params, const struct field *const *columns, size_t n_columns,
    struct db_rows **out) MUST_CHECK;
error db_next(
    struct db_rows *rows, bool *have) MUST_CHECK; /* false at the end; the rows are closed then */
void db_close(struct db_rows *rows);              /* reads away what is left; safe to call twice */
void db_into(struct db_rows *rows,
    void *row); /* each column to its field's offset; text copied into the arena */
void db_json(struct db_rows *rows, size_t column,
    struct json *j); /* the value of one column, with no copy in between */
bool db_is_null(const struct db_rows *rows, size_t column);
str db_text(const struct db_rows *rows,
    size_t column); /* T_TEXT, T_ID, T_JSON, T_BYTES; valid until db_next */

/* At most one row into *row. NOT_FOUND when there is none. */
error db_one(struct db *db, struct arena *a, str sql, const struct db_param *params,
    size_t n_params, const struct field *const *columns, size_t n_columns, void *row) MUST_CHECK;

/* Runs a statement that gives none. *matched (may be NULL): rows matched by the WHERE, also when
 * unchanged. */
error db_execute(struct db *db, str sql, const struct db_param *params, size_t n_params,
    uint64_t *matched) MUST_CHECK;
uint64_t db_last_insert_id(
    const struct db *db); /* of LAST_INSERT_ID(expr) in the last db_execute */

/* Runs text that is not prepared: schema statements and session settings of the program itself,
 * never input. It may hold several statements; those before one that fails stand. Their rows are
 * dropped. */
error db_script(struct db *db, str sql) MUST_CHECK;

error db_begin(struct db *db) MUST_CHECK;
error db_commit(struct db *db) MUST_CHECK; /* the transaction is over, whatever it says */
void db_rollback(struct db *db); /* closes open rows; nothing when there is no transaction */
bool db_in_transaction(const struct db *db);
uint64_t db_transactions(const struct db *db); /* how many were begun */
/* A point inside the open transaction to which db_back() returns, taking back what came after; a
 * new one replaces the former. What dooms a transaction (RETRY, a lost connection) dooms all of it.
 */
error db_mark(struct db *db) MUST_CHECK;
error db_back(struct db *db) MUST_CHECK;

/* Prepares a statement and tells its number of parameters and columns, for the test over all
 * statements. */
error db_prepare_check(struct db *db, str sql, unsigned *params, unsigned *columns) MUST_CHECK;
