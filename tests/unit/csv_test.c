/* layers: base http db core */
/* Rows out of separated values: core/csv.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "core/charset.h"
#include "core/csv.h"
#include "in_arena.h"

#define DATA "../shared/data/"

/* All rows, as "a|b|c / d|e|f", a bad one as "!line"; the guess of the delimiter first: ",: a|b".
 */
static const char *rows_of(str text, char delimiter)
{
	static struct csv c;
	static char out[4096];
	struct csv_row row;
	size_t n = 0;
	csv_open(&c, text, delimiter);
	n += (size_t)snprintf(out, sizeof(out), "%c:", c.delimiter == '\t' ? 't' : c.delimiter);
	for (enum csv_step step; (step = csv_next(&c, a, &row)) != CSV_END;) {
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s", n > 2 ? " / " : " ");
		if (step == CSV_BAD)
			n += (size_t)snprintf(out + n, sizeof(out) - n, "!%zu", row.line);
		for (size_t i = 0; step == CSV_ROW && i < row.n; i++)
			n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%.*s", i ? "|" : "",
			    (int)row.cells[i].n, row.cells[i].p);
	}
	assert_int_equal(csv_next(&c, a, &row), CSV_END);
	return out;
}

#define EXPECT(text, delimiter, rows) assert_string_equal(rows_of(STR(text), delimiter), rows)

static void rows_end_in_lf_crlf_or_cr_and_the_last_may_lack_it(void **state)
{
	(void)state;
	EXPECT("a,b\nc,d\n", ',', ",: a|b / c|d");
	EXPECT("a,b\r\nc,d", ',', ",: a|b / c|d");
	EXPECT("a,b\rc,d\r", ',', ",: a|b / c|d");
	EXPECT("a,b\r\r\nc,d\r", ',', ",: a|b / c|d");
	EXPECT("a,b\rc\nd,e\n", ',', ",: a|b\rc / d|e");
	EXPECT("", ',', ",:");
}

static void quotes_hold_delimiters_line_ends_and_doubled_quotes(void **state)
{
	(void)state;
	EXPECT("\"a,\"\"b\"\"\",\"c\nd\"\n\"\",e", ',', ",: a,\"b\"|c\nd / |e");
	EXPECT("\"\"\"\",\"\"\n", ',', ",: \"|");
	EXPECT("a,\"b\"", ',', ",: a|b");
}

static void what_programs_write_instead_of_rfc_4180_is_tolerated(void **state)
{
	(void)state;
	EXPECT("5\" pipe,a \"b\" c\n", ',', ",: 5\" pipe|a \"b\" c");
	EXPECT("a, \"b, c\" ,d\n", ',', ",: a|b, c |d");
	EXPECT("\"Acme\" Inc,x\n", ',', ",: Acme Inc|x");
	EXPECT("\"a\"\"b\" c,x\r\n", ',', ",: a\"b c|x");
	EXPECT("a,b,\nc\n,,d,e\n", ',', ",: a|b| / c / ||d|e");
}

static void rows_without_any_text_are_skipped(void **state)
{
	(void)state;
	EXPECT("\n\na,b\n\n,,\n\"\", \nc,d\n\n", ',', ",: a|b / c|d");
}

static void a_row_knows_the_line_in_which_it_starts(void **state)
{
	(void)state;
	static struct csv c;
	struct csv_row row;
	csv_open(&c, STR("a\n\n\"b\r\nb\"\r\n\nc"), ',');
	static const size_t lines[] = { 1, 3, 6 };
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(csv_next(&c, a, &row), CSV_ROW);
		assert_int_equal(row.line, lines[i]);
	}
}

static const char *first_fault(str text)
{
	static struct csv c;
	struct csv_row row;
	csv_open(&c, text, ',');
	for (enum csv_step step; (step = csv_next(&c, a, &row)) != CSV_END;)
		if (step == CSV_BAD)
			return c.why;
	return "none";
}

static void an_unclosed_quote_is_named_and_costs_one_line(void **state)
{
	(void)state;
	EXPECT("a,b\nc,\"d\ne,f\ng,h\n", ',', ",: a|b / !2 / e|f / g|h");
	EXPECT("a\n\"b\n", ',', ",: a / !2");
	EXPECT("\"", ',', ",: !1");
	assert_string_equal(first_fault(STR("a,b\nc,\"d\ne,f\n")),
	    "There is an unclosed quote that starts in line 2, column 2.");
}

