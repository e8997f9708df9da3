/* contract.c: see contract.h. */
#include "process/contract.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/search_document.h"
#include "core/shape.h"

static int compare_operations(const void *a, const void *b)
{
	return strcmp((*(const struct operation *const *)a)->name,
	    (*(const struct operation *const *)b)->name);
}

/* The linker's order is the build's; people and diffs want the alphabet. */
const struct operation **contract_operations(struct arena *a, size_t *n)
{
	*n = operations_count();
	const struct operation **all = ARENA_ARRAY(a, *n, const struct operation *);
	for (size_t i = 0; i < *n; i++)
		all[i] = operation_at(i);
	qsort(all, *n, sizeof *all, compare_operations);
	return all;
}

const char *contract_camel(struct arena *a, const char *name)
{
	char *camel = arena_text(a, name, strlen(name)), *to = camel;
	for (const char *from = name; *from; from++)
		if (*from != '_') {
			bool first = from == name || from[-1] == '_';
			*to++ = (char)(first && *from >= 'a' && *from <= 'z' ? *from - 32 : *from);
		}
	*to = 0;
	return camel;
}

/* ---- its name ---- */

static bool starts_with(const char *name, const char *group, size_t n)
{
	return !strncmp(name, group, n) && name[n] == '_';
}

/* The address says what an operation is about: contacts_assign is of contacts, me_get of me. */
static void find_name(struct arena *a, struct contract *c)
{
	const char *name = c->op->name, *segment = c->path + strlen("/v1/");
	size_t n = strcspn(segment, "/");
	if (!starts_with(name, segment, n)) {
		segment = c->op->table ? c->op->table->name : "";
		n = strlen(segment);
	}
	if (!n || !starts_with(name, segment, n)) {
		segment = name;
		n = (size_t)(strrchr(name, '_') - name);
	}
	c->group = arena_text(a, segment, n);
	c->verb = name + n + 1;
}

/* ---- its input ---- */

static struct contract_member *add(
    struct arena *a, struct contract_members *to, const struct field *f)
{
	struct contract_member *v = ARENA_ARRAY(a, to->n + 1, struct contract_member);
	if (to->n)
		memcpy(v, to->v, to->n * sizeof *v);
	to->v = v;
	to->v[to->n] = (struct contract_member) { .name = f->name,
		.field = f,
		.doc = f->doc ? f->doc : field_rule(f)->doc,
		.required = f->flags & F_REQUIRED,
		.nullable = (f->flags & F_NULLABLE) && !(f->flags & F_REQUIRED) };
	return &to->v[to->n++];
}

static bool in_path(const struct contract *c, const char *name)
{
	size_t n = strlen(name);
	for (const char *open = strchr(c->path, '{'); open; open = strchr(open + 1, '{'))
		if (!strncmp(open + 1, name, n) && open[1 + n] == '}')
			return true;
	return false;
}

/* What stands behind `field:` is otherwise found by trying alone: of another name nothing is found.
 */
static const char *search_doc(struct arena *a, const struct table *table, const struct field *q)
{
	const char *doc = q->doc, *before = " of ";
	for (uint32_t i = 0; i < table->columns.n; i++) {
		const struct field *f = &table->columns.v[i];
		if (!(f->flags & F_SEARCHED))
			continue;
		doc = arena_printf(a, "%s%s%s", doc, before, f->name);
		before = ", ";
	}
	return doc;
}

static void filter_members(struct arena *a, struct contract *c)
{
	struct list_filter *filters;
	size_t n = list_filters(a, c->op->table, c->op->list, &filters);
	for (size_t i = 0; i < n; i++) {
		const struct list_filter *f = &filters[i];
		const struct field *column = f->column;
		if (column->type == T_SUBJECT)
			continue; /* an object: for a search alone; a URL names one of its kinds */
		bool path = in_path(c, f->name);
		struct contract_member *m = add(a, path ? &c->in_path : &c->in_query, column);
		m->name = f->name;
		if (f->comparison == HAS_TEXT && search_has(c->op->table))
			m->doc = search_doc(a, c->op->table, column);
		m->required = path;
		m->nullable = !path && f->comparison == IS_ONE_OF && !f->through &&
			      (column->flags & F_NULLABLE);
		m->several = !path && f->comparison == IS_ONE_OF;
	}
}

static void list_members(struct arena *a, struct contract *c, struct contract_members *to)
{
	for (size_t i = 0; i < LIST_FIELDS; i++) {
		if (!strcmp(list_fields[i].name, "deleted") && !c->op->table->soft_delete)
			continue;
		struct contract_member *m = add(a, to, &list_fields[i]);
		if (!strcmp(m->name, "sort"))
			m->sorts = c->op->list->sorts;
	}
}

static bool has_row(const struct operation *op)
{
	return op->answer == ANSWER_ROW || op->answer == ANSWER_LIST;
}

static void shaping_members(struct arena *a, struct contract *c)
{
	static const struct field fields = { .name = "fields",
		.type = T_TEXT,
		.doc = "The members of a row that are wanted, with commas between them" };
	static const struct field expand = { .name = "expand",
		.type = T_TEXT,
		.doc = "References to be told as rows of their own, with commas between them" };
	const char *name, *member;
	if (!has_row(c->op))
		return;
	add(a, &c->in_query, &fields)->fields = true;
	if (contract_expansion(a, c->op->table, 0, &name, &member))
		add(a, &c->in_query, &expand)->expand = true;
}

