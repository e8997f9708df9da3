/*
 * onboarding.c: the first weeks of a company. With the sign-up, in its transaction, it is marked as
 * started and its owner gets a mail; three days later somebody looks what it has done, and either
 * congratulates or tells what is missing; a week after that once more, and then it is over. Without
 * an owner who can log in it is over at once, and without a mail server nobody is told anything. On
 * the start page its owners see a list of the first steps, which ticks itself and can be put away.
 * Statements: sql/query/companies.sql. Mails: templates/mail/welcome, onboarding_*. Page:
 * templates/home/index. Tests: tests/http/builtin/onboarding.mjs
 */
#include "core/identity.h"
#include "core/operation.h"
#include "core/outbox.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/worker.h"
#include "core/workflow.h"

#define LOOK_AFTER DAYS(3)
#define LOOK_AGAIN_AFTER DAYS(7)

/* ---- what is done ---- */

static error find_steps(struct call *call, struct first_steps_row *out)
{
	return query_one(
	    call, &first_steps_query, &(struct first_steps_in) { .moment = call->now }, out);
}

/* As the owner sees it. */
static error find_steps_of(
    struct call *call, const struct owners_to_tell_row *owner, struct first_steps_row *out)
{
	const struct identity program = call->me;
	TRY(identity_become(call, program.company, owner->id));
	error e = find_steps(call, out);
	call->me = program;
	return e;
}

static bool is_engaged(const struct first_steps_row *is)
{
	return is->contacts && is->people && is->deals;
}

/* ---- mails ---- */

/* NOT_FOUND without a word: nobody is there who could be told. */
static error find_owner(struct call *call, struct owners_to_tell_row *owner)
{
	struct owners_to_tell_row *owners;
	size_t n;
	TRY(query_all(call, &owners_to_tell_query, NULL, &owners, &n));
	if (!n)
		return NOT_FOUND;
	*owner = owners[0];
	return OK;
}

static error tell(struct call *call, const struct owners_to_tell_row *owner, const char *template,
    const char *title, const struct first_steps_row *is)
{
	struct my_company_row company;
	if (!mail_able(call->worker->config))
		return OK;
	TRY(query_one(call, &my_company_query, NULL, &company));
	struct json_object *words = json_object_new_object();
	json_keep(call->arena, words);
	json_object_object_add(
	    words, "name", json_object_new_string_len(owner->full_name.p, (int)owner->full_name.n));
	json_object_object_add(
	    words, "company", json_object_new_string_len(company.name.p, (int)company.name.n));
	json_object_object_add(words, "no_contacts", json_object_new_boolean(!is->contacts));
	json_object_object_add(words, "no_people", json_object_new_boolean(!is->people));
	json_object_object_add(words, "no_deals", json_object_new_boolean(!is->deals));
	json_object_object_add(words, "action_url",
	    json_object_new_string(
		arena_printf(call->arena, "%s/", call->worker->config->public_url)));
	return mail_write(call, &(struct mail_draft) { .to = owner->email,
				    .subject = title,
				    .template = template,
				    .words = words,
				    .kind = "onboarding" });
}

/* ---- its way ---- */

static error mark(struct call *call, enum company_onboarding state)
{
	struct company company;
	TRY(company_lock_any(call, call->me.company, &company));
	company.onboarding = state;
	return company_update(call, &company);
}

static error look(struct call *call, struct job *job)
{
	struct first_steps_row is;
	struct owners_to_tell_row owner;
	error e = find_owner(call, &owner);
	if (e == NOT_FOUND)
		return mark(call, COMPANY_ONBOARDING_OVER);
	TRY(e);
	TRY(find_steps_of(call, &owner, &is));
	job_next(job, is_engaged(&is) ? "congratulate" : "tips");
	return OK;
}

