/* layers: base http db core modules process */
/*
 * Every name that a page's template uses is one that the page has: what its loads answer, by the
 * shapes that the operations declare, and what every page shows (core/page.c, core/form.c).
 */
#include "core/grants.h"
#include "core/mustache.h"
#include "core/page.h"
#include "core/resource.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- what a name stands for ---- */

struct node {
	enum {
		UNKNOWN,
		VALUE,    /* has no members */
		ANYTHING, /* has members that nobody declares */
		OBJECT_OF,
		ROW_OF,
		EXPANDED, /* a row of a table in another row */
		LIST_OF,
		ROWS_OF,
		ANSWER_OF, /* what a load answers */
		CAN,       /* can.contacts.edit */
		ACTIONS,
		ROOT
	} kind;
	const struct field_set *set;
	const struct field *item;
	const struct table *table;
	const struct operation *op;
	str fields, expand;
	str object;
	const struct page *page;
};

static const struct node unknown = { .kind = UNKNOWN }, value = { .kind = VALUE },
			 anything = { .kind = ANYTHING };

static const struct field plain = { .type = T_TEXT };
static const struct field page_members[] = { { .name = "name" }, { .name = "title" },
	{ .name = "nav" }, { .name = "path" }, { .name = "url" }, { .name = "origin" },
	{ .name = "status" }, { .name = "detail" }, { .name = "request_id" },
	{ .name = "moved_to" } };
static const struct field form_members[] = { { .name = "failed", .type = T_TEXT },
	{ .name = "detail", .type = T_TEXT }, { .name = "errors", .type = T_JSON },
	{ .name = "values", .type = T_JSON } };
static const struct field undo_members[] = { { .name = "operation" }, { .name = "id" },
	{ .name = "from" } };
static const struct field money_members[] = { { .name = "amount" }, { .name = "currency" } };
static const struct field subject_members[] = { { .name = "object" }, { .name = "id" } };
static const struct field meta_members[] = { { .name = "has_more" }, { .name = "next_cursor" },
	{ .name = "total" }, { .name = "indexed" } };
static const struct field_set page_set = { page_members, 10, 0 }, form_set = { form_members, 4, 0 },
			      undo_set = { undo_members, 3, 0 },
			      money_set = { money_members, 2, 0 },
			      subject_set = { subject_members, 2, 0 },
			      meta_set = { meta_members, 4, 0 };

static struct node object_of(const struct field_set *set)
{
	return (struct node) { .kind = OBJECT_OF, .set = set };
}

static struct node node_of(const struct field *f)
{
	switch (f->type) {
	case T_MONEY: return object_of(&money_set);
	case T_SUBJECT: return object_of(&subject_set);
	case T_OBJECT: return object_of(f->of);
	case T_LIST: return (struct node) { .kind = LIST_OF, .set = f->of };
	case T_IDS:
	case T_TEXTS: return (struct node) { .kind = LIST_OF, .item = &plain };
	case T_JSON:
		return field_rule(f)->item
			   ? (struct node) { .kind = LIST_OF, .item = field_rule(f)->item }
			   : anything;
	case T_MAP: return anything;
	case T_ROW: return (struct node) { .kind = ROW_OF, .table = f->ref };
	default: return value;
	}
}

static bool listed(str names, str name)
{
	for (str one; names.n;) {
		if (!str_cut(names, ',', &one, &names)) {
			one = names;
			names.n = 0;
		}
		if (str_eq(one, name))
			return true;
	}
	return false;
}

static struct node set_member(const struct field_set *set, str name)
{
	const struct field *f = field_find(set, name);
	return f && !(f->flags & F_PRIVATE) ? node_of(f) : unknown;
}

