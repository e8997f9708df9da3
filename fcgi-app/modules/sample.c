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

struct contacts_summary_out {
	str full_name;
	int64_t open_deals, open_tasks;
	instant last_activity_at;
};
ANSWER(contacts_summary) = {
	MEMBER(contacts_summary, full_name, .like = COLUMN(contacts, full_name)),
	MEMBER(contacts_summary, open_deals, .doc = "How many open deals it takes part in"),
	MEMBER(contacts_summary, open_tasks, .doc = "How many open tasks are about it"),
	MEMBER(contacts_summary, last_activity_at, .flags = F_NULLABLE,
	    .doc = "When something was last done with it"),
};

QUERY(contacts_summary, "contacts.view", OBJECT(contacts_summary),
    .route = "GET /v1/contacts/{id}/summary", .summary = "A contact in a line")
{
	struct contact contact;
	struct contact_summary_row sum;
	const struct contact_summary_in ask = { .contact = in->id };
	/* Not found for another company's id, or one out of scope. */
	TRY(contact_get(call, in->id, &contact));
	TRY(query_one(call, &contact_summary_query, &ask, &sum));
	*out = (struct contacts_summary_out) { contact.full_name, sum.open_deals, sum.open_tasks,
		sum.last_activity_at };
	return OK;
}
