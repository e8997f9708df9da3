/*
 * live_again.c: those who wait when something has moved that their answer was made from, or when
 * their wait is over. A question is run again like any other, or takes the answer that somebody
 * with the same rights has just got to the same question. What is unchanged is parked again.
 * Tests: tests/http/live.test.mjs
 */
#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/counters.h"
#include "core/door.h"
#include "core/etag.h"
#include "process/live.h"

struct changed {
	size_t index;
	int status;
	char etag[48];
	str body;
};

struct look { /* a waiter, and what it is to be told */
	struct request *r;
	struct door door;
	struct changed *changed; /* of POST /v1/live */
	size_t n_changed;
	struct kept_answer *kept; /* whose bytes are sent, or NULL */
	bool over;                /* its wait is: nothing has changed */
	bool leaves;              /* it is to be looked at further when others had their turn */
	bool anew;                /* its pass has begun anew, in the midst of it */
	bool part;                /* not all was looked at: there is too much to tell already */
};

struct round { /* the waiters that were taken together */
	struct runner *runner;
	int64_t began;                  /* monotonic */
	struct look *ready[LIVE_BATCH]; /* to be answered */
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
		live_part_write(&j, look->changed[i].index, look->changed[i].status,
		    look->changed[i].etag, look->changed[i].body);
	json_array_end(&j);
	json_key(&j, "version");
	json_int(&j, known);
	json_object_end(&j);
	look->door.answer = (struct answer) { .status = 200,
		.version = known ? known : INT_NONE,
		.who = look->r->who,
		.body = buf_view(&runner->text) };
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
	if (r->stream) {
		stream_tell(runner, r, &look->door, look->over);
		return;
	}
	door_send(runner->worker, runner->worker->arena, &look->door, &r->fcgi);
	shared_count(look->over ? &figures->live_expired_total : &figures->live_woken_total, 1);
	pthread_mutex_lock(&live->lock);
	kept_answer_drop(look->kept);
	pthread_mutex_unlock(&live->lock);
	request_end(live, r);
}

/* Holds the version of the company of those who are to be answered, and reads what has moved in
 * the meantime. */
static bool hold_company(struct runner *runner, const struct request *r)
{
	struct live *live = runner->live;
	struct lot_head head;
	struct counter *counters;
	int64_t version;
	size_t n;
	if (runner->held_us)
		return true; /* they were made while it was held: nothing has moved */
	memcpy(head.company, r->who.company.text, sizeof head.company);
	if (!runner_hold(runner, head.company, &version))
		return false;
	pthread_mutex_lock(&live->lock);
	head.version = lot_known(r->waiter.lot);
	pthread_mutex_unlock(&live->lock);
	if (version <= head.version)
		return true;
	if (counters_since(runner->worker->reads, runner->worker->arena, &head, 1, &counters, &n) !=
	    OK)
		return false;
	pthread_mutex_lock(&live->lock);
	counters_learn(live->parking, &head, 1, counters, n);
	if (parking_has_due(live->parking))
		pthread_cond_broadcast(&live->work);
	pthread_mutex_unlock(&live->lock);
	return true;
}

/* What is not in it may well have moved. */
static bool is_part_touched(const struct look *look)
{
	const struct reading *readings = look->r->readings;
	bool touched = reading_touched(&readings[0]);
	for (size_t i = 0; i < look->n_changed; i++)
		touched = touched || reading_touched(&readings[look->changed[i].index + 1]);
	return touched;
}

