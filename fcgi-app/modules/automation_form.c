/*
 * automation_form.c: what a person chooses from and fills in to write a part of an automation: its
 * kinds, the fields of the record, and a control for each member by its declaration
 * (automation_start_set(), automation_step_set()), so that a new kind of step has a form at once.
 * Page: templates/automations/panel. Tests: tests/http/automation_draft.test.mjs
 */
#include "automations.h"

#include "core/out.h"

/* ---- what it answers ---- */

struct form_choice_out {
	str value, label, hint, icon;
	bool chosen;
};
ANSWER(form_choice) = {
	MEMBER(form_choice, value, .doc = "As it is written"),
	MEMBER(form_choice, label, .doc = "The same for people"),
	MEMBER(form_choice, hint, .flags = F_NULLABLE, .doc = "What it means"),
	MEMBER(form_choice, icon, .flags = F_NULLABLE, .doc = "The sign that stands for it"),
	MEMBER(form_choice, chosen, .doc = "Whether it is what is written now"),
};

struct form_input_out {
	str name, path, label, hint, control, value, currency, lookup, none, none_label;
	bool required, is_none;
	int64_t max;
	list choices;
};
ANSWER(form_input) = {
	MEMBER(form_input, name, .doc = "Name of the member"),
	MEMBER(form_input, path, .doc = "Where it is sent: part/title"),
	MEMBER(form_input, label, .doc = "The same for people"),
	MEMBER(form_input, hint, .flags = F_NULLABLE, .doc = "What it means"),
	MEMBER(form_input, control,
	    .doc = "How it is filled in: text, lines, number, day, instant, money, one, many"),
	MEMBER(form_input, value, .flags = F_NULLABLE, .doc = "What is written now, as text"),
	MEMBER(form_input, currency, .flags = F_NULLABLE, .doc = "Of a money"),
	MEMBER(form_input, lookup, .flags = F_NULLABLE, .doc = "The sort of contact to search for"),
	MEMBER(form_input, none, .flags = F_NULLABLE,
	    .doc = "As what it is sent that the field was or is empty"),
	MEMBER(form_input, none_label, .flags = F_NULLABLE, .doc = "The same for people"),
	MEMBER(form_input, is_none, .doc = "Whether that is written now"),
	MEMBER(form_input, required, .doc = "Whether it must be given"),
	MEMBER(form_input, max, .flags = F_NULLABLE, .doc = "The most characters"),
	MEMBER_LIST(form_input, choices, form_choice, .doc = "What it can be"),
};

struct form_condition_out {
	str at, text, field, joint;
	int64_t depth;
	bool group;
};
ANSWER(form_condition) = {
	MEMBER(form_condition, at, .doc = "Where it stands"),
	MEMBER(form_condition, text, .doc = "What it asks"),
	MEMBER(form_condition, field, .flags = F_NULLABLE, .doc = "The field that it asks"),
	MEMBER(form_condition, joint, .flags = F_NULLABLE,
	    .doc = "Of a group: all or any of those in it must hold"),
	MEMBER(form_condition, depth, .doc = "In how many groups it stands"),
	MEMBER(form_condition, group, .doc = "Whether it is a group of others"),
};

struct automations_part_out {
	str at, sort, view, title, kind, field, test, member, conditions_at, joint, back;
	bool adds, ready, sends;
	list kinds, fields, inputs, conditions, names;
};
ANSWER(automations_part) = {
	MEMBER(automations_part, at, .doc = "Where it stands, or where it is added"),
	MEMBER(automations_part, adds, .doc = "Whether it is new"),
	MEMBER(automations_part, sort, .doc = "start, condition or step"),
	MEMBER(automations_part, view,
	    .doc = "kinds: one is to be chosen first; form: it is filled in; conditions: its "
		   "conditions are"),
	MEMBER(automations_part, title, .doc = "What it is, for people"),
	MEMBER(automations_part, kind, .flags = F_NULLABLE, .doc = "The kind that is chosen"),
	MEMBER(automations_part, test, .flags = F_NULLABLE, .doc = "The comparison that is chosen"),
	MEMBER(automations_part, member,
	    .doc = "What is chosen among kinds: on, is (comparisons) or do"),
	MEMBER(automations_part, ready, .doc = "Whether all is chosen that the inputs depend on"),
	MEMBER(automations_part, sends,
	    .doc = "Whether whatever a form sends can be asked, by its name there"),
	MEMBER(automations_part, back, .flags = F_NULLABLE,
	    .doc = "Of a condition: the part that it belongs to"),
	MEMBER(automations_part, field, .flags = F_NULLABLE, .doc = "The field that is chosen"),
	MEMBER(automations_part, conditions_at, .flags = F_NULLABLE,
	    .doc = "Where its conditions stand"),
	MEMBER(automations_part, joint, .flags = F_NULLABLE,
	    .doc = "Whether all or any of its conditions must hold"),
	MEMBER_LIST(automations_part, kinds, form_choice, .doc = "The kinds that there are"),
	MEMBER_LIST(
	    automations_part, fields, form_choice, .doc = "The fields that it can be about"),
	MEMBER_LIST(automations_part, inputs, form_input, .doc = "What is to be filled in"),
	MEMBER_LIST(automations_part, conditions, form_condition, .doc = "Its conditions"),
	MEMBER_LIST(automations_part, names, form_choice,
	    .doc = "What its texts can name, such as {{first_name}}"),
};

