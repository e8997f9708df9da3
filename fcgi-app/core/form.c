/*
 * form.c: POST /do/<operation>, the one way in which a browser changes anything. That the form is
 * one of ours is settled first: by what the browser says about where it comes from, and by its
 * token. Then the pairs go through the gate like any input. A page is the answer to a person, JSON
 * to a script that asks for it (Accept: application/json). Names that begin with "_" are the door's
 * own: _csrf, _page (where the form stands), _next (where to go after it), _if_match. Tests:
 * tests/unit/core_browser_test.c, tests/unit/core_form_test.c.
 */
#include "base/clock.h"
#include "core/answer_tree.h"
#include "core/browser.h"
#include "core/decode.h"
#include "core/page_view.h"
#include "core/resource.h"
#include "core/undo.h"

#define FLASH_SECONDS 60
#define SESSION_SECONDS (30 * 86400)

struct form { /* one form on its way */
	struct worker *worker;
	struct arena *a;
	struct door *door;
	const struct operation *op;
	struct http_pair *pairs;
	size_t n;
	str filename, data;
	bool script; /* wants JSON */
	struct answer answer;
};

static str own(const struct form *f, const char *name)
{
	return http_form_get(f->pairs, f->n, name);
}

static bool accepts_json(const struct http_request *http)
{
	str accept = http_header(http, "Accept");
	static const char json[] = "application/json";
	return accept.n && memmem(accept.p, accept.n, json, sizeof json - 1) &&
	       !http_accepts_html(http);
}

/* A refusal before the gate. */
static void refuse(struct form *f, error kind, const char *detail)
{
	struct door *door = f->door;
	if (!f->script) {
		page_error(f->worker, f->a, door, kind, detail);
		return;
	}
	const struct problem problem = { .kind = kind, .detail = detail };
	buf_clear(&f->worker->body);
	gate_problem(f->a, &f->worker->body, kind, &problem, door->http.path, door->http.id);
	door->answer = (struct answer) { .kind = kind,
		.status = problem_status(kind),
		.version = INT_NONE,
		.problem = problem };
	door->answer.body = buf_view(&f->worker->body);
}

/* ---- reading ---- */

static error read_multipart(struct form *f)
{
	struct http_part *parts;
	size_t n;
	TRY(http_multipart(f->a, &f->door->http, &parts, &n));
	f->pairs = ARENA_ARRAY(f->a, n + 1, struct http_pair);
	for (size_t i = 0; i < n; i++) {
		if (!str_none(parts[i].filename)) {
			if (parts[i].filename.n ||
			    parts[i].data.n) { /* else: a control in which nothing was chosen */
				f->filename = parts[i].filename;
				f->data = parts[i].data;
			}
		} else if (!utf8_valid(parts[i].data)) {
			return MALFORMED;
		} else {
			f->pairs[f->n++] = (struct http_pair) { parts[i].name, parts[i].data };
		}
	}
	return OK;
}

static error read_pairs(struct form *f)
{
	struct http_request *http = &f->door->http;
	str type = http_content_type(http);
	TRY(http_read_body(http, f->op->body_max ? f->op->body_max : HTTP_BODY_MAX));
	if (str_is(type, "multipart/form-data"))
		return read_multipart(f);
	if (http->body.n && !str_is(type, "application/x-www-form-urlencoded"))
		return UNSUPPORTED;
	return http_form(f->a, http->body, &f->pairs, &f->n);
}

/* False when the answer is ready. */
static bool read_form(struct form *f)
{
	const struct http_request *http = &f->door->http;
	if (http->method != HTTP_POST) {
		refuse(f, WRONG_METHOD, "a form is sent by POST");
		return false;
	}
	if (!browser_same_origin(f->worker->config, http)) {
		refuse(f, FORBIDDEN, "This form was sent by another site.");
		return false;
	}
	f->op = operation_named((str) { http->path.p + 4, http->path.n - 4 });
	/* One without a route is for the program itself: no door leads to it. */
	if (!f->op || f->op->kind != MUTATION_KIND || !f->op->route) {
		refuse(f, NOT_FOUND, "There is no such form.");
		return false;
	}
	error e = read_pairs(f);
	if (e != OK) {
		refuse(f, e,
		    e == TOO_LARGE ? "This is more than can be sent at once."
				   : "The form cannot be read.");
		return false;
	}
	str token = own(f, "_csrf"), header = http_header(http, "X-CSRF-Token");
	if (!browser_csrf_good(f->worker, http, token.n ? token : header)) {
		refuse(f, FORBIDDEN,
		    "You logged in or out since this page was loaded. Load it again and repeat "
		    "what you did.");
		return false;
	}
	return true;
}

