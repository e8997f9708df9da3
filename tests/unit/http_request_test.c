/* layers: base http */
/* http_request_test.c: paths, headers, cookies and bodies as they come from nginx. */
#include "http_fake.h"

static error open_path(const char *uri, struct fake *f, struct http_request *r)
{
	fake_param(f, "REQUEST_METHOD", "GET");
	fake_param(f, "REQUEST_URI", uri);
	return http_open(f->arena, &f->fcgi, r);
}

static void a_path_is_decoded_once_and_the_query_stays_raw(void **state)
{
	(void)state;
	static const struct {
		const char *uri, *path, *query;
	} good[] = {
		{ "/", "/", "" },
		{ "/v1/contacts?q=a%20b&x=?", "/v1/contacts", "q=a%20b&x=?" },
		{ "/caf%C3%A9/a+b", "/caf\xc3\xa9/a+b", "" },
		{ "/a%252Fb", "/a%2Fb", "" },
		{ "/a/?", "/a/", "" },
		{ "/a/...", "/a/...", "" },
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct fake *f = fake_new();
		struct http_request r;
		assert_int_equal(open_path(good[i].uri, f, &r), OK);
		assert_str(r.path, good[i].path);
		assert_str(r.query, good[i].query);
		fake_free(f);
	}
}

static void a_path_that_cannot_be_one_is_refused_and_still_has_an_id(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "v1", "*", "/a%2Fb", "/a%2fb", "/a%00b", "/%", "/%4",
		"/%zz", "/%ff", "/\xff", "/a/../b", "/a/%2e%2e/b", "/a/.", "/.", "/a%0ab",
		"/a%7f" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct fake *f = fake_new();
		struct http_request r;
		assert_int_equal(open_path(bad[i], f, &r), MALFORMED);
		assert_true(r.id.n > 0);
		assert_true(r.path.n > 0);
		fake_free(f);
	}
}

static void head_is_read_as_get(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		enum http_method method;
		bool head;
	} methods[] = { { "GET", HTTP_GET, false }, { "HEAD", HTTP_GET, true },
		{ "POST", HTTP_POST, false }, { "PUT", HTTP_PUT, false },
		{ "PATCH", HTTP_PATCH, false }, { "DELETE", HTTP_DELETE, false },
		{ "OPTIONS", HTTP_OTHER, false }, { "get", HTTP_OTHER, false } };
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		struct fake *f = fake_new();
		struct http_request r;
		fake_param(f, "REQUEST_METHOD", methods[i].name);
		fake_param(f, "REQUEST_URI", "/");
		assert_int_equal(http_open(f->arena, &f->fcgi, &r), OK);
		assert_int_equal(r.method, methods[i].method);
		assert_int_equal(r.head, methods[i].head);
		fake_free(f);
	}
}

static void a_request_id_of_nginx_is_kept_and_a_strange_one_replaced(void **state)
{
	(void)state;
	struct fake *f = fake_new();
	struct http_request r;
	fake_param(f, "REQUEST_ID", "0123456789abcdef0123456789abcdef");
	assert_int_equal(open_path("/", f, &r), OK);
	assert_str(r.id, "0123456789abcdef0123456789abcdef");
	fake_free(f);

	f = fake_new();
	fake_param(f, "REQUEST_ID", "a b\"{");
	assert_int_equal(open_path("/", f, &r), OK);
	assert_int_equal(r.id.n, 36);
	fake_free(f);
}

static void headers_are_found_by_their_name_in_any_case(void **state)
{
	(void)state;
	struct fake *f = fake_new();
	struct http_request r;
	fake_param(f, "HTTP_IF_NONE_MATCH", "\"x\"");
	fake_param(f, "CONTENT_TYPE", "Application/JSON; charset=utf-8");
	fake_param(f, "HTTPS", "on");
	fake_param(f, "REMOTE_ADDR", "192.0.2.7");
	assert_int_equal(open_path("/", f, &r), OK);
	assert_str(http_header(&r, "If-None-Match"), "\"x\"");
	assert_str(http_header(&r, "if-none-match"), "\"x\"");
	assert_str(http_header(&r, "If-Match"), NULL);
	assert_str(http_content_type(&r), "application/json");
	assert_true(r.secure);
	assert_str(r.remote, "192.0.2.7");
	fake_free(f);
}

