/*
 * deals.c: deals and their way through a pipeline. A deal's pipeline and status follow its stage;
 * the day on which it was closed and the reason why it was lost follow the status. Columns:
 * sql/schema/deals.sql. Statements: sql/query/deals.sql, stages.sql. Pages: templates/deals/; the
 * board is board.c. Tests: tests/http/deals.test.mjs.
 */
#include "deals.h"

#include "base/clock.h"
#include "core/page.h"
#include "core/query_run.h"
#include "core/resource.h"
#include "core/row.h"

const char *deal_first_person(struct arena *a, const struct deal *deal)
{
	const char *why;
	str all = deal->contact_ids.json;
	struct json_object *ids = str_none(all) ? NULL : json_read(a, all, &why);
	struct json_object *first =
	    ids && json_object_array_length(ids) ? json_object_array_get_idx(ids, 0) : NULL;
	return first ? json_object_get_string(first) : "";
}

/* ---- rules ---- */

static error follow_stage(struct call *call, struct deal *d)
{
	static const enum deal_status status_of[] = {
		[STAGE_KIND_OPEN] = DEAL_STATUS_OPEN,
		[STAGE_KIND_WON] = DEAL_STATUS_WON,
		[STAGE_KIND_LOST] = DEAL_STATUS_LOST,
	};
	struct stage_of_row stage;
	error e = query_one_once(
	    call, &stage_of_query, &(struct stage_of_in) { .stage = d->stage_id }, &stage);
	if (e == NOT_FOUND)
		return fail_code(call, INVALID, "stage_id", "not_found", "there is no such stage");
	TRY(e);
	d->pipeline_id = stage.pipeline_id;
	d->status = status_of[stage.kind];
	return OK;
}

/* A deal that is open again has no end; one that comes with an end and an open stage contradicts
 * itself. */
static error follow_status(struct call *call, const struct deal *old, struct deal *d)
{
	bool moved = !old || old->status != d->status;
	if (d->status == DEAL_STATUS_OPEN) {
		bool says_end =
		    !day_none(d->closed_on) && (!old || old->status == DEAL_STATUS_OPEN);
		if (says_end)
			return fail(call, INVALID, "closed_on", "the deal is in an open stage");
		d->closed_on = DAY_NONE;
	} else if (moved &&
		   (day_none(d->closed_on) || (old && old->closed_on.days == d->closed_on.days &&
						  old->status != DEAL_STATUS_OPEN))) {
		d->closed_on = day_of(call->now);
	} else if (day_none(d->closed_on)) {
		return fail(
		    call, INVALID, "closed_on", "a closed deal has a day on which it was closed");
	}
	if (d->status == DEAL_STATUS_LOST)
		return OK;
	if (!str_none(d->lost_reason) && (!old || old->status != DEAL_STATUS_LOST))
		return fail(call, INVALID, "lost_reason", "the deal is not lost");
	d->lost_reason = (str) { NULL, 0 };
	return OK;
}

static error check_organisation(struct call *call, const struct deal *old, const struct deal *d)
{
	struct contact_kind_of_row row;
	if (!d->organisation_id.text[0] ||
	    (old && !strcmp(old->organisation_id.text, d->organisation_id.text)))
		return OK;
	error e = query_one_once(call, &contact_kind_of_query,
	    &(struct contact_kind_of_in) { .contact = d->organisation_id }, &row);
	if (e == OK && row.kind != CONTACT_KIND_ORGANISATION)
		return fail(call, INVALID, "organisation_id", "must be an organisation");
	return e == NOT_FOUND ? OK : e; /* the write path says that there is none */
}

static error deal_before(struct call *call, const void *before, void *after)
{
	const struct deal *old = before;
	struct deal *d = after;
	if (!old || strcmp(old->stage_id.text, d->stage_id.text) != 0)
		TRY(follow_stage(call, d));
	TRY(follow_status(call, old, d));
	return check_organisation(call, old, d);
}

ROW_HOOK(deals, .before_write = deal_before);

/* ---- the people of a deal ---- */

static json_text contacts_document(struct call *call, const list *ids)
{
	struct buf b = { 0 };
	struct json j;
	json_begin(&j, &b);
	json_array(&j);
	for (size_t i = 0; i < ids->n; i++)
		json_uuid(&j, ((const uuid *)ids->items)[i].text);
	json_array_end(&j);
	json_text document = { { arena_text(call->arena, b.p, b.n), b.n } };
	buf_free(&b);
	return document;
}

/* Each is there once, and the caller may see it. */
static error check_contacts(struct call *call, list *ids)
{
	uuid *id = ids->items;
	size_t n = 0;
	for (size_t i = 0; i < ids->n; i++) {
		if (ids_have((list) { ids->items, n }, id[i].text))
			continue;
		error e = row_visible(call, &contacts_table, id[i].text);
		if (e == NOT_FOUND)
			return fail_code(call, INVALID,
			    arena_printf(call->arena, "contact_ids/%zu", i), "not_found",
			    "there is no such contact");
		TRY(e);
		id[n++] = id[i];
	}
	ids->n = n;
	return OK;
}

