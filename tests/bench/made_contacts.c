/* made_contacts.c: see made_contacts.h. */
#include "made_contacts.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"
#include "core/search_text.h"

enum { FIRST = 3000, LAST = 30000, CITIES = 500 };

/* ---- chance ---- */

uint64_t draw(struct chance *c)
{
	c->state ^= c->state >> 12;
	c->state ^= c->state << 25;
	c->state ^= c->state >> 27;
	return c->state * UINT64_C(2685821657736338717);
}
static double unit(struct chance *c) { return (double)(draw(c) >> 11) / 9007199254740992.0; }
size_t below(struct chance *c, size_t n) { return (size_t)(unit(c) * (double)n); }

/* Zipf's law with exponent 1, by its inverse: the first is drawn most. */
static size_t zipf(struct chance *c, size_t n)
{
	double x = __builtin_pow((double)n + 1, unit(c)) - 1;
	return x < (double)n ? (size_t)x : n - 1;
}

/* ---- names ---- */

static char *first_names[FIRST], *last_names[LAST], *cities[CITIES];
const char *const common_first[COMMON] = { "James", "Mary", "John", "Anna", "Jos\xc3\xa9", "Maria",
	"Li", "Peter", "J\xc3\xb6rg", "Zo\xc3\xab" };
const char *const common_last[COMMON] = { "Smith", "Jones", "M\xc3\xbcller",
	"Garc\xc3\xad"
	"a",
	"Wu", "Johnson", "Brown", "Nowak", "O'Brien", "L\xc3\xb3pez" };
static const char *const han_last[] = { "\xe7\x8e\x8b", "\xe6\x9d\x8e", "\xe5\xbc\xa0",
	"\xe5\x88\x98", "\xe9\x99\x88" };
const char *const han_first[HAN_FIRST] = { "\xe5\xb0\x8f\xe6\x98\x8e", "\xe4\xbc\x9f",
	"\xe7\xa7\x80\xe8\x8b\xb1", "\xe5\xbb\xba\xe5\x9b\xbd", "\xe6\x95\x8f",
	"\xe5\xbf\x97\xe5\xbc\xba" };
static const char *const cyrillic_last[] = { "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd\xd0\xbe\xd0\xb2",
	"\xd0\xa1\xd0\xbc\xd0\xb8\xd1\x80\xd0\xbd\xd0\xbe\xd0\xb2" };

#define COUNT(array) (sizeof(array) / sizeof *(array))

static char *made_up(struct chance *c, size_t syllables)
{
	static const char *const parts[] = { "ba", "ko", "ri", "ta", "mo", "len", "dor", "san",
		"vic", "har", "ti", "no", "wel", "gran", "s\xc3\xb6", "n\xc3\xa9", "\xc5\x82u",
		"ber", "lin", "mar", "ke", "pol", "zu", "fi", "qua", "sta", "hol", "ven", "jor",
		"ax" };
	char text[64] = "";
	for (size_t i = 0; i < syllables; i++)
		strcat(text, parts[below(c, COUNT(parts))]);
	if (text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char)(text[0] - 32);
	return strdup(text);
}

void make_names(void)
{
	struct chance c = { 42 };
	for (size_t i = 0; i < FIRST; i++)
		first_names[i] = i < COUNT(common_first) ? strdup(common_first[i])
							 : made_up(&c, 2 + below(&c, 2));
	for (size_t i = 0; i < LAST; i++)
		last_names[i] =
		    i < COUNT(common_last) ? strdup(common_last[i]) : made_up(&c, 2 + below(&c, 3));
	for (size_t i = 0; i < CITIES; i++)
		cities[i] = made_up(&c, 2);
}

str kept(struct arena *a, const char *text)
{
	return (str) { arena_text(a, text, strlen(text)), strlen(text) };
}

str plain(struct arena *a, str name)
{
	struct tokens all;
	search_tokens(a, name, &all);
	return all.n ? all.v[0].text : STR("x");
}

void make_contact(
    struct chance *c, struct arena *a, size_t number, uuid of, uuid owner, struct contact *out)
{
	row_init(&contacts_table, out);
	memcpy(out->company_id.text, of.text, sizeof of.text);
	*(uuid *)(void *)&out->id = uuid_v7();
	memcpy(out->owner_id.text, owner.text, sizeof owner.text);
	double kind = unit(c);
	if (kind < 0.025) {
		out->last_name = kept(a, han_last[below(c, COUNT(han_last))]);
		out->first_name = kept(a, han_first[below(c, COUNT(han_first))]);
		out->full_name =
		    str_of(arena_printf(a, "%s%s", out->last_name.p, out->first_name.p));
	} else if (kind < 0.05) {
		out->last_name = kept(a, cyrillic_last[below(c, COUNT(cyrillic_last))]);
		out->first_name = kept(a, "\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0");
	} else {
		out->first_name = kept(a, first_names[zipf(c, FIRST)]);
		out->last_name = kept(a, last_names[zipf(c, LAST)]);
	}
	if (str_none(out->full_name))
		out->full_name =
		    str_of(arena_printf(a, "%s %s", out->first_name.p, out->last_name.p));
	out->kind = CONTACT_KIND_PERSON;
	out->emails.json = str_of(
	    arena_printf(a, "[{\"address\":\"%.*s.%.*s%zu@%s\"}]", (int)plain(a, out->first_name).n,
		plain(a, out->first_name).p, (int)plain(a, out->last_name).n,
		plain(a, out->last_name).p, number, unit(c) < 0.4 ? "gmail.com" : "firm.example"));
	out->phones.json = str_of(arena_printf(a, "[{\"value\":\"+49 %02zu %07zu\"}]",
	    10 + below(c, 90), (size_t)(draw(c) % 10000000)));
	out->addresses.json =
	    str_of(arena_printf(a, "[{\"city\":\"%s\"}]", cities[zipf(c, CITIES)]));
	out->created_at = (instant) { INT64_C(1600000000000000) + (int64_t)number * 100000000 };
	out->updated_at = out->created_at;
}
