/* gate.c: every call of every door goes through here; see gate.h. */
#include "core/gate.h"

#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "core/changes.h"
#include "core/decode.h"
#include "core/etag.h"
#include "core/idempotency.h"
#include "core/identity.h"
#include "core/list_input.h"
#include "core/live_poll.h"
#include "core/migrate.h"
#include "core/out_check.h"
#include "core/rate.h"
#include "core/replay.h"
#include "core/resource.h"
#include "core/row.h"
#include "core/webhook_events.h"
#include "core/worker.h"
#include "core/workflow_engine.h"

enum { TRIES = 5, COMPANY_FACTOR = 10 };

/* ---- what stands in front of an operation ---- */

static error check_schema(struct call *call)
{
	struct worker *w = call->worker;
	char why[256];
	/* A schema that differed is looked at again once a second, so that `muster migrate` mends a
	 * running program. */
	if (w->schema_good)
		return OK;
	if (call->now.us - w->schema_checked.us < 1000000)
		return fail(call, UNAVAILABLE, NULL,
		    "the database's schema is not this program's: run `muster migrate`");
	error e = schema_check(w->reads, why);
	if (e == OK) {
		w->schema_good = true;
		return OK;
	}
	if (db_reason(w->reads)[0] == 0 || e != UNAVAILABLE)
		w->schema_checked = call->now;
	return fail(call, UNAVAILABLE, NULL, "%s", why);
}

static struct rate_policy per_key(const struct worker *w)
{
	return (struct rate_policy) { w->config->rate_per_minute, 60 };
}
static struct rate_policy per_company(const struct worker *w)
{
	return (struct rate_policy) { w->config->rate_per_minute * COMPANY_FACTOR, 60 };
}

static str rate_key(const struct call *call)
{
	return call->me.kind == NOBODY ? rate_place(call) : str_of(call->me.credential.text);
}

static error check_rate(struct call *call, const struct ask *ask, struct answer *answer)
{
	struct worker *w = call->worker;
	struct limit company;
	if (!w->config->rate_per_minute || ask->free || ask->credential == CREDENTIAL_JOB)
		return OK;
	if (call->op->limited)
		TRY(rate_limit(
		    call, call->op->limited, rate_place(call), (struct rate_policy) { 300, 60 }));
	bool good = rate_take(w->shared, "key", rate_key(call), per_key(w), &answer->limit);
	if (good && call->me.kind != NOBODY &&
	    !rate_take(
		w->shared, "company", str_of(call->me.company.text), per_company(w), &company)) {
		answer->limit = company;
		good = false;
	}
	if (good)
		return OK;
	call->retry_after = answer->limit.reset_seconds;
	return fail(call, LIMITED, NULL, "too many requests: try again in %lld seconds",
	    (long long)answer->limit.reset_seconds);
}

static error check_permission(struct call *call)
{
	const char *may = call->op->may;
	call->level = LEVEL_ALL;
	if (operation_is_open(call->op))
		return OK;
	if (call->me.kind == NOBODY)
		return fail(call, UNAUTHENTICATED, NULL, "log in, or send an API key");
	if (!strcmp(may, SIGNED_IN))
		return OK;
	call->level = access_level(call, may);
	if (call->level == LEVEL_NONE)
		return fail(
		    call, FORBIDDEN, NULL, "your role does not have the permission %s", may);
	return OK;
}

/* ---- input ---- */

/* The shape of the answer is asked for in the query string, whatever the operation; `taken` keeps
 * its texts alive. */
static error take_shape(struct call *call, struct json_object *tree, struct json_object *taken)
{
	static const char *const names[] = { "fields", "expand" };
	str *const texts[] = { &call->fields, &call->expand };
	for (size_t i = 0; i < 2; i++) {
		struct json_object *value;
		if (!json_object_object_get_ex(tree, names[i], &value))
			continue;
		if (!json_object_is_type(value, json_type_string))
			return fail_code(
			    call, MALFORMED, names[i], "invalid", "stands more than once");
		json_object_object_add(taken, names[i], json_object_get(value));
		json_object_object_del(tree, names[i]);
		*texts[i] = (str) { json_object_get_string(value),
			(size_t)json_object_get_string_len(value) };
	}
	return OK;
}

