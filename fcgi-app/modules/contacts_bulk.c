/*
 * contacts_bulk.c: many contacts at once: a new owner, a tag on or off, and a list of creates and
 * changes with a status for each. Statements: sql/query/contacts.sql. Tests:
 * tests/http/contacts.test.mjs.
 */
#include <stdlib.h>

#include "core/gate.h"
#include "core/operation.h"
#include "core/parts.h"
#include "core/query_run.h"
#include "modules/contacts.h"

enum { AT_ONCE = 200, BATCH = 100, BATCH_BYTES = 900000 };

static int compare_ids(const void *a, const void *b)
{
	return strcmp(((const uuid *)a)->text, ((const uuid *)b)->text);
}

/* In one order everywhere, so that two of these cannot wait for each other; each once. */
static void in_order(list *ids)
{
	uuid *id = ids->items;
	size_t n = 0;
	if (ids->n)
		qsort(id, ids->n, sizeof *id, compare_ids);
	for (size_t i = 0; i < ids->n; i++)
		if (!n || strcmp(id[n - 1].text, id[i].text) != 0)
			id[n++] = id[i];
	ids->n = n;
}

static error lock_one(struct call *call, const uuid *id, struct contact *contact)
{
	contact_id typed;
	memcpy(typed.text, id->text, sizeof typed.text);
	error e = contact_lock(call, typed, contact);
	if (e == NOT_FOUND || e == FORBIDDEN)
		(void)!fail_code(
		    call, e, "ids", e == FORBIDDEN ? "forbidden" : "not_found", "%s", id->text);
	return e;
}

struct contacts_count_out {
	int64_t count;
};
ANSWER(contacts_count) = { MEMBER(contacts_count, count, .doc = "How many contacts were named") };

#define IDS(S, ...) \
	{ \
		.name = "ids", .type = T_IDS, .ref = &contacts_table, .min = 1, .max = AT_ONCE, \
		.offset = offsetof(struct S, ids), \
		.doc = "The contacts: all of them or, when one cannot be, none", __VA_ARGS__ \
	}

/* ---- a new owner ---- */

struct contacts_assign_in {
	list ids;
	agent_id owner_id;
	team_id team_id;
};
FIELDS(contacts_assign) = {
	IDS(contacts_assign_in, .flags = F_REQUIRED),
	FIELD(contacts_assign, owner_id, .flags = F_NULLABLE, .like = COLUMN(contacts, owner_id),
	    .example = "agents"),
	FIELD(contacts_assign, team_id, .flags = F_NULLABLE, .like = COLUMN(contacts, team_id)),
};

MUTATION(contacts_assign, "contacts.edit", OBJECT(contacts_count),
    .route = "POST /v1/contacts/assign",
    .summary = "Give contacts to an owner or a team; answers how many")
{
	list ids = in->ids;
	if (!given(call, "owner_id") && !given(call, "team_id"))
		return fail_code(
		    call, INVALID, "owner_id", "required", "name an owner_id or a team_id");
	in_order(&ids);
	for (size_t i = 0; i < ids.n; i++) {
		struct contact contact;
		TRY(lock_one(call, (const uuid *)ids.items + i, &contact));
		if (given(call, "owner_id"))
			contact.owner_id = in->owner_id;
		if (given(call, "team_id"))
			contact.team_id = in->team_id;
		TRY(contact_update(call, &contact));
	}
	out->count = (int64_t)ids.n;
	return OK;
}

/* ---- a tag on or off ---- */

struct contacts_tag_in {
	list ids;
	contact_id id;
	tag_id tag_id;
};
FIELDS(contacts_tag) = {
	IDS(contacts_tag_in, .example = "contacts"),
	FIELD(contacts_tag, id, .doc = "One contact, in place of ids"),
	FIELD(contacts_tag, tag_id, .flags = F_REQUIRED, .doc = "The tag"),
};
struct contacts_untag_in {
	list ids;
	contact_id id;
	tag_id tag_id;
};
FIELDS(contacts_untag) = {
	IDS(contacts_untag_in, .example = "contacts"),
	FIELD(contacts_untag, id, .doc = "One contact, in place of ids"),
	FIELD(contacts_untag, tag_id, .flags = F_REQUIRED, .doc = "The tag"),
};

