/*
 * import_contacts.c: people and organisations from a file. A line is about the contact with its id
 * of the other system, else with one of its e-mail addresses, else, for an organisation, with its
 * name. What a cell leaves empty stays as it is. Tests: tests/http/imports.test.mjs
 */
#include "modules/imports.h"

#include <strings.h>

/* ---- values of a line ---- */

/* "Doe, John", "John Doe", and a name that is one word. */
static void split_name(struct json_object *input, str name)
{
	str last, first;
	if (str_cut(name, ',', &last, &first) && str_trim(last).n && str_trim(first).n) {
		import_put(input, "first_name", str_trim(first));
		import_put(input, "last_name", str_trim(last));
		return;
	}
	size_t space = name.n;
	while (space > 0 && name.p[space - 1] != ' ')
		space--;
	if (space)
		import_put(input, "first_name", str_trim((str) { name.p, space }));
	import_put(input, "last_name", (str) { name.p + space, name.n - space });
}

static bool said_to_be_organisation(const struct import_line *line)
{
	static const char *const words[] = { "organi", "compan", "firm", "business", "unternehm",
		"account", "société", "empresa", "会社" };
	str kind = import_text(line, "kind");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (kind.n >= strlen(words[i]) && !strncasecmp(kind.p, words[i], strlen(words[i])))
			return true;
	return false;
}

/* Address books hold firms as entries that have nothing but an organisation, or that name repeated.
 */
static bool is_organisation(const struct import_line *line)
{
	str whole = import_text(line, "full_name"),
	    organisation = import_text(line, "organisation");
	if (import_text(line, "first_name").n || import_text(line, "last_name").n)
		return false;
	if (said_to_be_organisation(line))
		return true;
	return organisation.n && (!whole.n || str_eq(whole, organisation)) &&
	       !import_text(line, "job_title").n;
}

static void put_name(struct import_line *line, struct json_object *input)
{
	str first = import_text(line, "first_name"), middle = import_text(line, "middle_name"),
	    last = import_text(line, "last_name");
	str whole = import_text(line, "full_name");
	if (first.n && middle.n)
		first = str_of(arena_printf(
		    line->arena, "%.*s %.*s", (int)first.n, first.p, (int)middle.n, middle.p));
	else if (!first.n)
		first = middle;
	if (first.n)
		import_put(input, "first_name", first);
	if (last.n)
		import_put(input, "last_name", last);
	if (!first.n && !last.n && whole.n)
		split_name(input, whole);
}

/* A day of birth in three columns. */
static void put_birthday(struct import_line *line, struct json_object *input)
{
	int64_t year, month, mday;
	day birthday;
	char text[DAY_TEXT];
	import_put_day(line, input, "birthday");
	if (import_has(line->plan, "birthday") ||
	    !int_parse(import_text(line, "birth_year"), &year) ||
	    !int_parse(import_text(line, "birth_month"), &month) ||
	    !int_parse(import_text(line, "birth_day"), &mday))
		return;
	if (year < 1 || year > 9999 || month < 1 || month > 12 || mday < 1 || mday > 31 ||
	    !day_from_civil((int)year, (int)month, (int)mday, &birthday)) {
		import_bad(line, "birthday", "there is no such day");
		return;
	}
	day_format(birthday, text);
	import_put(input, "birthday", str_of(text));
}

static void put_ways(struct import_line *line, struct json_object *input)
{
	import_put_parts(line, input, "emails");
	import_put_parts(line, input, "phones");
	import_put_parts(line, input, "addresses");
	import_put_text(line, input, "website");
	import_put_text(line, input, "industry");
	import_put_text(line, input, "external_id");
}

static struct json_object *contact_values(struct import_line *line)
{
	struct json_object *input = json_object_new_object();
	if (is_organisation(line)) {
		str name = import_text(line, "organisation"),
		    whole = import_text(line, "full_name");
		import_put(input, "kind", STR("organisation"));
		import_put(input, "name", name.n ? name : whole);
	} else {
		put_name(line, input);
		import_put_text(line, input, "job_title");
		put_birthday(line, input);
	}
	put_ways(line, input);
	if (!json_object_object_get_ex(input, "name", NULL) &&
	    !json_object_object_get_ex(input, "first_name", NULL) &&
	    !json_object_object_get_ex(input, "last_name", NULL) &&
	    !json_object_object_get_ex(input, "emails", NULL) &&
	    !json_object_object_get_ex(input, "phones", NULL))
		import_bad(line, NULL, "there is no name, e-mail address or phone number");
	return input;
}

