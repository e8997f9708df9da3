/* outbox.c: see outbox.h. */
#include "core/outbox.h"

#include "core/row.h"
#include "core/workflow.h"

error mail_write(struct call *call, str recipient, const char *title, const char *body)
{
	struct mail mail;
	str line = str_of(title);
	size_t most = (size_t)COLUMN(mails, subject)->max, n = 0;
	for (size_t characters = 0; n < line.n && characters < most; characters++) {
		bool good;
		n += utf8_step(line.p + n, line.n - n, &good);
	}
	row_init(&mails_table, &mail);
	mail.recipient = recipient;
	mail.subject = (str) { line.p, n };
	mail.body = str_of(body);
	mail.state = MAIL_STATE_WAITING;
	mail.attempts = 0;
	TRY(mail_insert(call, &mail));
	const struct workflow *send = workflow_named("mail_send");
	return send ? workflow_start(call, send, mail.id.text, NULL, NULL) : OK;
}
