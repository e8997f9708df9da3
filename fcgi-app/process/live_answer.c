/*
 * live_answer.c: a request of the live process from its coming to its end: it is run like any
 * other; what the client has already is parked, with what it was made from; the rest is answered.
 * Before an answer goes out, the counters are read once more: what has been overtaken by a change
 * in the meantime is made again, so that nothing is sent that its reader may no longer see.
 * What happens when it is woken is in live_again.c. Tests: tests/http/live.test.mjs
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/random.h"
#include "core/counters.h"
#include "core/door.h"
#include "core/etag.h"
#include "core/identity.h"
#include "core/resource.h"
#include "process/live.h"

enum { RETRY_SECONDS = 5 };

/* ---- ending ---- */

/*
 * Everything that nginx had to say has been read or is thrown away here. "Detached": libfcgi closes
 * the socket at once, and does not wait for the other side to close first, which would hold up
 * everybody who is to be answered next.
 */
static void finish(struct request *r)
{
	char rest[4096];
	if (r->stream)
		http_stream_close(&r->stream->out);
	while (r->fcgi.ipcFd >= 0 && recv(r->fcgi.ipcFd, rest, sizeof rest, MSG_DONTWAIT) > 0) {
	}
	FCGX_Detach(&r->fcgi);
	FCGX_Finish_r(&r->fcgi);
}

static void close_out(struct live *live, struct request *r)
{
	if (r->held) {
		parking_leave(live->parking, &r->waiter);
		for (size_t i = 0; i < r->n; i++)
			equal_leave(live->equals, r->questions[i].equal);
		shared_count(&live->shared->figures.live_waiting, -r->counted);
	}
	live->n_open--;
	atomic_fetch_add(&live->slot->requests, 1);
	if (!r->watched) {
		request_free(r);
		return;
	}
	r->next = live->buried;
	live->buried = r;
}

void request_end(struct live *live, struct request *r)
{
	finish(r);
	pthread_mutex_lock(&live->lock);
	close_out(live, r);
	pthread_mutex_unlock(&live->lock);
}

void request_drop(struct live *live, struct request *r)
{
	shared_count(&live->shared->figures.live_gone_total, 1);
	finish(r);
	close_out(live, r);
}

/* ---- what was read ---- */

/* The topics of who asks apart from those of what is asked. */
static void split_reads(struct arena *a, const struct identity *who, const struct topic_set *reads,
    struct topic_set *person, struct topic_set *data)
{
	char topics[IDENTITY_TOPICS][TOPIC_TEXT];
	identity_topics(who, topics);
	*person = (struct topic_set) { .v = ARENA_ARRAY(a, IDENTITY_TOPICS, char *),
		.cap = IDENTITY_TOPICS };
	*data = (struct topic_set) { .v = ARENA_ARRAY(a, reads->n + 1, char *), .cap = reads->n };
	for (size_t i = 0; i < IDENTITY_TOPICS; i++)
		if (topics[i][0])
			person->v[person->n++] = arena_text(a, topics[i], strlen(topics[i]));
	for (size_t i = 0; i < reads->n; i++) {
		bool is_person = false;
		for (size_t p = 0; p < person->n; p++)
			is_person = is_person || !strcmp(person->v[p], reads->v[i]);
		if (!is_person)
			data->v[data->n++] = reads->v[i];
	}
}

/*
 * Whose answers are the same: those of one role for a plain list or row that was read at the level
 * "all", those of one agent for anything else that depends on permissions alone, those of one
 * session or key otherwise.
 */
static void key_of(struct arena *a, const struct identity *who, const struct operation *op, str uri,
    const struct topic_set *data, unsigned char key[EQUAL_KEY])
{
	unsigned char digest[DIGEST_SIZE];
	bool personal = op->run != resource_list && op->run != resource_get;
	for (size_t i = 0; i < data->n && !personal; i++)
		personal = strstr(data->v[i], "/owner/") || strstr(data->v[i], "/team/");
	bool alone = who->kind != BY_SESSION || op->may[0] == '*';
	const char *text = arena_printf(a, "%s %s %s %lld %s %s", op->name, who->company.text,
	    who->role.text, (long long)who->role_revision, personal ? who->agent.text : "",
	    alone ? who->credential.text : "");
	digest_sha256_two(str_of(text), uri, digest);
	memcpy(key, digest, EQUAL_KEY);
}

