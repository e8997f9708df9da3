/*
 * mustache_parse.c: from a template's text to its instructions, in three steps: tokens (text is cut
 * at line ends), pairs of opening and closing tags, and then, knowing both, the white space that
 * goes away with a tag that stands alone on its line. What is inside a tag is
 * mustache_expression.c's. The rules that are not in the words of the specification, but in the
 * tests of ~inheritance, are at space_block(). Tests: tests/unit/mustache_test.c
 */
#include "mustache_code.h"
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#define NO_MATCH UINT32_MAX

/* Text or a tag; a tag's kind is its sigil, 'v' for {{name}} and '&' for {{{name}}} as well. */
struct token {
	char kind;            /* 't': text, at most one line of it */
	bool first;           /* in its line */
	bool blank, newline;  /* text: only white space; ends its line */
	bool gone;            /* text that does not reach the output */
	bool argument;        /* a block right inside a parent */
	bool own_line, fresh; /* see struct instruction; fresh: a FRESH_LINE follows */
	uint32_t line, match;
	str text;   /* the text, or what the tag holds in its normal form */
	str indent; /* white space in front, as it is in the file */
};

struct parser {
	struct template *t;
	struct arena *arena;
	char *why;
	str source;
	size_t at;
	uint32_t line;
	char open[32], close[34];
	struct buf tokens, code, pool;
	bool joins; /* text may be added to the last instruction */
};

static struct token *token(struct parser *p, size_t i)
{
	return (struct token *)(void *)p->tokens.p + i;
}

static size_t token_count(const struct parser *p) { return p->tokens.n / sizeof(struct token); }

static PRINTF_LIKE(3, 4) error refuse(struct parser *p, uint32_t line, const char *format, ...)
{
	int n = snprintf(p->why, TEMPLATE_WHY, "%s:%u: ", p->t->file, line);
	if (n < 0 || n >= TEMPLATE_WHY)
		return INVALID;
	va_list args;
	va_start(args, format);
	vsnprintf(p->why + n, (size_t)(TEMPLATE_WHY - n), format, args);
	va_end(args);
	return INVALID;
}

#define SHOWN(s) (int)((s).n < 60 ? (s).n : 60), (s).p

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

static size_t leading_blanks(str s)
{
	size_t n = 0;
	while (n < s.n && is_blank(s.p[n]))
		n++;
	return n;
}

/* ---- Tokens ---- */

static void add_token(struct parser *p, struct token t)
{
	size_t n = token_count(p);
	t.first = n == 0 || token(p, n - 1)->newline;
	t.match = NO_MATCH;
	t.indent = STR("");
	buf_add(&p->tokens, &t, sizeof t);
}

static void add_text(struct parser *p, str text)
{
	while (text.n) {
		const char *end = memchr(text.p, '\n', text.n);
		str line = { text.p, end ? (size_t)(end - text.p) + 1 : text.n };
		str rest = line;
		rest.n -= end != NULL;
		rest.n -= end && rest.n && rest.p[rest.n - 1] == '\r';
		struct token t = { .kind = 't', .line = p->line, .text = line };
		t.newline = end != NULL;
		t.blank = leading_blanks(rest) == rest.n;
		add_token(p, t);
		p->line += end != NULL;
		text.p += line.n;
		text.n -= line.n;
	}
}

static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t\r\n");
	size_t n = strcspn(word, " \t\r\n");
	*rest = word + n + (word[n] != 0);
	word[n] = 0;
	return word;
}

static bool set_delimiters(struct parser *p, str inside)
{
	char *rest = arena_text(p->arena, inside.p, inside.n);
	str open = str_of(next_word(&rest)), close = str_of(next_word(&rest));
	if (!close.n || *next_word(&rest) || memchr(inside.p, '=', inside.n) ||
	    open.n >= sizeof p->open || close.n >= sizeof p->open)
		return false;
	snprintf(p->open, sizeof p->open, "%.*s", (int)open.n, open.p);
	snprintf(p->close, sizeof p->close, "%.*s", (int)close.n, close.p);
	return true;
}

static error check_name(struct parser *p, char kind, str name, uint32_t line)
{
	if (!name.n)
		return refuse(p, line, "a tag without a name");
	if (strchr("><$", kind) && (memchr(name.p, ' ', name.n) || memchr(name.p, '|', name.n)))
		return refuse(p, line, "'%.*s' is not a name", SHOWN(name));
	return OK;
}

