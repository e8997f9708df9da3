/*
 * imports.c: files that are read into the company: sending one, saying which column is what, a look
 * at what would come of it, starting and undoing. Columns: sql/schema/imports.sql. Statements:
 * sql/query/imports.sql. Pages: templates/imports/. How it works: modules/imports.h. Tests:
 * tests/http/imports.test.mjs, imports_bad.test.mjs
 */
#include "modules/imports.h"

#include "core/decode.h"
#include "core/page.h"
#include "core/resource.h"

enum {
	FILE_MAX = 64 << 20,
	NAME_MAX_CHARACTERS = 200,
	PREVIEW = 20,
	PREVIEW_CELL = 200,
	KEEP_DAYS = 7
};

RESOURCE_LIST(imports, SORTS("-created_at"));

/* ---- one import, with the fields that its columns can be ---- */

static struct header_targets targets_of(const struct import *import)
{
	struct header_targets targets;
	if (!header_targets(str_of(import_object_name(import->object)), &targets))
		abort(); /* each object of the schema has its fields */
	return targets;
}

static void write_fields(struct json *out, struct header_targets targets)
{
	json_key(out, "fields");
	json_array(out);
	for (size_t i = 0; i < targets.n; i++) {
		json_object(out);
		json_key(out, "name");
		json_text_value(out, targets.items[i].field);
		json_key(out, "label");
		json_text_value(out, targets.items[i].label);
		json_object_end(out);
	}
	json_array_end(out);
}

/* The row's own document, with `rows` as the API calls the total, and the fields behind it. */
static error write_import(struct call *call, import_id id, struct json *out)
{
	struct import import;
	struct buf body = { 0 };
	struct json own;
	TRY(import_get(call, id, &import));
	json_begin(&own, &body);
	error e = row_answer(call, &imports_table, id.text, &own);
	const char *why;
	struct json_object *document =
	    e == OK ? json_read(call->arena, buf_view(&body), &why) : NULL;
	buf_free(&body);
	TRY(e);
	json_object(out);
	json_object_object_foreach(document, name, value)
	{
		json_key(out, arena_text(call->arena, name, strlen(name)));
		const char *text = json_object_to_json_string_ext(
		    value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
		json_raw(out, str_of(text));
	}
	if (str_none(call->fields)) {
		json_key(out, "rows");
		json_int(out, import.total);
		write_fields(out, targets_of(&import));
	}
	json_object_end(out);
	return OK;
}

struct imports_get_in {
	import_id id;
};
FIELDS(imports_get) = { FIELD(imports_get, id, .flags = F_REQUIRED, .like = COLUMN(imports, id)) };

QUERY(imports_get, "imports.view", .route = "GET /v1/imports/{id}",
    .summary = "An import: how far it is, its columns, and the fields that they can be",
    .table = &imports_table)
{
	return write_import(call, in->id, out);
}

/* ---- a file that nobody starts is not kept for ever ---- */

static error begin_waiting(struct call *call, struct job *job)
{
	(void)call;
	job_sleep(job, "forget", KEEP_DAYS * SECONDS(86400));
	return OK;
}

static error forget(struct call *call, struct job *job)
{
	struct import import;
	import_id id;
	memcpy(id.text, job->subject.text, sizeof id.text);
	TRY(import_lock_any(call, id, &import));
	if (import.state != IMPORT_STATE_READY)
		return OK;
	TRY(import_file_forget(call, id));
	import.state = IMPORT_STATE_UNDONE;
	import.detail = STR("It was not started for a week: send the file again.");
	return import_update(call, &import);
}

WORKFLOW(imports_wait, .definition = 1, .of_the_program = true,
    .steps = { { "wait", begin_waiting }, { "forget", forget } });

/* ---- sending a file ---- */

static error check_object(struct call *call, enum import_object object)
{
	const struct import_kind *kind = import_kind_of(object);
	for (size_t i = 0;
	     i < sizeof kind->permissions / sizeof *kind->permissions && kind->permissions[i]; i++)
		if (access_level(call, kind->permissions[i]) == LEVEL_NONE)
			return fail(call, FORBIDDEN, "object",
			    "your role does not have the permission %s", kind->permissions[i]);
	return OK;
}

/* Browsers send a name; some old ones the whole path. */
static str plain_name(struct call *call, str name)
{
	size_t start = 0;
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] == '/' || name.p[i] == '\\')
			start = i + 1;
	str plain = str_trim((str) { name.p + start, name.n - start });
	if (!plain.n || !utf8_valid(plain))
		return STR("file.csv");
	plain = import_cut(plain, NAME_MAX_CHARACTERS);
	char *text = arena_text(call->arena, plain.p, plain.n);
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = ' ';
	return str_of(text);
}