/* owner of expand=owner, and subject_title of expand=subject. */
static struct node expanded_member(const struct node *row, str name)
{
	static const char title[] = "_title";
	char column[80];
	snprintf(column, sizeof column, "%.*s_id", (int)name.n, name.p);
	const struct field *f = field_find(&row->table->columns, str_of(column));
	if (f && listed(row->expand, name))
		return (struct node) { .kind = EXPANDED, .table = f->ref };
	str about = { name.p, name.n > sizeof title - 1 ? name.n - (sizeof title - 1) : 0 };
	f = field_find(&row->table->columns, about);
	if (f && f->type == T_SUBJECT && listed(row->expand, about) &&
	    !memcmp(name.p + about.n, title, sizeof title - 1))
		return value;
	return unknown;
}

static struct node row_member(const struct node *row, str name)
{
	const struct field *f = field_find(&row->table->columns, name);
	if (f && !(f->flags & F_PRIVATE) && (!row->fields.n || listed(row->fields, name)))
		return node_of(f);
	struct node found = expanded_member(row, name);
	return found.kind == UNKNOWN && row->op ? set_member(&row->op->out, name) : found;
}

static struct node answer_member(const struct node *n, str name)
{
	struct node row = {
		.kind = ROW_OF, .table = n->op->table, .fields = n->fields, .expand = n->expand
	};
	switch (n->op->answer) {
	case ANSWER_OBJECT: return set_member(&n->op->out, name);
	case ANSWER_ROW: row.op = n->op; return row_member(&row, name);
	case ANSWER_LIST:
		row.kind = ROWS_OF;
		return str_is(name, "data")      ? row
		       : str_is(name, "meta")    ? object_of(&meta_set)
		       : str_is(name, "version") ? value
						 : unknown;
	case ANSWER_NOTHING: break;
	}
	return unknown;
}

/* The value of `name` in "contact_id={id}&expand=owner". */
static str argument(const char *args, const char *name)
{
	for (str rest = str_of(args ? args : ""), pair, key, text; rest.n;) {
		if (!str_cut(rest, '&', &pair, &rest)) {
			pair = rest;
			rest.n = 0;
		}
		if (str_cut(pair, '=', &key, &text) && str_is(key, name))
			return text;
	}
	return (str) { NULL, 0 };
}

static struct node answer_of(const char *operation, const char *args)
{
	const struct operation *op = operation_named(str_of(operation));
	if (!op || op->kind != QUERY_KIND)
		fail_msg("%s is no query", operation);
	return (struct node) { .kind = ANSWER_OF,
		.op = op,
		.fields = argument(args, "fields"),
		.expand = argument(args, "expand") };
}

static struct node root_member(const struct page *page, str name)
{
	size_t loads = sizeof page->loads / sizeof *page->loads;
	for (size_t i = 0; i < loads && page->loads[i].as; i++)
		if (str_is(name, page->loads[i].as))
			return answer_of(page->loads[i].operation, page->loads[i].args);
	if (!page->open && str_is(name, "me"))
		return answer_of("me_get", NULL);
	if (!page->open && str_is(name, "can"))
		return (struct node) { .kind = CAN };
	if (str_is(name, "page"))
		return object_of(&page_set);
	if (str_is(name, "form"))
		return object_of(&form_set);
	if (str_is(name, "undo"))
		return object_of(&undo_set);
	if (str_is(name, "params") || str_is(name, "asset") || str_is(name, "etag") ||
	    str_is(name, "fault") || str_is(name, "told"))
		return anything;
	return str_is(name, "csrf") || str_is(name, "flash") || str_is(name, "flash_key") ||
		       str_is(name, "flash_key_by") || str_is(name, "mail_goes")
		   ? value
		   : unknown;
}

