/*
 * page_args.c: the arguments of a page's loads; see page_view.h. Tests:
 * tests/unit/core_page_test.c
 */
#include "core/page_view.h"

static str known_value(const struct page_address *address, str name)
{
	str found = { NULL, 0 };
	if (str_is(name, "me"))
		return address->me;
	for (size_t i = 0; i < address->n_path; i++)
		if (str_eq(address->path[i].name, name))
			return address->path[i].value;
	for (size_t i = 0; i < address->n_query && !found.n; i++)
		if (str_eq(address->query[i].name, name))
			found = address->query[i].value;
	return found;
}

/* False when something that the value names is absent. */
static bool fill(struct arena *a, str value, const struct page_address *address, str *out)
{
	str done = STR(""), before, rest, name;
	while (str_cut(value, '{', &before, &rest) && str_cut(rest, '}', &name, &value)) {
		str found = known_value(address, name);
		if (!found.n)
			return false;
		done = str_of(arena_printf(a, "%.*s%.*s%.*s", (int)done.n, done.p, (int)before.n,
		    before.p, (int)found.n, found.p));
	}
	*out = done.n
		   ? str_of(arena_printf(a, "%.*s%.*s", (int)done.n, done.p, (int)value.n, value.p))
		   : value;
	return true;
}

/* "{x}", where x is a parameter of the page's path. */
static bool is_path(const struct page_address *address, str value)
{
	str name = { value.p + 1, value.n - 2 };
	if (value.n < 3 || value.p[0] != '{' || value.p[value.n - 1] != '}')
		return false;
	for (size_t i = 0; i < address->n_path; i++)
		if (str_eq(address->path[i].name, name))
			return true;
	return false;
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

static bool named(str args, str name)
{
	str pair, key, value;
	while (cut_pair(&args, &pair))
		if (str_cut(pair, '=', &key, &value) && str_eq(key, name))
			return true;
	return false;
}

static bool passed_on(str args, const struct http_pair *pair)
{
	return pair->value.n && pair->name.n && pair->name.p[0] != '_' && !named(args, pair->name);
}

struct page_input page_args(struct arena *a, const char *args, const struct page_address *address)
{
	str all = str_of(args ? args : ""), rest = all, pair, key, value, filled;
	size_t most = all.n / 2 + 1;
	struct page_input in = { .pairs = ARENA_ARRAY(a, most + address->n_query, struct http_pair),
		.path = ARENA_ARRAY(a, most, struct http_pair) };
	bool star = false;
	while (cut_pair(&rest, &pair)) {
		if (str_is(pair, "*"))
			star = true;
		else if (str_cut(pair, '=', &key, &value) && fill(a, value, address, &filled)) {
			if (is_path(address, value))
				in.path[in.n_path++] = (struct http_pair) { key, filled };
			else
				in.pairs[in.n++] = (struct http_pair) { key, filled };
		}
	}
	for (size_t i = 0; star && i < address->n_query; i++)
		if (passed_on(all, &address->query[i]))
			in.pairs[in.n++] = address->query[i];
	return in;
}
