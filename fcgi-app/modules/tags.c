/* tags.c: words by which contacts are grouped. A contact repeats its tags, so a tag that changes
 * changes them: the first of them with it, the others piece by piece afterwards, so that no change
 * locks all contacts of a company. Columns: sql/schema/tags.sql. Statements:
 * sql/query/contacts.sql. Page: templates/settings/catalog. Tests: tests/http/contacts.test.mjs. */
#include <stdio.h>

#include "core/parts.h"
#include "core/query_run.h"
#include "core/resource.h"
#include "core/workflow.h"

enum { AT_ONCE = 200 }; /* as many rows as contacts_with_tag gives */

static error repeat(struct call *call, tag_id tag, contact_id after);

static error repeat_more(struct call *call, struct job *job)
{
	struct json_object *after;
	contact_id last = { "" };
	tag_id tag;
	memcpy(tag.text, job->subject.text, sizeof tag.text);
	if (json_object_object_get_ex(job->input, "after", &after))
		snprintf(last.text, sizeof last.text, "%s", json_object_get_string(after));
	return repeat(call, tag, last);
}

WORKFLOW(tags_repeat, .definition = 1, .of_the_program = true,
    .steps = { { "contacts", repeat_more, .alone = true } });

/* Makes the documents of the contacts that come after that one anew, from what the tags are now: so
 * it does not matter in which order two changes of a tag get there. */
static error repeat(struct call *call, tag_id tag, contact_id after)
{
	struct contacts_with_tag_row *contacts;
	size_t n;
	TRY(query_all(call, &contacts_with_tag_query,
	    &(struct contacts_with_tag_in) { .tag = tag, .after = after }, &contacts, &n));
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
	if (n < AT_ONCE)
		return OK;
	struct json_object *input = json_object_new_object();
	json_keep(call->arena, input);
	json_object_object_add(
	    input, "after", json_object_new_string(contacts[n - 1].contact_id.text));
	return workflow_start(call, &tags_repeat, tag.text, input, NULL);
}

static error tag_after(struct call *call, const void *before, const void *after)
{
	const struct tag *old = before, *tag = after ? after : before;
	if (old && after && str_eq(old->name, tag->name) && old->color == tag->color)
		return OK;
	return repeat(call, tag->id, (contact_id) { "" });
}

ROW_HOOK(tags, .after_write = tag_after);

RESOURCE(tags, SORTS("name"));