static void without_a_content_type_it_is_empty(void **state)
{
	(void)state;
	struct fake *f = fake_new();
	struct http_request r;
	assert_int_equal(open_path("/", f, &r), OK);
	assert_str(http_content_type(&r), "");
	assert_false(r.secure);
	fake_free(f);
}

static void cookies_match_by_whole_name(void **state)
{
	(void)state;
	struct fake *f = fake_new();
	struct http_request r;
	fake_param(
	    f, "HTTP_COOKIE", "xmuster=no; muster=a=b ;quoted=\"q\"; empty=; muster=second; bare");
	assert_int_equal(open_path("/", f, &r), OK);
	assert_str(http_cookie(&r, "muster"), "a=b");
	assert_str(http_cookie(&r, "quoted"), "q");
	assert_str(http_cookie(&r, "empty"), "");
	assert_str(http_cookie(&r, "must"), NULL);
	assert_str(http_cookie(&r, "bare"), NULL);
	fake_free(f);
}

static error body_of(
    struct fake *f, const char *length, const char *body, size_t max, struct http_request *r)
{
	if (length)
		fake_param(f, "CONTENT_LENGTH", length);
	assert_int_equal(open_path("/", f, r), OK);
	fake_body(f, str_of(body));
	return http_read_body(r, max);
}

static void a_body_is_as_long_as_it_says(void **state)
{
	(void)state;
	static const struct {
		const char *length, *body;
		size_t max;
		error want;
	} cases[] = {
		{ "5", "hello", 10, OK },
		{ "5", "hello", 5, OK },
		{ "4", "hello", 10, OK },
		{ "5", "hello", 4, TOO_LARGE },
		{ "6", "hello", 10, MALFORMED },
		{ "-5", "hello", 10, MALFORMED },
		{ "5x", "hello", 10, MALFORMED },
		{ "99999999999999999999999999", "hello", 10, TOO_LARGE },
		{ "0", "", 10, OK },
		{ "", "", 10, OK },
		{ NULL, "", 10, OK },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fake *f = fake_new();
		struct http_request r;
		assert_int_equal(
		    body_of(f, cases[i].length, cases[i].body, cases[i].max, &r), cases[i].want);
		if (cases[i].want == OK)
			assert_int_equal(r.body.n, cases[i].length ? atoi(cases[i].length) : 0);
		fake_free(f);
	}
}

static void a_browser_is_told_from_an_api_client_by_accept(void **state)
{
	(void)state;
	static const struct {
		const char *accept;
		bool html;
	} cases[] = {
		{ "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true },
		{ "application/json, text/HTML;q=0.5", true },
		{ "application/json", false },
		{ "*/*", false },
		{ "text/html;q=0", false },
		{ "text/html; q=0.0, application/json", false },
		{ "text/html; q=0.1", true },
		{ "", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fake *f = fake_new();
		struct http_request r;
		fake_param(f, "HTTP_ACCEPT", cases[i].accept);
		assert_int_equal(open_path("/", f, &r), OK);
		assert_int_equal(http_accepts_html(&r), cases[i].html);
		fake_free(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_is_decoded_once_and_the_query_stays_raw),
		cmocka_unit_test(a_path_that_cannot_be_one_is_refused_and_still_has_an_id),
		cmocka_unit_test(head_is_read_as_get),
		cmocka_unit_test(a_request_id_of_nginx_is_kept_and_a_strange_one_replaced),
		cmocka_unit_test(headers_are_found_by_their_name_in_any_case),
		cmocka_unit_test(without_a_content_type_it_is_empty),
		cmocka_unit_test(cookies_match_by_whole_name),
		cmocka_unit_test(a_body_is_as_long_as_it_says),
		cmocka_unit_test(a_browser_is_told_from_an_api_client_by_accept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
