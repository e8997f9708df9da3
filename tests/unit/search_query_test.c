/* layers: base http db core */
/* What somebody types as words to look for (core/search_query.h), and how they stand in a document
 * (core/search_document.h). */
#include "base/digest.h"
#include "core/row.h"
#include "core/search_postings.h"
#include "core/search_query.h"
#include "core/search_renew.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#undef fail

static struct arena *arena;
static struct buf out;

/* Each word in (), a - before it when it must not be there, its field; its ways: the term, with *
 * when it may go on, and in [] what must stand in the document. */
static const char *parsed(const char *text)
{
	struct search_query query;
	const char *why = search_parse(arena, &contacts_table, str_of(text), &query);
	buf_clear(&out);
	if (why)
		return why;
	for (size_t i = 0; i < query.n; i++) {
		const struct search_word *w = &query.words[i];
		buf_printf(&out, "%s%s%s(", i ? " " : "", w->negated ? "-" : "",
		    w->field ? w->field->name : "");
		for (size_t k = 0; k < w->n; k++)
			if (!k || !w->ways[k].elsewhere ||
			    !str_eq(w->ways[k].piece, w->ways[k - 1].piece))
				buf_printf(&out, "%s%.*s%s[%.*s]", k ? " | " : "",
				    (int)w->ways[k].term.n, w->ways[k].term.p,
				    w->ways[k].range ? "*" : "", (int)w->ways[k].piece.n,
				    w->ways[k].piece.p);
		buf_char(&out, ')');
	}
	buf_char(&out, 0);
	return out.p;
}

/* Of a way elsewhere that is the one before it otherwise, nothing is said. */
static void words_and_their_ways(void **state)
{
	(void)state;
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "", "" },
		{ " \t ", "" },
		{ "Ada", "(ada[ ada ] | ^ada[ ^ada ] | ada*[ ada])" },
		{ "a", "(a[ a ] | ^a[ ^a ])" },
		{ "love", "(love[ love ] | love*[ love])" },
		{ "Ada Love", "(ada[ ada ]) (love[ love ] | love*[ love])" },
		{ "\"Ada Love\"", "(love[ ada love ])" },
		{ "\"Ada Love", "(ada[ ada love])" },
		{ "love -ada", "(love[ love ] | love*[ love]) -(ada[ ada ])" },
		{ "name:love", "full_name(love[ love ] | love*[ love])" },
		{ "Name:love", "full_name(love[ love ] | love*[ love])" },
		{ "EMAILS:love", "emails(love[ love ] | love*[ love])" },
		{ "email:love", "emails(love[ love ] | love*[ love])" },
		{ "other:love", "(other[ other love])" },
		{ "M\xc3\xbcller x",
		    "(muller[ muller ] | mueller[ mueller ]) (x[ x ] | ^x[ ^x ])" },
		{ "\"Hans M\xc3\xbcller\"", "(muller[ hans muller ] | mueller[ hans mueller ])" },
		{ "\"M\xc3\xbcller\"", "(muller[ muller ] | mueller[ mueller ])" },
		{ "jean-luc x", "(jeanluc[ jeanluc ] | jean[ jean luc ]) (x[ x ] | ^x[ ^x ])" },
		{ "a@b.co x", "(-a@b.co[ a@b.co ]) (x[ x ] | ^x[ ^x ])" },
		{ "0018 x", "(-0018[ 0018 ] | ~8100*[ ~8100]) (x[ x ] | ^x[ ^x ])" },
		{ "20 7946 0018",
		    "(*2079460018[ *2079460018 ] | *79460018[ +2079460018 ] | *79460018*[ "
		    "+2079460018] | *2079460018*[ *2079460018] | ~810064970*[ ~810064970] | -7946[ "
		    "20 7946 0018])" },
		{ "+44 20 x",
		    "(*20*[ +4420] | *4420*[ *4420] | -44[ 44 20 ]) (x[ x ] | ^x[ ^x ])" },
		{ "+44 (20) 7946-0018 x",
		    "(*2079460018[ +442079460018 ] | *2079460018[ !8100649702 ] | *2079460018*[ "
		    "+442079460018] | *442079460018*[ *442079460018] | ~810064970*[ !810064970] | "
		    "-7946[ 44 20 7946 "
		    "0018 ]) (x[ x ] | ^x[ ^x ])" },
		{ "+44 (0)20 x",
		    "(*20*[ +4420] | *4420*[ *4420] | -44[ 44 0 20 ]) (x[ x ] | ^x[ ^x ])" },
		{ "0044 20 x", "(*20*[ +4420] | *4420*[ *4420] | ~024400*[ ~024400] | -0044[ 0044 "
			       "20 ]) (x[ x ] | ^x[ ^x ])" },
		{ "tel:+44 20 x",
		    "(*20*[ +4420] | *4420*[ *4420] | -44[ 44 20 ]) (x[ x ] | ^x[ ^x ])" },
		{ "\xe2\x80\xaa+44\xc2\xa0\xd9\xa2\xef\xbc\x90\xe2\x80\xac x",
		    "(*20*[ +4420] | *4420*[ *4420] | -44[ 44 20 ]) (x[ x ] | ^x[ ^x ])" },
		{ "\xe2\x80\x9c"
		  "Ada Love\xe2\x80\x9d",
		    "(love[ ada love ])" },
		{ "name\xef\xbc\x9alove", "full_name(love[ love ] | love*[ love])" },
		{ "address:love", "addresses(love[ love ] | love*[ love])" },
		{ "2024001-B x",
		    "(2024001b[ 2024001b ] | -2024001[ 2024001 b ]) (x[ x ] | ^x[ ^x ])" },
		{ "1234567@x.org x", "(-1234567@x.org[ 1234567@x.org ]) (x[ x ] | ^x[ ^x ])" },
		{ "1234567a x", "(1234567a[ 1234567a ]) (x[ x ] | ^x[ ^x ])" },
		{ "\xe5\xb0\x8f\xe6\x98\x8e",
		    "(^\xe5\xb0\x8f\xe6\x98\x8e[ ^\xe5\xb0\x8f\xe6\x98\x8e ] | "
		    "\xe5\xb0\x8f\xe6\x98\x8e*[\xe5\xb0\x8f\xe6\x98\x8e])" },
		{ "\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e",
		    "(\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e*["
		    "\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e])" },
		{ "...", "has no letter and no digit to look for" },
		{ "-ada", "only says what to leave out; a word to look for is missing" },
		{ "a b c d e f g h i j k l m", "may have at most 12 words" },
		{ "% \" \xf0\x9f\x98\x80 ,;- ada1", "(ada1[ ada1 ] | ada1*[ ada1])" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(parsed(cases[i].text), cases[i].words);
}

