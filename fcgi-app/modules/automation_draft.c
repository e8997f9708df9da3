/*
 * automation_draft.c: an automation's draft is changed part by part: what it starts on, a condition
 * or a step is written, moved, or taken out. Parts are named by where they stand,
 * "/steps/1/then/0" (RFC 6901); "-" at the end is the place behind the last. What a form sends as
 * text becomes the value that the member takes, by its declaration. Tests:
 * tests/http/automation_draft.test.mjs
 */
#include "automations.h"

#include <json-c/json_pointer.h>
#include <stdio.h>

/* ---- the draft as one tree ---- */

static struct json_object *document(struct call *call, json_text text)
{
	const char *why;
	struct json_object *tree =
	    str_none(text.json) ? NULL : json_read(call->arena, text.json, &why);
	return json_object_get(tree);
}

struct json_object *automation_tree(struct call *call, const struct automation_documents *d)
{
	struct json_object *tree = json_object_new_object(), *steps = document(call, d->steps);
	json_keep(call->arena, tree);
	json_object_object_add(tree, "starts", document(call, d->starts));
	json_object_object_add(tree, "conditions", document(call, d->conditions));
	json_object_object_add(tree, "steps", steps ? steps : json_object_new_array());
	return tree;
}

struct json_object *automation_part(struct call *call, struct json_object *tree, str at)
{
	struct json_object *found = NULL;
	if (!at.n || at.p[0] != '/' ||
	    json_pointer_get(tree, arena_text(call->arena, at.p, at.n), &found) != 0)
		return NULL;
	return found;
}

enum automation_sort automation_sort(str at)
{
	static const char conditions[] = "/conditions";
	if (str_is(at, "/starts"))
		return SORT_START;
	if (at.n && memmem(at.p, at.n, conditions, sizeof conditions - 1))
		return SORT_CONDITION;
	return SORT_STEP;
}

struct draft {
	struct automation row;
	struct json_object *tree;
};

static error draft_lock(struct call *call, automation_id id, struct draft *d)
{
	TRY(automation_lock(call, id, &d->row));
	d->tree = automation_tree(call, &(struct automation_documents) { d->row.object,
					    d->row.starts, d->row.conditions, d->row.steps });
	return OK;
}

static error draft_write(struct call *call, struct draft *d, struct json *out)
{
	struct json_object *conditions = json_object_object_get(d->tree, "conditions");
	d->row.starts = json_kept(call->arena, json_object_object_get(d->tree, "starts"));
	d->row.conditions =
	    conditions ? json_kept(call->arena, conditions) : (json_text) { { NULL, 0 } };
	d->row.steps = json_kept(call->arena, json_object_object_get(d->tree, "steps"));
	TRY(automation_update(call, &d->row));
	return row_answer(call, &automations_table, d->row.id.text, out);
}

static error nowhere(struct call *call)
{
	return fail_code(call, INVALID, "at", "not_found", "nothing stands there");
}

/* "/steps/1/then/0" into "/steps/1/then" and "0". */
static bool cut_last(str at, str *of, str *last)
{
	size_t n = at.n;
	while (n > 0 && at.p[n - 1] != '/')
		n--;
	if (n < 2)
		return false;
	*of = (str) { at.p, n - 1 };
	*last = (str) { at.p + n, at.n - n };
	return true;
}

/* As which item of a list a part stands. */
static error find_item(
    struct call *call, struct draft *d, str at, struct json_object **items, size_t *index)
{
	int64_t number;
	str of, last;
	*items = cut_last(at, &of, &last) ? automation_part(call, d->tree, of) : NULL;
	if (!json_object_is_type(*items, json_type_array) || !int_parse(last, &number) ||
	    number < 0 || (size_t)number >= json_object_array_length(*items))
		return nowhere(call);
	*index = (size_t)number;
	return OK;
}

/* ---- what a form sends ---- */

static str text_of(struct json_object *value)
{
	if (!json_object_is_type(value, json_type_string))
		return (str) { NULL, 0 };
	return str_trim(
	    (str) { json_object_get_string(value), (size_t)json_object_get_string_len(value) });
}

