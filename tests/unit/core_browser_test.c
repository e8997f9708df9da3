/* layers: base http db core modules */
/* What browser.h promises: forms are ours or refused, and nobody is sent to another site. */
#include "core/browser.h"

#include "core/worker.h"
#include "http_fake.h"

static struct fake *fake;
static struct worker worker;
static struct door door;
static struct config config;

static int setup(void **state)
{
	(void)state;
	fake = fake_new();
	config = (struct config) { .public_url = "https://crm.example" };
	worker = (struct worker) { .config = &config };
	memset(worker.secret, 7, sizeof worker.secret);
	door = (struct door) { .http = { .arena = fake->arena, .fcgi = &fake->fcgi } };
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_free(fake);
	return 0;
}

static const char *token(bool fresh)
{
	static char text[CSRF_TEXT];
	browser_csrf(&worker, fake->arena, &door, fresh, text);
	return text;
}

/* --- The token of forms */

static void a_token_holds_for_the_session_that_it_was_made_for(void **state)
{
	(void)state;
	fake_param(fake, "HTTP_COOKIE", "muster_session=one");
	str mine = str_of(arena_printf(fake->arena, "%s", token(false)));
	assert_int_equal(mine.n, CSRF_TEXT - 1);
	assert_true(browser_csrf_good(&worker, &door.http, mine));
	fake->envp[0] = arena_printf(fake->arena, "HTTP_COOKIE=muster_session=two");
	assert_false(browser_csrf_good(&worker, &door.http, mine));
}

static void another_installation_makes_other_tokens(void **state)
{
	(void)state;
	fake_param(fake, "HTTP_COOKIE", "muster_session=one");
	str mine = str_of(arena_printf(fake->arena, "%s", token(false)));
	worker.secret[31] ^= 1;
	assert_false(browser_csrf_good(&worker, &door.http, mine));
}

static void a_visitor_with_a_session_s_token_as_cookie_cannot_make_its_form_token(void **state)
{
	(void)state;
	fake_param(fake, "HTTP_COOKIE", "muster_visitor=one");
	str mine = str_of(arena_printf(fake->arena, "%s", token(false)));
	assert_true(browser_csrf_good(&worker, &door.http, mine));
	fake->envp[0] = arena_printf(fake->arena, "HTTP_COOKIE=muster_session=one");
	assert_false(browser_csrf_good(&worker, &door.http, mine));
}

static void without_a_cookie_no_token_holds(void **state)
{
	(void)state;
	assert_string_equal(token(false), "");
	assert_false(browser_csrf_good(&worker, &door.http, STR("")));
	assert_false(browser_csrf_good(&worker, &door.http, (str) { NULL, 0 }));
}

static void a_new_visitor_gets_a_cookie_to_which_the_token_is_bound(void **state)
{
	(void)state;
	door.http.secure = true;
	const char *made = token(true);
	assert_int_equal(strlen(made), CSRF_TEXT - 1);
	assert_int_equal(door.n_headers, 1);
	assert_str(door.headers[0].name, "Set-Cookie");
	str value = door.headers[0].value;
	assert_true(str_starts(value, "muster_visitor="));
	assert_non_null(strstr(value.p, "; Path=/; HttpOnly; SameSite=Lax; Secure"));
	assert_null(strstr(value.p, "Max-Age"));
	fake_param(fake, "HTTP_COOKIE", value.p);
	assert_true(browser_csrf_good(&worker, &door.http, str_of(made)));
}

