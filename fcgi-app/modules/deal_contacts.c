/*
 * deal_contacts.c: the part that a person plays in a deal. A deal repeats the ids of its people in
 * contact_ids; who may change the deal may change them. Columns: sql/schema/deal_contacts.sql.
 * Statements: sql/query/deals.sql. Tests: tests/http/deals.test.mjs.
 */
#include "core/query_run.h"
#include "core/resource.h"
#include "core/row.h"

/* The deal's own operations write its document themselves, and so does a merge of two contacts. */
static bool by_deal(const struct call *call)
{
	return call->op->table == &deals_table || call->op->table == &contacts_table;
}

static error deal_contact_before(struct call *call, const void *before, void *after)
{
	struct deal deal;
	(void)before;
	return by_deal(call) ? OK : deal_lock(call, ((struct deal_contact *)after)->deal_id, &deal);
}

static error deal_contact_after(struct call *call, const void *before, const void *after)
{
	const struct deal_contact *row = after ? after : before;
	struct contacts_of_deal_row *people;
	struct deal deal;
	struct buf b = { 0 };
	struct json j;
	size_t n;
	if (by_deal(call))
		return OK;
	TRY(deal_lock(call, row->deal_id, &deal));
	TRY(query_all(call, &contacts_of_deal_query,
	    &(struct contacts_of_deal_in) { .deal = deal.id }, &people, &n));
	json_begin(&j, &b);
	json_array(&j);
	for (size_t i = 0; i < n; i++)
		json_uuid(&j, people[i].contact_id.text);
	json_array_end(&j);
	deal.contact_ids.json = (str) { arena_text(call->arena, b.p, b.n), b.n };
	buf_free(&b);
	return deal_update(call, &deal);
}

ROW_HOOK(deal_contacts, .before_write = deal_contact_before, .after_write = deal_contact_after);

RESOURCE_LIST_AS(deal_contacts, "deals", SORTS("created_at"));
RESOURCE_GET_AS(deal_contacts, "deals");
RESOURCE_CREATE_AS(deal_contacts, "deals", "edit");
RESOURCE_UPDATE_AS(deal_contacts, "deals", "edit");
RESOURCE_DELETE_AS(deal_contacts, "deals", "edit");
