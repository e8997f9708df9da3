/*
 * inbound_hooks.c: what providers tell a company, at an address of its own whose token is a secret.
 * What is not signed with the provider's secret, or too long ago, is not read; the same event again
 * is answered and changes nothing. A payment provider's events about a subscription change the
 * company's plan by the same mutation that its page calls, as the agent who made the hook; whoever
 * else wants to know is told by core/heard.h. Columns: sql/schema/inbound_hooks.sql,
 * inbound_events.sql. Statements: sql/query/inbound_hooks.sql. Pages: templates/settings/hooks,
 * hook. Tests: tests/http/inbound_hooks.test.mjs
 */
#include "base/digest.h"
#include "base/random.h"
#include "core/heard.h"
#include "core/identity.h"
#include "core/page.h"
#include "core/query_run.h"
#include "core/rate.h"
#include "core/resource.h"
#include "core/row.h"
#include "core/signed_hook.h"
#include "core/worker.h"
#include "core/workflow.h"

/* A provider sends what it has in bursts. */
static const struct rate_policy events_per_hook = { 600, 60 };

RESOURCE_LIST(inbound_hooks, SORTS("-created_at"));
RESOURCE_GET(inbound_hooks);
RESOURCE_UPDATE(inbound_hooks); /* its name */
RESOURCE_DELETE(inbound_hooks);
RESOURCE_LIST_AS(inbound_events, "inbound_hooks", SORTS("-created_at"));

/* ---- making one ---- */

