/*
 * session.h: logging in, for whatever has proved who somebody is: a password, a sign-up, an
 * accepted invitation, a link by mail. The token is 32 random bytes; only its hash is stored.
 */
#pragma once
#include "core/operation.h"

#define SESSION_DAYS 30

/* An agent as it sees itself. */
struct session_agent_out {
	agent_id id;
	str email, full_name;
	role_id role_id;
	json_text team_ids;
};
ANSWER(session_agent) = {
	MEMBER(session_agent, id, .like = COLUMN(agents, id)),
	MEMBER(session_agent, email, .like = COLUMN(agents, email)),
	MEMBER(session_agent, full_name, .like = COLUMN(agents, full_name)),
	MEMBER(session_agent, role_id, .like = COLUMN(agents, role_id)),
	MEMBER(session_agent, team_ids, .like = COLUMN(agents, team_ids)),
};

struct session_out {
	str token;
	instant expires_at;
	struct session_agent_out agent;
};
#define SESSION_MEMBERS(X) \
	MEMBER(X, token, .doc = "For the header Authorization: Bearer; it is shown once"), \
	    MEMBER(X, expires_at, .doc = "Until when it can be used"), \
	    MEMBER_OBJECT(X, agent, session_agent, .doc = "Who has logged in")
ANSWER(session) = { SESSION_MEMBERS(session) };

/* Makes a session of the agent that the call is (identity_become() comes first), and gives its
 * token to the browser's cookie as well. */
error session_start(struct call *call, struct session_out *out) MUST_CHECK;

/* The caller. */
struct session_agent_out session_agent(const struct call *call);

/* Ends all sessions of an agent of the company, but the one of this id ("": none is kept). */
error sessions_end(struct call *call, agent_id agent, const char *kept) MUST_CHECK;

/* Ends the links for a new password of an agent, and those that it has made for others. */
error password_links_end(struct call *call, agent_id agent) MUST_CHECK;

/* FORBIDDEN for an API key: what concerns a person's own login takes that login. */
error session_required(struct call *call) MUST_CHECK;