static struct contact somebody(void)
{
	struct contact c;
	row_init(&contacts_table, &c);
	memcpy(c.id.text, "01890a5d-ac96-774b-bcce-b302099a8057", sizeof c.id.text);
	c.full_name = STR("Ada M\xc3\xbcller");
	c.emails.json = STR("[{\"id\":\"x\",\"address\":\"ada@x.org\",\"type\":\"work\"}]");
	c.addresses.json = STR("[{\"city\":\"Ada\",\"street\":\"Nowhere\"}]");
	c.created_at = (instant) { INT64_C(86400000000) * 20000 };
	return c;
}

static void a_row_has_a_document(void **state)
{
	(void)state;
	struct search_document d;
	struct contact c = somebody();
	search_document_of(arena, &contacts_table, &c, &d);
	assert_int_equal(d.day, 20000);
	assert_false(d.deleted);
	buf_clear(&out);
	buf_str(&out, d.words);
	buf_char(&out, 0);
	assert_string_equal(out.p,
	    " :full_name=52 ada muller :full_name=47 mueller :full_name=0 ada mueller "
	    ":full_name=52 ^a ^ad ^ada ^m ^mu ^mul ^m ^mu ^mue "
	    ":emails=48 ada@x.org :emails=19 ada :emails=9 x.org x :addresses=15 ada ");
}

static void the_groups_of_a_phone_number_stand_there_for_phrases_alone(void **state)
{
	(void)state;
	struct search_document d;
	struct postings all;
	struct contact c = somebody();
	c.full_name = c.emails.json = c.addresses.json = (str) { NULL, 0 };
	c.phones.json = STR("[{\"value\":\"+44 20 79460018\"}]");
	search_document_of(arena, &contacts_table, &c, &d);
	assert_true(str_is(d.words, " :phones=0 44 20 79460018 :phones=48 *2079460018 "
				    "~810064970244 :phones=0 +442079460018 "));
	search_postings_of(arena, &contacts_table, &d, &all);
	assert_int_equal(all.n, 2);
	c.phones.json = STR("[{\"value\":\"020 79460018\"}]");
	search_document_of(arena, &contacts_table, &c, &d);
	assert_true(str_is(d.words, " :phones=0 020 79460018 :phones=48 *2079460018 ~81006497020 "
				    ":phones=0 !8100649702 "));
}

static void other_numbers_are_words_too(void **state)
{
	(void)state;
	struct search_document d;
	struct contact c = somebody();
	c.full_name = STR("2024 12345");
	c.emails.json = c.addresses.json = (str) { NULL, 0 };
	search_document_of(arena, &contacts_table, &c, &d);
	assert_true(
	    str_is(d.words, " :full_name=52 2024 12345 :full_name=60 *202412345 ~543214202 "
			    ":full_name=0 !543214202 :full_name=52 ^2 ^20 ^202 ^1 ^12 ^123 "));
}