static str uri_of(const struct request *r)
{
	return str_of(FCGX_GetParam("REQUEST_URI", r->fcgi.envp));
}

void request_note_person(
    struct live *live, struct request *r, struct arena *a, const struct answer *answer)
{
	struct topic_set person, data;
	split_reads(a, &answer->who, &answer->reads, &person, &data);
	r->who = answer->who;
	r->who.email = r->who.full_name = r->who.team_ids = r->who.scopes = (str) { NULL, 0 };
	r->who.grants = NULL;
	parking_read(live->parking, &r->waiter, &r->readings[0], &person, answer->version);
}

void request_note_question(struct live *live, struct request *r, size_t i, struct arena *a,
    const struct answer *answer, const struct topic_set *reads)
{
	struct question *q = &r->questions[i];
	struct topic_set person, data;
	unsigned char key[EQUAL_KEY];
	split_reads(a, &answer->who, reads, &person, &data);
	parking_read(live->parking, &r->waiter, &r->readings[i + 1], &data, answer->version);
	if (!q->op || r->kind == REQUEST_CHANGES)
		return; /* a page is of one browser, and the feed of one client */
	key_of(a, &answer->who, q->op, q->path ? str_of(q->path) : uri_of(r), &data, key);
	if (q->equal && !memcmp(q->equal->key, key, EQUAL_KEY))
		return;
	equal_leave(live->equals, q->equal);
	q->equal = equal_join(live->equals, key);
}

void request_note(
    struct live *live, struct request *r, struct arena *a, const struct answer *answer)
{
	request_note_person(live, r, a, answer);
	for (size_t i = 0; i < r->n; i++)
		request_note_question(live, r, i, a, answer,
		    r->kind == REQUEST_LIVE ? &answer->parts[i].reads : &answer->reads);
}

/* ---- who comes again ---- */

void request_note_told(struct live *live, const struct request *r, struct arena *a, size_t i,
    const char *etag, int64_t version)
{
	unsigned char key[RECALL_KEY];
	struct topic_set person, reads;
	const struct question *q = &r->questions[i];
	if (!q->op || r->kind == REQUEST_CHANGES || r->readings[0].unsure ||
	    r->readings[i + 1].unsure)
		return;
	recall_key(&r->who, q->path ? str_of(q->path) : uri_of(r), str_of(etag), key);
	reading_topics(&r->readings[i + 1], a, &reads);
	/* Who asks is part of it: a key stands for no more than its maker, and an answer may show
	 * its reader's own row. */
	reading_topics(&r->readings[0], a, &person);
	topics_join(a, &reads, &person);
	recall_note(live->recall, key, &reads, version, clock_monotonic_us());
}

/* Its first answer, for which it did not wait: it comes again to wait for the next one. */
static void note_first(struct live *live, const struct request *r, const struct door *door)
{
	unsigned char key[RECALL_KEY];
	const struct answer *answer = &door->answer;
	if (r->kind != REQUEST_GET || r->wait <= 0 || !door->ask.op || answer->kind != OK ||
	    answer->version == INT_NONE)
		return;
	recall_key(&answer->who, uri_of(r), str_of(answer->etag), key);
	pthread_mutex_lock(&live->lock);
	recall_note(live->recall, key, &answer->reads, answer->version, clock_monotonic_us());
	pthread_mutex_unlock(&live->lock);
}

/* Good for a reader who knows of all that was committed before it asked: nothing of what was read
 * has moved up to the version that the call found. */
static bool recall_told(
    const struct recaller *self, struct call *call, str question, str etag, struct topic_set *reads)
{
	int64_t version;
	struct live *live = self->with;
	unsigned char key[RECALL_KEY];
	recall_key(&call->me, question, etag, key);
	pthread_mutex_lock(&live->lock);
	bool found =
	    recall_take(live->recall, key, call->arena, reads, &version) &&
	    parking_is_still(live->parking, call->me.company.text, reads, version, call->version);
	pthread_mutex_unlock(&live->lock);
	if (found)
		shared_count(&live->shared->figures.live_recalled_total, 1);
	return found;
}

/* ---- what is asked ---- */

static void refuse_wait(struct door *door)
{
	door->refused = true;
	door->answer.kind = door->answer.problem.kind = MALFORMED;
	door->answer.problem.detail = "wait must be a whole number of seconds from 0 to 60";
}

