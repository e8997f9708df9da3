/*
 * reference.c: the API as pages, /docs: every operation with what it takes, answers and refuses,
 * and a form to try it (templates/static/js/reference.js). What is shown is read from the API
 * document itself, so that neither can tell what the other does not. Pages: templates/docs. Tests:
 * tests/browser/reference.test.mjs
 */
#include <stdlib.h>

#include "core/access.h"
#include "core/page.h"
#include "process/openapi.h"

/* ---- what there is ---- */

struct reference_line_out {
	str operation, group, method, path, summary;
	bool live;
};
ANSWER(reference_line) = {
	MEMBER(reference_line, operation, .doc = "deals_win"),
	MEMBER(reference_line, group, .doc = "deals"),
	MEMBER(reference_line, method, .doc = "POST"),
	MEMBER(reference_line, path, .doc = "/v1/deals/{id}/win"),
	MEMBER(reference_line, summary, .doc = "What it does"),
	MEMBER(reference_line, live, .doc = "Whether it can be waited for"),
};

struct reference_group_out {
	str name, doc;
	list operations;
};
ANSWER(reference_group) = {
	MEMBER(reference_group, name, .doc = "deals"),
	MEMBER(reference_group, doc, .flags = F_NULLABLE, .doc = "What they are about"),
	MEMBER_LIST(reference_group, operations, reference_line, .doc = "By name"),
};

struct reference_list_in {
	str q;
};
FIELDS(reference_list) = {
	FIELD(reference_list, q, .max = 200, .doc = "Words that must all occur"),
};
struct reference_list_out {
	list groups;
};
ANSWER(reference_list) = {
	MEMBER_LIST(
	    reference_list, groups, reference_group, .doc = "Those with what was asked for"),
};

static bool has_words(struct arena *a, const struct contract *c, str words)
{
	const char *where = arena_printf(
	    a, "%s %s %s %s %s", c->op->name, c->method, c->path, c->op->summary, c->op->may);
	for (str word; words.n;) {
		if (!str_cut(words, ' ', &word, &words)) {
			word = words;
			words.n = 0;
		}
		if (!strcasestr(where, arena_text(a, word.p, word.n)))
			return false;
	}
	return true;
}

/* The operations of a group that have the words; none: its name is NULL. */
static struct reference_group_out group_of(
    struct arena *a, const struct contract *all, size_t n, const char *group, str words)
{
	struct reference_line_out *lines = ARENA_ARRAY(a, n, struct reference_line_out);
	size_t n_lines = 0;
	for (size_t i = 0; i < n; i++) {
		const struct contract *c = &all[i];
		if (!strcmp(c->group, group) && has_words(a, c, words))
			lines[n_lines++] = (struct reference_line_out) { str_of(c->op->name),
				str_of(c->group), str_of(c->method), str_of(c->path),
				str_of(c->op->summary), c->waits };
	}
	return (struct reference_group_out) { str_of(group), str_of(openapi_group_doc(group)),
		{ lines, n_lines } };
}

QUERY(reference_list, SIGNED_IN, OBJECT(reference_list),
    .summary = "The operations of the API by group, for the page /docs")
{
	size_t n, n_groups = 0;
	const struct contract *all = contracts(call->arena, &n);
	struct reference_group_out *groups =
	    ARENA_ARRAY(call->arena, n, struct reference_group_out);
	for (size_t i = 0; i < n; i++) {
		bool first = true;
		for (size_t k = 0; k < i && first; k++)
			first = strcmp(all[k].group, all[i].group) != 0;
		if (!first)
			continue;
		groups[n_groups] = group_of(call->arena, all, n, all[i].group, in->q);
		n_groups += groups[n_groups].operations.n > 0;
	}
	out->groups = (list) { groups, n_groups };
	return OK;
}

/* ---- all of a group ---- */

struct reference_member_out {
	str name, place, type, shape, limits, doc;
	bool required;
};
ANSWER(reference_member) = {
	MEMBER(reference_member, name, .doc = "emails[].address"),
	MEMBER(reference_member, place, .flags = F_NULLABLE, .doc = "path, query or header"),
	MEMBER(reference_member, type, .doc = "ContactId | null"),
	MEMBER(reference_member, shape, .flags = F_NULLABLE, .doc = "Which of the shapes it is"),
	MEMBER(reference_member, limits, .flags = F_NULLABLE, .doc = "at most 80 characters"),
	MEMBER(reference_member, doc, .flags = F_NULLABLE, .doc = "What it means"),
	MEMBER(reference_member, required, .doc = "Whether it must be given"),
};

