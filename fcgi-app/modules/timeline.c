/*
 * timeline.c: what happened with a contact or a deal, newest first: notes, activities, tasks, deals
 * and changes such as a new owner or stage, each seen by whoever may see its rows. Statements:
 * sql/query/timeline.sql. Shown by the pages of contacts and deals. Tests:
 * tests/http/timeline.test.mjs.
 */
#include <stdio.h>

#include "core/cursor.h"
#include "core/operation.h"
#include "core/query_run.h"
#include "core/row.h"

typedef struct timeline_of_contact_row event;

/* ---- where a page ended: "<of which row> <time> <id>" ---- */

static error read_cursor(struct call *call, str cursor, const char about[37], instant *at, uuid *id)
{
	str text, of, rest, when, which;
	*at = INSTANT_NONE;
	*id = (uuid) { "" };
	if (!cursor.n)
		return OK;
	if (!cursor_open(call, cursor, &text) || !str_cut(text, ' ', &of, &rest) ||
	    !str_is(of, about) || !str_cut(rest, ' ', &when, &which) || !instant_parse(when, at) ||
	    !uuid_parse(which, id))
		return fail_code(call, MALFORMED, "cursor", "invalid", "is no cursor of this list");
	return OK;
}

static str cursor_of(struct call *call, const char about[37], const event *last)
{
	char at[INSTANT_TEXT];
	instant_format(last->at, at);
	return cursor_seal(
	    call, str_of(arena_printf(call->arena, "%s %s %s", about, at, last->id.text)));
}

/* ---- a change in words ---- */

static bool names(str fields, const char *field)
{
	size_t n = strlen(field);
	for (size_t i = 0; i + n + 2 <= fields.n; i++)
		if (fields.p[i] == '"' && !memcmp(fields.p + i + 1, field, n) &&
		    fields.p[i + 1 + n] == '"')
			return true;
	return false;
}

/* "changed the owner and the stage" */
static str in_words(struct call *call, const event *e, const char *noun)
{
	static const struct {
		const char *field, *words;
	} known[] = {
		{ "owner_id", "the owner" },
		{ "team_id", "the team" },
		{ "organisation_id", "the organisation" },
		{ "stage_id", "the stage" },
		{ "amount", "the amount" },
	};
	struct buf b = { 0 };
	if (str_is(e->change, "merged"))
		return str_of(arena_printf(
		    call->arena, "merged %.*s into this %s", (int)e->title.n, e->title.p, noun));
	if (!str_is(e->change, "updated"))
		return str_of(
		    arena_printf(call->arena, "%.*s this %s", (int)e->change.n, e->change.p, noun));
	buf_text(&b, "changed");
	size_t left = 0;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		left += names(e->fields.json, known[i].field);
	for (size_t i = 0, n = 0; i < sizeof known / sizeof *known; i++)
		if (names(e->fields.json, known[i].field)) {
			left--;
			buf_printf(&b, "%s %s", n == 0 ? "" : left ? "," : " and", known[i].words);
			n++;
		}
	str words = { arena_text(call->arena, b.p, b.n), b.n };
	buf_free(&b);
	return words;
}

/* ---- the list ---- */

struct timeline_agent_out {
	agent_id id;
	str full_name;
};
ANSWER(timeline_agent) = {
	MEMBER(timeline_agent, id, .like = COLUMN(agents, id)),
	MEMBER(timeline_agent, full_name, .like = COLUMN(agents, full_name)),
};

static const char *const event_kinds[] = { "", "note", "activity", "task", "deal", "change", NULL };

struct timeline_event_out {
	uuid id;
	str kind;
	instant at, updated_at;
	str title, body, activity_kind, status;
	json_text fields;
	struct timeline_agent_out agent;
};
ANSWER(timeline_event) = {
	MEMBER(timeline_event, id, .doc = "Id of the row; of a change, made of its version"),
	MEMBER(timeline_event, kind, .names = event_kinds, .doc = "What it is"),
	MEMBER(timeline_event, at, .doc = "When it happened"),
	MEMBER(timeline_event, updated_at, .flags = F_NULLABLE,
	    .doc = "When a note or an activity last changed"),
	MEMBER(timeline_event, title, .flags = F_NULLABLE, .doc = "It in a line"),
	MEMBER(timeline_event, body, .flags = F_NULLABLE, .doc = "The text of a note or activity"),
	MEMBER(timeline_event, activity_kind, .flags = F_NULLABLE, .names = activity_kind_names,
	    .doc = "Kind of an activity"),
	MEMBER(timeline_event, status, .flags = F_NULLABLE, .doc = "Of a task or a deal"),
	MEMBER(timeline_event, fields, .like = COLUMN(changes, fields)),
	MEMBER_OBJECT(timeline_event, agent, timeline_agent, .flags = F_NULLABLE,
	    .doc = "Who did it, or has to"),
};

struct timeline_meta_out {
	bool newest, has_more;
	str next_cursor;
};
ANSWER(timeline_meta) = {
	MEMBER(timeline_meta, newest, .doc = "Whether it begins with what is newest"),
	MEMBER(timeline_meta, has_more, .doc = "Whether there is more"),
	MEMBER(timeline_meta, next_cursor, .flags = F_NULLABLE, .doc = "To ask for it with"),
};

