/*
 * internal.h: what the files of db/ share, and nobody else includes: the connection, a prepared
 * statement, and a value as it stands on the wire. Who does what: url.c reads the address,
 * connect.c opens the session, transaction.c begins and ends, statement.c keeps prepared
 * statements, param.c puts values in, wire.c takes values out, execute.c runs, rows.c reads rows,
 * failure.c knows the error numbers.
 */
#pragma once
#include "db/db.h"
#include <mysql.h>

/* --- Values as they come: wire.c */

enum wire_kind {
	WIRE_OTHER, /* a type that we do not read: TIME, BIT, GEOMETRY */
	WIRE_INT1,
	WIRE_INT2,
	WIRE_INT4,
	WIRE_INT8,
	WIRE_FLOAT4, /* no value of ours, but its extent must be known */
	WIRE_FLOAT8,
	WIRE_TEXT,    /* text and bytes, UUID, ENUM, JSON */
	WIRE_DECIMAL, /* a number as text */
	WIRE_MOMENT,  /* DATE, DATETIME, TIMESTAMP */
	WIRE_NULL     /* the literal NULL */
};

/* One value of the current row, in the connection's own buffer; p NULL: it is NULL. */
struct cell {
	const unsigned char *p;
	size_t n;
	uint8_t kind; /* enum wire_kind */
	bool is_unsigned;
};

enum wire_kind wire_kind_of(enum enum_field_types type);
/* Whether a column can be read as the type; part is 1 for the second column of a money. */
bool wire_fits(enum wire_kind kind, enum field_type type, size_t part);
/* Called by the library for each value that it fetches. */
void wire_take_column(void *statement, unsigned column, unsigned char **row);
/* INT_NONE for NULL; what an int64_t cannot hold becomes the nearest that it can. */
int64_t wire_int(const struct cell *c);
int64_t wire_hundredths(const struct cell *c); /* rounded half away from zero */
instant wire_instant(const struct cell *c);
day wire_day(const struct cell *c);
/* The instant as json_instant() writes it; none for none. */
str wire_instant_quoted(const struct cell *c, char out[INSTANT_TEXT + 2]);
static inline str wire_str(const struct cell *c) { return (str) { (const char *)c->p, c->n }; }

/* How many SQL columns, and parameters, a value takes; 0: it cannot be one. */
static inline size_t sql_width(enum field_type type, const struct field *field)
{
	switch (type) {
	case T_LIST:
	case T_IDS: return 0;
	case T_MONEY: return 2;
	case T_SUBJECT: return field ? field_rule(field)->n_kinds : 0;
	default: return 1;
	}
}

/* --- Prepared statements: statement.c, param.c */

/* Where a parameter stands that is not sent from the caller's memory. */
struct param_slot {
	union {
		int64_t number;
		signed char flag;
		MYSQL_TIME time;
		char decimal[DECIMAL_TEXT];
	};
	unsigned long length;
};

struct statement {
	struct statement *in_bucket;     /* the next one */
	struct statement *newer, *older; /* in the order of use */
	uint64_t hash;
	char *sql;
	size_t sql_length;
	MYSQL_STMT *handle;
	unsigned n_params, n_columns;
	MYSQL_BIND *binds;        /* n_params */
	struct param_slot *slots; /* n_params */
	struct cell *cells;       /* n_columns: the current row */
	uint16_t *first;          /* n_columns: the cell in which the i-th field begins */
};

/* Kept per connection; the server allows 16,382 for all (max_prepared_stmt_count). */
#define STATEMENTS_MAX 400
#define STATEMENT_BUCKETS 1024 /* a power of two */

/* The statement of this text, prepared now if need be. Returns 0 or an error number, kept. */
unsigned statement_get(struct db *db, str sql, struct statement **out);
void statement_drop(struct db *db, struct statement *s);
void statements_drop_all(struct db *db);

/* Puts the values into the statement. INTERNAL, logged, when they are not as many as the statement
 * has. */
error params_bind(
    struct db *db, struct statement *s, const struct db_param *params, size_t n) MUST_CHECK;

/* --- The connection: connect.c, transaction.c */

enum transaction {
	TRANSACTION_NONE,
	TRANSACTION_OPEN,
	TRANSACTION_DOOMED /* failed or lost: nothing more runs in it; db_rollback() ends it */
};

struct db {
	struct db_options options; /* its strings are ours */
	enum db_mode mode;
	MYSQL *mysql; /* NULL: not connected */
	enum transaction transaction;
	struct db_rows *open; /* the rows being read, or NULL */
	uint64_t executed, begun, insert_id;
	unsigned code; /* the server's last error, as it came: failure_keep() */
	char message[MYSQL_ERRMSG_SIZE], reason[MYSQL_ERRMSG_SIZE + 16], constraint[65];
	unsigned n_statements;
	struct statement *newest, *oldest;
	struct statement *buckets[STATEMENT_BUCKETS];
};

void db_disconnect(struct db *db); /* gives up the connection with all that hangs on it */
/* Looks, without a round trip, whether the server has hung up. */
bool connection_is_dead(struct db *db);
void rows_lost(struct db *db); /* rows.c: forgets the open rows without reading them away */

/* --- Running: execute.c */

/*
 * Prepares, binds and executes. Connects first when there is no connection and reconnects once when
 * it was lost and running the statement again is harmless. With_rows: the statement must give rows,
 * and *more says whether the first one is there.
 */
error statement_run(struct db *db, str sql, const struct db_param *params, size_t n_params,
    bool with_rows, struct statement **out, bool *more) MUST_CHECK;

/* Whether a fetch failed because there are no more rows: what LIMIT ROWS EXAMINED ends while it is
 * sorting, perhaps behind rows that came before, ends in an error, which is none of ours. Any other
 * end of a sort is. */
bool statement_ended_by_limit(struct db *db, struct statement *s);

/* --- Failures: failure.c */

bool failure_is_loss(unsigned code);  /* the connection is gone */
bool failure_is_stale(unsigned code); /* the statement must be prepared again */
/* Keeps an error before the library clears it; returns its number, never 0. */
unsigned failure_keep(struct db *db, unsigned code, const char *message);

/*
 * Says once what the error kept last means: sets the reason and the constraint, logs, gives up a
 * lost connection, dooms the transaction when it cannot go on. Returns the kind.
 */
error failure(struct db *db, str sql);
/* A programmer's error: INTERNAL, logged. */
error misuse(struct db *db, str sql, const char *what) MUST_CHECK;