static struct json_object *organisation_values(struct import_line *line)
{
	struct json_object *input = json_object_new_object();
	import_put(input, "kind", STR("organisation"));
	import_put_text(line, input, "name");
	if (!json_object_object_get_ex(input, "name", NULL))
		import_bad(line, "name", "is required");
	import_put_int(line, input, "employees");
	put_ways(line, input);
	return input;
}

/* ---- what it names ---- */

static error add_tags(struct import_batch *b, struct json_object *input)
{
	str items[20], cell = import_text(b->line, "tags");
	struct json_object *ids = json_object_new_array();
	json_keep(b->call->arena, ids);
	size_t n = cell.n ? loose_list(cell, items, sizeof items / sizeof *items) : 0;
	for (size_t i = 0; i < n; i++) {
		uuid id;
		/* Google's own group, in which everybody is. */
		if (str_is(items[i], "My Contacts") || str_is(items[i], "myContacts"))
			continue;
		TRY(import_find_or_make(b, NAME_TAG, items[i], &id));
		json_object_array_add(ids, json_object_new_string(id.text));
	}
	if (json_object_array_length(ids))
		json_object_object_add(input, "tag_ids", json_object_get(ids));
	return OK;
}

static error add_organisation(struct import_batch *b, struct json_object *input, const char *field)
{
	str name = import_text(b->line, field);
	struct json_object *own;
	uuid id;
	if (json_object_object_get_ex(input, "name", &own) &&
	    str_is(name, json_object_get_string(own)))
		return OK;
	if (!name.n)
		return OK;
	TRY(import_find_or_make(b, NAME_ORGANISATION, name, &id));
	import_put_id(input, "organisation_id", id.text);
	return OK;
}

static error add_source(struct import_batch *b, struct json_object *input)
{
	str name = import_text(b->line, "source");
	uuid id;
	if (!name.n)
		return OK;
	TRY(import_find_or_make(b, NAME_SOURCE, name, &id));
	import_put_id(input, "source_id", id.text);
	return OK;
}

static error contact_resolve(struct import_batch *b, struct json_object *input)
{
	TRY(import_owner(b, input));
	TRY(add_source(b, input));
	TRY(add_tags(b, input));
	return add_organisation(b, input, "organisation");
}

static error organisation_resolve(struct import_batch *b, struct json_object *input)
{
	TRY(import_owner(b, input));
	TRY(add_source(b, input));
	TRY(add_tags(b, input));
	return add_organisation(b, input, "parent_organisation");
}

/* ---- which contact it is ---- */

static error match(struct import_batch *b, struct json_object *input, uuid *id)
{
	struct json_object *value, *emails, *kind;
	*id = (uuid) { "" };
	if (json_object_object_get_ex(input, "external_id", &value))
		TRY(import_find(b, NAME_ELSEWHERE, str_of(json_object_get_string(value)), id));
	if (id->text[0])
		return OK;
	bool organisation = json_object_object_get_ex(input, "kind", &kind);
	if (organisation && json_object_object_get_ex(input, "name", &value))
		return import_find(b, NAME_ORGANISATION, str_of(json_object_get_string(value)), id);
	if (!json_object_object_get_ex(input, "emails", &emails))
		return OK;
	for (size_t i = 0; i < json_object_array_length(emails) && !id->text[0]; i++)
		if (json_object_object_get_ex(
			json_object_array_get_idx(emails, i), "address", &value) &&
		    strchr(json_object_get_string(value), '@'))
			TRY(import_find(b, NAME_PERSON, str_of(json_object_get_string(value)), id));
	return OK;
}

/* ---- what it becomes ---- */

static bool same_text(struct json_object *a, struct json_object *b)
{
	return a && b && !strcasecmp(json_object_get_string(a), json_object_get_string(b));
}

/* Whether each member of `item` is so in one of the list; `key` alone decides when there is one. */
static bool has_item(struct json_object *items, struct json_object *item, const char *key)
{
	for (size_t i = 0; i < json_object_array_length(items); i++) {
		struct json_object *there = json_object_array_get_idx(items, i), *a = NULL;
		bool same = true;
		if (key) {
			struct json_object *wanted = NULL;
			json_object_object_get_ex(item, key, &wanted);
			json_object_object_get_ex(there, key, &a);
			same = same_text(a, wanted);
		} else {
			json_object_object_foreach(item, name, value)
			{
				a = NULL;
				json_object_object_get_ex(there, name, &a);
				same =
				    same && (!strcmp(name, "type") || json_object_equal(a, value));
			}
		}
		if (same)
			return true;
	}
	return false;
}

