/*
 * import_map.c: which column of an imported file is which field, and how its dates and numbers are
 * written. The proposal is core/header_guess.c's; a person confirms or changes it. Kept as JSON in
 * imports.columns and imports.mapping. Tests: tests/http/imports.test.mjs
 */
#include "modules/imports.h"

#include <stdio.h>

enum { FIRST_ROWS = 50, SAMPLES = 3, SAMPLE_BYTES = 120, VALUES = 50000, VALUES_IN_ALL = 1000000 };

static const char *const order_names[] = {
	[DATE_DMY] = "dmy", [DATE_MDY] = "mdy", [DATE_YMD] = "ymd"
};
/* The same where dates with a slash have day and month the other way round. */
static const char *const swapped_names[] = {
	[DATE_DMY] = "dmy/mdy",
	[DATE_MDY] = "mdy/dmy",
};

static struct header_targets targets_of(const struct import *import)
{
	struct header_targets targets;
	if (!header_targets(str_of(import_object_name(import->object)), &targets))
		abort(); /* each object of the schema has its fields */
	return targets;
}

/* ---- looking at a file ---- */

struct looked { /* at one column */
	bool styled;
	str *values;
	size_t n;
	struct json_object *samples;
};

static str kept(struct arena *a, str text)
{
	return (str) { arena_text(a, text.p, text.n), text.n };
}

static str sample(str text)
{
	size_t n = 0;
	for (bool good; n < text.n;) {
		size_t step = utf8_step(text.p + n, text.n - n, &good);
		if (n + step > SAMPLE_BYTES)
			break;
		n += step;
	}
	return (str) { text.p, n };
}

static void add_sample(struct json_object *samples, str text)
{
	size_t n = json_object_array_length(samples);
	str shown = sample(text);
	if (n == SAMPLES || !shown.n)
		return;
	for (size_t i = 0; i < n; i++)
		if (str_is(shown, json_object_get_string(json_object_array_get_idx(samples, i))))
			return;
	json_object_array_add(samples, json_object_new_string_len(shown.p, (int)shown.n));
}

static error first_rows(
    struct call *call, const struct import *import, struct csv_row *rows, size_t *n)
{
	struct import_reader r;
	struct csv_row row;
	const char *bad;
	*n = 0;
	TRY(import_reader_open(call, import, 0, false, &r));
	for (bool have = true; *n < FIRST_ROWS;) {
		TRY(import_reader_next(&r, &row, &bad, &have));
		if (!have)
			return OK;
		if (!bad)
			rows[(*n)++] = row;
	}
	return OK;
}

/* Values are taken from all over the file, so that the one date that tells day from month counts
 * wherever it stands. */
static error collect(struct call *call, const struct import *import, int64_t from, int64_t rows,
    struct looked *looks, size_t n)
{
	struct import_reader r;
	struct csv_row row;
	const char *bad;
	size_t styled = 0, cap;
	for (size_t i = 0; i < n; i++)
		styled += looks[i].styled;
	cap = styled ? VALUES_IN_ALL / styled : 0;
	cap = cap > VALUES ? VALUES : cap;
	for (size_t i = 0; i < n; i++)
		if (looks[i].styled)
			looks[i].values = ARENA_ARRAY(
			    call->arena, (size_t)rows < cap ? (size_t)rows + 1 : cap + 1, str);
	int64_t stride = cap ? rows / (int64_t)cap + 1 : 1;
	TRY(import_reader_open(call, import, from, true, &r));
	for (int64_t at = 0;; at++) {
		bool have;
		TRY(import_reader_next(&r, &row, &bad, &have));
		if (!have)
			return OK;
		for (size_t i = 0; i < n && i < row.n && !bad; i++) {
			str text = loose_text(row.cells[i]);
			if (at < FIRST_ROWS * 10)
				add_sample(looks[i].samples, text);
			if (looks[i].styled && text.n && text.n < 64 && at % stride == 0 &&
			    looks[i].n < cap)
				looks[i].values[looks[i].n++] = kept(call->arena, text);
		}
	}
}

