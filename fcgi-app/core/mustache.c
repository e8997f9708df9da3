/*
 * mustache.c: the set of templates: reading the folder, adding, binding partials and parents to
 * their templates. A set has one arena, which holds all that its templates consist of.
 * Parsing: mustache_parse.c, mustache_expression.c; rendering: mustache_render.c; the names that a
 * template uses: mustache_names.c. Tests: tests/unit/mustache_test.c
 */
#include "base/json.h"
#include "mustache_code.h"
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".mustache"
#define FOLDER_DEPTH 8 /* a link that leads to its own folder ends here */

struct template_set {
	struct arena *arena;
	struct buf list; /* struct template *, sorted by name once linked */
	const char *dir; /* in front of file names in messages; "" = from memory */
	bool linked;
};

static struct template **templates(const struct template_set *set)
{
	return (struct template **)(void *)set->list.p;
}

static size_t count(const struct template_set *set)
{
	return set->list.n / sizeof(struct template *);
}

struct template_set *templates_new(void)
{
	struct arena *arena = arena_new();
	struct template_set *set = ARENA_NEW(arena, struct template_set);
	set->arena = arena;
	set->dir = "";
	return set;
}

void templates_free(struct template_set *set)
{
	if (!set)
		return;
	buf_free(&set->list);
	arena_free(set->arena);
}

error templates_add(struct template_set *set, const char *name, str text, char why[TEMPLATE_WHY])
{
	assert(!set->linked);
	struct template *t = ARENA_NEW(set->arena, struct template);
	t->name = arena_printf(set->arena, "%s", name);
	t->file = arena_printf(set->arena, "%s%s" SUFFIX, set->dir, name);
	if (!utf8_valid(text)) {
		snprintf(why, TEMPLATE_WHY, "%s:1: is not UTF-8 text", t->file);
		return INVALID;
	}
	buf_add(&set->list, &t, sizeof t);
	return template_parse(t, text, set->arena, why);
}

static int by_name(const void *a, const void *b)
{
	const struct template *const *x = a, *const *y = b;
	return strcmp((*x)->name, (*y)->name);
}

static const struct template *find(const struct template_set *set, const char *name)
{
	struct template key = { .name = name }, *k = &key;
	if (!count(set))
		return NULL;
	struct template **found = bsearch(&k, set->list.p, count(set), sizeof k, by_name);
	return found ? *found : NULL;
}

static error link_template(const struct template_set *set, struct template *t, char *why)
{
	for (uint32_t i = 0; i < t->n; i++) {
		struct instruction *o = &t->code[i];
		if (o->kind != PARTIAL && o->kind != PARENT)
			continue;
		o->target = find(set, arena_text(set->arena, o->text.p, o->text.n));
		if (!o->target) {
			snprintf(why, TEMPLATE_WHY, "%s:%u: unknown %s '%.*s'", t->file, o->line,
			    o->kind == PARTIAL ? "partial" : "parent",
			    (int)(o->text.n < 80 ? o->text.n : 80), o->text.p);
			return INVALID;
		}
	}
	return OK;
}

error templates_link(struct template_set *set, char why[TEMPLATE_WHY])
{
	size_t n = count(set);
	if (n)
		qsort(set->list.p, n, sizeof(struct template *), by_name);
	for (size_t i = 1; i < n; i++)
		if (!by_name(&templates(set)[i - 1], &templates(set)[i])) {
			snprintf(why, TEMPLATE_WHY, "%s:1: there are two of that name",
			    templates(set)[i]->file);
			return INVALID;
		}
	for (size_t i = 0; i < n; i++)
		TRY(link_template(set, templates(set)[i], why));
	set->linked = true;
	return OK;
}

const struct template *template_find(const struct template_set *set, const char *name)
{
	assert(set->linked);
	return find(set, name);
}

/* ---- The folder ---- */

static error failed(const char *path, char *why)
{
	snprintf(why, TEMPLATE_WHY, "%s: %s", path, strerror(errno));
	return INVALID;
}

static bool read_all(int fd, struct buf *text)
{
	for (;;) {
		buf_reserve(text, 1 << 16);
		ssize_t got = read(fd, text->p + text->n, 1 << 16);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got == 0;
		text->n += (size_t)got;
		if (text->n > TEMPLATE_SOURCE_MAX)
			return true; /* the parser says that it is too large */
	}
}

/* `path` with its suffix, below set->dir. */
static error load_file(struct template_set *set, const char *path, char *why)
{
	const char *whole = arena_printf(set->arena, "%s%s", set->dir, path);
	char *name = arena_printf(set->arena, "%.*s", (int)(strlen(path) - strlen(SUFFIX)), path);
	struct buf text = { 0 };
	int fd = open(whole, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return failed(whole, why);
	error e = read_all(fd, &text) ? OK : failed(whole, why);
	close(fd);
	if (e == OK)
		e = templates_add(set, name, buf_view(&text), why);
	buf_free(&text);
	return e;
}

static error load_folder(struct template_set *set, const char *below, int depth, char *why);

static error load_entry(struct template_set *set, const char *path, int depth, char *why)
{
	const char *whole = arena_printf(set->arena, "%s%s", set->dir, path);
	size_t n = strlen(path);
	struct stat st;
	if (stat(whole, &st))
		return failed(whole, why);
	if (S_ISDIR(st.st_mode))
		return load_folder(set, arena_printf(set->arena, "%s/", path), depth + 1, why);
	if (n > strlen(SUFFIX) && !strcmp(path + n - strlen(SUFFIX), SUFFIX))
		return load_file(set, path, why);
	return OK;
}

static int visible(const struct dirent *entry) { return entry->d_name[0] != '.'; }

/* In the order of names, so that of two errors it is always the same one that is told. */
static error load_folder(struct template_set *set, const char *below, int depth, char *why)
{
	const char *whole = arena_printf(set->arena, "%s%s", set->dir, below);
	struct dirent **entries;
	if (depth > FOLDER_DEPTH) {
		errno = ELOOP;
		return failed(whole, why);
	}
	int n = scandir(whole, &entries, visible, alphasort);
	if (n < 0)
		return failed(whole, why);
	error e = OK;
	for (int i = 0; i < n; i++) {
		if (e == OK)
			e = load_entry(set,
			    arena_printf(set->arena, "%s%s", below, entries[i]->d_name), depth,
			    why);
		free(entries[i]);
	}
	free(entries);
	return e;
}

struct template_set *templates_load(const char *dir, char why[TEMPLATE_WHY])
{
	struct template_set *set = templates_new();
	set->dir = arena_printf(set->arena, "%s/", dir);
	if (load_folder(set, "", 0, why) == OK && templates_link(set, why) == OK)
		return set;
	templates_free(set);
	return NULL;
}
