/* resource.c: list, get, create, update, delete and restore of any table; see resource.h. */
#include "core/resource.h"

#include "core/row.h"

const struct field by_id_fields[1] = {
	{ .name = "id",
	    .type = T_ID,
	    .flags = F_REQUIRED,
	    .offset = offsetof(struct by_id, id),
	    .doc = "Id of the row" },
};

error resource_list(struct call *call, const void *in, struct json *out)
{
	return list_run(call, call->op->table, call->op->list, in, out);
}

error resource_get(struct call *call, const void *in, struct json *out)
{
	return row_answer(call, call->op->table, ((const struct by_id *)in)->id.text, out);
}

error resource_create(struct call *call, const void *in, struct json *out)
{
	const struct table *table = call->op->table;
	void *row = arena_alloc(call->arena, table->columns.size);
	memcpy(row, in, table->columns.size);
	row_defaults(call, table, row);
	TRY(row_insert(call, table, row));
	return row_answer(call, table, (char *)row + table->id->offset, out);
}

error resource_update(struct call *call, const void *in, struct json *out)
{
	const struct table *table = call->op->table;
	const char *id = (const char *)in + table->id->offset;
	void *row = arena_alloc(call->arena, table->columns.size);
	TRY(row_lock(call, table, id, row));
	row_merge(call, table, row, in);
	TRY(row_update(call, table, row));
	return row_answer(call, table, id, out);
}

error resource_delete(struct call *call, const void *in, struct json *out)
{
	(void)out;
	return row_delete(call, call->op->table, ((const struct by_id *)in)->id.text);
}

error resource_restore(struct call *call, const void *in, struct json *out)
{
	const char *id = ((const struct by_id *)in)->id.text;
	TRY(row_restore(call, call->op->table, id));
	return row_answer(call, call->op->table, id, out);
}