static error mark_of(struct call *call, contact_id contact, tag_id tag, contact_tag_id *mark)
{
	struct contact_tag_marks_row *marks;
	size_t n;
	*mark = (contact_tag_id) { "" };
	TRY(query_all(call, &contact_tag_marks_query,
	    &(struct contact_tag_marks_in) { .contact = contact }, &marks, &n));
	for (size_t i = 0; i < n; i++)
		if (!strcmp(marks[i].tag_id.text, tag.text))
			*mark = marks[i].id;
	return OK;
}

/* One that has as many tags as are allowed, or more, gets no other. */
static error keep_tags(struct call *call, struct contact *contact, bool on)
{
	struct tags_of_contact_row *tags;
	size_t n;
	TRY(query_all(call, &tags_of_contact_query,
	    &(struct tags_of_contact_in) { .contact = contact->id }, &tags, &n));
	if (on && n > CONTACT_PARTS_MAX)
		return fail_code(call, INVALID, "tag_id", "range",
		    "%.*s has %zu tags, and %d are the most", (int)contact->full_name.n,
		    contact->full_name.p, n - 1, CONTACT_PARTS_MAX);
	contact->tags = part_document(call, &tags_of_contact_query.out, tags, n);
	return contact_update(call, contact);
}

static error mark_all(
    struct call *call, list ids, contact_id id, tag_id tag, bool on, int64_t *count)
{
	uuid one;
	memcpy(one.text, id.text, sizeof one.text);
	if (id.text[0])
		ids = (list) { &one, 1 };
	if (!ids.n)
		return fail_code(call, INVALID, "ids", "required", "name the contacts");
	in_order(&ids);
	for (size_t i = 0; i < ids.n; i++) {
		struct contact contact;
		contact_tag_id mark;
		TRY(lock_one(call, (const uuid *)ids.items + i, &contact));
		TRY(mark_of(call, contact.id, tag, &mark));
		if ((mark.text[0] != 0) == on)
			continue;
		if (on)
			TRY(contact_tag_insert(call,
			    &(struct contact_tag) { .contact_id = contact.id, .tag_id = tag }));
		else
			TRY(contact_tag_delete(call, mark));
		TRY(keep_tags(call, &contact, on));
	}
	*count = (int64_t)ids.n;
	return OK;
}

MUTATION(contacts_tag, "contacts.edit", OBJECT(contacts_count), .route = "POST /v1/contacts/tag",
    .table = &contacts_table, .summary = "Give contacts a tag; answers how many")
{
	return mark_all(call, in->ids, in->id, in->tag_id, true, &out->count);
}

MUTATION(contacts_untag, "contacts.edit", OBJECT(contacts_count),
    .route = "POST /v1/contacts/untag", .table = &contacts_table,
    .summary = "Take a tag off contacts; answers how many")
{
	return mark_all(call, in->ids, in->id, in->tag_id, false, &out->count);
}

/* ---- creates and changes, with a status for each ---- */

struct contacts_batch_in {
	json_text items;
	bool atomic;
};
FIELDS(contacts_batch) = {
	FIELD(contacts_batch, items, .flags = F_REQUIRED, .max = BATCH_BYTES,
	    .example = "[{\"first_name\":\"Charles\",\"last_name\":\"Babbage\"}]",
	    .doc = "1 to 100 contacts as for a create; one with the id of a contact that there is "
		   "changes it"),
	FIELD(contacts_batch, atomic, .doc = "All or none: the first that is refused refuses all"),
};

struct batch_result_out {
	int64_t status;
	json_text data, problem;
};
ANSWER(batch_result) = {
	MEMBER(batch_result, status, .doc = "HTTP status, as if it had been sent alone"),
	MEMBER_ROW(batch_result, data, contacts, .flags = F_OPTIONAL, .doc = "The contact"),
	MEMBER(batch_result, problem, .flags = F_OPTIONAL,
	    .doc = "In its place, why it was refused: a problem document (RFC 9457)"),
};

