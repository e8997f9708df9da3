/* changes.c: the end of each mutation's transaction: head, log, topics; see changes.h. */
#include "core/changes.h"
#include "core/search_write.h"
#include "core/sql_run.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const kind_names[] = { "", "created", "updated", "deleted", "restored" };

static uuid id_at(const void *row, const struct field *field)
{
	uuid id = { "" };
	if (row && field)
		memcpy(id.text, (const char *)row + field->offset, sizeof id.text);
	return id;
}

/* The parent whose scope decides who sees the row, or NULL. */
static const struct table *parent_of(const struct table *table, const void *row, uuid *id)
{
	for (uint32_t i = 0; i < table->n_parents; i++) {
		const struct table_parent *p = &table->parents[i];
		const char *value = (const char *)row + p->column->offset;
		if (p->column->type == T_SUBJECT) {
			const subject *s = (const subject *)(const void *)value;
			bool this_one = s->object[0] && !strcmp(s->object, p->table->noun);
			value = this_one ? s->id.text : "";
		}
		if (value[0]) {
			memcpy(id->text, value, sizeof id->text);
			return p->table;
		}
	}
	return NULL;
}

void changes_record(struct call *call, const struct table *table, enum row_change_kind kind,
    const void *before, const void *after, str fields)
{
	if (!table->logged)
		return;
	search_note(call, table, before, after);
	struct row_change *c = ARENA_NEW(call->arena, struct row_change);
	const void *row = after ? after : before;
	*c = (struct row_change) {
		.next = call->changes,
		.table = table,
		.row = id_at(row, table->id),
		.kind = kind,
		.at = call->now,
		.chain = call->chain,
		.by_stranger = call->by_stranger,
		.owner_before = id_at(before, table->owner),
		.owner_after = id_at(after, table->owner),
		.team_before = id_at(before, table->team),
		.team_after = id_at(after, table->team),
		.fields = fields,
	};
	/* Who sees a row with parents follows from the parent: changes_write() looks its owner up.
	 */
	c->parent = parent_of(table, row, &c->parent_row);
	c->parent_was = parent_of(table, before ? before : row, &c->parent_row_was);
	call->changes = c;
	call->n_changes++;
}

/* ---- what follows ---- */

/* Weak: a test without modules has none. */
extern const struct change_hook *const __start_change_hooks[] __attribute__((weak)),
    *const __stop_change_hooks[] __attribute__((weak));

error changes_follow(struct call *call)
{
	if (!call->changes)
		return OK;
	for (const struct change_hook *const *h = __start_change_hooks; h < __stop_change_hooks;
	     h++)
		TRY((*h)->run(call));
	return OK;
}

/* ---- who sees a row whose scope is its parent's ---- */

/* A change as its row's parent of before or of now sees it. */
struct parent_side {
	const struct table *parent;
	const char *row;
	struct row_change *change;
	bool before, after;
};

static int compare_parents(const void *a, const void *b)
{
	const struct parent_side *x = a, *y = b;
	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	return strcmp(x->row, y->row);
}

struct parent_scope {
	uuid id, owner, team;
};

