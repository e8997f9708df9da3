/*
 * automation_read.c: the documents of an automation become a program, whose values are those of the
 * fields of its table; see automations.h. What does not fit a field is refused at its place. Tests:
 * tests/http/automations.test.mjs
 */
#include "automations.h"

#include "core/decode.h"

const char *const automation_test_names[] = { "", "eq", "ne", "lt", "gt", "in", "contains", "empty",
	"not_empty", NULL };
const char *const automation_event_names[] = { "", "created", "changed", "stage_entered", "manual",
	NULL };
const char *const automation_what_names[] = { "", "set_field", "create_task", "add_tag", "assign",
	"wait", "branch", "stop", NULL };
const char *const automation_how_names[] = { "", "round_robin", "least_busy", NULL };

struct reader {
	struct call *call;
	const struct table *table;
	bool asked;
	size_t conditions;
	struct automation_program *program;
	size_t cap;
};

static void refuse(struct reader *r, const char *pointer, const char *code, const char *why)
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

static struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *value = NULL;
	json_object_object_get_ex(object, name, &value);
	return value;
}

/* ---- values ---- */

static const struct field *column_named(struct reader *r, str name, const char *pointer)
{
	const struct field *f = field_find(&r->table->columns, name);
	if (f && !(f->flags & F_PRIVATE) && f->type != T_BYTES)
		return f;
	(void)!fail_code(r->call, INVALID, arena_printf(r->call->arena, "%s/field", pointer),
	    "choice", "a %s has no field \"%.*s\"", r->table->noun,
	    (int)(name.n < 80 ? name.n : 80), name.p);
	return NULL;
}

/* NULL when it does not fit; what is wrong is said. */
static const void *value_read(
    struct reader *r, const struct field *f, struct json_object *value, const char *pointer)
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

static bool test_fits(enum automation_test is, enum field_type type)
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

static void read_values(struct reader *r, struct json_object *value, const char *pointer,
    struct automation_condition *out)
{
	enum { MOST = 50 };
	static const struct field part = { .name = "value", .type = T_TEXT, .min = 1, .max = 200 };
	bool several = out->is == TEST_IN;
	if (out->is == TEST_EMPTY || out->is == TEST_NOT_EMPTY) {
		if (value)
			refuse(r, pointer, "invalid", "whether it is empty needs no value");
		return;
	}
	if (!value) {
		refuse(r, pointer, "required", "is required");
	} else if (out->is == TEST_CONTAINS) {
		decode_value(r->call, &part, value, false, pointer, &out->text);
	} else if (several && (!json_object_is_type(value, json_type_array) ||
				  json_object_array_length(value) == 0 ||
				  json_object_array_length(value) > MOST)) {
		refuse(r, pointer, "type", "must be a list of 1 to 50 values");
	} else {
		out->n_values = several ? json_object_array_length(value) : 1;
		out->values = ARENA_ARRAY(r->call->arena, out->n_values, const void *);
		for (size_t i = 0; i < out->n_values; i++)
			out->values[i] = value_read(r, out->field,
			    several ? json_object_array_get_idx(value, i) : value,
			    several ? arena_printf(r->call->arena, "%s/%zu", pointer, i) : pointer);
	}
}

static void read_comparison(struct reader *r, struct json_object *tree, const char *pointer,
    struct automation_condition *out)
{
	struct condition_in in;
	bool is_given[3] = { false };
	if (decode_fields(r->call, &condition_set, tree, false, pointer, &in, is_given) != OK)
		return;
	out->kind = HOLDS_FIELD;
	out->is = in.is;
	out->field = column_named(r, in.field, pointer);
	if (!out->field)
		return;
	if (!test_fits(in.is, out->field->type))
		(void)!fail_code(r->call, INVALID, arena_printf(r->call->arena, "%s/is", pointer),
		    "choice", "\"%s\" cannot be asked of %s", automation_test_names[in.is],
		    out->field->name);
	else
		read_values(r, member(tree, "value"),
		    arena_printf(r->call->arena, "%s/value", pointer), out);
}

