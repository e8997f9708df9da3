/*
 * query_check.c: may this SELECT run? It walks the tokens once, with a stack of parentheses, and
 * notes every table with its alias and every WHERE and ON. A tenant or access condition counts only
 * where it narrows what is read: joined by AND, in the WHERE of the select that reads the table, or
 * in the ON of a join (of a LEFT JOIN: for the joined table alone). It does not understand SQL; in
 * doubt it refuses.
 */
#include "gen.h"
#include <stdlib.h>
#include <string.h>

#define TOP SIZE_MAX /* the scope outside all parentheses */
#define NONE SIZE_MAX

struct derived {
	const char *name;
	bool tenant;
}; /* a subquery in FROM, or a WITH */

struct ref {
	const char *alias;
	const struct table *table; /* or NULL: */
	size_t derived;
	size_t scope; /* index of the parenthesis that holds it */
	unsigned line;
	bool left; /* LEFT JOIN */
	bool bound, scoped;
	enum reads reads;
	enum piece by;
	size_t input;
};

struct clause {
	size_t at, scope, ref;
}; /* a WHERE (ref NONE), or the ON of a join */

struct scope {
	size_t open;
	bool select, from, list, is_join, is_with, left;
	size_t items, last_ref, first_ref, derived;
};

struct edge {
	size_t to, from;
}; /* from NONE: the caller's company */

struct check {
	struct gen *g;
	struct query *q;
	const struct token *v;
	size_t n;
	struct ref *refs;
	size_t n_refs;
	struct derived *derived;
	size_t n_derived;
	struct clause *clauses;
	size_t n_clauses;
	struct scope *stack;
	size_t depth;
	struct edge *edges;
	size_t n_edges;
};

static bool any_of(const struct token *t, const char *const *words)
{
	for (; *words; words++)
		if (token_is(t, *words))
			return true;
	return false;
}

static const char *const clause_ends[] = { "where", "group", "order", "having", "limit", "union",
	"except", "intersect", "window", "for", "select", "from", "lock", NULL };
static const char *const joins[] = { "join", "left", "right", "inner", "cross", "straight_join",
	"natural", "on", NULL };
static const char *const no_alias[] = { "using", "force", "use", "ignore", "partition", "set",
	"into", "offset", "fetch", "procedure", "as", NULL };

/* Past the end there is TOKEN_END or `;`, before the start nothing. */
static const struct token *tok(const struct check *c, size_t i)
{
	static const struct token nothing = { .kind = TOKEN_END, .text = "", .raw = "" };
	return i < c->n ? &c->v[i] : &nothing;
}

static struct scope *top(const struct check *c) { return &c->stack[c->depth - 1]; }

#define REFUSE(c, i, ...) \
	refuse((c)->q->path, tok((c), (i))->line ? tok((c), (i))->line : (c)->q->line, __VA_ARGS__)

static void list_end(struct check *c, size_t i)
{
	struct scope *s = top(c);
	size_t want = 0;
	if (!s->list || s->open != TOP)
		return;
	for (size_t j = 0; j < c->q->n_out; j++)
		want += field_width(&c->q->out[j].field);
	if (s->items != want)
		REFUSE(c, i, "the select list has %zu columns, `-- out:` %zu", s->items, want);
	s->list = false;
}

static void ref_add(struct check *c, struct ref ref)
{
	for (size_t i = 0; i < c->n_refs; i++)
		if (strcmp(c->refs[i].alias, ref.alias) == 0)
			refuse(c->q->path, ref.line,
			    "the alias `%s` stands twice: give each its own", ref.alias);
	top(c)->last_ref = c->n_refs;
	PUSH(c->g, c->refs, c->n_refs) = ref;
}

/* An alias at i, or NULL; *i moves past it. */
static const char *take_alias(const struct check *c, size_t *i)
{
	bool as = token_is(tok(c, *i), "as");
	size_t at = *i + as;
	const struct token *t = tok(c, at);
	bool keyword = any_of(t, clause_ends) || any_of(t, joins) || any_of(t, no_alias);
	if (t->kind != TOKEN_WORD || keyword)
		return NULL;
	*i = at + 1;
	return t->text;
}

static size_t derived_find(const struct check *c, const char *name)
{
	for (size_t i = 0; i < c->n_derived; i++)
		if (c->derived[i].name && strcmp(c->derived[i].name, name) == 0)
			return i;
	return NONE;
}

