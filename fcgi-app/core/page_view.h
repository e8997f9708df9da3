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
 * The input of a load: its args with each {x} filled in from `known` (the first of that name that
 * is not empty), a pair whose {x} is absent left out, and "*" standing for the page's own query
 * string, without empty values, names that begin with "_" and names that the args give themselves.
 */
struct page_known {
	const struct http_pair *v;
	size_t n;
};
void page_args(struct arena *a, const char *args, const struct page_known *known, size_t n_known,
    const struct http_pair *query, size_t n_query, struct http_pair **pairs, size_t *n);
