/*
 * changes.c: the log of changes as a feed for clients that keep a copy: GET /v1/changes?since=N
 * gives what changed after version N, of the rows that the caller may see, and tells of rows that
 * entered its scope or left it, with the notes and whatever else is seen with them. When not the
 * rows changed but what the caller may see (its role, its teams), an item "rescoped" names each
 * kind of row of which others may be seen now: what a new list of them has not has left, what is
 * new in it has entered. A client that was away for longer than the log goes back is told to read
 * everything anew (410). Statements: sql/query/changes.sql. Waiting is the live process's. Tests:
 * tests/http/changes.test.mjs.
 */
#include "core/access.h"
#include "core/operation.h"
#include "core/query_run.h"
#include "core/sql_run.h"

enum { ROWS = 500 };
enum seen { NOT_SEEN, SEEN, ENTERED, LEFT, ASK }; /* ASK: the log alone does not tell */

/* What the caller may see of one table. */
struct scope {
	const struct table *table;
	enum level level; /* over the owner and team that the log names */
	bool ask;         /* the row itself must be asked whose it is, and by what it is seen */
	bool by_team;     /* who is in the caller's teams decides which rows it sees */
};

struct feed {
	struct call *call;
	struct scope *scopes;
	size_t n_scopes, n_tables; /* n_tables: that there are */
	struct my_team_mates_row *mates;
	size_t n_mates;
};

/* How much of what the caller sees may be another than before, although no row changed. */
enum reach { REACH_NOTHING, REACH_BY_TEAM, REACH_ALL };

static bool my_agent(const struct feed *f, const uuid *id)
{
	if (!strcmp(id->text, f->call->me.agent.text))
		return true;
	for (size_t i = 0; i < f->n_mates; i++)
		if (!strcmp(id->text, f->mates[i].agent_id.text))
			return true;
	return false;
}

static bool my_team(const struct feed *f, const uuid *id)
{
	for (size_t i = 0; i < f->n_mates; i++)
		if (!strcmp(id->text, f->mates[i].team_id.text))
			return true;
	return false;
}

static bool in_scope(const struct feed *f, enum level level, const uuid *owner, const uuid *team)
{
	if (level == LEVEL_ALL || level == LEVEL_NONE)
		return level == LEVEL_ALL;
	if (level == LEVEL_OWN)
		return !strcmp(owner->text, f->call->me.agent.text);
	return my_agent(f, owner) || my_team(f, team);
}

/* ---- what may be seen of each table ---- */

/* The log names the owner and team of a row, or of its parent. That settles who sees the row,
 * unless parents are seen at different levels, or the row's own author counts as well. */
static struct scope scope_of(struct call *call, const struct table *table)
{
	struct scope s = { .table = table, .level = access_view_level(call, table) };
	s.by_team = s.level == LEVEL_TEAM;
	if (s.level == LEVEL_NONE)
		return s;
	if (!table->n_parents) {
		if (!table->owner && !table->team)
			s.level = LEVEL_ALL;
		return s;
	}
	enum level own = s.level;
	for (uint32_t i = 0; i < table->n_parents; i++) {
		enum level level = access_view_level(call, table->parents[i].table);
		s.by_team = s.by_team || level == LEVEL_TEAM;
		s.ask = s.ask || (i && level != s.level);
		s.level = level;
	}
	s.ask = s.ask || (own != LEVEL_ALL && (table->owner || table->team));
	if (s.ask)
		s.level = LEVEL_ALL;
	return s;
}

static error open_feed(struct call *call, struct feed *f)
{
	size_t n = 0;
	while (all_tables[n])
		n++;
	*f = (struct feed) {
		.call = call, .scopes = ARENA_ARRAY(call->arena, n, struct scope), .n_tables = n
	};
	bool teams = false;
	for (size_t i = 0; i < n; i++) {
		struct scope s = all_tables[i]->logged && all_tables[i]->id
				     ? scope_of(call, all_tables[i])
				     : (struct scope) { 0 };
		if (s.level == LEVEL_NONE)
			continue;
		struct sql topics; /* only to note what can change this feed */
		sql_begin(&topics, call->arena);
		access_where(call, &topics, s.table, "t", access_view_level(call, s.table));
		teams = teams || s.by_team;
		f->scopes[f->n_scopes++] = s;
	}
	return teams ? query_all(call, &my_team_mates_query, NULL, &f->mates, &f->n_mates) : OK;
}

