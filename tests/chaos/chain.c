/*
 * chain.c: the workflow of tests/chaos/workflows.mjs. Muster with this file is a program of its
 * own, with the operations that start such a run and tell it an event; made with CHAIN_NEWEST 2 it
 * is the program that comes after it, which has a second definition and keeps the first. A run
 * sleeps, asks a receiver, waits for an event, does a part of its work in children, and makes a
 * source, of which a webhook tells; or it fails at its end and takes back what it began with. Each
 * step writes one line of chain_effects in its transaction.
 */
#include <curl/curl.h>
#include <stdio.h>

#include "core/call.h"
#include "core/operation.h"
#include "core/row.h"
#include "core/workflow.h"
#include "modules/transfer.h"

enum { CALL_SECONDS = 5, MILLISECOND = 1000 };

struct chain {
	int64_t rounds; /* of the part that comes again */
};
STATE_FIELDS(chain) = { STATE_FIELD(chain, rounds) };

static int64_t number_of(const struct job *job, const char *name)
{
	return json_object_get_int64(json_object_object_get(job->input, name));
}

static bool says(const struct job *job, const char *name)
{
	return json_object_get_boolean(json_object_object_get(job->input, name));
}

static error effect(struct call *call, const struct job *job, const char *sign)
{
	const str step = str_of(arena_printf(call->arena, "%s%s", sign, job->step));
	const int64_t definition = job->workflow->definition;
	const struct db_param values[] = { DB_PARAM_ID(job->run.text), DB_PARAM_INT(&job->number),
		DB_PARAM_TEXT(&step), DB_PARAM_INT(&definition) };
	return db_execute(call->db,
	    STR("INSERT INTO chain_effects (run, number, step, definition) VALUES (?, ?, ?, ?)"),
	    values, 4, NULL);
}

/* ---- outside ---- */

static size_t hear(char *text, size_t size, size_t n, void *with)
{
	(void)text, (void)with;
	return size * n;
}

static error call_outside(struct call *call, struct job *job)
{
	const char *key =
	    arena_printf(call->arena, "chain-key: %s/%lld", job->run.text, (long long)job->number);
	const char *body = arena_printf(call->arena, "%lld", (long long)number_of(job, "number"));
	const char *url = json_object_get_string(json_object_object_get(job->input, "url"));
	CURL *curl = curl_easy_init();
	long status = 0;
	if (!curl)
		return fail(call, UNAVAILABLE, NULL, "libcurl cannot begin");
	struct curl_slist *lines = curl_slist_append(NULL, key);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, hear);
	transfer_limits(curl, job, CALL_SECONDS, CALL_SECONDS);
	CURLcode code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(lines);
	curl_easy_cleanup(curl);
	if (code != CURLE_OK || status != 204)
		return fail(call, UNAVAILABLE, NULL, "the receiver answers %ld (%s)", status,
		    curl_easy_strerror(code));
	return OK;
}

/* ---- the steps ---- */

static error part_done(struct call *call, struct job *job) { return effect(call, job, ""); }

WORKFLOW(chain_child, .definition = 1, .steps = { { "child", part_done } });

static error begin(struct call *call, struct job *job)
{
	bool second = job->workflow->definition == 2;
	job_sleep(job, second ? "between" : "call", number_of(job, "pause_ms") * MILLISECOND);
	return effect(call, job, "");
}

static error take_back(struct call *call, struct job *job) { return effect(call, job, "-"); }

static error called(struct call *call, struct job *job)
{
	job_wait_for(job, "go", number_of(job, "limit_ms") * MILLISECOND, "went");
	return effect(call, job, "");
}

static error went(struct call *call, struct job *job)
{
	job->result = job->timed_out ? STR("\"alone\"") : STR("\"told\"");
	TRY(job_branch(call, job, "left"));
	TRY(job_branch(call, job, "right"));
	TRY(job_child(call, job, &chain_child, "", NULL));
	job_join(job, "joined");
	return effect(call, job, "");
}

static error come_again(struct call *call, struct job *job)
{
	struct chain *chain = job->state;
	chain->rounds = chain->rounds == INT_NONE ? 1 : chain->rounds + 1;
	if (chain->rounds < 3)
		job_next(job, "right");
	return effect(call, job, "");
}

static error joined(struct call *call, struct job *job)
{
	if (json_object_array_length(job->children) != 3)
		return fail(call, CONFLICT, NULL, "it has not three parts");
	job_next(job, "last");
	return effect(call, job, "");
}

static error last(struct call *call, struct job *job)
{
	struct source source;
	TRY(effect(call, job, ""));
	if (says(job, "fails"))
		return fail(call, CONFLICT, NULL, "as it was told");
	row_init(&sources_table, &source);
	source.name =
	    str_of(arena_printf(call->arena, "Chain %lld", (long long)number_of(job, "number")));
	return source_insert(call, &source);
}

#if CHAIN_NEWEST == 2
static error between(struct call *call, struct job *job)
{
	job_next(job, "call");
	return effect(call, job, "");
}
#endif

#define CALL \
	{ \
		"call", called, call_outside, CALL_SECONDS, .retry = { \
			.first_us = SECONDS(1) / 5, \
			.longest_us = SECONDS(2) \
		} \
	}
#define REST \
	{ "went", went }, { "left", part_done }, { "right", come_again }, { "joined", joined }, \
	{ \
		"last", last \
	}

WORKFLOW_AS(chain_1, .name = "chain", .definition = 1, .state = STATE_SET(chain),
    .steps = { { "begin", begin, .undo = take_back }, CALL, REST });
#if CHAIN_NEWEST == 2
WORKFLOW_AS(chain_2, .name = "chain", .definition = 2, .state = STATE_SET(chain),
    .steps = { { "begin", begin, .undo = take_back }, { "between", between }, CALL, REST });
#endif

/* ---- what is said to it ---- */

struct chains_start_in {
	int64_t number, pause_ms, limit_ms;
	bool fails;
	str url;
};
FIELDS(chains_start) = {
	FIELD(chains_start, number, .flags = F_REQUIRED, .max = INT64_MAX),
	FIELD(chains_start, pause_ms, .flags = F_REQUIRED, .max = INT64_MAX),
	FIELD(chains_start, limit_ms, .flags = F_REQUIRED, .max = INT64_MAX),
	FIELD(chains_start, fails, .flags = F_REQUIRED),
	FIELD(chains_start, url, .flags = F_REQUIRED, .max = 200),
};

MUTATION(chains_start, "workflow_runs.edit", ROW(workflow_runs), .route = "POST /v1/chains",
    .summary = "Start a run", .status = 201)
{
	workflow_run_id run;
	TRY(workflow_start(call, workflow_named("chain"), "", call->tree, &run));
	return row_answer(call, &workflow_runs_table, run.text, out);
}

struct chains_go_in {
	workflow_run_id id;
	uuid event;
};
FIELDS(chains_go) = {
	FIELD(chains_go, id, .flags = F_REQUIRED, .like = COLUMN(workflow_runs, id)),
	FIELD(chains_go, event, .flags = F_REQUIRED),
};

MUTATION(chains_go, "workflow_runs.edit", ROW(workflow_runs), .route = "POST /v1/chains/{id}/go",
    .summary = "Tell a run its event")
{
	TRY(workflow_signal(call, in->id, in->event.text, "go", NULL));
	return row_answer(call, &workflow_runs_table, in->id.text, out);
}
