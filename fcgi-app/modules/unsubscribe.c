/*
 * unsubscribe.c: an address that wants no more notices of a kind from a company. The link in a mail
 * opens a page that asks; mail programs send the header's link by one click (RFC 8058). Its token
 * is signed and needs no login. Columns: sql/schema/mail_addresses.sql. Page:
 * templates/auth/unsubscribe. Tests: tests/http/outbox.test.mjs
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
    .summary = "No more notices of that kind to an address, by the link in one of them",
    .raw_body = true, .unversioned = true, .refuses = 1 << NOT_FOUND)
{
	company_id company;
	str kind, address;
	if (!mail_unsubscribe_read(call->worker, call->arena, in->token, &company, &kind, &address))
		return fail(call, NOT_FOUND, NULL, "this link is not one of ours");
	TRY(identity_become(call, company, (agent_id) { "" }));
	return mail_want(call, address, arena_text(call->arena, kind.p, kind.n), false);
}

PAGE(auth_unsubscribe, .route = "/unsubscribe", .template = "auth/unsubscribe",
    .title = "Unsubscribe", .open = true);
