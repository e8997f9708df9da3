/*
 * route.c: the table of route.h, a tree of path segments. A node has its literal children and at
 * most one parameter child; names of parameters belong to the route and not to the node, so that
 * "/contacts/{id}" and "/contacts/{contact_id}/notes" go together.
 */
#include "core/route.h"

#include <stdio.h>
#include <stdlib.h>

#define SEGMENTS_MAX 12

static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };
#define METHODS (sizeof methods / sizeof *methods)

struct route {
	const void *target;  /* NULL: there is none */
	const char *pattern; /* from its first '/' on */
};

struct node {
	str literal;
	struct node *children; /* the literal ones */
	size_t n;
	struct node *parameter;
	struct route routes[METHODS];
};

struct routes {
	struct node root;
};

struct routes *routes_new(void)
{
	struct routes *r = calloc(1, sizeof *r);
	if (!r)
		abort();
	return r;
}

static void node_empty(struct node *node)
{
	for (size_t i = 0; i < node->n; i++)
		node_empty(&node->children[i]);
	free(node->children);
	if (node->parameter)
		node_empty(node->parameter);
	free(node->parameter);
}

void routes_free(struct routes *r)
{
	if (!r)
		return;
	node_empty(&r->root);
	free(r);
}

static _Noreturn void refuse(const char *route, const char *why)
{
	fprintf(stderr, "the route \"%s\": %s\n", route, why);
	abort();
}

/* The next segment of a path, after its slash; false at the end. "/" has one, the empty one. */
static bool segment_next(str *rest, str *segment)
{
	if (rest->n == 0 || rest->p[0] != '/')
		return false;
	str after = { rest->p + 1, rest->n - 1 };
	const char *slash = memchr(after.p, '/', after.n);
	segment->p = after.p;
	segment->n = slash ? (size_t)(slash - after.p) : after.n;
	*rest = (str) { after.p + segment->n, after.n - segment->n };
	return true;
}

static bool is_parameter(str segment)
{
	return segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}';
}

static struct node *child_of(struct node *node, str segment)
{
	if (is_parameter(segment)) {
		if (!node->parameter && !(node->parameter = calloc(1, sizeof *node->parameter)))
			abort();
		return node->parameter;
	}
	for (size_t i = 0; i < node->n; i++)
		if (str_eq(node->children[i].literal, segment))
			return &node->children[i];
	struct node *grown = realloc(node->children, (node->n + 1) * sizeof *grown);
	if (!grown)
		abort();
	node->children = grown;
	grown[node->n] = (struct node) { .literal = segment };
	return &grown[node->n++];
}

static size_t method_index(str method)
{
	if (str_is(method, "HEAD"))
		return 0;
	size_t i = 0;
	while (i < METHODS && !str_is(method, methods[i]))
		i++;
	return i;
}

void routes_add(struct routes *r, const char *method_and_pattern, const void *target)
{
	str method = STR("GET"), path = str_of(method_and_pattern), segment;
	if (path.p[0] != '/' && !str_cut(path, ' ', &method, &path))
		refuse(method_and_pattern, "no path");
	size_t m = method_index(method);
	if (m == METHODS || str_is(method, "HEAD"))
		refuse(method_and_pattern, "no method that there is");
	if (!target || path.n == 0 || path.p[0] != '/')
		refuse(method_and_pattern, "not a pattern with a target");
	struct node *node = &r->root;
	const char *pattern = path.p;
	for (size_t depth = 0; segment_next(&path, &segment); depth++) {
		if (depth == SEGMENTS_MAX)
			refuse(method_and_pattern, "too many segments");
		if (!is_parameter(segment) &&
		    (memchr(segment.p, '{', segment.n) || memchr(segment.p, '}', segment.n)))
			refuse(method_and_pattern, "a parameter is a whole segment");
		node = child_of(node, segment);
	}
	if (node->routes[m].target)
		refuse(method_and_pattern, "is there already");
	node->routes[m] = (struct route) { target, pattern };
}

static bool has_route(const struct node *node)
{
	for (size_t i = 0; i < METHODS; i++)
		if (node->routes[i].target)
			return true;
	return false;
}

/* The node for the rest of a path, literals first; recursion is bounded by the table's own depth.
 */
static const struct node *find(const struct node *node, str rest)
{
	str segment;
	if (!segment_next(&rest, &segment))
		return has_route(node) ? node : NULL;
	for (size_t i = 0; i < node->n; i++) {
		if (str_eq(node->children[i].literal, segment)) {
			const struct node *found = find(&node->children[i], rest);
			if (found)
				return found;
			break;
		}
	}
	return node->parameter && segment.n ? find(node->parameter, rest) : NULL;
}

static void allow_text(const struct node *node, char allow[ROUTES_ALLOW])
{
	size_t n = 0;
	for (size_t i = 0; i < METHODS; i++)
		if (node->routes[i].target)
			n += (size_t)snprintf(allow + n, ROUTES_ALLOW - n, "%s%s%s", n ? ", " : "",
			    methods[i], i == 0 ? ", HEAD" : "");
}

static void parameters(
    const char *pattern, str path, struct arena *a, struct http_pair **params, size_t *n)
{
	str names = str_of(pattern), name, value;
	struct http_pair found[SEGMENTS_MAX];
	*n = 0;
	while (segment_next(&names, &name) && segment_next(&path, &value))
		if (is_parameter(name))
			found[(*n)++] = (struct http_pair) { { name.p + 1, name.n - 2 }, value };
	*params = *n ? ARENA_ARRAY(a, *n, struct http_pair) : NULL;
	if (*n)
		memcpy(*params, found, *n * sizeof *found);
}

const void *routes_match(const struct routes *r, str method, str path, struct arena *a,
    struct http_pair **params, size_t *n, char allow[ROUTES_ALLOW])
{
	allow[0] = 0;
	const struct node *node = path.n && path.p[0] == '/' ? find(&r->root, path) : NULL;
	if (!node)
		return NULL;
	size_t m = method_index(method);
	if (m == METHODS || !node->routes[m].target) {
		allow_text(node, allow);
		return NULL;
	}
	if (params)
		parameters(node->routes[m].pattern, path, a, params, n);
	return node->routes[m].target;
}
