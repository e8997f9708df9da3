/*
 * live_stream.c: GET /v1/changes as server-sent events (HTML standard, section 9.2): the same feed,
 * through the same gate, for as long as the client listens. Each event has the version up to which
 * it tells as its id, so that a client which comes again with Last-Event-ID has missed nothing;
 * that is also how one that reads too slowly, or whose rights have changed in the middle of an
 * event, goes on: its connection is closed. Tests: tests/http/stream.test.mjs
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/decode.h"
#include "process/live.h"

enum {
	ALIVE_US = 25000000,    /* a sign of life; also the time in which an event must be taken */
	LONGEST_US = 900000000, /* then the client shows again who it is */
	LONGEST_SPREAD_US = 300000000
};

/* ---- what is asked for ---- */

static bool accepts_events(const struct http_request *http)
{
	str rest = http_header(http, "Accept"), one, type, parameters;
	while (rest.n) {
		if (!str_cut(rest, ',', &one, &rest)) {
			one = rest;
			rest.n = 0;
		}
		if (!str_cut(one, ';', &type, &parameters))
			type = one;
		if (ascii_same(str_trim(type), "text/event-stream"))
			return true;
	}
	return false;
}

/* ?since= is where the client began; from then on it tells what it has got. */
static void put_since(struct door *door, str since)
{
	struct ask *ask = &door->ask;
	struct http_pair *pairs = ARENA_ARRAY(door->http.arena, ask->n_pairs + 1, struct http_pair);
	size_t n = 0;
	for (size_t i = 0; i < ask->n_pairs; i++)
		if (!str_is(ask->pairs[i].name, "since"))
			pairs[n++] = ask->pairs[i];
	pairs[n++] = (struct http_pair) { STR("since"), since };
	ask->pairs = pairs;
	ask->n_pairs = n;
}

void stream_read(struct request *r, struct door *door)
{
	if (door->http.method != HTTP_GET || door->http.head || !accepts_events(&door->http))
		return;
	str last = http_header(&door->http, "Last-Event-ID");
	/* What goes on has no ETag, and no answer that the client could have already. */
	door->ask.if_none_match = (str) { NULL, 0 };
	if (!r->stream) {
		r->stream = calloc(1, sizeof *r->stream);
		if (!r->stream)
			abort();
	} else if (r->held) {
		char text[24];
		int n = snprintf(text, sizeof text, "%lld", (long long)r->stream->since);
		last = str_of(arena_text(door->http.arena, text, (size_t)n));
	}
	if (last.n)
		put_since(door, last);
}

/* ---- what is said ---- */

/* `body` is a document on one line: the program writes no other. */
static void say(struct request *r, const char *event, int64_t id, str body)
{
	struct http_stream *out = &r->stream->out;
	struct buf text = { 0 };
	if (event)
		buf_printf(&text, "event: %s\n", event);
	if (id != INT_NONE)
		buf_printf(&text, "id: %lld\n", (long long)id);
	buf_text(&text, "data: ");
	buf_str(&text, body);
	buf_text(&text, "\n\n");
	http_stream_add(out, buf_view(&text));
	buf_free(&text);
}

static void say_changes(struct live *live, struct request *r, struct arena *a, str body)
{
	struct changes_feed feed = changes_feed_read(a, body);
	say(r, NULL, feed.next, body);
	r->stream->since = feed.next;
	pthread_mutex_lock(&live->lock);
	r->readings[1].unsure = r->readings[1].unsure || feed.has_more;
	pthread_mutex_unlock(&live->lock);
	shared_count(&live->shared->figures.live_events_total, 1);
}

static void watch(struct live *live, struct request *r)
{
	struct epoll_event event = { .events =
					 EPOLLRDHUP | EPOLLONESHOT |
					 (http_stream_is_behind(&r->stream->out) ? EPOLLOUT : 0),
		.data.ptr = r };
	epoll_ctl(live->watch, EPOLL_CTL_MOD, r->fcgi.ipcFd, &event);
}

