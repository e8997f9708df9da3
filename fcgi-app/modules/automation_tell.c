/*
 * automation_tell.c: the steps of automations that leave the house: a mail, by the outbox
 * (core/outbox.h), and a webhook of the company's, which is sent, tried again and signed like every
 * delivery (webhook_send.c). Both are written in the step's transaction, so once; a webhook's run
 * goes on when the delivery has come to its end. See automations.h. Statements:
 * sql/query/webhooks.sql. Tests: tests/http/automations_tell.test.mjs
 */
#include "automations.h"

#include "core/identity.h"
#include "core/outbox.h"
#include "core/rate.h"
#include "core/worker.h"
#include "deals.h"

enum { BODY_MOST = 10000, VALUE_MOST = 10000 };
/* Longer than all tries of a delivery take. */
#define OUTCOME_WITHIN DAYS(8)

/* ---- to whom ---- */

static str text_of(struct json_object *o, const char *name)
{
	struct json_object *value = automation_member(o, name);
	return json_object_is_type(value, json_type_string) ? (str) { json_object_get_string(value),
		(size_t)json_object_get_string_len(value) }
							    : (str) { NULL, 0 };
}

/* The contact that the record is, or is about; of a deal the first with whom it is negotiated. "":
 * there is none. */
static const char *contact_of(const struct automation_doing *d)
{
	const struct table *table = d->work->program->table;
	if (table == &contacts_table)
		return d->work->subject;
	if (table == &tasks_table) {
		const subject *about = &((const struct task *)d->work->row)->subject;
		return strcmp(about->object, contacts_table.noun) ? "" : about->id.text;
	}
	return deal_first_person(d->call->arena, d->work->row);
}

/* The primary address, else the first; as whoever acts may see the contact. */
static error address_of_contact(struct automation_doing *d, const char *id, str *out)
{
	struct json_object *args = automation_object(d->call), *contact;
	json_object_object_add(args, "id", json_object_new_string(id));
	TRY(automation_ask(d->call, "contacts_get", args, false, &contact));
	struct json_object *emails = automation_member(contact, "emails");
	size_t n = emails ? json_object_array_length(emails) : 0;
	for (size_t i = n; i-- > 0;) {
		struct json_object *one = json_object_array_get_idx(emails, i);
		if (!i || json_object_get_boolean(automation_member(one, "primary"))) {
			*out = text_of(one, "address");
			return OK;
		}
	}
	return OK;
}

static error address_of_agent(struct automation_doing *d, agent_id id, str *out)
{
	struct agent agent;
	TRY(agent_get(d->call, id, &agent));
	if (agent.status == AGENT_STATUS_ACTIVE)
		*out = agent.email;
	return OK;
}

/* None: there is nobody, or without an address. */
static error recipient(struct automation_doing *d, str *out)
{
	const struct field *owner = d->work->program->table->owner;
	agent_id agent = d->step->agent_id;
	*out = (str) { NULL, 0 };
	if (d->step->to == TO_CONTACT) {
		const char *contact = contact_of(d);
		return contact[0] ? address_of_contact(d, contact, out) : OK;
	}
	if (d->step->to == TO_OWNER)
		memcpy(agent.text, (const char *)d->work->row + owner->offset, sizeof agent.text);
	return agent.text[0] ? address_of_agent(d, agent, out) : OK;
}

/* ---- a mail ---- */

static error fill_within(struct automation_doing *d, str text, size_t most, str *out)
{
	TRY(automation_fill(d, text, out));
	return out->n <= most
		   ? OK
		   : fail(d->call, INVALID, NULL, "a text would have more than %zu bytes", most);
}

/* Nobody uses an installation to write to strangers without end: so many mails to contacts at once,
 * filled again within a day. A run that finds none left is tried again later. */
