/* etag.c: see etag.h. */
#include <stdio.h>

#include "core/etag.h"

#include "base/digest.h"
#include "core/decode.h"
#include "core/gate.h"
#include "core/operation.h"

void etag_from(const struct identity *me, const char *operation,
    const unsigned char body[DIGEST_SIZE], char out[ETAG_TEXT])
{
	char who[200];
	int n = snprintf(who, sizeof who, "%s %s %s %s %lld", operation, me->company.text,
	    me->agent.text, me->role.text, (long long)me->role_revision);
	unsigned char digest[DIGEST_SIZE];
	digest_sha256_two(
	    (str) { who, (size_t)n }, (str) { (const char *)body, DIGEST_SIZE }, digest);
	out[0] = '"';
	size_t length = base64url_encode(digest, 18, out + 1);
	out[length + 1] = '"';
	out[length + 2] = 0;
}

void etag_of(const struct identity *me, const char *operation, str body, char out[ETAG_TEXT])
{
	unsigned char digest[DIGEST_SIZE];
	digest_sha256(body, digest);
	etag_from(me, operation, digest, out);
}

static str text_of(struct json_object *value)
{
	bool plain = value && !json_object_is_type(value, json_type_object) &&
		     !json_object_is_type(value, json_type_array);
	return plain ? str_of(json_object_get_string(value)) : STR("");
}

/* What the request wants to change and finds different now; texts, numbers and days are told, so
 * that a person can choose. A form says them as text. */
static void differing(struct call *call, struct json_object *current, struct json_object *names)
{
	const struct field_set *in = operation_input(call->op);
	for (uint32_t i = 0; i < in->n; i++) {
		struct json_object *value, *asked = NULL;
		const struct field *f = &in->v[i];
		if (!call->given || !call->given[i] || !strcmp(f->name, "id") || !call->tree)
			continue;
		json_object_object_get_ex(call->tree, f->name, &asked);
		if (!json_object_object_get_ex(current, f->name, &value) ||
		    json_object_equal(value, asked))
			continue;
		bool plain = f->type == T_TEXT || f->type == T_INT || f->type == T_DAY;
		str now = text_of(value);
		if (plain && str_eq(now, text_of(asked)))
			continue;
		json_object_array_add(names, json_object_new_string(f->name));
		if (plain)
			(void)!fail_code(call, STALE, f->name, "changed",
			    now.n ? "is stored as \"%.*s\"" : "is stored as nothing", (int)now.n,
			    now.p);
	}
}

/* A row in a list comes without an ETag of its own: a form there says when the row had last
 * changed.
 */
static bool is_of(struct json_object *current, str if_match)
{
	struct json_object *updated;
	return json_object_object_get_ex(current, "updated_at", &updated) &&
	       str_eq(text_of(updated), if_match);
}

error etag_require(struct call *call, const char id[37])
{
	const struct operation *get =
	    operation_named(str_of(arena_printf(call->arena, "%s_get", call->op->table->name)));
	if (!get) /* company_get: there is one only */
		get = operation_named(
		    str_of(arena_printf(call->arena, "%s_get", call->op->table->noun)));
	if (!get)
		return OK;
	str if_match = call->if_match;
	call->if_match = (str) { NULL, 0 };
	struct json_object *args = json_object_new_object();
	json_keep(call->arena, args);
	if (field_find(operation_input(get), STR("id")))
		json_object_object_add(args, "id", json_object_new_string(id));
	struct buf body = { 0 };
	struct json out;
	json_begin(&out, &body);
	str fields = call->fields, expand = call->expand;
	call->fields = call->expand = (str) { NULL, 0 };
	error e = call_run(call, get, args, &out);
	call->fields = fields;
	call->expand = expand;
	char etag[ETAG_TEXT];
	if (e == OK) {
		etag_of(&call->me, get->name, buf_view(&body), etag);
		const char *why;
		struct json_object *current = json_read(call->arena, buf_view(&body), &why);
		if (!http_etag_matches(if_match, str_of(etag)) && !is_of(current, if_match)) {
			struct json_object *extra = json_object_new_object(),
					   *names = json_object_new_array();
			json_keep(call->arena, extra);
			e = fail(call, STALE, NULL, "this %s has changed since it was read",
			    call->op->table->noun);
			differing(call, current, names);
			json_object_object_add(extra, "etag", json_object_new_string(etag));
			json_object_object_add(extra, "differs", names);
			call->problem.extra = extra;
		}
	}
	buf_free(&body);
	return e;
}
