/*
 * csv.h: rows out of a text with separated values: RFC 4180, and what real programs write instead.
 * Reads one row after the other from text that stays where it is; a cell is a view into it unless
 * quotes inside had to be undone. Types and columns are loose.h and header_guess.h; the charset is
 * charset.h. Tests: tests/unit/csv_test.c, tests/fuzz/csv_fuzz.c.
 */
#pragma once
#include "base/arena.h"
#include "base/value.h"

#define CSV_COLUMNS 500          /* cells of one row */
#define CSV_CELL ((size_t)65536) /* bytes of one cell, as written */

struct csv_row {
	const str *cells; /* as written, without the quotes; not trimmed; never none */
	size_t n;
	size_t
	    line; /* where the row starts, from 1, in lines of the file (a cell may span several) */
};

struct csv {
	char delimiter;   /* , ; | or a tab; what was guessed or given */
	bool lone_cr;     /* lines end in CR alone (no LF in the whole text) */
	const char *next; /* where the next row starts */
	const char *end;
	size_t line;     /* the line of `next` */
	const char *why; /* after CSV_BAD: a sentence for people, in the arena */
	bool stops[256]; /* bytes that may end a cell without quotes */
	str row[CSV_COLUMNS];
};

enum csv_step { CSV_ROW, CSV_BAD, CSV_END };

/*
 * Begins to read `text` (UTF-8 without byte order mark; it must outlive the rows). `delimiter` 0
 * guesses: a first line "sep=;" as Excel understands it says so; else that of , ; tab | which gives
 * the most rows of the first fifty the same number of cells, quotes respected. A text of one column
 * gets the comma.
 */
void csv_open(struct csv *c, str text, char delimiter);

/*
 * The next row, with its cells in the arena. CSV_BAD is a row that cannot be read: row->line and
 * c->why say where and why, and reading goes on behind it, so that one stray quote does not cost
 * the rest of the file. After CSV_END every further call is CSV_END.
 *
 * Tolerated: LF, CRLF, CR; no line end at the end; rows of different length; text before or behind
 * the quotes of a cell; spaces before a quote; a quote in the middle of a cell (it is itself). A
 * row without any text, as spreadsheets append them by the hundred, is skipped.
 */
enum csv_step csv_next(struct csv *c, struct arena *a, struct csv_row *row);

/* The i-th cell, trimmed; empty when the row is shorter. */
str csv_cell(const struct csv_row *row, size_t i);

/*
 * Whether the first of these rows looks like names of columns: false when one of its cells is a
 * number, a date in digits, an e-mail or web address, or when half of them stand again in the same
 * column below. When nothing speaks against it, a table has a header.
 */
bool csv_header_likely(const struct csv_row *rows, size_t n);
