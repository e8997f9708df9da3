/* door.c: HTTP in, HTTP out, around the gate; see door.h. */
#include "core/door.h"

#include <stdatomic.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/browser.h"
#include "core/live_pages.h"
#include "core/page_view.h"
#include "core/signed_hook.h"
#include "core/status.h"

/* ---- reading ---- */

static void refuse(struct door *door, error kind, const char *pointer, const char *detail)
{
	struct problem *p = &door->answer.problem;
	door->refused = true;
	door->answer.kind = p->kind = kind;
	p->detail = detail;
	if (pointer) {
		p->fields = ARENA_NEW(door->http.arena, struct field_error);
		p->fields[p->n_fields++] = (struct field_error) { pointer, "malformed", detail };
	}
}

/* A browser's cookie reads. It writes by forms, or by a script of our own pages, which says by the
 * token that forms carry that it is one: another site's knows no token, and may not send such a
 * header without having asked. */
static bool cookie_holds(const struct worker *worker, const struct door *door)
{
	const struct http_request *http = &door->http;
	return door->ask.op->kind == QUERY_KIND ||
	       (browser_same_origin(worker->config, http) &&
		   browser_csrf_good(worker, http, http_header(http, "X-CSRF-Token")));
}

void door_credential(const struct http_request *http, struct ask *ask)
{
	str header = http_header(http, "Authorization"),
	    cookie = http_cookie(http, "muster_session");
	if (header.n > 7 && !strncasecmp(header.p, "Bearer ", 7)) {
		ask->credential = CREDENTIAL_BEARER;
		ask->token = str_trim((str) { header.p + 7, header.n - 7 });
	} else if (!str_none(header)) {
		/* A scheme that there is not: no credential that could hold. */
		ask->credential = CREDENTIAL_BEARER;
		ask->token = STR("");
	} else if (cookie.n) {
		ask->credential = CREDENTIAL_COOKIE;
		ask->token = cookie;
	}
}

static void read_credential(const struct worker *worker, struct door *door)
{
	struct ask *ask = &door->ask;
	door_credential(&door->http, ask);
	if (ask->credential == CREDENTIAL_COOKIE && !cookie_holds(worker, door)) {
		ask->credential = CREDENTIAL_NONE;
		ask->token = (str) { NULL, 0 };
	}
}

static bool is_json(str type)
{
	return str_is(type, "application/json") || str_is(type, "application/merge-patch+json");
}

static void read_multipart(struct door *door)
{
	struct http_part *parts;
	size_t n;
	struct ask *ask = &door->ask;
	if (http_multipart(door->http.arena, &door->http, &parts, &n) != OK) {
		refuse(door, MALFORMED, NULL, "the multipart body cannot be read");
		return;
	}
	struct http_pair *pairs =
	    ARENA_ARRAY(door->http.arena, n + ask->n_pairs + 1, struct http_pair);
	if (ask->n_pairs)
		memcpy(pairs, ask->pairs, ask->n_pairs * sizeof *pairs);
	ask->pairs = pairs;
	for (size_t i = 0; i < n; i++) {
		if (str_is(parts[i].name, "file")) {
			ask->filename = parts[i].filename;
			ask->data = parts[i].data;
		} else {
			pairs[ask->n_pairs++] = (struct http_pair) { parts[i].name, parts[i].data };
		}
	}
}

static void read_body(struct door *door)
{
	struct ask *ask = &door->ask;
	size_t files_max = ask->op ? ask->op->body_max : 0;
	error e = http_read_body(&door->http, files_max ? files_max : HTTP_BODY_MAX);
	if (e != OK) {
		refuse(door, e, NULL,
		    e == TOO_LARGE ? "the body is larger than this operation takes"
				   : "the body is shorter than it says");
		return;
	}
	str type = http_content_type(&door->http);
	if (str_is(type, "multipart/form-data") && files_max) {
		read_multipart(door);
		return;
	}
	if (ask->op && ask->op->raw_body) {
		struct hook_signature *s = ARENA_NEW(door->http.arena, struct hook_signature);
		*s = (struct hook_signature) {
			.stripe = http_header(&door->http, "Stripe-Signature"),
			.id = http_header(&door->http, "webhook-id"),
			.timestamp = http_header(&door->http, "webhook-timestamp"),
			.standard = http_header(&door->http, "webhook-signature"),
		};
		ask->data = door->http.body;
		ask->signature = s;
		return;
	}
	if (door->http.body.n == 0)
		return;
	if (!is_json(type)) {
		refuse(door, UNSUPPORTED, NULL, "send application/json");
		return;
	}
	const char *why = NULL;
	ask->json = json_read_sent(door->http.arena, door->http.body, &why);
	if (!ask->json)
		refuse(door, MALFORMED, NULL, why ? why : "the body must be a JSON object");
}

