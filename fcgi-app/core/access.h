/*
 * access.h: who may do what on which rows. A permission is a name, "contacts.view"; a role holds it
 * at a level. What is not there is LEVEL_NONE. The grants of a role are read from role_permissions
 * and kept by a worker under (company, role, revision); the revision is read anew at each call, so
 * nothing outlives a change.
 */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "core/sql.h"
#include "core/table.h"

struct call;

enum level { LEVEL_NONE, LEVEL_OWN, LEVEL_TEAM, LEVEL_ALL };
extern const char *const level_names[]; /* "none", "own", "team", "all", NULL */

struct grant {
	char permission[64];
	enum level level;
};
struct grants {
	struct grant *v;
	size_t n;
}; /* sorted by permission */
void grants_sort(struct grants *grants);
enum level grants_level(const struct grants *grants,
    const char *permission); /* LEVEL_NONE for what is not among them */

/* The caller's level for a permission, after the limits of its API key. */
enum level access_level(const struct call *call, const char *permission);

/* Appends " AND (...)" so that only rows of `table` at `alias` that the caller may see at `level`
 * are left; appends nothing when that is all of them, and " AND FALSE" when it is none. Also notes
 * in the call's read set which topics can change the answer. Tables with parents ask the parents'
 * scope. */
void access_where(struct call *call, struct sql *sql, const struct table *table, const char *alias,
    enum level level);

/* Whether that leaves none of the company's rows out. */
bool access_sees_all(const struct call *call, const struct table *table, enum level level);

/* The same where the row's id is a condition already: the answer then hangs on that row alone (to
 * give it to somebody else is to change it), and on who is in the caller's teams. */
void access_where_row(struct call *call, struct sql *sql, const struct table *table,
    const char *alias, enum level level, const char id[37]);

/* The same over another table's row at `alias` that repeats the owner and the team of rows of
 * `table`, as owner_id and team_id: the search index does. Not for tables with parents. */
void access_where_copy(struct call *call, struct sql *sql, const struct table *table,
    const struct table *copy, const char *alias, enum level level);

/* Only notes what access_where() would: for an answer that may be known without such a statement.
 */
void access_note(struct call *call, const struct table *table, enum level level);

/* For rows of `via` that are asked for by their row of `table`, which access_where() has narrowed
 * at `level`: only those of such rows count, so only their changes are noted. When they are seen
 * with rows of another table, that table's condition follows: " AND ...". */
void access_through(struct call *call, struct sql *sql, const struct table *via, const char *alias,
    const struct table *table, enum level level);

/* The level at which the caller sees rows of a table: its "<object>.view". */
enum level access_view_level(const struct call *call, const struct table *table);

/* May the caller give a row to this owner and team, by its "<object>.assign"? FORBIDDEN otherwise,
 * with the field named. */
error access_assign(struct call *call, const struct table *table, const char owner[37],
    const char team[37]) MUST_CHECK;

/* Whether a permission is among an API key's scopes, a JSON array of names; none: every one is. */
bool access_in_scopes(str scopes, const char *permission);

/* Before something is made that will act or be told as the caller's agent, with all that the agent
 * may: refuses a key that may do less. */
error access_whole(struct call *call) MUST_CHECK;

/* Whether the caller holds that level itself: nobody grants more. */
bool access_holds(const struct call *call, const char *permission, enum level level);

/* Every permission that exists, sorted: of all operations, and "<object>.assign" of tables with an
 * owner. */
const char *const *access_permissions(size_t *n);
bool access_known(const char *permission); /* is it one of them? */
/* True when rows of the object have an owner or a team, so that own and team differ from all. */
bool access_object_is_owned(const char *object);
