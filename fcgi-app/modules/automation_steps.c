/*
 * automation_steps.c: a single step of an automation; see automations.h. What it changes it changes
 * by the operations that a person would call, as the caller, so with no more power than that.
 * Statements: sql/query/automations.sql. Tests: tests/http/automations.test.mjs
 */
#include "automations.h"

#include <stdio.h>

#include "core/out.h"

/* ---- texts with fields ---- */

struct names_seen {
	const struct table *table;
	bool hears;
	char *why;
	bool good;
};

static void name_seen(void *with, const struct template_name *found)
{
	struct names_seen *seen = with;
	size_t n = strcspn(found->path, ".");
	const struct field *f = field_find(&seen->table->columns, (str) { found->path, n });
	if (!seen->good || !strcmp(found->path, ".") || found->depth ||
	    (seen->table->owner && !strcmp(found->path, AUTOMATION_OWNER)) ||
	    (f && !(f->flags & F_PRIVATE)) || (seen->hears && !strncmp(found->path, "event.", 6)))
		return;
	seen->good = false;
	snprintf(
	    seen->why, TEMPLATE_WHY, "a %s has no field \"%.60s\"", seen->table->noun, found->path);
}

static struct template_set *compile(str text, char why[TEMPLATE_WHY])
{
	struct template_set *set = templates_new();
	if (templates_add(set, "text", text, why) == OK && templates_link(set, why) == OK)
		return set;
	templates_free(set);
	return NULL;
}

bool automation_text_good(
    const struct automation_program *program, str text, char why[TEMPLATE_WHY])
{
	struct names_seen seen = { program->table, automation_hears(&program->start), why, true };
	struct template_set *set = compile(text, why);
	if (!set)
		return false;
	error e = template_names(set, "text", name_seen, &seen);
	templates_free(set);
	return e == OK && seen.good;
}

/* ---- asking operations ---- */

struct json_object *automation_object(struct call *call)
{
	struct json_object *o = json_object_new_object();
	json_keep(call->arena, o);
	return o;
}

void automation_put(struct json_object *o, const char *name, str text)
{
	if (!str_none(text))
		json_object_object_add(o, name, json_object_new_string_len(text.p, (int)text.n));
}

error automation_ask(struct call *call, const char *name, struct json_object *args, bool brief,
    struct json_object **answer)
{
	const struct operation *op = operation_named(str_of(name));
	const bool before = call->brief;
	struct buf body = { 0 };
	struct json out;
	const char *why;
	json_begin(&out, &body);
	call->brief = brief;
	error e = call_run(call, op, args, &out);
	call->brief = before;
	if (e == OK)
		*answer = json_read(call->arena, buf_view(&body), &why);
	buf_free(&body);
	return e;
}

static error ask_of_table(struct call *call, const struct automation_work *work, const char *verb,
    struct json_object *args, struct json_object **answer)
{
	json_object_object_add(args, "id", json_object_new_string(work->subject));
	return automation_ask(call,
	    arena_printf(call->arena, "%s_%s", work->program->table->name, verb), args,
	    strcmp(verb, "get") != 0, answer);
}

/* By name, for people; a record has its id. */
static void tell_owner(struct automation_doing *d, struct json_object *record)
{
	const struct field *owner = d->work->program->table->owner;
	const void *id = owner ? (const char *)d->work->row + owner->offset : NULL;
	if (!id || field_value_none(owner, id))
		return;
	const char *name = automation_told(d->call, owner, id);
	if (strcmp(name, "?") != 0)
		automation_put(record, AUTOMATION_OWNER, str_of(name));
}

error automation_fill(struct automation_doing *d, str text, str *out)
{
	struct json_object *record;
	char why[TEMPLATE_WHY] = "";
	struct buf b = { 0 };
	*out = text;
	if (str_none(text) || !memmem(text.p, text.n, "{{", 2))
		return OK;
	TRY(ask_of_table(d->call, d->work, "get", automation_object(d->call), &record));
	tell_owner(d, record);
	if (d->work->event)
		json_object_object_add(record, "event", json_object_get(d->work->event));
	struct template_set *set = compile(text, why);
	if (!set)
		return fail(d->call, INVALID, NULL, "%s", why);
	error e =
	    template_render_plain(template_find(set, "text"), record, d->call->arena, &b, why);
	templates_free(set);
	*out = (str) { arena_text(d->call->arena, b.p ? b.p : "", b.n), b.n };
	buf_free(&b);
	return e == OK ? OK : fail(d->call, INVALID, NULL, "%s", why);
}

error automation_fill_line(struct automation_doing *d, str text, str *out)
{
	TRY(automation_fill(d, text, out));
	char *line = arena_text(d->call->arena, out->n ? out->p : "", out->n);
	for (size_t i = 0; i < out->n; i++)
		if ((unsigned char)line[i] < 0x20)
			line[i] = ' ';
	out->p = line;
	return OK;
}

/* ---- the steps ---- */

static error set_field(struct automation_doing *d)
{
	struct json_object *args = automation_object(d->call);
	json_object_object_add(args, d->step->column->name, json_object_get(d->step->sets));
	json_object_object_add(d->input, d->step->column->name, json_object_get(d->step->sets));
	return ask_of_table(d->call, d->work, "update", args, &d->output);
}

/* What the new task is about: the record, or what the record is about. */
static void put_subject(struct json_object *args, const struct automation_work *work)
{
	const struct table *table = work->program->table;
	subject about = { "", { "" } };
	if (table == &tasks_table) {
		about = ((const struct task *)work->row)->subject;
	} else {
		snprintf(about.object, sizeof about.object, "%s", table->noun);
		snprintf(about.id.text, sizeof about.id.text, "%s", work->subject);
	}
	if (!about.object[0])
		return;
	struct json_object *o = json_object_new_object();
	json_object_object_add(o, "object", json_object_new_string(about.object));
	json_object_object_add(o, "id", json_object_new_string(about.id.text));
	json_object_object_add(args, "subject", o);
}

