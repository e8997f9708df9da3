/*
 * page.h: a page is a route, a template and the queries whose answers it shows. Declared as data in
 * modules. The page door runs each load through the gate with the browser's session, so a page
 * shows what the API would answer that person, and renders. A form posts to /do/<operation>.
 */
#pragma once
#include "core/operation.h"

struct page_load {
	const char *as;        /* name in the template */
	const char *operation; /* contacts_list */
	const char *args; /* "contact_id={id}&limit=50&expand=owner": {x} from the path or the query
			   * string, a pair whose {x} is absent is left out; "*": the page's own
			   * query string as well */
	bool tolerant;    /* when the address asks what is no question, or what is refused, the
			   * page says so: {{fault.as.detail}} */
	bool whole;       /* a list to choose from: what comes after its first page, too;
			   * list_whole.h */
};

struct page {
	const char *name;     /* contacts_index */
	const char *route;    /* "/contacts/{id}" */
	const char *template; /* "contacts/index" */
	const char *title;
	const char *nav;            /* which entry of the navigation is lit */
	bool open;                  /* needs no login */
	struct page_load loads[12]; /* the first decides: when it fails, the page is that error */
};

#define PAGE(NAME, ...) \
	static const struct page NAME##_page = { .name = #NAME, __VA_ARGS__ }; \
	static const struct page *const NAME##_page_registered \
	    __attribute__((used, section("pages"))) = &NAME##_page
/* Weak: a test without modules has none. */
extern const struct page *const __start_pages[] __attribute__((weak)), *const __stop_pages[]
    __attribute__((weak));