/* Terms come sorted and once each, the weights of their sections added up. */
static void a_document_has_postings(void **state)
{
	(void)state;
	struct search_document d;
	struct postings all;
	struct contact c = somebody();
	search_document_of(arena, &contacts_table, &c, &d);
	search_postings_of(arena, &contacts_table, &d, &all);
	assert_int_equal(all.n, 13 + 6); /* and each two words of the title in both orders */
	for (size_t i = 1; i < all.n; i++)
		assert_true(strncmp(all.v[i - 1].term.p, all.v[i].term.p,
				all.v[i - 1].term.n < all.v[i].term.n ? all.v[i - 1].term.n
								      : all.v[i].term.n) <= 0);
	for (size_t i = 0; i < all.n; i++)
		if (str_is(all.v[i].term, "ada")) {
			assert_int_equal(search_weight(all.v[i].place), 52 + 19 + 15);
			assert_int_equal(search_age(all.v[i].place), SEARCH_DAYS - 20000);
		}
	d.deleted = true;
	search_postings_of(arena, &contacts_table, &d, &all);
	assert_int_equal(all.n, 0);
}

static void each_part_of_a_run_without_spaces_is_a_posting(void **state)
{
	(void)state;
	struct search_document d;
	struct postings all;
	struct contact c = somebody();
	c.full_name = STR("\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e");
	c.emails.json = c.addresses.json = (str) { NULL, 0 };
	search_document_of(arena, &contacts_table, &c, &d);
	search_postings_of(arena, &contacts_table, &d, &all);
	size_t parts = 0;
	for (size_t i = 0; i < all.n; i++)
		parts += all.v[i].term.p[0] != '^';
	assert_int_equal(parts, 3);
}

static bool has_term(const struct postings *all, const char *term)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_is(all->v[i].term, term))
			return true;
	return false;
}

static void is_known_alone(
    const struct table *table, const struct search_document *d, const struct posting *one)
{
	char *longer = arena_printf(arena, "%.*sq", (int)one->term.n, one->term.p);
	assert_int_equal(search_place_of(table, d, one->term), one->place);
	assert_int_equal(search_place_of(table, d, str_of(longer)), -1);
}

static void the_first_words_of_a_title_are_terms_by_themselves_in_pairs_and_of_the_owner(
    void **state)
{
	(void)state;
	static const char *const there[] = { "ada", "muller", "&ada muller", "&muller ada",
		"@b302099a8057", "@b302099a8057 ada", "-x", "-x.org", "=ada@x.org", "^mul", "-king",
		"-^kin", "@b302099a8057 countess" };
	static const char *const not_there[] = { "x", "-ada", "king", "^kin", "&ada king",
		"@b302099a8057 king", "@b302099a8057 x", "-ada@x.org" };
	struct search_document d;
	struct postings all;
	struct contact c = somebody();
	c.full_name = STR("Ada Muller Countess Lovelace King");
	memcpy(c.owner_id.text, c.id.text, sizeof c.owner_id.text);
	search_document_of(arena, &contacts_table, &c, &d);
	search_postings_of(arena, &contacts_table, &d, &all);
	for (size_t i = 0; i < sizeof there / sizeof *there; i++)
		assert_string_equal(has_term(&all, there[i]) ? "" : there[i], "");
	for (size_t i = 0; i < sizeof not_there / sizeof *not_there; i++)
		assert_string_equal(has_term(&all, not_there[i]) ? not_there[i] : "", "");
	for (size_t i = 0; i < all.n; i++)
		is_known_alone(&contacts_table, &d, &all.v[i]);
}

static void titled_words_of_whom_others_belong_to_are_terms_of_their_own(void **state)
{
	(void)state;
	struct search_document d;
	struct postings all;
	struct contact c = somebody();
	search_document_of(arena, &contacts_table, &c, &d);
	search_postings_of(arena, &contacts_table, &d, &all);
	assert_false(has_term(&all, "#ada"));
	struct contact firm = c;
	firm.kind = CONTACT_KIND_ORGANISATION;
	assert_true(search_differs(&contacts_table, &c, &firm));
	search_document_of(arena, &contacts_table, &firm, &d);
	search_postings_of(arena, &contacts_table, &d, &all);
	assert_true(has_term(&all, "#ada"));
	assert_false(has_term(&all, "#x.org"));
}

