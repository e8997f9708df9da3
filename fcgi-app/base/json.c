/*
 * json.c: the JSON writer. Every reply goes through it, so a string is looked at once, eight bytes
 * at a time: runs that need no escape are copied as they are, and what is not UTF-8 is replaced on
 * the way. There is no tree. Reading is json_read.c. Tests: tests/unit/base_json_test.c
 */
#include "json.h"
#include <assert.h>
#include <endian.h>

void json_begin(struct json *j, struct buf *out) { *j = (struct json) { .out = out }; }

static bool in_object(const struct json *j) { return j->depth && j->objects >> (j->depth - 1) & 1; }

/* Room for `n` bytes, behind the comma that goes before the next value or key. */
static inline char *room(struct json *j, size_t n)
{
	buf_reserve(j->out, n + 1);
	char *p = j->out->p + j->out->n;
	if (j->comma)
		*p++ = ',';
	return p;
}

static inline void wrote(struct json *j, const char *end) { j->out->n = (size_t)(end - j->out->p); }

/* Before each value: it stands in an array, after a key, or alone as the document. */
static inline char *value(struct json *j, size_t n)
{
	assert(in_object(j) ? j->after_key : j->depth || !j->comma);
	char *p = room(j, n);
	j->after_key = false;
	j->comma = true;
	return p;
}

static void open_container(struct json *j, char bracket, bool object)
{
	assert(j->depth < JSON_DEPTH);
	char *p = value(j, 1);
	*p++ = bracket;
	wrote(j, p);
	uint64_t bit = UINT64_C(1) << j->depth++;
	j->objects = object ? j->objects | bit : j->objects & ~bit;
	j->comma = false;
}

static void close_container(struct json *j, char bracket, bool object)
{
	assert(j->depth && in_object(j) == object && !j->after_key);
	buf_char(j->out, bracket);
	j->depth--;
	j->comma = true;
}

void json_object_begin(struct json *j) { open_container(j, '{', true); }

void json_object_end(struct json *j) { close_container(j, '}', true); }

void json_array(struct json *j) { open_container(j, '[', false); }

void json_array_end(struct json *j) { close_container(j, ']', false); }

/* --- Strings */

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* How many bytes at p are ASCII that needs no escape. */
static inline size_t plain(const char *p, size_t n)
{
	size_t i = 0;
	for (; n - i >= 8; i += 8) {
		/* The high bit of a byte is set when the byte is below a space, a quote, a
		 * backslash or not ASCII. A borrow can reach only bytes after the first that is so,
		 * which is the one wanted. */
		uint64_t eight;
		memcpy(&eight, p + i, sizeof eight);
		eight = le64toh(eight);
		uint64_t found = (eight | (eight - EACH(0x20)) | ((eight ^ EACH('"')) - EACH(1)) |
				     ((eight ^ EACH('\\')) - EACH(1))) &
				 EACH(0x80);
		if (found)
			return i + (size_t)__builtin_ctzll(found) / 8;
	}
	while (i < n && (signed char)p[i] >= ' ' && p[i] != '"' && p[i] != '\\')
		i++;
	return i;
}

/* How many bytes at p can be copied as they are. */
static inline size_t clean(const char *p, size_t n)
{
	size_t i = 0;
	while ((i += plain(p + i, n - i)) < n && (signed char)p[i] < 0) {
		bool well_formed;
		size_t step = utf8_step(p + i, n - i, &well_formed);
		if (!well_formed)
			break;
		i += step;
	}
	return i;
}

/* Writes the escape for what clean() stopped at, which was *step bytes. */
static char *put_escape(char *out, const char *p, size_t n, size_t *step)
{
	static const char hex[] = "0123456789abcdef";
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	*step = 1;
	if ((signed char)*p < 0) {
		bool well_formed;
		*step = utf8_step(p, n, &well_formed);
		memcpy(out, "\xef\xbf\xbd", 3);
		return out + 3;
	}
	*out++ = '\\';
	const char *known = *p ? strchr(from, *p) : NULL;
	if (known) {
		*out++ = to[known - from];
		return out;
	}
	memcpy(out, "u00", 3);
	out[3] = hex[*p >> 4];
	out[4] = hex[*p & 15];
	return out + 5;
}

