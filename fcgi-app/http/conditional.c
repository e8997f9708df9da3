/*
 * conditional.c: the headers that make an answer depend on what the client has already: entity tags
 * (RFC 9110 section 13) and the wish to wait (RFC 7240). Tests: tests/unit/http_conditional_test.c.
 */
#include "http/decode.h"
#include "http/http.h"

#define WAIT_LONGEST 60 /* nginx closes at 90 s: fastcgi_read_timeout in nginx/ */
#define WAIT_ABSURD 86400

str http_etag_strong(str tag)
{
	return str_starts(tag, "W/") ? (str) { tag.p + 2, tag.n - 2 } : tag;
}

static str tag_opaque(str tag)
{
	tag = http_etag_strong(tag);
	if (tag.n >= 2 && tag.p[0] == '"' && tag.p[tag.n - 1] == '"')
		tag = (str) { tag.p + 1, tag.n - 2 };
	return tag;
}

/* Weak comparison for both headers: nginx makes a strong tag weak when it compresses the answer,
 * and a client can only give back what it got. */
bool http_etag_matches(str header, str etag)
{
	str want = tag_opaque(etag);
	size_t at = 0;

	header = str_trim(header);
	if (str_is(header, "*"))
		return true;
	while (at < header.n) {
		size_t start;

		if (header.p[at] == ',' || header.p[at] == ' ' || header.p[at] == '\t') {
			at++;
			continue;
		}
		start = at;
		if (header.n - at >= 2 && header.p[at] == 'W' && header.p[at + 1] == '/')
			at += 2;
		if (at < header.n && header.p[at] == '"') {
			/* A comma may stand between the quotes. */
			const char *end = memchr(header.p + at + 1, '"', header.n - at - 1);
			if (!end)
				return false;
			at = (size_t)(end - header.p) + 1;
		} else {
			while (at < header.n && header.p[at] != ',')
				at++;
		}
		if (str_eq(tag_opaque(str_trim((str) { header.p + start, at - start })), want))
			return true;
	}
	return false;
}

error http_wait_seconds(str value, int *wait)
{
	int64_t seconds = 0;

	if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
		value = (str) { value.p + 1, value.n - 2 };
	if (!value.n)
		return MALFORMED;
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] < '0' || value.p[i] > '9')
			return MALFORMED;
		seconds = seconds * 10 + (value.p[i] - '0');
		if (seconds > WAIT_ABSURD)
			return MALFORMED;
	}
	*wait = seconds > WAIT_LONGEST ? WAIT_LONGEST : (int)seconds;
	return OK;
}

error http_prefer_wait(const struct http_request *r, int *wait)
{
	str rest = http_header(r, "Prefer");

	*wait = -1;
	while (rest.n) {
		str one, name, value, parameters;

		if (!str_cut(rest, ',', &one, &rest)) {
			one = rest;
			rest.n = 0;
		}
		(void)str_cut(one, ';', &one, &parameters);
		if (!str_cut(one, '=', &name, &value)) {
			name = one;
			value = STR("");
		}
		/* The first of the same name counts (RFC 7240 section 2). */
		if (ascii_same(str_trim(name), "wait"))
			return http_wait_seconds(str_trim(value), wait);
	}
	return OK;
}