/* ---- making it ---- */

struct form {
	struct call *call;
	struct arena *a;
	const struct table *table;
	struct automations_part_out *out;
	struct json_object *part;   /* as it is written, or NULL */
	const struct field *column; /* that is chosen, or NULL */
	bool same;                  /* kind and field are those that are written */
	enum automation_event on;   /* on what it starts, as it is written */
	struct json_object *starts;
	size_t kinds, fields, inputs, conditions, names;
};

static void choice(struct arena *a, list *all, size_t *cap, struct form_choice_out one)
{
	struct form_choice_out *v = all->items;
	ARENA_GROW(a, v, all->n, *cap);
	v[all->n++] = one;
	all->items = v;
}

static void add_kind(struct form *f, struct automation_kind kind)
{
	choice(f->a, &f->out->kinds, &f->kinds,
	    (struct form_choice_out) { str_of(kind.name), str_of(kind.label), str_of(kind.hint),
		str_of(kind.icon), str_is(f->out->kind, kind.name) });
}

static bool is_written(const struct form *f, struct json_object *value, str text)
{
	(void)f;
	for (size_t i = 0;
	     json_object_is_type(value, json_type_array) && i < json_object_array_length(value);
	     i++)
		if (str_eq(automation_text_of(json_object_array_get_idx(value, i)), text))
			return true;
	return value && !json_object_is_type(value, json_type_array) &&
	       str_eq(automation_text_of(value), text);
}

/* ---- what a member can name ---- */

static void row_choices(struct form *f, struct form_input_out *input, const struct table *table,
    struct json_object *written)
{
	enum { SOME = 20 };
	bool many = table == &contacts_table;
	size_t cap = 0;
	struct json_object *rows = many ? automation_rows(f->call, table, SOME, (str) { NULL, 0 })
					: automation_all_rows(f->call, table);
	bool seen = !written || json_object_is_type(written, json_type_array);
	if (many)
		input->lookup = STR("organisation");
	for (size_t i = 0; rows && i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);
		str id = automation_text_of(automation_member(row, "id"));
		bool chosen = is_written(f, written, id);
		seen |= chosen;
		choice(f->a, &input->choices, &cap,
		    (struct form_choice_out) { id,
			str_of(automation_row_label(f->call, table, rows, row)),
			.chosen = chosen });
	}
	if (!seen) { /* it is not among the first */
		struct field named = { .type = T_ID, .ref = table };
		uuid id;
		if (uuid_parse(automation_text_of(written), &id))
			choice(f->a, &input->choices, &cap,
			    (struct form_choice_out) { automation_text_of(written),
				str_of(automation_told(f->call, &named, &id)), .chosen = true });
	}
}

static void name_choices(struct form *f, struct form_input_out *input, const char *const *names,
    struct json_object *written)
{
	size_t cap = 0;
	for (int i = 1; names[i]; i++)
		choice(f->a, &input->choices, &cap,
		    (struct form_choice_out) { str_of(names[i]),
			str_of(automation_label(f->a, names[i])),
			.chosen = is_written(f, written, str_of(names[i])) });
}

/* ---- controls ---- */

