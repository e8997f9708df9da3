/*
 * page.c: a page from its loads. Each load goes through the gate as the person whose session the
 * browser has; the answers become one tree beside what every page shows (me, can, csrf, ...), and
 * the template is rendered from it. The read set is that of all loads, so a page can wait for its
 * next change like any query. Keeps nothing between two requests. Tests:
 * tests/unit/core_page_test.c, tests/unit/core_form_test.c.
 */
#include "core/page.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/answer_tree.h"
#include "core/browser.h"
#include "core/etag.h"
#include "core/list_whole.h"
#include "core/outbox.h"
#include "core/page_view.h"
#include "core/undo.h"
#include "http/decode.h"

#define ME_OPERATION "me_get"
#define LOADS_MAX (sizeof((struct page *)0)->loads / sizeof(struct page_load))

struct making { /* one page on its way */
	struct worker *worker;
	struct arena *a;
	struct door *door;
	const struct page_view *view;
	struct http_pair *query;
	size_t n_query;
	str me; /* the agent's id */
	struct json_object *root;
	struct answer *answer; /* the door's */
	char etag[ETAG_TEXT];  /* of what was loaded last */
	size_t asked;
};

static struct json_object *text(str s)
{
	return str_none(s) ? NULL : json_object_new_string_len(s.p, (int)s.n);
}

static void add_text(struct json_object *object, const char *name, const char *value)
{
	json_object_object_add(object, name, value ? json_object_new_string(value) : NULL);
}

/* Runs one query as the browser's person. OK puts the answer into *tree, which the caller owns. */
static error load(
    struct making *m, const char *operation, const struct page_input *in, struct json_object **tree)
{
	const struct http_request *http = &m->door->http;
	struct answer *all = m->answer, *one = ARENA_NEW(m->a, struct answer);
	struct ask ask = {
		.op = operation_named(str_of(operation)),
		.credential =
		    m->view->page && m->view->page->open ? CREDENTIAL_NONE : CREDENTIAL_COOKIE,
		.pairs = in->pairs,
		.n_pairs = in->n,
		.path = in->path,
		.n_path = in->n_path,
		.ip = http->remote,
		.user_agent = http_header(http, "User-Agent"),
		.request_id = http->id,
		.started = clock_now(),
		/* A page costs as much as one call; made again by the program itself, nothing. */
		.free = m->door->ask.free || m->asked++ > 0,
	};
	if (!ask.op || ask.op->kind != QUERY_KIND) {
		log_event(LOG_ERROR, "a page loads what is no query",
		    LOG_TEXT("operation", str_of(operation)));
		return all->problem.kind = INTERNAL;
	}
	if (ask.credential == CREDENTIAL_COOKIE) {
		ask.token = browser_session(http);
		if (str_none(ask.token))
			return all->problem.kind = UNAUTHENTICATED;
	}
	gate_ask(m->worker, m->a, &ask, one);
	topics_join(m->a, &all->reads, &one->reads);
	if (all->version == INT_NONE || (one->version != INT_NONE && one->version < all->version))
		all->version = one->version;
	if (one->who.kind != NOBODY)
		all->who = one->who;
	if (one->limit.set)
		all->limit = one->limit;
	if (one->kind != OK) {
		all->problem = one->problem;
		all->problem.kind = one->kind;
		all->retry_after = one->retry_after;
		return one->kind;
	}
	*tree = json_object_get(answer_tree(m->a, one->body));
	memcpy(m->etag, one->etag, sizeof m->etag);
	return OK;
}

/* {"contacts.view":"own"} as {"contacts":{"view":true}}. */
static struct json_object *can_of(struct json_object *me)
{
	struct json_object *can = json_object_new_object(), *permissions;
	if (!json_object_object_get_ex(me, "permissions", &permissions))
		return can;
	json_object_object_foreach(permissions, name, level)
	{
		char object[64];
		const char *dot = strchr(name, '.');
		size_t n = dot ? (size_t)(dot - name) : 0;
		struct json_object *actions;
		if (!dot || n >= sizeof object)
			continue;
		memcpy(object, name, n);
		object[n] = 0;
		if (!json_object_object_get_ex(can, object, &actions))
			json_object_object_add(can, object, actions = json_object_new_object());
		const char *held = json_object_get_string(level);
		json_object_object_add(
		    actions, dot + 1, json_object_new_boolean(held && strcmp(held, "none") != 0));
	}
	return can;
}