static void read_condition(struct reader *r, struct json_object *tree, const char *pointer,
    int depth, struct automation_condition *out)
{
	enum { MOST = 20 };
	*out = (struct automation_condition) { .pointer = pointer };
	if (!tree)
		return;
	struct json_object *all = member(tree, "all"), *any = member(tree, "any"),
			   *parts = all ? all : any;
	if (++r->conditions > AUTOMATION_CONDITIONS || depth > AUTOMATION_NESTING) {
		refuse(r, pointer, "range",
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
		refuse(r, at, "type", "must be a list of at most 20 conditions, and stand alone");
		return;
	}
	out->kind = all ? HOLDS_ALL : HOLDS_ANY;
	out->n = json_object_array_length(parts);
	out->children = ARENA_ARRAY(r->call->arena, out->n + 1, struct automation_condition);
	for (size_t i = 0; i < out->n; i++) {
		struct json_object *part = json_object_array_get_idx(parts, i);
		const char *place = arena_printf(r->call->arena, "%s/%zu", at, i);
		if (!part)
			refuse(r, place, "required", "must not be null");
		read_condition(r, part, place, depth + 1, &out->children[i]);
	}
}

/* ---- on what it starts ---- */

struct start_in {
	enum automation_event on;
	str field;
	json_text from, to;
	stage_id stage_id;
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
	START(from, .flags = F_NULLABLE), START(to, .flags = F_NULLABLE) };
static const struct field start_stage[] = { START_ON, START(stage_id, .flags = F_REQUIRED) };

/* A value that is null is none: "from": null means that it was empty. */
static const void *start_value(
    struct reader *r, const struct field *f, struct json_object *tree, const char *name)
{
	struct json_object *value;
	if (!json_object_object_get_ex(tree, name, &value))
		return NULL;
	const char *pointer = arena_printf(r->call->arena, "/starts/%s", name);
	if (!f) {
		refuse(r, pointer, "invalid", "of which field is not said");
		return NULL;
	}
	if (f->type == T_JSON || f->type == T_SUBJECT) {
		refuse(r, pointer, "invalid", "of this field only whether it changed can be asked");
		return NULL;
	}
	if (value)
		return value_read(r, f, value, pointer);
	void *none = arena_alloc(r->call->arena, decode_size(f->type));
	decode_none(f, none);
	return none;
}

static void read_start(struct reader *r, struct json_object *tree, struct automation_start *out)
{
	static const struct field_set plain = { start_plain, 1, sizeof(struct start_in), NULL },
				      changed = { start_changed, 4, sizeof(struct start_in), NULL },
				      stage = { start_stage, 2, sizeof(struct start_in), NULL };
	struct json_object *on = member(tree, "on");
	const char *event =
	    json_object_is_type(on, json_type_string) ? json_object_get_string(on) : "";
	const struct field_set *set = !strcmp(event, "changed")         ? &changed
				      : !strcmp(event, "stage_entered") ? &stage
									: &plain;
	struct start_in in;
	bool is_given[4] = { false };
	if (decode_fields(r->call, set, tree, false, "/starts", &in, is_given) != OK)
		return;
	out->on = in.on;
	if (in.on == ON_CHANGED && !str_none(in.field)) {
		out->field = column_named(r, in.field, "/starts");
		if (!out->field)
			return;
	}
	if (in.on == ON_CHANGED) {
		out->from = start_value(r, out->field, tree, "from");
		out->to = start_value(r, out->field, tree, "to");
	}
	if (in.on == ON_STAGE_ENTERED) {
		out->field = field_find(&r->table->columns, STR("stage_id"));
		if (out->field)
			out->to =
			    value_read(r, out->field, member(tree, "stage_id"), "/starts/stage_id");
		else
			refuse(r, "/starts/on", "choice", "only deals have stages");
	}
}

/* ---- steps ---- */

#define PART(MEMBER, ...) \
	{ \
		.name = #MEMBER, .type = FIELD_TYPE_OF(((struct automation_step *)0)->MEMBER), \
		.ref = FIELD_REF_OF(((struct automation_step *)0)->MEMBER), \
		.offset = offsetof(struct automation_step, MEMBER), __VA_ARGS__ \
	}
#define PART_AS(NAME, MEMBER, ...) \
	{ \
		.name = NAME, .type = FIELD_TYPE_OF(((struct automation_step *)0)->MEMBER), \
		.offset = offsetof(struct automation_step, MEMBER), __VA_ARGS__ \
	}
#define PART_DO PART_AS("do", what, .flags = F_REQUIRED, .names = automation_what_names)

static const struct field do_set_field[] = { PART_DO, PART(field, .flags = F_REQUIRED, .max = 60),
	PART(value, .flags = F_NULLABLE) };
static const struct field do_create_task[] = { PART_DO,
	PART(title, .flags = F_REQUIRED, .min = 1, .max = 200),
	PART(kind, .like = COLUMN(tasks, kind)), PART(priority, .like = COLUMN(tasks, priority)),
	PART(description, .flags = F_NULLABLE, .like = COLUMN(tasks, description)),
	PART(due_in_days, .min = 0, .max = 3650), PART(assignee_id) };
static const struct field do_add_tag[] = { PART_DO, PART(tag_id, .flags = F_REQUIRED) };
static const struct field do_assign[] = { PART_DO,
	PART(how, .flags = F_REQUIRED, .names = automation_how_names), PART(team_id),
	{ .name = "agent_ids",
	    .type = T_IDS,
	    .ref = &agents_table,
	    .min = 1,
	    .max = 50,
	    .offset = offsetof(struct automation_step, agent_ids) } };
static const struct field do_wait[] = { PART_DO, PART(days, .min = 0, .max = 3650),
	PART(hours, .min = 0, .max = 23), PART(minutes, .min = 0, .max = 59) };
static const struct field do_branch[] = { PART_DO, PART(conditions, .flags = F_REQUIRED),
	PART_AS("then", then_steps), PART_AS("else", else_steps) };
static const struct field do_stop[] = { PART_DO };

#define SET(FIELDS) \
	{ \
		FIELDS, sizeof(FIELDS) / sizeof *(FIELDS), 0, NULL \
	}
static const struct field_set sets[] = {
	[0] = SET(do_stop),
	[DO_SET_FIELD] = SET(do_set_field),
	[DO_CREATE_TASK] = SET(do_create_task),
	[DO_ADD_TAG] = SET(do_add_tag),
	[DO_ASSIGN] = SET(do_assign),
	[DO_WAIT] = SET(do_wait),
	[DO_BRANCH] = SET(do_branch),
	[DO_STOP] = SET(do_stop),
};

static const struct field_set *set_of(struct json_object *tree)
{
	struct json_object *what = member(tree, "do");
	for (int i = 1; json_object_is_type(what, json_type_string) && automation_what_names[i];
	     i++)
		if (!strcmp(json_object_get_string(what), automation_what_names[i]))
			return &sets[i];
	return &sets[0];
}

static const char *below(struct reader *r, const struct automation_step *s, const char *name)
{
	return arena_printf(r->call->arena, "%s/%s", s->pointer, name);
}

static void check_text(
    struct reader *r, const struct automation_step *s, const char *name, str text)
{
	char why[TEMPLATE_WHY];
	if (!str_none(text) && !automation_text_good(r->table, text, why))
		refuse(r, below(r, s, name), "invalid", why);
}

static void check_row(struct reader *r, const struct automation_step *s, const char *name,
    const struct table *table, const char *id)
{
	if (!r->asked || !id[0])
		return;
	error e = row_visible(r->call, table, id);
	if (e != OK)
		(void)!fail_code(r->call, e == NOT_FOUND ? INVALID : e, below(r, s, name),
		    "not_found", "there is no such %s", table->noun);
}

static void check_set_field(struct reader *r, struct automation_step *s, struct json_object *tree)
{
	const struct field *f = column_named(r, s->field, s->pointer);
	if (!f)
		return;
	s->column = f;
	s->sets = member(tree, "value");
	if (f == r->table->id || !field_find(&r->table->update_input, s->field))
		refuse(r, below(r, s, "field"), "choice", "nobody can set this field");
	else if (s->sets)
		(void)value_read(r, f, s->sets, below(r, s, "value"));
	else if (!(f->flags & F_NULLABLE))
		refuse(r, below(r, s, "value"), "required", "must not be null");
}

static void check_assign(struct reader *r, const struct automation_step *s)
{
	const uuid *ids = s->agent_ids.items;
	if (!s->team_id.text[0] == !s->agent_ids.n)
		refuse(r, below(r, s, "team_id"), "required", "give a team, or a list of agents");
	check_row(r, s, "team_id", &teams_table, s->team_id.text);
	for (size_t i = 0; i < s->agent_ids.n; i++)
		check_row(r, s, arena_printf(r->call->arena, "agent_ids/%zu", i), &agents_table,
		    ids[i].text);
}

static int64_t at_least_0(int64_t n) { return n == INT_NONE ? 0 : n; }

static void check_wait(struct reader *r, struct automation_step *s)
{
	s->days = at_least_0(s->days);
	s->hours = at_least_0(s->hours);
	s->minutes = at_least_0(s->minutes);
	if (!s->days && !s->hours && !s->minutes)
		refuse(r, below(r, s, "days"), "required", "wait how long?");
}

static size_t read_steps(
    struct reader *r, struct json_object *steps, const char *pointer, size_t parent, int depth);

static void check_branch(struct reader *r, size_t number, struct json_object *tree, int depth)
{
	struct automation_step *s = &r->program->steps[number];
	const char *then = below(r, s, "then"), *otherwise = below(r, s, "else");
	read_condition(r, member(tree, "conditions"), below(r, s, "conditions"), 0, &s->when);
	/* The array may move while steps are read. */
	size_t first = read_steps(r, member(tree, "then"), then, number, depth + 1);
	r->program->steps[number].then = first;
	first = read_steps(r, member(tree, "else"), otherwise, number, depth + 1);
	r->program->steps[number].otherwise = first;
}

static void read_step(struct reader *r, size_t number, struct json_object *tree, int depth)
{
	struct automation_step *s = &r->program->steps[number];
	struct automation_step place = *s;
	const struct field_set *set = set_of(tree);
	bool *is_given = ARENA_ARRAY(r->call->arena, set->n, bool);
	error e = decode_fields(r->call, set, tree, false, s->pointer, s, is_given);
	s->pointer = place.pointer;
	if (e != OK)
		return;
	switch (s->what) {
	case DO_SET_FIELD: check_set_field(r, s, tree); break;
	case DO_CREATE_TASK:
		check_text(r, s, "title", s->title);
		check_text(r, s, "description", s->description);
		check_row(r, s, "assignee_id", &agents_table, s->assignee_id.text);
		break;
	case DO_ADD_TAG:
		if (r->table != &contacts_table)
			refuse(r, below(r, s, "do"), "choice", "only contacts have tags");
		check_row(r, s, "tag_id", &tags_table, s->tag_id.text);
		break;
	case DO_ASSIGN: check_assign(r, s); break;
	case DO_WAIT: check_wait(r, s); break;
	case DO_BRANCH: check_branch(r, number, tree, depth); break;
	case DO_STOP: break;
	}
}

static size_t add_step(struct reader *r, const char *pointer, size_t parent)
{
	struct automation_program *p = r->program;
	ARENA_GROW(r->call->arena, p->steps, p->n, r->cap);
	p->steps[p->n] = (struct automation_step) { .pointer = pointer,
		.parent = parent,
		.sibling = NO_STEP,
		.then = NO_STEP,
		.otherwise = NO_STEP,
		.due_in_days = INT_NONE };
	return p->n++;
}

/* The number of the first, or NO_STEP. */
static size_t read_steps(
    struct reader *r, struct json_object *steps, const char *pointer, size_t parent, int depth)
{
	size_t first = NO_STEP, last = NO_STEP;
	if (!steps)
		return NO_STEP;
	if (!json_object_is_type(steps, json_type_array)) {
		refuse(r, pointer, "type", "must be a list of steps");
		return NO_STEP;
	}
	for (size_t i = 0; i < json_object_array_length(steps); i++) {
		if (r->program->n == AUTOMATION_STEPS || depth > AUTOMATION_NESTING) {
			refuse(r, pointer, "range",
			    "an automation has at most 50 steps, and 5 branches inside each other");
			return first;
		}
		size_t number =
		    add_step(r, arena_printf(r->call->arena, "%s/%zu", pointer, i), parent);
		if (last == NO_STEP)
			first = number;
		else
			r->program->steps[last].sibling = number;
		last = number;
		read_step(r, number, json_object_array_get_idx(steps, i), depth);
	}
	return first;
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
	struct reader r = { .call = call, .table = out->table, .asked = asked, .program = out };
	read_start(&r, document(call, documents->starts), &out->start);
	read_condition(&r, document(call, documents->conditions), "/conditions", 0, &out->when);
	(void)read_steps(&r, document(call, documents->steps), "/steps", NO_STEP, 0);
	return call->problem.kind;
}