/* What a parameter of the path is: a field of the input, or a list's filter. */
static const struct field *path_field(struct call *call, str name)
{
	const struct operation *op = call->op;
	struct list_filter *filters;
	const struct field *f = field_find(operation_input(op), name);
	size_t n = op->list ? list_filters(call->arena, op->table, op->list, &filters) : 0;
	for (size_t i = 0; i < n && !f; i++)
		if (str_is(name, filters[i].name))
			f = filters[i].column;
	return f;
}

static error input_tree(struct call *call, const struct ask *ask, struct json_object **tree)
{
	struct json_object *taken = json_object_new_object(), *pairs;
	json_keep(call->arena, taken);
	TRY(decode_tree(call, ask->pairs, ask->n_pairs, ask->form, &pairs));
	bool shaped =
	    !ask->form && (call->op->answer == ANSWER_ROW || call->op->answer == ANSWER_LIST);
	if (shaped)
		TRY(take_shape(call, pairs, taken));
	*tree = pairs;
	if (ask->json) {
		if (!json_object_is_type(ask->json, json_type_object))
			return fail(call, MALFORMED, NULL, "the body must be a JSON object");
		json_object_object_foreach(pairs, key, value)
		{
			(void)value;
			(void)!fail_code(call, MALFORMED, key, "unknown_field",
			    "there is no parameter \"%.80s\" here", key);
		}
		if (call->problem.kind)
			return call->problem.kind;
		*tree = ask->json;
	}
	for (size_t i = 0; i < ask->n_path; i++) {
		char *name = arena_text(call->arena, ask->path[i].name.p, ask->path[i].name.n);
		const struct field *f = path_field(call, ask->path[i].name);
		uuid id;
		if (f && f->type == T_ID && !uuid_parse(ask->path[i].value, &id))
			return fail(call, NOT_FOUND, NULL, "there is nothing with this id");
		json_object_object_add(*tree, name,
		    json_object_new_string_len(ask->path[i].value.p, (int)ask->path[i].value.n));
	}
	return OK;
}

static error decode_input(
    struct call *call, const struct ask *ask, struct json_object *tree, void **in)
{
	const struct operation *op = call->op;
	if (op->list) {
		struct list_request *request = ARENA_NEW(call->arena, struct list_request);
		*in = request;
		return ask->json ? list_decode_search(call, op->table, op->list, tree, request)
				 : list_decode(call, op->table, op->list, tree, request);
	}
	const struct field_set *set = operation_input(op);
	*in = arena_alloc(call->arena, set->size + 1);
	bool *is_given = ARENA_ARRAY(call->arena, set->n + 1, bool);
	call->given = is_given;
	if (set->size && (op->run == resource_create || op->run == resource_update))
		row_init(op->table, *in);
	error e = decode_fields(call, set, tree, ask->json == NULL, "", *in, is_given);
	/* In a query string there is nothing but parameters: a bad one is a bad request. */
	if (e == INVALID && op->kind == QUERY_KIND && !ask->json)
		return call->problem.kind = MALFORMED;
	return e;
}

/* ---- running ---- */

/* `,"version":N` at the end of the answer's object. */
static void append_version(struct buf *body, int64_t version)
{
	if (version == INT_NONE || body->n < 2 || body->p[body->n - 1] != '}')
		return;
	body->n--;
	if (body->p[body->n - 1] != '{')
		buf_char(body, ',');
	buf_text(body, "\"version\":");
	buf_int(body, version);
	buf_char(body, '}');
}

/* In the builds of the tests: a log line for an answer that is not as declared, which the tests
 * look for. */
