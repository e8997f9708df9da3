/*
 * automation_rows.c: the rows that a part of an automation can name: of the tables that its members
 * refer to, by the operations that list them, so as the one who writes it sees them. Tests:
 * tests/http/automation_draft.test.mjs, tests/browser/many_agents.test.mjs
 */
#include "automations.h"

#include "core/list_whole.h"
#include "core/operation.h"

/* The answer with a page of its list, from the cursor on if there is one. NULL: there is none that
 * this reader may see. */
static struct json_object *page_of(
    struct call *call, const struct table *table, int most, str q, str cursor)
{
	const struct operation *op =
	    operation_named(str_of(arena_printf(call->arena, "%s_list", table->name)));
	struct json_object *args = json_object_new_object(), *answer = NULL;
	struct buf body = { 0 };
	struct json out;
	const char *why;
	json_keep(call->arena, args);
	json_begin(&out, &body);
	json_object_object_add(args, "limit", json_object_new_int(most));
	if (q.n)
		json_object_object_add(args, "q", json_object_new_string_len(q.p, (int)q.n));
	if (cursor.n)
		json_object_object_add(
		    args, "cursor", json_object_new_string_len(cursor.p, (int)cursor.n));
	if (op && call_run(call, op, args, &out) == OK)
		answer = json_read(call->arena, buf_view(&body), &why);
	else
		call->problem = (struct problem) { 0 };
	buf_free(&body);
	return answer;
}

struct json_object *automation_rows(struct call *call, const struct table *table, int most, str q)
{
	return automation_member(page_of(call, table, most, q, (str) { NULL, 0 }), "data");
}

struct whole {
	struct call *call;
	const struct table *table;
};

static error next_page(void *with, str cursor, struct json_object **page)
{
	const struct whole *whole = with;
	*page = page_of(whole->call, whole->table, LIST_PAGE, (str) { NULL, 0 }, cursor);
	return *page ? OK : NOT_FOUND;
}

struct json_object *automation_all_rows(struct call *call, const struct table *table)
{
	struct whole whole = { call, table };
	struct json_object *all =
	    page_of(call, table, LIST_PAGE, (str) { NULL, 0 }, (str) { NULL, 0 });
	if (all)
		(void)!list_whole(call->arena, all, next_page, &whole); /* or those there are */
	return automation_member(all, "data");
}

str automation_row_title(const struct table *table, struct json_object *row)
{
	return table->title ? automation_text_of(automation_member(row, table->title->name))
			    : (str) { NULL, 0 };
}

const char *automation_row_label(
    struct call *call, const struct table *table, struct json_object *rows, struct json_object *row)
{
	str title = automation_row_title(table, row), other;
	struct pipeline pipeline;
	pipeline_id id = { "" };
	bool several = false;
	if (table != &stages_table)
		return arena_text(call->arena, title.p ? title.p : "", title.n);
	str of = automation_text_of(automation_member(row, "pipeline_id"));
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		other = automation_text_of(
		    automation_member(json_object_array_get_idx(rows, i), "pipeline_id"));
		several |= !str_eq(of, other);
	}
	memcpy(id.text, of.p, of.n < sizeof id.text ? of.n : 0);
	if (!several || pipeline_get(call, id, &pipeline) != OK)
		return arena_text(call->arena, title.p ? title.p : "", title.n);
	return arena_printf(call->arena, "%.*s: %.*s", (int)pipeline.name.n, pipeline.name.p,
	    (int)title.n, title.p);
}
