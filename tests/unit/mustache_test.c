/* layers: base http db core */
/*
 * What templates mean: the official specification (read from ../shared/data/mustache-spec when that
 * folder is there), then what is Muster's own: filters, errors at load, names, limits.
 * JSON is written with ' for ", texts are compared byte for byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/mustache.h"
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SPEC "../shared/data/mustache-spec"

static struct arena *arena;

static int start(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

struct file {
	const char *name, *text;
};

static void put(void *value) { json_object_put(value); }

static struct json_object *json(const char *text)
{
	char *copy = arena_printf(arena, "%s", text);
	for (char *p = copy; *p; p++)
		if (*p == '\'')
			*p = '"';
	enum json_tokener_error e;
	struct json_object *value = json_tokener_parse_verbose(copy, &e);
	if (e != json_tokener_success)
		fail_msg("not JSON: %s", copy);
	arena_cleanup(arena, put, value);
	return value;
}

static struct template_set *set_of(const struct file *files, char why[TEMPLATE_WHY])
{
	struct template_set *set = templates_new();
	error e = OK;
	for (; files->name && e == OK; files++)
		e = templates_add(set, files->name, str_of(files->text), why);
	if (e == OK)
		e = templates_link(set, why);
	if (e == OK)
		return set;
	templates_free(set);
	return NULL;
}

static void check(const struct file *files, const char *data, const char *expected)
{
	char why[TEMPLATE_WHY] = "";
	struct buf out = { 0 };
	struct template_set *set = set_of(files, why);
	if (!set)
		fail_msg("refused: %s", why);
	error e = template_render(template_find(set, files->name), json(data), arena, &out, why);
	buf_char(&out, 0);
	templates_free(set);
	if (e != OK)
		fail_msg("%s", why);
	if (strcmp(out.p, expected))
		fail_msg("%s\nwith %s\nis   [%s]\nnot  [%s]", files->text, data, out.p, expected);
	buf_free(&out);
}

#define FILES(...) ((const struct file[]) { __VA_ARGS__, { NULL, NULL } })
#define CHECK(data, expected, ...) check(FILES(__VA_ARGS__), (data), (expected))

static void shows(const char *template, const char *data, const char *expected)
{
	CHECK(data, expected, { "page", template });
}

/* What {{v|filter}} makes of `value`. */
static void makes(const char *filter, const char *value, const char *expected)
{
	const char *template = arena_printf(arena, "{{{v|%s}}}", filter);
	shows(template, arena_printf(arena, "{'v':%s,'other':'x','list':[1,2]}", value), expected);
}

static void refused(const struct file *files, const char *expected)
{
	char why[TEMPLATE_WHY] = "";
	struct template_set *set = set_of(files, why);
	templates_free(set);
	assert_null(set);
	assert_string_equal(why, expected);
}

#define REFUSED(expected, ...) refused(FILES(__VA_ARGS__), (expected))

/* ---- The specification ---- */

static const char *member(struct json_object *test, const char *name)
{
	return json_object_get_string(json_object_object_get(test, name));
}

/* One test of the specification; returns whether it holds, and says what does not. */
static bool spec_holds(const char *file, struct json_object *test)
{
	struct file files[16] = { { "the page itself", member(test, "template") } };
	struct json_object *partials = json_object_object_get(test, "partials");
	char why[TEMPLATE_WHY] = "";
	struct buf out = { 0 };
	size_t n = 1;
	if (partials) {
		json_object_object_foreach(partials, name, text)
		{
			assert_true(n < 15);
			files[n++] = (struct file) { name, json_object_get_string(text) };
		}
	}
	struct template_set *set = set_of(files, why);
	/* The one deliberate difference: a partial that does not exist is an error when loading. */
	if (!strcmp(member(test, "name"), "Failed Lookup")) {
		templates_free(set);
		return !set && strstr(why, "unknown partial 'text'");
	}
	if (set && template_render(template_find(set, files[0].name),
		       json_object_object_get(test, "data"), arena, &out, why) != OK)
		buf_text(&out, why);
	templates_free(set);
	bool holds = set && str_is(buf_view(&out), member(test, "expected"));
	if (!holds)
		print_error("%s: %s: %s\n  %s\n  is  [%.*s] %s\n  not [%s]\n", file,
		    member(test, "name"), member(test, "desc"), files[0].text, (int)out.n,
		    out.p ? out.p : "", why, member(test, "expected"));
	buf_free(&out);
	return holds;
}

