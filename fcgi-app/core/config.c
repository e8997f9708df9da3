/*
 * config.c: the table of settings and how they are read. Tests: tests/unit/core_config_test.c.
 */
#include "core/config.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TEXT(member) SETTING_TEXT, offsetof(struct config, member), 0, 0
#define NUMBER(member, least, most) SETTING_NUMBER, offsetof(struct config, member), least, most
#define SWITCH(member) SETTING_SWITCH, offsetof(struct config, member), 0, 0
#define LEVEL(member) SETTING_LEVEL, offsetof(struct config, member), 0, 0

/* clang-format off */
const struct setting config_settings[] = {
	{ "MUSTER_DATABASE_URL", "mysql://muster@localhost/muster?socket=/run/mysqld/mysqld.sock",
	    "MariaDB 10.10 or later: mysql://user:password@host:port/name or ...?socket=/path", TEXT(database_url), true },
	{ "MUSTER_RUN_DIR", "/run/muster", "folder of the sockets and the lock file", TEXT(run_dir) },
	{ "MUSTER_DATA_DIR", "/var/lib/muster", "folder of what must survive beside the database", TEXT(data_dir) },
	{ "MUSTER_PUBLIC_URL", "http://127.0.0.1:8080", "address under which people reach it, for links in mails",
	    TEXT(public_url) },
	{ "MUSTER_SECRET_FILE", "", "32 or more random bytes that sign cursors and forms; made at the first start; "
	    "empty: secret in the data folder", TEXT(secret_file) },
	{ "MUSTER_TEMPLATES_DIR", "templates", "folder of the page templates", TEXT(templates_dir) },
	{ "MUSTER_STATIC_DIR", "build/static", "folder of the built static files and their manifest.json",
	    TEXT(static_dir) },
	{ "MUSTER_STATIC_URL", "/static/", "address under which nginx serves that folder", TEXT(static_url) },
	{ "MUSTER_WORKERS", "0", "web worker processes; 0: twice the processors, at least 2", NUMBER(workers, 0, 200) },
	{ "MUSTER_WORKER_REQUESTS", "100000", "a worker is replaced after so many requests",
	    NUMBER(worker_requests, 1, 1000000000) },
	{ "MUSTER_WORKER_MEGABYTES", "512", "a worker that uses more memory than this is replaced",
	    NUMBER(worker_megabytes, 16, 1000000) },
	{ "MUSTER_LOG_LEVEL", "info", "debug, info, warning or error", LEVEL(log_level) },
	{ "MUSTER_RATE_PER_MINUTE", "6000", "requests a minute for each key or session; 0: no limit",
	    NUMBER(rate_per_minute, 0, 10000000) },
	{ "MUSTER_SCRYPT_N", "32768", "cost of a password hash, a power of two", NUMBER(scrypt_n, 1024, 1048576) },
	{ "MUSTER_STATEMENT_SECONDS", "20", "longest time of one SQL statement", NUMBER(statement_seconds, 1, 3600) },
	{ "MUSTER_LOG_DAYS", "90", "days for which GET /v1/changes knows what changed; who was away for longer reads anew",
	    NUMBER(log_days, 1, 36500) },
	{ "MUSTER_SMTP_URL", "", "smtp://user:password@host:587 or smtps://...; empty: mails stay in the outbox",
	    TEXT(smtp_url), true },
	{ "MUSTER_MAIL_FROM", "muster@localhost", "sender of mails", TEXT(mail_from) },
	{ "MUSTER_TRIAL_DAYS", "14", "days for which a new company tries everything before it is on the free plan; 0: everything, for ever",
	    NUMBER(trial_days, 0, 365) },
	{ "MUSTER_SIGNUP", "on", "on or off: may anybody make a company", SWITCH(signup) },
	{ "MUSTER_PRIVATE_WEBHOOKS", "off", "on or off: may webhooks go to private addresses",
	    SWITCH(private_webhooks) },
};
/* clang-format on */
const size_t config_n_settings = sizeof config_settings / sizeof *config_settings;