/* All that the words and the postings of rows depend on, as one text. */
static void all_ways(void)
{
	struct search_document d;
	struct postings all;
	struct contact c = somebody();
	c.full_name =
	    STR("Jean-Luc O\xe2\x80\x99"
		"Br\xc3\xad"
		"en M\xc3\xbcller \xc3\x98 \xc5\x81ukasz "
		"\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e\xe4\xb8\xad\xe5\x9b\xbd "
		"\xd8\xa7\xd9\x84\xd8\xb3\xd9\x8a\xd8\xaf \xe0\xb9\x84\xe0\xb8\x97\xe0\xb8\xa2");
	c.job_title = STR("node.js AT&T 3.5 D`A "
			  "\xe4\xbb\x8a\xe5\xa4\xa9\xe6\x88\x91\xe4\xbb\xac\xe5\x9c\xa8"
			  "\xe4\xb8\x8a\xe6\xb5\xb7\xe5\x92\x8c\xe5\xae\xa2\xe6\x88\xb7"
			  "\xe8\xae\xa8\xe8\xae\xba\xe4\xba\x86\xe5\x85\xb3\xe4\xba\x8e"
			  "\xe5\x8c\x97\xe4\xba\xac"
			  "5550199 \xe3\x83\xa4\xe3\x83\x9e");
	c.emails.json =
	    STR("[{\"address\":\"j.luc+x@mail.example.org\"},{\"address\":\"b@y.test\"}]");
	c.phones.json = STR("[{\"value\":\"+44 (20) 7946-0018\"},{\"value\":\"0301234999 / "
			    "0407654999\"},{\"value\":\"0049 171 / 5556677\"}]");
	buf_clear(&out);
	for (c.kind = CONTACT_KIND_PERSON; c.kind <= CONTACT_KIND_ORGANISATION; c.kind++) {
		if (c.kind == CONTACT_KIND_ORGANISATION)
			c.full_name = STR("\xe5\xa4\xa7\xe8\xbc\x94 \xe9\xab\x98\xe6\xa9\x8b");
		search_document_of(arena, &contacts_table, &c, &d);
		search_postings_of(arena, &contacts_table, &d, &all);
		buf_str(&out, d.words);
		buf_printf(&out, "\n%lld", (long long)all.signature);
		for (size_t i = 0; i < all.n; i++) {
			buf_printf(&out, "\n%.*s %lld", (int)all.v[i].term.n, all.v[i].term.p,
			    (long long)all.v[i].place);
			is_known_alone(&contacts_table, &d, &all.v[i]);
		}
	}
}

/* Else installations would keep what an older release has written. When this fails and the words
 * are as they are wanted: SEARCH_RULES one higher, and the new digest here. */
static void other_words_are_another_version(void **state)
{
	static const struct {
		int rules;
		const char *digest;
	} known = { 11, "102e149fab95c4cb" };
	unsigned char digest[DIGEST_SIZE];
	char hex[17];
	(void)state;
	all_ways();
	digest_sha256(buf_view(&out), digest);
	for (int i = 0; i < 8; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	assert_string_equal(hex, known.digest);
	assert_int_equal(SEARCH_RULES, known.rules);
}

static void a_row_that_changes_otherwise_keeps_its_document(void **state)
{
	(void)state;
	struct contact a = somebody(), b = somebody();
	b.birthday = (day) { 5 };
	b.updated_at = (instant) { 5 };
	assert_false(search_differs(&contacts_table, &a, &b));
	b.full_name = STR("Ada");
	assert_true(search_differs(&contacts_table, &a, &b));
	b = a;
	memcpy(b.owner_id.text, a.id.text, sizeof b.owner_id.text);
	assert_true(search_differs(&contacts_table, &a, &b));
	b = a;
	b.deleted_at = (instant) { 5 };
	assert_true(search_differs(&contacts_table, &a, &b));
}

static void a_word_is_matched_where_it_weighs_most(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool found;
		uint32_t weight;
		enum search_tier tier;
	} cases[] = {
		{ "ada", true, 86, TIER_EXACT },
		{ "mul", true, 52, TIER_TITLE },
		{ "email:ada", true, 19, TIER_EXACT },
		{ "\"ada muller\"", true, 52, TIER_EXACT },
		{ "\"muller ada\"", false, 0, TIER_EXACT },
		{ "ada@x.org", true, 48, TIER_EXACT },
		{ "ada@x", true, 48, TIER_PREFIX },
		{ "x.org", true, 9, TIER_EXACT },
		{ "nowhere", false, 0, TIER_EXACT },
		{ "full_name", false, 0, TIER_EXACT },
	};
	struct search_document d;
	struct contact c = somebody();
	search_document_of(arena, &contacts_table, &c, &d);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct search_query query;
		uint32_t weight = 0;
		enum search_tier tier = TIER_EXACT;
		assert_null(search_parse(arena, &contacts_table, str_of(cases[i].text), &query));
		assert_int_equal(
		    search_match(d.words, &query.words[0], &weight, &tier), cases[i].found);
		assert_int_equal(weight, cases[i].weight);
		assert_int_equal(tier, cases[i].tier);
	}
}

