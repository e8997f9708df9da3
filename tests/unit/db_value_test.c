/* layers: base db */
/* Values to the database and back, as the program keeps them and as JSON. */
#include "db_fixture.h"

/* --- Values there and back */

static const char *const colors[] = { "", "red", "dark green", NULL };

struct everything {
	uuid id;
	str name;
	int64_t count;
	bool flag;
	int color;
	money price;
	day born;
	instant seen;
	json_text document;
	str raw;
	subject about;
};

static const struct subject_kind kinds[] = { { "ship", NULL }, { "crew", NULL }, { "port", NULL } };

#define F(member, kind) \
	{ \
		.name = #member, .type = kind, .offset = offsetof(struct everything, member), \
		.names = colors, .kinds = kinds, .n_kinds = kind == T_SUBJECT ? COUNT(kinds) : 0 \
	}
static const struct field everything[] = { F(id, T_ID), F(name, T_TEXT), F(count, T_INT),
	F(flag, T_BOOL), F(color, T_ENUM), F(price, T_MONEY), F(born, T_DAY), F(seen, T_INSTANT),
	F(document, T_JSON), F(about, T_SUBJECT), F(raw, T_BYTES) };

static const struct field *const *all_columns(void)
{
	static const struct field *columns[COUNT(everything)];
	for (size_t i = 0; i < COUNT(everything); i++)
		columns[i] = &everything[i];
	return columns;
}