static const char *joined(struct form *f, struct json_object *values)
{
	const char *text = "";
	for (size_t i = 0; i < json_object_array_length(values); i++)
		text = arena_printf(f->a, "%s%s%s", text, i ? ", " : "",
		    json_object_get_string(json_object_array_get_idx(values, i)));
	return text;
}

/* `rule` says what the value is like, `several` that it may be more than one. */
static void control_of(struct form *f, struct form_input_out *input, const struct field *rule,
    bool several, struct json_object *written)
{
	static const char *const yes_no[] = { "", "true", "false", NULL };
	static const char *const plain[] = {
		[T_INT] = "number", [T_DAY] = "day", [T_INSTANT] = "instant", [T_MONEY] = "money"
	};
	const char *control = "text";
	bool listed = rule->type == T_ENUM || rule->type == T_BOOL ||
		      ((rule->type == T_ID || rule->type == T_IDS) && rule->ref);
	const struct field *like = field_rule(rule);
	if (listed) {
		control = several || rule->type == T_IDS ? "many" : "one";
	} else if (!several && (size_t)rule->type < sizeof plain / sizeof *plain &&
		   plain[rule->type]) {
		control = plain[rule->type];
	} else if (!several && rule->type == T_TEXT && (like->flags & F_MULTILINE)) {
		control = "lines";
	}
	if (rule->type == T_ENUM)
		name_choices(f, input, like->names, written);
	else if (rule->type == T_BOOL)
		name_choices(f, input, yes_no, written);
	else if (listed)
		row_choices(f, input, rule->ref, written);
	input->control = str_of(control);
	input->max = rule->type == T_TEXT && !several && like->max ? like->max : INT_NONE;
	if (json_object_is_type(written, json_type_array))
		input->value = str_of(joined(f, written));
	else if (rule->type == T_MONEY) {
		input->value = automation_text_of(automation_member(written, "amount"));
		input->currency = automation_text_of(automation_member(written, "currency"));
	} else
		input->value = automation_text_of(written);
}

static struct form_input_out *add_input(struct form *f, const char *name, const char *label)
{
	struct form_input_out *v = f->out->inputs.items;
	ARENA_GROW(f->a, v, f->out->inputs.n, f->inputs);
	f->out->inputs.items = v;
	v += f->out->inputs.n++;
	*v = (struct form_input_out) { .name = str_of(name),
		.path = str_of(arena_printf(f->a, "part/%s", name)),
		.label = str_of(label),
		.max = INT_NONE };
	return v;
}

/* What is chosen before, or stands in lists of its own. */
static bool is_apart(const struct form *f, const char *name)
{
	static const char *const apart[] = { "do", "field", "conditions", "then", "else" };
	for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
		if (!strcmp(name, apart[i]))
			return true;
	/* Of what waits for conditions, which are changed one by one. */
	if (!strcmp(name, "event") && !str_none(f->out->conditions_at))
		return true;
	return str_is(f->out->member, name);
}

/* {"name":"text"} as lines. */
static const char *texts_told(struct form *f, struct json_object *texts)
{
	const char *text = "";
	if (!json_object_is_type(texts, json_type_object))
		return text;
	json_object_object_foreach(texts, name, value) text = arena_printf(
	    f->a, "%s%s%s: %s", text, text[0] ? "\n" : "", name, json_object_get_string(value));
	return text;
}

/* That a field was empty is not said by saying nothing, which is whatever it was. */
static void offer_none(struct form *f, struct form_input_out *input, const char *name)
{
	struct json_object *value;
	input->none = str_of(arena_printf(f->a, "%s" AUTOMATION_NONE, name));
	input->none_label = !strcmp(name, "from") ? STR("It was empty") : STR("It is empty then");
	input->is_none = f->same && json_object_object_get_ex(f->part, name, &value) && !value;
}

/* Names the field by which records of this kind are known, in place of the example's. */
static str hint_of(struct form *f, const char *doc)
{
	static const char example[] = "{{full_name}}";
	const char *at = strstr(doc, example);
	if (!at || !f->table->title)
		return str_of(doc);
	return str_of(arena_printf(f->a, "%.*s{{%s}}%s", (int)(at - doc), doc,
	    f->table->title->name, at + sizeof example - 1));
}