static void the_official_specification_holds(void **state)
{
	(void)state;
	DIR *dir = opendir(SPEC);
	size_t all = 0, held = 0;
	if (!dir) {
		print_message("skipped: no folder " SPEC " with the official tests\n");
		skip();
	}
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		const char *suffix = strrchr(entry->d_name, '.');
		if (!suffix || strcmp(suffix, ".json"))
			continue;
		struct json_object *file =
		    json_object_from_file(arena_printf(arena, SPEC "/%s", entry->d_name));
		struct json_object *tests = json_object_object_get(file, "tests");
		assert_non_null(tests);
		for (size_t i = 0; i < json_object_array_length(tests); i++, all++)
			held += spec_holds(entry->d_name, json_object_array_get_idx(tests, i));
		json_object_put(file);
	}
	closedir(dir);
	print_message("%zu of %zu official tests hold, \"Failed Lookup\" as an error\n", held, all);
	assert_true(all > 0);
	assert_int_equal(held, all);
}

/* ---- The language ---- */

static void values_are_escaped_unless_asked_not_to(void **state)
{
	(void)state;
	shows("{{a}} {{{a}}} {{&a}}", "{'a':'<b>&\\\"'}", "&lt;b&gt;&amp;&quot; <b>&\" <b>&\"");
	shows("<a title='{{a}}'>", "{'a':'\\u0027'}", "<a title='&#39;'>");
	shows("{{a}}", "{'a':'Zo\xc3\xab'}", "Zo\xc3\xab");
}

static void numbers_print_as_in_json(void **state)
{
	(void)state;
	shows("{{a}} {{b}} {{c}} {{d}} {{e}}",
	    "{'a':3,'b':3.0,'c':0.1,'d':-9223372036854775808,'e':18446744073709551615}",
	    "3 3 0.1 -9223372036854775808 18446744073709551615");
	shows("{{a}} {{b}} {{c}}", "{'a':1e21,'b':123456789.125,'c':-0.5}",
	    "1e+21 123456789.125 -0.5");
	shows("{{t}} {{f}} [{{n}}]", "{'t':true,'f':false,'n':null}", "true false []");
	shows("{{{o}}}", "{'o':{'a':[1,'x']}}", "{\"a\":[1,\"x\"]}");
}

static void sections_pass_over_nothing_zero_and_empty(void **state)
{
	(void)state;
	const char *t = "{{#v}}yes{{/v}}{{^v}}no{{/v}}";
	shows(t, "{'v':0}", "no");
	shows(t, "{'v':''}", "no");
	shows(t, "{'v':[]}", "no");
	shows(t, "{'v':null}", "no");
	shows(t, "{}", "no");
	shows(t, "{'v':{}}", "yes");
	shows(t, "{'v':'0'}", "yes");
	shows(t, "{'v':[0]}", "yes");
	shows(t, "{'v':-0.5}", "yes");
}

static void a_null_in_an_inner_context_hides_the_outer_value(void **state)
{
	(void)state;
	shows("{{#deal}}[{{owner}}]{{/deal}}", "{'owner':'Ada','deal':{'owner':null}}", "[]");
	shows("{{#deal}}[{{owner}}]{{/deal}}", "{'owner':'Ada','deal':{}}", "[Ada]");
}

