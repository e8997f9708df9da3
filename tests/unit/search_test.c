/* layers: base http db core */
/*
 * The search index inside a transaction (core/search_write.h, core/search_find.h): a mutation finds
 * what it has written itself, as it is by then, and what is rolled back leaves nothing. Needs a
 * MariaDB: tests/unit/with_mariadb.
 */
#include "core/search_find.h"

#include "core/row.h"
#include "core/search_spell.h"
#include "core/search_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#undef fail /* the word of core/call.h here */

#include "search_worker.h"

/* How many tags a search finds in the call. */
static size_t finds(struct call *call, const char *text)
{
	struct search_query query;
	struct search_hits hits;
	assert_null(search_parse(call->arena, &tags_table, str_of(text), &query));
	assert_int_equal(search_find(call, &tags_table, LEVEL_ALL, &query, NULL, HITS, &hits), OK);
	return hits.n;
}

static error tag_make(struct call *call, const char *name, struct tag *tag)
{
	row_init(&tags_table, tag);
	tag->name = str_of(name);
	tag->color = TAG_COLOR_RED;
	return tag_insert(call, tag);
}

/* ---- what mutations do ---- */

static error makes_and_changes(struct call *call)
{
	struct tag tag, locked;
	TRY(tag_make(call,
	    "\xc3\x9c"
	    "berraschung",
	    &tag));
	assert_int_equal(finds(call, "uberrasch"), 1);
	TRY(tag_lock(call, tag.id, &locked));
	locked.name = STR("Geschenk");
	TRY(tag_update(call, &locked));
	assert_int_equal(finds(call, "uberrasch"), 0);
	assert_int_equal(finds(call, "geschenk"), 1);
	return OK;
}

static void a_mutation_finds_its_own_rows_as_they_are(void **state)
{
	(void)state;
	assert_int_equal(mutate(makes_and_changes), OK);
	assert_int_equal(number("SELECT COUNT(*) FROM search_documents"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM search_postings WHERE term = 'geschenk'"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM search_postings WHERE term LIKE 'u%'"), 0);
}

static error makes_and_fails(struct call *call)
{
	struct tag tag;
	TRY(tag_make(call, "Ghost", &tag));
	assert_int_equal(finds(call, "ghost"), 1);
	return fail(call, CONFLICT, NULL, "no");
}

