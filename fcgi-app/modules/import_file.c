/*
 * import_file.c: a file that was sent, from its bytes to rows. The text is kept as UTF-8 in parts
 * of some hundred kilobytes that begin and end with a row. Statements: sql/query/imports.sql.
 * Tests: tests/http/imports.test.mjs, tests/http/imports_bad.test.mjs
 */
#include "modules/imports.h"

#include "core/charset.h"

enum { PART = 256 << 10, TAIL = 64 << 10, ROW_MAX = 1 << 20, ROWS_MAX = 2000000 };

static const struct {
	char byte;
	const char *name;
} delimiters[] = { { ',', "," }, { ';', ";" }, { '|', "|" }, { '\t', "tab" } };

static const char *delimiter_name(char byte)
{
	for (size_t i = 0; i < sizeof delimiters / sizeof *delimiters; i++)
		if (delimiters[i].byte == byte)
			return delimiters[i].name;
	return ",";
}

static char delimiter_byte(str name)
{
	for (size_t i = 0; i < sizeof delimiters / sizeof *delimiters; i++)
		if (str_is(name, delimiters[i].name))
			return delimiters[i].byte;
	return ',';
}

/* ---- keeping ---- */

static error keep_part(
    struct call *call, const struct import *import, int64_t first_row, size_t line, str content)
{
	struct import_file part;
	row_init(&import_files_table, &part);
	part.import_id = import->id;
	part.first_row = first_row;
	part.line = (int64_t)line;
	part.content = content;
	return import_files_insert_all(call, &part, 1);
}

static error refuse(struct call *call, const char *why)
{
	return fail_code(call, INVALID, "file", "unreadable", "%s", why);
}

/* Cuts behind a row when the part is large enough, and what is left is more than one row can be: so
 * a part never has another kind of line end than the whole. */
static error keep_rows(struct call *call, struct import *import, struct csv *c)
{
	struct arena *scratch = arena_new();
	const char *start = c->next;
	size_t line = c->line;
	int64_t first = 0, row = 0;
	error e = OK;
	for (enum csv_step step; e == OK;) {
		struct csv_row cells;
		const char *before = c->next;
		step = csv_next(c, scratch, &cells);
		if (step != CSV_END)
			row++;
		if (step != CSV_END && c->next - before > ROW_MAX)
			e = refuse(
			    call, arena_printf(call->arena,
				      "The row in line %zu is larger than 1 MiB.", cells.line));
		else if (row > ROWS_MAX)
			e = refuse(call, "The file has more than two million rows: divide it.");
		if (e != OK ||
		    (step != CSV_END && (c->next - start < PART || c->end - c->next < TAIL)))
			continue;
		arena_reset(scratch);
		if (row > first)
			e = keep_part(
			    call, import, first, line, (str) { start, (size_t)(c->next - start) });
		start = c->next;
		line = c->line;
		first = row;
		if (step == CSV_END)
			break;
	}
	arena_free(scratch);
	import->total = row;
	return e;
}

static void free_text(void *text) { buf_free(text); }

error import_file_take(struct call *call, struct import *import, str bytes)
{
	struct charset_text text;
	struct csv c;
	const char *why;
	struct buf *converted = ARENA_NEW(call->arena, struct buf);
	arena_cleanup(call->arena, free_text, converted);
	if (!bytes.n)
		return refuse(call, "The file is empty.");
	if (!charset_read(converted, bytes, CHARSET_GUESS, &text, &why))
		return refuse(call, why);
	csv_open(&c, text.text, 0);
	import->charset = str_of(charset_name(text.charset));
	import->delimiter = str_of(delimiter_name(c.delimiter));
	TRY(keep_rows(call, import, &c));
	return import->total ? OK : refuse(call, "The file is empty.");
}

error import_file_forget(struct call *call, import_id id)
{
	struct import_parts_row *parts;
	size_t n;
	TRY(query_all(
	    call, &import_parts_query, &(struct import_parts_in) { .import = id }, &parts, &n));
	for (size_t i = 0; i < n; i++)
		TRY(row_delete_any(call, &import_files_table, parts[i].id.text));
	return OK;
}

/* ---- reading ---- */

static void free_arena(void *arena) { arena_free(arena); }

static error open_part(struct import_reader *r)
{
	struct import_part_row part;
	if (r->forgets)
		arena_reset(r->call.arena);
	error e = query_one(&r->call, &import_part_query,
	    &(struct import_part_in) { .import = r->import->id, .row = r->row }, &part);
	r->there = e == OK;
	if (e != OK)
		return e == NOT_FOUND ? OK : e;
	csv_open(&r->csv, part.content, delimiter_byte(r->import->delimiter));
	/* It was said once how the file is to be read: a row that begins with "sep=" is a row. */
	r->csv.next = part.content.p;
	r->csv.line = (size_t)part.line;
	for (int64_t row = part.first_row; row < r->row; row++) {
		struct csv_row skipped;
		if (csv_next(&r->csv, r->call.arena, &skipped) == CSV_END) {
			r->there = false;
			break;
		}
	}
	return OK;
}

error import_reader_open(struct call *call, const struct import *import, int64_t row, bool forgets,
    struct import_reader *out)
{
	*out = (struct import_reader) {
		.call = *call, .import = import, .row = row, .forgets = forgets
	};
	out->call.arena = arena_new();
	arena_cleanup(call->arena, free_arena, out->call.arena);
	return open_part(out);
}

error import_reader_next(struct import_reader *r, struct csv_row *row, const char **bad, bool *have)
{
	enum csv_step step = r->there ? csv_next(&r->csv, r->call.arena, row) : CSV_END;
	if (step == CSV_END && r->there) {
		/* The next part; or the last one again, at its end. */
		TRY(open_part(r));
		step = r->there ? csv_next(&r->csv, r->call.arena, row) : CSV_END;
	}
	*have = step != CSV_END;
	*bad = step == CSV_BAD ? r->csv.why : NULL;
	r->row += *have;
	return OK;
}