static void ask(struct form *f)
{
	const struct http_request *http = &f->door->http;
	str session = browser_session(http), match = own(f, "_if_match");
	const struct ask question = {
		.op = f->op,
		.credential = str_none(session) ? CREDENTIAL_NONE : CREDENTIAL_COOKIE,
		.token = session,
		.pairs = f->pairs,
		.n_pairs = f->n,
		.form = true,
		.filename = f->filename,
		.data = f->data,
		.if_match = match.n ? match : http_header(http, "If-Match"),
		.idempotency_key = http_header(http, "Idempotency-Key"),
		.ip = http->remote,
		.user_agent = http_header(http, "User-Agent"),
		.request_id = http->id,
		.started = clock_now(),
	};
	gate_ask(f->worker, f->a, &question, &f->answer);
}

/* ---- after success ---- */

static str member(struct json_object *body, const char *name)
{
	struct json_object *value;
	if (!json_object_object_get_ex(body, name, &value) ||
	    !json_object_is_type(value, json_type_string))
		return (str) { NULL, 0 };
	return (str) { json_object_get_string(value), (size_t)json_object_get_string_len(value) };
}

static str next_address(const struct form *f, struct json_object *body)
{
	str next = own(f, "_next"), id = member(body, "id");
	if (next.n)
		next = browser_address(f->a, next, browser_encode(f->a, id.n ? id : STR(""), ""));
	if (browser_address_local(next))
		return next;
	next = own(f, "_page");
	return browser_address_local(next) ? next : STR("/");
}

/* The visitor's cookie stays as long as the session's. Else, when the browser was closed in between
 * and the session ends, the log-in page of each tab would get one of its own, and only the form
 * that came with the last one is taken. */
static void set_session(struct form *f, struct json_object *body)
{
	str visitor = http_cookie(&f->door->http, COOKIE_VISITOR);
	int64_t seconds = SESSION_SECONDS;
	instant ends;
	if (f->answer.cookie_clear)
		browser_cookie(f->door, f->a, COOKIE_SESSION, STR(""), 0);
	if (!f->answer.cookie_token.n)
		return;
	if (instant_parse(member(body, "expires_at"), &ends) && ends.us > clock_now().us)
		seconds = (ends.us - clock_now().us) / 1000000;
	browser_cookie(f->door, f->a, COOKIE_SESSION, f->answer.cookie_token, seconds);
	if (visitor.n)
		browser_cookie(f->door, f->a, COOKIE_VISITOR, visitor, seconds);
}

/* A key or an invitation's link is shown once, and a redirect would lose it: the form's page shows
 * it. */
static bool show_key(struct form *f, struct json_object *body)
{
	struct json_object *key;
	struct page_view view;
	if (!f->op->revealing || f->answer.cookie_token.n ||
	    (!json_object_object_get_ex(body, "key", &key) &&
		!json_object_object_get_ex(body, "url", &key)) ||
	    !page_at(f->worker, f->a, own(f, "_page"), &view))
		return false;
	view.key = key;
	view.key_by = f->op->name;
	page_show(f->worker, f->a, f->door, &view);
	return true;
}

/* What was found out is shown where it was asked for. */
static bool show_answer(struct form *f, struct json_object *body)
{
	struct page_view view;
	if (!f->op->shown || !page_at(f->worker, f->a, own(f, "_page"), &view))
		return false;
	view.told = body;
	page_show(f->worker, f->a, f->door, &view);
	return true;
}

/* Does it answer with nothing but how many it did it to? Other operations may count other things.
 */
static bool tells_how_many(const struct operation *op)
{
	return op->answer == ANSWER_OBJECT && op->out.n == 1 && !strcmp(op->out.v[0].name, "count");
}

/* What the next page says, of several how many they were, and of a delete how it is taken back. */
static void set_message(struct form *f, struct json_object *body)
{
	struct json_object *count;
	const char *word = browser_flash_word(f->op->name);
	str undo = undo_word(f->a, f->op, own(f, "id"), own(f, "_page"));
	if (!str_none(undo))
		browser_cookie(f->door, f->a, COOKIE_FLASH, undo, FLASH_SECONDS);
	else if (word && tells_how_many(f->op) &&
		 json_object_object_get_ex(body, "count", &count) &&
		 json_object_get_int64(count) > 1)
		browser_cookie(f->door, f->a, COOKIE_FLASH,
		    str_of(arena_printf(
			f->a, "%s.%lld", word, (long long)json_object_get_int64(count))),
		    FLASH_SECONDS);
	else if (word)
		browser_cookie(f->door, f->a, COOKIE_FLASH, str_of(word), FLASH_SECONDS);
}