static void what_is_rolled_back_leaves_nothing(void **state)
{
	(void)state;
	assert_int_equal(mutate(makes_and_fails), CONFLICT);
	assert_int_equal(number("SELECT COUNT(*) FROM search_documents"), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM search_postings"), 0);
}

static error try_ghost(struct call *call, void *with)
{
	(void)with;
	return makes_and_fails(call);
}

static error makes_and_tries(struct call *call)
{
	struct tag tag;
	TRY(tag_make(call, "First", &tag));
	assert_int_equal(call_attempt(call, try_ghost, NULL), CONFLICT);
	call->problem = (struct problem) { 0 };
	assert_int_equal(finds(call, "ghost"), 0);
	assert_int_equal(finds(call, "first"), 1);
	return OK;
}

static void what_one_attempt_did_is_taken_back_alone(void **state)
{
	(void)state;
	assert_int_equal(mutate(makes_and_tries), OK);
	assert_int_equal(number("SELECT COUNT(*) FROM search_documents"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM search_postings WHERE term = 'first'"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM search_postings WHERE term = 'ghost'"), 0);
}

static error makes_and_deletes(struct call *call)
{
	struct tag tag;
	TRY(tag_make(call, "Short", &tag));
	TRY(tag_delete(call, tag.id));
	assert_int_equal(finds(call, "short"), 0);
	TRY(tag_restore(call, tag.id));
	assert_int_equal(finds(call, "short"), 1);
	return tag_delete(call, tag.id);
}

static void what_is_deleted_has_no_postings(void **state)
{
	(void)state;
	assert_int_equal(mutate(makes_and_deletes), OK);
	assert_int_equal(number("SELECT COUNT(*) FROM search_documents WHERE deleted"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM search_postings"), 0);
}

static error makes_many(struct call *call)
{
	enum { MANY = 1500 }; /* of which each statement takes a part */
	struct tag *tags = ARENA_ARRAY(call->arena, MANY, struct tag);
	for (int i = 0; i < MANY; i++) {
		row_init(&tags_table, &tags[i]);
		tags[i].name = str_of(arena_printf(call->arena, "Many number%d", i));
		tags[i].color = TAG_COLOR_RED;
	}
	TRY(tags_insert_all(call, tags, MANY));
	assert_int_equal(finds(call, "number1234"), 1);
	assert_int_equal(finds(call, "many"), HITS);
	return OK;
}

static void many_rows_are_written_at_once(void **state)
{
	(void)state;
	assert_int_equal(mutate(makes_many), OK);
	assert_int_equal(number("SELECT COUNT(*) FROM search_postings WHERE term = 'many'"), 1500);
}

static error misspells(struct call *call)
{
	struct tag tag;
	static const char *const names[] = { "Smith", "Smyth Lovelace", "Konstantinopel", "Anna",
		"\xd0\xa1\xd0\xbc\xd0\xb8\xd1\x80\xd0\xbd\xd0\xbe\xd0\xb2" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		TRY(tag_make(call, names[i], &tag));
	/* One letter too many, too few, another one, two that changed places; the first, the last.
	 */
	static const char *const one[] = { "lovelacce", "lovelce", "lovelyce", "lovleace",
		"ovelace", "lovelac", "xovelace", "lovelacx", "olvelace", "smyht lovelace" };
	for (size_t i = 0; i < sizeof one / sizeof *one; i++)
		assert_int_equal(finds(call, one[i]), 1);
	/* Who typed it may mean Smyth, until more have that name. */
	assert_int_equal(finds(call, "smith"), 2);
	assert_int_equal(finds(call, "smyth"), 2);
	TRY(tag_make(call, "Smith and sons", &tag));
	assert_int_equal(finds(call, "smith"), 3);
	TRY(tag_make(call, "Smith and daughters", &tag));
	assert_int_equal(finds(call, "smith"), 3);
	assert_int_equal(finds(call, "smotj"), 0); /* two letters, of five */
	/* Two steps, wherever they are; but not the first letter and the last. */
	static const char *const two[] = { "konstatninopl", "xonstantinopxl", "osntantinopel",
		"okntsantinopel", "okonstantinople", "konxtaxtinopel", "onstantinopel",
		"xonstxntinopel" };
	for (size_t i = 0; i < sizeof two / sizeof *two; i++)
		assert_int_equal(finds(call, two[i]), 1);
	assert_int_equal(finds(call, "xonstantinopex"), 0);
	assert_int_equal(finds(call, "onstantinope"), 0);
	assert_int_equal(finds(call, "xonxtanxinopel"), 0);
	assert_int_equal(finds(call, "ana"), 0); /* three letters are not guessed at */
	assert_int_equal(finds(call, "annn"), 1);
	assert_int_equal(
	    finds(call, "\xd0\xa1\xd0\xbc\xd0\xb8\xd1\x80\xd0\xb0\xd0\xbe\xd0\xb2"), 1);
	assert_int_equal(finds(call, "\"lovelce\""), 0); /* in quotes it is meant so */
	return OK;
}

static error makes_and_is_dropped(struct call *call)
{
	TRY(makes_and_changes(call));
	return fail(call, CONFLICT, NULL, "no");
}

static error finds_a_misspelt_word(struct call *call)
{
	struct tag tag;
	TRY(tag_make(call, "Geschenk", &tag));
	assert_int_equal(finds(call, "geschnek"), 1);
	return OK;
}

/* What a worker remembers of the words that are there must not be of what was rolled back. */
static void a_word_is_kept_again_after_it_was_rolled_back(void **state)
{
	(void)state;
	assert_int_equal(mutate(makes_and_is_dropped), CONFLICT);
	assert_int_equal(number("SELECT COUNT(*) FROM search_words"), 0);
	assert_int_equal(mutate(finds_a_misspelt_word), OK);
	assert_int_equal(number("SELECT COUNT(*) FROM search_words"), 2);
}

static void a_word_is_kept_once_and_stays(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(mutate(finds_a_misspelt_word), i ? CONFLICT : OK);
	assert_int_equal(mutate(makes_and_deletes), OK);
	assert_int_equal(number("SELECT COUNT(*) FROM search_words WHERE word NOT LIKE '~%'"), 2);
}

static void a_misspelt_word_is_found(void **state)
{
	(void)state;
	assert_int_equal(mutate(misspells), OK);
}

static void the_steps_between_two_words_are_counted(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		size_t steps;
	} cases[] = { { "smith", "smith", 0 }, { "smtih", "smith", 1 }, { "smth", "smith", 1 },
		{ "smiith", "smith", 1 }, { "smyth", "smith", 1 }, { "smytj", "smith", 2 },
		{ "abcde", "vwxyz", 3 }, { "", "ab", 2 }, { "abc", "abcdef", 3 },
		{ "\xc3\xa9t\xc3\xa9", "ete", 2 } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(
		    search_distance(str_of(cases[i].a), str_of(cases[i].b), 2), cases[i].steps);
		assert_int_equal(
		    search_distance(str_of(cases[i].b), str_of(cases[i].a), 2), cases[i].steps);
	}
}

/* ---- set-up ---- */

static int group_setup(void **state)
{
	(void)state;
	int e = worker_setup();
	if (worker)
		script(
		    "INSERT INTO role_permissions (company_id, id, role_id, object, action, level) "
		    "VALUES ('" COMPANY "', '" ROLE "', '" ROLE "', 'tags', 'view', 'all')");
	return e;
}

static int setup(void **state)
{
	(void)state;
	if (!worker)
		skip();
	script("DELETE FROM tags; DELETE FROM search_documents; DELETE FROM search_postings; "
	       "DELETE FROM search_words");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_mutation_finds_its_own_rows_as_they_are, setup),
		cmocka_unit_test_setup(what_is_rolled_back_leaves_nothing, setup),
		cmocka_unit_test_setup(what_one_attempt_did_is_taken_back_alone, setup),
		cmocka_unit_test_setup(what_is_deleted_has_no_postings, setup),
		cmocka_unit_test_setup(many_rows_are_written_at_once, setup),
		cmocka_unit_test_setup(a_word_is_kept_again_after_it_was_rolled_back, setup),
		cmocka_unit_test_setup(a_word_is_kept_once_and_stays, setup),
		cmocka_unit_test_setup(a_misspelt_word_is_found, setup),
		cmocka_unit_test(the_steps_between_two_words_are_counted),
	};
	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