static void a_page_fills_the_blocks_of_its_layout(void **state)
{
	(void)state;
	CHECK("{'title':'Contacts','rows':[{'name':'Ada'},{'name':'Bo'}]}",
	    "<html>\n"
	    "  <title>Contacts</title>\n"
	    "  <main>\n"
	    "    <h1>Contacts</h1>\n"
	    "    <ul>\n"
	    "      <li>Ada</li>\n"
	    "      <li>Bo</li>\n"
	    "    </ul>\n"
	    "  </main>\n"
	    "  <footer>Muster</footer>\n"
	    "</html>\n",
	    { "contacts/list", "{{<layout}}\n"
			       "{{$title}}{{title}}{{/title}}\n"
			       "{{$main}}\n"
			       "<h1>{{title}}</h1>\n"
			       "<ul>\n"
			       "  {{#rows}}\n"
			       "  {{>parts/row}}\n"
			       "  {{/rows}}\n"
			       "</ul>\n"
			       "{{/main}}\n"
			       "{{/layout}}\n" },
	    { "layout", "<html>\n"
			"  <title>{{$title}}Muster{{/title}}</title>\n"
			"  <main>\n"
			"    {{$main}}{{/main}}\n"
			"  </main>\n"
			"  {{$footer}}\n"
			"  <footer>Muster</footer>\n"
			"  {{/footer}}\n"
			"  {{$scripts}}{{/scripts}}\n"
			"</html>\n" },
	    { "parts/row", "<li>{{name}}</li>\n" });
}

static void indentation_is_for_lines_of_templates_not_of_values(void **state)
{
	(void)state;
	CHECK("{'text':'one\\ntwo'}", "<p>\n  <pre>one\ntwo</pre>\n\n  end\n</p>\n",
	    { "page", "<p>\n  {{>note}}\n</p>\n" }, { "note", "<pre>{{text}}</pre>\n\nend\n" });
}

static void a_block_inside_its_own_replacement_is_its_default(void **state)
{
	(void)state;
	CHECK("{}", "(a(b))", { "page", "{{<box}}{{$in}}a{{$in}}(b){{/in}}{{/in}}{{/box}}" },
	    { "box", "({{$in}}{{/in}})" });
}

static void many_lines_and_long_texts_are_no_matter(void **state)
{
	(void)state;
	struct buf text = { 0 }, expected = { 0 };
	for (int i = 0; i < 20000; i++) {
		buf_text(&text, "line {{a}}\n{{#b}}\n{{>part}}\n{{/b}}\n");
		buf_text(&expected, "line 1\n-\n");
	}
	buf_char(&text, 0);
	buf_char(&expected, 0);
	CHECK("{'a':1,'b':true}", expected.p, { "page", text.p }, { "part", "-\n" });
	buf_free(&text);
	buf_free(&expected);
}

/* ---- Filters ---- */

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

/* ---- What is refused ---- */

