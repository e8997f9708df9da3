/*
 * grants.h: nobody gives more than they hold. Whoever hands out a role (to an agent, an invitation,
 * a key, as a copy) asks here first, and so does whoever wants to change somebody who holds one.
 * Tests: tests/http/roles.test.mjs.
 */
#pragma once
#include "core/operation.h"

/* A permission with the level at which a role, or the caller, holds it: {"contacts.view":"own",
 * ...}. */
struct permission_level_out {
	str permission;
	enum role_permission_level level;
};
ANSWER(permission_level) = {
	MEMBER(permission_level, permission, .doc = "Name of the permission"),
	MEMBER(permission_level, level, .like = COLUMN(role_permissions, level)),
};
static inline enum role_permission_level level_out(enum level level)
{
	return (enum role_permission_level)((int)level + ROLE_PERMISSION_LEVEL_NONE);
}

/* For a role that is about to be handed out, named by the input's field: locks it, so that it
 * cannot be deleted meanwhile. INVALID when there is no such role; FORBIDDEN when it holds a
 * permission at a higher level than the caller does; what `scopes` (none: no limit) leaves out does
 * not count. */
error grants_give(struct call *call, role_id role, str scopes, const char *field) MUST_CHECK;

/* FORBIDDEN when the role holds more than the caller. */
error grants_reach(struct call *call, role_id role) MUST_CHECK;

/* FORBIDDEN unless the caller holds all that the role holds, and for everybody's rows: who can
 * become somebody of the role has what is that one's own. */
error grants_cover(struct call *call, role_id role) MUST_CHECK;

/* Locks the role of the owners: who may take away an owner's power comes one after the other. */
error owners_lock(struct call *call) MUST_CHECK;
/* CONFLICT when no active owner is left, as this transaction sees it. */
error owners_remain(struct call *call) MUST_CHECK;
