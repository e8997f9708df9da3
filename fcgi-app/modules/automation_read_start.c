/*
 * automation_read_start.c: on what runs of an automation start, as it is written; see
 * automations.h. Each kind has its members, which are decoded like an operation's input. Tests:
 * tests/http/automations.test.mjs, automations_dates.test.mjs, automations_come.test.mjs
 */
#include "automations.h"

#include "core/decode.h"

const char *const automation_event_names[] = { "", "created", "changed", "stage_entered", "manual",
	"date", "form", "webhook", NULL };

struct start_in {
	enum automation_event on;
	str field;
	json_text from, to;
	stage_id stage_id;
	int64_t days, hours;
	public_form_id form_id;
	inbound_hook_id hook_id;
	str type, email;
	json_text values;
};
#define START(MEMBER, ...) \
	{ \
		.name = #MEMBER, .type = FIELD_TYPE_OF(((struct start_in *)0)->MEMBER), \
		.ref = FIELD_REF_OF(((struct start_in *)0)->MEMBER), \
		.offset = offsetof(struct start_in, MEMBER), __VA_ARGS__ \
	}
#define START_ON START(on, .flags = F_REQUIRED, .names = automation_event_names)
static const struct field start_plain[] = { START_ON };
static const struct field start_changed[] = { START_ON, START(field, .max = 60),
	START(from, .flags = F_NULLABLE, .doc = "Nothing: whatever it was"),
	START(to, .flags = F_NULLABLE, .doc = "Nothing: whatever it becomes") };
static const struct field start_date[] = { START_ON, START(field, .flags = F_REQUIRED, .max = 60),
	START(days, .min = -3650, .max = 3650, .doc = "After it; before it with a minus"),
	START(hours, .min = -23, .max = 23, .doc = "After it; before it with a minus") };
static const struct field start_form[] = { START_ON, START(form_id, .flags = F_REQUIRED) };
static const struct field start_webhook[] = { START_ON, START(hook_id, .flags = F_REQUIRED),
	START(type, .min = 1, .max = 120, .doc = "Of which type the event is; nothing: any"),
	START(email, .flags = F_REQUIRED, .min = 1, .max = 200,
	    .doc = "Where in it the contact's e-mail stands: /data/customer/email"),
	START(values, .flags = F_NULLABLE,
	    .doc = "What to keep of it, a line for each: plan: /data/plan") };
static const struct field start_stage[] = { START_ON, START(stage_id, .flags = F_REQUIRED) };

#define SET(FIELDS) \
	{ \
		FIELDS, sizeof(FIELDS) / sizeof *(FIELDS), sizeof(struct start_in), NULL \
	}
static const struct field_set start_sets[] = {
	[0] = SET(start_plain),
	[ON_CREATED] = SET(start_plain),
	[ON_CHANGED] = SET(start_changed),
	[ON_STAGE_ENTERED] = SET(start_stage),
	[ON_MANUAL] = SET(start_plain),
	[ON_DATE] = SET(start_date),
	[ON_FORM] = SET(start_form),
	[ON_WEBHOOK] = SET(start_webhook),
};

const struct field_set *automation_start_set(enum automation_event on) { return &start_sets[on]; }

bool automation_start_fits(const struct table *table, enum automation_event on)
{
	if (on == ON_STAGE_ENTERED)
		return table == &deals_table;
	return (on != ON_FORM && on != ON_WEBHOOK) || table == &contacts_table;
}

/* A value that is null is none: "from": null means that it was empty. */
static const void *start_value(
    struct automation_reader *r, const struct field *f, struct json_object *tree, const char *name)
{
	struct json_object *value;
	if (!json_object_object_get_ex(tree, name, &value))
		return NULL;
	const char *pointer = arena_printf(r->call->arena, "/starts/%s", name);
	if (!f) {
		automation_refuse(r, pointer, "invalid", "of which field is not said");
		return NULL;
	}
	if (f->type == T_JSON || f->type == T_SUBJECT) {
		automation_refuse(
		    r, pointer, "invalid", "of this field only whether it changed can be asked");
		return NULL;
	}
	if (value)
		return automation_value(r, f, value, pointer);
	void *none = arena_alloc(r->call->arena, decode_size(f->type));
	decode_none(f, none);
	return none;
}

