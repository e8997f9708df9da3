/*
 * worker.c: opening what all threads of a process share (templates, names of static files, routes,
 * the installation's secret) and what one thread has for itself. What is wrong with an installation
 * is found here, at the start, and not by the first visitor. Tests: tests/unit/core_worker_test.c
 */
#include "core/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/log.h"
#include "base/random.h"
#include "core/doorbell.h"
#include "core/page.h"

#define GRANTS_KNOWN 256
#define SECRET_MAX 4096
#define MANIFEST_MAX (1 << 20)

static bool refuse(const char *what, const char *path, const char *why)
{
	log_event(LOG_ERROR, what, LOG_TEXT("path", str_of(path)), LOG_TEXT("why", str_of(why)));
	return false;
}

/* The whole file, at most `max` bytes; -1 with errno. */
static ssize_t file_read(const char *path, void *bytes, size_t max)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	size_t have = 0;
	ssize_t got = 0;
	while (have < max && (got = read(fd, (char *)bytes + have, max - have)) > 0)
		have += (size_t)got;
	int failed = errno;
	close(fd);
	errno = failed;
	return got < 0 ? -1 : (ssize_t)have;
}

/*
 * Makes the secret under another name first and then gives it its own: whoever reads the file reads
 * all of it, and of two processes that start at once one wins. EEXIST is therefore as good as
 * success.
 */
