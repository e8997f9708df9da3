/* live_poll.c: see live_poll.h. */
#include "core/live_poll.h"

#include "base/clock.h"
#include "base/digest.h"
#include "core/etag.h"
#include "core/worker.h"
#include "http/decode.h"

struct live_query_in {
	str path;
	str etag;
};
FIELDS(live_query) = {
	FIELD(live_query, path, .flags = F_REQUIRED, .min = 1, .max = 4000,
	    .doc = "Path and query string of a GET of this API",
	    .example = "/v1/contacts?limit=25"),
	FIELD(live_query, etag, .flags = F_NULLABLE, .max = 400,
	    .doc = "ETag of the answer that the client has; none: it has none"),
};

struct live_poll_in {
	list queries;
	int64_t wait;
};
FIELDS(live_poll) = {
	FIELD_LIST(live_poll, queries, live_query, .flags = F_REQUIRED, .min = 1,
	    .max = LIVE_QUERIES_MAX, .doc = "What is watched"),
	FIELD(live_poll, wait, .min = 0, .max = LIVE_WAIT_MAX,
	    .doc = "Seconds to wait for a change; 25 when it is not given"),
};

error live_target(
    const struct worker *worker, struct arena *a, str path, struct ask *ask, const char **why)
{
	char allow[ROUTES_ALLOW];
	struct http_pair *pairs;
	str raw, query, decoded;
	*why = "must be the path of a GET of this API, such as /v1/contacts?limit=50";
	if (!str_cut(path, '?', &raw, &query)) {
		raw = path;
		query = STR("");
	}
	if (!str_starts(raw, "/v1/") || percent_decode(a, raw, false, &decoded) != OK)
		return MALFORMED;
	struct http_pair *parameters = NULL;
	ask->op =
	    routes_match(worker->rest, STR("GET"), decoded, a, &parameters, &ask->n_path, allow);
	ask->path = parameters;
	if (!ask->op || ask->op->kind != QUERY_KIND)
		return MALFORMED;
	*why = "is open to anyone and cannot be watched";
	if (operation_is_open(ask->op))
		return MALFORMED;
	*why = "its query string cannot be read";
	TRY(http_form(a, query, &pairs, &ask->n_pairs));
	ask->pairs = pairs;
	return OK;
}

void live_problem_etag(const struct identity *me, const char *operation, error kind,
    const struct problem *problem, char out[48])
{
	unsigned char digest[DIGEST_SIZE];
	digest_sha256_two(
	    str_of(problem_type(kind)), str_of(problem->detail ? problem->detail : ""), digest);
	etag_from(me, operation, digest, out);
}

struct live_changed_out {
	int64_t index, status;
	str etag;
	json_text body;
};
ANSWER(live_changed) = {
	MEMBER(live_changed, index, .doc = "Which of the queries, from 0"),
	MEMBER(live_changed, status, .doc = "HTTP status of its answer"),
	MEMBER(live_changed, etag, .doc = "To be sent with the query from now on"),
	MEMBER(live_changed, body, .doc = "Its answer, or a problem document (RFC 9457)"),
};

struct live_poll_out {
	list changed;
	int64_t version;
};
ANSWER(live_poll) = {
	MEMBER_LIST(live_poll, changed, live_changed,
	    .doc = "The queries whose answer is not what the client has"),
	MEMBER(live_poll, version,
	    .doc =
		"The company's version at which they were asked; 0 when so much has changed that "
		"not all of them were: the rest is told when they are asked again"),
};

void live_part_write(struct json *out, size_t index, int status, const char *etag, str body)
{
	static const struct field_set set = ANSWER_SET(live_changed);
	out_write(out, &set,
	    &(struct live_changed_out) { (int64_t)index, status, str_of(etag), { body } });
}