/* Writes the row, reads it back as a struct and as JSON (all but the bytes). */
static const char *round_trip(const struct everything *in, struct everything *out)
{
	struct db_param params[COUNT(everything)];
	for (size_t i = 0; i < COUNT(everything); i++) {
		const struct field *f = &everything[i];
		params[i] = (struct db_param) { f->type, (const char *)in + f->offset, f };
	}
	SCRIPT("CREATE OR REPLACE TABLE everything (id UUID, name MEDIUMTEXT, count BIGINT, flag "
	       "BOOLEAN, "
	       "color ENUM('red','dark green'), price DECIMAL(15,2), price_currency CHAR(3), born "
	       "DATE, seen DATETIME(6), "
	       "document JSON, ship_id UUID, crew_id UUID, port_id UUID, raw LONGBLOB) CHARACTER "
	       "SET utf8mb4");
	assert_int_equal(
	    db_execute(writer, STR("INSERT INTO everything VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
		params, COUNT(params), NULL),
	    OK);
	memset(out, 0xee, sizeof *out);
	assert_int_equal(db_one(reader, a, STR("SELECT * FROM everything"), NULL, 0, all_columns(),
			     COUNT(everything), out),
	    OK);
	return json_of(reader,
	    "SELECT id, name, count, flag, color, price, price_currency, born, seen, document, "
	    "ship_id, crew_id, port_id "
	    "FROM everything",
	    all_columns(), COUNT(everything) - 1);
}

static void ordinary_values_come_back(void **state)
{
	(void)state;
	needs_database();
	struct everything in = { { "0190a6c7-1111-7222-8333-444455556666" },
		STR("a \"b\" \\ \n é 😀"), 42, true, 2, { 123450, "EUR" }, { 19754 }, { 0 },
		{ STR("{\"a\": [1, \"é\"]}") }, STR("\0\xff\r\n"),
		{ "port", { "0190a6c7-1111-7222-8333-444455556667" } } };
	struct everything out;
	assert_true(instant_parse(STR("2024-02-29T23:59:59.000001Z"), &in.seen));
	const char *json = round_trip(&in, &out);
	assert_string_equal(out.id.text, in.id.text);
	assert_true(str_eq(out.name, in.name));
	assert_int_equal(out.name.p[out.name.n], 0);
	assert_int_equal(out.count, 42);
	assert_true(out.flag);
	assert_int_equal(out.color, 2);
	assert_int_equal(out.price.hundredths, 123450);
	assert_string_equal(out.price.currency, "EUR");
	assert_int_equal(out.born.days, 19754);
	assert_int_equal(out.seen.us, in.seen.us);
	assert_true(str_eq(out.document.json, in.document.json));
	assert_true(str_eq(out.raw, in.raw));
	assert_string_equal(out.about.object, "port");
	assert_string_equal(out.about.id.text, in.about.id.text);
	assert_string_equal(json,
	    "[\"0190a6c7-1111-7222-8333-444455556666\",\"a \\\"b\\\" \\\\ \\n é 😀\",42,true,\"dark "
	    "green\","
	    "{\"amount\":\"1234.50\",\"currency\":\"EUR\"},\"2024-02-01\",\"2024-02-29T23:59:59."
	    "000001Z\","
	    "{\"a\": [1, "
	    "\"é\"]},{\"object\":\"port\",\"id\":\"0190a6c7-1111-7222-8333-444455556667\"}]");
}

static void none_is_null_and_comes_back_as_none(void **state)
{
	(void)state;
	needs_database();
	const struct everything in = { .count = INT_NONE, .born = DAY_NONE, .seen = INSTANT_NONE };
	struct everything out;
	const char *json = round_trip(&in, &out);
	assert_string_equal(json, "[null,null,null,false,null,null,null,null,null,null]");
	assert_int_equal(out.id.text[0], 0);
	assert_true(str_none(out.name) && str_none(out.document.json) && str_none(out.raw));
	assert_true(out.count == INT_NONE && !out.flag && out.color == 0);
	assert_true(money_none(out.price) && day_none(out.born) && instant_none(out.seen));
	assert_int_equal(out.about.object[0], 0);
	assert_int_equal(
	    int_of(reader,
		"SELECT COUNT(*) FROM everything WHERE CONCAT(id) IS NULL AND name IS NULL AND "
		"count IS NULL AND "
		"color IS NULL AND price IS NULL AND price_currency IS NULL AND born IS NULL AND "
		"seen IS NULL AND "
		"document IS NULL AND ship_id IS NULL AND crew_id IS NULL AND port_id IS NULL "
		"AND raw IS NULL"),
	    1);
	RUN(writer, "UPDATE everything SET flag = NULL");
	assert_string_equal(
	    json_of(reader, "SELECT flag FROM everything", &all_columns()[3], 1), "[null]");
}

static void a_parameter_without_a_value_is_null(void **state)
{
	(void)state;
	needs_database();
	for (size_t i = 0; i < COUNT(everything); i++) {
		enum field_type type = everything[i].type;
		int64_t n = 0;
		struct db_param p = { everything[i].type, NULL, &everything[i] };
		assert_int_equal(db_one(reader, a,
				     type == T_SUBJECT ? STR("SELECT COALESCE(?, ?, ?) IS NULL")
				     : type == T_MONEY ? STR("SELECT COALESCE(?, ?) IS NULL")
						       : STR("SELECT ? IS NULL"),
				     &p, 1, int_column, 1, &n),
		    OK);
		assert_int_equal(n, 1);
	}
}

static void an_unknown_name_is_an_error_of_ours(void **state)
{
	(void)state;
	needs_database();
	int beyond = 3, below = -1;
	const struct field *f = &everything[4];
	assert_int_equal(
	    KIND(db_execute(writer, STR("DO ?"), PARAMS({ T_ENUM, &beyond, f }), NULL)), INTERNAL);
	assert_int_equal(
	    KIND(db_execute(writer, STR("DO ?"), PARAMS({ T_ENUM, &below, f }), NULL)), INTERNAL);
}

static void the_largest_and_smallest_values_come_back(void **state)
{
	(void)state;
	needs_database();
	struct everything in = {
		.count = INT64_MAX, .price = { MONEY_MAX, "XTS" }, .name = STR(""), .raw = STR("")
	};
	struct everything out;
	char bytes[256];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)i;
	in.raw = (str) { bytes, sizeof bytes };
	assert_true(day_parse(STR("9999-12-31"), &in.born));
	assert_true(instant_parse(STR("9999-12-31T23:59:59.999999Z"), &in.seen));
	const char *json = round_trip(&in, &out);
	assert_non_null(strstr(json, "9223372036854775807"));
	assert_non_null(strstr(json, "{\"amount\":\"9999999999999.99\",\"currency\":\"XTS\"}"));
	assert_non_null(strstr(json, "\"9999-12-31\",\"9999-12-31T23:59:59.999999Z\""));
	assert_true(out.count == INT64_MAX && out.price.hundredths == MONEY_MAX);
	assert_true(out.born.days == in.born.days && out.seen.us == in.seen.us);
	assert_true(str_eq(out.raw, in.raw));
	assert_true(!str_none(out.name) && out.name.n == 0);

	in.count = INT64_MIN + 1;
	in.price.hundredths = -MONEY_MAX;
	assert_true(day_parse(STR("0001-01-01"), &in.born));
	assert_true(instant_parse(STR("0001-01-01T00:00:00Z"), &in.seen));
	json = round_trip(&in, &out);
	assert_non_null(strstr(json, "-9223372036854775807"));
	assert_non_null(strstr(json, "\"-9999999999999.99\""));
	assert_non_null(strstr(json, "\"0001-01-01\",\"0001-01-01T00:00:00Z\""));
	assert_true(out.count == INT64_MIN + 1 && out.price.hundredths == -MONEY_MAX);
	assert_true(out.born.days == in.born.days && out.seen.us == in.seen.us);
}