static error take_mail(struct automation_doing *d)
{
	static const struct rate_policy paid = { 2000, 86400 }, others = { 100, 86400 };
	struct call *call = d->call;
	struct company company;
	struct limit left;
	TRY(company_get(call, call->me.company, &company));
	if (!call->worker->config->rate_per_minute ||
	    rate_take(call->worker->shared, "automation_mail", str_of(company.id.text),
		company.plan == COMPANY_PLAN_PAID ? paid : others, &left))
		return OK;
	return fail(call, LIMITED, NULL,
	    "the company has sent its mails to contacts for now: the next in %lld seconds",
	    (long long)left.reset_seconds);
}

/* Without an address, or to one that wants no such mails, none is written, and the run goes on. */
error automation_send_mail(struct automation_doing *d)
{
	struct json_object *words = automation_object(d->call);
	struct mail_written written = { .what = "no_address" };
	str to, title, body;
	TRY(recipient(d, &to));
	TRY(automation_fill_line(d, d->step->subject, &title));
	TRY(fill_within(d, d->step->body, BODY_MOST, &body));
	automation_put(d->input, "to", to);
	automation_put(d->input, "subject", utf8_cut(title, (size_t)COLUMN(mails, subject)->max));
	automation_put(d->input, "body", body);
	automation_put(words, "body", body);
	if (!str_none(to) && d->step->to == TO_CONTACT)
		TRY(take_mail(d));
	if (!str_none(to))
		TRY(mail_write(d->call, &(struct mail_draft) { .to = to,
					    .subject = arena_text(d->call->arena, title.p, title.n),
					    .template = "automation",
					    .words = words,
					    .kind = "automation",
					    .written = &written }));
	d->output = automation_object(d->call);
	automation_put(d->output, "state", str_of(written.what));
	if (written.id.text[0])
		automation_put(d->output, "mail_id", str_of(written.id.text));
	return OK;
}

/* ---- a webhook ---- */

static error values_of(struct automation_doing *d, struct json_object **out)
{
	const char *why;
	*out = automation_object(d->call);
	if (str_none(d->step->data.json))
		return OK;
	struct json_object *all = json_read(d->call->arena, d->step->data.json, &why);
	json_object_object_foreach(all, name, value)
	{
		str text;
		TRY(fill_within(d,
		    (str) {
			json_object_get_string(value), (size_t)json_object_get_string_len(value) },
		    VALUE_MOST, &text));
		automation_put(*out, name, text);
	}
	return OK;
}

static json_text body_of(struct automation_doing *d, struct json_object *values)
{
	struct json_object *body = automation_object(d->call), *data = json_object_new_object();
	char now[INSTANT_TEXT];
	instant_format(d->call->now, now);
	automation_put(body, "type", STR("automation.step"));
	automation_put(body, "timestamp", str_of(now));
	json_object_object_add(body, "data", data);
	automation_put(data, "object", str_of(d->work->program->table->noun));
	automation_put(data, "id", str_of(d->work->subject));
	automation_put(data, "automation_id", str_of(d->work->automation.text));
	automation_put(data, "run_id", str_of(d->work->run.text));
	automation_put(data, "at", str_of(d->step->pointer));
	json_object_object_add(data, "values", json_object_get(values));
	return json_kept(d->call->arena, body);
}

static void wait_for_end(struct automation_doing *d, const struct automation_wait *wait)
{
	d->done->awaits = "webhook";
	d->done->wait = *wait;
}

/* Like every delivery it tells whoever chose the address (webhooks.c) nothing of a record that this
 * agent cannot see. */
static error check_sight(struct automation_doing *d, const struct webhook *webhook)
{
	const struct table *table = d->work->program->table;
	bool sees;
	TRY(identity_sees(
	    d->call, webhook->agent_id, (uuid) { "" }, table, d->work->subject, &sees));
	return sees ? OK
		    : fail(d->call, CONFLICT, NULL,
			  "whoever chose the address of the webhook cannot see this %s",
			  table->noun);
}

