/* layers: base http db core */
/* Which charset a file is in, and its text as UTF-8: core/charset.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/json.h"
#include "core/charset.h"

#define FOLDER "../shared/data/contacts/thunderbird/"

static struct buf converted;

static struct charset_text read_as(str bytes, enum charset wanted)
{
	struct charset_text t = { { 0 } };
	const char *why = NULL;
	if (!charset_read(&converted, bytes, wanted, &t, &why))
		fail_msg("refused: %s", why);
	assert_true(utf8_valid(t.text) || t.text.n == 0);
	return t;
}

static void expect(str bytes, enum charset charset, const char *text)
{
	struct charset_text t = read_as(bytes, CHARSET_GUESS);
	assert_string_equal(charset_name(t.charset), charset_name(charset));
	assert_int_equal(t.text.n, strlen(text));
	assert_memory_equal(t.text.p, text, t.text.n);
}

static const char *refusal(str bytes, enum charset wanted)
{
	struct charset_text t;
	const char *why = NULL;
	assert_false(charset_read(&converted, bytes, wanted, &t, &why));
	assert_non_null(why);
	return why;
}

static void utf_8_is_used_where_it_stands(void **state)
{
	(void)state;
	str bytes = STR("name\nM\u00FCller\n");
	assert_ptr_equal(read_as(bytes, CHARSET_GUESS).text.p, bytes.p);
	expect(bytes, CHARSET_UTF_8, "name\nM\u00FCller\n");
	expect(STR("plain"), CHARSET_UTF_8, "plain");
	expect((str) { NULL, 0 }, CHARSET_UTF_8, "");
}

static void a_byte_order_mark_is_believed_and_cut(void **state)
{
	(void)state;
	expect(STR("\xEF\xBB\xBFname"), CHARSET_UTF_8, "name");
	expect(STR("\xFF\xFEn\0a\0\xE9\0"), CHARSET_UTF_16LE, "na\u00E9");
	expect(STR("\xFE\xFF\0n\0a\0\xE9"), CHARSET_UTF_16BE, "na\u00E9");
}

static void utf_16_without_a_mark_is_found_by_its_nul_bytes(void **state)
{
	(void)state;
	expect(STR("a\0,\0b\0\n\0"), CHARSET_UTF_16LE, "a,b\n");
	expect(STR("\0a\0,\0b\0\n"), CHARSET_UTF_16BE, "a,b\n");
	expect(STR("\x0D\x54,\0\x00\x30\x0D\x54,\0\r\0\n\0\x0D\x54,\0a\0,\0b\0,\0c\0"),
	    CHARSET_UTF_16LE, "\u540D,\u3000\u540D,\r\n\u540D,a,b,c");
}

static void western_text_is_windows_1252(void **state)
{
	(void)state;
	expect(STR("M\xFCller;Stra\xDF"
		   "e;5 \x80\n"),
	    CHARSET_WINDOWS_1252, "M\u00FCller;Stra\u00DFe;5 \u20AC\n");
	expect(STR("Ren\xE9,l'\xE9t\xE9\n"), CHARSET_WINDOWS_1252, "Ren\u00E9,l'\u00E9t\u00E9\n");
	expect(STR("caf\xE9"
		   "s"),
	    CHARSET_WINDOWS_1252, "caf\u00E9s");
	expect(STR("\xC4\xD6 AG"), CHARSET_WINDOWS_1252, "\u00C4\u00D6 AG");
}

static void curly_apostrophes_are_no_japanese(void **state)
{
	(void)state;
	expect(STR("O\x92"
		   "Brien,don\x92t,it\x92s\n"),
	    CHARSET_WINDOWS_1252, "O\u2019Brien,don\u2019t,it\u2019s\n");
	expect(STR("the \x93"
		   "Acme\x94 deal"),
	    CHARSET_WINDOWS_1252, "the \u201CAcme\u201D deal");
}

static void shift_jis_is_found_by_runs_of_frequent_characters(void **state)
{
	(void)state;
	expect(STR("name\n\x8E\x52\x93\x63,\x91\xBE\x98\x59\n"), CHARSET_SHIFT_JIS,
	    "name\n\u5C71\u7530,\u592A\u90CE\n");
	expect(STR("\xC3\xBD\xC4,x"), CHARSET_SHIFT_JIS, "\uFF83\uFF7D\uFF84,x");
	expect(STR("a,\x8F\x97\n"), CHARSET_SHIFT_JIS, "a,\u5973\n"); /* 8F is nothing in 1252 */
}

static void a_byte_undefined_in_windows_1252_makes_it_latin_1(void **state)
{
	(void)state;
	expect(STR("\xE9,\x81"), CHARSET_LATIN_1, "\u00E9,\xC2\x81");
}

