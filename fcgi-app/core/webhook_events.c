/* webhook_events.c: see webhook_events.h. */
#include "core/webhook_events.h"

#include <stdlib.h>

#include "core/changes.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/workflow.h"

static const struct table *const told[] = { &contacts_table, &deals_table, &tasks_table,
	&notes_table, &activities_table, &tags_table, &sources_table, &pipelines_table,
	&stages_table, &teams_table, &agents_table };
static const char *const kinds[] = { "", "created", "updated", "deleted", "restored" };
#define COUNT(x) (sizeof(x) / sizeof *(x))

static bool is_told(const struct table *table)
{
	for (size_t i = 0; i < COUNT(told); i++)
		if (told[i] == table)
			return true;
	return false;
}

bool webhook_event_known(str name)
{
	str noun, kind;
	if (!str_cut(name, '.', &noun, &kind))
		return false;
	for (size_t i = 0; i < COUNT(told); i++)
		for (size_t k = 1; str_is(noun, told[i]->noun) && k < COUNT(kinds); k++)
			if (str_is(kind, kinds[k]))
				return true;
	return false;
}

/* ---- what happened: a row that a mutation wrote several times changed once; one that it changed
 * and then deleted was deleted ---- */

struct happening {
	const struct row_change *change;
	size_t order;
};

static int by_row(const void *a, const void *b)
{
	const struct happening *x = a, *y = b;
	int rows = strcmp(x->change->row.text, y->change->row.text);
	return rows ? rows : x->order < y->order ? -1 : 1;
}

static int by_order(const void *a, const void *b)
{
	const struct happening *x = a, *y = b;
	return x->order < y->order ? -1 : 1;
}

static struct happening *happenings(struct call *call, size_t *n)
{
	struct happening *all = ARENA_ARRAY(call->arena, call->n_changes + 1, struct happening);
	size_t kept = 0, order = call->n_changes;
	*n = 0;
	for (const struct row_change *c = call->changes; c; c = c->next, order--)
		if (is_told(c->table))
			all[(*n)++] = (struct happening) { c, order };
	if (!*n)
		return all;
	qsort(all, *n, sizeof *all, by_row);
	for (size_t i = 0; i < *n; i++)
		if (!i || strcmp(all[i].change->row.text, all[i - 1].change->row.text) != 0)
			all[kept++] = all[i];
		else if (all[i].change->kind == ROW_DELETED &&
			 all[kept - 1].change->kind != ROW_CREATED)
			all[kept - 1] = all[i];
	*n = kept;
	qsort(all, kept, sizeof *all, by_order);
	return all;
}

/* ---- whether a webhook hears of it ---- */

static bool is_one_of(struct call *call, json_text list_of, const char *text)
{
	const char *why;
	struct json_object *all =
	    str_none(list_of.json) ? NULL : json_read(call->arena, list_of.json, &why);
	for (size_t i = 0; all && text[0] && i < json_object_array_length(all); i++)
		if (!strcmp(json_object_get_string(json_object_array_get_idx(all, i)), text))
			return true;
	return false;
}

/* The rows of one webhook: what whoever made it may see of each object. */
struct webhook_view {
	const struct webhooks_to_tell_row *v;
	size_t n;
};

static enum role_permission_level level_of(const struct webhook_view *w, const char *object)
{
	for (size_t i = 0; i < w->n; i++)
		if (str_is(w->v[i].object, object))
			return w->v[i].level;
	return ROLE_PERMISSION_LEVEL_NONE;
}

/* Somewhat less than who made it may see, never more: a row with a parent is told to who sees all
 * parents, and a team's is one that names the team. */
static bool may_see(struct call *call, const struct webhook_view *w, const struct row_change *c)
{
	const char *me = w->v->agent_id.text;
	bool mine = !strcmp(c->owner_before.text, me) || !strcmp(c->owner_after.text, me);
	enum role_permission_level level = level_of(w, c->table->object);
	if (c->parent)
		return level != ROLE_PERMISSION_LEVEL_NONE &&
		       level_of(w, c->parent->object) == ROLE_PERMISSION_LEVEL_ALL;
	switch (level) {
	case ROLE_PERMISSION_LEVEL_ALL: return true;
	case ROLE_PERMISSION_LEVEL_TEAM:
		return mine || is_one_of(call, w->v->team_ids, c->team_before.text) ||
		       is_one_of(call, w->v->team_ids, c->team_after.text);
	case ROLE_PERMISSION_LEVEL_OWN: return mine;
	default: return false;
	}
}

/* ---- telling ---- */

static void compose(struct call *call, const struct webhooks_to_tell_row *w,
    const struct row_change *c, const char *event, struct webhook_delivery *d)
{
	struct json_object *body = json_object_new_object(), *data = json_object_new_object();
	char when[INSTANT_TEXT];
	instant_format(c->at, when);
	json_keep(call->arena, body);
	json_object_object_add(body, "type", json_object_new_string(event));
	json_object_object_add(body, "timestamp", json_object_new_string(when));
	json_object_object_add(body, "data", data);
	json_object_object_add(data, "object", json_object_new_string(c->table->noun));
	json_object_object_add(data, "id", json_object_new_string(c->row.text));
	row_init(&webhook_deliveries_table, d);
	d->webhook_id = w->id;
	d->event = str_of(event);
	d->body = json_kept(call->arena, body);
	d->state = WEBHOOK_DELIVERY_STATE_WAITING;
	d->tries = 0;
}

static error tell(struct call *call, const struct workflow *send, const struct webhook_view *w,
    const struct row_change *c)
{
	struct webhook_delivery d;
	const char *event = arena_printf(call->arena, "%s.%s", c->table->noun, kinds[c->kind]);
	if (!may_see(call, w, c) ||
	    !(str_none(w->v->events.json) || is_one_of(call, w->v->events, event)))
		return OK;
	compose(call, w->v, c, event, &d);
	TRY(webhook_delivery_insert(call, &d));
	return workflow_start(call, send, d.id.text, NULL, NULL);
}

error webhook_events_tell(struct call *call)
{
	struct webhooks_to_tell_row *rows;
	const struct workflow *send = workflow_named("webhook_send");
	size_t n, n_rows;
	if (!send)
		return OK;
	const struct happening *all = happenings(call, &n);
	if (!n)
		return OK;
	TRY(query_all(call, &webhooks_to_tell_query, NULL, &rows, &n_rows));
	for (size_t i = 0; i < n; i++)
		for (size_t from = 0, to; from < n_rows; from = to) {
			for (to = from;
			     to < n_rows && !strcmp(rows[to].id.text, rows[from].id.text);)
				to++;
			const struct webhook_view w = { rows + from, to - from };
			TRY(tell(call, send, &w, all[i].change));
		}
	return OK;
}
