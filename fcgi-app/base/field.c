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
