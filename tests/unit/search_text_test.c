/* layers: base http db core */
/* From text to the words of the index (core/search_text.h). */
#include "core/search_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"

static struct arena *arena;
static struct buf out;

/* The tokens with spaces between them; before a token that is no plain word its kind. */
static const char *tokens_of(str text)
{
	static const char *const kinds[] = { "", "variant:", "joined:", "whole:", "local:",
		"domain:", "number:", "suffix:", "country:", "name:" };
	struct tokens all;
	search_tokens(arena, text, &all);
	buf_clear(&out);
	for (size_t i = 0; i < all.n; i++) {
		buf_text(&out, i ? " " : "");
		buf_text(&out, kinds[all.v[i].kind]);
		buf_str(&out, all.v[i].text);
	}
	buf_char(&out, 0);
	return out.p;
}

struct text_case {
	const char *text, *tokens;
};

static void check(const struct text_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_string_equal(tokens_of(str_of(cases[i].text)), cases[i].tokens);
}
#define CHECK(...) \
	do { \
		static const struct text_case cases[] = { __VA_ARGS__ }; \
		check(cases, sizeof cases / sizeof *cases); \
	} while (0)

static void words_are_letters_and_digits(void **state)
{
	(void)state;
	CHECK({ "Ada Lovelace", "ada lovelace" }, { "Li", "li" }, { "A", "a" },
	    { "the an of", "the an of" }, { "iPhone15 Pro", "iphone15 pro" }, { "", "" },
	    { " \t\r\n ", "" }, { "a,b;c", "a b c" }, { "100%", "100" }, { "(x)", "x" },
	    { "\xc2\xab\xce\xb1\xc2\xbb", "\xce\xb1" }, { "_sure_", "sure" }, { "...", "" });
}

static void case_and_accents_do_not_count(void **state)
{
	(void)state;
	CHECK({ "Jos\xc3\xa9", "jose" }, { "Jose\xcc\x81", "jose" }, { "\xc5\x81ukasz", "lukasz" },
	    { "\xc4\x90\xe1\xbb\x97", "do" }, { "na\xc3\xafve", "naive" },
	    { "STRA\xc3\x9f"
	      "E",
		"strasse" },
	    { "\xe1\xba\x9e", "ss" }, { "\xc3\x86r\xc3\xb8", "aero variant:aeroe" },
	    { "\xc5\x92uvre", "oeuvre" }, { "\xc3\x9e\xc3\xb3r", "thor" },
	    { "\xc4\xb0stanbul", "istanbul" }, { "k\xc4\xb1z", "kiz" },
	    { "\xef\xbc\xa1\xef\xbc\xa2\xef\xbc\x91", "ab1" }, { "\xef\xac\x81n", "fin" },
	    { "\xd0\x81\xd0\xbb\xd0\xba\xd0\xb0", "\xd0\xb5\xd0\xbb\xd0\xba\xd0\xb0" },
	    { "\xce\x9f\xce\xb4\xcf\x85\xcf\x83\xcf\x83\xce\xad\xce\xb1\xcf\x82",
		"\xce\xbf\xce\xb4\xcf\x85\xcf\x83\xcf\x83\xce\xb5\xce\xb1\xcf\x83" });
}

static void umlauts_are_found_both_ways(void **state)
{
	(void)state;
	CHECK({ "M\xc3\xbcller", "muller variant:mueller" },
	    { "MU\xcc\x88LLER", "muller variant:mueller" },
	    { "J\xc3\xb6rg Gr\xc3\xa4\xc3\x9f", "jorg variant:joerg grass variant:graess" },
	    { "\xc3\x85se", "ase variant:aase" }, { "S\xc3\xb8ren", "soren variant:soeren" },
	    { "Zo\xc3\xab", "zoe" });
}

static void words_are_joined_over_hyphens_apostrophes_and_points(void **state)
{
	(void)state;
	CHECK({ "Jean-Luc", "jean luc joined:jeanluc" }, { "O'Brien", "o brien joined:obrien" },
	    { "O\xe2\x80\x99"
	      "Brien",
		"o brien joined:obrien" },
	    { "O`Brien", "o brien joined:obrien" },
	    { "O\xc2\xb4"
	      "Brien",
		"o brien joined:obrien" },
	    { "Ka\xca\xbbiulani", "ka iulani joined:kaiulani" },
	    { "\xca\xbf"
	      "Abd",
		"abd" },
	    { "J.R.R. Tolkien", "j r r joined:jrr whole:j.r.r tolkien" },
	    { "Node.js", "node js joined:nodejs whole:node.js" },
	    { "R&D", "r d joined:rd whole:r&d" }, { "snake_case", "snake case whole:snake_case" },
	    { "3.5", "3 5" }, { "-x-", "x" }, { "a--b", "a b" },
	    { "M\xc3\xbcller-L\xc3\xbc"
	      "denscheidt",
		"muller variant:mueller ludenscheidt variant:luedenscheidt "
		"joined:mullerludenscheidt joined:muellerluedenscheidt" });
}

