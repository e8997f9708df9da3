/*
 * doctor.c: `muster doctor`: every setting and where it came from, then one line for each thing
 * that the program needs around it. Exit status 1 when one of them fails. It changes nothing.
 */
#include "base/clock.h"
#include "core/migrate.h"
#include "core/workflow_engine.h"
#include "db/db.h"
#include "process/process.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <unistd.h>

#define VERSION_LEAST 1010 /* 10.10: uca1400 collations */
#define CLOCK_APART_MOST 5000000
#define DISK_LEAST_MEGABYTES 200
#define FILES_LEAST 4096

struct doctor {
	const struct config *config;
	struct arena *arena;
	bool failed;
};

static void say(struct doctor *d, bool good, const char *what, const char *detail)
{
	printf("%-4s %-22s %s\n", good ? "ok" : "FAIL", what, detail);
	if (!good)
		d->failed = true;
}

static void print_settings(const struct config *config)
{
	for (size_t i = 0; i < config_n_settings; i++) {
		const char *from, *value = config_show(config, &config_settings[i], &from);
		printf("     %s=%s  (%s)\n", config_settings[i].name, value, from);
	}
}

static void check_folder(struct doctor *d, const char *what, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		say(d, false, what, arena_printf(d->arena, "%s: %s", path, strerror(errno)));
	else if (!S_ISDIR(st.st_mode))
		say(d, false, what, arena_printf(d->arena, "%s is not a folder", path));
	else if (access(path, W_OK | X_OK) != 0)
		say(d, false, what, arena_printf(d->arena, "%s cannot be written", path));
	else
		say(d, true, what, path);
}

static void check_disk(struct doctor *d)
{
	struct statvfs disk;

	if (statvfs(d->config->data_dir, &disk) != 0)
		return; /* the folder's own line has said it */
	uint64_t megabytes = (uint64_t)disk.f_bavail * disk.f_frsize >> 20;
	say(d, megabytes >= DISK_LEAST_MEGABYTES, "free disk space",
	    arena_printf(d->arena, "%llu MiB", (unsigned long long)megabytes));
}

static void check_file(struct doctor *d, const char *what, const char *folder, const char *name)
{
	const char *path = name ? arena_printf(d->arena, "%s/%s", folder, name) : folder;

	if (access(path, R_OK) != 0)
		say(d, false, what, arena_printf(d->arena, "%s: %s", path, strerror(errno)));
	else
		say(d, true, what, path);
}

static void check_secret(struct doctor *d)
{
	const char *path = d->config->secret_file;
	struct stat st;

	if (stat(path, &st) != 0)
		say(d, errno == ENOENT, "secret file",
		    errno == ENOENT ? "not there yet: made at the first start" : strerror(errno));
	else if (st.st_mode & 077)
		say(d, false, "secret file",
		    arena_printf(d->arena, "%s is open to others: chmod 600", path));
	else if (st.st_size < 32)
		say(d, false, "secret file",
		    arena_printf(d->arena, "%s is shorter than 32 bytes", path));
	else
		say(d, true, "secret file", path);
}

static void check_socket(struct doctor *d, const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", d->config->run_dir, name);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		say(d, true, name, "answers: muster serve is running");
	else
		say(d, errno == ENOENT || errno == ECONNREFUSED, name,
		    errno == ENOENT || errno == ECONNREFUSED ? "muster serve is not running"
							     : strerror(errno));
	if (fd >= 0)
		close(fd);
}

static void check_files_limit(struct doctor *d)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
		say(d, limit.rlim_max >= FILES_LEAST, "open files",
		    arena_printf(d->arena, "limit %llu; each waiting client takes one",
			(unsigned long long)limit.rlim_max));
}

static void check_nginx(struct doctor *d)
{
	const char *path = getenv("PATH");
	str rest = str_of(arena_printf(d->arena, "%s:/usr/sbin:/usr/local/sbin", path ? path : ""));

	while (rest.n) {
		str folder;

		if (!str_cut(rest, ':', &folder, &rest)) {
			folder = rest;
			rest.n = 0;
		}
		const char *file = arena_printf(d->arena, "%.*s/nginx", (int)folder.n, folder.p);
		if (folder.n && access(file, X_OK) == 0) {
			say(d, true, "nginx", file);
			return;
		}
	}
	say(d, false, "nginx", "not found in PATH");
}

struct server {
	str version;
	instant now;
};

