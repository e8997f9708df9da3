/* idempotency.c: see idempotency.h. */
#include <stdio.h>

#include "core/idempotency.h"

#include "base/digest.h"
#include "core/identity.h"
#include "core/sql_run.h"

static const struct field bytes_field = { .name = "request_hash", .type = T_BYTES };

static error take_lock(struct call *call, const struct idempotency *i, bool *taken)
{
	struct sql sql;
	int64_t got = 0;
	static const struct field number = { .name = "got", .type = T_INT };
	const struct field *columns[] = { &number };
	sql_begin(&sql, call->arena);
	sql_add(&sql, "SELECT GET_LOCK(");
	sql_text(&sql, str_of(i->lock));
	sql_add(&sql, ", 0)");
	TRY(sql_one(call, &sql, columns, 1, &got));
	*taken = got == 1;
	return OK;
}

struct stored {
	str request;
	int64_t status;
	str answer;
	int64_t version;
};

static error find_stored(struct call *call, const struct idempotency *i, struct stored *out)
{
	static const struct field status = {
		.name = "status", .type = T_INT, .offset = offsetof(struct stored, status)
	};
	static const struct field request = {
		.name = "request_hash", .type = T_BYTES, .offset = offsetof(struct stored, request)
	};
	static const struct field answer = {
		.name = "answer", .type = T_BYTES, .offset = offsetof(struct stored, answer)
	};
	static const struct field version = {
		.name = "version", .type = T_INT, .offset = offsetof(struct stored, version)
	};
	const struct field *columns[] = { &request, &status, &answer, &version };
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_from(&sql, "SELECT k.request_hash, k.status, k.answer, k.version FROM ",
	    &idempotent_answers_table, "k");
	sql_add(&sql, " WHERE k.company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, " AND k.key_hash = ?");
	str *key = ARENA_NEW(call->arena, str);
	*key = (str) { (const char *)i->key, sizeof i->key };
	sql_param(&sql, T_BYTES, key, &bytes_field);
	return sql_one(call, &sql, columns, 4, out);
}

error idempotency_begin(struct call *call, const struct ask *ask, struct json_object *tree,
    struct idempotency *out, struct answer *answer, bool *replayed)
{
	*out = (struct idempotency) { .active = false };
	*replayed = false;
	str key = str_trim(ask->idempotency_key);
	if (str_none(ask->idempotency_key) || call->me.kind == NOBODY)
		return OK;
	if (key.n >= 2 && key.p[0] == '"' && key.p[key.n - 1] == '"')
		key = (str) { key.p + 1, key.n - 2 };
	if (key.n == 0 || key.n > 255)
		return fail_code(call, MALFORMED, "Idempotency-Key", "invalid",
		    "must have from 1 to 255 characters");
	digest_sha256_two(str_of(call->me.credential.text), key, out->key);
	const char *plain =
	    tree ? json_object_to_json_string_ext(tree, JSON_C_TO_STRING_PLAIN) : "";
	char file[65] = "";
	if (ask->data.n)
		identity_hash(ask->data, file);
	digest_sha256_two(str_of(call->op->name),
	    str_of(arena_printf(call->arena, "%s %s %.*s", plain, file, (int)ask->filename.n,
		ask->filename.p ? ask->filename.p : "")),
	    out->request);
	snprintf(out->lock, sizeof out->lock, "muster:");
	base64url_encode(out->key, sizeof out->key, out->lock + 7);
	bool taken;
	TRY(take_lock(call, out, &taken));
	if (!taken)
		return fail_code(call, CONFLICT, NULL, "in_progress",
		    "the request with this Idempotency-Key is still being answered");
	out->active = true;
	struct stored stored;
	error e = find_stored(call, out, &stored);
	if (e == NOT_FOUND)
		return OK;
	TRY(e);
	if (!digest_equal(stored.request.p, out->request, sizeof out->request))
		return fail_code(call, INVALID, "Idempotency-Key", "reused",
		    "this key was used for another request");
	if (stored.answer.n == 0 && call->op->revealing)
		return fail_code(call, CONFLICT, NULL, "not_kept",
		    "this was done, and its answer held a secret, which is not kept");
	*replayed = true;
	answer->replayed = true;
	answer->status = (int)stored.status;
	answer->body = stored.answer;
	answer->version = stored.version;
	return OK;
}

error idempotency_store(
    struct call *call, const struct idempotency *i, int status, str body, int64_t version)
{
	if (!i->active)
		return OK;
	struct sql sql;
	str *values = ARENA_ARRAY(call->arena, 3, str);
	values[0] = (str) { (const char *)i->key, sizeof i->key };
	values[1] = (str) { (const char *)i->request, sizeof i->request };
	values[2] = call->op->revealing || !body.p ? (str) { "", 0 } : body;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "INSERT INTO idempotent_answers (company_id, key_hash, request_hash, answer, "
		      "status, version, created_at) VALUES (");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, ", ?, ?, ?, ");
	for (int v = 0; v < 3; v++)
		sql_param(&sql, T_BYTES, &values[v], &bytes_field);
	sql_int(&sql, status);
	sql_add(&sql, ", ");
	sql_int(&sql, version);
	sql_add(&sql, ", ?)");
	sql_param(&sql, T_INSTANT, &call->now, NULL);
	return sql_execute(call, &sql, NULL);
}

void idempotency_end(struct call *call, const struct idempotency *i)
{
	if (!i->active)
		return;
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "DO RELEASE_LOCK(");
	sql_text(&sql, str_of(i->lock));
	sql_add(&sql, ")");
	(void)!sql_execute(call, &sql, NULL);
}
