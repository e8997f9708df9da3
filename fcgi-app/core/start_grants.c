/* start_grants.c: see start_grants.h. */
#include "core/start_grants.h"

/* The owner may do everything. For the others the first line that fits holds, and what fits none is
 * not allowed. Rows with a parent (notes, activities) are seen with it, so seeing them is `all`: a
 * lower level would ask for one's own authorship too. */
static const struct start_grant {
	enum role_kind role;
	const char *object, *action; /* NULL: every action */
	enum level level;
} start_grants[] = {
	{ ROLE_KIND_TEAM_LEADER, "notes", "view", LEVEL_ALL },
	{ ROLE_KIND_TEAM_LEADER, "activities", "view", LEVEL_ALL },
	{ ROLE_KIND_TEAM_LEADER, "notes", NULL, LEVEL_TEAM },
	{ ROLE_KIND_TEAM_LEADER, "activities", NULL, LEVEL_TEAM },
	{ ROLE_KIND_TEAM_LEADER, "contacts", NULL, LEVEL_TEAM },
	{ ROLE_KIND_TEAM_LEADER, "deals", NULL, LEVEL_TEAM },
	{ ROLE_KIND_TEAM_LEADER, "tasks", NULL, LEVEL_TEAM },
	{ ROLE_KIND_TEAM_LEADER, "imports", NULL, LEVEL_TEAM },
	{ ROLE_KIND_TEAM_LEADER, "workflow_runs", NULL, LEVEL_TEAM },
	{ ROLE_KIND_TEAM_LEADER, "automations", "view", LEVEL_ALL },
	{ ROLE_KIND_TEAM_LEADER, "automations", "start", LEVEL_ALL },
	{ ROLE_KIND_TEAM_LEADER, "agents", "view", LEVEL_ALL },
	{ ROLE_KIND_TEAM_LEADER, "teams", "view", LEVEL_ALL },
	{ ROLE_KIND_TEAM_LEADER, "tags", "view", LEVEL_ALL },
	{ ROLE_KIND_TEAM_LEADER, "sources", "view", LEVEL_ALL },
	{ ROLE_KIND_TEAM_LEADER, "pipelines", "view", LEVEL_ALL },
	{ ROLE_KIND_TEAM_LEADER, "stages", "view", LEVEL_ALL },
	{ ROLE_KIND_AGENT, "notes", "view", LEVEL_ALL },
	{ ROLE_KIND_AGENT, "activities", "view", LEVEL_ALL },
	{ ROLE_KIND_AGENT, "notes", NULL, LEVEL_OWN },
	{ ROLE_KIND_AGENT, "activities", NULL, LEVEL_OWN },
	{ ROLE_KIND_AGENT, "contacts", NULL, LEVEL_OWN },
	{ ROLE_KIND_AGENT, "deals", NULL, LEVEL_OWN },
	{ ROLE_KIND_AGENT, "tasks", NULL, LEVEL_OWN },
	{ ROLE_KIND_AGENT, "workflow_runs", NULL, LEVEL_OWN },
	{ ROLE_KIND_AGENT, "agents", "view", LEVEL_ALL },
	{ ROLE_KIND_AGENT, "teams", "view", LEVEL_ALL },
	{ ROLE_KIND_AGENT, "tags", "view", LEVEL_ALL },
	{ ROLE_KIND_AGENT, "sources", "view", LEVEL_ALL },
	{ ROLE_KIND_AGENT, "pipelines", "view", LEVEL_ALL },
	{ ROLE_KIND_AGENT, "stages", "view", LEVEL_ALL },
};

enum level start_level(enum role_kind role, const char *object, const char *action)
{
	if (role == ROLE_KIND_OWNER)
		return LEVEL_ALL;
	for (size_t i = 0; i < sizeof start_grants / sizeof *start_grants; i++) {
		const struct start_grant *g = &start_grants[i];
		if (g->role == role && !strcmp(g->object, object) &&
		    (!g->action || !strcmp(g->action, action)))
			return access_object_is_owned(object) ? g->level : LEVEL_ALL;
	}
	return LEVEL_NONE;
}
