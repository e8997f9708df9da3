/*
 * live.h: what the files of the live process share. live.c: threads, accepting, listening to the
 * counters, stopping. live_answer.c: a request that comes, and how it ends. live_again.c: one that
 * waits, when something has changed. live_stream.c: one that is told of changes for as long as it
 * listens. live_whose.c: of which company one is that has just come.
 */
#pragma once
#include <pthread.h>

#include "core/door.h"
#include "core/equal.h"
#include "core/live_pages.h"
#include "core/live_poll.h"
#include "core/parking.h"
#include "core/recall.h"
#include "process/process.h"

enum {
	LIVE_BATCH = 128,          /* waiters of one company that are looked at together */
	WHOSE_KNOWN = 16384,       /* sessions and keys: a megabyte */
	LIVE_TURN_US = 100000,     /* then it is the turn of another company */
	LIVE_OVERTAKEN_MOST = 8,   /* from then on the company's version is held while it is made */
	LIVE_OVERTAKEN_END = 16,   /* then its client is to come again */
	LIVE_NEWS_BYTES = 4 << 20, /* of one request, while others have their turn */
	LIVE_ARENA_MOST = 4 << 20  /* bytes: then what is ready is sent before more is made */
};
#define LIVE_OVERTAKEN_WHY "this changes faster than it can be read"

struct live {
	const struct config *config;
	struct shared_memory *shared;
	struct slot *slot;
	int listen_fd, watch, wake; /* watch: epoll over the clients, the doorbell and wake */
	pthread_mutex_t lock;       /* over all that follows */
	pthread_cond_t work;  /* somebody has arrived or is due, or a runner has done its work */
	pthread_cond_t asked; /* an equal question has been answered */
	struct parking *parking;
	struct equals *equals;
	struct recall *recall;
	struct turns *arrived;
	struct runner *runners;
	struct request *buried; /* finished, and freed when no event can name them any more */
	size_t n_open;          /* requests there are */
	bool leaving;           /* nobody is parked any more */
	bool ended;             /* and nobody will come */
};

struct news { /* an answer that waits for those to the other queries of its request */
	int status;
	char etag[48];
	size_t n;
	char body[];
};

struct question {                   /* one query of a request */
	char etag[48];              /* what the client has */
	struct news *news;          /* what it is to be told, or NULL */
	struct equal *equal;        /* NULL: nobody could ask the same */
	const struct operation *op; /* NULL: a page */
	char *path;                 /* of POST /v1/live and POST /live */
};

/* A look at all questions of REQUEST_LIVE, in turns of LIVE_TURN_US: others come between. */
struct pass {
	size_t at, left;        /* the next one, and how many are not looked at yet */
	bool person;            /* because who asks has changed */
	int64_t person_version; /* the oldest at which that was found */
};

enum request_kind { REQUEST_GET, REQUEST_CHANGES, REQUEST_LIVE /* many questions */ };

struct request {
	struct waiter waiter;
	FCGX_Request fcgi;
	struct turn arrived;
	char company[37];     /* as of its coming; "": nobody's, or not known */
	struct request *next; /* buried */
	enum request_kind kind;
	int wait;              /* seconds; -1: answer at once */
	bool held, watched;    /* has entered the parking; is in the epoll set */
	bool counted;          /* as one that waits */
	struct stream *stream; /* of server-sent events, or NULL */
	unsigned overtaken;    /* how often in a row its answer was old before it was sent */
	struct identity who;   /* as of the last answer; without its texts */
	struct ask *ask;       /* of REQUEST_LIVE: by whom; its texts are the request's own */
	char id[65];
	struct pass pass;
	size_t n; /* questions; there is one reading more, the first: who asks */
	struct question *questions;
	struct reading *readings;
};

struct stream {
	struct http_stream out;
	int64_t since;   /* up to here everything has been told, or is in `out` */
	int64_t ends_us; /* monotonic */
};

/* A thread that answers: its own connections, and the text that it is putting together. */
struct runner {
	struct live *live;
	struct worker *worker;
	pthread_t thread;
	bool arrivals_first;
	unsigned joins;   /* so many others may be at work for the company that it begins with */
	bool busy;        /* at work */
	char company[37]; /* for whom */
	struct buf text;
	int64_t held_us; /* since when a company's version is held, monotonic; 0: none is */
};