static size_t derived_add(struct check *c, const char *name)
{
	PUSH(c->g, c->derived, c->n_derived) = (struct derived) { .name = name };
	return c->n_derived - 1;
}

static void scope_push(struct check *c, struct scope s)
{
	s.first_ref = c->n_refs;
	s.last_ref = NONE;
	PUSH(c->g, c->stack, c->depth) = s;
}

/* What stands after FROM or JOIN; returns where to go on. */
static size_t take_table(struct check *c, size_t i, bool left)
{
	const struct token *t = tok(c, i);
	bool json = token_is(t, "json_table") && token_is(tok(c, i + 1), "(");
	if (token_is(t, "(") || json) {
		const struct token *inner = tok(c, i + 1);
		if (!json && !token_is(inner, "select") && !token_is(inner, "with"))
			REFUSE(c, i, "a join in parentheses is not understood");
		i += json;
		scope_push(c, (struct scope) { .open = i,
				  .select = !json,
				  .is_join = true,
				  .left = left,
				  .derived = derived_add(c, NULL) });
		return i + 1;
	}
	if (t->kind != TOKEN_WORD)
		REFUSE(c, i, "expected a table, found `%s`", t->raw);
	if (token_is(tok(c, i + 1), "."))
		REFUSE(c, i, "`%s.`: a table stands without its database", t->text);
	struct ref ref = { .alias = t->text,
		.derived = derived_find(c, t->text),
		.scope = top(c)->open,
		.line = t->line,
		.left = left };
	if (ref.derived == NONE && !(ref.table = table_find(c->g, t->text)))
		REFUSE(c, i, "there is no table `%s`", t->text);
	i++;
	const char *alias = take_alias(c, &i);
	if (alias)
		ref.alias = alias;
	ref_add(c, ref);
	return i;
}

/* At the name of a WITH; returns where its select begins. */
static size_t take_with(struct check *c, size_t i)
{
	const struct token *name = tok(c, i);
	i++;
	if (token_is(tok(c, i), "("))
		while (i < c->n && !token_is(tok(c, i++), ")"))
			;
	if (name->kind != TOKEN_WORD || !token_is(tok(c, i), "as") || !token_is(tok(c, i + 1), "("))
		REFUSE(c, i, "a WITH that is not understood");
	if (table_find(c->g, name->text) || derived_find(c, name->text) != NONE)
		REFUSE(c, i, "the name `%s` is taken", name->text);
	scope_push(c, (struct scope) { .open = i + 1,
			  .select = true,
			  .is_with = true,
			  .derived = derived_add(c, name->text) });
	return i + 2;
}

static size_t close_paren(struct check *c, size_t i)
{
	if (c->depth == 1)
		REFUSE(c, i, "a `)` too many");
	list_end(c, i);
	struct scope s = *top(c);
	c->depth--;
	i++;
	if (!s.is_join && !s.is_with)
		return i;
	for (size_t j = s.first_ref; j < c->n_refs; j++)
		c->derived[s.derived].tenant |= c->refs[j].table && !c->refs[j].table->global;
	if (s.is_with)
		return token_is(tok(c, i), ",") ? take_with(c, i + 1) : i;
	unsigned line = tok(c, i - 1)->line;
	const char *alias = take_alias(c, &i);
	if (!alias)
		refuse(c->q->path, line, "a subquery in FROM needs an alias");
	ref_add(c, (struct ref) { .alias = alias,
		       .derived = s.derived,
		       .scope = top(c)->open,
		       .line = line,
		       .left = s.left });
	return i;
}

static void check_word(struct check *c, size_t i)
{
	static const char *const never[] = { "offset", "into", "delete", "natural", NULL };
	static const char *const functions[] = { "insert", "replace", "right", NULL };
	const struct token *t = tok(c, i), *last = tok(c, i - 1), *next = tok(c, i + 1);
	if (token_is(t, "*") && (token_is(last, "select") || token_is(last, "distinct") ||
				    token_is(last, ",") || token_is(last, ".")))
		REFUSE(c, i, "`SELECT *` changes with the table: name the columns");
	if (token_is(last, ".") || token_is(last, "as"))
		return;
	if (any_of(t, never) || (any_of(t, functions) && !token_is(next, "(")) ||
	    (token_is(t, "update") && !token_is(last, "for")))
		REFUSE(c, i, "`%s` does not stand in a query%s", t->raw,
		    token_is(t, "offset") ? ": page by keyset" : "");
	if (token_is(t, "limit") && token_is(tok(c, i + 2), ","))
		REFUSE(c, i, "LIMIT with an offset: page by keyset");
}