static void check_shape(const struct call *call, const struct buf *body)
{
#ifdef MUSTER_SANITIZE
	char pointer[OUT_POINTER];
	const char *why;
	if (!out_check(call, buf_view(body), pointer, &why))
		log_event(LOG_ERROR, "an answer is not of its declared shape",
		    LOG_TEXT("operation", str_of(call->op->name)),
		    LOG_TEXT("pointer", str_of(pointer)), LOG_TEXT("why", str_of(why)));
#else
	(void)call;
	(void)body;
#endif
}

static error run(struct call *call, const void *in, struct buf *body)
{
	struct json out;
	json_begin(&out, body);
	return call->op->run(call, in, &out);
}

/* A condition that nobody has looked at must not seem to hold: who looks takes it away
 * (etag_require()). */
static error check_condition(struct call *call)
{
	if (str_none(call->if_match))
		return OK;
	call->problem = (struct problem) { 0 };
	return fail_code(
	    call, MALFORMED, "If-Match", "unsupported", "this operation takes no If-Match");
}

/* Who asked for it rolls back what was not done. */
static error run_mutation(
    struct call *call, const void *in, struct buf *body, const struct idempotency *once, int status)
{
	error e = db_in_transaction(call->db) ? OK : db_begin(call->db);
	if (e == OK)
		e = run(call, in, body);
	if (e == OK)
		e = check_condition(call);
	if (e == OK)
		e = changes_follow(call);
	if (e == OK)
		e = webhook_events_tell(call);
	if (e == OK)
		e = workflow_queues_write(call);
	if (e == OK)
		e = changes_write(call);
	if (e == OK && !call->op->unversioned)
		append_version(body, call->version);
	if (e == OK)
		check_shape(call, body);
	if (e == OK)
		e = idempotency_store(call, once, status, buf_view(body), call->version);
	return e == OK ? db_commit(call->db) : e;
}

/* What the client has already costs nothing; many answers in one cost as much as one by one. */
static void settle_rate(struct call *call, struct answer *answer)
{
	struct worker *w = call->worker;
	struct limit company;
	size_t told = answer->not_modified ? 0 : 1;
	if (!answer->limit.set)
		return;
	for (size_t i = answer->n_parts; i-- > 0;)
		told += answer->parts[i].changed;
	if (told > 1)
		told--; /* the request around them is none of them */
	if (!told) {
		rate_give_back(w->shared, "key", rate_key(call), per_key(w));
		if (call->me.kind != NOBODY)
			rate_give_back(
			    w->shared, "company", str_of(call->me.company.text), per_company(w));
		answer->limit.remaining++;
	}
	for (; told > 1 && rate_take(w->shared, "key", rate_key(call), per_key(w), &answer->limit);
	     told--)
		if (call->me.kind != NOBODY)
			(void)rate_take(w->shared, "company", str_of(call->me.company.text),
			    per_company(w), &company);
}

static void finish_query(
    struct call *call, const struct ask *ask, struct buf *body, struct answer *answer)
{
	check_shape(call, body);
	digest_sha256(buf_view(body), answer->digest);
	etag_from(&call->me, call->op->name, answer->digest, answer->etag);
	if (call->op->answer == ANSWER_LIST)
		append_version(body, call->version);
	answer->parts = call->parts;
	answer->n_parts = call->n_parts;
	answer->cut = call->cut;
	if (http_etag_matches(ask->if_none_match, str_of(answer->etag))) {
		answer->status = 304;
		answer->not_modified = true;
		buf_clear(body);
	}
	settle_rate(call, answer);
}

#define ID_START "{\"id\":\""

/* Does the answer begin with the id of a row? */
static bool has_id(const struct buf *body)
{
	return body->n >= sizeof ID_START + 36 && !memcmp(body->p, ID_START, sizeof ID_START - 1);
}

