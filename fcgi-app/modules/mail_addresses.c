/*
 * mail_addresses.c: the addresses whose mail server refuses a company's mail for good, to which
 * none is sent any more (modules/outbox.c), until somebody says that it was put right. Columns:
 * sql/schema/mail_addresses.sql. Statements: sql/query/outbox.sql. Page: templates/settings/mail.
 * Tests: tests/http/outbox.test.mjs
 */
#include "core/outbox.h"
#include "core/page.h"
#include "core/query_run.h"
#include "core/row.h"

NO_INPUT(mail_addresses_bounced);
struct mail_addresses_bounced_out {
	list data;
};
ANSWER(mail_addresses_bounced) = { MEMBER_RESULTS(
    mail_addresses_bounced, data, mail_addresses_refused, .doc = "At most 200, by address") };

QUERY(mail_addresses_bounced, "company.edit", OBJECT(mail_addresses_bounced),
    .route = "GET /v1/mail_addresses/bounced",
    .summary = "The addresses whose mail servers refuse mail for good, and what they say")
{
	return query_all(call, &mail_addresses_refused_query, NULL, &out->data.items, &out->data.n);
}

struct mail_addresses_clear_in {
	str address;
};
FIELDS(mail_addresses_clear) = { FIELD(mail_addresses_clear, address, .flags = F_REQUIRED, .min = 3,
    .max = 254, .doc = "The address", .example = "ada@example.com") };

MUTATION(mail_addresses_clear, "company.edit", NOTHING, .route = "POST /v1/mail_addresses/clear",
    .summary = "Send mail to an address again that was refused")
{
	struct mail_address address;
	TRY(mail_address_open(call, in->address, &address));
	if (instant_none(address.bounced_at))
		return OK;
	address.bounced_at = INSTANT_NONE;
	address.bounce = (str) { NULL, 0 };
	return mail_address_write(call, &address);
}

PAGE(settings_mail, .route = "/settings/mail", .template = "settings/mail", .title = "Mail",
    .nav = "settings", .loads = { { "bounced", "mail_addresses_bounced", "" } });