static void succeed(struct form *f)
{
	struct door *door = f->door;
	struct json_object *body = answer_tree(f->a, f->answer.body);
	str next = next_address(f, body);
	set_session(f, body);
	door->answer = f->answer;
	if (f->script) {
		door->answer.location = arena_text(f->a, next.p, next.n);
		return;
	}
	if (show_key(f, body) || show_answer(f, body))
		return;
	page_redirect(f->a, door, OK, next);
	set_message(f, body);
}

/* ---- after a refusal ---- */

/* "a[0][b]" came as an object with the members "0", "1", ...: for a template that is a list. */
static struct json_object *lists(struct json_object *value)
{
	if (!json_object_is_type(value, json_type_object))
		return json_object_get(value);
	struct json_object *array = json_object_new_array(), *object = json_object_new_object();
	json_object_object_foreach(value, key, part)
	{
		struct json_object *made = lists(part);
		if (array && key[0] >= '0' && key[0] <= '9') {
			json_object_array_add(array, json_object_get(made));
		} else if (array) {
			json_object_put(array);
			array = NULL;
		}
		json_object_object_add(object, key, made);
	}
	if (!array || !json_object_array_length(array)) {
		json_object_put(array);
		return object;
	}
	json_object_put(object);
	return array;
}

static bool is_secret(const struct operation *op, const char *name)
{
	const struct field *f = field_find(operation_input(op), str_of(name));
	return f && ((f->flags | field_rule(f)->flags) & F_SECRET);
}

/* As typed, to be shown again. Secrets are typed again. */
static struct json_object *typed_values(const struct form *f)
{
	struct call scratch = { .arena = f->a };
	struct json_object *tree, *values = json_object_new_object();
	if (decode_tree(&scratch, f->pairs, f->n, true, &tree) != OK)
		return values;
	json_object_object_foreach(tree, name, value) if (!is_secret(f->op, name))
	    json_object_object_add(values, name, lists(value));
	return values;
}

/* Each bad field under its first name, and under each longer part of where it stands:
 * {"email":"is required"} also for /email/0/address, which is "email/0/address" as well. */
static struct json_object *field_errors(const struct form *f)
{
	struct json_object *errors = json_object_new_object();
	for (size_t i = 0; i < f->answer.problem.n_fields; i++) {
		const struct field_error *bad = &f->answer.problem.fields[i];
		const char *pointer = bad->pointer + 1;
		for (size_t n = strcspn(pointer, "/");; n += 1 + strcspn(pointer + n + 1, "/")) {
			const char *key = arena_text(f->a, pointer, n);
			if (!json_object_object_get_ex(errors, key, NULL))
				json_object_object_add(
				    errors, key, json_object_new_string(bad->detail));
			if (!pointer[n])
				break;
		}
	}
	return errors;
}

static void fail_form(struct form *f)
{
	struct page_view view;
	struct door *door = f->door;
	str page = own(f, "_page");
	bool login = operation_is_open(f->op); /* then it is the password that does not hold */
	if (f->answer.kind == UNAUTHENTICATED && !login) {
		page_login(f->a, door, page);
		return;
	}
	if (!page_at(f->worker, f->a, page, &view)) {
		page_error(f->worker, f->a, door, f->answer.kind, f->answer.problem.detail);
		return;
	}
	struct json_object *form = json_object_new_object();
	const char *detail = f->answer.kind == INTERNAL ? NULL : f->answer.problem.detail;
	json_keep(f->a, form);
	json_object_object_add(form, "failed", json_object_new_string(f->op->name));
	json_object_object_add(form, "detail",
	    json_object_new_string(detail ? detail : problem_title(f->answer.kind)));
	json_object_object_add(form, "errors", field_errors(f));
	json_object_object_add(form, "values", typed_values(f));
	view.form = form;
	view.status = f->answer.status;
	page_show(f->worker, f->a, door, &view);
	if (door->answer.kind == OK)
		door->answer.kind = f->answer.kind;
	door->answer.limit = f->answer.limit;
	door->answer.retry_after = f->answer.retry_after;
}

void form_run(struct worker *worker, struct arena *a, struct door *door)
{
	struct form f = {
		.worker = worker, .a = a, .door = door, .script = accepts_json(&door->http)
	};
	if (!read_form(&f))
		return;
	ask(&f);
	if (f.answer.kind == OK)
		succeed(&f);
	else if (f.script)
		door->answer = f.answer;
	else
		fail_form(&f);
}