/* /v1/changes?wait=25 is asked for like Prefer: wait=25; the operation itself knows nothing of
 * waiting. */
static void take_wait(struct request *r, struct door *door)
{
	struct http_pair *left =
	    ARENA_ARRAY(door->http.arena, door->ask.n_pairs + 1, struct http_pair);
	size_t n = 0;
	for (size_t i = 0; i < door->ask.n_pairs; i++)
		if (!str_is(door->ask.pairs[i].name, "wait"))
			left[n++] = door->ask.pairs[i];
		else if (http_wait_seconds(door->ask.pairs[i].value, &r->wait) != OK)
			refuse_wait(door);
	door->ask.pairs = left;
	door->ask.n_pairs = n;
}

void request_read(struct runner *runner, struct request *r, struct door *door)
{
	struct json_object *wait;
	door_read(runner->worker, runner->worker->arena, &r->fcgi, door);
	r->kind = REQUEST_GET;
	r->wait = door->http.method == HTTP_GET ? door->wait : -1;
	if (!door->refused && door->live) {
		r->kind = REQUEST_LIVE;
		r->wait = (int)door->live->wait;
	}
	if (door->refused || !door->ask.op)
		return;
	switch (door->ask.op->waits_for) {
	case WAITS_FOR_ANOTHER_ANSWER: break;
	case WAITS_FOR_ITEMS:
		r->kind = REQUEST_CHANGES;
		take_wait(r, door);
		stream_read(r, door);
		break;
	case WAITS_FOR_A_PART:
		r->kind = REQUEST_LIVE;
		r->wait = LIVE_WAIT_USUAL;
		if (json_object_object_get_ex(door->ask.json, "wait", &wait))
			r->wait = json_object_get_int(wait);
		break;
	}
}

struct changes_feed changes_feed_read(struct arena *a, str body)
{
	const char *why;
	struct json_object *feed = json_read(a, body, &why), *items, *next, *more;
	if (!json_object_object_get_ex(feed, "items", &items) ||
	    !json_object_object_get_ex(feed, "next", &next) ||
	    !json_object_object_get_ex(feed, "has_more", &more))
		abort(); /* it is our own answer */
	return (struct changes_feed) { json_object_array_length(items), json_object_get_int64(next),
		json_object_get_boolean(more) };
}

/* The feed of changes has nothing for this reader, and no more to read. */
static bool is_empty_feed(struct arena *a, str body)
{
	struct changes_feed feed = changes_feed_read(a, body);
	return feed.n_items == 0 && !feed.has_more;
}

bool request_is_quiet(struct arena *a, const struct request *r, const struct answer *answer)
{
	if (answer->kind != OK)
		return false;
	if (r->kind == REQUEST_CHANGES)
		return answer->status == 200 && is_empty_feed(a, answer->body);
	if (r->kind == REQUEST_LIVE) {
		for (size_t i = 0; i < answer->n_parts; i++)
			if (answer->parts[i].changed)
				return false;
		return answer->status == 200;
	}
	if (answer->not_modified)
		return true;
	return answer->status == 200 && r->questions && !strcmp(answer->etag, r->questions[0].etag);
}

/* ---- holding ---- */

bool runner_hold(struct runner *runner, const char company[37], int64_t *head)
{
	assert(!runner->held_us);
	int64_t began = clock_monotonic_us();
	if (counters_hold(runner->worker->reads, runner->worker->arena, company, head) != OK)
		return false;
	runner->held_us = began;
	return true;
}

void runner_release(struct runner *runner)
{
	if (runner->held_us)
		counters_release(runner->worker->reads);
	runner->held_us = 0;
}

bool runner_holds(const struct runner *runner)
{
	return runner->held_us && clock_monotonic_us() - runner->held_us < COUNTERS_HELD_US;
}

/* Is there data in it that its reader may lose? */
static bool has_data(const struct door *door)
{
	const struct answer *answer = &door->answer;
	bool query = door->page || door->live || (door->ask.op && door->ask.op->kind == QUERY_KIND);
	return query && answer->kind == OK && answer->who.kind != NOBODY &&
	       answer->version != INT_NONE;
}

/* Holds the version of the reader's company. Has anything changed that the answer was made from,
 * since it was? */
