/* out.c: see out.h. */
#include "core/out.h"

#include <stdlib.h>

#include "core/decode.h"

static const void *member(const struct field *f, const void *values)
{
	return (const char *)values + f->offset;
}

void out_begin(const struct field_set *set, void *values)
{
	memset(values, 0, set->size);
	for (uint32_t i = 0; i < set->n; i++) {
		void *value = (char *)values + set->v[i].offset;
		if (set->v[i].type == T_OBJECT)
			out_begin(set->v[i].of, value);
		else
			decode_none(&set->v[i], value);
	}
}

/* A list is never null: what has no items is the empty one. */
static bool none(const struct field *f, const void *value)
{
	switch (f->type) {
	case T_ID: return !((const uuid *)value)->text[0];
	case T_INT: return *(const int64_t *)value == INT_NONE;
	case T_ENUM: return *(const unsigned *)value == 0;
	case T_MONEY: return money_none(*(const money *)value);
	case T_DAY: return day_none(*(const day *)value);
	case T_INSTANT: return instant_none(*(const instant *)value);
	case T_SUBJECT: return !((const subject *)value)->object[0];
	case T_TEXT:
	case T_BYTES: return str_none(*(const str *)value);
	case T_JSON:
	case T_ROW: return str_none(((const json_text *)value)->json);
	case T_OBJECT: return none(&f->of->v[0], member(&f->of->v[0], value));
	case T_LIST:
	case T_IDS:
	case T_TEXTS:
	case T_MAP: return ((const list *)value)->n == 0;
	case T_BOOL: break;
	}
	return false;
}

static void write_value(struct json *out, const struct field *f, const void *value);

static void write_list(struct json *out, const struct field *f, const list *items)
{
	json_array(out);
	for (size_t i = 0; i < items->n; i++)
		if (f->type == T_IDS)
			json_uuid(out, ((const uuid *)items->items)[i].text);
		else if (f->type == T_TEXTS)
			json_string(out, ((const str *)items->items)[i]);
		else
			out_write(out, f->of, (const char *)items->items + i * f->of->size);
	json_array_end(out);
}

static void write_map(struct json *out, const struct field_set *of, const list *items)
{
	json_object(out);
	for (size_t i = 0; i < items->n; i++) {
		const void *item = (const char *)items->items + i * of->size;
		json_key_str(out, *(const str *)member(&of->v[0], item));
		write_value(out, &of->v[1], member(&of->v[1], item));
	}
	json_object_end(out);
}

static void write_subject(struct json *out, const subject *s)
{
	if (!s->object[0]) {
		json_null(out);
		return;
	}
	json_object(out);
	json_key(out, "object");
	json_text_value(out, s->object);
	json_key(out, "id");
	json_uuid(out, s->id.text);
	json_object_end(out);
}

static void write_value(struct json *out, const struct field *f, const void *value)
{
	const struct field *rule = field_rule(f);
	switch (f->type) {
	case T_ID: json_uuid(out, ((const uuid *)value)->text); return;
	case T_TEXT: json_string(out, *(const str *)value); return;
	case T_INT: json_int(out, *(const int64_t *)value); return;
	case T_BOOL: json_bool(out, *(const bool *)value); return;
	case T_ENUM:
		json_text_value(out, none(f, value) ? NULL : rule->names[*(const unsigned *)value]);
		return;
	case T_MONEY: json_money(out, *(const money *)value); return;
	case T_DAY: json_day(out, *(const day *)value); return;
	case T_INSTANT: json_instant(out, *(const instant *)value); return;
	case T_JSON:
	case T_ROW:
		if (none(f, value) && ((f->flags | rule->flags) & F_ARRAY))
			json_raw(out, STR("[]"));
		else
			json_raw(out, ((const json_text *)value)->json);
		return;
	case T_SUBJECT: write_subject(out, value); return;
	case T_OBJECT:
		if ((f->flags & F_NULLABLE) && none(f, value))
			json_null(out);
		else
			out_write(out, f->of, value);
		return;
	case T_LIST:
	case T_IDS:
	case T_TEXTS: write_list(out, f, value); return;
	case T_MAP: write_map(out, f->of, value); return;
	case T_BYTES: break;
	}
	abort(); /* bytes never leave the program */
}

void out_members(struct json *out, const struct field_set *set, const void *values)
{
	for (uint32_t i = 0; i < set->n; i++) {
		const struct field *f = &set->v[i];
		if ((f->flags & F_PRIVATE) ||
		    ((f->flags & F_OPTIONAL) && none(f, member(f, values))))
			continue;
		json_key(out, f->name);
		write_value(out, f, member(f, values));
	}
}

void out_write(struct json *out, const struct field_set *set, const void *values)
{
	json_object(out);
	out_members(out, set, values);
	json_object_end(out);
}
