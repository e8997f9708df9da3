/* me.c: who the caller is and what it may do. Page: templates/settings/profile. Tests:
 * tests/http/auth.test.mjs. */
#include "core/page.h"
#include "core/query_run.h"
#include "core/resource.h"
#include "core/row.h"
#include "core/session.h"

static error write_company(struct call *call, struct json *out)
{
	struct my_company_row company;
	TRY(query_one(call, &my_company_query, NULL, &company));
	json_key(out, "company");
	json_object(out);
	json_key(out, "id");
	json_uuid(out, company.id.text);
	json_key(out, "name");
	json_string(out, company.name);
	json_key(out, "currency");
	json_string(out, company.currency);
	json_key(out, "time_zone");
	json_string(out, company.time_zone);
	json_object_end(out);
	return OK;
}

static error write_role(struct call *call, struct json *out)
{
	struct role_name_row role;
	TRY(query_one(
	    call, &role_name_query, &(struct role_name_in) { .role_id = call->me.role }, &role));
	json_key(out, "role");
	json_object(out);
	json_key(out, "id");
	json_uuid(out, call->me.role.text);
	json_key(out, "name");
	json_string(out, role.name);
	json_object_end(out);
	return OK;
}

static void write_permissions(struct call *call, struct json *out)
{
	size_t n;
	const char *const *permissions = access_permissions(&n);
	json_key(out, "permissions");
	json_object(out);
	for (size_t i = 0; i < n; i++) {
		json_key(out, permissions[i]);
		json_text_value(out, level_names[access_level(call, permissions[i])]);
	}
	json_object_end(out);
}

NO_INPUT(me_get);
QUERY(me_get, SIGNED_IN, .route = "GET /v1/me",
    .summary = "Who is asking, and every permission with the level at which it is held")
{
	json_object(out);
	json_key(out, "agent");
	session_agent(call, out);
	TRY(write_company(call, out));
	TRY(write_role(call, out));
	write_permissions(call, out);
	json_object_end(out);
	return OK;
}

struct me_update_in {
	str full_name;
};
FIELDS(me_update) = { FIELD(me_update, full_name, .like = COLUMN(agents, full_name)) };

MUTATION(me_update, SIGNED_IN, .route = "PATCH /v1/me", .summary = "Change one's own name")
{
	struct agent agent;
	TRY(session_required(call));
	TRY(agent_lock_any(call, call->me.agent, &agent));
	if (given(call, "full_name"))
		agent.full_name = in->full_name;
	TRY(agent_update(call, &agent));
	call->me.full_name = agent.full_name;
	session_agent(call, out);
	return OK;
}

PAGE(settings_profile, .route = "/settings/profile", .template = "settings/profile",
    .title = "Profile", .nav = "settings");