/* An answer with data that has been overtaken. The lock is held. */
static bool must_look_again(const struct look *look, bool sure)
{
	struct request *r = look->r;
	if (look->door.answer.kind != OK || look->door.answer.not_modified ||
	    (look->over && (r->kind == REQUEST_LIVE || r->stream)))
		return false;
	if (sure && !(look->part ? is_part_touched(look) : waiter_touched(&r->waiter)))
		return false;
	r->overtaken++;
	return true;
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

/* The version at which everything that was read is as it was read. It may have been read after the
 * last that the lot knows of; then it is no older than that, nor than what the client has seen. The
 * lock is held. */
static int64_t valid_at(const struct request *r)
{
	int64_t known = lot_known(r->waiter.lot), oldest = r->readings[0].version;
	for (uint32_t i = 1; i < r->waiter.n_readings; i++)
		if (r->readings[i].version < oldest)
			oldest = r->readings[i].version;
	return waiter_touched(&r->waiter) || known < oldest ? oldest : known;
}

/*
 * At which version a part is told. To the other queries the client may have answers that are older
 * than any that is known here, so there is none, 0. Each page is shown by itself, and must not
 * seem older than what the browser shows: the oldest of those that are told.
 */
static int64_t part_at(const struct look *look)
{
	int64_t oldest = INT64_MAX;
	if (look->r->questions[0].op)
		return 0;
	for (size_t i = 0; i < look->n_changed; i++) {
		const struct reading *told = &look->r->readings[look->changed[i].index + 1];
		oldest = told->version < oldest ? told->version : oldest;
	}
	return oldest;
}

/* What the client has from now on. One whose wait was over is asked anew when it comes again: time
 * alone may have changed its answer. The lock is held. */
static void note_told(struct live *live, const struct look *look, struct arena *a, int64_t version)
{
	const struct request *r = look->r;
	const struct answer *answer = &look->door.answer;
	if (answer->kind != OK || look->over || r->stream)
		return;
	if (r->kind != REQUEST_LIVE) {
		request_note_told(live, r, a, 0, answer->etag, version);
		return;
	}
	for (size_t i = 0, changed = 0; i < r->n; i++) {
		bool is_changed = changed < look->n_changed && look->changed[changed].index == i;
		if (is_changed || !look->part)
			request_note_told(live, r, a, i,
			    is_changed ? look->changed[changed++].etag : r->questions[i].etag,
			    version);
	}
}

static void flush(struct round *round)
{
	struct runner *runner = round->runner;
	struct live *live = runner->live;
	bool data = false;
	for (size_t i = 0; i < round->n_ready; i++)
		data = data || (round->ready[i]->door.answer.kind == OK && !round->ready[i]->over);
	bool read = !data || hold_company(runner, round->ready[0]->r);
	log_gather(true);
	for (size_t i = 0; i < round->n_ready; i++) {
		struct look *look = round->ready[i];
		struct request *r = look->r;
		pthread_mutex_lock(&live->lock);
		bool sure = !data || (read && runner_holds(runner));
		bool gone = r->waiter.gone, again = !gone && must_look_again(look, sure);
		int64_t version = valid_at(r), at = look->part ? part_at(look) : version;
		if (gone || again)
			kept_answer_drop(look->kept);
		if (gone)
			request_drop(live, r);
		else if (again)
			put_back(live, look);
		else
			note_told(live, look, runner->worker->arena, version);
		pthread_mutex_unlock(&live->lock);
		if (!gone && !again)
			send_look(runner, look, at);
	}
	log_gather(false);
	round->n_ready = 0;
	runner_release(runner);
}

/* One that was overtaken again and again is made while nothing can overtake it. What is ready goes
 * first. */
static void hold_if_overtaken(struct round *round, const struct request *r)
{
	int64_t head;
	if (r->overtaken < LIVE_OVERTAKEN_MOST)
		return;
	flush(round);
	(void)runner_hold(round->runner, r->who.company.text, &head);
}

static void ready(struct round *round, struct look *look) { round->ready[round->n_ready++] = look; }

/* One that was overtaken for too long, or whose company's version could not be held. */
static bool give_up(struct round *round, struct look *look)
{
	if (look->r->overtaken < LIVE_OVERTAKEN_END)
		return false;
	flush(round);
	request_refuse(round->runner, &look->door, UNAVAILABLE, LIVE_OVERTAKEN_WHY);
	ready(round, look);
	return true;
}

/* Between two of them: a hold is not kept for the next one, and what was sent needs no memory. */
static void let_go(struct round *round)
{
	struct arena *a = round->runner->worker->arena;
	bool full = arena_used(a) > LIVE_ARENA_MOST;
	if (full || round->runner->held_us)
		flush(round);
	if (full)
		arena_reset(a);
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
		request_count(live, r);
		parking_park(live->parking, &r->waiter, clock_monotonic_us());
		if (parking_has_due(live->parking))
			pthread_cond_broadcast(&live->work);
	}
	pthread_mutex_unlock(&live->lock);
}

/* An answer that another waiter's run has given to the same question. The lock is held. */
static struct kept_answer *find_kept(const struct request *r, size_t i)
{
	const struct equal *e = r->questions[i].equal;
	if (!e || e->running || !e->answer ||
	    e->answer->version < reading_needs(&r->readings[i + 1]))
		return NULL;
	e->answer->refs++;
	return e->answer;
}

/*
 * An answer that is there already; or NULL, and the caller must run the question. *mine: others
 * will ask the same, so they wait for it, and publish() must follow. What is ready is sent first,
 * because running takes its time and the worker's buffers.
 */
static struct kept_answer *ask_equals(
    struct round *round, struct request *r, size_t i, struct equal **mine)
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

/* Who asked is left in the read set, but for the session: another reader's answer may hang on that
 * agent's row as data. */
