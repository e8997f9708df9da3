/* layers: base http db core */
/*
 * What templates mean: the official specification (read from ../shared/data/mustache-spec when that
 * folder is there), then what is Muster's own: errors at load, names, limits. Filters have a test
 * of their own, filters_test.c.
 */
#include "mustache_help.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SPEC "../shared/data/mustache-spec"

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

/* Lists in lists, and a long value many times: what a user may write must not fill the memory. */
static void a_users_text_that_becomes_too_long_is_an_error(void **state)
{
	(void)state;
	enum { VALUE = 60000, TIMES = 2000 };
	char *value = arena_alloc(arena, VALUE + 1);
	memset(value, 'x', VALUE);
	const char *data =
	    arena_printf(arena, "{'rows':[1,2,3,4,5,6,7,8,9,10],'long':'%s'}", value);
	struct buf many = { 0 };
	for (int i = 0; i < TIMES; i++)
		buf_text(&many, "{{long}}");
	buf_char(&many, 0);
	const char *const texts[] = { "{{#rows}}{{#rows}}{{#rows}}x{{/rows}}{{/rows}}{{/rows}}",
		many.p };
	for (size_t i = 0; i < 2; i++) {
		char why[TEMPLATE_WHY] = "";
		struct buf out = { 0 };
		struct template_set *set = set_of(FILES({ "a", texts[i] }), why);
		assert_non_null(set);
		assert_int_equal(
		    template_render_plain(template_find(set, "a"), json(data), arena, &out, why),
		    INTERNAL);
		assert_string_equal(why, "the text becomes too long");
		assert_int_equal(out.n, 0);
		templates_free(set);
		buf_free(&out);
	}
	buf_free(&many);
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
		TEST(what_cannot_work_is_refused_with_file_and_line),
		TEST(tags_nest_only_so_deep),
		TEST(endless_recursion_is_an_error_and_leaves_the_output_as_it_was),
		TEST(a_users_text_that_becomes_too_long_is_an_error),
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