static void add_members(struct form *f, const struct field_set *set)
{
	bool of_field = field_find(set, STR("field")) != NULL;
	for (uint32_t i = 0; i < set->n; i++) {
		const struct field *one = &set->v[i];
		const struct field *rule = one->type == T_JSON && of_field ? f->column : one;
		struct json_object *written =
		    f->same ? automation_member(f->part, one->name) : NULL;
		if (!rule || is_apart(f, one->name))
			continue;
		struct form_input_out *input =
		    add_input(f, one->name, automation_label(f->a, one->name));
		const char *doc = field_rule(one)->doc;
		if (doc)
			input->hint = hint_of(f, doc);
		input->required = (one->flags & F_REQUIRED) != 0;
		if (str_is(f->out->sort, "start") && rule != one && (rule->flags & F_NULLABLE))
			offer_none(f, input, one->name);
		if (rule->type == T_JSON) {
			input->control = STR("lines");
			input->value = str_of(texts_told(f, written));
		} else {
			control_of(f, input, rule, false, written);
		}
	}
}

/* ---- fields ---- */

enum offer { EVERY_FIELD, TO_SET, DATES, LOOKED_AT };

/* Each that can be asked; those that people set; with a date; by whose dates records are found. */
static bool offered(const struct form *f, const struct field *one, enum offer offer)
{
	if (one == f->table->id || one == f->table->deleted_at ||
	    !automation_field(f->table, str_of(one->name)))
		return false;
	switch (offer) {
	case TO_SET: return field_find(&f->table->update_input, str_of(one->name)) != NULL;
	case DATES: return one->type == T_DAY || one->type == T_INSTANT;
	case LOOKED_AT: return automation_dated(f->table, one);
	case EVERY_FIELD: break;
	}
	return true;
}

static void add_fields(struct form *f, enum offer offer)
{
	for (uint32_t i = 0; i < f->table->columns.n; i++) {
		const struct field *one = &f->table->columns.v[i];
		if (offered(f, one, offer))
			choice(f->a, &f->out->fields, &f->fields,
			    (struct form_choice_out) { str_of(one->name),
				str_of(automation_label(f->a, one->name)),
				.chosen = one == f->column });
	}
}

/* Of what a form or a hook has sent. */
static const struct field *sent_field(struct form *f, str name)
{
	const size_t prefix = strlen("event.");
	if ((f->on != ON_FORM && f->on != ON_WEBHOOK) || !str_starts(name, "event.") ||
	    !automation_event_name((str) { name.p + prefix, name.n - prefix }))
		return NULL;
	struct field *one = ARENA_NEW(f->a, struct field);
	*one = (struct field) { .name = arena_text(f->a, name.p, name.n),
		.type = T_TEXT,
		.flags = F_NULLABLE,
		.max = 1000 };
	return one;
}

static void add_sent(struct form *f, const char *name)
{
	const char *value = arena_printf(f->a, "event.%s", name);
	bool chosen = f->column && !strcmp(f->column->name, value);
	for (size_t i = 0; i < f->out->fields.n; i++)
		if (str_is(((struct form_choice_out *)f->out->fields.items)[i].value, value))
			return;
	choice(f->a, &f->out->fields, &f->fields,
	    (struct form_choice_out) {
		str_of(value), str_of(automation_label(f->a, value)), .chosen = chosen });
}

/* What an automation picks out of a hook's events has names; of a form those that it mostly has,
 * and the one that is asked already. */
static void add_sent_fields(struct form *f)
{
	static const char *const usual[] = { "email", "first_name", "last_name", "phone",
		"job_title", "website", "message" };
	struct json_object *values = automation_member(f->starts, "values");
	f->out->sends = f->on == ON_FORM;
	for (size_t i = 0; f->on == ON_FORM && i < sizeof usual / sizeof *usual; i++)
		add_sent(f, usual[i]);
	if (f->on == ON_WEBHOOK && json_object_is_type(values, json_type_object)) {
		json_object_object_foreach(values, name, place)
		{
			(void)place;
			add_sent(f, name);
		}
	}
	if (f->column && str_starts(str_of(f->column->name), "event."))
		add_sent(f, f->column->name + strlen("event."));
}

static void add_name(struct form *f, const char *name)
{
	choice(f->a, &f->out->names, &f->names,
	    (struct form_choice_out) {
		str_of(arena_printf(f->a, "{{%s}}", name)), str_of(automation_label(f->a, name)) });
}

