/*
 * operation.h: an operation is a query or a mutation, declared once, next to its function, as plain
 * const data. It registers itself: adding one touches one file. The gate decodes its input, checks
 * its permission and runs it, for every door alike.
 */
#pragma once
#include "core/call.h"
#include "core/list.h"
#include "core/out.h"

/* Tables: a line is a thing. */
/* clang-format off */
enum operation_kind { QUERY_KIND = 1, MUTATION_KIND };

enum answer_kind {
	ANSWER_NOTHING = 1,  /* no body: 204 */
	ANSWER_OBJECT,       /* an object with the members `out` */
	ANSWER_ROW,          /* a row of `table`: its public columns by `fields`, more by `expand`, and the members `out`; a mutation that
	                      * takes the row out of the caller's reach answers its id alone, and `out` */
	ANSWER_LIST          /* rows of `table`: {"data":[...],"meta":{"has_more","next_cursor","total"}} */
};

enum waits_for { /* what the live process keeps a request for, with Prefer: wait or its like */
	WAITS_FOR_ANOTHER_ANSWER,  /* of a query */
	WAITS_FOR_ITEMS,           /* a feed, {"items":[...],"next","has_more"}: something after `since`; also as a stream of events */
	WAITS_FOR_A_PART           /* one of many queries that it asks, {"changed":[...]} (live_poll.h) */
};

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
	enum answer_kind answer;        /* of success; at the end of a mutation's or a list's stands the company's `version` as well */
	struct field_set out;           /* members of the answer */
	error (*run)(struct call *call, const void *in, struct json *out);
	int status;                     /* of success; 0: 200 */
	const char *limited;            /* counts against a tight limit of its own (log in, sign up): its name */
	size_t body_max;                /* bytes; 0: 1 MiB */
	bool raw_body;                  /* its body is any text, which it takes as it comes: call->file.data */
	bool from_sites;                /* forms of other sites send it: a browser is answered by a page */
	bool revealing;                 /* the answer holds a secret that is shown once: never stored for replay */
	bool shown;                     /* changes nothing that lasts: the page of its form shows the answer, as {{told}} */
	enum waits_for waits_for;
	bool unversioned;               /* the answer does not tell the version: nobody may learn whether anything was done */
	const char *file_example;       /* of one that takes a file (body_max): what could stand in it */
	unsigned refuses;               /* 1 << kind, ...: what it can answer beside the failures that follow from the rest (process/contract.c) */
};

#define OPERATION_REGISTER(NAME) \
	static const struct operation *const NAME##_registered __attribute__((used, section("operations"))) = &NAME