static error load_me(struct making *m)
{
	struct json_object *me = NULL, *agent, *id;
	TRY(load(m, ME_OPERATION, &(struct page_input) { 0 }, &me));
	json_object_object_add(m->root, "me", me);
	json_object_object_add(m->root, "can", can_of(me));
	if (json_object_object_get_ex(me, "agent", &agent) &&
	    json_object_object_get_ex(agent, "id", &id))
		m->me = str_of(json_object_get_string(id));
	return OK;
}

/* Does the page say in words what is wrong with the question that the address asks? The first load
 * only with what is none: what it may not show is no page. */
static bool is_tolerated(error e, size_t i)
{
	return e == MALFORMED ||
	       (i > 0 && (e == INVALID || e == CONFLICT || e == FORBIDDEN || e == NOT_FOUND));
}

/* What is wrong, and with what of the address: {{fault.found.detail}}, {{fault.found.field}}. */
static struct json_object *fault_of(const struct problem *problem)
{
	const struct field_error *first = problem->n_fields ? &problem->fields[0] : NULL;
	struct json_object *fault = json_object_new_object();
	add_text(fault, "field", first ? first->pointer + (first->pointer[0] == '/') : NULL);
	add_text(fault, "detail", first ? first->detail : problem->detail);
	return fault;
}

struct rest { /* of a list */
	struct making *m;
	const char *operation;
	struct page_input in; /* its last pair is the cursor */
};

static error load_next(void *with, str cursor, struct json_object **page)
{
	struct rest *rest = with;
	rest->in.pairs[rest->in.n - 1] = (struct http_pair) { STR("cursor"), cursor };
	TRY(load(rest->m, rest->operation, &rest->in, page));
	json_keep(rest->m->a, *page);
	return OK;
}

static error load_rest(
    struct making *m, const char *operation, struct page_input in, struct json_object *tree)
{
	struct http_pair *pairs = ARENA_ARRAY(m->a, in.n + 1, struct http_pair);
	if (in.n)
		memcpy(pairs, in.pairs, in.n * sizeof *pairs);
	in.pairs = pairs;
	in.n++;
	return list_whole(m->a, tree, load_next, &(struct rest) { m, operation, in });
}

/* The first load decides; another one that this person may not see is left out. */
static error load_all(struct making *m)
{
	const struct page *page = m->view->page;
	const struct page_address address = { m->view->params, m->query, m->view->n_params,
		m->n_query, m->me };
	/* With which a form says what it was filled in from: {{etag.contact}}. */
	struct json_object *etags = json_object_new_object(), *faults = json_object_new_object();
	json_object_object_add(m->root, "etag", etags);
	json_object_object_add(m->root, "fault", faults);
	for (size_t i = 0; i < LOADS_MAX && page->loads[i].as; i++) {
		const struct page_load *one = &page->loads[i];
		struct page_input in = page_args(m->a, one->args, &address);
		struct json_object *tree = NULL;
		error e = load(m, one->operation, &in, &tree);
		if (one->tolerant && is_tolerated(e, i)) {
			json_object_object_add(faults, one->as, fault_of(&m->answer->problem));
			continue;
		}
		if (e != OK && (i == 0 || (e != FORBIDDEN && e != NOT_FOUND)))
			return e;
		if (e != OK)
			continue;
		json_object_object_add(m->root, one->as, tree);
		add_text(etags, one->as, m->etag);
		if (one->whole)
			TRY(load_rest(m, one->operation, in, tree));
	}
	return OK;
}

