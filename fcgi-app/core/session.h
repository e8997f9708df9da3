/*
 * session.h: logging in, for whatever has proved who somebody is: a password, a sign-up, an
 * accepted invitation, a link by mail. The token is 32 random bytes; only its hash is stored.
 */
#pragma once
#include "core/call.h"

#define SESSION_DAYS 30

/* Makes a session of the agent that the call is (identity_become() comes first), gives its token to
 * the browser's cookie as well, and writes the members token, expires_at and agent into the open
 * object. */
error session_start(struct call *call, struct json *out) MUST_CHECK;

/* {"id","email","full_name","role_id","team_ids"} of the caller. */
void session_agent(const struct call *call, struct json *out);

/* Ends all sessions of an agent of the company, but the one of this id ("": none is kept). */
error sessions_end(struct call *call, agent_id agent, const char *kept) MUST_CHECK;

/* FORBIDDEN for an API key: what concerns a person's own login takes that login. */
error session_required(struct call *call) MUST_CHECK;