static struct json_object *text_value(str text)
{
	return json_object_new_string_len(text.p, (int)text.n);
}

/* As it is, but for what is empty. */
static struct json_object *list_value(struct json_object *sent)
{
	struct json_object *all = json_object_new_array();
	for (size_t i = 0; i < json_object_array_length(sent); i++) {
		struct json_object *one = json_object_array_get_idx(sent, i);
		str text = text_of(one);
		if (str_none(text) || text.n)
			json_object_array_add(all, json_object_get(one));
	}
	if (json_object_array_length(all))
		return all;
	json_object_put(all);
	return NULL;
}

static struct json_object *instant_value(str text)
{
	char whole[INSTANT_TEXT];
	int n = snprintf(whole, sizeof whole, "%.*s:00Z", (int)text.n, text.p);
	return json_object_new_string_len(whole, n);
}

struct json_object *automation_texts(str text)
{
	struct json_object *o = json_object_new_object();
	for (str rest = text, line, name, value; rest.n;) {
		if (!str_cut(rest, '\n', &line, &rest)) {
			line = rest;
			rest.n = 0;
		}
		line = str_trim(line);
		if (!line.n)
			continue;
		if (!str_cut(line, ':', &name, &value)) {
			json_object_put(o);
			return text_value(text);
		}
		char key[80];
		name = str_trim(name);
		snprintf(key, sizeof key, "%.*s", (int)name.n, name.p);
		json_object_object_add(o, key, text_value(str_trim(value)));
	}
	return o;
}

/* What the field takes, or what was sent, which is refused where the draft is read; the caller's.
 * NULL: nothing. */
static struct json_object *value_of(const struct field *f, struct json_object *sent)
{
	int64_t number;
	str text = text_of(sent);
	if (json_object_is_type(sent, json_type_array))
		return list_value(sent);
	if (f->type == T_MONEY && !str_none(text_of(automation_member(sent, "amount"))) &&
	    !text_of(automation_member(sent, "amount")).n)
		return NULL;
	if (str_none(text))
		return json_object_get(sent);
	if (!text.n)
		return NULL;
	if (f->type == T_INT && int_parse(text, &number))
		return json_object_new_int64(number);
	if (f->type == T_BOOL && (str_is(text, "true") || str_is(text, "false")))
		return json_object_new_boolean(str_is(text, "true"));
	if (f->type == T_INSTANT && (text.n == sizeof "2026-01-31T12:00" - 1))
		return instant_value(text); /* <input type=datetime-local>, taken as UTC */
	if (f->type == T_JSON)
		return automation_texts(text);
	if (f->type == T_IDS) {
		struct json_object *one = json_object_new_array();
		json_object_array_add(one, text_value(text));
		return one;
	}
	return text_value(text);
}

static struct json_object *values_of(const struct field *f, struct json_object *sent)
{
	str rest = text_of(sent);
	if (str_none(rest))
		return value_of(f, sent);
	struct json_object *all = json_object_new_array();
	for (str one; rest.n;) {
		if (!str_cut(rest, ',', &one, &rest)) {
			one = rest;
			rest.n = 0;
		}
		struct json_object *text = text_value(str_trim(one)), *value = value_of(f, text);
		json_object_put(text);
		if (value)
			json_object_array_add(all, value);
	}
	return all;
}

static const struct field plain = { .type = T_TEXT };

static const struct field *column_of(const struct table *table, struct json_object *part)
{
	const struct field *f = automation_field(table, text_of(automation_member(part, "field")));
	return f ? f : &plain;
}

