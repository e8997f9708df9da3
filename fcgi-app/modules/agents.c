/*
 * agents.c: the employees. They come by invitation; here they get another role, other teams, are
 * suspended or leave. Nobody makes anybody more powerful than they are themselves, and a company
 * keeps an owner. Columns: sql/schema/agents.sql. Page: templates/settings/team. Tests:
 * tests/http/roles.test.mjs, teams.test.mjs.
 */
#include "core/grants.h"
#include "core/membership.h"
#include "core/page.h"
#include "core/query_run.h"
#include "core/resource.h"
#include "core/row.h"
#include "core/seats.h"
#include "core/session.h"

static const struct filter_through agents_through[] = {
	{ "team_id", &team_agents_table, COLUMN(team_agents, agent_id),
	    COLUMN(team_agents, team_id) },
	{ NULL },
};

/* Who comes in, or comes back, takes a seat. */
static error agent_before(struct call *call, const void *before, void *after)
{
	const struct agent *was = before, *is = after;
	bool sat = was && was->status == AGENT_STATUS_ACTIVE;
	return is->status == AGENT_STATUS_ACTIVE && !sat ? seat_take(call, false) : OK;
}

ROW_HOOK(agents, .before_write = agent_before);

RESOURCE_LIST(agents, SORTS("full_name", "-created_at"), .through = agents_through);
RESOURCE_GET(agents);

/* Whom the caller may change: not somebody with more power than its own. Locks the agent, and
 * before it, for what may take away an owner's power, the role of the owners: so two demotions
 * cannot both find another owner. */
static error lock_agent(struct call *call, agent_id id, bool power, struct agent *out)
{
	if (power)
		TRY(owners_lock(call));
	TRY(agent_lock(call, id, out));
	return grants_reach(call, out->role_id);
}

struct agents_update_in {
	agent_id id;
	str full_name;
	role_id role_id;
	enum agent_status status;
	list team_ids;
};
FIELDS(agents_update) = {
	FIELD(agents_update, id, .flags = F_REQUIRED, .like = COLUMN(agents, id)),
	FIELD(agents_update, full_name, .like = COLUMN(agents, full_name)),
	FIELD(agents_update, role_id, .like = COLUMN(agents, role_id)),
	FIELD(agents_update, status, .like = COLUMN(agents, status)),
	FIELD_IDS(agents_update, team_ids, teams, .flags = F_NULLABLE, .max = 50,
	    .doc = "All teams of the agent, in place of those before"),
};

MUTATION(agents_update, "agents.edit", ROW(agents), .route = "PATCH /v1/agents/{id}",
    .summary = "Change an agent's name, role, teams or status")
{
	struct agent agent;
	bool power = given(call, "role_id") || given(call, "status");
	TRY(lock_agent(call, in->id, power, &agent));
	if (given(call, "full_name"))
		agent.full_name = in->full_name;
	if (given(call, "role_id") && strcmp(in->role_id.text, agent.role_id.text) != 0) {
		TRY(grants_give(call, in->role_id, (str) { NULL, 0 }, "role_id"));
		agent.role_id = in->role_id;
	}
	if (given(call, "status"))
		agent.status = in->status;
	if (given(call, "team_ids"))
		TRY(membership_set(call, &agent, in->team_ids, true));
	TRY(agent_update(call, &agent));
	if (power) {
		TRY(owners_remain(call));
		TRY(password_links_end(call, agent.id));
	}
	if (agent.status == AGENT_STATUS_SUSPENDED)
		TRY(sessions_end(call, agent.id, ""));
	return row_answer(call, &agents_table, agent.id.text, out);
}

struct agents_delete_in {
	agent_id id;
};
FIELDS(
    agents_delete) = { FIELD(agents_delete, id, .flags = F_REQUIRED, .like = COLUMN(agents, id)) };

