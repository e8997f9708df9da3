/*
 * contacts.c: people and organisations, with their e-mails, phones, addresses and tags in one
 * request. The documents of a contact (emails, phones, addresses, tags) repeat the rows of their
 * tables; the operations here write rows and documents together. Columns: sql/schema/contacts.sql.
 * Statements: sql/query/contacts.sql. Pages: templates/contacts/. Many at once: contacts_bulk.c.
 * Two that become one: contacts_merge.c. Tests: tests/http/contacts.test.mjs.
 */
#include "modules/contacts.h"
#include "core/page.h"
#include "core/parts.h"
#include "core/query_run.h"
#include "core/resource.h"
#include "core/text.h"

/* ---- rules ---- */

static error refuse_name(struct call *call, const char *field, str value, const char *who)
{
	return str_none(value) ? OK : fail(call, INVALID, field, "only %s has this", who);
}

/* The first choice among the addresses of the document, or none. */
static str first_email(struct call *call, json_text emails)
{
	const char *why;
	struct json_object *address,
	    *all = str_none(emails.json) ? NULL : json_read(call->arena, emails.json, &why);
	if (!json_object_is_type(all, json_type_array) || !json_object_array_length(all) ||
	    !json_object_object_get_ex(json_object_array_get_idx(all, 0), "address", &address))
		return (str) { NULL, 0 };
	return str_of(json_object_get_string(address));
}

static str full_name(struct call *call, const struct contact *c)
{
	str first = str_trim(c->first_name), last = str_trim(c->last_name);
	if (c->kind == CONTACT_KIND_ORGANISATION && c->name.n)
		return c->name;
	if (c->kind == CONTACT_KIND_PERSON && (first.n || last.n))
		return str_of(
		    arena_printf(call->arena, "%.*s%s%.*s", (int)first.n, first.p ? first.p : "",
			first.n && last.n ? " " : "", (int)last.n, last.p ? last.p : ""));
	str email = first_email(call, c->emails);
	/* The addresses of one that was merged have moved: it is told of by the name that it had.
	 */
	if (!email.n && c->merged_into_id.text[0] && c->full_name.n)
		return c->full_name;
	/* Longer than a name can be only beyond what mail servers take. */
	return email.n && email.n <= (size_t)COLUMN(contacts, full_name)->max ? email
									      : STR("Unnamed");
}

static error check_organisation(
    struct call *call, const struct contact *before, const struct contact *after)
{
	struct contact_kind_of_row row;
	const char *id = after->organisation_id.text;
	if (!id[0] || (before && !strcmp(before->organisation_id.text, id)))
		return OK;
	if (!strcmp(id, after->id.text))
		return fail(call, INVALID, "organisation_id", "a contact cannot belong to itself");
	error e = query_one_once(call, &contact_kind_of_query,
	    &(struct contact_kind_of_in) { .contact = after->organisation_id }, &row);
	if (e == OK && row.kind != CONTACT_KIND_ORGANISATION)
		return fail(call, INVALID, "organisation_id", "must be an organisation");
	return e == NOT_FOUND ? OK : e; /* the write path says that there is none */
}

static error check_website(
    struct call *call, const struct contact *before, const struct contact *after)
{
	str site = after->website;
	if (str_none(site) || !site.n || (before && str_eq(site, before->website)) ||
	    text_web_address(site.p, site.n))
		return OK;
	return fail(call, INVALID, "website", "must be a web address, such as https://example.com");
}

static error contact_before(struct call *call, const void *before, void *after)
{
	struct contact *c = after;
	if (!before) /* new, or back */
		c->merged_into_id = (contact_id) { "" };
	if (!c->kind)
		c->kind = CONTACT_KIND_PERSON;
	if (c->kind == CONTACT_KIND_PERSON) {
		TRY(refuse_name(call, "name", c->name, "an organisation"));
	} else {
		TRY(refuse_name(call, "first_name", c->first_name, "a person"));
		TRY(refuse_name(call, "last_name", c->last_name, "a person"));
	}
	TRY(check_website(call, before, c));
	c->full_name = full_name(call, c);
	return check_organisation(call, before, c);
}