#define ESCAPE_MAX 6

/* Appends the string with its quotes at `out`, which has room for s.n + ESCAPE_MAX + 3 bytes: the
 * rest of the string, one escape, the closing quote and a colon. Returns the end. */
static char *put_string(struct json *j, char *out, str s)
{
	const char *p = s.p, *end = s.p + s.n;
	*out++ = '"';
	for (;;) {
		size_t n = clean(p, (size_t)(end - p)), step;
		memcpy(out, p, n);
		out += n;
		p += n;
		if (p == end)
			break;
		out = put_escape(out, p, (size_t)(end - p), &step);
		p += step;
		wrote(j, out);
		buf_reserve(j->out, (size_t)(end - p) + ESCAPE_MAX + 2);
		out = j->out->p + j->out->n;
	}
	*out++ = '"';
	return out;
}

void json_string(struct json *j, str s)
{
	if (str_none(s))
		json_null(j);
	else
		wrote(j, put_string(j, value(j, s.n + ESCAPE_MAX + 3), s));
}

void json_text_value(struct json *j, const char *s) { json_string(j, str_of(s)); }

static char *key(struct json *j, size_t n)
{
	assert(in_object(j) && !j->after_key);
	char *p = room(j, n);
	j->comma = false;
	j->after_key = true;
	return p;
}

void json_key(struct json *j, const char *name)
{
	size_t n = strlen(name);
	char *p = key(j, n + 3);
	*p++ = '"';
	memcpy(p, name, n);
	p += n;
	*p++ = '"';
	*p++ = ':';
	wrote(j, p);
}

void json_key_str(struct json *j, str name)
{
	str s = { name.p ? name.p : "", name.n };
	char *p = put_string(j, key(j, s.n + ESCAPE_MAX + 3), s);
	*p++ = ':';
	wrote(j, p);
}

/* --- The other values */

/* For text that needs no escape. */
static void put_value(struct json *j, const char *text, size_t n)
{
	char *p = value(j, n);
	memcpy(p, text, n);
	wrote(j, p + n);
}

static void put_quoted(struct json *j, const char *text, size_t n)
{
	char *p = value(j, n + 2);
	*p++ = '"';
	memcpy(p, text, n);
	p += n;
	*p++ = '"';
	wrote(j, p);
}

void json_null(struct json *j) { put_value(j, "null", 4); }

void json_boolean(struct json *j, bool b)
{
	if (b)
		put_value(j, "true", 4);
	else
		put_value(j, "false", 5);
}

void json_int(struct json *j, int64_t n)
{
	if (n == INT_NONE) {
		json_null(j);
		return;
	}
	wrote(j, value(j, 20));
	buf_int(j->out, n);
}

void json_raw(struct json *j, str document)
{
	if (document.n == 0)
		json_null(j);
	else
		put_value(j, document.p, document.n);
}

void json_instant(struct json *j, instant i)
{
	char text[INSTANT_TEXT];
	size_t n = instant_format(i, text);
	if (n)
		put_quoted(j, text, n);
	else
		json_null(j);
}

void json_day(struct json *j, day d)
{
	char text[DAY_TEXT];
	size_t n = day_format(d, text);
	if (n)
		put_quoted(j, text, n);
	else
		json_null(j);
}

void json_money(struct json *j, money m)
{
	if (money_none(m)) {
		json_null(j);
		return;
	}
	char text[DECIMAL_TEXT];
	size_t n = decimal_format(m.hundredths, text);
	json_object(j);
	json_key(j, "amount");
	put_quoted(j, text, n);
	json_key(j, "currency");
	json_string(j, (str) { m.currency, strnlen(m.currency, sizeof m.currency) });
	json_object_end(j);
}

void json_uuid(struct json *j, const char text[37])
{
	if (text[0])
		json_string(j, (str) { text, strnlen(text, 36) });
	else
		json_null(j);
}
