/* layers: base */
/* What log.h promises: one JSON object a line, whatever the fields hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/log.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

/* Standard error goes into a pipe while a test runs; written() reads what came. */
struct capture {
	int from, saved;
	char text[8192];
	struct arena *arena;
};

static int setup(void **state)
{
	struct capture *c = calloc(1, sizeof *c);
	int ends[2];
	if (!c || pipe(ends) != 0)
		return -1;
	c->saved = dup(STDERR_FILENO);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	c->from = ends[0];
	c->arena = arena_new();
	log_start("web", LOG_INFO);
	log_request(NULL);
	*state = c;
	return 0;
}

static int teardown(void **state)
{
	struct capture *c = *state;
	if (c->saved >= 0)
		dup2(c->saved, STDERR_FILENO);
	close(c->saved);
	close(c->from);
	arena_free(c->arena);
	free(c);
	return 0;
}

static str written(struct capture *c)
{
	/* The end of the pipe that is standard error goes first, so that read() sees an end. */
	dup2(c->saved, STDERR_FILENO);
	size_t n = 0;
	for (ssize_t got = 1; got > 0; n += (size_t)got) {
		got = read(c->from, c->text + n, sizeof c->text - n);
		assert_true(got >= 0);
	}
	return (str) { c->text, n };
}

static struct json_object *only_line(struct capture *c)
{
	str text = written(c);
	assert_true(text.n > 0 && text.p[text.n - 1] == '\n');
	assert_ptr_equal(memchr(text.p, '\n', text.n), text.p + text.n - 1);
	const char *why;
	struct json_object *line = json_read(c->arena, text, &why);
	assert_null(why);
	return line;
}

static const char *member(struct json_object *line, const char *name)
{
	struct json_object *value;
	return json_object_object_get_ex(line, name, &value) ? json_object_get_string(value) : NULL;
}

static void a_line_says_when_who_and_what(void **state)
{
	log_request("0190abcd");
	log_message(LOG_WARNING, "something");
	struct json_object *line = only_line(*state);
	instant time;
	assert_true(instant_parse(str_of(member(line, "time")), &time));
	assert_string_equal(member(line, "level"), "warning");
	assert_string_equal(member(line, "process"), "web");
	assert_int_equal(atoi(member(line, "pid")), getpid());
	assert_string_equal(member(line, "request_id"), "0190abcd");
	assert_string_equal(member(line, "message"), "something");
}

static void fields_follow_as_text_or_number(void **state)
{
	log_event(LOG_ERROR, "m", LOG_TEXT("table", STR("deals")), LOG_NUMBER("ms", -7),
	    LOG_TEXT("nothing", ((str) { NULL, 0 })));
	struct json_object *line = only_line(*state);
	assert_string_equal(member(line, "table"), "deals");
	struct json_object *ms = json_object_object_get(line, "ms");
	assert_int_equal(json_object_get_type(ms), json_type_int);
	assert_int_equal(json_object_get_int64(ms), -7);
	assert_true(json_object_object_get_ex(line, "nothing", NULL));
	assert_null(json_object_object_get(line, "nothing"));
}

static void a_field_cannot_begin_a_line_of_its_own(void **state)
{
	log_event(
	    LOG_ERROR, "a\nb", LOG_TEXT("text", STR("x\n{\"level\":\"info\"}\r\x1b[2J\xff\"")));
	assert_string_equal(
	    member(only_line(*state), "text"), "x\n{\"level\":\"info\"}\r\x1b[2J\xef\xbf\xbd\"");
}

static void what_is_below_the_least_level_is_not_written(void **state)
{
	log_start("web", LOG_WARNING);
	log_message(LOG_DEBUG, "no");
	log_message(LOG_INFO, "no");
	log_message(LOG_ERROR, "yes");
	assert_string_equal(member(only_line(*state), "message"), "yes");
}

static void without_a_request_there_is_no_request_id(void **state)
{
	log_request("x");
	log_request(NULL);
	log_message(LOG_INFO, "m");
	assert_false(json_object_object_get_ex(only_line(*state), "request_id", NULL));
}

static bool something_is_written(const struct capture *c)
{
	return poll(&(struct pollfd) { c->from, POLLIN, 0 }, 1, 0) == 1;
}

static void lines_that_are_gathered_are_written_together_at_the_end(void **state)
{
	log_gather(true);
	log_message(LOG_INFO, "one");
	log_message(LOG_INFO, "two");
	assert_false(something_is_written(*state));
	log_gather(false);
	assert_true(something_is_written(*state));
	str text = written(*state);
	const char *one = memmem(text.p, text.n, "\"one\"}\n{", 8),
		   *two = memmem(text.p, text.n, "\"two\"}\n", 7);
	assert_true(one && two && one < two);
}

static void a_warning_does_not_wait_for_more_lines(void **state)
{
	log_gather(true);
	log_message(LOG_INFO, "one");
	log_message(LOG_WARNING, "two");
	assert_true(something_is_written(*state));
	log_gather(false);
}

static void *log_in_a_thread(void *nothing)
{
	log_message(LOG_INFO, "m");
	return nothing;
}

static void the_request_id_is_of_one_thread(void **state)
{
	log_request("mine");
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, log_in_a_thread, NULL), 0);
	pthread_join(thread, NULL);
	assert_null(member(only_line(*state), "request_id"));
}

static void logging_leaves_errno_alone(void **state)
{
	(void)state;
	close(STDERR_FILENO);
	errno = EDOM;
	log_message(LOG_ERROR, "lost");
	assert_int_equal(errno, EDOM);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_line_says_when_who_and_what),
		TEST(fields_follow_as_text_or_number),
		TEST(a_field_cannot_begin_a_line_of_its_own),
		TEST(what_is_below_the_least_level_is_not_written),
		TEST(without_a_request_there_is_no_request_id),
		TEST(a_warning_does_not_wait_for_more_lines),
		TEST(lines_that_are_gathered_are_written_together_at_the_end),
		TEST(the_request_id_is_of_one_thread),
		TEST(logging_leaves_errno_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
