/*
 * live_pages.h: POST /live: the pages of all tabs of a browser in one request, answered with those
 * that are no longer what the browser has. It is POST /v1/live for pages: asked with the browser's
 * session and the token of its forms, so that nobody gets pages of another login than the tab was
 * loaded with; and kept by the live process in the same way. Tests: tests/http/live_pages.test.mjs
 */
#pragma once
#include "core/live_poll.h"

struct door;

#define LIVE_PAGES "/live"
#define LIVE_PAGES_MAX 32

struct live_pages_in { /* what is asked */
	list pages;    /* of struct live_page_in */
	int64_t wait;
};

/* Reads ask.json into door->live, or refuses it. */
void live_pages_read(struct door *door);
/* Each page once, as the door's answer: those that changed, with the parts of all. */
void live_pages_run(struct worker *worker, struct arena *a, struct door *door);
/* One page as the person of the door's browser sees it now. The body is its HTML as a JSON string.
 * UNAUTHENTICATED, LIMITED and UNAVAILABLE are about the request as a whole. */
void live_page_run(struct worker *worker, struct arena *a, const struct door *door, str path,
    bool free, struct answer *answer);
/* Can no page be answered, for that reason? */
bool live_page_failed(const struct answer *answer);
