/*
 * import_line.c: from the cells of a line to values, as the input of the API's own operations takes
 * them. Reads loosely (core/loose.h), with the style of the whole column; what it does not
 * understand with certainty is an error of the line, never a guess. Tests:
 * tests/http/imports.test.mjs
 */
#include "modules/imports.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

#include "http/http.h"

enum { PARTS = 20 };

/* ---- what is wrong ---- */

static const char *label_of(const struct import_plan *plan, const char *field)
{
	for (size_t i = 0; field && i < plan->targets.n; i++)
		if (!strcmp(plan->targets.items[i].field, field))
			return plan->targets.items[i].label;
	return NULL;
}

static void add_error(struct import_line *line, const char *text)
{
	for (size_t i = 0; i < line->n_errors; i++)
		if (!strcmp(line->errors[i], text))
			return;
	if (line->n_errors < LINE_ERRORS)
		line->errors[line->n_errors++] = text;
}

void import_bad(struct import_line *line, const char *field, const char *format, ...)
{
	char text[512];
	const char *label = label_of(line->plan, field);
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	add_error(line, label ? arena_printf(line->arena, "%s: %s", label, text)
			      : arena_text(line->arena, text, strlen(text)));
}

/* "/emails/0/address" is the field "emails[].address". */
static const char *field_at(struct arena *a, const char *pointer)
{
	char *field = arena_alloc(a, strlen(pointer) + 3), *end = field;
	for (const char *p = pointer + (*pointer == '/'); *p; p++) {
		if (p[0] == '/' && isdigit((unsigned char)p[1])) {
			while (isdigit((unsigned char)p[1]))
				p++;
			*end++ = '[';
			*end++ = ']';
		} else {
			*end++ = *p == '/' ? '.' : *p;
		}
	}
	*end = 0;
	char *id = end - field > 3 ? end - 3 : NULL;
	if (id && !strcmp(id, "_id"))
		*id = 0;
	return field;
}

void import_refused(struct import_line *line, const struct call *call, error kind)
{
	const struct problem *p = &call->problem;
	for (size_t i = 0; i < p->n_fields; i++)
		import_bad(
		    line, field_at(line->arena, p->fields[i].pointer), "%s", p->fields[i].detail);
	if (!p->n_fields)
		import_bad(line, NULL, "%s", p->detail ? p->detail : problem_title(kind));
}

/* ---- cells ---- */

str import_cell(const struct import_line *line, size_t column)
{
	return column < line->cells.n ? loose_text(line->cells.cells[column]) : STR("");
}

/* The first column of the field with a value; the number of columns when there is none. */
static size_t column_of(const struct import_line *line, const char *field)
{
	const struct import_plan *plan = line->plan;
	for (size_t i = 0; i < plan->n; i++)
		if (plan->columns[i].field.target &&
		    !strcmp(plan->columns[i].field.target->field, field) && import_cell(line, i).n)
			return i;
	return plan->n;
}

