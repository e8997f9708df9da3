/*
 * outbox.h: mail is a row, written in the transaction that wants it sent; the jobs process sends
 * it (modules/outbox.c). So a mail goes out exactly when what it tells about was committed. What is
 * known of addresses is kept: one that a mail server refused for good is not asked again, and one
 * that unsubscribed from a kind of notices gets no more of it (modules/unsubscribe.c). Tables:
 * sql/schema/mails.sql, mail_addresses.sql. Tests: tests/http/outbox.test.mjs
 */
#pragma once
#include "core/call.h"

struct config;
struct worker;

struct mail_draft {
	str to;
	const char *subject;          /* cut to what its column takes */
	const char *template;         /* templates/mail/<name>.mustache, and <name>.text.mustache */
	struct json_object *words;    /* what the templates show; borrowed, and added to */
	const char *kind;             /* a word: one may unsubscribe from its like; NULL: it was
					 asked for */
	struct mail_written *written; /* to be filled, or NULL */
};
struct mail_written {
	mail_id id;       /* "": there is no mail, nobody wants it */
	const char *what; /* "waiting", "unsubscribed", or "bounced": it is not sent */
};
error mail_write(struct call *call, const struct mail_draft *draft) MUST_CHECK;

/* What is known of an address, locked, or as the first of it: to be changed and written. */
error mail_address_open(struct call *call, str address, struct mail_address *out) MUST_CHECK;
error mail_address_write(struct call *call, struct mail_address *address) MUST_CHECK;
/* Whether it wants notices of that kind. */
error mail_wanted(struct call *call, str address, const char *kind, bool *wanted) MUST_CHECK;
error mail_want(struct call *call, str address, const char *kind, bool wanted) MUST_CHECK;

/* Whether this installation has a mail server: without one nobody is sent notices. */
bool mail_able(const struct config *config);

/* What a link to unsubscribe names: a company, a kind of notices and an address, signed by this
 * installation. */
const char *mail_unsubscribe_token(
    const struct worker *w, struct arena *a, const company_id *company, str kind, str address);
bool mail_unsubscribe_read(const struct worker *w, struct arena *a, str token, company_id *company,
    str *kind, str *address);