struct imports_create_in {
	enum import_object object;
	json_text mapping;
	bool has_header;
};
FIELDS(imports_create) = {
	FIELD(imports_create, object, .flags = F_REQUIRED, .like = COLUMN(imports, object)),
	FIELD(imports_create, mapping, .flags = F_NULLABLE, .like = COLUMN(imports, mapping)),
	FIELD(imports_create, has_header, .like = COLUMN(imports, has_header)),
};

MUTATION(imports_create, "imports.create", .route = "POST /v1/imports", .table = &imports_table,
    .status = 202, .body_max = FILE_MAX,
    .summary =
	"Send a file to import: multipart/form-data with `file`, `object` and perhaps `mapping`")
{
	struct import import;
	TRY(check_object(call, in->object));
	if (str_none(call->file.data))
		return fail_code(call, INVALID, "file", "required", "a file is required");
	row_init(&imports_table, &import);
	import.object = in->object;
	import.filename = plain_name(call, call->file.filename);
	import.state = IMPORT_STATE_READING;
	import.has_header = true;
	import.total = import.position = import.progress = import.created = import.updated =
	    import.skipped = import.refused = 0;
	import.agent_id = call->me.agent;
	TRY(import_insert(call, &import));
	TRY(import_lock_any(call, import.id, &import));
	TRY(import_file_take(call, &import, call->file.data));
	TRY(import_look(call, &import,
	    !given(call, "has_header") ? HEADER_GUESS
	    : in->has_header           ? HEADER_PRESENT
				       : HEADER_ABSENT));
	if (!import.total)
		return fail_code(call, INVALID, "file", "unreadable",
		    "The file names its columns, but has no rows.");
	if (!str_none(in->mapping.json))
		TRY(import_map(call, &import, in->mapping));
	import.state = IMPORT_STATE_READY;
	TRY(import_update(call, &import));
	TRY(workflow_start(call, &imports_wait, import.id.text, NULL, NULL));
	return write_import(call, import.id, out);
}

/* ---- which column is what ---- */

static error lock_in(struct call *call, import_id id, enum import_state a, enum import_state b,
    struct import *import)
{
	TRY(import_lock(call, id, import));
	if (import->state != a && import->state != b)
		return fail(
		    call, CONFLICT, "id", "the import is %s", import_state_name(import->state));
	return OK;
}

struct imports_update_in {
	import_id id;
	json_text mapping;
	bool has_header;
};
FIELDS(imports_update) = {
	FIELD(imports_update, id, .flags = F_REQUIRED, .like = COLUMN(imports, id)),
	FIELD(imports_update, mapping, .like = COLUMN(imports, mapping)),
	FIELD(imports_update, has_header, .like = COLUMN(imports, has_header)),
};

MUTATION(imports_update, "imports.create", .route = "PATCH /v1/imports/{id}",
    .table = &imports_table,
    .summary = "Say which column is which field, before the import is started")
{
	struct import import;
	TRY(lock_in(call, in->id, IMPORT_STATE_READY, IMPORT_STATE_READY, &import));
	if (given(call, "has_header") && in->has_header != import.has_header)
		TRY(import_look(call, &import, in->has_header ? HEADER_PRESENT : HEADER_ABSENT));
	if (given(call, "mapping"))
		TRY(import_map(call, &import, in->mapping));
	TRY(import_update(call, &import));
	return write_import(call, in->id, out);
}

