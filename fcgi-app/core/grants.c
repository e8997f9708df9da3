/* grants.c: see grants.h. The statements are in sql/query/roles.sql. */
#include "core/grants.h"

#include <stdio.h>

#include "core/query_run.h"
#include "core/row.h"

/* The first permission that the role holds at a higher level than the caller; "" when there is
 * none. */
static error find_excess(struct call *call, role_id role, str scopes, bool of_all,
    char permission[64], enum level *level)
{
	struct role_grants_row *rows;
	size_t n;
	permission[0] = 0;
	TRY(query_all(
	    call, &role_grants_query, &(struct role_grants_in) { .role_id = role }, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		char name[64];
		snprintf(name, sizeof name, "%.*s.%.*s", (int)rows[i].object.n, rows[i].object.p,
		    (int)rows[i].action.n, rows[i].action.p);
		*level = (enum level)((int)rows[i].level - ROLE_PERMISSION_LEVEL_NONE);
		/* A permission of an earlier release is worth nothing. */
		if (!access_known(name) || !access_in_scopes(scopes, name) ||
		    access_holds(call, name, of_all && *level > LEVEL_NONE ? LEVEL_ALL : *level))
			continue;
		memcpy(permission, name, sizeof name);
		break;
	}
	return OK;
}

error grants_give(struct call *call, role_id role, str scopes, const char *field)
{
	struct role row;
	char permission[64];
	enum level level;
	error e = role_lock(call, role, &row);
	if (e == NOT_FOUND) {
		call->problem = (struct problem) { 0 };
		return fail_code(call, INVALID, field, "not_found", "there is no such role");
	}
	TRY(e);
	TRY(find_excess(call, role, scopes, false, permission, &level));
	if (permission[0])
		return fail(call, FORBIDDEN, field,
		    "this role has %s for %s, which is more than you have", permission,
		    level_names[level]);
	return OK;
}

error grants_reach(struct call *call, role_id role)
{
	char permission[64];
	enum level level;
	TRY(find_excess(call, role, (str) { NULL, 0 }, false, permission, &level));
	if (permission[0])
		return fail(call, FORBIDDEN, NULL,
		    "the role to be changed has %s for %s, which is more than you have", permission,
		    level_names[level]);
	return OK;
}

error grants_cover(struct call *call, role_id role)
{
	char permission[64];
	enum level level;
	TRY(find_excess(call, role, (str) { NULL, 0 }, true, permission, &level));
	if (permission[0])
		return fail(call, FORBIDDEN, NULL,
		    "the agent has %s for rows that you may not see or change", permission);
	return OK;
}

error owners_lock(struct call *call)
{
	struct role_id_by_kind_row owner;
	struct role row;
	TRY(query_one(call, &role_id_by_kind_query,
	    &(struct role_id_by_kind_in) { .kind = ROLE_KIND_OWNER }, &owner));
	return role_lock_any(call, owner.id, &row);
}

error owners_remain(struct call *call)
{
	struct active_owners_row owners;
	TRY(query_one(call, &active_owners_query, NULL, &owners));
	if (owners.count)
		return OK;
	return fail_code(call, CONFLICT, NULL, "last_owner",
	    "the company needs an active owner: make somebody else an owner first");
}