static void what_cannot_work_is_refused_with_file_and_line(void **state)
{
	(void)state;
	REFUSED("a/b.mustache:2: unknown partial 'parts/x'", { "a/b", "x\n{{>parts/x}}" });
	REFUSED("page.mustache:1: unknown parent 'layout'", { "page", "{{<layout}}{{/layout}}" });
	REFUSED("page.mustache:2: {{#a}} is not closed", { "page", "\n{{#a}}\n\n" });
	REFUSED("page.mustache:3: {{/b}} where {{#a}} of line 1 is to be closed",
	    { "page", "{{#a}}\n\n{{/b}}" });
	REFUSED("page.mustache:1: {{/a}} closes nothing", { "page", "{{/a}}" });
	REFUSED("page.mustache:1: {{/a|is 'y'}} where {{#a|is 'x'}} of line 1 is to be closed",
	    { "page", "{{#a|is 'x'}}{{/a|is 'y'}}" });
	REFUSED("page.mustache:4: the tag is not closed by '}}'", { "page", "\n\n\n{{a" });
	REFUSED("page.mustache:1: the tag is not closed by '}}}'", { "page", "{{{a}}" });
	REFUSED("page.mustache:1: a tag without a name", { "page", "{{ }}" });
	REFUSED("page.mustache:1: a tag without a name", { "page", "{{#}}{{/}}" });
	REFUSED("page.mustache:1: '=a=' does not set two delimiters", { "page", "{{=a=}}" });
	REFUSED("page.mustache:3: unknown filter 'shout'", { "page", "{{!\n\n}}{{a|shout}}" });
	REFUSED("page.mustache:1: filter 'is' has too few arguments", { "page", "{{a|is}}" });
	REFUSED(
	    "page.mustache:1: filter 'date' has too many arguments", { "page", "{{a|date 'x'}}" });
	REFUSED("page.mustache:1: filter 'any_of' has too many arguments",
	    { "page", "{{a|any_of 1 2 3 4 5 6 7 8 9}}" });
	REFUSED("page.mustache:1: unknown filter ''", { "page", "{{a|}}" });
	REFUSED("page.mustache:1: a space after the name 'a'", { "page", "{{a b}}" });
	REFUSED("page.mustache:1: 'a..b' has an empty part", { "page", "{{a..b}}" });
	REFUSED("page.mustache:1: '.a' has an empty part", { "page", "{{.a}}" });
	REFUSED("page.mustache:1: a quote is not closed", { "page", "{{a|is 'x}}" });
	REFUSED("page.mustache:1: '1x' is not a number", { "page", "{{a|is 1x}}" });
	REFUSED("page.mustache:1: filter 'is': no space after an argument",
	    { "page", "{{a|is 'x'y}}" });
	REFUSED("page.mustache:1: 'a'b' is not a name", { "page", "{{a'b}}" });
	REFUSED("page.mustache:1: only {{$blocks}} have a meaning right inside {{<page}}",
	    { "page", "{{<page}}{{name}}{{/page}}" });
	REFUSED("page.mustache:1: {{$a}} is given twice",
	    { "page", "{{<page}}{{$a}}{{/a}}{{$a}}{{/a}}{{/page}}" });
	REFUSED("page.mustache:1: there are two of that name", { "page", "" }, { "page", "" });
	REFUSED("page.mustache:1: is not UTF-8 text", { "page", "\xff" });
}

static void tags_nest_only_so_deep(void **state)
{
	(void)state;
	struct buf text = { 0 };
	for (int i = 0; i <= TEMPLATE_NESTING; i++)
		buf_text(&text, "{{#a}}");
	buf_char(&text, 0);
	REFUSED("page.mustache:1: more than 32 tags inside each other", { "page", text.p });
	buf_free(&text);
}

static void endless_recursion_is_an_error_and_leaves_the_output_as_it_was(void **state)
{
	(void)state;
	const struct file *const endless[] = {
		FILES({ "a", "x{{>b}}" }, { "b", "y\n  {{>a}}\n" }),
		FILES({ "a", "x{{<a}}{{/a}}" }),
		FILES({ "a", "{{<b}}{{$c}}{{<a}}{{/a}}{{/c}}{{/b}}" }, { "b", "{{$c}}{{/c}}" }),
	};
	for (size_t i = 0; i < sizeof endless / sizeof *endless; i++) {
		char why[TEMPLATE_WHY] = "";
		struct buf out = { 0 };
		struct template_set *set = set_of(endless[i], why);
		assert_non_null(set);
		buf_text(&out, "before");
		assert_int_equal(
		    template_render(template_find(set, "a"), NULL, arena, &out, why), INTERNAL);
		assert_true(str_is(buf_view(&out), "before"));
		assert_non_null(strstr(why, ".mustache:1: templates are nested deeper than 64"));
		templates_free(set);
		buf_free(&out);
	}
}

/* Whatever bytes make up a template, it is refused or it renders. */
static void no_template_text_does_harm(void **state)
{
	(void)state;
	static const char *const pieces[] = { "{{", "}}", "{{{", "}}}", "#", "^", "/", "$", "<",
		">", "!", "=", "&", "a", "b", ".", "|", "is", "first", "'", " ", "\n", "  ", "\r\n",
		"{{#a}}", "{{/a}}", "{{$b}}", "{{/b}}", "{{<a}}", "{{>b}}\n", "{{= | | =}}", "|a|",
		"x", "{{a.b|default 'x'}}" };
	struct json_object *data = json("{'a':[{'b':1},{'b':[]}],'b':'<'}");
	uint32_t seed = 1;
	int rendered = 0;
	for (int round = 0; round < 20000; round++) {
		struct buf text = { 0 }, out = { 0 };
		char why[TEMPLATE_WHY] = "";
		for (int i = 0; i < 12; i++) {
			seed = seed * 1664525u + 1013904223u;
			buf_text(&text, pieces[(seed >> 8) % (sizeof pieces / sizeof *pieces)]);
		}
		buf_char(&text, 0);
		struct template_set *set =
		    set_of(FILES({ "a", text.p }, { "b", "({{$b}}\n d\n{{/b}}{{a}})\n" }), why);
		if (set)
			rendered +=
			    template_render(template_find(set, "a"), data, arena, &out, why) == OK;
		else
			assert_non_null(strstr(why, "a.mustache:"));
		templates_free(set);
		buf_free(&text);
		buf_free(&out);
	}
	assert_true(rendered > 100);
}

