/* layers: base http db core */
/*
 * Answers as they are declared: a struct is written by its members' descriptions, and a document
 * that is not as declared is found, with the place.
 */
#include "core/out_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "in_arena.h"

enum size { SMALL = 1, LARGE };
static const char *const size_names[] = { "", "small", "large", NULL };

struct part_out {
	uuid id;
	str name;
};
ANSWER(part) = { MEMBER(part, id), MEMBER(part, name) };

struct entry_out {
	str key;
	int64_t count;
};
ANSWER(entry) = { MEMBER(entry, key), MEMBER(entry, count) };

struct thing_out {
	str text;
	int64_t number;
	bool yes;
	enum size size;
	money price;
	day day;
	instant at;
	json_text any, words;
	list ids, texts, parts, map;
	struct part_out part, none;
	str extra;
};
ANSWER(thing) = {
	MEMBER(thing, text),
	MEMBER(thing, number, .flags = F_NULLABLE),
	MEMBER(thing, yes),
	MEMBER(thing, size, .names = size_names),
	MEMBER(thing, price),
	MEMBER(thing, day),
	MEMBER(thing, at),
	MEMBER(thing, any),
	MEMBER(thing, words, .flags = F_ARRAY, .item = &(const struct field) { .type = T_TEXT }),
	MEMBER_AS(thing, ids, T_IDS),
	MEMBER_TEXTS(thing, texts),
	MEMBER_LIST(thing, parts, part),
	MEMBER_MAP(thing, map, entry),
	MEMBER_OBJECT(thing, part, part),
	MEMBER_OBJECT(thing, none, part, .flags = F_NULLABLE),
	MEMBER(thing, extra, .flags = F_OPTIONAL),
};
static const struct field_set thing = ANSWER_SET(thing);

#define ID "01890a5d-0000-7000-8000-000000000001"
#define WHOLE \
	"{\"text\":\"t\",\"number\":null,\"yes\":true,\"size\":\"large\",\"price\":{\"amount\":" \
	"\"1.50\",\"currency\":\"EUR\"},\"day\":\"2026-01-31\",\"at\":\"2026-01-31T00:00:00Z\"," \
	"\"any\":{\"x\":1},\"words\":[],\"ids\":[\"" ID "\"],\"texts\":[\"a\",\"b\"],\"parts\":[{" \
	"\"id\":\"" ID "\",\"name\":\"n\"}],\"map\":{\"one\":1},\"part\":{\"id\":\"" ID \
	"\",\"name\":\"p\"},\"none\":null}"

static void a_struct_is_written_as_its_members_are_described(void **state)
{
	(void)state;
	struct thing_out t;
	struct buf b = { 0 };
	struct json j;
	str texts[] = { STR("a"), STR("b") };
	uuid ids[] = { { ID } };
	struct part_out parts[] = { { { ID }, STR("n") } };
	struct entry_out entries[] = { { STR("one"), 1 } };
	out_begin(&thing, &t);
	t.text = STR("t");
	t.yes = true;
	t.size = LARGE;
	t.price = (money) { 150, "EUR" };
	assert_true(day_parse(STR("2026-01-31"), &t.day));
	assert_true(instant_parse(STR("2026-01-31T00:00:00Z"), &t.at));
	t.any.json = STR("{\"x\":1}");
	t.ids = (list) { ids, 1 };
	t.texts = (list) { texts, 2 };
	t.parts = (list) { parts, 1 };
	t.map = (list) { entries, 1 };
	t.part = (struct part_out) { { ID }, STR("p") };
	json_begin(&j, &b);
	out_write(&j, &thing, &t);
	buf_char(&b, 0);
	assert_string_equal(b.p, WHOLE);
	buf_free(&b);
}

/* ---- the check ---- */

