/*
 * roles.c: roles and what they may do. A change of a role's permissions bumps its revision in the
 * same transaction, and every call reads the revision before anything else, so it holds from the
 * next request on. Columns: sql/schema/roles.sql, role_permissions.sql. Page:
 * templates/settings/roles. Tests: tests/http/roles.test.mjs.
 */
#include <stdio.h>

#include "core/grants.h"
#include "core/page.h"
#include "core/query_run.h"
#include "core/resource.h"
#include "core/row.h"

RESOURCE_LIST(roles, SORTS("name"));
RESOURCE_GET(roles);

/* ---- a role as a row ---- */

static error built_in(struct call *call, const struct role *role, const char *what)
{
	return fail_code(call, CONFLICT, NULL, "built_in",
	    "the role %.*s is built in and cannot be %s", (int)role->name.n, role->name.p, what);
}

struct roles_create_in {
	role_id id;
	str name;
	role_id copy_of;
};
FIELDS(roles_create) = {
	FIELD(roles_create, id, .flags = F_CREATE_ONLY, .like = COLUMN(roles, id)),
	FIELD(roles_create, name, .flags = F_REQUIRED, .like = COLUMN(roles, name)),
	FIELD(roles_create, copy_of, .flags = F_NULLABLE,
	    .doc = "The role whose permissions it starts with; none: it may do nothing yet"),
};

static error copy_permissions(struct call *call, role_id from, role_id to)
{
	struct role_levels_row *rows;
	size_t n;
	TRY(grants_give(call, from, (str) { NULL, 0 }, "copy_of"));
	TRY(query_all(
	    call, &role_levels_query, &(struct role_levels_in) { .role_id = from }, &rows, &n));
	struct role_permission *copies = ARENA_ARRAY(call->arena, n + 1, struct role_permission);
	for (size_t i = 0; i < n; i++) {
		row_init(&role_permissions_table, &copies[i]);
		copies[i].role_id = to;
		copies[i].object = rows[i].object;
		copies[i].action = rows[i].action;
		copies[i].level = rows[i].level;
	}
	return role_permissions_insert_all(call, copies, n);
}

MUTATION(roles_create, "roles.create", ROW(roles), .route = "POST /v1/roles",
    .summary = "Create one of roles", .status = 201)
{
	struct role role;
	row_init(&roles_table, &role);
	role.id = in->id;
	role.name = in->name;
	role.kind = ROLE_KIND_CUSTOM;
	size_t changes = call->n_changes;
	TRY(role_insert(call, &role));
	/* A create that is repeated with its id has its permissions already. */
	if (in->copy_of.text[0] && call->n_changes > changes)
		TRY(copy_permissions(call, in->copy_of, role.id));
	return row_answer(call, &roles_table, role.id.text, out);
}

static error update(struct call *call, const void *input, struct json *out)
{
	const struct role *in = input;
	struct role role;
	TRY(role_lock(call, in->id, &role));
	TRY(grants_reach(call, role.id));
	if (given(call, "name") && !str_eq(in->name, role.name) && role.kind != ROLE_KIND_CUSTOM)
		return built_in(call, &role, "renamed");
	row_merge(call, &roles_table, &role, in);
	TRY(role_update(call, &role));
	return row_answer(call, &roles_table, role.id.text, out);
}

static const struct field update_fields[] = {
	{ .name = "id",
	    .type = T_ID,
	    .flags = F_REQUIRED,
	    .offset = offsetof(struct role, id),
	    .ref = &roles_table,
	    .like = COLUMN(roles, id) },
	{ .name = "name",
	    .type = T_TEXT,
	    .offset = offsetof(struct role, name),
	    .like = COLUMN(roles, name) },
};

const struct operation roles_update = {
	.name = "roles_update",
	.kind = MUTATION_KIND,
	.may = "roles.edit",
	.route = "PATCH /v1/roles/{id}",
	.summary = "Rename one of roles",
	.table = &roles_table,
	.answer = ANSWER_ROW,
	.in = { update_fields, 2, sizeof(struct role) },
	.run = update,
};
OPERATION_REGISTER(roles_update);

struct roles_delete_in {
	role_id id;
};
FIELDS(roles_delete) = { FIELD(roles_delete, id, .flags = F_REQUIRED, .like = COLUMN(roles, id)) };