static struct json_object *params_of(const struct making *m)
{
	struct json_object *params = json_object_new_object(), *there;
	for (size_t i = 0; i < m->n_query; i++) {
		const char *name = arena_text(m->a, m->query[i].name.p, m->query[i].name.n);
		str value = m->query[i].value;
		if (json_object_object_get_ex(
			params, name, &there)) /* repeated: as the API writes a list */
			value = str_of(arena_printf(
			    m->a, "%s,%.*s", json_object_get_string(there), (int)value.n, value.p));
		json_object_object_add(params, name, text(value));
	}
	for (size_t i = 0; i < m->view->n_params; i++)
		json_object_object_add(params,
		    arena_text(m->a, m->view->params[i].name.p, m->view->params[i].name.n),
		    text(m->view->params[i].value));
	return params;
}

static str url_of(struct arena *a, str path, str query)
{
	str encoded = browser_encode(a, path, "/:@!$&'()*+,;=");
	return str_of(arena_printf(
	    a, "%.*s%s%.*s", (int)encoded.n, encoded.p, query.n ? "?" : "", (int)query.n, query.p));
}

/* What every page shows, whatever it loads. */
static void add_common(struct making *m, bool fresh_csrf)
{
	const struct page_view *view = m->view;
	struct json_object *page = json_object_new_object();
	char csrf[CSRF_TEXT];
	add_text(page, "name", view->page ? view->page->name : "error");
	add_text(page, "title", view->page ? view->page->title : NULL);
	add_text(page, "nav", view->page ? view->page->nav : NULL);
	json_object_object_add(page, "path", text(view->path));
	json_object_object_add(page, "url", text(url_of(m->a, view->path, view->query)));
	add_text(page, "origin", m->worker->config->public_url);
	json_object_object_add(m->root, "page", page);
	json_object_object_add(m->root, "params", params_of(m));
	json_object_object_add(m->root, "asset", json_object_get(m->worker->assets));
	browser_csrf(m->worker, m->a, m->door, fresh_csrf, csrf);
	add_text(m->root, "csrf", csrf);
	json_object_object_add(
	    m->root, "mail_goes", json_object_new_boolean(mail_able(m->worker->config)));
	if (view->form)
		json_object_object_add(m->root, "form", json_object_get(view->form));
	if (view->key) {
		json_object_object_add(m->root, "flash_key", json_object_get(view->key));
		add_text(m->root, "flash_key_by", view->key_by);
	}
	if (view->told)
		json_object_object_add(m->root, "told", json_object_get(view->told));
}

/* The template into the worker's body buffer; what templates can do wrong is found when they are
 * loaded. */
static bool render(struct making *m, const char *template)
{
	char why[TEMPLATE_WHY];
	const struct template *t = template_find(m->worker->templates, template);
	buf_clear(&m->worker->body);
	if (t && template_render(t, m->root, m->a, &m->worker->body, why) == OK) {
		m->answer->body = buf_view(&m->worker->body);
		return true;
	}
	log_event(LOG_ERROR, "a page cannot be rendered", LOG_TEXT("template", str_of(template)),
	    LOG_TEXT("why", str_of(t ? why : "there is none")));
	return false;
}

static void finish(struct making *m, error kind, int status)
{
	m->answer->kind = kind;
	m->answer->status = status;
	m->door->content_type = "text/html; charset=utf-8";
}

/* Holds the person that permission, at whatever level? */
static bool may(const struct making *m, const char *permission)
{
	struct json_object *can, *actions, *held;
	str object, action;
	return str_cut(str_of(permission), '.', &object, &action) &&
	       json_object_object_get_ex(m->root, "can", &can) &&
	       json_object_object_get_ex(can, arena_text(m->a, object.p, object.n), &actions) &&
	       json_object_object_get_ex(actions, action.p, &held) && json_object_get_boolean(held);
}

