/*
 * csv.c: the reader of separated values. A row is scanned once; a table of 256 bytes says where a
 * cell without quotes may end. The delimiter is guessed by reading the first rows with each
 * candidate, with this same reader, so that quotes count in the guess as they do later.
 */
#include <assert.h>

#include "core/csv.h"

#define SAMPLE_ROWS 50
#define SAMPLE_BYTES 65536

static bool ends_line(const struct csv *c, const char *p)
{
	return *p == '\n' || (c->lone_cr && *p == '\r');
}

static void set_delimiter(struct csv *c, char delimiter)
{
	c->delimiter = delimiter;
	memset(c->stops, 0, sizeof(c->stops));
	c->stops[(unsigned char)delimiter] = true;
	c->stops['\n'] = true;
	c->stops['\r'] = c->lone_cr;
}

enum fault { FINE, MANY, LONG, LONG_QUOTED, UNCLOSED };

/* What scanning a row came to. A fault keeps the first sentence's parts and where to go on. */
struct scan {
	size_t n, line; /* cells so far; the line that p is in */
	const char *p;
	enum fault fault;
	size_t fault_line, fault_cell;
	const char *resume; /* for the faults of a quote: the line behind the one where it opens */
};

static const char *line_after(const struct csv *c, const char *p)
{
	while (p < c->end && !ends_line(c, p))
		p++;
	return p < c->end ? p + 1 : p;
}

/* The text of a cell in quotes that has doubled quotes inside or text behind them. */
static str unquoted(struct arena *a, str inside, str behind)
{
	char *text = arena_alloc(a, inside.n + behind.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < inside.n; i++) {
		text[n++] = inside.p[i];
		i += inside.p[i] == '"'; /* the second of a pair */
	}
	memcpy(text + n, behind.p, behind.n);
	return (str) { text, n + behind.n };
}

static str plain_cell(const struct csv *c, struct scan *s)
{
	const char *from = s->p;
	while (s->p < c->end && !c->stops[(unsigned char)*s->p])
		s->p++;
	size_t n = (size_t)(s->p - from);
	while (n > 0 && from[n - 1] == '\r' && (s->p == c->end || *s->p == '\n'))
		n--;
	return (str) { from, n };
}

static str fault(struct scan *s, enum fault kind, size_t line)
{
	if (s->fault == FINE) {
		s->fault = kind;
		s->fault_line = line;
		s->fault_cell = s->n + 1;
	}
	return STR("");
}

static str quoted_cell(const struct csv *c, struct arena *a, struct scan *s)
{
	const char *open = s->p++, *from = s->p, *limit = c->end;
	size_t opened = s->line, doubled = 0;
	if ((size_t)(limit - from) > CSV_CELL)
		limit = from + CSV_CELL + 1;
	for (; s->p < limit; s->p++) {
		if (*s->p == '"') {
			if (s->p + 1 >= c->end || s->p[1] != '"')
				break;
			doubled++;
			s->p++;
		} else if (ends_line(c, s->p)) {
			s->line++;
		}
	}
	if (s->p >= limit) {
		s->resume = line_after(c, open);
		s->line = opened + 1;
		return fault(s, limit == c->end ? UNCLOSED : LONG_QUOTED, opened);
	}
	str inside = { from, (size_t)(s->p - from) };
	s->p++;
	str behind = plain_cell(c, s);
	if (inside.n + behind.n > CSV_CELL)
		return fault(s, LONG, opened);
	return doubled || behind.n ? unquoted(a, inside, behind) : inside;
}

static str read_cell(const struct csv *c, struct arena *a, struct scan *s)
{
	const char *p = s->p;
	while (p < c->end && *p == ' ')
		p++;
	if (p < c->end && *p == '"') {
		s->p = p;
		return quoted_cell(c, a, s);
	}
	str cell = plain_cell(c, s);
	return cell.n > CSV_CELL ? fault(s, LONG, s->line) : cell;
}

static void scan_row(struct csv *c, struct arena *a, struct scan *s)
{
	for (;;) {
		str cell = read_cell(c, a, s);
		if (s->resume)
			return;
		if (s->n == CSV_COLUMNS)
			fault(s, MANY, s->line);
		else
			c->row[s->n++] = cell;
		if (s->p == c->end)
			return;
		bool more = *s->p++ == c->delimiter;
		if (!more) {
			s->line++;
			return;
		}
	}
}

static const char *sentence(struct arena *a, const struct scan *s)
{
	switch (s->fault) {
	case MANY:
		return arena_printf(
		    a, "The row in line %zu has more than %d columns.", s->fault_line, CSV_COLUMNS);
	case LONG:
		return arena_printf(a, "The cell in line %zu, column %zu, is longer than %zu KiB.",
		    s->fault_line, s->fault_cell, CSV_CELL / 1024);
	case LONG_QUOTED:
		return arena_printf(a,
		    "The cell that starts in line %zu, column %zu, is longer than %zu KiB. Perhaps "
		    "its "
		    "quote is never closed.",
		    s->fault_line, s->fault_cell, CSV_CELL / 1024);
	case UNCLOSED:
		return arena_printf(a,
		    "There is an unclosed quote that starts in line %zu, column %zu.",
		    s->fault_line, s->fault_cell);
	case FINE: break;
	}
	return NULL;
}

