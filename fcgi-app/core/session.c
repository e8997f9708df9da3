/* session.c: see session.h. */
#include "core/session.h"

#include "base/digest.h"
#include "base/random.h"
#include "core/query_run.h"
#include "core/row.h"

/* A header is any bytes: what the column takes of it. */
static str clean(struct arena *a, str text, const struct field *column)
{
	if (str_none(text))
		return text;
	char *out = arena_alloc(a, text.n + 1);
	size_t n = 0, characters = 0;
	for (size_t i = 0, step; i < text.n && characters < (size_t)column->max; i += step) {
		bool good;
		step = utf8_step(text.p + i, text.n - i, &good);
		if (!good || (unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f)
			continue;
		memcpy(out + n, text.p + i, step);
		n += step;
		characters++;
	}
	return (str) { out, n };
}

struct session_agent_out session_agent(const struct call *call)
{
	const struct identity *me = &call->me;
	return (struct session_agent_out) { me->agent, me->email, me->full_name, me->role,
		{ me->team_ids } };
}

/* Those that have ended by themselves are cleared away when their agent logs in again. */
static error end_expired(struct call *call)
{
	struct sessions_of_agent_row *rows;
	size_t n;
	TRY(query_all(call, &sessions_of_agent_query,
	    &(struct sessions_of_agent_in) { .agent = call->me.agent }, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (rows[i].expires_at.us <= call->now.us)
			TRY(row_delete_any(call, &sessions_table, rows[i].id.text));
	return OK;
}

error session_start(struct call *call, struct session_out *out)
{
	char *token = arena_alloc(call->arena, SECRET_TEXT);
	unsigned char *hash = arena_alloc(call->arena, DIGEST_SIZE);
	secret_new(token);
	digest_sha256(str_of(token), hash);
	struct session session;
	TRY(end_expired(call));
	row_init(&sessions_table, &session);
	session.agent_id = call->me.agent;
	session.token_hash = (str) { (const char *)hash, DIGEST_SIZE };
	session.user_agent = clean(call->arena, call->user_agent, COLUMN(sessions, user_agent));
	session.ip = clean(call->arena, call->ip, COLUMN(sessions, ip));
	session.expires_at = (instant) { call->now.us + SESSION_DAYS * INT64_C(86400000000) };
	TRY(session_insert(call, &session));
	call->cookie_token = str_of(token);
	*out = (struct session_out) { str_of(token), session.expires_at, session_agent(call) };
	return OK;
}

error sessions_end(struct call *call, agent_id agent, const char *kept)
{
	struct sessions_of_agent_row *rows;
	size_t n;
	TRY(query_all(call, &sessions_of_agent_query,
	    &(struct sessions_of_agent_in) { .agent = agent }, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].id.text, kept) != 0)
			TRY(row_delete_any(call, &sessions_table, rows[i].id.text));
	return OK;
}

error password_links_end(struct call *call, agent_id agent)
{
	struct resets_of_agent_row *rows;
	size_t n;
	TRY(query_all(call, &resets_of_agent_query, &(struct resets_of_agent_in) { .agent = agent },
	    &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(row_delete_any(call, &password_resets_table, rows[i].id.text));
	return OK;
}

error session_required(struct call *call)
{
	return call->me.kind == BY_SESSION
		   ? OK
		   : fail(call, FORBIDDEN, NULL, "an API key cannot do this: log in");
}
