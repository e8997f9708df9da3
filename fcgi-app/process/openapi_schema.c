/* openapi_schema.c: what values look like, as JSON Schema 2020-12; see openapi.h. */
#include "process/openapi.h"

#include <stdlib.h>

#define SAFE_INT INT64_C(9007199254740991) /* what a double holds, and so every reader of JSON */

void openapi_text(struct openapi *o, const char *key, const char *text)
{
	json_key(o->out, key);
	json_text_value(o->out, text);
}

static void put_int(struct openapi *o, const char *key, int64_t number)
{
	json_key(o->out, key);
	json_int(o->out, number);
}

void openapi_ref(struct openapi *o, const char *where, const char *name)
{
	openapi_text(o, "$ref", arena_printf(o->arena, "#/components/%s/%s", where, name));
}

/* ---- schemas that have a name ---- */

static void refer(struct openapi *o, const char *name,
    void (*write)(struct openapi *o, const void *what), const void *what)
{
	size_t i = 0;
	openapi_ref(o, "schemas", name);
	while (i < o->n_names && strcmp(o->names[i].name, name) != 0)
		i++;
	if (i < o->n_names)
		return;
	struct openapi_name *names = ARENA_ARRAY(o->arena, o->n_names + 1, struct openapi_name);
	if (o->n_names)
		memcpy(names, o->names, o->n_names * sizeof *names);
	names[o->n_names++] = (struct openapi_name) { name, write, what };
	o->names = names;
}

void openapi_schema_ref(struct openapi *o, const char *name,
    void (*write)(struct openapi *o, const void *what), const void *what)
{
	json_object(o->out);
	refer(o, name, write, what);
	json_object_end(o->out);
}

/* Writing one can name others. */
void openapi_components(struct openapi *o)
{
	for (size_t i = 0; i < o->n_names; i++) {
		struct openapi_name name = o->names[i];
		json_key(o->out, name.name);
		name.write(o, name.what);
	}
}

static void write_id(struct openapi *o, const void *what)
{
	const struct table *table = what;
	json_object(o->out);
	openapi_text(o, "type", "string");
	openapi_text(o, "format", "uuid");
	openapi_text(o, "description",
	    arena_printf(
		o->arena, "Id of one of %s; no other id stands in its place", table->name));
	openapi_text(o, "x-id-of", table->name);
	json_key(o->out, "examples");
	json_array(o->out);
	json_text_value(o->out, openapi_example_id(o->arena, table));
	json_array_end(o->out);
	json_object_end(o->out);
}

static void write_raw(struct openapi *o, const void *what) { json_raw(o->out, str_of(what)); }

static const char money_schema[] =
    "{\"type\":\"object\",\"description\":\"An amount with its currency\","
    "\"required\":[\"amount\",\"currency\"],\"additionalProperties\":false,\"properties\":{"
    "\"amount\":{\"type\":\"string\",\"pattern\":\"^-?[0-9]{1,13}([.][0-9]{1,2})?$\","
    "\"description\":\"A decimal number with at most two decimals\","
    "\"examples\":[\"1250.00\"]},"
    "\"currency\":{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}$\","
    "\"description\":\"An ISO 4217 code\",\"examples\":[\"EUR\"]}}}";

static const char meta_schema[] =
    "{\"type\":\"object\",\"description\":\"Where a list goes on\","
    "\"required\":[\"has_more\",\"next_cursor\"],\"properties\":{"
    "\"has_more\":{\"type\":\"boolean\",\"description\":\"Whether there is another page\"},"
    "\"next_cursor\":{\"type\":[\"string\",\"null\"],"
    "\"description\":\"To be sent as cursor for the next page\"},"
    "\"total\":{\"type\":[\"integer\",\"string\"],"
    "\"description\":\"With include_total: how many rows there are, up to 10000, or 10000+; with "
    "q, up to 200, or 200+\"},"
    "\"indexed\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":99,"
    "\"description\":\"With q, while the search index is made anew: how much of it there is, in "
    "percent; not every row is found\"}}}";

static const char version_schema[] =
    "{\"type\":\"object\",\"required\":[\"version\"],\"properties\":{\"version\":{"
    "\"type\":\"integer\",\"description\":\"The company's version: it grows with each change\"}}}";