/* ---- The folder ---- */

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void a_folder_is_loaded_with_all_that_is_in_it(void **state)
{
	(void)state;
	char dir[] = "/tmp/mustache_test.XXXXXX", why[TEMPLATE_WHY] = "";
	struct buf out = { 0 };
	assert_non_null(mkdtemp(dir));
	assert_return_code(mkdir(arena_printf(arena, "%s/parts", dir), 0700), 0);
	const char *page = arena_printf(arena, "%s/page.mustache", dir);
	const char *part = arena_printf(arena, "%s/parts/name.mustache", dir);
	const char *other = arena_printf(arena, "%s/style.css", dir);
	write_file(page, "Hello {{>parts/name}}!");
	write_file(part, "{{name}}");
	write_file(other, "{{not a template");

	struct template_set *set = templates_load(dir, why);
	assert_non_null(set);
	assert_null(template_find(set, "style"));
	assert_null(template_find(set, "parts"));
	assert_non_null(template_find(set, "parts/name"));
	assert_int_equal(
	    template_render(template_find(set, "page"), json("{'name':'Ada'}"), arena, &out, why),
	    OK);
	assert_true(str_is(buf_view(&out), "Hello Ada!"));
	templates_free(set);
	buf_free(&out);

	write_file(part, "\n{{name");
	assert_null(templates_load(dir, why));
	assert_string_equal(why, arena_printf(arena, "%s:2: the tag is not closed by '}}'", part));
	unlink(page);
	unlink(part);
	unlink(other);
	rmdir(arena_printf(arena, "%s/parts", dir));
	rmdir(dir);
	assert_null(templates_load(dir, why));
	assert_string_equal(why, arena_printf(arena, "%s/: No such file or directory", dir));
}

/* ---- Names ---- */

static void note_name(void *context, const struct template_name *found)
{
	static const char kinds[] = { '=', '#', '^', '?' };
	struct buf *b = context;
	buf_printf(b, "%u", found->line);
	for (size_t i = 0; i < found->depth; i++)
		buf_printf(
		    b, " %s%s", found->sections[i].path, found->sections[i].scope ? "/" : "?/");
	buf_printf(b, " %c%s", kinds[found->use], found->path);
	if (found->filter)
		buf_printf(b, "|%s", found->filter);
	buf_char(b, '\n');
}

static void names(const struct file *files, const char *expected)
{
	char why[TEMPLATE_WHY] = "";
	struct buf b = { 0 };
	struct template_set *set = set_of(files, why);
	assert_non_null(set);
	assert_int_equal(template_names(set, files->name, note_name, &b), OK);
	buf_char(&b, 0);
	templates_free(set);
	assert_string_equal(b.p, expected);
	buf_free(&b);
}

static void the_names_of_a_template_come_with_their_sections(void **state)
{
	(void)state;
	names(FILES({ "page", "{{title}}\n"
			      "{{#rows}}\n"
			      "{{#owner.id|is me.id}}{{name|default title}}{{/owner.id|is me.id}}"
			      "{{^tags}}{{{.}}}{{/tags}}{{amount|money|default 'none'}}\n"
			      "{{/rows}}" }),
	    "1 =title\n"
	    "2 #rows\n"
	    "3 rows/ #owner.id|is\n"
	    "3 rows/ ?me.id|is\n"
	    "3 rows/ owner.id?/ =name|default\n"
	    "3 rows/ owner.id?/ ?title|default\n"
	    "3 rows/ ^tags\n"
	    "3 rows/ =.\n"
	    "3 rows/ =amount|money\n");
}

