/*
 * outbox.c: sending the mails that core/outbox.h wrote, by SMTP (libcurl), when MUSTER_SMTP_URL is
 * set. A workflow of its own for each mail: what the server said is kept with the mail; a refusal
 * for good (5xx) ends it, and one of the address itself is remembered; anything else is tried again
 * for about a day. A mail may go out twice, when the process ends between the server's yes and our
 * note of it; its Message-ID is the same then. Statements: sql/query/outbox.sql. Tests:
 * tests/http/outbox.test.mjs
 */
#include <stdio.h>

#include "core/mail_message.h"
#include "core/outbox.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/worker.h"
#include "core/workflow.h"
#include "modules/transfer.h"

enum { CONNECT_SECONDS = 10, SEND_SECONDS = 30, TRIES = 14, REASON = 300, SAID = 300 };
#define PAUSE_FIRST SECONDS(60)
#define PAUSE_LONGEST SECONDS(4 * 3600)

/* ---- sending ---- */

struct sending {
	const struct job *job;
	struct buf message;
	size_t sent;
	bool of_recipient; /* the last that was said to the server was whom it is for */
	char said[SAID];   /* the server's last refusal */
};

enum result { SENT = 1, TRY_AGAIN, REFUSED, BOUNCED };
struct outcome {
	enum result result;
	bool settled;
	char why[REASON];
};

static size_t read_message(char *out, size_t size, size_t n, void *with)
{
	struct sending *s = with;
	size_t left = s->message.n - s->sent, step = size * n < left ? size * n : left;
	memcpy(out, s->message.p + s->sent, step);
	s->sent += step;
	return step;
}

/* What it refuses with; its good-bye is no news. */
static size_t hear(char *line, size_t size, size_t n, void *with)
{
	struct sending *s = with;
	str said = str_trim((str) { line, size * n });
	if (said.n && (said.p[0] == '4' || said.p[0] == '5'))
		snprintf(s->said, sizeof s->said, "%.*s", (int)said.n, said.p);
	return size * n;
}

static int overhear(CURL *curl, curl_infotype type, char *line, size_t n, void *with)
{
	struct sending *s = with;
	(void)curl;
	if (type == CURLINFO_HEADER_OUT && (n < 4 || strncasecmp(line, "QUIT", 4) != 0))
		s->of_recipient = n >= 8 && !strncasecmp(line, "RCPT TO:", 8);
	return 0;
}

/* With a password nothing goes over an open line; without one encryption is taken when it is
 * offered, as between mail servers. */
static void set_security(CURL *curl, const char *url)
{
	bool secret = strchr(url, '@') != NULL;
	curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(secret ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	if (secret || !strncmp(url, "smtps:", 6))
		return;
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
}

static CURLcode perform(
    CURL *curl, const struct config *config, struct arena *a, str recipient, struct sending *s)
{
	str from = mail_address_of(str_of(config->mail_from));
	struct curl_slist *to = curl_slist_append(NULL, arena_text(a, recipient.p, recipient.n));
	curl_easy_setopt(curl, CURLOPT_URL, config->smtp_url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, arena_printf(a, "<%.*s>", (int)from.n, from.p));
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_message);
	curl_easy_setopt(curl, CURLOPT_READDATA, s);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, hear);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, overhear);
	curl_easy_setopt(curl, CURLOPT_DEBUGDATA, s);
	transfer_limits(curl, s->job, CONNECT_SECONDS, SEND_SECONDS);
	set_security(curl, config->smtp_url);
	CURLcode code = to ? curl_easy_perform(curl) : CURLE_OUT_OF_MEMORY;
	curl_slist_free_all(to);
	return code;
}

/* RFC 3463: 5.7 is what the server thinks of us, and nothing of the address. */
static bool is_bounce(const struct sending *s)
{
	return s->of_recipient && !strstr(s->said, " 5.7.");
}

