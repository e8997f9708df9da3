/*
 * items.c: the mark @items, which says what the items of a JSON array are: `text`, an id type
 * (`team_id`), a table (`contact_emails`: what a client may change of its rows, with the id), or
 * members as `name:type`, where a question mark after the type means that it may be left out.
 */
#include "gen.h"
#include <string.h>

static const char *plain_item(const char *type)
{
	static const char *const known[][2] = {
		{ "text", ".type = T_TEXT" },
		{ "int", ".type = T_INT" },
		{ "bool", ".type = T_BOOL" },
		{ "texts", ".type = T_JSON, .item = &(const struct field){ .type = T_TEXT }" },
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(type, known[i][0]) == 0)
			return known[i][1];
	return NULL;
}

static const char *members(struct gen *g, const struct table *t, const struct column *c)
{
	const char *all = "";
	for (size_t i = 0; i < c->items.n; i++) {
		const char *word = c->items.v[i], *colon = strchr(word, ':');
		size_t n = strlen(word);
		bool optional = word[n - 1] == '?';
		const char *item = colon ? plain_item(gen_text(g, colon + 1,
					       n - (size_t)(colon + 1 - word) - optional))
					 : NULL;
		if (!item)
			refuse(t->path, c->line,
			    "`%s`: @items takes text, an id type, a table, or name:type ...",
			    c->name);
		all = gen_format(g, "%s%s{ .name = \"%.*s\", %s%s }", all, i ? ", " : "",
		    (int)(colon - word), word, item, optional ? ", .flags = F_OPTIONAL" : "");
	}
	return gen_format(g,
	    ".type = T_OBJECT, .of = &(const struct field_set){ (const struct field[]){ %s }, %zu, "
	    "0 "
	    "}",
	    all, c->items.n);
}

static bool searched(const struct table *t)
{
	for (size_t i = 0; t && i < t->n_fields; i++)
		if ((t->fields[i].marks & M_SEARCH) && !(t->fields[i].marks & (M_PRIVATE | M_READ)))
			return true;
	return false;
}

void items_resolve(struct gen *g, const struct table *t, struct column *c)
{
	const char *first = c->items.n ? c->items.v[0] : "";
	const struct table *ref = table_of_id(g, first), *of = table_find(g, first);
	if (!c->items.n)
		refuse(t->path, c->line, "`%s`: @items needs to say what they are", c->name);
	if (c->items.n > 1 || strchr(first, ':'))
		c->item = members(g, t, c);
	else if (ref)
		c->item = gen_format(g, ".type = T_ID, .ref = &%s_table", ref->name);
	else if (of && of->id >= 0)
		c->item = gen_format(g, ".type = T_OBJECT, .of = &%s_table.update_input", of->name);
	else if (!(c->item = plain_item(first)))
		c->item = members(g, t, c);
	if ((c->marks & M_SEARCH) && !searched(of))
		refuse(t->path, c->line,
		    "`%s`: @search needs items of a table with a @search column", c->name);
}