static str repeated(const char *before, char c, size_t n, const char *after)
{
	static struct buf b;
	buf_clear(&b);
	buf_text(&b, before);
	for (size_t i = 0; i < n; i++)
		buf_char(&b, c);
	buf_text(&b, after);
	return (str) { arena_text(a, b.p, b.n), b.n };
}

static void limits_are_said_with_the_line(void **state)
{
	(void)state;
	assert_string_equal(first_fault(repeated("x\n", ',', CSV_COLUMNS - 1, "\nz")), "none");
	assert_string_equal(first_fault(repeated("x\na", ',', CSV_COLUMNS, "\nz")),
	    "The row in line 2 has more than 500 columns.");
	assert_string_equal(first_fault(repeated("x\n", 'y', CSV_CELL, "\nz")), "none");
	assert_string_equal(first_fault(repeated("x\n", 'y', CSV_CELL + 1, "\nz")),
	    "The cell in line 2, column 1, is longer than 64 KiB.");
	assert_string_equal(first_fault(repeated("x\n\"", 'y', CSV_CELL, "\"\nz")), "none");
	assert_string_equal(first_fault(repeated("x\n\"y\"", 'y', CSV_CELL, "\nz")),
	    "The cell in line 2, column 1, is longer than 64 KiB.");
	assert_string_equal(first_fault(repeated("x\n\"", 'y', CSV_CELL + 1, "\"\nz")),
	    "The cell that starts in line 2, column 1, is longer than 64 KiB. Perhaps its quote is "
	    "never closed.");
	str text = repeated("a\n\"", '\n', CSV_CELL + 5, "b\n");
	assert_string_equal(rows_of(text, ','), ",: a / !2 / b");
}

static void the_delimiter_is_guessed_from_the_first_rows(void **state)
{
	(void)state;
	EXPECT("a;b\n1,5;2,5\n", 0, ";: a|b / 1,5|2,5");
	EXPECT("a\tb\n1\t2\n", 0, "t: a|b / 1|2");
	EXPECT("a|b\n1|2\n", 0, "|: a|b / 1|2");
	EXPECT("a,b\n\"1;2;3\",2\n\"1;2;3\",2\n", 0, ",: a|b / 1;2;3|2 / 1;2;3|2");
	EXPECT("name,note\nA,\"x;\n;y\"\nB,z;z;z\n", 0, ",: name|note / A|x;\n;y / B|z;z;z");
	EXPECT("Name;City\nDoe, John;Rome\nRoe, Jane;Bonn\n", 0,
	    ";: Name|City / Doe, John|Rome / Roe, Jane|Bonn");
	EXPECT("1,1,1\n2\t2\n3\t3\n4\t4\n", 0, "t: 1,1,1 / 2|2 / 3|3 / 4|4");
	EXPECT("email\na@b.c\n", 0, ",: email / a@b.c");
	EXPECT("", 0, ",:");
}

static void excels_line_with_the_delimiter_is_read_and_left_out(void **state)
{
	(void)state;
	EXPECT("sep=;\r\na;b\r\n", 0, ";: a|b");
	EXPECT("sep=\t\r\na\tb\r\n", 0, "t: a|b");
	EXPECT("sep=;\na,b\n", ',', ",: a|b");
	EXPECT("sep=x,b\n", 0, ",: sep=x|b");
}

static bool header_likely(str text)
{
	static struct csv c;
	static struct csv_row rows[20];
	size_t n = 0;
	csv_open(&c, text, 0);
	while (n < 20 && csv_next(&c, a, &rows[n]) == CSV_ROW)
		n++;
	return csv_header_likely(rows, n);
}

static void a_first_row_with_data_is_no_header(void **state)
{
	(void)state;
	assert_true(header_likely(STR("name,E-mail 1 - Value\nA,a@b.c\n")));
	assert_true(header_likely(STR("name,\nA,B\n")));
	assert_false(header_likely(STR("Ann,a@b.c\nBob,b@b.c\n")));
	assert_false(header_likely(STR("Ann,17\nBob,18\n")));
	assert_false(header_likely(STR("Ann,2020-01-05\n")));
	assert_false(header_likely(STR("Ann,https://a.example\n")));
	assert_false(header_likely(STR("Ann,Central\nBob,Central\n")));
	assert_false(header_likely(STR("")));
}

static void cells_of_short_rows_are_empty(void **state)
{
	(void)state;
	struct csv_row row = { (str[]) { STR(" a "), STR("b") }, 2, 1 };
	assert_true(str_is(csv_cell(&row, 0), "a"));
	assert_true(str_is(csv_cell(&row, 2), ""));
	assert_false(str_none(csv_cell(&row, 2)));
}

