/*
 * filters_program.c: what a program calls itself in its User-Agent, as a person would call it:
 * "Chrome on Linux". Nobody's rights hang on it: a program may call itself what it likes. Tests:
 * tests/unit/filters_test.c
 */
#include "filters.h"

struct mark {
	const char *mark, *name;
};

/* The first that is there: Edge also calls itself Chrome, and Chrome also Safari. */
static const struct mark programs[] = {
	{ "Edg/", "Edge" },
	{ "EdgA/", "Edge" },
	{ "EdgiOS/", "Edge" },
	{ "OPR/", "Opera" },
	{ "SamsungBrowser/", "Samsung Internet" },
	{ "Vivaldi/", "Vivaldi" },
	{ "FxiOS/", "Firefox" },
	{ "Firefox/", "Firefox" },
	{ "CriOS/", "Chrome" },
	{ "Chrome/", "Chrome" },
	{ "Safari/", "Safari" },
	{ "curl/", "curl" },
};
/* An iPad asks for a Mac's pages, Android is a Linux. */
static const struct mark systems[] = {
	{ "iPhone", "iPhone" },
	{ "iPad", "iPad" },
	{ "Android", "Android" },
	{ "Windows", "Windows" },
	{ "CrOS", "ChromeOS" },
	{ "Mac OS X", "macOS" },
	{ "Macintosh", "macOS" },
	{ "Linux", "Linux" },
};

static const char *name_in(str text, const struct mark *marks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text.n && memmem(text.p, text.n, marks[i].mark, strlen(marks[i].mark)))
			return marks[i].name;
	return NULL;
}

/* Of a program that is not known, the text itself. */
FILTER(program)
{
	str text = filter_text(arena, value);
	const char *program = name_in(text, programs, sizeof programs / sizeof *programs);
	const char *system = name_in(text, systems, sizeof systems / sizeof *systems);
	struct buf b = { 0 };
	if (!program) {
		buf_str(&b, text);
	} else {
		buf_text(&b, program);
		if (system)
			buf_printf(&b, " on %s", system);
	}
	return filter_made(&b);
}