static void read_ask(const struct worker *worker, struct door *door)
{
	struct ask *ask = &door->ask;
	struct http_pair *pairs;
	read_credential(worker, door);
	if (http_form(door->http.arena, door->http.query, &pairs, &ask->n_pairs) != OK) {
		refuse(door, MALFORMED, NULL, "the query string cannot be read");
		return;
	}
	ask->pairs = pairs;
	ask->path = door->path;
	ask->n_path = door->n_path;
	ask->if_none_match = http_header(&door->http, "If-None-Match");
	ask->if_match = door->http.method == HTTP_GET ? (str) { NULL, 0 }
						      : http_header(&door->http, "If-Match");
	if (door->http.method != HTTP_GET)
		ask->idempotency_key = http_header(&door->http, "Idempotency-Key");
	ask->user_agent = http_header(&door->http, "User-Agent");
	if (door->http.method != HTTP_GET)
		read_body(door);
}

static bool is_api(str path) { return str_starts(path, "/v1/") || str_is(path, "/v1"); }
/* Asked by a program, if only our own script: what is wrong is said by a problem document. */
static bool wants_json(str path) { return is_api(path) || str_is(path, LIVE_PAGES); }

static void find_rest(struct worker *worker, struct door *door)
{
	char allow[ROUTES_ALLOW];
	struct http_pair *path = NULL;
	door->ask.op = routes_match(worker->rest, door->http.method_name, door->http.path,
	    door->http.arena, &path, &door->n_path, allow);
	door->path = path;
	if (door->ask.op) {
		read_ask(worker, door);
		return;
	}
	if (allow[0])
		door->headers[door->n_headers++] = (struct http_pair) { STR("Allow"),
			str_of(arena_text(door->http.arena, allow, strlen(allow))) };
	refuse(door, allow[0] ? WRONG_METHOD : NOT_FOUND, NULL,
	    allow[0] ? NULL : "there is no such address");
}

/* The pages of a browser's tabs. The token says that the tabs were loaded with the session that the
 * browser has now. */
static void find_live(struct worker *worker, struct door *door)
{
	const struct http_request *http = &door->http;
	if (http->method != HTTP_POST)
		refuse(door, WRONG_METHOD, NULL, "pages are watched by POST");
	else if (!browser_same_origin(worker->config, http))
		refuse(door, FORBIDDEN, NULL, "this was sent by another site");
	else if (!browser_csrf_good(worker, http, http_header(http, "X-CSRF-Token")))
		refuse(door, UNAUTHENTICATED, NULL,
		    "you logged in or out since these pages were loaded");
	else
		read_body(door);
	if (!door->refused)
		live_pages_read(door);
}

/* Outside the API: a form's target, a page, or the pages of all tabs. */
static void find_page(struct worker *worker, struct door *door)
{
	char allow[ROUTES_ALLOW];
	struct http_pair *path = NULL;
	if (str_is(door->http.path, LIVE_PAGES)) {
		find_live(worker, door);
		return;
	}
	if (str_starts(door->http.path, "/do/")) {
		if (door->http.method != HTTP_POST)
			refuse(door, WRONG_METHOD, NULL, "a form is sent by POST");
		return;
	}
	door->page = routes_match(worker->pages, door->http.method_name, door->http.path,
	    door->http.arena, &path, &door->n_path, allow);
	door->path = path;
	if (!door->page)
		refuse(door, allow[0] ? WRONG_METHOD : NOT_FOUND, NULL, "there is no such page");
}