static const char *location_of(struct call *call, const struct buf *body)
{
	if (call->op->table && call->answered.text[0])
		return arena_printf(
		    call->arena, "/v1/%s/%s", call->op->table->name, call->answered.text);
	if (!call->op->table || !has_id(body))
		return NULL;
	return arena_printf(
	    call->arena, "/v1/%s/%.36s", call->op->table->name, body->p + sizeof ID_START - 1);
}

/* A stored answer, as it may be given today: a row that is out of the caller's reach by now is told
 * by its id alone. */
static error replay(struct call *call, struct answer *answer, struct buf *body)
{
	buf_clear(body);
	buf_str(body, answer->body);
	if (answer->status == 201 || answer->status == 202)
		answer->location = location_of(call, body);
	if (answer->status < 300 && call->op->table && has_id(body)) {
		const char *id = arena_text(call->arena, body->p + sizeof ID_START - 1, 36);
		struct json out;
		buf_clear(body);
		json_begin(&out, body);
		TRY(row_answer(call, call->op->table, id, &out));
		bool id_alone = body->n == sizeof ID_START - 1 + 36 + 2;
		if (id_alone || call_shaped(call)) /* what is stored then: idempotency.c */
			append_version(body, answer->version);
		else {
			buf_clear(body);
			buf_str(body, answer->body);
		}
	}
	if (answer->status < 300 && call->op->answer == ANSWER_OBJECT)
		TRY(replay_rows(call, body));
	answer->body = buf_view(body);
	return OK;
}

bool call_recalls(struct call *call, str question, str etag, struct topic_set *reads)
{
	if (!call->recaller || !etag.n ||
	    !call->recaller->find(call->recaller, call, question, etag, reads))
		return false;
	for (size_t i = 0; i < reads->n; i++)
		call_reads(call, "%s", reads->v[i]);
	return true;
}

/* The client has just got this answer from here, and waits for the next: nothing need be run. */
static bool is_recalled(struct call *call, const struct ask *ask, struct answer *answer)
{
	struct topic_set reads;
	str etag = http_etag_strong(ask->if_none_match); /* weak of an answer that was compressed */
	if (!call->recaller || etag.n >= sizeof answer->etag ||
	    !call_recalls(call, call->recaller->question, etag, &reads))
		return false;
	memcpy(answer->etag, etag.p, etag.n);
	answer->status = 304;
	answer->not_modified = true;
	settle_rate(call, answer);
	return true;
}

/* The retries of one operation each begin here, with a call as new. */
static error once(
    struct call *call, const struct ask *ask, bool again, struct answer *answer, struct buf *body)
{
	struct json_object *tree;
	void *in;
	bool mutation = call->op->kind == MUTATION_KIND, replayed = false;
	struct idempotency idempotency = { 0 };
	TRY(check_schema(call));
	error who = identity_find(call, ask);
	if (who == UNAUTHENTICATED && operation_is_open(call->op)) {
		call->problem = (struct problem) { 0 };
		who = OK;
	}
	answer->who = call->me;
	/* A deadlock's victim has paid already. */
	if (!again && (who == UNAUTHENTICATED || who == OK)) {
		struct problem kept = call->problem;
		call->problem = (struct problem) { 0 };
		TRY(check_rate(call, ask, answer));
		call->problem = kept;
	}
	TRY(who);
	TRY(check_permission(call));
	if (is_recalled(call, ask, answer))
		return OK;
	TRY(input_tree(call, ask, &tree));
	call->tree = tree;
	if (mutation) {
		error begun = idempotency_begin(call, ask, tree, &idempotency, answer, &replayed);
		if (begun == OK && replayed)
			begun = replay(call, answer, body);
		if (begun != OK || replayed) {
			db_rollback(call->db);
			return begun;
		}
	}
	int status = call->op->status ? call->op->status : 200;
	error e = decode_input(call, ask, tree, &in);
	if (e == OK)
		e = mutation ? run_mutation(call, in, body, &idempotency, status)
			     : run(call, in, body);
	if (mutation && e != OK)
		db_rollback(call->db);
	if (e == OK) {
		answer->status = status;
		answer->version = call->op->unversioned ? INT_NONE : call->version;
		if (!mutation)
			finish_query(call, ask, body, answer);
		else if (status == 201 || status == 202)
			answer->location = location_of(call, body);
		answer->body = buf_view(body);
	} else if (idempotency.active && e != RETRY && e != INTERNAL && e != UNAVAILABLE &&
		   e != FORBIDDEN && e != UNAUTHENTICATED && e != LIMITED) {
		buf_clear(body);
		gate_problem(call->arena, body, e, &call->problem, ask->instance, ask->request_id);
		idempotency_store_refusal(call, &idempotency, problem_status(e), buf_view(body));
	}
	return e;
}

