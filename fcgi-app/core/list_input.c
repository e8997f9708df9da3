/* list_input.c: see list_input.h. */
#include <stdio.h>

#include "core/list_input.h"

#include "core/decode.h"

enum { WEIGHT_MAX = 1000 };

static const struct field q_field = {
	.name = "q", .type = T_TEXT, .max = 200, .doc = "Words that must all occur"
};
static const struct field limit_field = { .name = "limit", .type = T_INT, .min = 1, .max = 100 };
static const struct field text_field = { .name = "sort", .type = T_TEXT, .max = 4000 };
static const struct field bool_field = { .name = "include_total", .type = T_BOOL };

/* ---- which filters a table has ---- */

static bool filters_by_value(const struct field *f)
{
	return !(f->flags & F_PRIVATE) &&
	       (f->type == T_ID || f->type == T_ENUM || f->type == T_BOOL || f->type == T_SUBJECT ||
		   (f->type == T_TEXT && !strcmp(f->name, "external_id")) ||
		   (f->type == T_TEXT && (f->flags & F_EMAIL)));
}

/* updated_at -> updated_since, closed_on -> closed_before */
static void range_name(const struct field *f, const char *suffix, char out[64])
{
	size_t n = strlen(f->name);
	if (n > 3 && (!strcmp(f->name + n - 3, "_at") || !strcmp(f->name + n - 3, "_on")))
		n -= 3;
	snprintf(out, 64, "%.*s_%s", (int)n, f->name, suffix);
}

static bool is_time(const struct field *f)
{
	return !(f->flags & F_PRIVATE) && (f->type == T_INSTANT || f->type == T_DAY);
}

static bool find_filter(
    const struct table *table, const struct list_spec *spec, const char *name, struct condition *c)
{
	char range[64];
	if (!strcmp(name, "q")) {
		c->comparison = HAS_TEXT;
		return true;
	}
	for (const struct filter_through *t = spec->through; t && t->name; t++)
		if (!strcmp(t->name, name)) {
			c->through = t;
			c->column = t->column;
			c->comparison = IS_ONE_OF;
			return true;
		}
	for (uint32_t i = 0; i < table->columns.n; i++) {
		const struct field *f = &table->columns.v[i];
		c->column = f;
		if (filters_by_value(f) && !strcmp(f->name, name)) {
			c->comparison = IS_ONE_OF;
			return true;
		}
		if (f->type == T_SUBJECT && !(f->flags & F_PRIVATE) &&
		    (!strcmp(name, "contact_id") || !strcmp(name, "deal_id"))) {
			c->comparison = IS_ONE_OF;
			return true;
		}
		for (int side = 0; is_time(f) && side < 2; side++) {
			range_name(f, side ? "before" : "since", range);
			if (!strcmp(range, name)) {
				c->comparison = side ? IS_BEFORE : IS_SINCE;
				return true;
			}
		}
	}
	return false;
}

/* ---- values ---- */

static const void *subject_value(
    struct call *call, const char *name, struct json_object *value, const char *pointer)
{
	subject *s = ARENA_NEW(call->arena, subject);
	const struct field id = { .name = name, .type = T_ID };
	if (!decode_value(call, &id, value, true, pointer, &s->id))
		return NULL;
	snprintf(
	    s->object, sizeof s->object, "%s", !strcmp(name, "contact_id") ? "contact" : "deal");
	return s;
}

static bool add_value(struct call *call, struct condition *c, const char *name,
    struct json_object *value, const char *pointer)
{
	const struct field *f = c->comparison == HAS_TEXT ? &q_field : c->column;
	if (f->type == T_SUBJECT && strcmp(name, f->name)) {
		c->values[c->n_values] = subject_value(call, name, value, pointer);
		return c->values[c->n_values] && ++c->n_values;
	}
	void *memory = arena_alloc(call->arena, decode_size(f->type));
	struct field plain = *field_rule(f);
	plain.flags &= ~(uint32_t)F_NULLABLE;
	plain.min = f->type == T_TEXT ? 0 : plain.min;
	if (!decode_value(call, &plain, value, true, pointer, memory))
		return false;
	c->values[c->n_values++] = memory;
	return true;
}

