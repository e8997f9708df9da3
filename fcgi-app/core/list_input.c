/* list_input.c: see list_input.h. */
#include <stdio.h>

#include "core/list_input.h"

#include "core/decode.h"
#include "core/list_named.h"
#include "core/search_query.h"

enum { WEIGHT_MAX = 1000 };

static const struct field q_field = { .name = "q",
	.type = T_TEXT,
	.flags = F_MULTILINE, /* what is pasted may have tabs */
	.max = QUERY_CHARACTERS,
	.doc = "Words that must all occur, the last one perhaps begun; \"side by side\", -without, "
	       "field:word" };
static const struct field q_named_field = { .name = "q",
	.type = T_TEXT,
	.flags = F_MULTILINE,
	.max = QUERY_CHARACTERS,
	.doc =
	    "Words that a row that is named must all have: the contact of an e-mail address, the "
	    "automation of a run; the last one perhaps begun; \"side by side\", -without, "
	    "field:word" };
const struct field list_fields[] = {
	{ .name = "limit",
	    .type = T_INT,
	    .min = 1,
	    .max = 100,
	    .doc = "How many; 25, when it is not given" },
	{ .name = "sort",
	    .type = T_TEXT,
	    .max = 4000,
	    .doc = "Columns to sort by, from one to three, with commas between them; - before one: "
		   "descending" },
	{ .name = "cursor",
	    .type = T_TEXT,
	    .max = 4000,
	    .doc = "meta.next_cursor of the page before" },
	{ .name = "include_total", .type = T_BOOL, .doc = "Whether meta.total is wanted" },
	{ .name = "deleted",
	    .type = T_BOOL,
	    .doc = "true: the rows that can be restored, in place of those that there are" },
};
enum { LIST_LIMIT, LIST_SORT, LIST_CURSOR, LIST_TOTAL, LIST_DELETED };
_Static_assert(sizeof list_fields / sizeof *list_fields == LIST_FIELDS, "all are declared");

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

/* The filters of one column: by its value; of a subject by each kind of what it can be; by a range
 * of time. */
enum { BY_VALUE, BY_SINCE, BY_BEFORE, BY_KIND, FILTERS_OF_COLUMN = BY_KIND + SUBJECT_KINDS };
static bool column_filter(const struct field *f, size_t which, struct list_filter *out)
{
	if (which == BY_SINCE || which == BY_BEFORE) {
		if (!is_time(f))
			return false;
		*out = (struct list_filter) { .column = f,
			.comparison = which == BY_SINCE ? IS_SINCE : IS_BEFORE };
		range_name(f, which == BY_SINCE ? "since" : "before", out->name);
		return true;
	}
	if (which >= BY_KIND && (which - BY_KIND >= f->n_kinds || (f->flags & F_PRIVATE)))
		return false;
	if (which == BY_VALUE && !filters_by_value(f))
		return false;
	const struct field *column = which == BY_VALUE ? f : f->kinds[which - BY_KIND].column;
	*out = (struct list_filter) { .column = column, .comparison = IS_ONE_OF };
	snprintf(out->name, sizeof out->name, "%s", column->name);
	return true;
}

static struct list_filter filter_through(const struct filter_through *t)
{
	struct list_filter f = { .column = t->column, .through = t, .comparison = IS_ONE_OF };
	snprintf(f.name, sizeof f.name, "%s", t->name);
	return f;
}

/* The filter `at`, counted from 0 through all that a table can have; false: there is none there. */
static bool filter_at(const struct table *table, const struct list_spec *spec, size_t n_through,
    size_t at, struct list_filter *out)
{
	if (at == 0) {
		*out = (struct list_filter) {
			.name = "q",
			.column = search_has(table) ? &q_field : &q_named_field,
			.comparison = HAS_TEXT,
		};
		return search_has(table) || table->n_found;
	}
	if (at <= n_through) {
		*out = filter_through(&spec->through[at - 1]);
		return true;
	}
	at -= n_through + 1;
	return column_filter(
	    &table->columns.v[at / FILTERS_OF_COLUMN], at % FILTERS_OF_COLUMN, out);
}

static size_t filters_end(
    const struct table *table, const struct list_spec *spec, size_t *n_through)
{
	for (*n_through = 0; spec->through && spec->through[*n_through].name;)
		++*n_through;
	return 1 + *n_through + table->columns.n * FILTERS_OF_COLUMN;
}

size_t list_filters(struct arena *a, const struct table *table, const struct list_spec *spec,
    struct list_filter **out)
{
	size_t n_through, end = filters_end(table, spec, &n_through), n = 0;
	*out = ARENA_ARRAY(a, end, struct list_filter);
	for (size_t at = 0; at < end; at++)
		n += filter_at(table, spec, n_through, at, &(*out)[n]);
	return n;
}

static bool find_filter(
    const struct table *table, const struct list_spec *spec, const char *name, struct condition *c)
{
	struct list_filter f;
	size_t n_through, end = filters_end(table, spec, &n_through);
	for (size_t at = 0; at < end; at++)
		if (filter_at(table, spec, n_through, at, &f) && !strcmp(f.name, name)) {
			c->column = f.column;
			c->through = f.through;
			c->comparison = f.comparison;
			return true;
		}
	return false;
}

/* ---- values ---- */

