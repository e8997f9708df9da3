/*
 * automation_read.c: the documents of an automation become a program, whose values are those of the
 * fields of its table; see automations.h. What does not fit a field is refused at its place. Tests:
 * tests/http/automations.test.mjs
 */
#include "automations.h"

#include "core/decode.h"

const char *const automation_test_names[] = { "", "eq", "ne", "lt", "gt", "in", "contains", "empty",
	"not_empty", NULL };
void automation_refuse(
    struct automation_reader *r, const char *pointer, const char *code, const char *why)
{
	(void)!fail_code(r->call, INVALID, pointer, code, "%s", why);
}

const struct table *automation_table(enum automation_object object)
{
	static const struct table *const tables[] = {
		[AUTOMATION_OBJECT_CONTACT] = &contacts_table,
		[AUTOMATION_OBJECT_DEAL] = &deals_table,
		[AUTOMATION_OBJECT_TASK] = &tasks_table,
	};
	return tables[object];
}

int automation_named(const char *const *names, struct json_object *name)
{
	for (int i = 1; json_object_is_type(name, json_type_string) && names[i]; i++)
		if (!strcmp(json_object_get_string(name), names[i]))
			return i;
	return 0;
}

/* ---- values ---- */

/* ---- what came from outside: its texts stand behind the columns of a row ---- */

bool automation_event_name(str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_", name.p[i]))
			return false;
	return name.n && name.n <= 40;
}

static const struct field *event_text(struct automation_reader *r, str name)
{
	struct automation_program *p = r->program;
	for (size_t i = 0; i < p->n_event; i++)
		if (str_is(name, p->event[i].name))
			return &p->event[i];
	if (p->n_event == EVENT_NAMES)
		return NULL;
	if (!p->event)
		p->event = ARENA_ARRAY(r->call->arena, EVENT_NAMES, struct field);
	p->event[p->n_event] = (struct field) { .name = arena_text(r->call->arena, name.p, name.n),
		.type = T_TEXT,
		.flags = F_NULLABLE,
		.max = 1000,
		.offset = (uint32_t)(p->table->columns.size + p->n_event * sizeof(str)) };
	return &p->event[p->n_event++];
}

void *automation_row(struct arena *a, const struct automation_program *program)
{
	size_t size = program->table->columns.size + EVENT_NAMES * sizeof(str);
	return memset(arena_alloc(a, size), 0, size);
}

void automation_row_hears(
    const struct automation_program *program, void *row, struct json_object *event)
{
	for (size_t i = 0; i < program->n_event; i++) {
		const struct field *f = &program->event[i];
		struct json_object *value = automation_member(event, f->name + strlen("event."));
		*(str *)(void *)((char *)row + f->offset) =
		    json_object_is_type(value, json_type_string)
			? (str) { json_object_get_string(value),
				  (size_t)json_object_get_string_len(value) }
			: (str) { NULL, 0 };
	}
}

const struct field *automation_field(const struct table *table, str name)
{
	const struct field *f = field_find(&table->columns, name);
	return f && !(f->flags & F_PRIVATE) && f->type != T_BYTES ? f : NULL;
}

const struct field *automation_column(struct automation_reader *r, str name, const char *pointer)
{
	const bool heard = automation_hears(&r->program->start) && str_starts(name, "event.") &&
			   automation_event_name((str) { name.p + 6, name.n - 6 });
	const struct field *f = heard ? event_text(r, name) : automation_field(r->table, name);
	if (f)
		return f;
	(void)!fail_code(r->call, INVALID, arena_printf(r->call->arena, "%s/field", pointer),
	    "choice", "a %s has no field \"%.*s\"", r->table->noun,
	    (int)(name.n < 80 ? name.n : 80), name.p);
	return NULL;
}

const void *automation_value(struct automation_reader *r, const struct field *f,
    struct json_object *value, const char *pointer)
{
	void *out = arena_alloc(r->call->arena, decode_size(f->type));
	if (!decode_value(r->call, f, value, false, pointer, out))
		return NULL;
	if (!r->asked || f->type != T_ID || !f->ref || f == r->table->id)
		return out;
	error e = row_visible(r->call, f->ref, ((const uuid *)out)->text);
	if (e != OK)
		(void)!fail_code(r->call, e == NOT_FOUND ? INVALID : e, pointer, "not_found",
		    "there is no such %s", f->ref->noun);
	return e == OK ? out : NULL;
}

/* ---- conditions ---- */

struct condition_in {
	str field;
	enum automation_test is;
	json_text value;
};
static const struct field condition_fields[] = {
	{ .name = "field",
	    .type = T_TEXT,
	    .flags = F_REQUIRED,
	    .max = 60,
	    .offset = offsetof(struct condition_in, field) },
	{ .name = "is",
	    .type = T_ENUM,
	    .flags = F_REQUIRED,
	    .names = automation_test_names,
	    .offset = offsetof(struct condition_in, is) },
	{ .name = "value",
	    .type = T_JSON,
	    .flags = F_NULLABLE,
	    .offset = offsetof(struct condition_in, value) },
};
static const struct field_set condition_set = { condition_fields, 3, sizeof(struct condition_in),
	NULL };