static void names_with_particles_are_one_word_too(void **state)
{
	(void)state;
	CHECK({ "Jan van der Berg", "jan van der berg name:vanderberg" },
	    /* of more than names have nothing is made, however many there are */
	    { "san san san san berg", "san san san san berg name:sansansanberg" },
	    { "De la Cruz, Maria", "de la cruz maria name:delacruz" },
	    { "Angus Mc Donald", "angus mc donald name:mcdonald" },
	    { "Jean St. Clair", "jean st clair name:stclair" },
	    { "Karim Ben Ali", "karim ben ali name:benali" }, { "Ben Ali", "ben ali" },
	    { "Li Wu", "li wu" }, { "Jan van", "jan van" }, { "van, Berg", "van berg" },
	    { "van van", "van van" },
	    /* abd al-rahman; abu ali; bin abd al-aziz */
	    { "\xd8\xb9\xd8\xa8\xd8\xaf \xd8\xb1\xd8\xad\xd9\x85\xd9\x86",
		"\xd8\xb9\xd8\xa8\xd8\xaf \xd8\xb1\xd8\xad\xd9\x85\xd9\x86 "
		"name:\xd8\xb9\xd8\xa8\xd8\xaf\xd8\xb1\xd8\xad\xd9\x85\xd9\x86" },
	    { "\xd8\xa3\xd8\xa8\xd9\x88 \xd8\xb9\xd9\x84\xd9\x8a",
		"\xd8\xa7\xd8\xa8\xd9\x88 \xd8\xb9\xd9\x84\xd9\x8a "
		"name:\xd8\xa7\xd8\xa8\xd9\x88\xd8\xb9\xd9\x84\xd9\x8a" },
	    { "\xd8\xa8\xd9\x86 \xd8\xb9\xd8\xa8\xd8\xaf \xd8\xb2\xd9\x8a\xd8\xaf",
		"\xd8\xa8\xd9\x86 \xd8\xb9\xd8\xa8\xd8\xaf \xd8\xb2\xd9\x8a\xd8\xaf "
		"name:\xd8\xb9\xd8\xa8\xd8\xaf\xd8\xb2\xd9\x8a\xd8\xaf" });
}

static void an_address_is_whole_and_in_parts(void **state)
{
	(void)state;
	CHECK({ "Ada.Lovelace@Example.com",
		  "whole:ada.lovelace@example.com local:ada local:lovelace domain:example.com "
		  "domain:example" },
	    { "x@y", "whole:x@y local:x domain:y" },
	    { "<ada@x.org>,", "whole:ada@x.org local:ada domain:x.org domain:x" },
	    { "a+b@mail.x.co.uk",
		"whole:a+b@mail.x.co.uk local:a local:b domain:mail.x.co.uk domain:mail "
		"domain:x.co.uk domain:x domain:co.uk domain:co" },
	    { "@ada", "ada" }, { "ada@", "ada" });
}

