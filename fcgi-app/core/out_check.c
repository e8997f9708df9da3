/* out_check.c: see out_check.h. */
#include "core/out_check.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/answer_tree.h"

enum { MEMBERS_MAX = 240 };

/* What may stand in one object. */
struct member {
	const char *name;
	const struct field *field;
	const struct table *expanded; /* a row of it, or null */
	bool optional;
};

struct members {
	struct member v[MEMBERS_MAX];
	size_t n;
};

struct check {
	const struct call *call;
	char *pointer; /* OUT_POINTER bytes: where the walk is */
	const char *why;
};

static const struct field subject_title = { .name = "title", .type = T_TEXT, .flags = F_NULLABLE };
static const struct field id_alone = { .name = "id", .type = T_ID };
static const struct field version = { .name = "version", .type = T_INT };

static bool wrong(struct check *c, const char *why)
{
	c->why = why;
	return false;
}

/* Steps into a member; a step back is the end of the pointer as it was. */
static size_t step(struct check *c, const char *name)
{
	size_t n = strlen(c->pointer);
	snprintf(c->pointer + n, OUT_POINTER - n, "/%s", name);
	return n;
}

static size_t step_index(struct check *c, size_t i)
{
	char number[24];
	snprintf(number, sizeof number, "%zu", i);
	return step(c, number);
}

/* What is asked for twice is answered once. */
static void add(struct members *m, struct member one)
{
	for (size_t i = 0; i < m->n; i++)
		if (!strcmp(m->v[i].name, one.name))
			return;
	if (m->n == MEMBERS_MAX)
		abort(); /* no object has that many */
	m->v[m->n++] = one;
}

static void add_set(struct members *m, const struct field_set *set, bool optional)
{
	for (uint32_t i = 0; i < set->n; i++)
		if (!(set->v[i].flags & F_PRIVATE))
			add(m, (struct member) { set->v[i].name, &set->v[i], NULL,
				   optional || (set->v[i].flags & F_OPTIONAL) });
}

static bool check_value(struct check *c, const struct field *f, struct json_object *value);
static bool check_expanded(struct check *c, const struct table *table, struct json_object *value);
static bool check_row(struct check *c, const struct table *table, const struct field_set *more,
    struct json_object *value);

static bool check_member(struct check *c, const struct member *m, struct json_object *value)
{
	size_t back = step(c, m->name);
	if (m->expanded ? value && !check_expanded(c, m->expanded, value)
			: !check_value(c, m->field, value))
		return false;
	c->pointer[back] = 0;
	return true;
}

static bool check_object(struct check *c, const struct members *m, struct json_object *value)
{
	if (!json_object_is_type(value, json_type_object))
		return wrong(c, "is not an object");
	bool seen[MEMBERS_MAX] = { false };
	json_object_object_foreach(value, key, part)
	{
		size_t i = 0;
		while (i < m->n && strcmp(m->v[i].name, key) != 0)
			i++;
		if (i == m->n) {
			step(c, key);
			return wrong(c, "is not declared");
		}
		seen[i] = true;
		if (!check_member(c, &m->v[i], part))
			return false;
	}
	for (size_t i = 0; i < m->n; i++)
		if (!seen[i] && !m->v[i].optional) {
			step(c, m->v[i].name);
			return wrong(c, "is missing");
		}
	return true;
}

static bool check_set(struct check *c, const struct field_set *set, struct json_object *value)
{
	struct members m = { .n = 0 };
	add_set(&m, set, false);
	return check_object(c, &m, value);
}

static bool check_items(struct check *c, const struct field *item, struct json_object *value)
{
	if (!json_object_is_type(value, json_type_array))
		return wrong(c, "is not an array");
	for (size_t i = 0; i < json_object_array_length(value); i++) {
		size_t back = step_index(c, i);
		if (!check_value(c, item, json_object_array_get_idx(value, i)))
			return false;
		c->pointer[back] = 0;
	}
	return true;
}

static bool check_map(struct check *c, const struct field *item, struct json_object *value)
{
	if (!json_object_is_type(value, json_type_object))
		return wrong(c, "is not an object");
	json_object_object_foreach(value, key, part)
	{
		size_t back = step(c, key);
		if (!check_value(c, item, part))
			return false;
		c->pointer[back] = 0;
	}
	return true;
}

static bool is_name(const char *const *names, str text)
{
	for (size_t i = 1; names[i]; i++)
		if (str_is(text, names[i]))
			return true;
	return false;
}

