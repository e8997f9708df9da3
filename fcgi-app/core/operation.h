/*
 * operation.h: an operation is a query or a mutation, declared once, next to its function, as plain const
 * data. It registers itself: adding one touches one file. The gate decodes its input, checks its
 * permission and runs it, for every door alike.
 */
#pragma once
#include "core/call.h"
#include "core/list.h"

enum operation_kind { QUERY_KIND = 1, MUTATION_KIND };

/* In place of a permission. */
#define ANYONE "*anyone"         /* needs no login: the operation checks a secret of its own, or tells nothing */
#define SIGNED_IN "*signed_in"   /* any agent, about nothing but itself */

struct operation {
	const char *name;               /* contacts_list */
	enum operation_kind kind;
	const char *may;                /* "contacts.view", ANYONE or SIGNED_IN */
	const char *route;              /* "GET /v1/contacts/{id}"; NULL: for the program itself, no door leads to it */
	const char *summary;            /* one line of the API document */
	struct field_set in;
	const struct table *table;      /* whose rows it is about, or NULL */
	const struct list_spec *list;   /* of a list */
	const struct field_set *out;    /* what one row of the answer holds; NULL: the table's public columns */
	error (*run)(struct call *call, const void *in, struct json *out);
	int status;                     /* of success; 0: 200 */
	const char *limited;            /* counts against a tight limit of its own (log in, sign up): its name */
	size_t body_max;                /* bytes; 0: 1 MiB */
	bool revealing;                 /* the answer holds a secret that is shown once: never stored for replay */
};

#define OPERATION_REGISTER(NAME) \
	static const struct operation *const NAME##_registered __attribute__((used, section("operations"))) = &NAME

#define OPERATION_DECLARE(NAME, KIND, MAY, ...) \
	_Static_assert(sizeof(MAY) > 1, #NAME " needs a permission"); \
	static error NAME##_body(struct call *call, const struct NAME##_in *in, struct json *out); \
	static error NAME##_run(struct call *call, const void *in, struct json *out) { return NAME##_body(call, in, out); } \
	const struct operation NAME = { .name = #NAME, .kind = KIND, .may = MAY, \
		.in = { NAME##_fields, sizeof(NAME##_fields) / sizeof(struct field), sizeof(struct NAME##_in) }, \
		.run = NAME##_run, __VA_ARGS__ }; \
	OPERATION_REGISTER(NAME); \
	static error NAME##_body(struct call *call __attribute__((unused)), const struct NAME##_in *in __attribute__((unused)), \
	    struct json *out __attribute__((unused)))

/* QUERY(name, may, .route = ..., .summary = ...) { body with call, in, out; returns error } -- struct name_in and
 * FIELDS(name) must stand before. The body writes one JSON document to out. */
#define QUERY(NAME, MAY, ...) OPERATION_DECLARE(NAME, QUERY_KIND, MAY, __VA_ARGS__)
#define MUTATION(NAME, MAY, ...) OPERATION_DECLARE(NAME, MUTATION_KIND, MAY, __VA_ARGS__)

#define FIELDS(NAME) static const struct field NAME##_fields[]
/* FIELD(deals_win, amount, .flags = F_REQUIRED, .like = COLUMN(deals, amount)): type and table follow from the member. */
#define FIELD(NAME, MEMBER, ...) \
	{ .name = #MEMBER, .type = FIELD_TYPE_OF(((struct NAME##_in *)0)->MEMBER), \
	  .ref = FIELD_REF_OF(((struct NAME##_in *)0)->MEMBER), .offset = offsetof(struct NAME##_in, MEMBER), __VA_ARGS__ }
/* Ids of rows of a table: member of type list, items uuid. */
#define FIELD_IDS(NAME, MEMBER, TABLE, ...) \
	{ .name = #MEMBER, .type = T_IDS, .ref = &TABLE##_table, .offset = offsetof(struct NAME##_in, MEMBER), __VA_ARGS__ }
/* A list of structs: member of type list, items struct ITEM_in described by FIELDS(ITEM); max items by .max. */
#define FIELD_LIST(NAME, MEMBER, ITEM, ...) \
	{ .name = #MEMBER, .type = T_LIST, .offset = offsetof(struct NAME##_in, MEMBER), \
	  .of = &(const struct field_set){ ITEM##_fields, sizeof(ITEM##_fields) / sizeof(struct field), sizeof(struct ITEM##_in) }, __VA_ARGS__ }
#define NO_INPUT(NAME) struct NAME##_in { char none; }; FIELDS(NAME) = {}

/* Weak: a test without modules has none. */
extern const struct operation *const __start_operations[] __attribute__((weak)), *const __stop_operations[] __attribute__((weak));
size_t operations_count(void);
const struct operation *operation_at(size_t index);
/* The input's fields: those of the operation, or the table's own for a plain create and update. */
const struct field_set *operation_input(const struct operation *op);
const struct operation *operation_named(str name);           /* NULL: none */
/* ANYONE may ask: it looks in all companies, so no topic of the asker's tells when its answer changes. */
bool operation_is_open(const struct operation *op);