static void the_names_of_a_page_are_those_of_its_layout_as_it_fills_it(void **state)
{
	(void)state;
	names(
	    FILES({ "page", "{{<layout}}{{$main}}{{#rows}}{{>row}}{{/rows}}{{/main}}{{/layout}}" },
		{ "layout", "{{company}}\n"
			    "{{#menu}}{{$main}}{{unused}}{{/main}}{{/menu}}\n"
			    "{{$foot}}{{year}}{{/foot}}" },
		{ "row", "\n\n\n{{name}}" }),
	    "1 =company\n2 #menu\n1 menu/ #rows\n4 menu/ rows/ =name\n3 =year\n");
}

static void a_recursive_partial_is_walked_once_more_inside_itself(void **state)
{
	(void)state;
	names(FILES({ "tree", "{{name}}{{#below}}{{>tree}}{{/below}}" }),
	    "1 =name\n1 #below\n1 below/ =name\n1 below/ #below\n");
}

static void names_of_a_template_that_is_not_there(void **state)
{
	(void)state;
	char why[TEMPLATE_WHY];
	struct template_set *set = set_of(FILES({ "page", "" }), why);
	assert_int_equal(template_names(set, "other", note_name, NULL), NOT_FOUND);
	assert_null(template_find(set, "other"));
	templates_free(set);
}

/* ---- Threads ---- */

static void *render_often(void *context)
{
	struct arena *own = arena_new();
	struct buf out = { 0 };
	char why[TEMPLATE_WHY];
	struct json_object *data = json_tokener_parse("{\"rows\":[{\"n\":1},{\"n\":2},{}]}");
	size_t wrong = 0;
	for (int i = 0; i < 2000; i++) {
		buf_clear(&out);
		arena_reset(own);
		if (template_render(context, data, own, &out, why) != OK ||
		    !str_is(buf_view(&out), "1,2,none,"))
			wrong++;
	}
	json_object_put(data);
	buf_free(&out);
	arena_free(own);
	return (void *)wrong;
}

static void threads_share_a_template(void **state)
{
	(void)state;
	char why[TEMPLATE_WHY];
	pthread_t threads[4];
	struct template_set *set =
	    set_of(FILES({ "page", "{{#rows}}{{n|default 'none'}},{{/rows}}" }), why);
	assert_non_null(set);
	union {
		const struct template *given;
		void *taken;
	} page = { template_find(set, "page") };
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, render_often, page.taken), 0);
	for (int i = 0; i < 4; i++) {
		void *wrong;
		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_null(wrong);
	}
	templates_free(set);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_official_specification_holds),
		TEST(values_are_escaped_unless_asked_not_to),
		TEST(numbers_print_as_in_json),
		TEST(sections_pass_over_nothing_zero_and_empty),
		TEST(a_null_in_an_inner_context_hides_the_outer_value),
		TEST(a_page_fills_the_blocks_of_its_layout),
		TEST(indentation_is_for_lines_of_templates_not_of_values),
		TEST(a_block_inside_its_own_replacement_is_its_default),
		TEST(many_lines_and_long_texts_are_no_matter),
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
		TEST(what_cannot_work_is_refused_with_file_and_line),
		TEST(tags_nest_only_so_deep),
		TEST(endless_recursion_is_an_error_and_leaves_the_output_as_it_was),
		TEST(no_template_text_does_harm),
		TEST(a_folder_is_loaded_with_all_that_is_in_it),
		TEST(the_names_of_a_template_come_with_their_sections),
		TEST(the_names_of_a_page_are_those_of_its_layout_as_it_fills_it),
		TEST(a_recursive_partial_is_walked_once_more_inside_itself),
		TEST(names_of_a_template_that_is_not_there),
		TEST(threads_share_a_template),
	};
	return cmocka_run_group_tests_name("mustache", tests, NULL, NULL);
}
