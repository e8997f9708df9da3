/* answer_tree.c: see answer_tree.h. A reader by recursive descent, straight into json-c's objects.
 */
#include "core/answer_tree.h"

#include <stdlib.h>

struct reader {
	struct arena *a;
	const char *p, *end;
	unsigned depth;
	bool wrong;
};

static struct json_object *read_value(struct reader *r);

static struct json_object *wrong(struct reader *r, struct json_object *half)
{
	r->wrong = true;
	json_object_put(half);
	return NULL;
}

/* The next character that is not white space, or 0 at the end. */
static char peek(struct reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' || *r->p == '\t' || *r->p == '\r'))
		r->p++;
	return r->p < r->end ? *r->p : 0;
}

static bool take(struct reader *r, char c)
{
	if (peek(r) != c)
		return false;
	r->p++;
	return true;
}

static bool take_word(struct reader *r, const char *word)
{
	size_t n = strlen(word);
	if ((size_t)(r->end - r->p) < n || memcmp(r->p, word, n) != 0)
		return false;
	r->p += n;
	return true;
}

static int read_unit(struct reader *r)
{
	int unit = 0;
	if (r->end - r->p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = *r->p++, low = (char)(c | 32);
		if (c >= '0' && c <= '9')
			unit = unit * 16 + c - '0';
		else if (low >= 'a' && low <= 'f')
			unit = unit * 16 + low - 'a' + 10;
		else
			return -1;
	}
	return unit;
}

static char *put_utf8(char *to, unsigned code)
{
	if (code < 0x80) {
		*to++ = (char)code;
	} else if (code < 0x800) {
		*to++ = (char)(0xc0 | code >> 6);
		*to++ = (char)(0x80 | (code & 63));
	} else if (code < 0x10000) {
		*to++ = (char)(0xe0 | code >> 12);
		*to++ = (char)(0x80 | (code >> 6 & 63));
		*to++ = (char)(0x80 | (code & 63));
	} else {
		*to++ = (char)(0xf0 | code >> 18);
		*to++ = (char)(0x80 | (code >> 12 & 63));
		*to++ = (char)(0x80 | (code >> 6 & 63));
		*to++ = (char)(0x80 | (code & 63));
	}
	return to;
}

/* What stands after a backslash; NULL when it is no escape. It never gives more bytes than it
 * takes. */
static char *read_escape(struct reader *r, char *to)
{
	static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	char c = r->p < r->end ? *r->p++ : 0;
	const char *simple = c ? strchr(names, c) : NULL;
	if (simple) {
		*to++ = values[simple - names];
		return to;
	}
	int unit = c == 'u' ? read_unit(r) : -1;
	if (unit >= 0xd800 && unit < 0xdc00) {
		int low = take_word(r, "\\u") ? read_unit(r) : -1;
		if (low < 0xdc00 || low > 0xdfff)
			return NULL;
		return put_utf8(
		    to, 0x10000 + ((unsigned)(unit - 0xd800) << 10 | (unsigned)(low - 0xdc00)));
	}
	return unit <= 0 || (unit >= 0xdc00 && unit <= 0xdfff) ? NULL
							       : put_utf8(to, (unsigned)unit);
}

/* After its opening quote. A view into the document, or a text in the arena when there are escapes.
 */
static bool read_text(struct reader *r, str *out)
{
	const char *start = r->p, *quote = memchr(start, '"', (size_t)(r->end - start));
	if (!quote)
		return false;
	*out = (str) { start, (size_t)(quote - start) };
	if (!memchr(start, '\\', out->n)) {
		r->p = quote + 1;
		return true;
	}
	/* The text ends at the first quote without a backslash before it; its room is what is left.
	 */
	const char *end = start;
	while (end < r->end && *end != '"')
		end += *end == '\\' ? 2 : 1;
	if (end >= r->end)
		return false;
	char *room = arena_alloc(r->a, (size_t)(end - start) + 1), *to = room;
	while (to && r->p < end) {
		if (*r->p == '\\') {
			r->p++;
			to = read_escape(r, to);
		} else {
			*to++ = *r->p++;
		}
	}
	if (!to || r->p != end)
		return false;
	r->p++;
	*out = (str) { room, (size_t)(to - room) };
	return true;
}

static struct json_object *read_number(struct reader *r)
{
	char text[64];
	size_t n = 0;
	int64_t whole;
	while (r->p < r->end && n < sizeof text - 1 && *r->p && strchr("+-.eE0123456789", *r->p))
		text[n++] = *r->p++;
	text[n] = 0;
	if (int_parse((str) { text, n }, &whole))
		return json_object_new_int64(whole);
	char *end = text;
	double number = strtod(text, &end);
	if (n == 0 || *end)
		return wrong(r, NULL);
	return json_object_new_double_s(number, text);
}

static struct json_object *read_array(struct reader *r)
{
	struct json_object *array = json_object_new_array();
	if (take(r, ']'))
		return array;
	do {
		json_object_array_add(array, read_value(r));
	} while (!r->wrong && take(r, ','));
	return r->wrong || !take(r, ']') ? wrong(r, array) : array;
}

static struct json_object *read_object(struct reader *r)
{
	struct json_object *object = json_object_new_object();
	str key;
	if (take(r, '}'))
		return object;
	do {
		if (!take(r, '"') || !read_text(r, &key) || !take(r, ':'))
			return wrong(r, object);
		struct json_object *value = read_value(r);
		json_object_object_add_ex(
		    object, arena_text(r->a, key.p, key.n), value, JSON_C_OBJECT_ADD_CONSTANT_KEY);
	} while (!r->wrong && take(r, ','));
	return r->wrong || !take(r, '}') ? wrong(r, object) : object;
}

static struct json_object *read_nested(struct reader *r)
{
	bool array = *r->p++ == '[';
	if (++r->depth > JSON_DEPTH)
		return wrong(r, NULL);
	struct json_object *value = array ? read_array(r) : read_object(r);
	r->depth--;
	return value;
}

static struct json_object *read_value(struct reader *r)
{
	str text;
	switch (peek(r)) {
	case '{':
	case '[': return read_nested(r);
	case '"':
		r->p++;
		return read_text(r, &text) ? json_object_new_string_len(text.p, (int)text.n)
					   : wrong(r, NULL);
	case 't': return take_word(r, "true") ? json_object_new_boolean(1) : wrong(r, NULL);
	case 'f': return take_word(r, "false") ? json_object_new_boolean(0) : wrong(r, NULL);
	case 'n': return take_word(r, "null") ? NULL : wrong(r, NULL);
	default: return read_number(r);
	}
}

struct json_object *answer_tree(struct arena *a, str document)
{
	if (!document.n)
		return NULL;
	struct reader r = { .a = a, .p = document.p, .end = document.p + document.n };
	struct json_object *tree = read_value(&r);
	if (!r.wrong && (peek(&r) || r.p != r.end))
		wrong(&r, tree);
	if (r.wrong)
		return NULL;
	if (tree)
		json_keep(a, tree);
	return tree;
}