/* What a text can name so that people can read it: no ids, and no lists. */
static void add_names(struct form *f)
{
	for (uint32_t i = 0; i < f->table->columns.n; i++) {
		const struct field *column = &f->table->columns.v[i];
		bool read = column->type == T_TEXT || column->type == T_INT ||
			    column->type == T_DAY || column->type == T_ENUM;
		if (read && offered(f, column, EVERY_FIELD))
			add_name(f, column->name);
	}
	if (f->table->owner)
		add_name(f, AUTOMATION_OWNER);
	f->out->fields.n = 0;
	add_sent_fields(f);
	const struct form_choice_out *sent = f->out->fields.items;
	for (size_t i = 0; i < f->out->fields.n; i++)
		add_name(f, sent[i].value.p);
	f->out->fields.n = 0;
	f->out->sends = false;
}

/* What is asked for, or what is written. */
static void choose(struct form *f, str kind, str field)
{
	f->out->ready = true;
	str written_kind = automation_text_of(automation_member(f->part, f->out->member.p)),
	    written_field = automation_text_of(automation_member(f->part, "field"));
	f->out->kind = str_none(kind) ? written_kind : kind;
	f->out->field = str_none(field) ? written_field : field;
	f->column = automation_field(f->table, f->out->field);
	if (!f->column)
		f->column = sent_field(f, f->out->field);
	if (!f->column)
		f->out->field = (str) { NULL, 0 };
	f->same = str_eq(f->out->field, written_field);
}

/* ---- each sort of part ---- */

static void form_start(struct form *f, str kind, str field)
{
	f->out->member = STR("on");
	choose(f, kind, field);
	for (int i = 1; automation_event_names[i]; i++)
		if (automation_start_fits(f->table, (enum automation_event)i))
			add_kind(
			    f, automation_start_kind(f->a, f->table, (enum automation_event)i));
	f->out->title = STR("When it starts");
	int on = 0;
	for (int i = 1; automation_event_names[i]; i++)
		if (str_is(f->out->kind, automation_event_names[i]))
			on = i;
	const struct field_set *set = automation_start_set((enum automation_event)(on ? on : 1));
	const struct field *of_field = field_find(set, STR("field"));
	if (of_field)
		add_fields(f, on == ON_DATE ? LOOKED_AT : EVERY_FIELD);
	f->out->ready = !of_field || f->column || !(of_field->flags & F_REQUIRED);
	f->same &= str_eq(f->out->kind, automation_text_of(automation_member(f->part, "on")));
	add_members(f, set);
}

/* The comparison: the one that is asked for or written, when it can be asked of the field. */
static enum automation_test choose_test(struct form *f, str test)
{
	int is = 0;
	for (int i = 1; automation_test_names[i]; i++)
		if (automation_test_fits((enum automation_test)i, f->column->type) &&
		    (!is || str_is(test, automation_test_names[i])))
			is = i;
	f->out->test = str_of(automation_test_names[is]);
	for (int i = 1; automation_test_names[i]; i++)
		if (automation_test_fits((enum automation_test)i, f->column->type))
			choice(f->a, &f->out->kinds, &f->kinds,
			    (struct form_choice_out) { str_of(automation_test_names[i]),
				str_of(
				    automation_test_word((enum automation_test)i, f->column->type)),
				.chosen = i == is });
	return (enum automation_test)is;
}

static void form_condition(struct form *f, str test, str field)
{
	static const struct field words = { .type = T_TEXT, .max = 200 };
	str written;
	f->out->member = STR("is");
	choose(f, (str) { NULL, 0 }, field);
	written = f->out->kind;
	f->out->kind = (str) { NULL, 0 };
	f->out->title = f->out->adds ? STR("New condition") : STR("Condition");
	add_fields(f, EVERY_FIELD);
	add_sent_fields(f);
	f->out->ready = f->column != NULL;
	if (!f->column)
		return;
	enum automation_test is = choose_test(f, test.n ? test : written);
	if (is == TEST_EMPTY || is == TEST_NOT_EMPTY)
		return;
	struct form_input_out *input = add_input(f, "value", "Value");
	input->required = true;
	control_of(f, input, is == TEST_CONTAINS ? &words : f->column, is == TEST_IN,
	    f->same ? automation_member(f->part, "value") : NULL);
	if (is == TEST_IN && str_is(input->control, "text"))
		input->hint = STR("Several, with commas between them");
}

/* ---- conditions ---- */