static size_t step(struct check *c, size_t i)
{
	const struct token *t = tok(c, i), *last = tok(c, i - 1);
	struct scope *s = top(c);
	bool name = token_is(last, ".") || token_is(last, "as");
	check_word(c, i);
	if (token_is(t, "(")) {
		const struct token *next = tok(c, i + 1);
		scope_push(c, (struct scope) { .open = i,
				  .select = token_is(next, "select") || token_is(next, "with") });
		return i + 1;
	}
	if (token_is(t, ")"))
		return close_paren(c, i);
	if (token_is(t, "join") || (token_is(t, "straight_join") && !token_is(last, "select"))) {
		if (!s->from)
			REFUSE(c, i, "a join in parentheses is not understood");
		return take_table(c, i + 1,
		    token_is(last, "left") ||
			(token_is(last, "outer") && token_is(tok(c, i - 2), "left")));
	}
	if (!s->select || name)
		return i + 1;
	if (token_is(t, ",")) {
		if (s->from)
			REFUSE(c, i, "a join by comma: write JOIN .. ON");
		s->items++;
	}
	if (token_is(t, "with") && (i == 0 || token_is(last, "(")))
		return take_with(c, i + 1 + token_is(tok(c, i + 1), "recursive"));
	if (token_is(t, "on") && s->from)
		PUSH(c->g, c->clauses, c->n_clauses) = (struct clause) { i, s->open, s->last_ref };
	if (!any_of(t, clause_ends))
		return i + 1;
	list_end(c, i);
	s->from = token_is(t, "from");
	if (token_is(t, "where"))
		PUSH(c->g, c->clauses, c->n_clauses) = (struct clause) { i, s->open, NONE };
	if (token_is(t, "select")) {
		s->list = true;
		s->items = 1;
	}
	return s->from ? take_table(c, i + 1, false) : i + 1;
}

/* Conditions */

static bool is_or(const struct token *t)
{
	return token_is(t, "or") || token_is(t, "xor") || token_is(t, "||");
}

/* From the condition [from, to) to the WHERE or ON to which it is joined by AND alone, or NULL. */
static const struct clause *clause_of(const struct check *c, size_t from, size_t to)
{
	static const char *const before[] = { "where", "on", "and", "&&", "(", NULL };
	static const char *const after[] = { "and", "&&", ")", NULL };
	size_t depth = 0, cases = 0, ands = 0;
	if (!any_of(tok(c, from - 1), before))
		return NULL;
	if (to < c->n && !any_of(tok(c, to), after) && !any_of(tok(c, to), clause_ends) &&
	    !any_of(tok(c, to), joins))
		return NULL;
	size_t end = to;
	for (; end < c->n; end++) {
		const struct token *t = tok(c, end);
		if (token_is(t, ")") && depth-- == 0)
			break;
		depth += token_is(t, "(");
		if (depth)
			continue;
		if (is_or(t))
			return NULL;
		if (any_of(t, clause_ends) || any_of(t, joins))
			break;
	}
	depth = 0;
	for (size_t i = from - 1; i < c->n; i--) {
		const struct token *t = tok(c, i);
		if (token_is(t, "(") && depth-- == 0)
			return clause_of(c, i, end + 1);
		depth += token_is(t, ")");
		if (depth)
			continue;
		cases += token_is(t, "end");
		ands += token_is(t, "and");
		if (ands == 1 && i < from - 1 && token_is(t, "between"))
			return NULL; /* the AND before the condition is that of the BETWEEN */
		if (is_or(t) || (token_is(t, "case") && cases-- == 0))
			return NULL;
		for (size_t j = 0; j < c->n_clauses; j++)
			if (c->clauses[j].at == i)
				return &c->clauses[j];
		if (any_of(t, clause_ends))
			return NULL;
	}
	return NULL;
}

static size_t ref_find(const struct check *c, const char *alias)
{
	for (size_t i = 0; i < c->n_refs; i++)
		if (strcmp(c->refs[i].alias, alias) == 0)
			return i;
	return NONE;
}