static void nearly_valid_utf_8_is_mended(void **state)
{
	(void)state;
	char bytes[64] = "";
	for (int i = 0; i < 10; i++)
		strcat(bytes, "\u00FC");
	strcat(bytes, " Ren\xE9 \x81");
	struct charset_text t = read_as(str_of(bytes), CHARSET_UTF_8);
	assert_int_equal(t.mended, 2);
	bytes[strlen(bytes) - 2] = 0;
	t = read_as(str_of(bytes), CHARSET_GUESS);
	assert_int_equal(t.charset, CHARSET_UTF_8);
	assert_int_equal(t.mended, 1);
	assert_true(t.text.n > 5 && memcmp(t.text.p + t.text.n - 5, "Ren\u00E9", 5) == 0);
}

static void what_is_no_text_is_refused_with_a_way_out(void **state)
{
	(void)state;
	assert_non_null(strstr(refusal(STR("a,b\0c\n\xE9"), CHARSET_GUESS), "not text"));
	assert_non_null(strstr(refusal(STR("PK\003\004..."), CHARSET_GUESS), "CSV UTF-8"));
	assert_non_null(strstr(refusal(STR("\xD0\xCF\x11\xE0\xA1\xB1"), CHARSET_GUESS), "Excel"));
	assert_non_null(strstr(refusal(STR("\xFF\xFE\0\xD8x\0"), CHARSET_GUESS), "utf-16le"));
	assert_non_null(strstr(refusal(STR("\xFF\xFE\0\0x\0"), CHARSET_GUESS), "not text"));
	assert_non_null(strstr(refusal(STR("\x82"), CHARSET_SHIFT_JIS), "shift_jis"));
	assert_non_null(
	    strstr(refusal((str) { "x", (size_t)CHARSET_INPUT_MAX + 1 }, CHARSET_GUESS), "larger"));
}

static void a_person_may_choose(void **state)
{
	(void)state;
	struct charset_text t = read_as(STR("\xCC\xEE\xF1\xEA\xE2\xE0"), CHARSET_WINDOWS_1251);
	assert_memory_equal(t.text.p, "\u041C\u043E\u0441\u043A\u0432\u0430", t.text.n);
	for (int i = 1; i < CHARSETS; i++)
		read_as(i == CHARSET_UTF_16LE   ? STR("a\0")
			: i == CHARSET_UTF_16BE ? STR("\0a")
						: STR("a"),
		    (enum charset)i);
}

static str file_read(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	if (!f) {
		print_message("skipped, not here: %s\n", path);
		return (str) { NULL, 0 };
	}
	char *bytes = arena_alloc(a, 1 << 20);
	size_t n = fread(bytes, 1, 1 << 20, f);
	fclose(f);
	return (str) { bytes, n };
}

static void files_of_thunderbird(void **state)
{
	(void)state;
	static const struct {
		const char *path;
		enum charset charset;
		const char *contains;
	} files[] = {
		{ FOLDER "utf16_addressbook.csv", CHARSET_UTF_16LE, "John,Doe,John Doe" },
		{ FOLDER "shiftjis_addressbook.csv", CHARSET_SHIFT_JIS,
		    "\u6A29\u5175\u885B,\u540D\u7121\u3057" },
		{ FOLDER "basic_addressbook.csv", CHARSET_UTF_8, "John,Doe,John Doe" },
	};
	struct arena *a = arena_new();
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		str bytes = file_read(a, files[i].path);
		if (str_none(bytes))
			continue;
		struct charset_text t = read_as(bytes, CHARSET_GUESS);
		assert_string_equal(charset_name(t.charset), charset_name(files[i].charset));
		assert_non_null(
		    memmem(t.text.p, t.text.n, files[i].contains, strlen(files[i].contains)));
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf_8_is_used_where_it_stands),
		cmocka_unit_test(a_byte_order_mark_is_believed_and_cut),
		cmocka_unit_test(utf_16_without_a_mark_is_found_by_its_nul_bytes),
		cmocka_unit_test(western_text_is_windows_1252),
		cmocka_unit_test(curly_apostrophes_are_no_japanese),
		cmocka_unit_test(shift_jis_is_found_by_runs_of_frequent_characters),
		cmocka_unit_test(a_byte_undefined_in_windows_1252_makes_it_latin_1),
		cmocka_unit_test(nearly_valid_utf_8_is_mended),
		cmocka_unit_test(what_is_no_text_is_refused_with_a_way_out),
		cmocka_unit_test(a_person_may_choose),
		cmocka_unit_test(files_of_thunderbird),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	buf_free(&converted);
	return failed;
}
