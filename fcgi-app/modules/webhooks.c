/*
 * webhooks.c: addresses that are told what changes, and what they were told. The secret is shown
 * when it is made; while it is changed for another, both sign for a day. What is told to whom:
 * core/webhook_events.c; sending: webhook_send.c. Columns: sql/schema/webhooks.sql,
 * webhook_deliveries.sql. Pages: templates/settings/webhooks, webhook. Tests:
 * tests/http/webhooks.test.mjs
 */
#include <openssl/evp.h>

#include "base/random.h"
#include "core/page.h"
#include "core/query_run.h"
#include "core/resource.h"
#include "core/row.h"
#include "core/webhook_events.h"
#include "core/worker.h"
#include "core/workflow.h"

enum { SECRET = 32, EVENTS_MOST = 100, WEBHOOKS_MOST = 50 };
#define OLD_SECRET_HOURS 24

RESOURCE_LIST(webhooks, SORTS("-created_at"));
RESOURCE_GET(webhooks);
RESOURCE_UPDATE(webhooks);
RESOURCE_DELETE(webhooks);
RESOURCE_RESTORE(webhooks);
RESOURCE_LIST_AS(webhook_deliveries, "webhooks", SORTS("-created_at"));
RESOURCE_GET_AS(webhook_deliveries, "webhooks");

/* ---- what it must be ---- */

static error check_url(struct call *call, str url)
{
	bool open = call->worker->config->private_webhooks && str_starts(url, "http://");
	if (!open && !str_starts(url, "https://"))
		return fail_code(call, INVALID, "url", "format", "must begin with https://");
	for (size_t i = 0; i < url.n; i++)
		if ((unsigned char)url.p[i] <= 0x20 || (unsigned char)url.p[i] >= 0x7f)
			return fail_code(call, INVALID, "url", "format",
			    "must have no spaces and only ASCII characters");
	if (memchr(url.p, '@', url.n))
		return fail_code(call, INVALID, "url", "format", "must not contain a password");
	return OK;
}

static error check_events(struct call *call, json_text events)
{
	const char *why;
	struct json_object *all =
	    str_none(events.json) ? NULL : json_read(call->arena, events.json, &why);
	if (!all)
		return OK;
	if (!json_object_is_type(all, json_type_array) ||
	    json_object_array_length(all) > EVENTS_MOST)
		return fail_code(call, INVALID, "events", "type",
		    "must be a list of events, such as [\"contact.created\"], or null");
	for (size_t i = 0; i < json_object_array_length(all); i++) {
		struct json_object *one = json_object_array_get_idx(all, i);
		if (!json_object_is_type(one, json_type_string) ||
		    !webhook_event_known(str_of(json_object_get_string(one))))
			return fail_code(call, INVALID, arena_printf(call->arena, "events/%zu", i),
			    "unknown", "there is no such event");
	}
	return OK;
}

/* Each change is held against all of them. */
static error check_number(struct call *call)
{
	struct webhooks_number_row n;
	TRY(query_one(call, &webhooks_number_query, NULL, &n));
	return n.count < WEBHOOKS_MOST
		   ? OK
		   : fail(call, CONFLICT, NULL, "a company has at most %d webhooks", WEBHOOKS_MOST);
}

/* It tells what the agent may see who chose the address, and nobody has it tell himself what
 * another one may. */
static error take_over(struct call *call, struct webhook *w)
{
	TRY(check_url(call, w->url));
	TRY(access_whole(call));
	w->agent_id = call->me.agent;
	return OK;
}

static error check(struct call *call, const void *before, void *after)
{
	const struct webhook *old = before;
	struct webhook *w = after;
	if (w->enabled && (!old || !old->enabled))
		w->disabled_because = (str) { NULL, 0 };
	if (!old)
		TRY(check_number(call));
	if (!old || !str_eq(old->url, w->url))
		TRY(take_over(call, w));
	return !old || !str_eq(old->events.json, w->events.json) ? check_events(call, w->events)
								 : OK;
}

ROW_HOOK(webhooks, .before_write = check);

/* ---- the secret ---- */