/* Asks one query for the call. Only a fault of the whole installation is an error. */
static error look(struct call *call, const struct ask *ask, const struct live_query_in *query,
    struct live_part *part, struct buf *body)
{
	struct problem kept = call->problem;
	buf_clear(body);
	*part = (struct live_part) { .path = query->path, .op = ask->op, .status = 200 };
	error e = call_query(call, ask, body, part->etag, &part->reads);
	if (e == UNAVAILABLE || e == RETRY)
		return e;
	if (e != OK) {
		struct problem problem = call->problem;
		problem.kind = problem.kind && e != INTERNAL ? problem.kind : e;
		part->status = problem_status(problem.kind);
		live_problem_etag(&call->me, ask->op->name, problem.kind, &problem, part->etag);
		buf_clear(body);
		gate_problem(
		    call->arena, body, problem.kind, &problem, query->path, (str) { NULL, 0 });
	}
	call->problem = kept;
	part->changed = !http_etag_matches(query->etag, str_of(part->etag));
	for (size_t i = 0; i < part->reads.n; i++)
		call_reads(call, "%s", part->reads.v[i]);
	return OK;
}

void live_part_leave(struct live_part *part, str path, const struct operation *op, str etag)
{
	*part = (struct live_part) { .path = path, .op = op, .status = 200, .changed = !etag.n };
	etag = http_etag_strong(etag);
	if (etag.n && etag.n < sizeof part->etag)
		memcpy(part->etag, etag.p, etag.n);
}

static void leave_all(struct call *call, const struct ask *asks, const list *queries)
{
	const struct live_query_in *query = queries->items;
	for (size_t i = 0; i < queries->n; i++)
		live_part_leave(&call->parts[i], query[i].path, asks[i].op, query[i].etag);
	call->cut = true;
}

/* The client has just got all these answers from here, and waits for the next. */
static bool recall_all(struct call *call, const struct ask *asks, const list *queries)
{
	const struct live_query_in *query = queries->items;
	for (size_t i = 0; i < queries->n; i++) {
		struct live_part *part = &call->parts[i];
		*part =
		    (struct live_part) { .path = query[i].path, .op = asks[i].op, .status = 200 };
		if (query[i].etag.n >= sizeof part->etag ||
		    !call_recalls(call, query[i].path, query[i].etag, &part->reads))
			return false;
		memcpy(part->etag, query[i].etag.p, query[i].etag.n);
	}
	return true;
}

QUERY(live_poll, SIGNED_IN, WRITTEN(live_poll), .route = "POST /v1/live",
    .summary = "Wait until one of many queries has another answer", .waits_for = WAITS_FOR_A_PART)
{
	const struct live_query_in *queries = in->queries.items;
	struct ask *asks = ARENA_ARRAY(call->arena, in->queries.n + 1, struct ask);
	struct buf body = { 0 };
	const char *why;
	for (size_t i = 0; i < in->queries.n; i++)
		if (live_target(call->worker, call->arena, queries[i].path, &asks[i], &why) != OK)
			(void)!fail_code(call, INVALID,
			    arena_printf(call->arena, "queries/%zu/path", i), "invalid", "%s", why);
	TRY(call->problem.kind);
	call->parts = ARENA_ARRAY(call->arena, in->queries.n + 1, struct live_part);
	call->n_parts = in->queries.n;
	json_object(out);
	json_key(out, "changed");
	json_array(out);
	error e = OK;
	size_t known = recall_all(call, asks, &in->queries) ? in->queries.n : 0;
	for (size_t i = known; i < in->queries.n && e == OK; i++) {
		if (i && call->until_us && clock_monotonic_us() > call->until_us) {
			leave_all(call, asks, &in->queries);
			break;
		}
		e = look(call, &asks[i], &queries[i], &call->parts[i], &body);
		if (e == OK && call->parts[i].changed)
			live_part_write(
			    out, i, call->parts[i].status, call->parts[i].etag, buf_view(&body));
	}
	buf_free(&body);
	TRY(e);
	json_array_end(out);
	json_key(out, "version");
	json_int(out, call->version);
	json_object_end(out);
	return OK;
}