static void tell(struct form *f, const struct automation_condition *c, int64_t depth)
{
	struct form_condition_out *v = f->out->conditions.items;
	bool group = c->kind == HOLDS_ALL || c->kind == HOLDS_ANY;
	if (c->kind == HOLDS_ALWAYS)
		return;
	if (!group || depth > 0) {
		ARENA_GROW(f->a, v, f->out->conditions.n, f->conditions);
		f->out->conditions.items = v;
		v[f->out->conditions.n++] = (struct form_condition_out) { str_of(c->pointer),
			str_of(group ? "" : automation_condition_told(f->call, c)),
			group ? (str) { NULL, 0 } : str_of(c->field->name),
			group ? str_of(c->kind == HOLDS_ALL ? "all" : "any") : (str) { NULL, 0 },
			depth, group };
	} else if (c->n > 1) {
		f->out->joint = str_of(c->kind == HOLDS_ALL ? "all" : "any");
	}
	for (size_t i = 0; i < c->n; i++)
		tell(f, &c->children[i], depth + 1);
}

static const struct automation_condition *condition_at(
    const struct automation_program *p, const char *pointer)
{
	if (!strcmp(pointer, "/conditions"))
		return &p->when;
	for (size_t i = 0; i < p->n; i++)
		if (automation_has_ways(p->steps[i].what) && p->steps[i].when.pointer &&
		    !strcmp(p->steps[i].when.pointer, pointer))
			return &p->steps[i].when;
	return NULL;
}

static void tell_conditions(
    struct form *f, const struct automation_documents *documents, const char *pointer)
{
	struct automation_program p;
	f->out->conditions_at = str_of(pointer);
	if (automation_read(f->call, documents, false, &p) != OK) {
		f->call->problem = (struct problem) { 0 };
		return;
	}
	const struct automation_condition *c = condition_at(&p, pointer);
	if (c)
		tell(f, c, 0);
}

static void form_conditions(
    struct form *f, const struct automation_documents *documents, const char *pointer)
{
	f->out->view = STR("conditions");
	tell_conditions(f, documents, pointer);
}

/* ---- a step ---- */

static void form_step(
    struct form *f, const struct automation_documents *documents, str kind, str field, str test)
{
	int what = 0;
	f->out->member = STR("do");
	choose(f, kind, field);
	for (int i = 1; automation_what_names[i]; i++) {
		if (str_is(f->out->kind, automation_what_names[i]))
			what = i;
		if (f->out->adds && automation_step_fits(f->table, (enum automation_what)i))
			add_kind(f, automation_step_kind(f->a, (enum automation_what)i));
	}
	f->out->title = STR("Add a step");
	if (!what) {
		f->out->view = STR("kinds");
		return;
	}
	const struct field_set *set = automation_step_set((enum automation_what)what);
	const struct field *of_field = field_find(set, STR("field"));
	if (!f->out->adds && automation_member(f->part, "conditions")) {
		f->out->kinds.n = 0;
		tell_conditions(f, documents,
		    arena_printf(f->a, "%.*s/conditions", (int)f->out->at.n, f->out->at.p));
	} else if (automation_has_ways((enum automation_what)what)) {
		/* at first by one comparison */
		f->out->kinds.n = 0;
		form_condition(f, test, field);
		f->out->kind = str_of(automation_what_names[what]);
		f->out->ready = f->out->ready || what != DO_BRANCH;
	} else if (of_field) {
		add_fields(f, what == DO_SET_FIELD ? TO_SET : DATES);
		f->out->ready = f->column || !(of_field->flags & F_REQUIRED);
	}
	f->out->title = str_of(automation_step_kind(f->a, (enum automation_what)what).label);
	add_members(f, set);
	if (what == DO_CREATE_TASK || what == DO_SEND_MAIL || what == DO_CALL_WEBHOOK)
		add_names(f);
}

/* ---- the operations ---- */