static struct node member(const struct node *n, str name)
{
	char permission[100];
	switch (n->kind) {
	case ANYTHING: return anything;
	case OBJECT_OF: return set_member(n->set, name);
	case ROW_OF: return row_member(n, name);
	case EXPANDED: {
		const struct field *f = field_find(&n->table->columns, name);
		return f && !(f->flags & F_PRIVATE) && f->type != T_JSON ? node_of(f) : unknown;
	}
	case ANSWER_OF: return answer_member(n, name);
	case CAN: return (struct node) { .kind = ACTIONS, .object = name };
	case ACTIONS:
		snprintf(permission, sizeof permission, "%.*s.%.*s", (int)n->object.n, n->object.p,
		    (int)name.n, name.p);
		return access_known(permission) ? value : unknown;
	case ROOT: return root_member(n->page, name);
	case LIST_OF:
	case ROWS_OF:
	case VALUE:
	case UNKNOWN: break;
	}
	return unknown;
}

/* What a section pushes: of a list its items, one after the other. */
static struct node pushed(struct node n)
{
	if (n.kind == LIST_OF)
		return n.set ? object_of(n.set) : node_of(n.item);
	if (n.kind == ROWS_OF)
		n.kind = ROW_OF;
	return n;
}

/* ---- the contexts ---- */

struct contexts {
	struct node v[80];
	size_t n;
};

/* The first part is looked for from the innermost context outwards, the others in what it is. */
static struct node look_up(const struct contexts *c, const char *path)
{
	str rest = str_of(path), part;
	struct node found = unknown;
	if (!strcmp(path, "."))
		return c->v[c->n - 1];
	bool more = str_cut(rest, '.', &part, &rest);
	if (!more)
		part = rest;
	for (size_t i = c->n; i-- > 0 && found.kind == UNKNOWN;)
		found = member(&c->v[i], part);
	while (more && found.kind != UNKNOWN) {
		more = str_cut(rest, '.', &part, &rest);
		found = member(&found, more ? part : rest);
	}
	return found;
}

struct checking {
	const struct page *page;
	char wrong[4000];
	size_t names;
};

static void check_name(void *context, const struct template_name *name)
{
	struct checking *c = context;
	struct contexts contexts = { .v = { { .kind = ROOT, .page = c->page } }, .n = 1 };
	for (size_t i = 0; i < name->depth; i++)
		if (name->sections[i].scope)
			contexts.v[contexts.n++] =
			    pushed(look_up(&contexts, name->sections[i].path));
	c->names++;
	if (look_up(&contexts, name->path).kind != UNKNOWN)
		return;
	size_t n = strlen(c->wrong);
	snprintf(c->wrong + n, sizeof c->wrong - n, "%s:%u: there is no %s on the page %s\n",
	    name->file, name->line, name->path, c->page->name);
}

static struct checking check_page(const struct template_set *set, const struct page *page)
{
	struct checking c = { .page = page };
	assert_int_equal(template_names(set, page->template, check_name, &c), OK);
	return c;
}

/* ---- the pages that there are ---- */

static void every_name_of_every_page_is_there(void **state)
{
	(void)state;
	static const struct page errors[] = { { .name = "error", .template = "error" },
		{ .name = "error", .template = "error_plain", .open = true } };
	char why[TEMPLATE_WHY];
	size_t names = 0, bad = 0;
	struct template_set *set = templates_load("templates", why);
	if (!set)
		fail_msg("%s", why);
	for (const struct page *const *p = __start_pages; p < __stop_pages; p++) {
		struct checking c = check_page(set, *p);
		names += c.names;
		bad += c.wrong[0] != 0;
		print_error("%s", c.wrong);
	}
	for (size_t i = 0; i < 2; i++) {
		struct checking c = check_page(set, &errors[i]);
		bad += c.wrong[0] != 0;
		print_error("%s", c.wrong);
	}
	templates_free(set);
	assert_int_equal(bad, 0);
	assert_true(names > 1000);
}

/* ---- what is refused ---- */

