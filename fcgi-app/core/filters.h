/*
 * filters.h: what the files of filters share. A filter is FILTER(name) { ... } with `arena`,
 * `value`, `args` and `n` at hand, and a line in the table of filters.c; the contract is at struct
 * filter.
 */
#pragma once
#include "mustache_code.h"

#define FILTER(name) \
	struct json_object *filter_##name(struct arena *arena __attribute__((unused)), \
	    struct json_object *value __attribute__((unused)), \
	    struct json_object *const *args __attribute__((unused)), \
	    size_t n __attribute__((unused)))

/* filters.c */
FILTER(is);
FILTER(negate); /* "not" */
FILTER(any_of);
FILTER(at);
FILTER(contains);
FILTER(empty);
FILTER(nonempty);
FILTER(count);
FILTER(first);
FILTER(join);
FILTER(percent_of);
FILTER(plus);
FILTER(default);

/* filters_text.c */
FILTER(initials);
FILTER(hue);
FILTER(label);
FILTER(program);
FILTER(truncate);
FILTER(url);
FILTER(json);

/* filters_format.c */
FILTER(date);
FILTER(datetime);
FILTER(isodate);
FILTER(isominute);
FILTER(number_text);
FILTER(money);
FILTER(money_short);

/* The value as text; what had to be made lies in the arena. */
str filter_text(struct arena *arena, struct json_object *value);
/* A JSON string of the buffer's text; frees the buffer. */
struct json_object *filter_made(struct buf *b);
/* A number, a decimal as text, or the amount of a money; false for all else. */
bool filter_number(struct arena *arena, struct json_object *value, double *out);
