/*
 * membership.h: which teams an agent is in. The rows of team_agents decide about access;
 * agents.team_ids repeats them, so that reading who asks and a list of agents need no join. Only
 * this file writes either.
 */
#pragma once
#include "core/call.h"

/* INVALID, about "team_ids", for a team that there is not; FORBIDDEN for one that is neither the
 * caller's own nor, by the permission teams.edit, its to fill. Locks the teams, so that they cannot
 * be deleted meanwhile. `ids` are uuid. */
error membership_check(struct call *call, list ids) MUST_CHECK;

/* Makes the agent, whose row is locked or new, a member of exactly these teams, and sets its
 * team_ids; the caller writes the agent. With `checked`, each team that comes or goes passes
 * membership_check(). */
error membership_set(struct call *call, struct agent *agent, list ids, bool checked) MUST_CHECK;

/* A JSON array of the ids, sorted, each once. */
json_text membership_json(struct arena *a, list ids);
list membership_list(struct arena *a, json_text ids);
