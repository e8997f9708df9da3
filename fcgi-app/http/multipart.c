/*
 * multipart.c: multipart/form-data (RFC 7578, RFC 2046 section 5.1) as browsers, curl and the usual
 * client libraries send it. Parts are views into the body. Strict: a body that ends before its last
 * boundary was cut off on its way and is refused. Tests: tests/unit/http_multipart_test.c.
 */
#include "base/json.h"
#include "http/decode.h"
#include "http/http.h"

#define PARTS_MAX 100
#define PART_HEAD_MAX 8192
#define BOUNDARY_MAX 70 /* RFC 2046 section 5.1.1 */

/* The next `; name=value` of a header, value quoted or not. False at the end, *bad when it cannot
 * be read. */
static bool parameter_next(struct arena *a, str *rest, str *name, str *value, bool *bad)
{
	const char *p = rest->p, *end = rest->p + rest->n;

	*bad = false;
	while (p < end && (*p == ';' || *p == ' ' || *p == '\t'))
		p++;
	if (p == end)
		return false;
	const char *start = p;
	while (p < end && *p != '=' && *p != ';')
		p++;
	*name = str_trim((str) { start, (size_t)(p - start) });
	*value = STR("");
	if (p < end && *p == '=') {
		p++;
		while (p < end && (*p == ' ' || *p == '\t'))
			p++;
		if (p < end && *p == '"') {
			char *text = arena_alloc(a, (size_t)(end - p) + 1);
			size_t n = 0;

			for (p++; p < end && *p != '"'; p++) {
				/* Only these two: an old browser sends C:\file with bare
				 * backslashes. */
				if (*p == '\\' && end - p > 1 && (p[1] == '"' || p[1] == '\\'))
					p++;
				text[n++] = *p;
			}
			if (p == end) {
				*bad = true;
				return false;
			}
			p++;
			*value = (str) { text, n };
		} else {
			start = p;
			while (p < end && *p != ';')
				p++;
			*value = str_trim((str) { start, (size_t)(p - start) });
		}
	}
	*rest = (str) { p, (size_t)(end - p) };
	return true;
}

static error boundary_of(struct arena *a, str content_type, str *out)
{
	str type, rest, name, value;
	bool bad;

	if (!str_cut(content_type, ';', &type, &rest))
		type = content_type;
	if (!ascii_same(str_trim(type), "multipart/form-data"))
		return UNSUPPORTED;
	if (type.n == content_type.n)
		return MALFORMED;
	while (parameter_next(a, &rest, &name, &value, &bad)) {
		if (!ascii_same(name, "boundary"))
			continue;
		if (!value.n || value.n > BOUNDARY_MAX)
			return MALFORMED;
		*out = value;
		return OK;
	}
	return MALFORMED;
}

/* Browsers write a quote in a name as %22 and nothing else as an escape that matters here (WHATWG).
 */
static str quotes_back(struct arena *a, str text)
{
	if (!text.n || !memmem(text.p, text.n, "%22", 3))
		return text;
	char *to = arena_alloc(a, text.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (text.n - i >= 3 && memcmp(text.p + i, "%22", 3) == 0) {
			to[n++] = '"';
			i += 2;
		} else {
			to[n++] = text.p[i];
		}
	}
	return (str) { to, n };
}

/* filename*=UTF-8''na%C3%AFve.csv: RFC 7578 forbids it and client libraries send it. */
static error extended_name(struct arena *a, str value, str *out)
{
	str charset, language, text;

	if (!str_cut(value, '\'', &charset, &text) || !str_cut(text, '\'', &language, &text) ||
	    !ascii_same(charset, "utf-8"))
		return MALFORMED;
	return percent_decode(a, text, false, out);
}

static error disposition(struct arena *a, str header, struct http_part *part)
{
	str kind, rest, name, value;
	bool bad, extended = false;

	if (!str_cut(header, ';', &kind, &rest) || !ascii_same(str_trim(kind), "form-data"))
		return MALFORMED;
	while (parameter_next(a, &rest, &name, &value, &bad)) {
		if (ascii_same(name, "name"))
			part->name = quotes_back(a, value);
		else if (ascii_same(name, "filename") && !extended)
			part->filename = quotes_back(a, value);
		else if (ascii_same(name, "filename*")) {
			TRY(extended_name(a, value, &part->filename));
			extended = true;
		}
	}
	if (bad || str_none(part->name) || !utf8_valid(part->name))
		return MALFORMED;
	if (!str_none(part->filename) && !utf8_valid(part->filename))
		return MALFORMED;
	return OK;
}

static error part_head(struct arena *a, str head, struct http_part *part)
{
	while (head.n) {
		const char *end = memmem(head.p, head.n, "\r\n", 2);
		str line = { head.p, end ? (size_t)(end - head.p) : head.n }, name, value;

		head = end ? (str) { end + 2, head.n - line.n - 2 } : STR("");
		if (!str_cut(line, ':', &name, &value))
			return MALFORMED;
		if (ascii_same(str_trim(name), "content-disposition"))
			TRY(disposition(a, str_trim(value), part));
		else if (ascii_same(str_trim(name), "content-type"))
			part->type = str_trim(value);
	}
	return str_none(part->name) ? MALFORMED : OK;
}

error http_multipart(
    struct arena *a, const struct http_request *r, struct http_part **parts, size_t *n)
{
	str boundary = { NULL, 0 };
	size_t count = 0;

	TRY(boundary_of(a, http_header(r, "Content-Type"), &boundary));
	struct http_part *found = ARENA_ARRAY(a, PARTS_MAX, struct http_part);

	/* Every boundary stands at the start of a line; the first may start the body. */
	const char *mark = arena_printf(a, "\r\n--%.*s", (int)boundary.n, boundary.p);
	size_t mark_n = strlen(mark);
	const char *p = r->body.p, *end = r->body.p + r->body.n;
	if (r->body.n >= mark_n - 2 && memcmp(p, mark + 2, mark_n - 2) == 0) {
		p += mark_n - 2;
	} else {
		p = memmem(r->body.p, r->body.n, mark, mark_n);
		if (!p)
			return MALFORMED;
		p += mark_n;
	}

	for (;;) {
		if (end - p >= 2 && p[0] == '-' && p[1] == '-')
			break;
		while (p < end && (*p == ' ' || *p == '\t'))
			p++;
		if (end - p < 2 || p[0] != '\r' || p[1] != '\n' || count == PARTS_MAX)
			return MALFORMED;

		/* The blank line after the headers; a part without any starts with it. */
		size_t head_room =
		    (size_t)(end - p) < PART_HEAD_MAX ? (size_t)(end - p) : PART_HEAD_MAX;
		const char *blank = memmem(p, head_room, "\r\n\r\n", 4);
		if (!blank)
			return MALFORMED;
		str head = blank > p ? (str) { p + 2, (size_t)(blank - p - 2) } : STR("");
		/* The mark's own line break may be the blank line's. */
		const char *data = blank + 4;
		const char *next = memmem(blank + 2, (size_t)(end - blank - 2), mark, mark_n);
		if (!next)
			return MALFORMED;

		struct http_part *part = &found[count++];
		*part = (struct http_part) { .type = STR("text/plain") };
		TRY(part_head(a, head, part));
		part->data = next < data ? STR("") : (str) { data, (size_t)(next - data) };
		p = next + mark_n;
	}
	*parts = found;
	*n = count;
	return OK;
}