static void times_beyond_the_calendar_become_its_ends(void **state)
{
	(void)state;
	needs_database();
	static const struct field at = { .name = "at", .type = T_INSTANT },
				  on = { .name = "on", .type = T_DAY };
	const struct field *const instant_column[] = { &at }, *const day_column[] = { &on };
	const int64_t far[] = { INT64_MAX, INT64_MIN + 1 };
	const char *const ends[] = { "9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z" };
	for (size_t i = 0; i < COUNT(far); i++) {
		instant in = { far[i] }, out;
		day d = { i == 0 ? INT32_MAX : INT32_MIN + 1 }, e;
		char t[INSTANT_TEXT], u[DAY_TEXT];
		assert_int_equal(db_one(reader, a, STR("SELECT CAST(? AS DATETIME(6))"),
				     PARAMS(DB_PARAM_INSTANT(&in)), instant_column, 1, &out),
		    OK);
		instant_format(out, t);
		assert_string_equal(t, ends[i]);
		assert_int_equal(db_one(reader, a, STR("SELECT CAST(? AS DATE)"),
				     PARAMS({ T_DAY, &d, NULL }), day_column, 1, &e),
		    OK);
		day_format(e, u);
		assert_memory_equal(u, ends[i], 10);
	}
}

static void an_instant_is_written_as_the_json_writer_writes_it(void **state)
{
	(void)state;
	needs_database();
	static const struct field at = { .name = "at", .type = T_INSTANT };
	const struct field *const columns[] = { &at, &at, &at, &at, &at };
	assert_string_equal(
	    json_of(reader,
		"SELECT TIMESTAMP'1969-12-31 23:59:59', TIMESTAMP'2024-12-31 00:00:00', "
		"DATE'2024-01-02', "
		"TIMESTAMP'2024-01-02 03:04:05.60', TIMESTAMP'1000-10-10 10:10:10.000010'",
		columns, 5),
	    "[\"1969-12-31T23:59:59Z\",\"2024-12-31T00:00:00Z\",\"2024-01-02T00:00:00Z\","
	    "\"2024-01-02T03:04:05.600000Z\",\"1000-10-10T10:10:10.000010Z\"]");
}