bool automation_test_fits(enum automation_test is, enum field_type type)
{
	switch (is) {
	case TEST_LT:
	case TEST_GT: return type == T_INT || type == T_MONEY || type == T_DAY || type == T_INSTANT;
	case TEST_CONTAINS: return type == T_TEXT || type == T_JSON;
	case TEST_EQ:
	case TEST_NE:
	case TEST_IN: return type != T_JSON && type != T_SUBJECT;
	case TEST_EMPTY:
	case TEST_NOT_EMPTY: break;
	}
	return true;
}

static void read_values(struct automation_reader *r, struct json_object *value, const char *pointer,
    struct automation_condition *out)
{
	enum { MOST = 50 };
	static const struct field part = { .name = "value", .type = T_TEXT, .min = 1, .max = 200 };
	bool several = out->is == TEST_IN;
	if (out->is == TEST_EMPTY || out->is == TEST_NOT_EMPTY) {
		if (value)
			automation_refuse(
			    r, pointer, "invalid", "whether it is empty needs no value");
		return;
	}
	if (!value) {
		automation_refuse(r, pointer, "required", "is required");
	} else if (out->is == TEST_CONTAINS) {
		decode_value(r->call, &part, value, false, pointer, &out->text);
	} else if (several && (!json_object_is_type(value, json_type_array) ||
				  json_object_array_length(value) == 0 ||
				  json_object_array_length(value) > MOST)) {
		automation_refuse(r, pointer, "type", "must be a list of 1 to 50 values");
	} else {
		out->n_values = several ? json_object_array_length(value) : 1;
		out->values = ARENA_ARRAY(r->call->arena, out->n_values, const void *);
		for (size_t i = 0; i < out->n_values; i++)
			out->values[i] = automation_value(r, out->field,
			    several ? json_object_array_get_idx(value, i) : value,
			    several ? arena_printf(r->call->arena, "%s/%zu", pointer, i) : pointer);
	}
}

static void read_comparison(struct automation_reader *r, struct json_object *tree,
    const char *pointer, struct automation_condition *out)
{
	struct condition_in in;
	bool is_given[3] = { false };
	if (decode_fields(r->call, &condition_set, tree, false, pointer, &in, is_given) != OK)
		return;
	out->kind = HOLDS_FIELD;
	out->is = in.is;
	out->field = automation_column(r, in.field, pointer);
	if (!out->field)
		return;
	if (!automation_test_fits(in.is, out->field->type))
		(void)!fail_code(r->call, INVALID, arena_printf(r->call->arena, "%s/is", pointer),
		    "choice", "\"%s\" cannot be asked of %s", automation_test_names[in.is],
		    out->field->name);
	else
		read_values(r, automation_member(tree, "value"),
		    arena_printf(r->call->arena, "%s/value", pointer), out);
}

void automation_read_condition(struct automation_reader *r, struct json_object *tree,
    const char *pointer, int depth, struct automation_condition *out)
{
	enum { MOST = 20 };
	*out = (struct automation_condition) { .pointer = pointer };
	if (!tree)
		return;
	struct json_object *all = automation_member(tree, "all"),
			   *any = automation_member(tree, "any"), *parts = all ? all : any;
	if (++r->conditions > AUTOMATION_CONDITIONS || depth > AUTOMATION_NESTING) {
		automation_refuse(r, pointer, "range",
		    "an automation has at most 50 conditions, and 5 inside each other");
		return;
	}
	if (!parts) {
		read_comparison(r, tree, pointer, out);
		return;
	}
	const char *at = arena_printf(r->call->arena, "%s/%s", pointer, all ? "all" : "any");
	if (json_object_object_length(tree) != 1 || !json_object_is_type(parts, json_type_array) ||
	    json_object_array_length(parts) > MOST) {
		automation_refuse(
		    r, at, "type", "must be a list of at most 20 conditions, and stand alone");
		return;
	}
	out->kind = all ? HOLDS_ALL : HOLDS_ANY;
	out->n = json_object_array_length(parts);
	out->children = ARENA_ARRAY(r->call->arena, out->n + 1, struct automation_condition);
	for (size_t i = 0; i < out->n; i++) {
		struct json_object *part = json_object_array_get_idx(parts, i);
		const char *place = arena_printf(r->call->arena, "%s/%zu", at, i);
		if (!part)
			automation_refuse(r, place, "required", "must not be null");
		automation_read_condition(r, part, place, depth + 1, &out->children[i]);
	}
}

size_t automation_after(const struct automation_program *p, size_t step)
{
	for (; step != NO_STEP; step = p->steps[step].parent)
		if (p->steps[step].sibling != NO_STEP)
			return p->steps[step].sibling;
	return NO_STEP;
}

/* ---- the whole ---- */

static struct json_object *document(struct call *call, json_text text)
{
	const char *why;
	return str_none(text.json) ? NULL : json_read(call->arena, text.json, &why);
}

error automation_read(struct call *call, const struct automation_documents *documents, bool asked,
    struct automation_program *out)
{
	*out = (struct automation_program) { .table = automation_table(documents->object) };
	struct automation_reader r = {
		.call = call, .table = out->table, .asked = asked, .program = out
	};
	automation_read_start(&r, document(call, documents->starts), &out->start);
	automation_read_condition(
	    &r, document(call, documents->conditions), "/conditions", 0, &out->when);
	(void)automation_read_steps(&r, document(call, documents->steps), "/steps", NO_STEP, 0);
	return call->problem.kind;
}