static bool needs_style(
    const struct header_guess *guess, const struct csv_row *rows, size_t n, size_t column)
{
	static const char *const fields[] = { "birthday", "opened_on", "expected_close_on",
		"closed_on", "amount", "employees" };
	for (size_t i = 0; guess->target && i < sizeof fields / sizeof *fields; i++)
		if (!strcmp(guess->target->field, fields[i]))
			return true;
	for (size_t i = 0; i < n; i++) {
		enum look look =
		    column < rows[i].n ? loose_look(loose_text(rows[i].cells[column])) : LOOK_EMPTY;
		if (look == LOOK_DAY || look == LOOK_NUMBER)
			return true;
	}
	return false;
}

static void put(struct json_object *o, const char *name, const char *text)
{
	json_object_object_add(o, name, json_object_new_string(text));
}

static struct json_object *column_json(struct call *call, size_t number, str header,
    const struct header_guess *guess, const struct looked *look)
{
	struct json_object *o = json_object_new_object();
	struct date_style dates = date_style_guess(look->values, look->n);
	struct number_style numbers = number_style_guess(look->values, look->n);
	char decimal[2] = { numbers.decimal, 0 };
	json_object_object_add(o, "number", json_object_new_int((int)number));
	json_object_object_add(o, "header", json_object_new_string_len(header.p, (int)header.n));
	put(o, "field", guess->target ? guess->target->field : "");
	put(o, "guess", header_field(call->arena, guess));
	json_object_object_add(o, "samples", json_object_get(look->samples));
	if (dates.dates > dates.others) {
		put(o, "date_order",
		    (dates.slash_swapped ? swapped_names : order_names)[dates.order]);
		json_object_object_add(o, "date_pivot", json_object_new_int(dates.pivot));
	}
	if (numbers.numbers)
		put(o, "decimal", decimal);
	if ((dates.dates > dates.others && dates.ambiguous) ||
	    (numbers.numbers && numbers.ambiguous))
		json_object_object_add(o, "ambiguous", json_object_new_boolean(true));
	return o;
}

static str header_of(
    struct call *call, const struct csv_row *rows, size_t n, bool header, size_t column)
{
	str name = header && n ? sample(csv_cell(&rows[0], column)) : STR("");
	return name.n ? kept(call->arena, name)
		      : str_of(arena_printf(call->arena, "Column %zu", column + 1));
}

error import_look(struct call *call, struct import *import, enum header_mode mode)
{
	struct csv_row *rows = ARENA_ARRAY(call->arena, FIRST_ROWS, struct csv_row);
	struct header_map map;
	size_t n;
	int64_t all = import->total + (!str_none(import->columns.json) && import->has_header);
	TRY(first_rows(call, import, rows, &n));
	if (!n)
		return fail_code(call, INVALID, "file", "unreadable",
		    "None of the first rows can be read as a table.");
	header_guess(call->arena, targets_of(import), rows, n, mode, &map);
	import->has_header = map.header;
	import->total = all - map.header;
	struct looked *looks = ARENA_ARRAY(call->arena, map.n + 1, struct looked);
	for (size_t i = 0; i < map.n; i++) {
		looks[i].styled =
		    needs_style(&map.columns[i], rows + map.header, n - map.header, i);
		looks[i].samples = json_object_new_array();
		json_keep(call->arena, looks[i].samples);
	}
	TRY(collect(call, import, map.header, import->total, looks, map.n));
	struct json_object *columns = json_object_new_array(), *mapping = json_object_new_object();
	json_keep(call->arena, columns);
	json_keep(call->arena, mapping);
	for (size_t i = 0; i < map.n; i++) {
		str header = header_of(call, rows, n, map.header, i);
		char number[24];
		snprintf(number, sizeof number, "%zu", i);
		json_object_array_add(
		    columns, column_json(call, i, header, &map.columns[i], &looks[i]));
		if (map.columns[i].target)
			put(mapping, number, header_field(call->arena, &map.columns[i]));
	}
	import->columns = json_kept(call->arena, columns);
	import->mapping = json_kept(call->arena, mapping);
	return OK;
}