static bool is_overtaken(struct runner *runner, const struct door *door)
{
	struct arena *a = runner->worker->arena;
	const struct answer *answer = &door->answer;
	struct lot_head lot = { .version = answer->version };
	struct counter *counters;
	int64_t head;
	size_t n;
	memcpy(lot.company, answer->who.company.text, sizeof lot.company);
	if (!runner_hold(runner, lot.company, &head))
		return true;
	if (head == answer->version)
		return false;
	if (counters_since(runner->worker->reads, a, &lot, 1, &counters, &n) != OK)
		return true;
	for (size_t i = 0; i < n; i++)
		for (size_t t = 0; t < answer->reads.n; t++)
			if (counter_moves(&counters[i], answer->reads.v[t]))
				return true;
	return false;
}

/* ---- the first time ---- */

static void make_questions(struct request *r, const struct door *door)
{
	const struct answer *answer = &door->answer;
	r->n = r->kind == REQUEST_LIVE ? answer->n_parts : 1;
	r->questions = calloc(r->n + 1, sizeof *r->questions);
	r->readings = calloc(r->n + 1, sizeof *r->readings);
	if (!r->questions || !r->readings)
		abort();
	for (size_t i = 0; i < r->n; i++) {
		struct question *q = &r->questions[i];
		const char *etag = answer->etag;
		q->op = door->ask.op;
		if (r->kind == REQUEST_LIVE) {
			const struct live_part *part = &answer->parts[i];
			q->op = part->op;
			q->path = strndup(part->path.p, part->path.n);
			etag = part->etag;
		}
		memcpy(q->etag, etag, sizeof q->etag);
	}
	if (r->kind != REQUEST_LIVE)
		return;
	/* The texts of the credential are the FastCGI request's own and live as long as it does. */
	r->ask = calloc(1, sizeof *r->ask);
	if (!r->ask)
		abort();
	*r->ask = (struct ask) { .credential = door->ask.credential,
		.token = door->ask.token,
		.ip = door->ask.ip,
		.user_agent = door->ask.user_agent,
		.free = true };
	snprintf(r->id, sizeof r->id, "%.*s", (int)door->http.id.n, door->http.id.p);
	r->ask->request_id = str_of(r->id);
}

int64_t live_retry_after(void)
{
	unsigned char byte;
	random_bytes(&byte, 1);
	return 1 + byte % RETRY_SECONDS;
}

void request_refuse(struct runner *runner, struct door *door, error kind, const char *detail)
{
	struct worker *w = runner->worker;
	if (door->page) {
		page_error(w, w->arena, door, kind, detail);
	} else {
		door->answer = (struct answer) { .kind = kind,
			.status = problem_status(kind),
			.version = INT_NONE,
			.problem = { .kind = kind, .detail = detail } };
		buf_clear(&w->body);
		gate_problem(w->arena, &w->body, kind, &door->answer.problem, door->http.path,
		    door->http.id);
		door->answer.body = buf_view(&w->body);
	}
	door->answer.cut = false; /* it is an answer, and goes out as it is */
	door->answer.retry_after = live_retry_after();
}

/* None of its questions was answered: all are to be looked at. The lock is held. */
static void note_nothing(
    struct live *live, struct request *r, struct arena *a, const struct answer *answer)
{
	const struct topic_set none = { 0 };
	request_note_person(live, r, a, answer);
	for (size_t i = 1; i <= r->n; i++) {
		parking_read(live->parking, &r->waiter, &r->readings[i], &none, answer->version);
		r->readings[i].unsure = true;
	}
}

void request_count(struct live *live, struct request *r)
{
	if (r->counted)
		return;
	r->counted = true;
	shared_count(&live->shared->figures.live_waiting, 1);
	shared_count(&live->shared->figures.live_parked_total, 1);
}