static error add_contacts(struct call *call, deal_id deal, const list *ids,
    const struct contacts_of_deal_row *there, size_t n_there)
{
	struct deal_contact *rows = ARENA_ARRAY(call->arena, ids->n + 1, struct deal_contact);
	size_t n = 0;
	for (size_t i = 0; i < ids->n; i++) {
		const char *id = ((const uuid *)ids->items)[i].text;
		bool known = false;
		for (size_t k = 0; k < n_there && !known; k++)
			known = !strcmp(there[k].contact_id.text, id);
		if (known)
			continue;
		rows[n].deal_id = deal;
		memcpy(rows[n++].contact_id.text, id, sizeof(uuid));
	}
	return n ? deal_contacts_insert_all(call, rows, n) : OK;
}

static error replace_contacts(struct call *call, struct deal *d, list *ids)
{
	struct contacts_of_deal_row *there;
	size_t n, n_wanted = 0;
	TRY(check_contacts(call, ids));
	TRY(query_all(call, &contacts_of_deal_query,
	    &(struct contacts_of_deal_in) { .deal = d->id }, &there, &n));
	uuid *wanted = ARENA_ARRAY(call->arena, ids->n + 1, uuid);
	for (size_t i = 0; i < n; i++)
		if (ids_have(*ids, there[i].contact_id.text))
			memcpy(wanted[n_wanted++].text, there[i].contact_id.text, sizeof(uuid));
		else
			TRY(deal_contact_delete(call, there[i].id));
	TRY(add_contacts(call, d->id, ids, there, n));
	for (size_t i = 0; i < ids->n; i++)
		if (!ids_have((list) { wanted, n_wanted }, ((const uuid *)ids->items)[i].text))
			wanted[n_wanted++] = ((const uuid *)ids->items)[i];
	d->contact_ids = contacts_document(call, &(list) { wanted, n_wanted });
	return OK;
}

#define CONTACT_IDS(S) \
	{ \
		.name = "contact_ids", .type = T_IDS, .ref = &contacts_table, .max = 50, \
		.offset = offsetof(struct S, contact_ids), \
		.doc = "The people with whom it is negotiated; given: all of them from now on" \
	}

/* ---- create and update ---- */

struct deals_create_in {
	struct deal row;
	list contact_ids;
};
FIELDS(deals_create) = { DEAL_CREATE_FIELDS(deals_create_in, row), CONTACT_IDS(deals_create_in) };

static error first_stage(
    struct call *call, enum stage_kind kind, pipeline_id pipeline, stage_id *stage)
{
	struct stage_of_kind_row row;
	error e = query_one(call, &stage_of_kind_query,
	    &(struct stage_of_kind_in) { .pipeline = pipeline, .kind = kind }, &row);
	if (e == NOT_FOUND)
		return fail_code(call, INVALID, "stage_id", "not_found",
		    "there is no stage of the kind %s", stage_kind_name(kind));
	TRY(e);
	*stage = row.id;
	return OK;
}

MUTATION(deals_create, "deals.create", ROW(deals), .route = "POST /v1/deals", .status = 201,
    .summary = "Create a deal")
{
	list ids = in->contact_ids;
	struct deal row, stored;
	row_init(&deals_table, &row);
	row_merge(call, &deals_table, &row, &in->row);
	row.id = in->row.id;
	row_defaults(call, &deals_table, &row);
	if (!row.stage_id.text[0])
		TRY(first_stage(call, STAGE_KIND_OPEN, (pipeline_id) { "" }, &row.stage_id));
	if (!given(call, "opened_on"))
		row.opened_on =
		    day_none(row.closed_on) || row.closed_on.days > day_of(call->now).days
			? day_of(call->now)
			: row.closed_on;
	TRY(check_contacts(call, &ids));
	row.contact_ids = contacts_document(call, &ids);
	size_t changes = call->n_changes;
	TRY(deal_insert(call, &row));
	if (call->n_changes ==
	    changes) { /* the same create again, by a client that missed the answer */
		TRY(deal_lock_any(call, row.id, &stored));
		if (!str_eq(row.contact_ids.json, stored.contact_ids.json))
			return fail_code(call, CONFLICT, "id", "taken", "this id is in use");
	} else {
		TRY(add_contacts(call, row.id, &ids, NULL, 0));
	}
	return row_answer(call, &deals_table, row.id.text, out);
}

struct deals_update_in {
	struct deal row;
	list contact_ids;
};
FIELDS(deals_update) = { DEAL_UPDATE_FIELDS(deals_update_in, row), CONTACT_IDS(deals_update_in) };