void door_read(struct worker *worker, struct arena *a, FCGX_Request *fcgi, struct door *door)
{
	*door = (struct door) { .wait = -1, .content_type = "application/json" };
	error e = http_open(a, fcgi, &door->http);
	log_request(arena_text(a, door->http.id.p, door->http.id.n));
	door->ask.started = clock_now();
	door->ask.ip = door->http.remote;
	door->ask.request_id = door->http.id;
	door->ask.instance = door->http.path;
	if (e != OK) {
		refuse(door, e, NULL, "the address cannot be read");
		return;
	}
	if (status_path(door->http.path))
		return;
	/* The address that providers are given is shorter than that of the operation. */
	if (str_starts(door->http.path, "/hooks/"))
		door->http.path =
		    str_of(arena_printf(a, "/v1%.*s", (int)door->http.path.n, door->http.path.p));
	if (is_api(door->http.path))
		find_rest(worker, door);
	else
		find_page(worker, door);
	if (door->http.method == HTTP_GET && http_prefer_wait(&door->http, &door->wait) != OK &&
	    !door->refused)
		refuse(door, MALFORMED, "/Prefer",
		    "wait must be a whole number of seconds from 0 to 60");
}

/* ---- running ---- */

/* What a browser shows of a form on another site that it has sent: a page, as it would of any
 * other; a program gets the answer itself. */
static bool shows_page(const struct door *door)
{
	str accept = http_header(&door->http, "Accept");
	return door->ask.op && door->ask.op->from_sites && !str_none(accept) &&
	       memmem(accept.p, accept.n, "text/html", 9) != NULL;
}

static void show_sent(struct worker *worker, struct arena *a, struct door *door)
{
	const struct problem *p = &door->answer.problem;
	const char *why = p->detail;
	if (door->answer.kind == OK) {
		page_redirect(
		    a, door, OK, door->answer.next.n ? door->answer.next : STR("/thanks"));
		return;
	}
	for (size_t i = 0; i < p->n_fields; i++) {
		char *name = arena_text(
		    a, p->fields[i].pointer, strlen(p->fields[i].pointer)); /* "/first_name" */
		for (char *c = name; *c; c++)
			*c = *c == '_' || *c == '/' ? ' ' : *c;
		why = arena_printf(a, "%s%s %s", i ? arena_printf(a, "%s, ", why) : "",
		    name + (name[0] == ' '), p->fields[i].detail);
	}
	if (p->n_fields)
		why = arena_printf(a, "%s. Go back, and what you wrote is still there.", why);
	page_error(worker, a, door, door->answer.kind, why);
}

void door_run(struct worker *worker, struct arena *a, struct door *door)
{
	bool form = str_starts(door->http.path, "/do/");
	if (status_path(door->http.path)) {
		status_run(worker, a, door);
	} else if (door->refused && wants_json(door->http.path)) {
		buf_clear(&worker->body);
		gate_problem(a, &worker->body, door->answer.kind, &door->answer.problem,
		    door->http.path, door->http.id);
		door->answer.status = problem_status(door->answer.kind);
		door->answer.version = INT_NONE;
		door->answer.body = buf_view(&worker->body);
	} else if (door->refused) {
		page_error(worker, a, door, door->answer.kind, door->answer.problem.detail);
	} else if (form) {
		form_run(worker, a, door);
	} else if (door->live) {
		live_pages_run(worker, a, door);
	} else if (door->page) {
		page_run(worker, a, door);
	} else {
		gate_ask(worker, a, &door->ask, &door->answer);
		if (shows_page(door))
			show_sent(worker, a, door);
	}
}

/* ---- answering ---- */

static void rate_headers(struct http_reply *reply, const struct answer *answer, int64_t window)
{
	const struct limit *l = &answer->limit;
	if (!l->set)
		return;
	http_reply_headerf(reply, "RateLimit-Policy", "\"default\";q=%lld;w=%lld",
	    (long long)l->limit, (long long)window);
	http_reply_headerf(reply, "RateLimit", "\"default\";r=%lld;t=%lld", (long long)l->remaining,
	    (long long)l->reset_seconds);
	http_reply_headerf(reply, "X-RateLimit-Limit", "%lld", (long long)l->limit);
	http_reply_headerf(reply, "X-RateLimit-Remaining", "%lld", (long long)l->remaining);
	http_reply_headerf(reply, "X-RateLimit-Reset", "%lld", (long long)l->reset_seconds);
}

