/*
 * openapi.c: `muster emit openapi`: the operations of the binary as OpenAPI 3.1, for people, for
 * makers of clients and for whatever checks requests and answers. nginx serves what the build wrote
 * as /v1/openapi.json. Tests: tests/golden/openapi.json, tests/contract.
 */
#include <stdio.h>

#include "http/http.h"
#include "process/emit.h"
#include "process/openapi.h"

#define API_VERSION "1.0.0" /* of /v1: grows with what is added; nothing is ever taken away */

/* ---- parameters ---- */

static void begin_parameter(struct openapi *o, const char *name, const char *in, bool required)
{
	json_object(o->out);
	openapi_text(o, "name", name);
	openapi_text(o, "in", in);
	if (required) {
		json_key(o->out, "required");
		json_bool(o->out, true);
	}
}

static void begin_array(struct openapi *o)
{
	openapi_text(o, "style", "form");
	json_key(o->out, "explode");
	json_bool(o->out, false);
	json_key(o->out, "schema");
	json_object(o->out);
	openapi_text(o, "type", "array");
	json_key(o->out, "minItems");
	json_int(o->out, 1);
}

static void begin_choices(struct openapi *o)
{
	begin_array(o);
	json_key(o->out, "items");
	json_object(o->out);
	openapi_text(o, "type", "string");
	json_key(o->out, "enum");
	json_array(o->out);
}

static void end_choices(struct openapi *o)
{
	json_array_end(o->out);
	json_object_end(o->out);
	json_object_end(o->out);
}

static void write_sorts(struct openapi *o, const char *const *sorts)
{
	begin_choices(o);
	for (; *sorts; sorts++) {
		const char *column = *sorts + (**sorts == '-');
		json_text_value(o->out, column);
		json_text_value(o->out, arena_printf(o->arena, "-%s", column));
	}
	end_choices(o);
}

static void write_columns(struct openapi *o, const struct table *table)
{
	begin_choices(o);
	for (uint32_t i = 0; i < table->columns.n; i++)
		if (!(table->columns.v[i].flags & F_PRIVATE))
			json_text_value(o->out, table->columns.v[i].name);
	end_choices(o);
}

static void write_references(struct openapi *o, const struct table *table)
{
	const char *expand, *name;
	begin_choices(o);
	for (size_t n = 0; contract_expansion(o->arena, table, n, &expand, &name); n++)
		json_text_value(o->out, expand);
	end_choices(o);
}

/* One value, or many with commas between them; null alone for rows that have none. */
static void write_several(
    struct openapi *o, const struct contract *c, const struct contract_member *m)
{
	struct field value = *field_rule(m->field);
	value.example = NULL;
	if (value.type == T_TEXT)
		value.min = 0;
	begin_array(o);
	json_key(o->out, "maxItems");
	json_int(o->out, 100);
	json_key(o->out, "items");
	if (m->nullable) {
		json_object(o->out);
		json_key(o->out, "anyOf");
		json_array(o->out);
	}
	openapi_value(o, c->op, &value, INPUT, false, NULL);
	if (m->nullable) {
		json_raw(o->out, STR("{\"const\":\"null\"}"));
		json_array_end(o->out);
		json_object_end(o->out);
	}
	json_object_end(o->out);
}

static void write_parameter(
    struct openapi *o, const struct contract *c, const struct contract_member *m, const char *in)
{
	begin_parameter(o, m->name, in, m->required);
	if (m->doc)
		openapi_text(o, "description", m->doc);
	if (m->sorts)
		write_sorts(o, m->sorts);
	else if (m->fields)
		write_columns(o, c->op->table);
	else if (m->expand)
		write_references(o, c->op->table);
	else if (m->several)
		write_several(o, c, m);
	else {
		json_key(o->out, "schema");
		openapi_value(o, c->op, m->field, INPUT, false, NULL);
	}
	if ((m->required || (m->field->example && !c->op->list)) &&
	    openapi_example(o, c->op, m->field, false)) {
		json_key(o->out, "example");
		openapi_example(o, c->op, m->field, true);
	}
	json_object_end(o->out);
}

static void parameter_ref(struct openapi *o, const char *name)
{
	json_object(o->out);
	openapi_ref(o, "parameters", name);
	json_object_end(o->out);
}

static void write_parameters(struct openapi *o, const struct contract *c)
{
	json_key(o->out, "parameters");
	json_array(o->out);
	for (size_t i = 0; i < c->in_path.n; i++)
		write_parameter(o, c, &c->in_path.v[i], "path");
	for (size_t i = 0; i < c->in_query.n; i++)
		write_parameter(o, c, &c->in_query.v[i], "query");
	if (c->waits) {
		parameter_ref(o, "IfNoneMatch");
		parameter_ref(o, "Prefer");
	}
	if (c->conditional)
		parameter_ref(o, "IfMatch");
	if (c->once)
		parameter_ref(o, "IdempotencyKey");
	json_array_end(o->out);
}