static str file_text(const char *path)
{
	FILE *f = fopen(path, "rb");
	if (!f) {
		print_message("skipped, not here: %s\n", path);
		return (str) { NULL, 0 };
	}
	char *bytes = arena_alloc(a, 4 << 20);
	size_t n = fread(bytes, 1, 4 << 20, f);
	fclose(f);
	struct buf *b = ARENA_NEW(a, struct buf);
	struct charset_text t;
	const char *why;
	assert_true(charset_read(b, (str) { bytes, n }, CHARSET_GUESS, &t, &why));
	str text = { arena_text(a, t.text.p, t.text.n), t.text.n };
	buf_free(b);
	return text;
}

static void all_rows_of_real_files_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *path;
		char delimiter;
		size_t rows, columns; /* columns of the header */
		bool header;
	} files[] = {
		{ DATA "crm-sales/iso/sales_pipeline.csv", ',', 8801, 8, true },
		{ DATA "crm-sales/us-dates/sales_pipeline.csv", ',', 8801, 8, true },
		{ DATA "crm-sales/dmy-crlf/sales_pipeline.csv", ',', 8801, 10, true },
		{ DATA "crm-sales/iso/accounts.csv", ',', 86, 7, true },
		{ DATA "crm-sales/dmy-crlf/sales_teams.csv", ',', 36, 3, true },
		{ DATA "crm-sales/dmy-crlf/products.csv", ',', 8, 3, true },
		{ DATA "contacts/customers-10000.csv", ',', 10001, 12, true },
		{ DATA "contacts/thunderbird/basic_csv_addressbook.csv", ',', 3, 37, true },
		{ DATA "contacts/thunderbird/basic_addressbook.csv", ',', 2, 38, true },
		{ DATA "contacts/thunderbird/utf16_addressbook.csv", ',', 2, 38, true },
		{ DATA "contacts/thunderbird/shiftjis_addressbook.csv", ',', 2, 38, true },
		{ DATA "contacts/thunderbird/csv_semicolon.csv", ';', 3, 4, true },
		{ DATA "contacts/thunderbird/csv_no_header.csv", ',', 2, 4, false },
		{ DATA "contacts/thunderbird/tab_comma_mixed.csv", '\t', 4, 1, false },
		{ DATA "contacts/thunderbird/quote.csv", ',', 2, 37, true },
		{ DATA "contacts/roundcube/Csv2vcard/gmail.csv", ',', 2, 81, true },
		{ DATA "contacts/roundcube/Csv2vcard/outlook.csv", ',', 2, 3, true },
		{ DATA "contacts/roundcube/Csv2vcard/tb_plain.csv", ',', 2, 38, true },
		{ DATA "contacts/roundcube/Csv2vcard/email.csv", ',', 5, 1, true },
	};
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		static struct csv c;
		static struct csv_row rows[20000];
		size_t n = 0;
		str text = file_text(files[i].path);
		if (str_none(text))
			continue;
		int64_t before = clock_monotonic_us();
		csv_open(&c, text, 0);
		for (enum csv_step step; (step = csv_next(&c, a, &rows[n])) != CSV_END; n++)
			assert_int_equal(step, CSV_ROW);
		if (n > 5000)
			print_message("%s: %zu rows in %ld us\n", files[i].path, n,
			    (long)(clock_monotonic_us() - before));
		if (n != files[i].rows || rows[0].n != files[i].columns ||
		    c.delimiter != files[i].delimiter ||
		    csv_header_likely(rows, n < 20 ? n : 20) != files[i].header)
			fail_msg("%s: %zu rows, %zu columns, delimiter %d", files[i].path, n,
			    rows[0].n, c.delimiter);
		for (size_t r = 1; n > 5000 && r < n; r++)
			assert_int_equal(rows[r].n, rows[0].n);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rows_end_in_lf_crlf_or_cr_and_the_last_may_lack_it),
		TEST(quotes_hold_delimiters_line_ends_and_doubled_quotes),
		TEST(what_programs_write_instead_of_rfc_4180_is_tolerated),
		TEST(rows_without_any_text_are_skipped),
		TEST(a_row_knows_the_line_in_which_it_starts),
		TEST(an_unclosed_quote_is_named_and_costs_one_line),
		TEST(limits_are_said_with_the_line),
		TEST(the_delimiter_is_guessed_from_the_first_rows),
		TEST(excels_line_with_the_delimiter_is_read_and_left_out),
		TEST(a_first_row_with_data_is_no_header),
		TEST(cells_of_short_rows_are_empty),
		TEST(all_rows_of_real_files_are_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