MUTATION(roles_delete, "roles.delete", NOTHING, .route = "DELETE /v1/roles/{id}",
    .summary = "Delete one of roles that nobody has", .table = &roles_table)
{
	struct role role;
	struct role_uses_row uses;
	TRY(role_lock(call, in->id, &role));
	TRY(grants_reach(call, role.id));
	if (role.kind != ROLE_KIND_CUSTOM)
		return built_in(call, &role, "deleted");
	TRY(query_one(call, &role_uses_query,
	    &(struct role_uses_in) { .role_id = role.id, .moment = call->now }, &uses));
	if (uses.agents + uses.keys + uses.invitations)
		return fail_code(call, CONFLICT, NULL, "in_use",
		    "%lld agents, %lld API keys and %lld open invitations have this role",
		    (long long)uses.agents, (long long)uses.keys, (long long)uses.invitations);
	return role_delete(call, role.id);
}

struct roles_restore_in {
	role_id id;
};
FIELDS(
    roles_restore) = { FIELD(roles_restore, id, .flags = F_REQUIRED, .like = COLUMN(roles, id)) };

MUTATION(roles_restore, "roles.delete", ROW(roles), .route = "POST /v1/roles/{id}/restore",
    .summary = "Bring back one of roles, with what it may do")
{
	TRY(row_restore(call, &roles_table, in->id.text));
	TRY(grants_reach(call, in->id));
	return row_answer(call, &roles_table, in->id.text, out);
}

/* ---- what a role may do ---- */

/* The levels of every permission that there is, in the order of access_permissions(). */
struct levels {
	enum level *v;
	role_permission_id *rows;
};

