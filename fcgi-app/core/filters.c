/*
 * filters.c: the table of the filters of templates, {{value|filter argument}}, and those that ask
 * yes or no, take lists apart or calculate. A filter takes a value of any type; what it has no
 * answer for is null, which a page shows as nothing. Texts: filters_text.c; dates, numbers and
 * money: filters_format.c;
 * names of programs: filters_program.c. Tests: tests/unit/filters_test.c
 */
#include "filters.h"
#include <math.h>
#include <stdlib.h>

static const struct filter filters[] = {
	{ "any_of", 1, FILTER_ARGUMENTS, true, filter_any_of },
	{ "at", 1, 1, false, filter_at },
	{ "contains", 1, 1, true, filter_contains },
	{ "count", 0, 0, false, filter_count },
	{ "date", 0, 0, false, filter_date },
	{ "datetime", 0, 0, false, filter_datetime },
	{ "default", 1, 1, false, filter_default },
	{ "empty", 0, 0, true, filter_empty },
	{ "first", 0, 0, false, filter_first },
	{ "hue", 0, 0, false, filter_hue },
	{ "initials", 0, 0, false, filter_initials },
	{ "is", 1, 1, true, filter_is },
	{ "isodate", 0, 0, false, filter_isodate },
	{ "isominute", 0, 0, false, filter_isominute },
	{ "join", 1, 1, false, filter_join },
	{ "json", 0, 0, false, filter_json },
	{ "label", 0, 0, false, filter_label },
	{ "money", 0, 0, false, filter_money },
	{ "money_short", 0, 0, false, filter_money_short },
	{ "nonempty", 0, 0, true, filter_nonempty },
	{ "not", 0, 0, true, filter_negate },
	{ "number", 0, 0, false, filter_number_text },
	{ "percent_of", 1, 1, false, filter_percent_of },
	{ "plus", 1, 1, false, filter_plus },
	{ "program", 0, 0, false, filter_program },
	{ "truncate", 1, 1, false, filter_truncate },
	{ "url", 0, 0, false, filter_url },
};

const struct filter *filter_find(str name)
{
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
		if (str_is(name, filters[i].name))
			return &filters[i];
	return NULL;
}

/* ---- For all filters ---- */

str filter_text(struct arena *arena, struct json_object *value)
{
	char scratch[VALUE_TEXT];
	str text = value_text(value, scratch);
	if (text.p == scratch)
		text.p = arena_text(arena, scratch, text.n);
	return text;
}

struct json_object *filter_made(struct buf *b)
{
	str text = buf_view(b);
	struct json_object *value = json_object_new_string_len(text.p, (int)text.n);
	buf_free(b);
	return value;
}

bool filter_number(struct arena *arena, struct json_object *value, double *out)
{
	struct json_object *amount;
	if (json_object_object_get_ex(value, "amount", &amount))
		value = amount;
	if (!json_object_is_type(value, json_type_int) &&
	    !json_object_is_type(value, json_type_double) &&
	    !json_object_is_type(value, json_type_string))
		return false;
	str text = filter_text(arena, value);
	const char *copy = arena_text(arena, text.p, text.n);
	char *end;
	if (!text.n || strspn(copy, "-.0123456789e+") != text.n)
		return false;
	double number = strtod(copy, &end);
	if (*end || !isfinite(number))
		return false;
	*out = number;
	return true;
}

/* ---- Yes or no ---- */

static struct json_object *answer(bool yes) { return json_object_new_boolean(yes); }

static bool same_text(struct json_object *a, struct json_object *b)
{
	char one[VALUE_TEXT], two[VALUE_TEXT];
	return str_eq(value_text(a, one), value_text(b, two));
}

static bool is_array(struct json_object *value)
{
	return json_object_is_type(value, json_type_array);
}

static bool no_text(struct json_object *value)
{
	return !value || (json_object_is_type(value, json_type_string) && !value_true(value));
}

static bool is_empty(struct json_object *value)
{
	if (is_array(value))
		return json_object_array_length(value) == 0;
	if (json_object_is_type(value, json_type_object))
		return json_object_object_length(value) == 0;
	return no_text(value);
}

FILTER(is) { return answer(same_text(value, args[0])); }

FILTER(negate) { return answer(!value_true(value)); }

FILTER(any_of)
{
	for (size_t i = 0; i < n; i++)
		if (same_text(value, args[i]))
			return answer(true);
	return answer(false);
}

/* A list of rows contains the id of each of them. */
FILTER(contains)
{
	size_t length = is_array(value) ? json_object_array_length(value) : 0;
	for (size_t i = 0; i < length; i++) {
		struct json_object *item = json_object_array_get_idx(value, i);
		if (json_object_is_type(item, json_type_object))
			item = json_object_object_get(item, "id");
		if (same_text(item, args[0]))
			return answer(true);
	}
	return answer(false);
}

FILTER(empty) { return answer(is_empty(value)); }

FILTER(nonempty) { return answer(!is_empty(value)); }

/* ---- Lists ---- */

FILTER(count)
{
	return json_object_new_int64(
	    is_array(value) ? (int64_t)json_object_array_length(value) : 0);
}

FILTER(first)
{
	return is_array(value) ? json_object_get(json_object_array_get_idx(value, 0)) : NULL;
}

/* The member of that name, which the page itself need not know. */
FILTER(at)
{
	struct json_object *found;
	str name = filter_text(arena, args[0]);
	if (!json_object_is_type(value, json_type_object) ||
	    !json_object_object_get_ex(
		value, arena_text(arena, name.p ? name.p : "", name.n), &found))
		return NULL;
	return json_object_get(found);
}

FILTER(join)
{
	char scratch[VALUE_TEXT];
	struct buf b = { 0 };
	str between = filter_text(arena, args[0]);
	size_t length = is_array(value) ? json_object_array_length(value) : 0;
	for (size_t i = 0; i < length; i++) {
		if (i)
			buf_str(&b, between);
		buf_str(&b, value_text(json_object_array_get_idx(value, i), scratch));
	}
	return filter_made(&b);
}

/* ---- Numbers ---- */

#define WHOLE_MAX 9e15 /* below it a double holds every whole number */

/* Towards nought: 100 is said when it is all, not before. */
FILTER(percent_of)
{
	double part, whole;
	if (!filter_number(arena, value, &part) || !filter_number(arena, args[0], &whole) ||
	    whole == 0)
		return json_object_new_int64(0);
	double percent = trunc(part * 100 / whole);
	return json_object_new_int64(fabs(percent) < WHOLE_MAX ? (int64_t)percent : 0);
}

FILTER(plus)
{
	double a, b;
	int64_t sum;
	if (json_object_is_type(value, json_type_int) &&
	    json_object_is_type(args[0], json_type_int) &&
	    !__builtin_add_overflow(
		json_object_get_int64(value), json_object_get_int64(args[0]), &sum))
		return json_object_new_int64(sum);
	if (!filter_number(arena, value, &a) || !filter_number(arena, args[0], &b) ||
	    !isfinite(a + b))
		return NULL;
	return json_object_new_double(a + b);
}

/* The argument in place of null and "". It is copied: a literal's references are not counted. */
FILTER(default)
{
	struct json_object *copy = NULL;
	if (!no_text(value))
		return json_object_get(value);
	if (args[0] && json_object_deep_copy(args[0], &copy, NULL))
		return NULL;
	return copy;
}