static const struct field row_columns[] = {
	{ .name = "id", .type = T_ID },
	{ .name = "secret", .type = T_TEXT, .flags = F_PRIVATE },
	{ .name = "name", .type = T_TEXT },
	{ .name = "owner_id", .type = T_ID, .flags = F_NULLABLE, .ref = &agents_table },
	{ .name = "notes",
	    .type = T_JSON,
	    .flags = F_ARRAY,
	    .item = &(const struct field) { .type = T_TEXT } },
};
static const struct table rows = {
	.name = "rows", .columns = { row_columns, 5, 0 }, .id = row_columns
};

static const struct operation
    get_thing = { .name = "get_thing",
	    .kind = QUERY_KIND,
	    .answer = ANSWER_OBJECT,
	    .out = ANSWER_SET(thing) },
    change_thing = { .name = "change_thing",
	    .kind = MUTATION_KIND,
	    .answer = ANSWER_OBJECT,
	    .out = ANSWER_SET(part) },
    quiet = { .name = "quiet",
	    .kind = MUTATION_KIND,
	    .answer = ANSWER_OBJECT,
	    .out = ANSWER_SET(part),
	    .unversioned = true },
    nothing = { .name = "nothing", .kind = MUTATION_KIND, .answer = ANSWER_NOTHING },
    get_row = { .name = "get_row", .kind = QUERY_KIND, .answer = ANSWER_ROW, .table = &rows },
    change_row = { .name = "change_row",
	    .kind = MUTATION_KIND,
	    .answer = ANSWER_ROW,
	    .table = &rows },
    get_rows = { .name = "get_rows", .kind = QUERY_KIND, .answer = ANSWER_LIST, .table = &rows };

static struct call call;
static char pointer[OUT_POINTER];
static const char *why;

static bool good(const struct operation *op, const char *text)
{
	call.op = op;
	call.arena = a;
	return out_check(&call, str_of(text), pointer, &why);
}

static void bad(const struct operation *op, const char *text, const char *place, const char *reason)
{
	if (good(op, text))
		fail_msg("taken: %s", text);
	assert_string_equal(pointer, place);
	assert_string_equal(why, reason);
}

/* WHOLE with one text in place of another. */
static const char *with(const char *from, const char *to)
{
	const char *at = strstr(WHOLE, from);
	assert_non_null(at);
	return arena_printf(a, "%.*s%s%s", (int)(at - WHOLE), WHOLE, to, at + strlen(from));
}

static void an_object_is_as_declared(void **state)
{
	(void)state;
	assert_true(good(&get_thing, WHOLE));
	assert_true(good(&get_thing, with("null}", "null,\"extra\":\"e\"}")));
	bad(&get_thing, with("\"none\"", "\"more\":1,\"none\""), "/more", "is not declared");
	bad(&get_thing, with("\"yes\":true,", ""), "/yes", "is missing");
	bad(&get_thing, with("\"t\"", "null"), "/text", "is null");
	bad(&get_thing, with("\"t\"", "1"), "/text", "is not a text");
	bad(&get_thing, with("true", "1"), "/yes", "is not a boolean");
	bad(&get_thing, with(":null", ":\"1\""), "/number", "is not a whole number");
	bad(&get_thing, with("large", "huge"), "/size", "is none of its values");
	bad(&get_thing, with("2026-01-31\"", "31.1.2026\""), "/day", "is not a day");
	bad(&get_thing, with("00Z", "00+01:00"), "/at", "is not a time in UTC");
	bad(&get_thing, with("EUR", "EURO"), "/price", "is not an amount of money");
	bad(&get_thing, with("[]", "null"), "/words", "is null");
	bad(&get_thing, with("[]", "[1]"), "/words/0", "is not a text");
	bad(&get_thing, with("[\"" ID, "[\"x"), "/ids/0", "is not an id");
	bad(&get_thing, with("\"b\"", "{}"), "/texts/1", "is not a text");
	bad(&get_thing, with("\"name\":\"n\"", "\"nom\":\"n\""), "/parts/0/nom", "is not declared");
	bad(&get_thing, with("{\"one\":1}", "{\"one\":\"1\"}"), "/map/one",
	    "is not a whole number");
	bad(&get_thing, with("\"part\":{", "\"part\":null,\"x\":{"), "/part", "is null");
	bad(&get_thing, "[]", "", "is not an object");
	bad(&get_thing, "", "", "is not an object");
}

