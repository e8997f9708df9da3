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
	    .doc = "The agent's password", .example = "correct horse battery staple"),
};

static void give_back(struct call *call, str email)
{
	struct worker *w = call->worker;
	if (!w->config->rate_per_minute)
		return;
	rate_give_back(w->shared, "login_email", email, tries_per_email);
	rate_give_back(w->shared, "login_address", rate_place(call), tries_per_address);
}

MUTATION(sessions_create, ANYONE, OBJECT(session), .route = "POST /v1/sessions",
    .summary = "Log in", .status = 201, .limited = "login", .revealing = true,
    .refuses = 1 << UNAUTHENTICATED)
{
	struct agent_by_email_row agent = { 0 };
	TRY(rate_limit(call, "login_address", rate_place(call), tries_per_address));
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
	return session_start(call, out);
}

/* ---- the caller's own sessions ---- */

struct session_item_out {
	session_id id;
	str user_agent, ip;
	instant created_at, expires_at;
	bool current;
};
ANSWER(session_item) = {
	MEMBER(session_item, id, .like = COLUMN(sessions, id)),
	MEMBER(session_item, user_agent, .like = COLUMN(sessions, user_agent)),
	MEMBER(session_item, ip, .like = COLUMN(sessions, ip)),
	MEMBER(session_item, created_at, .like = COLUMN(sessions, created_at)),
	MEMBER(session_item, expires_at, .like = COLUMN(sessions, expires_at)),
	MEMBER(session_item, current, .doc = "Whether it is the one that asks"),
};

struct sessions_list_out {
	list data;
};
ANSWER(sessions_list) = { MEMBER_LIST(sessions_list, data, session_item,
    .doc = "The sessions that have not ended; of many, the latest 100") };

NO_INPUT(sessions_list);
QUERY(sessions_list, SIGNED_IN, OBJECT(sessions_list), .route = "GET /v1/sessions",
    .summary = "One's own sessions")
{
	struct sessions_open_row *rows;
	size_t n;
	TRY(session_required(call));
	TRY(query_all(call, &sessions_open_query,
	    &(struct sessions_open_in) { .agent = call->me.agent, .moment = call->now }, &rows,
	    &n));
	struct session_item_out *items = ARENA_ARRAY(call->arena, n + 1, struct session_item_out);
	out->data.items = items;
	for (size_t i = 0; i < n; i++) {
		const struct sessions_open_row *s = &rows[i];
		items[out->data.n++] =
		    (struct session_item_out) { s->id, s->user_agent, s->ip, s->created_at,
			    s->expires_at, !strcmp(s->id.text, call->me.credential.text) };
	}
	return OK;
}

struct sessions_get_in {
	session_id id;
};
FIELDS(
    sessions_get) = { FIELD(sessions_get, id, .flags = F_REQUIRED, .like = COLUMN(sessions, id)) };

QUERY(sessions_get, SIGNED_IN, OBJECT(session_item), .route = "GET /v1/sessions/{id}",
    .summary = "Get one of one's own sessions")
{
	struct session_open_row s;
	TRY(session_required(call));
	TRY(query_one(call, &session_open_query,
	    &(struct session_open_in) {
		.id = in->id, .agent = call->me.agent, .moment = call->now },
	    &s));
	*out = (struct session_item_out) { s.id, s.user_agent, s.ip, s.created_at, s.expires_at,
		!strcmp(s.id.text, call->me.credential.text) };
	return OK;
}

struct sessions_delete_in {
	session_id id;
};
FIELDS(sessions_delete) = { FIELD(
    sessions_delete, id, .flags = F_REQUIRED, .like = COLUMN(sessions, id)) };

MUTATION(sessions_delete, SIGNED_IN, NOTHING, .route = "DELETE /v1/sessions/{id}",
    .summary = "End one of one's own sessions")
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
MUTATION(sessions_delete_current, SIGNED_IN, NOTHING, .route = "DELETE /v1/sessions/current",
    .summary = "Log out")
{
	TRY(session_required(call));
	call->cookie_clear = true;
	return row_delete_any(call, &sessions_table, call->me.credential.text);
}

NO_INPUT(sessions_delete_others);
MUTATION(sessions_delete_others, SIGNED_IN, NOTHING, .route = "DELETE /v1/sessions",
    .summary = "End all of one's sessions but this one")
{
	TRY(session_required(call));
	return sessions_end(call, call->me.agent, call->me.credential.text);
}

PAGE(auth_login, .route = "/login", .template = "auth/login", .title = "Log in", .open = true);
PAGE(settings_sessions, .route = "/settings/sessions", .template = "settings/sessions",
    .title = "Sessions", .nav = "settings", .loads = { { "sessions", "sessions_list", "" } });
