/*
 * decode.h: input from outside becomes a struct, by its field descriptors, with every bad field
 * said at once. One reader for JSON bodies, query strings, forms and imported cells: the latter are
 * trees of texts (`textual`).
 */
#pragma once
#include "core/call.h"
#include "core/gate.h"

/* Reads `tree` (an object, or NULL for an empty one) into *in, a struct of set->size, and sets
 * given[i] for each field that was there. Unknown names are MALFORMED, unacceptable values INVALID
 * (MALFORMED for a query string). */
error decode_fields(struct call *call, const struct field_set *set, struct json_object *tree,
    bool textual, const char *pointer, void *in, bool *given) MUST_CHECK;

/* One value into memory as its type keeps it; what is wrong is said under `pointer`. True when it
 * is acceptable. */
bool decode_value(struct call *call, const struct field *field, struct json_object *value,
    bool textual, const char *pointer, void *out);

/* Pairs of a query string or form as a tree: a=1&b[c]=2&d[]=3&d[]=4&e[0][f]=5; a repeated name
 * becomes an array. */
error decode_tree(struct call *call, const struct http_pair *pairs, size_t n, bool form,
    struct json_object **tree) MUST_CHECK;

size_t decode_size(enum field_type type); /* of a value of this type in memory, in bytes */
void decode_none(const struct field *field, void *out);
