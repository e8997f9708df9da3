/*
 * undo.c: the way back from a delete by a form, for every table alike: where there is an operation
 * contacts_restore, contacts_delete leaves the word "contacts_restore:<id>:<page>". form.c gives it
 * to the browser, page.c offers it to who may do that (templates/parts/flash). Tests:
 * tests/unit/core_form_test.c, tests/browser/undo.test.mjs.
 */
#include "core/undo.h"

#include "core/browser.h"
#include "http/decode.h"

#define PAGE_MAX 500 /* bytes of an address that is worth keeping in a cookie */

static bool ends_with(str name, const char *end)
{
	size_t n = strlen(end);
	return name.n > n && !memcmp(name.p + name.n - n, end, n);
}

/* One that a form can ask for. */
static const struct operation *restorer(str name)
{
	const struct operation *op = operation_named(name);
	return op && op->kind == MUTATION_KIND && op->route && ends_with(name, "_restore") ? op
											   : NULL;
}

str undo_word(struct arena *a, const struct operation *op, str id, str page)
{
	const str name = str_of(op->name), none = { NULL, 0 };
	uuid row;
	if (!ends_with(name, "_delete") || !uuid_parse(id, &row))
		return none;
	str restore =
	    str_of(arena_printf(a, "%.*s_restore", (int)(name.n - strlen("_delete")), name.p));
	if (!restorer(restore))
		return none;
	if (page.n > PAGE_MAX || !browser_address_local(page))
		page = STR("");
	page = browser_encode(a, page, "/");
	return str_of(
	    arena_printf(a, "%s:%s:%.*s", restore.p, row.text, (int)page.n, page.n ? page.p : ""));
}

bool undo_read(struct arena *a, str word, struct undo *out)
{
	str name, id, page, rest;
	if (!str_cut(word, ':', &name, &rest) || !str_cut(rest, ':', &id, &page) ||
	    !uuid_parse(id, &out->id))
		return false;
	out->op = restorer(name);
	if (percent_decode(a, page, false, &out->from) != OK || !browser_address_local(out->from))
		out->from = STR("");
	return out->op != NULL;
}
