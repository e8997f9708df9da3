/* layers: base http db core modules process */
/*
 * What clients are told of every operation: a name of its own, each parameter of its address, and a
 * body only where one is read.
 */
#include "process/openapi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct arena *a;
static struct contract *all;
static size_t n_all;

static int prepare(void **state)
{
	(void)state;
	a = arena_new();
	all = contracts(a, &n_all);
	return n_all == 0;
}

static int clear(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static const struct contract *named(const char *name)
{
	for (size_t i = 0; i < n_all; i++)
		if (!strcmp(all[i].op->name, name))
			return &all[i];
	fail_msg("there is no %s", name);
	return NULL;
}

static const struct contract_member *member(const struct contract_members *of, const char *name)
{
	for (size_t i = 0; i < of->n; i++)
		if (!strcmp(of->v[i].name, name))
			return &of->v[i];
	return NULL;
}

static void every_name_is_a_group_and_a_verb(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_all; i++) {
		const struct contract *c = &all[i];
		assert_string_equal(arena_printf(a, "%s_%s", c->group, c->verb), c->op->name);
		for (size_t k = 0; k < i; k++)
			assert_true(strcmp(all[k].group, c->group) || strcmp(all[k].verb, c->verb));
	}
	assert_string_equal(named("contact_emails_create")->group, "contact_emails");
	assert_string_equal(named("contacts_deals")->group, "contacts");
	assert_string_equal(named("sessions_delete_current")->verb, "delete_current");
	assert_string_equal(named("import_rows_list")->group, "import_rows");
}

static void every_parameter_of_an_address_is_declared(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_all; i++) {
		size_t n = 0;
		for (const char *p = all[i].path; *p; p++)
			n += *p == '{';
		if (n != all[i].in_path.n)
			fail_msg("%s: %s", all[i].op->name, all[i].path);
	}
}

static void what_an_operation_takes_follows_from_its_declaration(void **state)
{
	(void)state;
	const struct contract *c = named("contacts_list");
	assert_int_equal(c->body, BODY_NONE);
	assert_true(c->waits && !c->once && !c->conditional);
	assert_true(member(&c->in_query, "owner_id")->several);
	assert_true(member(&c->in_query, "owner_id")->nullable);
	assert_false(member(&c->in_query, "updated_since")->several);
	assert_non_null(member(&c->in_query, "sort")->sorts);
	assert_true(member(&c->in_query, "fields")->fields);
	c = named("contacts_create");
	assert_int_equal(c->body, BODY_JSON);
	assert_true(c->once && !c->waits);
	assert_non_null(member(&c->in_body, "first_name"));
	assert_true(member(&named("deals_create")->in_body, "title")->required);
	c = named("deals_update");
	assert_true(c->conditional);
	assert_true(member(&c->in_path, "id")->required);
	assert_null(member(&c->in_body, "id"));
	assert_int_equal(named("imports_create")->body, BODY_FILE);
	assert_int_equal(named("deals_search")->body, BODY_SEARCH);
	assert_int_equal(named("tasks_complete")->body, BODY_NONE);
	for (size_t i = 0; i < n_all; i++)
		if (all[i].op->list && all[i].body == BODY_NONE)
			assert_non_null(member(&all[i].in_query, "q"));
	assert_null(member(&named("timeline_list")->in_query, "q"));
}

static void how_it_can_fail_follows_too(void **state)
{
	(void)state;
	assert_true(named("deals_win")->refuses & 1 << CONFLICT);
	assert_true(named("deals_win")->refuses & 1 << NOT_FOUND);
	assert_false(named("contacts_list")->refuses & 1 << NOT_FOUND);
	assert_true(named("changes_list")->refuses & 1 << GONE);
	assert_false(named("companies_create")->refuses & 1 << UNAUTHENTICATED);
}

static bool has_example(const struct contract *c, const struct contract_member *m)
{
	return openapi_example(&(struct openapi) { .arena = a }, c->op, m->field, false);
}

static void check_examples(const struct contract *c, const struct contract_members *of)
{
	for (size_t i = 0; i < of->n; i++)
		if (of->v[i].required && !has_example(c, &of->v[i]))
			fail_msg("%s: %s has no example", c->op->name, of->v[i].name);
}

/* A text needs one in its field (.example) or its column (@example); the rest has one of its type.
 */
static void every_operation_has_an_example(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_all; i++) {
		const struct contract *c = &all[i];
		size_t shown = 0;
		check_examples(c, &c->in_path);
		check_examples(c, &c->in_query);
		check_examples(c, &c->in_body);
		for (size_t k = 0; k < c->in_body.n; k++)
			shown += openapi_in_example(c, &c->in_body.v[k]) &&
				 has_example(c, &c->in_body.v[k]);
		if (c->body == BODY_JSON && !shown)
			fail_msg("%s: nothing is shown of its body", c->op->name);
		if (c->body == BODY_FILE && !c->op->file_example)
			fail_msg("%s: no file is shown", c->op->name);
	}
}

static void a_reference_is_expanded_by_its_name(void **state)
{
	const char *expand, *name;
	(void)state;
	const struct field *f = contract_expansion(a, &tasks_table, 0, &expand, &name);
	assert_string_equal(expand, "assignee");
	assert_string_equal(name, "assignee");
	assert_ptr_equal(f->ref, &agents_table);
	f = contract_expansion(a, &tasks_table, 1, &expand, &name);
	assert_int_equal(f->type, T_SUBJECT);
	assert_string_equal(name, "subject_title");
	assert_null(contract_expansion(a, &tasks_table, 2, &expand, &name));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_name_is_a_group_and_a_verb),
		cmocka_unit_test(every_parameter_of_an_address_is_declared),
		cmocka_unit_test(what_an_operation_takes_follows_from_its_declaration),
		cmocka_unit_test(how_it_can_fail_follows_too),
		cmocka_unit_test(every_operation_has_an_example),
		cmocka_unit_test(a_reference_is_expanded_by_its_name) };
	return cmocka_run_group_tests(tests, prepare, clear);
}
