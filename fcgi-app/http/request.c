/*
 * request.c: what nginx sent, as HTTP. The path is read from REQUEST_URI, as the client wrote it,
 * and decoded once, here: nginx's own $uri is decoded and tidied already and could not tell "a%2Fb"
 * from "a/b". Header names are looked up in the FastCGI parameters, nothing is copied before
 * somebody asks. Tests: tests/unit/http_request_test.c.
 */
#include "base/json.h"
#include "base/random.h"
#include "http/decode.h"
#include "http/http.h"

#define REQUEST_ID_MAX 64
#define HEADER_NAME_MAX 64

static str param(const struct http_request *r, const char *name)
{
	return str_of(FCGX_GetParam(name, r->fcgi->envp));
}

static enum http_method method_of(str name, bool *head)
{
	static const struct {
		const char *name;
		enum http_method method;
	} methods[] = {
		{ "GET", HTTP_GET },
		{ "HEAD", HTTP_GET },
		{ "POST", HTTP_POST },
		{ "PUT", HTTP_PUT },
		{ "PATCH", HTTP_PATCH },
		{ "DELETE", HTTP_DELETE },
	};

	*head = str_is(name, "HEAD");
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (str_is(name, methods[i].name))
			return methods[i].method;
	return HTTP_OTHER;
}

/* An id that came from outside goes into logs and headers, so it has to look like one. */
static bool request_id_plain(str id)
{
	if (!id.n || id.n > REQUEST_ID_MAX)
		return false;
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			c == '-' || c == '_' || c == '.'))
			return false;
	}
	return true;
}

/* An encoded slash would make one segment look like two; a dot segment names another path than it
 * says, and nginx has routed by that other one. */
static error path_decode(struct arena *a, str raw, str *out)
{
	str path;

	if (!raw.n || raw.p[0] != '/')
		return MALFORMED;
	for (size_t i = 0; i + 2 < raw.n; i++)
		if (raw.p[i] == '%' && raw.p[i + 1] == '2' &&
		    (raw.p[i + 2] == 'F' || raw.p[i + 2] == 'f'))
			return MALFORMED;
	TRY(percent_decode(a, raw, false, &path));
	for (size_t i = 0; i < path.n; i++)
		if ((unsigned char)path.p[i] < ' ' || path.p[i] == 127)
			return MALFORMED;
	for (str rest = { path.p + 1, path.n - 1 }; rest.n;) {
		str segment;

		if (!str_cut(rest, '/', &segment, &rest)) {
			segment = rest;
			rest.n = 0;
		}
		if (str_is(segment, ".") || str_is(segment, ".."))
			return MALFORMED;
	}
	*out = path;
	return OK;
}

error http_open(struct arena *a, FCGX_Request *fcgi, struct http_request *out)
{
	struct http_request r = { .arena = a, .fcgi = fcgi, .body = STR("") };

	r.method_name = param(&r, "REQUEST_METHOD");
	r.method = method_of(r.method_name, &r.head);
	r.id = param(&r, "REQUEST_ID");
	if (!request_id_plain(r.id)) {
		uuid fresh = uuid_v7();
		r.id = (str) { arena_text(a, fresh.text, strlen(fresh.text)), strlen(fresh.text) };
	}
	r.remote = param(&r, "REMOTE_ADDR");
	r.secure = ascii_same(param(&r, "HTTPS"), "on");
	r.path = STR("/");

	str uri = param(&r, "REQUEST_URI"), raw;
	if (!str_cut(uri, '?', &raw, &r.query)) {
		raw = uri;
		r.query = STR("");
	}
	/* Set before the path is judged: the caller's refusal names the request's id, and the path
	 * as it came. */
	if (raw.n)
		r.path = raw;
	*out = r;
	return path_decode(a, raw, &out->path);
}

error http_read_body(struct http_request *r, size_t max)
{
	str header = param(r, "CONTENT_LENGTH");
	size_t length = 0;

	for (size_t i = 0; i < header.n; i++) {
		if (header.p[i] < '0' || header.p[i] > '9')
			return MALFORMED;
		if (length > max)
			return TOO_LARGE;
		length = length * 10 + (size_t)(header.p[i] - '0');
	}
	if (length > max)
		return TOO_LARGE;
	if (!length) {
		r->body = STR("");
		return OK;
	}

	/* FCGX_GetStr counts in int, whatever max is. */
	char *bytes = arena_alloc(r->arena, length + 1);
	size_t have = 0;
	while (have < length) {
		size_t want = length - have < (1u << 30) ? length - have : (1u << 30);
		int got = FCGX_GetStr(bytes + have, (int)want, r->fcgi->in);
		if (got <= 0)
			return MALFORMED;
		have += (size_t)got;
	}
	r->body = (str) { bytes, have };
	return OK;
}

str http_header(const struct http_request *r, const char *name)
{
	char key[HEADER_NAME_MAX + 6] = "HTTP_";
	size_t n = 5;

	if (ascii_same(str_of(name), "content-type") || ascii_same(str_of(name), "content-length"))
		n = 0;
	for (; *name; name++) {
		char c = *name;
		if (n == sizeof key - 1)
			return (str) { NULL, 0 };
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 32);
		key[n++] = c == '-' ? '_' : c;
	}
	key[n] = 0;
	return param(r, key);
}

str http_cookie(const struct http_request *r, const char *name)
{
	str rest = http_header(r, "Cookie");

	while (rest.n) {
		str pair, key, value;

		if (!str_cut(rest, ';', &pair, &rest)) {
			pair = rest;
			rest.n = 0;
		}
		if (!str_cut(pair, '=', &key, &value) || !str_is(str_trim(key), name))
			continue;
		value = str_trim(value);
		if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
			value = (str) { value.p + 1, value.n - 2 };
		return value;
	}
	return (str) { NULL, 0 };
}

str http_content_type(const struct http_request *r)
{
	str type = http_header(r, "Content-Type"), parameters;

	if (str_none(type))
		return STR("");
	(void)str_cut(type, ';', &type, &parameters);
	type = str_trim(type);
	char *lower = arena_text(r->arena, type.p, type.n);
	for (size_t i = 0; i < type.n; i++)
		if (lower[i] >= 'A' && lower[i] <= 'Z')
			lower[i] = (char)(lower[i] + 32);
	return (str) { lower, type.n };
}

/* True for q=0, q=0.0 and so on: "not this one" (RFC 9110 section 12.4.2). */
static bool quality_is_zero(str parameters)
{
	while (parameters.n) {
		str one, name, value;

		if (!str_cut(parameters, ';', &one, &parameters)) {
			one = parameters;
			parameters.n = 0;
		}
		if (!str_cut(one, '=', &name, &value) || !ascii_same(str_trim(name), "q"))
			continue;
		value = str_trim(value);
		for (size_t i = 0; i < value.n; i++)
			if (value.p[i] != '0' && value.p[i] != '.')
				return false;
		return value.n > 0;
	}
	return false;
}

bool http_accepts_html(const struct http_request *r)
{
	str rest = http_header(r, "Accept");

	while (rest.n) {
		str one, type, parameters = STR("");

		if (!str_cut(rest, ',', &one, &rest)) {
			one = rest;
			rest.n = 0;
		}
		if (!str_cut(one, ';', &type, &parameters))
			type = one;
		type = str_trim(type);
		if (ascii_same(type, "text/html") || ascii_same(type, "application/xhtml+xml"))
			return !quality_is_zero(parameters);
	}
	return false;
}