static const char problem_schema[] =
    "{\"type\":\"object\",\"description\":\"What is wrong (RFC 9457)\","
    "\"required\":[\"type\",\"title\",\"status\",\"request_id\"],\"properties\":{"
    "\"type\":{\"type\":\"string\",\"format\":\"uri\","
    "\"description\":\"urn:muster:problem: and the kind of problem\","
    "\"examples\":[\"urn:muster:problem:invalid\"]},"
    "\"title\":{\"type\":\"string\",\"description\":\"The kind for people\","
    "\"examples\":[\"Some values are not acceptable\"]},"
    "\"status\":{\"type\":\"integer\",\"description\":\"The HTTP status\",\"examples\":[422]},"
    "\"detail\":{\"type\":\"string\",\"description\":\"What is wrong here, for people\"},"
    "\"instance\":{\"type\":\"string\",\"description\":\"The path that was asked\"},"
    "\"request_id\":{\"type\":\"string\",\"description\":\"To be named when asking for help\"},"
    "\"existing_id\":{\"type\":\"string\",\"format\":\"uuid\","
    "\"description\":\"Of a conflict: the row that is there already\"},"
    "\"merged_into_id\":{\"type\":\"string\",\"format\":\"uuid\","
    "\"description\":\"Of what is not there: the row into which it was merged\"},"
    "\"errors\":{\"type\":\"array\",\"description\":\"Every field that is not acceptable\","
    "\"items\":{\"type\":\"object\",\"required\":[\"pointer\",\"code\",\"detail\"],"
    "\"properties\":{"
    "\"pointer\":{\"type\":\"string\",\"description\":\"Where it stands\","
    "\"examples\":[\"/emails/0/address\"]},"
    "\"code\":{\"type\":\"string\",\"description\":\"A word for programs\","
    "\"examples\":[\"too_long\"]},"
    "\"detail\":{\"type\":\"string\",\"description\":\"A sentence for people\"}}}}}}";

static const char *subject_name(struct openapi *o, const struct field *f)
{
	const char *name = "";
	for (uint32_t i = 0; i < f->n_kinds; i++)
		name = arena_printf(o->arena, "%s%s%s", name, i ? "Or" : "",
		    contract_camel(o->arena, f->kinds[i].object));
	return name;
}

static void write_subject(struct openapi *o, const void *what)
{
	const struct field *f = what;
	json_object(o->out);
	openapi_text(o, "type", "object");
	openapi_text(o, "description", "What it is about");
	json_key(o->out, "required");
	json_raw(o->out, STR("[\"object\",\"id\"]"));
	json_key(o->out, "additionalProperties");
	json_bool(o->out, false);
	json_key(o->out, "properties");
	json_object(o->out);
	json_key(o->out, "object");
	json_object(o->out);
	openapi_text(o, "type", "string");
	json_key(o->out, "enum");
	json_array(o->out);
	for (uint32_t i = 0; i < f->n_kinds; i++)
		json_text_value(o->out, f->kinds[i].object);
	json_array_end(o->out);
	json_object_end(o->out);
	json_key(o->out, "id");
	json_raw(
	    o->out, STR("{\"type\":\"string\",\"format\":\"uuid\",\"description\":\"Its id\"}"));
	json_object_end(o->out);
	json_object_end(o->out);
}

void openapi_problem(struct openapi *o)
{
	openapi_schema_ref(o, "Problem", write_raw, problem_schema);
}

/* ---- a value ---- */

static void write_type(struct openapi *o, const char *type, bool nullable)
{
	json_key(o->out, "type");
	if (nullable)
		json_array(o->out);
	json_text_value(o->out, type);
	if (nullable) {
		json_text_value(o->out, "null");
		json_array_end(o->out);
	}
}

static void write_names(struct openapi *o, const char *const *names, bool nullable)
{
	json_key(o->out, "enum");
	json_array(o->out);
	for (size_t i = 1; names[i]; i++)
		json_text_value(o->out, names[i]);
	if (nullable)
		json_null(o->out);
	json_array_end(o->out);
}

static void text_limits(struct openapi *o, const struct field *f, enum direction direction)
{
	const struct field *rule = field_rule(f);
	unsigned flags = f->flags | rule->flags;
	if (flags & F_EMAIL)
		openapi_text(o, "format", "email");
	if (flags & F_SECRET)
		openapi_text(o, "format", "password");
	if (direction == ANSWERED)
		return;
	if (rule->min > 0)
		put_int(o, "minLength", rule->min);
	if (rule->max)
		put_int(o, "maxLength", rule->max);
}

