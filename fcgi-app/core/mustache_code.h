/*
 * mustache_code.h: the compiled form of a template, known to the mustache files and to filters.c
 * only. A template is a flat array of instructions; what encloses others (a section, a block, a
 * parent) says where its body ends. All of it lies in the set's arena and is read-only once linked.
 */
#pragma once
#include "mustache.h"

#define FILTER_ARGUMENTS 8
#define FILTER_CHAIN 8

/*
 * One filter. `apply` gives a new value whose one reference is the caller's, or NULL for null. It
 * takes any type (NULL is null) and never fails. It must not keep a reference to an argument that
 * is not an array or an object: literals belong to the template, which threads share.
 */
struct filter {
	const char *name;
	uint8_t least, most; /* arguments */
	bool test;           /* gives a yes or no, which a section does not enter */
	struct json_object *(*apply)(struct arena *arena, struct json_object *value,
	    struct json_object *const *args, size_t n);
};

/* The filter of that name, or NULL. */
const struct filter *filter_find(str name);

struct path {
	const char *text; /* as written */
	const char **parts;
	size_t n; /* 0: ".", the innermost context */
};

struct argument {
	struct json_object *literal; /* NULL: the path */
	struct path path;
};

struct application {
	const struct filter *filter;
	const struct argument *args;
	size_t n;
};

struct expression {
	struct path path;
	const struct application *filters;
	size_t n;
};

enum instruction_kind {
	TEXT,     /* text, as it stands */
	VALUE,    /* value, escaped */
	RAW,      /* value */
	SECTION,  /* value; body */
	INVERTED, /* value; body */
	PARTIAL,  /* target, indent when `own_line` */
	PARENT,   /* the same; the body is BLOCKs, which replace those of the same name in target */
	BLOCK,    /* text is its name, the body its default; indent is for what replaces it */
	FRESH_LINE /* ends the line unless the output is at the start of one */
};

struct instruction {
	uint8_t kind;
	bool own_line; /* alone on its line; of a block: the first on it, with its body beside it */
	uint32_t line;
	uint32_t end; /* the instruction after this one and its body */
	str text;     /* of a partial or parent: the target's name */
	str indent;
	const struct expression *value;
	const struct template *target;
};

struct template
{
	const char *name, *file;
	struct instruction *code;
	uint32_t n;
};

/* A section around an expression counts its last filter: see template_section.scope. */
static inline bool expression_test(const struct expression *x)
{
	return x->n && x->filters[x->n - 1].filter->test;
}

/* The BLOCK `name` that the PARENT at that place brings, as a place in the code; 0: none. */
static inline uint32_t parent_block(const struct instruction *code, uint32_t parent, str name)
{
	for (uint32_t i = parent + 1; i < code[parent].end; i = code[i].end)
		if (str_eq(code[i].text, name))
			return i;
	return 0;
}

/* The parents that bring blocks, on the way from a page to here; the innermost comes first. */
struct parents {
	const struct template *t;
	uint32_t at;
	const struct parents *outer;
};

/* Who replaces the block `name`: of several, the one nearest to the page. NULL: nobody. */
static inline const struct parents *block_source(const struct parents *p, str name, uint32_t *block)
{
	const struct parents *found = NULL;
	for (uint32_t at; p; p = p->outer)
		if ((at = parent_block(p->t->code, p->at, name)) != 0) {
			found = p;
			*block = at;
		}
	return found;
}

/* Compiles `text` into `t`, whose name and file are set; INVALID with `why`. Arena memory. */
error template_parse(
    struct template *t, str text, struct arena *arena, char why[TEMPLATE_WHY]) MUST_CHECK;

/* The inside of a tag without white space around it and '|', and with one space elsewhere. */
str expression_normal(str text, struct arena *arena);
/* Parses that form, "a.b|filter 'x' c"; NULL with `why` saying what is wrong, without a place. */
const struct expression *expression_parse(str text, struct arena *arena, char why[TEMPLATE_WHY]);

#define VALUE_TEXT 40
/* A value as text: `scratch` holds a number's; otherwise it lives as long as the value. */
str value_text(struct json_object *value, char scratch[VALUE_TEXT]);
/* Whether a section shows its body. */
bool value_true(struct json_object *value);
