/*
 * connect.c: opening, watching and giving up the connection, and the settings of its session.
 * Connecting is lazy, so that a process starts while the database is away and recovers by itself
 * when it comes back. Tests:
 * tests/unit/db_test.c, tests/unit/db_transaction_test.c
 */
#include "db/internal.h"
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#define CONNECT_SECONDS 5
#define LOCK_SECONDS 5
/* Who only reads waits for a lock when it holds a company's version: others wait for it meanwhile.
 */
#define READ_LOCK_SECONDS 1
/* A transaction of a connection that only reads holds a lock for an instant, or its process is
 * stopped. */
#define READ_IDLE_SECONDS 1
/* A server that does not answer at all is noticed this long after the longest statement it allows.
 */
#define SILENCE_SECONDS 10

static void library_start(void)
{
	if (mysql_library_init(0, NULL, NULL)) {
		fputs("db: the MariaDB library cannot start\n", stderr);
		abort();
	}
}

static const char *own(const char *text)
{
	const char *copy = text ? strdup(text) : NULL;
	if (text && !copy) {
		fputs("db: out of memory\n", stderr);
		abort();
	}
	return copy;
}

static void disown(const char *text)
{
	char *p = (char *)(uintptr_t)text;
	if (p)
		explicit_bzero(p, strlen(p)); /* one of them is the password */
	free(p);
}

struct db *db_new(const struct db_options *options, enum db_mode mode)
{
	static pthread_once_t once =
	    PTHREAD_ONCE_INIT; /* the library's own start is not safe in two threads */
	pthread_once(&once, library_start);
	struct db *db = calloc(1, sizeof *db);
	if (!db) {
		fputs("db: out of memory\n", stderr);
		abort();
	}
	db->mode = mode;
	db->options = *options;
	db->options.socket = own(options->socket);
	db->options.host = own(options->host);
	db->options.user = own(options->user);
	db->options.password = own(options->password);
	db->options.database = own(options->database);
	return db;
}

void db_free(struct db *db)
{
	if (!db)
		return;
	db_disconnect(db);
	disown(db->options.socket);
	disown(db->options.host);
	disown(db->options.user);
	disown(db->options.password);
	disown(db->options.database);
	free(db);
}

/* The connection first: then the statements only free their memory and tell the server nothing. */
void db_disconnect(struct db *db)
{
	rows_lost(db);
	if (db->mysql)
		mysql_close(db->mysql);
	db->mysql = NULL;
	statements_drop_all(db);
}

bool connection_is_dead(struct db *db)
{
	char byte;
	ssize_t n = recv((int)mysql_get_socket(db->mysql), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	/* Between two statements the server is silent: what is there to be read is its farewell. */
	return n >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

static void set_options(struct db *db)
{
	const struct db_options *o = &db->options;
	unsigned protocol = o->socket ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
	unsigned connect_timeout = CONNECT_SECONDS;
	unsigned silence = o->statement_seconds + SILENCE_SECONDS;
	my_bool on = 1, off = 0;
	unsigned no_files = 0;
	mysql_options(db->mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect_timeout);
	mysql_options(db->mysql, MYSQL_OPT_PROTOCOL, &protocol);
	mysql_options(db->mysql, MYSQL_OPT_RECONNECT, &off);
	mysql_options(db->mysql, MYSQL_OPT_LOCAL_INFILE, &no_files);
	mysql_options(db->mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	if (!o->socket)
		mysql_options(db->mysql, MYSQL_OPT_SSL_ENFORCE, &on);
	/* A peer across a network may vanish without a word. On a socket it cannot, and a time-out
	 * would cost each statement a poll and a second recv. */
	if (o->statement_seconds && !o->socket) {
		mysql_options(db->mysql, MYSQL_OPT_READ_TIMEOUT, &silence);
		mysql_options(db->mysql, MYSQL_OPT_WRITE_TIMEOUT, &silence);
	}
}

/* One statement, one round trip. */
static bool set_session(struct db *db)
{
	char text[512];
	int n = snprintf(text, sizeof text,
	    "SET NAMES utf8mb4 COLLATE utf8mb4_uca1400_ai_ci,"
	    " SESSION autocommit=1,"
	    " SESSION time_zone='+00:00',"
	    " SESSION tx_isolation='READ-COMMITTED',"
	    " SESSION sql_mode='STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,"
	    "NO_ENGINE_SUBSTITUTION,NO_ZERO_DATE,NO_ZERO_IN_DATE',"
	    " SESSION tx_read_only=%d,"
	    " SESSION max_statement_time=%u,"
	    " SESSION lock_wait_timeout=%d,"
	    " SESSION innodb_lock_wait_timeout=%d,"
	    " SESSION idle_transaction_timeout=%d",
	    db->mode == DB_READ, db->options.statement_seconds, LOCK_SECONDS,
	    db->mode == DB_READ ? READ_LOCK_SECONDS : LOCK_SECONDS,
	    db->mode == DB_READ ? READ_IDLE_SECONDS : 0);
	return mysql_real_query(db->mysql, text, (unsigned long)n) == 0;
}

error db_connect(struct db *db)
{
	if (db->mysql)
		return OK;
	const struct db_options *o = &db->options;
	db->mysql = mysql_init(NULL);
	if (!db->mysql) {
		fputs("db: out of memory\n", stderr);
		abort();
	}
	set_options(db);
	if (mysql_real_connect(db->mysql, o->host, o->user, o->password, o->database, o->port,
		o->socket, CLIENT_FOUND_ROWS) &&
	    set_session(db)) {
		db->reason[0] = 0;
		return OK;
	}
	failure_keep(db, mysql_errno(db->mysql), mysql_error(db->mysql));
	failure(db, STR("(connect)"));
	db_disconnect(db);
	return UNAVAILABLE;
}

const char *db_reason(const struct db *db) { return db->reason; }

const char *db_constraint(const struct db *db) { return db->constraint; }

uint64_t db_statements(const struct db *db) { return db->executed; }

uint64_t db_last_insert_id(const struct db *db) { return db->insert_id; }
