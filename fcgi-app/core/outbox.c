/* outbox.c: see outbox.h. */
#include "core/outbox.h"

#include "core/row.h"
#include "core/workflow.h"

error mail_write(struct call *call, str recipient, const char *title, const char *body)
{
	struct mail mail;
	row_init(&mails_table, &mail);
	mail.recipient = recipient;
	mail.subject = utf8_cut(str_of(title), (size_t)COLUMN(mails, subject)->max);
	mail.body = str_of(body);
	mail.state = MAIL_STATE_WAITING;
	mail.attempts = 0;
	TRY(mail_insert(call, &mail));
	const struct workflow *send = workflow_named("mail_send");
	return send ? workflow_start(call, send, mail.id.text, NULL, NULL) : OK;
}
