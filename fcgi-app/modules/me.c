/* me.c: who the caller is and what it may do. Page: templates/settings/profile. Tests:
 * tests/http/auth.test.mjs. */
#include "core/grants.h"
#include "core/page.h"
#include "core/query_run.h"
#include "core/resource.h"
#include "core/row.h"
#include "core/session.h"

struct own_role_out {
	role_id id;
	str name;
};
ANSWER(own_role) = {
	MEMBER(own_role, id, .like = COLUMN(roles, id)),
	MEMBER(own_role, name, .like = COLUMN(roles, name)),
};

NO_INPUT(me_get);
struct me_get_out {
	struct session_agent_out agent;
	struct my_company_row company;
	struct own_role_out role;
	list permissions;
};
ANSWER(me_get) = {
	MEMBER_OBJECT(me_get, agent, session_agent, .doc = "Who is asking"),
	MEMBER_RESULT(me_get, company, my_company, .doc = "Where it works"),
	MEMBER_OBJECT(me_get, role, own_role, .doc = "Its role; that of its key, when it is one"),
	MEMBER_MAP(me_get, permissions, permission_level,
	    .doc = "Every permission, with the level at which it is held"),
};

static list own_permissions(struct call *call)
{
	size_t n;
	const char *const *permissions = access_permissions(&n);
	struct permission_level_out *held =
	    ARENA_ARRAY(call->arena, n, struct permission_level_out);
	for (size_t i = 0; i < n; i++)
		held[i] = (struct permission_level_out) { str_of(permissions[i]),
			level_out(access_level(call, permissions[i])) };
	return (list) { held, n };
}

QUERY(me_get, SIGNED_IN, OBJECT(me_get), .route = "GET /v1/me",
    .summary = "Who is asking, and every permission with the level at which it is held")
{
	struct role_name_row role;
	TRY(query_one(call, &my_company_query, NULL, &out->company));
	TRY(query_one(
	    call, &role_name_query, &(struct role_name_in) { .role_id = call->me.role }, &role));
	out->agent = session_agent(call);
	out->role = (struct own_role_out) { call->me.role, role.name };
	out->permissions = own_permissions(call);
	return OK;
}

struct me_update_in {
	str full_name;
};
FIELDS(me_update) = { FIELD(me_update, full_name, .like = COLUMN(agents, full_name)) };

MUTATION(me_update, SIGNED_IN, OBJECT(session_agent), .route = "PATCH /v1/me",
    .summary = "Change one's own name")
{
	struct agent agent;
	TRY(session_required(call));
	TRY(agent_lock_any(call, call->me.agent, &agent));
	if (given(call, "full_name"))
		agent.full_name = in->full_name;
	TRY(agent_update(call, &agent));
	call->me.full_name = agent.full_name;
	*out = session_agent(call);
	return OK;
}

PAGE(settings_profile, .route = "/settings/profile", .template = "settings/profile",
    .title = "Profile", .nav = "settings", .loads = { { "notices", "me_notices", "" } });
