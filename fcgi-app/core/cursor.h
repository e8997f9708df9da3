/*
 * cursor.h: where a page of a list ended, as an opaque signed text: the sort, a hash of the filters
 * and the last row's sort values with its id. A cursor that was changed, or comes with another
 * filter or sort, is refused.
 */
#pragma once
#include "core/call.h"
#include "core/list.h"

enum { SORT_KEYS = 4 };
struct sort_key {
	const struct field *column;
	bool descending;
};
struct sort_keys {
	struct sort_key v[SORT_KEYS];
	size_t n;
}; /* the id is always the last */

struct cursor_value {
	bool none;
	void *value;
};
struct cursor {
	struct cursor_value values[SORT_KEYS];
};
struct cursor_text {
	bool has_more;
	str values;
}; /* JSON array of the last row's sort values */

/* Any text as a cursor of this operation in this company, and back; false for what is no such one.
 */
str cursor_seal(struct call *call, str text);
bool cursor_open(struct call *call, str cursor, str *text) MUST_CHECK;

error cursor_read(struct call *call, const struct sort_keys *keys, const struct list_request *in,
    struct cursor *out) MUST_CHECK;
/* Keeps the sort values of the row that the rows stand on; they begin at column `first`. */
void cursor_keep(struct call *call, const struct sort_keys *keys, struct db_rows *rows,
    size_t first, struct cursor_text *out);
void cursor_write(struct call *call, const struct list_request *in, const struct cursor_text *text,
    struct json *out);
