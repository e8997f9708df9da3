/* page_args.c: the arguments of a page's loads; see page_view.h. Tests: tests/unit/core_page_test.c
 */
#include "core/page_view.h"

static str known_value(const struct page_known *known, size_t n_known, str name)
{
	for (size_t i = 0; i < n_known; i++)
		for (size_t k = 0; k < known[i].n; k++)
			if (str_eq(known[i].v[k].name, name) && known[i].v[k].value.n)
				return known[i].v[k].value;
	return (str){ NULL, 0 };
}

/* False when something that the value names is absent. */
static bool fill(
    struct arena *a, str value, const struct page_known *known, size_t n_known, str *out)
{
	str done = STR(""), before, rest, name;
	while (str_cut(value, '{', &before, &rest) && str_cut(rest, '}', &name, &value)) {
		str found = known_value(known, n_known, name);
		if (str_none(found))
			return false;
		done = str_of(arena_printf(a, "%.*s%.*s%.*s", (int)done.n, done.p, (int)before.n,
		    before.p, (int)found.n, found.p));
	}
	*out = done.n
		   ? str_of(arena_printf(a, "%.*s%.*s", (int)done.n, done.p, (int)value.n, value.p))
		   : value;
	return true;
}

static bool cut_pair(str *rest, str *pair)
{
	if (!rest->n)
		return false;
	if (!str_cut(*rest, '&', pair, rest)) {
		*pair = *rest;
		rest->n = 0;
	}
	return true;
}

static bool named(const char *args, str name)
{
	str rest = str_of(args), pair, key, value;
	while (cut_pair(&rest, &pair))
		if (str_cut(pair, '=', &key, &value) && str_eq(key, name))
			return true;
	return false;
}

void page_args(struct arena *a, const char *args, const struct page_known *known, size_t n_known,
    const struct http_pair *query, size_t n_query, struct http_pair **pairs, size_t *n)
{
	str rest = str_of(args ? args : ""), pair, key, value;
	struct http_pair *made = ARENA_ARRAY(a, rest.n / 2 + n_query + 1, struct http_pair);
	bool own = false;
	size_t count = 0;
	while (cut_pair(&rest, &pair)) {
		if (str_is(pair, "*"))
			own = true;
		else if (str_cut(pair, '=', &key, &value) && fill(a, value, known, n_known, &value))
			made[count++] = (struct http_pair){ key, value };
	}
	for (size_t i = 0; own && i < n_query; i++)
		if (query[i].value.n && query[i].name.n && query[i].name.p[0] != '_' &&
		    !named(args, query[i].name))
			made[count++] = query[i];
	*pairs = made;
	*n = count;
}