struct reference_failure_out {
	int64_t status;
	str title;
};
ANSWER(reference_failure) = {
	MEMBER(reference_failure, status, .doc = "409"),
	MEMBER(reference_failure, title, .doc = "What kind of problem it is"),
};

struct reference_operation_out {
	str operation, method, path, summary, permission, held, bucket, example, curl;
	bool live, file;
	int64_t status;
	list parameters, body, answers, failures;
};
ANSWER(reference_operation) = {
	MEMBER(reference_operation, operation, .doc = "deals_win"),
	MEMBER(reference_operation, method, .doc = "POST"),
	MEMBER(reference_operation, path, .doc = "/v1/deals/{id}/win"),
	MEMBER(reference_operation, summary, .doc = "What it does"),
	MEMBER(reference_operation, permission,
	    .doc = "The permission that it needs, anyone, or signed_in"),
	MEMBER(reference_operation, held, .doc = "The level at which the reader may do it"),
	MEMBER(reference_operation, bucket, .doc = "Which limit of calls it counts against"),
	MEMBER(reference_operation, example, .flags = F_NULLABLE, .doc = "A body"),
	MEMBER(reference_operation, curl, .doc = "How a program calls it"),
	MEMBER(reference_operation, live, .doc = "Whether it can be waited for"),
	MEMBER(reference_operation, file, .doc = "Whether it takes a file"),
	MEMBER(reference_operation, status, .doc = "Of success"),
	MEMBER_LIST(reference_operation, parameters, reference_member, .doc = "Of its address"),
	MEMBER_LIST(reference_operation, body, reference_member, .doc = "What is sent"),
	MEMBER_LIST(reference_operation, answers, reference_member,
	    .doc = "The shapes that its answer has together"),
	MEMBER_LIST(reference_operation, failures, reference_failure, .doc = "How it can fail"),
};

struct reference_shape_out {
	str name, doc;
	list members;
};
ANSWER(reference_shape) = {
	MEMBER(reference_shape, name, .doc = "Contact"),
	MEMBER(reference_shape, doc, .flags = F_NULLABLE, .doc = "What it is"),
	MEMBER_LIST(reference_shape, members, reference_member, .doc = "What stands in it"),
};

struct reference_get_in {
	str group;
};
FIELDS(reference_get) = {
	FIELD(reference_get, group, .flags = F_REQUIRED, .max = 64, .doc = "deals"),
};
struct reference_get_out {
	str name, doc;
	list operations, shapes;
};
ANSWER(reference_get) = {
	MEMBER(reference_get, name, .doc = "deals"),
	MEMBER(reference_get, doc, .flags = F_NULLABLE, .doc = "What they are about"),
	MEMBER_LIST(reference_get, operations, reference_operation, .doc = "By name"),
	MEMBER_LIST(reference_get, shapes, reference_shape, .doc = "What they name"),
};

/* ---- reading the document ---- */

struct reading {
	struct arena *a;
	struct json_object *document;
	struct reference_shape_out *shapes; /* that something has named, in this order */
	size_t n_shapes, cap_shapes;
};

struct members {
	struct reference_member_out *v;
	size_t n, cap;
};

static struct json_object *member(struct json_object *of, const char *name)
{
	struct json_object *found = NULL;
	json_object_object_get_ex(of, name, &found);
	return found;
}

static const char *text(struct json_object *of, const char *name)
{
	struct json_object *found = member(of, name);
	return found ? json_object_get_string(found) : NULL;
}

/* The part of components that "#/components/schemas/Contact" names, or the part itself. */
static struct json_object *follow(const struct reading *r, struct json_object *part)
{
	const char *ref = text(part, "$ref");
	str kind, name;
	if (!ref || !str_cut(str_of(ref + strlen("#/components/")), '/', &kind, &name))
		return part;
	struct json_object *components = member(r->document, "components");
	return member(member(components, arena_text(r->a, kind.p, kind.n)), name.p);
}