static void a_long_number_is_found_however_it_is_grouped(void **state)
{
	(void)state;
	CHECK({ "+44 20 7946 0018",
		  "44 20 7946 0018 number:*2079460018 country:+442079460018 suffix:~810064970244" },
	    { "(020) 7946-0018",
		"020 7946 0018 number:*2079460018 country:!8100649702 suffix:~81006497020" },
	    { "5550199", "5550199 number:*5550199 country:!9910555 suffix:~9910555" },
	    { "12345", "12345" },
	    { "+49 (0) 30 / 90 18 20",
		"49 0 30 90 18 20 number:*30901820 country:+4930901820 suffix:~0281090394" },
	    { "(0) 30 90 18 20",
		"0 30 90 18 20 number:*30901820 country:!02810903 suffix:~028109030" },
	    { "555-867-5309x99",
		"555 867 5309x99 joined:5558675309x99 number:*5558675309 country:!9035768555 "
		"suffix:~9035768555" },
	    { "090\xe2\x88\x92"
	      "1234\xe2\x88\x92"
	      "5678",
		"090 1234 5678 number:*9012345678 country:!8765432109 suffix:~87654321090" },
	    { "030 1234999 / 0407654999",
		"030 1234999 0407654999 number:*301234999 country:!999432103 suffix:~9994321030 "
		"number:*407654999 country:!999456704 "
		"suffix:~9994567040" },
	    { "0049 89 12/34 56",
		"0049 89 12 34 56 number:*89123456 country:+4989123456 suffix:~6543219894" },
	    { "0049 171 / 5556677", "0049 171 5556677 number:*1715556677 country:+491715556677 "
				    "suffix:~776655517194" },
	    { "(+353) 1 234 5678", "353 1 234 5678 number:*12345678 country:+35312345678 "
				   "suffix:~87654321353" },
	    { "2026", "2026" }, { "1234567x", "1234567x" },
	    { "\xe7\x94\xb5\xe8\xaf\x9d"
	      "5550199"
	      "\xe8\xaf\xb7",
		"\xe7\x94\xb5\xe8\xaf\x9d 5550199 \xe8\xaf\xb7 number:*5550199 country:!9910555 "
		"suffix:~9910555" },
	    { "\xd9\xa1\xd9\xa2\xd9\xa3", "123" });
}

static void scripts_without_spaces_are_one_word(void **state)
{
	(void)state;
	struct tokens all;
	CHECK({ "\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e", "\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e" },
	    { "ABC\xe5\x95\x86\xe4\xba\x8b", "abc \xe5\x95\x86\xe4\xba\x8b" },
	    { "\xea\xb9\x80\xec\xb2\xa0\xec\x88\x98", "\xea\xb9\x80\xec\xb2\xa0\xec\x88\x98" },
	    /* ga and n as jamo; ga kana with its mark apart; half-width; katakana */
	    { "\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xab", "\xea\xb0\x84" },
	    { "\xe3\x81\x8b\xe3\x82\x99", "\xe3\x81\x8c" },
	    { "\xef\xbd\xb6\xef\xbe\x9e", "\xe3\x81\x8c" },
	    { "\xe3\x83\xa4\xe3\x83\x9e\xe3\x83\x80 \xe3\x83\xb4\xe3\x83\xbc",
		"\xe3\x82\x84\xe3\x81\xbe\xe3\x81\xa0 \xe3\x82\x94\xe3\x83\xbc" });
	search_tokens(arena, STR("\xe7\x8e\x8b\xe5\xb0\x8f x"), &all);
	assert_true(all.v[0].dense);
	assert_false(all.v[1].dense);
	/* However long: it is looked for by its parts, and each must be whole. */
	struct buf run = { 0 };
	for (int i = 0; i < 1000; i++)
		buf_text(&run, "\xe7\x8e\x8b\xe5\xb0\x8f");
	search_tokens(arena, buf_view(&run), &all);
	assert_int_equal(all.n, 1);
	assert_true(str_eq(all.v[0].text, buf_view(&run)));
	buf_free(&run);
}

static void arabic_has_one_form(void **state)
{
	(void)state;
	CHECK(/* ahmad with and without hamza; tatweel and vowel points; yeh and alef maksura */
	    { "\xd8\xa3\xd8\xad\xd9\x85\xd8\xaf", "\xd8\xa7\xd8\xad\xd9\x85\xd8\xaf" },
	    { "\xd8\xa7\xd8\xad\xd9\x80\xd9\x85\xd9\x8e\xd8\xaf",
		"\xd8\xa7\xd8\xad\xd9\x85\xd8\xaf" },
	    { "\xd8\xb9\xd9\x84\xd9\x89", "\xd8\xb9\xd9\x84\xd9\x8a" },
	    { "\xd9\x81\xd8\xa7\xd8\xb7\xd9\x85\xd8\xa9",
		"\xd9\x81\xd8\xa7\xd8\xb7\xd9\x85\xd9\x87" },
	    /* al-sayyid, also without its article */
	    { "\xd8\xa7\xd9\x84\xd8\xb3\xd9\x8a\xd8\xaf",
		"\xd8\xa7\xd9\x84\xd8\xb3\xd9\x8a\xd8\xaf variant:\xd8\xb3\xd9\x8a\xd8\xaf" });
}

