/*
 * openapi.h: what the files of `muster emit openapi` share. openapi.c writes the document and its
 * operations, openapi_schema.c what values look like, openapi_example.c examples of them. A schema
 * that is named is written once, below components, when something has referred to it.
 */
#pragma once
#include "process/contract.h"

struct openapi;
struct openapi_name {
	const char *name;
	void (*write)(struct openapi *o, const void *what);
	const void *what;
};

struct openapi {
	struct arena *arena;
	struct json *out;
	struct openapi_name *names; /* that were referred to, in this order */
	size_t n_names;
};

enum direction { INPUT, ANSWERED };

/* Small forms of what stands everywhere: {"type":"string"}, "key":"text". */
void openapi_text(struct openapi *o, const char *key, const char *text);
void openapi_ref(struct openapi *o, const char *where, const char *name);

/* {"$ref":"#/components/schemas/NAME"}; it is written later by `write`. */
void openapi_schema_ref(struct openapi *o, const char *name,
    void (*write)(struct openapi *o, const void *what), const void *what);
void openapi_components(struct openapi *o); /* the members of components.schemas */

/* The schema of a value. `op` may be NULL; `doc` is a description or NULL. */
void openapi_value(struct openapi *o, const struct operation *op, const struct field *f,
    enum direction direction, bool nullable, const char *doc);
/* An object of an input's members, and nothing else. */
void openapi_input(struct openapi *o, const struct contract *c);
/* What an operation answers when it succeeds. */
void openapi_answer(struct openapi *o, const struct contract *c);
void openapi_problem(struct openapi *o); /* a reference to the problem document */

/* A value as an example, after a key: false, and nothing written, when there is none to be given.
 */
bool openapi_example(
    struct openapi *o, const struct operation *op, const struct field *f, bool written);
/* Whether the member stands in an example of an input: what must be given, and what has one. */
bool openapi_in_example(const struct contract *c, const struct contract_member *m);
void openapi_input_example(struct openapi *o, const struct contract *c);
/* The id of a row in examples, the same for each table wherever it stands. */
const char *openapi_example_id(struct arena *a, const struct table *table);

/* The document of these operations, and of no others. */
void openapi_document(struct arena *a, const struct contract *all, size_t n, struct buf *document);
/* What a group of operations is about, or NULL. */
const char *openapi_group_doc(const char *group);