/* Does a condition in this clause narrow what is read of the table? */
static bool narrows(const struct check *c, const struct clause *clause, size_t ref)
{
	if (!clause || ref == NONE || c->refs[ref].scope != clause->scope)
		return false;
	bool left = clause->ref != NONE && c->refs[clause->ref].left;
	return !left || clause->ref == ref;
}

/* alias.company_id at i: the table, or NONE. */
static size_t company_of(const struct check *c, size_t i)
{
	if (tok(c, i)->kind != TOKEN_WORD || !token_is(tok(c, i + 1), ".") ||
	    strcmp(tok(c, i + 2)->text, "company_id") != 0)
		return NONE;
	return ref_find(c, tok(c, i)->text);
}

static void edge_add(struct check *c, const struct clause *clause, size_t to, size_t from)
{
	if (narrows(c, clause, to))
		PUSH(c->g, c->edges, c->n_edges) = (struct edge) { to, from };
}

static bool is_company(const struct token *t)
{
	return t->kind == TOKEN_INPUT && strcmp(t->text, "company") == 0;
}

static void find_conditions(struct check *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct token *t = tok(c, i);
		size_t a = company_of(c, i), b = company_of(c, i + 4);
		if (a != NONE && token_is(tok(c, i + 3), "=") && is_company(tok(c, i + 4)))
			edge_add(c, clause_of(c, i, i + 5), a, NONE);
		if (a != NONE && token_is(tok(c, i + 3), "=") && b != NONE && a != b) {
			edge_add(c, clause_of(c, i, i + 7), a, b);
			edge_add(c, clause_of(c, i, i + 7), b, a);
		}
		if (is_company(t) && token_is(tok(c, i + 1), "=") && company_of(c, i + 2) != NONE)
			edge_add(c, clause_of(c, i, i + 5), company_of(c, i + 2), NONE);
		if (t->kind == TOKEN_INPUT && strcmp(t->text, "access") == 0) {
			size_t ref = ref_find(c, tok(c, i + 2)->text);
			if (ref == NONE || !c->refs[ref].table || c->refs[ref].table->global)
				REFUSE(c, i, "`:access(%s)`: no table of a company has this alias",
				    tok(c, i + 2)->text);
			c->refs[ref].scoped |= narrows(c, clause_of(c, i, i + 4), ref);
		}
	}
}

/* A table is bound when its company_id is the caller's, or that of another one that is bound. */
static void bind(struct check *c)
{
	for (size_t i = 0; i < c->n_refs; i++)
		c->refs[i].bound = !c->refs[i].table && c->derived[c->refs[i].derived].tenant;
	for (bool again = true; again;) {
		again = false;
		for (size_t i = 0; i < c->n_edges; i++) {
			const struct edge *e = &c->edges[i];
			if (c->refs[e->to].bound || (e->from != NONE && !c->refs[e->from].bound))
				continue;
			c->refs[e->to].bound = again = true;
		}
	}
}

/* A subquery hands the company on by this name, so that it must be a table's. */
static void judge_names(const struct check *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(tok(c, i)->text, "company_id") == 0 && tok(c, i)->kind == TOKEN_WORD &&
		    !token_is(tok(c, i - 1), "."))
			REFUSE(c, i,
			    "`company_id` is of a table, as `t.company_id`: nothing else has this "
			    "name");
}

static void judge(const struct check *c, const struct ref *r)
{
	const struct query *q = c->q;
	const struct table *t = r->table;
	if (!t)
		return;
	if (!t->global && !r->bound && !q->cross_tenant)
		refuse(q->path, r->line,
		    "`%s` needs `%s.company_id = :company`, joined by AND where it is read",
		    t->name, r->alias);
	if ((t->owner >= 0 || t->n_parents) && !r->scoped && !q->cross_tenant &&
	    !names_have(&q->unscoped, r->alias))
		refuse(q->path, r->line,
		    "`%s` needs `:access(%s)`, joined by AND where it is read, or "
		    "`-- unscoped: %s reason`",
		    t->name, r->alias, r->alias);
}

/* What can change the answer */

