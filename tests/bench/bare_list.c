/*
 * bare_list.c: the limit for a list of contacts: libfcgi, one prepared SELECT of 50 rows with the
 * columns of GET /v1/contacts, JSON written by hand. No login, no permission, no limits. Arguments:
 * its socket, workers, the database's socket, database, company, owner.
 */
#include <fcgiapp.h>
#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COLUMNS = 23, WIDTH = 4096 };

static const char *const names[COLUMNS] = { "id", "kind", "first_name", "last_name", "name",
	"full_name", "job_title", "organisation_id", "owner_id", "team_id", "source_id", "website",
	"industry", "employees", "birthday", "external_id", "tags", "emails", "phones", "addresses",
	"next_task_due_at", "created_at", "updated_at" };

static char text[COLUMNS][WIDTH], out[1 << 18];
static unsigned long length[COLUMNS];
static my_bool null[COLUMNS];

static size_t quoted(size_t n, const char *s, size_t length_of)
{
	out[n++] = '"';
	for (size_t i = 0; i < length_of; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c == '"' || c == '\\')
			out[n++] = '\\';
		out[n++] = (char)(c < 0x20 ? ' ' : c);
	}
	out[n++] = '"';
	return n;
}

int main(int argc, char **argv)
{
	if (argc != 7)
		return 2;
	FCGX_Init();
	int listening = FCGX_OpenSocket(argv[1], 1024);
	for (int i = 1; i < atoi(argv[2]) && fork() > 0; i++) {
	}
	MYSQL *db = mysql_init(NULL);
	if (!mysql_real_connect(db, NULL, "root", NULL, argv[4], 0, argv[3], 0)) {
		fprintf(stderr, "%s\n", mysql_error(db));
		return 1;
	}
	mysql_query(db, "SET NAMES utf8mb4");
	MYSQL_STMT *stmt = mysql_stmt_init(db);
	static const char sql[] =
	    "SELECT id, kind, first_name, last_name, name, full_name, job_title, organisation_id, "
	    "owner_id, team_id, source_id, website,"
	    " industry, employees, birthday, external_id, tags, emails, phones, addresses, "
	    "next_task_due_at, created_at, updated_at FROM contacts"
	    " WHERE company_id = ? AND deleted_at IS NULL AND owner_id = ? ORDER BY updated_at "
	    "DESC, id DESC LIMIT 51";
	if (mysql_stmt_prepare(stmt, sql, sizeof sql - 1)) {
		fprintf(stderr, "%s\n", mysql_stmt_error(stmt));
		return 1;
	}
	MYSQL_BIND in[2] = { 0 }, bind[COLUMNS] = { 0 };
	unsigned long in_length = 36;
	for (int i = 0; i < 2; i++)
		in[i] = (MYSQL_BIND) { .buffer_type = MYSQL_TYPE_STRING,
			.buffer = argv[5 + i],
			.buffer_length = 36,
			.length = &in_length };
	for (int i = 0; i < COLUMNS; i++)
		bind[i] = (MYSQL_BIND) { .buffer_type = MYSQL_TYPE_STRING,
			.buffer = text[i],
			.buffer_length = WIDTH,
			.length = &length[i],
			.is_null = &null[i] };
	mysql_stmt_bind_param(stmt, in);
	FCGX_Request request;
	FCGX_InitRequest(&request, listening, 0);
	while (FCGX_Accept_r(&request) == 0) {
		size_t n = 0;
		if (mysql_stmt_execute(stmt) || mysql_stmt_bind_result(stmt, bind))
			return 1;
		n += (size_t)sprintf(out, "{\"data\":[");
		for (int row = 0; !mysql_stmt_fetch(stmt); row++) {
			if (row == 50)
				continue;
			n += (size_t)sprintf(out + n, "%s{", row ? "," : "");
			for (int i = 0; i < COLUMNS; i++) {
				n += (size_t)sprintf(out + n, "%s\"%s\":", i ? "," : "", names[i]);
				if (null[i])
					n += (size_t)sprintf(out + n, "null");
				else if (i == 13 || (i >= 16 && i <= 19)) {
					memcpy(out + n, text[i], length[i]);
					n += length[i];
				} else
					n = quoted(n, text[i], length[i]);
			}
			out[n++] = '}';
		}
		n += (size_t)sprintf(out + n, "]}");
		mysql_stmt_free_result(stmt);
		FCGX_PutS("Content-Type: application/json\r\n\r\n", request.out);
		FCGX_PutStr(out, (int)n, request.out);
		FCGX_Finish_r(&request);
	}
	return 0;
}