static void back_off(int attempt)
{
	/* A deadlock's victim waits a little, and not as long as the other victim. */
	int64_t longest = 1000000 * (INT64_C(1) << attempt);
	struct timespec pause = { .tv_nsec = clock_monotonic_us() * 7919 % longest };
	nanosleep(&pause, NULL);
}

void gate_ask(struct worker *worker, struct arena *a, const struct ask *ask, struct answer *answer)
{
	const struct operation *op = ask->op;
	struct call call = { 0 };
	error e = RETRY;
	answer->limit = (struct limit) { 0 };
	for (int attempt = 0; attempt < TRIES && e == RETRY; attempt++) {
		if (attempt) {
			shared_count(&worker->shared->figures.retries_total, 1);
			back_off(attempt);
		}
		*answer = (struct answer) { .version = INT_NONE, .limit = answer->limit };
		buf_clear(&worker->body);
		call = (struct call) { .worker = worker,
			.arena = a,
			.op = op,
			.now = clock_now(),
			.version = INT_NONE,
			.if_match = ask->if_match,
			.ip = ask->ip,
			.user_agent = ask->user_agent,
			.file = { ask->filename, ask->data },
			.signature = ask->signature,
			.recaller = ask->recaller,
			.until_us = ask->until_us,
			.db = op->kind == MUTATION_KIND ? worker->writes : worker->reads };
		e = once(&call, ask, attempt > 0, answer, &worker->body);
	}
	shared_count(op->kind == MUTATION_KIND ? &worker->shared->figures.mutations_total
					       : &worker->shared->figures.queries_total,
	    1);
	answer->reads = call.reads;
	answer->who = call.me;
	if (op->kind == QUERY_KIND)
		answer->version = call.version; /* also of "no": it can become "yes" */
	answer->problem = call.problem;
	answer->cookie_token = call.cookie_token;
	answer->cookie_clear = call.cookie_clear;
	answer->retry_after = call.retry_after;
	answer->next = call.next;
	if (e == OK) {
		if (call.n_changes || call.wakes)
			doorbell_ring(worker, call.me.company, call.version, call.wakes != NULL);
		return;
	}
	if (e == RETRY) {
		e = UNAVAILABLE;
		answer->retry_after = 1;
	}
	/* The problem's kind is what the operation said; a fault that nobody described is ours. */
	answer->kind = call.problem.kind && e != INTERNAL ? call.problem.kind : e;
	if (e == UNAVAILABLE) {
		worker->schema_good = false;
		answer->kind = UNAVAILABLE;
		answer->retry_after = answer->retry_after ? answer->retry_after : 2;
	}
	if (answer->kind == INTERNAL)
		log_event(LOG_ERROR, "an operation failed", LOG_TEXT("operation", str_of(op->name)),
		    LOG_TEXT("database", str_of(db_reason(call.db))));
	answer->status = problem_status(answer->kind);
	buf_clear(&worker->body);
	gate_problem(
	    a, &worker->body, answer->kind, &answer->problem, ask->instance, ask->request_id);
	answer->body = buf_view(&worker->body);
}