static void int_limits(struct openapi *o, const struct field *f, enum direction direction)
{
	const struct field *rule = field_rule(f);
	if (direction == ANSWERED || !(rule->min || rule->max))
		return;
	if (rule->min > -SAFE_INT)
		put_int(o, "minimum", rule->min);
	if (rule->max && rule->max < SAFE_INT)
		put_int(o, "maximum", rule->max);
}

static void list_limits(struct openapi *o, const struct field *f, enum direction direction)
{
	if (direction == ANSWERED || f->type == T_JSON)
		return;
	if (f->min > 0)
		put_int(o, "minItems", f->min);
	put_int(o, "maxItems", f->max ? f->max : 100);
}

static void write_set(struct openapi *o, const struct operation *op, const struct field_set *set,
    enum direction direction);

struct named_set {
	const struct field_set *set;
	enum direction direction;
};

static void write_named_set(struct openapi *o, const void *what)
{
	const struct named_set *named = what;
	write_set(o, NULL, named->set, named->direction);
}

/* An object as it is declared: by its name when it has one. */
static void set_ref(struct openapi *o, const struct field_set *set, enum direction direction)
{
	if (!set->name) {
		write_set(o, NULL, set, direction);
		return;
	}
	struct named_set *named = ARENA_NEW(o->arena, struct named_set);
	*named = (struct named_set) { set, direction };
	openapi_schema_ref(o,
	    arena_printf(o->arena, "%s%s", contract_camel(o->arena, set->name),
		direction == INPUT ? "Input" : "Answer"),
	    write_named_set, named);
}

static void write_row(struct openapi *o, const void *what);

static void row_ref(struct openapi *o, const struct table *table)
{
	openapi_schema_ref(o, contract_camel(o->arena, table->noun), write_row, table);
}

/* {"$ref":...}, or that and null. */
static void reference(struct openapi *o, const char *name,
    void (*write)(struct openapi *o, const void *what), const void *what, bool nullable)
{
	if (!nullable) {
		refer(o, name, write, what);
		return;
	}
	json_key(o->out, "anyOf");
	json_array(o->out);
	openapi_schema_ref(o, name, write, what);
	json_object(o->out);
	openapi_text(o, "type", "null");
	json_object_end(o->out);
	json_array_end(o->out);
}

static void write_item(struct openapi *o, const struct field *f, enum direction direction)
{
	static const struct field a_text = { .type = T_TEXT };
	json_key(o->out, "items");
	if (f->type == T_LIST)
		set_ref(o, f->of, direction);
	else if (f->type == T_IDS)
		openapi_value(o, NULL, &(const struct field) { .type = T_ID, .ref = f->ref },
		    direction, false, NULL);
	else if (f->type == T_TEXTS)
		openapi_value(o, NULL, &a_text, direction, false, NULL);
	else
		openapi_value(o, NULL, field_rule(f)->item, direction, false, NULL);
}

static void write_example(struct openapi *o, const struct operation *op, const struct field *f)
{
	bool told = f->type == T_TEXT || f->type == T_INT || f->type == T_JSON;
	if (!told || !(f->example || field_rule(f)->example))
		return;
	json_key(o->out, "examples");
	json_array(o->out);
	openapi_example(o, op, f, true);
	json_array_end(o->out);
}

static void write_object(
    struct openapi *o, const struct field *f, enum direction direction, bool nullable)
{
	if (!nullable) {
		if (f->of->name) { /* a reference, beside which a description may stand */
			struct named_set *named = ARENA_NEW(o->arena, struct named_set);
			*named = (struct named_set) { f->of, direction };
			refer(o,
			    arena_printf(o->arena, "%s%s", contract_camel(o->arena, f->of->name),
				direction == INPUT ? "Input" : "Answer"),
			    write_named_set, named);
			return;
		}
		json_key(o->out, "allOf");
		json_array(o->out);
		write_set(o, NULL, f->of, direction);
		json_array_end(o->out);
		return;
	}
	json_key(o->out, "anyOf");
	json_array(o->out);
	set_ref(o, f->of, direction);
	json_object(o->out);
	openapi_text(o, "type", "null");
	json_object_end(o->out);
	json_array_end(o->out);
}