static bool add_value(
    struct call *call, struct condition *c, struct json_object *value, const char *pointer)
{
	const struct field *f = c->column;
	void *memory = arena_alloc(call->arena, decode_size(f->type));
	struct field plain = *field_rule(f);
	plain.flags &= ~(uint32_t)F_NULLABLE;
	plain.min = f->type == T_TEXT ? 0 : plain.min;
	if (!decode_value(call, &plain, value, true, pointer, memory))
		return false;
	c->values[c->n_values++] = memory;
	return true;
}

static void parse_text(
    struct call *call, const struct table *table, struct condition *c, const char *pointer)
{
	str text = *(const str *)c->values[0];
	const char *why;
	if (table->n_found) {
		struct search_place *places;
		why = list_named_parse(call, table, text, &places);
		c->named = places;
		c->search = &places[0].query;
	} else {
		struct search_query *query = ARENA_NEW(call->arena, struct search_query);
		why = search_parse(call->arena, table, text, query);
		c->search = query;
	}
	if (why)
		(void)!fail_code(call, MALFORMED, pointer, "invalid", "%s", why);
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
		bool words = c->comparison == HAS_TEXT;
		c->comparison = IS_NULL;
		if (words || c->through || c->column->type == T_SUBJECT)
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
		add_value(call, c, is_array ? json_object_array_get_idx(array, i) : value, pointer);
	if (c->comparison == HAS_TEXT && c->n_values)
		parse_text(call, table, c, pointer);
}

/* ---- the request ---- */

static bool general(struct call *call, const struct table *table, const char *key,
    struct json_object *value, bool textual, struct list_request *out)
{
	const char *pointer = arena_printf(call->arena, "/%s", key);
	str text;
	size_t which = 0;
	while (which < LIST_FIELDS && strcmp(key, list_fields[which].name) != 0)
		which++;
	const struct field *f = &list_fields[which];
	switch (which) {
	case LIST_LIMIT: decode_value(call, f, value, textual, pointer, &out->limit); break;
	case LIST_SORT:
		if (decode_value(call, f, value, textual, pointer, &text))
			out->sort = arena_text(call->arena, text.p, text.n);
		break;
	case LIST_CURSOR: decode_value(call, f, value, textual, pointer, &out->cursor); break;
	case LIST_TOTAL: decode_value(call, f, value, textual, pointer, &out->include_total); break;
	case LIST_DELETED:
		if (!table->soft_delete)
			return false;
		decode_value(call, f, value, textual, pointer, &out->deleted);
		break;
	default: return false;
	}
	return true;
}

/* How many comparisons the statement makes of a condition, beside those of words. */
static size_t weight(const struct condition *c)
{
	size_t n = c->kind == CONDITION_LEAF ? 1 + c->n_values : 0;
	for (size_t i = 0; i < c->n; i++)
		n += weight(&c->children[i]);
	return n;
}

/* A word is looked for in the whole document of each row: 40,000 rows took 22 s for 140 words. */
static size_t words(const struct condition *c)
{
	size_t n = c->search ? c->search->n : 0;
	for (size_t i = 0; i < c->n; i++)
		n += words(&c->children[i]);
	return n;
}

static error finish(struct call *call, const struct table *table, const struct list_spec *spec,
    struct list_request *out)
{
	for (size_t i = 0; i < out->where.n && !out->search; i++)
		if (out->where.children[i].search && out->where.children[i].search->n)
			out->search = &out->where.children[i];
	/* What is deleted is in no posting. */
	if (out->deleted)
		out->search = NULL;
	out->by_relevance = out->search && !out->search->named && !out->sort;
	if (!out->sort)
		out->sort = spec->sorts[0];
	struct sort_keys keys;
	/* A body of 1 MiB could ask for more than the database takes, and keep it busy for seconds
	 * with what it does take. */
	if (!call->problem.n_fields && weight(&out->where) > WEIGHT_MAX)
		return fail_code(call, MALFORMED, "where", "range",
		    "must have fewer conditions: all their values together may be %d", WEIGHT_MAX);
	if (!call->problem.n_fields && words(&out->where) > QUERY_WORDS)
		return fail_code(call, MALFORMED, "where", "range",
		    "must look for fewer words: those of all q together may be %d", QUERY_WORDS);
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
			if (general(call, table, key, value, true, out))
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
			else if (!general(call, table, key, value, false, out))
				(void)!fail_code(call, MALFORMED, key, "unknown_field",
				    "there is no field \"%.80s\" here", key);
		}
	}
	return finish(call, table, spec, out);
}

static const char *sort_name(const char *sort) { return sort[0] == '-' ? sort + 1 : sort; }

static error unknown_sort(
    struct call *call, const struct table *table, const struct list_spec *spec, str name)
{
	struct buf known = { 0 };
	for (const char *const *s = spec->sorts; *s; s++)
		buf_printf(&known, "%s%s", known.n ? ", " : "", sort_name(*s));
	error e = fail_code(call, MALFORMED, "sort", "unknown_field",
	    "\"%.*s\": %s can be sorted by %.*s", (int)(name.n > 60 ? 60 : name.n), name.p,
	    table->name, (int)known.n, known.p);
	buf_free(&known);
	return e;
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
			known = str_is(name, sort_name(*s));
		if (!known || out->n == SORT_KEYS - 1)
			return unknown_sort(call, table, spec, name);
		out->v[out->n++] =
		    (struct sort_key) { field_find(&table->columns, name), descending };
	}
	if (!out->n)
		return fail_code(call, MALFORMED, "sort", "required", "must name a field");
	out->v[out->n] = (struct sort_key) { table->id, out->v[0].descending };
	out->n++;
	return OK;
}