static bool has_a_way(const struct postings *all, const struct search_word *w)
{
	for (size_t k = 0; k < w->n; k++)
		for (size_t i = 0; i < all->n; i++) {
			str term = all->v[i].term, way = w->ways[k].term;
			if ((term.n == way.n || (w->ways[k].range && term.n > way.n)) &&
			    !memcmp(term.p, way.p, way.n))
				return true;
		}
	return false;
}

/* The words are in the row's document, a list of each has the row, and its signature lets it pass.
 */
static bool has_all(const struct search_query *query, const struct contact *c)
{
	struct search_document d;
	struct postings all;
	search_document_of(arena, &contacts_table, c, &d);
	search_postings_of(arena, &contacts_table, &d, &all);
	for (size_t i = 0; i < query->n; i++) {
		uint32_t weight;
		enum search_tier tier;
		if (!search_match(d.words, &query->words[i], &weight, &tier) ||
		    !has_a_way(&all, &query->words[i]))
			return false;
	}
	return search_signature_fits(query, all.signature);
}

static bool would_be_found(const char *text, const struct contact *c)
{
	struct search_query query;
	assert_null(search_parse(arena, &contacts_table, str_of(text), &query));
	return has_all(&query, c);
}

static bool name_is_found(const char *text, const char *name)
{
	struct contact c = somebody();
	c.full_name = str_of(name);
	return would_be_found(text, &c);
}

