/*
 * api_keys.c: keys with which programs call the API. A key acts as the agent who made it, with a
 * role of its own and no more than its scopes; it is shown once, and only its hash is stored.
 * Columns: sql/schema/api_keys.sql. Page: templates/settings/api_keys. Tests:
 * tests/http/api_keys.test.mjs.
 */
#include <stdio.h>

#include "base/digest.h"
#include "base/random.h"
#include "core/grants.h"
#include "core/page.h"
#include "core/resource.h"
#include "core/row.h"

RESOURCE_LIST(api_keys, SORTS("-created_at"));
RESOURCE_GET(api_keys);
RESOURCE_UPDATE(api_keys); /* its name: what it may do is settled when it is made */
RESOURCE_DELETE(api_keys);

struct api_keys_create_in {
	str name;
	role_id role_id;
	json_text scopes;
	instant expires_at;
};
FIELDS(api_keys_create) = {
	FIELD(api_keys_create, name, .flags = F_REQUIRED, .like = COLUMN(api_keys, name)),
	FIELD(api_keys_create, role_id, .flags = F_REQUIRED, .like = COLUMN(api_keys, role_id)),
	FIELD(api_keys_create, scopes, .flags = F_NULLABLE, .like = COLUMN(api_keys, scopes)),
	FIELD(
	    api_keys_create, expires_at, .flags = F_NULLABLE, .like = COLUMN(api_keys, expires_at)),
};

struct api_keys_create_out {
	str key;
};
ANSWER(api_keys_create) = { MEMBER(api_keys_create, key, .doc = "The key; it is shown once") };

static bool is_permission(struct json_object *value)
{
	return json_object_is_type(value, json_type_string) &&
	       access_known(json_object_get_string(value));
}

/* A list of permissions; from a form also one, and empty ones from boxes that are not ticked. */
static error read_scopes(struct call *call, str given_scopes, str *out)
{
	const char *why;
	*out = (str) { NULL, 0 };
	if (str_none(given_scopes))
		return OK;
	struct json_object *scopes = json_read(call->arena, given_scopes, &why),
			   *kept = json_object_new_array();
	json_keep(call->arena, kept);
	if (!json_object_is_type(scopes, json_type_array))
		return fail_code(call, INVALID, "scopes", "type",
		    "must be a list of permissions, such as [\"contacts.view\"]");
	for (size_t i = 0; i < json_object_array_length(scopes); i++) {
		struct json_object *scope = json_object_array_get_idx(scopes, i);
		if (is_permission(scope))
			json_object_array_add(kept, json_object_get(scope));
		else
			(void)!fail_code(call, INVALID, arena_printf(call->arena, "scopes/%zu", i),
			    "unknown", "there is no such permission");
	}
	if (call->problem.kind)
		return call->problem.kind;
	if (!json_object_array_length(kept))
		return fail_code(call, INVALID, "scopes", "required",
		    "must name a permission, or be null for all of the role");
	const char *text = json_object_to_json_string_ext(kept, JSON_C_TO_STRING_PLAIN);
	*out = (str) { arena_text(call->arena, text, strlen(text)), strlen(text) };
	return OK;
}

static void new_prefix(char out[9])
{
	static const char letters[] =
	    "abcdefghijkmnpqrstuvwxyz23456789"; /* 32, without those that are mistaken for others */
	unsigned char bytes[8];
	random_bytes(bytes, sizeof bytes);
	for (size_t i = 0; i < sizeof bytes; i++)
		out[i] = letters[bytes[i] % 32];
	out[8] = 0;
}

MUTATION(api_keys_create, "api_keys.create", ROW_WITH(api_keys, api_keys_create),
    .route = "POST /v1/api_keys", .summary = "Make a key; the answer shows it, once", .status = 201,
    .revealing = true)
{
	char prefix[9], secret[SECRET_TEXT];
	unsigned char hash[DIGEST_SIZE];
	struct api_key key;
	row_init(&api_keys_table, &key);
	TRY(read_scopes(call, in->scopes.json, &key.scopes.json));
	if (given(call, "expires_at") && !instant_none(in->expires_at) &&
	    in->expires_at.us <= call->now.us)
		return fail_code(call, INVALID, "expires_at", "range", "must lie in the future");
	TRY(grants_give(call, in->role_id, key.scopes.json, "role_id"));
	new_prefix(prefix);
	secret_new(secret);
	str whole = str_of(arena_printf(call->arena, "mk_live_%s_%s", prefix, secret));
	digest_sha256(whole, hash);
	key.name = in->name;
	key.role_id = in->role_id;
	key.prefix = str_of(prefix);
	key.key_hash = (str) { (const char *)hash, sizeof hash };
	key.agent_id = call->me.agent;
	key.expires_at = given(call, "expires_at") ? in->expires_at : INSTANT_NONE;
	TRY(api_key_insert(call, &key));
	return row_answer_with(
	    call, &api_keys_table, key.id.text, &(struct api_keys_create_out) { whole }, out);
}

PAGE(settings_api_keys, .route = "/settings/api-keys", .template = "settings/api_keys",
    .title = "API keys", .nav = "settings",
    .loads = {
	{ "api_keys", "api_keys_list", "expand=role,agent&limit=100" },
	{ "roles", "roles_list", "limit=100", .whole = true },
	{ "permissions", "permissions_list", "" },
    });
