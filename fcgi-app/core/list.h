/*
 * list.h: lists are all alike: the caller's rows of one table, filtered, sorted, one page at a time
 * by keyset. A module says by which columns an index can sort, and which filters go through another
 * table; everything else follows from the table's descriptor: each id, enum and boolean column is a
 * filter by one or several values, each instant and day column x_at / x_on gives x_since and
 * x_before, and q= asks the @search columns (search_query.h says how), or those of the rows that a
 * row names (list_named.h). Without a sort of its own a list whose own columns q= asks comes in the
 * order of how well a row fits.
 */
#pragma once
#include "core/table.h"

struct call;
struct json;
struct search_query;
struct search_place;
struct http_pair;

struct filter_through { /* contacts?tag_id=a: rows that have a row of `via` with that value */
	const char *name;
	const struct table *via;
	const struct field *back;   /* of via: points to the listed table */
	const struct field *column; /* of via: the value that is asked for */
};

struct list_spec {
	const char *const *sorts; /* columns that an index serves, NULL-terminated; the first is the
				     default; "-x": descending by default */
	const struct filter_through *through; /* NULL, or terminated by a NULL name */
};

#define SORTS(...) \
	.sorts = (const char *const[]) { __VA_ARGS__, NULL }

enum comparison { IS_ONE_OF, IS_NULL, IS_SINCE, IS_BEFORE, HAS_TEXT };

/* One way to narrow a list down: a parameter of its URL, a member of a search's conditions. */
struct list_filter {
	char name[64];
	const struct field *column;           /* whose values it takes; of q: a text */
	const struct filter_through *through; /* or NULL */
	enum comparison comparison;
};
struct arena;
size_t list_filters(struct arena *a, const struct table *table, const struct list_spec *spec,
    struct list_filter **out);

/* What every list takes beside its filters: limit, sort, cursor, include_total, deleted. */
enum { LIST_FIELDS = 5 };
extern const struct field list_fields[];

struct condition { /* a tree: and, or, not over comparisons */
	enum { CONDITION_LEAF, CONDITION_AND, CONDITION_OR, CONDITION_NOT } kind;
	struct condition *children;
	size_t n;
	const struct field *column;
	const struct filter_through *through;
	enum comparison comparison;
	const void **values;
	size_t n_values;                   /* as the column's type keeps them */
	const struct search_query *search; /* of HAS_TEXT */
	const struct search_place *named;  /* the same of each of table->found, or NULL */
};

struct list_request { /* what a list's input decodes to */
	struct condition where;
	const struct condition *search; /* the HAS_TEXT that all rows must fulfil, or NULL */
	bool by_relevance;              /* in the order of how well they fit it */
	const char *sort;               /* as asked, "-updated_at"; validated */
	int64_t limit;
	str cursor;
	bool include_total;
	bool deleted; /* deleted=true: the rows that can be restored, instead */
};

#include "base/error.h"
/* Runs a list: {"data":[...],"meta":{"has_more":...,"next_cursor":...}}. */
error list_run(struct call *call, const struct table *table, const struct list_spec *spec,
    const struct list_request *in, struct json *out) MUST_CHECK;