MUTATION(deals_update, "deals.edit", ROW(deals), .route = "PATCH /v1/deals/{id}",
    .summary = "Change a deal")
{
	list ids = in->contact_ids;
	struct deal row;
	TRY(deal_lock(call, in->row.id, &row));
	row_merge(call, &deals_table, &row, &in->row);
	if (given(call, "contact_ids"))
		TRY(replace_contacts(call, &row, &ids));
	TRY(deal_update(call, &row));
	return row_answer(call, &deals_table, row.id.text, out);
}

/* ---- its way through the pipeline ---- */

struct deals_move_in {
	deal_id id;
	stage_id stage_id;
	str lost_reason;
};
FIELDS(deals_move) = {
	FIELD(deals_move, id, .flags = F_REQUIRED, .doc = "Id of the deal"),
	FIELD(deals_move, stage_id, .flags = F_REQUIRED, .like = COLUMN(deals, stage_id)),
	FIELD(deals_move, lost_reason, .flags = F_NULLABLE, .like = COLUMN(deals, lost_reason)),
};

MUTATION(deals_move, "deals.edit", ROW(deals), .route = "POST /v1/deals/{id}/move",
    .summary = "Move a deal to a stage")
{
	struct deal row;
	TRY(deal_lock(call, in->id, &row));
	row.stage_id = in->stage_id;
	if (given(call, "lost_reason"))
		row.lost_reason = in->lost_reason;
	TRY(deal_update(call, &row));
	return row_answer(call, &deals_table, row.id.text, out);
}

/* To the first stage of a kind in the deal's own pipeline. */
static error close_or_open(struct call *call, struct deal *d, enum stage_kind kind)
{
	bool open = kind == STAGE_KIND_OPEN;
	if ((d->status == DEAL_STATUS_OPEN) == open)
		return fail(call, CONFLICT, "id", "already %s", deal_status_name(d->status));
	return first_stage(call, kind, d->pipeline_id, &d->stage_id);
}

struct deals_win_in {
	deal_id id;
	money amount;
};
FIELDS(deals_win) = {
	FIELD(deals_win, id, .flags = F_REQUIRED, .doc = "Id of the deal"),
	FIELD(deals_win, amount, .like = COLUMN(deals, amount),
	    .doc = "What it was sold for; as it is, when it is not given"),
};

MUTATION(deals_win, "deals.edit", ROW(deals), .route = "POST /v1/deals/{id}/win",
    .summary = "Mark an open deal as won")
{
	struct deal row;
	TRY(deal_lock(call, in->id, &row));
	TRY(close_or_open(call, &row, STAGE_KIND_WON));
	if (given(call, "amount"))
		row.amount = in->amount;
	TRY(deal_update(call, &row));
	return row_answer(call, &deals_table, row.id.text, out);
}

struct deals_lose_in {
	deal_id id;
	str lost_reason;
};
FIELDS(deals_lose) = {
	FIELD(deals_lose, id, .flags = F_REQUIRED, .doc = "Id of the deal"),
	FIELD(deals_lose, lost_reason, .flags = F_NULLABLE, .like = COLUMN(deals, lost_reason),
	    .example = "Too expensive"),
};

MUTATION(deals_lose, "deals.edit", ROW(deals), .route = "POST /v1/deals/{id}/lose",
    .summary = "Mark an open deal as lost")
{
	struct deal row;
	TRY(deal_lock(call, in->id, &row));
	TRY(close_or_open(call, &row, STAGE_KIND_LOST));
	row.lost_reason = in->lost_reason;
	TRY(deal_update(call, &row));
	return row_answer(call, &deals_table, row.id.text, out);
}

struct deals_reopen_in {
	deal_id id;
};
FIELDS(deals_reopen) = {
	FIELD(deals_reopen, id, .flags = F_REQUIRED, .doc = "Id of the deal"),
};

MUTATION(deals_reopen, "deals.edit", ROW(deals), .route = "POST /v1/deals/{id}/reopen",
    .summary = "Open a closed deal again, in the first stage of its pipeline")
{
	struct deal row;
	TRY(deal_lock(call, in->id, &row));
	TRY(close_or_open(call, &row, STAGE_KIND_OPEN));
	TRY(deal_update(call, &row));
	return row_answer(call, &deals_table, row.id.text, out);
}

/* ---- reading ---- */

RESOURCE_LIST(deals, SORTS("-updated_at", "title", "created_at", "expected_close_on"),
    .through = (const struct filter_through[]) {
	{ "contact_id", &deal_contacts_table, COLUMN(deal_contacts, deal_id),
	    COLUMN(deal_contacts, contact_id) },
	{ NULL, NULL, NULL, NULL } });
RESOURCE_SEARCH(deals);
RESOURCE_GET(deals);
RESOURCE_DELETE(deals);
RESOURCE_RESTORE(deals);