/* A reference's name. An object with members is a shape, which is shown once, for itself. */
static const char *name_of(struct reading *r, struct json_object *part, const char **shape)
{
	const char *name = strrchr(text(part, "$ref"), '/') + 1;
	struct json_object *schema = follow(r, part);
	if (!member(schema, "properties"))
		return name;
	*shape = name;
	for (size_t i = 0; i < r->n_shapes; i++)
		if (str_is(r->shapes[i].name, name))
			return name;
	ARENA_GROW(r->a, r->shapes, r->n_shapes, r->cap_shapes);
	r->shapes[r->n_shapes++] = (struct reference_shape_out) { .name = str_of(name),
		.doc = str_of(text(schema, "description")) };
	return name;
}

static const char *type_of(struct reading *r, struct json_object *schema, const char **shape);

static const char *one_of(struct reading *r, struct json_object *choices, const char **shape)
{
	const char *all = "";
	for (size_t i = 0; i < json_object_array_length(choices); i++) {
		struct json_object *one = json_object_array_get_idx(choices, i);
		const char *type = json_object_is_type(one, json_type_object)
				       ? type_of(r, one, shape)
				       : json_object_get_string(one);
		all = arena_printf(r->a, "%s%s%s", all, *all ? " | " : "", type ? type : "null");
	}
	return all;
}

static const char *list_type(struct reading *r, struct json_object *items, const char **shape)
{
	const char *type = type_of(r, items, shape);
	return arena_printf(r->a, strchr(type, ' ') ? "(%s)[]" : "%s[]", type);
}

/* As a program would write it. `*shape` becomes the shape that it names. */
static const char *type_of(struct reading *r, struct json_object *schema, const char **shape)
{
	struct json_object *part;
	if (member(schema, "$ref"))
		return name_of(r, schema, shape);
	if ((part = member(schema, "anyOf")) || (part = member(schema, "enum")))
		return one_of(r, part, shape);
	if (member(schema, "const"))
		return text(schema, "const");
	if ((part = member(schema, "items")))
		return list_type(r, part, shape);
	if (text(schema, "contentMediaType"))
		return "file";
	part = member(schema, "type");
	const char *format = text(schema, "format");
	if (json_object_is_type(part, json_type_array)) /* of it, or null */
		return arena_printf(r->a, "%s | null",
		    format ? format : json_object_get_string(json_object_array_get_idx(part, 0)));
	return format ? format : part ? json_object_get_string(part) : "any";
}

static const char *limits_of(const struct reading *r, struct json_object *schema)
{
	const char *least = text(schema, "minimum"), *most = text(schema, "maximum");
	if (text(schema, "maxLength"))
		return arena_printf(r->a, "at most %s characters", text(schema, "maxLength"));
	if (text(schema, "maxItems"))
		return arena_printf(r->a, "at most %s", text(schema, "maxItems"));
	if (least && most)
		return arena_printf(r->a, "%s to %s", least, most);
	return least ? arena_printf(r->a, "from %s", least) : NULL;
}

static void add_member(struct reading *r, struct members *to, const char *name,
    struct json_object *schema, const char *doc, bool required)
{
	const char *shape = NULL, *type = type_of(r, schema, &shape);
	ARENA_GROW(r->a, to->v, to->n, to->cap);
	to->v[to->n++] = (struct reference_member_out) { .name = str_of(name),
		.type = str_of(type),
		.shape = str_of(shape),
		.limits = str_of(limits_of(r, schema)),
		.doc = str_of(doc),
		.required = required };
}

static bool among(struct json_object *names, const char *name)
{
	for (size_t i = 0; names && i < json_object_array_length(names); i++)
		if (!strcmp(json_object_get_string(json_object_array_get_idx(names, i)), name))
			return true;
	return false;
}

/* The members of an object, each followed by those of an object in it that has no name. */
static void add_members(
    struct reading *r, struct members *to, struct json_object *object, const char *before)
{
	struct json_object *properties = member(object, "properties");
	json_object_object_foreach(properties, name, one)
	{
		const char *whole = arena_printf(r->a, "%s%s", before, name);
		struct json_object *items = member(one, "items");
		add_member(r, to, whole, one, text(one, "description"),
		    among(member(object, "required"), name));
		if (member(one, "properties"))
			add_members(r, to, one, arena_printf(r->a, "%s.", whole));
		else if (items && member(items, "properties"))
			add_members(r, to, items, arena_printf(r->a, "%s[].", whole));
	}
}

static list list_of(const struct members *members) { return (list) { members->v, members->n }; }

