/* access.c: levels, conditions and what may be granted; see access.h. Tests:
 * tests/http/access.test.mjs. */
#include "core/access.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/operation.h"
#include "core/sql_run.h"

const char *const level_names[] = { "none", "own", "team", "all", NULL };

static int compare_grants(const void *a, const void *b)
{
	return strcmp(((const struct grant *)a)->permission, ((const struct grant *)b)->permission);
}

void grants_sort(struct grants *grants)
{
	qsort(grants->v, grants->n, sizeof *grants->v, compare_grants);
}

enum level grants_level(const struct grants *grants, const char *permission)
{
	struct grant key = { .level = LEVEL_NONE };
	if (!grants || !grants->n || strlen(permission) >= sizeof key.permission)
		return LEVEL_NONE;
	memcpy(key.permission, permission, strlen(permission) + 1);
	const struct grant *found = bsearch(&key, grants->v, grants->n, sizeof key, compare_grants);
	return found ? found->level : LEVEL_NONE;
}

bool access_in_scopes(str scopes, const char *permission)
{
	if (str_none(scopes))
		return true;
	size_t n = strlen(permission);
	for (size_t i = 0; i + n + 2 <= scopes.n; i++)
		if (scopes.p[i] == '"' && !memcmp(scopes.p + i + 1, permission, n) &&
		    scopes.p[i + 1 + n] == '"')
			return true;
	return false;
}

enum level access_level(const struct call *call, const char *permission)
{
	return access_in_scopes(call->me.scopes, permission)
		   ? grants_level(call->me.grants, permission)
		   : LEVEL_NONE;
}

static enum level object_level(const struct call *call, const char *object, const char *action)
{
	char permission[64];
	if (snprintf(permission, sizeof permission, "%s.%s", object, action) >=
	    (int)sizeof permission)
		return LEVEL_NONE;
	return access_level(call, permission);
}

enum level access_view_level(const struct call *call, const struct table *table)
{
	return object_level(call, table->object, "view");
}

static void team_mates(struct sql *sql)
{
	sql_from(sql, " FROM ", &team_agents_table, "mine");
	sql_from(sql, " JOIN ", &team_agents_table, "theirs");
	sql_add(sql, " ON theirs.company_id = mine.company_id AND theirs.team_id = mine.team_id "
		     "WHERE mine.company_id = ");
}

/* team: a row whose team, or whose owner's team, is one of mine; own rows are always part of it. */
static void team_condition(
    struct call *call, struct sql *sql, const struct table *table, const char *alias)
{
	const char *company = call->me.company.text, *me = call->me.agent.text;
	sql_add(sql, "(");
	if (table->owner) {
		sql_addf(sql, "%s.`%s` = ", alias, table->owner->name);
		sql_id(sql, me);
		sql_addf(sql, " OR %s.`%s` IN (SELECT theirs.agent_id", alias, table->owner->name);
		team_mates(sql);
		sql_id(sql, company);
		sql_add(sql, " AND mine.agent_id = ");
		sql_id(sql, me);
		sql_add(sql, ")");
	}
	if (table->team) {
		sql_addf(sql, "%s%s.`%s` IN (SELECT mine.team_id", table->owner ? " OR " : "",
		    alias, table->team->name);
		sql_from(sql, " FROM ", &team_agents_table, "mine");
		sql_add(sql, " WHERE mine.company_id = ");
		sql_id(sql, company);
		sql_add(sql, " AND mine.agent_id = ");
		sql_id(sql, me);
		sql_add(sql, ")");
	}
	sql_add(sql, ")");
	sql_noted(sql, "mine"); /* note_membership() */
	sql_noted(sql, "theirs");
}

/* The topics of the table's rows of each of my teams, which the agent's row names. */
static void note_teams(struct call *call, const char *table)
{
	str ids = call->me.team_ids;
	for (size_t i = 0; i + 38 <= ids.n; i++)
		if (ids.p[i] == '"' && ids.p[i + 37] == '"') {
			call_reads(call, "%s/team/%.36s", table, ids.p + i + 1);
			i += 37;
		}
}

/* In which teams I am and, where that counts, who else is in them. */
static void note_membership(struct call *call, enum level level)
{
	call_reads(call, "team_agents/owner/%s", call->me.agent.text);
	if (level == LEVEL_TEAM)
		note_teams(call, "team_agents");
}

static void note_reads(struct call *call, const struct table *table, enum level level)
{
	if (!table->logged)
		return;
	if (level == LEVEL_ALL || (!table->owner && !table->team)) {
		call_reads(call, "%s", table->name);
		return;
	}
	call_reads(call, "%s/owner/%s", table->name, call->me.agent.text);
	if (level == LEVEL_TEAM)
		note_teams(call, table->name);
}