/* The first thing that is wrong with a template of a page that loads these; "" for nothing. */
static const char *wrong_with(const char *text)
{
	static const struct page page = { .name = "test",
		.template = "test",
		.loads = {
		    { "contact", "contacts_get", "id={id}&expand=organisation" },
		    { "short", "contacts_list", "fields=id,full_name" },
		    { "tasks", "tasks_list", "expand=subject" },
		    { "timeline", "timeline_list", "contact_id={id}" },
		} };
	static struct checking c;
	char why[TEMPLATE_WHY];
	struct template_set *set = templates_new();
	assert_int_equal(templates_add(set, "test", str_of(text), why), OK);
	assert_int_equal(templates_link(set, why), OK);
	c = check_page(set, &page);
	templates_free(set);
	return c.wrong;
}

static void takes(const char *text) { assert_string_equal(wrong_with(text), ""); }

static void refuses(const char *text, const char *place)
{
	const char *expected = " on the page test\n", *wrong = wrong_with(text);
	if (strncmp(wrong, place, strlen(place)) != 0 ||
	    strcmp(wrong + strlen(place), expected) != 0)
		fail_msg("%s: %s", text, wrong);
}

static void what_is_declared_is_known(void **state)
{
	(void)state;
	takes("{{contact.full_name}} {{contact.organisation.full_name}} {{contact.emails}}");
	takes("{{#contact}}{{#emails}}{{address}}{{#primary}}{{full_name}}{{/primary}}{{/"
	      "emails}}{{/contact}}");
	takes("{{#contact.emails}}{{#type|is 'work'}}{{address}}{{/type|is "
	      "'work'}}{{/contact.emails}}");
	takes("{{#short.data}}{{id}}{{full_name}}{{/short.data}}{{short.meta.next_cursor}}");
	takes("{{#tasks.data}}{{subject_title}}{{subject.id}}{{/tasks.data}}");
	takes("{{#timeline.data}}{{agent.full_name}}{{#fields}}{{.}}{{/fields}}{{/timeline.data}}");
	takes("{{me.agent.full_name}}{{me.company.currency}}{{#can.contacts.edit}}{{csrf}}{{/"
	      "can.contacts.edit}}");
	takes("{{form.errors.x}}{{form.values.y.z}}{{params.q}}{{asset.icons}}{{page.title}}{{"
	      "flash}}{{flash_key}}");
}

static void an_unknown_name_is_refused_with_its_place(void **state)
{
	(void)state;
	refuses("\n{{contact.fullname}}", "test.mustache:2: there is no contact.fullname");
	refuses("{{contact.owner.full_name}}",
	    "test.mustache:1: there is no contact.owner.full_name"); /* not expanded */
	refuses("{{contact.organisation.emails}}",
	    "test.mustache:1: there is no contact.organisation.emails");
	refuses("{{#contact.emails}}{{adress}}{{/contact.emails}}",
	    "test.mustache:1: there is no adress");
	refuses("{{#contact.emails}}{{address.domain}}{{/contact.emails}}",
	    "test.mustache:1: there is no address.domain");
	refuses("{{#short.data}}{{job_title}}{{/short.data}}",
	    "test.mustache:1: there is no job_title");
	refuses("{{#tasks.data}}{{subject_name}}{{/tasks.data}}",
	    "test.mustache:1: there is no subject_name");
	refuses("{{timeline.meta.cursor}}", "test.mustache:1: there is no timeline.meta.cursor");
	refuses("{{^timeline.items}}{{/timeline.items}}",
	    "test.mustache:1: there is no timeline.items");
	refuses("{{contact.full_name|default contact.nick}}",
	    "test.mustache:1: there is no contact.nick");
	refuses("{{can.contacts.fly}}", "test.mustache:1: there is no can.contacts.fly");
	refuses("{{page.colour}}", "test.mustache:1: there is no page.colour");
	refuses("{{contact.company_id}}",
	    "test.mustache:1: there is no contact.company_id"); /* private */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_of_every_page_is_there),
		cmocka_unit_test(what_is_declared_is_known),
		cmocka_unit_test(an_unknown_name_is_refused_with_its_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
