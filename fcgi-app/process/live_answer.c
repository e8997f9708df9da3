/*
 * live_answer.c: what a request that waits is told. It is run like any other, when it comes and each time something has
 * moved that its answer was made from; while the answer stays what the client has, it is parked. Before an answer goes out, the
 * counters are read once more: what has been overtaken by a change in the meantime is made again, so that nothing is sent
 * that its reader may no longer see. Tests: tests/http/live.test.mjs
 */
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
#include "core/resource.h"
#include "process/live.h"

enum {
	BATCH_MOST = 64,
	OVERTAKEN_MOST = 20,            /* from then on only a change of who asks holds an answer back */
	RETRY_SECONDS = 5
};

#define CHANGES_LIST "changes_list"

/* ---- ending ---- */

/*
 * Everything that nginx had to say has been read or is thrown away here. "Detached": libfcgi closes the socket at once, and does
 * not wait for the other side to close first, which would hold up everybody who is to be answered next.
 */
static void finish(struct request *r)
{
	char rest[4096];
	while (r->fcgi.ipcFd >= 0 && recv(r->fcgi.ipcFd, rest, sizeof rest, MSG_DONTWAIT) > 0) {
	}
	FCGX_Detach(&r->fcgi);
	FCGX_Finish_r(&r->fcgi);
}