/* "assign.3": "Assigned: 3." */
static const char *flash_counted(struct making *m, str word)
{
	str name, count;
	if (!str_cut(word, '.', &name, &count))
		return browser_flash_text(word);
	const char *said = browser_flash_text(name);
	if (!said || !count.n || count.n > 6)
		return NULL;
	for (size_t i = 0; i < count.n; i++)
		if (count.p[i] < '0' || count.p[i] > '9')
			return NULL;
	return arena_printf(
	    m->a, "%.*s: %.*s.", (int)(strlen(said) - 1), said, (int)count.n, count.p);
}

/* The message that is shown once, NULL for none; after a delete with the way back, where the person
 * may take it. */
static const char *flash_of(struct making *m)
{
	str word = http_cookie(&m->door->http, COOKIE_FLASH);
	struct undo undo;
	if (!undo_read(m->a, word, &undo))
		return flash_counted(m, word);
	if (may(m, undo.op->may)) {
		struct json_object *offer = json_object_new_object();
		add_text(offer, "operation", undo.op->name);
		add_text(offer, "id", undo.id.text);
		if (undo.from.n)
			json_object_object_add(offer, "from", text(undo.from));
		json_object_object_add(m->root, "undo", offer);
	}
	return browser_flash_text(STR("delete"));
}

/*
 * The ETag is that of the page without its flash message: the message is shown once, and a page
 * that waits for its next change must not take its absence for one.
 */
static bool show(struct making *m)
{
	const struct http_request *http = &m->door->http;
	bool waits = m->door->wait >= 0; /* then the message is left to what the browser loads */
	const char *flash = NULL;
	if (!render(m, m->view->page->template))
		return false;
	finish(m, OK, m->view->status);
	if (m->view->form || m->view->key || m->view->told || m->view->status != 200)
		return true;
	etag_of(&m->answer->who, m->view->page->name, m->answer->body, m->answer->etag);
	if (!waits)
		flash = flash_of(m);
	if (flash) {
		add_text(m->root, "flash", flash);
		if (!render(m, m->view->page->template))
			return false;
		browser_cookie(m->door, m->a, COOKIE_FLASH, STR(""), 0);
	} else if (http_etag_matches(http_header(http, "If-None-Match"), str_of(m->answer->etag))) {
		m->answer->not_modified = true;
		m->answer->status = 304;
		m->answer->body = STR("");
	}
	return true;
}

/* A page whose rows its reader's role may not see: people know it by its name, not by that of the
 * permission. NULL: it is refused for another reason. */
static const char *not_allowed(const struct making *m)
{
	const struct page *page = m->view->page;
	const char *name = page->loads[0].operation;
	const struct operation *first = name ? operation_named(str_of(name)) : NULL;
	if (!first || !strcmp(first->may, SIGNED_IN) || may(m, first->may))
		return NULL;
	return arena_printf(m->a,
	    "Your role does not let you see the page “%s”. Whoever looks after the roles of your "
	    "company can change that.",
	    page->title);
}

/* Where this page is of the row into which the one that was asked for was merged; NULL: it was not.
 */
static const char *moved_to(const struct making *m, error kind)
{
	const char *into = m->answer->problem.merged_into_id;
	const struct page_view *view = m->view;
	for (size_t i = 0; into && kind == NOT_FOUND && i < view->n_params; i++) {
		str id = view->params[i].value;
		const char *there = id.n ? memmem(view->path.p, view->path.n, id.p, id.n) : NULL;
		if (!there || !str_is(view->params[i].name, "id"))
			continue;
		const char *rest = there + id.n;
		return arena_printf(m->a, "%.*s%s%.*s", (int)(there - view->path.p), view->path.p,
		    into, (int)(view->path.p + view->path.n - rest), rest);
	}
	return NULL;
}