static struct json_object *condition_of(const struct table *table, struct json_object *part)
{
	struct json_object *o = json_object_new_object(), *value = automation_member(part, "value");
	int is = automation_named(automation_test_names, automation_member(part, "is"));
	const struct field *f = is == TEST_CONTAINS ? &plain : column_of(table, part);
	json_object_object_foreach(part, name, sent)
	{
		if (strcmp(name, "value") != 0)
			json_object_object_add(o, name, json_object_get(sent));
	}
	struct json_object *made = is == TEST_IN ? values_of(f, value) : value_of(f, value);
	if (made && is != TEST_EMPTY && is != TEST_NOT_EMPTY)
		json_object_object_add(o, "value", made);
	else
		json_object_put(made);
	return o;
}

/* "from" of "from_none", if there is such a member. */
static const char *none_of(const struct field_set *set, const char *name)
{
	const size_t n = strlen(name), end = strlen(AUTOMATION_NONE);
	const struct field *f = n > end && !strcmp(name + n - end, AUTOMATION_NONE)
				    ? field_find(set, (str) { name, n - end })
				    : NULL;
	return f && f->type == T_JSON ? f->name : NULL;
}

static bool is_none(struct json_object *part, const char *name)
{
	char said[80];
	snprintf(said, sizeof said, "%s" AUTOMATION_NONE, name);
	return str_is(text_of(automation_member(part, said)), "true");
}

/* Of a start or a step; what is not declared is left as it came, and refused. */
static struct json_object *members_of(
    const struct table *table, const struct field_set *set, struct json_object *part)
{
	struct json_object *o = json_object_new_object();
	bool of_field = field_find(set, STR("field")) != NULL;
	json_object_object_foreach(part, name, sent)
	{
		const char *said_none = none_of(set, name);
		if (said_none && str_is(text_of(sent), "true"))
			json_object_object_add(o, said_none, NULL);
		if (said_none || is_none(part, name))
			continue;
		const struct field *f = field_find(set, str_of(name));
		if (f && f->type == T_JSON && of_field)
			f = column_of(table, part);
		struct json_object *value = f ? value_of(f, sent) : json_object_get(sent);
		if (value)
			json_object_object_add(o, name, value);
	}
	return o;
}

/* Of a step that goes one way or another a form sends its comparison like that of a condition, and
 * never what is in it. */
static void add_ways(
    const struct table *table, struct json_object *step, struct json_object *before)
{
	static const char *const parts[] = { "conditions", "then", "else" };
	static const char *const of_comparison[] = { "field", "is", "value" };
	struct json_object *comparison = json_object_new_object();
	for (size_t i = 0; i < 3; i++) {
		struct json_object *value = automation_member(step, of_comparison[i]);
		if (value)
			json_object_object_add(
			    comparison, of_comparison[i], json_object_get(value));
		json_object_object_del(step, of_comparison[i]);
	}
	if (json_object_object_length(comparison) && !automation_member(step, "conditions"))
		json_object_object_add(step, "conditions", condition_of(table, comparison));
	json_object_put(comparison);
	for (size_t i = 0; i < 3; i++) {
		struct json_object *value = automation_member(before, parts[i]);
		if (value && !automation_member(step, parts[i]))
			json_object_object_add(step, parts[i], json_object_get(value));
	}
}

/* Borrowed from the arena. */
static struct json_object *part_of(struct call *call, const struct draft *d, str at,
    struct json_object *sent, struct json_object *before)
{
	const struct table *table = automation_table(d->row.object);
	struct json_object *part;
	int kind;
	switch (automation_sort(at)) {
	case SORT_CONDITION:
		part = automation_member(sent, "all") || automation_member(sent, "any")
			   ? json_object_get(sent)
			   : condition_of(table, sent);
		break;
	case SORT_START:
		kind = automation_named(automation_event_names, automation_member(sent, "on"));
		part = members_of(table, automation_start_set((enum automation_event)kind), sent);
		break;
	default:
		kind = automation_named(automation_what_names, automation_member(sent, "do"));
		const struct field_set *set = automation_step_set((enum automation_what)kind);
		part = members_of(table, set, sent);
		if (field_find(set, STR("then")))
			add_ways(table, part, before);
	}
	json_keep(call->arena, part);
	return part;
}

