/*
 * mustache.h: the pages' language. Templates are compiled once at start-up and never change after
 * it, so that any number of threads may render them at once. The language is the Mustache
 * specification 1.4 (github.com/mustache/spec: interpolation, sections, inverted, comments,
 * delimiters, partials, ~inheritance), without lambdas and dynamic names, and one thing more:
 * filters, {{created_at|date}}, whose table is filters.c. What cannot work (an unknown partial or
 * filter, a section that is not closed) is refused when templates are loaded, never in a page.
 * Templates: templates/. Tests: tests/unit/mustache_test.c
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include <json-c/json.h>

#define TEMPLATE_WHY 256 /* bytes of a message: "file:line: what is wrong" */
#define TEMPLATE_SOURCE_MAX (8 << 20)
#define TEMPLATE_NESTING 32 /* tags inside tags, in one template */
#define TEMPLATE_DEPTH 64   /* partials, parents and blocks inside each other, in one page */

struct template_set;
struct template;

/*
 * Reads and links every `*.mustache` file of the folder and of the folders in it; a template's name
 * is its path without the suffix, "contacts/list". Names that begin with a dot are passed over.
 * NULL when something is wrong, with `why` saying where and what. The set is freed by
 * templates_free().
 */
struct template_set *templates_load(const char *dir, char why[TEMPLATE_WHY]) MUST_CHECK;

/*
 * The same from memory: an empty set, templates added in any order, then one templates_link(),
 * which binds partials and parents to their templates and closes the set. `text` is copied.
 * INVALID, with `why`, when a template is not well formed, exists already or names one that does
 * not exist; the set is then good for nothing but templates_free().
 */
struct template_set *templates_new(void);
error templates_add(
    struct template_set *set, const char *name, str text, char why[TEMPLATE_WHY]) MUST_CHECK;
error templates_link(struct template_set *set, char why[TEMPLATE_WHY]) MUST_CHECK;

/* Gives the set and its templates back; NULL is allowed. Nobody may be rendering. */
void templates_free(struct template_set *set);

/* The template of that name, or NULL. It lives as long as its linked set. */
const struct template *template_find(const struct template_set *set, const char *name);

/*
 * Appends the page to `out`. `data` is the outermost context (NULL: JSON's null); it is only read,
 * but json-c counts its references, so one tree belongs to one thread at a time. `arena` is for
 * what filters and indentation need. INTERNAL, with `why`, when templates nest deeper than
 * TEMPLATE_DEPTH, which only recursion does; `out` is then as it was.
 *
 * A section is passed over for null, false, 0, "" and []: what JavaScript's `!!data` (the words of
 * the specification) calls false, and an empty list. {{name}} escapes & < > " and ', {{{name}}}
 * does not. Numbers appear as in JSON, whole ones without a fraction; an array or an object as its
 * JSON.
 */
error template_render(const struct template *t, struct json_object *data, struct arena *arena,
    struct buf *out, char why[TEMPLATE_WHY]) MUST_CHECK;

/* The same for what is no HTML: nothing is escaped. Such texts are written by users, who may put
 * lists into lists: what enters more sections than this, or writes more, is INTERNAL as well. */
#define TEMPLATE_PLAIN_TURNS 1000
#define TEMPLATE_PLAIN_BYTES (64 << 10)
error template_render_plain(const struct template *t, struct json_object *data, struct arena *arena,
    struct buf *out, char why[TEMPLATE_WHY]) MUST_CHECK;

/* Where a name stands, for the test that compares templates with the operations' outputs. */
enum template_use {
	TEMPLATE_VALUE,    /* {{name}} */
	TEMPLATE_SECTION,  /* {{#name}} */
	TEMPLATE_INVERTED, /* {{^name}} */
	TEMPLATE_ARGUMENT  /* {{...|filter name}} */
};

/*
 * A section around a name. `scope`: names inside are first looked up in its value, or in each of
 * its elements; not so for a yes or no such as {{#id|is owner_id}}.
 */
struct template_section {
	const char *path;
	bool scope;
};

struct template_name {
	const char *path; /* dotted, or "." */
	enum template_use use;
	const char *filter; /* the first that gets it; of an argument, its filter; NULL: none */
	const char *file;
	unsigned line;
	const struct template_section *sections; /* outermost first, without inverted ones */
	size_t depth;
};

/*
 * Calls `seen` for every name that rendering the template may look up: its own, and those of its
 * partials and its parents as this template fills them (a block that it replaces is not walked).
 * A recursive partial is walked once more inside itself, no further. All that `seen` gets is valid
 * during the call. NOT_FOUND when there is no such template.
 */
error template_names(const struct template_set *set, const char *name,
    void (*seen)(void *context, const struct template_name *found), void *context) MUST_CHECK;