static bool is_text(struct check *c, const struct field *f, str text)
{
	const char *const *names = field_rule(f)->names;
	union {
		uuid id;
		day day;
		instant instant;
	} parsed;
	switch (f->type) {
	case T_ID: return uuid_parse(text, &parsed.id) || wrong(c, "is not an id");
	case T_DAY: return day_parse(text, &parsed.day) || wrong(c, "is not a day");
	case T_INSTANT:
		return (instant_parse(text, &parsed.instant) && text.p[text.n - 1] == 'Z') ||
		       wrong(c, "is not a time in UTC");
	default: return !names || is_name(names, text) || wrong(c, "is none of its values");
	}
}

static bool check_money(struct check *c, struct json_object *value)
{
	struct json_object *amount, *currency;
	int64_t hundredths;
	return (json_object_is_type(value, json_type_object) &&
		   json_object_object_length(value) == 2 &&
		   json_object_object_get_ex(value, "amount", &amount) &&
		   json_object_is_type(amount, json_type_string) &&
		   decimal_parse(str_of(json_object_get_string(amount)), &hundredths) &&
		   json_object_object_get_ex(value, "currency", &currency) &&
		   json_object_is_type(currency, json_type_string) &&
		   json_object_get_string_len(currency) == 3) ||
	       wrong(c, "is not an amount of money");
}

static bool check_subject(struct check *c, const struct field *rule, struct json_object *value)
{
	static const struct field both[] = { { .name = "object", .type = T_TEXT },
		{ .name = "id", .type = T_ID } };
	struct json_object *object;
	return check_set(c, &(const struct field_set) { both, 2, 0 }, value) &&
	       ((json_object_object_get_ex(value, "object", &object) &&
		    subject_kind(rule, str_of(json_object_get_string(object)))) ||
		   wrong(c, "is of no kind that it may name"));
}

static bool check_value(struct check *c, const struct field *f, struct json_object *value)
{
	static const struct field an_id = { .type = T_ID }, a_text = { .type = T_TEXT };
	const struct field *rule = field_rule(f);
	unsigned flags = f->flags | rule->flags;
	if (!value)
		return (flags & F_NULLABLE && !(flags & F_ARRAY)) ||
		       (f->type == T_JSON && !rule->item && !(flags & F_ARRAY)) ||
		       wrong(c, "is null");
	switch (f->type) {
	case T_ID:
	case T_TEXT:
	case T_ENUM:
	case T_DAY:
	case T_INSTANT:
		if (!json_object_is_type(value, json_type_string))
			return wrong(c, "is not a text");
		return is_text(c, f,
		    (str) {
			json_object_get_string(value), (size_t)json_object_get_string_len(value) });
	case T_INT:
		return json_object_is_type(value, json_type_int) ||
		       wrong(c, "is not a whole number");
	case T_BOOL:
		return json_object_is_type(value, json_type_boolean) ||
		       wrong(c, "is not a boolean");
	case T_MONEY: return check_money(c, value);
	case T_SUBJECT: return check_subject(c, rule, value);
	case T_JSON: return !rule->item || check_items(c, rule->item, value);
	case T_LIST:
		return check_items(
		    c, &(const struct field) { .type = T_OBJECT, .of = f->of }, value);
	case T_IDS: return check_items(c, &an_id, value);
	case T_TEXTS: return check_items(c, &a_text, value);
	case T_OBJECT: return check_set(c, f->of, value);
	case T_MAP: return check_map(c, &f->of->v[1], value);
	case T_ROW: return check_row(c, f->ref, NULL, value);
	case T_BYTES: break;
	}
	return wrong(c, "is of a type that no answer has");
}

/* ---- rows ---- */

static bool next_name(str *rest, str *one)
{
	if (!rest->n)
		return false;
	if (!str_cut(*rest, ',', one, rest)) {
		*one = *rest;
		rest->n = 0;
	}
	*one = str_trim(*one);
	return true;
}

static void add_columns(struct members *m, const struct table *table, str fields)
{
	str one;
	if (!fields.n)
		add_set(m, &table->columns, false);
	while (next_name(&fields, &one)) {
		const struct field *f = field_find(&table->columns, one);
		if (f)
			add(m, (struct member) { f->name, f, NULL, false });
	}
}

static void add_expansions(
    struct check *c, struct members *m, const struct table *table, str expand)
{
	str one;
	while (next_name(&expand, &one)) {
		const struct field *column = field_find(&table->columns, one);
		if (column) { /* a subject */
			add(m, (struct member) {
				   arena_printf(c->call->arena, "%s_title", column->name),
				   &subject_title, NULL, false });
			continue;
		}
		const char *name = arena_text(c->call->arena, one.p, one.n);
		column = field_find(
		    &table->columns, str_of(arena_printf(c->call->arena, "%s_id", name)));
		if (column)
			add(m, (struct member) { name, NULL, column->ref, false });
	}
}