static bool server_ask(struct doctor *d, struct db *db, struct server *server)
{
	static const struct field version = {
		.name = "version", .type = T_TEXT, .offset = offsetof(struct server, version)
	};
	static const struct field now = {
		.name = "now", .type = T_INSTANT, .offset = offsetof(struct server, now)
	};
	const struct field *columns[] = { &version, &now };
	char why[256];

	if (db_one(db, d->arena, STR("SELECT VERSION(), UTC_TIMESTAMP(6)"), NULL, 0, columns, 2,
		server) == OK)
		return true;
	snprintf(why, sizeof why, "%s", db_reason(db));
	say(d, false, "database", why);
	return false;
}

/* A definition without runs need not be kept in the next version of the program; one that this
 * program does not know holds its runs up. */
static void check_workflows(struct doctor *d, struct db *db)
{
	struct definition {
		str workflow;
		int64_t number, runs;
	} row;
	static const struct field workflow = {
		.name = "workflow", .type = T_TEXT, .offset = offsetof(struct definition, workflow)
	};
	static const struct field number = {
		.name = "definition", .type = T_INT, .offset = offsetof(struct definition, number)
	};
	static const struct field runs = {
		.name = "runs", .type = T_INT, .offset = offsetof(struct definition, runs)
	};
	const struct field *columns[] = { &workflow, &number, &runs };
	struct db_rows *rows;

	if (db_query(db, d->arena,
		STR("SELECT workflow, definition, COUNT(*) FROM workflow_runs WHERE ended_at IS "
		    "NULL "
		    "GROUP BY workflow, definition ORDER BY workflow, definition"),
		NULL, 0, columns, 3, &rows) != OK)
		return;
	for (bool have; db_next(rows, &have) == OK && have;) {
		db_into(rows, &row);
		say(d, workflow_defined(row.workflow, row.number) != NULL, "workflow",
		    arena_printf(d->arena, "%.*s, definition %lld: %lld on their way",
			(int)row.workflow.n, row.workflow.p, (long long)row.number,
			(long long)row.runs));
	}
}

static void check_database(struct doctor *d)
{
	struct db_options options;
	struct server server;
	char why[256];

	if (!db_options_parse(d->arena, str_of(d->config->database_url), &options, why)) {
		say(d, false, "database", why);
		return;
	}
	options.statement_seconds = 5;
	struct db *db = db_new(&options, DB_READ);
	if (db_connect(db) != OK) {
		say(d, false, "database", db_reason(db));
	} else if (server_ask(d, db, &server)) {
		const char *version = arena_text(d->arena, server.version.p, server.version.n);
		int major = 0, minor = 0;

		say(d, true, "database", "answers");
		say(d,
		    strstr(version, "MariaDB") && sscanf(version, "%d.%d", &major, &minor) == 2 &&
			major * 100 + minor >= VERSION_LEAST,
		    "database version",
		    arena_printf(d->arena, "%s (needed: MariaDB 10.10)", version));
		int64_t apart = clock_now().us - server.now.us;
		say(d, apart > -CLOCK_APART_MOST && apart < CLOCK_APART_MOST, "clock",
		    arena_printf(d->arena, "%.3f s from the database's", (double)apart / 1e6));
		error schema = schema_check(db, why);
		say(d, schema == OK, "schema", schema == OK ? "as this version needs it" : why);
		if (schema == OK)
			check_workflows(d, db);
	}
	db_free(db);
}

int doctor_main(const struct config *config, int argc, char **argv)
{
	struct doctor d = { .config = config, .arena = arena_new() };

	(void)argv;
	if (argc > 1) {
		fprintf(stderr, "muster: doctor takes no arguments\n");
		return 1;
	}
	print_settings(config);
	check_folder(&d, "run folder", config->run_dir);
	check_folder(&d, "data folder", config->data_dir);
	check_disk(&d);
	check_secret(&d);
	check_file(&d, "templates", config->templates_dir, NULL);
	check_file(&d, "static files", config->static_dir, "manifest.json");
	check_socket(&d, "web.sock");
	check_socket(&d, "live.sock");
	check_files_limit(&d);
	check_nginx(&d);
	say(&d, true, "mail",
	    *config->smtp_url ? "is sent by MUSTER_SMTP_URL"
			      : "stays in the outbox, invitations and lost passwords too: set "
				"MUSTER_SMTP_URL");
	check_database(&d);
	arena_free(d.arena);
	return d.failed ? 1 : 0;
}