struct contacts_deals_in {
	contact_id id;
};
FIELDS(contacts_deals) = {
	FIELD(contacts_deals, id, .flags = F_REQUIRED, .doc = "Id of the contact"),
};

/* One list for people and organisations: whoever negotiates, or whoever buys. */
QUERY(contacts_deals, "deals.view", LIST(deals), .route = "GET /v1/contacts/{id}/deals",
    .summary = "The deals in which a contact takes part or that an organisation buys, those that "
	       "changed last first")
{
	static const uuid nothing = { "00000000-0000-0000-0000-000000000000" };
	struct contact contact;
	struct deals_of_contact_row *rows;
	size_t n;
	TRY(contact_get(call, in->id, &contact));
	TRY(query_all(call, &deals_of_contact_query,
	    &(struct deals_of_contact_in) { .contact = in->id }, &rows, &n));
	const void **ids = ARENA_ARRAY(call->arena, n + 1, const void *);
	ids[0] = &nothing;
	for (size_t i = 0; i < n; i++)
		ids[i] = &rows[i].id;
	struct condition one_of = { .kind = CONDITION_LEAF,
		.column = COLUMN(deals, id),
		.comparison = IS_ONE_OF,
		.values = ids,
		.n_values = n ? n : 1 };
	const struct list_request request = {
		.where = { .kind = CONDITION_AND, .children = &one_of, .n = 1 },
		.sort = "-updated_at",
		.limit = 100
	};
	return list_run(call, &deals_table, &deals_list_spec, &request, out);
}

struct deals_stages_in {
	deal_id id;
};
FIELDS(deals_stages) = {
	FIELD(deals_stages, id, .flags = F_REQUIRED, .doc = "Id of the deal"),
};

struct deals_stages_out {
	list data;
};
ANSWER(deals_stages) = { MEMBER_RESULTS(
    deals_stages, data, stages_of_pipeline, .doc = "The stages of its pipeline, in order") };

QUERY(deals_stages, "deals.view", OBJECT(deals_stages), .route = "GET /v1/deals/{id}/stages",
    .summary = "The stages through which a deal can go")
{
	struct stages_of_pipeline_row *stages;
	struct deal deal;
	TRY(deal_get(call, in->id, &deal));
	TRY(query_all(call, &stages_of_pipeline_query,
	    &(struct stages_of_pipeline_in) { .pipeline = deal.pipeline_id }, &stages,
	    &out->data.n));
	out->data.items = stages;
	return OK;
}

/* ---- pages ---- */

PAGE(deals_table, .route = "/deals/table", .template = "deals/table", .title = "Deals",
    .nav = "deals",
    .loads = {
	{ "deals", "deals_list", "*&limit=50&expand=stage,owner,organisation", .tolerant = true },
	{ "pipelines", "pipelines_stages", "" },
	{ "agents", "agents_choices", "" },
    });

PAGE(deals_new, .route = "/deals/new", .template = "deals/new", .title = "New deal", .nav = "deals",
    .loads = {
	{ "pipelines", "pipelines_stages", "" },
	{ "organisations", "contacts_list",
	    "kind=organisation&sort=full_name&limit=100&fields=id,full_name" },
	{ "contacts", "contacts_list", "kind=person&sort=full_name&limit=100&fields=id,full_name" },
	{ "agents", "agents_choices", "" },
    });

PAGE(deals_edit, .route = "/deals/{id}/edit", .template = "deals/edit", .title = "Edit deal",
    .nav = "deals",
    .loads = {
	{ "deal", "deals_get", "id={id}&expand=organisation,owner" },
	{ "stored", "deals_get", "id={id}" },
	{ "organisations", "contacts_list",
	    "kind=organisation&sort=full_name&limit=100&fields=id,full_name" },
	{ "contacts", "contacts_list", "kind=person&sort=full_name&limit=100&fields=id,full_name" },
	{ "people", "deal_contacts_list", "deal_id={id}&limit=100&expand=contact" },
	{ "agents", "agents_choices", "" },
    });

PAGE(deals_show, .route = "/deals/{id}", .template = "deals/show", .title = "Deal", .nav = "deals",
    .loads = {
	{ "deal", "deals_get", "id={id}&expand=organisation,owner,team,stage,pipeline" },
	{ "stages", "deals_stages", "id={id}" },
	{ "timeline", "timeline_list", "deal_id={id}&limit=30&cursor={cursor}&event={event}" },
	{ "contacts", "contacts_list", "deal_id={id}&sort=full_name&limit=50" },
	{ "tasks", "tasks_list", "deal_id={id}&status=open&sort=due_at&limit=50&expand=assignee" },
	{ "agents", "agents_choices", "" },
	{ "offered", "automations_offered", "object=deal&subject_id={id}" },
    });