/* ---- what would come of it ---- */

/* What the operation's fields say about the values; rows that they name are looked up later. */
static void check_values(struct call *call, struct import_line *line, struct json_object *values)
{
	const struct operation *op = operation_named(str_of(line->plan->kind->create));
	const struct field_set *set = operation_input(op);
	struct call asked = *call;
	asked.problem = (struct problem) { 0 };
	bool *is_given = ARENA_ARRAY(call->arena, set->n + 1, bool);
	error e = decode_fields(
	    &asked, set, values, false, "", arena_alloc(call->arena, set->size + 1), is_given);
	const struct problem found = asked.problem;
	asked.problem = (struct problem) { .kind = found.kind, .detail = found.detail };
	for (size_t i = 0; e != OK && i < found.n_fields; i++) {
		/* An id that the line names in words is found, or made, when the import runs;
		 * likewise what goes with it. */
		if (!strcmp(found.fields[i].code, "required"))
			continue;
		asked.problem.fields = &found.fields[i];
		asked.problem.n_fields = 1;
		import_refused(line, &asked, e);
	}
}

static void write_line(struct json *out, const struct import_line *line, struct json_object *values)
{
	json_object(out);
	json_key(out, "number");
	json_int(out, (int64_t)line->cells.line);
	json_key(out, "cells");
	json_array(out);
	for (size_t i = 0; i < line->plan->n; i++)
		json_string(out,
		    import_cut(i < line->cells.n ? line->cells.cells[i] : STR(""), PREVIEW_CELL));
	json_array_end(out);
	json_key(out, "values");
	if (values)
		json_raw(out, str_of(json_object_to_json_string_ext(values,
				  JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)));
	else
		json_null(out);
	json_key(out, "errors");
	json_array(out);
	for (size_t i = 0; i < line->n_errors; i++)
		json_text_value(out, line->errors[i]);
	json_array_end(out);
	json_object_end(out);
}

struct imports_preview_in {
	import_id id;
};
FIELDS(imports_preview) = { FIELD(
    imports_preview, id, .flags = F_REQUIRED, .like = COLUMN(imports, id)) };

QUERY(imports_preview, "imports.view", .route = "GET /v1/imports/{id}/preview",
    .summary = "The first rows of a file, as they would be read", .table = &imports_table)
{
	struct import import;
	struct import_plan plan;
	struct import_reader reader;
	TRY(import_get(call, in->id, &import));
	TRY(import_plan_read(call, &import, &plan));
	TRY(import_reader_open(call, &import, import.has_header, false, &reader));
	json_object(out);
	json_key(out, "data");
	json_array(out);
	for (int i = 0; i < PREVIEW; i++) {
		struct import_line line = { .arena = call->arena, .plan = &plan };
		struct json_object *values = NULL;
		const char *bad;
		bool have;
		TRY(import_reader_next(&reader, &line.cells, &bad, &have));
		if (!have)
			break;
		if (bad) {
			import_bad(&line, NULL, "%s", bad);
		} else {
			json_keep(call->arena, values = plan.kind->values(&line));
			check_values(call, &line, values);
		}
		write_line(out, &line, values);
	}
	json_array_end(out);
	json_object_end(out);
	return OK;
}

/* ---- starting and undoing ---- */

static error check_mapping(struct call *call, const struct import *import)
{
	struct import_plan plan;
	TRY(import_plan_read(call, import, &plan));
	for (const char *const *field = plan.kind->one_of; *field; field++)
		if (import_has(&plan, *field))
			return OK;
	return fail_code(call, INVALID, "mapping", "required",
	    "no column is a %s: the rows cannot be recognised", plan.kind->one_of[0]);
}

