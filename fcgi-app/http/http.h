/*
 * http.h: a FastCGI request as HTTP, and the reply. Beside it only process/ uses libfcgi, to
 * accept. Bodies are bounded; nothing here knows operations or the database. All memory is the
 * request's arena's.
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include <fcgiapp.h>

enum http_method {
	HTTP_GET = 1,
	HTTP_POST,
	HTTP_PUT,
	HTTP_PATCH,
	HTTP_DELETE,
	HTTP_OTHER
}; /* HEAD is read as GET with head set */

struct http_pair {
	str name, value;
};

struct http_request {
	struct arena *arena;
	FCGX_Request *fcgi;
	enum http_method method;
	bool head;
	str method_name;
	str path;    /* percent-decoded, starts with '/'; an encoded '/' or NUL or invalid UTF-8 is
			refused */
	str query;   /* raw, without '?' */
	str body;    /* after http_read_body() */
	str id;      /* request id: nginx's $request_id, or a new one */
	str remote;  /* address of the client as nginx saw it */
	bool secure; /* it came over https */
};

#define HTTP_BODY_MAX (1u << 20)

/* Reads the parameters, not the body. MALFORMED for a path that cannot be one. */
error http_open(struct arena *a, FCGX_Request *fcgi, struct http_request *out) MUST_CHECK;
/* Reads the body. TOO_LARGE above max; MALFORMED when it is shorter than Content-Length says. */
error http_read_body(struct http_request *r, size_t max) MUST_CHECK;
str http_header(const struct http_request *r, const char *name); /* "If-None-Match"; none: p NULL */
str http_cookie(const struct http_request *r, const char *name);
str http_content_type(const struct http_request *r); /* lower case, without parameters; "" */

/* application/x-www-form-urlencoded, also a query string. MALFORMED: bad percent-encoding, NUL,
 * invalid UTF-8, over 1,000 pairs. Pairs keep their order; names may repeat. */
error http_form(struct arena *a, str text, struct http_pair **pairs, size_t *n) MUST_CHECK;
str http_form_get(const struct http_pair *pairs, size_t n, const char *name);

struct http_part {
	str name, filename, type, data;
};
/* multipart/form-data (RFC 7578); parts are views into the body. */
error http_multipart(
    struct arena *a, const struct http_request *r, struct http_part **parts, size_t *n) MUST_CHECK;

/* Prefer: wait=25 (RFC 7240): seconds, 0 to 60; *wait -1 when absent. MALFORMED for text, negative
 * or huge. */
error http_prefer_wait(const struct http_request *r, int *wait) MUST_CHECK;
error http_wait_seconds(
    str value, int *wait) MUST_CHECK; /* the same for the value alone, as in /v1/changes?wait=25 */
bool http_etag_matches(
    str header, str etag);     /* If-None-Match and If-Match lists, weak or strong, and * */
str http_etag_strong(str tag); /* as it was before nginx made it weak */
bool http_accepts_html(const struct http_request *r); /* a browser that wants a page */

struct http_reply {
	struct arena *arena;
	int status;
	const char *content_type;
	struct buf *body; /* the worker's buffer, cleared for each request */
	struct http_pair headers[32];
	size_t n_headers;
	bool body_omitted; /* HEAD, 204, 304 */
};
void http_reply_start(struct http_reply *reply, struct arena *a, struct buf *body);
/* Line breaks and control characters in a value are dropped: no header can be injected. The text is
 * copied into the arena. */
void http_reply_header(struct http_reply *reply, const char *name, str value);
void http_reply_headerf(struct http_reply *reply, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void http_send(FCGX_Request *fcgi,
    const struct http_reply *
	reply); /* headers and body in as few writes as possible; the caller finishes the request */
str http_head(
    const struct http_reply *reply, bool endless); /* the headers as they are sent, in the reply's
						      arena; endless: without Content-Length */

/*
 * A reply that goes on for as long as its client listens; stream.c. libfcgi would block on a client
 * that reads slowly, so its records are written here, and what the socket does not take stays in
 * `left`. A zeroed struct is a stream that has not begun.
 */
struct http_stream {
	FCGX_Request *fcgi;
	struct buf left;
	size_t sent;
};
void http_stream_begin(struct http_stream *s, FCGX_Request *fcgi, const struct http_reply *reply);
void http_stream_add(struct http_stream *s, str bytes); /* to be sent next */
bool http_stream_push(
    struct http_stream *s); /* sends what the socket takes; false: the client has gone */
bool http_stream_is_behind(const struct http_stream *s); /* something is left */
void http_stream_close(
    struct http_stream *s); /* what is left is not sent; the caller finishes the request */

/* One table from kind of failure to status and title: problem.c. */
int problem_status(error kind);
const char *problem_title(error kind);
const char *problem_type(error kind); /* a stable word: "not-found" */
