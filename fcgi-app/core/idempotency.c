/* idempotency.c: see idempotency.h. */
#include "core/idempotency.h"

#include "base/digest.h"
#include "core/identity.h"
#include "core/operation.h"
#include "core/sql_run.h"

static const struct field bytes_field = { .name = "request_hash", .type = T_BYTES };

static void add_bytes(struct sql *sql, str bytes)
{
	str *kept = ARENA_NEW(sql->arena, str);
	*kept = bytes;
	sql_add(sql, "?");
	sql_param(sql, T_BYTES, kept, &bytes_field);
}

static str key_of(const struct idempotency *i)
{
	return (str) { (const char *)i->key, sizeof i->key };
}

/* What is stored of an answer. One that holds a secret is not kept. Of a row in a shape of its own
 * only the id is: it is answered again as it is then, to who may see it then. */
static str kept_answer(const struct call *call, int status, str body)
{
	bool done = status < 300;
	if (!body.p || (done && call->op->revealing))
		return (str) { "", 0 };
	if (done && call_shaped(call) && call->answered.text[0])
		return str_of(arena_printf(call->arena, "{\"id\":\"%s\"}", call->answered.text));
	return body;
}

/* The row, with no wait for a row that another transaction has begun. */
static error insert(
    struct call *call, const struct idempotency *i, int status, str body, int64_t version)
{
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "SET STATEMENT innodb_lock_wait_timeout = 0 FOR INSERT INTO "
		      "idempotent_answers (company_id, key_hash, request_hash, answer, status, "
		      "version, created_at) VALUES (");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, ", ");
	add_bytes(&sql, key_of(i));
	sql_add(&sql, ", ");
	add_bytes(&sql, (str) { (const char *)i->request, sizeof i->request });
	sql_add(&sql, ", ");
	add_bytes(&sql, kept_answer(call, status, body));
	sql_add(&sql, ", ");
	sql_int(&sql, status);
	sql_add(&sql, ", ");
	sql_int(&sql, version);
	sql_add(&sql, ", ?)");
	sql_param(&sql, T_INSTANT, &call->now, NULL);
	return sql_execute(call, &sql, NULL);
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
	sql_add(&sql, " AND k.key_hash = ");
	add_bytes(&sql, key_of(i));
	return sql_one(call, &sql, columns, 4, out);
}

error idempotency_begin(struct call *call, const struct ask *ask, struct json_object *tree,
    struct idempotency *out, struct answer *answer, bool *replayed)
{
	*out = (struct idempotency) { .active = false };
	*replayed = false;
	str key = str_trim(ask->idempotency_key);
	/* What is open to anyone is not the caller's: it may become another company's on the way.
	 */
	if (str_none(ask->idempotency_key) || call->me.kind == NOBODY ||
	    operation_is_open(call->op))
		return OK;
	if (key.n >= 2 && key.p[0] == '"' && key.p[key.n - 1] == '"')
		key = (str) { key.p + 1, key.n - 2 };
	if (key.n == 0 || key.n > 255)
		return fail_code(call, MALFORMED, "Idempotency-Key", "invalid",
		    "must have from 1 to 255 characters");
	/* Who logs in anew, with requests of before to repeat, is the same. */
	bool person = call->me.kind == BY_SESSION;
	digest_sha256_two(
	    str_of(person ? call->me.agent.text : call->me.credential.text), key, out->key);
	const char *plain =
	    tree ? json_object_to_json_string_ext(tree, JSON_C_TO_STRING_PLAIN) : "";
	char file[65] = "";
	if (ask->data.n)
		identity_hash(ask->data, file);
	const char *text = arena_printf(call->arena, "%s %s %.*s", plain, file,
	    (int)ask->filename.n, ask->filename.p ? ask->filename.p : "");
	if (call->fields.n || call->expand.n)
		text = arena_printf(call->arena, "%s fields=%.*s expand=%.*s", text,
		    (int)call->fields.n, call->fields.n ? call->fields.p : "", (int)call->expand.n,
		    call->expand.n ? call->expand.p : "");
	digest_sha256_two(str_of(call->op->name), str_of(text), out->request);
	TRY(db_begin(call->db));
	error e = insert(call, out, 0, (str) { NULL, 0 }, 0);
	if (e == RETRY && db_was_locked(call->db)) {
		call->retry_after = 1;
		return fail_code(call, CONFLICT, "Idempotency-Key", "in_progress",
		    "the request with this Idempotency-Key is still being answered");
	}
	if (e != CONFLICT) {
		out->active = e == OK;
		return e;
	}
	struct stored stored;
	TRY(find_stored(call, out, &stored));
	if (!digest_equal(stored.request.p, out->request, sizeof out->request))
		return fail_code(call, INVALID, "Idempotency-Key", "reused",
		    "this key was used for another request");
	if (stored.answer.n == 0 && call->op->revealing)
		return fail_code(call, CONFLICT, "Idempotency-Key", "not_kept",
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
	sql_begin(&sql, call->arena);
	sql_add(&sql, "UPDATE idempotent_answers SET answer = ");
	add_bytes(&sql, kept_answer(call, status, body));
	sql_add(&sql, ", status = ");
	sql_int(&sql, status);
	sql_add(&sql, ", version = ");
	sql_int(&sql, version);
	sql_add(&sql, " WHERE company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, " AND key_hash = ");
	add_bytes(&sql, key_of(i));
	return sql_execute(call, &sql, NULL);
}

void idempotency_store_refusal(struct call *call, const struct idempotency *i, int status, str body)
{
	/* In between somebody else may have taken the key, and then it is theirs: nothing was done
	 * here. */
	if (i->active)
		(void)!insert(call, i, status, body, call->version);
}
