/* cursor.c: see cursor.h. Form: base64url of { 16 bytes of HMAC, JSON [hash, values...] }. */
#include <stdio.h>

#include "core/cursor.h"

#include "base/digest.h"
#include "core/decode.h"
#include "core/worker.h"

enum { SIGNATURE = 16, LONGEST = 2000 };

static void sign(const struct call *call, str text, unsigned char out[DIGEST_SIZE])
{
	str bound = str_of(arena_printf(call->arena, "cursor\n%s\n%s\n%.*s", call->op->name,
	    call->me.company.text, (int)text.n, text.p));
	digest_hmac(
	    (str) { (const char *)call->worker->secret, sizeof call->worker->secret }, bound, out);
}

/* A text that differs when the sort or any filter differs. */
static void describe(struct buf *b, const struct condition *c)
{
	buf_printf(b, "(%d %d", (int)c->kind, (int)c->comparison);
	buf_text(b, c->column ? c->column->name : "");
	for (size_t i = 0; i < c->n_values; i++) {
		enum field_type type = c->comparison == HAS_TEXT ? T_TEXT : c->column->type;
		buf_char(b, ' ');
		if (type == T_TEXT)
			buf_str(b, *(const str *)c->values[i]);
		else
			buf_add(b, c->values[i], decode_size(type));
	}
	for (size_t i = 0; i < c->n; i++)
		describe(b, &c->children[i]);
	buf_char(b, ')');
}

static void filter_hash(const struct list_request *in, char out[25])
{
	unsigned char digest[DIGEST_SIZE];
	struct buf b = { 0 };
	buf_text(&b, in->by_relevance ? "" : in->sort);
	buf_char(&b, in->deleted ? 'd' : 'l');
	describe(&b, &in->where);
	digest_sha256(buf_view(&b), digest);
	buf_free(&b);
	out[base64url_encode(digest, 16, out)] = 0;
}

static error tampered(struct call *call)
{
	return fail_code(call, MALFORMED, "cursor", "invalid",
	    "this cursor is not one of this list with this filter and sort");
}

bool cursor_open(struct call *call, str cursor, str *text)
{
	unsigned char bytes[LONGEST], expected[DIGEST_SIZE];
	size_t n;
	if (!base64url_decode(cursor, bytes, sizeof bytes, &n) || n <= SIGNATURE)
		return false;
	*text = (str) { arena_text(call->arena, (char *)bytes + SIGNATURE, n - SIGNATURE),
		n - SIGNATURE };
	sign(call, *text, expected);
	return digest_equal(bytes, expected, SIGNATURE);
}

str cursor_seal(struct call *call, str text)
{
	unsigned char digest[DIGEST_SIZE];
	sign(call, text, digest);
	char *bytes = arena_alloc(call->arena, SIGNATURE + text.n);
	memcpy(bytes, digest, SIGNATURE);
	memcpy(bytes + SIGNATURE, text.p, text.n);
	char *encoded = arena_alloc(call->arena, (SIGNATURE + text.n) * 4 / 3 + 4);
	return (str) { encoded, base64url_encode(bytes, SIGNATURE + text.n, encoded) };
}

error cursor_read(struct call *call, const struct sort_keys *keys, const struct list_request *in,
    struct cursor *out)
{
	const char *why;
	str text;
	if (!cursor_open(call, in->cursor, &text))
		return tampered(call);
	struct json_object *parts = json_read(call->arena, text, &why);
	char hash[25];
	filter_hash(in, hash);
	if (!parts || !json_object_is_type(parts, json_type_array) ||
	    json_object_array_length(parts) != 2 ||
	    strcmp(json_object_get_string(json_object_array_get_idx(parts, 0)), hash))
		return tampered(call);
	struct json_object *values = json_object_array_get_idx(parts, 1);
	if (!json_object_is_type(values, json_type_array) ||
	    json_object_array_length(values) != keys->n)
		return tampered(call);
	for (size_t k = 0; k < keys->n; k++) {
		struct json_object *value = json_object_array_get_idx(values, k);
		const struct field *column = keys->v[k].column;
		out->values[k].none = value == NULL;
		out->values[k].value = arena_alloc(call->arena, decode_size(column->type));
		decode_none(column, out->values[k].value);
		/* Signed, so its values are ours: a stored text may be longer or stranger than
		 * input may be today. */
		if (value && column->type == T_TEXT)
			*(str *)out->values[k].value = (str) { json_object_get_string(value),
				(size_t)json_object_get_string_len(value) };
		else if (value &&
			 !decode_value(call, column, value, false, "/cursor", out->values[k].value))
			return call->problem.kind;
	}
	return OK;
}

void cursor_keep(struct call *call, const struct sort_keys *keys, struct db_rows *rows,
    size_t first, struct cursor_text *out)
{
	struct buf b = { 0 };
	struct json j;
	json_begin(&j, &b);
	json_array(&j);
	for (size_t k = 0; k < keys->n; k++)
		db_json(rows, first + k, &j);
	json_array_end(&j);
	out->values = (str) { arena_text(call->arena, b.p, b.n), b.n };
	buf_free(&b);
}

void cursor_write(struct call *call, const struct list_request *in, const struct cursor_text *text,
    struct json *out)
{
	char hash[25];
	filter_hash(in, hash);
	str document = str_of(
	    arena_printf(call->arena, "[\"%s\",%.*s]", hash, (int)text->values.n, text->values.p));
	json_string(out, cursor_seal(call, document));
}