/* Reads the tag whose opening delimiter ends at p->at. */
static error read_tag(struct parser *p)
{
	char kind = p->at < p->source.n ? p->source.p[p->at] : 0, close[36];
	const char *sigil = kind ? strchr("#^/><$!=&{", kind) : NULL;
	str inside = { p->source.p + p->at + (sigil != NULL), 0 };
	const char *mirror = !sigil ? "" : kind == '{' ? "}" : kind == '=' ? "=" : "";
	snprintf(close, sizeof close, "%s%s", mirror, p->close);
	size_t left = (size_t)(p->source.p + p->source.n - inside.p);
	const char *end = memmem(inside.p, left, close, strlen(close));
	if (!end)
		return refuse(p, p->line, "the tag is not closed by '%s'", close);
	inside.n = (size_t)(end - inside.p);
	struct token t = { .kind = !sigil ? 'v' : kind == '{' ? '&' : kind, .line = p->line };
	p->at = (size_t)(end - p->source.p) + strlen(close);
	for (const char *c = inside.p; c < end; c++)
		p->line += *c == '\n';
	if (kind == '=' && !set_delimiters(p, inside))
		return refuse(p, t.line, "'=%.*s=' does not set two delimiters", SHOWN(inside));
	if (!sigil || !strchr("!=", kind)) {
		t.text = expression_normal(inside, p->arena);
		TRY(check_name(p, t.kind, t.text, t.line));
	}
	add_token(p, t);
	return OK;
}

static error read_tokens(struct parser *p)
{
	while (p->at < p->source.n) {
		str rest = { p->source.p + p->at, p->source.n - p->at };
		const char *tag = memmem(rest.p, rest.n, p->open, strlen(p->open));
		if (!tag) {
			add_text(p, rest);
			return OK;
		}
		add_text(p, (str) { rest.p, (size_t)(tag - rest.p) });
		p->at = (size_t)(tag - p->source.p) + strlen(p->open);
		TRY(read_tag(p));
	}
	return OK;
}

/* ---- Pairs ---- */

static error match_tokens(struct parser *p)
{
	uint32_t open[TEMPLATE_NESTING], depth = 0;
	for (uint32_t i = 0; i < token_count(p); i++) {
		struct token *t = token(p, i), *around = depth ? token(p, open[depth - 1]) : NULL;
		bool in_parent = around && around->kind == '<';
		if (in_parent && strchr("v&#^>", t->kind))
			return refuse(p, t->line,
			    "only {{$blocks}} have a meaning right inside {{<%.*s}}",
			    SHOWN(around->text));
		if (strchr("#^<$", t->kind)) {
			if (depth == TEMPLATE_NESTING)
				return refuse(p, t->line, "more than %d tags inside each other",
				    TEMPLATE_NESTING);
			t->argument = in_parent && t->kind == '$';
			open[depth++] = i;
		} else if (t->kind == '/') {
			if (!around)
				return refuse(
				    p, t->line, "{{/%.*s}} closes nothing", SHOWN(t->text));
			if (!str_eq(t->text, around->text))
				return refuse(p, t->line,
				    "{{/%.*s}} where {{%c%.*s}} of line %u is to be closed",
				    SHOWN(t->text), around->kind, SHOWN(around->text),
				    around->line);
			t->match = open[--depth];
			around->match = i;
		}
	}
	if (depth) {
		struct token *t = token(p, open[depth - 1]);
		return refuse(p, t->line, "{{%c%.*s}} is not closed", t->kind, SHOWN(t->text));
	}
	return OK;
}

/* ---- White space ---- */

static bool blank_before(struct parser *p, size_t i)
{
	return token(p, i)->first ||
	       (token(p, i - 1)->kind == 't' && token(p, i - 1)->blank && token(p, i - 1)->first);
}

static bool blank_after(struct parser *p, size_t i)
{
	if (i + 1 == token_count(p))
		return true;
	struct token *next = token(p, i + 1);
	return next->kind == 't' && next->blank && (next->newline || i + 2 == token_count(p));
}

