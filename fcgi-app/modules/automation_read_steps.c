/*
 * automation_read_steps.c: the steps of an automation as it is written become those of its program;
 * see automations.h. Each kind has its members, which are decoded like an operation's input. Tests:
 * tests/http/automations.test.mjs
 */
#include "automations.h"

#include "core/decode.h"

const char *const automation_what_names[] = { "", "set_field", "create_task", "add_tag", "assign",
	"wait", "branch", "stop", "send_mail", "call_webhook", "wait_for", "wait_until", NULL };
const char *const automation_how_names[] = { "", "round_robin", "least_busy", NULL };
const char *const automation_to_names[] = { "", "contact", "owner", "agent", NULL };

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

/* What a member says of itself is what its form says, too (automation_form.c). */
static const struct field do_set_field[] = { PART_DO, PART(field, .flags = F_REQUIRED, .max = 60),
	PART(value, .flags = F_NULLABLE, .doc = "Nothing: the field is emptied") };
static const struct field do_create_task[] = { PART_DO,
	PART(title, .flags = F_REQUIRED, .min = 1, .max = 200,
	    .doc = "May name fields of the record between braces: {{full_name}}"),
	PART(kind, .like = COLUMN(tasks, kind)), PART(priority, .like = COLUMN(tasks, priority)),
	PART(description, .flags = F_NULLABLE, .like = COLUMN(tasks, description)),
	PART(due_in_days, .min = 0, .max = 3650, .doc = "Counted from when the step is done"),
	PART(assignee_id, .doc = "None: whoever the record belongs to") };