static void a_phrase_finds_a_title_in_its_other_spellings(void **state)
{
	(void)state;
	static const struct {
		const char *text, *name;
		bool found;
	} cases[] = {
		{ "\"hans mueller\"", "Hans M\xc3\xbcller", true },
		{ "\"hans muller\"", "Hans M\xc3\xbcller", true },
		{ "\"hans muel", "Hans M\xc3\xbcller", true },
		{ "\"mueller hans\"", "Hans M\xc3\xbcller", false },
		{ "\"maureen obrien\"", "Maureen O'Brien", true },
		{ "\"maureen o'brien\"", "Maureen O'Brien", true },
		{ "\"obrien maureen\"", "Maureen O'Brien", false },
		{ "\"joerg mueller-gross\"", "J\xc3\xb6rg M\xc3\xbcller-Gro\xc3\x9f", true },
		{ "\"joerg muellergross\"", "J\xc3\xb6rg M\xc3\xbcller-Gro\xc3\x9f", true },
		{ "\"jorg mullergross\"", "J\xc3\xb6rg M\xc3\xbcller-Gro\xc3\x9f", true },
		{ "\"annemarie mueller\"", "Anne-Marie M\xc3\xbcller", true },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(name_is_found(cases[i].text, cases[i].name) == cases[i].found
					? ""
					: cases[i].text,
		    "");
}

/* As typed, or with each word begun: when nothing has all of them as they were typed. */
static bool name_is_found_at_last(const char *text, const char *name)
{
	struct search_query query;
	search_parse(arena, &contacts_table, str_of(text), &query);
	struct contact c = somebody();
	c.full_name = str_of(name);
	return would_be_found(text, &c) || (query.begun && has_all(query.begun, &c));
}

static void names_with_particles_are_found_as_one_word_and_as_several(void **state)
{
	(void)state;
	static const struct {
		const char *text, *name;
	} at_once[] = {
		{ "vanderberg", "Jan van der Berg" },
		{ "jan vanderb", "Jan van der Berg" },
		{ "delacruz", "Maria de la Cruz" },
		{ "mcdonald", "Angus Mc Donald" },
		{ "osullivan", "Maureen O Sullivan" },
		{ "\xd8\xb9\xd8\xa8\xd8\xaf \xd8\xa7\xd9\x84\xd8\xb1\xd8\xad\xd9\x85\xd9\x86", "\xd8\xb9\xd8\xa8\xd8\xaf\xd8\xa7\xd9\x84\xd8\xb1\xd8\xad\xd9\x85\xd9\x86" },
		{ "\xd8\xb9\xd8\xa8\xd8\xaf\xd8\xa7\xd9\x84\xd8\xb1\xd8\xad\xd9\x85\xd9\x86", "\xd8\xb9\xd8\xa8\xd8\xaf \xd8\xa7\xd9\x84\xd8\xb1\xd8\xad\xd9\x85\xd9\x86" },
		{ "\xd8\xb9\xd8\xa8\xd8\xaf \xd8\xa7\xd9\x84\xd8\xb1\xd8\xad\xd9\x85\xd9\x86", "\xd8\xb9\xd8\xa8\xd8\xaf \xd8\xa7\xd9\x84\xd8\xb1\xd8\xad\xd9\x85\xd9\x86" },
		{ "\xd8\xb9\xd8\xa8\xd8\xaf \xd8\xa7\xd9\x84\xd8\xb1", "\xd8\xb9\xd8\xa8\xd8\xaf\xd8\xa7\xd9\x84\xd8\xb1\xd8\xad\xd9\x85\xd9\x86" },
		{ "name:\xd8\xb9\xd8\xa8\xd8\xaf \xd8\xa7\xd9\x84\xd8\xb1\xd8\xad\xd9\x85\xd9\x86", "\xd8\xb9\xd8\xa8\xd8\xaf\xd8\xa7\xd9\x84\xd8\xb1\xd8\xad\xd9\x85\xd9\x86" },
	}, at_last[] = {
		{ "van der berg", "Jan Vanderberg" },
		{ "jan van der ber", "Jan Vanderberg" },
		{ "van der berg jan", "Jan VanderBerg" },
		{ "maria de la cruz", "Maria Delacruz" },
		{ "angus mc donald", "Angus McDonald" },
		{ "o sullivan", "Maureen OSullivan" },
	};
	for (size_t i = 0; i < sizeof at_once / sizeof *at_once; i++)
		assert_string_equal(
		    name_is_found(at_once[i].text, at_once[i].name) ? "" : at_once[i].text, "");
	for (size_t i = 0; i < sizeof at_last / sizeof *at_last; i++)
		assert_string_equal(
		    name_is_found_at_last(at_last[i].text, at_last[i].name) ? "" : at_last[i].text,
		    "");
	assert_false(name_is_found_at_last("van der berg", "Jan Vanderborg"));
	assert_false(name_is_found_at_last("van der berg", "Jan Vander Bergen"));
}

static void a_name_with_particles_has_one_posting_more(void **state)
{
	(void)state;
	struct search_document d;
	struct postings all[2];
	struct contact c = somebody();
	static const char *const names[] = { "Jan van, der Berg", "Jan van der Berg" };
	for (size_t i = 0; i < 2; i++) {
		c.full_name = str_of(names[i]);
		search_document_of(arena, &contacts_table, &c, &d);
		search_postings_of(arena, &contacts_table, &d, &all[i]);
	}
	assert_true(has_term(&all[1], "-vanderberg"));
	/* der and berg are one there */
	assert_true(has_term(&all[0], "-derberg"));
	assert_int_equal(all[1].n, all[0].n);
	c.full_name = STR("Li Wu");
	search_document_of(arena, &contacts_table, &c, &d);
	assert_null(memmem(d.words.p, d.words.n, "liwu", 4));
}

static bool phone_is_found(const char *text, const char *phone, enum search_tier *tier)
{
	struct contact c = somebody();
	struct search_query query;
	struct search_document d;
	uint32_t weight;
	c.phones.json = str_of(arena_printf(arena, "[{\"value\":\"%s\"}]", phone));
	if (!would_be_found(text, &c))
		return false;
	search_parse(arena, &contacts_table, str_of(text), &query);
	search_document_of(arena, &contacts_table, &c, &d);
	return search_match(d.words, &query.words[0], &weight, tier);
}

struct phone_case {
	const char *text, *phone;
	bool found;
	enum search_tier tier;
};

static void check_phones(const struct phone_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		enum search_tier tier = TIER_FUZZY;
		bool found = phone_is_found(cases[i].text, cases[i].phone, &tier);
		bool right = found == cases[i].found && (!found || tier == cases[i].tier);
		assert_string_equal(
		    right ? "" : arena_printf(arena, "%s %s", cases[i].text, cases[i].phone), "");
	}
}

