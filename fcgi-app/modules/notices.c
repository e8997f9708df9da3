/*
 * notices.c: which mails an agent wants that nobody asked for. Whether one comes of each kind is
 * known of the address (core/outbox.h), so that the link in a mail and this page say the same; how
 * often a digest comes stands with the agent. Columns: sql/schema/agents.sql. Page:
 * templates/settings/profile. Tests: tests/http/builtin/digest.mjs
 */
#include "core/operation.h"
#include "core/outbox.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/session.h"

struct notices_out {
	bool tasks, stale_deals;
	int64_t reminder;
	enum agent_digest digest;
};
ANSWER(notices) = {
	MEMBER(notices, tasks, .doc = "A mail each morning on which tasks are due"),
	MEMBER(notices, reminder, .like = COLUMN(agents, remind_minutes)),
	MEMBER(notices, stale_deals,
	    .doc = "A mail when nothing has happened with deals of one's own for long"),
	MEMBER(notices, digest, .like = COLUMN(agents, digest)),
};

static error answer(struct call *call, const struct agent *agent, struct notices_out *out)
{
	bool digest, reminder;
	TRY(mail_wanted(call, agent->email, "tasks", &out->tasks));
	TRY(mail_wanted(call, agent->email, "stale_deals", &out->stale_deals));
	TRY(mail_wanted(call, agent->email, "reminder", &reminder));
	TRY(mail_wanted(call, agent->email, "digest", &digest));
	out->reminder = reminder ? agent->remind_minutes : 0;
	out->digest = digest ? agent->digest : AGENT_DIGEST_OFF;
	return OK;
}

NO_INPUT(me_notices);

QUERY(me_notices, SIGNED_IN, OBJECT(notices), .route = "GET /v1/me/notices",
    .summary = "Which mails the caller gets that nobody asked for")
{
	struct agent agent;
	struct own_notices_row own;
	TRY(session_required(call));
	TRY(query_one(call, &own_notices_query, NULL, &own));
	agent = (struct agent) {
		.email = call->me.email, .digest = own.digest, .remind_minutes = own.minutes
	};
	return answer(call, &agent, out);
}

/* task_reminders.c */
static error remind_anew(struct call *call)
{
	struct json_object *nothing = json_object_new_object();
	struct buf body = { 0 };
	struct json out;
	json_keep(call->arena, nothing);
	json_begin(&out, &body);
	error e = call_run(call, operation_named(STR("tasks_remind_anew")), nothing, &out);
	buf_free(&body);
	return e;
}

struct me_update_notices_in {
	bool tasks, stale_deals;
	int64_t reminder;
	enum agent_digest digest;
};
FIELDS(me_update_notices) = {
	FIELD(me_update_notices, tasks, .doc = "Whether a mail tells of the tasks that are due",
	    .example = "true"),
	FIELD(me_update_notices, reminder, .like = COLUMN(agents, remind_minutes)),
	FIELD(me_update_notices, stale_deals,
	    .doc = "Whether a mail tells of deals that stand still", .example = "true"),
	FIELD(me_update_notices, digest, .like = COLUMN(agents, digest), .example = "daily"),
};

MUTATION(me_update_notices, SIGNED_IN, OBJECT(notices), .route = "PATCH /v1/me/notices",
    .summary = "Change which mails the caller gets that nobody asked for")
{
	struct agent agent;
	TRY(session_required(call));
	TRY(agent_lock_any(call, call->me.agent, &agent));
	if (given(call, "tasks"))
		TRY(mail_want(call, agent.email, "tasks", in->tasks));
	if (given(call, "stale_deals"))
		TRY(mail_want(call, agent.email, "stale_deals", in->stale_deals));
	if (given(call, "digest")) {
		agent.digest = in->digest;
		if (in->digest != AGENT_DIGEST_OFF)
			TRY(mail_want(call, agent.email, "digest", true));
	}
	bool remind = given(call, "reminder");
	if (remind)
		agent.remind_minutes = in->reminder;
	if (remind && in->reminder)
		TRY(mail_want(call, agent.email, "reminder", true));
	TRY(agent_update(call, &agent));
	if (remind)
		TRY(remind_anew(call));
	return answer(call, &agent, out);
}