static error create_task(struct automation_doing *d)
{
	const struct automation_step *s = d->step;
	const struct field *owner = d->work->program->table->owner;
	const char *assignee = s->assignee_id.text[0] ? s->assignee_id.text
						      : (const char *)d->work->row + owner->offset;
	char due[INSTANT_TEXT];
	str title, description;
	TRY(automation_fill_line(d, s->title, &title));
	TRY(automation_fill(d, s->description, &description));
	automation_put(d->input, "title", utf8_cut(title, (size_t)COLUMN(tasks, title)->max));
	automation_put(d->input, "description", description);
	if (s->kind)
		automation_put(d->input, "kind", str_of(task_kind_name(s->kind)));
	if (s->priority)
		automation_put(d->input, "priority", str_of(task_priority_name(s->priority)));
	if (s->due_in_days != INT_NONE) {
		instant_format((instant) { d->call->now.us + DAYS(s->due_in_days) }, due);
		automation_put(d->input, "due_at", str_of(due));
	}
	json_object_object_add(
	    d->input, "assignee_id", assignee[0] ? json_object_new_string(assignee) : NULL);
	put_subject(d->input, d->work);
	return automation_ask(d->call, "tasks_create", d->input, true, &d->output);
}

static error add_tag(struct automation_doing *d)
{
	struct json_object *args = automation_object(d->call);
	json_object_object_add(args, "id", json_object_new_string(d->work->subject));
	json_object_object_add(args, "tag_id", json_object_new_string(d->step->tag_id.text));
	automation_put(d->input, "tag_id", str_of(d->step->tag_id.text));
	return automation_ask(d->call, "contacts_tag", args, true, &d->output);
}

/* ---- to whom ---- */

static error next_turn(struct call *call, automation_id automation, int64_t *turn)
{
	struct automation_turn row;
	automation_turn_id id;
	memcpy(id.text, automation.text, sizeof id.text);
	TRY(automation_turn_lock_any(call, id, &row));
	*turn = row.turn++;
	return automation_turn_update(call, &row);
}

static str joined(struct arena *a, list ids)
{
	str all = { "", 0 };
	for (size_t i = 0; i < ids.n; i++)
		all = str_of(arena_printf(
		    a, "%s%s%s", all.p, i ? "," : "", ((const uuid *)ids.items)[i].text));
	return all;
}

static error choose(struct automation_doing *d, agent_id *out)
{
	const struct automation_step *s = d->step;
	struct automation_agents_in in = { .agents = joined(d->call->arena, s->agent_ids) };
	struct automation_agents_row *rows;
	size_t n, best = 0;
	int64_t turn;
	memcpy(in.team.text, s->team_id.text, sizeof in.team.text);
	TRY(query_all(d->call, &automation_agents_query, &in, &rows, &n));
	if (!n)
		return fail(d->call, CONFLICT, NULL, "nobody is there to whom it could be given");
	if (s->how == HOW_ROUND_ROBIN) {
		TRY(next_turn(d->call, d->work->automation, &turn));
		best = (size_t)turn % n;
	}
	for (size_t i = 1; s->how == HOW_LEAST_BUSY && i < n; i++)
		if (rows[i].deals + rows[i].tasks < rows[best].deals + rows[best].tasks)
			best = i;
	*out = rows[best].agent_id;
	return OK;
}

static error assign(struct automation_doing *d)
{
	struct json_object *args = automation_object(d->call);
	const char *owner = d->work->program->table->owner->name;
	agent_id agent;
	TRY(choose(d, &agent));
	automation_put(args, owner, str_of(agent.text));
	automation_put(d->input, owner, str_of(agent.text));
	return ask_of_table(d->call, d->work, "update", args, &d->output);
}

/* ---- one of them ---- */

static error act(struct automation_doing *d, struct automation_done *out)
{
	const struct automation_step *s = d->step;
	switch (s->what) {
	case DO_SET_FIELD: return set_field(d);
	case DO_CREATE_TASK: return create_task(d);
	case DO_ADD_TAG: return add_tag(d);
	case DO_ASSIGN: return assign(d);
	case DO_SEND_MAIL: return automation_send_mail(d);
	case DO_CALL_WEBHOOK: return automation_call_webhook(d);
	case DO_STOP: out->next = NO_STEP; return OK;
	case DO_WAIT: return automation_wait(d);
	case DO_WAIT_FOR: return automation_wait_for(d);
	case DO_WAIT_UNTIL: return automation_wait_until(d);
	case DO_BRANCH: break;
	}
	bool holds = automation_holds(d->call->arena, &s->when, d->work->row);
	size_t inside = holds ? s->then : s->otherwise;
	if (inside != NO_STEP)
		out->next = inside;
	json_object_object_add(d->input, "holds", json_object_new_boolean(holds));
	return OK;
}

error automation_do(
    struct call *call, const struct automation_work *work, size_t step, struct automation_done *out)
{
	const struct automation_step *s = &work->program->steps[step];
	struct automation_doing d = {
		.call = call, .work = work, .step = s, .done = out, .input = automation_object(call)
	};
	*out = (struct automation_done) { .next = automation_after(work->program, step),
		.after = INSTANT_NONE,
		.told = automation_object(call) };
	automation_put(out->told, "at", str_of(s->pointer));
	automation_put(out->told, "do", str_of(automation_what_names[s->what]));
	error e = act(&d, out);
	json_object_object_add(out->told, "input", json_object_get(d.input));
	json_object_object_add(out->told, "output", json_object_get(d.output));
	return e;
}
