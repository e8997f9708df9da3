/*
 * import_names.c: the rows that a cell names: an agent, an organisation, a stage. What one batch
 * has asked once it knows, since a file names the same few again and again. Statements:
 * sql/query/imports.sql. Tests: tests/http/imports.test.mjs
 */
#include "modules/imports.h"

#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

enum { BUCKETS = 512 };

struct known {
	struct known *next;   /* in the bucket */
	struct known *before; /* the one learned before */
	enum import_name kind;
	str name;
	uuid id;
	unsigned bucket;
};

struct import_names {
	struct arena *arena;
	struct known *buckets[BUCKETS], *last;
	size_t n;
};

struct import_names *import_names_new(struct arena *a)
{
	struct import_names *names = ARENA_NEW(a, struct import_names);
	names->arena = a;
	return names;
}

static unsigned bucket_of(enum import_name kind, str name)
{
	uint32_t hash = 2166136261u ^ (uint32_t)kind;
	for (size_t i = 0; i < name.n; i++)
		hash = (hash ^ (unsigned char)name.p[i]) * 16777619u;
	return hash % BUCKETS;
}

/* As the collation of names compares them: ids of another system are kept as they are. */
static str folded(struct arena *a, enum import_name kind, str name)
{
	utf8proc_uint8_t *made = NULL;
	if (kind == NAME_ELSEWHERE)
		return (str) { arena_text(a, name.p, name.n), name.n };
	utf8proc_ssize_t n =
	    utf8proc_map((const utf8proc_uint8_t *)name.p, (utf8proc_ssize_t)name.n, &made,
		UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
	str key = n < 0 ? name : (str) { (const char *)made, (size_t)n };
	key = (str) { arena_text(a, key.p, key.n), key.n };
	free(made);
	return key;
}

static void keep(struct import_names *names, enum import_name kind, str key, const uuid *id)
{
	struct known *k = ARENA_NEW(names->arena, struct known);
	*k = (struct known) { .kind = kind,
		.name = key,
		.id = *id,
		.before = names->last,
		.bucket = bucket_of(kind, key) };
	k->next = names->buckets[k->bucket];
	names->buckets[k->bucket] = names->last = k;
	names->n++;
}

void import_learn(struct import_batch *b, enum import_name kind, str name, const uuid *id)
{
	keep(b->names, kind, folded(b->names->arena, kind, name), id);
}

size_t import_names_mark(const struct import_names *names) { return names->n; }

/* What a refused line had made is gone; that something was not there it has found out for good. */
void import_names_back(struct import_names *names, size_t mark)
{
	struct known *absent = NULL;
	for (struct known *k; names->n > mark; names->n--) {
		k = names->last;
		names->buckets[k->bucket] = k->next;
		names->last = k->before;
		if (k->id.text[0])
			continue;
		k->next = absent;
		absent = k;
	}
	for (struct known *k = absent, *next; k; k = next) {
		next = k->next;
		keep(names, k->kind, k->name, &k->id);
	}
}

/* ---- asking ---- */

static error ask(struct import_batch *b, const struct query *query, const void *in, uuid *id)
{
	*id = (uuid) { "" };
	error e = query_one(b->call, query, in, id);
	return e == NOT_FOUND ? OK : e;
}

static error ask_agent(struct import_batch *b, str name, uuid *id)
{
	struct import_agents_called_row *rows;
	size_t n;
	*id = (uuid) { "" };
	TRY(query_all(b->call, &import_agents_called_query,
	    &(struct import_agents_called_in) { .name = name }, &rows, &n));
	if (n > 1)
		return fail(b->call, INVALID, "owner",
		    "several agents are called \"%.*s\": use the e-mail address", (int)name.n,
		    name.p);
	if (n)
		memcpy(id->text, rows[0].id.text, sizeof id->text);
	return OK;
}

static error ask_person(struct import_batch *b, str name, uuid *id)
{
	if (memchr(name.p, '@', name.n)) {
		char *lower = arena_text(b->call->arena, name.p, name.n);
		for (char *c = lower; *c; c++)
			*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
		return ask(b, &import_contact_at_query,
		    &(struct import_contact_at_in) { .address = { lower, name.n } }, id);
	}
	return ask(
	    b, &import_person_called_query, &(struct import_person_called_in) { .name = name }, id);
}

/* The input of each of these queries is one text. */
struct named_in {
	str name;
};
_Static_assert(sizeof(struct named_in) == sizeof(struct import_organisation_called_in), "one text");
_Static_assert(sizeof(struct named_in) == sizeof(struct import_source_called_in), "one text");
_Static_assert(sizeof(struct named_in) == sizeof(struct import_tag_called_in), "one text");
_Static_assert(sizeof(struct named_in) == sizeof(struct import_team_called_in), "one text");
_Static_assert(sizeof(struct named_in) == sizeof(struct import_role_called_in), "one text");
_Static_assert(sizeof(struct named_in) == sizeof(struct import_pipeline_called_in), "one text");

static const struct query *query_of(enum import_name kind)
{
	switch (kind) {
	case NAME_ORGANISATION: return &import_organisation_called_query;
	case NAME_SOURCE: return &import_source_called_query;
	case NAME_TAG: return &import_tag_called_query;
	case NAME_TEAM: return &import_team_called_query;
	case NAME_ROLE: return &import_role_called_query;
	case NAME_PIPELINE: return &import_pipeline_called_query;
	case NAME_AGENT:
	case NAME_PERSON:
	case NAME_MANAGER:
	case NAME_ELSEWHERE: break;
	}
	abort(); /* they are asked for in other ways */
}

static const struct known *known(const struct import_batch *b, enum import_name kind, str key)
{
	for (const struct known *k = b->names->buckets[bucket_of(kind, key)]; k; k = k->next)
		if (k->kind == kind && str_eq(k->name, key))
			return k;
	return NULL;
}

error import_find(struct import_batch *b, enum import_name kind, str name, uuid *id)
{
	str key = folded(b->names->arena, kind, name);
	const struct known *k = known(b, kind, key);
	if (k) {
		*id = k->id;
		return OK;
	}
	if (kind == NAME_AGENT)
		TRY(ask_agent(b, name, id));
	else if (kind == NAME_PERSON)
		TRY(ask_person(b, name, id));
	else if (kind == NAME_MANAGER || kind == NAME_ELSEWHERE)
		*id = (uuid) { "" };
	else
		TRY(ask(b, query_of(kind), &(struct named_in) { .name = name }, id));
	keep(b->names, kind, key, id);
	return OK;
}

error import_ask(struct import_batch *b, enum import_name kind, const struct query *query,
    struct json_object *names)
{
	struct named {
		str name;
		uuid id;
	} * rows;
	_Static_assert(sizeof(struct named) == sizeof(struct import_deals_known_as_row), "alike");
	_Static_assert(
	    sizeof(struct named) == sizeof(struct import_contacts_known_as_row), "alike");
	_Static_assert(sizeof(struct named) == sizeof(struct import_contacts_at_row), "alike");
	_Static_assert(
	    sizeof(struct named) == sizeof(struct import_organisations_called_row), "alike");
	const uuid none = { "" };
	size_t n;
	if (!json_object_array_length(names))
		return OK;
	struct import_deals_known_as_in in = {
		.names = { str_of(json_object_to_json_string_ext(
		    names, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)) }
	};
	TRY(query_all(b->call, query, &in, &rows, &n));
	for (size_t i = 0; i < json_object_array_length(names); i++) {
		struct json_object *name = json_object_array_get_idx(names, i);
		import_learn(b, kind,
		    (str) {
			json_object_get_string(name), (size_t)json_object_get_string_len(name) },
		    &none);
	}
	for (size_t i = 0; i < n; i++)
		import_learn(b, kind, rows[i].name, &rows[i].id);
	return OK;
}

/* ---- making ---- */

error import_find_or_make(struct import_batch *b, enum import_name kind, str name, uuid *id)
{
	static const struct {
		enum import_name kind;
		const struct table *table;
		const char *field;
	} makeable[] = {
		{ NAME_ORGANISATION, &contacts_table, "name" },
		{ NAME_SOURCE, &sources_table, "name" },
		{ NAME_TAG, &tags_table, "name" },
		{ NAME_TEAM, &teams_table, "name" },
	};
	TRY(import_find(b, kind, name, id));
	if (id->text[0])
		return OK;
	for (size_t i = 0; i < sizeof makeable / sizeof *makeable; i++) {
		if (makeable[i].kind != kind)
			continue;
		struct json_object *args = json_object_new_object();
		json_keep(b->call->arena, args);
		if (kind == NAME_ORGANISATION)
			import_put(args, "kind", STR("organisation"));
		import_put(args, makeable[i].field, name);
		TRY(import_create(b, makeable[i].table, args, id));
		import_learn(b, kind, name, id);
		return OK;
	}
	abort(); /* nobody makes an agent or a role in passing */
}

error import_owner(struct import_batch *b, struct json_object *input)
{
	str name = import_text(b->line, "owner");
	uuid id;
	if (!name.n)
		return OK;
	TRY(import_find(b, NAME_AGENT, name, &id));
	if (!id.text[0]) {
		import_bad(b->line, "owner", "there is no agent \"%.*s\"",
		    (int)(name.n > 80 ? 80 : name.n), name.p);
		return fail(b->call, INVALID, NULL, "the line is refused");
	}
	import_put_id(input, "owner_id", id.text);
	return OK;
}
