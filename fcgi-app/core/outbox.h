/*
 * outbox.h: mail is a row, written in the transaction that wants it sent; the jobs process sends
 * it. So a mail goes out exactly when what it tells about was committed. Table:
 * sql/schema/mails.sql.
 */
#pragma once
#include "core/call.h"

/* Plain text; lines end with \n. The title, its subject line, is cut to what its column takes. */
error mail_write(struct call *call, str recipient, const char *title, const char *body) MUST_CHECK;