static void publish(struct runner *runner, struct equal *mine, const struct operation *op,
    const struct answer *answer)
{
	struct live *live = runner->live;
	struct kept_answer *kept = NULL;
	if (!mine)
		return;
	if (answer->kind == OK && answer->status == 200) {
		struct topic_set reads = { .v = ARENA_ARRAY(runner->worker->arena,
					       answer->reads.n + 1, char *) };
		for (size_t i = 0; i < answer->reads.n; i++)
			if (op->table == &sessions_table ||
			    !str_starts(str_of(answer->reads.v[i]), "sessions/row/"))
				reads.v[reads.n++] = answer->reads.v[i];
		kept = kept_answer_new(
		    answer->body, answer->digest, answer->version, &reads, clock_monotonic_us());
	}
	pthread_mutex_lock(&live->lock);
	mine->running = false;
	if (kept)
		equal_keep(live->equals, mine, kept);
	pthread_cond_broadcast(&live->asked);
	pthread_mutex_unlock(&live->lock);
}

/* The request's own answer from what another's run has given. Who asks is as known: it has not been
 * touched. */
static void take_kept(struct live *live, struct request *r, size_t i,
    const struct kept_answer *kept, struct answer *answer)
{
	*answer = (struct answer) {
		.status = 200, .version = kept->version, .who = r->who, .body = kept->body
	};
	etag_from(&r->who, r->questions[i].op->name, kept->digest, answer->etag);
	shared_count(&live->shared->figures.live_shared_total, 1);
	pthread_mutex_lock(&live->lock);
	parking_read(live->parking, &r->waiter, &r->readings[i + 1], &kept->reads, kept->version);
	pthread_mutex_unlock(&live->lock);
}

static void later(struct answer *answer)
{
	if (answer->kind == UNAVAILABLE)
		answer->retry_after = live_retry_after();
}

/* What its answer needs; what it asks is read when it must be run. */
static void open_door(struct runner *runner, struct request *r, struct door *door)
{
	*door = (struct door) { .wait = r->kind == REQUEST_GET ? r->wait : -1,
		.content_type = "application/json",
		.answer = { .version = INT_NONE } };
	(void)!http_open(runner->worker->arena, &r->fcgi, &door->http);
	door->ask.started = clock_now();
	door->ask.op = r->questions[0].op;
}

static void look_get(struct round *round, struct look *look)
{
	struct runner *runner = round->runner;
	struct worker *w = runner->worker;
	struct live *live = runner->live;
	struct request *r = look->r;
	struct answer *answer = &look->door.answer;
	struct equal *mine = NULL;
	if (r->stream && stream_is_behind(live, r))
		return;
	bool is_get = r->kind == REQUEST_GET && r->questions[0].op;
	if (is_get)
		open_door(runner, r, &look->door);
	else
		request_read(runner, r, &look->door);
	look->over = r->waiter.cause == CAUSE_OVER;
	if (look->over && r->stream) {
		ready(round, look);
		return;
	}
	if (look->over && r->kind == REQUEST_GET) {
		*answer = (struct answer) {
			.status = 304, .not_modified = true, .version = INT_NONE, .who = r->who
		};
		memcpy(answer->etag, r->questions[0].etag, sizeof answer->etag);
		ready(round, look);
		return;
	}
	pthread_mutex_lock(&live->lock);
	bool person = reading_touched(&r->readings[0]);
	pthread_mutex_unlock(&live->lock);
	if (give_up(round, look))
		return;
	hold_if_overtaken(round, r);
	if (!person && r->questions[0].equal && !runner->held_us)
		look->kept = ask_equals(round, r, 0, &mine);
	else if (!runner->held_us)
		flush(round);
	if (look->kept) {
		take_kept(live, r, 0, look->kept, answer);
	} else {
		if (is_get) {
			request_read(runner, r, &look->door);
			look->door.ask.if_none_match = (str) { NULL, 0 };
		}
		look->door.ask.free = true;
		door_run(w, w->arena, &look->door);
		shared_count(&live->shared->figures.live_runs_total, 1);
		publish(runner, mine, r->questions[0].op, answer);
		if (answer->kind == OK) {
			pthread_mutex_lock(&live->lock);
			request_note(live, r, w->arena, answer);
			pthread_mutex_unlock(&live->lock);
		}
	}
	later(answer);
	bool quiet = request_is_quiet(w->arena, r, answer);
	if (quiet && !look->over) {
		if (r->stream)
			stream_pass(r, w->arena, answer);
		park_again(live, look);
		return;
	}
	look->over = quiet;
	ready(round, look);
}

/* ---- POST /v1/live again ---- */

