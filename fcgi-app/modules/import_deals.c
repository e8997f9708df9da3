/*
 * import_deals.c: deals from a file. A line is about the deal with its id of the other system. A
 * stage that the pipeline does not have is made, as an open one, by who may make stages. Tests:
 * tests/http/imports.test.mjs
 */
#include "modules/imports.h"

#include <strings.h>

/* ---- values of a line ---- */

static void put_title(struct import_line *line, struct json_object *input)
{
	str title = import_text(line, "title"), product = import_text(line, "product"),
	    account = import_text(line, "organisation");
	str id = import_text(line, "external_id");
	if (!title.n && product.n && account.n)
		title = str_of(arena_printf(line->arena, "%.*s for %.*s", (int)product.n, product.p,
		    (int)account.n, account.p));
	else if (!title.n)
		title = product.n ? product : account.n ? account : id;
	if (title.n)
		import_put(input, "title", title);
	else
		import_bad(line, "title", "is required");
}

static struct json_object *deal_values(struct import_line *line)
{
	struct json_object *input = json_object_new_object();
	put_title(line, input);
	import_put_text(line, input, "external_id");
	import_put_text(line, input, "product");
	import_put_text(line, input, "lost_reason");
	import_put_money(line, input, "amount");
	import_put_day(line, input, "opened_on");
	import_put_day(line, input, "expected_close_on");
	import_put_day(line, input, "closed_on");
	/* A file that has the column says by an empty cell that the day is not known; else it would
	 * be today. */
	if (import_has(line->plan, "opened_on") &&
	    !json_object_object_get_ex(input, "opened_on", NULL))
		json_object_object_add(input, "opened_on", NULL);
	return input;
}

/* ---- the stage ---- */

struct pipeline_known {
	struct pipeline_known *next;
	str name;
	pipeline_id id;
	struct stages_of_pipeline_row *stages;
	size_t n;
};

static error load(struct import_batch *b, struct pipeline_known *p)
{
	return query_all(b->call, &stages_of_pipeline_query,
	    &(struct stages_of_pipeline_in) { .pipeline = p->id }, &p->stages, &p->n);
}

static error find_pipeline(struct import_batch *b, str name, struct pipeline_known **out)
{
	struct import_pipeline_called_row row;
	*out = NULL;
	for (struct pipeline_known *p = b->known; p; p = p->next)
		if (str_eq(p->name, name)) {
			*out = p;
			return OK;
		}
	error e = query_one(b->call, &import_pipeline_called_query,
	    &(struct import_pipeline_called_in) { .name = name.n ? name : (str) { NULL, 0 } },
	    &row);
	if (e == NOT_FOUND) {
		import_bad(b->line, "pipeline", "there is no pipeline \"%.*s\"",
		    (int)(name.n > 80 ? 80 : name.n), name.p ? name.p : "");
		return OK;
	}
	TRY(e);
	struct pipeline_known *p = ARENA_NEW(b->call->arena, struct pipeline_known);
	*p = (struct pipeline_known) { .next = b->known, .name = name, .id = row.id };
	TRY(load(b, p));
	b->known = *out = p;
	return OK;
}

static bool is_word(str text, const char *const *words)
{
	for (; *words; words++)
		if (text.n == strlen(*words) && !strncasecmp(text.p, *words, text.n))
			return true;
	return false;
}

/* What other programs call the end of a deal; STAGE_KIND_NONE for all else. */
static enum stage_kind kind_said(str text)
{
	static const char *const won[] = { "won", "closed won", "closedwon", "closed - won",
		"gewonnen", "gagné", "gagnée", "ganado", "ganada", "受注", NULL };
	static const char *const lost[] = { "lost", "closed lost", "closedlost", "closed - lost",
		"verloren", "perdu", "perdue", "perdido", "perdida", "失注", NULL };
	return is_word(text, won)    ? STAGE_KIND_WON
	       : is_word(text, lost) ? STAGE_KIND_LOST
				     : STAGE_KIND_NONE;
}

static const struct stages_of_pipeline_row *stage_named(const struct pipeline_known *p, str name)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->stages[i].name.n == name.n &&
		    !strncasecmp(p->stages[i].name.p, name.p, name.n))
			return &p->stages[i];
	return NULL;
}

static const struct stages_of_pipeline_row *stage_of(
    const struct pipeline_known *p, enum stage_kind kind)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->stages[i].kind == kind)
			return &p->stages[i];
	return NULL;
}

/* Behind the open ones: its position is the last of theirs, and among equals the older comes first.
 */
static error make_stage(struct import_batch *b, struct pipeline_known *p, str name,
    const struct stages_of_pipeline_row **out)
{
	struct json_object *args = json_object_new_object(), *last, *position;
	uuid id;
	json_keep(b->call->arena, args);
	import_put_id(args, "pipeline_id", p->id.text);
	import_put(args, "name", name);
	for (size_t i = p->n; i > 0; i--)
		if (p->stages[i - 1].kind == STAGE_KIND_OPEN) {
			TRY(import_current(b, &stages_table, p->stages[i - 1].id.text, &last));
			if (json_object_object_get_ex(last, "position", &position))
				json_object_object_add(args, "position", json_object_get(position));
			break;
		}
	TRY(import_create(b, &stages_table, args, &id));
	TRY(load(b, p));
	*out = stage_named(p, name);
	return OK;
}