static void a_phone_number_is_found_as_it_is_begun_within_its_country(void **state)
{
	(void)state;
	static const struct phone_case cases[] = {
		{ "020 7946", "+44 20 7946 0018", true, TIER_PREFIX },
		{ "020 794", "+44 20 7946 0018", true, TIER_PREFIX },
		{ "20 7946 0", "+44 (0)20 7946 0018", true, TIER_PREFIX },
		{ "(020) 794", "0044 20 7946 0018", true, TIER_PREFIX },
		{ "20794", "020 7946 0018", true, TIER_PREFIX },
		{ "020 7946 0018", "+44 20 7946 0018", true, TIER_EXACT },
		{ "(212) 555-2", "+1 212 555 2345", true, TIER_PREFIX },
		{ "(212) 555-2", "(212) 555-2345", true, TIER_PREFIX },
		{ "212-555-2", "+12125552345", true, TIER_PREFIX },
		{ "0171 55", "+49 171 5551234", true, TIER_PREFIX },
		{ "0171 55", "0171/5551234", true, TIER_PREFIX },
		{ "0171 56", "0171/5551234", false, TIER_EXACT },
		{ "021 5551", "+353 21 5551234", true, TIER_PREFIX },
		{ "06 698 12", "+39 06 6981234", true, TIER_PREFIX },
		{ "4420794", "+44 20 7946 0018", true, TIER_PREFIX },
		{ "442079460018", "+44 20 7946 0018", true, TIER_EXACT },
		{ "4920794", "+44 20 7946 0018", false, TIER_EXACT },
	};
	check_phones(cases, sizeof cases / sizeof *cases);
}

static void an_extension_is_written_in_many_ways(void **state)
{
	(void)state;
	static const char *const ways[] = { "555-234-5678", "555-234-5678x42", "555-234-5678 x42",
		"555-234-5678 X 42", "555-234-5678 ext. 42", "555-234-5678 Ext 42",
		"555-234-5678, ext.42", "555-234-5678 extension 42", "555-234-5678 #42",
		"555-234-5678;ext=42", "tel:+1-555-234-5678;ext=42", "(555) 234-5678 poste 42",
		"555/2345678 Durchwahl 42" };
	enum search_tier tier;
	struct search_query query;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		for (size_t k = 0; k < sizeof ways / sizeof *ways; k++)
			assert_string_equal(phone_is_found(ways[i], ways[k], &tier)
						? ""
						: arena_printf(arena, "%s %s", ways[i], ways[k]),
			    "");
	assert_null(search_parse(arena, &contacts_table, STR("555-234-5678 x42 ada"), &query));
	assert_int_equal(query.n, 2);
	/* Something else that is there. */
	assert_null(search_parse(arena, &contacts_table, STR("555-234-5678 xavier"), &query));
	assert_int_equal(query.n, 2);
	assert_null(search_parse(arena, &contacts_table, STR("555-234-5678 x42b"), &query));
	assert_int_equal(query.n, 2);
	assert_null(search_parse(arena, &contacts_table, STR("berlin x42"), &query));
	assert_int_equal(query.n, 2);
}

static void a_country_that_is_typed_must_be_that_of_a_number_that_has_one(void **state)
{
	(void)state;
	static const struct phone_case cases[] = {
		{ "+49 30 12345678", "+49 30 12345678", true, TIER_EXACT },
		{ "+49 (0)30 12345678", "0049 30/12345678", true, TIER_EXACT },
		{ "+49 30 12345678", "030/12345678", true, TIER_EXACT },
		{ "0049 30 12345678", "030/12345678", true, TIER_EXACT },
		{ "+49 30 12345678", "4930 12345678", true, TIER_PREFIX },
		{ "+49 30 12345678", "+81 90-1234-5678", false, TIER_EXACT },
		{ "+49 30 12345678", "+43 30 12345678", false, TIER_EXACT },
		{ "+49 30 12345678", "090-1234-5678", true, TIER_PREFIX },
		{ "090-1234-5678", "030/12345678", true, TIER_PREFIX },
		{ "090-1234-5678", "+81 90-1234-5678", true, TIER_EXACT },
		{ "+7 495 123-45-67", "8 (495) 123-45-67", true, TIER_PREFIX },
		{ "+49 30 12", "+49 30 12345678", true, TIER_PREFIX },
		{ "0049 30 12", "+49 30 12345678", true, TIER_PREFIX },
		{ "+49 30 12", "4930 12345678", true, TIER_PREFIX },
		{ "+43 30 12", "+49 30 12345678", false, TIER_EXACT },
		{ "+49", "+49 30 12345678", true, TIER_PREFIX },
		{ "+43", "+49 30 12345678", false, TIER_EXACT },
		{ "+39 06 69", "+39 06 6981234", true, TIER_PREFIX },
		{ "0018", "+49 30 12340018", true, TIER_PREFIX },
		{ "00184", "+49 30 12300184", true, TIER_PREFIX },
	};
	check_phones(cases, sizeof cases / sizeof *cases);
}

