/* list_whole.c: see list_whole.h. */
#include "core/list_whole.h"

/* Absent at the end of the list. */
static str next_cursor(struct arena *a, struct json_object *page)
{
	struct json_object *meta, *cursor;
	if (!json_object_object_get_ex(page, "meta", &meta) ||
	    !json_object_object_get_ex(meta, "next_cursor", &cursor) || !cursor)
		return (str) { NULL, 0 };
	size_t n = (size_t)json_object_get_string_len(cursor);
	return (str) { arena_text(a, json_object_get_string(cursor), n), n };
}

error list_whole(struct arena *a, struct json_object *first, list_page *page, void *with)
{
	str cursor = next_cursor(a, first);
	for (int pages = 1; cursor.n && pages < LIST_PAGES; pages++) {
		struct json_object *next, *rows, *more, *meta;
		TRY(page(with, cursor, &next));
		if (!json_object_object_get_ex(first, "data", &rows) ||
		    !json_object_object_get_ex(next, "data", &more) ||
		    !json_object_object_get_ex(next, "meta", &meta))
			break;
		for (size_t i = 0; i < json_object_array_length(more); i++)
			json_object_array_add(
			    rows, json_object_get(json_object_array_get_idx(more, i)));
		json_object_object_add(first, "meta", json_object_get(meta));
		cursor = next_cursor(a, next);
	}
	return OK;
}