/* Sends what there is, and parks it. */
static void go_on(struct live *live, struct request *r)
{
	int64_t now = clock_monotonic_us();
	bool good = http_stream_push(&r->stream->out);
	r->waiter.until_us = now + ALIVE_US;
	if (!good) {
		pthread_mutex_lock(&live->lock);
		request_drop(live, r);
		pthread_mutex_unlock(&live->lock);
		return;
	}
	if (http_stream_is_behind(&r->stream->out)) {
		pthread_mutex_lock(&live->lock);
		if (r->waiter.gone) {
			request_drop(live, r);
		} else {
			watch(live, r);
			parking_rest(live->parking, &r->waiter);
		}
		pthread_mutex_unlock(&live->lock);
		return;
	}
	request_park(live, r);
}

void stream_begin(struct runner *runner, struct request *r, struct door *door)
{
	struct live *live = runner->live;
	struct arena *a = runner->worker->arena;
	struct http_reply reply = {
		.arena = a, .status = 200, .content_type = "text/event-stream"
	};
	struct changes_feed feed = changes_feed_read(a, door->answer.body);
	uint64_t spread = (uint64_t)clock_monotonic_us() * 7919 % LONGEST_SPREAD_US;
	char retry[40];
	http_reply_header(&reply, "Cache-Control", STR("private, no-store"));
	http_reply_header(&reply, "Vary", STR("Authorization, Cookie, Accept"));
	http_reply_header(&reply, "X-Request-Id", door->http.id);
	http_reply_header(&reply, "X-Accel-Buffering", STR("no")); /* nginx passes each event on */
	http_stream_begin(&r->stream->out, &r->fcgi, &reply);
	r->stream->ends_us = clock_monotonic_us() + LONGEST_US + (int64_t)spread;
	r->stream->since = feed.next;
	/* Those who are cut off together do not all come back together. */
	snprintf(retry, sizeof retry, "retry: %lld\n\n", (long long)live_retry_after() * 1000);
	http_stream_add(&r->stream->out, str_of(retry));
	if (feed.n_items || feed.has_more)
		say_changes(live, r, a, door->answer.body);
	shared_count(&live->shared->figures.requests_total, 1);
	log_event(LOG_INFO, "a stream begins", LOG_TEXT("path", door->http.path),
	    LOG_NUMBER("since", r->stream->since), LOG_TEXT("agent", str_of(r->who.agent.text)));
	go_on(live, r);
}

void stream_tell(struct runner *runner, struct request *r, struct door *door, bool over)
{
	struct live *live = runner->live;
	bool ends = clock_monotonic_us() >= r->stream->ends_us;
	if (over) {
		pthread_mutex_lock(&live->lock);
		ends = ends || live->leaving;
		pthread_mutex_unlock(&live->lock);
		http_stream_add(&r->stream->out, STR(":\n\n"));
	} else if (door->answer.kind == OK) {
		say_changes(live, r, runner->worker->arena, door->answer.body);
	} else {
		say(r, "problem", INT_NONE, door->answer.body);
		ends = true;
	}
	if (!ends) {
		go_on(live, r);
		return;
	}
	(void)!http_stream_push(&r->stream->out);
	request_end(live, r);
}

void stream_pass(struct request *r, struct arena *a, const struct answer *answer)
{
	r->stream->since = changes_feed_read(a, answer->body).next;
}

/* ---- a client that reads slowly ---- */

bool stream_is_behind(struct live *live, struct request *r)
{
	pthread_mutex_lock(&live->lock);
	bool behind = http_stream_is_behind(&r->stream->out);
	/* What is left of the event was made for who the reader was: it may not be sent any more.
	 */
	bool ends = r->waiter.cause == CAUSE_OVER || r->waiter.gone || live->leaving ||
		    reading_touched(&r->readings[0]);
	if (behind && ends)
		request_drop(live, r);
	else if (behind)
		parking_rest(live->parking, &r->waiter);
	pthread_mutex_unlock(&live->lock);
	return behind;
}

void stream_drain(struct live *live, struct request *r)
{
	pthread_mutex_lock(&live->lock);
	/* It may have ended, or somebody may be about to end it. */
	if (r->waiter.lot && r->stream && http_stream_is_behind(&r->stream->out)) {
		bool good = http_stream_push(&r->stream->out);
		if (good)
			watch(live, r);
		if (!good && parking_gone(live->parking, &r->waiter)) {
			request_drop(live, r);
		} else if (good && !http_stream_is_behind(&r->stream->out)) {
			parking_nudge(live->parking, &r->waiter);
			if (parking_has_due(live->parking))
				pthread_cond_broadcast(&live->work);
		}
	}
	pthread_mutex_unlock(&live->lock);
}
