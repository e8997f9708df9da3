/*
 * door.h: from an HTTP request to an ask, and from an answer to an HTTP reply: REST under /v1,
 * pages and forms elsewhere. The web workers call door_handle(); the live process uses door_read()
 * and door_send() around its waiting, so that both doors are the same.
 */
#pragma once
#include "core/gate.h"
#include "core/page.h"
#include "core/worker.h"

struct door { /* one request on its way */
	struct http_request http;
	struct ask ask;          /* of a REST request */
	const struct page *page; /* of a page */
	const struct http_pair *path;
	size_t n_path;
	struct live_pages_in *live; /* of POST /live; live_pages.h */
	int wait;                   /* seconds of Prefer: wait; -1: not asked for */
	bool refused;               /* the answer is ready: a problem found before the gate */
	struct answer answer;
	const char *content_type;
	struct http_pair headers[8];
	size_t n_headers; /* more of the reply: the cookies of pages and forms */
};

/* Reads the request and finds what it asks for. Never fails: what is wrong becomes the answer. */
void door_read(struct worker *worker, struct arena *a, FCGX_Request *fcgi, struct door *door);
/* What it comes with, if that holds: of a cookie door_read() sees to it. */
void door_credential(const struct http_request *http, struct ask *ask);
/* Runs it through the gate (a page: each of its loads, and the template). The answer's reads and
 * etag are the whole page's. */
void door_run(struct worker *worker, struct arena *a, struct door *door);
/* Sends the answer. The caller finishes the FastCGI request. */
void door_send(struct worker *worker, struct arena *a, struct door *door, FCGX_Request *fcgi);
/* All three: what a web worker does. */
void door_handle(struct worker *worker, FCGX_Request *fcgi);

/* Renders a page of loads into the door's answer; page.c. */
void page_run(struct worker *worker, struct arena *a, struct door *door);
/* The page that says what is wrong (no such page, a path that cannot be one), as the door's answer;
 * page.c. */
void page_error(
    struct worker *worker, struct arena *a, struct door *door, error kind, const char *detail);
/* A form: POST /do/<operation>; form.c. Reads the body itself. Sets the answer: 303
 * (answer.location) on success, the page again with what was wrong otherwise. The session's cookie
 * is among the door's headers. */
void form_run(struct worker *worker, struct arena *a, struct door *door);