static str new_secret(struct arena *a, str *shown)
{
	unsigned char bytes[SECRET], text[4 * SECRET / 3 + 8];
	random_bytes(bytes, sizeof bytes);
	EVP_EncodeBlock(text, bytes, SECRET);
	*shown = str_of(arena_printf(a, "whsec_%s", (char *)text));
	return (str) { arena_text(a, (char *)bytes, SECRET), SECRET };
}

struct webhooks_create_in {
	str url;
	json_text events;
};
FIELDS(webhooks_create) = {
	FIELD(webhooks_create, url, .flags = F_REQUIRED, .like = COLUMN(webhooks, url)),
	FIELD(webhooks_create, events, .flags = F_NULLABLE, .like = COLUMN(webhooks, events)),
};

struct webhook_secret_out {
	str key;
};
ANSWER(webhook_secret) = { MEMBER(
    webhook_secret, key, .doc = "The secret with which what is sent is signed; it is shown once") };

MUTATION(webhooks_create, "webhooks.create", ROW_WITH(webhooks, webhook_secret),
    .route = "POST /v1/webhooks",
    .summary = "Have an address told what changes; the answer shows its secret, once",
    .status = 201, .revealing = true)
{
	struct webhook webhook;
	str shown;
	row_init(&webhooks_table, &webhook);
	webhook.url = in->url;
	webhook.events = given(call, "events") ? in->events : (json_text) { { NULL, 0 } };
	webhook.enabled = true;
	webhook.secret = new_secret(call->arena, &shown);
	TRY(webhook_insert(call, &webhook));
	return row_answer_with(
	    call, &webhooks_table, webhook.id.text, &(struct webhook_secret_out) { shown }, out);
}

struct webhooks_rotate_in {
	webhook_id id;
};
FIELDS(webhooks_rotate) = { FIELD(
    webhooks_rotate, id, .flags = F_REQUIRED, .like = COLUMN(webhooks, id)) };

MUTATION(webhooks_rotate, "webhooks.edit", ROW_WITH(webhooks, webhook_secret),
    .route = "POST /v1/webhooks/{id}/rotate",
    .summary =
	"Give a webhook a new secret; for a day what is sent is signed with the old one as well",
    .revealing = true)
{
	struct webhook webhook;
	str shown;
	TRY(webhook_lock(call, in->id, &webhook));
	webhook.old_secret = webhook.secret;
	webhook.old_secret_until = (instant) { call->now.us + HOURS(OLD_SECRET_HOURS) };
	webhook.secret = new_secret(call->arena, &shown);
	TRY(webhook_update(call, &webhook));
	return row_answer_with(
	    call, &webhooks_table, webhook.id.text, &(struct webhook_secret_out) { shown }, out);
}

/* ---- again ---- */

struct webhook_deliveries_replay_in {
	webhook_delivery_id id;
};
FIELDS(webhook_deliveries_replay) = { FIELD(
    webhook_deliveries_replay, id, .flags = F_REQUIRED, .like = COLUMN(webhook_deliveries, id)) };

MUTATION(webhook_deliveries_replay, "webhooks.edit", ROW(webhook_deliveries),
    .route = "POST /v1/webhook_deliveries/{id}/replay",
    .summary = "Send what a webhook was told again, or at once; with the same webhook-id")
{
	struct webhook_delivery d;
	TRY(webhook_delivery_lock(call, in->id, &d));
	if (d.state == WEBHOOK_DELIVERY_STATE_WAITING) {
		TRY(workflow_signal_about(call, d.id.text, "again", NULL));
	} else {
		d.state = WEBHOOK_DELIVERY_STATE_WAITING;
		d.tries = 0;
		TRY(webhook_delivery_update(call, &d));
		TRY(workflow_start(call, workflow_named("webhook_send"), d.id.text, NULL, NULL));
	}
	return row_answer(call, &webhook_deliveries_table, d.id.text, out);
}

PAGE(settings_webhooks, .route = "/settings/webhooks", .template = "settings/webhooks",
    .title = "Webhooks", .nav = "settings",
    .loads = { { "webhooks", "webhooks_list", "limit=100" } });
PAGE(settings_webhook, .route = "/settings/webhooks/{id}", .template = "settings/webhook",
    .title = "Webhook", .nav = "settings",
    .loads = {
	{ "webhook", "webhooks_get", "id={id}" },
	{ "deliveries", "webhook_deliveries_list", "webhook_id={id}&limit=50" },
    });
