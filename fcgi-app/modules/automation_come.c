/*
 * automation_come.c: what comes from outside, by a form or an inbound hook, starts runs of
 * automations for the contact whom it is about, in the transaction that takes it. Of what came a
 * run knows texts with names, no more than EVENT_NAMES and EVENT_TEXT each: those of a form's
 * fields, or those that the automation picks out of a webhook by JSON pointers. See automations.h.
 * Tests: tests/http/automations_come.test.mjs
 */
#include "automations.h"

#include <json-c/json_pointer.h>

#include "core/decode.h"
#include "core/heard.h"
#include "core/identity.h"
#include "core/rate.h"

enum { EVENT_TEXT = 1000, NAME_MOST = 100 };

/* ---- the contact ---- */

static str before_at(str email)
{
	const char *at = memchr(email.p, '@', email.n);
	return utf8_cut((str) { email.p, at ? (size_t)(at - email.p) : email.n }, NAME_MOST);
}

/* Strangers do not fill a company with contacts: so many at once by all of its public forms, filled
 * again within an hour, and within a day. */
static error take_new(struct call *call)
{
	static const struct rate_policy hour = { 120, 3600 }, day_long = { 1000, 86400 };
	str company = str_of(call->me.company.text);
	if (!call->by_stranger)
		return OK;
	TRY(rate_limit(call, "form_new_hour", company, hour));
	return rate_limit(call, "form_new_day", company, day_long);
}

static error create(struct call *call, str email, struct json_object *args, contact_id *out)
{
	struct json_object *emails = json_object_new_array(), *one = json_object_new_object(),
			   *answer;
	automation_put(one, "address", email);
	json_object_array_add(emails, one);
	json_object_object_add(args, "emails", emails);
	if (!automation_member(args, "first_name") && !automation_member(args, "last_name"))
		automation_put(args, "first_name", before_at(email));
	error e = automation_ask(call, "contacts_create", args, true, &answer);
	if (e == CONFLICT) { /* it came twice at once; whose it is by now is nobody's business */
		call->problem = (struct problem) { 0 };
		return fail(call, CONFLICT, NULL, "send it again");
	}
	TRY(e);
	uuid id = { "" };
	if (!uuid_parse(str_of(json_object_get_string(automation_member(answer, "id"))), &id))
		return fail(call, INTERNAL, NULL, "a new contact has no id");
	memcpy(out->text, id.text, sizeof out->text);
	return OK;
}

static bool read_address(struct call *call, str *email)
{
	static const struct field address = { .name = "email",
		.type = T_TEXT,
		.flags = F_REQUIRED,
		.like = COLUMN(contact_emails, address) };
	struct json_object *text = json_object_new_string_len(email->p, (int)email->n);
	json_keep(call->arena, text);
	return decode_value(call, &address, text, true, "email", email);
}

error automation_contact(struct call *call, str email, struct json_object *args, contact_id *out)
{
	struct contact_by_email_row found;
	if (!read_address(call, &email))
		return call->problem.kind;
	error e = query_one(call, &contact_by_email_query,
	    &(struct contact_by_email_in) { .address = email }, &found);
	if (e == OK)
		*out = found.contact_id;
	if (e != NOT_FOUND)
		return e;
	call->problem = (struct problem) { 0 };
	TRY(take_new(call));
	return create(call, email, args, out);
}

/* ---- what a run knows of it ---- */

/* The text or number at a place of what came; "" when there is none. */
static str text_at(struct json_object *body, str pointer)
{
	struct json_object *value = NULL;
	char path[256];
	if (pointer.n >= sizeof path)
		return STR("");
	memcpy(path, pointer.p, pointer.n);
	path[pointer.n] = 0;
	if (json_pointer_get(body, path, &value) || !value ||
	    json_object_is_type(value, json_type_object) ||
	    json_object_is_type(value, json_type_array))
		return STR("");
	return utf8_cut(str_of(json_object_get_string(value)), EVENT_TEXT);
}

static struct json_object *picked(
    struct call *call, const struct automation_start *start, struct json_object *body)
{
	struct json_object *event = automation_object(call);
	if (start->values) {
		json_object_object_foreach(start->values, name, pointer)
		{
			automation_put(
			    event, name, text_at(body, str_of(json_object_get_string(pointer))));
		}
	}
	return event;
}

/* ---- starting ---- */

/* Whom an event is about; "": nobody. An event that names nobody is taken all the same: others wait
 * for it too, and it may change the plan of the company. */
static error contact_of_event(struct call *call, str email, contact_id *out)
{
	*out = (contact_id) { "" };
	if (!email.n || access_level(call, "contacts.create") == LEVEL_NONE)
		return OK;
	if (!read_address(call, &email)) {
		call->problem = (struct problem) { 0 };
		return OK;
	}
	return automation_contact(call, email, automation_object(call), out);
}

static bool fits(const struct automation_start *s, const struct automation_came *came)
{
	return s->on == came->on && !strcmp(s->source.text, came->source.text) &&
	       (str_none(s->type) || str_eq(s->type, came->type));
}

static error meet(struct call *call, const struct automations_on_row *on,
    const struct automation_program *program, const struct automation_came *came)
{
	const char *refused;
	bool sees;
	const bool webhook = came->on == ON_WEBHOOK;
	struct automation_wish wish = { .id = on->id,
		.version = on->version_id,
		.agent = on->agent_id,
		.key = on->key_id,
		.refused_at = on->refused_at,
		.by_stranger = call->by_stranger,
		.by = automation_event_names[came->on],
		.event = webhook ? picked(call, &program->start, came->event) : came->event };
	contact_id contact = came->contact;
	void *row = automation_row(call->arena, program);
	if (webhook) {
		TRY(contact_of_event(call, text_at(came->event, program->start.email), &contact));
		if (!contact.text[0])
			return OK;
	}
	TRY(row_lock_any(call, program->table, contact.text, row));
	automation_row_hears(program, row, wish.event);
	if (!automation_holds(call->arena, &program->when, row))
		return OK;
	TRY(identity_sees(call, wish.agent, wish.key, program->table, contact.text, &sees));
	return sees ? automation_start(call, &wish, contact.text, &refused, NULL) : OK;
}

error automation_came(struct call *call, const struct automation_came *came)
{
	struct automations_on_row *rows;
	size_t n;
	TRY(query_all(call, &automations_on_query, NULL, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct automation_program *program =
		    ARENA_NEW(call->arena, struct automation_program);
		const struct automation_documents documents = { rows[i].object, rows[i].starts,
			rows[i].conditions, { { NULL, 0 } } };
		/* What is broken, automation_trigger.c tells. */
		bool read = automation_read(call, &documents, false, program) == OK;
		call->problem = (struct problem) { 0 };
		if (read && fits(&program->start, came))
			TRY(meet(call, &rows[i], program, came));
	}
	return OK;
}

static error hear(struct call *call, const struct heard *heard)
{
	return automation_came(call, &(struct automation_came) { .on = ON_WEBHOOK,
					 .source = heard->source,
					 .type = heard->type,
					 .event = heard->body });
}
HEARD_HOOK(hear);
