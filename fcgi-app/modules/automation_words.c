/*
 * automation_words.c: what an automation does, in sentences that people read; see automations.h.
 * A kind of step that is not named here is told by its declaration (automation_step_set()). Tests:
 * tests/http/automation_draft.test.mjs
 */
#include "automations.h"

#include <ctype.h>

#include "core/decode.h"

/* ---- kinds ---- */

static const struct automation_kind step_kinds[] = {
	[DO_SET_FIELD] = { NULL, "Set a field", "Writes a value into the record", "edit" },
	[DO_CREATE_TASK] = { NULL, "Create a task", "Somebody finds it on their list", "task" },
	[DO_ADD_TAG] = { NULL, "Add a tag", "Marks the contact", "tag" },
	[DO_ASSIGN] = { NULL, "Assign",
	    "Gives it to one of a team, in turn or by who is least busy", "person" },
	[DO_WAIT] = { NULL, "Wait", "Goes on after minutes, hours or days", "wait" },
	[DO_BRANCH] = { NULL, "Branch", "Does one thing or another, as a condition holds",
	    "branch" },
	[DO_STOP] = { NULL, "Stop", "Ends the run here", "stop" },
	[DO_WAIT_FOR] = { NULL, "Wait for something",
	    "An event, or until a condition holds; otherwise another way", "wait" },
	[DO_WAIT_UNTIL] = { NULL, "Wait until a date", "A time, or a field's date", "wait" },
	[DO_SEND_MAIL] = { NULL, "Send a mail", "To the contact, the owner or an agent", "email" },
	[DO_CALL_WEBHOOK] = { NULL, "Call a webhook", "Tells a program of yours", "hook" },
};

static const struct automation_kind start_kinds[] = {
	[ON_CREATED] = { NULL, "is created", "By hand, by an import or by the API", "plus" },
	[ON_CHANGED] = { NULL, "is changed",
	    "Any field, or one that goes from one value to another", "edit" },
	[ON_STAGE_ENTERED] = { NULL, "enters a stage", "Made in it, or moved to it", "deals" },
	[ON_DATE] = { NULL, "comes to a date", "Days or hours before or after a field's date",
	    "meeting" },
	[ON_FORM] = { NULL, "sends a form", "One of the public forms", "note" },
	[ON_WEBHOOK] = { NULL, "is told of by a hook", "What a provider tells", "hook" },
	[ON_MANUAL] = { NULL, "is chosen by hand", "Somebody starts it", "person" },
};

#define KNOWN(KINDS, I) ((size_t)(I) < sizeof(KINDS) / sizeof *(KINDS) && (KINDS)[I].label)

struct automation_kind automation_step_kind(struct arena *a, enum automation_what what)
{
	struct automation_kind kind = { NULL, NULL, "", "other" };
	if (KNOWN(step_kinds, what))
		kind = step_kinds[what];
	kind.name = automation_what_names[what];
	if (!kind.label)
		kind.label = automation_label(a, kind.name);
	return kind;
}

struct automation_kind automation_start_kind(
    struct arena *a, const struct table *table, enum automation_event on)
{
	struct automation_kind kind = { NULL, NULL, "", "other" };
	if (KNOWN(start_kinds, on))
		kind = start_kinds[on];
	kind.name = automation_event_names[on];
	kind.label = kind.label ? arena_printf(a, "A %s %s", table->noun, kind.label)
				: automation_label(a, kind.name);
	return kind;
}

const char *automation_test_word(enum automation_test is, enum field_type type)
{
	static const char *const words[] = { [TEST_EQ] = "is",
		[TEST_NE] = "is not",
		[TEST_LT] = "is less than",
		[TEST_GT] = "is more than",
		[TEST_IN] = "is one of",
		[TEST_CONTAINS] = "contains",
		[TEST_EMPTY] = "is empty",
		[TEST_NOT_EMPTY] = "is not empty" };
	if (type == T_DAY || type == T_INSTANT)
		return is == TEST_LT ? "is before" : is == TEST_GT ? "is after" : words[is];
	return words[is];
}

/* ---- names and values ---- */