/* The lock is held. */
static void close_out(struct live *live, struct request *r)
{
	if (r->held) {
		parking_leave(live->parking, &r->waiter);
		for (size_t i = 0; i < r->n; i++)
			equal_leave(live->equals, r->questions[i].equal);
		shared_count(&live->shared->figures.live_waiting, -1);
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

void request_drop(struct live *live, struct request *r)
{
	shared_count(&live->shared->figures.live_gone_total, 1);
	finish(r);
	close_out(live, r);
}

/* ---- what was read ---- */

static void add_row_topic(struct arena *a, struct topic_set *set, const struct table *table, const char *id)
{
	set->v[set->n++] = arena_printf(a, "%s/row/%u", table->name, topic_bucket(id));
}

/* The topics of who asks (as identity.c notes them) apart from those of what is asked. */
static void split_reads(struct arena *a, const struct identity *who, const struct topic_set *reads, struct topic_set *person,
    struct topic_set *data)
{
	*person = (struct topic_set){ .v = ARENA_ARRAY(a, 3, char *), .cap = 3 };
	*data = (struct topic_set){ .v = ARENA_ARRAY(a, reads->n + 1, char *), .cap = reads->n };
	add_row_topic(a, person, &agents_table, who->agent.text);
	add_row_topic(a, person, &roles_table, who->role.text);
	add_row_topic(a, person, who->kind == BY_KEY ? &api_keys_table : &sessions_table, who->credential.text);
	for (size_t i = 0; i < reads->n; i++) {
		bool is_person = false;
		for (size_t p = 0; p < person->n; p++)
			is_person = is_person || !strcmp(person->v[p], reads->v[i]);
		if (!is_person)
			data->v[data->n++] = reads->v[i];
	}
}

/*
 * Whose answers are the same: those of one role for a plain list or row that was read at the level "all", those of one agent for
 * anything else that depends on permissions alone, those of one session or key otherwise.
 */
static void key_of(struct arena *a, const struct identity *who, const struct operation *op, str uri, const struct topic_set *data,
    unsigned char key[EQUAL_KEY])
{
	unsigned char digest[DIGEST_SIZE];
	bool personal = op->run != resource_list && op->run != resource_get;
	for (size_t i = 0; i < data->n && !personal; i++)
		personal = strstr(data->v[i], "/owner/") || strstr(data->v[i], "/team/");
	bool alone = who->kind != BY_SESSION || op->may[0] == '*';
	const char *text = arena_printf(a, "%s %s %s %lld %s %s", op->name, who->company.text, who->role.text, (long long)who->role_revision,
	    personal ? who->agent.text : "", alone ? who->credential.text : "");
	digest_sha256_two(str_of(text), uri, digest);
	memcpy(key, digest, EQUAL_KEY);
}

/* Notes who asks and what that was read from. The lock is held. */
static void note_person(struct live *live, struct request *r, const struct identity *who, const struct topic_set *person, int64_t version)
{
	r->who = *who;
	r->who.email = r->who.full_name = r->who.team_ids = r->who.scopes = (str){ NULL, 0 };
	r->who.grants = NULL;
	parking_read(live->parking, &r->waiter, &r->readings[0], person, version);
}

/* Notes what a question's answer was read from. The lock is held. */
static void note_question(struct live *live, struct request *r, size_t i, const struct topic_set *data, int64_t version,
    const unsigned char *key)
{
	struct question *q = &r->questions[i];
	parking_read(live->parking, &r->waiter, &r->readings[i + 1], data, version);
	if (q->equal && key && !memcmp(q->equal->key, key, EQUAL_KEY))
		return;
	equal_leave(live->equals, q->equal);
	q->equal = key ? equal_join(live->equals, key) : NULL;
}

/* ---- what is asked ---- */

static str uri_of(const struct request *r)
{
	return str_of(FCGX_GetParam("REQUEST_URI", r->fcgi.envp));
}

static void refuse_wait(struct door *door)
{
	door->refused = true;
	door->answer.kind = door->answer.problem.kind = MALFORMED;
	door->answer.problem.detail = "wait must be a whole number of seconds from 0 to 60";
}

/* /v1/changes?wait=25 is asked for like Prefer: wait=25; the operation itself knows nothing of waiting. */
static void take_wait(struct request *r, struct door *door)
{
	struct http_pair *left = ARENA_ARRAY(door->http.arena, door->ask.n_pairs + 1, struct http_pair);
	size_t n = 0;
	for (size_t i = 0; i < door->ask.n_pairs; i++)
		if (!str_is(door->ask.pairs[i].name, "wait"))
			left[n++] = door->ask.pairs[i];
		else if (http_wait_seconds(door->ask.pairs[i].value, &r->wait) != OK)
			refuse_wait(door);
	door->ask.pairs = left;
	door->ask.n_pairs = n;
}

static void read_request(struct runner *runner, struct request *r, struct door *door)
{
	door_read(runner->worker, runner->worker->arena, &r->fcgi, door);
	r->kind = REQUEST_GET;
	r->wait = door->http.method == HTTP_GET ? door->wait : -1;
	if (door->refused || !door->ask.op)
		return;
	if (!strcmp(door->ask.op->name, CHANGES_LIST)) {
		r->kind = REQUEST_CHANGES;
		take_wait(r, door);
	} else if (!strcmp(door->ask.op->name, LIVE_POLL)) {
		struct json_object *wait;
		r->kind = REQUEST_LIVE;
		r->wait = LIVE_WAIT_USUAL;
		if (json_object_object_get_ex(door->ask.json, "wait", &wait))
			r->wait = json_object_get_int(wait);
	}
}

/* The feed of changes has nothing for this reader, and no more to read. */
static bool is_empty_feed(struct arena *a, str body)
{
	const char *why;
	struct json_object *feed = json_read(a, body, &why), *items, *more;
	return json_object_object_get_ex(feed, "items", &items) && json_object_array_length(items) == 0 &&
	    json_object_object_get_ex(feed, "has_more", &more) && !json_object_get_boolean(more);
}

/* Is the answer what the client has already? */
static bool is_quiet(struct arena *a, const struct request *r, const struct answer *answer)
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

/* Has anything changed that the answer was made from, since it was? */
static bool is_overtaken(struct runner *runner, const struct door *door)
{
	struct arena *a = runner->worker->arena;
	const struct answer *answer = &door->answer;
	bool query = door->page || (door->ask.op && door->ask.op->kind == QUERY_KIND);
	struct lot_head head = { .version = answer->version };
	struct counter *counters;
	size_t n;
	if (!query || answer->kind != OK || answer->who.kind == NOBODY || answer->version == INT_NONE)
		return false;
	memcpy(head.company, answer->who.company.text, sizeof head.company);
	if (counters_since(runner->worker->reads, a, &head, 1, &counters, &n) != OK)
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t t = 0; t < answer->reads.n; t++)
			if (str_is(counters[i].topic, answer->reads.v[t]))
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
	*r->ask = (struct ask){ .credential = door->ask.credential, .token = door->ask.token, .ip = door->ask.ip,
		.user_agent = door->ask.user_agent, .request_id = str_of(r->id), .free = true };
	snprintf(r->id, sizeof r->id, "%.*s", (int)door->http.id.n, door->http.id.p);
	r->ask->request_id = str_of(r->id);
}

/* The lock is held; the request is in the parking, and out. */
static void note_answer(struct live *live, struct request *r, struct arena *a, const struct answer *answer)
{
	struct topic_set person, data;
	unsigned char key[EQUAL_KEY];
	split_reads(a, &answer->who, &answer->reads, &person, &data);
	note_person(live, r, &answer->who, &person, answer->version);
	for (size_t i = 0; i < r->n; i++) {
		struct question *q = &r->questions[i];
		str uri = q->path ? str_of(q->path) : uri_of(r);
		if (r->kind == REQUEST_LIVE)
			split_reads(a, &answer->who, &answer->parts[i].reads, &person, &data);
		bool alike = q->op && r->kind != REQUEST_CHANGES;
		if (alike)
			key_of(a, &answer->who, q->op, uri, &data, key);
		note_question(live, r, i, &data, answer->version, alike ? key : NULL);
	}
}

static void refuse(struct runner *runner, struct door *door, error kind, const char *detail)
{
	struct worker *w = runner->worker;
	if (door->page) {
		page_error(w, w->arena, door, kind, detail);
	} else {
		door->answer = (struct answer){ .kind = kind, .status = problem_status(kind), .version = INT_NONE,
			.problem = { .kind = kind, .detail = detail } };
		buf_clear(&w->body);
		gate_problem(w->arena, &w->body, kind, &door->answer.problem, door->http.path, door->http.id);
		door->answer.body = buf_view(&w->body);
	}
	unsigned char byte;
	random_bytes(&byte, 1);
	door->answer.retry_after = 1 + byte % RETRY_SECONDS;
}

/* Parks it: true, and it is no longer ours. False: it must be answered, as `door` says. */
static bool hold(struct runner *runner, struct request *r, struct door *door)
{
	struct live *live = runner->live;
	struct epoll_event event = { .events = EPOLLRDHUP | EPOLLONESHOT, .data.ptr = r };
	struct answer *answer = &door->answer;
	if (answer->who.kind == NOBODY || answer->version == INT_NONE)
		return false;
	make_questions(r, door);
	r->waiter.readings = r->readings;
	r->waiter.n_readings = (uint32_t)r->n + 1;
	pthread_mutex_lock(&live->lock);
	if (live->leaving) {
		pthread_mutex_unlock(&live->lock);
		return false;
	}
	bool first = parking_count(live->parking) == 0;
	error e = parking_count(live->parking) >= live->n_most ? UNAVAILABLE
	    : parking_enter(live->parking, &r->waiter, answer->who.company.text, answer->who.credential.text, answer->version);
	if (e != OK) {
		pthread_mutex_unlock(&live->lock);
		refuse(runner, door, e, e == LIMITED ? "too many requests of this session or key are waiting" : "too many requests are waiting");
		return false;
	}
	r->held = r->watched = true;
	shared_count(&live->shared->figures.live_waiting, 1);
	note_answer(live, r, runner->worker->arena, answer);
	/* From here on a client that goes away is noticed; one that has gone already is so at once. */
	epoll_ctl(live->watch, EPOLL_CTL_ADD, r->fcgi.ipcFd, &event);
	parking_park(live->parking, &r->waiter, clock_monotonic_us());
	bool wake = first || parking_is_behind(live->parking);
	if (parking_has_due(live->parking))
		pthread_cond_signal(&live->work);
	pthread_mutex_unlock(&live->lock);
	if (wake)
		(void)!write(live->wake, &(uint64_t){ 1 }, sizeof(uint64_t));
	return true;
}

static void answer_first(struct runner *runner, struct request *r, struct door *door)
{
	struct live *live = runner->live;
	door_send(runner->worker, runner->worker->arena, door, &r->fcgi);
	finish(r);
	pthread_mutex_lock(&live->lock);
	close_out(live, r);
	pthread_mutex_unlock(&live->lock);
}

void request_arrive(struct runner *runner, struct request *r)
{
	struct worker *w = runner->worker;
	struct door door;
	int64_t came = clock_monotonic_us();
	arena_reset(w->arena);
	read_request(runner, r, &door);
	for (unsigned tries = 0;; tries++) {
		door_run(w, w->arena, &door);
		bool quiet = is_quiet(w->arena, r, &door.answer);
		if (quiet || tries == OVERTAKEN_MOST || !is_overtaken(runner, &door)) {
			r->waiter.until_us = came + (int64_t)r->wait * 1000000;
			if (!quiet || r->wait <= 0 || !hold(runner, r, &door))
				answer_first(runner, r, &door);
			break;
		}
		door.ask.free = true;
	}
	log_request(NULL);
}

/* ---- again ---- */

struct changed { size_t index; int status; char etag[48]; str body; };

struct look {                       /* a waiter, and what it is to be told */
	struct request *r;
	struct door door;
	struct changed *changed;    /* of POST /v1/live */
	size_t n_changed;
	struct kept_answer *kept;   /* whose bytes are sent, or NULL */
	bool over;                  /* its wait is: nothing has changed */
};

struct round {                      /* the waiters that were taken together */
	struct runner *runner;
	struct look *ready[BATCH_MOST];     /* to be answered */
	size_t n_ready;
};

static void write_live(struct runner *runner, struct look *look, int64_t known)
{
	struct json j;
	buf_clear(&runner->text);
	json_begin(&j, &runner->text);
	json_object(&j);
	json_key(&j, "changed");
	json_array(&j);
	for (size_t i = 0; i < look->n_changed; i++)
		live_part_write(&j, look->changed[i].index, look->changed[i].status, look->changed[i].etag, look->changed[i].body);
	json_array_end(&j);
	json_key(&j, "version");
	json_int(&j, known);
	json_object_end(&j);
	look->door.answer = (struct answer){ .status = 200, .version = known, .who = look->r->who, .body = buf_view(&runner->text) };
}

static void send_look(struct runner *runner, struct look *look, int64_t known)
{
	struct live *live = runner->live;
	struct request *r = look->r;
	struct figures *figures = &live->shared->figures;
	if (r->kind == REQUEST_LIVE && look->door.answer.kind == OK)
		write_live(runner, look, known);
	else if (look->over)
		look->door.answer.version = known;
	log_request(arena_text(runner->worker->arena, look->door.http.id.p, look->door.http.id.n));
	door_send(runner->worker, runner->worker->arena, &look->door, &r->fcgi);
	finish(r);
	shared_count(look->over ? &figures->live_expired_total : &figures->live_woken_total, 1);
	pthread_mutex_lock(&live->lock);
	kept_answer_drop(look->kept);
	close_out(live, r);
	pthread_mutex_unlock(&live->lock);
}

/* Reads the counters of the company of those who are to be answered. */
static bool read_counters(struct runner *runner, const struct request *r)
{
	struct live *live = runner->live;
	struct lot_head head;
	struct counter *counters;
	size_t n;
	memcpy(head.company, r->who.company.text, sizeof head.company);
	pthread_mutex_lock(&live->lock);
	head.version = lot_known(r->waiter.lot);
	pthread_mutex_unlock(&live->lock);
	if (counters_since(runner->worker->reads, runner->worker->arena, &head, 1, &counters, &n) != OK)
		return false;
	pthread_mutex_lock(&live->lock);
	counters_learn(live->parking, &head, 1, counters, n);
	if (parking_has_due(live->parking))
		pthread_cond_broadcast(&live->work);
	pthread_mutex_unlock(&live->lock);
	return true;
}

/* An answer with data that has been overtaken. The lock is held. */
static bool must_look_again(const struct look *look, bool read)
{
	struct request *r = look->r;
	if (look->door.answer.kind != OK || look->door.answer.not_modified || (look->over && r->kind == REQUEST_LIVE))
		return false;
	if (read && !waiter_touched(&r->waiter))
		return false;
	return r->overtaken++ < OVERTAKEN_MOST || !read || reading_touched(&r->readings[0]);
}

/* What was found to be different is not sent and so must be found again. The lock is held. */
static void put_back(struct live *live, struct look *look)
{
	struct request *r = look->r;
	if (r->kind != REQUEST_LIVE)
		r->readings[1].unsure = true;
	for (size_t i = 0; i < look->n_changed; i++)
		r->readings[look->changed[i].index + 1].unsure = true;
	parking_park(live->parking, &r->waiter, clock_monotonic_us());
}

/* The version at which everything that was read is as it was read. The lock is held. */
static int64_t valid_at(const struct request *r)
{
	int64_t version = lot_known(r->waiter.lot);
	if (!waiter_touched(&r->waiter))
		return version;
	for (uint32_t i = 0; i < r->waiter.n_readings; i++)
		if (r->readings[i].version < version)
			version = r->readings[i].version;
	return version;
}

static void flush(struct round *round)
{
	struct runner *runner = round->runner;
	struct live *live = runner->live;
	bool data = false;
	for (size_t i = 0; i < round->n_ready; i++)
		data = data || (round->ready[i]->door.answer.kind == OK && !round->ready[i]->over);
	bool read = !data || read_counters(runner, round->ready[0]->r);
	for (size_t i = 0; i < round->n_ready; i++) {
		struct look *look = round->ready[i];
		struct request *r = look->r;
		pthread_mutex_lock(&live->lock);
		bool gone = r->waiter.gone, again = !gone && must_look_again(look, read);
		int64_t version = valid_at(r);
		if (gone || again)
			kept_answer_drop(look->kept);
		if (gone)
			request_drop(live, r);
		else if (again)
			put_back(live, look);
		pthread_mutex_unlock(&live->lock);
		if (!gone && !again)
			send_look(runner, look, version);
	}
	round->n_ready = 0;
}

static void ready(struct round *round, struct look *look)
{
	round->ready[round->n_ready++] = look;
}

/* Nothing has changed for it. */
static void park_again(struct live *live, struct look *look)
{
	struct request *r = look->r;
	pthread_mutex_lock(&live->lock);
	kept_answer_drop(look->kept);
	r->overtaken = 0;
	if (r->waiter.gone) {
		request_drop(live, r);
	} else {
		parking_park(live->parking, &r->waiter, clock_monotonic_us());
		if (parking_has_due(live->parking))
			pthread_cond_signal(&live->work);
	}
	pthread_mutex_unlock(&live->lock);
}

/* An answer that another waiter's run has given to the same question. The lock is held. */
static struct kept_answer *find_kept(const struct request *r, size_t i)
{
	const struct equal *e = r->questions[i].equal;
	if (!e || e->running || !e->answer || e->answer->version < reading_needs(&r->readings[i + 1]))
		return NULL;
	e->answer->refs++;
	return e->answer;
}

/*
 * An answer that is there already; or NULL, and the caller must run the question. *mine: others will ask the same, so they wait for
 * it, and publish() must follow. What is ready is sent first, because running takes its time and the worker's buffers.
 */
static struct kept_answer *ask_equals(struct round *round, struct request *r, size_t i, struct equal **mine)
{
	struct live *live = round->runner->live;
	struct equal *e = r->questions[i].equal;
	*mine = NULL;
	pthread_mutex_lock(&live->lock);
	struct kept_answer *kept = find_kept(r, i);
	pthread_mutex_unlock(&live->lock);
	if (kept)
		return kept;
	flush(round);
	pthread_mutex_lock(&live->lock);
	if (e && e->askers > 1) {
		while (e->running)
			pthread_cond_wait(&live->asked, &live->lock);
		kept = find_kept(r, i);
		if (!kept) {
			e->running = true;
			*mine = e;
		}
	}
	pthread_mutex_unlock(&live->lock);
	return kept;
}

/* Who asked is left in the read set, but for the session: another reader's answer may hang on that agent's row as data. */
static void publish(struct runner *runner, struct equal *mine, const struct operation *op, const struct answer *answer)
{
	struct live *live = runner->live;
	struct kept_answer *kept = NULL;
	if (!mine)
		return;
	if (answer->kind == OK && answer->status == 200) {
		struct topic_set reads = { .v = ARENA_ARRAY(runner->worker->arena, answer->reads.n + 1, char *) };
		for (size_t i = 0; i < answer->reads.n; i++)
			if (op->table == &sessions_table || !str_starts(str_of(answer->reads.v[i]), "sessions/row/"))
				reads.v[reads.n++] = answer->reads.v[i];
		kept = kept_answer_new(answer->body, answer->digest, answer->version, &reads, clock_monotonic_us());
	}
	pthread_mutex_lock(&live->lock);
	mine->running = false;
	if (kept)
		equal_keep(live->equals, mine, kept);
	pthread_cond_broadcast(&live->asked);
	pthread_mutex_unlock(&live->lock);
}

/* The request's own answer from what another's run has given. Who asks is as known: it has not been touched. */
static void take_kept(struct live *live, struct request *r, size_t i, const struct kept_answer *kept, struct answer *answer)
{
	*answer = (struct answer){ .status = 200, .version = kept->version, .who = r->who, .body = kept->body };
	etag_from(&r->who, r->questions[i].op->name, kept->digest, answer->etag);
	shared_count(&live->shared->figures.live_shared_total, 1);
	pthread_mutex_lock(&live->lock);
	parking_read(live->parking, &r->waiter, &r->readings[i + 1], &kept->reads, kept->version);
	pthread_mutex_unlock(&live->lock);
}

static void later(struct answer *answer)
{
	unsigned char byte;
	random_bytes(&byte, 1);
	if (answer->kind == UNAVAILABLE)
		answer->retry_after = 1 + byte % RETRY_SECONDS;
}

static void look_get(struct round *round, struct look *look)
{
	struct runner *runner = round->runner;
	struct worker *w = runner->worker;
	struct live *live = runner->live;
	struct request *r = look->r;
	struct answer *answer = &look->door.answer;
	struct equal *mine = NULL;
	read_request(runner, r, &look->door);
	look->door.ask.free = true;
	look->over = r->waiter.cause == CAUSE_OVER;
	if (look->over && r->kind == REQUEST_GET) {
		*answer = (struct answer){ .status = 304, .not_modified = true, .version = INT_NONE, .who = r->who };
		memcpy(answer->etag, r->questions[0].etag, sizeof answer->etag);
		ready(round, look);
		return;
	}
	pthread_mutex_lock(&live->lock);
	bool person = reading_touched(&r->readings[0]);
	pthread_mutex_unlock(&live->lock);
	if (!person && r->questions[0].equal)
		look->kept = ask_equals(round, r, 0, &mine);
	else
		flush(round);
	if (look->kept) {
		take_kept(live, r, 0, look->kept, answer);
	} else {
		if (r->kind == REQUEST_GET && !look->door.page)
			look->door.ask.if_none_match = (str){ NULL, 0 };
		door_run(w, w->arena, &look->door);
		shared_count(&live->shared->figures.live_runs_total, 1);
		publish(runner, mine, r->questions[0].op, answer);
		if (answer->kind == OK) {
			pthread_mutex_lock(&live->lock);
			note_answer(live, r, w->arena, answer);
			pthread_mutex_unlock(&live->lock);
		}
	}
	later(answer);
	bool quiet = is_quiet(w->arena, r, answer);
	if (quiet && !look->over) {
		park_again(live, look);
		return;
	}
	look->over = quiet;
	ready(round, look);
}

/* ---- POST /v1/live again ---- */

static void add_changed(struct look *look, struct arena *a, size_t i, int status, const char *etag, str body)
{
	struct changed *c = &look->changed[look->n_changed++];
	*c = (struct changed){ .index = i, .status = status, .body = { arena_text(a, body.p, body.n), body.n } };
	memcpy(c->etag, etag, sizeof c->etag);
}

/* Runs one of its queries through the gate, as a GET of its own would be. False: the request as a whole cannot be answered. */
static bool run_question(struct runner *runner, struct request *r, size_t i, struct equal *mine, struct answer *answer)
{
	struct worker *w = runner->worker;
	struct live *live = runner->live;
	struct ask ask = *r->ask;
	const char *why;
	ask.started = clock_now();
	if (live_target(w, w->arena, str_of(r->questions[i].path), &ask, &why) != OK)
		abort(); /* it was good when it came */
	gate_ask(w, w->arena, &ask, answer);
	shared_count(&live->shared->figures.live_runs_total, 1);
	publish(runner, mine, ask.op, answer);
	if (answer->kind == UNAUTHENTICATED || answer->kind == UNAVAILABLE || answer->who.kind == NOBODY)
		return false;
	if (answer->kind != OK)
		live_problem_etag(&answer->who, ask.op->name, answer->kind, &answer->problem, answer->etag);
	struct topic_set person, data;
	unsigned char key[EQUAL_KEY];
	split_reads(w->arena, &answer->who, &answer->reads, &person, &data);
	key_of(w->arena, &answer->who, ask.op, str_of(r->questions[i].path), &data, key);
	pthread_mutex_lock(&live->lock);
	note_question(live, r, i, &data, answer->version, key);
	pthread_mutex_unlock(&live->lock);
	return true;
}

static bool look_question(struct round *round, struct look *look, size_t i, bool person, int64_t *person_version)
{
	struct runner *runner = round->runner;
	struct live *live = runner->live;
	struct request *r = look->r;
	struct question *q = &r->questions[i];
	struct answer answer;
	struct equal *mine = NULL;
	struct kept_answer *kept = NULL;
	pthread_mutex_lock(&live->lock);
	bool touched = person || reading_touched(&r->readings[i + 1]);
	pthread_mutex_unlock(&live->lock);
	if (!touched)
		return true;
	if (!person)
		kept = ask_equals(round, r, i, &mine);
	else
		flush(round);
	if (kept)
		take_kept(live, r, i, kept, &answer);
	else if (!run_question(runner, r, i, mine, &answer)) {
		look->door.answer = answer;
		return false;
	}
	if (person && answer.version < *person_version) {
		struct topic_set who, data;
		*person_version = answer.version;
		split_reads(runner->worker->arena, &answer.who, &answer.reads, &who, &data);
		pthread_mutex_lock(&live->lock);
		note_person(live, r, &answer.who, &who, answer.version);
		pthread_mutex_unlock(&live->lock);
	}
	if (strcmp(answer.etag, q->etag) != 0)
		add_changed(look, runner->worker->arena, i, answer.status, answer.etag, answer.body);
	pthread_mutex_lock(&live->lock);
	kept_answer_drop(kept);
	pthread_mutex_unlock(&live->lock);
	return true;
}

static void look_live(struct round *round, struct look *look)
{
	struct runner *runner = round->runner;
	struct worker *w = runner->worker;
	struct live *live = runner->live;
	struct request *r = look->r;
	struct door *door = &look->door;
	int64_t person_version = INT64_MAX;
	*door = (struct door){ .wait = -1, .content_type = "application/json", .answer = { .version = INT_NONE } };
	(void)!http_open(w->arena, &r->fcgi, &door->http);
	door->http.id = str_of(r->id);
	door->ask.started = clock_now();
	look->over = r->waiter.cause == CAUSE_OVER;
	if (look->over) {
		ready(round, look);
		return;
	}
	look->changed = ARENA_ARRAY(w->arena, r->n + 1, struct changed);
	pthread_mutex_lock(&live->lock);
	bool person = reading_touched(&r->readings[0]);
	pthread_mutex_unlock(&live->lock);
	bool good = true;
	for (size_t i = 0; i < r->n && good; i++)
		good = look_question(round, look, i, person, &person_version);
	later(&door->answer);
	if (good && !look->n_changed)
		park_again(live, look);
	else
		ready(round, look);
}

void requests_again(struct runner *runner, struct waiter **waiters, size_t n)
{
	struct round round = { .runner = runner };
	arena_reset(runner->worker->arena);
	for (size_t i = 0; i < n; i++) {
		struct look *look = ARENA_NEW(runner->worker->arena, struct look);
		look->r = request_of(waiters[i]);
		if (look->r->kind == REQUEST_LIVE)
			look_live(&round, look);
		else
			look_get(&round, look);
	}
	flush(&round);
	log_request(NULL);
}