static bool row_empty(const struct csv *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c->row[i].n && str_trim(c->row[i]).n)
			return false;
	return true;
}

enum csv_step csv_next(struct csv *c, struct arena *a, struct csv_row *row)
{
	while (c->next < c->end) {
		struct scan s = { .line = c->line, .p = c->next };
		size_t line = c->line;
		scan_row(c, a, &s);
		c->next = s.resume ? s.resume : s.p;
		c->line = s.line;
		if (s.fault != FINE) {
			*row = (struct csv_row) { NULL, 0, line };
			c->why = sentence(a, &s);
			return CSV_BAD;
		}
		if (row_empty(c, s.n))
			continue;
		str *cells = ARENA_ARRAY(a, s.n, str);
		memcpy(cells, c->row, s.n * sizeof(str));
		*row = (struct csv_row) { cells, s.n, line };
		return CSV_ROW;
	}
	return CSV_END;
}

/* How well the delimiter divides the first rows: the share of rows that have the most frequent
 * number of cells, in thousandths, less a tenth when the first row is not among them; 0 for one
 * column. */
static unsigned delimiter_score(struct csv *c, char delimiter, size_t *columns)
{
	size_t widths[SAMPLE_ROWS], n = 0, best = 0;
	const char *start = c->next;
	set_delimiter(c, delimiter);
	struct arena *a = arena_new();
	struct csv_row row;
	for (enum csv_step step; n < SAMPLE_ROWS && c->next - start < SAMPLE_BYTES;) {
		step = csv_next(c, a, &row);
		if (step == CSV_END)
			break;
		if (step == CSV_ROW)
			widths[n++] = row.n;
	}
	arena_free(a);
	c->next = start;
	c->line = 1;
	*columns = 1;
	for (size_t i = 0; i < n; i++) {
		size_t same = 0;
		for (size_t j = 0; j < n; j++)
			same += widths[j] == widths[i];
		if (same > best || (same == best && widths[i] > *columns)) {
			best = same;
			*columns = widths[i];
		}
	}
	if (n == 0 || *columns == 1)
		return 0;
	return (unsigned)(1000 * best / n) - (widths[0] == *columns ? 0 : 100);
}

/* At the same score more columns win, then the earlier here: commas stand in names and amounts. */
static const char candidates[] = { '\t', ';', '|', ',' };

static char guess_delimiter(struct csv *c)
{
	char best = ',';
	unsigned best_score = 0;
	size_t best_columns = 1;
	for (size_t i = 0; i < sizeof(candidates); i++) {
		size_t columns;
		unsigned score = delimiter_score(c, candidates[i], &columns);
		if (score > best_score || (score == best_score && columns > best_columns)) {
			best = candidates[i];
			best_score = score;
			best_columns = columns;
		}
	}
	return best;
}

/* The line "sep=;" that Excel reads and does not show. */
static char said_delimiter(struct csv *c)
{
	const char *p = c->next;
	if (c->end - p < 5 || memcmp(p, "sep=", 4) != 0 ||
	    !memchr(candidates, p[4], sizeof(candidates)))
		return 0;
	const char *after = line_after(c, p);
	str line = str_trim((str) { p, (size_t)(after - p) });
	if (line.n > 5) /* a trimmed tab leaves four */
		return 0;
	char said = p[4];
	c->next = after;
	c->line++;
	return said;
}

void csv_open(struct csv *c, str text, char delimiter)
{
	const char *start = text.n ? text.p : "";
	c->next = start;
	c->end = start + text.n;
	c->line = 1;
	c->why = NULL;
	c->lone_cr = text.n && !memchr(text.p, '\n', text.n) && memchr(text.p, '\r', text.n);
	char said = said_delimiter(c);
	if (!delimiter)
		delimiter = said ? said : guess_delimiter(c);
	assert(delimiter != '"' && delimiter != '\n' && delimiter != '\r');
	set_delimiter(c, delimiter);
}

str csv_cell(const struct csv_row *row, size_t i)
{
	return i < row->n ? str_trim(row->cells[i]) : STR("");
}

/* A value that no one gives a column as its name. */
static bool is_data(str cell)
{
	size_t digits = 0, letters = 0;
	for (size_t i = 0; i < cell.n; i++) {
		unsigned char c = (unsigned char)cell.p[i];
		digits += c >= '0' && c <= '9';
		letters += (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
		letters += c >= 0x80;
		if (c == '@' && i > 0 && i + 1 < cell.n)
			return true;
	}
	return str_starts(cell, "http://") || str_starts(cell, "https://") ||
	       str_starts(cell, "www.") || (digits && !letters);
}

static bool stands_below(const struct csv_row *rows, size_t n, size_t column, str name)
{
	for (size_t r = 1; r < n; r++)
		if (str_eq(csv_cell(&rows[r], column), name))
			return true;
	return false;
}

bool csv_header_likely(const struct csv_row *rows, size_t n)
{
	size_t named = 0, repeated = 0;
	if (n == 0)
		return false;
	for (size_t i = 0; i < rows[0].n; i++) {
		str name = csv_cell(&rows[0], i);
		if (is_data(name))
			return false;
		if (name.n > 0) {
			named++;
			repeated += stands_below(rows, n, i, name);
		}
	}
	return repeated == 0 || 2 * repeated < named;
}
