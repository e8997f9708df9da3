/* field.c: see field.h. */
#include "base/field.h"

const struct field *field_find(const struct field_set *set, str name)
{
	for (uint32_t i = 0; i < set->n; i++)
		if (str_is(name, set->v[i].name))
			return &set->v[i];
	return NULL;
}