struct contacts_batch_out {
	list results;
};
ANSWER(contacts_batch) = { MEMBER_LIST(
    contacts_batch, results, batch_result, .doc = "What became of each, in their order") };

/* What an item asks for: a change when it names a contact that the caller sees, else a create. */
static error item_operation(
    struct call *call, struct json_object *item, const struct operation **op)
{
	struct json_object *value;
	uuid id;
	*op = operation_named(STR("contacts_create"));
	if (!json_object_object_get_ex(item, "id", &value) ||
	    !json_object_is_type(value, json_type_string) ||
	    !uuid_parse(str_of(json_object_get_string(value)), &id))
		return OK;
	error e = row_visible(call, &contacts_table, id.text);
	if (e == OK)
		*op = operation_named(STR("contacts_update"));
	return e == NOT_FOUND ? OK : e;
}

struct item {
	struct json_object *sent;
	struct buf *answer;
	int status;
};

static error run_item(struct call *call, void *with)
{
	struct item *item = with;
	const struct operation *op;
	struct json j;
	TRY(item_operation(call, item->sent, &op));
	json_begin(&j, item->answer);
	item->status = op->status ? op->status : 200;
	return call_run(call, op, item->sent, &j);
}

/* A refused item is answered by its problem, and the others go on. */
static error try_item(struct call *call, struct item *item)
{
	error e = call_attempt(call, run_item, item);
	if (e == OK || !call->problem.kind || e == RETRY || e == INTERNAL || e == UNAVAILABLE)
		return e;
	item->status = problem_status(e);
	buf_clear(item->answer);
	gate_problem(
	    call->arena, item->answer, e, &call->problem, (str) { NULL, 0 }, (str) { NULL, 0 });
	call->problem = (struct problem) { 0 };
	return OK;
}

/* The refusal of an item refuses all: its fields are named as those of the whole. */
static error refuse_all(struct call *call, size_t index, error e)
{
	const struct problem was = call->problem;
	call->problem = (struct problem) {
		.kind = was.kind, .detail = was.detail, .existing_id = was.existing_id
	};
	for (size_t i = 0; i < was.n_fields; i++)
		(void)!fail_code(call, was.kind,
		    arena_printf(call->arena, "items/%zu%s", index, was.fields[i].pointer),
		    was.fields[i].code, "%s", was.fields[i].detail);
	return e;
}

static error run_items(struct call *call, struct json_object *items, bool atomic, list *results)
{
	size_t n = json_object_array_length(items);
	struct batch_result_out *result = ARENA_ARRAY(call->arena, n, struct batch_result_out);
	struct buf answer = { 0 };
	error e = OK;
	*results = (list) { result, n };
	for (size_t i = 0; e == OK && i < n; i++) {
		struct item item = { .sent = json_object_array_get_idx(items, i),
			.answer = &answer };
		buf_clear(&answer);
		if (!json_object_is_type(item.sent, json_type_object)) {
			e = fail_code(call, INVALID, arena_printf(call->arena, "items/%zu", i),
			    "type", "must be an object");
			break;
		}
		e = atomic ? run_item(call, &item) : try_item(call, &item);
		if (e != OK) {
			e = atomic && call->problem.kind ? refuse_all(call, i, e) : e;
			break;
		}
		json_text document = { { arena_text(call->arena, answer.p, answer.n), answer.n } };
		result[i].status = item.status;
		*(item.status < 300 ? &result[i].data : &result[i].problem) = document;
	}
	buf_free(&answer);
	return e;
}

MUTATION(contacts_batch, "contacts.edit", OBJECT(contacts_batch),
    .route = "POST /v1/contacts/batch",
    .summary = "Create and change up to 100 contacts, with a status for each")
{
	const char *why;
	struct json_object *items = json_read(call->arena, in->items.json, &why);
	size_t n =
	    json_object_is_type(items, json_type_array) ? json_object_array_length(items) : 0;
	if (n < 1 || n > BATCH)
		return fail_code(
		    call, INVALID, "items", "range", "must be a list of 1 to %d contacts", BATCH);
	return run_items(call, items, in->atomic, &out->results);
}