/* ---- as it is stored ---- */

static str text_of(struct json_object *o, const char *name)
{
	struct json_object *value;
	if (!json_object_object_get_ex(o, name, &value) ||
	    !json_object_is_type(value, json_type_string))
		return STR("");
	return (str) { json_object_get_string(value), (size_t)json_object_get_string_len(value) };
}

static struct date_style dates_of(struct json_object *o)
{
	struct date_style style = { .order = DATE_DMY, .pivot = DATE_PIVOT };
	struct json_object *pivot;
	str order = text_of(o, "date_order");
	for (size_t i = 0; i < sizeof order_names / sizeof *order_names; i++)
		if (str_is(order, order_names[i]))
			style.order = (enum date_order)i;
	for (size_t i = 0; i < sizeof swapped_names / sizeof *swapped_names; i++)
		if (str_is(order, swapped_names[i])) {
			style.order = (enum date_order)i;
			style.slash_swapped = true;
		}
	if (json_object_object_get_ex(o, "date_pivot", &pivot))
		style.pivot = json_object_get_int(pivot);
	return style;
}

static void read_column(struct call *call, struct import_plan *plan, struct json_object *o,
    struct json_object *mapping, size_t i)
{
	struct import_column *c = &plan->columns[i];
	char number[24];
	snprintf(number, sizeof number, "%zu", i);
	c->header = text_of(o, "header");
	str decimal = text_of(o, "decimal");
	c->numbers.decimal = decimal.n ? decimal.p[0] : '.';
	c->dates = dates_of(o);
	json_object_object_get_ex(o, "samples", &c->samples);
	/* What is stored was written here: what cannot be read (an older program's field) is left
	 * out. */
	(void)header_field_read(plan->targets, text_of(o, "guess"), &c->guess);
	(void)header_field_read(plan->targets, text_of(mapping, number), &c->field);
	/* Nobody was born in the future. */
	int year, month, mday;
	day_civil((day) { (int32_t)(call->now.us / INT64_C(86400000000)) }, &year, &month, &mday);
	if (c->field.target && !strcmp(c->field.target->field, "birthday"))
		c->dates.pivot = year % 100 + 1;
}

error import_plan_read(struct call *call, const struct import *import, struct import_plan *out)
{
	struct my_company_row company;
	const char *why;
	struct json_object *columns = json_read(call->arena, import->columns.json, &why);
	struct json_object *mapping = str_none(import->mapping.json)
					  ? NULL
					  : json_read(call->arena, import->mapping.json, &why);
	TRY(query_one(call, &my_company_query, NULL, &company));
	*out = (struct import_plan) { .import = import,
		.kind = import_kind_of(import->object),
		.targets = targets_of(import) };
	snprintf(out->currency, sizeof out->currency, "%.*s", (int)company.currency.n,
	    company.currency.p);
	out->n =
	    json_object_is_type(columns, json_type_array) ? json_object_array_length(columns) : 0;
	out->columns = ARENA_ARRAY(call->arena, out->n + 1, struct import_column);
	for (size_t i = 0; i < out->n; i++)
		read_column(call, out, json_object_array_get_idx(columns, i), mapping, i);
	return OK;
}

bool import_has(const struct import_plan *plan, const char *field)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->columns[i].field.target &&
		    !strcmp(plan->columns[i].field.target->field, field))
			return true;
	return false;
}

/* ---- as a client gives it ---- */

static str family_of(const struct header_target *t)
{
	str name = str_of(t->field), family, rest;
	return str_cut(name, '[', &family, &rest) ? family : (str) { NULL, 0 };
}

/* The first slot of the family in which this field is free; a value that each column has of its own
 * (a phone) takes one of its own. */