static error read_levels(struct call *call, role_id role, struct levels *out)
{
	struct role_levels_row *rows;
	size_t n, all;
	const char *const *permissions = access_permissions(&all);
	*out = (struct levels) { ARENA_ARRAY(call->arena, all, enum level),
		ARENA_ARRAY(call->arena, all, role_permission_id) };
	TRY(query_all(
	    call, &role_levels_query, &(struct role_levels_in) { .role_id = role }, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		char name[64];
		snprintf(name, sizeof name, "%.*s.%.*s", (int)rows[i].object.n, rows[i].object.p,
		    (int)rows[i].action.n, rows[i].action.p);
		for (size_t p = 0; p < all; p++)
			if (!strcmp(permissions[p], name)) {
				out->v[p] =
				    (enum level)((int)rows[i].level - ROLE_PERMISSION_LEVEL_NONE);
				out->rows[p] = rows[i].id;
			}
	}
	return OK;
}

static void split(struct arena *a, const char *permission, const char **object, const char **action)
{
	const char *dot = strchr(permission, '.');
	*object = arena_text(a, permission, (size_t)(dot - permission));
	*action = dot + 1;
}

struct roles_permissions_in {
	role_id id;
};
FIELDS(roles_permissions) = { FIELD(
    roles_permissions, id, .flags = F_REQUIRED, .like = COLUMN(roles, id)) };

struct roles_permissions_out {
	role_id role_id;
	list permissions;
};
ANSWER(roles_permissions) = {
	MEMBER(roles_permissions, role_id, .like = COLUMN(roles, id)),
	MEMBER_MAP(roles_permissions, permissions, permission_level,
	    .doc = "Every permission, with the level at which the role holds it"),
};

static error answer_levels(struct call *call, role_id role, struct roles_permissions_out *out)
{
	struct levels levels;
	size_t n;
	const char *const *permissions = access_permissions(&n);
	TRY(read_levels(call, role, &levels));
	struct permission_level_out *held =
	    ARENA_ARRAY(call->arena, n, struct permission_level_out);
	for (size_t i = 0; i < n; i++)
		held[i] = (struct permission_level_out) { str_of(permissions[i]),
			level_out(levels.v[i]) };
	*out = (struct roles_permissions_out) { role, { held, n } };
	return OK;
}

QUERY(roles_permissions, "roles.view", OBJECT(roles_permissions),
    .route = "GET /v1/roles/{id}/permissions",
    .summary = "Every permission, and at which level a role holds it")
{
	struct role role;
	TRY(role_get(call, in->id, &role));
	return answer_levels(call, role.id, out);
}

struct roles_set_permissions_in {
	role_id id;
	json_text permissions;
};
FIELDS(roles_set_permissions) = {
	FIELD(roles_set_permissions, id, .flags = F_REQUIRED, .like = COLUMN(roles, id)),
	FIELD(roles_set_permissions, permissions, .flags = F_REQUIRED,
	    .example = "{\"contacts.view\":\"team\",\"contacts.edit\":\"own\"}",
	    .doc = "Levels by permission, as {\"contacts.view\":\"own\"}: none, own, team or all. "
		   "What is not named stays as it is"),
};

static bool level_of(struct json_object *value, enum level *out)
{
	if (!json_object_is_type(value, json_type_string))
		return false;
	for (int i = 0; level_names[i]; i++)
		if (!strcmp(json_object_get_string(value), level_names[i])) {
			*out = (enum level)i;
			return true;
		}
	return false;
}

/* What is wrong with one wanted level, under its pointer; OK sets wanted[index]. */
static void take_level(struct call *call, const char *name, struct json_object *value,
    const struct levels *now, enum level *wanted)
{
	size_t n, i = 0;
	enum level level;
	const char *object, *action,
	    *pointer = arena_printf(call->arena, "permissions/%.80s", name);
	const char *const *permissions = access_permissions(&n);
	while (i < n && strcmp(permissions[i], name) != 0)
		i++;
	if (i == n) {
		(void)!fail_code(call, INVALID, pointer, "unknown", "there is no such permission");
		return;
	}
	split(call->arena, permissions[i], &object, &action);
	bool owned = access_object_is_owned(object);
	if (!level_of(value, &level) || (!owned && level != LEVEL_NONE && level != LEVEL_ALL)) {
		(void)!fail_code(call, INVALID, pointer, "choice",
		    owned ? "must be one of: none, own, team, all" : "must be one of: none, all");
		return;
	}
	if (level > now->v[i] && !access_holds(call, permissions[i], level)) {
		(void)!fail(call, FORBIDDEN, pointer, "you do not have %s for %s yourself",
		    permissions[i], level_names[level]);
		return;
	}
	wanted[i] = level;
}

static error write_level(struct call *call, role_id role, const char *permission,
    role_permission_id id, enum level level)
{
	struct role_permission row;
	if (level == LEVEL_NONE)
		return row_delete_any(call, &role_permissions_table, id.text);
	if (id.text[0]) {
		TRY(role_permission_lock_any(call, id, &row));
		row.level = (enum role_permission_level)(level + ROLE_PERMISSION_LEVEL_NONE);
		return role_permission_update(call, &row);
	}
	const char *object, *action;
	split(call->arena, permission, &object, &action);
	row_init(&role_permissions_table, &row);
	row.role_id = role;
	row.object = str_of(object);
	row.action = str_of(action);
	row.level = (enum role_permission_level)(level + ROLE_PERMISSION_LEVEL_NONE);
	return role_permissions_insert_all(call, &row, 1);
}

static error write_wanted(
    struct call *call, struct role *role, const struct levels *now, const enum level *wanted)
{
	size_t n, changed = 0;
	const char *const *permissions = access_permissions(&n);
	for (size_t i = 0; i < n; i++)
		if (wanted[i] != now->v[i]) {
			TRY(write_level(call, role->id, permissions[i], now->rows[i], wanted[i]));
			changed++;
		}
	if (!changed)
		return OK;
	role->revision++;
	return role_update(call, role);
}

MUTATION(roles_set_permissions, "roles.edit", OBJECT(roles_permissions),
    .route = "PUT /v1/roles/{id}/permissions",
    .summary = "Set the levels at which a role holds permissions", .table = &roles_table)
{
	struct role role;
	struct levels now;
	size_t n;
	const char *why;
	TRY(role_lock(call, in->id, &role));
	if (role.kind == ROLE_KIND_OWNER)
		return built_in(call, &role, "changed: owners may do everything");
	TRY(grants_reach(call, role.id));
	struct json_object *asked = json_read(call->arena, in->permissions.json, &why);
	if (!json_object_is_type(asked, json_type_object))
		return fail_code(call, INVALID, "permissions", "type",
		    "must be an object, such as {\"contacts.view\":\"own\"}");
	access_permissions(&n);
	TRY(read_levels(call, role.id, &now));
	enum level *wanted = ARENA_ARRAY(call->arena, n, enum level);
	memcpy(wanted, now.v, n * sizeof *wanted);
	json_object_object_foreach(asked, name, value) take_level(call, name, value, &now, wanted);
	if (call->problem.kind)
		return call->problem.kind;
	TRY(write_wanted(call, &role, &now, wanted));
	return answer_levels(call, role.id, out);
}

/* ---- the matrix of the settings page, and the list of all permissions ---- */

/* contact_tags -> "Contact tags", api_keys -> "API keys" */
static str label_of(struct call *call, const char *name)
{
	char *label = arena_text(call->arena, name, strlen(name));
	if (!strncmp(label, "api_", 4))
		memcpy(label, "API", 3);
	for (char *c = label; *c; c++)
		if (*c == '_')
			*c = ' ';
	if (label[0] >= 'a' && label[0] <= 'z')
		label[0] = (char)(label[0] - 'a' + 'A');
	return str_of(label);
}

/* What every role holds: of role r the levels are at v[r * n_permissions]. */
struct matrix {
	struct all_roles_row *roles;
	size_t n_roles, shown;
	enum level *v;
};

static error read_matrix(struct call *call, struct matrix *m)
{
	struct all_levels_row *rows;
	size_t n, all;
	const char *const *permissions = access_permissions(&all);
	m->v = ARENA_ARRAY(call->arena, m->n_roles * all + 1, enum level);
	TRY(query_all(call, &all_levels_query, NULL, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		char name[64];
		size_t r = 0, p = 0;
		snprintf(name, sizeof name, "%.*s.%.*s", (int)rows[i].object.n, rows[i].object.p,
		    (int)rows[i].action.n, rows[i].action.p);
		while (r < m->n_roles && strcmp(m->roles[r].id.text, rows[i].role_id.text) != 0)
			r++;
		while (p < all && strcmp(permissions[p], name) != 0)
			p++;
		if (r < m->n_roles && p < all)
			m->v[r * all + p] =
			    (enum level)((int)rows[i].level - ROLE_PERMISSION_LEVEL_NONE);
	}
	return OK;
}

struct matrix_level_out {
	role_id role_id;
	enum role_permission_level level;
};
ANSWER(matrix_level) = {
	MEMBER(matrix_level, role_id, .like = COLUMN(roles, id)),
	MEMBER(matrix_level, level, .like = COLUMN(role_permissions, level)),
};

struct matrix_action_out {
	str action, label, permission;
	enum role_permission_level level;
	list levels;
};
ANSWER(matrix_action) = {
	MEMBER(matrix_action, action, .doc = "What is done, as edit"),
	MEMBER(matrix_action, label, .doc = "The same for people"),
	MEMBER(matrix_action, permission, .doc = "The permission that it takes"),
	MEMBER(matrix_action, level, .like = COLUMN(role_permissions, level),
	    .doc = "Of the role that is shown"),
	MEMBER_LIST(matrix_action, levels, matrix_level, .doc = "Of every role"),
};

struct matrix_object_out {
	str object, label;
	bool owned;
	list actions;
};
ANSWER(matrix_object) = {
	MEMBER(matrix_object, object, .doc = "What it is about, as contacts"),
	MEMBER(matrix_object, label, .doc = "The same for people"),
	MEMBER(matrix_object, owned,
	    .doc = "Whether its rows have owners, so that own and team differ from all"),
	MEMBER_LIST(matrix_object, actions, matrix_action, .doc = "What can be done with it"),
};

struct matrix_role_out {
	role_id id;
	str name;
	bool built_in, owner;
	instant updated_at;
};
ANSWER(matrix_role) = {
	MEMBER(matrix_role, id, .like = COLUMN(roles, id)),
	MEMBER(matrix_role, name, .like = COLUMN(roles, name)),
	MEMBER(matrix_role, built_in, .doc = "It cannot be renamed or deleted"),
	MEMBER(matrix_role, owner, .doc = "It may do everything, always"),
	MEMBER(matrix_role, updated_at, .like = COLUMN(roles, updated_at)),
};

struct roles_matrix_out {
	list roles;
	struct matrix_role_out role;
	list objects;
};
ANSWER(roles_matrix) = {
	MEMBER_LIST(roles_matrix, roles, matrix_role, .doc = "All roles, the built-in ones first"),
	MEMBER_OBJECT(roles_matrix, role, matrix_role, .doc = "The role that is shown"),
	MEMBER_LIST(roles_matrix, objects, matrix_object, .doc = "What permissions are about"),
};

static struct matrix_action_out action_of(
    struct call *call, const struct matrix *m, size_t at, const char *action)
{
	size_t n;
	const char *const *permissions = access_permissions(&n);
	struct matrix_level_out *levels =
	    ARENA_ARRAY(call->arena, m->n_roles, struct matrix_level_out);
	for (size_t r = 0; r < m->n_roles; r++)
		levels[r] =
		    (struct matrix_level_out) { m->roles[r].id, level_out(m->v[r * n + at]) };
	return (struct matrix_action_out) { str_of(action), label_of(call, action),
		str_of(permissions[at]), level_out(m->v[m->shown * n + at]),
		{ levels, m->n_roles } };
}

static list objects_of(struct call *call, const struct matrix *m)
{
	size_t n, i = 0, n_objects = 0;
	const char *const *permissions = access_permissions(&n), *object, *next, *action;
	struct matrix_object_out *objects = ARENA_ARRAY(call->arena, n, struct matrix_object_out);
	struct matrix_action_out *actions = ARENA_ARRAY(call->arena, n, struct matrix_action_out);
	while (i < n) {
		size_t first = i;
		split(call->arena, permissions[i], &object, &action);
		for (; i < n; i++) {
			split(call->arena, permissions[i], &next, &action);
			if (strcmp(next, object) != 0)
				break;
			actions[i] = action_of(call, m, i, action);
		}
		objects[n_objects++] =
		    (struct matrix_object_out) { str_of(object), label_of(call, object),
			    access_object_is_owned(object), { &actions[first], i - first } };
	}
	return (list) { objects, n_objects };
}

static struct matrix_role_out role_of(const struct all_roles_row *role)
{
	return (struct matrix_role_out) { role->id, role->name, role->kind != ROLE_KIND_CUSTOM,
		role->kind == ROLE_KIND_OWNER, role->updated_at };
}

struct roles_matrix_in {
	role_id role;
};
FIELDS(roles_matrix) = { FIELD(
    roles_matrix, role, .flags = F_NULLABLE, .doc = "The role that is shown; none: the first") };

QUERY(roles_matrix, "roles.view", OBJECT(roles_matrix), .route = "GET /v1/roles/matrix",
    .summary = "All roles with their level for every action on every object; `level` is that of "
	       "the role that is shown")
{
	struct matrix m = { 0 };
	TRY(query_all(call, &all_roles_query, NULL, &m.roles, &m.n_roles));
	while (in->role.text[0] && m.shown < m.n_roles &&
	       strcmp(m.roles[m.shown].id.text, in->role.text) != 0)
		m.shown++;
	if (m.shown == m.n_roles)
		return fail(call, NOT_FOUND, NULL, "there is no such role");
	TRY(read_matrix(call, &m));
	struct matrix_role_out *roles = ARENA_ARRAY(call->arena, m.n_roles, struct matrix_role_out);
	for (size_t r = 0; r < m.n_roles; r++)
		roles[r] = role_of(&m.roles[r]);
	*out = (struct roles_matrix_out) { { roles, m.n_roles }, roles[m.shown],
		objects_of(call, &m) };
	return OK;
}

struct permission_out {
	str permission, object, action;
	bool owned;
	enum role_permission_level level;
};
ANSWER(permission) = {
	MEMBER(permission, permission, .doc = "Its name, as contacts.view"),
	MEMBER(permission, object, .doc = "What it is about"),
	MEMBER(permission, action, .doc = "What it allows"),
	MEMBER(permission, owned,
	    .doc = "Whether its rows have owners, so that own and team differ from all"),
	MEMBER(permission, level, .like = COLUMN(role_permissions, level),
	    .doc = "At which the caller holds it"),
};

NO_INPUT(permissions_list);
struct permissions_list_out {
	list data;
};
ANSWER(permissions_list) = { MEMBER_LIST(
    permissions_list, data, permission, .doc = "The permissions, in alphabetical order") };

QUERY(permissions_list, SIGNED_IN, OBJECT(permissions_list), .route = "GET /v1/permissions",
    .summary = "Every permission that a role can hold and a key be limited to")
{
	size_t n;
	const char *const *permissions = access_permissions(&n), *object, *action;
	struct permission_out *all = ARENA_ARRAY(call->arena, n, struct permission_out);
	for (size_t i = 0; i < n; i++) {
		split(call->arena, permissions[i], &object, &action);
		all[i] = (struct permission_out) { str_of(permissions[i]), str_of(object),
			str_of(action), access_object_is_owned(object),
			level_out(access_level(call, permissions[i])) };
	}
	out->data = (list) { all, n };
	return OK;
}

PAGE(settings_roles, .route = "/settings/roles", .template = "settings/roles", .title = "Roles",
    .nav = "settings",
    .loads = {
	{ "matrix", "roles_matrix", "role={role}" },
	{ "roles", "roles_list", "limit=100", .whole = true },
    });
