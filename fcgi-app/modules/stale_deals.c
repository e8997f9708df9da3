/*
 * stale_deals.c: each morning, on the company's clocks, who works on deals with which nothing has
 * happened for as many days as the company has chosen gets one mail with them. Each run looks at
 * those that have become stale since the run before, so each deal is told once, and again only when
 * something happened with it and it has become stale anew; with more days nothing is told twice. It
 * is asked as its reader. Statements: sql/query/stale_deals.sql. Mail: templates/mail/stale_deals.
 * Tests: tests/http/builtin/stale_deals.mjs
 */
#include "core/identity.h"
#include "core/outbox.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/worker.h"
#include "core/workflow.h"

enum { SHOWN = 20 };
/* How far the first run looks back, behind what has just become stale. */
#define FIRST_LOOK DAYS(30)

struct stale_deals {
	instant from, until; /* what happened last is in this time */
	agent_id after;      /* the last who was told */
};
STATE_FIELDS(stale_deals) = { STATE_FIELD(stale_deals, from), STATE_FIELD(stale_deals, until),
	STATE_FIELD(stale_deals, after) };

/* The time is taken by this run, and by no other after it. */
static error begin(struct call *call, struct job *job)
{
	struct stale_deals *state = job->state;
	struct company company;
	TRY(company_lock_any(call, call->me.company, &company));
	state->until = (instant) { call->now.us - DAYS(company.stale_days) };
	state->from = instant_none(company.stale_told_until)
			  ? (instant) { state->until.us - FIRST_LOOK }
			  : company.stale_told_until;
	if (!company.stale_days || state->from.us >= state->until.us)
		return OK;
	company.stale_told_until = state->until;
	job_next(job, "tell");
	return company_update(call, &company);
}

static struct json_object *text_of(str s) { return json_object_new_string_len(s.p, (int)s.n); }

static error mail_owner(struct call *call, const struct owners_of_stale_deals_row *owner,
    const struct stale_deals_of_mine_row *rows, size_t n)
{
	const char *url = call->worker->config->public_url;
	struct json_object *words = json_object_new_object(), *deals = json_object_new_array();
	json_keep(call->arena, words);
	json_object_object_add(words, "deals", deals);
	json_object_object_add(words, "name", text_of(owner->full_name));
	json_object_object_add(words, "more", json_object_new_boolean(n > SHOWN));
	json_object_object_add(words, "action_url",
	    json_object_new_string(arena_printf(call->arena, "%s/deals", url)));
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		struct json_object *one = json_object_new_object();
		json_object_object_add(one, "title", text_of(rows[i].title));
		json_object_object_add(one, "url",
		    json_object_new_string(
			arena_printf(call->arena, "%s/deals/%s", url, rows[i].id.text)));
		json_object_array_add(deals, one);
	}
	return mail_write(call,
	    &(struct mail_draft) { .to = owner->email,
		.subject = n == 1 ? "A deal of yours stands still" : "Deals of yours stand still",
		.template = "stale_deals",
		.words = words,
		.kind = "stale_deals" });
}

static error tell(struct call *call, const struct stale_deals *state,
    const struct owners_of_stale_deals_row *owner)
{
	const struct identity program = call->me;
	const struct stale_deals_of_mine_in ask = { .from = state->from, .until = state->until };
	struct stale_deals_of_mine_row *rows;
	size_t n;
	TRY(identity_become(call, program.company, owner->id));
	error e = query_all(call, &stale_deals_of_mine_query, &ask, &rows, &n);
	call->me = program;
	return e == OK && n ? mail_owner(call, owner, rows, n) : e;
}

/* Some agents in a step. */
static error tell_some(struct call *call, struct job *job)
{
	struct stale_deals *state = job->state;
	const struct owners_of_stale_deals_in ask = {
		.from = state->from, .until = state->until, .after = state->after
	};
	struct owners_of_stale_deals_row *owners;
	size_t n;
	TRY(query_all(call, &owners_of_stale_deals_query, &ask, &owners, &n));
	for (size_t i = 0; i < n; i++)
		TRY(tell(call, state, &owners[i]));
	if (n) {
		state->after = owners[n - 1].id;
		job_next(job, job->step);
	}
	return OK;
}

WORKFLOW(stale_deals, .definition = 1, .lane = "notices", .of_the_program = true, .able = mail_able,
    .state = STATE_SET(stale_deals), .steps = { { "begin", begin }, { "tell", tell_some } });
SCHEDULE(stale_deals, .workflow = &stale_deals, .plan = "daily 07:30");
