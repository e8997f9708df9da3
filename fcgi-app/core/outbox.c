/* outbox.c: see outbox.h. */
#include "core/outbox.h"

#include <stdio.h>

#include "base/digest.h"
#include "base/log.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/worker.h"
#include "core/workflow.h"

/* ---- addresses ---- */

error mail_address_open(struct call *call, str address, struct mail_address *out)
{
	struct mail_address_known_row known;
	error e = query_one(call, &mail_address_known_query,
	    &(struct mail_address_known_in) { .address = address }, &known);
	if (e == OK)
		return mail_address_lock_any(call, known.id, out);
	if (e != NOT_FOUND)
		return e;
	call->problem = (struct problem) { 0 };
	row_init(&mail_addresses_table, out);
	out->address = address;
	return OK;
}

error mail_address_write(struct call *call, struct mail_address *address)
{
	return address->id.text[0] ? mail_address_update(call, address)
				   : mail_address_insert(call, address);
}

/* ---- kinds of notices: words with commas between ---- */

static bool has_kind(str kinds, const char *kind)
{
	for (str one; kinds.n;) {
		if (!str_cut(kinds, ',', &one, &kinds)) {
			one = kinds;
			kinds = (str) { NULL, 0 };
		}
		if (str_is(one, kind))
			return true;
	}
	return false;
}

/* The list with, or without, that kind. */
static str kinds_with(struct arena *a, str kinds, const char *kind, bool in)
{
	const char *all = in ? kind : "";
	for (str one; kinds.n;) {
		if (!str_cut(kinds, ',', &one, &kinds)) {
			one = kinds;
			kinds = (str) { NULL, 0 };
		}
		if (!str_is(one, kind))
			all =
			    arena_printf(a, "%s%s%.*s", all, all[0] ? "," : "", (int)one.n, one.p);
	}
	return all[0] ? str_of(all) : (str) { NULL, 0 };
}

error mail_wanted(struct call *call, str address, const char *kind, bool *wanted)
{
	struct mail_address_known_row known;
	error e = query_one(call, &mail_address_known_query,
	    &(struct mail_address_known_in) { .address = address }, &known);
	if (e != OK && e != NOT_FOUND)
		return e;
	*wanted = e == NOT_FOUND || !has_kind(known.unsubscribed, kind);
	call->problem = (struct problem) { 0 };
	return OK;
}

error mail_want(struct call *call, str address, const char *kind, bool wanted)
{
	struct mail_address known;
	bool is;
	TRY(mail_wanted(call, address, kind, &is));
	if (is == wanted)
		return OK;
	TRY(mail_address_open(call, address, &known));
	known.unsubscribed = kinds_with(call->arena, known.unsubscribed, kind, !wanted);
	return mail_address_write(call, &known);
}

bool mail_able(const struct config *config) { return config->smtp_url[0] != 0; }

/* ---- links to unsubscribe: base64url of 16 bytes of HMAC, the company's id, the kind, a space and
 * the address ---- */

enum { SIGNATURE = 16, ID = 36, KIND = 20, TOKEN_MOST = SIGNATURE + ID + KIND + 1 + 254 };

static void sign(const struct worker *w, struct arena *a, str text, unsigned char out[DIGEST_SIZE])
{
	str bound = str_of(arena_printf(a, "unsubscribe\n%.*s", (int)text.n, text.p));
	digest_hmac((str) { (const char *)w->secret, sizeof w->secret }, bound, out);
}

const char *mail_unsubscribe_token(
    const struct worker *w, struct arena *a, const company_id *company, str kind, str address)
{
	unsigned char bytes[TOKEN_MOST + 1], signature[DIGEST_SIZE];
	char *text = arena_alloc(a, TOKEN_MOST * 4 / 3 + 4);
	int n = snprintf((char *)bytes + SIGNATURE, sizeof bytes - SIGNATURE, "%s%.*s %.*s",
	    company->text, (int)kind.n, kind.p, (int)address.n, address.p);
	size_t length = (size_t)n < sizeof bytes - SIGNATURE ? (size_t)n : TOKEN_MOST - SIGNATURE;
	sign(w, a, (str) { (const char *)bytes + SIGNATURE, length }, signature);
	memcpy(bytes, signature, SIGNATURE);
	text[base64url_encode(bytes, SIGNATURE + length, text)] = 0;
	return text;
}

