/* parts.c: see parts.h. */
#include "core/parts.h"

#include <stdlib.h>

#include "base/random.h"
#include "core/decode.h"
#include "core/operation.h"
#include "core/sql_run.h"

/* Weak: a program without parts (a test of core alone) has no such section. */
extern const struct part *const __start_parts[] __attribute__((weak)), *const __stop_parts[]
    __attribute__((weak));

const struct part *part_of(const struct table *table)
{
	for (const struct part *const *p = __start_parts; p < __stop_parts; p++)
		if ((*p)->table == table)
			return *p;
	abort();
}

static void *row_at(const struct part *part, void *rows, size_t i)
{
	return (char *)rows + i * part->table->columns.size;
}
static const void *row_at_const(const struct part *part, const void *rows, size_t i)
{
	return (const char *)rows + i * part->table->columns.size;
}
static char *id_of(const struct part *part, void *row)
{
	return (char *)row + part->table->id->offset;
}
static const char *id_of_const(const struct part *part, const void *row)
{
	return (const char *)row + part->table->id->offset;
}
static const char *parent_of(const struct part *part, const void *row)
{
	return (const char *)row + part->parent->offset;
}
static str key_of(const struct part *part, const void *row)
{
	return *(const str *)(const void *)((const char *)row + part->key->offset);
}
static bool *primary_of(const struct part *part, void *row)
{
	return (bool *)((char *)row + part->primary->offset);
}

static error say(struct call *call, error kind, const struct part *part, size_t i,
    const char *field, const char *code, const char *text)
{
	return fail_code(call, kind,
	    arena_printf(call->arena, "%s/%zu/%s", part->document->name, i, field), code, "%s",
	    text);
}

/* ---- the document ---- */

json_text part_document(struct call *call, const struct field_set *set, const void *rows, size_t n)
{
	struct buf b = { 0 };
	struct json j;
	json_begin(&j, &b);
	json_array(&j);
	for (size_t i = 0; i < n; i++)
		out_write(&j, set, (const char *)rows + i * set->size);
	json_array_end(&j);
	json_text made = { { arena_text(call->arena, b.p, b.n), b.n } };
	buf_free(&b);
	return made;
}