static error give_tips(struct call *call, struct job *job)
{
	struct first_steps_row is;
	struct owners_to_tell_row owner;
	TRY(find_owner(call, &owner));
	TRY(find_steps_of(call, &owner, &is));
	job_sleep(job, "look_again", LOOK_AGAIN_AFTER);
	return tell(call, &owner, "onboarding_tips", "Three things to begin with in Muster", &is);
}

static error look_again(struct call *call, struct job *job)
{
	struct first_steps_row is;
	struct owners_to_tell_row owner;
	error e = find_owner(call, &owner);
	if (e == NOT_FOUND)
		return mark(call, COMPANY_ONBOARDING_OVER);
	TRY(e);
	TRY(find_steps_of(call, &owner, &is));
	if (is_engaged(&is)) {
		job_next(job, "congratulate");
		return OK;
	}
	TRY(mark(call, COMPANY_ONBOARDING_OVER));
	return tell(
	    call, &owner, "onboarding_over", "Can we make Muster easier to begin with?", &is);
}

static error congratulate(struct call *call, struct job *job)
{
	struct first_steps_row is;
	struct owners_to_tell_row owner;
	(void)job;
	TRY(find_owner(call, &owner));
	TRY(find_steps_of(call, &owner, &is));
	TRY(mark(call, COMPANY_ONBOARDING_ENGAGED));
	return tell(call, &owner, "onboarding_done", "Muster is yours now", &is);
}

WORKFLOW(onboarding, .definition = 1, .of_the_program = true,
    .steps = { { "look", look }, { "tips", give_tips }, { "look_again", look_again },
	{ "congratulate", congratulate } });

NO_INPUT(company_onboard);

/* No door leads here: the sign-up asks it. */
MUTATION(company_onboard, SIGNED_IN, NOTHING, .summary = "Begin the first weeks of a company")
{
	struct owners_to_tell_row owner;
	struct first_steps_row is = { 0 };
	TRY(mark(call, COMPANY_ONBOARDING_STARTED));
	TRY(find_owner(call, &owner));
	TRY(tell(call, &owner, "welcome", "Welcome to Muster", &is));
	return workflow_start_later(call, &onboarding, call->me.company.text, NULL,
	    (instant) { call->now.us + LOOK_AFTER }, NULL);
}

/* ---- the list of first steps ---- */

NO_INPUT(company_first_steps);
struct company_first_steps_out {
	bool shown, contacts, people, deals, tasks;
};
ANSWER(company_first_steps) = {
	MEMBER(company_first_steps, shown,
	    .doc = "Whether the start page has the list: until all is done, or it is put away"),
	MEMBER(company_first_steps, contacts, .doc = "Whether there are contacts"),
	MEMBER(company_first_steps, people, .doc = "Whether a second agent is there, or invited"),
	MEMBER(company_first_steps, deals, .doc = "Whether there are deals"),
	MEMBER(company_first_steps, tasks, .doc = "Whether there are tasks"),
};

QUERY(company_first_steps, "company.edit", OBJECT(company_first_steps),
    .route = "GET /v1/company/first_steps",
    .summary = "Which of the first things with which a company begins it has done")
{
	struct company company;
	struct first_steps_row is;
	TRY(company_get(call, call->me.company, &company));
	TRY(find_steps(call, &is));
	bool begun = company.onboarding != COMPANY_ONBOARDING_NONE;
	*out = (struct company_first_steps_out) {
		.shown = begun && instant_none(company.first_steps_hidden_at) &&
			 !(is_engaged(&is) && is.tasks),
		.contacts = is.contacts,
		.people = is.people,
		.deals = is.deals,
		.tasks = is.tasks
	};
	return OK;
}

NO_INPUT(company_hide_first_steps);

MUTATION(company_hide_first_steps, "company.edit", NOTHING,
    .route = "DELETE /v1/company/first_steps",
    .summary = "Put away the list of first steps on the start page, for all")
{
	struct company company;
	TRY(company_lock(call, call->me.company, &company));
	if (instant_none(company.first_steps_hidden_at))
		company.first_steps_hidden_at = call->now;
	return company_update(call, &company);
}
