/*
 * call.h: one call of one operation: who asks, what is known about them, what was read and what was
 * changed. The gate makes it; operations get it as their first argument. Lives in the request's
 * arena.
 */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"
#include "base/memo.h"
#include "core/access.h"
#include "core/table.h"
#include "db/db.h"
#include "schema.h"

struct worker;
struct hook_signature; /* signed_hook.h */
struct operation;

enum identity_kind { NOBODY, BY_SESSION, BY_KEY, BY_JOB };

struct identity {
	enum identity_kind kind;
	company_id company;
	agent_id agent;
	role_id role;
	uuid credential;    /* the session's or the key's id; of a job, that of the key that started
			       it, or "" */
	role_id maker_role; /* of the agent who made the key: it limits the key's own */
	int64_t role_revision;
	str email, full_name;
	str team_ids; /* JSON array of the agent's teams, or none */
	str scopes;   /* JSON array of an API key's scopes, or none: all of its role */
	const struct grants *grants;
	int64_t triggers; /* companies.triggers; -1: not known */
	int64_t indexing; /* percent of the search index while it is made anew; 0: it is whole */
};

/* Topics whose change can change the answer. A plain set of texts, without the company. */
struct topic_set {
	char **v;
	size_t n, cap;
};
void topics_join(struct arena *a, struct topic_set *all, const struct topic_set *more);

struct field_error {
	const char *pointer, *code, *detail;
};

enum { PROBLEM_FIELDS = 100 }; /* a request of 1 MiB can have more of them than anybody reads */

struct problem {
	error kind;
	const char *detail;         /* for people; NULL: the kind's title says it all */
	struct field_error *fields; /* every bad field, but no more than PROBLEM_FIELDS */
	size_t n_fields, cap_fields;
	const char *existing_id;    /* of a CONFLICT, when the caller may see that row */
	const char *merged_into_id; /* of a NOT_FOUND: the row into which that one was merged, when
				       the caller may see it */
	struct json_object *extra;  /* members of the problem document beside these, or NULL */
};

/* Knows what the answer of `etag` to a question was made from, when it is still good at the call's
 * version; the live process has one, for requests that will wait. */
struct recaller {
	bool (*find)(const struct recaller *self, struct call *call, str question, str etag,
	    struct topic_set *reads);
	void *with;
	str question; /* the request itself as one: its path and query string */
};

struct row_change;
struct row_image;
struct search_pending;
struct queue_wake;
enum { IMAGE_LISTS = 64 };

struct call {
	struct worker *worker;
	struct arena *arena;
	struct db *db; /* the connection of this call: read only for a query */
	const struct operation *op;
	instant now; /* one time for the whole call */
	struct identity me;
	enum level level;  /* at which the caller holds op's permission */
	const bool *given; /* by index of op's input fields: was it in the request? */
	struct problem problem;
	struct topic_set reads;
	struct row_change *changes; /* newest first */
	size_t n_changes;
	struct search_pending *search; /* what the index has yet to learn, newest first;
					  search_write.h */
	struct queue_wake *wakes;      /* what has become due in queues of runs; core/workflow.c */
	struct memo *known; /* what need not be asked of the database again: references (row.c),
			       answers (query_run.c) */
	struct row_image *images[IMAGE_LISTS]; /* rows as they were when they were locked or last
						  written; by id, newest first */
	int64_t chain; /* how many runs of automations stand before what it changes now */
	str next; /* of what a form of another site sent: where its browser goes then; none: to our
		     thanks */
	bool by_stranger;   /* what it changes now began with a stranger: a public form */
	int64_t version;    /* the company's head: before a query, after a mutation */
	str fields, expand; /* the answer's shape as asked for; none: all, nothing */
	uuid answered;      /* the row that the answer shows, or "" */
	str if_match;       /* for row_lock of the operation's own row; none: no condition */
	str ip, user_agent;
	struct json_object *tree; /* the input as it came; borrowed */
	struct {
		str filename, data;
	} file;                                 /* of a multipart request, or a raw body */
	const struct hook_signature *signature; /* of a raw body, as its headers have it; or NULL */
	str cookie_token; /* a new session's token, for the browser's cookie; set by sessions */
	bool cookie_clear;
	int64_t retry_after;             /* seconds, with LIMITED */
	const struct recaller *recaller; /* or NULL */
	struct live_part *parts;
	size_t n_parts;   /* of POST /v1/live; live_poll.h */
	int64_t until_us; /* of many queries no more are asked then (struct ask) */
	bool cut;         /* and some were not (struct answer) */
	bool brief; /* a mutation's answer is the row's id: for who makes many and reads none */
	const struct call *outer; /* the call that made this one through call_run(), or NULL */
};

/* Says once what is wrong and returns `kind`. `pointer` is a field of the input ("amount",
 * "emails/0/address") or NULL; the text is for people. May be called several times for several
 * fields; the first kind stands. */
error fail(struct call *call, error kind, const char *pointer, const char *format, ...)
    PRINTF_LIKE(4, 5);
/* As fail, with a stable word for programs ("too_long") in place of the kind's own. */
error fail_code(struct call *call, error kind, const char *pointer, const char *code,
    const char *format, ...) PRINTF_LIKE(5, 6);

/* Is the row to be answered in a shape of its own? An answer with members beside the row's has them
 * only as a whole, whatever is expanded. */
bool call_shaped(const struct call *call);

bool given(const struct call *call,
    const char *field); /* was this input field in the request (null included)? */

/* Notes that the answer depends on a topic ("roles/row/<id>"). What statements read is noted by
 * core/ (access.h, sql_run.h). */
void call_reads(struct call *call, const char *format, ...) PRINTF_LIKE(2, 3);
void call_reads_row(struct call *call, const struct table *table, const char id[37]);
#define TOPIC_TEXT 96
void topic_of_row(const struct table *table, const char id[37], char topic[TOPIC_TEXT]);

/* Runs another operation inside this call: same person, same transaction, its own permission check.
 * `args` is the input as a JSON object (borrowed). The answer's document is written to out. */
error call_run(struct call *call, const struct operation *op, struct json_object *args,
    struct json *out) MUST_CHECK;

/* As call_run() of an operation that deletes one row (resource_delete), for many rows at once: all
 * or none of them. */
error call_delete_rows(
    struct call *call, const struct operation *op, const char *const *ids, size_t n) MUST_CHECK;

/* For one of many: does `run` inside this mutation, and when it refuses takes back what it did,
 * leaves why in the call's problem, and the transaction usable. RETRY, INTERNAL and UNAVAILABLE are
 * no refusals: they end the whole call. Does not nest. */
error call_attempt(
    struct call *call, error (*run)(struct call *call, void *with), void *with) MUST_CHECK;

/* Is what the client has recalled? Then it counts as read. */
bool call_recalls(struct call *call, str question, str etag, struct topic_set *reads);

/* Runs a query inside this call as its URL asks for it: `ask` has the operation and the pairs. The
 * document goes to `body` as GET would answer it, the read set to *reads, apart from the call's;
 * what is wrong is in the call's problem. */
struct ask;
struct buf;
error call_query(struct call *call, const struct ask *ask, struct buf *body, char etag[48],
    struct topic_set *reads) MUST_CHECK;

/* A module reads through core/ alone, so it can neither forget what it read nor keep a list of it.
 */
#ifdef MUSTER_MODULE
#pragma GCC poison db_query db_one db_execute db_script call_reads call_reads_row
#endif
