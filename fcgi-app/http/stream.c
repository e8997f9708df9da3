/*
 * stream.c: a reply that goes on. The records of FastCGI (specification section 3.3, type
 * FCGI_STDOUT) are written past libfcgi, whose writes wait for the reader: one slow client would
 * hold up whoever tells thousands. Tests: tests/unit/http_stream_test.c
 */
#include "http/http.h"

#include <errno.h>
#include <sys/socket.h>

enum { RECORD_MOST = 65528, RECORD_HEAD = 8, TYPE_STDOUT = 6, VERSION = 1 };

void http_stream_begin(struct http_stream *s, FCGX_Request *fcgi, const struct http_reply *reply)
{
	*s = (struct http_stream) { .fcgi = fcgi };
	http_stream_add(s, http_head(reply, true));
}

void http_stream_add(struct http_stream *s, str bytes)
{
	unsigned id = (unsigned)s->fcgi->requestId;
	while (bytes.n) {
		size_t n = bytes.n < RECORD_MOST ? bytes.n : RECORD_MOST;
		const unsigned char head[RECORD_HEAD] = { VERSION, TYPE_STDOUT,
			(unsigned char)(id >> 8), (unsigned char)id, (unsigned char)(n >> 8),
			(unsigned char)n };
		buf_add(&s->left, head, sizeof head);
		buf_add(&s->left, bytes.p, n);
		bytes = (str) { bytes.p + n, bytes.n - n };
	}
}

bool http_stream_push(struct http_stream *s)
{
	while (s->sent < s->left.n) {
		ssize_t n = send(s->fcgi->ipcFd, s->left.p + s->sent, s->left.n - s->sent,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK;
		s->sent += (size_t)n;
	}
	/* Most streams are quiet most of the time: nothing is kept for them. */
	buf_free(&s->left);
	*s = (struct http_stream) { .fcgi = s->fcgi };
	return true;
}

bool http_stream_is_behind(const struct http_stream *s) { return s->left.n > 0; }

void http_stream_close(struct http_stream *s)
{
	/* libfcgi's last record would wait behind what is left, and be read as a part of it. */
	if (http_stream_is_behind(s))
		shutdown(s->fcgi->ipcFd, SHUT_RDWR);
	buf_free(&s->left);
	*s = (struct http_stream) { .fcgi = s->fcgi };
}
