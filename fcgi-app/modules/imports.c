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

struct import_field_out {
	str name, label;
};
ANSWER(import_field) = {
	MEMBER(import_field, name, .doc = "As the mapping names it"),
	MEMBER(import_field, label, .doc = "As people read it"),
};

struct import_out {
	int64_t rows;
	list fields;
};
ANSWER(import) = {
	MEMBER(import, rows, .like = COLUMN(imports, total)),
	MEMBER_LIST(import, fields, import_field, .doc = "What a column can be"),
};

/* The row, with the fields that its columns can be. */
static error answer_import(struct call *call, import_id id, struct json *out)
{
	struct import import;
	if (call->fields.n)
		return row_answer(call, &imports_table, id.text, out);
	TRY(import_get(call, id, &import));
	struct header_targets targets = targets_of(&import);
	struct import_field_out *fields =
	    ARENA_ARRAY(call->arena, targets.n, struct import_field_out);
	for (size_t i = 0; i < targets.n; i++)
		fields[i] = (struct import_field_out) { str_of(targets.items[i].field),
			str_of(targets.items[i].label) };
	return row_answer_with(call, &imports_table, id.text,
	    &(struct import_out) { import.total, { fields, targets.n } }, out);
}

struct imports_get_in {
	import_id id;
};
FIELDS(imports_get) = { FIELD(imports_get, id, .flags = F_REQUIRED, .like = COLUMN(imports, id)) };

QUERY(imports_get, "imports.view", ROW_WITH(imports, import), .route = "GET /v1/imports/{id}",
    .summary = "An import: how far it is, its columns, and the fields that they can be")
{
	return answer_import(call, in->id, out);
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
	TRY(import_of_job(call, job, &import));
	if (import.state != IMPORT_STATE_READY)
		return OK;
	TRY(import_file_forget(call, import.id));
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
	plain = utf8_cut(plain, NAME_MAX_CHARACTERS);
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

MUTATION(imports_create, "imports.create", ROW_WITH(imports, import), .route = "POST /v1/imports",
    .status = 202, .body_max = FILE_MAX, .file_example = "First name,Last name\nGrace,Hopper\n",
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
	return answer_import(call, import.id, out);
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

MUTATION(imports_update, "imports.create", ROW_WITH(imports, import),
    .route = "PATCH /v1/imports/{id}",
    .summary = "Say which column is which field, before the import is started")
{
	struct import import;
	TRY(lock_in(call, in->id, IMPORT_STATE_READY, IMPORT_STATE_READY, &import));
	if (given(call, "has_header") && in->has_header != import.has_header)
		TRY(import_look(call, &import, in->has_header ? HEADER_PRESENT : HEADER_ABSENT));
	if (given(call, "mapping"))
		TRY(import_map(call, &import, in->mapping));
	TRY(import_update(call, &import));
	return answer_import(call, in->id, out);
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

struct preview_line_out {
	int64_t number;
	list cells;
	json_text values;
	list errors;
};
ANSWER(preview_line) = {
	MEMBER(preview_line, number, .doc = "The line of the file"),
	MEMBER_TEXTS(preview_line, cells, .doc = "What stands in it"),
	MEMBER(preview_line, values, .flags = F_NULLABLE,
	    .doc = "What would be sent to create it; null, when the line cannot be read"),
	MEMBER_TEXTS(preview_line, errors, .doc = "What is wrong with it, for people"),
};

struct imports_preview_out {
	list data;
	int64_t bad;
};
ANSWER(imports_preview) = {
	MEMBER_LIST(imports_preview, data, preview_line, .doc = "The first lines of the file"),
	MEMBER(imports_preview, bad, .doc = "In how many of them something is wrong"),
};

static struct preview_line_out preview_of(
    struct call *call, const struct import_line *line, struct json_object *values)
{
	str *cells = ARENA_ARRAY(call->arena, line->plan->n + 1, str),
	    *errors = ARENA_ARRAY(call->arena, line->n_errors + 1, str);
	const char *text = values ? json_object_to_json_string_ext(values,
					JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)
				  : NULL;
	for (size_t i = 0; i < line->plan->n; i++) {
		str cell =
		    utf8_cut(i < line->cells.n ? line->cells.cells[i] : STR(""), PREVIEW_CELL);
		cells[i] = (str) { arena_text(call->arena, cell.p, cell.n), cell.n };
	}
	for (size_t i = 0; i < line->n_errors; i++)
		errors[i] = str_of(line->errors[i]);
	return (struct preview_line_out) { (int64_t)line->cells.line, { cells, line->plan->n },
		{ str_of(text) }, { errors, line->n_errors } };
}

struct imports_preview_in {
	import_id id;
};
FIELDS(imports_preview) = { FIELD(
    imports_preview, id, .flags = F_REQUIRED, .like = COLUMN(imports, id)) };

QUERY(imports_preview, "imports.view", OBJECT(imports_preview),
    .route = "GET /v1/imports/{id}/preview",
    .summary = "The first rows of a file, as they would be read", .table = &imports_table)
{
	struct import import;
	struct import_plan plan;
	struct import_reader reader;
	TRY(import_get(call, in->id, &import));
	TRY(import_plan_read(call, &import, &plan));
	TRY(import_reader_open(call, &import, import.has_header, false, &reader));
	struct preview_line_out *lines = ARENA_ARRAY(call->arena, PREVIEW, struct preview_line_out);
	out->data.items = lines;
	out->bad = 0;
	while (out->data.n < PREVIEW) {
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
		lines[out->data.n++] = preview_of(call, &line, values);
		out->bad += line.n_errors > 0;
	}
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

MUTATION(imports_start, "imports.create", ROW_WITH(imports, import),
    .route = "POST /v1/imports/{id}/start", .status = 202,
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
	return answer_import(call, import.id, out);
}

struct imports_undo_in {
	import_id id;
};
FIELDS(
    imports_undo) = { FIELD(imports_undo, id, .flags = F_REQUIRED, .like = COLUMN(imports, id)) };

MUTATION(imports_undo, "imports.delete", ROW_WITH(imports, import),
    .route = "POST /v1/imports/{id}/undo", .status = 202,
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
	return answer_import(call, import.id, out);
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
	.answer = ANSWER_LIST,
	.run = list_rows,
};
OPERATION_REGISTER(import_rows_list);

/* ---- pages ---- */

PAGE(imports_index, .route = "/imports", .template = "imports/index", .title = "Imports",
    .nav = "imports", .loads = { { "imports", "imports_list", "*" } });

PAGE(imports_show, .route = "/imports/{id}", .template = "imports/show", .title = "Import",
    .nav = "imports",
    .loads = {
	{ "import", "imports_get", "id={id}" },
	{ "preview", "imports_preview", "id={id}" },
	{ "refused", "import_rows_list", "import_id={id}&status=refused&limit=50&cursor={cursor}" },
    });
