/* replay.c: see replay.h. */
#include "core/replay.h"

#include "core/operation.h"
#include "core/row.h"

static error reduce(
    struct call *call, const struct field_set *set, struct json_object *object, bool *reduced);

static error reduce_row(
    struct call *call, const struct table *table, struct json_object *row, bool *reduced)
{
	struct json_object *value;
	uuid id;
	if (!json_object_object_get_ex(row, "id", &value) ||
	    !uuid_parse(str_of(json_object_get_string(value)), &id))
		return OK;
	error e = row_visible(call, table, id.text);
	if (e != NOT_FOUND)
		return e;
	*reduced = true;
	for (struct json_object_iterator i = json_object_iter_begin(row),
					 end = json_object_iter_end(row);
	     !json_object_iter_equal(&i, &end);) {
		const char *name = json_object_iter_peek_name(&i);
		json_object_iter_next(&i);
		if (strcmp(name, "id"))
			json_object_object_del(row, name);
	}
	return OK;
}

static error reduce_member(
    struct call *call, const struct field *f, struct json_object *value, bool *reduced)
{
	if (f->type == T_ROW)
		return reduce_row(call, f->ref, value, reduced);
	if (f->type == T_OBJECT)
		return reduce(call, f->of, value, reduced);
	if (f->type == T_LIST)
		for (size_t i = 0; i < json_object_array_length(value); i++)
			TRY(reduce(call, f->of, json_object_array_get_idx(value, i), reduced));
	return OK;
}

static error reduce(
    struct call *call, const struct field_set *set, struct json_object *object, bool *reduced)
{
	struct json_object *value;
	for (uint32_t i = 0; i < set->n; i++)
		if (json_object_object_get_ex(object, set->v[i].name, &value) && value)
			TRY(reduce_member(call, &set->v[i], value, reduced));
	return OK;
}

error replay_rows(struct call *call, struct buf *body)
{
	const char *why;
	bool reduced = false;
	struct json_object *tree = json_read(call->arena, buf_view(body), &why);
	TRY(reduce(call, &call->op->out, tree, &reduced));
	if (!reduced)
		return OK;
	json_text text = json_kept(call->arena, tree);
	buf_clear(body);
	buf_str(body, text.json);
	return OK;
}
