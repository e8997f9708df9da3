/* layers: base http */
/* http_multipart_test.c: multipart/form-data of browsers and curl, and bodies that were cut off. */
#include "http_fake.h"

static error parse(struct fake *f, const char *type, str body, struct http_part **parts, size_t *n)
{
	struct http_request r;
	fake_param(f, "REQUEST_METHOD", "POST");
	fake_param(f, "REQUEST_URI", "/");
	if (type)
		fake_param(f, "CONTENT_TYPE", type);
	assert_int_equal(http_open(f->arena, &f->fcgi, &r), OK);
	r.body = body;
	return http_multipart(f->arena, &r, parts, n);
}

static error parse_b(struct fake *f, str body, struct http_part **parts, size_t *n)
{
	return parse(f, "multipart/form-data; boundary=B", body, parts, n);
}

static void fields_and_files_are_views_into_the_body(void **state)
{
	(void)state;
	struct fake *f = fake_new();
	struct http_part *parts;
	size_t n;
	str body =
	    STR("--B\r\nContent-Disposition: form-data; name=\"object\"\r\n\r\ncontact\r\n"
		"--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n"
		"Content-Type: text/csv\r\n\r\na,b\r\n\0--X\r\n\r\n--B--\r\n");
	assert_int_equal(parse_b(f, body, &parts, &n), OK);
	assert_int_equal(n, 2);
	assert_str(parts[0].name, "object");
	assert_str(parts[0].filename, NULL);
	assert_str(parts[0].type, "text/plain");
	assert_str(parts[0].data, "contact");
	assert_str(parts[1].name, "file");
	assert_str(parts[1].filename, "a.csv");
	assert_str(parts[1].type, "text/csv");
	assert_true(str_eq(parts[1].data, STR("a,b\r\n\0--X\r\n")));
	assert_true(parts[1].data.p > body.p && parts[1].data.p < body.p + body.n);
	fake_free(f);
}

static void empty_parts_preamble_and_epilogue_are_understood(void **state)
{
	(void)state;
	struct fake *f = fake_new();
	struct http_part *parts;
	size_t n;
	assert_int_equal(
	    parse_b(f,
		STR("preamble\r\n--B \r\ncontent-disposition:form-data;name=a\r\n\r\n\r\n"
		    "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n"
		    "\r\n--B--\r\nepilogue"),
		&parts, &n),
	    OK);
	assert_int_equal(n, 2);
	assert_str(parts[0].name, "a");
	assert_str(parts[0].data, "");
	assert_str(parts[1].filename, "");
	assert_str(parts[1].data, "");
	fake_free(f);

	f = fake_new();
	assert_int_equal(parse_b(f, STR("--B--"), &parts, &n), OK);
	assert_int_equal(n, 0);
	fake_free(f);
}

static void names_come_back_as_people_typed_them(void **state)
{
	(void)state;
	static const struct {
		const char *parameters, *name, *filename;
	} cases[] = {
		{ "name=\"a%22b\"; filename=\"x%22;y.csv\"", "a\"b", "x\";y.csv" },
		{ "name=\"a\\\"b\"; filename=\"C:\\dir\\x.csv\"", "a\"b", "C:\\dir\\x.csv" },
		{ "name=a; filename=\"na\xc3\xafve.csv\"", "a", "na\xc3\xafve.csv" },
		{ "name=a; filename=\"plain\"; filename*=UTF-8''na%C3%AFve.csv", "a",
		    "na\xc3\xafve.csv" },
		{ "NAME=a; FileName = b", "a", "b" },
		{ "name=\"\"", "", NULL },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fake *f = fake_new();
		struct http_part *parts;
		size_t n;
		const char *body = arena_printf(f->arena,
		    "--B\r\nContent-Disposition: form-data; %s\r\n\r\nx\r\n--B--",
		    cases[i].parameters);
		assert_int_equal(parse_b(f, str_of(body), &parts, &n), OK);
		assert_int_equal(n, 1);
		assert_str(parts[0].name, cases[i].name);
		assert_str(parts[0].filename, cases[i].filename);
		fake_free(f);
	}
}

static void the_boundary_may_be_quoted_and_has_a_limit(void **state)
{
	(void)state;
	static const struct {
		const char *type;
		error want;
	} cases[] = {
		{ "multipart/form-data; boundary=B", OK },
		{ "Multipart/Form-Data; charset=utf-8; Boundary=\"B\"", OK },
		{ "multipart/form-data; boundary=\"B", MALFORMED },
		{ "multipart/form-data; boundary=", MALFORMED },
		{ "multipart/form-data", MALFORMED },
		{ "multipart/form-data; "
		  "boundary=0123456789012345678901234567890123456789012345678901234567890"
		  "1234567890",
		    MALFORMED },
		{ "multipart/mixed; boundary=B", UNSUPPORTED },
		{ "text/csv", UNSUPPORTED },
		{ NULL, UNSUPPORTED },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fake *f = fake_new();
		struct http_part *parts;
		size_t n;
		assert_int_equal(parse(f, cases[i].type, STR("--B--"), &parts, &n), cases[i].want);
		fake_free(f);
	}
}

