/* layers: base http db core */
/* What filters make of values, in values and in sections of templates (core/filters*.c). */
#include "mustache_help.h"

/* What {{v|filter}} makes of `value`. */
static void makes(const char *filter, const char *value, const char *expected)
{
	const char *template = arena_printf(arena, "{{{v|%s}}}", filter);
	shows(template, arena_printf(arena, "{'v':%s,'other':'x','list':[1,2]}", value), expected);
}

static void filters_chain_and_take_literals_and_paths(void **state)
{
	(void)state;
	shows("{{ a | default 'it''s | empty' | truncate 40 }}", "{}", "it&#39;s | empty");
	shows("{{a.b|plus c.d|plus -2|plus 0.5}}", "{'a':{'b':1},'c':{'d':3}}", "2.5");
	shows("{{#rows}}{{n|plus more}} {{/rows}}", "{'more':10,'rows':[{'n':1},{'n':2,'more':0}]}",
	    "11 2 ");
	shows("{{#.}}{{.|plus .}},{{/.}}", "[1,2]", "2,4,");
}

static void a_section_on_a_yes_or_no_keeps_its_context(void **state)
{
	(void)state;
	shows("{{#agents}}"
	      "<option{{#id|is contact.owner_id}} selected{{/id|is contact.owner_id}}>{{name}}"
	      "{{/agents}}",
	    "{'contact':{'owner_id':'2'},'agents':[{'id':'1','name':'A'},{'id':'2','name':'B'}]}",
	    "<option>A<option selected>B");
	shows("{{#tags}}{{#.|is 'vip'}}<b>{{.}}</b>{{/ . | is 'vip' }}"
	      "{{^.|is 'vip'}}{{.}}{{/.|is 'vip'}} {{/tags}}",
	    "{'tags':['new','vip']}", "new <b>vip</b> ");
	shows("{{#rows|nonempty}}<ul>{{#rows}}{{.}}{{/rows}}</ul>{{/rows|nonempty}}",
	    "{'rows':[1,2]}", "<ul>12</ul>");
	shows("{{#stages|first}}{{name}}{{/stages|first}}",
	    "{'stages':[{'name':'New'},{'name':'Won'}]}", "New");
}

static void dates(void **state)
{
	(void)state;
	makes("date", "'2026-01-31'", "31 Jan 2026");
	makes("date", "'2026-01-31T23:30:00.5Z'", "31 Jan 2026");
	makes("date", "'2026-01-31T23:30:00-02:00'", "1 Feb 2026");
	makes("date", "'2026-02-30'", "");
	makes("date", "'soon'", "");
	makes("datetime", "'2026-01-31T14:05:59Z'", "31 Jan 2026, 14:05");
	makes("datetime", "'1969-12-31T00:01:00Z'", "31 Dec 1969, 00:01");
	makes("datetime", "'2026-01-31'", "31 Jan 2026");
	makes("isodate", "'2026-01-31T14:05:00Z'", "2026-01-31");
	makes("isodate", "'2026-01-31'", "2026-01-31");
	makes("isodate", "null", "");
	makes("isominute", "'2026-01-31T14:05:59.5Z'", "2026-01-31T14:05");
	makes("isominute", "'2026-01-31'", "");
	makes("isominute", "null", "");
}

static void amounts_of_money(void **state)
{
	(void)state;
	makes("money", "{'amount':'1234.50','currency':'EUR'}", "\u20ac1,234.50");
	makes("money", "{'amount':'-0.05','currency':'USD'}", "-$0.05");
	makes("money", "{'amount':'1234567.5','currency':'GBP'}", "\u00a31,234,567.50");
	makes("money", "{'amount':'1234.50','currency':'JPY'}", "\u00a51,235");
	makes("money", "{'amount':'1234.50','currency':'CHF'}", "CHF 1,234.50");
	makes("money", "{'amount':'999.00','currency':'SEK'}", "SEK 999.00");
	makes("money", "{'amount':12.345,'currency':'EUR'}", "\u20ac12.35");
	makes("money", "{'amount':12,'currency':'EUR'}", "\u20ac12.00");
	makes("money", "{'amount':'9999999999999.99','currency':'EUR'}",
	    "\u20ac9,999,999,999,999.99");
	makes("money", "{'amount':'1','currency':'EURO'}", "");
	makes("money", "{'amount':1e300,'currency':'EUR'}", "");
	makes("money", "{'amount':'1'}", "");
	makes("money", "12", "");
}