static void check_source(struct automation_reader *r, const char *name, const struct table *table,
    const char *id, uuid *out)
{
	memcpy(out->text, id, sizeof out->text);
	error e = r->asked ? row_visible(r->call, table, id) : OK;
	if (e != OK)
		(void)!fail_code(r->call, e == NOT_FOUND ? INVALID : e,
		    arena_printf(r->call->arena, "/starts/%s", name), "not_found",
		    "there is no such %s", table->noun);
	if (r->table != &contacts_table)
		automation_refuse(r, "/starts/on", "choice", "such a run works on a contact");
}

static void check_pointer(struct automation_reader *r, const char *place, str pointer)
{
	if (!pointer.n || pointer.p[0] != '/')
		automation_refuse(
		    r, place, "format", "must be a JSON pointer, such as /data/customer/email");
}

static void read_values_of(struct automation_reader *r, struct json_object *values)
{
	static const struct field part = { .name = "values", .type = T_TEXT, .min = 1, .max = 200 };
	str pointer;
	if (!values)
		return;
	if (!json_object_is_type(values, json_type_object) ||
	    json_object_object_length(values) > EVENT_NAMES) {
		automation_refuse(r, "/starts/values", "type",
		    "must be an object of at most 20 names and JSON pointers");
		return;
	}
	json_object_object_foreach(values, name, value)
	{
		const char *place = arena_printf(r->call->arena, "/starts/values/%.60s", name);
		if (!value || !automation_event_name(str_of(name)))
			automation_refuse(
			    r, place, "format", "a name is of small letters, digits and _");
		else if (decode_value(r->call, &part, value, false, place, &pointer))
			check_pointer(r, place, pointer);
	}
}

void automation_read_start(
    struct automation_reader *r, struct json_object *tree, struct automation_start *out)
{
	int on = automation_named(automation_event_names, automation_member(tree, "on"));
	const struct field_set *set = &start_sets[on ? on : ON_CREATED];
	struct start_in in;
	bool *is_given = ARENA_ARRAY(r->call->arena, set->n, bool);
	if (decode_fields(r->call, set, tree, false, "/starts", &in, is_given) != OK)
		return;
	out->on = in.on;
	if (in.on == ON_CHANGED && !str_none(in.field)) {
		out->field = automation_column(r, in.field, "/starts");
		if (!out->field)
			return;
	}
	if (in.on == ON_CHANGED) {
		out->from = start_value(r, out->field, tree, "from");
		out->to = start_value(r, out->field, tree, "to");
	}
	if (in.on == ON_DATE) {
		out->field = automation_column(r, in.field, "/starts");
		out->days = in.days == INT_NONE ? 0 : in.days;
		out->hours = in.hours == INT_NONE ? 0 : in.hours;
		if (out->field && !automation_dated(r->table, out->field))
			automation_refuse(
			    r, "/starts/field", "choice", "runs do not start at this field's date");
	}
	if (in.on == ON_FORM)
		check_source(r, "form_id", &public_forms_table, in.form_id.text, &out->source);
	if (in.on == ON_WEBHOOK) {
		check_source(r, "hook_id", &inbound_hooks_table, in.hook_id.text, &out->source);
		check_pointer(r, "/starts/email", in.email);
		read_values_of(r, automation_member(tree, "values"));
		out->type = in.type;
		out->email = in.email;
		out->values = automation_member(tree, "values");
	}
	if (in.on == ON_STAGE_ENTERED) {
		out->field = field_find(&r->table->columns, STR("stage_id"));
		if (out->field)
			out->to = automation_value(
			    r, out->field, automation_member(tree, "stage_id"), "/starts/stage_id");
		else
			automation_refuse(r, "/starts/on", "choice", "only deals have stages");
	}
}
