/*
 * teams.c: agents who work together; being in a team decides what level "team" means for an agent.
 * Who is in one is told by agents_update. Columns: sql/schema/teams.sql, team_agents.sql. Page:
 * templates/settings/team. Tests: tests/http/teams.test.mjs.
 */
#include "core/membership.h"
#include "core/query_run.h"
#include "core/resource.h"
#include "core/row.h"

RESOURCE_LIST(teams, SORTS("name"));
RESOURCE_GET(teams);
RESOURCE_CREATE(teams);
RESOURCE_UPDATE(teams);
RESOURCE_RESTORE(teams); /* empty: nobody is put into it again */

static error leave(struct call *call, const struct agents_of_team_row *membership, const char *team)
{
	struct agent agent;
	TRY(agent_lock_any(call, membership->agent_id, &agent));
	list before = membership_list(call->arena, agent.team_ids);
	uuid *kept = ARENA_ARRAY(call->arena, before.n + 1, uuid);
	size_t n = 0;
	for (size_t i = 0; i < before.n; i++)
		if (strcmp(((uuid *)before.items)[i].text, team) != 0)
			kept[n++] = ((uuid *)before.items)[i];
	agent.team_ids = membership_json(call->arena, (list) { kept, n });
	TRY(agent_update(call, &agent));
	return row_delete_any(call, &team_agents_table, membership->id.text);
}

/* What the team looked after stays its own; nobody is in it any more. */
static error delete_team(struct call *call, const void *in, struct json *out)
{
	const char *id = ((const struct by_id *)in)->id.text;
	struct agents_of_team_row *members;
	struct team team;
	size_t n;
	(void)out;
	TRY(row_lock(call, &teams_table, id, &team));
	TRY(query_all(call, &agents_of_team_query, &(struct agents_of_team_in) { .team = team.id },
	    &members, &n));
	for (size_t i = 0; i < n; i++)
		TRY(leave(call, &members[i], id));
	return team_delete(call, team.id);
}

const struct operation teams_delete = {
	.name = "teams_delete",
	.kind = MUTATION_KIND,
	.may = "teams.delete",
	.route = "DELETE /v1/teams/{id}",
	.summary = "Delete one of teams; its agents leave it",
	.table = &teams_table,
	.in = { by_id_fields, 1, sizeof(struct by_id) },
	.answer = ANSWER_NOTHING,
	.run = delete_team,
	.status = 204,
};
OPERATION_REGISTER(teams_delete);