/* What is wrong with the part is said of the part that was sent. */
static error of_the_part(struct call *call, error e, str at)
{
	for (size_t i = 0; e != OK && i < call->problem.n_fields; i++) {
		struct field_error *bad = &call->problem.fields[i];
		if (strncmp(bad->pointer, at.p, at.n) != 0 ||
		    (bad->pointer[at.n] && bad->pointer[at.n] != '/'))
			continue;
		const char *rest = bad->pointer + at.n;
		if (automation_sort(at) == SORT_STEP && !strncmp(rest, "/conditions/", 12))
			rest += 11; /* the first comparison of a branch */
		bad->pointer = arena_printf(call->arena, "/part%s", rest);
	}
	return e;
}

/* ---- operations ---- */

#define OF_AUTOMATION(NAME) FIELD(NAME, id, .flags = F_REQUIRED, .like = COLUMN(automations, id))
#define AT(NAME, DOC, EXAMPLE) \
	FIELD(NAME, at, .flags = F_REQUIRED, .min = 1, .max = 200, .doc = DOC, .example = EXAMPLE)
#define PART_OF(NAME, DOC, EXAMPLE) \
	FIELD(NAME, part, .flags = F_REQUIRED, .doc = DOC, .example = EXAMPLE)

struct automations_change_part_in {
	automation_id id;
	str at;
	json_text part;
};
FIELDS(automations_change_part) = { OF_AUTOMATION(automations_change_part),
	AT(automations_change_part, "Where it stands: /starts, /conditions/all/0, /steps/1/then/0",
	    "/starts"),
	PART_OF(automations_change_part, "What stands there then", "{\"on\":\"created\"}") };

static error take_part(struct call *call, json_text text, struct json_object **part)
{
	const char *why;
	*part = json_read(call->arena, text.json, &why);
	if (json_object_is_type(*part, json_type_object))
		return OK;
	return fail_code(call, INVALID, "part", "type", "must be an object");
}

MUTATION(automations_change_part, "automations.edit", ROW(automations),
    .route = "PUT /v1/automations/{id}/parts",
    .summary = "Write what an automation starts on, a condition or a step anew")
{
	struct draft d;
	struct json_object *sent, *before, *part;
	TRY(draft_lock(call, in->id, &d));
	TRY(take_part(call, in->part, &sent));
	before = automation_part(call, d.tree, in->at);
	if (!json_object_is_type(before, json_type_object))
		return nowhere(call);
	part = part_of(call, &d, in->at, sent, before);
	json_pointer_set(
	    &d.tree, arena_text(call->arena, in->at.p, in->at.n), json_object_get(part));
	return of_the_part(call, draft_write(call, &d, out), in->at);
}

struct automations_add_part_in {
	automation_id id;
	str at;
	json_text part;
};
FIELDS(automations_add_part) = { OF_AUTOMATION(automations_add_part),
	AT(automations_add_part,
	    "Before which step it comes, or with - at the end behind all: /steps/-, "
	    "/steps/1/then/0; beside which condition: /conditions/-",
	    "/steps/-"),
	PART_OF(automations_add_part, "The step, or the condition", "{\"do\":\"stop\"}") };

static error add_step(
    struct call *call, struct draft *d, str at, struct json_object *sent, str *target)
{
	str of, last, branch, name;
	int64_t number;
	struct json_object *steps, *part = part_of(call, d, at, sent, NULL);
	if (!cut_last(at, &of, &last))
		return nowhere(call);
	steps = automation_part(call, d->tree, of);
	if (!steps && cut_last(of, &branch, &name) &&
	    (str_is(name, "then") || str_is(name, "else"))) {
		struct json_object *step = automation_part(call, d->tree, branch);
		int what = automation_named(automation_what_names, automation_member(step, "do"));
		if (what > 0 && automation_has_ways((enum automation_what)what))
			json_object_object_add(step, name.p[0] == 't' ? "then" : "else",
			    steps = json_object_new_array());
	}
	if (!json_object_is_type(steps, json_type_array))
		return nowhere(call);
	size_t n = json_object_array_length(steps);
	if (str_is(last, "-"))
		number = (int64_t)n;
	else if (!int_parse(last, &number) || number < 0 || (size_t)number > n)
		return nowhere(call);
	json_object_array_add(steps, json_object_get(part));
	for (size_t i = n; i > (size_t)number; i--) /* json-c has no insert before 0.17 */
		json_object_array_put_idx(
		    steps, i, json_object_get(json_object_array_get_idx(steps, i - 1)));
	json_object_array_put_idx(steps, (size_t)number, json_object_get(part));
	*target =
	    str_of(arena_printf(call->arena, "%.*s/%lld", (int)of.n, of.p, (long long)number));
	return OK;
}

