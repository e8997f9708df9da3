/*
 * json_read.c: reading JSON that somebody sent. json-c builds the tree and knows the grammar of
 * arrays and objects; a scan before it holds what json-c is lenient about (RFC 8259 has one form of
 * a number, an escape and a literal), and a walk over the tree after it finds repeated keys, of
 * which json-c keeps the last without a word. Tests: tests/unit/base_json_test.c
 */
#include "json.h"
#include <limits.h>
#include <math.h>

#define TEXT_OF(x) #x
#define NUMBER_TEXT(x) TEXT_OF(x)

static const char NOT_JSON[] = "the text is not a JSON document";
static const char OUT_OF_RANGE[] = "a number is out of range";

struct scan {
	const char *p, *end;
	unsigned depth;
	size_t keys; /* colons outside of strings */
	size_t parts, parts_most;
};

static bool scan_digits(struct scan *s)
{
	const char *first = s->p;
	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return s->p > first;
}

static bool scan_char(struct scan *s, const char *any_of)
{
	if (s->p == s->end || *s->p == 0 || !strchr(any_of, *s->p))
		return false;
	s->p++;
	return true;
}

/* Whole numbers must be an int64_t; that the others are finite is seen in the tree. */
static const char *scan_number(struct scan *s)
{
	const char *first = s->p;
	bool whole = true;
	int64_t ignored;
	scan_char(s, "-");
	if (!scan_char(s, "0") && !scan_digits(s))
		return NOT_JSON;
	if (scan_char(s, ".")) {
		whole = false;
		if (!scan_digits(s))
			return NOT_JSON;
	}
	if (scan_char(s, "eE")) {
		whole = false;
		scan_char(s, "+-");
		if (!scan_digits(s))
			return NOT_JSON;
	}
	if (whole && !int_parse((str) { first, (size_t)(s->p - first) }, &ignored))
		return OUT_OF_RANGE;
	return NULL;
}

/* Four hexadecimal digits; -1 when they are not. */
static int scan_unit(struct scan *s)
{
	int unit = 0;
	for (int i = 0; i < 4; i++, s->p++) {
		if (s->p == s->end)
			return -1;
		char c = *s->p;
		if (c >= '0' && c <= '9')
			unit = unit * 16 + (c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			unit = unit * 16 + ((c | 32) - 'a' + 10);
		else
			return -1;
	}
	return unit;
}

static const char *scan_escape(struct scan *s)
{
	static const char lone[] = "an escape is half of a surrogate pair";
	if (scan_char(s, "\"\\/bfnrt"))
		return NULL;
	if (!scan_char(s, "u"))
		return "JSON does not know this escape";
	int unit = scan_unit(s);
	if (unit < 0)
		return "JSON does not know this escape";
	if (unit == 0)
		return "a NUL character is not allowed";
	if (unit < 0xd800 || unit > 0xdfff)
		return NULL;
	if (unit > 0xdbff || !scan_char(s, "\\") || !scan_char(s, "u"))
		return lone;
	unit = scan_unit(s);
	return unit >= 0xdc00 && unit <= 0xdfff ? NULL : lone;
}

static const char *scan_string(struct scan *s)
{
	while (s->p < s->end) {
		char c = *s->p++;
		const char *why;
		if (c == '"')
			return NULL;
		if ((unsigned char)c < ' ')
			return "a control character in a string must be escaped";
		if (c == '\\' && (why = scan_escape(s)))
			return why;
	}
	return "the text ends inside a string";
}

static const char *scan_literal(struct scan *s)
{
	static const char *const literals[] = { "true", "false", "null" };
	str rest = { s->p, (size_t)(s->end - s->p) };
	for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
		if (str_starts(rest, literals[i])) {
			s->p += strlen(literals[i]);
			return NULL;
		}
	}
	return NOT_JSON;
}

