/*
 * outbox.c: sending the mails that core/outbox.h wrote, by SMTP (libcurl), when MUSTER_SMTP_URL is
 * set. A workflow of its own for each mail: what the server said is kept with the mail; a refusal
 * for good (5xx) ends it, anything else is tried again for about a day. A mail may go out twice,
 * when the process ends between the server's yes and our note of it; its Message-ID is the same
 * then. Statements: sql/query/outbox.sql. Tests: tests/http/outbox.test.mjs
 */
#include <curl/curl.h>
#include <stdio.h>
#include <time.h>

#include "core/query_run.h"
#include "core/row.h"
#include "core/worker.h"
#include "core/workflow.h"

enum { CONNECT_SECONDS = 10, SEND_SECONDS = 30, TRIES = 14, REASON = 300, SAID = 300 };
#define PAUSE_FIRST SECONDS(60)
#define PAUSE_LONGEST SECONDS(4 * 3600)

/* ---- the message (RFC 5322, MIME) ---- */

static bool is_ascii(str text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] >= 0x80)
			return false;
	return true;
}

/* A header's value holds no line break, whoever wrote it. */
static void add_plain(struct buf *b, str text)
{
	for (size_t i = 0; i < text.n; i++)
		buf_char(b, (unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f ? ' ' : text.p[i]);
}

/* RFC 2047, as quoted-printable words of at most 75 characters that do not cut a character in two.
 */
static void add_words(struct buf *b, str text)
{
	static const char hex[] = "0123456789ABCDEF";
	if (is_ascii(text)) {
		add_plain(b, text);
		return;
	}
	size_t used = 0;
	for (size_t i = 0, n; i < text.n; i += n) {
		bool good;
		n = utf8_step(text.p + i, text.n - i, &good);
		if (!used || used + 3 * n > 60) {
			buf_text(b, used ? "?=\r\n =?UTF-8?Q?" : "=?UTF-8?Q?");
			used = 0;
		}
		for (size_t k = i; k < i + n; k++) {
			unsigned char c = (unsigned char)text.p[k];
			bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
				     (c >= '0' && c <= '9');
			if (plain) {
				buf_char(b, (char)c);
			} else {
				buf_char(b, '=');
				buf_char(b, hex[c >> 4]);
				buf_char(b, hex[c & 15]);
			}
			used += plain ? 1 : 3;
		}
	}
	buf_text(b, "?=");
}

/* RFC 2045 section 6.7: lines of at most 76 characters. */
static void add_quoted_printable(struct buf *b, str text)
{
	size_t column = 0;
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		bool last = i + 1 == text.n || text.p[i + 1] == '\n';
		if (c == '\r')
			continue;
		if (c == '\n') {
			buf_text(b, "\r\n");
			column = 0;
			continue;
		}
		if (column > 72) {
			buf_text(b, "=\r\n");
			column = 0;
		}
		bool plain = c >= 0x20 && c < 0x7f && c != '=' && !(c == ' ' && last);
		if (plain)
			buf_char(b, (char)c);
		else
			buf_printf(b, "=%02X", c);
		column += plain ? 1 : 3;
	}
	buf_text(b, "\r\n");
}

/* "Muster <muster@example.org>" is sent from muster@example.org. */
static str address_of(str from)
{
	str before, inside, address, after;
	if (str_cut(from, '<', &before, &inside) && str_cut(inside, '>', &address, &after))
		return str_trim(address);
	return str_trim(from);
}

static str domain_of(str address)
{
	str local, domain;
	return str_cut(address, '@', &local, &domain) && domain.n ? domain : STR("localhost");
}

static void add_date(struct buf *b, instant when)
{
	char text[64];
	struct tm parts;
	time_t seconds = (time_t)(when.us / 1000000);
	gmtime_r(&seconds, &parts);
	/* Names of days and months are English whatever the locale: the program sets none. */
	strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &parts);
	buf_text(b, text);
}

static void write_message(
    struct buf *b, const struct config *config, const char *id, const struct mail_to_send_row *mail)
{
	str from = str_of(config->mail_from), domain = domain_of(address_of(from));
	buf_text(b, "Date: ");
	add_date(b, mail->created_at);
	buf_text(b, "\r\nFrom: ");
	add_plain(b, from);
	buf_text(b, "\r\nTo: ");
	add_plain(b, mail->recipient);
	buf_printf(b, "\r\nMessage-ID: <%s@", id);
	add_plain(b, domain);
	buf_text(b, ">\r\nSubject: ");
	add_words(b, mail->subject);
	buf_text(b, "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: "
		    "text/plain; charset=utf-8\r\n"
		    "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
	add_quoted_printable(b, mail->body);
}

/* ---- sending ---- */

struct sending {
	const struct job *job;
	struct buf message;
	size_t sent;
	char said[SAID]; /* the server's last refusal */
};

enum result { SENT = 1, TRY_AGAIN, REFUSED };
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

static int go_on(void *with, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	(void)a, (void)b, (void)c, (void)d;
	return job_gives_up(((const struct sending *)with)->job);
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
	str from = address_of(str_of(config->mail_from));
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
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, go_on);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, s);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)SEND_SECONDS);
	set_security(curl, config->smtp_url);
	CURLcode code = to ? curl_easy_perform(curl) : CURLE_OUT_OF_MEMORY;
	curl_slist_free_all(to);
	return code;
}

static void judge(CURL *curl, CURLcode code, const struct sending *s, struct outcome *out)
{
	long status = 0;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	out->result = code == CURLE_OK                                              ? SENT
		      : status >= 500 && status < 600 && code != CURLE_LOGIN_DENIED ? REFUSED
										    : TRY_AGAIN;
	if (code != CURLE_OK)
		snprintf(out->why, sizeof out->why, "%s",
		    s->said[0] ? s->said : curl_easy_strerror(code));
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
	write_message(&s.message, call->worker->config, job->subject.text, &mail);
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
	} else if (o->result == REFUSED || mail.attempts >= TRIES) {
		mail.state = MAIL_STATE_FAILED;
	} else {
		job_sleep(job, "send", pause_after(mail.attempts));
	}
	return mail_update(call, &mail);
}

static bool able(const struct config *config) { return config->smtp_url[0] != 0; }

WORKFLOW(mail_send, .definition = 1, .lane = "mail", .of_the_program = true, .able = able,
    .steps = { { "send", note, send_outside, CONNECT_SECONDS + SEND_SECONDS } });
