/*
 * sessions.c: logging in and out. An unknown address, a wrong password and a suspended agent get the same answer after the
 * same work. Columns: sql/schema/sessions.sql. Pages: templates/auth/login, settings/sessions. Tests: tests/http/auth.test.mjs.
 */
#include "core/session.h"

#include "core/identity.h"
#include "core/page.h"
#include "core/password.h"
#include "core/query_run.h"
#include "core/rate.h"
#include "core/resource.h"
#include "core/row.h"
#include "core/worker.h"

/* Only what fails counts: the token is given back to who gets in. */
static const struct rate_policy tries_per_email = { 10, 15 * 60 }, tries_per_address = { 100, 15 * 60 };

struct sessions_create_in { str email, password; };
FIELDS(sessions_create) = {
	FIELD(sessions_create, email, .flags = F_REQUIRED, .like = COLUMN(agents, email)),
	FIELD(sessions_create, password, .flags = F_REQUIRED | F_SECRET, .max = PASSWORD_MAX, .doc = "The agent's password"),
};

static void give_back(struct call *call, str email)
{
	struct worker *w = call->worker;
	if (!w->config->rate_per_minute)
		return;
	rate_give_back(w->shared, "login_email", email, tries_per_email);
	rate_give_back(w->shared, "login_address", call->ip, tries_per_address);
}

MUTATION(sessions_create, ANYONE, .route = "POST /v1/sessions", .summary = "Log in", .status = 201, .limited = "login", .revealing = true)
{
	struct agent_by_email_row agent = { 0 };
	TRY(rate_limit(call, "login_address", call->ip, tries_per_address));
	TRY(rate_limit(call, "login_email", in->email, tries_per_email));
	error e = query_one(call, &agent_by_email_query, &(struct agent_by_email_in){ .email = in->email }, &agent);
	if (e != OK && e != NOT_FOUND)
		return e;
	bool good = password_verify(call->arena, agent.password_hash, in->password, call->worker->config->scrypt_n);
	if (!good || agent.status != AGENT_STATUS_ACTIVE)
		return fail(call, UNAUTHENTICATED, NULL, "the e-mail address or the password is not right");
	give_back(call, in->email);
	TRY(identity_become(call, agent.company_id, agent.id));
	json_object(out);
	TRY(session_start(call, out));
	json_object_end(out);
	return OK;
}