static const char *scan(struct scan *s)
{
	while (s->p < s->end) {
		const char *why = NULL;
		switch (*s->p) {
		case ' ':
		case '\t':
		case '\n':
		case '\r':
		case ',': s->p++; break;
		case ':':
			s->p++;
			s->keys++;
			break;
		case '{':
		case '[':
			s->p++;
			if (++s->depth > JSON_DEPTH)
				why = "the document is nested deeper than " NUMBER_TEXT(JSON_DEPTH);
			else if (++s->parts > s->parts_most)
				why = "the document has more parts than " NUMBER_TEXT(JSON_PARTS);
			break;
		case '}':
		case ']':
			s->p++;
			if (s->depth-- == 0)
				why = NOT_JSON;
			break;
		case '"':
			s->p++;
			why = scan_string(s);
			break;
		default:
			if (*s->p == '-' || (*s->p >= '0' && *s->p <= '9'))
				why = scan_number(s);
			else
				why = scan_literal(s);
			if (!why && s->p < s->end && !strchr(" \t\n\r,:]}", *s->p))
				why = NOT_JSON;
		}
		if (why)
			return why;
	}
	return NULL;
}

/* Counts the members of all objects; false when a number is not finite. As deep as scan() lets. */
static bool walk(struct json_object *tree, size_t *members)
{
	switch (json_object_get_type(tree)) {
	case json_type_double: return isfinite(json_object_get_double(tree));
	case json_type_array:
		for (size_t i = 0; i < json_object_array_length(tree); i++) {
			if (!walk(json_object_array_get_idx(tree, i), members))
				return false;
		}
		return true;
	case json_type_object:
		for (struct lh_entry *e = json_object_get_object(tree)->head; e; e = e->next) {
			++*members;
			if (!walk((struct json_object *)lh_entry_v(e), members))
				return false;
		}
		return true;
	default: return true;
	}
}

static struct json_object *parse(str text, const char **why)
{
	/* json-c counts the scalar in the innermost container too, and one level as reserve. */
	struct json_tokener *t = json_tokener_new_ex(JSON_DEPTH + 2);
	if (!t) {
		*why = "there is no memory to read the document";
		return NULL;
	}
	json_tokener_set_flags(t, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	struct json_object *tree = json_tokener_parse_ex(t, text.p, (int)text.n);
	/* A number alone ends only with the text, which the tokener learns from a NUL. */
	if (json_tokener_get_error(t) == json_tokener_continue)
		tree = json_tokener_parse_ex(t, "", 1);
	if (json_tokener_get_error(t) != json_tokener_success)
		*why = NOT_JSON;
	json_tokener_free(t);
	return tree;
}

static void put_tree(void *tree) { json_object_put(tree); }

static struct json_object *read(struct arena *a, str text, size_t parts_most, const char **why)
{
	struct scan s = { .p = text.p, .end = text.p + text.n, .parts_most = parts_most };
	size_t members = 0;
	if (text.n == 0)
		*why = "the text is empty";
	else if (text.n > INT_MAX)
		*why = "the text is too large";
	else if (memchr(text.p, 0, text.n))
		*why = "a NUL character is not allowed";
	else if (!utf8_valid(text))
		*why = "the text is not UTF-8";
	else
		*why = scan(&s);
	if (*why)
		return NULL;
	struct json_object *tree = parse(text, why);
	if (tree)
		arena_cleanup(a, put_tree, tree);
	if (*why)
		return NULL;
	if (!walk(tree, &members))
		*why = OUT_OF_RANGE;
	else if (members != s.keys)
		*why = "an object names a key twice";
	return *why ? NULL : tree;
}

struct json_object *json_read(struct arena *a, str text, const char **why)
{
	return read(a, text, SIZE_MAX, why);
}

struct json_object *json_read_sent(struct arena *a, str text, const char **why)
{
	return read(a, text, JSON_PARTS, why);
}

void json_keep(struct arena *a, struct json_object *tree) { arena_cleanup(a, put_tree, tree); }

json_text json_kept(struct arena *a, struct json_object *tree)
{
	const char *text = json_object_to_json_string_ext(
	    tree, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	size_t n = strlen(text);
	return (json_text) { { arena_text(a, text, n), n } };
}