/* Names that others use: the file itself, the master's own hand-over, the tests. */
static const char *const not_settings[] = { "MUSTER_CONFIG", "MUSTER_INHERIT", "MUSTER_TEST_" };

static const struct setting *setting_find(str name, size_t *index)
{
	for (size_t i = 0; i < config_n_settings; i++)
		if (str_is(name, config_settings[i].name)) {
			*index = i;
			return &config_settings[i];
		}
	return NULL;
}

static void warn_unknown(str name, const char *where)
{
	for (size_t i = 0; i < sizeof not_settings / sizeof *not_settings; i++)
		if (str_starts(name, not_settings[i]))
			return;
	fprintf(stderr,
	    "muster: warning: %.*s in the %s is not a setting (muster --help lists them)\n",
	    (int)name.n, name.p, where);
}

static bool refuse(char why[256], const char *name, const char *text)
{
	snprintf(why, 256, "%s: %s", name, text);
	return false;
}

static bool setting_take(
    struct config *config, const struct setting *s, const char *value, char why[256])
{
	static const char *const levels[] = { "debug", "info", "warning", "error" };
	char *member = (char *)config + s->offset;
	char text[128];
	int64_t number;

	switch (s->kind) {
	case SETTING_TEXT:
		if (strpbrk(value, "\r\n"))
			return refuse(why, s->name, "must not contain a line break");
		*(const char **)(void *)member = arena_text(config->arena, value, strlen(value));
		return true;
	case SETTING_NUMBER:
		if (!int_parse(str_of(value), &number) || number < s->min || number > s->max) {
			snprintf(text, sizeof text, "must be a whole number from %lld to %lld",
			    (long long)s->min, (long long)s->max);
			return refuse(why, s->name, text);
		}
		*(int64_t *)(void *)member = number;
		return true;
	case SETTING_SWITCH:
		if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0)
			return refuse(why, s->name, "must be on or off");
		*(bool *)member = strcmp(value, "on") == 0;
		return true;
	case SETTING_LEVEL:
		for (int64_t i = 0; i < 4; i++)
			if (strcmp(value, levels[i]) == 0) {
				*(int64_t *)(void *)member = i;
				return true;
			}
		return refuse(why, s->name, "must be debug, info, warning or error");
	}
	return false;
}

/* KEY=VALUE lines as systemd's EnvironmentFile= takes them: # starts a comment line, a value may be
 * quoted. */
static bool file_read(struct config *config, const char *path, const char **values, char why[256])
{
	FILE *file = fopen(path, "re");
	char line[4096];
	int number = 0;

	if (!file) {
		snprintf(why, 256, "MUSTER_CONFIG: cannot read %s: %s", path, strerror(errno));
		return false;
	}
	while (fgets(line, sizeof line, file)) {
		str text = str_trim(str_of(line)), name, value;
		size_t index;

		number++;
		if (!text.n || text.p[0] == '#')
			continue;
		if (!strchr(line, '\n') && !feof(file)) {
			snprintf(why, 256, "%s:%d: the line is too long", path, number);
			break;
		}
		if (!str_cut(text, '=', &name, &value)) {
			snprintf(why, 256, "%s:%d: must be NAME=value", path, number);
			break;
		}
		name = str_trim(name);
		value = str_trim(value);
		if (value.n >= 2 && (value.p[0] == '"' || value.p[0] == '\'') &&
		    value.p[value.n - 1] == value.p[0])
			value = (str) { value.p + 1, value.n - 2 };
		if (setting_find(name, &index))
			values[index] = arena_text(config->arena, value.p, value.n);
		else
			warn_unknown(name, "file");
	}
	fclose(file);
	return why[0] == 0;
}