/* The members of the schema of a value. */
static void write_members(struct openapi *o, const struct operation *op, const struct field *f,
    enum direction direction, bool nullable)
{
	const struct field *rule = field_rule(f);
	const struct table *ref = contract_ref(op, f);
	switch (f->type) {
	case T_ID:
		if (ref) {
			reference(o,
			    arena_printf(o->arena, "%sId", contract_camel(o->arena, ref->noun)),
			    write_id, ref, nullable);
			break;
		}
		write_type(o, "string", nullable);
		openapi_text(o, "format", "uuid");
		break;
	case T_TEXT:
	case T_ENUM:
		write_type(o, "string", nullable);
		if (rule->names)
			write_names(o, rule->names, nullable);
		else
			text_limits(o, f, direction);
		break;
	case T_INT:
		write_type(o, "integer", nullable);
		int_limits(o, f, direction);
		break;
	case T_BOOL: write_type(o, "boolean", nullable); break;
	case T_MONEY: reference(o, "Money", write_raw, money_schema, nullable); break;
	case T_SUBJECT: reference(o, subject_name(o, rule), write_subject, rule, nullable); break;
	case T_DAY:
		write_type(o, "string", nullable);
		openapi_text(o, "format", "date");
		break;
	case T_INSTANT:
		write_type(o, "string", nullable);
		openapi_text(o, "format", "date-time");
		break;
	case T_JSON:
		if (!rule->item && !((f->flags | rule->flags) & F_ARRAY))
			break; /* any document */
		write_type(o, "array", nullable);
		if (rule->item) {
			write_item(o, f, direction);
		} else {
			json_key(o->out, "items"); /* any documents */
			json_object(o->out);
			json_object_end(o->out);
		}
		break;
	case T_LIST:
	case T_IDS:
	case T_TEXTS:
		write_type(o, "array", nullable);
		list_limits(o, f, direction);
		write_item(o, f, direction);
		break;
	case T_OBJECT: write_object(o, f, direction, nullable); break;
	case T_MAP:
		write_type(o, "object", nullable);
		json_key(o->out, "additionalProperties");
		openapi_value(
		    o, NULL, &f->of->v[1], direction, contract_answer_null(&f->of->v[1]), NULL);
		break;
	case T_ROW:
		reference(o, contract_camel(o->arena, ref->noun), write_row, ref, nullable);
		break;
	case T_BYTES: abort(); /* they never leave the program */
	}
}

void openapi_value(struct openapi *o, const struct operation *op, const struct field *f,
    enum direction direction, bool nullable, const char *doc)
{
	json_object(o->out);
	write_members(o, op, f, direction, nullable);
	if (doc)
		openapi_text(o, "description", doc);
	write_example(o, op, f);
	json_object_end(o->out);
}

/* ---- objects ---- */

static const char *doc_of(const struct field *f) { return f->doc ? f->doc : field_rule(f)->doc; }

static bool null_in(const struct field *f, enum direction direction)
{
	return direction == ANSWERED
		   ? contract_answer_null(f)
		   : (f->flags & F_NULLABLE) && !(f->flags & F_REQUIRED) && f->type != T_JSON;
}

static bool must_stand(const struct field *f, enum direction direction)
{
	return direction == ANSWERED ? !contract_answer_left_out(f) : f->flags & F_REQUIRED;
}

static bool is_shown(const struct field *f) { return !(f->flags & F_PRIVATE); }

static void write_required(struct openapi *o, const struct field_set *set, enum direction direction)
{
	bool any = false;
	for (uint32_t i = 0; i < set->n; i++) {
		if (!is_shown(&set->v[i]) || !must_stand(&set->v[i], direction))
			continue;
		if (!any) {
			json_key(o->out, "required");
			json_array(o->out);
		}
		any = true;
		json_text_value(o->out, set->v[i].name);
	}
	if (any)
		json_array_end(o->out);
}

static void write_properties(struct openapi *o, const struct operation *op,
    const struct field_set *set, enum direction direction)
{
	for (uint32_t i = 0; i < set->n; i++) {
		const struct field *f = &set->v[i];
		if (!is_shown(f))
			continue;
		json_key(o->out, f->name);
		openapi_value(o, op, f, direction, null_in(f, direction), doc_of(f));
	}
}