/*
 * The body must live as long as the look. There is a place for each question, and none comes twice:
 * a pass visits each once, and what it has found in earlier turns is of those that it has visited.
 * News outlive no pass: they are sent, or were overtaken and are found again (put_back()).
 */
static void add_changed(struct look *look, size_t i, int status, const char *etag, str body)
{
	assert(look->n_changed < look->r->n);
	struct changed *c = &look->changed[look->n_changed++];
	*c = (struct changed) { .index = i, .status = status, .body = body };
	memcpy(c->etag, etag, sizeof c->etag);
}

/* Runs one of its queries through the gate, as a GET of its own would be, or makes one of its
 * pages. False: the request as a whole cannot be answered. */
static bool run_question(struct runner *runner, struct request *r, const struct door *door,
    size_t i, struct equal *mine, struct answer *answer)
{
	struct worker *w = runner->worker;
	struct live *live = runner->live;
	shared_count(&live->shared->figures.live_runs_total, 1);
	if (!r->questions[i].op) {
		live_page_run(w, w->arena, door, str_of(r->questions[i].path), true, answer);
	} else {
		struct ask ask = *r->ask;
		const char *why;
		ask.started = clock_now();
		if (live_target(w, w->arena, str_of(r->questions[i].path), &ask, &why) != OK)
			abort(); /* it was good when it came */
		gate_ask(w, w->arena, &ask, answer);
		publish(runner, mine, ask.op, answer);
		if (answer->kind != OK)
			live_problem_etag(&answer->who, ask.op->name, answer->kind,
			    &answer->problem, answer->etag);
	}
	if (answer->kind == UNAUTHENTICATED || answer->kind == UNAVAILABLE ||
	    answer->who.kind == NOBODY)
		return false;
	pthread_mutex_lock(&live->lock);
	request_note_question(live, r, i, w->arena, answer, &answer->reads);
	pthread_mutex_unlock(&live->lock);
	return true;
}

static bool is_touched(struct live *live, const struct request *r, size_t i)
{
	pthread_mutex_lock(&live->lock);
	bool touched = reading_touched(&r->readings[i + 1]);
	pthread_mutex_unlock(&live->lock);
	return touched;
}

static bool look_question(struct round *round, struct look *look, size_t i)
{
	struct runner *runner = round->runner;
	struct live *live = runner->live;
	struct request *r = look->r;
	struct question *q = &r->questions[i];
	struct answer answer;
	struct equal *mine = NULL;
	struct kept_answer *kept = NULL;
	if (!r->pass.person && !runner->held_us)
		kept = ask_equals(round, r, i, &mine);
	else if (!runner->held_us)
		flush(round);
	if (kept)
		take_kept(live, r, i, kept, &answer);
	else if (!run_question(runner, r, &look->door, i, mine, &answer)) {
		look->door.answer = answer;
		return false;
	}
	if (r->pass.person && answer.version < r->pass.person_version) {
		r->pass.person_version = answer.version;
		pthread_mutex_lock(&live->lock);
		request_note_person(live, r, runner->worker->arena, &answer);
		pthread_mutex_unlock(&live->lock);
	}
	if (strcmp(answer.etag, q->etag) != 0) {
		assert(!q->news);
		const char *body = arena_text(runner->worker->arena, answer.body.p, answer.body.n);
		add_changed(look, i, answer.status, answer.etag, (str) { body, answer.body.n });
	}
	pthread_mutex_lock(&live->lock);
	kept_answer_drop(kept);
	pthread_mutex_unlock(&live->lock);
	return true;
}

/* Has it time for one more question? What is made while a version is held is made at once, or that
 * was in vain. */
static bool has_time(const struct round *round)
{
	return round->runner->held_us ? runner_holds(round->runner)
				      : clock_monotonic_us() - round->began <= LIVE_TURN_US;
}

/* Goes on with the pass, or begins one; another when who asks has changed. Takes what the pass has
 * found already, as far as it is still so. */
static void pass_enter(struct live *live, struct look *look)
{
	struct request *r = look->r;
	pthread_mutex_lock(&live->lock);
	bool person = reading_touched(&r->readings[0]);
	look->anew = person && r->pass.left;
	if (person || !r->pass.left)
		r->pass = (struct pass) { .at = r->pass.at,
			.left = r->n,
			.person = person,
			.person_version = INT64_MAX };
	for (size_t i = 0; i < r->n; i++) {
		struct question *q = &r->questions[i];
		r->readings[i + 1].unsure = r->readings[i + 1].unsure || person;
		if (!q->news)
			continue;
		if (reading_touched(&r->readings[i + 1])) {
			free(q->news);
			q->news = NULL;
			continue;
		}
		add_changed(
		    look, i, q->news->status, q->news->etag, (str) { q->news->body, q->news->n });
	}
	pthread_mutex_unlock(&live->lock);
}