const char *automation_label(struct arena *a, const char *name)
{
	if (!strncmp(name, "event.", 6)) /* what a form or a hook has sent */
		return arena_printf(a, "%s (sent)", automation_label(a, name + 6));
	static const char *const words[][2] = { { "todo", "To do" },
		{ "external_id", "External id" } };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(name, words[i][0]))
			return words[i][1];
	size_t n = strlen(name);
	bool ids = n > 4 && !strcmp(name + n - 4, "_ids");
	if (ids || (n > 3 && !strcmp(name + n - 3, "_id")))
		n -= ids ? 4 : 3;
	char *label = arena_printf(a, "%.*s%s", (int)n, name, ids ? "s" : "");
	for (char *c = label; *c; c++)
		*c = *c == '_' ? ' ' : *c;
	label[0] = (char)toupper((unsigned char)label[0]);
	return label;
}

/* "?" for a row that the reader cannot see. */
static const char *title_of(struct call *call, const struct table *table, const char *id)
{
	void *row = arena_alloc(call->arena, table->columns.size);
	if (!table->title || row_get(call, table, id, row) != OK) {
		call->problem = (struct problem) { 0 };
		return "?";
	}
	const str *title = (const void *)((char *)row + table->title->offset);
	return arena_text(call->arena, title->p ? title->p : "", title->n);
}

static const char *titles_of(struct call *call, const struct table *table, const list *ids)
{
	const uuid *v = ids->items;
	const char *text = "";
	for (size_t i = 0; i < ids->n; i++)
		text = arena_printf(
		    call->arena, "%s%s%s", text, i ? ", " : "", title_of(call, table, v[i].text));
	return text;
}

const char *automation_told(struct call *call, const struct field *f, const void *value)
{
	char text[INSTANT_TEXT];
	const money *m = value;
	if (field_value_none(f, value))
		return "nothing";
	switch (f->type) {
	case T_ID: return f->ref ? title_of(call, f->ref, value) : "?";
	case T_IDS: return f->ref ? titles_of(call, f->ref, value) : "?";
	case T_TEXT:
		return arena_text(call->arena, ((const str *)value)->p, ((const str *)value)->n);
	case T_INT: return arena_printf(call->arena, "%lld", (long long)*(const int64_t *)value);
	case T_BOOL: return *(const bool *)value ? "yes" : "no";
	case T_ENUM:
		return automation_label(call->arena, field_rule(f)->names[*(const int *)value]);
	case T_MONEY:
		decimal_format(m->hundredths, text);
		return arena_printf(call->arena, "%s %s", text, m->currency);
	case T_DAY: day_format(*(const day *)value, text); break;
	case T_INSTANT:
		instant_format(*(const instant *)value, text);
		return arena_printf(call->arena, "%.10s %.5s UTC", text, text + 11);
	default: return "something";
	}
	return arena_text(call->arena, text, strlen(text));
}

/* ---- conditions ---- */

static const char *comparison_told(struct call *call, const struct automation_condition *c)
{
	const char *text =
	    arena_printf(call->arena, "%s %s", automation_label(call->arena, c->field->name),
		automation_test_word(c->is, c->field->type));
	if (c->is == TEST_CONTAINS)
		return arena_printf(
		    call->arena, "%s “%.*s”", text, (int)c->text.n, c->text.p ? c->text.p : "");
	for (size_t i = 0; i < c->n_values; i++)
		text = arena_printf(call->arena, "%s%s%s", text,
		    i == 0                 ? " "
		    : i + 1 == c->n_values ? " or "
					   : ", ",
		    automation_told(call, c->field, c->values[i]));
	return text;
}

const char *automation_condition_told(struct call *call, const struct automation_condition *c)
{
	const char *text = "";
	if (c->kind == HOLDS_ALWAYS)
		return "always";
	if (c->kind == HOLDS_FIELD)
		return comparison_told(call, c);
	for (size_t i = 0; i < c->n; i++) {
		const struct automation_condition *part = &c->children[i];
		bool inner = part->n > 1;
		text = arena_printf(call->arena, "%s%s%s%s%s", text,
		    i == 0                 ? ""
		    : c->kind == HOLDS_ALL ? " and "
					   : " or ",
		    inner ? "(" : "", automation_condition_told(call, part), inner ? ")" : "");
	}
	return c->n ? text : c->kind == HOLDS_ALL ? "always" : "never";
}