#define OPERATION_DECLARE(NAME, KIND, MAY, OUT, RUN, ...) \
	_Static_assert(sizeof(MAY) > 1, #NAME " needs a permission"); \
	static error NAME##_body(struct call *call, const struct NAME##_in *in, OUT *out); \
	static error NAME##_run(struct call *call, const void *in, struct json *out) RUN(NAME, OUT) \
	const struct operation NAME = { .name = #NAME, .kind = KIND, .may = MAY, \
		.in = { NAME##_fields, sizeof(NAME##_fields) / sizeof(struct field), sizeof(struct NAME##_in) }, \
		.run = NAME##_run, __VA_ARGS__ }; \
	OPERATION_REGISTER(NAME); \
	static error NAME##_body(struct call *call __attribute__((unused)), const struct NAME##_in *in __attribute__((unused)), \
	    OUT *out __attribute__((unused)))

/* QUERY(name, may, answer, .route = ..., .summary = ...) { body with call, in, out; returns error } -- struct name_in and
 * FIELDS(name) must stand before. The answer is one of these: */
#define QUERY(NAME, MAY, ...) OPERATION_DECLARE(NAME, QUERY_KIND, MAY, __VA_ARGS__)
#define MUTATION(NAME, MAY, ...) OPERATION_DECLARE(NAME, MUTATION_KIND, MAY, __VA_ARGS__)

/* An object: the body fills `out`, a struct x_out whose members are none at first. struct x_out and ANSWER(x) must stand before; they
 * may be those of several operations. */
#define OBJECT(X) struct X##_out, ANSWER_FILLED, .answer = ANSWER_OBJECT, .out = ANSWER_SET(X)
/* For what is not in memory at once: the body writes the members of ANSWER(x) to `out`, a struct json. */
#define WRITTEN(X) struct json, ANSWER_WRITTEN, .answer = ANSWER_OBJECT, .out = ANSWER_SET(X)
/* A row of a table, by row_answer(); or with more members, by row_answer_with(). */
#define ROW(TABLE) struct json, ANSWER_WRITTEN, .answer = ANSWER_ROW, .table = &TABLE##_table
#define ROW_WITH(TABLE, X) ROW(TABLE), .out = ANSWER_SET(X)
#define LIST(TABLE) struct json, ANSWER_WRITTEN, .answer = ANSWER_LIST, .table = &TABLE##_table   /* rows, by list_run() */
#define NOTHING struct json, ANSWER_WRITTEN, .answer = ANSWER_NOTHING, .status = 204

#define ANSWER_WRITTEN(NAME, OUT) { return NAME##_body(call, in, out); }
#define ANSWER_FILLED(NAME, OUT) \
	{ \
		OUT filled; \
		out_begin(&call->op->out, &filled); \
		TRY(NAME##_body(call, in, &filled)); \
		out_write(out, &call->op->out, &filled); \
		return OK; \
	}

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
	  .of = &(const struct field_set){ ITEM##_fields, sizeof(ITEM##_fields) / sizeof(struct field), sizeof(struct ITEM##_in), #ITEM }, \
	  __VA_ARGS__ }
/* The answer's members, as FIELDS() are the input's: MEMBER(contacts_summary, open_deals, .doc = ...). Those like a column are null
 * when it may be null. */
#define ANSWER(X) static const struct field X##_answer[]
#define ANSWER_SET(X) { X##_answer, sizeof(X##_answer) / sizeof(struct field), sizeof(struct X##_out), #X }
#define MEMBER(X, NAME, ...) \
	{ .name = #NAME, .type = FIELD_TYPE_OF(((struct X##_out *)0)->NAME), .ref = FIELD_REF_OF(((struct X##_out *)0)->NAME), \
	  .offset = offsetof(struct X##_out, NAME), __VA_ARGS__ }
#define MEMBER_AS(X, NAME, TYPE, ...) { .name = #NAME, .type = TYPE, .offset = offsetof(struct X##_out, NAME), __VA_ARGS__ }
/* An object in the object, a struct y_out with ANSWER(y), or a row of a named query; and lists: of such structs, of such rows, of texts. */
#define MEMBER_OBJECT(X, NAME, Y, ...) MEMBER_AS(X, NAME, T_OBJECT, .of = &(const struct field_set)ANSWER_SET(Y), __VA_ARGS__)
#define MEMBER_LIST(X, NAME, Y, ...) MEMBER_AS(X, NAME, T_LIST, .of = &(const struct field_set)ANSWER_SET(Y), __VA_ARGS__)
#define MEMBER_RESULT(X, NAME, QUERY, ...) MEMBER_AS(X, NAME, T_OBJECT, .of = &QUERY##_query.out, __VA_ARGS__)
#define MEMBER_RESULTS(X, NAME, QUERY, ...) MEMBER_AS(X, NAME, T_LIST, .of = &QUERY##_query.out, __VA_ARGS__)
#define MEMBER_TEXTS(X, NAME, ...) MEMBER_AS(X, NAME, T_TEXTS, __VA_ARGS__)
/* {"name":value, ...}: a list of struct y_out with two members, of which the first is the name. */
#define MEMBER_MAP(X, NAME, Y, ...) MEMBER_AS(X, NAME, T_MAP, .of = &(const struct field_set)ANSWER_SET(Y), __VA_ARGS__)
/* A row of a table as its own operations answer it, in a json_text. */
#define MEMBER_ROW(X, NAME, TABLE, ...) MEMBER_AS(X, NAME, T_ROW, .ref = &TABLE##_table, __VA_ARGS__)

#define NO_INPUT(NAME) struct NAME##_in { char none; }; FIELDS(NAME) = {}
#define NO_MEMBERS(X) struct X##_out { char none; }; ANSWER(X) = {}

/* Weak: a test without modules has none. */
extern const struct operation *const __start_operations[] __attribute__((weak)), *const __stop_operations[] __attribute__((weak));
size_t operations_count(void);
const struct operation *operation_at(size_t index);
/* The input's fields: those of the operation, or the table's own for a plain create and update. */
const struct field_set *operation_input(const struct operation *op);
const struct operation *operation_named(str name);           /* NULL: none */
/* ANYONE may ask: it looks in all companies, so no topic of the asker's tells when its answer changes. */
bool operation_is_open(const struct operation *op);
/* clang-format on */
