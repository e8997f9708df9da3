/*
 * automation_forms.c: public forms. Whoever sends one becomes a contact, by the operation that a
 * person would call, as the agent who made the form; a contact who is there already is found by the
 * e-mail address and not changed, for anybody may write anybody's address. The answer is the same
 * in all cases, so that nobody learns who is a contact: what a contact would not take is refused
 * also when there is one. A field that people do not see, and so leave empty, tells programs from
 * them. Columns: sql/schema/public_forms.sql. Statements: sql/query/automations.sql. Page:
 * templates/settings/forms. Tests: tests/http/automations_come.test.mjs
 */
#include "automations.h"

#include "core/decode.h"
#include "core/identity.h"
#include "core/page.h"
#include "core/rate.h"
#include "core/resource.h"
#include "core/text.h"
#include "http/http.h"

RESOURCE_LIST(public_forms, SORTS("-created_at"));
RESOURCE_GET(public_forms);
RESOURCE_UPDATE(public_forms);
RESOURCE_DELETE(public_forms);
RESOURCE_RESTORE(public_forms);

enum { BODY_MOST = 20000, TEXT_MOST = 1000 };
#define LEFT_EMPTY "leave_empty"

/* From one place, and in all; how many new contacts all forms of a company make is limited where
 * they are made (automation_come.c). */
static const struct rate_policy posts_of_address = { 10, 60 }, more_of_address = { 60, 3600 },
				posts_of_form = { 120, 60 };

/* ---- making one ---- */

static error check(struct call *call, const void *before, void *after)
{
	const struct public_form *form = after;
	str url = form->thanks_url;
	(void)before;
	return !url.n || ((str_starts(url, "https://") || str_starts(url, "http://")) &&
			     text_web_address(url.p, url.n))
		   ? OK
		   : fail_code(call, INVALID, "thanks_url", "invalid",
			 "must be the address of a page: https://example.com/thanks");
}
ROW_HOOK(public_forms, .before_write = check);

struct public_forms_create_in {
	str name, thanks_url;
};
FIELDS(public_forms_create) = {
	FIELD(public_forms_create, name, .flags = F_REQUIRED, .like = COLUMN(public_forms, name)),
	FIELD(public_forms_create, thanks_url, .flags = F_NULLABLE,
	    .like = COLUMN(public_forms, thanks_url)),
};

MUTATION(public_forms_create, "public_forms.create", ROW(public_forms),
    .route = "POST /v1/public_forms", .status = 201,
    .summary = "Make a public form; it is sent to /v1/public_forms/{id}/submit")
{
	struct public_form form;
	TRY(access_whole(call));
	row_init(&public_forms_table, &form);
	form.name = in->name;
	form.thanks_url = in->thanks_url;
	form.agent_id = call->me.agent;
	TRY(public_form_insert(call, &form));
	return row_answer(call, &public_forms_table, form.id.text, out);
}

struct public_forms_take_over_in {
	public_form_id id;
};
FIELDS(public_forms_take_over) = { FIELD(
    public_forms_take_over, id, .flags = F_REQUIRED, .like = COLUMN(public_forms, id)) };

MUTATION(public_forms_take_over, "public_forms.edit", ROW(public_forms),
    .route = "POST /v1/public_forms/{id}/take_over",
    .summary = "Make a form yours: what comes by it is done as you from then on")
{
	struct public_form form;
	TRY(access_whole(call));
	TRY(public_form_lock(call, in->id, &form));
	form.agent_id = call->me.agent;
	TRY(public_form_update(call, &form));
	return row_answer(call, &public_forms_table, form.id.text, out);
}

/* ---- what is sent ---- */

/* A flat object, of a form's pairs or of JSON. */
static error read_sent(struct call *call, struct json_object **out)
{
	str body = str_trim(call->file.data);
	struct http_pair *pairs;
	const char *why;
	size_t n;
	if (body.n > BODY_MOST)
		return fail(call, TOO_LARGE, NULL, "a form has at most %d bytes", BODY_MOST);
	if (body.n && body.p[0] == '{') {
		*out = json_read_sent(call->arena, body, &why);
		return *out ? OK : fail(call, MALFORMED, NULL, "this is no JSON object");
	}
	if (http_form(call->arena, body, &pairs, &n) != OK)
		return fail(call, MALFORMED, NULL, "this is no form");
	*out = automation_object(call);
	for (size_t i = 0; i < n; i++)
		automation_put(*out, arena_text(call->arena, pairs[i].name.p, pairs[i].name.n),
		    pairs[i].value);
	return OK;
}

static bool is_name(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return n && !name[n] && n <= 40;
}

/* What a new contact takes. */
static const struct field of_contact[] = {
	{ .name = "first_name", .type = T_TEXT, .like = COLUMN(contacts, first_name) },
	{ .name = "last_name", .type = T_TEXT, .like = COLUMN(contacts, last_name) },
	{ .name = "job_title", .type = T_TEXT, .like = COLUMN(contacts, job_title) },
	{ .name = "website", .type = T_TEXT, .like = COLUMN(contacts, website) },
	{ .name = "phone", .type = T_TEXT, .like = COLUMN(contact_phones, value) },
};
enum { OF_CONTACT = sizeof of_contact / sizeof *of_contact };

/* What is mailed to somebody else's address in their name: a name that is a link is an
 * advertisement. */
