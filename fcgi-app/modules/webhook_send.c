/*
 * webhook_send.c: sending what core/webhook_events.c wrote, signed as Standard Webhooks 1.0 says
 * (github.com/standard-webhooks), with the same webhook-id at each try. Addresses of the house are
 * refused when the connection is made, by the address that it is made to, so that no name can be
 * turned into one in between; redirects are not followed, and of the reply little is read. Who
 * answers 410 wants no more. Statements: sql/query/webhooks.sql. Tests:
 * tests/http/webhooks.test.mjs, tests/unit/address_guard_test.c
 */
#include <openssl/evp.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/random.h"
#include "core/address_guard.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/worker.h"
#include "core/workflow.h"
#include "modules/transfer.h"

enum { CONNECT_SECONDS = 5, SEND_SECONDS = 15, REASON = 200, REPLY = 500, ATTEMPTS_KEPT = 20 };
enum { SECRET = 32 };

/* After the first, the second, ... try: the steps of the standard, up to a day. */
static const int64_t ladder[] = { SECONDS(5), MINUTES(5), MINUTES(30), HOURS(2), HOURS(5),
	HOURS(10), HOURS(14), HOURS(20), HOURS(24) };
#define COUNT(x) (sizeof(x) / sizeof *(x))

struct sending {
	const struct job *job;
	bool private_allowed;
	bool refused; /* the address is one of the house */
	char reply[REPLY];
	size_t n;
};

struct outcome {
	bool settled; /* nothing is to be sent any more */
	bool unwanted;
	long status; /* 0: no answer came */
	int64_t took_ms;
	instant began;
	char why[REASON], reply[REPLY];
};

/* ---- the signature ---- */

static const char *signature(
    struct arena *a, const char *hex_secret, const char *id, const char *timestamp, str body)
{
	unsigned char secret[SECRET], mac[DIGEST_SIZE];
	char *text = arena_alloc(a, 4 * DIGEST_SIZE / 3 + 8);
	for (size_t i = 0; i < SECRET; i++) {
		unsigned byte;
		sscanf(hex_secret + 2 * i, "%2x", &byte);
		secret[i] = (unsigned char)byte;
	}
	str signed_text = str_of(arena_printf(a, "%s.%s.%.*s", id, timestamp, (int)body.n, body.p));
	digest_hmac((str) { (const char *)secret, SECRET }, signed_text, mac);
	EVP_EncodeBlock((unsigned char *)text, mac, DIGEST_SIZE);
	return text;
}

static struct curl_slist *add(struct curl_slist *lines, const char *line)
{
	struct curl_slist *longer = curl_slist_append(lines, line);
	return longer ? longer : lines;
}

static struct curl_slist *headers(
    struct arena *a, const struct webhook_to_send_row *row, const char *id)
{
	const char *now = arena_printf(a, "%lld", (long long)(clock_now().us / SECONDS(1)));
	const char *secret = arena_text(a, row->secret.p, row->secret.n);
	const char *value = arena_printf(
	    a, "webhook-signature: v1,%s", signature(a, secret, id, now, row->body.json));
	if (row->old_secret.n)
		value = arena_printf(a, "%s v1,%s", value,
		    signature(a, arena_text(a, row->old_secret.p, row->old_secret.n), id, now,
			row->body.json));
	struct curl_slist *lines = add(NULL, "Content-Type: application/json");
	lines = add(lines, "Expect:");
	lines = add(lines, arena_printf(a, "webhook-id: %s", id));
	lines = add(lines, arena_printf(a, "webhook-timestamp: %s", now));
	return add(lines, value);
}

/* ---- the connection ---- */

static curl_socket_t open_socket(void *with, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct sending *s = with;
	(void)purpose;
	if (!s->private_allowed && address_is_private(&address->addr)) {
		s->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* The beginning is kept, the rest is not read: who sends without end is cut off. */
static size_t hear(char *text, size_t size, size_t n, void *with)
{
	struct sending *s = with;
	size_t left = sizeof s->reply - 1 - s->n, taken = size * n < left ? size * n : left;
	memcpy(s->reply + s->n, text, taken);
	s->n += taken;
	return taken;
}

static void prepare(CURL *curl, const struct webhook_to_send_row *row, struct arena *a,
    struct curl_slist *lines, struct sending *s)
{
	curl_easy_setopt(curl, CURLOPT_URL, arena_text(a, row->url.p, row->url.n));
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, s->private_allowed ? "http,https" : "https");
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, row->body.json.p);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)row->body.json.n);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "Muster-Webhooks/1");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* a proxy would connect in our place */
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, s);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, hear);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, s);
	transfer_limits(curl, s->job, CONNECT_SECONDS, SEND_SECONDS);
}

static void judge(CURL *curl, CURLcode code, const struct sending *s, struct outcome *out)
{
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out->status);
	/* A reply that was too long has come all the same. */
	bool cut = code == CURLE_WRITE_ERROR && s->n == sizeof s->reply - 1;
	bool heard = code == CURLE_OK || cut; /* of several addresses one may have been good */
	if (!heard && s->refused)
		snprintf(out->why, sizeof out->why, "the address is one of a private network");
	else if (!heard)
		snprintf(out->why, sizeof out->why, "%s", curl_easy_strerror(code));
	else if (out->status >= 300 && out->status < 400)
		snprintf(out->why, sizeof out->why, "redirects are not followed");
	if (out->why[0] && !(out->status >= 300))
		out->status = 0;
	str reply = utf8_cut((str) { s->reply, s->n }, REPLY);
	for (size_t i = 0; i < reply.n; i++) /* what people see of it is text */
		out->reply[i] =
		    (unsigned char)reply.p[i] < 0x20 || (unsigned char)reply.p[i] >= 0x7f
			? ' '
			: reply.p[i];
}