/* An input that is an id, or the caller's company or agent. */
static bool take_id(const struct check *c, const struct token *t, enum piece *by, size_t *input)
{
	if (t->kind != TOKEN_INPUT)
		return false;
	*by = strcmp(t->text, "company") == 0 ? PIECE_COMPANY
	      : strcmp(t->text, "me") == 0    ? PIECE_ME
					      : PIECE_INPUT;
	if (*by != PIECE_INPUT)
		return true;
	for (*input = 0; *input < c->q->n_in; ++*input)
		if (strcmp(c->q->in[*input].field.name, t->text) == 0)
			return strcmp(c->q->in[*input].field.type, "T_ID") == 0;
	return false;
}

/* `alias.id = :input`, or the column of its owner, joined by AND where it is read: only those rows
 * count. Who sees a row within another is told by that one's owner, so there it says nothing. */
static void find_rows(struct check *c)
{
	for (size_t i = 0; i + 4 < c->n; i++) {
		enum piece by = PIECE_SQL;
		size_t input = 0, ref = ref_find(c, tok(c, i)->text);
		if (tok(c, i)->kind != TOKEN_WORD || !token_is(tok(c, i + 1), ".") ||
		    !token_is(tok(c, i + 3), "=") || ref == NONE || !c->refs[ref].table ||
		    !take_id(c, tok(c, i + 4), &by, &input))
			continue;
		struct ref *r = &c->refs[ref];
		const struct table *t = r->table;
		bool row = t->id >= 0 && strcmp(tok(c, i + 2)->text, t->fields[t->id].name) == 0;
		bool owned = t->owner >= 0 && !t->n_parents &&
			     strcmp(tok(c, i + 2)->text, t->fields[t->owner].name) == 0;
		if (r->reads != READS_TABLE || (!row && !owned) ||
		    !narrows(c, clause_of(c, i, i + 5), ref))
			continue;
		r->reads = row ? READS_ROW : READS_OWNED;
		r->by = by;
		r->input = input;
	}
}

/* The log of changes says nothing of an unlogged table: what else changes with it must be noted. */
static void find_reads(struct check *c)
{
	const struct query *q = c->q;
	for (size_t i = 0; i < c->n_refs; i++) {
		struct ref *r = &c->refs[i];
		bool follows = names_have(&q->following, r->alias);
		r->reads = follows ? READS_FOLLOWING : r->scoped ? READS_SCOPED : READS_TABLE;
		if (r->table && r->table->unlogged && !r->scoped && !follows && !q->cross_tenant)
			refuse(q->path, r->line,
			    "`%s` is not logged: `-- follows: %s reason` says with what it changes",
			    r->table->name, r->alias);
	}
	find_rows(c);
}

static void tables_of(struct check *c)
{
	struct query *q = c->q;
	for (size_t i = 0; i < c->n_refs; i++) {
		const struct ref *r = &c->refs[i];
		if (r->table)
			PUSH(c->g, q->tables, q->n_tables) =
			    (struct reading) { r->table, r->alias, r->reads, r->by, r->input };
	}
	for (size_t i = 0; i < q->n_parts; i++)
		if (q->parts[i].piece == PIECE_ACCESS)
			q->parts[i].table = c->refs[ref_find(c, q->parts[i].text)].table;
}

void query_check(struct gen *g, struct query *q, const struct token *v, size_t n)
{
	struct check c = { .g = g, .q = q, .v = v, .n = n };
	if (!token_is(tok(&c, 0), "select") && !token_is(tok(&c, 0), "with"))
		REFUSE(&c, 0, "a query is a SELECT, or a WITH before one");
	scope_push(&c, (struct scope) { .open = TOP, .select = true });
	for (size_t i = 0; i < n;)
		i = step(&c, i);
	if (c.depth != 1)
		REFUSE(&c, n - 1, "a `)` is missing");
	list_end(&c, n - 1);
	find_conditions(&c);
	bind(&c);
	for (size_t i = 0; i < q->unscoped.n; i++)
		if (ref_find(&c, q->unscoped.v[i]) == NONE)
			refuse(q->path, q->line, "`-- unscoped: %s`: there is no such alias",
			    q->unscoped.v[i]);
	for (size_t i = 0; i < q->following.n; i++)
		if (ref_find(&c, q->following.v[i]) == NONE)
			refuse(q->path, q->line, "`-- follows: %s`: there is no such alias",
			    q->following.v[i]);
	for (size_t i = 0; i < c.n_refs; i++)
		judge(&c, &c.refs[i]);
	judge_names(&c);
	find_reads(&c);
	tables_of(&c);
}