/* Memberships stay, so that a team still sees what its former member looked after. */
MUTATION(agents_delete, "agents.delete", NOTHING, .route = "DELETE /v1/agents/{id}",
    .summary = "Let an agent leave: no session and no key works any more, and what the agent "
	       "looked after stays",
    .table = &agents_table)
{
	struct agent agent;
	struct keys_of_agent_row *keys;
	size_t n;
	TRY(lock_agent(call, in->id, true, &agent));
	TRY(sessions_end(call, agent.id, ""));
	TRY(password_links_end(call, agent.id));
	TRY(query_all(call, &keys_of_agent_query, &(struct keys_of_agent_in) { .agent = agent.id },
	    &keys, &n));
	for (size_t i = 0; i < n; i++)
		TRY(row_delete_any(call, &api_keys_table, keys[i].id.text));
	TRY(agent_delete(call, agent.id));
	return owners_remain(call);
}

struct agents_restore_in {
	agent_id id;
};
FIELDS(agents_restore) = { FIELD(
    agents_restore, id, .flags = F_REQUIRED, .like = COLUMN(agents, id)) };

MUTATION(agents_restore, "agents.delete", ROW(agents), .route = "POST /v1/agents/{id}/restore",
    .summary = "Bring back an agent who has left, with the role and the teams of before")
{
	struct agent agent;
	struct role role;
	TRY(owners_lock(call));
	TRY(row_restore(call, &agents_table, in->id.text));
	TRY(agent_lock(call, in->id, &agent));
	TRY(grants_reach(call, agent.role_id));
	if (role_get(call, agent.role_id, &role) != OK)
		return fail(
		    call, CONFLICT, NULL, "the role of this agent was deleted: restore it first");
	return row_answer(call, &agents_table, agent.id.text, out);
}

struct agents_sign_out_in {
	agent_id id;
};
FIELDS(agents_sign_out) = { FIELD(
    agents_sign_out, id, .flags = F_REQUIRED, .like = COLUMN(agents, id)) };

MUTATION(agents_sign_out, "agents.edit", NOTHING, .route = "DELETE /v1/agents/{id}/sessions",
    .summary = "End every session of an agent", .table = &agents_table)
{
	struct agent agent;
	TRY(lock_agent(call, in->id, false, &agent));
	return sessions_end(call, agent.id, "");
}

/* ---- to choose one of ---- */

enum { CHOICES = 1000, MANY_CHOICES = 100 };

struct agent_choice_out {
	agent_id id;
	str full_name;
};
ANSWER(agent_choice) = {
	MEMBER(agent_choice, id, .like = COLUMN(agents, id)),
	MEMBER(agent_choice, full_name, .like = COLUMN(agents, full_name)),
};

NO_INPUT(agents_choices);
struct agents_choices_out {
	list data;
	bool many;
};
ANSWER(agents_choices) = {
	MEMBER_LIST(
	    agents_choices, data, agent_choice, .doc = "Everybody who has not left, by name"),
	MEMBER(agents_choices, many,
	    .doc = "Whether they are too many to look through: a page with a script searches"),
};

QUERY(agents_choices, "agents.view", OBJECT(agents_choices),
    .summary = "The agents to choose one of, for pages")
{
	struct agents_to_choose_row *rows;
	size_t n;
	TRY(query_all(call, &agents_to_choose_query,
	    &(struct agents_to_choose_in) { .rows = CHOICES }, &rows, &n));
	struct agent_choice_out *all = ARENA_ARRAY(call->arena, n + 1, struct agent_choice_out);
	for (size_t i = 0; i < n; i++)
		all[i] = (struct agent_choice_out) { rows[i].id, rows[i].full_name };
	*out = (struct agents_choices_out) { { all, n }, n > MANY_CHOICES };
	return OK;
}

PAGE(settings_team, .route = "/settings/team", .template = "settings/team", .title = "Team",
    .nav = "settings",
    .loads = {
	{ "agents", "agents_list", "expand=role&limit=100&cursor={cursor}" },
	{ "all_teams", "teams_list", "limit=100", .whole = true },
	{ "roles", "roles_list", "limit=100", .whole = true },
	{ "invitations", "invitations_list", "expand=role&limit=100" },
    });