static const char common_parameters[] =
    "{\"IfNoneMatch\":{\"name\":\"If-None-Match\",\"in\":\"header\","
    "\"description\":\"ETag of the answer that the client has: 304 when it still is the answer\","
    "\"schema\":{\"type\":\"string\"}},"
    "\"Prefer\":{\"name\":\"Prefer\",\"in\":\"header\","
    "\"description\":\"wait=25, with If-None-Match: the answer comes when it is another one, or "
    "after so many seconds (RFC 7240)\",\"schema\":{\"type\":\"string\"}},"
    "\"IfMatch\":{\"name\":\"If-Match\",\"in\":\"header\","
    "\"description\":\"ETag of the row as the client has it: 412 when somebody has changed "
    "it\",\"schema\":{\"type\":\"string\"}},"
    "\"IdempotencyKey\":{\"name\":\"Idempotency-Key\",\"in\":\"header\","
    "\"description\":\"A text of the client's: sent again with the same, the request is done once "
    "and answered alike\",\"schema\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":255}}}";

/* ---- answers ---- */

static const char common_headers[] =
    "{\"ETag\":{\"description\":\"For If-None-Match and If-Match\",\"schema\":{\"type\":"
    "\"string\"}},"
    "\"MusterVersion\":{\"description\":\"The company's version\",\"schema\":{\"type\":"
    "\"integer\"}},"
    "\"Location\":{\"description\":\"Path of what was made\",\"schema\":{\"type\":\"string\"}},"
    "\"IdempotentReplayed\":{\"description\":\"true: the answer of the first time\",\"schema\":{"
    "\"type\":\"string\"}},"
    "\"RequestId\":{\"description\":\"To be named when asking for help\",\"schema\":{\"type\":"
    "\"string\"}},"
    "\"RetryAfter\":{\"description\":\"Seconds to wait\",\"schema\":{\"type\":\"integer\"}},"
    "\"RateLimit\":{\"description\":\"What is left of the limit, and for how many seconds\","
    "\"schema\":{\"type\":\"string\"}},"
    "\"RateLimitPolicy\":{\"description\":\"The limit\",\"schema\":{\"type\":\"string\"}}}";

static void write_headers(struct openapi *o, const struct contract *c, bool body)
{
	const struct {
		const char *name, *header;
		bool there;
	} headers[] = { { "ETag", "ETag", c->waits },
		{ "Muster-Version", "MusterVersion", !c->op->unversioned && body },
		{ "Location", "Location", (c->status == 201 || c->status == 202) && c->op->table },
		{ "Idempotent-Replayed", "IdempotentReplayed", c->once },
		{ "X-Request-Id", "RequestId", true }, { "RateLimit", "RateLimit", true },
		{ "RateLimit-Policy", "RateLimitPolicy", true } };
	json_key(o->out, "headers");
	json_object(o->out);
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		if (!headers[i].there)
			continue;
		json_key(o->out, headers[i].name);
		json_object(o->out);
		openapi_ref(o, "headers", headers[i].header);
		json_object_end(o->out);
	}
	json_object_end(o->out);
}

static void begin_content(struct openapi *o, const char *type)
{
	json_key(o->out, "content");
	json_object(o->out);
	json_key(o->out, type);
	json_object(o->out);
	json_key(o->out, "schema");
}

static void end_content(struct openapi *o)
{
	json_object_end(o->out);
	json_object_end(o->out);
}

static const char *success_text(const struct contract *c)
{
	switch (c->status) {
	case 201: return "It was made";
	case 202: return "It was taken on";
	case 204: return "It was done";
	default: return "The answer";
	}
}

/* The kinds of failure in the order of their status, each once. */
static const struct {
	error kind;
	const char *name;
} failures[] = { { MALFORMED, "Malformed" }, { UNAUTHENTICATED, "Unauthenticated" },
	{ FORBIDDEN, "Forbidden" }, { NOT_FOUND, "NotFound" }, { CONFLICT, "Conflict" },
	{ GONE, "Gone" }, { STALE, "Stale" }, { TOO_LARGE, "TooLarge" },
	{ UNSUPPORTED, "Unsupported" }, { INVALID, "Invalid" }, { LIMITED, "Limited" },
	{ INTERNAL, "Internal" }, { UNAVAILABLE, "Unavailable" } };
enum { FAILURES = sizeof failures / sizeof *failures };

