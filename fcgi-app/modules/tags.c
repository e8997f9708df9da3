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

/* Makes the documents of the contacts that come after that one anew, from what the tags are now: so
 * it does not matter in which order two changes of a tag get there. */
static error repeat(struct call *call, tag_id tag, contact_id *after, bool *more)
{
	struct contacts_with_tag_row *contacts;
	size_t n;
	TRY(query_all(call, &contacts_with_tag_query,
	    &(struct contacts_with_tag_in) { .tag = tag, .after = *after }, &contacts, &n));
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
	*more = n == AT_ONCE;
	if (n)
		*after = contacts[n - 1].contact_id;
	return OK;
}

struct tags_repeat_state {
	contact_id after;
};
STATE_FIELDS(tags_repeat_state) = { STATE_FIELD(tags_repeat_state, after) };

static error repeat_more(struct call *call, struct job *job)
{
	struct tags_repeat_state *state = job->state;
	struct json_object *first;
	tag_id tag;
	bool more;
	memcpy(tag.text, job->subject.text, sizeof tag.text);
	if (!state->after.text[0] && json_object_object_get_ex(job->input, "after", &first))
		snprintf(state->after.text, sizeof state->after.text, "%s",
		    json_object_get_string(first));
	TRY(repeat(call, tag, &state->after, &more));
	if (more)
		job_next(job, "contacts");
	return OK;
}

WORKFLOW(tags_repeat, .definition = 1, .of_the_program = true,
    .state = STATE_SET(tags_repeat_state), .steps = { { "contacts", repeat_more, .alone = true } });

static error tag_after(struct call *call, const void *before, const void *after)
{
	const struct tag *old = before, *tag = after ? after : before;
	if (old && after && str_eq(old->name, tag->name) && old->color == tag->color)
		return OK;
	contact_id last = { "" };
	bool more;
	TRY(repeat(call, tag->id, &last, &more));
	if (!more)
		return OK;
	struct json_object *input = json_object_new_object();
	json_keep(call->arena, input);
	json_object_object_add(input, "after", json_object_new_string(last.text));
	return workflow_start(call, &tags_repeat, tag->id.text, input, NULL);
}

ROW_HOOK(tags, .after_write = tag_after);

RESOURCE(tags, SORTS("name"));