static bool config_judge(struct config *config, char why[256])
{
	size_t n = strlen(config->public_url);

	if ((strncmp(config->public_url, "http://", 7) != 0 &&
		strncmp(config->public_url, "https://", 8) != 0) ||
	    config->public_url[n - 1] == '/')
		return refuse(
		    why, "MUSTER_PUBLIC_URL", "must be http(s)://name, without a slash at its end");
	n = strlen(config->static_url);
	if (config->static_url[n - 1] != '/')
		return refuse(why, "MUSTER_STATIC_URL", "must end with a slash");
	if (config->scrypt_n & (config->scrypt_n - 1))
		return refuse(why, "MUSTER_SCRYPT_N", "must be a power of two");
	/* A unix socket's path has 107 bytes; ours is the folder and "/doorbell-live.sock" or
	 * shorter. */
	if (strlen(config->run_dir) > 85)
		return refuse(why, "MUSTER_RUN_DIR", "is too long for a socket's path (85 bytes)");
	if (!config->secret_file[0])
		config->secret_file = arena_printf(config->arena, "%s/secret", config->data_dir);
	if (!config->workers) {
		long processors = sysconf(_SC_NPROCESSORS_ONLN);
		config->workers = processors > 1 ? 2 * processors : 2;
		if (config->workers > 200)
			config->workers = 200;
	}
	return true;
}

static bool config_read(struct config *config, char why[256])
{
	const char **values = ARENA_ARRAY(config->arena, config_n_settings, const char *);
	const char *path = getenv("MUSTER_CONFIG");
	extern char **environ;

	if (path && *path && !file_read(config, path, values, why))
		return false;
	for (size_t i = 0; i < config_n_settings; i++) {
		const struct setting *s = &config_settings[i];
		const char *value = getenv(s->name);

		if (value && *value) {
			config->origins[i] = "environment";
		} else if (values[i] && *values[i]) {
			value = values[i];
			config->origins[i] = "file";
		} else {
			value = s->fallback;
			config->origins[i] = "default";
		}
		if (!setting_take(config, s, value, why))
			return false;
	}
	for (char **entry = environ; *entry; entry++) {
		str name, value;
		size_t index;

		if (str_starts(str_of(*entry), "MUSTER_") &&
		    str_cut(str_of(*entry), '=', &name, &value) && !setting_find(name, &index))
			warn_unknown(name, "environment");
	}
	return config_judge(config, why);
}

bool config_load(struct config *out, char why[256])
{
	struct config config = { .arena = arena_new() };

	why[0] = 0;
	config.origins = ARENA_ARRAY(config.arena, config_n_settings, const char *);
	if (!config_read(&config, why)) {
		arena_free(config.arena);
		return false;
	}
	*out = config;
	return true;
}

void config_free(struct config *config)
{
	arena_free(config->arena);
	*config = (struct config) { 0 };
}

/* scheme://user:password@... without the password; anything else that is secret as a whole. */
static const char *masked(struct arena *a, const char *value)
{
	const char *start = strstr(value, "://");
	const char *at = start ? strchr(start + 3, '@') : NULL;
	const char *colon = at ? memchr(start + 3, ':', (size_t)(at - start - 3)) : NULL;

	if (!start)
		return *value ? "(set)" : "";
	if (!colon)
		return value;
	return arena_printf(a, "%.*s:***%s", (int)(colon - value), value, at);
}

const char *config_show(
    const struct config *config, const struct setting *setting, const char **from)
{
	static const char *const levels[] = { "debug", "info", "warning", "error" };
	const char *member = (const char *)config + setting->offset;

	*from = config->origins[setting - config_settings];
	switch (setting->kind) {
	case SETTING_TEXT: {
		const char *text = *(const char *const *)(const void *)member;
		return setting->secret ? masked(config->arena, text) : text;
	}
	case SETTING_NUMBER:
		return arena_printf(
		    config->arena, "%lld", (long long)*(const int64_t *)(const void *)member);
	case SETTING_SWITCH: return *(const bool *)member ? "on" : "off";
	case SETTING_LEVEL: return levels[*(const int64_t *)(const void *)member];
	}
	return "";
}