/* Gives it a place, out at first. False: it must be answered, as `door` says. */
static bool enter(struct runner *runner, struct request *r, struct door *door)
{
	struct live *live = runner->live;
	struct epoll_event event = { .events = EPOLLRDHUP | EPOLLONESHOT, .data.ptr = r };
	struct answer *answer = &door->answer;
	if (answer->who.kind == NOBODY || answer->version == INT_NONE ||
	    (door->ask.op && operation_is_open(door->ask.op)))
		return false;
	make_questions(r, door);
	r->waiter.readings = r->readings;
	r->waiter.n_readings = (uint32_t)r->n + 1;
	pthread_mutex_lock(&live->lock);
	if (live->leaving) {
		pthread_mutex_unlock(&live->lock);
		return false;
	}
	error e = parking_enter(live->parking, &r->waiter, answer->who.company.text,
	    answer->who.credential.text, answer->version);
	if (e != OK) {
		pthread_mutex_unlock(&live->lock);
		request_refuse(runner, door, e,
		    e == LIMITED ? "too many requests of this session or key are waiting"
				 : "too many requests are waiting");
		return false;
	}
	r->held = r->watched = true;
	if (answer->cut) {
		note_nothing(live, r, runner->worker->arena, answer);
	} else {
		request_note(live, r, runner->worker->arena, answer);
		request_count(live, r);
	}
	/* From here on a client that goes away is noticed; one that has gone already is so at once.
	 */
	epoll_ctl(live->watch, EPOLL_CTL_ADD, r->fcgi.ipcFd, &event);
	pthread_mutex_unlock(&live->lock);
	return true;
}

void request_park(struct live *live, struct request *r)
{
	pthread_mutex_lock(&live->lock);
	bool wake = parking_count(live->parking) == 1;
	if (r->waiter.gone) {
		request_drop(live, r);
	} else {
		parking_park(live->parking, &r->waiter, clock_monotonic_us());
		wake = wake || parking_is_behind(live->parking);
		if (parking_has_due(live->parking))
			pthread_cond_broadcast(&live->work);
	}
	pthread_mutex_unlock(&live->lock);
	/* Who listens may have nothing to listen for until now. */
	if (wake)
		(void)!write(live->wake, &(uint64_t) { 1 }, sizeof(uint64_t));
}

/* True: it waits, and is no longer ours. */
static bool keep(struct runner *runner, struct request *r, struct door *door, bool quiet)
{
	if (r->stream ? door->answer.kind != OK : !door->answer.cut && (!quiet || r->wait <= 0))
		return false;
	if (!enter(runner, r, door))
		return false;
	if (r->stream)
		stream_begin(runner, r, door);
	else
		request_park(runner->live, r);
	return true;
}

/* Runs it until its answer is either quiet or as true as it can be, and then held. */
static bool make_answer(struct runner *runner, struct request *r, struct door *door)
{
	struct worker *w = runner->worker;
	char company[37] = "";
	int64_t head;
	for (unsigned tries = 0;; tries++) {
		bool quiet,
		    holds = tries >= LIVE_OVERTAKEN_MOST && runner_hold(runner, company, &head);
		door_run(w, w->arena, door);
		quiet = request_is_quiet(w->arena, r, &door->answer);
		if (quiet || door->answer.cut || !has_data(door) || (holds && runner_holds(runner)))
			return quiet;
		runner_release(runner);
		if (tries == LIVE_OVERTAKEN_END) {
			request_refuse(runner, door, UNAVAILABLE, LIVE_OVERTAKEN_WHY);
			return false;
		}
		if (!is_overtaken(runner, door))
			return false;
		memcpy(company, door->answer.who.company.text, sizeof company);
		runner_release(runner);
		door->ask.free = true;
	}
}

void request_arrive(struct runner *runner, struct request *r)
{
	struct worker *w = runner->worker;
	struct door door;
	int64_t came = clock_monotonic_us();
	arena_reset(w->arena);
	request_read(runner, r, &door);
	const struct recaller recaller = { recall_told, runner->live, uri_of(r) };
	if (r->wait > 0 && r->kind != REQUEST_CHANGES)
		door.ask.recaller = &recaller;
	if (r->kind == REQUEST_LIVE)
		door.ask.until_us = came + LIVE_TURN_US;
	bool quiet = make_answer(runner, r, &door);
	r->waiter.until_us = came + (int64_t)r->wait * 1000000;
	if (!keep(runner, r, &door, quiet)) {
		if (door.answer.cut) { /* nobody is parked any more */
			door.ask.until_us = 0;
			door.ask.free = true;
			make_answer(runner, r, &door);
		}
		note_first(runner->live, r, &door);
		door_send(w, w->arena, &door, &r->fcgi);
		request_end(runner->live, r);
	}
	runner_release(runner);
	log_request(NULL);
}