static void leaf_decode(struct call *call, const struct table *table, const struct list_spec *spec,
    const char *name, struct json_object *value, const char *pointer, struct condition *c)
{
	enum { VALUES = 100 };
	*c = (struct condition) { .kind = CONDITION_LEAF };
	if (!find_filter(table, spec, name, c)) {
		(void)!fail_code(call, MALFORMED, pointer, "unknown_field",
		    "%s cannot be filtered by \"%.80s\"", table->name, name);
		return;
	}
	bool several = c->comparison == IS_ONE_OF && c->column->type != T_SUBJECT;
	const char *text =
	    json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
	if (!value || (text && several && !strcmp(text, "null"))) {
		c->comparison = IS_NULL;
		if (!c->column || c->through || c->column->type == T_SUBJECT)
			(void)!fail_code(call, MALFORMED, pointer, "type", "cannot be null");
		return;
	}
	struct json_object *array = value;
	if (text && several) {
		array = json_object_new_array();
		json_keep(call->arena, array);
		str rest = { text, (size_t)json_object_get_string_len(value) };
		for (str one; rest.n;) {
			if (!str_cut(rest, ',', &one, &rest)) {
				one = rest;
				rest.n = 0;
			}
			json_object_array_add(array, json_object_new_string_len(one.p, (int)one.n));
		}
	}
	bool is_array = json_object_is_type(array, json_type_array);
	size_t n = is_array ? json_object_array_length(array) : 1;
	if (n == 0 || n > VALUES || (n > 1 && !several)) {
		(void)!fail_code(call, MALFORMED, pointer, "range",
		    several ? "takes from 1 to 100 values" : "takes one value");
		return;
	}
	c->values = ARENA_ARRAY(call->arena, n, const void *);
	for (size_t i = 0; i < n; i++)
		add_value(
		    call, c, name, is_array ? json_object_array_get_idx(array, i) : value, pointer);
}

/* ---- the request ---- */

static bool general(struct call *call, const char *key, struct json_object *value, bool textual,
    struct list_request *out)
{
	const char *pointer = arena_printf(call->arena, "/%s", key);
	str text;
	if (!strcmp(key, "limit"))
		decode_value(call, &limit_field, value, textual, pointer, &out->limit);
	else if (!strcmp(key, "sort")) {
		if (decode_value(call, &text_field, value, textual, pointer, &text))
			out->sort = arena_text(call->arena, text.p, text.n);
	} else if (!strcmp(key, "cursor"))
		decode_value(call, &text_field, value, textual, pointer, &out->cursor);
	else if (!strcmp(key, "include_total"))
		decode_value(call, &bool_field, value, textual, pointer, &out->include_total);
	else if (!strcmp(key, "deleted"))
		decode_value(call, &bool_field, value, textual, pointer, &out->deleted);
	else
		return false;
	return true;
}

/* How many comparisons the statement makes of a condition; a text is compared word by word. */
static size_t weight(const struct condition *c)
{
	size_t n = c->kind == CONDITION_LEAF ? 1 + c->n_values : 0;
	if (c->kind == CONDITION_LEAF && c->comparison == HAS_TEXT && c->n_values) {
		str text = *(const str *)c->values[0];
		for (size_t i = 0; i < text.n; i++)
			n += text.p[i] == ' ';
	}
	for (size_t i = 0; i < c->n; i++)
		n += weight(&c->children[i]);
	return n;
}

static error finish(struct call *call, const struct table *table, const struct list_spec *spec,
    struct list_request *out)
{
	if (!out->sort)
		out->sort = spec->sorts[0];
	struct sort_keys keys;
	/* A body of 1 MiB could ask for more than the database takes, and keep it busy for seconds
	 * with what it does take. */
	if (!call->problem.n_fields && weight(&out->where) > WEIGHT_MAX)
		return fail_code(call, MALFORMED, "where", "range",
		    "must have fewer conditions: all their values and words together may be %d",
		    WEIGHT_MAX);
	if (list_sort_keys(call, table, spec, out->sort, &keys) != OK || call->problem.n_fields) {
		call->problem.kind = MALFORMED;
		return MALFORMED;
	}
	return OK;
}