static bool has_link(const char *name, str text)
{
	static const char *const marks[] = { "://", "www.", "href=" };
	if (strcmp(name, "first_name") != 0 && strcmp(name, "last_name") != 0 &&
	    strcmp(name, "job_title") != 0)
		return false;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (text.n && memmem(text.p, text.n, marks[i], strlen(marks[i])))
			return true;
	return false;
}

static void check_for_contact(
    struct call *call, const char *name, struct json_object *value, const char *place)
{
	str text;
	for (size_t i = 0; i < OF_CONTACT; i++)
		if (!strcmp(name, of_contact[i].name) &&
		    decode_value(call, &of_contact[i], value, false, place, &text) &&
		    !strcmp(name, "website") && !text_web_address(text.p, text.n))
			(void)!fail_code(call, INVALID, place, "invalid", "must be a web address");
}

/* Texts with small names; all that is not is refused at its place. */
static error check_sent(struct call *call, struct json_object *sent, struct json_object **out)
{
	static const struct field part = {
		.name = "text", .type = T_TEXT, .flags = F_MULTILINE, .max = TEXT_MOST
	};
	str text;
	*out = automation_object(call);
	if (json_object_object_length(sent) > EVENT_NAMES)
		return fail(call, INVALID, NULL, "a form has at most %d fields", EVENT_NAMES);
	json_object_object_foreach(sent, name, value)
	{
		const char *place = arena_printf(call->arena, "%.60s", name);
		if (!is_name(name))
			(void)!fail_code(call, INVALID, place, "unknown_field",
			    "a name has small letters, digits and _");
		else if (value && decode_value(call, &part, value, false, place, &text) && text.n) {
			check_for_contact(call, name, value, place);
			if (has_link(name, text))
				(void)!fail_code(
				    call, INVALID, place, "invalid", "must have no link in it");
			automation_put(*out, name, text);
		}
	}
	return call->problem.kind;
}

static struct json_object *contact_of(struct call *call, struct json_object *sent)
{
	struct json_object *args = automation_object(call),
			   *phone = automation_member(sent, "phone");
	for (size_t i = 0; i < OF_CONTACT; i++) {
		struct json_object *value = automation_member(sent, of_contact[i].name);
		if (value && value != phone)
			json_object_object_add(args, of_contact[i].name, json_object_get(value));
	}
	if (phone) {
		struct json_object *phones = json_object_new_array(),
				   *one = json_object_new_object();
		json_object_object_add(one, "value", json_object_get(phone));
		json_object_array_add(phones, one);
		json_object_object_add(args, "phones", phones);
	}
	return args;
}

struct public_forms_submit_in {
	public_form_id id;
};
FIELDS(public_forms_submit) = { FIELD(public_forms_submit, id, .flags = F_REQUIRED,
    .doc = "Id of the form", .example = "public_forms") };

MUTATION(public_forms_submit, ANYONE, NOTHING, .route = "POST /v1/public_forms/{id}/submit",
    .summary =
	"Send a public form, as a form of HTML or JSON: email, and if wanted first_name, "
	"last_name, phone, job_title, website and others; leave_empty stays empty. From one "
	"address 10 in a minute and 60 in an hour, 120 of a form in a minute; all forms of a "
	"company make 120 new contacts in an hour and 1000 in a day. A browser is answered "
	"by a page",
    .raw_body = true, .unversioned = true, .from_sites = true,
    .refuses = 1 << NOT_FOUND | 1 << LIMITED | 1 << INVALID | 1 << TOO_LARGE)
{
	struct form_by_address_row form;
	struct json_object *sent, *texts;
	struct automation_came came = { .on = ON_FORM };
	error e = query_one(
	    call, &form_by_address_query, &(struct form_by_address_in) { .form = in->id }, &form);
	if (e == NOT_FOUND)
		return fail(call, NOT_FOUND, NULL, "there is no such form");
	TRY(e);
	/* Nobody is told more of one that stands still than of one that never was. */
	TRY(identity_become(call, form.company_id, form.agent_id));
	if (access_level(call, "contacts.create") == LEVEL_NONE)
		return fail(call, NOT_FOUND, NULL, "there is no such form");
	/* First of the one place: what is refused to it takes nothing from the others. */
	str place = rate_place(call);
	str from =
	    str_of(arena_printf(call->arena, "%s %.*s", form.id.text, (int)place.n, place.p));
	TRY(rate_limit(call, "form_from", from, posts_of_address));
	TRY(rate_limit(call, "form_from_hour", from, more_of_address));
	TRY(rate_limit(call, "form", str_of(form.id.text), posts_of_form));
	call->next = form.thanks_url;
	TRY(read_sent(call, &sent));
	TRY(check_sent(call, sent, &texts));
	if (automation_member(texts, LEFT_EMPTY))
		return OK;
	if (!automation_member(texts, "email"))
		return fail_code(call, INVALID, "email", "required", "is required");
	call->by_stranger = true;
	str email = str_of(json_object_get_string(automation_member(texts, "email")));
	TRY(automation_contact(call, email, contact_of(call, texts), &came.contact));
	memcpy(came.source.text, form.id.text, sizeof came.source.text);
	came.event = texts;
	return automation_came(call, &came);
}

PAGE(settings_forms, .route = "/settings/forms", .template = "settings/forms",
    .title = "Public forms", .nav = "settings",
    .loads = { { "forms", "public_forms_list", "limit=100&expand=agent" } });

PAGE(forms_thanks, .route = "/thanks", .template = "settings/thanks", .title = "Thank you",
    .open = true);
