/*
 * gate.h: the one way in. REST, pages, long-polls, jobs and imports all make an `ask` and get an
 * `answer`: authenticate -> limit -> decode and validate all fields at once -> check permission ->
 * run -> (mutation: record changes, bump versions, commit, ring) -> answer. A deadlock runs the
 * whole operation again.
 */
#pragma once
#include "core/operation.h"
#include "http/http.h"

enum credential_kind { CREDENTIAL_NONE, CREDENTIAL_BEARER, CREDENTIAL_COOKIE, CREDENTIAL_JOB };

struct ask {
	const struct operation *op;
	enum credential_kind credential;
	str token; /* bearer or cookie */
	company_id job_company;
	agent_id job_agent; /* CREDENTIAL_JOB: on whose behalf, "": the program's own; never from a
			       request */
	uuid job_key;       /* of CREDENTIAL_JOB: the API key that started it, or "" */
	/* The input, by at most one of the two: a JSON object, or pairs as text (query string,
	 * form). Path parameters are pairs as well and win over both. */
	struct json_object *json;
	const struct http_pair *pairs;
	size_t n_pairs;
	const struct http_pair *path;
	size_t n_path;
	bool form; /* pairs are a form: "" is null, a[b] and a[0][b] are nested, _names are the
		      door's own */
	str filename, data;                     /* of a multipart file, or a raw body */
	const struct hook_signature *signature; /* of a raw body */
	str if_none_match, if_match, idempotency_key;
	str ip, user_agent, request_id, instance; /* instance: the path, for problem documents */
	instant started;
	const struct recaller *recaller; /* or NULL */
	int64_t until_us; /* monotonic: of many queries no more are asked then; 0: all are */
	bool free;        /* costs no rate token: a repeat made by the program itself */
};

struct limit {
	int64_t limit, remaining, reset_seconds;
	bool set;
};

struct answer {
	error kind;    /* OK, or which problem the body describes */
	int status;    /* HTTP */
	str body;      /* JSON document, or problem document; in the worker's body buffer */
	char etag[48]; /* with quotes; "" when there is none */
	unsigned char digest[32]; /* SHA-256 of what the etag covers, whoever reads it */
	int64_t version;          /* the company's; INT_NONE: unknown */
	struct topic_set reads;   /* a query's read set: what can change this answer */
	const struct live_part *parts;
	size_t n_parts;      /* of POST /v1/live: its queries; live_poll.h */
	bool cut;            /* not all were asked: the body is nobody's */
	struct identity who; /* NOBODY when it could not be told */
	struct problem problem;
	struct limit limit;
	const char *location; /* of something created */
	str next;             /* call.next */
	bool replayed;        /* from a stored answer */
	bool not_modified;    /* 304: body is empty */
	str cookie_token;
	bool cookie_clear;
	int64_t retry_after; /* seconds; 0: none */
};

/* Never fails: a fault is an answer too. `a` is the request's arena; everything in *answer lives
 * there or in the worker's body buffer. */
void gate_ask(struct worker *worker, struct arena *a, const struct ask *ask, struct answer *answer);

/* The problem document (RFC 9457) of an answer, as its body. */
void gate_problem(struct arena *a, struct buf *out, error kind, const struct problem *problem,
    str instance, str request_id);