error list_decode(struct call *call, const struct table *table, const struct list_spec *spec,
    struct json_object *tree, struct list_request *out)
{
	*out = (struct list_request) { .limit = 25, .where = { .kind = CONDITION_AND } };
	size_t n = tree ? (size_t)json_object_object_length(tree) : 0;
	out->where.children = ARENA_ARRAY(call->arena, n + 1, struct condition);
	if (tree) {
		json_object_object_foreach(tree, key, value)
		{
			if (general(call, key, value, true, out))
				continue;
			/* A select that is left at "any", or an empty search box, of a form sent by
			 * GET. */
			if (json_object_is_type(value, json_type_string) &&
			    json_object_get_string_len(value) == 0)
				continue;
			leaf_decode(call, table, spec, key, value,
			    arena_printf(call->arena, "/%.80s", key),
			    &out->where.children[out->where.n++]);
		}
	}
	return finish(call, table, spec, out);
}

static void tree_decode(struct call *call, const struct table *table, const struct list_spec *spec,
    struct json_object *node, const char *pointer, int depth, struct condition *out)
{
	*out = (struct condition) { .kind = CONDITION_AND };
	if (!json_object_is_type(node, json_type_object) || depth > 8) {
		(void)!fail_code(call, MALFORMED, pointer, "type",
		    depth > 8 ? "is nested too deep" : "must be an object");
		return;
	}
	size_t n = (size_t)json_object_object_length(node), at = 0;
	out->children = ARENA_ARRAY(call->arena, n + 1, struct condition);
	json_object_object_foreach(node, key, value)
	{
		const char *here = arena_printf(call->arena, "%s/%.80s", pointer, key);
		struct condition *c = &out->children[at++];
		if (!strcmp(key, "not")) {
			*c = (struct condition) { .kind = CONDITION_NOT,
				.children = ARENA_NEW(call->arena, struct condition),
				.n = 1 };
			tree_decode(call, table, spec, value, here, depth + 1, c->children);
		} else if (!strcmp(key, "and") || !strcmp(key, "or")) {
			size_t items = json_object_is_type(value, json_type_array)
					   ? json_object_array_length(value)
					   : 0;
			if (items == 0 || items > 20) {
				(void)!fail_code(call, MALFORMED, here, "type",
				    "must be a list of 1 to 20 conditions");
				*c = (struct condition) { .kind = CONDITION_AND };
				continue;
			}
			*c = (struct condition) { .kind =
						      key[0] == 'a' ? CONDITION_AND : CONDITION_OR,
				.children = ARENA_ARRAY(call->arena, items, struct condition),
				.n = items };
			for (size_t i = 0; i < items; i++)
				tree_decode(call, table, spec, json_object_array_get_idx(value, i),
				    arena_printf(call->arena, "%s/%zu", here, i), depth + 1,
				    &c->children[i]);
		} else {
			leaf_decode(call, table, spec, key, value, here, c);
		}
	}
	out->n = at;
}

error list_decode_search(struct call *call, const struct table *table, const struct list_spec *spec,
    struct json_object *body, struct list_request *out)
{
	*out = (struct list_request) { .limit = 25, .where = { .kind = CONDITION_AND } };
	if (body) {
		json_object_object_foreach(body, key, value)
		{
			if (!strcmp(key, "where"))
				tree_decode(call, table, spec, value, "/where", 0, &out->where);
			else if (!general(call, key, value, false, out))
				(void)!fail_code(call, MALFORMED, key, "unknown_field",
				    "there is no field \"%.80s\" here", key);
		}
	}
	return finish(call, table, spec, out);
}

error list_sort_keys(struct call *call, const struct table *table, const struct list_spec *spec,
    const char *sort, struct sort_keys *out)
{
	*out = (struct sort_keys) { 0 };
	for (str one, rest = str_of(sort); rest.n;) {
		if (!str_cut(rest, ',', &one, &rest)) {
			one = rest;
			rest.n = 0;
		}
		bool descending = one.n && one.p[0] == '-';
		str name = descending ? (str) { one.p + 1, one.n - 1 } : one;
		bool known = false;
		for (const char *const *s = spec->sorts; *s && !known; s++)
			known = str_is(name, (*s)[0] == '-' ? *s + 1 : *s);
		if (!known || out->n == SORT_KEYS - 1)
			return fail_code(call, MALFORMED, "sort", "unknown_field",
			    "%s cannot be sorted by \"%.*s\"", table->name,
			    (int)(name.n > 60 ? 60 : name.n), name.p);
		out->v[out->n++] =
		    (struct sort_key) { field_find(&table->columns, name), descending };
	}
	if (!out->n)
		return fail_code(call, MALFORMED, "sort", "required", "must name a field");
	out->v[out->n] = (struct sort_key) { table->id, out->v[0].descending };
	out->n++;
	return OK;
}
