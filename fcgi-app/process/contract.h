/*
 * contract.h: an operation as its clients see it: which of its fields stand where, what it answers
 * and how it can fail. Whatever `muster emit` writes of an operation follows from here, so that the
 * API document and the client that is made for a language cannot differ. Tests:
 * tests/unit/contract_test.c
 */
#pragma once
#include "core/operation.h"

struct contract_member {
	const char *name;
	const struct field *field; /* its type, and its limits and values by field_rule() */
	const char *doc;
	bool required, nullable;
	bool several; /* of a list's filter: one value, or many with commas between them */
	const char *const *sorts; /* of `sort`: the columns, each also with - before it */
	bool fields, expand;      /* it names columns of op->table; some of its references */
};

struct contract_members {
	struct contract_member *v;
	size_t n;
};

enum contract_body {
	BODY_NONE,
	BODY_JSON,   /* the members of in_body */
	BODY_FILE,   /* multipart/form-data: `file`, and the members of in_body */
	BODY_SEARCH, /* `where`: conditions over list_filters(), and the members of in_body */
};

struct contract {
	const struct operation *op;
	const char *method, *path; /* GET, /v1/contacts/{id} */
	const char *group, *verb;  /* contacts, get: what its name is made of */
	struct contract_members in_path, in_query, in_body;
	enum contract_body body;
	bool waits;       /* takes If-None-Match and Prefer: wait */
	bool conditional; /* takes If-Match */
	bool once;        /* takes Idempotency-Key */
	bool versioned;   /* `version` stands in its answer */
	int status;       /* of success */
	unsigned refuses; /* 1 << kind of failure, ... */
};

/* Every operation that has a route, by name. */
struct contract *contracts(struct arena *a, size_t *n);
/* Every operation, by name. */
const struct operation **contract_operations(struct arena *a, size_t *n);

/* contact_emails -> ContactEmails */
const char *contract_camel(struct arena *a, const char *name);
/* The table that an id points into, or NULL. `op` may be NULL. */
const struct table *contract_ref(const struct operation *op, const struct field *f);
/* Of a member of an answer: null may stand there; it may not be there at all. */
bool contract_answer_null(const struct field *f);
bool contract_answer_left_out(const struct field *f);
/* The nth reference of a table that `expand` names, from 0, or NULL; *name is the member that it
 * adds: a row of field->ref, without its documents, or a text for a subject's title. Either can be
 * null. */
const struct field *contract_expansion(
    struct arena *a, const struct table *table, size_t n, const char **expand, const char **name);
