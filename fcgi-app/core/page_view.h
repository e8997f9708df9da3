/*
 * page_view.h: showing a page, for its own address (page.c) and for a form that was refused
 * (form.c).
 */
#pragma once
#include "core/door.h"

struct page_view {
	const struct page *page;
	str path, query; /* decoded; raw, without '?' */
	const struct http_pair *params;
	size_t n_params;          /* of the path */
	int status;               /* when it can be shown */
	struct json_object *form; /* what was refused and why, or NULL; borrowed */
	struct json_object *key;  /* a secret that is shown once, or NULL; borrowed */
	const char *key_by;       /* which operation has made it */
	struct json_object *told; /* what a form has found out, or NULL; borrowed */
};

/* Makes the page the door's answer; or the page that says why it cannot be shown, or the way to the
 * login. */
void page_show(
    struct worker *worker, struct arena *a, struct door *door, const struct page_view *view);

/* The page at a local address such as "/contacts/7?tab=notes", into view; false when there is none.
 */
bool page_at(const struct worker *worker, struct arena *a, str address, struct page_view *view);

/* Sends the browser there with 303. */
void page_redirect(struct arena *a, struct door *door, error kind, str address);
/* To the login, and after it to `next`. */
void page_login(struct arena *a, struct door *door, str next);

/*
 * The input of a load: its args with each {x} filled in from the page's path, else from its query
 * string ({me}: the agent's id), a pair whose {x} is absent or empty left out, and "*" standing for
 * the page's own query string, without empty values, names that begin with "_" and names that the
 * args give themselves. What is a parameter of the path goes to `path`, so that an id that cannot
 * be one is not found.
 */
struct page_address {
	const struct http_pair *path, *query;
	size_t n_path, n_query;
	str me;
};
struct page_input {
	struct http_pair *pairs, *path;
	size_t n, n_path;
};
struct page_input page_args(struct arena *a, const char *args, const struct page_address *address);