static void write_set(struct openapi *o, const struct operation *op, const struct field_set *set,
    enum direction direction)
{
	json_object(o->out);
	openapi_text(o, "type", "object");
	write_required(o, set, direction);
	if (direction == INPUT) {
		json_key(o->out, "additionalProperties");
		json_bool(o->out, false);
	}
	json_key(o->out, "properties");
	json_object(o->out);
	write_properties(o, op, set, direction);
	json_object_end(o->out);
	json_object_end(o->out);
}

/* ---- rows ---- */

/* A row that another one refers to, told with it: without its documents. */
static void write_reference_row(struct openapi *o, const void *what)
{
	const struct table *table = what;
	struct field_set plain = { ARENA_ARRAY(o->arena, table->columns.n, struct field), 0, 0,
		NULL };
	struct field *v = (struct field *)(uintptr_t)plain.v;
	for (uint32_t i = 0; i < table->columns.n; i++)
		if (table->columns.v[i].type != T_JSON)
			v[plain.n++] = table->columns.v[i];
	write_set(o, NULL, &plain, ANSWERED);
}

static void write_expansions(struct openapi *o, const struct table *table)
{
	static const struct field title = { .type = T_TEXT };
	const char *expand, *name;
	const struct field *f;
	for (size_t n = 0; (f = contract_expansion(o->arena, table, n, &expand, &name)); n++) {
		const char *doc = arena_printf(o->arena, "With expand=%s", expand);
		json_key(o->out, name);
		if (f->type == T_SUBJECT) {
			openapi_value(o, NULL, &title, ANSWERED, true, doc);
			continue;
		}
		json_object(o->out);
		reference(o,
		    arena_printf(o->arena, "%sReference", contract_camel(o->arena, f->ref->noun)),
		    write_reference_row, f->ref, true);
		openapi_text(o, "description", doc);
		json_object_end(o->out);
	}
}

static void write_row(struct openapi *o, const void *what)
{
	const struct table *table = what;
	json_object(o->out);
	openapi_text(o, "type", "object");
	openapi_text(o, "description", table->doc);
	write_required(o, &table->columns, ANSWERED);
	json_key(o->out, "properties");
	json_object(o->out);
	write_properties(o, NULL, &table->columns, ANSWERED);
	write_expansions(o, table);
	json_object_end(o->out);
	json_object_end(o->out);
}

static void write_list(struct openapi *o, const void *what)
{
	const struct table *table = what;
	json_object(o->out);
	openapi_text(o, "type", "object");
	openapi_text(o, "description", arena_printf(o->arena, "A page of %s", table->name));
	json_key(o->out, "required");
	json_raw(o->out, STR("[\"data\",\"meta\",\"version\"]"));
	json_key(o->out, "properties");
	json_object(o->out);
	json_key(o->out, "data");
	json_object(o->out);
	openapi_text(o, "type", "array");
	json_key(o->out, "items");
	row_ref(o, table);
	json_object_end(o->out);
	json_key(o->out, "meta");
	openapi_schema_ref(o, "ListMeta", write_raw, meta_schema);
	json_key(o->out, "version");
	json_raw(o->out, STR("{\"type\":\"integer\",\"description\":\"The company's version\"}"));
	json_object_end(o->out);
	json_object_end(o->out);
}

/* ---- what an operation answers ---- */

void openapi_answer(struct openapi *o, const struct contract *c)
{
	const struct operation *op = c->op;
	bool row = op->answer == ANSWER_ROW, more = op->out.n > 0;
	if (op->answer == ANSWER_LIST) {
		openapi_schema_ref(o,
		    arena_printf(o->arena, "%sList", contract_camel(o->arena, op->table->noun)),
		    write_list, op->table);
		return;
	}
	bool several = row + more + c->versioned > 1;
	if (several) {
		json_object(o->out);
		json_key(o->out, "allOf");
		json_array(o->out);
	}
	if (row)
		row_ref(o, op->table);
	if (more || (!row && !c->versioned))
		set_ref(o, &op->out, ANSWERED);
	if (c->versioned)
		openapi_schema_ref(o, "Versioned", write_raw, version_schema);
	if (several) {
		json_array_end(o->out);
		json_object_end(o->out);
	}
}

/* ---- what it takes ---- */