static error send_outside(struct call *call, struct job *job)
{
	struct webhook_to_send_row row;
	struct webhook_to_send_in ask = { .moment = call->now };
	struct outcome *out = ARENA_NEW(call->arena, struct outcome);
	struct sending s = { .job = job,
		.private_allowed = call->worker->config->private_webhooks };
	job->outcome = out;
	memcpy(ask.delivery.text, job->subject.text, sizeof ask.delivery.text);
	TRY(query_one(call, &webhook_to_send_query, &ask, &row));
	out->settled = row.state != WEBHOOK_DELIVERY_STATE_WAITING;
	out->unwanted = !row.wanted;
	if (out->settled || out->unwanted)
		return OK;
	CURL *curl = curl_easy_init();
	if (!curl)
		return fail(call, UNAVAILABLE, NULL, "libcurl cannot begin");
	struct curl_slist *lines = headers(call->arena, &row, job->subject.text);
	out->began = clock_now();
	prepare(curl, &row, call->arena, lines, &s);
	CURLcode code = curl_easy_perform(curl);
	out->took_ms = (clock_now().us - out->began.us) / 1000;
	judge(curl, code, &s, out);
	curl_slist_free_all(lines);
	curl_easy_cleanup(curl);
	return OK;
}

/* ---- what came of it ---- */

static json_text with_attempt(struct call *call, json_text before, const struct outcome *o)
{
	const char *why;
	char at[INSTANT_TEXT];
	struct json_object *old =
	    str_none(before.json) ? NULL : json_read(call->arena, before.json, &why);
	struct json_object *all = json_object_new_array(), *one = json_object_new_object();
	size_t n = old ? json_object_array_length(old) : 0;
	json_keep(call->arena, all);
	for (size_t i = n < ATTEMPTS_KEPT ? 0 : n - ATTEMPTS_KEPT + 1; i < n; i++)
		json_object_array_add(all, json_object_get(json_object_array_get_idx(old, i)));
	instant_format(o->began, at);
	json_object_object_add(one, "at", json_object_new_string(at));
	if (o->status)
		json_object_object_add(one, "status", json_object_new_int64(o->status));
	json_object_object_add(one, "took_ms", json_object_new_int64(o->took_ms));
	if (o->why[0])
		json_object_object_add(one, "error", json_object_new_string(o->why));
	if (o->reply[0])
		json_object_object_add(one, "reply", json_object_new_string(o->reply));
	json_object_array_add(all, one);
	return json_kept(call->arena, all);
}

/* So that what failed together does not come back together: up to a tenth more. */
static int64_t pause_after(int64_t tries)
{
	uint32_t chance;
	int64_t us = ladder[tries - 1];
	random_bytes(&chance, sizeof chance);
	return us + us / 10 * (chance % 1000) / 1000;
}

static error disable(struct call *call, const webhook_id *id)
{
	struct webhook webhook;
	TRY(webhook_lock_any(call, *id, &webhook));
	webhook.enabled = false;
	webhook.disabled_because = STR("the receiver answered 410 Gone");
	return webhook_update(call, &webhook);
}

/* The run of an automation that waits for the end of it, when it is still there. */
static error tell_run(struct call *call, const struct webhook_delivery *d)
{
	workflow_run_id run;
	memcpy(run.text, d->run_id.text, sizeof run.text);
	if (!run.text[0] || d->state == WEBHOOK_DELIVERY_STATE_WAITING)
		return OK;
	error e = workflow_signal(call, run, "", "webhook", NULL);
	if (e != CONFLICT && e != NOT_FOUND)
		return e;
	call->problem = (struct problem) { 0 };
	return OK;
}

static error write_delivery(struct call *call, struct webhook_delivery *d)
{
	TRY(webhook_delivery_update(call, d));
	return tell_run(call, d);
}

static error note(struct call *call, struct job *job)
{
	const struct outcome *o = job->outcome;
	struct webhook_delivery d;
	webhook_delivery_id id;
	memcpy(id.text, job->subject.text, sizeof id.text);
	if (o->settled)
		return OK;
	TRY(webhook_delivery_lock_any(call, id, &d));
	d.next_try_at = INSTANT_NONE;
	if (o->unwanted) {
		d.state = WEBHOOK_DELIVERY_STATE_FAILED;
		return write_delivery(call, &d);
	}
	d.tries++;
	d.attempts = with_attempt(call, d.attempts, o);
	if (o->status >= 200 && o->status < 300) {
		d.state = WEBHOOK_DELIVERY_STATE_DELIVERED;
		d.delivered_at = call->now;
	} else if (o->status == 410 || d.tries > (int64_t)COUNT(ladder)) {
		d.state = WEBHOOK_DELIVERY_STATE_FAILED;
	} else {
		int64_t pause = pause_after(d.tries);
		d.next_try_at = (instant) { clock_now().us + pause };
		job_wait_for(job, "again", pause, "send");
	}
	if (o->status == 410)
		TRY(disable(call, &d.webhook_id));
	return write_delivery(call, &d);
}

WORKFLOW(webhook_send, .definition = 1, .lane = "webhooks", .of_the_program = true, .at_once = 2,
    .steps = { { "send", note, send_outside, SEND_SECONDS } });