static void short_amounts_of_money(void **state)
{
	(void)state;
	makes("money_short", "{'amount':'1234567.00','currency':'EUR'}", "\u20ac1.2M");
	makes("money_short", "{'amount':'12345.00','currency':'EUR'}", "\u20ac12.3k");
	makes("money_short", "{'amount':'12000.00','currency':'EUR'}", "\u20ac12k");
	makes("money_short", "{'amount':'999.49','currency':'EUR'}", "\u20ac999");
	makes("money_short", "{'amount':'999.50','currency':'EUR'}", "\u20ac1k");
	makes("money_short", "{'amount':'999949.99','currency':'EUR'}", "\u20ac999.9k");
	makes("money_short", "{'amount':'999950.00','currency':'EUR'}", "\u20ac1M");
	makes("money_short", "{'amount':'-2500000000.00','currency':'CHF'}", "-CHF 2.5B");
	makes("money_short", "{'amount':'9999999999999.99','currency':'EUR'}", "\u20ac10T");
	makes("money_short", "{'amount':'0.00','currency':'EUR'}", "\u20ac0");
}

static void numbers(void **state)
{
	(void)state;
	makes("number", "1234", "1,234");
	makes("number", "-1234567", "-1,234,567");
	makes("number", "999", "999");
	makes("number", "1234.5", "1,234.5");
	makes("number", "'1234.50'", "1,234.50");
	makes("number", "'twelve'", "");
	makes("number", "true", "");
	makes("plus 1", "41", "42");
	makes("plus '0.5'", "'41'", "41.5");
	makes("plus 1", "9223372036854775807", "9.223372036854776e+18");
	makes("plus 1", "null", "");
	makes("percent_of 8", "3", "37");
	makes("percent_of 0", "3", "0");
	makes("percent_of other", "3", "0");
	makes("percent_of 1000", "999.9", "99");
	makes("percent_of 200", "{'amount':'50.00','currency':'EUR'}", "25");
}

static void initials_of_names(void **state)
{
	(void)state;
	makes("initials", "'Ada Lovelace'", "AL");
	makes("initials", "'ada king  lovelace '", "AL");
	makes("initials", "'\xc3\xa9lodie de \xc3\xb6hman'", "\xc3\x89\xc3\x96");
	makes("initials", "'Cher'", "C");
	makes("initials", "'(Ada) \\\"King\\\"'", "AK");
	makes("initials", "'Jean-Luc O\\u0027Brien'", "JO");
	makes("initials", "'\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e'", "\xe7\x8e\x8b");
	makes("initials", "'\xe5\xb1\xb1\xe7\x94\xb0 \xe5\xa4\xaa\xe9\x83\x8e'", "\xe5\xb1\xb1");
	makes("initials", "'\xea\xb9\x80\xec\xb2\xa0\xec\x88\x98'", "\xea\xb9\x80");
	makes("initials", "'  '", "");
	makes("initials", "null", "");
}

static void texts(void **state)
{
	(void)state;
	makes("label", "'won_deal'", "Won deal");
	makes("label", "'\xc3\xa4nderung_x'", "\xc3\x84nderung x");
	makes("label", "''", "");
	makes("label", "'api_keys'", "API keys");
	makes("program",
	    "'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
	    "Chrome/120.0.0.0 Safari/537.36'",
	    "Chrome on Linux");
	makes("program",
	    "'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
	    "Chrome/120.0 Safari/537.36 Edg/120.0'",
	    "Edge on Windows");
	makes("program",
	    "'Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
	    "like Gecko) Version/17.2 Mobile/15E148 Safari/604.1'",
	    "Safari on iPhone");
	makes("program",
	    "'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:121.0) Gecko/20100101 "
	    "Firefox/121.0'",
	    "Firefox on macOS");
	makes("program",
	    "'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
	    "Chrome/120.0 Mobile Safari/537.36'",
	    "Chrome on Android");
	makes("program", "'curl/7.88.1'", "curl");
	makes("program", "'node'", "node");
	makes("program", "null", "");
	makes("url", "'a b&c=d/\xc3\xa9~'", "a%20b%26c%3Dd%2F%C3%A9~");
	makes("truncate 5", "'Hello'", "Hello");
	makes("truncate 5", "'Hello world'", "Hell\u2026");
	makes("truncate 7", "'Hello world'", "Hello\u2026");
	makes("truncate 3", "'\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9'", "\xc3\xa9\xc3\xa9\u2026");
	makes("truncate 2", "'e\\u0301e\\u0301e\\u0301'", "e\xcc\x81\u2026");
	makes("truncate 1", "'ab'", "\u2026");
	makes("truncate 0", "'ab'", "");
	makes("truncate other", "'ab'", "");
	makes("default 'x'", "''", "x");
	makes("default 'x'", "null", "x");
	makes("default list", "null", "[1,2]");
	makes("default 'x'", "0", "0");
	makes("hue", "'Ada Lovelace'", "6");
	makes("hue", "''", "61");
}