/* {"and":[...]}, {"or":[...]}, {"not":{...}}, or filters. */
static void write_where(struct openapi *o, const void *what)
{
	const struct operation *op = what;
	const char *self = arena_printf(o->arena, "#/components/schemas/%sConditions",
	    contract_camel(o->arena, op->table->noun));
	struct list_filter *filters;
	size_t n = list_filters(o->arena, op->table, op->list, &filters);
	json_object(o->out);
	openapi_text(o, "type", "object");
	openapi_text(o, "description",
	    "Conditions that must all hold; and, or, not take conditions in turn");
	json_key(o->out, "additionalProperties");
	json_bool(o->out, false);
	json_key(o->out, "properties");
	json_object(o->out);
	json_key(o->out, "and");
	json_raw(o->out, str_of(arena_printf(o->arena,
			     "{\"type\":\"array\",\"minItems\":1,\"maxItems\":20,\"items\":{"
			     "\"$ref\":\"%s\"}}",
			     self)));
	json_key(o->out, "or");
	json_raw(o->out, str_of(arena_printf(o->arena,
			     "{\"type\":\"array\",\"minItems\":1,\"maxItems\":20,\"items\":{"
			     "\"$ref\":\"%s\"}}",
			     self)));
	json_key(o->out, "not");
	json_raw(o->out, str_of(arena_printf(o->arena, "{\"$ref\":\"%s\"}", self)));
	for (size_t i = 0; i < n; i++) {
		const struct list_filter *f = &filters[i];
		struct field value = *field_rule(f->column);
		bool several = f->comparison == IS_ONE_OF && value.type != T_SUBJECT;
		value.flags &= ~(unsigned)F_NULLABLE;
		value.example = NULL;
		value.doc = NULL;
		if (value.type == T_TEXT)
			value.min = 0;
		json_key(o->out, f->name);
		json_object(o->out);
		if (several) {
			json_key(o->out, "anyOf");
			json_array(o->out);
			openapi_value(o, op, &value, INPUT, !f->through, NULL);
			json_object(o->out);
			openapi_text(o, "type", "array");
			put_int(o, "minItems", 1);
			put_int(o, "maxItems", 100);
			json_key(o->out, "items");
			openapi_value(o, op, &value, INPUT, false, NULL);
			json_object_end(o->out);
			json_array_end(o->out);
		} else {
			write_members(o, op, &value, INPUT, false);
		}
		if (f->column->doc)
			openapi_text(o, "description", f->column->doc);
		json_object_end(o->out);
	}
	json_object_end(o->out);
	json_object_end(o->out);
}

static void write_member(
    struct openapi *o, const struct contract *c, const struct contract_member *m)
{
	json_key(o->out, m->name);
	openapi_value(o, c->op, m->field, INPUT,
	    m->nullable && (m->field->type != T_JSON || field_rule(m->field)->item), m->doc);
}

static void write_input(struct openapi *o, const void *what)
{
	const struct contract *c = what;
	bool any = c->body == BODY_FILE;
	for (size_t i = 0; i < c->in_body.n; i++)
		any = any || c->in_body.v[i].required;
	json_object(o->out);
	openapi_text(o, "type", "object");
	if (any) {
		json_key(o->out, "required");
		json_array(o->out);
		if (c->body == BODY_FILE)
			json_text_value(o->out, "file");
		for (size_t i = 0; i < c->in_body.n; i++)
			if (c->in_body.v[i].required)
				json_text_value(o->out, c->in_body.v[i].name);
		json_array_end(o->out);
	}
	json_key(o->out, "additionalProperties");
	json_bool(o->out, false);
	json_key(o->out, "properties");
	json_object(o->out);
	if (c->body == BODY_FILE) {
		json_key(o->out, "file");
		json_raw(o->out,
		    STR("{\"type\":\"string\",\"contentMediaType\":\"application/octet-stream\","
			"\"description\":\"The file\"}"));
	}
	if (c->body == BODY_SEARCH) {
		json_key(o->out, "where");
		openapi_schema_ref(o,
		    arena_printf(
			o->arena, "%sConditions", contract_camel(o->arena, c->op->table->noun)),
		    write_where, c->op);
	}
	for (size_t i = 0; i < c->in_body.n; i++)
		write_member(o, c, &c->in_body.v[i]);
	json_object_end(o->out);
	json_object_end(o->out);
}

void openapi_input(struct openapi *o, const struct contract *c)
{
	openapi_schema_ref(o,
	    arena_printf(o->arena, "%sInput", contract_camel(o->arena, c->op->name)), write_input,
	    c);
}