/* " AND (...)" over the row's own owner and team. Such an answer is the caller's alone, also that
 * to one row's id: a topic of the caller's in the read set says so to the live process, which
 * shares answers (live_answer.c: key_of). */
static void own_condition(struct call *call, struct sql *sql, const struct table *table,
    const char *alias, enum level level)
{
	if (level == LEVEL_ALL || (!table->owner && !table->team))
		return;
	note_membership(call, level);
	sql_add(sql, " AND ");
	if (level == LEVEL_OWN && table->owner) {
		sql_addf(sql, "%s.`%s` = ", alias, table->owner->name);
		sql_id(sql, call->me.agent.text);
	} else if (level == LEVEL_OWN) {
		sql_add(sql, "FALSE");
	} else {
		team_condition(call, sql, table, alias);
	}
}

/* A change of a table within another carries the owner and team of its parent. */
static void note_part(
    struct call *call, const struct table *table, const struct table *parent, enum level level)
{
	struct table as_parent = *parent;
	as_parent.name = table->name;
	as_parent.logged = table->logged;
	note_reads(call, &as_parent, level);
}

static bool sees_all(const struct table *table, enum level level)
{
	return level == LEVEL_ALL || (level != LEVEL_NONE && !table->owner && !table->team);
}

bool access_sees_all(const struct call *call, const struct table *table, enum level level)
{
	bool all = sees_all(table, level);
	for (uint32_t i = 0; i < table->n_parents; i++)
		all = all && sees_all(table->parents[i].table,
				 access_view_level(call, table->parents[i].table));
	return all;
}

/* " AND (EXISTS (...) OR EXISTS (...))" over the parents, each at the level at which the caller
 * sees it. */
static void parents_condition(
    struct call *call, struct sql *sql, const struct table *table, const char *alias)
{
	if (access_sees_all(call, table, LEVEL_ALL)) {
		note_reads(call, table, LEVEL_ALL);
		/* What is not logged changes with its parents. */
		for (uint32_t i = 0; i < table->n_parents && !table->logged; i++)
			note_reads(call, table->parents[i].table, LEVEL_ALL);
		return;
	}
	sql_add(sql, " AND (");
	for (uint32_t i = 0; i < table->n_parents; i++) {
		const struct table_parent *p = &table->parents[i];
		enum level level = access_view_level(call, p->table);
		char inner[16];
		snprintf(inner, sizeof inner, "p%u", i);
		sql_add(sql, i ? " OR " : "");
		if (level == LEVEL_NONE) {
			sql_add(sql, "FALSE");
			continue;
		}
		sql_from(sql, "EXISTS (SELECT 1 FROM ", p->table, inner);
		sql_addf(sql, " WHERE %s.company_id = ", inner);
		sql_id(sql, call->me.company.text);
		sql_addf(sql, " AND %s.id = %s.%s", inner, alias, p->sql_column);
		own_condition(call, sql, p->table, inner, level);
		sql_add(sql, ")");
		note_reads(call, p->table, level);
		sql_noted(sql, inner);
		note_part(call, table, p->table, level);
	}
	sql_add(sql, ")");
}

void access_where(struct call *call, struct sql *sql, const struct table *table, const char *alias,
    enum level level)
{
	if (table->logged || table->n_parents)
		sql_noted(sql, alias);
	if (level == LEVEL_NONE) {
		sql_add(sql, " AND FALSE");
		return;
	}
	if (table->n_parents)
		parents_condition(call, sql, table, alias);
	else
		note_reads(call, table, level);
	own_condition(call, sql, table, alias, level);
}

void access_note(struct call *call, const struct table *table, enum level level)
{
	struct sql unused;
	sql_begin(&unused, call->arena);
	sql_from(&unused, "", table, "t");
	access_where(call, &unused, table, "t", level);
}

void access_where_row(struct call *call, struct sql *sql, const struct table *table,
    const char *alias, enum level level, const char id[37])
{
	call_reads_row(call, table, id);
	if (table->n_parents || level == LEVEL_NONE) {
		access_where(call, sql, table, alias, level);
		return;
	}
	sql_noted(sql, alias);
	own_condition(call, sql, table, alias, level);
}

void access_where_copy(struct call *call, struct sql *sql, const struct table *table,
    const struct table *copy, const char *alias, enum level level)
{
	struct table as_copy = *table;
	as_copy.owner = table->owner ? field_find(&copy->columns, STR("owner_id")) : NULL;
	as_copy.team = table->team ? field_find(&copy->columns, STR("team_id")) : NULL;
	access_where(call, sql, &as_copy, alias, level);
}

