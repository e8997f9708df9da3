/* list_input.h: a list's parameters, from names and texts to a list_request; see list.h for what is
 * accepted. */
#pragma once
#include "core/call.h"
#include "core/cursor.h"
#include "core/list.h"

/* Of a query string or form tree; an unknown parameter is MALFORMED and named. */
error list_decode(struct call *call, const struct table *table, const struct list_spec *spec,
    struct json_object *tree, struct list_request *out) MUST_CHECK;
/* Of POST /search: {"where":{...},"sort":..,"limit":..,"cursor":..}, where = {"and":[..]},
 * {"or":[..]}, {"not":{..}} or filters. */
error list_decode_search(struct call *call, const struct table *table, const struct list_spec *spec,
    struct json_object *body, struct list_request *out) MUST_CHECK;
error list_sort_keys(struct call *call, const struct table *table, const struct list_spec *spec,
    const char *sort, struct sort_keys *out) MUST_CHECK;
