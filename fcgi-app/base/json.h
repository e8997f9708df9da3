/*
 * json.h: writing JSON straight into a buffer, and reading it strictly with json-c.
 * The writer puts commas by itself and asserts on wrong nesting: that is a programmer's error.
 */
#pragma once
#include "arena.h"
#include "buf.h"
#include <json-c/json.h>

#define JSON_DEPTH 64
#define JSON_PARTS 50000

struct json {
	struct buf *out;
	uint8_t depth;
	bool comma; /* a value stands before the next one */
	bool after_key;
	uint64_t objects; /* bit d: the container at depth d, from 0, is an object */
};

void json_begin(struct json *j, struct buf *out);
void json_object_begin(struct json *j);          /* { */
void json_object_end(struct json *j);            /* } */
void json_array(struct json *j);                 /* [ */
void json_array_end(struct json *j);             /* ] */
void json_key(struct json *j, const char *name); /* a plain name of ours: not escaped */
void json_key_str(struct json *j, str name);     /* any text as a key: escaped */
void json_string(struct json *j, str s); /* none: null; escapes; invalid UTF-8 becomes U+FFFD */
void json_text_value(struct json *j, const char *s);
void json_int(struct json *j, int64_t n); /* INT_NONE: null */
void json_boolean(struct json *j, bool b);
void json_null(struct json *j);
void json_raw(struct json *j, str document); /* a JSON document that is already one; none: null */
void json_instant(struct json *j, instant i);
void json_day(struct json *j, day d);
void json_money(struct json *j, money m); /* {"amount":"1234.50","currency":"EUR"} or null */
void json_uuid(struct json *j, const char text[37]); /* "" : null */

/* Two names of the writer are types of json-c as well; as macros with arguments they leave those
 * alone. */
#define json_object(j) json_object_begin(j)
#define json_bool(j, b) json_boolean((j), (b))

/*
 * Reads one JSON document (RFC 8259), strictly: UTF-8 only, no duplicate keys, no NUL characters,
 * no nesting deeper than JSON_DEPTH, nothing after the document. The tree is freed with the arena.
 * Returns NULL and sets *why to a sentence for people (static memory) when the text is refused.
 * A document that is the literal null gives NULL with *why NULL.
 */
struct json_object *json_read(struct arena *a, str text, const char **why);
/* The same for what a stranger sent: refused when it has more than JSON_PARTS objects and arrays,
 * of which each takes some hundred bytes of memory for its two of text. */
struct json_object *json_read_sent(struct arena *a, str text, const char **why);
void json_keep(struct arena *a,
    struct json_object *tree); /* the arena's reset gives the caller's reference back */
/* Its text, in the arena: as a JSON column keeps it. */
json_text json_kept(struct arena *a, struct json_object *tree);

bool utf8_valid(str s);                    /* well-formed UTF-8 without NUL */
size_t utf8_length(str s);                 /* code points of valid UTF-8 */
str utf8_cut(str text, size_t characters); /* its beginning */
/*
 * The length of the character at p (n at least 1), or, when *well_formed becomes false, of the
 * bytes that one U+FFFD stands for (Unicode 15, section 3.9: the maximal subpart).
 */
size_t utf8_step(const char *p, size_t n, bool *well_formed);
