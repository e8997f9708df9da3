/*
 * lex.c: SQL text to tokens, for both the schema and the queries. It knows words, numbers,
 * strings, comments and :inputs, and refuses what would let text hide from the checks: double
 * quotes, executable comments, `#` comments, user variables, bare `?`.
 */
#include "gen.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct lexer {
	struct gen *g;
	struct source *src;
	const char *at;
	unsigned line;
	bool space;
};

static bool word_char(char c) { return isalnum((unsigned char)c) || c == '_'; }

static void token_push(struct lexer *lx, enum token_kind kind, const char *raw, const char *text)
{
	struct source *src = lx->src;
	char *as_is = gen_text(lx->g, raw, (size_t)(lx->at - raw));
	struct token *t = &PUSH(lx->g, src->v, src->n);
	*t = (struct token) { .kind = kind,
		.space = lx->space,
		.line = lx->line,
		.raw = as_is,
		.text = text ? text : as_is };
	lx->space = false;
}

static void lex_string(struct lexer *lx)
{
	const char *raw = lx->at++;
	unsigned line = lx->line;
	char *out = gen_alloc(lx->g, strlen(raw) + 1);
	size_t n = 0;
	for (;; lx->at++) {
		char c = *lx->at;
		if (c == 0)
			refuse(lx->src->path, line, "a string that does not end");
		if (c == '\n')
			refuse(lx->src->path, line, "a string must end on its line");
		if (c == '\'') {
			if (lx->at[1] != '\'')
				break;
			lx->at++;
		} else if (c == '\\' && lx->at[1] != 0) {
			c = *++lx->at;
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
		}
		out[n++] = c;
	}
	lx->at++;
	token_push(lx, TOKEN_STRING, raw, out);
}

static void lex_word(struct lexer *lx)
{
	const char *raw = lx->at;
	while (word_char(*lx->at))
		lx->at++;
	char *lower = gen_text(lx->g, raw, (size_t)(lx->at - raw));
	for (char *p = lower; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	token_push(lx, TOKEN_WORD, raw, lower);
}

static void lex_quoted(struct lexer *lx)
{
	const char *raw = lx->at++;
	while (word_char(*lx->at))
		lx->at++;
	if (*lx->at != '`' || lx->at == raw + 1)
		refuse(lx->src->path, lx->line, "a name has letters, digits and _ only");
	char *name = gen_text(lx->g, raw + 1, (size_t)(lx->at - raw - 1));
	lx->at++;
	token_push(lx, TOKEN_WORD, raw, name);
	lx->src->v[lx->src->n - 1].quoted = true;
}

static void lex_number(struct lexer *lx)
{
	const char *raw = lx->at;
	while (word_char(*lx->at) || (*lx->at == '.' && isdigit((unsigned char)lx->at[1])))
		lx->at++;
	token_push(lx, TOKEN_NUMBER, raw, NULL);
}

static void lex_comment(struct lexer *lx)
{
	struct source *src = lx->src;
	const char *end = lx->at + strcspn(lx->at, "\n"), *text = lx->at + 2;
	if (*text != 0 && !isspace((unsigned char)*text))
		refuse(src->path, lx->line, "`--` needs a space after it");
	lx->at = end;
	while (text < end && isspace((unsigned char)*text))
		text++;
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	PUSH(lx->g, src->comments, src->n_comments) =
	    (struct comment) { gen_text(lx->g, text, (size_t)(end - text)), lx->line, src->n };
	lx->space = true;
}

static void lex_block_comment(struct lexer *lx)
{
	if (lx->at[2] == '!' || strncmp(lx->at + 2, "M!", 2) == 0)
		refuse(lx->src->path, lx->line, "a comment that the server would execute");
	const char *end = strstr(lx->at + 2, "*/");
	if (!end)
		refuse(lx->src->path, lx->line, "a comment that does not end");
	for (; lx->at < end; lx->at++)
		lx->line += *lx->at == '\n';
	lx->at = end + 2;
	lx->space = true;
}

static void lex_punct(struct lexer *lx)
{
	static const char *const pairs[] = { "<=", ">=", "<>", "!=", "||", "&&" };
	const char *raw = lx->at;
	if (*raw == '"')
		refuse(lx->src->path, lx->line,
		    "strings stand in single quotes, names without quotes");
	if (!strchr("(),;=<>+-*/%.!|&~", *raw))
		refuse(lx->src->path, lx->line, "`%c` is not understood", *raw);
	lx->at++;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (strncmp(raw, pairs[i], 2) == 0)
			lx->at = raw + 2;
	token_push(lx, TOKEN_PUNCT, raw, NULL);
}

static void lex_input(struct lexer *lx)
{
	const char *raw = lx->at++;
	if (!isalpha((unsigned char)*lx->at))
		refuse(lx->src->path, lx->line, "`:` without the name of an input");
	while (word_char(*lx->at))
		lx->at++;
	token_push(lx, TOKEN_INPUT, raw, gen_text(lx->g, raw + 1, (size_t)(lx->at - raw - 1)));
}

static void lex_all(struct lexer *lx)
{
	for (;;) {
		char c = *lx->at;
		if (c == 0)
			break;
		if (isspace((unsigned char)c)) {
			lx->line += c == '\n';
			lx->space = true;
			lx->at++;
		} else if (c == '-' && lx->at[1] == '-')
			lex_comment(lx);
		else if (c == '/' && lx->at[1] == '*')
			lex_block_comment(lx);
		else if (c == '\'')
			lex_string(lx);
		else if (c == '`')
			lex_quoted(lx);
		else if (c == ':')
			lex_input(lx);
		else if (isdigit((unsigned char)c))
			lex_number(lx);
		else if (word_char(c))
			lex_word(lx);
		else
			lex_punct(lx);
	}
	token_push(lx, TOKEN_END, lx->at, "the end of the file");
	lx->src->n--;
}

char *file_read(struct gen *g, const char *path)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		refuse(path, 0, "cannot be read");
	size_t n = 0, room = 1 << 16;
	char *text = gen_alloc(g, room);
	for (size_t got; (got = fread(text + n, 1, room - n - 1, f)) > 0;) {
		n += got;
		if (n + 1 < room)
			continue;
		char *more = gen_alloc(g, room * 2);
		memcpy(more, text, n);
		text = more;
		room *= 2;
	}
	if (ferror(f))
		refuse(path, 0, "cannot be read");
	fclose(f);
	text[n] = 0;
	if (strlen(text) != n)
		refuse(path, 0, "holds a NUL byte");
	return text;
}

