/*
 * import_agents.c: agents from a file, with their teams. Who has a manager is in the team of that
 * manager, who leads it; else in the team that the file names. They have no password: they log in
 * once they were sent a link for one. Nobody gives a role with more power than their own. Tests:
 * tests/http/imports.test.mjs
 */
#include "modules/imports.h"

#include <stdio.h>

#include "core/grants.h"
#include "core/membership.h"

/* ---- a new agent, without an invitation ---- */

struct agents_create_in {
	str full_name, email;
	role_id role_id;
	list team_ids;
};
FIELDS(agents_create) = {
	FIELD(agents_create, full_name, .flags = F_REQUIRED, .like = COLUMN(agents, full_name)),
	FIELD(agents_create, email, .flags = F_REQUIRED, .like = COLUMN(agents, email)),
	FIELD(agents_create, role_id, .flags = F_REQUIRED, .like = COLUMN(agents, role_id)),
	FIELD_IDS(agents_create, team_ids, teams, .max = 50, .doc = "The teams of the agent"),
};

MUTATION(agents_create, "agents.create", ROW(agents), .status = 201,
    .summary = "Create an agent without an invitation, for imports: it has no password")
{
	struct agent agent;
	struct agent_by_email_row taken;
	TRY(grants_give(call, in->role_id, (str) { NULL, 0 }, "role_id"));
	error e = query_one(call, &agent_by_email_query,
	    &(struct agent_by_email_in) { .email = in->email }, &taken);
	if (e == OK)
		return fail_code(
		    call, CONFLICT, "email", "taken", "somebody uses this e-mail address already");
	if (e != NOT_FOUND)
		return e;
	row_init(&agents_table, &agent);
	agent.full_name = in->full_name;
	agent.email = in->email;
	agent.role_id = in->role_id;
	agent.status = AGENT_STATUS_ACTIVE;
	agent.team_ids.json = STR("[]");
	TRY(agent_insert(call, &agent));
	TRY(agent_lock_any(call, agent.id, &agent));
	TRY(membership_set(call, &agent, in->team_ids, true));
	TRY(agent_update(call, &agent));
	return row_answer(call, &agents_table, agent.id.text, out);
}

/* ---- values of a line ---- */

static struct json_object *agent_values(struct import_line *line)
{
	struct json_object *input = json_object_new_object();
	str whole = import_text(line, "full_name"), first = import_text(line, "first_name"),
	    last = import_text(line, "last_name");
	str email = import_text(line, "email");
	if (!whole.n && first.n && last.n)
		whole = str_of(arena_printf(
		    line->arena, "%.*s %.*s", (int)first.n, first.p, (int)last.n, last.p));
	else if (!whole.n)
		whole = first.n ? first : last.n ? last : email;
	if (whole.n)
		import_put(input, "full_name", whole);
	else
		import_bad(line, "full_name", "is required");
	if (email.n)
		import_put(input, "email", email);
	return input;
}

/* ---- addresses for those who have none: they are unique in the installation, and no mail ever
 * goes there ---- */