static bool secret_make(const char *path)
{
	unsigned char bytes[DIGEST_SIZE];
	char fresh[4096];
	int length = snprintf(fresh, sizeof fresh, "%s.%ld", path, (long)getpid());
	if (length < 0 || (size_t)length >= sizeof fresh) {
		errno = ENAMETOOLONG;
		return false;
	}
	random_bytes(bytes, sizeof bytes);
	unlink(fresh);
	int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	bool good = write(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes && fsync(fd) == 0;
	good = close(fd) == 0 && good && (link(fresh, path) == 0 || errno == EEXIST);
	int failed = errno;
	unlink(fresh);
	explicit_bzero(bytes, sizeof bytes);
	errno = failed;
	return good;
}

static bool secret_open(const char *path, unsigned char out[DIGEST_SIZE])
{
	unsigned char bytes[SECRET_MAX];
	ssize_t n = file_read(path, bytes, sizeof bytes);
	if (n < 0 && errno == ENOENT && secret_make(path))
		n = file_read(path, bytes, sizeof bytes);
	if (n < 0)
		return refuse("the secret cannot be read or made", path, strerror(errno));
	if (n < DIGEST_SIZE)
		return refuse("the secret is too short", path, "it must have 32 bytes or more");
	if (n == DIGEST_SIZE)
		memcpy(out, bytes, DIGEST_SIZE);
	else
		digest_sha256((str) { (const char *)bytes, (size_t)n }, out);
	explicit_bzero(bytes, sizeof bytes);
	return true;
}

/* The name by which templates call a file of the manifest: "app.css" is css, "icons.svg" is icons.
 */
static str asset_name(const char *file)
{
	const char *dot = strrchr(file, '.');
	if (!dot)
		return str_of(file);
	if (!strncmp(file, "app.", 4))
		return str_of(dot + 1);
	return (str) { file, (size_t)(dot - file) };
}

static bool assets_open(const struct config *config, struct arena *a, struct json_object **out)
{
	const char *path = arena_printf(a, "%s/manifest.json", config->static_dir), *why = NULL;
	char *text = arena_alloc(a, MANIFEST_MAX);
	ssize_t n = file_read(path, text, MANIFEST_MAX);
	if (n < 0)
		return refuse("the manifest of static files cannot be read", path, strerror(errno));
	struct json_object *manifest = json_read(a, (str) { text, (size_t)n }, &why);
	if (!json_object_is_type(manifest, json_type_object))
		return refuse(
		    "the manifest of static files is not one", path, why ? why : "no object");
	size_t url = strlen(config->static_url);
	const char *slash = url && config->static_url[url - 1] == '/' ? "" : "/";
	struct json_object *assets = json_object_new_object();
	json_object_object_foreach(manifest, file, hashed)
	{
		str name = asset_name(file);
		const char *to = arena_printf(
		    a, "%s%s%s", config->static_url, slash, json_object_get_string(hashed));
		json_object_object_add(
		    assets, arena_text(a, name.p, name.n), json_object_new_string(to));
	}
	*out = assets;
	return true;
}

/* Every page, and the two that show a fault, have their template. */
static bool templates_open(const struct config *config, struct template_set **out)
{
	char why[TEMPLATE_WHY];
	struct template_set *set = templates_load(config->templates_dir, why);
	if (!set)
		return refuse("the templates cannot be loaded", config->templates_dir, why);
	*out = set;
	if (!template_find(set, "error") || !template_find(set, "error_plain"))
		return refuse("a template is missing", config->templates_dir, "error, error_plain");
	for (const struct page *const *page = __start_pages; page < __stop_pages; page++)
		if (!template_find(set, (*page)->template))
			return refuse(
			    "a page has no template", config->templates_dir, (*page)->template);
	return true;
}

static void routes_open(struct installation *i)
{
	i->rest = routes_new();
	i->pages = routes_new();
	for (size_t at = 0; at < operations_count(); at++)
		if (operation_at(at)->route)
			routes_add(i->rest, operation_at(at)->route, operation_at(at));
	for (const struct page *const *page = __start_pages; page < __stop_pages; page++)
		routes_add(i->pages, (*page)->route, *page);
}

bool installation_open(
    const struct config *config, struct shared_memory *shared, struct installation *out)
{
	struct installation i = { .config = config, .shared = shared };
	struct arena *a = arena_new();
	bool good = secret_open(config->secret_file, i.secret) &&
		    templates_open(config, &i.templates) && assets_open(config, a, &i.assets);
	arena_free(a);
	if (!good) {
		installation_close(&i);
		return false;
	}
	routes_open(&i);
	*out = i;
	return true;
}

void installation_close(struct installation *i)
{
	templates_free(i->templates);
	if (i->assets)
		json_object_put(i->assets);
	routes_free(i->rest);
	routes_free(i->pages);
	explicit_bzero(i->secret, sizeof i->secret);
	*i = (struct installation) { 0 };
}

struct worker *worker_new(const struct installation *i)
{
	struct worker *w = calloc(1, sizeof *w);
	struct db_options options;
	char why[256];
	if (!w || !(w->known = calloc(GRANTS_KNOWN, sizeof *w->known)))
		abort();
	w->n_known = GRANTS_KNOWN;
	w->config = i->config;
	w->shared = i->shared;
	w->templates = i->templates;
	w->rest = i->rest;
	w->pages = i->pages;
	memcpy(w->secret, i->secret, sizeof w->secret);
	w->doorbell = doorbell_open();
	w->arena = arena_new();
	/* json-c counts references without a lock: each thread has a tree of its own. */
	if (json_object_deep_copy(i->assets, &w->assets, NULL))
		abort();
	if (!db_options_parse(w->arena, str_of(i->config->database_url), &options, why)) {
		refuse("MUSTER_DATABASE_URL cannot be used", "", why);
		worker_free(w);
		return NULL;
	}
	options.statement_seconds = (unsigned)i->config->statement_seconds;
	w->reads = db_new(&options, DB_READ);
	w->writes = db_new(&options, DB_WRITE);
	arena_reset(w->arena);
	return w;
}

void worker_free(struct worker *w)
{
	if (!w)
		return;
	db_free(w->reads);
	db_free(w->writes);
	arena_free(w->arena);
	buf_free(&w->body);
	buf_free(&w->scratch);
	for (size_t i = 0; i < w->n_known; i++)
		free(w->known[i].grants.v);
	free(w->known);
	if (w->assets)
		json_object_put(w->assets);
	if (w->doorbell >= 0)
		close(w->doorbell);
	explicit_bzero(w, sizeof *w);
	free(w);
}