static const struct scope *scope_named(const struct feed *f, str object)
{
	for (size_t i = 0; i < f->n_scopes; i++)
		if (str_is(object, f->scopes[i].table->name))
			return &f->scopes[i];
	return NULL;
}

/* ---- one change ---- */

static bool named(str fields, const char *field)
{
	size_t n = strlen(field);
	for (size_t i = 0; i + n + 2 <= fields.n; i++)
		if (fields.p[i] == '"' && !memcmp(fields.p + i + 1, field, n) &&
		    fields.p[i + 1 + n] == '"')
			return true;
	return false;
}

/* After which changes does the caller see other rows than before, although those did not change? */
static enum reach reach_of(const struct feed *f, const struct changes_since_row *c)
{
	const struct identity *me = &f->call->me;
	if (str_is(c->object, agents_table.name) && !strcmp(c->row_id.text, me->agent.text))
		return named(c->fields.json, "role_id")    ? REACH_ALL
		       : named(c->fields.json, "team_ids") ? REACH_BY_TEAM
							   : REACH_NOTHING;
	if (str_is(c->object, roles_table.name) &&
	    (!strcmp(c->row_id.text, me->role.text) ||
		!strcmp(c->row_id.text, me->maker_role.text)))
		return named(c->fields.json, "revision") ? REACH_ALL : REACH_NOTHING;
	if (str_is(c->object, team_agents_table.name) &&
	    (my_team(f, &c->team_before) || my_team(f, &c->team_after)))
		return REACH_BY_TEAM;
	return REACH_NOTHING;
}