static void what_was_cut_off_or_is_no_form_is_refused(void **state)
{
	(void)state;
#define HEAD "Content-Disposition: form-data; name=\"a\"\r\n\r\n"
	static const char *const bad[] = {
		"",
		"B",
		"--B",
		"--B\r\n",
		"--Bx\r\n" HEAD "x\r\n--B--",
		"--B\r\n" HEAD,
		"--B\r\n" HEAD "x",
		"--B\r\n" HEAD "x\r\n",
		"--B\r\n" HEAD "x\r\n--B",
		"--B\r\n" HEAD "x\r\n--B-",
		"--B\r\n" HEAD "x--B--",
		"--B\r\nContent-Disposition: form-data; name=\"a\"\r\n",
		"--B\r\n\r\nno headers\r\n--B--",
		"--B\r\nContent-Type: text/plain\r\n\r\nno name\r\n--B--",
		"--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--",
		"--B\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--B--",
		"--B\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--B--",
		"--B\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\nx\r\n--B--",
		"--B\r\nContent-Disposition: form-data; name=a; "
		"filename=\"\xff\"\r\n\r\nx\r\n--B--",
		"--B\r\nContent-Disposition: form-data; name=a; "
		"filename*=UTF-8''%00\r\n\r\nx\r\n--B--",
		"--B\r\nContent-Disposition: form-data; name=a; "
		"filename*=latin1''x\r\n\r\nx\r\n--B--",
		"--B\r\nno colon\r\n\r\nx\r\n--B--",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct fake *f = fake_new();
		struct http_part *parts;
		size_t n;
		/* An exact copy on the heap, so that the sanitizer sees a step past its end. */
		size_t length = strlen(bad[i]);
		char *exact = malloc(length ? length : 1);
		memcpy(exact, bad[i], length);
		if (parse_b(f, (str) { exact, length }, &parts, &n) != MALFORMED)
			fail_msg("accepted case %zu", i);
		free(exact);
		fake_free(f);
	}
}

static void a_good_body_is_refused_at_every_place_where_it_may_be_cut(void **state)
{
	(void)state;
	str whole = STR("--B\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\n"
			"Content-Type: text/csv\r\n\r\n1,2\r\n--B\r\n" HEAD "\r\n--B--");
	for (size_t length = 0; length < whole.n; length++) {
		struct fake *f = fake_new();
		struct http_part *parts;
		size_t n;
		char *exact = malloc(length ? length : 1);
		memcpy(exact, whole.p, length);
		assert_int_equal(parse_b(f, (str) { exact, length }, &parts, &n), MALFORMED);
		free(exact);
		fake_free(f);
	}
}

static void the_number_of_parts_and_the_size_of_their_headers_are_bounded(void **state)
{
	(void)state;
	for (int parts_sent = 100; parts_sent <= 101; parts_sent++) {
		struct fake *f = fake_new();
		struct buf body = { 0 };
		struct http_part *parts;
		size_t n;
		for (int i = 0; i < parts_sent; i++)
			buf_text(&body, "--B\r\n" HEAD "x\r\n");
		buf_text(&body, "--B--");
		assert_int_equal(
		    parse_b(f, buf_view(&body), &parts, &n), parts_sent == 100 ? OK : MALFORMED);
		buf_free(&body);
		fake_free(f);
	}

	struct fake *f = fake_new();
	struct buf body = { 0 };
	struct http_part *parts;
	size_t n;
	buf_text(&body, "--B\r\nX: ");
	for (int i = 0; i < 10000; i++)
		buf_char(&body, 'x');
	buf_text(&body, "\r\n" HEAD "x\r\n--B--");
	assert_int_equal(parse_b(f, buf_view(&body), &parts, &n), MALFORMED);
	buf_free(&body);
	fake_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_and_files_are_views_into_the_body),
		cmocka_unit_test(empty_parts_preamble_and_epilogue_are_understood),
		cmocka_unit_test(names_come_back_as_people_typed_them),
		cmocka_unit_test(the_boundary_may_be_quoted_and_has_a_limit),
		cmocka_unit_test(what_was_cut_off_or_is_no_form_is_refused),
		cmocka_unit_test(a_good_body_is_refused_at_every_place_where_it_may_be_cut),
		cmocka_unit_test(the_number_of_parts_and_the_size_of_their_headers_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
