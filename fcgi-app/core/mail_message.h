/* mail_message.h: a mail as it goes over the line (RFC 5322, MIME): text and HTML side by side,
 * headers of which no content can make another. Tests: tests/http/outbox.test.mjs */
#pragma once
#include "base/buf.h"
#include "base/value.h"

struct mail_message {
	const char *id; /* of its row: it makes the Message-ID, the same at each try */
	instant date;
	str from, to, subject, text;
	str html;                /* none: text alone */
	const char *unsubscribe; /* where a program may POST to (RFC 8058), or NULL */
};
void mail_message_write(struct buf *b, const struct mail_message *mail);
/* "Muster <muster@example.org>" is sent from muster@example.org. */
str mail_address_of(str from);