static void find_input(struct arena *a, struct contract *c)
{
	const struct operation *op = c->op;
	bool get = !strcmp(c->method, "GET"), delete = !strcmp(c->method, "DELETE");
	const struct field_set *set = operation_input(op);
	if (op->list && get)
		filter_members(a, c);
	if (op->list)
		list_members(a, c, get ? &c->in_query : &c->in_body);
	for (uint32_t i = 0; !op->list && i < set->n; i++) {
		const struct field *f = &set->v[i];
		bool path = in_path(c, f->name);
		struct contract_member *m = add(a,
		    path  ? &c->in_path
		    : get ? &c->in_query
			  : &c->in_body,
		    f);
		m->required = m->required || path;
		m->nullable = m->nullable && !path && !get;
	}
	shaping_members(a, c);
	c->body = op->list && !get                      ? BODY_SEARCH
		  : op->body_max                        ? BODY_FILE
		  : get || (delete &&c->in_body.n == 0) ? BODY_NONE
		  : c->in_body.n                        ? BODY_JSON
							: BODY_NONE;
}

/* ---- how it can fail ---- */

static bool names_rows(const struct contract_members *members)
{
	for (size_t i = 0; i < members->n; i++) {
		enum field_type type = members->v[i].field->type;
		if (type == T_ID || type == T_IDS || type == T_SUBJECT || type == T_LIST)
			return true;
	}
	return false;
}

/* What no declaration says is said by .refuses. */
static unsigned find_refuses(const struct contract *c)
{
	const struct operation *op = c->op;
	bool query = op->kind == QUERY_KIND;
	unsigned refuses =
	    op->refuses | 1 << MALFORMED | 1 << LIMITED | 1 << INTERNAL | 1 << UNAVAILABLE;
	if (!operation_is_open(op))
		refuses |= 1 << UNAUTHENTICATED | 1 << FORBIDDEN;
	if (c->in_path.n || (!op->list && (names_rows(&c->in_query) || names_rows(&c->in_body))))
		refuses |= 1 << NOT_FOUND;
	if (!query)
		refuses |= 1 << CONFLICT;
	if (query ? c->body == BODY_JSON : c->in_path.n || c->in_body.n || c->once)
		refuses |= 1 << INVALID;
	if (c->conditional)
		refuses |= 1 << STALE;
	if (c->body != BODY_NONE)
		refuses |= 1 << TOO_LARGE | 1 << UNSUPPORTED;
	return refuses;
}

/* ---- all of it ---- */

static struct contract contract_of(struct arena *a, const struct operation *op)
{
	struct contract c = { .op = op, .status = op->status ? op->status : 200 };
	str method, path;
	str_cut(str_of(op->route), ' ', &method, &path);
	c.method = arena_text(a, method.p, method.n);
	c.path = path.p;
	find_name(a, &c);
	find_input(a, &c);
	c.waits = !strcmp(c.method, "GET");
	/* A lock on a row that is there looks at If-Match (row.c). */
	c.conditional =
	    op->kind == MUTATION_KIND && op->table && c.status != 201 && c.status != 202;
	c.once = op->kind == MUTATION_KIND && !operation_is_open(op);
	c.versioned = !op->unversioned && (op->kind == MUTATION_KIND || op->answer == ANSWER_LIST);
	c.refuses = find_refuses(&c);
	return c;
}

struct contract *contracts(struct arena *a, size_t *n)
{
	size_t n_all;
	const struct operation **all = contract_operations(a, &n_all);
	struct contract *found = ARENA_ARRAY(a, n_all, struct contract);
	*n = 0;
	for (size_t i = 0; i < n_all; i++)
		if (all[i]->route)
			found[(*n)++] = contract_of(a, all[i]);
	return found;
}

/* ---- its answer ---- */

const struct table *contract_ref(const struct operation *op, const struct field *f)
{
	const struct field *rule = field_rule(f);
	if (f->ref || rule->ref)
		return f->ref ? f->ref : rule->ref;
	return op && !strcmp(f->name, "id") ? op->table : NULL;
}

bool contract_answer_null(const struct field *f)
{
	unsigned flags = f->flags | field_rule(f)->flags;
	if (flags & F_ARRAY)
		return false;
	return (flags & F_NULLABLE) || (f->type == T_JSON && !field_rule(f)->item);
}

bool contract_answer_left_out(const struct field *f) { return f->flags & F_OPTIONAL; }

const struct field *contract_expansion(
    struct arena *a, const struct table *table, size_t n, const char **expand, const char **name)
{
	str one;
	for (uint32_t i = 0; i < table->columns.n; i++) {
		const struct field *f = &table->columns.v[i];
		if (!shape_expands(table, f, &one) || n--)
			continue;
		*expand = arena_text(a, one.p, one.n);
		*name = f->type == T_SUBJECT ? arena_printf(a, "%s_title", *expand) : *expand;
		return f;
	}
	return NULL;
}