void access_through(struct call *call, struct sql *sql, const struct table *via, const char *alias,
    const struct table *table, enum level level)
{
	for (uint32_t i = 0; i < via->n_parents; i++)
		if (via->parents[i].table == table && !table->n_parents) {
			note_part(call, via, table, level);
			sql_noted(sql, alias);
			return;
		}
	/* Rows that are seen with others than the ones listed: that a contact takes part in a deal
	 * knows who sees the deal. */
	if (via->n_parents)
		access_where(call, sql, via, alias, access_view_level(call, via));
}

error access_assign(
    struct call *call, const struct table *table, const char owner[37], const char team[37])
{
	if (!table->owner || table->n_parents)
		return OK;
	enum level level = object_level(call, table->object, "assign");
	if (level == LEVEL_ALL)
		return OK;
	bool owner_good = !owner[0] ? level >= LEVEL_TEAM : !strcmp(owner, call->me.agent.text);
	bool team_good = !team[0];
	if (level >= LEVEL_OWN && !team_good)
		for (size_t i = 0; i + 36 <= call->me.team_ids.n && !team_good; i++)
			team_good = !memcmp(call->me.team_ids.p + i, team, 36);
	if (level == LEVEL_TEAM && !owner_good) {
		struct sql sql;
		note_membership(call, level);
		sql_begin(&sql, call->arena);
		sql_add(&sql, "SELECT COUNT(*)");
		team_mates(&sql);
		sql_id(&sql, call->me.company.text);
		sql_add(&sql, " AND mine.agent_id = ");
		sql_id(&sql, call->me.agent.text);
		sql_add(&sql, " AND theirs.agent_id = ");
		sql_id(&sql, owner);
		int64_t count = 0;
		static const struct field number = { .name = "count", .type = T_INT };
		const struct field *columns[] = { &number };
		TRY(sql_one(call, &sql, columns, 1, &count));
		owner_good = count > 0;
	}
	if (!owner_good)
		return fail(
		    call, FORBIDDEN, table->owner->name, "you may not assign to this agent");
	if (!team_good)
		return fail(call, FORBIDDEN, table->team ? table->team->name : table->owner->name,
		    "you may not assign to this team");
	return OK;
}

error access_whole(struct call *call)
{
	if (call->me.kind == BY_KEY && (!str_none(call->me.scopes) || call->me.maker_role.text[0]))
		return fail(call, FORBIDDEN, NULL,
		    "a key that may do less than who made it cannot do this: it would go on with "
		    "all of that power");
	return OK;
}

bool access_holds(const struct call *call, const char *permission, enum level level)
{
	return access_level(call, permission) >= level;
}

/* ---- what permissions there are ---- */

static const char **permissions;
static size_t n_permissions;
static pthread_once_t permissions_once = PTHREAD_ONCE_INIT;

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_permission(const char *permission)
{
	for (size_t i = 0; i < n_permissions; i++)
		if (!strcmp(permissions[i], permission))
			return;
	const char **grown = realloc(permissions, (n_permissions + 1) * sizeof *grown);
	if (!grown)
		abort();
	permissions = grown;
	permissions[n_permissions++] = permission;
}

static void collect_permissions(void)
{
	for (size_t i = 0; i < operations_count(); i++)
		if (operation_at(i)->may[0] != '*')
			add_permission(operation_at(i)->may);
	for (size_t t = 0; all_tables[t]; t++) {
		char *assign;
		if (all_tables[t]->owner && !(all_tables[t]->owner->flags & F_READ_ONLY) &&
		    !all_tables[t]->n_parents && !(all_tables[t]->owner->flags & F_CREATE_ONLY)) {
			if (asprintf(&assign, "%s.assign", all_tables[t]->object) < 0)
				abort();
			add_permission(assign);
		}
	}
	qsort(permissions, n_permissions, sizeof *permissions, compare_text);
}

const char *const *access_permissions(size_t *n)
{
	pthread_once(&permissions_once, collect_permissions);
	*n = n_permissions;
	return permissions;
}

bool access_known(const char *permission)
{
	size_t n;
	const char *const *all = access_permissions(&n);
	return bsearch(&permission, all, n, sizeof *all, compare_text) != NULL;
}

bool access_object_is_owned(const char *object)
{
	for (size_t t = 0; all_tables[t]; t++)
		if (!strcmp(all_tables[t]->object, object) && !strcmp(all_tables[t]->name, object))
			return all_tables[t]->owner || all_tables[t]->team;
	return false;
}