/* What the contact has, and behind it what is new. */
static void merge_list(
    struct json_object *current, struct json_object *input, const char *name, const char *key)
{
	enum { MOST = 20 };
	struct json_object *there = NULL, *mine, *merged = NULL;
	if (!json_object_object_get_ex(current, name, &there) || !there) {
		json_object_object_add(current, name, json_object_new_array());
		json_object_object_get_ex(current, name, &there);
	}
	if (!json_object_object_get_ex(input, name, &mine))
		return;
	json_object_deep_copy(there, &merged, NULL);
	bool empty = !json_object_array_length(there);
	for (size_t i = 0; i < json_object_array_length(mine); i++) {
		struct json_object *item = json_object_array_get_idx(mine, i);
		if (has_item(there, item, key) || json_object_array_length(merged) >= MOST)
			continue;
		if (!empty)
			json_object_object_del(item, "primary");
		json_object_array_add(merged, json_object_get(item));
	}
	json_object_object_add(input, name, merged);
}

static void merge_tags(struct json_object *current, struct json_object *input)
{
	struct json_object *tags = NULL, *ids = json_object_new_array(), *id;
	json_object_object_get_ex(current, "tags", &tags);
	for (size_t i = 0; tags && i < json_object_array_length(tags); i++)
		if (json_object_object_get_ex(json_object_array_get_idx(tags, i), "id", &id))
			json_object_array_add(ids, json_object_get(id));
	json_object_object_add(current, "tag_ids", ids);
	import_merge_ids(current, input, "tag_ids");
}

static error merge(struct import_batch *b, struct json_object *current, struct json_object *input)
{
	struct json_object *kind = NULL, *there = NULL;
	json_object_object_get_ex(input, "kind", &kind);
	json_object_object_get_ex(current, "kind", &there);
	if (!same_text(there, kind) &&
	    strcmp(json_object_get_string(there), kind ? "" : "person") != 0)
		import_bad(b->line, NULL, "the contact that this matches is %s",
		    kind ? "a person" : "an organisation");
	json_object_object_del(input, "kind");
	merge_list(current, input, "emails", "address");
	merge_list(current, input, "phones", "value");
	merge_list(current, input, "addresses", NULL);
	merge_tags(current, input);
	/* The name by which it was found may be written in another case; that is no news. */
	struct json_object *name = NULL, *old = NULL;
	if (json_object_object_get_ex(input, "name", &name) &&
	    json_object_object_get_ex(current, "name", &old) && same_text(name, old))
		json_object_object_del(input, "name");
	return OK;
}

/* Later lines of the batch may be about it. */
static void learn(struct import_batch *b, struct json_object *input, const uuid *id)
{
	struct json_object *value, *emails;
	if (json_object_object_get_ex(input, "name", &value))
		import_learn(b, NAME_ORGANISATION, str_of(json_object_get_string(value)), id);
	if (!json_object_object_get_ex(input, "emails", &emails))
		return;
	for (size_t i = 0; i < json_object_array_length(emails); i++)
		if (json_object_object_get_ex(
			json_object_array_get_idx(emails, i), "address", &value))
			import_learn(b, NAME_PERSON, str_of(json_object_get_string(value)), id);
}

static error after(struct import_batch *b, struct json_object *input, const uuid *id)
{
	if (b->outcome != IMPORT_ROW_STATUS_SKIPPED)
		learn(b, input, id);
	return import_add_note(b, "contact", id);
}

static const char *const contact_extras[] = { "department", NULL };
static const char *const contact_one_of[] = { "first_name", "last_name", "full_name",
	"organisation", "emails[].address", "phones[].value", NULL };
static const char *const organisation_extras[] = { "annual_revenue", "year_founded", NULL };
static const char *const organisation_one_of[] = { "name", NULL };

const struct import_kind import_kind_contacts = {
	.object = IMPORT_OBJECT_CONTACTS,
	.table = &contacts_table,
	.permissions = { "contacts.create", "contacts.view" },
	.one_of = contact_one_of,
	.extras = contact_extras,
	.create = "contacts_create",
	.known = &import_contacts_known_as_query,
	.values = contact_values,
	.resolve = contact_resolve,
	.match = match,
	.merge = merge,
	.after = after,
};

const struct import_kind import_kind_organisations = {
	.object = IMPORT_OBJECT_ORGANISATIONS,
	.table = &contacts_table,
	.permissions = { "contacts.create", "contacts.view" },
	.one_of = organisation_one_of,
	.extras = organisation_extras,
	.create = "contacts_create",
	.known = &import_contacts_known_as_query,
	.values = organisation_values,
	.resolve = organisation_resolve,
	.match = match,
	.merge = merge,
	.after = after,
};