static error begin(struct automation_doing *d)
{
	struct webhook webhook;
	struct webhook_delivery delivery;
	struct json_object *values;
	TRY(webhook_get(d->call, d->step->webhook_id, &webhook));
	if (!webhook.enabled)
		return fail(d->call, CONFLICT, NULL, "the webhook is disabled");
	TRY(check_sight(d, &webhook));
	TRY(values_of(d, &values));
	row_init(&webhook_deliveries_table, &delivery);
	delivery.webhook_id = webhook.id;
	delivery.event = STR("automation.step");
	memcpy(delivery.run_id.text, d->work->run.text, sizeof delivery.run_id.text);
	delivery.body = body_of(d, values);
	delivery.state = WEBHOOK_DELIVERY_STATE_WAITING;
	delivery.tries = 0;
	TRY(webhook_delivery_insert(d->call, &delivery));
	TRY(workflow_start(d->call, workflow_named("webhook_send"), delivery.id.text, NULL, NULL));
	automation_put(d->input, "url", webhook.url);
	automation_put(d->input, "delivery_id", str_of(delivery.id.text));
	json_object_object_add(d->input, "values", json_object_get(values));
	struct automation_wait wait = { .until = { d->call->now.us + OUTCOME_WITHIN } };
	memcpy(wait.on.text, delivery.id.text, sizeof wait.on.text);
	wait_for_end(d, &wait);
	return OK;
}

/* Which is the end of the last try, not of what the event says: who had it sent again by hand has
 * another. */
static error end(struct automation_doing *d)
{
	struct webhook_delivery_end_in ask;
	struct webhook_delivery_end_row row;
	const char *why;
	memcpy(ask.delivery.text, d->work->wait->on.text, sizeof ask.delivery.text);
	TRY(query_one(d->call, &webhook_delivery_end_query, &ask, &row));
	if (row.state == WEBHOOK_DELIVERY_STATE_WAITING) { /* it always comes to an end */
		struct automation_wait wait = *d->work->wait;
		if (d->call->now.us >= wait.until.us)
			wait.until.us = d->call->now.us + OUTCOME_WITHIN;
		wait_for_end(d, &wait);
		return OK;
	}
	struct json_object *tries =
	    str_none(row.attempts.json) ? NULL : json_read(d->call->arena, row.attempts.json, &why);
	size_t n = tries ? json_object_array_length(tries) : 0;
	struct json_object *last = n ? json_object_array_get_idx(tries, n - 1) : NULL;
	if (row.state != WEBHOOK_DELIVERY_STATE_DELIVERED) {
		str said = text_of(last, "error");
		long status = (long)json_object_get_int64(automation_member(last, "status"));
		return fail(d->call, CONFLICT, NULL, "the receiver did not take it: %s",
		    status ? arena_printf(d->call->arena, "status %ld", status)
			   : arena_text(d->call->arena, said.n ? said.p : "", said.n));
	}
	d->output = json_object_get(last);
	json_keep(d->call->arena, d->output);
	return OK;
}

error automation_webhook_again(struct call *call, uuid on)
{
	struct webhook_delivery d;
	webhook_delivery_id id;
	memcpy(id.text, on.text, sizeof id.text);
	error e = webhook_delivery_lock_any(call, id, &d);
	if (e == NOT_FOUND) { /* it was cleaned away, which the step says */
		call->problem = (struct problem) { 0 };
		return OK;
	}
	TRY(e);
	if (d.state != WEBHOOK_DELIVERY_STATE_FAILED)
		return OK;
	d.state = WEBHOOK_DELIVERY_STATE_WAITING;
	d.tries = 0;
	TRY(webhook_delivery_update(call, &d));
	return workflow_start(call, workflow_named("webhook_send"), id.text, NULL, NULL);
}

error automation_call_webhook(struct automation_doing *d)
{
	return d->work->wait ? end(d) : begin(d);
}