static void adopt(struct parent_side *sorted, size_t n, const struct parent_scope *scope)
{
	/* Several changes may have the same parent; they lie together. */
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (strcmp(sorted[middle].row, scope->id.text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < n && !strcmp(sorted[low].row, scope->id.text); low++) {
		struct row_change *c = sorted[low].change;
		if (sorted[low].before) {
			c->owner_before = scope->owner;
			c->team_before = scope->team;
		}
		if (sorted[low].after) {
			c->owner_after = scope->owner;
			c->team_after = scope->team;
		}
	}
}

/* Owner and team of the parents of changes that share one parent table, some hundred in one
 * statement. */
static error find_parents(struct call *call, struct parent_side *sorted, size_t n)
{
	enum { PARENTS_A_STATEMENT = 200 };
	const struct table *parent = sorted[0].parent;
	if (!parent->owner)
		return OK;
	const char *team_name = parent->team ? parent->team->name : parent->owner->name;
	const struct field id = {
		.name = "id", .type = T_ID, .offset = offsetof(struct parent_scope, id)
	};
	const struct field owner = { .name = parent->owner->name,
		.type = T_ID,
		.offset = offsetof(struct parent_scope, owner) };
	const struct field team = {
		.name = team_name, .type = T_ID, .offset = offsetof(struct parent_scope, team)
	};
	const struct field *columns[] = { &id, &owner, &team };
	for (size_t at = 0; at < n;) {
		struct sql sql;
		struct db_rows *rows;
		struct parent_scope scope;
		sql_begin(&sql, call->arena);
		sql_addf(&sql, "SELECT t.id, t.`%s`, %s%s", owner.name, parent->team ? "t." : "",
		    parent->team ? parent->team->name : "NULL");
		sql_from(&sql, " FROM ", parent, "t");
		sql_add(&sql, " WHERE t.company_id = ");
		sql_id(&sql, call->me.company.text);
		sql_add(&sql, " AND t.id IN (");
		for (size_t taken = 0; taken < PARENTS_A_STATEMENT && at < n; at++) {
			if (at > 0 && taken > 0 && !strcmp(sorted[at].row, sorted[at - 1].row))
				continue;
			sql_add(&sql, taken++ ? ", " : "");
			sql_id(&sql, sorted[at].row);
		}
		sql_add(&sql, ")");
		TRY(sql_query(call, &sql, columns, 3, &rows));
		for (bool have;;) {
			TRY(db_next(rows, &have));
			if (!have)
				break;
			db_into(rows, &scope);
			adopt(sorted, n, &scope);
		}
	}
	return OK;
}

static error parent_scopes(struct call *call)
{
	struct parent_side *sorted =
	    ARENA_ARRAY(call->arena, 2 * call->n_changes + 1, struct parent_side);
	size_t n = 0;
	for (struct row_change *c = call->changes; c; c = c->next) {
		bool moved = c->parent != c->parent_was ||
			     strcmp(c->parent_row.text, c->parent_row_was.text) != 0;
		if (c->parent)
			sorted[n++] =
			    (struct parent_side) { c->parent, c->parent_row.text, c, !moved, true };
		if (c->parent_was && moved)
			sorted[n++] = (struct parent_side) { c->parent_was, c->parent_row_was.text,
				c, true, false };
	}
	if (n)
		qsort(sorted, n, sizeof *sorted, compare_parents);
	for (size_t from = 0, to; from < n; from = to) {
		for (to = from; to < n && sorted[to].parent == sorted[from].parent; to++) {
		}
		TRY(find_parents(call, sorted + from, to - from));
	}
	return OK;
}

/* ---- topics ---- */

struct topics {
	struct arena *arena;
	char **v;
	size_t n, cap;
};

static void topic_add(struct topics *t, const char *table, const char *kind, const char *id)
{
	char *topic = id ? arena_printf(t->arena, "%s/%s/%s", table, kind, id)
			 : arena_printf(t->arena, "%s", table);
	ARENA_GROW(t->arena, t->v, t->n, t->cap);
	t->v[t->n++] = topic;
}

static int compare_topics(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void topics_sort(struct topics *t)
{
	if (!t->n)
		return;
	qsort(t->v, t->n, sizeof *t->v, compare_topics);
	size_t kept = 1;
	for (size_t i = 1; i < t->n; i++)
		if (strcmp(t->v[i], t->v[kept - 1]))
			t->v[kept++] = t->v[i];
	t->n = kept;
}

/* Owner topics of a change also wake those who see the owner's teams: "team" means the row's team
 * or the owner's. */
struct owner_teams {
	uuid agent, team;
};

static error teams_of_owners(
    struct call *call, struct topics *owners, struct owner_teams **teams, size_t *n)
{
	*n = 0;
	*teams = NULL;
	if (!owners->n)
		return OK;
	static const struct field agent = {
		.name = "agent_id", .type = T_ID, .offset = offsetof(struct owner_teams, agent)
	};
	static const struct field team = {
		.name = "team_id", .type = T_ID, .offset = offsetof(struct owner_teams, team)
	};
	const struct field *columns[] = { &agent, &team };
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_from(&sql, "SELECT m.agent_id, m.team_id FROM ", &team_agents_table, "m");
	sql_add(&sql, " WHERE m.company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, " AND m.agent_id IN (");
	for (size_t i = 0; i < owners->n; i++) {
		sql_add(&sql, i ? ", " : "");
		sql_id(&sql, owners->v[i]);
	}
	sql_add(&sql, ")");
	struct db_rows *rows;
	TRY(sql_query(call, &sql, columns, 2, &rows));
	size_t cap = 0;
	for (bool have;;) {
		TRY(db_next(rows, &have));
		if (!have)
			return OK;
		ARENA_GROW(call->arena, *teams, *n, cap);
		db_into(rows, &(*teams)[(*n)++]);
	}
}

static error collect_topics(struct call *call, struct topics *topics)
{
	struct topics owners = { .arena = call->arena };
	for (const struct row_change *c = call->changes; c; c = c->next) {
		if (c->owner_before.text[0])
			topic_add(&owners, c->owner_before.text, NULL, NULL);
		if (c->owner_after.text[0])
			topic_add(&owners, c->owner_after.text, NULL, NULL);
	}
	topics_sort(&owners);
	struct owner_teams *teams;
	size_t n_teams;
	TRY(teams_of_owners(call, &owners, &teams, &n_teams));
	for (const struct row_change *c = call->changes; c; c = c->next) {
		const char *table = c->table->name;
		/* A row is a topic as well ("contacts/row/<id>"), which the log itself tells of. */
		topic_add(topics, table, NULL, NULL);
		const uuid *owner[] = { &c->owner_before, &c->owner_after },
			   *team[] = { &c->team_before, &c->team_after };
		for (int side = 0; side < 2; side++) {
			if (team[side]->text[0])
				topic_add(topics, table, "team", team[side]->text);
			if (!owner[side]->text[0])
				continue;
			topic_add(topics, table, "owner", owner[side]->text);
			for (size_t i = 0; i < n_teams; i++)
				if (!strcmp(teams[i].agent.text, owner[side]->text))
					topic_add(topics, table, "team", teams[i].team.text);
		}
	}
	topics_sort(topics);
	return OK;
}

/* ---- writing ---- */

static void nullable_id(struct sql *sql, const uuid *id)
{
	sql_add(sql, ", ");
	sql_id(sql, id->text);
}

static error write_log(struct call *call)
{
	enum { ROWS_A_STATEMENT = 200 };
	int64_t n = 0;
	/* The list is newest first; the log counts in the order in which it happened. */
	struct row_change *in_order = NULL;
	for (struct row_change *c = call->changes, *next; c; c = next) {
		next = c->next;
		c->next = in_order;
		in_order = c;
	}
	call->changes = in_order;
	for (const struct row_change *c = in_order; c;) {
		struct sql sql;
		sql_begin(&sql, call->arena);
		sql_add(&sql, "INSERT INTO changes (company_id, version, n, object, row_id, kind, "
			      "agent_id, owner_before, owner_after,"
			      " team_before, team_after, fields, created_at) VALUES ");
		for (int i = 0; c && i < ROWS_A_STATEMENT; i++, c = c->next) {
			sql_add(&sql, i ? ", (" : "(");
			sql_id(&sql, call->me.company.text);
			sql_add(&sql, ", ");
			sql_int(&sql, call->version);
			sql_add(&sql, ", ");
			sql_int(&sql, n++);
			sql_add(&sql, ", ");
			sql_text(&sql, str_of(c->table->name));
			nullable_id(&sql, &c->row);
			sql_add(&sql, ", ");
			sql_text(&sql, str_of(kind_names[c->kind]));
			sql_add(&sql, ", ");
			sql_id(&sql, call->me.agent.text);
			nullable_id(&sql, &c->owner_before);
			nullable_id(&sql, &c->owner_after);
			nullable_id(&sql, &c->team_before);
			nullable_id(&sql, &c->team_after);
			sql_add(&sql, ", ");
			sql_text(&sql, c->fields);
			sql_add(&sql, ", ?)");
			sql_param(&sql, T_INSTANT, &c->at, NULL);
		}
		TRY(sql_execute(call, &sql, NULL));
	}
	return OK;
}

static error touch(struct call *call, const struct topics *topics)
{
	enum { TOPICS_A_STATEMENT = 500 };
	for (size_t at = 0; at < topics->n; at += TOPICS_A_STATEMENT) {
		struct sql sql;
		sql_begin(&sql, call->arena);
		sql_add(&sql, "INSERT INTO version_counters (company_id, topic, version) VALUES ");
		for (size_t i = at; i < topics->n && i < at + TOPICS_A_STATEMENT; i++) {
			sql_add(&sql, i > at ? ", (" : "(");
			sql_id(&sql, call->me.company.text);
			sql_add(&sql, ", ");
			sql_text(&sql, str_of(topics->v[i]));
			sql_add(&sql, ", ");
			sql_int(&sql, call->version);
			sql_add(&sql, ")");
		}
		sql_add(&sql, " ON DUPLICATE KEY UPDATE version = VALUES(version)");
		TRY(sql_execute(call, &sql, NULL));
	}
	return OK;
}

error changes_write(struct call *call)
{
	if (!call->changes)
		return OK;
	TRY(search_flush(call));
	int64_t seen = call->version;
	struct topics topics = { .arena = call->arena };
	TRY(parent_scopes(call));
	TRY(collect_topics(call, &topics));
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "INSERT INTO version_counters (company_id, topic, version) VALUES (");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, ", '', LAST_INSERT_ID(1)) ON DUPLICATE KEY UPDATE version = "
		      "LAST_INSERT_ID(version + 1)");
	TRY(sql_execute(call, &sql, NULL));
	call->version = (int64_t)db_last_insert_id(call->db);
	/* Somebody committed since this call began, perhaps a change of who sees what: look again,
	 * under the head's lock, so that whoever sees the row now is woken. The common case looks
	 * once, outside the lock. */
	if (call->version != seen + 1) {
		topics = (struct topics) { .arena = call->arena };
		TRY(parent_scopes(call));
		TRY(collect_topics(call, &topics));
	}
	TRY(write_log(call));
	return touch(call, &topics);
}