/* The same of what is in later pages, one of which will tell of it. */
static error reach_after(const struct feed *f, int64_t version, enum reach *reach)
{
	struct scopes_after_row *rows;
	size_t n;
	TRY(query_all(f->call, &scopes_after_query,
	    &(struct scopes_after_in) { .version = version }, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		enum reach one = reach_of(f, &(struct changes_since_row) {
						 .object = rows[i].object,
						 .row_id = rows[i].row_id,
						 .team_before = rows[i].team_before,
						 .team_after = rows[i].team_after,
						 .fields = rows[i].fields,
					     });
		*reach = one > *reach ? one : *reach;
	}
	return OK;
}

/* By whose the row was when it changed: since then it may have come to the caller, who is not told
 * what became of it before, or have gone, and the caller must know what became of it until then. */
static enum seen seen_at(const struct feed *f, enum level level, const struct changes_since_row *c)
{
	bool before =
	    c->kind != CHANGE_KIND_CREATED && in_scope(f, level, &c->owner_before, &c->team_before);
	bool after = c->kind == CHANGE_KIND_DELETED
			 ? before || in_scope(f, level, &c->owner_after, &c->team_after)
			 : in_scope(f, level, &c->owner_after, &c->team_after);
	if (after)
		return before || c->kind != CHANGE_KIND_UPDATED ? SEEN : ENTERED;
	return before ? LEFT : NOT_SEEN;
}

static enum seen judge(const struct feed *f, const struct changes_since_row *c)
{
	const struct scope *s = scope_named(f, c->object);
	if (!s)
		return NOT_SEEN;
	return s->ask ? ASK : seen_at(f, s->level, c);
}

/* What the log does not tell of a row within others, and what never changes: whose it is itself,
 * and of which table its parent is, whose owner and team the log has. */
struct asked {
	uuid id, owner, team;
	int64_t parent; /* which of the table's; -1: none */
};

static enum seen judge_asked(const struct feed *f, const struct table *table,
    const struct asked *row, const struct changes_since_row *c)
{
	enum level own =
	    table->owner || table->team ? access_view_level(f->call, table) : LEVEL_ALL;
	if (row->parent < 0 || !in_scope(f, own, &row->owner, &row->team))
		return NOT_SEEN;
	const struct table *parent = table->parents[row->parent].table;
	enum level level = access_view_level(f->call, parent);
	if (level != LEVEL_NONE && !parent->owner && !parent->team)
		level = LEVEL_ALL;
	return seen_at(f, level, c);
}

static void select_asked(struct call *call, struct sql *sql, const struct table *table)
{
	sql_begin(sql, call->arena);
	sql_addf(sql, "SELECT t.id, %s%s, %s%s, CASE", table->owner ? "t." : "",
	    table->owner ? table->owner->name : "NULL", table->team ? "t." : "",
	    table->team ? table->team->name : "NULL");
	for (uint32_t i = 0; i < table->n_parents; i++)
		sql_addf(sql, " WHEN t.%s IS NOT NULL THEN %u", table->parents[i].sql_column, i);
	sql_from(sql, " ELSE -1 END FROM ", table, "t");
	sql_noted(sql, "t"); /* open_feed() noted what of it can change the feed */
}

/* The rows of one table that the log alone does not settle. */
static error ask_rows(struct feed *f, const struct table *table,
    const struct changes_since_row *rows, size_t n, enum seen *seen)
{
	static const struct field id = {
		.name = "id", .type = T_ID, .offset = offsetof(struct asked, id)
	};
	static const struct field owner = {
		.name = "owner", .type = T_ID, .offset = offsetof(struct asked, owner)
	};
	static const struct field team = {
		.name = "team", .type = T_ID, .offset = offsetof(struct asked, team)
	};
	static const struct field parent = {
		.name = "parent", .type = T_INT, .offset = offsetof(struct asked, parent)
	};
	const struct field *columns[] = { &id, &owner, &team, &parent };
	struct call *call = f->call;
	struct db_rows *open;
	struct sql sql;
	select_asked(call, &sql, table);
	sql_add(&sql, " WHERE t.company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, " AND t.id IN (");
	bool any = false;
	for (size_t i = 0; i < n; i++) {
		if (seen[i] != ASK || !str_is(rows[i].object, table->name))
			continue;
		sql_add(&sql, any ? ", " : "");
		sql_id(&sql, rows[i].row_id.text);
		any = true;
	}
	sql_add(&sql, ")");
	if (!any)
		return OK;
	TRY(sql_query(call, &sql, columns, sizeof columns / sizeof *columns, &open));
	for (bool have;;) {
		struct asked row;
		TRY(db_next(open, &have));
		if (!have)
			break;
		db_into(open, &row);
		for (size_t i = 0; i < n; i++)
			if (seen[i] == ASK && !strcmp(row.id.text, rows[i].row_id.text))
				seen[i] = judge_asked(f, table, &row, &rows[i]);
	}
	for (size_t i = 0; i < n; i++)
		if (seen[i] == ASK && str_is(rows[i].object, table->name))
			seen[i] = NOT_SEEN;
	return OK;
}

struct change_out {
	int64_t version, n;
	str object;
	uuid row_id;
	str kind;
	bool left;
	json_text fields;
	uuid agent_id;
	instant at;
};
static const char *const kind_names[] = { "", "created", "updated", "deleted", "restored",
	"entered", "left", "rescoped", NULL };
ANSWER(change) = {
	MEMBER(change, version, .like = COLUMN(changes, version)),
	MEMBER(change, n, .like = COLUMN(changes, n)),
	MEMBER(change, object, .like = COLUMN(changes, object)),
	MEMBER(change, row_id, .like = COLUMN(changes, row_id), .flags = F_NULLABLE,
	    .doc = "Which row; none with rescoped"),
	MEMBER(change, kind, .names = kind_names,
	    .doc = "What happened to it; entered and left: it, and what hangs on it, can be seen "
		   "now or no longer;"
		   " rescoped: others of these rows can be seen now, list them anew"),
	MEMBER(change, left,
	    .doc = "It can no longer be seen; that it was deleted or not is not told"),
	MEMBER(change, fields, .like = COLUMN(changes, fields)),
	MEMBER(change, agent_id, .like = COLUMN(changes, agent_id)),
	MEMBER(change, at, .like = COLUMN(changes, created_at)),
};

static struct change_out change_of(const struct changes_since_row *c, enum seen seen)
{
	bool left = seen == LEFT, entered = seen == ENTERED;
	return (struct change_out) { c->version, c->n, c->object, c->row_id,
		str_of(left      ? "left"
		       : entered ? "entered"
				 : change_kind_name(c->kind)),
		left, left ? (json_text) { { NULL, 0 } } : c->fields, c->agent_id, c->at };
}

/* In place of a row: those of this table are to be read again. */
static struct change_out rescoped(
    const struct changes_since_row *because, const struct table *table)
{
	return (struct change_out) { because->version, because->n, str_of(table->name), { "" },
		STR("rescoped"), false, { { NULL, 0 } }, because->agent_id, because->at };
}

/* Rows of a table that is to be listed anew are not told one by one: what the caller may see now
 * says nothing of what it could see then. */
static bool is_rescoped(const struct feed *f, enum reach reach, str object)
{
	const struct scope *s = scope_named(f, object);
	return reach == REACH_ALL || (reach == REACH_BY_TEAM && s && s->by_team);
}

/* A role may have taken away whole tables; the caller must know of those as well. Returns how many.
 */
static size_t add_reach(const struct feed *f, enum reach reach,
    const struct changes_since_row *because, struct change_out *out)
{
	size_t n = 0;
	for (size_t i = 0; reach == REACH_ALL && all_tables[i]; i++)
		if (all_tables[i]->logged && all_tables[i]->id)
			out[n++] = rescoped(because, all_tables[i]);
	for (size_t i = 0; reach == REACH_BY_TEAM && i < f->n_scopes; i++)
		if (f->scopes[i].by_team)
			out[n++] = rescoped(because, f->scopes[i].table);
	return n;
}

/* ---- the feed ---- */

static error resync(struct call *call, const char *why)
{
	call->problem.extra = json_object_new_object();
	json_keep(call->arena, call->problem.extra);
	json_object_object_add(
	    call->problem.extra, "version", json_object_new_int64(call->version));
	return fail_code(call, GONE, "since", "resync",
	    "%s: read everything again, and go on from the version that came with it", why);
}

/* Asked after the changes were read: what was trimmed meanwhile is then known to be missing. Of
 * what was trimmed the log still has what a timeline shows, so its oldest row tells nothing. */
static error check_since(struct call *call, int64_t since)
{
	struct changes_trimmed_row trimmed;
	error e = query_one(call, &changes_trimmed_query, NULL, &trimmed);
	if (e != OK && e != NOT_FOUND)
		return e;
	if (since > call->version)
		return resync(call, "this version does not exist");
	if (e == OK && since < trimmed.version)
		return resync(call, "the log does not go back that far");
	return OK;
}

struct changes_list_in {
	int64_t since;
};
FIELDS(changes_list) = {
	FIELD(changes_list, since, .flags = F_REQUIRED, .min = 0, .max = INT64_MAX,
	    .doc = "The version up to which the client knows everything", .example = "0"),
};

struct changes_list_out {
	list items;
	int64_t next;
	bool has_more;
};
ANSWER(changes_list) = {
	MEMBER_LIST(changes_list, items, change, .doc = "The changes in their order"),
	MEMBER(changes_list, next, .doc = "The version to ask from next time"),
	MEMBER(changes_list, has_more, .doc = "Whether there are more already"),
};

QUERY(changes_list, SIGNED_IN, OBJECT(changes_list), .route = "GET /v1/changes",
    .summary = "What changed after a version, of the rows that the caller may see",
    .refuses = 1 << GONE, .waits_for = WAITS_FOR_ITEMS)
{
	struct changes_since_row *rows;
	struct feed feed;
	size_t n;
	TRY(open_feed(call, &feed));
	TRY(query_all(call, &changes_since_query,
	    &(struct changes_since_in) { .since = in->since, .rows = ROWS }, &rows, &n));
	TRY(check_since(call, in->since));
	enum seen *seen = ARENA_ARRAY(call->arena, n + 1, enum seen);
	enum reach reach = REACH_NOTHING, later = REACH_NOTHING;
	const struct changes_since_row *because = NULL;
	for (size_t i = 0; i < n; i++) {
		enum reach one = reach_of(&feed, &rows[i]);
		if (one != REACH_NOTHING)
			because = &rows[i];
		reach = one > reach ? one : reach;
		seen[i] = judge(&feed, &rows[i]);
	}
	for (size_t i = 0; i < feed.n_scopes; i++)
		if (feed.scopes[i].ask)
			TRY(ask_rows(&feed, feed.scopes[i].table, rows, n, seen));
	struct change_out *items =
	    ARENA_ARRAY(call->arena, n + feed.n_tables + 1, struct change_out);
	out->items.items = items;
	if (n >= ROWS)
		TRY(reach_after(&feed, rows[n - 1].version, &later));
	for (size_t i = 0; i < n; i++)
		if (seen[i] != NOT_SEEN && !is_rescoped(&feed, reach, rows[i].object) &&
		    !is_rescoped(&feed, later, rows[i].object))
			items[out->items.n++] = change_of(&rows[i], seen[i]);
	out->items.n += add_reach(&feed, reach, because, items + out->items.n);
	out->next = n ? rows[n - 1].version : in->since;
	out->has_more = n >= ROWS && out->next < call->version;
	if (!out->has_more && out->next < call->version)
		out->next = call->version;
	return OK;
}