static void a_mutation_tells_the_version(void **state)
{
	(void)state;
	assert_true(good(&change_thing, "{\"id\":\"" ID "\",\"name\":\"n\",\"version\":7}"));
	bad(&change_thing, "{\"id\":\"" ID "\",\"name\":\"n\"}", "/version", "is missing");
	assert_true(good(&quiet, "{\"id\":\"" ID "\",\"name\":\"n\"}"));
	assert_true(good(&nothing, ""));
	bad(&nothing, "{}", "", "is there");
}

#define ROW_OF(NAME, OWNER, MORE) \
	"{\"id\":\"" ID "\",\"name\":" NAME ",\"owner_id\":" OWNER ",\"notes\":[\"x\"]" MORE "}"

static void a_row_is_its_public_columns(void **state)
{
	(void)state;
	call.fields = call.expand = (str) { NULL, 0 };
	assert_true(good(&get_row, ROW_OF("\"n\"", "null", "")));
	bad(&get_row, ROW_OF("\"n\"", "null", ",\"secret\":\"s\""), "/secret", "is not declared");
	bad(&get_row, ROW_OF("null", "null", ""), "/name", "is null");
	bad(&get_row, "{\"id\":\"" ID "\"}", "/name", "is missing");
	assert_true(good(&change_row, "{\"id\":\"" ID "\",\"version\":1}"));
	assert_true(good(&change_row, ROW_OF("\"n\"", "null", ",\"version\":1")));
	bad(&change_row, ROW_OF("\"n\"", "null", ""), "/version", "is missing");
	call.fields = STR("name, name");
	assert_true(good(&get_row, "{\"name\":\"n\"}"));
	bad(&get_row, "{\"id\":\"" ID "\",\"name\":\"n\"}", "/id", "is not declared");
	call.expand = STR("owner");
	assert_true(good(&get_row, "{\"name\":\"n\",\"owner\":null}"));
	bad(&get_row, "{\"name\":\"n\"}", "/owner", "is missing");
	bad(&get_row, "{\"name\":\"n\",\"owner\":{\"full_name\":\"N\",\"shoe\":1}}", "/owner/shoe",
	    "is not declared");
	call.fields = call.expand = (str) { NULL, 0 };
}

#define PAGE_OF(ROWS, META) "{\"data\":[" ROWS "],\"meta\":" META "}"
#define META "{\"has_more\":false,\"next_cursor\":null}"

static void a_list_has_rows_and_says_where_it_goes_on(void **state)
{
	(void)state;
	assert_true(good(&get_rows, PAGE_OF("", META)));
	assert_true(good(&get_rows, PAGE_OF(ROW_OF("\"n\"", "\"" ID "\"", ""), META)));
	bad(&get_rows, PAGE_OF(ROW_OF("1", "null", ""), META), "/data/0/name", "is not a text");
	bad(&get_rows, PAGE_OF("", "{\"has_more\":false}"), "/meta/next_cursor", "is missing");
	assert_true(good(&get_rows,
	    PAGE_OF("", "{\"has_more\":true,\"next_cursor\":\"c\",\"total\":\"10000+\"}")));
	assert_true(good(&get_rows,
	    PAGE_OF("", "{\"has_more\":true,\"next_cursor\":\"c\",\"total\":\"200+\"}")));
	bad(&get_rows, PAGE_OF("", "{\"has_more\":true,\"next_cursor\":\"c\",\"total\":\"many\"}"),
	    "/meta/total", "is neither a number nor \"10000+\" nor \"200+\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_struct_is_written_as_its_members_are_described, setup, teardown),
		cmocka_unit_test_setup_teardown(an_object_is_as_declared, setup, teardown),
		cmocka_unit_test_setup_teardown(a_mutation_tells_the_version, setup, teardown),
		cmocka_unit_test_setup_teardown(a_row_is_its_public_columns, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_list_has_rows_and_says_where_it_goes_on, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