static void judge(CURL *curl, CURLcode code, const struct sending *s, struct outcome *out)
{
	long status = 0;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	bool for_good = status >= 500 && status < 600 && code != CURLE_LOGIN_DENIED;
	out->result = code == CURLE_OK ? SENT
		      : !for_good      ? TRY_AGAIN
		      : is_bounce(s)   ? BOUNCED
				       : REFUSED;
	if (code != CURLE_OK)
		snprintf(out->why, sizeof out->why, "%s",
		    s->said[0] ? s->said : curl_easy_strerror(code));
}

static void write_message(
    struct call *call, const struct job *job, const struct mail_to_send_row *row, struct buf *b)
{
	const struct config *config = call->worker->config;
	struct mail_message mail = { .id = job->subject.text,
		.date = row->created_at,
		.from = str_of(config->mail_from),
		.to = row->recipient,
		.subject = row->subject,
		.text = row->body,
		.html = row->html };
	if (row->kind.n)
		mail.unsubscribe =
		    arena_printf(call->arena, "%s/v1/unsubscribe/%s", config->public_url,
			mail_unsubscribe_token(
			    call->worker, call->arena, &job->company, row->kind, row->recipient));
	mail_message_write(b, &mail);
}

static error send_outside(struct call *call, struct job *job)
{
	struct mail_to_send_row mail;
	struct mail_to_send_in in;
	struct outcome *out = ARENA_NEW(call->arena, struct outcome);
	struct sending s = { .job = job };
	memcpy(in.mail.text, job->subject.text, sizeof in.mail.text);
	job->outcome = out;
	TRY(query_one(call, &mail_to_send_query, &in, &mail));
	out->settled = mail.state != MAIL_STATE_WAITING;
	if (out->settled)
		return OK;
	CURL *curl = curl_easy_init();
	if (!curl)
		return fail(call, UNAVAILABLE, NULL, "libcurl cannot begin");
	write_message(call, job, &mail, &s.message);
	CURLcode code = perform(curl, call->worker->config, call->arena, mail.recipient, &s);
	judge(curl, code, &s, out);
	curl_easy_cleanup(curl);
	buf_free(&s.message);
	return OK;
}

/* ---- what came of it ---- */

static int64_t pause_after(int64_t attempts)
{
	int64_t us = PAUSE_FIRST;
	while (attempts-- > 1 && us < PAUSE_LONGEST)
		us *= 2;
	return us < PAUSE_LONGEST ? us : PAUSE_LONGEST;
}

/* It is not asked again (mail_write()). */
static error bounce(struct call *call, const struct mail *mail)
{
	struct mail_address address;
	TRY(mail_address_open(call, mail->recipient, &address));
	address.bounced_at = call->now;
	address.bounce = mail->last_error;
	return mail_address_write(call, &address);
}

static error note(struct call *call, struct job *job)
{
	const struct outcome *o = job->outcome;
	struct mail mail;
	mail_id id;
	memcpy(id.text, job->subject.text, sizeof id.text);
	if (o->settled)
		return OK;
	TRY(mail_lock_any(call, id, &mail));
	mail.attempts++;
	mail.last_error = o->why[0] ? str_of(o->why) : (str) { NULL, 0 };
	if (o->result == SENT) {
		mail.state = MAIL_STATE_SENT;
		mail.sent_at = call->now;
	} else if (o->result != TRY_AGAIN || mail.attempts >= TRIES) {
		mail.state = MAIL_STATE_FAILED;
	} else {
		job_sleep(job, "send", pause_after(mail.attempts));
	}
	if (o->result == BOUNCED)
		TRY(bounce(call, &mail));
	return mail_update(call, &mail);
}

WORKFLOW(mail_send, .definition = 1, .lane = "mail", .of_the_program = true, .able = mail_able,
    .steps = { { "send", note, send_outside, CONNECT_SECONDS + SEND_SECONDS } });