struct source *source_read(struct gen *g, const char *path)
{
	struct source *src = gen_alloc(g, sizeof *src);
	*src = (struct source) { .path = path, .text = file_read(g, path) };
	struct lexer lx = { .g = g, .src = src, .at = src->text, .line = 1 };
	lex_all(&lx);
	return src;
}

bool token_is(const struct token *t, const char *text)
{
	return (t->kind == TOKEN_WORD || t->kind == TOKEN_PUNCT) && !t->quoted &&
	       strcmp(t->text, text) == 0;
}

bool name_ok(const char *name)
{
	if (!islower((unsigned char)*name) || strstr(name, "__") || name[strlen(name) - 1] == '_')
		return false;
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == 0;
}

/* Keywords, and the macros that a C compiler or <stdbool.h> brings along. */
bool name_reserved(const char *name)
{
	static const char *const words[] = { "auto", "break", "case", "char", "const", "continue",
		"default", "do", "double", "else", "enum", "extern", "float", "for", "goto", "if",
		"inline", "int", "long", "register", "restrict", "return", "short", "signed",
		"sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void",
		"volatile", "while", "asm", "typeof", "bool", "true", "false", "linux", "unix",
		"errno", "offsetof", "constexpr", "nullptr", "alignas", "alignof", "thread_local",
		"static_assert", "stdin", "stdout", "stderr", "assert" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(name, words[i]) == 0)
			return true;
	return false;
}

char *sql_join(struct gen *g, const struct token *from, const struct token *to)
{
	size_t n = 1;
	for (const struct token *t = from; t < to; t++)
		n += strlen(t->raw) + 1;
	char *out = gen_alloc(g, n), *p = out;
	for (const struct token *t = from; t < to; t++) {
		if (t->space && t > from)
			*p++ = ' ';
		p = stpcpy(p, t->raw);
	}
	return out;
}

const char *next_word(struct gen *g, const char **at)
{
	while (isspace((unsigned char)**at))
		++*at;
	const char *from = *at;
	while (**at && !isspace((unsigned char)**at))
		++*at;
	return *at == from ? NULL : gen_text(g, from, (size_t)(*at - from));
}

bool names_have(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->v[i], name) == 0)
			return true;
	return false;
}