ROW_HOOK(contacts, .before_write = contact_before);

/* ---- input: the row, and lists that replace what the contact has ---- */

#define ITEM(ROW, TABLE, MEMBER, ...) \
	{ \
		.name = #MEMBER, .type = FIELD_TYPE_OF(((struct ROW *)0)->MEMBER), \
		.offset = offsetof(struct ROW, MEMBER), .like = COLUMN(TABLE, MEMBER), __VA_ARGS__ \
	}
#define ITEMS(NAME, ROW, ...) \
	static const struct field NAME##_items_fields[] = { __VA_ARGS__ }; \
	static const struct field_set NAME##_items = { NAME##_items_fields, \
		sizeof(NAME##_items_fields) / sizeof(struct field), sizeof(struct ROW), #ROW }

ITEMS(emails, contact_email, ITEM(contact_email, contact_emails, id),
    ITEM(contact_email, contact_emails, address, .flags = F_NULLABLE),
    ITEM(contact_email, contact_emails, type), ITEM(contact_email, contact_emails, primary));
ITEMS(phones, contact_phone, ITEM(contact_phone, contact_phones, id),
    ITEM(contact_phone, contact_phones, value, .flags = F_NULLABLE),
    ITEM(contact_phone, contact_phones, type), ITEM(contact_phone, contact_phones, primary));
ITEMS(addresses, contact_address, ITEM(contact_address, contact_addresses, id),
    ITEM(contact_address, contact_addresses, type),
    ITEM(contact_address, contact_addresses, street, .flags = F_NULLABLE),
    ITEM(contact_address, contact_addresses, street2, .flags = F_NULLABLE),
    ITEM(contact_address, contact_addresses, city, .flags = F_NULLABLE),
    ITEM(contact_address, contact_addresses, region, .flags = F_NULLABLE),
    ITEM(contact_address, contact_addresses, postal_code, .flags = F_NULLABLE),
    ITEM(contact_address, contact_addresses, country, .flags = F_NULLABLE));

struct lists {
	list emails, phones, addresses, tag_ids;
};
/* What is merged with the tags that a contact has is measured then. */
enum { TAG_IDS_MAX = 1000 };

#define PARTS(S, NAME, DOC) \
	{ \
		.name = #NAME, .type = T_LIST, .of = &NAME##_items, .max = CONTACT_PARTS_MAX, \
		.offset = offsetof(struct S, lists.NAME), \
		.doc = DOC "; given: all that the contact has from now on" \
	}
#define TAG_IDS(S, MAX, DOC) \
	{ \
		.name = "tag_ids", .type = T_IDS, .ref = &tags_table, .max = MAX, \
		.offset = offsetof(struct S, lists.tag_ids), \
		.doc = "Tags; given: all that the contact has from now on" DOC \
	}
#define LISTS(S, ...) \
	PARTS(S, emails, "E-mail addresses"), PARTS(S, phones, "Phone numbers"), \
	    PARTS(S, addresses, "Postal addresses"), TAG_IDS(S, __VA_ARGS__)

static void *item_at(const list *l, const struct field_set *set, size_t i)
{
	return (char *)l->items + i * set->size;
}

/* A form sends lines that were left empty; they are no input. Elsewhere a line without its value is
 * refused. */
static error drop_empty(
    struct call *call, const char *name, const struct field_set *set, const char *key, list *l)
{
	struct json_object *sent = NULL;
	bool form = call->tree && json_object_object_get_ex(call->tree, name, &sent) &&
		    !json_object_is_type(sent, json_type_array);
	const struct field *f = field_find(set, str_of(key));
	size_t kept = 0;
	for (size_t i = 0; i < l->n; i++) {
		const str *value = (const str *)(void *)((char *)item_at(l, set, i) + f->offset);
		if (!value->n && !form)
			return fail_code(call, INVALID,
			    arena_printf(call->arena, "%s/%zu/%s", name, i, key), "required",
			    "is required");
		if (value->n)
			memmove(item_at(l, set, kept++), item_at(l, set, i), set->size);
	}
	l->n = kept;
	return OK;
}

static error take_lists(struct call *call, struct lists *l)
{
	TRY(drop_empty(call, "emails", &emails_items, "address", &l->emails));
	return drop_empty(call, "phones", &phones_items, "value", &l->phones);
}

/* ---- tags ---- */

/* The tags of the ids as the contact's document; INVALID for one that there is not. */
static error tags_document(struct call *call, const list *ids, json_text *document)
{
	struct buf joined = { 0 };
	struct tags_of_ids_row *rows;
	const uuid *id = ids->items;
	size_t n;
	*document = (json_text) { STR("[]") };
	if (!ids->n)
		return OK;
	for (size_t i = 0; i < ids->n; i++)
		buf_printf(&joined, "%s%s", i ? "," : "", id[i].text);
	str text = { arena_text(call->arena, joined.p, joined.n), joined.n };
	buf_free(&joined);
	TRY(query_all(
	    call, &tags_of_ids_query, &(struct tags_of_ids_in) { .ids = text }, &rows, &n));
	for (size_t i = 0; i < ids->n; i++) {
		size_t k = 0;
		while (k < n && strcmp(rows[k].id.text, id[i].text) != 0)
			k++;
		if (k == n)
			return fail_code(call, INVALID, arena_printf(call->arena, "tag_ids/%zu", i),
			    "not_found", "there is no such tag");
	}
	*document = part_document(call, &tags_of_ids_query.out, rows, n);
	return OK;
}

/* Those that the contact has not. */
static error add_tags(struct call *call, contact_id contact, const list *ids,
    const struct contact_tag_marks_row *marks, size_t n)
{
	struct contact_tag *fresh = ARENA_ARRAY(call->arena, ids->n + 1, struct contact_tag);
	size_t n_fresh = 0;
	for (size_t i = 0; i < ids->n; i++) {
		const uuid *id = (const uuid *)ids->items + i;
		bool there = ids_have((list) { ids->items, i }, id->text);
		for (size_t k = 0; k < n && !there; k++)
			there = !strcmp(marks[k].tag_id.text, id->text);
		if (there)
			continue;
		fresh[n_fresh].contact_id = contact;
		memcpy(fresh[n_fresh++].tag_id.text, id->text, sizeof id->text);
	}
	return contact_tags_insert_all(call, fresh, n_fresh);
}

static error replace_tags(struct call *call, contact_id contact, const list *ids)
{
	struct contact_tag_marks_row *marks;
	size_t n;
	TRY(query_all(call, &contact_tag_marks_query,
	    &(struct contact_tag_marks_in) { .contact = contact }, &marks, &n));
	for (size_t i = 0; i < n; i++)
		if (!ids_have(*ids, marks[i].tag_id.text))
			TRY(contact_tag_delete(call, marks[i].id));
	return add_tags(call, contact, ids, marks, n);
}

/* ---- create ---- */

static struct json_object *without_ids(struct call *call, json_text document)
{
	const char *why;
	struct json_object *rows =
	    str_none(document.json) ? NULL : json_read(call->arena, document.json, &why);
	for (size_t i = 0; rows && i < json_object_array_length(rows); i++)
		json_object_object_del(json_object_array_get_idx(rows, i), "id");
	return rows;
}

/* The same create again, by a client that missed the answer: it must say the same of the lists,
 * too. */
static error repeated(struct call *call, const struct contact *asked, struct json *out)
{
	struct contact stored;
	TRY(contact_lock_any(call, asked->id, &stored));
	const json_text *a[] = { &asked->emails, &asked->phones, &asked->addresses, &asked->tags };
	const json_text *b[] = { &stored.emails, &stored.phones, &stored.addresses, &stored.tags };
	for (size_t i = 0; i < 4; i++)
		if (!json_object_equal(without_ids(call, *a[i]), without_ids(call, *b[i])))
			return fail_code(call, CONFLICT, "id", "taken", "this id is in use");
	return row_answer(call, &contacts_table, asked->id.text, out);
}

struct contacts_create_in {
	struct contact row;
	struct lists lists;
};
FIELDS(contacts_create) = { CONTACT_CREATE_FIELDS(contacts_create_in, row),
	LISTS(contacts_create_in, CONTACT_PARTS_MAX, "") };

MUTATION(contacts_create, "contacts.create", ROW(contacts), .route = "POST /v1/contacts",
    .status = 201, .summary = "Create a contact with its e-mails, phones, addresses and tags")
{
	const struct part *emails = part_of(&contact_emails_table),
			  *phones = part_of(&contact_phones_table),
			  *addresses = part_of(&contact_addresses_table);
	struct lists l = in->lists;
	struct contact row;
	row_init(&contacts_table, &row);
	row_merge(call, &contacts_table, &row, &in->row);
	row.id = in->row.id;
	row.kind = in->row.kind;
	row_defaults(call, &contacts_table, &row);
	TRY(take_lists(call, &l));
	TRY(part_arrange(call, emails, l.emails.items, l.emails.n));
	TRY(part_arrange(call, phones, l.phones.items, l.phones.n));
	TRY(part_arrange(call, addresses, l.addresses.items, l.addresses.n));
	row.emails = part_document(call, &emails->table->update_input, l.emails.items, l.emails.n);
	row.phones = part_document(call, &phones->table->update_input, l.phones.items, l.phones.n);
	row.addresses =
	    part_document(call, &addresses->table->update_input, l.addresses.items, l.addresses.n);
	TRY(tags_document(call, &l.tag_ids, &row.tags));
	size_t changes = call->n_changes;
	TRY(contact_insert(call, &row));
	if (call->n_changes == changes)
		return repeated(call, &row, out);
	TRY(part_insert(call, emails, row.id.text, l.emails.items, l.emails.n));
	TRY(part_insert(call, phones, row.id.text, l.phones.items, l.phones.n));
	TRY(part_insert(call, addresses, row.id.text, l.addresses.items, l.addresses.n));
	TRY(add_tags(call, row.id, &l.tag_ids, NULL, 0));
	return row_answer(call, &contacts_table, row.id.text, out);
}

/* ---- update ---- */

static error replace_part(struct call *call, const struct table *table, contact_id contact,
    const list *l, json_text *document)
{
	const struct part *part = part_of(table);
	void *rows;
	size_t n;
	if (!given(call, part->document->name))
		return OK;
	TRY(part_replace(call, part, contact.text, l->items, l->n));
	TRY(part_rows(call, part, contact.text, &rows, &n));
	*document = part_document(call, &table->update_input, rows, n);
	return OK;
}

/* Who saw some tags and sends others changes only what differs: a tag that somebody else has given
 * or taken away meanwhile stays so. */
static void merge_tags(struct call *call, const struct tags_of_contact_row *tags, size_t n,
    const list *seen, list *wanted)
{
	const uuid *asked = wanted->items;
	size_t n_merged = 0;
	uuid *merged = ARENA_ARRAY(call->arena, n + wanted->n + 1, uuid);
	for (size_t i = 0; i < n; i++)
		if (ids_have(*wanted, tags[i].id.text) || !ids_have(*seen, tags[i].id.text))
			memcpy(merged[n_merged++].text, tags[i].id.text, sizeof merged->text);
	for (size_t i = 0; i < wanted->n; i++)
		if (!ids_have(*seen, asked[i].text) &&
		    !ids_have((list) { merged, n_merged }, asked[i].text))
			merged[n_merged++] = asked[i];
	*wanted = (list) { merged, n_merged };
}

/* The tags that the contact is to have; `seen` is NULL for who does not say what they saw. One that
 * has more than are allowed may lose some or have others in their place. */
static error settle_tags(struct call *call, contact_id contact, const list *seen, list *wanted)
{
	struct tags_of_contact_row *tags;
	size_t n;
	TRY(query_all(call, &tags_of_contact_query,
	    &(struct tags_of_contact_in) { .contact = contact }, &tags, &n));
	if (seen)
		merge_tags(call, tags, n, seen, wanted);
	if (wanted->n > CONTACT_PARTS_MAX && wanted->n > n)
		return fail_code(call, INVALID, "tag_ids", "range",
		    "must have at most %d tags, not %zu", CONTACT_PARTS_MAX, wanted->n);
	return OK;
}

struct contacts_update_in {
	struct contact row;
	struct lists lists;
	list seen_tag_ids;
};
FIELDS(contacts_update) = {
	CONTACT_UPDATE_FIELDS(contacts_update_in, row),
	LISTS(contacts_update_in, TAG_IDS_MAX, ", up to 20, or no more than it has"),
	FIELD_IDS(contacts_update, seen_tag_ids, tags, .max = TAG_IDS_MAX,
	    .doc = "With tag_ids: the tags that the contact had when it was read; what differs "
		   "between the two is given or taken away, its other tags stay"),
};

MUTATION(contacts_update, "contacts.edit", ROW(contacts), .route = "PATCH /v1/contacts/{id}",
    .summary = "Change a contact; a list that is given replaces the one that it has")
{
	struct lists l = in->lists;
	struct contact row;
	TRY(contact_lock(call, in->row.id, &row));
	TRY(take_lists(call, &l));
	row_merge(call, &contacts_table, &row, &in->row);
	TRY(replace_part(call, &contact_emails_table, row.id, &l.emails, &row.emails));
	TRY(replace_part(call, &contact_phones_table, row.id, &l.phones, &row.phones));
	TRY(replace_part(call, &contact_addresses_table, row.id, &l.addresses, &row.addresses));
	if (given(call, "tag_ids")) {
		TRY(settle_tags(call, row.id,
		    given(call, "seen_tag_ids") ? &in->seen_tag_ids : NULL, &l.tag_ids));
		TRY(tags_document(call, &l.tag_ids, &row.tags));
		TRY(replace_tags(call, row.id, &l.tag_ids));
	}
	TRY(contact_update(call, &row));
	return row_answer(call, &contacts_table, row.id.text, out);
}

/* ---- upsert ---- */

struct contacts_upsert_in {
	str email;
	struct contact row;
	struct lists lists;
};
FIELDS(contacts_upsert) = {
	FIELD(contacts_upsert, email, .flags = F_REQUIRED, .like = COLUMN(contact_emails, address),
	    .doc = "The address by which the contact is known"),
	CONTACT_CREATE_FIELDS(contacts_upsert_in, row),
	LISTS(contacts_upsert_in, CONTACT_PARTS_MAX, ""),
};

static struct json_object *arguments(struct call *call)
{
	struct json_object *args = NULL;
	if (json_object_deep_copy(call->tree, &args, NULL))
		abort();
	json_keep(call->arena, args);
	json_object_object_del(args, "email");
	return args;
}

/* The list as an array: a form sends an object with the members "0", "1", ... */
static struct json_object *as_array(struct json_object *sent)
{
	if (json_object_is_type(sent, json_type_array))
		return json_object_get(sent);
	struct json_object *array = json_object_new_array();
	if (json_object_is_type(sent, json_type_object)) {
		json_object_object_foreach(sent, name, item)
		{
			(void)name;
			json_object_array_add(array, json_object_get(item));
		}
	}
	return array;
}

static error create_with(struct call *call, const struct contacts_upsert_in *in, struct json *out)
{
	struct json_object *args = arguments(call), *emails = NULL,
			   *item = json_object_new_object();
	const struct contact_email *sent = in->lists.emails.items;
	for (size_t i = 0; i < in->lists.emails.n; i++)
		if (str_eq(sent[i].address, in->email)) {
			json_object_put(item);
			return call_run(call, &contacts_create, args, out);
		}
	json_object_object_add(
	    item, "address", json_object_new_string_len(in->email.p, (int)in->email.n));
	json_object_object_get_ex(args, "emails", &emails);
	emails = as_array(emails);
	json_object_array_add(emails, item);
	json_object_object_add(args, "emails", emails);
	return call_run(call, &contacts_create, args, out);
}

MUTATION(contacts_upsert, "contacts.edit", ROW(contacts),
    .route = "PUT /v1/contacts/by/email/{email}",
    .summary = "Change the contact with this e-mail address, or create it")
{
	struct contact_by_email_row found;
	error e = query_one(call, &contact_by_email_query,
	    &(struct contact_by_email_in) { .address = in->email }, &found);
	if (e == NOT_FOUND)
		return create_with(call, in, out);
	TRY(e);
	/* Before anything is told of it. */
	struct contact stored;
	e = contact_lock(call, found.contact_id, &stored);
	if (e == NOT_FOUND) {
		call->problem = (struct problem) { 0 };
		return fail_code(call, CONFLICT, "email", "taken",
		    "a contact that you may not see has this address");
	}
	TRY(e);
	struct json_object *args = arguments(call);
	if (in->row.id.text[0] && strcmp(in->row.id.text, found.contact_id.text) != 0) {
		call->problem.existing_id = arena_text(call->arena, found.contact_id.text, 36);
		return fail_code(
		    call, CONFLICT, "id", "taken", "the contact with this address has another id");
	}
	if (in->row.kind && in->row.kind != stored.kind)
		return fail(
		    call, INVALID, "kind", "the contact with this address is of another kind");
	json_object_object_del(args, "kind");
	json_object_object_add(args, "id", json_object_new_string(found.contact_id.text));
	return call_run(call, &contacts_update, args, out);
}

/* ---- delete and restore: the addresses go and come with the contact (followers.h), so that they
 * are free meanwhile ---- */

RESOURCE_OPERATION(contacts, delete, MUTATION_KIND, "contacts.delete", "DELETE /v1/contacts/{id}",
    "Delete a contact; its e-mail addresses are free from then on", .answer = ANSWER_NOTHING,
    .in = { by_id_fields, 1, sizeof(struct by_id) }, .status = 204);

struct contacts_restore_in {
	contact_id id;
};
FIELDS(contacts_restore) = {
	FIELD(contacts_restore, id, .flags = F_REQUIRED, .doc = "Id of the contact"),
};

/* Says which of the addresses that went with the contact another one has now. */
static error address_taken(struct call *call, contact_id id, instant moment)
{
	struct contact_emails_deleted_with_row *emails;
	size_t n;
	TRY(query_all(call, &contact_emails_deleted_with_query,
	    &(struct contact_emails_deleted_with_in) { .contact = id, .moment = moment }, &emails,
	    &n));
	for (size_t i = 0; i < n; i++)
		TRY(part_taken(call, part_of(&contact_emails_table), id.text,
		    &(struct contact_email) { .address = emails[i].address }, 1));
	return OK;
}

/* What was merged comes back without what has moved; who looks at the one that stayed sees it. */
static error part_from(struct call *call, contact_id into)
{
	struct contact stayed;
	if (!into.text[0])
		return OK;
	TRY(contact_lock_any(call, into, &stayed));
	stayed.merged_at = call->now;
	return contact_update(call, &stayed);
}

MUTATION(contacts_restore, "contacts.delete", ROW(contacts),
    .route = "POST /v1/contacts/{id}/restore",
    .summary =
	"Bring a deleted contact back, with its e-mail addresses; one that was merged, without "
	"what has moved")
{
	struct contact row;
	TRY(contact_lock_deleted(call, in->id, &row));
	error e = contact_restore(call, in->id);
	if (e == CONFLICT && !call->problem.kind)
		TRY(address_taken(call, in->id, row.deleted_at));
	TRY(e);
	TRY(part_from(call, row.merged_into_id));
	return row_answer(call, &contacts_table, in->id.text, out);
}

/* ---- reading ---- */

RESOURCE_LIST(contacts,
    SORTS("-updated_at", "full_name", "last_name", "created_at", "next_task_due_at"),
    .through = (const struct filter_through[]) {
	{ "tag_id", &contact_tags_table, COLUMN(contact_tags, contact_id),
	    COLUMN(contact_tags, tag_id) },
	{ "deal_id", &deal_contacts_table, COLUMN(deal_contacts, contact_id),
	    COLUMN(deal_contacts, deal_id) },
	{ "email", &contact_emails_table, COLUMN(contact_emails, contact_id),
	    COLUMN(contact_emails, address) },
	{ NULL, NULL, NULL, NULL } });
RESOURCE_SEARCH(contacts);

/* ---- pages ---- */

PAGE(contacts_index, .route = "/contacts", .template = "contacts/index", .title = "Contacts",
    .nav = "contacts",
    .loads = {
	{ "contacts", "contacts_list", "*&limit=50&expand=owner,organisation", .tolerant = true },
	{ "agents", "agents_choices", "" },
	{ "tags", "tags_list", "limit=100", .whole = true },
	{ "sources", "sources_list", "limit=100", .whole = true },
    });

PAGE(contacts_new, .route = "/contacts/new", .template = "contacts/new", .title = "New contact",
    .nav = "contacts",
    .loads = {
	{ "organisations", "contacts_list",
	    "kind=organisation&sort=full_name&limit=100&fields=id,full_name" },
	{ "agents", "agents_choices", "" },
	{ "teams", "teams_list", "limit=100", .whole = true },
	{ "sources", "sources_list", "limit=100", .whole = true },
	{ "tags", "tags_list", "limit=100", .whole = true },
    });

PAGE(contacts_edit, .route = "/contacts/{id}/edit", .template = "contacts/edit",
    .title = "Edit contact", .nav = "contacts",
    .loads = {
	{ "contact", "contacts_get", "id={id}&expand=owner,organisation,team,source" },
	{ "stored", "contacts_get", "id={id}" },
	{ "organisations", "contacts_list",
	    "kind=organisation&sort=full_name&limit=100&fields=id,full_name" },
	{ "agents", "agents_choices", "" },
	{ "teams", "teams_list", "limit=100", .whole = true },
	{ "sources", "sources_list", "limit=100", .whole = true },
	{ "tags", "tags_list", "limit=100", .whole = true },
    });

PAGE(contacts_show, .route = "/contacts/{id}", .template = "contacts/show", .title = "Contact",
    .nav = "contacts",
    .loads = {
	{ "contact", "contacts_get", "id={id}&expand=owner,organisation,team,source" },
	{ "timeline", "timeline_list", "contact_id={id}&limit=30&cursor={cursor}&event={event}" },
	{ "deals", "contacts_deals", "id={id}&expand=stage" },
	{ "tasks", "tasks_list",
	    "contact_id={id}&status=open&sort=due_at&limit=50&expand=assignee" },
	{ "agents", "agents_choices", "" },
	{ "tags", "tags_list", "limit=100", .whole = true },
	{ "pipelines", "pipelines_stages", "" },
	{ "offered", "automations_offered", "object=contact&subject_id={id}" },
    });