static list parameters_of(struct reading *r, struct json_object *operation)
{
	struct members found = { 0 };
	struct json_object *all = member(operation, "parameters");
	for (size_t i = 0; i < json_object_array_length(all); i++) {
		struct json_object *one = follow(r, json_object_array_get_idx(all, i));
		struct json_object *required = member(one, "required");
		add_member(r, &found, text(one, "name"), member(one, "schema"),
		    text(one, "description"), required && json_object_get_boolean(required));
		found.v[found.n - 1].place = str_of(text(one, "in"));
	}
	return list_of(&found);
}

/* The content of a body or an answer, of whatever type; NULL: it has none. */
static struct json_object *content_of(struct json_object *part)
{
	struct json_object *content = member(part, "content");
	if (!content)
		return NULL;
	json_object_object_foreach(content, type, found)
	{
		(void)type;
		return found;
	}
	return NULL;
}

static list answers_of(struct reading *r, struct json_object *response)
{
	struct members found = { 0 };
	struct json_object *content = content_of(response);
	struct json_object *schema = content ? member(content, "schema") : NULL;
	struct json_object *parts = member(schema, "allOf");
	for (size_t i = 0; parts && i < json_object_array_length(parts); i++)
		add_member(r, &found, "", json_object_array_get_idx(parts, i), NULL, true);
	if (schema && !parts)
		add_member(r, &found, "", schema, NULL, true);
	return list_of(&found);
}

static list failures_of(struct reading *r, struct json_object *responses)
{
	struct reference_failure_out *found = ARENA_ARRAY(
	    r->a, (size_t)json_object_object_length(responses), struct reference_failure_out);
	size_t n = 0;
	json_object_object_foreach(responses, status, response)
	{
		if (strcmp(status, "400") >= 0)
			found[n++] = (struct reference_failure_out) { atoi(status),
				str_of(text(follow(r, response), "description")) };
	}
	return (list) { found, n };
}

/* ---- an operation ---- */

/* The address with the examples of what it needs. */
static const char *address_of(const struct reading *r, const char *path, struct json_object *all)
{
	const char *query = "";
	for (size_t i = 0; i < json_object_array_length(all); i++) {
		struct json_object *one = follow(r, json_object_array_get_idx(all, i));
		const char *example = text(one, "example"), *name = text(one, "name");
		if (!example || !name)
			continue;
		const char *hole = strstr(path, arena_printf(r->a, "{%s}", name));
		if (hole)
			path = arena_printf(r->a, "%.*s%s%s", (int)(hole - path), path, example,
			    hole + strlen(name) + strlen("{}"));
		else
			query = arena_printf(
			    r->a, "%s%s%s=%s", query, *query ? "&" : "?", name, example);
	}
	return arena_printf(r->a, "%s%s", path, query);
}

/* Within '...' of a shell. */
static const char *quoted(struct arena *a, const char *text)
{
	const char *done = "", *quote;
	while ((quote = strchr(text, '\'')) != NULL) {
		done = arena_printf(a, "%s%.*s'\\''", done, (int)(quote - text), text);
		text = quote + 1;
	}
	return arena_printf(a, "'%s%s'", done, text);
}

static const char *fields_of_form(const struct reading *r, struct json_object *example)
{
	const char *all = "";
	json_object_object_foreach(example, name, value)
	{
		const char *field = !strcmp(name, "file") ? "file=@people.csv"
							  : arena_printf(r->a, "%s=%s", name,
								json_object_get_string(value));
		all = arena_printf(r->a, "%s \\\n  -F %s", all, quoted(r->a, field));
	}
	return all;
}

/* (json-c writes each text of an object into the same place.) */
static const char *written(struct arena *a, struct json_object *value, int how)
{
	const char *text =
	    json_object_to_json_string_ext(value, how | JSON_C_TO_STRING_NOSLASHESCAPE);
	return arena_text(a, text, strlen(text));
}

static const char *curl_of(const struct reading *r, const struct contract *c,
    struct json_object *operation, struct json_object *example)
{
	const char *method =
		       strcmp(c->method, "GET") != 0 ? arena_printf(r->a, "-X %s ", c->method) : "",
		   *login =
		       operation_is_open(c->op) ? "" : " \\\n  -H \"Authorization: Bearer $token\"",
		   *body = "";
	if (c->body == BODY_FILE)
		body = fields_of_form(r, example);
	else if (example)
		body = arena_printf(r->a, " \\\n  -H 'Content-Type: application/json' \\\n  -d %s",
		    quoted(r->a, written(r->a, example, JSON_C_TO_STRING_PLAIN)));
	return arena_printf(r->a, "curl %s\"$url%s\"%s%s", method,
	    address_of(r, c->path, member(operation, "parameters")), login, body);
}