static str drop_before(struct parser *p, size_t i)
{
	if (token(p, i)->first)
		return STR("");
	token(p, i - 1)->gone = true;
	return token(p, i - 1)->text;
}

static void drop_after(struct parser *p, size_t i)
{
	if (i + 1 < token_count(p))
		token(p, i + 1)->gone = true;
}

/* For a body that begins with a new line: the white space before the first thing in it. */
static bool body_indent(struct parser *p, size_t open, str *indent)
{
	size_t end = token(p, open)->match;
	for (size_t i = open + 2; i < end; i++) {
		struct token *t = token(p, i);
		if (t->kind != 't') {
			*indent = STR("");
			return true;
		}
		if (t->blank && (t->newline || i + 1 == end))
			continue;
		*indent = (str) { t->text.p, leading_blanks(t->text) };
		return true;
	}
	return false;
}

/*
 * A block is a place in a template, or, right inside a parent, what goes to such a place.
 * - What goes there loses the indentation of its first line, the place adds its own.
 * - The place's own is that of its default body when that begins with a new line, else what stands
 *   before the tag.
 * - A place alone on its line, {{$main}}{{/main}}, leaves nothing when it gets nothing, and else
 *   ends the line unless what it got did: bodies with and without a line end make whole lines.
 */
static void space_block(struct parser *p, size_t i)
{
	struct token *t = token(p, i);
	size_t end = t->match;
	bool before = blank_before(p, i), after = blank_after(p, i);
	if (t->argument) {
		if (after) {
			drop_after(p, i);
			body_indent(p, i, &t->indent);
		}
		if (blank_before(p, end))
			drop_before(p, end);
		return;
	}
	if (before) {
		t->indent = drop_before(p, i);
		t->own_line = !after;
	}
	if (before && after) {
		drop_after(p, i);
		body_indent(p, i, &t->indent);
	} else if (before && end == i + 1 && blank_after(p, end)) {
		drop_after(p, end);
		t->own_line = false; /* an empty default needs no white space in front */
		t->fresh = true;
	}
	if (blank_before(p, end) && blank_after(p, end)) {
		drop_before(p, end);
		drop_after(p, end);
	}
}

static void space_tokens(struct parser *p)
{
	for (size_t i = 0; i < token_count(p); i++) {
		struct token *t = token(p, i);
		size_t end = t->kind == '<' ? t->match : i;
		if (t->kind == '$')
			space_block(p, i);
		else if (t->kind == '/' && strchr("<$", token(p, t->match)->kind))
			continue;
		else if (strchr("#^/!=><", t->kind) && blank_before(p, i) && blank_after(p, end)) {
			t->own_line = true;
			t->indent = drop_before(p, i);
			drop_after(p, end);
		}
	}
}

/* ---- Instructions ---- */

static struct instruction *instruction(struct parser *p, size_t i)
{
	return (struct instruction *)(void *)p->code.p + i;
}

static uint32_t here(const struct parser *p)
{
	return (uint32_t)(p->code.n / sizeof(struct instruction));
}

static uint32_t emit(struct parser *p, struct instruction made)
{
	made.end = here(p) + 1;
	buf_add(&p->code, &made, sizeof made);
	p->joins = false;
	return here(p) - 1;
}

static str without(str text, str indent)
{
	size_t n = 0;
	while (n < text.n && n < indent.n && text.p[n] == indent.p[n])
		n++;
	return (str) { text.p + n, text.n - n };
}

static str keep(struct parser *p, str text)
{
	return (str) { arena_text(p->arena, text.p, text.n), text.n };
}

/* Text is gathered in the pool, which moves as it grows: finish() makes the pointers. */
static void emit_text(struct parser *p, const struct token *t, str dedent)
{
	str text = t->first ? without(t->text, dedent) : t->text;
	if (t->gone || !text.n)
		return;
	if (p->joins) {
		instruction(p, here(p) - 1)->text.n += text.n;
	} else {
		emit(p, (struct instruction) { .kind = TEXT, .line = t->line, .text.n = text.n });
		p->joins = true;
	}
	buf_str(&p->pool, text);
}

static uint32_t emit_named(
    struct parser *p, enum instruction_kind kind, const struct token *t, str indent)
{
	struct instruction made = { .kind = (uint8_t)kind, .line = t->line, .text = t->text };
	made.own_line = t->own_line;
	made.indent = indent;
	return emit(p, made);
}

