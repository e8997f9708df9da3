/*
 * list_whole.h: a list that is to be chosen from, page by page as anybody reads it: what is missing
 * there could not be chosen, and a form that shows what a row has would take it away. Tests:
 * tests/unit/core_list_whole_test.c
 */
#pragma once
#include "base/error.h"
#include "base/json.h"

enum { LIST_PAGE = 100 /* rows, the most of one page */, LIST_PAGES = 10 };

/* Gives the page that begins at the cursor; its tree is the arena's. */
typedef error list_page(void *with, str cursor, struct json_object **page);

/* Adds to the answer with the first page the rows of those after it, up to LIST_PAGES in all; its
 * `meta` becomes that of the last one. An error is that of a page: those before it are there. */
error list_whole(
    struct arena *a, struct json_object *first, list_page *page, void *with) MUST_CHECK;