static error find_stage(
    struct import_batch *b, struct pipeline_known *p, const struct stages_of_pipeline_row **out)
{
	str stage = import_text(b->line, "stage"), status = import_text(b->line, "status");
	enum stage_kind end = kind_said(status);
	*out = NULL;
	if (stage.n)
		*out = stage_named(p, stage);
	if (!*out && stage.n && kind_said(stage) != STAGE_KIND_NONE)
		*out = stage_of(p, kind_said(stage));
	/* A program that keeps the last stage of a deal beside what became of it. */
	if (end != STAGE_KIND_NONE && (!*out || (*out)->kind == STAGE_KIND_OPEN))
		*out = stage_of(p, end);
	if (!*out && stage.n)
		TRY(make_stage(b, p, stage, out));
	return OK;
}

static error add_stage(struct import_batch *b, struct json_object *input)
{
	struct pipeline_known *p;
	const struct stages_of_pipeline_row *stage;
	struct json_object *closed;
	TRY(find_pipeline(b, import_text(b->line, "pipeline"), &p));
	if (!p)
		return OK;
	TRY(find_stage(b, p, &stage));
	if (!stage && !b->row.text[0])
		stage = stage_of(p, STAGE_KIND_OPEN);
	if (!stage)
		return OK;
	import_put_id(input, "stage_id", stage->id.text);
	if (stage->kind != STAGE_KIND_LOST)
		json_object_object_del(input, "lost_reason");
	if (stage->kind != STAGE_KIND_OPEN ||
	    !json_object_object_get_ex(input, "closed_on", &closed))
		return OK;
	/* Most programs have one such column, and for an open deal it is a hope. */
	if (!json_object_object_get_ex(input, "expected_close_on", NULL))
		json_object_object_add(input, "expected_close_on", json_object_get(closed));
	json_object_object_del(input, "closed_on");
	return OK;
}

/* ---- what else it names ---- */

static error make_person(struct import_batch *b, str name, uuid *id)
{
	struct json_object *args = json_object_new_object();
	json_keep(b->call->arena, args);
	if (memchr(name.p, '@', name.n)) {
		struct json_object *emails = json_object_new_array(),
				   *email = json_object_new_object();
		import_put(email, "address", name);
		json_object_array_add(emails, email);
		json_object_object_add(args, "emails", emails);
	} else {
		size_t space = name.n;
		while (space > 0 && name.p[space - 1] != ' ')
			space--;
		if (space)
			import_put(args, "first_name", str_trim((str) { name.p, space }));
		import_put(args, "last_name", (str) { name.p + space, name.n - space });
	}
	TRY(import_create(b, &contacts_table, args, id));
	import_learn(b, NAME_PERSON, name, id);
	return OK;
}

static error add_contact(struct import_batch *b, struct json_object *input)
{
	str name = import_text(b->line, "contact");
	struct json_object *ids;
	uuid id;
	if (!name.n)
		return OK;
	TRY(import_find(b, NAME_PERSON, name, &id));
	if (!id.text[0])
		TRY(make_person(b, name, &id));
	ids = json_object_new_array();
	json_object_array_add(ids, json_object_new_string(id.text));
	json_object_object_add(input, "contact_ids", ids);
	return OK;
}

static error deal_resolve(struct import_batch *b, struct json_object *input)
{
	str account = import_text(b->line, "organisation");
	uuid id;
	TRY(import_owner(b, input));
	if (account.n) {
		TRY(import_find_or_make(b, NAME_ORGANISATION, account, &id));
		import_put_id(input, "organisation_id", id.text);
	}
	TRY(add_contact(b, input));
	return add_stage(b, input);
}

static error deal_match(struct import_batch *b, struct json_object *input, uuid *id)
{
	struct json_object *value;
	*id = (uuid) { "" };
	if (!json_object_object_get_ex(input, "external_id", &value))
		return OK;
	return import_find(b, NAME_ELSEWHERE, str_of(json_object_get_string(value)), id);
}

static error deal_merge(
    struct import_batch *b, struct json_object *current, struct json_object *input)
{
	struct json_object *opened;
	/* A title that was put together here is for a deal that has none. */
	if (!import_text(b->line, "title").n)
		json_object_object_del(input, "title");
	if (json_object_object_get_ex(input, "opened_on", &opened) && !opened)
		json_object_object_del(input, "opened_on");
	import_merge_ids(current, input, "contact_ids");
	return OK;
}

static error deal_note(struct import_batch *b, struct json_object *input, const uuid *id)
{
	(void)input;
	return import_add_note(b, "deal", id);
}

static const char *const deal_extras[] = { "source", "tags", NULL };
static const char *const deal_one_of[] = { "title", "product", "organisation", "external_id",
	NULL };

const struct import_kind import_kind_deals = {
	.object = IMPORT_OBJECT_DEALS,
	.table = &deals_table,
	.permissions = { "deals.create", "deals.view" },
	.one_of = deal_one_of,
	.extras = deal_extras,
	.create = "deals_create",
	.known = &import_deals_known_as_query,
	.values = deal_values,
	.resolve = deal_resolve,
	.match = deal_match,
	.merge = deal_merge,
	.after = deal_note,
};