/* In the group that stands there; a single condition becomes a group with it: of all of them, or,
 * within one of all, of any. */
static error add_condition(
    struct call *call, struct draft *d, str at, struct json_object *sent, str *target)
{
	str of, last;
	if (!cut_last(at, &of, &last) || !str_is(last, "-"))
		return nowhere(call);
	struct json_object *before = automation_part(call, d->tree, of), *items,
			   *part = part_of(call, d, at, sent, NULL);
	const char *path = arena_text(call->arena, of.p, of.n), *name = "all";
	if (!before && !str_is(of, "/conditions"))
		return nowhere(call);
	if (!(items = automation_member(before, name)) &&
	    !(items = automation_member(before, name = "any"))) {
		struct json_object *group = json_object_new_object();
		name = memmem(of.p, of.n, "/all/", 5) ? "any" : "all";
		json_object_object_add(group, name, items = json_object_new_array());
		if (before)
			json_object_array_add(items, json_object_get(before));
		if (json_pointer_set(&d->tree, path, group) != 0)
			return nowhere(call);
	}
	if (!json_object_is_type(items, json_type_array))
		return nowhere(call);
	*target = str_of(
	    arena_printf(call->arena, "%s/%s/%zu", path, name, json_object_array_length(items)));
	json_object_array_add(items, json_object_get(part));
	return OK;
}

MUTATION(automations_add_part, "automations.edit", ROW(automations),
    .route = "POST /v1/automations/{id}/parts",
    .summary = "Add a step to an automation or to a branch of it, or one more condition")
{
	struct draft d;
	struct json_object *sent;
	str target;
	TRY(draft_lock(call, in->id, &d));
	TRY(take_part(call, in->part, &sent));
	if (automation_sort(in->at) == SORT_CONDITION)
		TRY(add_condition(call, &d, in->at, sent, &target));
	else
		TRY(add_step(call, &d, in->at, sent, &target));
	return of_the_part(call, draft_write(call, &d, out), target);
}

enum move_by { BY_UP = 1, BY_DOWN };
static const char *const move_by_names[] = { "", "up", "down", NULL };
struct automations_move_part_in {
	automation_id id;
	str at;
	enum move_by by;
};
FIELDS(automations_move_part) = { OF_AUTOMATION(automations_move_part),
	AT(automations_move_part, "Where the step stands", "/steps/0"),
	FIELD(automations_move_part, by, .flags = F_REQUIRED, .names = move_by_names,
	    .doc = "Before the one before it, or after the one after it", .example = "down") };

MUTATION(automations_move_part, "automations.edit", ROW(automations),
    .route = "POST /v1/automations/{id}/parts/move",
    .summary = "Let a step change places with the one before or after it")
{
	struct draft d;
	struct json_object *items;
	size_t from;
	TRY(draft_lock(call, in->id, &d));
	TRY(find_item(call, &d, in->at, &items, &from));
	size_t to = in->by == BY_UP ? from - 1 : from + 1;
	if (to < json_object_array_length(items)) { /* also false for the one before the first */
		struct json_object *a = json_object_get(json_object_array_get_idx(items, from)),
				   *b = json_object_get(json_object_array_get_idx(items, to));
		json_object_array_put_idx(items, to, a);
		json_object_array_put_idx(items, from, b);
	}
	return draft_write(call, &d, out);
}

