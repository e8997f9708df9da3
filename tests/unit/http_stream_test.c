/* layers: base http */
/* A reply that goes on: whole FastCGI records in their order, whatever the socket takes at a time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "http/http.h"

#include <cmocka.h>

enum { SERVER, CLIENT };

struct line {
	int fd[2];
	FCGX_Request fcgi;
	struct http_stream stream;
};

static int start(void **state)
{
	struct line *l = calloc(1, sizeof *l);
	int small = 4096;
	if (!l || socketpair(AF_UNIX, SOCK_STREAM, 0, l->fd) != 0)
		return -1;
	setsockopt(l->fd[SERVER], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
	l->fcgi.ipcFd = l->fd[SERVER];
	l->fcgi.requestId = 0x0102;
	l->stream.fcgi = &l->fcgi;
	*state = l;
	return 0;
}

static int end(void **state)
{
	struct line *l = *state;
	http_stream_close(&l->stream);
	close(l->fd[SERVER]);
	close(l->fd[CLIENT]);
	free(l);
	return 0;
}

/* What has arrived, as a client of FastCGI reads it. */
static size_t receive(struct line *l, struct buf *raw)
{
	char part[3000];
	ssize_t n = recv(l->fd[CLIENT], part, sizeof part, MSG_DONTWAIT);
	if (n <= 0)
		return 0;
	buf_add(raw, part, (size_t)n);
	return (size_t)n;
}

static struct buf contents(const struct buf *raw)
{
	struct buf out = { 0 };
	for (size_t at = 0; at < raw->n;) {
		const unsigned char *head = (const unsigned char *)raw->p + at;
		assert_true(raw->n - at >= 8);
		assert_int_equal(head[0], 1);
		assert_int_equal(head[1], 6);
		assert_int_equal(head[2] << 8 | head[3], 0x0102);
		size_t n = (size_t)(head[4] << 8 | head[5]);
		assert_int_equal(head[6], 0);
		assert_true(n > 0 && raw->n - at - 8 >= n);
		buf_add(&out, raw->p + at + 8, n);
		at += 8 + n;
	}
	return out;
}

static void a_stream_begins_with_its_headers_and_has_no_length(void **state)
{
	struct line *l = *state;
	struct arena *a = arena_new();
	struct http_reply reply = {
		.arena = a, .status = 200, .content_type = "text/event-stream"
	};
	struct buf raw = { 0 };
	http_reply_header(&reply, "X-Accel-Buffering", STR("no"));
	http_stream_begin(&l->stream, &l->fcgi, &reply);
	http_stream_add(&l->stream, STR("data: 1\n\n"));
	assert_true(http_stream_is_behind(&l->stream));
	assert_true(http_stream_push(&l->stream));
	assert_false(http_stream_is_behind(&l->stream));
	receive(l, &raw);
	struct buf text = contents(&raw);
	assert_true(str_eq(buf_view(&text),
	    STR("Status: 200 OK\r\nContent-Type: text/event-stream\r\nX-Accel-Buffering: no\r\n\r\n"
		"data: 1\n\n")));
	buf_free(&text);
	buf_free(&raw);
	arena_free(a);
}

static void what_a_slow_reader_does_not_take_is_kept_and_nobody_waits(void **state)
{
	struct line *l = *state;
	enum { MUCH = 300000 };
	struct buf sent = { 0 }, raw = { 0 };
	for (int i = 0; sent.n < MUCH; i++)
		buf_printf(&sent, "%d ", i);
	http_stream_add(&l->stream, buf_view(&sent));
	assert_true(http_stream_push(&l->stream));
	assert_true(http_stream_is_behind(&l->stream));
	while (http_stream_is_behind(&l->stream)) {
		assert_true(receive(l, &raw) > 0);
		assert_true(http_stream_push(&l->stream));
	}
	while (receive(l, &raw)) {
	}
	struct buf text = contents(&raw);
	assert_true(str_eq(buf_view(&text), buf_view(&sent)));
	buf_free(&text);
	buf_free(&raw);
	buf_free(&sent);
}

static void a_client_that_has_gone_is_told_by_the_next_push(void **state)
{
	struct line *l = *state;
	shutdown(l->fd[CLIENT], SHUT_RDWR);
	http_stream_add(&l->stream, STR("data: 1\n\n"));
	assert_false(http_stream_push(&l->stream));
}

static void one_that_is_closed_in_the_middle_sends_nothing_more(void **state)
{
	struct line *l = *state;
	struct buf much = { 0 }, raw = { 0 };
	for (int i = 0; i < 100000; i++)
		buf_char(&much, 'x');
	http_stream_add(&l->stream, buf_view(&much));
	assert_true(http_stream_push(&l->stream));
	assert_true(http_stream_is_behind(&l->stream));
	http_stream_close(&l->stream);
	assert_false(http_stream_is_behind(&l->stream));
	assert_int_equal(send(l->fd[SERVER], "y", 1, MSG_NOSIGNAL | MSG_DONTWAIT), -1);
	while (receive(l, &raw)) {
	}
	assert_true(raw.n < much.n);
	buf_free(&much);
	buf_free(&raw);
}

#define STREAM(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STREAM(a_stream_begins_with_its_headers_and_has_no_length),
		STREAM(what_a_slow_reader_does_not_take_is_kept_and_nobody_waits),
		STREAM(a_client_that_has_gone_is_told_by_the_next_push),
		STREAM(one_that_is_closed_in_the_middle_sends_nothing_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