/* Is it more than is kept while others have their turn? */
static bool is_much(const struct look *look)
{
	size_t bytes = 0;
	for (size_t i = 0; i < look->n_changed; i++)
		bytes += look->changed[i].body.n;
	return bytes > LIVE_NEWS_BYTES;
}

/* Others have their turn; what was found is kept for the next one. One that began anew is behind
 * those of its company, or it would keep them waiting for as long as who asks goes on changing. */
static void pass_leave(struct live *live, struct look *look)
{
	struct request *r = look->r;
	for (size_t i = 0; i < look->n_changed; i++) {
		const struct changed *c = &look->changed[i];
		struct question *q = &r->questions[c->index];
		if (q->news)
			continue;
		q->news = malloc(sizeof *q->news + c->body.n);
		if (!q->news)
			abort();
		q->news->status = c->status;
		q->news->n = c->body.n;
		memcpy(q->news->etag, c->etag, sizeof c->etag);
		memcpy(q->news->body, c->body.p, c->body.n);
	}
	pthread_mutex_lock(&live->lock);
	if (r->waiter.gone)
		request_drop(live, r);
	else if (look->anew)
		parking_park(live->parking, &r->waiter, clock_monotonic_us());
	else
		parking_go_on(live->parking, &r->waiter);
	pthread_cond_broadcast(&live->work);
	pthread_mutex_unlock(&live->lock);
}

static int compare_changed(const void *a, const void *b)
{
	const struct changed *x = a, *y = b;
	return x->index < y->index ? -1 : x->index > y->index;
}

static void look_live(struct round *round, struct look *look)
{
	struct runner *runner = round->runner;
	struct worker *w = runner->worker;
	struct live *live = runner->live;
	struct request *r = look->r;
	struct door *door = &look->door;
	bool good = true, any = false;
	open_door(runner, r, door);
	door->ask.op = NULL;
	door->http.id = str_of(r->id);
	look->over = r->waiter.cause == CAUSE_OVER;
	if (look->over) {
		ready(round, look);
		return;
	}
	look->changed = ARENA_ARRAY(w->arena, r->n + 1, struct changed);
	if (give_up(round, look))
		return;
	if (!r->pass.left) /* what was found in an earlier turn was not made while it is held */
		hold_if_overtaken(round, r);
	pass_enter(live, look);
	for (struct pass *pass = &r->pass; pass->left && good; pass->left--) {
		if (is_touched(live, r, pass->at)) {
			if (any && !has_time(round)) {
				look->part = is_much(look);
				look->leaves = !look->part;
				if (look->leaves)
					return;
				break;
			}
			any = true;
			good = look_question(round, look, pass->at);
		}
		pass->at = (pass->at + 1) % r->n;
	}
	r->pass.left = 0;
	qsort(look->changed, look->n_changed, sizeof *look->changed, compare_changed);
	later(&door->answer);
	if (good && !look->n_changed)
		park_again(live, look);
	else
		ready(round, look);
}

/* Due again as they were, after those of other companies. */
static void give_back(struct live *live, struct waiter **waiters, size_t n)
{
	pthread_mutex_lock(&live->lock);
	while (n-- > 0)
		if (waiters[n]->gone)
			request_drop(live, request_of(waiters[n]));
		else
			parking_go_on(live->parking, waiters[n]);
	if (parking_has_due(live->parking))
		pthread_cond_broadcast(&live->work);
	pthread_mutex_unlock(&live->lock);
}

void requests_again(struct runner *runner, struct waiter **waiters, size_t n)
{
	struct round round = { .runner = runner, .began = clock_monotonic_us() };
	arena_reset(runner->worker->arena);
	for (size_t i = 0; i < n; i++) {
		/* Each may ask a hundred questions: a company's turn ends, however many are left.
		 */
		if (i && !has_time(&round)) {
			give_back(runner->live, waiters + i, n - i);
			break;
		}
		struct look *look = ARENA_NEW(runner->worker->arena, struct look);
		look->r = request_of(waiters[i]);
		if (look->r->kind == REQUEST_LIVE)
			look_live(&round, look);
		else
			look_get(&round, look);
		if (look->leaves) { /* its turn is over; where it goes is seen from the others */
			give_back(runner->live, waiters + i + 1, n - i - 1);
			pass_leave(runner->live, look);
			break;
		}
		let_go(&round);
	}
	flush(&round);
	log_request(NULL);
}