static void json_is_safe_inside_a_script(void **state)
{
	(void)state;
	makes("json", "{'a':['</script>','&',1,null]}",
	    "{\"a\":[\"\\u003c/script\\u003e\",\"\\u0026\",1,null]}");
	makes("json", "'\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa'", "\"\\u2028\\u2029\xe2\x80\xaa\"");
	makes("json", "null", "null");
	makes("json", "1.5", "1.5");
}

static void yes_or_no(void **state)
{
	(void)state;
	makes("is 'won'", "'won'", "true");
	makes("is 3", "'3'", "true");
	makes("is 3", "3.0", "true");
	makes("is missing", "null", "true");
	makes("is other", "null", "false");
	makes("is 'true'", "true", "true");
	makes("not", "0", "true");
	makes("is 'x'|not", "'y'", "true");
	makes("any_of 'won' 'lost'", "'lost'", "true");
	makes("any_of 'won' 'lost'", "'open'", "false");
	makes("contains 'b'", "['a','b']", "true");
	makes("contains 2", "[1,2]", "true");
	makes("contains 'c'", "['a','b']", "false");
	makes("contains 'a'", "'abc'", "false");
	makes("contains 'b'", "[{'id':'a'},{'id':'b'}]", "true");
	makes("contains 'c'", "[{'id':'a'},{'name':'c'}]", "false");
	makes("empty", "[]", "true");
	makes("empty", "{}", "true");
	makes("empty", "''", "true");
	makes("empty", "0", "false");
	makes("nonempty", "[0]", "true");
	makes("nonempty", "null", "false");
}

static void lists(void **state)
{
	(void)state;
	makes("count", "[1,2,3]", "3");
	makes("count", "'abc'", "0");
	makes("first", "['a','b']", "a");
	makes("first", "[]", "");
	makes("first", "{'a':1}", "");
	makes("at 'a'", "{'a':1,'b':2}", "1");
	makes("at 'c'", "{'a':1}", "");
	makes("at 'a'", "['a']", "");
	makes("join ', '", "['a',1,null,true]", "a, 1, , true");
	makes("join ', '", "[]", "");
	makes("join 1.5", "[1,2]", "11.52");
}

static const char *const all_filters[] = { "date", "datetime", "isodate", "isominute", "money",
	"money_short", "number", "initials", "hue", "label", "is other", "not", "any_of other 'x'",
	"contains other", "empty", "nonempty", "count", "percent_of other", "plus other",
	"default other", "json", "url", "truncate other", "first", "join other" };

/* Every filter, after every filter, with every type of value and of argument. */
static void no_filter_minds_any_type(void **state)
{
	(void)state;
	static const char *const values[] = { "null", "true", "false", "0", "-1",
		"9223372036854775807", "18446744073709551615", "1e308", "-1e-300", "0.5", "''",
		"'x'", "'-'", "'.'", "'e'", "'2026-01-31'", "'0001-01-01T00:00:00Z'", "'\xff\xfe'",
		"'\xe7'", "[]", "[null]", "[[1],{}]", "{}", "{'amount':null}",
		"{'amount':[],'currency':'EUR'}", "{'amount':'1','currency':[1]}",
		"{'amount':{'amount':1},'currency':5}",
		"{'amount':'-9999999999999.99','currency':'JPY'}" };
	const size_t nfilters = sizeof all_filters / sizeof *all_filters,
		     nvalues = sizeof values / sizeof *values;
	struct buf text = { 0 }, out = { 0 };
	char why[TEMPLATE_WHY] = "";
	for (size_t i = 0; i < nfilters; i++)
		for (size_t k = 0; k < nfilters; k++)
			buf_printf(&text, "{{v|%s|%s}}{{#v|%s}}{{.}}{{/v|%s}}\n", all_filters[i],
			    all_filters[k], all_filters[i], all_filters[i]);
	buf_char(&text, 0);
	struct template_set *set = set_of(FILES({ "page", text.p }), why);
	if (!set)
		fail_msg("%s", why);
	for (size_t i = 0; i < nvalues; i++)
		for (size_t k = 0; k < nvalues; k++) {
			const char *data =
			    arena_printf(arena, "{'v':%s,'other':%s}", values[i], values[k]);
			buf_clear(&out);
			assert_int_equal(template_render(template_find(set, "page"), json(data),
					     arena, &out, why),
			    OK);
		}
	templates_free(set);
	buf_free(&text);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(filters_chain_and_take_literals_and_paths),
		TEST(a_section_on_a_yes_or_no_keeps_its_context),
		TEST(dates),
		TEST(amounts_of_money),
		TEST(short_amounts_of_money),
		TEST(numbers),
		TEST(initials_of_names),
		TEST(texts),
		TEST(json_is_safe_inside_a_script),
		TEST(yes_or_no),
		TEST(lists),
		TEST(no_filter_minds_any_type),
	};
	return cmocka_run_group_tests_name("filters", tests, NULL, NULL);
}