/* Whole words, and any part of a run without spaces. */
static void what_is_copied_out_of_a_row_finds_it(void **state)
{
	(void)state;
	static const char *const pieces[] = { "\xe4\xba\xac", "\xe5\x8c\x97", "\xe5\xb0\x8f",
		"\xed\x95\x9c", "\xe3\x82\xab\xe3\x82\x99", " ", "o\xcc\x88", "Q", "7", "-", "." };
	enum {
		DENSE = 5,
		SPACE = DENSE,
		WORDS = 9,
		MOST = 40,
		PIECES = sizeof pieces / sizeof *pieces
	};
	uint64_t seed = 88172645463325252ULL;
	for (int round = 0; round < 3000; round++) {
		size_t of[MOST], n = 0, from, to;
		char text[8 * MOST] = "", part[8 * MOST] = "";
		for (; n < MOST; n++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			of[n] = seed % (round % 2 ? WORDS : PIECES);
			strcat(text, pieces[of[n]]);
		}
		/* From and to where a word may begin and end. */
		for (from = seed % (MOST / 2); from && of[from] > SPACE && of[from - 1] != SPACE;
		     from--) {
		}
		for (to = from + 1 + seed / MOST % (MOST / 4);
		     to < MOST && of[to - 1] > SPACE && of[to] > SPACE; to++) {
		}
		while (from < to && (of[from] == SPACE || of[from] >= WORDS))
			from++;
		for (size_t i = from; i < to; i++)
			strcat(part, pieces[of[i]]);
		if (!part[0])
			continue;
		struct contact c = somebody();
		*(round % 3 ? &c.full_name : &c.job_title) = str_of(text);
		assert_string_equal(would_be_found(part, &c) ? "" : part, "");
		arena_reset(arena);
	}
}

/* All of it, and as it is begun: from five digits behind the country or the 0 on. */
static void what_is_copied_out_of_a_number_finds_it(void **state)
{
	(void)state;
	static const char *const before[] = { "+49 ", "+49 (0) ", "+1-", "0049 ", "+353", "(+44) ",
		"0", "(0" };
	static const char *const between[] = { "", "", " ", "-", ".", "/", ") ", " - " };
	enum { COUNTRIES = 6, BEGUN = 5, DIGITS = 9 };
	uint64_t seed = 88172645463325252ULL;
	for (int round = 0; round < 2000; round++) {
		char phone[80];
		enum search_tier tier;
		size_t kind = (size_t)round % (sizeof before / sizeof *before), begun = 0,
		       n = (size_t)snprintf(phone, sizeof phone, "%s", before[kind]);
		for (size_t digit = 0; digit < DIGITS; digit++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			const char *sign =
			    digit ? between[seed / 16 % (sizeof between / sizeof *between)] : "";
			/* As a number begins within a country: an area of three digits. */
			if (kind >= COUNTRIES && digit < 2)
				sign = "";
			n += (size_t)snprintf(phone + n, sizeof phone - n, "%s%d", sign,
			    (int)(digit ? seed % 10 : 1 + seed % 9));
			if (digit + 1 == BEGUN + (size_t)round / 8 % (DIGITS - BEGUN))
				begun = n;
		}
		const char *start = arena_printf(arena, "%.*s", (int)begun, phone);
		assert_string_equal(phone_is_found(phone, phone, &tier) ? "" : phone, "");
		assert_int_equal(tier, TIER_EXACT);
		assert_string_equal(phone_is_found(start, phone, &tier)
					? ""
					: arena_printf(arena, "%s of %s", start, phone),
		    "");
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
		cmocka_unit_test(words_and_their_ways),
		cmocka_unit_test(a_row_has_a_document),
		cmocka_unit_test(the_groups_of_a_phone_number_stand_there_for_phrases_alone),
		cmocka_unit_test(other_numbers_are_words_too),
		cmocka_unit_test(a_document_has_postings),
		cmocka_unit_test(
		    the_first_words_of_a_title_are_terms_by_themselves_in_pairs_and_of_the_owner),
		cmocka_unit_test(each_part_of_a_run_without_spaces_is_a_posting),
		cmocka_unit_test(titled_words_of_whom_others_belong_to_are_terms_of_their_own),
		cmocka_unit_test(other_words_are_another_version),
		cmocka_unit_test(a_row_that_changes_otherwise_keeps_its_document),
		cmocka_unit_test(a_word_is_matched_where_it_weighs_most),
		cmocka_unit_test(a_phrase_finds_a_title_in_its_other_spellings),
		cmocka_unit_test(a_phone_number_is_found_as_it_is_begun_within_its_country),
		cmocka_unit_test(an_extension_is_written_in_many_ways),
		cmocka_unit_test(a_country_that_is_typed_must_be_that_of_a_number_that_has_one),
		cmocka_unit_test(names_with_particles_are_found_as_one_word_and_as_several),
		cmocka_unit_test(a_name_with_particles_has_one_posting_more),
		cmocka_unit_test(what_is_copied_out_of_a_row_finds_it),
		cmocka_unit_test(what_is_copied_out_of_a_number_finds_it),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
