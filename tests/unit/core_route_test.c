/* layers: base http db core modules */
/* What route.h promises: the most literal path decides, then the method. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/route.h"
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

struct desk {
	struct arena *arena;
	struct routes *routes;
	struct http_pair *params;
	size_t n;
	char allow[ROUTES_ALLOW];
};

static int setup(void **state)
{
	static struct desk desk;
	desk = (struct desk) { .arena = arena_new(), .routes = routes_new() };
	routes_add(desk.routes, "/", "home");
	routes_add(desk.routes, "/contacts", "contacts page");
	routes_add(desk.routes, "GET /v1/contacts", "list");
	routes_add(desk.routes, "POST /v1/contacts", "create");
	routes_add(desk.routes, "GET /v1/contacts/{id}", "get");
	routes_add(desk.routes, "PATCH /v1/contacts/{id}", "update");
	routes_add(desk.routes, "DELETE /v1/contacts/{id}", "delete");
	routes_add(desk.routes, "PUT /v1/contacts/{id}", "replace");
	routes_add(desk.routes, "POST /v1/contacts/{id}", "act");
	routes_add(desk.routes, "POST /v1/contacts/search", "search");
	routes_add(desk.routes, "GET /v1/contacts/{contact_id}/notes/{note_id}", "note");
	routes_add(desk.routes, "PUT /v1/contacts/by/email/{email}", "upsert");
	*state = &desk;
	return 0;
}

static int teardown(void **state)
{
	struct desk *d = *state;
	routes_free(d->routes);
	arena_free(d->arena);
	return 0;
}

static const char *match(struct desk *d, const char *method, const char *path)
{
	d->params = NULL;
	d->n = 0;
	const char *target = routes_match(
	    d->routes, str_of(method), str_of(path), d->arena, &d->params, &d->n, d->allow);
	return target ? target : "none";
}

static void a_literal_path_is_found_by_its_method(void **state)
{
	assert_string_equal(match(*state, "GET", "/v1/contacts"), "list");
	assert_string_equal(match(*state, "POST", "/v1/contacts"), "create");
	assert_string_equal(match(*state, "GET", "/"), "home");
	assert_string_equal(match(*state, "GET", "/contacts"), "contacts page");
}

static void head_finds_what_get_finds(void **state)
{
	assert_string_equal(match(*state, "HEAD", "/v1/contacts"), "list");
}

static void parameters_have_the_names_of_their_own_route(void **state)
{
	struct desk *d = *state;
	assert_string_equal(match(d, "GET", "/v1/contacts/7"), "get");
	assert_int_equal(d->n, 1);
	assert_true(str_is(d->params[0].name, "id") && str_is(d->params[0].value, "7"));
	assert_string_equal(match(d, "GET", "/v1/contacts/7/notes/a b"), "note");
	assert_int_equal(d->n, 2);
	assert_true(str_is(d->params[0].name, "contact_id") && str_is(d->params[0].value, "7"));
	assert_true(str_is(d->params[1].name, "note_id") && str_is(d->params[1].value, "a b"));
}

static void a_literal_beats_a_parameter(void **state)
{
	assert_string_equal(match(*state, "POST", "/v1/contacts/search"), "search");
	assert_string_equal(match(*state, "POST", "/v1/contacts/7"), "act");
}

static void a_literal_that_leads_nowhere_leaves_the_parameter(void **state)
{
	struct desk *d = *state;
	assert_string_equal(match(d, "GET", "/v1/contacts/by"), "get");
	assert_string_equal(match(d, "GET", "/v1/contacts/search/notes/1"), "note");
	assert_true(str_is(d->params[0].value, "search"));
}

static void a_path_that_is_there_tells_its_methods(void **state)
{
	struct desk *d = *state;
	assert_string_equal(match(d, "DELETE", "/v1/contacts"), "none");
	assert_string_equal(d->allow, "GET, HEAD, POST");
	assert_string_equal(match(d, "BREW", "/v1/contacts/7"), "none");
	assert_string_equal(d->allow, "GET, HEAD, POST, PUT, PATCH, DELETE");
	assert_string_equal(match(d, "GET", "/v1/contacts/search"), "none");
	assert_string_equal(d->allow, "POST");
}

static void a_path_that_is_not_there_tells_nothing(void **state)
{
	struct desk *d = *state;
	static const char *const nowhere[] = { "", "v1/contacts", "/v1", "/v1/", "/v1/contacts/",
		"//v1/contacts", "/v1/contacts/7/", "/v1/contacts/7/notes", "/v1/contacts/7/notes/",
		"/contacts/7", "/{id}", NULL };
	for (size_t i = 0; nowhere[i]; i++) {
		assert_string_equal(match(d, "GET", nowhere[i]), "none");
		assert_string_equal(d->allow, "");
	}
}

static void what_is_no_pattern_ends_the_program(void **state)
{
	struct desk *d = *state;
	static const char *const wrong[] = { "GET", "GET v1", "FETCH /v1", "/a/{id}.csv",
		"/a/x{id}", "/contacts", "HEAD /a", NULL };
	for (size_t i = 0; wrong[i]; i++) {
		pid_t child = fork();
		if (child == 0) {
			signal(SIGABRT, SIG_DFL);
			if (!freopen("/dev/null", "w", stderr))
				_exit(1);
			routes_add(d->routes, wrong[i], "x");
			_exit(0);
		}
		int status;
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_literal_path_is_found_by_its_method, setup, teardown),
		cmocka_unit_test_setup_teardown(head_finds_what_get_finds, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    parameters_have_the_names_of_their_own_route, setup, teardown),
		cmocka_unit_test_setup_teardown(a_literal_beats_a_parameter, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_literal_that_leads_nowhere_leaves_the_parameter, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_path_that_is_there_tells_its_methods, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_path_that_is_not_there_tells_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    what_is_no_pattern_ends_the_program, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