/* A row that was expanded comes without its documents. */
static bool check_expanded(struct check *c, const struct table *table, struct json_object *value)
{
	struct members m = { .n = 0 };
	for (uint32_t i = 0; i < table->columns.n; i++) {
		const struct field *f = &table->columns.v[i];
		if (!(f->flags & F_PRIVATE) && f->type != T_JSON)
			add(&m, (struct member) { f->name, f, NULL, false });
	}
	return check_object(c, &m, value);
}

static bool is_versioned(const struct call *call)
{
	return call->op->kind == MUTATION_KIND && !call->op->unversioned;
}

/* Of a mutation also the id alone, when it took the row out of the caller's reach. `more`: the
 * members beside the row's, of an answer that is one, with which `fields` may do away. */
static bool check_row(struct check *c, const struct table *table, const struct field_set *more,
    struct json_object *value)
{
	struct members whole = { .n = 0 }, alone = { .n = 0 };
	add_columns(&whole, table, c->call->fields);
	add_expansions(c, &whole, table, c->call->expand);
	add(&alone, (struct member) { "id", &id_alone, NULL, false });
	if (more) {
		add_set(&whole, more, c->call->fields.n > 0);
		add_set(&alone, more, true);
		if (is_versioned(c->call)) {
			add(&whole, (struct member) { "version", &version, NULL, false });
			add(&alone, (struct member) { "version", &version, NULL, false });
		}
	}
	size_t back = strlen(c->pointer);
	if (c->call->op->kind == MUTATION_KIND && check_object(c, &alone, value))
		return true;
	c->pointer[back] = 0;
	return check_object(c, &whole, value);
}

static bool check_rows(struct check *c, const struct table *table, struct json_object *value)
{
	if (!json_object_is_type(value, json_type_array))
		return wrong(c, "is not an array");
	for (size_t i = 0; i < json_object_array_length(value); i++) {
		size_t back = step_index(c, i);
		if (!check_row(c, table, NULL, json_object_array_get_idx(value, i)))
			return false;
		c->pointer[back] = 0;
	}
	return true;
}

/* A total is a number, or "10000+", or of a search "200+". */
static bool check_total(struct check *c, struct json_object *meta)
{
	struct json_object *total;
	if (!json_object_object_get_ex(meta, "total", &total) ||
	    json_object_is_type(total, json_type_int) ||
	    (total && (!strcmp(json_object_get_string(total), "10000+") ||
			  !strcmp(json_object_get_string(total), "200+"))))
		return true;
	step(c, "total");
	return wrong(c, "is neither a number nor \"10000+\" nor \"200+\"");
}

static bool check_list(struct check *c, const struct table *table, struct json_object *value)
{
	static const struct field meta_members[] = { { .name = "has_more", .type = T_BOOL },
		{ .name = "next_cursor", .type = T_TEXT, .flags = F_NULLABLE },
		{ .name = "total", .type = T_JSON, .flags = F_OPTIONAL },
		{ .name = "indexed", .type = T_INT, .flags = F_OPTIONAL } };
	static const struct field_set meta_set = { meta_members, 4, 0 };
	static const struct field members[] = { { .name = "data", .type = T_JSON },
		{ .name = "meta", .type = T_OBJECT, .of = &meta_set } };
	struct json_object *data, *meta;
	if (!check_set(c, &(const struct field_set) { members, 2, 0 }, value))
		return false;
	json_object_object_get_ex(value, "data", &data);
	json_object_object_get_ex(value, "meta", &meta);
	size_t back = step(c, "data");
	if (!check_rows(c, table, data))
		return false;
	c->pointer[back] = 0;
	step(c, "meta");
	return check_total(c, meta);
}

bool out_check(const struct call *call, str body, char pointer[OUT_POINTER], const char **why)
{
	const struct operation *op = call->op;
	struct check c = { .call = call, .pointer = pointer, .why = "is of no declared shape" };
	struct json_object *tree = answer_tree(call->arena, body);
	struct members m = { .n = 0 };
	bool good = false;
	pointer[0] = 0;
	switch (op->answer) {
	case ANSWER_NOTHING: good = body.n == 0 || wrong(&c, "is there"); break;
	case ANSWER_OBJECT:
		add_set(&m, &op->out, false);
		if (is_versioned(call))
			add(&m, (struct member) { "version", &version, NULL, false });
		good = check_object(&c, &m, tree);
		break;
	case ANSWER_ROW: good = check_row(&c, op->table, &op->out, tree); break;
	case ANSWER_LIST: good = check_list(&c, op->table, tree); break;
	}
	*why = good ? NULL : c.why;
	return good;
}
