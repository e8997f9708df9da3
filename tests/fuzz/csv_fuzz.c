/*
 * csv_fuzz.c: an uploaded file may be anything. Reads the bytes as an import does (charset, rows,
 * proposal of fields, values) and checks what must hold for any input. tests/unit/csv_fuzz_test.c
 * runs it for a moment with every build; for longer:
 *   clang -std=gnu17 -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined -Ifcgi-app \
 *     $(pkg-config --cflags json-c) tests/fuzz/csv_fuzz.c fcgi-app/base/X.c \
 *     fcgi-app/core/{charset,csv,loose,loose_date,header_guess,header_targets}.c \
 *     -ljson-c -lcrypto -lutf8proc -o /tmp/csv_fuzz && /tmp/csv_fuzz -max_total_time=60
 * with all sources of base for X.c.
 */
#include <assert.h>

#include "base/json.h"
#include "core/charset.h"
#include "core/header_guess.h"

#define SAMPLE 30

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void value_read(str cell)
{
	static const char *const owns[] = { "", "EUR" };
	struct date_style dates = date_style_guess(&cell, 1);
	struct number_style numbers = number_style_guess(&cell, 1);
	str items[4];
	day d;
	instant at;
	money m;
	int64_t n;
	if (loose_day(dates, cell, &d)) {
		char text[DAY_TEXT];
		day again;
		day_format(d, text);
		assert(loose_day(dates, str_of(text), &again) && again.days == d.days);
		assert(loose_instant(dates, cell, &at));
	}
	for (size_t i = 0; i < 2; i++)
		if (loose_money(numbers, cell, owns[i], &m))
			assert(strlen(m.currency) == 3 && m.hundredths <= MONEY_MAX &&
			       m.hundredths >= -MONEY_MAX);
	if (loose_int(numbers, cell, &n))
		assert(n <= MONEY_MAX / 100 && n >= -(MONEY_MAX / 100));
	size_t count = loose_list(cell, items, 4);
	assert(count <= 4);
	for (size_t i = 0; i < count; i++)
		assert(items[i].n > 0 && items[i].p >= cell.p &&
		       items[i].p + items[i].n <= cell.p + cell.n);
	assert(loose_phone(cell).n <= cell.n);
	(void)header_type(cell);
	assert((loose_look(cell) == LOOK_EMPTY) == (loose_text(cell).n == 0));
}

static void fields_propose(struct arena *a, const struct csv_row *rows, size_t n, size_t choice)
{
	static const char *const objects[] = { "contacts", "organisations", "deals", "agents",
		"products" };
	struct header_targets targets;
	struct header_map map;
	struct header_guess again;
	bool known = header_targets(str_of(objects[choice % 5]), &targets);
	assert(known);
	header_guess(a, targets, rows, n, (enum header_mode)(choice / 5 % 3), &map);
	for (size_t i = 0; i < map.n; i++) {
		const char *field = header_field(a, &map.columns[i]);
		bool readable = header_field_read(targets, str_of(field), &again);
		assert(readable && again.target == map.columns[i].target &&
		       again.slot == map.columns[i].slot);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char delimiters[] = { 0, 0, 0, ',', ';', '\t', '|', ' ' };
	static struct buf b;
	static struct csv c;
	static struct csv_row rows[SAMPLE];
	struct charset_text t;
	struct csv_row row;
	const char *why = NULL;
	if (size < 2)
		return 0;
	uint8_t choice = data[0], how = data[1];
	enum charset wanted = how < 2 * CHARSETS ? (enum charset)(how % CHARSETS) : CHARSET_GUESS;
	str bytes = { (const char *)data + 2, size - 2 };
	if (!charset_read(&b, bytes, wanted, &t, &why)) {
		assert(why);
		return 0;
	}
	assert(utf8_valid(t.text));
	struct arena *a = arena_new();
	size_t n = 0, line = 0, lines = 1;
	for (size_t i = 0; i < t.text.n; i++)
		lines += t.text.p[i] == '\n' || t.text.p[i] == '\r';
	csv_open(&c, t.text, delimiters[choice / 16 % 8]);
	for (enum csv_step step; (step = csv_next(&c, a, &row)) != CSV_END;) {
		assert(row.line > line && row.line <= lines);
		line = row.line;
		assert(step == CSV_BAD ? c.why != NULL : row.n > 0 && row.n <= CSV_COLUMNS);
		for (size_t i = 0; step == CSV_ROW && i < row.n; i++) {
			assert(row.cells[i].p && row.cells[i].n <= CSV_CELL);
			if (n < SAMPLE)
				value_read(row.cells[i]);
		}
		if (step == CSV_ROW && n < SAMPLE)
			rows[n++] = row;
	}
	fields_propose(a, rows, n, choice);
	arena_free(a);
	return 0;
}
