/* membership.c: see membership.h. */
#include "core/membership.h"

#include <stdlib.h>

#include "core/query_run.h"
#include "core/row.h"

static int compare(const void *a, const void *b)
{
	return strcmp(((const uuid *)a)->text, ((const uuid *)b)->text);
}

static list sorted(struct arena *a, list ids)
{
	uuid *v = ARENA_ARRAY(a, ids.n + 1, uuid);
	size_t n = 0;
	if (ids.n)
		memcpy(v, ids.items, ids.n * sizeof *v);
	qsort(v, ids.n, sizeof *v, compare);
	for (size_t i = 0; i < ids.n; i++)
		if (n == 0 || strcmp(v[i].text, v[n - 1].text) != 0)
			v[n++] = v[i];
	return (list) { v, n };
}

json_text membership_json(struct arena *a, list ids)
{
	list each = sorted(a, ids);
	const uuid *v = each.items;
	char *text = arena_alloc(a, each.n * 39 + 3), *end = text;
	*end++ = '[';
	for (size_t i = 0; i < each.n; i++) {
		if (i)
			*end++ = ',';
		*end++ = '"';
		memcpy(end, v[i].text, 36);
		end += 36;
		*end++ = '"';
	}
	*end++ = ']';
	return (json_text) { { text, (size_t)(end - text) } };
}

list membership_list(struct arena *a, json_text ids)
{
	str s = ids.json;
	uuid *v = ARENA_ARRAY(a, s.n / 38 + 1, uuid);
	size_t n = 0;
	for (size_t i = 0; i + 38 <= s.n; i++)
		if (s.p[i] == '"' && uuid_parse((str) { s.p + i + 1, 36 }, &v[n])) {
			n++;
			i += 37;
		}
	return (list) { v, n };
}

static error check(struct call *call, const uuid *id)
{
	struct team team;
	team_id wanted;
	memcpy(wanted.text, id->text, sizeof wanted.text);
	error e = team_lock(call, wanted, &team);
	if (e == NOT_FOUND) {
		call->problem = (struct problem) { 0 };
		return fail_code(call, INVALID, "team_ids", "not_found", "there is no such team");
	}
	TRY(e);
	if (access_level(call, "teams.edit") != LEVEL_NONE ||
	    ids_have(membership_list(call->arena, (json_text) { call->me.team_ids }), id->text))
		return OK;
	return fail(call, FORBIDDEN, "team_ids",
	    "you are not in this team, and your role does not have the permission teams.edit");
}

error membership_check(struct call *call, list ids)
{
	list each = sorted(call->arena, ids);
	for (size_t i = 0; i < each.n; i++)
		TRY(check(call, (const uuid *)each.items + i));
	return OK;
}

static error join(struct call *call, const struct agent *agent, const uuid *team)
{
	struct team_agent membership;
	row_init(&team_agents_table, &membership);
	memcpy(membership.team_id.text, team->text, sizeof membership.team_id.text);
	membership.agent_id = agent->id;
	return team_agents_insert_all(call, &membership, 1);
}

error membership_set(struct call *call, struct agent *agent, list ids, bool checked)
{
	struct teams_of_agent_row *there;
	size_t n_there;
	list wanted = sorted(call->arena, ids);
	const uuid *v = wanted.items;
	TRY(query_all(call, &teams_of_agent_query,
	    &(struct teams_of_agent_in) { .agent = agent->id }, &there, &n_there));
	list before = { ARENA_ARRAY(call->arena, n_there + 1, uuid), n_there };
	for (size_t i = 0; i < n_there; i++)
		memcpy(((uuid *)before.items)[i].text, there[i].team_id.text, sizeof(uuid));
	for (size_t i = 0; i < wanted.n; i++) {
		if (ids_have(before, v[i].text))
			continue;
		if (checked)
			TRY(check(call, &v[i]));
		TRY(join(call, agent, &v[i]));
	}
	for (size_t i = 0; i < n_there; i++) {
		if (ids_have(wanted, there[i].team_id.text))
			continue;
		if (checked)
			TRY(check(call, (const uuid *)before.items + i));
		TRY(row_delete_any(call, &team_agents_table, there[i].id.text));
	}
	agent->team_ids = membership_json(call->arena, wanted);
	return OK;
}
