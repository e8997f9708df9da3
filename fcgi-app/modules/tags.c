/* tags.c: words by which contacts are grouped. A contact repeats its tags, so a tag that changes
 * changes them. Columns: sql/schema/tags.sql. Statements: sql/query/contacts.sql. Page:
 * templates/settings/catalog. Tests: tests/http/contacts.test.mjs. */
#include "core/parts.h"
#include "core/query_run.h"
#include "core/resource.h"

static error tag_after(struct call *call, const void *before, const void *after)
{
	const struct tag *old = before, *tag = after ? after : before;
	struct contacts_with_tag_row *contacts;
	size_t n;
	if (old && after && str_eq(old->name, tag->name) && old->color == tag->color)
		return OK;
	TRY(query_all(call, &contacts_with_tag_query,
	    &(struct contacts_with_tag_in) { .tag = tag->id }, &contacts, &n));
	for (size_t i = 0; i < n; i++) {
		struct tags_of_contact_row *tags;
		struct contact contact;
		size_t n_tags;
		TRY(contact_lock_any(call, contacts[i].contact_id, &contact));
		TRY(query_all(call, &tags_of_contact_query,
		    &(struct tags_of_contact_in) { .contact = contact.id }, &tags, &n_tags));
		contact.tags = part_document(call, &tags_of_contact_query.out, tags, n_tags);
		TRY(contact_update(call, &contact));
	}
	return OK;
}

ROW_HOOK(tags, .after_write = tag_after);

RESOURCE(tags, SORTS("name"));