static void log_reply(const struct door *door)
{
	const struct answer *answer = &door->answer;
	const struct operation *op = door->ask.op;
	/* Where the path has a secret, the log has its pattern. */
	str path = op && op->raw_body ? str_of(op->route) : door->http.path;
	log_event(answer->status >= 500 ? LOG_WARNING : LOG_INFO, "request",
	    LOG_TEXT("method", door->http.method_name), LOG_TEXT("path", path),
	    LOG_NUMBER("status", answer->status), LOG_NUMBER("bytes", (int64_t)answer->body.n),
	    LOG_NUMBER("us", clock_now().us - door->ask.started.us),
	    LOG_TEXT("agent", str_of(answer->who.agent.text)),
	    LOG_TEXT("operation", str_of(op           ? op->name
					 : door->page ? door->page->name
						      : NULL)));
}

#ifdef MUSTER_SANITIZE
/* For tests/http/read_sets.test.mjs, which asks for it: the topics that the answer was made from.
 */
static void reads_header(struct http_reply *reply, struct arena *a, const struct door *door)
{
	const struct topic_set *reads = &door->answer.reads;
	const char *text = "";
	if (str_none(http_header(&door->http, "Show-Reads")))
		return;
	for (size_t i = 0; i < reads->n; i++)
		text = arena_printf(a, "%s%s%s", text, i ? " " : "", reads->v[i]);
	http_reply_header(reply, "Muster-Reads", str_of(text));
}
#endif

void door_send(struct worker *worker, struct arena *a, struct door *door, FCGX_Request *fcgi)
{
	struct answer *answer = &door->answer;
	struct http_reply reply;
	/* A stored or rendered answer may lie elsewhere than in the worker's buffer: the reply
	 * takes its bytes from there. Starting a reply empties its buffer, so the bytes come after
	 * it. */
	struct buf body = { 0 };
	http_reply_start(&reply, a, &body);
	body = (struct buf) {
		.p = (char *)(uintptr_t)answer->body.p, .n = answer->body.n, .cap = answer->body.n
	};
	reply.status = answer->status;
	bool problem = answer->status >= 400 && !strcmp(door->content_type, "application/json");
	reply.content_type = problem ? "application/problem+json" : door->content_type;
	reply.body_omitted = door->http.head || answer->status == 204 || answer->not_modified;
	http_reply_header(&reply, "Cache-Control", STR("private, no-store"));
	http_reply_header(&reply, "Vary", STR("Authorization, Cookie, Prefer"));
	http_reply_header(&reply, "X-Request-Id", door->http.id);
	if (answer->etag[0])
		http_reply_header(&reply, "ETag", str_of(answer->etag));
	if (answer->version != INT_NONE)
		http_reply_headerf(&reply, "Muster-Version", "%lld", (long long)answer->version);
	if (answer->location)
		http_reply_header(&reply, "Location", str_of(answer->location));
	if (answer->replayed)
		http_reply_header(&reply, "Idempotent-Replayed", STR("true"));
	if (answer->retry_after)
		http_reply_headerf(&reply, "Retry-After", "%lld", (long long)answer->retry_after);
	if (answer->kind == UNAUTHENTICATED && is_api(door->http.path))
		http_reply_header(&reply, "WWW-Authenticate", STR("Bearer realm=\"muster\""));
	if (door->wait >= 0)
		http_reply_headerf(&reply, "Preference-Applied", "wait=%d", door->wait);
	rate_headers(&reply, answer, 60);
#ifdef MUSTER_SANITIZE
	reads_header(&reply, a, door);
#endif
	for (size_t i = 0; i < door->n_headers; i++)
		http_reply_header(&reply,
		    arena_text(a, door->headers[i].name.p, door->headers[i].name.n),
		    door->headers[i].value);
	http_send(fcgi, &reply);
	struct figures *figures = &worker->shared->figures;
	shared_count(&figures->requests_total, 1);
	shared_count(&figures->request_microseconds_total, clock_now().us - door->ask.started.us);
	if (answer->status >= 500)
		shared_count(&figures->requests_failed_total, 1);
	else if (answer->status >= 400)
		shared_count(answer->status == 429 ? &figures->requests_limited_total
						   : &figures->requests_refused_total,
		    1);
	log_reply(door);
}

void door_handle(struct worker *worker, FCGX_Request *fcgi)
{
	struct door door;
	arena_reset(worker->arena);
	door_read(worker, worker->arena, fcgi, &door);
	door_run(worker, worker->arena, &door);
	door_send(worker, worker->arena, &door, fcgi);
	log_request(NULL);
}
