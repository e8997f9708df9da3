/*
 * marks.c: the comments of sql/schema. Each is text for people, which becomes the API's text, and
 * then marks: @owner, @read, @within contacts(contact_id). README.md has the list.
 */
#include "gen.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct mark_name {
	const char *name;
	unsigned mark;
};
static const struct mark_name column_marks[] = { { "@owner", M_OWNER }, { "@team", M_TEAM },
	{ "@title", M_TITLE }, { "@private", M_PRIVATE }, { "@read", M_READ },
	{ "@create", M_CREATE }, { "@required", M_REQUIRED }, { "@email", M_EMAIL },
	{ "@search", M_SEARCH }, { "@multiline", M_MULTILINE }, { "@subject", M_SUBJECT },
	{ "@min", M_MIN }, { "@max", M_MAX }, { "@optional", M_OPTIONAL }, { "@list", M_LIST },
	{ "@items", M_ITEMS }, { "@example", M_EXAMPLE }, { "@belongs", M_BELONGS },
	{ "@found", M_FOUND } };

/* Splits a comment at its first mark; *marks is "" when there is none. */
static const char *comment_text(struct gen *g, const char *comment, const char **marks)
{
	const char *at = comment;
	while (*at && !(*at == '@' && (at == comment || at[-1] == ' ')))
		at++;
	*marks = at;
	while (at > comment && at[-1] == ' ')
		at--;
	return gen_text(g, comment, (size_t)(at - comment));
}

static int64_t mark_number(
    const char *path, const struct column *c, const char *mark, const char *text)
{
	char *end = NULL;
	errno = 0;
	long long n = text ? strtoll(text, &end, 10) : 0;
	long long cents = 0;
	if (end && c->kind == K_DECIMAL) {
		n *= 100;
		if (end[0] == '.' && strspn(end + 1, "0123456789") == 2 && !end[3]) {
			cents = strtoll(end + 1, &end, 10);
			n += text[0] == '-' ? -cents : cents;
		}
	}
	if (!text || end == text || *end || errno)
		refuse(path, c->line, "%s needs a number", mark);
	return n;
}

void column_comment(struct gen *g, const char *path, struct column *c, const char *comment)
{
	const char *at, *word;
	c->doc = comment_text(g, comment, &at);
	unsigned mark = 0;
	while ((word = next_word(g, &at)) != NULL) {
		if (mark == M_ITEMS && *word != '@') {
			PUSH(g, c->items.v, c->items.n) = word;
			continue;
		}
		if (mark == M_FOUND && *word != '@') {
			PUSH(g, c->found.v, c->found.n) = word;
			continue;
		}
		if (mark == M_EXAMPLE && *word != '@') {
			c->example = c->example ? gen_format(g, "%s %s", c->example, word) : word;
			continue;
		}
		mark = 0;
		for (size_t i = 0; i < sizeof column_marks / sizeof *column_marks; i++)
			if (strcmp(word, column_marks[i].name) == 0)
				mark = column_marks[i].mark;
		if (!mark)
			refuse(path, c->line, "`%s` is not a mark of a column", word);
		if (c->marks & mark)
			refuse(path, c->line, "%s stands twice", word);
		c->marks |= mark;
		if (mark == M_SEARCH && *at && strchr("0123456789", at[strspn(at, " ")]))
			c->weight = mark_number(path, c, word, next_word(g, &at));
		if (mark == M_BELONGS) {
			c->group = next_word(g, &at);
			c->group_value = c->group ? next_word(g, &at) : NULL;
			if (!c->group_value)
				refuse(
				    path, c->line, "%s needs a column and one of its values", word);
		}
		if (mark == M_MIN)
			c->mark_min = mark_number(path, c, word, next_word(g, &at));
		if (mark == M_MAX)
			c->mark_max = mark_number(path, c, word, next_word(g, &at));
	}
}

static void within_mark(struct gen *g, struct table *t, const char *word)
{
	const char *open = strchr(word, '('), *close = open ? strchr(open, ')') : NULL;
	if (!close || close[1])
		refuse(t->path, t->line, "`%s`: @within takes table(column)", word);
	PUSH(g, t->parents, t->n_parents) =
	    (struct within) { .table = gen_text(g, word, (size_t)(open - word)),
		    .column = gen_text(g, open + 1, (size_t)(close - open - 1)) };
}

static int64_t table_number(const struct table *t, const char *mark, const char *text)
{
	char *end = NULL;
	long n = text ? strtol(text, &end, 10) : 0;
	if (!text || *end || n < 1 || n > 255)
		refuse(t->path, t->line, "%s needs a number from 1 to 255", mark);
	return n;
}

void table_comment(struct gen *g, struct table *t, const char *comment)
{
	const char *at, *word;
	bool within = false;
	t->doc = comment_text(g, comment, &at);
	while ((word = next_word(g, &at)) != NULL) {
		if (within && *word != '@') {
			within_mark(g, t, word);
			continue;
		}
		within = strcmp(word, "@within") == 0;
		const char **name = strcmp(word, "@noun") == 0     ? &t->noun
				    : strcmp(word, "@object") == 0 ? &t->object
								   : NULL;
		if (name && !(*name = next_word(g, &at)))
			refuse(t->path, t->line, "%s needs a word", word);
		bool searched = strcmp(word, "@searched") == 0;
		if (searched)
			t->searched = table_number(t, word, next_word(g, &at));
		if (strcmp(word, "@unlogged") == 0)
			t->unlogged = true;
		else if (strcmp(word, "@global") == 0)
			t->global = true;
		else if (!within && !name && !searched)
			refuse(t->path, t->line, "`%s` is not a mark of a table", word);
	}
}
