/*
 * mustache_names.c: which names does a template use, and inside which sections? A walk that goes
 * the way that rendering goes, with every section taken once, for the test that compares templates
 * with the fields of operations. Tests: tests/unit/mustache_test.c
 */
#include "mustache_code.h"

#define SECTIONS_MAX (TEMPLATE_NESTING * TEMPLATE_DEPTH)

/* A template on the way from the page to here. */
struct active {
	const struct template *t;
	const struct active *outer;
};

struct walk {
	void (*seen)(void *context, const struct template_name *found);
	void *context;
	struct template_section sections[SECTIONS_MAX];
	size_t depth;
	const struct parents *parents;
	const struct active *active;
	unsigned nested;
};

static void tell(struct walk *w, const struct template *t, const struct instruction *o,
    const struct path *path, enum template_use use, const char *filter)
{
	struct template_name found = { path->text, use, filter, t->file, o->line, w->sections,
		w->depth };
	w->seen(w->context, &found);
}

static void tell_expression(
    struct walk *w, const struct template *t, const struct instruction *o, enum template_use use)
{
	const struct expression *x = o->value;
	tell(w, t, o, &x->path, use, x->n ? x->filters[0].filter->name : NULL);
	for (size_t i = 0; i < x->n; i++)
		for (size_t k = 0; k < x->filters[i].n; k++)
			if (!x->filters[i].args[k].literal)
				tell(w, t, o, &x->filters[i].args[k].path, TEMPLATE_ARGUMENT,
				    x->filters[i].filter->name);
}

static void walk(struct walk *w, const struct template *t, uint32_t from, uint32_t to);

static void walk_section(struct walk *w, const struct template *t, const struct instruction *o)
{
	tell_expression(w, t, o, TEMPLATE_SECTION);
	w->sections[w->depth++] =
	    (struct template_section) { o->value->path.text, !expression_test(o->value) };
	walk(w, t, (uint32_t)(o - t->code) + 1, o->end);
	w->depth--;
}

static void walk_call(struct walk *w, const struct template *t, const struct instruction *o)
{
	struct parents parents = { t, (uint32_t)(o - t->code), w->parents };
	struct active active = { o->target, w->active };
	int again = 0;
	for (const struct active *i = w->active; i; i = i->outer)
		again += i->t == o->target;
	if (again > 1 || w->nested == TEMPLATE_DEPTH - 1)
		return;
	w->nested++;
	w->active = &active;
	if (o->kind == PARENT)
		w->parents = &parents;
	walk(w, o->target, 0, o->target->n);
	w->parents = parents.outer;
	w->active = active.outer;
	w->nested--;
}

static void walk_block(struct walk *w, const struct template *t, const struct instruction *o)
{
	uint32_t at;
	const struct parents *all = w->parents, *with = block_source(all, o->text, &at);
	if (!with) {
		walk(w, t, (uint32_t)(o - t->code) + 1, o->end);
		return;
	}
	if (w->nested == TEMPLATE_DEPTH - 1)
		return;
	w->nested++;
	w->parents = with->outer;
	walk(w, with->t, at + 1, with->t->code[at].end);
	w->parents = all;
	w->nested--;
}

static void walk(struct walk *w, const struct template *t, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i = t->code[i].end) {
		const struct instruction *o = &t->code[i];
		switch ((enum instruction_kind)o->kind) {
		case VALUE:
		case RAW: tell_expression(w, t, o, TEMPLATE_VALUE); break;
		case SECTION: walk_section(w, t, o); break;
		case INVERTED:
			tell_expression(w, t, o, TEMPLATE_INVERTED);
			walk(w, t, i + 1, o->end);
			break;
		case PARTIAL:
		case PARENT: walk_call(w, t, o); break;
		case BLOCK: walk_block(w, t, o); break;
		case TEXT:
		case FRESH_LINE: break;
		}
	}
}

error template_names(const struct template_set *set, const char *name,
    void (*seen)(void *context, const struct template_name *found), void *context)
{
	const struct template *t = template_find(set, name);
	struct active active = { t, NULL };
	struct walk w = { .seen = seen, .context = context, .active = &active };
	if (!t)
		return NOT_FOUND;
	walk(&w, t, 0, t->n);
	return OK;
}