struct imports_start_in {
	import_id id;
	json_text mapping;
};
FIELDS(imports_start) = {
	FIELD(imports_start, id, .flags = F_REQUIRED, .like = COLUMN(imports, id)),
	FIELD(imports_start, mapping, .flags = F_NULLABLE, .like = COLUMN(imports, mapping)),
};

MUTATION(imports_start, "imports.create", .route = "POST /v1/imports/{id}/start",
    .table = &imports_table, .status = 202,
    .summary =
	"Write the rows of a file, as the caller; an import that failed goes on where it stopped")
{
	struct import import;
	TRY(lock_in(call, in->id, IMPORT_STATE_READY, IMPORT_STATE_FAILED, &import));
	TRY(check_object(call, import.object));
	if (!str_none(in->mapping.json) && import.state == IMPORT_STATE_READY)
		TRY(import_map(call, &import, in->mapping));
	TRY(check_mapping(call, &import));
	import.state = IMPORT_STATE_RUNNING;
	import.detail = (str) { NULL, 0 };
	TRY(import_update(call, &import));
	TRY(workflow_start(call, import_workflow, import.id.text, NULL, NULL));
	return write_import(call, import.id, out);
}

struct imports_undo_in {
	import_id id;
};
FIELDS(
    imports_undo) = { FIELD(imports_undo, id, .flags = F_REQUIRED, .like = COLUMN(imports, id)) };

MUTATION(imports_undo, "imports.delete", .route = "POST /v1/imports/{id}/undo",
    .table = &imports_table, .status = 202,
    .summary = "Take an import back: what it made is deleted, what it changed is as before")
{
	struct import import;
	struct import_rows_left_row left;
	struct json_object *input = json_object_new_object();
	json_keep(call->arena, input);
	TRY(lock_in(call, in->id, IMPORT_STATE_DONE, IMPORT_STATE_FAILED, &import));
	import.state = IMPORT_STATE_UNDOING;
	import.detail = (str) { NULL, 0 };
	import.progress = 0;
	TRY(import_update(call, &import));
	TRY(query_one(call, &import_rows_left_query,
	    &(struct import_rows_left_in) { .import = import.id }, &left));
	json_object_object_add(input, "rows", json_object_new_int64(left.count));
	TRY(workflow_start(call, import_undo_workflow, import.id.text, input, NULL));
	return write_import(call, import.id, out);
}

/* ---- what became of its rows ---- */

static const struct list_spec rows_spec = { SORTS("number") };

/* Another company's import, or one out of scope, is not found; and not an empty list. */
static error list_rows(struct call *call, const void *in, struct json *out)
{
	struct json_object *value;
	struct import import;
	uuid id = { "" };
	import_id own;
	if (json_object_object_get_ex(call->tree, "import_id", &value))
		(void)!uuid_parse(str_of(json_object_get_string(value)), &id);
	memcpy(own.text, id.text, sizeof own.text);
	TRY(import_get(call, own, &import));
	return resource_list(call, in, out);
}

const struct operation import_rows_list = {
	.name = "import_rows_list",
	.kind = QUERY_KIND,
	.may = "imports.view",
	.route = "GET /v1/imports/{import_id}/rows",
	.summary = "What became of the rows of an import",
	.table = &import_rows_table,
	.list = &rows_spec,
	.run = list_rows,
};
OPERATION_REGISTER(import_rows_list);

/* ---- pages ---- */

PAGE(imports_index, .route = "/imports", .template = "imports/index", .title = "Imports",
    .nav = "settings", .loads = { { "imports", "imports_list", "*" } });

PAGE(imports_show, .route = "/imports/{id}", .template = "imports/show", .title = "Import",
    .nav = "settings",
    .loads = {
	{ "import", "imports_get", "id={id}" },
	{ "preview", "imports_preview", "id={id}" },
	{ "refused", "import_rows_list", "import_id={id}&status=refused&limit=50" },
    });