static uint16_t free_slot(const struct import_plan *plan, const struct header_target *t)
{
	for (uint16_t slot = 0;; slot++) {
		bool taken = false;
		for (size_t i = 0; i < plan->n && !taken; i++) {
			const struct header_guess *f = &plan->columns[i].field;
			taken = f->target && f->slot == slot &&
				str_eq(family_of(f->target), family_of(t)) &&
				(t->each || f->target == t);
		}
		if (!taken)
			return slot;
	}
}

static const struct header_target *target_plain(struct header_targets targets, str field)
{
	for (size_t i = 0; i < targets.n; i++)
		if (str_is(field, targets.items[i].field))
			return &targets.items[i];
	return NULL;
}

static error take(struct call *call, struct import_plan *plan, size_t i, str field)
{
	struct import_column *c = &plan->columns[i];
	const struct header_target *plain = target_plain(plan->targets, field);
	const char *at = arena_printf(call->arena, "mapping/%zu", i);
	if (plain && plain == c->guess.target)
		c->field = c->guess;
	else if (plain)
		c->field = (struct header_guess) { .target = plain,
			.slot = str_none(family_of(plain)) ? 0 : free_slot(plan, plain) };
	else if (!header_field_read(plan->targets, field, &c->field))
		return fail_code(call, INVALID, at, "choice", "there is no field \"%.*s\"",
		    (int)(field.n > 60 ? 60 : field.n), field.p);
	for (size_t k = 0; k < plan->n; k++) {
		const struct header_guess *other = &plan->columns[k].field;
		if (k != i && other->target && other->target == c->field.target &&
		    other->slot == c->field.slot)
			return fail_code(call, INVALID, at, "duplicate",
			    "\"%s\" stands twice: columns %zu and %zu", other->target->label, k + 1,
			    i + 1);
	}
	return OK;
}

/* Columns that keep their proposal come first, so that others find their slots taken. */
static error take_all(
    struct call *call, struct import_plan *plan, struct json_object *mapping, bool proposed)
{
	json_object_object_foreach(mapping, key, value)
	{
		int64_t i;
		str field = STR("");
		if (!int_parse(str_of(key), &i) || i < 0 || (size_t)i >= plan->n)
			return fail_code(call, INVALID,
			    arena_printf(call->arena, "mapping/%.20s", key), "not_found",
			    "the file has no such column");
		if (value && !json_object_is_type(value, json_type_string))
			return fail_code(call, INVALID,
			    arena_printf(call->arena, "mapping/%.20s", key), "type",
			    "must be the name of a field");
		if (value)
			field = (str) { json_object_get_string(value),
				(size_t)json_object_get_string_len(value) };
		const struct header_target *plain = target_plain(plan->targets, field);
		if (field.n && (plain && plain == plan->columns[i].guess.target) == proposed)
			TRY(take(call, plan, (size_t)i, field));
	}
	return OK;
}

error import_map(struct call *call, struct import *import, json_text given_mapping)
{
	struct import_plan plan;
	const char *why;
	struct json_object *mapping =
	    str_none(given_mapping.json) ? NULL : json_read(call->arena, given_mapping.json, &why);
	struct json_object *columns = json_read(call->arena, import->columns.json, &why),
			   *fields = json_object_new_object();
	json_keep(call->arena, fields);
	if (!json_object_is_type(mapping, json_type_object))
		return fail_code(
		    call, INVALID, "mapping", "type", "must be as {\"0\":\"first_name\"}");
	TRY(import_plan_read(call, import, &plan));
	for (size_t i = 0; i < plan.n; i++)
		plan.columns[i].field = (struct header_guess) { 0 };
	TRY(take_all(call, &plan, mapping, true));
	TRY(take_all(call, &plan, mapping, false));
	for (size_t i = 0; i < plan.n; i++) {
		const struct header_guess *field = &plan.columns[i].field;
		char number[24];
		snprintf(number, sizeof number, "%zu", i);
		put(json_object_array_get_idx(columns, i), "field",
		    field->target ? field->target->field : "");
		if (field->target)
			put(fields, number, header_field(call->arena, field));
	}
	import->columns = json_kept(call->arena, columns);
	import->mapping = json_kept(call->arena, fields);
	return OK;
}