static void marks_that_are_letters_stay(void **state)
{
	(void)state;
	/* Hindi with vowel signs and a virama; what is ignorable goes. */
	CHECK({ "\xe0\xa4\xb9\xe0\xa4\xbf\xe0\xa4\xa8\xe0\xa5\x8d\xe0\xa4\xa6\xe0\xa5\x80",
		  "\xe0\xa4\xb9\xe0\xa4\xbf\xe0\xa4\xa8\xe0\xa5\x8d\xe0\xa4\xa6\xe0\xa5\x80" },
	    { "so\xc2\xad"
	      "ft",
		"soft" },
	    { "a\xe2\x80\x8f"
	      "b",
		"ab" });
}

static void a_token_knows_where_it_stands(void **state)
{
	(void)state;
	struct tokens all;
	str text = STR("Hi, M\xc3\xbcller!");
	search_tokens(arena, text, &all);
	assert_int_equal(all.n, 3);
	assert_int_equal(all.v[1].from, 4);
	assert_int_equal(all.v[1].to, 11);
	/* An accent of its own is part of the word. */
	search_tokens(arena, STR("e\xcc\x81 x"), &all);
	assert_int_equal(all.v[0].to, 3);
}

static void nothing_is_unbounded(void **state)
{
	(void)state;
	struct tokens all;
	struct buf text = { 0 };
	for (int i = 0; i < 10000; i++)
		buf_text(&text, "word ");
	search_tokens(arena, buf_view(&text), &all);
	assert_int_equal(all.n, TEXT_TOKENS);
	buf_clear(&text);
	for (int i = 0; i < 10000; i++)
		buf_text(&text, "\xc3\xa9");
	search_tokens(arena, buf_view(&text), &all);
	assert_int_equal(all.n, 1);
	assert_int_equal(all.v[0].text.n, TERM_BYTES);
	buf_clear(&text);
	for (int i = 0; i < 1000; i++)
		buf_text(&text, "a-b.c@");
	search_tokens(arena, buf_view(&text), &all);
	for (size_t i = 0; i < all.n; i++)
		assert_true(all.v[i].text.n <= TERM_BYTES && utf8_valid(all.v[i].text));
	buf_free(&text);
}

/* Whatever the bytes: tokens are valid UTF-8 without white space, and lie within the text. */
static void hostile_bytes_give_good_tokens(void **state)
{
	(void)state;
	uint64_t seed = 88172645463325252ULL;
	static const char *const pieces[] = { "\xff", "\xc3", "\xe2\x80\xae", "a", "@", ".", "-",
		"\xcc\x81", "\xe1\x85\xa1", "\xe3\x82\x99", "9", "+", " ", "\xf0\x9f\x98\x80",
		"\xe7\x8e\x8b", "\xef\xb7\xba", "\xd8\xa7\xd9\x84", "'", "\x01", "%_\\",
		"\xc3\xbc" };
	for (int round = 0; round < 3000; round++) {
		struct buf text = { 0 };
		struct tokens all;
		for (int i = 0; i < 40; i++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			buf_text(&text, pieces[seed % (sizeof pieces / sizeof *pieces)]);
		}
		search_tokens(arena, buf_view(&text), &all);
		for (size_t i = 0; i < all.n; i++) {
			const struct token *t = &all.v[i];
			assert_true(t->text.n > 0 && (t->dense || t->text.n <= TERM_BYTES));
			assert_true(utf8_valid(t->text));
			assert_null(memchr(t->text.p, ' ', t->text.n));
			assert_null(memchr(t->text.p, ':', t->text.n));
			assert_true(t->from < t->to && t->to <= text.n);
		}
		buf_free(&text);
		arena_reset(arena);
	}
}

static int setup(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	buf_free(&out);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_letters_and_digits),
		cmocka_unit_test(case_and_accents_do_not_count),
		cmocka_unit_test(umlauts_are_found_both_ways),
		cmocka_unit_test(words_are_joined_over_hyphens_apostrophes_and_points),
		cmocka_unit_test(names_with_particles_are_one_word_too),
		cmocka_unit_test(an_address_is_whole_and_in_parts),
		cmocka_unit_test(a_long_number_is_found_however_it_is_grouped),
		cmocka_unit_test(scripts_without_spaces_are_one_word),
		cmocka_unit_test(arabic_has_one_form),
		cmocka_unit_test(marks_that_are_letters_stay),
		cmocka_unit_test(a_token_knows_where_it_stands),
		cmocka_unit_test(nothing_is_unbounded),
		cmocka_unit_test(hostile_bytes_give_good_tokens),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