static const struct field do_add_tag[] = { PART_DO, PART(tag_id, .flags = F_REQUIRED) };
static const struct field do_assign[] = { PART_DO,
	PART(how, .flags = F_REQUIRED, .names = automation_how_names,
	    .doc = "In turn, or whoever has the fewest open deals and tasks"),
	PART(team_id, .doc = "Give a team, or choose agents"),
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
static const struct field do_wait_for[] = { PART_DO,
	PART(event, .min = 1, .max = 40,
	    .doc =
		"In place of a field: a name of yours, such as answered. It is told on the page of "
		"the run, or by a program"),
	PART(conditions, .flags = F_NULLABLE),
	PART(days, .min = 0, .max = 3650, .doc = "How long at most; then the other way is taken"),
	PART(hours, .min = 0, .max = 23), PART(minutes, .min = 0, .max = 59),
	PART_AS("then", then_steps), PART_AS("else", else_steps) };
static const struct field do_wait_until[] = { PART_DO, PART(at), PART(field, .max = 60),
	PART(days, .min = -3650, .max = 3650), PART(hours, .min = -23, .max = 23) };
static const struct field do_stop[] = { PART_DO };
static const struct field do_send_mail[] = { PART_DO,
	PART(to, .flags = F_REQUIRED, .names = automation_to_names,
	    .doc = "The contact that the record is or is about, the record's owner, or an agent"),
	PART(agent_id, .doc = "When it is for an agent: which one"),
	PART(subject, .flags = F_REQUIRED, .min = 1, .max = 200,
	    .doc = "May name fields of the record between braces: {{full_name}}"),
	PART(body, .flags = F_REQUIRED | F_MULTILINE, .min = 1, .max = 5000,
	    .doc = "May name fields, too: This is about {{full_name}}") };
static const struct field do_call_webhook[] = { PART_DO, PART(webhook_id, .flags = F_REQUIRED),
	PART(data, .flags = F_NULLABLE,
	    .doc =
		"What is told beside the id of the record, a line for each: name: {{full_name}}") };

#define SET(FIELDS) \
	{ \
		FIELDS, sizeof(FIELDS) / sizeof *(FIELDS), 0, NULL \
	}
static const struct field_set step_sets[] = {
	[0] = SET(do_stop),
	[DO_SET_FIELD] = SET(do_set_field),
	[DO_CREATE_TASK] = SET(do_create_task),
	[DO_ADD_TAG] = SET(do_add_tag),
	[DO_ASSIGN] = SET(do_assign),
	[DO_WAIT] = SET(do_wait),
	[DO_BRANCH] = SET(do_branch),
	[DO_STOP] = SET(do_stop),
	[DO_SEND_MAIL] = SET(do_send_mail),
	[DO_CALL_WEBHOOK] = SET(do_call_webhook),
	[DO_WAIT_FOR] = SET(do_wait_for),
	[DO_WAIT_UNTIL] = SET(do_wait_until),
};

const struct field_set *automation_step_set(enum automation_what what) { return &step_sets[what]; }

bool automation_step_fits(const struct table *table, enum automation_what what)
{
	return what != DO_ADD_TAG || table == &contacts_table;
}

static const char *below(
    struct automation_reader *r, const struct automation_step *s, const char *name)
{
	return arena_printf(r->call->arena, "%s/%s", s->pointer, name);
}

static void check_text(
    struct automation_reader *r, const struct automation_step *s, const char *name, str text)
{
	char why[TEMPLATE_WHY];
	if (!str_none(text) && !automation_text_good(r->program, text, why))
		automation_refuse(r, below(r, s, name), "invalid", why);
}

static void check_row(struct automation_reader *r, const struct automation_step *s,
    const char *name, const struct table *table, const char *id)
{
	if (!r->asked || !id[0])
		return;
	error e = row_visible(r->call, table, id);
	if (e != OK)
		(void)!fail_code(r->call, e == NOT_FOUND ? INVALID : e, below(r, s, name),
		    "not_found", "there is no such %s", table->noun);
}

static void check_set_field(
    struct automation_reader *r, struct automation_step *s, struct json_object *tree)
{
	const struct field *f = automation_column(r, s->field, s->pointer);
	if (!f)
		return;
	s->column = f;
	s->sets = automation_member(tree, "value");
	if (f == r->table->id || !field_find(&r->table->update_input, s->field))
		automation_refuse(r, below(r, s, "field"), "choice", "nobody can set this field");
	else if (s->sets)
		(void)automation_value(r, f, s->sets, below(r, s, "value"));
	else if (!(f->flags & F_NULLABLE))
		automation_refuse(r, below(r, s, "value"), "required", "must not be null");
}

static void check_assign(struct automation_reader *r, const struct automation_step *s)
{
	const uuid *ids = s->agent_ids.items;
	if (!s->team_id.text[0] == !s->agent_ids.n)
		automation_refuse(
		    r, below(r, s, "team_id"), "required", "give a team, or a list of agents");
	check_row(r, s, "team_id", &teams_table, s->team_id.text);
	for (size_t i = 0; i < s->agent_ids.n; i++)
		check_row(r, s, arena_printf(r->call->arena, "agent_ids/%zu", i), &agents_table,
		    ids[i].text);
}

static int64_t at_least_0(int64_t n) { return n == INT_NONE ? 0 : n; }

static void check_wait(struct automation_reader *r, struct automation_step *s)
{
	s->days = at_least_0(s->days);
	s->hours = at_least_0(s->hours);
	s->minutes = at_least_0(s->minutes);
	if (!s->days && !s->hours && !s->minutes)
		automation_refuse(r, below(r, s, "days"), "required", "wait how long?");
}

static void check_mail(struct automation_reader *r, const struct automation_step *s)
{
	if ((s->to == TO_AGENT) != !!s->agent_id.text[0])
		automation_refuse(r, below(r, s, "agent_id"),
		    s->agent_id.text[0] ? "invalid" : "required",
		    "give an agent when the mail is for one, and only then");
	check_row(r, s, "agent_id", &agents_table, s->agent_id.text);
	check_text(r, s, "subject", s->subject);
	check_text(r, s, "body", s->body);
}

static void check_data(
    struct automation_reader *r, const struct automation_step *s, struct json_object *data)
{
	enum { MOST = 20 };
	static const struct field part = { .name = "data", .type = T_TEXT, .max = 1000 };
	str text;
	if (!data)
		return;
	if (!json_object_is_type(data, json_type_object) ||
	    json_object_object_length(data) > MOST) {
		automation_refuse(
		    r, below(r, s, "data"), "type", "must be an object of at most 20 texts");
		return;
	}
	json_object_object_foreach(data, name, value)
	{
		const char *place = arena_printf(r->call->arena, "data/%.60s", name);
		if (!value || strlen(name) > 60)
			automation_refuse(
			    r, below(r, s, place), "invalid", "must be a text with a short name");
		else if (decode_value(r->call, &part, value, false, below(r, s, place), &text))
			check_text(r, s, place, text);
	}
}

static void check_ways(
    struct automation_reader *r, size_t number, struct json_object *tree, int depth)
{
	struct automation_step *s = &r->program->steps[number];
	const char *then = below(r, s, "then"), *otherwise = below(r, s, "else");
	/* The array may move while steps are read. */
	size_t first =
	    automation_read_steps(r, automation_member(tree, "then"), then, number, depth + 1);
	r->program->steps[number].then = first;
	first =
	    automation_read_steps(r, automation_member(tree, "else"), otherwise, number, depth + 1);
	r->program->steps[number].otherwise = first;
}

static void check_wait_for(
    struct automation_reader *r, size_t number, struct json_object *tree, int depth)
{
	struct automation_step *s = &r->program->steps[number];
	struct json_object *conditions = automation_member(tree, "conditions");
	check_wait(r, s);
	if (str_none(s->event) == !conditions)
		automation_refuse(r, below(r, s, "event"), "required",
		    "give the name of an event, or conditions");
	if (!str_none(s->event) && !automation_event_name(s->event))
		automation_refuse(
		    r, below(r, s, "event"), "format", "must be of small letters, digits and _");
	automation_read_condition(r, conditions, below(r, s, "conditions"), 0, &s->when);
	check_ways(r, number, tree, depth);
}

static void check_wait_until(struct automation_reader *r, struct automation_step *s)
{
	bool offset = s->days != INT_NONE || s->hours != INT_NONE;
	s->days = s->days == INT_NONE ? 0 : s->days;
	s->hours = s->hours == INT_NONE ? 0 : s->hours;
	if (str_none(s->field) != !instant_none(s->at))
		automation_refuse(
		    r, below(r, s, "at"), "required", "give a time, or a field with a date");
	else if (offset && !instant_none(s->at))
		automation_refuse(r, below(r, s, "days"), "invalid",
		    "only a field's date has days before or after");
	if (str_none(s->field))
		return;
	s->column = automation_column(r, s->field, s->pointer);
	if (s->column && s->column->type != T_DAY && s->column->type != T_INSTANT)
		automation_refuse(r, below(r, s, "field"), "choice", "this field holds no date");
}

static void check_branch(
    struct automation_reader *r, size_t number, struct json_object *tree, int depth)
{
	struct automation_step *s = &r->program->steps[number];
	automation_read_condition(
	    r, automation_member(tree, "conditions"), below(r, s, "conditions"), 0, &s->when);
	check_ways(r, number, tree, depth);
}

static void read_step(
    struct automation_reader *r, size_t number, struct json_object *tree, int depth)
{
	struct automation_step *s = &r->program->steps[number];
	struct automation_step place = *s;
	const struct field_set *set =
	    &step_sets[automation_named(automation_what_names, automation_member(tree, "do"))];
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
		if (!automation_step_fits(r->table, DO_ADD_TAG))
			automation_refuse(
			    r, below(r, s, "do"), "choice", "only contacts have tags");
		check_row(r, s, "tag_id", &tags_table, s->tag_id.text);
		break;
	case DO_ASSIGN: check_assign(r, s); break;
	case DO_WAIT: check_wait(r, s); break;
	case DO_BRANCH: check_branch(r, number, tree, depth); break;
	case DO_STOP: break;
	case DO_WAIT_FOR: check_wait_for(r, number, tree, depth); break;
	case DO_WAIT_UNTIL: check_wait_until(r, s); break;
	case DO_SEND_MAIL: check_mail(r, s); break;
	case DO_CALL_WEBHOOK:
		check_row(r, s, "webhook_id", &webhooks_table, s->webhook_id.text);
		check_data(r, s, automation_member(tree, "data"));
		break;
	}
}

static size_t add_step(struct automation_reader *r, const char *pointer, size_t parent)
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

size_t automation_read_steps(struct automation_reader *r, struct json_object *steps,
    const char *pointer, size_t parent, int depth)
{
	size_t first = NO_STEP, last = NO_STEP;
	if (!steps)
		return NO_STEP;
	if (!json_object_is_type(steps, json_type_array)) {
		automation_refuse(r, pointer, "type", "must be a list of steps");
		return NO_STEP;
	}
	for (size_t i = 0; i < json_object_array_length(steps); i++) {
		if (r->program->n == AUTOMATION_STEPS || depth > AUTOMATION_NESTING) {
			automation_refuse(r, pointer, "range",
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