/* ---- starts and steps ---- */

static const char *counted(struct arena *a, int64_t n, const char *unit)
{
	return arena_printf(a, "%lld %s%s", (long long)n, unit, n == 1 ? "" : "s");
}

/* Below 0 as above it: which of them it is, is said elsewhere. */
static const char *span(struct arena *a, int64_t days, int64_t hours, int64_t minutes)
{
	const char *text = "";
	const struct {
		int64_t n;
		const char *unit;
	} parts[] = { { days < 0 ? -days : days, "day" }, { hours < 0 ? -hours : hours, "hour" },
		{ minutes, "minute" } };
	for (size_t i = 0; i < 3; i++)
		if (parts[i].n > 0)
			text = arena_printf(a, "%s%s%s", text, text[0] ? " " : "",
			    counted(a, parts[i].n, parts[i].unit));
	return text;
}

/* "3 days before Expected close on". */
static const char *around(struct arena *a, const struct field *f, int64_t days, int64_t hours)
{
	const char *label = automation_label(a, f->name);
	if (!days && !hours)
		return label;
	return arena_printf(a, "%s %s %s", span(a, days, hours, 0),
	    days < 0 || (!days && hours < 0) ? "before" : "after", label);
}

const char *automation_start_told(struct call *call, const struct automation_program *p)
{
	struct arena *a = call->arena;
	const struct automation_start *s = &p->start;
	const char *text = automation_start_kind(a, p->table, s->on).label;
	if (s->on == ON_STAGE_ENTERED)
		return arena_printf(
		    a, "A deal enters the stage %s", automation_told(call, s->field, s->to));
	if (s->on == ON_DATE)
		return arena_printf(a, "%s of a %s comes%s", around(a, s->field, s->days, s->hours),
		    p->table->noun, automation_yearly(s->field) ? ", each year" : "");
	if (automation_hears(s))
		return arena_printf(a, "%s: %s", text,
		    title_of(call, s->on == ON_FORM ? &public_forms_table : &inbound_hooks_table,
			s->source.text));
	if (s->field)
		text = arena_printf(
		    a, "%s of a %s changes", automation_label(a, s->field->name), p->table->noun);
	if (s->field && s->from)
		text =
		    arena_printf(a, "%s from %s", text, automation_told(call, s->field, s->from));
	if (s->field && s->to)
		text = arena_printf(a, "%s to %s", text, automation_told(call, s->field, s->to));
	return text;
}

static const char *set_told(struct call *call, const struct automation_step *s)
{
	void *value = arena_alloc(call->arena, decode_size(s->column->type));
	if (!s->sets || !decode_value(call, s->column, s->sets, false, "/value", value))
		decode_none(s->column, value);
	return arena_printf(call->arena, "%s becomes %s",
	    automation_label(call->arena, s->column->name),
	    automation_told(call, s->column, value));
}

static const char *task_told(struct arena *a, const struct automation_step *s)
{
	const char *text = arena_printf(a, "“%.*s”", (int)s->title.n, s->title.p);
	if (s->due_in_days == INT_NONE)
		return text;
	return s->due_in_days
		   ? arena_printf(a, "%s, due in %s", text, counted(a, s->due_in_days, "day"))
		   : arena_printf(a, "%s, due at once", text);
}

static const char *assign_told(struct call *call, const struct automation_step *s)
{
	const char *whose = s->team_id.text[0] ? title_of(call, &teams_table, s->team_id.text)
					       : titles_of(call, &agents_table, &s->agent_ids);
	return arena_printf(call->arena, "to %s of %s",
	    s->how == HOW_ROUND_ROBIN ? "the next" : "the least busy", whose);
}

static const char *mail_told(struct call *call, const struct automation_step *s)
{
	const char *whom = s->to == TO_CONTACT ? "the contact"
			   : s->to == TO_OWNER ? "the owner"
					       : title_of(call, &agents_table, s->agent_id.text);
	return arena_printf(call->arena, "“%.*s”, to %s", (int)s->subject.n, s->subject.p, whom);
}