bool mail_unsubscribe_read(const struct worker *w, struct arena *a, str token, company_id *company,
    str *kind, str *address)
{
	unsigned char *bytes = arena_alloc(a, TOKEN_MOST), signature[DIGEST_SIZE];
	uuid id;
	size_t n;
	if (!base64url_decode(token, bytes, TOKEN_MOST, &n) || n <= SIGNATURE + ID)
		return false;
	str signed_text = { (const char *)bytes + SIGNATURE, n - SIGNATURE };
	sign(w, a, signed_text, signature);
	if (!digest_equal(bytes, signature, SIGNATURE) ||
	    !uuid_parse((str) { signed_text.p, ID }, &id))
		return false;
	memcpy(company->text, id.text, sizeof id.text);
	return str_cut((str) { signed_text.p + ID, signed_text.n - ID }, ' ', kind, address) &&
	       kind->n && kind->n <= KIND;
}

/* ---- writing ---- */

static error render(struct call *call, const char *name, struct json_object *words, str *out)
{
	struct buf text = { 0 };
	char why[TEMPLATE_WHY] = "there is no such template";
	const struct template *t = template_find(call->worker->templates, name);
	error e = t ? template_render(t, words, call->arena, &text, why) : INTERNAL;
	if (e != OK)
		log_event(LOG_ERROR, "a mail could not be written",
		    LOG_TEXT("template", str_of(name)), LOG_TEXT("why", str_of(why)));
	*out = (str) { arena_text(call->arena, text.p ? text.p : "", text.n), text.n };
	buf_free(&text);
	return e;
}

static void add(struct json_object *words, const char *name, const char *value)
{
	json_object_object_add(words, name, json_object_new_string(value));
}

static error compose(struct call *call, const struct mail_draft *draft, struct mail *mail)
{
	const char *url = call->worker->config->public_url;
	add(draft->words, "subject", draft->subject);
	add(draft->words, "public_url", url);
	if (draft->kind)
		add(draft->words, "unsubscribe_url",
		    arena_printf(call->arena, "%s/unsubscribe?token=%s", url,
			mail_unsubscribe_token(call->worker, call->arena, &call->me.company,
			    str_of(draft->kind), draft->to)));
	row_init(&mails_table, mail);
	mail->recipient = draft->to;
	mail->subject = utf8_cut(str_of(draft->subject), (size_t)COLUMN(mails, subject)->max);
	mail->kind = str_of(draft->kind);
	mail->attempts = 0;
	TRY(render(call, arena_printf(call->arena, "mail/%s", draft->template), draft->words,
	    &mail->html));
	return render(call, arena_printf(call->arena, "mail/%s.text", draft->template),
	    draft->words, &mail->body);
}

error mail_write(struct call *call, const struct mail_draft *draft)
{
	struct mail mail;
	struct mail_address_known_row known = { 0 };
	struct mail_written unasked, *written = draft->written ? draft->written : &unasked;
	error e = query_one(call, &mail_address_known_query,
	    &(struct mail_address_known_in) { .address = draft->to }, &known);
	if (e != OK && e != NOT_FOUND)
		return e;
	call->problem = (struct problem) { 0 };
	*written = (struct mail_written) { .what = "unsubscribed" };
	if (draft->kind && has_kind(known.unsubscribed, draft->kind))
		return OK;
	TRY(compose(call, draft, &mail));
	mail.state = known.bounced ? MAIL_STATE_FAILED : MAIL_STATE_WAITING;
	if (known.bounced)
		mail.last_error = known.bounce;
	TRY(mail_insert(call, &mail));
	*written = (struct mail_written) { mail.id, known.bounced ? "bounced" : "waiting" };
	const struct workflow *send = workflow_named("mail_send");
	return send && !known.bounced ? workflow_start(call, send, mail.id.text, NULL, NULL) : OK;
}