/* ---- an operation inside another ---- */

static struct call call_inside(struct call *call, const struct operation *op)
{
	struct call inner = *call;
	if (op->kind == MUTATION_KIND && call->op->kind != MUTATION_KIND)
		abort(); /* a query cannot change anything: a programmer's error */
	inner.op = op;
	inner.outer = call;
	inner.given = NULL;
	inner.problem = (struct problem) { 0 };
	return inner;
}

/* What the inner one read, changed and learned is the outer one's. */
static error call_outside(struct call *call, const struct call *inner, error e)
{
	call->reads = inner->reads;
	call->changes = inner->changes;
	call->n_changes = inner->n_changes;
	call->search = inner->search;
	call->wakes = inner->wakes;
	memcpy(call->images, inner->images, sizeof call->images);
	call->known = inner->known;
	call->if_match = inner->if_match;
	if (e != OK)
		call->problem = inner->problem;
	return e;
}

error call_run(
    struct call *call, const struct operation *op, struct json_object *args, struct json *out)
{
	struct call inner = call_inside(call, op);
	inner.tree = args;
	error e = check_permission(&inner);
	void *in;
	const struct ask ask = { .op = op, .json = args };
	if (e == OK && op->list) {
		struct list_request *request = ARENA_NEW(call->arena, struct list_request);
		in = request;
		e = list_decode(&inner, op->table, op->list, args, request);
	} else if (e == OK) {
		e = decode_input(&inner, &ask, args, &in);
	}
	if (e == OK)
		e = op->run(&inner, in, out);
	return call_outside(call, &inner, e);
}

error call_delete_rows(
    struct call *call, const struct operation *op, const char *const *ids, size_t n)
{
	struct call inner = call_inside(call, op);
	if (op->run != resource_delete)
		abort(); /* it may do more than delete a row: a programmer's error */
	error e = check_permission(&inner);
	if (e == OK)
		e = rows_delete(&inner, op->table, ids, n);
	return call_outside(call, &inner, e);
}

error call_attempt(struct call *call, error (*run_one)(struct call *call, void *with), void *with)
{
	const struct call before = *call;
	call->problem = (struct problem) { 0 };
	TRY(db_mark(call->db));
	error e = run_one(call, with);
	if (e == OK || e == RETRY || e == INTERNAL || e == UNAVAILABLE)
		return e;
	TRY(db_back(call->db));
	const bool made_changes = call->n_changes != before.n_changes;
	call->changes = before.changes;
	call->n_changes = before.n_changes;
	call->search = before.search;
	call->wakes = before.wakes;
	memcpy(call->images, before.images, sizeof call->images);
	/* A row that it made, and knew to be there since, is not. */
	if (made_changes)
		call->known = NULL;
	return e;
}

error call_query(struct call *call, const struct ask *ask, struct buf *body, char etag[ETAG_TEXT],
    struct topic_set *reads)
{
	struct call inner = *call;
	struct json_object *tree;
	void *in;
	inner.op = ask->op;
	inner.outer = call;
	inner.given = NULL;
	inner.problem = (struct problem) { 0 };
	inner.reads = (struct topic_set) { 0 };
	inner.known = NULL; /* what it knows already it would not read, and so not note */
	inner.fields = inner.expand = (str) { NULL, 0 };
	error e = check_permission(&inner);
	if (e == OK)
		e = input_tree(&inner, ask, &tree);
	if (e == OK)
		e = decode_input(&inner, ask, inner.tree = tree, &in);
	if (e == OK)
		e = run(&inner, in, body);
	if (e == OK) {
		check_shape(&inner, body);
		etag_of(&inner.me, ask->op->name, buf_view(body), etag);
		if (ask->op->answer == ANSWER_LIST)
			append_version(body, call->version);
	}
	*reads = inner.reads;
	call->problem = inner.problem;
	return e;
}