struct automations_remove_part_in {
	automation_id id;
	str at;
};
FIELDS(automations_remove_part) = { OF_AUTOMATION(automations_remove_part),
	AT(automations_remove_part, "Where the step or the condition stands", "/steps/0") };

/* A group of no conditions is none. */
static error drop(struct call *call, struct draft *d, str at)
{
	struct json_object *items;
	size_t index;
	str of, name, group;
	if (str_is(at, "/conditions")) {
		json_object_object_add(d->tree, "conditions", NULL);
		return OK;
	}
	if (automation_sort(at) == SORT_CONDITION && cut_last(at, &of, &name) &&
	    str_is(name, "conditions"))
		return fail(call, CONFLICT, "at", "a branch needs a condition");
	TRY(find_item(call, d, at, &items, &index));
	json_object_array_del_idx(items, index, 1);
	if (automation_sort(at) != SORT_CONDITION || json_object_array_length(items) ||
	    !cut_last(at, &of, &name) || !cut_last(of, &group, &name))
		return OK;
	return memmem(group.p, group.n, "/steps/", 7) &&
		       !memmem(group.p, group.n, "/conditions/", 12)
		   ? fail(call, CONFLICT, "at", "a branch needs a condition")
		   : drop(call, d, group);
}

MUTATION(automations_remove_part, "automations.edit", ROW(automations),
    .route = "POST /v1/automations/{id}/parts/remove",
    .summary = "Take a step or a condition out of an automation")
{
	struct draft d;
	TRY(draft_lock(call, in->id, &d));
	TRY(drop(call, &d, in->at));
	return draft_write(call, &d, out);
}

struct automations_revert_in {
	automation_id id;
	automation_version_id version_id;
};
FIELDS(automations_revert) = { OF_AUTOMATION(automations_revert),
	FIELD(automations_revert, version_id, .flags = F_REQUIRED, .doc = "One of its versions") };

MUTATION(automations_revert, "automations.edit", ROW(automations),
    .route = "POST /v1/automations/{id}/revert",
    .summary = "Draft an automation as one of its versions is; what is on goes on as it is")
{
	struct automation a;
	struct automation_version version;
	TRY(automation_lock(call, in->id, &a));
	error e = automation_version_get(call, in->version_id, &version);
	if (e == NOT_FOUND || (e == OK && strcmp(version.automation_id.text, a.id.text) != 0))
		return fail_code(
		    call, INVALID, "version_id", "not_found", "it has no such version");
	TRY(e);
	a.starts = version.starts;
	a.conditions = version.conditions;
	a.steps = version.steps;
	TRY(automation_update(call, &a));
	return row_answer(call, &automations_table, a.id.text, out);
}

enum join_by { BY_ALL = 1, BY_ANY };
static const char *const join_by_names[] = { "", "all", "any", NULL };
struct automations_join_in {
	automation_id id;
	str at;
	enum join_by by;
};
FIELDS(automations_join) = { OF_AUTOMATION(automations_join),
	AT(automations_join, "Where the group of conditions stands", "/conditions"),
	FIELD(automations_join, by, .flags = F_REQUIRED, .names = join_by_names,
	    .doc = "Whether all of them must hold, or any", .example = "any") };

MUTATION(automations_join, "automations.edit", ROW(automations),
    .route = "POST /v1/automations/{id}/parts/join",
    .summary = "Say whether all of a group of conditions must hold, or any of them")
{
	struct draft d;
	TRY(draft_lock(call, in->id, &d));
	struct json_object *group = automation_part(call, d.tree, in->at), *items = NULL;
	if (automation_sort(in->at) == SORT_CONDITION &&
	    (items = automation_member(group, "all")) == NULL)
		items = automation_member(group, "any");
	if (!items)
		return nowhere(call);
	struct json_object *other = json_object_new_object();
	json_object_object_add(other, join_by_names[in->by], json_object_get(items));
	json_pointer_set(&d.tree, arena_text(call->arena, in->at.p, in->at.n), other);
	return draft_write(call, &d, out);
}