struct timeline_list_out {
	list data;
	struct timeline_meta_out meta;
};
ANSWER(timeline_list) = {
	MEMBER_LIST(timeline_list, data, timeline_event, .doc = "What happened, newest first"),
	MEMBER_OBJECT(timeline_list, meta, timeline_meta, .doc = "Where it goes on"),
};

static struct timeline_event_out event_of(struct call *call, const event *e, const char *noun)
{
	bool change = str_is(e->kind, "change");
	return (struct timeline_event_out) { e->id, e->kind, e->at, e->updated_at,
		change ? in_words(call, e, noun) : e->title, e->body, e->activity_kind, e->status,
		e->fields, { e->agent_id, e->agent_name } };
}

static void take_events(struct call *call, struct timeline_list_out *out, const event *events,
    size_t n, size_t limit, const char *noun)
{
	size_t shown = n < limit ? n : limit;
	struct timeline_event_out *all =
	    ARENA_ARRAY(call->arena, shown + 1, struct timeline_event_out);
	for (size_t i = 0; i < shown; i++)
		all[i] = event_of(call, &events[i], noun);
	out->data = (list) { all, shown };
	out->meta.has_more = n > limit;
}

struct timeline_list_in {
	contact_id contact_id;
	deal_id deal_id;
	int64_t limit;
	str cursor;
	uuid event;
};
FIELDS(timeline_list) = {
	FIELD(timeline_list, contact_id, .doc = "What happened with this contact",
	    .example = "contacts"),
	FIELD(timeline_list, deal_id, .doc = "What happened with this deal"),
	FIELD(timeline_list, limit, .min = 1, .max = 100,
	    .doc = "How many; 25, when it is not given"),
	FIELD(timeline_list, cursor, .max = 300, .doc = "meta.next_cursor of the page before"),
	FIELD(timeline_list, event,
	    .doc =
		"Id of a note, an activity or a task that is to be seen: where the newest do not "
		"have it, the page begins with it"),
};

static bool has_event(const event *events, size_t n, const uuid *id)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(events[i].id.text, id->text))
			return true;
	return false;
}

static error read_events(struct call *call, const struct timeline_list_in *in, instant at, uuid id,
    int64_t rows, event **events, size_t *n)
{
	_Static_assert(
	    sizeof(struct timeline_of_deal_row) == sizeof(event), "both give the same columns");
	if (in->deal_id.text[0])
		return query_all(call, &timeline_of_deal_query,
		    &(struct timeline_of_deal_in) {
			.deal = in->deal_id, .at = at, .id = id, .rows = rows },
		    events, n);
	return query_all(call, &timeline_of_contact_query,
	    &(struct timeline_of_contact_in) {
		.contact = in->contact_id, .at = at, .id = id, .rows = rows },
	    events, n);
}

/* Reads on from the one that is to be seen, when there are as many newer ones as a page has;
 * then *newest is false. */
static error go_to_event(struct call *call, const struct timeline_list_in *in, int64_t rows,
    event **events, size_t *n, bool *newest)
{
	struct timeline_place_row *place;
	size_t found;
	if (!in->event.text[0] || *n < (size_t)rows ||
	    has_event(*events, (size_t)rows - 1, &in->event))
		return OK;
	TRY(query_all(call, &timeline_place_query,
	    &(struct timeline_place_in) {
		.event = in->event, .contact = in->contact_id, .deal = in->deal_id },
	    &place, &found));
	if (!found)
		return OK;
	/* All that is older than the next instant, so that it is the first, or among those of its
	 * own. */
	place->at.us++;
	*newest = false;
	return read_events(call, in, place->at, (uuid) { "" }, rows, events, n);
}

QUERY(timeline_list, "activities.view", OBJECT(timeline_list), .route = "GET /v1/timeline",
    .summary = "What happened with a contact or a deal, newest first")
{
	bool about_deal = in->deal_id.text[0];
	int64_t limit = in->limit == INT_NONE ? 25 : in->limit;
	struct contact contact;
	struct deal deal;
	event *events;
	instant at;
	uuid id;
	size_t n;
	if (about_deal == (in->contact_id.text[0] != 0))
		return fail(call, MALFORMED, "contact_id", "name either a contact_id or a deal_id");
	const char *about = about_deal ? in->deal_id.text : in->contact_id.text;
	TRY(read_cursor(call, in->cursor, about, &at, &id));
	if (about_deal)
		TRY(deal_get(call, in->deal_id, &deal));
	else
		TRY(contact_get(call, in->contact_id, &contact));
	TRY(read_events(call, in, at, id, limit + 1, &events, &n));
	out->meta.newest = !in->cursor.n;
	if (out->meta.newest)
		TRY(go_to_event(call, in, limit + 1, &events, &n, &out->meta.newest));
	take_events(call, out, events, n, (size_t)limit, about_deal ? "deal" : "contact");
	if (out->meta.has_more)
		out->meta.next_cursor = cursor_of(call, about, &events[limit - 1]);
	return OK;
}