struct automations_part_in {
	automation_id id;
	str at, kind, field, sent, test;
	bool add;
};
FIELDS(automations_part) = {
	FIELD(automations_part, id, .flags = F_REQUIRED, .like = COLUMN(automations, id)),
	FIELD(automations_part, at, .max = 200,
	    .doc =
		"Where it stands: /starts, /conditions, /steps/1; to add one: before which step it "
		"comes, or /steps/-, /conditions/-",
	    .example = "/starts"),
	FIELD(automations_part, add, .doc = "Whether it is new"),
	FIELD(automations_part, kind, .max = 60, .doc = "The kind, when another one is chosen"),
	FIELD(automations_part, field, .max = 60, .doc = "The field, when another one is chosen"),
	FIELD(automations_part, sent, .max = 40,
	    .doc = "Or the name of a field of the form that starts it"),
	FIELD(
	    automations_part, test, .max = 60, .doc = "The comparison, when another one is chosen"),
};

QUERY(automations_part, "automations.edit", OBJECT(automations_part),
    .route = "GET /v1/automations/{id}/part", .table = &automations_table,
    .summary = "What is to be filled in to write a part of an automation")
{
	struct automation a;
	TRY(automation_get(call, in->id, &a));
	if (!in->at.n)
		return fail(call, NOT_FOUND, NULL, "nothing stands there");
	const struct automation_documents documents = { a.object, a.starts, a.conditions, a.steps };
	struct form f = {
		.call = call, .a = call->arena, .table = automation_table(a.object), .out = out
	};
	enum automation_sort sort = automation_sort(in->at);
	static const char *const sorts[] = { "", "start", "condition", "step" };
	out->at = in->at;
	out->sort = str_of(sorts[sort]);
	out->view = STR("form");
	out->adds = given(call, "add") && in->add;
	f.starts = automation_part(call, automation_tree(call, &documents), STR("/starts"));
	f.on = (enum automation_event)automation_named(
	    automation_event_names, automation_member(f.starts, "on"));
	if (!out->adds)
		f.part = automation_part(call, automation_tree(call, &documents), in->at);
	bool root = str_is(in->at, "/conditions");
	str field = in->field, sent = str_trim(in->sent);
	if (sent.n)
		field = str_of(arena_printf(call->arena, "event.%.*s", (int)sent.n, sent.p));
	if (!f.part && !out->adds && !root)
		return fail(call, NOT_FOUND, NULL, "nothing stands there");
	if (sort == SORT_START)
		form_start(&f, in->kind, in->field);
	else if (sort == SORT_CONDITION &&
		 ((root && !field.n) || automation_member(f.part, "all") ||
		     automation_member(f.part, "any")))
		form_conditions(&f, &documents, arena_text(call->arena, in->at.p, in->at.n));
	else if (sort == SORT_CONDITION)
		form_condition(&f, in->test, field);
	else if (str_is(automation_text_of(automation_member(f.part, "do")), "branch"))
		form_conditions(&f, &documents,
		    arena_printf(call->arena, "%.*s/conditions", (int)in->at.n, in->at.p));
	else
		form_step(&f, &documents, in->kind, field, in->test);
	static const char conditions[] = "/conditions";
	const char *found = memmem(in->at.p, in->at.n, conditions, sizeof conditions - 1);
	if (sort == SORT_CONDITION)
		out->back = found > in->at.p ? (str) { in->at.p, (size_t)(found - in->at.p) }
					     : STR("/conditions");
	if (str_none(out->title))
		out->title = sort == SORT_STEP ? STR("Branch") : STR("Conditions");
	if (str_none(out->member))
		out->member = STR("do");
	return OK;
}

struct automations_records_in {
	automation_id id;
	str q;
};
FIELDS(automations_records) = {
	FIELD(automations_records, id, .flags = F_REQUIRED, .like = COLUMN(automations, id)),
	FIELD(automations_records, q, .max = 200, .doc = "Words to search for"),
};
struct automations_records_out {
	list data;
};
ANSWER(automations_records) = { MEMBER_LIST(automations_records, data, form_choice,
    .doc = "Some of its records: the best of what was searched for, or the latest") };

QUERY(automations_records, "automations.view", OBJECT(automations_records),
    .route = "GET /v1/automations/{id}/records", .table = &automations_table,
    .summary = "Records on which an automation can be tried")
{
	struct automation a;
	size_t cap = 0;
	TRY(automation_get(call, in->id, &a));
	const struct table *table = automation_table(a.object);
	struct json_object *rows = automation_rows(call, table, 8, in->q);
	for (size_t i = 0; rows && i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);
		choice(call->arena, &out->data, &cap,
		    (struct form_choice_out) { automation_text_of(automation_member(row, "id")),
			automation_row_title(table, row) });
	}
	return OK;
}