static const char *wait_for_told(struct call *call, const struct automation_step *s)
{
	const char *what = s->when.kind == HOLDS_ALWAYS
			       ? arena_printf(call->arena, "the event %.*s comes", (int)s->event.n,
				     s->event.p ? s->event.p : "")
			       : automation_condition_told(call, &s->when);
	return arena_printf(call->arena, "until %s, at most %s", what,
	    span(call->arena, s->days, s->hours, s->minutes));
}

static const struct field any_time = { .type = T_INSTANT };

/* Its members, one after the other. */
static const char *members_told(
    struct call *call, const struct field_set *set, const struct automation_step *s)
{
	const char *text = "";
	for (uint32_t i = 0; i < set->n; i++) {
		const struct field *f = &set->v[i];
		const void *value = (const char *)s + f->offset;
		if (f->type == T_JSON || !strcmp(f->name, "do") || field_value_none(f, value) ||
		    (f->type == T_INT && !*(const int64_t *)value) ||
		    (f->type == T_IDS && !((const list *)value)->n))
			continue;
		text = arena_printf(call->arena, "%s%s%s: %s", text, text[0] ? " · " : "",
		    automation_label(call->arena, f->name), automation_told(call, f, value));
	}
	return text;
}

const char *automation_step_told(struct call *call, const struct automation_step *s)
{
	switch (s->what) {
	case DO_SET_FIELD: return set_told(call, s);
	case DO_CREATE_TASK: return task_told(call->arena, s);
	case DO_ADD_TAG: return title_of(call, &tags_table, s->tag_id.text);
	case DO_ASSIGN: return assign_told(call, s);
	case DO_WAIT: return span(call->arena, s->days, s->hours, s->minutes);
	case DO_WAIT_FOR: return wait_for_told(call, s);
	case DO_WAIT_UNTIL:
		if (s->column)
			return around(call->arena, s->column, s->days, s->hours);
		return automation_told(call, &any_time, &s->at);
	case DO_BRANCH:
		return arena_printf(
		    call->arena, "if %s", automation_condition_told(call, &s->when));
	case DO_SEND_MAIL: return mail_told(call, s);
	case DO_CALL_WEBHOOK:
	case DO_STOP: break;
	}
	return members_told(call, automation_step_set(s->what), s);
}

/* ---- what was done ---- */

const char *automation_input_told(struct call *call, const struct table *table,
    enum automation_what what, struct json_object *input)
{
	const char *text = "";
	instant until;
	if (what == DO_CREATE_TASK)
		table = &tasks_table;
	if (!json_object_is_type(input, json_type_object) || what == DO_SET_FIELD ||
	    what == DO_WAIT)
		return text; /* the step's own words say it all */
	json_object_object_foreach(input, name, sent)
	{
		const struct field *f = field_find(&table->columns, str_of(name));
		const char *value = sent ? json_object_get_string(sent) : "nothing";
		void *typed = f ? arena_alloc(call->arena, decode_size(f->type)) : NULL;
		if (json_object_is_type(sent, json_type_boolean))
			value = json_object_get_boolean(sent) ? "yes" : "no";
		else if (f && f->type != T_SUBJECT && sent &&
			 decode_value(call, f, sent, false, "/value", typed))
			value = automation_told(call, f, typed);
		else if (json_object_is_type(sent, json_type_object))
			continue;
		else if (!strcmp(name, "until") &&
			 decode_value(call, &any_time, sent, false, "/value", &until))
			value = automation_told(call, &any_time, &until);
		text = arena_printf(call->arena, "%s%s%s: %s", text, text[0] ? " · " : "",
		    automation_label(call->arena, name), value);
	}
	call->problem = (struct problem) { 0 };
	return text;
}

const char *automation_skipped_told(enum automation_what what, struct json_object *output)
{
	static const struct {
		const char *state, *told;
	} mails[] = {
		{ "no_address", "Not sent: there is nobody with an e-mail address" },
		{ "unsubscribed", "Not sent: the address wants no such mails" },
		{ "bounced", "Not sent: mails to the address came back" },
	};
	struct json_object *state = automation_member(output, "state");
	if (what != DO_SEND_MAIL || !state)
		return NULL;
	for (size_t i = 0; i < sizeof mails / sizeof *mails; i++)
		if (!strcmp(json_object_get_string(state), mails[i].state))
			return mails[i].told;
	return NULL;
}
