/* field.c: see field.h. */
#include "base/field.h"

const struct field *field_find(const struct field_set *set, str name)
{
	for (uint32_t i = 0; i < set->n; i++)
		if (str_is(name, set->v[i].name))
			return &set->v[i];
	return NULL;
}

const struct subject_kind *subject_kind(const struct field *f, str object)
{
	const struct field *rule = field_rule(f);
	for (uint32_t i = 0; i < rule->n_kinds; i++)
		if (str_is(object, rule->kinds[i].object))
			return &rule->kinds[i];
	return NULL;
}

/* ---- values of columns ---- */

bool field_value_none(const struct field *f, const void *value)
{
	switch (f->type) {
	case T_ID: return !((const uuid *)value)->text[0];
	case T_INT: return *(const int64_t *)value == INT_NONE;
	case T_BOOL: return false;
	case T_ENUM: return *(const int *)value == 0;
	case T_MONEY: return money_none(*(const money *)value);
	case T_DAY: return day_none(*(const day *)value);
	case T_INSTANT: return instant_none(*(const instant *)value);
	case T_SUBJECT: return !((const subject *)value)->object[0];
	case T_TEXT:
	case T_BYTES: return str_none(*(const str *)value);
	case T_JSON: return str_none(((const json_text *)value)->json);
	case T_LIST:
	case T_IDS: return ((const list *)value)->items == NULL;
	case T_TEXTS:
	case T_OBJECT:
	case T_MAP:
	case T_ROW: break; /* no column is one */
	}
	return true;
}

bool field_value_equal(const struct field *f, const void *a, const void *b)
{
	bool none_a = field_value_none(f, a), none_b = field_value_none(f, b);
	if (none_a || none_b)
		return none_a && none_b;
	switch (f->type) {
	case T_ID: return !strcmp(((const uuid *)a)->text, ((const uuid *)b)->text);
	case T_INT: return *(const int64_t *)a == *(const int64_t *)b;
	case T_BOOL: return *(const bool *)a == *(const bool *)b;
	case T_ENUM: return *(const int *)a == *(const int *)b;
	case T_MONEY:
		return ((const money *)a)->hundredths == ((const money *)b)->hundredths &&
		       !strcmp(((const money *)a)->currency, ((const money *)b)->currency);
	case T_DAY: return ((const day *)a)->days == ((const day *)b)->days;
	case T_INSTANT: return ((const instant *)a)->us == ((const instant *)b)->us;
	case T_SUBJECT:
		return !strcmp(((const subject *)a)->object, ((const subject *)b)->object) &&
		       !strcmp(((const subject *)a)->id.text, ((const subject *)b)->id.text);
	case T_TEXT:
	case T_BYTES: return str_eq(*(const str *)a, *(const str *)b);
	case T_JSON: return str_eq(((const json_text *)a)->json, ((const json_text *)b)->json);
	case T_LIST:
	case T_IDS:
	case T_TEXTS:
	case T_OBJECT:
	case T_MAP:
	case T_ROW: break; /* no column is one */
	}
	return false;
}
