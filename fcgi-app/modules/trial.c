/*
 * trial.c: how a trial ends. Its owners are told 7, 3 and 1 days before; then the company is on the
 * free plan (core/seats.h: what that means), by the mutation that the page calls. Whoever changes
 * the plan or extends the trial (companies.c) tells the run, which looks anew: it ends with the
 * trial, whatever ended that. Without a mail server nobody is told, and the rest is the same.
 * Statements: sql/query/companies.sql. Mails: templates/mail/trial, trial_over. Tests:
 * tests/http/builtin/trial.mjs
 */
#include "core/identity.h"
#include "core/outbox.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/seats.h"
#include "core/worker.h"
#include "core/workflow.h"

struct trial {
	instant ends_at; /* of which end the owners were told */
	int64_t told;    /* how many days before it, last; 0: not yet */
};
STATE_FIELDS(trial) = { STATE_FIELD(trial, ends_at), STATE_FIELD(trial, told) };

/* ---- mails ---- */

static error mail_owner(struct call *call, const struct owners_to_tell_row *owner,
    const struct company *company, int64_t days)
{
	char ends[INSTANT_TEXT];
	struct json_object *words = json_object_new_object();
	json_keep(call->arena, words);
	instant_format(company->trial_ends_at, ends);
	json_object_object_add(
	    words, "name", json_object_new_string_len(owner->full_name.p, (int)owner->full_name.n));
	json_object_object_add(
	    words, "company", json_object_new_string_len(company->name.p, (int)company->name.n));
	json_object_object_add(words, "ends_at", json_object_new_string(ends));
	json_object_object_add(words, "seats", json_object_new_int(FREE_SEATS));
	json_object_object_add(words, "action_url",
	    json_object_new_string(arena_printf(
		call->arena, "%s/settings/company", call->worker->config->public_url)));
	const char *title = !days ? "Your trial of Muster has ended"
			    : days == 1
				? "Your trial of Muster ends tomorrow"
				: arena_printf(call->arena,
				      "Your trial of Muster ends in %lld days", (long long)days);
	return mail_write(call, &(struct mail_draft) { .to = owner->email,
				    .subject = title,
				    .template = days ? "trial" : "trial_over",
				    .words = words,
				    .kind = "trial" });
}

/* `days` before the end; 0: it has come. */
static error tell(struct call *call, const struct company *company, int64_t days)
{
	struct owners_to_tell_row *owners;
	size_t n;
	if (!mail_able(call->worker->config))
		return OK;
	TRY(query_all(call, &owners_to_tell_query, NULL, &owners, &n));
	for (size_t i = 0; i < n; i++)
		TRY(mail_owner(call, &owners[i], company, days));
	return OK;
}

/* ---- until the end ---- */

static error watch(struct call *call, struct job *job)
{
	static const int64_t marks[] = { 1, 3, 7 };
	struct trial *state = job->state;
	struct company company;
	/* Locked: who changes the plan after this finds the run waiting. */
	TRY(company_lock_any(call, call->me.company, &company));
	if (company.plan != COMPANY_PLAN_TRIAL)
		return OK;
	int64_t left = company.trial_ends_at.us - call->now.us, next = 0, due = 0;
	if (left <= 0) {
		job_next(job, "end");
		return OK;
	}
	if (instant_none(state->ends_at) || state->ends_at.us != company.trial_ends_at.us)
		*state = (struct trial) { company.trial_ends_at, 0 };
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (left <= DAYS(marks[i]) && !due)
			due = marks[i];
		if (left > DAYS(marks[i]))
			next = marks[i];
	}
	if (due && (!state->told || due < state->told)) {
		TRY(tell(call, &company, (left + DAYS(1) - 1) / DAYS(1)));
		state->told = due;
	}
	job_wait_for(job, "plan", left - DAYS(next), "watch");
	return OK;
}

/* ---- the end ---- */

/* As an owner might have done it. */
static error change_plan(struct call *call)
{
	const struct identity program = call->me;
	struct owners_to_tell_row *owners;
	struct buf answer = { 0 };
	struct json out;
	size_t n;
	TRY(query_all(call, &owners_to_tell_query, NULL, &owners, &n));
	if (!n)
		return fail(call, UNAVAILABLE, NULL, "the company has no owner who can log in");
	struct json_object *args = json_object_new_object();
	json_keep(call->arena, args);
	json_object_object_add(args, "plan", json_object_new_string("free"));
	json_begin(&out, &answer);
	TRY(identity_become(call, program.company, owners[0].id));
	error e = call_run(call, operation_named(STR("company_plan")), args, &out);
	call->me = program;
	buf_free(&answer);
	return e;
}

static error end(struct call *call, struct job *job)
{
	struct company company;
	TRY(company_lock_any(call, call->me.company, &company));
	if (company.plan == COMPANY_PLAN_TRIAL && company.trial_ends_at.us > call->now.us) {
		job_next(job, "watch"); /* extended in the last moment */
		return OK;
	}
	if (company.plan != COMPANY_PLAN_TRIAL)
		return OK;
	TRY(change_plan(call));
	return tell(call, &company, 0);
}

WORKFLOW(trial, .definition = 1, .of_the_program = true, .state = STATE_SET(trial),
    .steps = { { "watch", watch }, { "end", end } });