/* Line breaks within a name or a street are a space; other control characters are nothing. */
static str clean(struct arena *a, str text, bool lines)
{
	bool dirty = false;
	for (size_t i = 0; i < text.n && !dirty; i++)
		dirty = (unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f;
	if (!dirty)
		return text;
	char *out = arena_alloc(a, text.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		bool space = c == '\n' || c == '\r' || c == '\t';
		if (space && !lines && n && out[n - 1] != ' ')
			out[n++] = ' ';
		else if ((space && lines) || (!space && (unsigned char)c >= 0x20 && c != 0x7f))
			out[n++] = c;
	}
	return str_trim((str) { out, n });
}

static str cell_text(const struct import_line *line, const char *field, bool lines)
{
	size_t column = column_of(line, field);
	if (column == line->plan->n)
		return (str) { NULL, 0 };
	str text = clean(line->arena, import_cell(line, column), lines);
	return text.n ? text : (str) { NULL, 0 };
}

str import_text(const struct import_line *line, const char *field)
{
	return cell_text(line, field, false);
}
str import_lines(const struct import_line *line, const char *field)
{
	return cell_text(line, field, true);
}

size_t import_texts(const struct import_line *line, const char *field, str *out, size_t cap)
{
	size_t n = 0;
	bool emails = !strcmp(field, "emails[].address");
	for (size_t i = 0; i < line->plan->n && n < cap; i++) {
		const struct header_target *target = line->plan->columns[i].field.target;
		if (!target || strcmp(target->field, field) != 0)
			continue;
		str text = clean(line->arena, import_cell(line, i), false);
		if (emails && text.n)
			n += loose_list(text, out + n, cap - n);
		else if (text.n)
			out[n++] = text;
	}
	return n;
}

/* ---- into the input of an operation ---- */

void import_put(struct json_object *input, const char *name, str text)
{
	json_object_object_add(
	    input, name, json_object_new_string_len(text.p ? text.p : "", (int)text.n));
}

void import_put_id(struct json_object *input, const char *name, const char id[37])
{
	json_object_object_add(input, name, json_object_new_string(id));
}

void import_put_text(struct import_line *line, struct json_object *input, const char *name)
{
	str text = import_text(line, name);
	if (text.n)
		import_put(input, name, text);
}

static int shown(str text) { return (int)(text.n > 40 ? 40 : text.n); }

void import_put_day(struct import_line *line, struct json_object *input, const char *name)
{
	size_t column = column_of(line, name);
	char text[DAY_TEXT];
	day value;
	if (column == line->plan->n)
		return;
	str cell = import_cell(line, column);
	if (!loose_day(line->plan->columns[column].dates, cell, &value)) {
		import_bad(line, name, "\"%.*s\" is no date", shown(cell), cell.p);
		return;
	}
	day_format(value, text);
	import_put(input, name, str_of(text));
}

void import_put_int(struct import_line *line, struct json_object *input, const char *name)
{
	size_t column = column_of(line, name);
	int64_t value;
	if (column == line->plan->n)
		return;
	str cell = import_cell(line, column);
	if (loose_int(line->plan->columns[column].numbers, cell, &value))
		json_object_object_add(input, name, json_object_new_int64(value));
	else
		import_bad(line, name, "\"%.*s\" is no whole number", shown(cell), cell.p);
}

void import_put_money(struct import_line *line, struct json_object *input, const char *name)
{
	size_t column = column_of(line, name);
	char own[4] = "", amount[DECIMAL_TEXT];
	money value;
	if (column == line->plan->n)
		return;
	str cell = import_cell(line, column), currency = import_text(line, "currency");
	snprintf(own, sizeof own, "%s", line->plan->currency);
	if (currency.n == 3)
		for (size_t i = 0; i < 3; i++)
			own[i] = (char)toupper((unsigned char)currency.p[i]);
	else if (currency.n)
		import_bad(line, "currency", "\"%.*s\" is no ISO 4217 code such as EUR",
		    shown(currency), currency.p);
	if (!loose_money(line->plan->columns[column].numbers, cell, own, &value)) {
		import_bad(line, name, "\"%.*s\" is no amount of money", shown(cell), cell.p);
		return;
	}
	struct json_object *made = json_object_new_object();
	decimal_format(value.hundredths, amount);
	import_put(made, "amount", str_of(amount));
	import_put(made, "currency", str_of(value.currency));
	json_object_object_add(input, name, made);
}

/* ---- e-mails, phones and addresses ---- */

/* The part of "phones[].value" behind the brackets, when the field is of this family; else NULL. */
static const char *part_name(const char *field, const char *family)
{
	size_t n = strlen(family);
	return !strncmp(field, family, n) && !strncmp(field + n, "[].", 3) ? field + n + 3 : NULL;
}

struct part {
	uint16_t slot;
	const char *type;
	bool starred, valued;
	struct json_object *o;
};

static struct part *part_at(struct part *parts, size_t *n, uint16_t slot)
{
	for (size_t i = 0; i < *n; i++)
		if (parts[i].slot == slot)
			return &parts[i];
	parts[*n] = (struct part) { .slot = slot, .o = json_object_new_object() };
	return &parts[(*n)++];
}

static bool said_before(const struct part *parts, size_t n, const char *name, str value)
{
	struct json_object *there;
	for (size_t i = 0; i < n; i++)
		if (json_object_object_get_ex(parts[i].o, name, &there) &&
		    value.n == (size_t)json_object_get_string_len(there) &&
		    !strncasecmp(json_object_get_string(there), value.p, value.n))
			return true;
	return false;
}

/* Some programs put several addresses into one cell. */
static void add_emails(struct part *parts, size_t *n, const struct part *like, str cell)
{
	str items[8];
	size_t m = loose_list(cell, items, sizeof items / sizeof *items);
	for (size_t i = 1; i < m && *n < PARTS; i++)
		if (!said_before(parts, *n, "address", items[i])) {
			struct part *part = &parts[(*n)++];
			*part = (struct part) { .slot = (uint16_t)(CSV_COLUMNS + *n),
				.type = like->type,
				.valued = true,
				.o = json_object_new_object() };
			import_put(part->o, "address", items[i]);
		}
}

static void take_part(struct import_line *line, struct part *parts, size_t *n,
    const struct import_column *c, const char *name, size_t column)
{
	str cell = clean(line->arena, import_cell(line, column), false);
	bool email = !strcmp(name, "address") && !strncmp(c->field.target->field, "emails", 6),
	     phone = !strcmp(name, "value");
	if (!cell.n)
		return;
	if (phone)
		cell = loose_phone(cell);
	str items[8], first = cell;
	if (email && loose_list(cell, items, sizeof items / sizeof *items))
		first = items[0];
	if ((email || phone) && said_before(parts, *n, name, first))
		return;
	struct part *part = part_at(parts, n, c->field.slot);
	if (!strcmp(name, "type")) {
		const char *type = header_type(cell);
		part->type = type ? type : "other";
		part->starred = cell.p[0] == '*';
		return;
	}
	if (!part->type && c->field.type)
		part->type = c->field.type;
	part->valued = true;
	import_put(part->o, name, first);
	if (email)
		add_emails(parts, n, part, cell);
}

void import_put_parts(struct import_line *line, struct json_object *input, const char *family)
{
	struct part parts[CSV_COLUMNS + PARTS];
	size_t n = 0, kept = 0;
	bool primary = false, has_primary = strcmp(family, "addresses") != 0;
	for (size_t i = 0; i < line->plan->n && n < CSV_COLUMNS; i++) {
		const struct import_column *c = &line->plan->columns[i];
		const char *name =
		    c->field.target ? part_name(c->field.target->field, family) : NULL;
		if (name)
			take_part(line, parts, &n, c, name, i);
	}
	struct json_object *made = json_object_new_array();
	for (size_t i = 0; i < n; i++) {
		if (!parts[i].valued || kept == PARTS) {
			json_object_put(parts[i].o);
			continue;
		}
		if (parts[i].type)
			import_put(parts[i].o, "type", str_of(parts[i].type));
		if (parts[i].starred && has_primary && !primary) {
			json_object_object_add(
			    parts[i].o, "primary", json_object_new_boolean(true));
			primary = true;
		}
		json_object_array_add(made, parts[i].o);
		kept++;
	}
	if (kept)
		json_object_object_add(input, family, made);
	else
		json_object_put(made);
}

/* ---- what has no column ---- */

str import_note(const struct import_line *line, const char *const *extras)
{
	struct buf b = { 0 };
	str notes = import_lines(line, "notes");
	buf_str(&b, notes.n ? notes : STR(""));
	for (; extras && *extras; extras++) {
		str value = import_text(line, *extras);
		if (value.n)
			buf_printf(&b, "%s%s: %.*s", b.n ? "\n" : "", label_of(line->plan, *extras),
			    (int)value.n, value.p);
	}
	str made = { b.n ? arena_text(line->arena, b.p, b.n) : NULL, b.n };
	buf_free(&b);
	return made;
}
