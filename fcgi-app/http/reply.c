/*
 * reply.c: one block of headers, then the body. libfcgi cuts the stream into records of 8 KiB, so a
 * small answer is one write. Tests: tests/unit/http_reply_test.c.
 */
#include "http/http.h"
#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

#define HEADERS_MAX (sizeof((struct http_reply *)0)->headers / sizeof(struct http_pair))

static const char *reason(int status)
{
	static const struct {
		int status;
		const char *text;
	} reasons[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 202, "Accepted" },
		{ 204, "No Content" },
		{ 207, "Multi-Status" },
		{ 301, "Moved Permanently" },
		{ 302, "Found" },
		{ 303, "See Other" },
		{ 304, "Not Modified" },
		{ 307, "Temporary Redirect" },
		{ 308, "Permanent Redirect" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 409, "Conflict" },
		{ 410, "Gone" },
		{ 412, "Precondition Failed" },
		{ 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 422, "Unprocessable Content" },
		{ 428, "Precondition Required" },
		{ 429, "Too Many Requests" },
		{ 500, "Internal Server Error" },
		{ 503, "Service Unavailable" },
	};

	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].status == status)
			return reasons[i].text;
	return "Status";
}

void http_reply_start(struct http_reply *reply, struct arena *a, struct buf *body)
{
	buf_clear(body);
	*reply = (struct http_reply) { .arena = a, .status = 200, .body = body };
}

void http_reply_header(struct http_reply *reply, const char *name, str value)
{
	char *clean = arena_alloc(reply->arena, value.n + 1);
	size_t n = 0;

	assert(reply->n_headers < HEADERS_MAX);
	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] >= ' ' && value.p[i] != 127)
			clean[n++] = value.p[i];
	reply->headers[reply->n_headers++] = (struct http_pair) { str_of(name), { clean, n } };
}

void http_reply_headerf(struct http_reply *reply, const char *name, const char *format, ...)
{
	char small[256], *text = small;
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(small, sizeof small, format, args);
	assert(n >= 0);
	if ((size_t)n >= sizeof small) {
		text = arena_alloc(reply->arena, (size_t)n + 1);
		vsnprintf(text, (size_t)n + 1, format, again);
	}
	va_end(again);
	va_end(args);
	http_reply_header(reply, name, (str) { text, (size_t)n });
}

static void send_bytes(FCGX_Request *fcgi, const char *p, size_t n)
{
	while (n) {
		int part = n > INT_MAX ? INT_MAX : (int)n;
		if (FCGX_PutStr(p, part, fcgi->out) < 0)
			return; /* the client has gone; libfcgi remembers, the caller's finish
				   closes */
		p += part;
		n -= (size_t)part;
	}
}

static bool is_bare(const struct http_reply *reply)
{
	return reply->status == 204 || reply->status == 304;
}

str http_head(const struct http_reply *reply, bool endless)
{
	size_t room = 256;

	for (size_t i = 0; i < reply->n_headers; i++)
		room += reply->headers[i].name.n + reply->headers[i].value.n + 4;
	if (reply->content_type)
		room += strlen(reply->content_type);

	char *head = arena_alloc(reply->arena, room);
	size_t n =
	    (size_t)snprintf(head, room, "Status: %d %s\r\n", reply->status, reason(reply->status));
	if (reply->content_type && !is_bare(reply))
		n += (size_t)snprintf(
		    head + n, room - n, "Content-Type: %s\r\n", reply->content_type);
	if (!endless && !is_bare(reply))
		n +=
		    (size_t)snprintf(head + n, room - n, "Content-Length: %zu\r\n", reply->body->n);
	for (size_t i = 0; i < reply->n_headers; i++)
		n += (size_t)snprintf(head + n, room - n, "%s: %.*s\r\n", reply->headers[i].name.p,
		    (int)reply->headers[i].value.n, reply->headers[i].value.p);
	n += (size_t)snprintf(head + n, room - n, "\r\n");
	assert(n < room);
	return (str) { head, n };
}

void http_send(FCGX_Request *fcgi, const struct http_reply *reply)
{
	str head = http_head(reply, false);
	send_bytes(fcgi, head.p, head.n);
	if (!is_bare(reply) && !reply->body_omitted)
		send_bytes(fcgi, reply->body->p, reply->body->n);
}