static const char *number(struct openapi *o, int status)
{
	return arena_printf(o->arena, "%d", status);
}

static void write_responses(struct openapi *o, const struct contract *c)
{
	json_key(o->out, "responses");
	json_object(o->out);
	json_key(o->out, number(o, c->status));
	json_object(o->out);
	openapi_text(o, "description", success_text(c));
	write_headers(o, c, c->status != 204);
	if (c->status != 204) {
		begin_content(o, "application/json");
		openapi_answer(o, c);
		end_content(o);
	}
	json_object_end(o->out);
	if (c->waits) {
		json_key(o->out, "304");
		json_object(o->out);
		openapi_text(o, "description", "It is the answer that the client has");
		write_headers(o, c, true);
		json_object_end(o->out);
	}
	for (size_t i = 0; i < FAILURES; i++) {
		if (!(c->refuses & 1u << failures[i].kind))
			continue;
		json_key(o->out, number(o, problem_status(failures[i].kind)));
		json_object(o->out);
		openapi_ref(o, "responses", failures[i].name);
		json_object_end(o->out);
	}
	json_object_end(o->out);
}

static void write_problems(struct openapi *o)
{
	json_key(o->out, "responses");
	json_object(o->out);
	for (size_t i = 0; i < FAILURES; i++) {
		json_key(o->out, failures[i].name);
		json_object(o->out);
		openapi_text(o, "description", problem_title(failures[i].kind));
		if (failures[i].kind == LIMITED || failures[i].kind == UNAVAILABLE) {
			json_key(o->out, "headers");
			json_raw(o->out, STR("{\"Retry-After\":{\"$ref\":\"#/components/headers/"
					     "RetryAfter\"}}"));
		}
		begin_content(o, "application/problem+json");
		openapi_problem(o);
		end_content(o);
		json_object_end(o->out);
	}
	json_object_end(o->out);
}

/* ---- an operation ---- */

static void write_body(struct openapi *o, const struct contract *c)
{
	bool required = c->body == BODY_FILE;
	if (c->body == BODY_NONE)
		return;
	for (size_t i = 0; i < c->in_body.n; i++)
		required = required || c->in_body.v[i].required;
	json_key(o->out, "requestBody");
	json_object(o->out);
	json_key(o->out, "required");
	json_bool(o->out, required);
	begin_content(o, c->body == BODY_FILE ? "multipart/form-data" : "application/json");
	openapi_input(o, c);
	json_key(o->out, "example");
	openapi_input_example(o, c);
	end_content(o);
	json_object_end(o->out);
}

static const char *description(struct openapi *o, const struct contract *c)
{
	const char *may = c->op->may;
	const char *who = operation_is_open(c->op) ? "Needs no login."
			  : !strcmp(may, SIGNED_IN)
			      ? "For whoever is logged in."
			      : arena_printf(o->arena, "Needs the permission `%s`.", may);
	const char *live =
	    c->waits ? " Live: with `Prefer: wait` it answers when the answer changes." : "";
	return arena_printf(o->arena, "%s%s", who, live);
}

static void write_operation(struct openapi *o, const struct contract *c)
{
	char method[16];
	snprintf(method, sizeof method, "%s", c->method);
	for (char *p = method; *p; p++)
		*p |= 0x20;
	json_key(o->out, arena_text(o->arena, method, strlen(method)));
	json_object(o->out);
	openapi_text(o, "operationId", c->op->name);
	openapi_text(o, "summary", c->op->summary);
	openapi_text(o, "description", description(o, c));
	json_key(o->out, "tags");
	json_array(o->out);
	json_text_value(o->out, c->group);
	json_array_end(o->out);
	if (operation_is_open(c->op)) {
		json_key(o->out, "security");
		json_raw(o->out, STR("[]"));
	}
	openapi_text(o, "x-permission",
	    operation_is_open(c->op)         ? "anyone"
	    : !strcmp(c->op->may, SIGNED_IN) ? "signed_in"
					     : c->op->may);
	openapi_text(o, "x-rate-limit", c->op->limited ? c->op->limited : "default");
	json_key(o->out, "x-live");
	json_bool(o->out, c->waits);
	write_parameters(o, c);
	write_body(o, c);
	write_responses(o, c);
	json_object_end(o->out);
}

/* The operations of a path stand together, at the place of the first. */
static void write_paths(struct openapi *o, const struct contract *all, size_t n)
{
	json_key(o->out, "paths");
	json_object(o->out);
	for (size_t i = 0; i < n; i++) {
		bool seen = false;
		for (size_t k = 0; k < i && !seen; k++)
			seen = !strcmp(all[k].path, all[i].path);
		if (seen)
			continue;
		json_key(o->out, all[i].path);
		json_object(o->out);
		for (size_t k = i; k < n; k++)
			if (!strcmp(all[k].path, all[i].path))
				write_operation(o, &all[k]);
		json_object_end(o->out);
	}
	json_object_end(o->out);
}