static error emit_expression(struct parser *p, enum instruction_kind kind, const struct token *t)
{
	char why[TEMPLATE_WHY];
	const struct expression *x = expression_parse(t->text, p->arena, why);
	if (!x)
		return refuse(p, t->line, "%s", why);
	emit(p, (struct instruction) { .kind = (uint8_t)kind, .line = t->line, .value = x });
	return OK;
}

static error emit_tokens(struct parser *p, size_t from, size_t to, str dedent);

static error emit_body(struct parser *p, size_t open, str dedent)
{
	uint32_t owner = here(p) - 1;
	TRY(emit_tokens(p, open + 1, token(p, open)->match, dedent));
	instruction(p, owner)->end = here(p);
	p->joins = false;
	return OK;
}

static error emit_block(struct parser *p, size_t i, str dedent)
{
	struct token *t = token(p, i);
	str indent = t->argument ? STR("") : keep(p, without(t->indent, dedent));
	emit_named(p, BLOCK, t, indent);
	TRY(emit_body(p, i, t->argument ? t->indent : dedent));
	if (t->fresh)
		emit(p, (struct instruction) { .kind = FRESH_LINE, .line = t->line });
	return OK;
}

static error emit_call(struct parser *p, size_t i, str dedent)
{
	struct token *t = token(p, i);
	enum instruction_kind kind = t->kind == '<' ? PARENT : PARTIAL;
	uint32_t call = emit_named(p, kind, t, keep(p, without(t->indent, dedent)));
	for (size_t k = i + 1; t->kind == '<' && k < t->match; k++) {
		struct token *block = token(p, k);
		if (block->kind != '$')
			continue;
		if (parent_block(instruction(p, 0), call, block->text))
			return refuse(
			    p, block->line, "{{$%.*s}} is given twice", SHOWN(block->text));
		TRY(emit_block(p, k, dedent));
		instruction(p, call)->end = here(p);
		k = block->match;
	}
	return OK;
}

static error emit_tokens(struct parser *p, size_t from, size_t to, str dedent)
{
	for (size_t i = from; i < to; i++) {
		struct token *t = token(p, i);
		switch (t->kind) {
		case 't': emit_text(p, t, dedent); break;
		case 'v': TRY(emit_expression(p, VALUE, t)); break;
		case '&': TRY(emit_expression(p, RAW, t)); break;
		case '#':
		case '^':
			TRY(emit_expression(p, t->kind == '#' ? SECTION : INVERTED, t));
			TRY(emit_body(p, i, dedent));
			i = t->match;
			break;
		case '$':
			TRY(emit_block(p, i, dedent));
			i = t->match;
			break;
		case '>':
		case '<':
			TRY(emit_call(p, i, dedent));
			i = t->kind == '<' ? t->match : i;
			break;
		}
	}
	return OK;
}

static void finish(struct parser *p)
{
	const char *text = arena_text(p->arena, p->pool.p, p->pool.n);
	p->t->n = here(p);
	p->t->code = ARENA_ARRAY(p->arena, p->t->n, struct instruction);
	if (p->code.n)
		memcpy(p->t->code, p->code.p, p->code.n);
	for (uint32_t i = 0; i < p->t->n; i++) {
		struct instruction *o = &p->t->code[i];
		if (o->kind != TEXT)
			continue;
		o->text.p = text;
		text += o->text.n;
	}
}

static error parse(struct parser *p)
{
	if (p->source.n > TEMPLATE_SOURCE_MAX)
		return refuse(p, 1, "larger than %d bytes", TEMPLATE_SOURCE_MAX);
	TRY(read_tokens(p));
	TRY(match_tokens(p));
	space_tokens(p);
	TRY(emit_tokens(p, 0, token_count(p), STR("")));
	finish(p);
	return OK;
}

error template_parse(struct template *t, str text, struct arena *arena, char why[TEMPLATE_WHY])
{
	struct parser p = { .t = t, .arena = arena, .why = why, .source = text, .line = 1 };
	strcpy(p.open, "{{");
	strcpy(p.close, "}}");
	error e = parse(&p);
	buf_free(&p.tokens);
	buf_free(&p.code);
	buf_free(&p.pool);
	return e;
}