struct whose { /* of the thread that accepts */
	struct worker *worker;
	int64_t away_until; /* monotonic: nothing is looked up before that */
	struct known_company {
		unsigned char token[16]; /* the beginning of its digest */
		char company[37];
	} * known; /* WHOSE_KNOWN, each at a place that follows from its digest */
};
/* Finds r->company. */
void request_whose(struct whose *whose, struct request *r);

/* Answers one that has just come, or parks it. */
void request_arrive(struct runner *runner, struct request *r);
/*
 * Nothing is sent that has been overtaken: an answer with data goes out while its company's version
 * is held, after it was seen that nothing has moved that it was made from. So what a change takes
 * away from a reader was sent before that change was committed, or is not sent. False: the
 * database is away or very busy, and nothing is held.
 */
bool runner_hold(struct runner *runner, const char company[37], int64_t *head);
void runner_release(struct runner *runner);     /* nothing when none is held */
bool runner_holds(const struct runner *runner); /* and for so short that it is sure */

/* Parks one that is out and has been noted, for the first time or again. It is no longer the
 * caller's. */
void request_park(struct live *live, struct request *r);
/* Makes the answer a problem, with a Retry-After that is not the same for everybody. */
void request_refuse(struct runner *runner, struct door *door, error kind, const char *detail);
/* Looks at waiters that were taken out of the parking, all of one company and at most LIVE_BATCH:
 * answers them, or parks them again. */
void requests_again(struct runner *runner, struct waiter **waiters, size_t n);

/* Reads it from the beginning, as often as it is run: its parameters stay in the FastCGI request.
 */
void request_read(struct runner *runner, struct request *r, struct door *door);
/* Is the answer what the client has already? */
bool request_is_quiet(struct arena *a, const struct request *r, const struct answer *answer);
/* Note what it was answered from: who asks, a question, or all. The lock is held, and the request
 * is in the parking and out. */
void request_note_person(
    struct live *live, struct request *r, struct arena *a, const struct answer *answer);
void request_note_question(struct live *live, struct request *r, size_t i, struct arena *a,
    const struct answer *answer, const struct topic_set *reads);
void request_note(
    struct live *live, struct request *r, struct arena *a, const struct answer *answer);

/* It waits: all that it asks was looked at. Counted once, and until it ends; the lock is held. */
void request_count(struct live *live, struct request *r);

/* Notes what the answers are made from that the client has when it was told this, for when it comes
 * again. The lock is held. */
void request_note_told(struct live *live, const struct request *r, struct arena *a, size_t i,
    const char *etag, int64_t version);

/* GET /v1/changes as a stream: is it asked for, and from where on (Last-Event-ID, or ?since=)? Also
 * when it is run again. */
void stream_read(struct request *r, struct door *door);
/* Begins one that was run for the first time and entered the parking. */
void stream_begin(struct runner *runner, struct request *r, struct door *door);
/* The next event, a sign of life or the end. The request is out. */
void stream_tell(struct runner *runner, struct request *r, struct door *door, bool over);
/* There is nothing for this reader up to the version that the answer names. */
void stream_pass(struct request *r, struct arena *a, const struct answer *answer);
/* Its client has not taken the last event yet: true, and it is no longer ours. */
bool stream_is_behind(struct live *live, struct request *r);
/* Its client can take more. */
void stream_drain(struct live *live, struct request *r);

struct changes_feed { /* an answer of the operation that waits for items */
	size_t n_items;
	int64_t next;
	bool has_more;
};
struct changes_feed changes_feed_read(struct arena *a, str body);

/* Finishes one that was answered. */
void request_end(struct live *live, struct request *r);
/* Closes one without an answer: its client has gone. It is out of the parking's lists, and the lock
 * is held. */
void request_drop(struct live *live, struct request *r);
void request_free(struct request *r);
int64_t live_retry_after(void); /* seconds, not the same for everybody */

static inline struct request *request_of(struct waiter *w) { return (struct request *)(void *)w; }
_Static_assert(offsetof(struct request, waiter) == 0, "request_of()");
