/*
 * resource.h: what every noun of the API can do, as data over its table: list, get, create, update,
 *delete and restore. A module whose noun needs nothing special is its schema, its hooks and one of
 *these lines:
 *
 *	RESOURCE_LIST(tags, SORTS("name", "-created_at"));
 *	RESOURCE_GET(tags); RESOURCE_CREATE(tags); RESOURCE_UPDATE(tags); RESOURCE_DELETE(tags);
 *RESOURCE_RESTORE(tags);
 */
#pragma once
#include "core/operation.h"

error resource_list(struct call *call, const void *in, struct json *out);
error resource_get(struct call *call, const void *in, struct json *out);
error resource_create(struct call *call, const void *in, struct json *out);
error resource_update(struct call *call, const void *in, struct json *out);
error resource_delete(struct call *call, const void *in, struct json *out);
error resource_restore(struct call *call, const void *in, struct json *out);

struct by_id {
	uuid id;
};
extern const struct field by_id_fields[1];

#define RESOURCE_OPERATION(TABLE, VERB, KIND, MAY, ROUTE, SUMMARY, ...) \
	const struct operation TABLE##_##VERB = { .name = #TABLE "_" #VERB, \
		.kind = KIND, \
		.may = MAY, \
		.route = ROUTE, \
		.summary = SUMMARY, \
		.table = &TABLE##_table, \
		.run = resource_##VERB, \
		__VA_ARGS__ }; \
	OPERATION_REGISTER(TABLE##_##VERB)

/* The object of the permissions is the table's own name unless RESOURCE_..._AS names another
 * ("contacts" for contact_emails). */
#define RESOURCE_LIST_AS(TABLE, OBJECT, ...) \
	static const struct list_spec TABLE##_list_spec = { __VA_ARGS__ }; \
	RESOURCE_OPERATION(TABLE, list, QUERY_KIND, OBJECT ".view", "GET /v1/" #TABLE, \
	    "List " #TABLE, .answer = ANSWER_LIST, .list = &TABLE##_list_spec)
/* The list again, by nested conditions in a body; after RESOURCE_LIST. */
#define RESOURCE_SEARCH(TABLE) \
	const struct operation TABLE##_search = { .name = #TABLE "_search", \
		.kind = QUERY_KIND, \
		.may = #TABLE ".view", \
		.route = "POST /v1/" #TABLE "/search", \
		.summary = "Search " #TABLE " by nested conditions", \
		.table = &TABLE##_table, \
		.answer = ANSWER_LIST, \
		.run = resource_list, \
		.list = &TABLE##_list_spec }; \
	OPERATION_REGISTER(TABLE##_search)
#define RESOURCE_GET_AS(TABLE, OBJECT) \
	RESOURCE_OPERATION(TABLE, get, QUERY_KIND, OBJECT ".view", "GET /v1/" #TABLE "/{id}", \
	    "Get one of " #TABLE, .answer = ANSWER_ROW, \
	    .in = { by_id_fields, 1, sizeof(struct by_id) })
/* Input fields of create and update are the table's own: set when the program starts, because
 * another unit holds them. */
#define RESOURCE_CREATE_AS(TABLE, OBJECT, ACTION) \
	RESOURCE_OPERATION(TABLE, create, MUTATION_KIND, OBJECT "." ACTION, "POST /v1/" #TABLE, \
	    "Create one of " #TABLE, .answer = ANSWER_ROW, .status = 201)
#define RESOURCE_UPDATE_AS(TABLE, OBJECT, ACTION) \
	RESOURCE_OPERATION(TABLE, update, MUTATION_KIND, OBJECT "." ACTION, \
	    "PATCH /v1/" #TABLE "/{id}", "Change one of " #TABLE, .answer = ANSWER_ROW)
#define RESOURCE_DELETE_AS(TABLE, OBJECT, ACTION) \
	RESOURCE_OPERATION(TABLE, delete, MUTATION_KIND, OBJECT "." ACTION, \
	    "DELETE /v1/" #TABLE "/{id}", "Delete one of " #TABLE, .answer = ANSWER_NOTHING, \
	    .in = { by_id_fields, 1, sizeof(struct by_id) }, .status = 204)
#define RESOURCE_RESTORE_AS(TABLE, OBJECT, ACTION) \
	RESOURCE_OPERATION(TABLE, restore, MUTATION_KIND, OBJECT "." ACTION, \
	    "POST /v1/" #TABLE "/{id}/restore", "Bring back one of " #TABLE, .answer = ANSWER_ROW, \
	    .in = { by_id_fields, 1, sizeof(struct by_id) })

#define RESOURCE_LIST(TABLE, ...) RESOURCE_LIST_AS(TABLE, #TABLE, __VA_ARGS__)
#define RESOURCE_GET(TABLE) RESOURCE_GET_AS(TABLE, #TABLE)
#define RESOURCE_CREATE(TABLE) RESOURCE_CREATE_AS(TABLE, #TABLE, "create")
#define RESOURCE_UPDATE(TABLE) RESOURCE_UPDATE_AS(TABLE, #TABLE, "edit")
#define RESOURCE_DELETE(TABLE) RESOURCE_DELETE_AS(TABLE, #TABLE, "delete")
#define RESOURCE_RESTORE(TABLE) RESOURCE_RESTORE_AS(TABLE, #TABLE, "delete")
/* All six. */
#define RESOURCE(TABLE, ...) \
	RESOURCE_LIST(TABLE, __VA_ARGS__); \
	RESOURCE_GET(TABLE); \
	RESOURCE_CREATE(TABLE); \
	RESOURCE_UPDATE(TABLE); \
	RESOURCE_DELETE(TABLE); \
	RESOURCE_RESTORE(TABLE)