/* ---- the document ---- */

const char *openapi_group_doc(const char *group)
{
	static const struct {
		const char *group, *text;
	} others[] = { { "changes", "What changed, for clients that keep a copy" },
		{ "company", "The caller's company" },
		{ "live", "Many queries watched by one request" },
		{ "mail", "Mail that is no longer wanted" }, { "me", "Who is asking" },
		{ "passwords", "Changing and forgetting passwords" },
		{ "permissions", "What can be allowed" }, { "reports", "Counts and sums" },
		{ "search", "Everything that has some words" },
		{ "timeline", "What happened with a contact or a deal" } };
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (!strcmp(others[i].group, group))
			return others[i].text;
	for (size_t i = 0; all_tables[i]; i++)
		if (!strcmp(all_tables[i]->name, group))
			return all_tables[i]->doc;
	return NULL;
}

static void write_tags(struct openapi *o, const struct contract *all, size_t n)
{
	json_key(o->out, "tags");
	json_array(o->out);
	for (size_t i = 0; i < n; i++) {
		bool seen = false;
		for (size_t k = 0; k < i && !seen; k++)
			seen = !strcmp(all[k].group, all[i].group);
		if (seen)
			continue;
		json_object(o->out);
		openapi_text(o, "name", all[i].group);
		if (openapi_group_doc(all[i].group))
			openapi_text(o, "description", openapi_group_doc(all[i].group));
		json_object_end(o->out);
	}
	json_array_end(o->out);
}

static void write_info(struct openapi *o)
{
	json_key(o->out, "info");
	json_object(o->out);
	openapi_text(o, "title", "Muster");
	openapi_text(o, "version", API_VERSION);
	openapi_text(o, "summary", "A CRM of which every query is live");
	openapi_text(o, "description",
	    "Every GET can wait: with `Prefer: wait=25` and `If-None-Match` it is answered when "
	    "its "
	    "answer is another one. Answers hold what the caller may see; what is out of its scope "
	    "is *not found*. Within v1, members, parameters and values are added and never taken "
	    "away: a client passes over what it does not know. With `fields`, a row has the named "
	    "members alone; a change that takes a row out of the caller's sight is answered by its "
	    "id.");
	json_key(o->out, "contact");
	json_raw(o->out, STR("{\"name\":\"Whoever runs this installation\"}"));
	json_key(o->out, "license");
	json_raw(o->out, STR("{\"name\":\"As agreed with whoever runs this "
			     "installation\",\"identifier\":\"LicenseRef-Muster\"}"));
	json_object_end(o->out);
	json_key(o->out, "servers");
	json_raw(o->out, STR("[{\"url\":\"/\",\"description\":\"The installation that serves this "
			     "document\"}]"));
	json_key(o->out, "security");
	json_raw(o->out, STR("[{\"token\":[]},{\"session\":[]}]"));
}

static void write_components(struct openapi *o)
{
	json_key(o->out, "components");
	json_object(o->out);
	json_key(o->out, "securitySchemes");
	json_raw(o->out,
	    STR("{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"An API key, "
		"or "
		"the token of a session\"},\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\","
		"\"name\":\"muster_session\",\"description\":\"The browser's session: it reads; "
		"what changes something needs the token of a page's forms too, in "
		"`X-CSRF-Token`\"}}"));
	json_key(o->out, "parameters");
	json_raw(o->out, str_of(common_parameters));
	json_key(o->out, "headers");
	json_raw(o->out, str_of(common_headers));
	write_problems(o);
	json_key(o->out, "schemas");
	json_object(o->out);
	openapi_components(o);
	json_object_end(o->out);
	json_object_end(o->out);
}

void openapi_document(struct arena *a, const struct contract *all, size_t n, struct buf *document)
{
	struct json out;
	struct openapi o = { .arena = a, .out = &out };
	json_begin(&out, document);
	json_object(&out);
	openapi_text(&o, "openapi", "3.1.0");
	write_info(&o);
	write_tags(&o, all, n);
	write_paths(&o, all, n);
	write_components(&o);
	json_object_end(&out);
}

void emit_openapi(struct arena *a)
{
	size_t n;
	const struct contract *all = contracts(a, &n);
	struct buf document = { 0 };
	openapi_document(a, all, n, &document);
	emit_json(buf_view(&document));
	buf_free(&document);
}