struct inbound_hooks_create_in {
	str name, secret;
	enum inbound_hook_scheme scheme;
};
FIELDS(inbound_hooks_create) = {
	FIELD(inbound_hooks_create, name, .flags = F_REQUIRED, .like = COLUMN(inbound_hooks, name)),
	FIELD(inbound_hooks_create, scheme, .flags = F_REQUIRED,
	    .like = COLUMN(inbound_hooks, scheme)),
	FIELD(inbound_hooks_create, secret, .flags = F_REQUIRED | F_SECRET, .min = 8, .max = 200,
	    .doc = "The secret with which the provider signs, as it shows it",
	    .example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
};

struct inbound_hooks_create_out {
	str url;
};
ANSWER(inbound_hooks_create) = { MEMBER(
    inbound_hooks_create, url, .doc = "The address to give to the provider; it is shown once") };

/* A new address: of its token only the hash is kept. */
static str new_address(struct call *call, struct inbound_hook *hook)
{
	char token[SECRET_TEXT];
	unsigned char hash[DIGEST_SIZE];
	secret_new(token);
	digest_sha256(str_of(token), hash);
	hook->token_hash =
	    (str) { arena_text(call->arena, (const char *)hash, sizeof hash), sizeof hash };
	return str_of(
	    arena_printf(call->arena, "%s/hooks/%s", call->worker->config->public_url, token));
}

MUTATION(inbound_hooks_create, "inbound_hooks.create",
    ROW_WITH(inbound_hooks, inbound_hooks_create), .route = "POST /v1/inbound_hooks",
    .summary = "Make an address at which a provider tells what happens; it is shown once",
    .status = 201, .revealing = true)
{
	struct inbound_hook hook;
	TRY(access_whole(call));
	for (size_t i = 0; i < in->secret.n; i++)
		if ((unsigned char)in->secret.p[i] <= 0x20 ||
		    (unsigned char)in->secret.p[i] >= 0x7f)
			return fail_code(call, INVALID, "secret", "format",
			    "must be of ASCII characters without spaces");
	row_init(&inbound_hooks_table, &hook);
	hook.name = in->name;
	hook.scheme = in->scheme;
	hook.secret = in->secret;
	hook.agent_id = call->me.agent;
	str url = new_address(call, &hook);
	TRY(inbound_hook_insert(call, &hook));
	return row_answer_with(call, &inbound_hooks_table, hook.id.text,
	    &(struct inbound_hooks_create_out) { url }, out);
}

struct inbound_hooks_rotate_in {
	inbound_hook_id id;
};
FIELDS(inbound_hooks_rotate) = { FIELD(
    inbound_hooks_rotate, id, .flags = F_REQUIRED, .like = COLUMN(inbound_hooks, id)) };

MUTATION(inbound_hooks_rotate, "inbound_hooks.edit", ROW_WITH(inbound_hooks, inbound_hooks_create),
    .route = "POST /v1/inbound_hooks/{id}/rotate",
    .summary = "Give a hook another address, which is shown once; the one before is none any more",
    .revealing = true)
{
	struct inbound_hook hook;
	TRY(inbound_hook_lock(call, in->id, &hook));
	str url = new_address(call, &hook);
	TRY(inbound_hook_update(call, &hook));
	return row_answer_with(call, &inbound_hooks_table, hook.id.text,
	    &(struct inbound_hooks_create_out) { url }, out);
}

struct inbound_hooks_take_over_in {
	inbound_hook_id id;
};
FIELDS(inbound_hooks_take_over) = { FIELD(
    inbound_hooks_take_over, id, .flags = F_REQUIRED, .like = COLUMN(inbound_hooks, id)) };

MUTATION(inbound_hooks_take_over, "inbound_hooks.edit", ROW(inbound_hooks),
    .route = "POST /v1/inbound_hooks/{id}/take_over",
    .summary = "Make a hook yours: what comes by it is done as you from then on")
{
	struct inbound_hook hook;
	TRY(access_whole(call));
	TRY(inbound_hook_lock(call, in->id, &hook));
	hook.agent_id = call->me.agent;
	TRY(inbound_hook_update(call, &hook));
	return row_answer(call, &inbound_hooks_table, hook.id.text, out);
}

/* ---- what an event means ---- */

static const char *text_in(struct json_object *o, const char *name)
{
	struct json_object *value = json_object_object_get(o, name);
	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
}

/* When the provider lets pay first, if that is to come. */
static instant trial_end(const struct call *call, struct json_object *subscription)
{
	struct json_object *end = json_object_object_get(subscription, "trial_end");
	int64_t seconds = json_object_is_type(end, json_type_int) ? json_object_get_int64(end) : 0;
	int64_t now = call->now.us / SECONDS(1);
	return seconds > now && seconds < now + DAYS(366) / SECONDS(1)
		   ? (instant) { SECONDS(seconds) }
		   : INSTANT_NONE;
}

/* NULL: it says nothing of the plan. What is not paid yet is tried again by the provider first. */
static const char *plan_by(
    const struct call *call, const char *type, struct json_object *event, instant *ends)
{
	struct json_object *data = json_object_object_get(event, "data");
	struct json_object *subscription = json_object_object_get(data, "object");
	*ends = INSTANT_NONE;
	const char *status = text_in(subscription, "status");
	if (!strcmp(type, "customer.subscription.deleted"))
		return "free";
	if (strcmp(type, "customer.subscription.created") != 0 &&
	    strcmp(type, "customer.subscription.updated") != 0)
		return NULL;
	if (!strcmp(status, "trialing"))
		*ends = trial_end(call, subscription);
	if (!instant_none(*ends))
		return "trial";
	if (!strcmp(status, "active") || !strcmp(status, "trialing"))
		return "paid";
	return !strcmp(status, "canceled") || !strcmp(status, "unpaid") ||
		       !strcmp(status, "incomplete_expired")
		   ? "free"
		   : NULL;
}

static error change_plan(struct call *call, const char *plan, instant trial_ends_at)
{
	char ends[INSTANT_TEXT];
	struct json_object *args = json_object_new_object();
	struct buf answer = { 0 };
	struct json out;
	json_keep(call->arena, args);
	json_object_object_add(args, "plan", json_object_new_string(plan));
	if (!instant_none(trial_ends_at)) {
		instant_format(trial_ends_at, ends);
		json_object_object_add(args, "trial_ends_at", json_object_new_string(ends));
	}
	json_begin(&out, &answer);
	error e = call_run(call, operation_named(STR("company_plan")), args, &out);
	buf_free(&answer);
	return e;
}

/* ---- what comes ---- */

static error find(struct call *call, str token, struct inbound_hook_by_token_row *hook)
{
	char hex[65];
	identity_hash(token, hex);
	error e = query_one(call, &inbound_hook_by_token_query,
	    &(struct inbound_hook_by_token_in) { .hash = str_of(hex) }, hook);
	return e == NOT_FOUND ? fail(call, NOT_FOUND, NULL, "there is no such hook") : e;
}

static bool is_signed(const struct call *call, const struct inbound_hook_by_token_row *hook)
{
	return hook->scheme == INBOUND_HOOK_SCHEME_STANDARD
		   ? hook_signed_standard(
			 call->arena, call->signature, hook->secret, call->file.data, call->now)
		   : hook_signed_stripe(
			 call->arena, call->signature, hook->secret, call->file.data, call->now);
}

static uuid hook_source(const struct inbound_hook_by_token_row *hook)
{
	uuid id;
	memcpy(id.text, hook->id.text, sizeof id.text);
	return id;
}

struct inbound_hooks_receive_in {
	str token;
};
FIELDS(
    inbound_hooks_receive) = { FIELD(inbound_hooks_receive, token, .flags = F_REQUIRED | F_SECRET,
    .min = 1, .max = 100, .doc = "From the hook's address", .example = "token-of-the-link") };

MUTATION(inbound_hooks_receive, ANYONE, NOTHING, .route = "POST /v1/hooks/{token}",
    .summary = "What a provider tells, as it signs it; also at /hooks/{token}", .raw_body = true,
    .unversioned = true, .refuses = 1 << NOT_FOUND | 1 << UNAUTHENTICATED | 1 << LIMITED)
{
	struct inbound_hook_by_token_row hook;
	struct inbound_event_known_row known;
	struct inbound_event row;
	const char *why;
	TRY(find(call, in->token, &hook));
	TRY(rate_limit(call, "hook", str_of(hook.id.text), events_per_hook));
	if (!is_signed(call, &hook))
		return fail(call, UNAUTHENTICATED, NULL,
		    "this is not signed with the secret of the hook, or not lately");
	struct json_object *event = json_read_sent(call->arena, call->file.data, &why);
	if (!event)
		return fail(call, MALFORMED, NULL, "the body must be a JSON object");
	TRY(identity_become(call, hook.company_id, hook.agent_id));
	const char *id = hook.scheme == INBOUND_HOOK_SCHEME_STANDARD
			     ? arena_text(call->arena, call->signature->id.p, call->signature->id.n)
			     : text_in(event, "id");
	const char *type = text_in(event, "type");
	instant ends;
	const char *plan = plan_by(call, type, event, &ends);
	if (!id[0] || strlen(id) > 120 || !type[0] || strlen(type) > 120)
		return fail(call, MALFORMED, NULL, "the event has no id or no type");
	error e = query_one(call, &inbound_event_known_query,
	    &(struct inbound_event_known_in) { .hook = hook.id, .event = str_of(id) }, &known);
	if (e != NOT_FOUND)
		return e; /* it came before */
	call->problem = (struct problem) { 0 };
	row_init(&inbound_events_table, &row);
	row.hook_id = hook.id;
	row.event_id = str_of(id);
	row.type = str_of(type);
	if (plan) {
		TRY(change_plan(call, plan, ends));
		row.done = str_of(arena_printf(call->arena, "the plan is %s", plan));
	}
	TRY(inbound_event_insert(call, &row));
	return heard_tell(call,
	    &(struct heard) { .source = hook_source(&hook), .type = str_of(type), .body = event });
}

PAGE(settings_hooks, .route = "/settings/hooks", .template = "settings/hooks",
    .title = "Inbound hooks", .nav = "settings",
    .loads = { { "hooks", "inbound_hooks_list", "limit=100&expand=agent" } });
PAGE(settings_hook, .route = "/settings/hooks/{id}", .template = "settings/hook",
    .title = "Inbound hook", .nav = "settings",
    .loads = {
	{ "hook", "inbound_hooks_get", "id={id}&expand=agent" },
	{ "events", "inbound_events_list", "hook_id={id}&limit=50" },
    });
