/* sample.c: the operation that README.md takes apart under "Add an operation". Statement:
 * sql/query/sample.sql. Test: tests/http/sample.test.mjs. */
#include "core/operation.h"
#include "core/query_run.h"

struct contacts_summary_in {
	contact_id id;
};
FIELDS(contacts_summary) = {
	FIELD(contacts_summary, id, .flags = F_REQUIRED, .doc = "Id of the contact"),
};

QUERY(contacts_summary, "contacts.view", .route = "GET /v1/contacts/{id}/summary",
    .summary = "A contact in a line")
{
	struct contact contact;
	struct contact_summary_row sum;
	const struct contact_summary_in ask = { .contact = in->id };
	/* Not found for another company's id, or one out of scope. */
	TRY(contact_get(call, in->id, &contact));
	TRY(query_one(call, &contact_summary_query, &ask, &sum));
	json_object(out);
	json_key(out, "full_name");
	json_string(out, contact.full_name);
	json_key(out, "open_deals");
	json_int(out, sum.open_deals);
	json_key(out, "open_tasks");
	json_int(out, sum.open_tasks);
	json_key(out, "last_activity_at");
	json_instant(out, sum.last_activity_at);
	json_object_end(out);
	return OK;
}
