/*
 * sessions.c: logging in and out. An unknown address, a wrong password and a suspended agent get
 * the same answer after the same work. Columns: sql/schema/sessions.sql. Pages:
 * templates/auth/login, settings/sessions. Tests: tests/http/auth.test.mjs.
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
static const struct rate_policy tries_per_email = { 10, 15 * 60 },
				tries_per_address = { 100, 15 * 60 };

struct sessions_create_in {
	str email, password;
};
FIELDS(sessions_create) = {
	FIELD(sessions_create, email, .flags = F_REQUIRED, .like = COLUMN(agents, email)),
	FIELD(sessions_create, password, .flags = F_REQUIRED | F_SECRET, .max = PASSWORD_MAX,
	    .doc = "The agent's password"),
};

static void give_back(struct call *call, str email)
{
	struct worker *w = call->worker;
	if (!w->config->rate_per_minute)
		return;
	rate_give_back(w->shared, "login_email", email, tries_per_email);
	rate_give_back(w->shared, "login_address", call->ip, tries_per_address);
}

MUTATION(sessions_create, ANYONE, .route = "POST /v1/sessions", .summary = "Log in", .status = 201,
    .limited = "login", .revealing = true)
{
	struct agent_by_email_row agent = { 0 };
	TRY(rate_limit(call, "login_address", call->ip, tries_per_address));
	TRY(rate_limit(call, "login_email", in->email, tries_per_email));
	error e = query_one(call, &agent_by_email_query,
	    &(struct agent_by_email_in) { .email = in->email }, &agent);
	if (e != OK && e != NOT_FOUND)
		return e;
	bool good = password_verify(
	    call->arena, agent.password_hash, in->password, call->worker->config->scrypt_n);
	if (!good || agent.status != AGENT_STATUS_ACTIVE)
		return fail(
		    call, UNAUTHENTICATED, NULL, "the e-mail address or the password is not right");
	give_back(call, in->email);
	TRY(identity_become(call, agent.company_id, agent.id));
	json_object(out);
	TRY(session_start(call, out));
	json_object_end(out);
	return OK;
}

/* ---- the caller's own sessions ---- */

static void write_session(
    const struct sessions_of_agent_row *s, const char *current, struct json *out)
{
	json_object(out);
	json_key(out, "id");
	json_uuid(out, s->id.text);
	json_key(out, "user_agent");
	json_string(out, s->user_agent);
	json_key(out, "ip");
	json_string(out, s->ip);
	json_key(out, "created_at");
	json_instant(out, s->created_at);
	json_key(out, "expires_at");
	json_instant(out, s->expires_at);
	json_key(out, "current");
	json_bool(out, !strcmp(s->id.text, current));
	json_object_end(out);
}

NO_INPUT(sessions_list);
QUERY(sessions_list, SIGNED_IN, .route = "GET /v1/sessions", .summary = "One's own sessions")
{
	struct sessions_of_agent_row *rows;
	size_t n;
	TRY(session_required(call));
	TRY(query_all(call, &sessions_of_agent_query,
	    &(struct sessions_of_agent_in) { .agent = call->me.agent }, &rows, &n));
	json_object(out);
	json_key(out, "data");
	json_array(out);
	for (size_t i = 0; i < n; i++)
		if (rows[i].expires_at.us > call->now.us)
			write_session(&rows[i], call->me.credential.text, out);
	json_array_end(out);
	json_object_end(out);
	return OK;
}

struct sessions_delete_in {
	session_id id;
};
FIELDS(sessions_delete) = { FIELD(
    sessions_delete, id, .flags = F_REQUIRED, .like = COLUMN(sessions, id)) };

MUTATION(sessions_delete, SIGNED_IN, .route = "DELETE /v1/sessions/{id}",
    .summary = "End one of one's own sessions", .status = 204)
{
	struct sessions_of_agent_row *rows;
	size_t n;
	TRY(session_required(call));
	TRY(query_all(call, &sessions_of_agent_query,
	    &(struct sessions_of_agent_in) { .agent = call->me.agent }, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (!strcmp(rows[i].id.text, in->id.text)) {
			call->cookie_clear = !strcmp(in->id.text, call->me.credential.text);
			return row_delete_any(call, &sessions_table, in->id.text);
		}
	return fail(call, NOT_FOUND, NULL, "there is no such session");
}

NO_INPUT(sessions_delete_current);
MUTATION(sessions_delete_current, SIGNED_IN, .route = "DELETE /v1/sessions/current",
    .summary = "Log out", .status = 204)
{
	TRY(session_required(call));
	call->cookie_clear = true;
	return row_delete_any(call, &sessions_table, call->me.credential.text);
}

NO_INPUT(sessions_delete_others);
MUTATION(sessions_delete_others, SIGNED_IN, .route = "DELETE /v1/sessions",
    .summary = "End all of one's sessions but this one", .status = 204)
{
	TRY(session_required(call));
	return sessions_end(call, call->me.agent, call->me.credential.text);
}

PAGE(auth_login, .route = "/login", .template = "auth/login", .title = "Log in", .open = true);
PAGE(settings_sessions, .route = "/settings/sessions", .template = "settings/sessions",
    .title = "Sessions", .nav = "settings", .loads = { { "sessions", "sessions_list", "" } });