/* Letters and digits of a name, words joined by dots: "Mei-Mei Johns" is mei.mei.johns. */
static char *address_part(struct arena *a, str name, size_t most)
{
	char *out = arena_alloc(a, most + 2), *end = out;
	for (size_t i = 0; i < name.n && (size_t)(end - out) < most; i++) {
		char c = name.p[i];
		bool word =
		    (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
		if (word)
			*end++ = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
		else if (end > out && end[-1] != '.')
			*end++ = '.';
	}
	while (end > out && end[-1] == '.')
		end--;
	*end = 0;
	return out;
}

static error make_address(struct import_batch *b, str full_name, str *out)
{
	struct arena *a = b->call->arena;
	struct my_company_row company;
	TRY(query_one(b->call, &my_company_query, NULL, &company));
	const char *local = address_part(a, full_name, 50),
		   *domain = address_part(a, company.name, 50);
	for (int i = 1; i < 100; i++) {
		struct agent_by_email_row taken;
		const char *number = i > 1 ? arena_printf(a, ".%d", i) : "";
		*out = str_of(arena_printf(a, "%s%s@%s.invalid", *local ? local : "agent", number,
		    *domain ? domain : "company"));
		error e = query_one(b->call, &agent_by_email_query,
		    &(struct agent_by_email_in) { .email = *out }, &taken);
		if (e != OK)
			return e == NOT_FOUND ? OK : e;
	}
	import_bad(b->line, "email", "is required, as a hundred agents are called alike");
	return OK;
}

/* ---- roles and teams ---- */

static error role_of_kind(struct import_batch *b, enum role_kind kind, char id[37])
{
	struct role_id_by_kind_row row;
	TRY(query_one(
	    b->call, &role_id_by_kind_query, &(struct role_id_by_kind_in) { .kind = kind }, &row));
	memcpy(id, row.id.text, sizeof row.id.text);
	return OK;
}

static void put_team(struct json_object *input, const uuid *team)
{
	struct json_object *ids = json_object_new_array();
	json_object_array_add(ids, json_object_new_string(team->text));
	json_object_object_add(input, "team_ids", ids);
}

/* Behind the teams of an agent who is there; the same list when it is in the team. */
static void merge_teams(struct json_object *current, struct json_object *input)
{
	import_merge_ids(current, input, "team_ids");
}

/* Who leads a team has a role that sees it: an agent becomes a team leader, and other roles stay as
 * they are. */
static error promote(struct import_batch *b, struct json_object *current, struct json_object *args)
{
	struct json_object *role;
	uuid agent, leader;
	TRY(role_of_kind(b, ROLE_KIND_AGENT, agent.text));
	TRY(role_of_kind(b, ROLE_KIND_TEAM_LEADER, leader.text));
	if (json_object_object_get_ex(current, "role_id", &role) &&
	    !strcmp(json_object_get_string(role), agent.text))
		import_put_id(args, "role_id", leader.text);
	return OK;
}

static error lead(struct import_batch *b, str name, const uuid *team)
{
	struct json_object *args = json_object_new_object(), *current;
	uuid id, role;
	bool changed;
	json_keep(b->call->arena, args);
	put_team(args, team);
	TRY(import_find(b, NAME_AGENT, name, &id));
	if (id.text[0]) {
		TRY(import_current(b, &agents_table, id.text, &current));
		merge_teams(current, args);
		TRY(promote(b, current, args));
		return import_change(b, &agents_table, id.text, current, args, &changed);
	}
	str email = name;
	if (!memchr(name.p, '@', name.n))
		TRY(make_address(b, name, &email));
	TRY(role_of_kind(b, ROLE_KIND_TEAM_LEADER, role.text));
	import_put(args, "full_name", name);
	import_put(args, "email", email);
	import_put_id(args, "role_id", role.text);
	TRY(import_create(b, &agents_table, args, &id));
	import_learn(b, NAME_AGENT, name, &id);
	return OK;
}

/* The team of a manager; the manager is there and leads it. */
static error team_of_manager(struct import_batch *b, str manager, uuid *team)
{
	str name = str_of(arena_printf(b->call->arena, "%.*s's team", (int)manager.n, manager.p));
	TRY(import_find(b, NAME_MANAGER, manager, team));
	if (team->text[0])
		return OK;
	TRY(import_find_or_make(b, NAME_TEAM, name, team));
	TRY(lead(b, manager, team));
	import_learn(b, NAME_MANAGER, manager, team);
	return OK;
}

static error add_team(struct import_batch *b, struct json_object *input)
{
	str manager = import_text(b->line, "manager"), team = import_text(b->line, "team");
	uuid id = { "" };
	if (manager.n)
		TRY(team_of_manager(b, manager, &id));
	else if (team.n)
		TRY(import_find_or_make(b, NAME_TEAM, team, &id));
	if (id.text[0])
		put_team(input, &id);
	return OK;
}

static error add_role(struct import_batch *b, struct json_object *input)
{
	str name = import_text(b->line, "role");
	uuid id;
	if (name.n) {
		TRY(import_find(b, NAME_ROLE, name, &id));
		if (!id.text[0])
			import_bad(b->line, "role", "there is no role \"%.*s\"",
			    (int)(name.n > 60 ? 60 : name.n), name.p);
	} else if (b->row.text[0]) {
		return OK;
	} else {
		TRY(role_of_kind(b, ROLE_KIND_AGENT, id.text));
	}
	import_put_id(input, "role_id", id.text);
	return OK;
}

static error agent_resolve(struct import_batch *b, struct json_object *input)
{
	struct json_object *name;
	str email;
	TRY(add_role(b, input));
	TRY(add_team(b, input));
	/* The manager of the line may be the agent itself, made just now. */
	if (!b->row.text[0] && json_object_object_get_ex(input, "full_name", &name))
		TRY(import_find(b, NAME_AGENT, str_of(json_object_get_string(name)), &b->row));
	if (b->row.text[0] || json_object_object_get_ex(input, "email", NULL) ||
	    !json_object_object_get_ex(input, "full_name", &name))
		return OK;
	TRY(make_address(b, str_of(json_object_get_string(name)), &email));
	import_put(input, "email", email);
	return OK;
}

static error agent_match(struct import_batch *b, struct json_object *input, uuid *id)
{
	struct json_object *value;
	*id = (uuid) { "" };
	if (json_object_object_get_ex(input, "email", &value))
		return import_find(b, NAME_AGENT, str_of(json_object_get_string(value)), id);
	if (json_object_object_get_ex(input, "full_name", &value))
		return import_find(b, NAME_AGENT, str_of(json_object_get_string(value)), id);
	return OK;
}

/* An agent's address is its own: a file does not change with what somebody logs in. */
static error agent_merge(
    struct import_batch *b, struct json_object *current, struct json_object *input)
{
	(void)b;
	json_object_object_del(input, "email");
	if (!import_text(b->line, "role").n)
		json_object_object_del(input, "role_id");
	merge_teams(current, input);
	return OK;
}

/* Later lines may name it as their manager. */
static error agent_after(struct import_batch *b, struct json_object *input, const uuid *id)
{
	static const char *const names[] = { "full_name", "email" };
	struct json_object *value;
	for (size_t i = 0; i < 2; i++)
		if (json_object_object_get_ex(input, names[i], &value))
			import_learn(b, NAME_AGENT, str_of(json_object_get_string(value)), id);
	return OK;
}

static const char *const agent_one_of[] = { "full_name", "first_name", "last_name", "email", NULL };

const struct import_kind import_kind_agents = {
	.object = IMPORT_OBJECT_AGENTS,
	.table = &agents_table,
	.permissions = { "agents.create", "agents.view", "teams.create", "teams.edit" },
	.one_of = agent_one_of,
	.create = "agents_create",
	.values = agent_values,
	.resolve = agent_resolve,
	.match = agent_match,
	.merge = agent_merge,
	.after = agent_after,
};
