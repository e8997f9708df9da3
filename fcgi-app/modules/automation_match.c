/*
 * automation_match.c: whether conditions hold of a row, by the types of its fields; see
 * automations.h. Tests: tests/unit/automation_match_test.c
 */
#include "automations.h"

#include <stdlib.h>
#include <utf8proc.h>

/* Without case and accents. A text that is none is empty. */
static str folded(struct arena *a, str text)
{
	utf8proc_uint8_t *out = NULL;
	const utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
				      UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK;
	utf8proc_ssize_t n = text.n ? utf8proc_map((const utf8proc_uint8_t *)text.p,
					  (utf8proc_ssize_t)text.n, &out, how)
				    : 0;
	str result = n > 0 ? (str) { arena_text(a, (const char *)out, (size_t)n), (size_t)n }
			   : (str) { "", 0 };
	free(out);
	return result;
}

static bool has(str text, str part) { return part.n && memmem(text.p, text.n, part.p, part.n); }

/* Some text in the document, at any depth. */
static bool document_has(struct arena *a, struct json_object *value, str part)
{
	if (json_object_is_type(value, json_type_string))
		return has(folded(a, (str) { json_object_get_string(value),
					 (size_t)json_object_get_string_len(value) }),
		    part);
	if (json_object_is_type(value, json_type_array))
		for (size_t i = 0; i < json_object_array_length(value); i++)
			if (document_has(a, json_object_array_get_idx(value, i), part))
				return true;
	if (json_object_is_type(value, json_type_object)) {
		json_object_object_foreach(value, key, inner)
		{
			(void)key;
			if (document_has(a, inner, part))
				return true;
		}
	}
	return false;
}

static bool contains(struct arena *a, const struct field *f, const void *value, str part)
{
	const char *why;
	part = folded(a, part);
	if (f->type == T_TEXT)
		return has(folded(a, *(const str *)value), part);
	str document = ((const json_text *)value)->json;
	return !str_none(document) && document_has(a, json_read(a, document, &why), part);
}

static bool is_empty(struct arena *a, const struct field *f, const void *value)
{
	const char *why;
	if (field_value_none(f, value))
		return true;
	if (f->type == T_TEXT)
		return ((const str *)value)->n == 0;
	if (f->type != T_JSON)
		return false;
	struct json_object *tree = json_read(a, ((const json_text *)value)->json, &why);
	return json_object_is_type(tree, json_type_array) && json_object_array_length(tree) == 0;
}

static int compare_numbers(int64_t a, int64_t b) { return a < b ? -1 : a > b; }

/* False when one is not before or after the other: amounts of two currencies. */
static bool compare(const struct field *f, const void *a, const void *b, int *out)
{
	const money *x = a, *y = b;
	switch (f->type) {
	case T_INT: *out = compare_numbers(*(const int64_t *)a, *(const int64_t *)b); return true;
	case T_DAY:
		*out = compare_numbers(((const day *)a)->days, ((const day *)b)->days);
		return true;
	case T_INSTANT:
		*out = compare_numbers(((const instant *)a)->us, ((const instant *)b)->us);
		return true;
	case T_MONEY:
		*out = compare_numbers(x->hundredths, y->hundredths);
		return !strcmp(x->currency, y->currency);
	default: return false;
	}
}

static bool equal(struct arena *a, const struct field *f, const void *x, const void *y)
{
	if (f->type == T_TEXT)
		return str_eq(folded(a, *(const str *)x), folded(a, *(const str *)y));
	return field_value_equal(f, x, y);
}

static bool one_of(struct arena *a, const struct automation_condition *c, const void *value)
{
	for (size_t i = 0; i < c->n_values; i++)
		if (equal(a, c->field, value, c->values[i]))
			return true;
	return false;
}

static bool comparison(struct arena *a, const struct automation_condition *c, const void *row)
{
	const void *value = (const char *)row + c->field->offset;
	int order;
	switch (c->is) {
	case TEST_EMPTY: return is_empty(a, c->field, value);
	case TEST_NOT_EMPTY: return !is_empty(a, c->field, value);
	case TEST_EQ:
	case TEST_IN: return one_of(a, c, value);
	case TEST_NE: return !one_of(a, c, value);
	case TEST_CONTAINS: return contains(a, c->field, value, c->text);
	case TEST_LT:
	case TEST_GT:
		return !field_value_none(c->field, value) &&
		       compare(c->field, value, c->values[0], &order) &&
		       (c->is == TEST_LT ? order < 0 : order > 0);
	}
	return false;
}

bool automation_holds(struct arena *a, const struct automation_condition *c, const void *row)
{
	bool all = c->kind == HOLDS_ALL;
	if (c->kind == HOLDS_ALWAYS)
		return true;
	if (c->kind == HOLDS_FIELD)
		return comparison(a, c, row);
	for (size_t i = 0; i < c->n; i++)
		if (automation_holds(a, &c->children[i], row) != all)
			return !all;
	return all;
}
