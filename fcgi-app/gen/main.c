/*
 * main.c: `mustergen SQL_DIR OUT_DIR`. Reads everything, refuses or emits into memory, and only
 * then writes: a refusal leaves OUT_DIR as it was. Also the memory and the refusals of the parts.
 */
#include "gen.h"
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct chunk {
	struct chunk *next;
	_Alignas(max_align_t) unsigned char bytes[];
};

_Noreturn void refuse(const char *path, unsigned line, const char *fmt, ...)
{
	va_list args;
	if (line)
		fprintf(stderr, "%s:%u: ", path, line);
	else
		fprintf(stderr, "%s: ", path);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

void *gen_alloc(struct gen *g, size_t n)
{
	struct chunk *c = calloc(1, sizeof *c + n);
	if (!c)
		refuse("mustergen", 0, "out of memory");
	c->next = g->chunks;
	g->chunks = c;
	return c->bytes;
}

static void gen_free(struct gen *g)
{
	while (g->chunks) {
		struct chunk *next = g->chunks->next;
		free(g->chunks);
		g->chunks = next;
	}
}

char *gen_text(struct gen *g, const char *p, size_t n)
{
	char *out = gen_alloc(g, n + 1);
	memcpy(out, p, n);
	return out;
}

char *gen_format(struct gen *g, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	char *out = gen_alloc(g, (size_t)n + 1);
	vsnprintf(out, (size_t)n + 1, fmt, again);
	va_end(again);
	return out;
}

void *gen_grow(struct gen *g, void *v, size_t n, size_t size)
{
	if (n != 0 && (n < 8 || (n & (n - 1)) != 0))
		return v;
	void *more = gen_alloc(g, (n < 8 ? 8 : n * 2) * size);
	if (n)
		memcpy(more, v, n * size);
	return more;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The *.sql files of a folder, sorted; a folder that does not exist has none. */
static struct names files_of(struct gen *g, const char *dir)
{
	struct names names = { 0 };
	DIR *d = opendir(dir);
	if (!d && errno == ENOENT)
		return names;
	if (!d)
		refuse(dir, 0, "%s", strerror(errno));
	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		size_t n = strlen(e->d_name);
		if (n > 4 && e->d_name[0] != '.' && strcmp(e->d_name + n - 4, ".sql") == 0)
			PUSH(g, names.v, names.n) = gen_text(g, e->d_name, n);
	}
	closedir(d);
	if (names.n)
		qsort(names.v, names.n, sizeof *names.v, by_name);
	return names;
}

static void read_all(
    struct gen *g, const char *dir, void (*read)(struct gen *, const char *, const char *))
{
	struct names names = files_of(g, dir);
	for (size_t i = 0; i < names.n; i++)
		read(g, gen_format(g, "%s/%s", dir, names.v[i]), names.v[i]);
}

static void migration_read(struct gen *g, const char *path, const char *name)
{
	char *end;
	unsigned long number = strtoul(name, &end, 10);
	if (end != name + 4 || *end != '_' || number == 0)
		refuse(path, 0, "a migration is named NNNN_what_it_does.sql, from 0001");
	if (g->n_migrations && g->migrations[g->n_migrations - 1].number == number)
		refuse(path, 0, "there are two migrations %04lu", number);
	PUSH(g, g->migrations, g->n_migrations) = (struct migration) { (unsigned)number,
		gen_text(g, name, strlen(name) - 4), file_read(g, path) };
}

struct output {
	const char *name;
	void (*emit)(FILE *, const struct gen *);
	char *text;
	size_t n;
};

static void output_write(struct gen *g, const char *dir, const struct output *o)
{
	const char *path = gen_format(g, "%s/%s", dir, o->name);
	const char *fresh = gen_format(g, "%s.new", path);
	FILE *f = fopen(fresh, "wb");
	if (!f || fwrite(o->text, 1, o->n, f) != o->n || fclose(f) != 0 || rename(fresh, path) != 0)
		refuse(path, 0, "cannot be written: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: mustergen SQL_DIR OUT_DIR\n");
		return 2;
	}
	struct gen g = { 0 };
	g.hash = UINT64_C(14695981039346656037);
	read_all(&g, gen_format(&g, "%s/schema", argv[1]), ddl_read);
	schema_resolve(&g);
	read_all(&g, gen_format(&g, "%s/query", argv[1]), query_read);
	read_all(&g, gen_format(&g, "%s/migrate", argv[1]), migration_read);

	struct output outputs[] = { { "schema.h", emit_schema_h, NULL, 0 },
		{ "schema.c", emit_schema_c, NULL, 0 }, { "queries.h", emit_queries_h, NULL, 0 },
		{ "queries.c", emit_queries_c, NULL, 0 } };
	for (size_t i = 0; i < 4; i++) {
		FILE *f = open_memstream(&outputs[i].text, &outputs[i].n);
		if (!f)
			refuse("mustergen", 0, "out of memory");
		fprintf(f, "/* %s: made by mustergen from sql/; see fcgi-app/gen/README.md. */\n",
		    outputs[i].name);
		outputs[i].emit(f, &g);
		if (fclose(f) != 0)
			refuse("mustergen", 0, "out of memory");
	}
	for (size_t i = 0; i < 4; i++) {
		output_write(&g, argv[2], &outputs[i]);
		free(outputs[i].text);
	}
	gen_free(&g);
	return 0;
}
