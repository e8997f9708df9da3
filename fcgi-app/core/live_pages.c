/* live_pages.c: see live_pages.h. */
#include "core/live_pages.h"

#include "base/clock.h"
#include "core/browser.h"
#include "core/decode.h"
#include "core/page_view.h"

struct live_page_in {
	str path;
	str etag;
};
FIELDS(live_page) = {
	FIELD(live_page, path, .flags = F_REQUIRED, .min = 1, .max = 2000,
	    .doc = "Path and query string of a page"),
	FIELD(live_page, etag, .flags = F_NULLABLE, .max = 400,
	    .doc = "ETag of the page that the tab shows; none: any is news"),
};

FIELDS(live_pages) = {
	FIELD_LIST(live_pages, pages, live_page, .flags = F_REQUIRED, .min = 1,
	    .max = LIVE_PAGES_MAX, .doc = "What the tabs show"),
	FIELD(live_pages, wait, .flags = F_REQUIRED, .min = 0, .max = LIVE_WAIT_MAX,
	    .doc = "Seconds to wait for a change"),
};
static const struct field_set live_pages_set = { live_pages_fields,
	sizeof live_pages_fields / sizeof(struct field), sizeof(struct live_pages_in) };

void live_pages_read(struct door *door)
{
	struct call scratch = { .arena = door->http.arena, .now = door->ask.started };
	bool given[2];
	door->live = ARENA_NEW(door->http.arena, struct live_pages_in);
	if (decode_fields(
		&scratch, &live_pages_set, door->ask.json, false, "", door->live, given) == OK)
		return;
	door->refused = true;
	door->answer.problem = scratch.problem;
	door->answer.kind = scratch.problem.kind;
}

bool live_page_failed(const struct answer *answer)
{
	return answer->kind == UNAUTHENTICATED || answer->kind == LIMITED ||
	       answer->kind == UNAVAILABLE || answer->who.kind == NOBODY;
}

/* An address at which there is no page shows nothing that could change, but who asks. */
NO_INPUT(pages_missing);
QUERY(pages_missing, SIGNED_IN, NOTHING, .summary = "Say that there is no page at an address")
{
	return fail(call, NOT_FOUND, NULL, "there is no such page");
}

static void run_nothing(struct worker *worker, struct arena *a, struct door *door)
{
	const struct ask ask = {
		.op = &pages_missing,
		.credential = CREDENTIAL_COOKIE,
		.token = browser_session(&door->http),
		.ip = door->http.remote,
		.user_agent = http_header(&door->http, "User-Agent"),
		.request_id = door->http.id,
		.started = door->ask.started,
		.free = door->ask.free,
	};
	gate_ask(worker, a, &ask, &door->answer);
	if (door->answer.kind == NOT_FOUND)
		door->answer.body = (str) { NULL, 0 };
}

static str as_json(struct arena *a, str html)
{
	struct buf text = { 0 };
	struct json j;
	json_begin(&j, &text);
	json_string(&j, html);
	str copy = { arena_text(a, text.p, text.n), text.n };
	buf_free(&text);
	return copy;
}

void live_page_run(struct worker *worker, struct arena *a, const struct door *door, str path,
    bool free, struct answer *answer)
{
	/* As a page that waits, it never goes to the login, and leaves the message that is shown
	 * once to the page that the browser loads. */
	struct door one = {
		.http = door->http, .wait = 0, .ask = { .started = clock_now(), .free = free }
	};
	struct page_view view;
	const char *name = "error";
	if (page_at(worker, a, path, &view) && !view.page->open) {
		name = view.page->name;
		page_show(worker, a, &one, &view);
	} else {
		run_nothing(worker, a, &one);
	}
	*answer = one.answer;
	if (live_page_failed(answer)) {
		buf_clear(&worker->body);
		gate_problem(a, &worker->body, answer->kind, &answer->problem, door->http.path,
		    door->http.id);
		answer->body = buf_view(&worker->body);
		return;
	}
	if (answer->kind != OK)
		live_problem_etag(&answer->who, name, answer->kind, &answer->problem, answer->etag);
	answer->body = as_json(a, answer->body);
}

void live_pages_run(struct worker *worker, struct arena *a, struct door *door)
{
	const list *pages = &door->live->pages;
	const struct live_page_in *page = pages->items;
	struct live_part *parts = ARENA_ARRAY(a, pages->n + 1, struct live_part);
	struct answer all = { .status = 200, .version = INT_NONE };
	struct buf out = { 0 };
	struct json j;
	json_begin(&j, &out);
	json_object(&j);
	json_key(&j, "changed");
	json_array(&j);
	for (size_t i = 0; i < pages->n; i++) {
		struct answer one;
		if (i && door->ask.until_us && clock_monotonic_us() > door->ask.until_us) {
			for (i = 0; i < pages->n; i++)
				live_part_leave(&parts[i], page[i].path, NULL, page[i].etag);
			all.cut = true;
			break;
		}
		/* However many pages: it costs as much as one call. */
		live_page_run(worker, a, door, page[i].path, door->ask.free || i > 0, &one);
		if (live_page_failed(&one)) {
			door->answer = one;
			buf_free(&out);
			return;
		}
		parts[i] = (struct live_part) { .path = page[i].path,
			.status = one.status,
			.changed = !http_etag_matches(page[i].etag, str_of(one.etag)),
			.reads = one.reads };
		memcpy(parts[i].etag, one.etag, sizeof parts[i].etag);
		if (parts[i].changed)
			live_part_write(&j, i, one.status, one.etag, one.body);
		topics_join(a, &all.reads, &one.reads);
		if (!i || one.version < all.version)
			all.version = one.version;
		if (!i)
			all.limit = one.limit;
		all.who = one.who;
	}
	json_array_end(&j);
	json_key(&j, "version");
	json_int(&j, all.version);
	json_object_end(&j);
	buf_clear(&worker->body);
	buf_add(&worker->body, out.p, out.n);
	buf_free(&out);
	all.body = buf_view(&worker->body);
	all.parts = parts;
	all.n_parts = pages->n;
	door->answer = all;
}
