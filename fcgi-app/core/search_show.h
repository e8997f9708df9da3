/*
 * search_show.h: what a search finds, as people read it: the texts of a row in which the words of
 * the query stand, cut into parts that are of a match and parts that are not. So who shows it
 * escapes each part and counts no characters.
 */
#pragma once
#include "core/operation.h"
#include "core/search_query.h"

enum { SHOWN_TEXTS = 5, SHOWN_CHARACTERS = 160 };

struct search_part_out {
	str text;
	bool found;
};
struct search_match_out {
	str field;
	list parts;
};
extern const struct field search_part_answer[2], search_match_answer[2];

/* The rows of the ids that the caller still sees, in their order: structs of the table with its id,
 * title, subject, kinds, searched columns and what names rows that are searched; NULL for one that
 * is gone. */
error search_rows(struct call *call, const struct table *table, enum level level,
    const char *const *ids, size_t n, void **rows) MUST_CHECK;
/* By what people call such a row: its title, or else the beginning of what is searched of it. */
str search_title(struct arena *a, const struct table *table, const void *row);
/* The first of the texts of a searched column; none: a str without text. */
str search_first_text(struct arena *a, const struct field *column, const void *row);
/* Where the words stand: a list of search_match_out. */
list search_matches(
    struct arena *a, const struct table *table, const void *row, const struct search_query *query);
