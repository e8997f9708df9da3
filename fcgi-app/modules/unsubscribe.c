/*
 * unsubscribe.c: an address that wants no more notices of a company. The link in a mail opens a
 * page that asks; mail programs send the header's link by one click (RFC 8058). Its token is signed
 * and needs no login. Columns: sql/schema/mail_addresses.sql. Page: templates/auth/unsubscribe.
 * Tests: tests/http/outbox.test.mjs
 */
#include "core/identity.h"
#include "core/outbox.h"
#include "core/page.h"
#include "core/worker.h"

struct mail_unsubscribe_in {
	str token;
};
FIELDS(mail_unsubscribe) = { FIELD(mail_unsubscribe, token, .flags = F_REQUIRED | F_SECRET,
    .min = 1, .max = 500, .doc = "From the link", .example = "token-of-the-link") };

MUTATION(mail_unsubscribe, ANYONE, NOTHING, .route = "POST /v1/unsubscribe/{token}",
    .summary = "No more notices to an address, by the link in one of them", .raw_body = true,
    .unversioned = true, .refuses = 1 << NOT_FOUND)
{
	struct mail_address known;
	company_id company;
	str address;
	if (!mail_unsubscribe_read(call->worker, call->arena, in->token, &company, &address))
		return fail(call, NOT_FOUND, NULL, "this link is not one of ours");
	TRY(identity_become(call, company, (agent_id) { "" }));
	TRY(mail_address_open(call, address, &known));
	if (!instant_none(known.unsubscribed_at))
		return OK;
	known.unsubscribed_at = call->now;
	return mail_address_write(call, &known);
}

PAGE(auth_unsubscribe, .route = "/unsubscribe", .template = "auth/unsubscribe",
    .title = "Unsubscribe", .open = true);