static struct json_object *found_in(const struct reading *r, const struct contract *c)
{
	struct json_object *path = member(member(r->document, "paths"), c->path);
	json_object_object_foreach(path, method, operation)
	{
		if (!strcasecmp(method, c->method))
			return operation;
	}
	return NULL;
}

static enum level level_held(const struct call *call, const char *may)
{
	return strchr(may, '.') ? access_level(call, may) : LEVEL_ALL;
}

static struct reference_operation_out operation_of(
    struct call *call, struct reading *r, const struct contract *c)
{
	struct json_object *o = found_in(r, c), *body = member(o, "requestBody"), *example = NULL;
	struct json_object *responses = member(o, "responses");
	struct members sent = { 0 };
	if (body) {
		struct json_object *content = content_of(body);
		add_members(r, &sent, follow(r, member(content, "schema")), "");
		example = member(content, "example");
		/* Who creates may leave it to the server, and the row of the example may be there.
		 */
		json_object_object_del(example, "id");
	}
	return (struct reference_operation_out) { .operation = str_of(c->op->name),
		.method = str_of(c->method),
		.path = str_of(c->path),
		.summary = str_of(c->op->summary),
		.permission = str_of(text(o, "x-permission")),
		.held = str_of(level_names[level_held(call, c->op->may)]),
		.bucket = str_of(text(o, "x-rate-limit")),
		.example = str_of(example ? written(r->a, example,
						JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED)
					  : NULL),
		.curl = str_of(curl_of(r, c, o, example)),
		.live = c->waits,
		.file = c->body == BODY_FILE,
		.status = c->status,
		.parameters = parameters_of(r, o),
		.body = list_of(&sent),
		.answers = answers_of(r, member(responses, arena_printf(r->a, "%d", c->status))),
		.failures = failures_of(r, responses) };
}

static list shapes_of(struct reading *r)
{
	struct json_object *schemas = member(member(r->document, "components"), "schemas");
	for (size_t i = 0; i < r->n_shapes; i++) { /* one names others */
		struct members found = { 0 };
		add_members(r, &found, member(schemas, r->shapes[i].name.p), "");
		r->shapes[i].members = list_of(&found);
	}
	return (list) { r->shapes, r->n_shapes };
}

/* The part of the document that is about these operations. */
static struct json_object *document_of(struct arena *a, const struct contract *all, size_t n)
{
	struct buf written = { 0 };
	const char *why = NULL;
	openapi_document(a, all, n, &written);
	struct json_object *document = json_read(a, buf_view(&written), &why);
	buf_free(&written);
	return document;
}

QUERY(reference_get, SIGNED_IN, OBJECT(reference_get), .refuses = 1 << NOT_FOUND,
    .summary = "All of a group of operations of the API, for its page")
{
	struct arena *a = call->arena;
	size_t n_all, n = 0;
	const struct contract *all = contracts(a, &n_all);
	struct contract *own = ARENA_ARRAY(a, n_all, struct contract);
	for (size_t i = 0; i < n_all; i++)
		if (str_is(in->group, all[i].group))
			own[n++] = all[i];
	if (!n)
		return fail(call, NOT_FOUND, NULL, "the API has no such group");
	struct reading r = { .a = a, .document = document_of(a, own, n) };
	struct reference_operation_out *operations =
	    ARENA_ARRAY(a, n, struct reference_operation_out);
	for (size_t i = 0; i < n; i++)
		operations[i] = operation_of(call, &r, &own[i]);
	*out = (struct reference_get_out) { str_of(own->group),
		str_of(openapi_group_doc(own->group)), { operations, n }, shapes_of(&r) };
	return OK;
}

PAGE(docs_index, .route = "/docs", .template = "docs/index", .title = "API reference",
    .nav = "settings", .loads = { { "reference", "reference_list", "q={q}" } });
PAGE(docs_group, .route = "/docs/{group}", .template = "docs/group", .title = "API reference",
    .nav = "settings",
    .loads = {
	{ "group", "reference_get", "group={group}" }, { "reference", "reference_list", NULL } });
