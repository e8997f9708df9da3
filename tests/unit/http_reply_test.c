/* layers: base http */
/* http_reply_test.c: the bytes of an answer, and that no header can be smuggled into one. */
#include "http_fake.h"

static struct buf body;

static void send_reply(struct fake *f, const struct http_reply *reply)
{
	http_send(&f->fcgi, reply);
}

static void headers_come_first_and_the_length_is_right(void **state)
{
	(void)state;
	struct fake *f = fake_new();
	struct http_reply reply;
	http_reply_start(&reply, f->arena, &body);
	reply.status = 201;
	reply.content_type = "application/json";
	http_reply_header(&reply, "ETag", STR("\"a\""));
	http_reply_headerf(&reply, "X-Count", "%d", 3);
	buf_text(&body, "{\"a\":1}");
	send_reply(f, &reply);
	assert_string_equal(fake_answer(f),
	    "Status: 201 Created\r\nContent-Type: application/json\r\n"
	    "Content-Length: 7\r\nETag: \"a\"\r\nX-Count: 3\r\n\r\n{\"a\":1}");
	fake_free(f);
}

static void a_line_break_in_a_value_injects_no_header(void **state)
{
	(void)state;
	struct fake *f = fake_new();
	struct http_reply reply;
	http_reply_start(&reply, f->arena, &body);
	http_reply_header(&reply, "Location", STR("/a\r\nSet-Cookie: x=1\n\0\x7f\tb"));
	send_reply(f, &reply);
	assert_non_null(strstr(fake_answer(f), "Location: /aSet-Cookie: x=1b\r\n\r\n"));
	assert_null(strstr(fake_answer(f), "\nSet-Cookie"));
	fake_free(f);
}

static void head_says_the_length_and_sends_nothing(void **state)
{
	(void)state;
	struct fake *f = fake_new();
	struct http_reply reply;
	http_reply_start(&reply, f->arena, &body);
	reply.content_type = "text/plain";
	reply.body_omitted = true;
	buf_text(&body, "hello");
	send_reply(f, &reply);
	assert_string_equal(fake_answer(f),
	    "Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n");
	fake_free(f);
}

static void no_content_and_not_modified_have_no_body(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct fake *f = fake_new();
		struct http_reply reply;
		http_reply_start(&reply, f->arena, &body);
		reply.status = i ? 304 : 204;
		reply.content_type = "text/plain";
		buf_text(&body, "hello");
		send_reply(f, &reply);
		assert_string_equal(fake_answer(f),
		    i ? "Status: 304 Not Modified\r\n\r\n" : "Status: 204 No Content\r\n\r\n");
		fake_free(f);
	}
}

static void the_buffer_starts_empty_for_each_answer(void **state)
{
	(void)state;
	struct fake *f = fake_new();
	struct http_reply reply;
	buf_text(&body, "left over");
	http_reply_start(&reply, f->arena, &body);
	assert_int_equal(body.n, 0);
	assert_int_equal(reply.status, 200);
	fake_free(f);
}

static void a_client_that_has_gone_does_not_stop_the_worker(void **state)
{
	(void)state;
	struct fake *f = fake_new();
	struct http_reply reply;
	http_reply_start(&reply, f->arena, &body);
	for (size_t i = 0; i < 3 * sizeof f->answer; i++)
		buf_char(&body, 'x');
	send_reply(f, &reply);
	assert_int_equal(f->out.isClosed, 1);
	fake_free(f);
}

static void every_kind_of_failure_has_a_status_and_a_word(void **state)
{
	(void)state;
	for (int kind = OK; kind <= RETRY; kind++) {
		error e = (error)kind;
		assert_in_range(problem_status(e), 200, 599);
		assert_true(strlen(problem_type(e)) > 0);
		assert_true(strlen(problem_title(e)) > 0);
		for (int other = OK; other < kind; other++)
			assert_string_not_equal(problem_type(e), problem_type((error)other));
	}
	assert_int_equal(problem_status(NOT_FOUND), 404);
	assert_int_equal(problem_status(RETRY), 503);
}

static int give_back(void **state)
{
	(void)state;
	buf_free(&body);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_come_first_and_the_length_is_right),
		cmocka_unit_test(a_line_break_in_a_value_injects_no_header),
		cmocka_unit_test(head_says_the_length_and_sends_nothing),
		cmocka_unit_test(no_content_and_not_modified_have_no_body),
		cmocka_unit_test(the_buffer_starts_empty_for_each_answer),
		cmocka_unit_test(a_client_that_has_gone_does_not_stop_the_worker),
		cmocka_unit_test(every_kind_of_failure_has_a_status_and_a_word),
	};
	return cmocka_run_group_tests(tests, NULL, give_back);
}