static void fault(struct making *m, error kind, const char *detail)
{
	struct json_object *page, *me;
	int status = problem_status(kind);
	m->answer->etag[0] = 0;
	json_object_object_get_ex(m->root, "page", &page);
	json_object_object_add(page, "status", json_object_new_int(status));
	add_text(page, "name", "error");
	add_text(page, "title", problem_title(kind));
	if (!detail && kind != INTERNAL)
		detail = m->answer->problem.detail;
	add_text(page, "detail", detail);
	add_text(page, "moved_to", moved_to(m, kind));
	/* Only what is our fault, or passes, is worth another try or a word to somebody. */
	if (status >= 429)
		json_object_object_add(page, "request_id", text(m->door->http.id));
	finish(m, kind, status);
	bool known = json_object_object_get_ex(m->root, "me", &me);
	if (!render(m, known ? "error" : "error_plain")) {
		m->answer->body = str_of(problem_title(kind));
		m->door->content_type = "text/plain; charset=utf-8";
	}
}

void page_redirect(struct arena *a, struct door *door, error kind, str address)
{
	door->answer.kind = kind;
	door->answer.status = 303;
	door->answer.body = STR("");
	door->answer.location = arena_text(a, address.p, address.n);
	door->content_type = "text/html; charset=utf-8";
}

void page_login(struct arena *a, struct door *door, str next)
{
	str address = STR("/login");
	if (browser_address_local(next) && !str_is(next, "/")) {
		str encoded = browser_encode(a, next, "/");
		address = str_of(arena_printf(a, "/login?next=%.*s", (int)encoded.n, encoded.p));
	}
	page_redirect(a, door, UNAUTHENTICATED, address);
}

static struct making making(
    struct worker *worker, struct arena *a, struct door *door, const struct page_view *view)
{
	struct making m = { worker, a, door, view, .root = json_object_new_object(),
		.answer = &door->answer };
	json_keep(a, m.root);
	door->answer = (struct answer) { .version = INT_NONE };
	return m;
}

void page_show(
    struct worker *worker, struct arena *a, struct door *door, const struct page_view *view)
{
	struct making m = making(worker, a, door, view);
	error e = http_form(a, view->query, &m.query, &m.n_query);
	add_common(&m, view->page->open);
	if (e == OK && !view->page->open)
		e = load_me(&m);
	if (e == OK)
		e = load_all(&m);
	/* A page that waits is asked for by a script, which would follow the redirect without being
	 * seen. */
	const char *moved = door->wait < 0 ? moved_to(&m, e) : NULL;
	if (moved)
		page_redirect(a, door, e, str_of(moved));
	else if (e == UNAUTHENTICATED && !view->page->open && door->wait < 0)
		page_login(a, door, url_of(a, view->path, view->query));
	else if (e != OK)
		fault(&m, e, e == FORBIDDEN ? not_allowed(&m) : NULL);
	else if (!show(&m))
		fault(&m, INTERNAL, NULL);
}

void page_run(struct worker *worker, struct arena *a, struct door *door)
{
	door->n_headers = 0; /* a page that waits is made more than once */
	const struct page_view view = { door->page, door->http.path, door->http.query, door->path,
		door->n_path, .status = 200 };
	page_show(worker, a, door, &view);
}

void page_error(
    struct worker *worker, struct arena *a, struct door *door, error kind, const char *detail)
{
	const struct page_view view = { .path = door->http.path, .query = STR("") };
	struct making m = making(worker, a, door, &view);
	add_common(&m, false);
	(void)!load_me(&m); /* its navigation is shown to who has one */
	m.answer->problem = (struct problem) { 0 };
	m.answer->retry_after = 0;
	fault(&m, kind, detail);
}

bool page_at(const struct worker *worker, struct arena *a, str address, struct page_view *view)
{
	char allow[ROUTES_ALLOW];
	struct http_pair *params;
	str raw, query;
	if (!browser_address_local(address))
		return false;
	if (!str_cut(address, '?', &raw, &query)) {
		raw = address;
		query = STR("");
	}
	*view = (struct page_view) { .query = query, .status = 200 };
	if (percent_decode(a, raw, false, &view->path) != OK)
		return false;
	view->page =
	    routes_match(worker->pages, STR("GET"), view->path, a, &params, &view->n_params, allow);
	view->params = params;
	return view->page != NULL;
}
