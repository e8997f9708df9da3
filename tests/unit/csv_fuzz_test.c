/* layers: base http db core */
/* What must hold for any uploaded file (tests/fuzz/csv_fuzz.c), for a thousand that are made of
 * what files are made of; the same at each run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../fuzz/csv_fuzz.c"

static uint32_t seed = 1;
static uint32_t pick(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

static void any_file_is_read_or_refused(void **state)
{
	static const char *const pieces[] = { ",", ";", "\t", "|", "\n", "\r\n", "\r", "\"", "\"\"",
		" ", "Name", "E-Mail", "Phone", "Amount", "31.12.2024", "2024-02-30",
		"1.234,50 EUR", "$1,234.50", "-0", "a@b.test", "+49 30 1234", "a ::: b",
		"\xef\xbb\xbf", "\xff\xfe", "\xc3\xa9", "\xe9", "\xf0\x9f\x98\x80", "sep=;" };
	unsigned char data[512];
	(void)state;
	for (int file = 0; file < 1000; file++) {
		size_t n = 2, parts = pick(60);
		data[0] = (unsigned char)pick(256);
		data[1] = (unsigned char)pick(256);
		for (size_t i = 0; i < parts; i++) {
			const char *piece = pieces[pick(sizeof pieces / sizeof *pieces)];
			size_t length = strlen(piece);
			if (pick(8) == 0 && n < sizeof data)
				data[n++] = (unsigned char)pick(256);
			if (n + length > sizeof data)
				break;
			memcpy(data + n, piece, length);
			n += length;
		}
		assert_int_equal(LLVMFuzzerTestOneInput(data, n), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(any_file_is_read_or_refused) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
