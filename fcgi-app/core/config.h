/*
 * config.h: every setting of the program, read once at start. Each comes from the environment, else
 * from the file that MUSTER_CONFIG names (KEY=VALUE lines), else from its default; the one table in
 * config.c is what `muster --help` and `muster doctor` print.
 */
#pragma once
#include "base/arena.h"
#include "base/log.h"

struct config {
	const char *database_url;
	const char *run_dir;     /* sockets, pid file */
	const char *data_dir;    /* what must survive */
	const char *public_url;  /* without a slash at its end */
	const char *secret_file; /* empty in the settings: data_dir/secret */
	const char *templates_dir, *static_dir;
	const char *static_url; /* under which nginx serves static_dir */
	const char *smtp_url;   /* "": mails are kept in the outbox and not sent */
	const char *mail_from;
	int64_t workers, worker_requests, worker_megabytes;
	int64_t rate_per_minute;   /* for each key; 0: no limit */
	int64_t scrypt_n;          /* a power of two */
	int64_t statement_seconds; /* longest time of one SQL statement */
	int64_t log_days;          /* how long changes are kept for GET /v1/changes */
	int64_t trial_days;        /* of a new company; 0: it has the paid plan */
	int64_t log_level;         /* enum log_level */
	bool signup;               /* may strangers make a company of their own? */
	bool private_webhooks;     /* may webhooks go to private addresses? */
	struct arena *arena;       /* holds the texts */
	const char **origins;      /* of each setting: "environment", "file", "default" */
};

enum setting_kind { SETTING_TEXT, SETTING_NUMBER, SETTING_SWITCH, SETTING_LEVEL };

struct setting {
	const char *name, *fallback, *meaning;
	enum setting_kind kind;
	size_t offset;    /* in struct config: const char *, int64_t or bool */
	int64_t min, max; /* of a number */
	bool secret;
};

extern const struct setting config_settings[];
extern const size_t config_n_settings;

/* False with one sentence in why when a value is not acceptable or the file cannot be read. Unknown
 * MUSTER_ names are only warned about, on standard error. */
bool config_load(struct config *out, char why[256]);
void config_free(struct config *config);
/* The value of a setting as people may see it: secrets are masked, and the password inside a URL.
 * `from` gets "environment", "file" or "default". */
const char *config_show(
    const struct config *config, const struct setting *setting, const char **from);