static void over_plain_http_a_cookie_is_not_secure(void **state)
{
	(void)state;
	browser_cookie(&door, fake->arena, "muster_flash", STR(""), 0);
	assert_str(
	    door.headers[0].value, "muster_flash=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
}

/* --- Where a request comes from */

static bool from(const char *site, const char *origin)
{
	fake->n_params = 0;
	memset(fake->envp, 0, sizeof fake->envp);
	fake_param(fake, "HTTP_HOST", "127.0.0.1:8080");
	if (site)
		fake_param(fake, "HTTP_SEC_FETCH_SITE", site);
	if (origin)
		fake_param(fake, "HTTP_ORIGIN", origin);
	return browser_same_origin(&config, &door.http);
}

static void only_the_browser_s_own_word_makes_a_request_foreign(void **state)
{
	(void)state;
	assert_true(from(NULL, NULL));
	assert_true(from("same-origin", "https://crm.example"));
	assert_true(from("none", NULL));
	assert_true(from(NULL, "http://127.0.0.1:8080"));
	assert_false(from("cross-site", NULL));
	assert_false(from("same-site", "https://crm.example"));
	assert_false(from(NULL, "null"));
	assert_false(from(NULL, ""));
	assert_false(from(NULL, "https://evil.example"));
	assert_false(from(NULL, "https://crm.example.evil.example"));
	assert_false(from(NULL, "http://127.0.0.1:8081"));
	assert_false(from("same-origin", "https://evil.example"));
}

/* --- Where a browser may be sent */

static void only_an_address_of_our_own_is_local(void **state)
{
	(void)state;
	static const char *const good[] = { "/", "/contacts", "/contacts?q=a//b", "/a/b#c",
		"/%2F/evil", "/~x\\y", NULL };
	static const char *const bad[] = { "", "contacts", "//evil.example", "/\\evil.example",
		"\\/x", "http://evil.example", "javascript:alert(1)", "/a\nSet-Cookie: x=1",
		"/a\tb", "/\t/evil.example", "/ /evil.example", "/a\177", " /", NULL };
	for (size_t i = 0; good[i]; i++)
		assert_true(browser_address_local(str_of(good[i])));
	for (size_t i = 0; bad[i]; i++)
		assert_false(browser_address_local(str_of(bad[i])));
	assert_false(browser_address_local((str) { NULL, 0 }));
}

static void an_address_takes_the_new_id(void **state)
{
	(void)state;
	struct arena *a = fake->arena;
	assert_str(browser_address(a, STR("/contacts/{id}"), STR("7")), "/contacts/7");
	assert_str(browser_address(a, STR("/a/{id}/b?x={id}&y"), STR("7")), "/a/7/b?x=7&y");
	assert_str(browser_address(a, STR("/contacts"), STR("7")), "/contacts");
	assert_str(browser_address(a, STR("{id}"), (str) { NULL, 0 }), "");
}

static void what_could_mean_something_in_an_address_is_encoded(void **state)
{
	(void)state;
	assert_str(
	    browser_encode(fake->arena, STR("/a b?c=d&\xc3\xa4"), "/"), "/a%20b%3Fc%3Dd%26%C3%A4");
	assert_str(browser_encode(fake->arena, (str) { "a\0b", 3 }, "/"), "a%00b");
}

/* --- The message that is shown once */

static void an_operation_s_last_word_says_what_it_did(void **state)
{
	(void)state;
	assert_string_equal(
	    browser_flash_text(str_of(browser_flash_word("contacts_create"))), "Created.");
	assert_string_equal(
	    browser_flash_text(str_of(browser_flash_word("deals_restore"))), "Restored.");
	assert_string_equal(
	    browser_flash_text(str_of(browser_flash_word("roles_do_something"))), "Saved.");
	assert_null(browser_flash_word("sessions_create"));
	assert_string_equal(browser_flash_word("passwords_forgot"), "passwords_forgot");
}

static void a_cookie_cannot_bring_a_text_of_its_own(void **state)
{
	(void)state;
	assert_null(browser_flash_text(STR("Your account is closed")));
	assert_null(browser_flash_text(STR("sessions_create")));
	assert_null(browser_flash_text((str) { NULL, 0 }));
}

#define BROWSER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BROWSER_TEST(a_token_holds_for_the_session_that_it_was_made_for),
		BROWSER_TEST(another_installation_makes_other_tokens),
		BROWSER_TEST(a_visitor_with_a_session_s_token_as_cookie_cannot_make_its_form_token),
		BROWSER_TEST(without_a_cookie_no_token_holds),
		BROWSER_TEST(a_new_visitor_gets_a_cookie_to_which_the_token_is_bound),
		BROWSER_TEST(over_plain_http_a_cookie_is_not_secure),
		BROWSER_TEST(only_the_browser_s_own_word_makes_a_request_foreign),
		BROWSER_TEST(only_an_address_of_our_own_is_local),
		BROWSER_TEST(an_address_takes_the_new_id),
		BROWSER_TEST(what_could_mean_something_in_an_address_is_encoded),
		BROWSER_TEST(an_operation_s_last_word_says_what_it_did),
		BROWSER_TEST(a_cookie_cannot_bring_a_text_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
