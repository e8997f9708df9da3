/*
 * route.h: from a method and a path to what answers it. A table is built once, when the program
 * starts, from patterns such as "GET /v1/contacts/{id}", and only read after it, by any number of
 * threads. A literal segment beats a parameter ("/contacts/new" is never the contact "new"), and
 * the path is decided before the method, as OpenAPI has it. Tests: tests/unit/core_route_test.c
 */
#pragma once
#include "http/http.h"

struct routes;

#define ROUTES_ALLOW 64 /* bytes of an Allow header's value with every method that there is */

struct routes *routes_new(void);
void routes_free(struct routes *r); /* NULL is allowed */

/*
 * Adds "METHOD /path/{name}" ("/path" alone: GET) for a target that is not NULL; the pattern is
 * borrowed and must live as long as the table. A parameter is a whole segment. Aborts with a line
 * that says why for what is no pattern or is there already: a programmer's error.
 */
void routes_add(struct routes *r, const char *method_and_pattern, const void *target);

/*
 * The target for a method and a decoded path, or NULL. HEAD finds what GET finds. On success the
 * parameters are in *params (views into `path`, in order); params may be NULL when nobody asks. On
 * failure `allow` is the value of the Allow header when the path is there with other methods: 405;
 * and "" when it is not: 404.
 */
const void *routes_match(const struct routes *r, str method, str path, struct arena *a,
    struct http_pair **params, size_t *n, char allow[ROUTES_ALLOW]);