static void numbers_of_every_width_are_read(void **state)
{
	(void)state;
	needs_database();
	SCRIPT("CREATE OR REPLACE TABLE widths (a TINYINT, b TINYINT UNSIGNED, c SMALLINT, d "
	       "SMALLINT UNSIGNED, e MEDIUMINT, "
	       "f MEDIUMINT UNSIGNED, g INT, h INT UNSIGNED, i BIGINT, j BIGINT UNSIGNED, k "
	       "DECIMAL(20,3))");
	SCRIPT("INSERT INTO widths VALUES (-128, 255, -32768, 65535, -8388608, 16777215, "
	       "-2147483648, 4294967295, -5, "
	       "18446744073709551615, -2.5)");
	const struct field *columns[13];
	for (size_t i = 0; i < COUNT(columns); i++)
		columns[i] = &int_field;
	/* What an int64_t cannot hold becomes the nearest that it can; a fraction is rounded as SQL
	 * rounds. */
	assert_string_equal(
	    json_of(reader, "SELECT a,b,c,d,e,f,g,h,i,j,k,SUM(g),AVG(g) FROM widths", columns, 13),
	    "[-128,255,-32768,65535,-8388608,16777215,-2147483648,4294967295,-5,"
	    "9223372036854775807,-3,-2147483648,"
	    "-2147483648]");
}

static void amounts_are_read_from_any_number(void **state)
{
	(void)state;
	needs_database();
	static const struct field price = { .name = "price", .type = T_MONEY };
	const struct field *const columns[] = { &price, &price, &price, &price, &price, &price };
	assert_string_equal(
	    json_of(reader,
		"SELECT 1.005, 'EUR', -1.004, 'EUR', 7, 'EUR', 0.1, 'EUR', NULL, 'EUR', 3.00, NULL",
		columns, 6),
	    "[{\"amount\":\"1.01\",\"currency\":\"EUR\"},{\"amount\":\"-1.00\",\"currency\":"
	    "\"EUR\"},"
	    "{\"amount\":\"7.00\",\"currency\":\"EUR\"},{\"amount\":\"0.10\",\"currency\":\"EUR\"},"
	    "null,null]");
}

static void texts_of_every_length_come_whole(void **state)
{
	(void)state;
	needs_database();
	const int64_t lengths[] = { 0, 1, 250, 251, 252, 1024, 65535, 65536, 1000000, 8000000 };
	for (size_t i = 0; i < COUNT(lengths); i++) {
		str s;
		assert_int_equal(db_one(reader, a, STR("SELECT CONCAT(REPEAT('x', ?), '😀')"),
				     PARAMS(DB_PARAM_INT(&lengths[i])), text_column, 1, &s),
		    OK);
		assert_int_equal(s.n, lengths[i] + 4);
		assert_memory_equal(s.p + lengths[i], "😀", 4);
		/* And in the other direction. */
		int64_t n;
		assert_int_equal(db_one(reader, a, STR("SELECT LENGTH(?)"),
				     PARAMS(DB_PARAM_TEXT(&s)), int_column, 1, &n),
		    OK);
		assert_int_equal(n, s.n);
	}
}

static void one_value_can_be_asked_for(void **state)
{
	(void)state;
	needs_database();
	static const struct field price = { .name = "price", .type = T_MONEY };
	const struct field *const columns[] = { &price, &text_field, &text_field, &price };
	struct db_rows *rows = query(reader, "SELECT 1, 'EUR', 'b', NULL, NULL, NULL", columns, 4);
	assert_false(db_is_null(rows, 0));
	assert_true(str_is(db_text(rows, 1), "b"));
	assert_true(db_is_null(rows, 2) && str_none(db_text(rows, 2)));
	assert_true(db_is_null(rows, 3));
}

int main(void)
{
	say_what_is_skipped();
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(ordinary_values_come_back),
		TEST(none_is_null_and_comes_back_as_none),
		TEST(a_parameter_without_a_value_is_null),
		TEST(an_unknown_name_is_an_error_of_ours),
		TEST(the_largest_and_smallest_values_come_back),
		TEST(times_beyond_the_calendar_become_its_ends),
		TEST(an_instant_is_written_as_the_json_writer_writes_it),
		TEST(numbers_of_every_width_are_read),
		TEST(amounts_are_read_from_any_number),
		TEST(texts_of_every_length_come_whole),
		TEST(one_value_can_be_asked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