error part_rows(
    struct call *call, const struct part *part, const char parent[37], void **rows, size_t *n)
{
	const struct table *table = part->table;
	struct sql sql;
	sql_begin(&sql, call->arena);
	const struct field **columns = sql_select(&sql, table);
	sql_add(&sql, " WHERE t.company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_addf(&sql, " AND t.`%s` = ", part->parent->name);
	sql_id(&sql, parent);
	sql_add(&sql, " AND t.deleted_at IS NULL ORDER BY ");
	if (part->primary)
		sql_addf(&sql, "t.`%s` DESC, ", part->primary->name);
	sql_add(&sql, "t.created_at, t.id");
	struct db_rows *open;
	TRY(sql_query(call, &sql, columns, table->columns.n, &open));
	size_t cap = 0;
	*rows = NULL;
	*n = 0;
	for (bool have;;) {
		TRY(db_next(open, &have));
		if (!have)
			return OK;
		*rows = arena_grow(call->arena, *rows, *n, &cap, table->columns.size);
		db_into(open, row_at(part, *rows, (*n)++));
	}
}

/* ---- many at once, by an operation about the parent ---- */

static bool same(struct call *call, const struct part *part, const void *a, const void *b)
{
	const struct table *table = part->table;
	if (part->key)
		return str_eq(key_of(part, a), key_of(part, b));
	/* But for the id, which comes first. */
	const struct field_set said = { table->update_input.v + 1, table->update_input.n - 1,
		table->update_input.size };
	return str_eq(part_document(call, &said, a, 1).json, part_document(call, &said, b, 1).json);
}

static void move_to_front(const struct part *part, void *rows, size_t i)
{
	size_t size = part->table->columns.size;
	char *first = malloc(size);
	if (!first)
		abort();
	memcpy(first, row_at(part, rows, i), size);
	memmove(row_at(part, rows, 1), rows, i * size);
	memcpy(rows, first, size);
	free(first);
}

/* A kind that was not given is the first that there is. */
static void fill_kinds(const struct part *part, void *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (uint32_t c = 0; c < part->table->columns.n; c++) {
			const struct field *f = &part->table->columns.v[c];
			int *kind = (int *)(void *)((char *)row_at(part, rows, i) + f->offset);
			if (f->type == T_ENUM && !*kind)
				*kind = 1;
		}
}

error part_arrange(struct call *call, const struct part *part, void *rows, size_t n)
{
	size_t chosen = n;
	fill_kinds(part, rows, n);
	for (size_t i = 0; i < n; i++) {
		void *row = row_at(part, rows, i);
		for (size_t k = 0; part->key && k < i; k++)
			if (same(call, part, row, row_at(part, rows, k)))
				return say(call, INVALID, part, i, part->key->name, "duplicate",
				    "stands here twice");
		if (part->primary && *primary_of(part, row) && chosen < n)
			return say(call, INVALID, part, i, part->primary->name, "duplicate",
			    "only one can be the first choice");
		if (part->primary && *primary_of(part, row))
			chosen = i;
	}
	if (part->primary && n) {
		*primary_of(part, row_at(part, rows, chosen < n ? chosen : 0)) = true;
		if (chosen < n && chosen)
			move_to_front(part, rows, chosen);
	}
	for (size_t i = 0; i < n; i++)
		if (!id_of(part, row_at(part, rows, i))[0])
			*(uuid *)(void *)id_of(part, row_at(part, rows, i)) = uuid_v7();
	return OK;
}

/* The live row that has this key, as its parent's id; "" when there is none. */
static error holder_of(struct call *call, const struct part *part, const void *row, uuid *holder)
{
	const struct field column = { .name = part->parent->name, .type = T_ID };
	const struct field *columns[] = { &column };
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_addf(&sql, "SELECT t.`%s`", part->parent->name);
	sql_from(&sql, " FROM ", part->table, "t");
	sql_add(&sql, " WHERE t.company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_addf(&sql, " AND t.deleted_at IS NULL AND t.`%s` = ", part->key->name);
	sql_value(&sql, part->key, (const char *)row + part->key->offset);
	sql_add(&sql, " LIMIT 1");
	*holder = (uuid) { "" };
	error e = sql_one(call, &sql, columns, 1, holder);
	return e == NOT_FOUND ? OK : e;
}

error part_taken(
    struct call *call, const struct part *part, const char parent[37], const void *rows, size_t n)
{
	for (size_t i = 0; part->key && i < n; i++) {
		uuid holder;
		TRY(holder_of(call, part, row_at_const(part, rows, i), &holder));
		if (!holder.text[0] || !strcmp(holder.text, parent))
			continue;
		error e = row_visible(call, part->parent->ref, holder.text);
		if (e != OK && e != NOT_FOUND)
			return e;
		call->problem = (struct problem) { 0 };
		if (e == OK)
			call->problem.existing_id = arena_text(call->arena, holder.text, 36);
		return fail_code(call, CONFLICT,
		    arena_printf(
			call->arena, "%s/%zu/%s", part->document->name, i, part->key->name),
		    "taken", "another %s has this %s", part->parent->ref->noun, part->key->name);
	}
	return OK;
}

error part_insert(
    struct call *call, const struct part *part, const char parent[37], void *rows, size_t n)
{
	if (!n)
		return OK;
	for (size_t i = 0; i < n; i++)
		memcpy((char *)row_at(part, rows, i) + part->parent->offset, parent, sizeof(uuid));
	error e = rows_insert(call, part->table, rows, n);
	if (e == CONFLICT)
		TRY(part_taken(call, part, parent, rows, n));
	return e;
}

static error write_one(struct call *call, const struct part *part, void *row)
{
	void *stored = arena_alloc(call->arena, part->table->columns.size);
	const struct field_set *set = &part->table->update_input;
	TRY(row_lock_any(call, part->table, id_of(part, row), stored));
	for (uint32_t i = 0; i < set->n; i++)
		memcpy((char *)stored + set->v[i].offset, (const char *)row + set->v[i].offset,
		    decode_size(set->v[i].type));
	error e = row_update(call, part->table, stored);
	if (e == CONFLICT)
		TRY(part_taken(call, part, parent_of(part, stored), row, 1));
	return e;
}

error part_replace(
    struct call *call, const struct part *part, const char parent[37], void *rows, size_t n)
{
	void *there;
	size_t m, size = part->table->columns.size, n_new = 0;
	TRY(part_rows(call, part, parent, &there, &m));
	fill_kinds(part, rows, n);
	bool *kept = ARENA_ARRAY(call->arena, m + 1, bool);
	for (size_t i = 0; i < n; i++) {
		char *id = id_of(part, row_at(part, rows, i));
		size_t k = 0;
		while (k < m &&
		       (kept[k] || (id[0] ? strcmp(id, id_of(part, row_at(part, there, k))) != 0
					  : !same(call, part, row_at(part, rows, i),
						row_at(part, there, k)))))
			k++;
		if (id[0] && k == m)
			return say(call, INVALID, part, i, "id", "not_found",
			    "there is no such part of this row");
		if (k < m) {
			kept[k] = true;
			memcpy(id, id_of(part, row_at(part, there, k)), sizeof(uuid));
		}
	}
	bool *old = ARENA_ARRAY(call->arena, n + 1, bool);
	TRY(part_arrange(call, part, rows, n));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < m && !old[i]; k++)
			old[i] = !strcmp(id_of(part, row_at(part, rows, i)),
			    id_of(part, row_at(part, there, k)));
	for (size_t k = 0; k < m; k++)
		if (!kept[k])
			TRY(row_delete(call, part->table, id_of(part, row_at(part, there, k))));
	char *fresh = arena_array(call->arena, n + 1, size);
	for (size_t i = 0; i < n; i++)
		if (old[i])
			TRY(write_one(call, part, row_at(part, rows, i)));
		else
			memcpy(fresh + n_new++ * size, row_at(part, rows, i), size);
	return part_insert(call, part, parent, fresh, n_new);
}

/* ---- one alone ---- */

/* The parent's own operation writes its documents itself, once for all parts. */
static bool by_parent(const struct call *call, const struct part *part)
{
	return call->op->table == part->parent->ref;
}

error part_before_write(struct call *call, const struct part *part, const void *before, void *after)
{
	void *parent = arena_alloc(call->arena, part->parent->ref->columns.size), *there;
	size_t n;
	if (by_parent(call, part))
		return OK;
	/* Who may change the parent may change its parts; and one after the other. */
	TRY(row_lock(call, part->parent->ref, parent_of(part, after), parent));
	if (before || !part->primary)
		return OK;
	TRY(part_rows(call, part, parent_of(part, after), &there, &n));
	if (!n)
		*primary_of(part, after) = true;
	return OK;
}

static error choose_first(
    struct call *call, const struct part *part, const void *written, void *rows, size_t n)
{
	size_t first = 0; /* the first choice comes first */
	for (size_t i = 0; written && i < n; i++)
		if (!strcmp(id_of(part, row_at(part, rows, i)), id_of_const(part, written)) &&
		    *primary_of(part, row_at(part, rows, i)))
			first = i;
	for (size_t i = 0; i < n; i++) {
		void *row = row_at(part, rows, i);
		if (*primary_of(part, row) == (i == first))
			continue;
		*primary_of(part, row) = i == first;
		TRY(write_one(call, part, row));
	}
	if (first)
		move_to_front(part, rows, first);
	return OK;
}

error part_after_write(
    struct call *call, const struct part *part, const void *before, const void *after)
{
	const char *id = parent_of(part, after ? after : before);
	const struct table *table = part->parent->ref;
	void *parent = arena_alloc(call->arena, table->columns.size), *rows;
	size_t n;
	if (by_parent(call, part))
		return OK;
	if (!after)
		TRY(row_lock(call, table, id, parent));
	TRY(part_rows(call, part, id, &rows, &n));
	if (part->primary && n)
		TRY(choose_first(call, part, after, rows, n));
	TRY(row_lock_any(call, table, id, parent));
	*(json_text *)(void *)((char *)parent + part->document->offset) =
	    part_document(call, &part->table->update_input, rows, n);
	return row_update(call, table, parent);
}
