/* layers: base http db core modules */
/*
 * Pages and forms as a browser meets them, through the gate and a real MariaDB
 * (tests/unit/with_mariadb starts one), with templates and pages of the test's own over the tags of
 * a company.
 */
#include "core/browser.h"
#include "core/migrate.h"
#include "core/worker.h"
#include "http_fake.h"
#include "own_database.h"

#define TOKEN "session-of-ada"
#define COMPANY "01890a5d-0000-7000-8000-000000000001"
#define ROLE "01890a5d-0000-7000-8000-000000000002"
#define AGENT "01890a5d-0000-7000-8000-000000000003"
#define SESSION "01890a5d-0000-7000-8000-000000000004"
#define TAG "01890a5d-0000-7000-8000-000000000005"

/* --- What the pages load, beside the tags */

NO_INPUT(test_secret);
NO_MEMBERS(test_nothing);
QUERY(test_secret, "test.view", OBJECT(test_nothing), .summary = "What nobody in this test may see")
{
	return OK;
}

NO_INPUT(test_broken);
QUERY(test_broken, SIGNED_IN, OBJECT(test_nothing), .summary = "What fails") { return INTERNAL; }

struct test_keys_create_in {
	str name;
	str password;
};
FIELDS(test_keys_create) = { FIELD(test_keys_create, name, .flags = F_REQUIRED),
	FIELD(test_keys_create, password, .flags = F_NULLABLE | F_SECRET) };
struct test_key_out {
	str key;
};
ANSWER(test_key) = { MEMBER(test_key, key) };
MUTATION(test_keys_create, SIGNED_IN, OBJECT(test_key), .route = "POST /v1/test_keys",
    .summary = "A key that is shown once", .revealing = true)
{
	out->key = STR("mk_once");
	return OK;
}

struct test_login_in {
	str password;
};
FIELDS(test_login) = { FIELD(test_login, password, .flags = F_REQUIRED | F_SECRET) };
struct test_login_out {
	instant expires_at;
};
ANSWER(test_login) = { MEMBER(test_login, expires_at) };
MUTATION(test_login, ANYONE, OBJECT(test_login), .route = "POST /v1/test_login",
    .summary = "Right with one password")
{
	if (!str_is(in->password, "right"))
		return fail_code(call, UNAUTHENTICATED, "password", "wrong", "does not hold");
	call->cookie_token = STR("a-new-session");
	assert_true(instant_parse(STR("2999-01-01T00:00:00Z"), &out->expires_at));
	return OK;
}

struct test_how_many_out {
	int64_t count;
};
ANSWER(test_how_many) = { MEMBER(test_how_many, count) };
NO_INPUT(test_things_tag);
MUTATION(test_things_tag, SIGNED_IN, OBJECT(test_how_many), .route = "POST /v1/test_things/tag",
    .summary = "Tells how many it did it to")
{
	out->count = 3;
	return OK;
}

struct test_started_out {
	str name;
	int64_t count;
};
ANSWER(test_started) = { MEMBER(test_started, name), MEMBER(test_started, count) };
NO_INPUT(test_things_start);
MUTATION(test_things_start, SIGNED_IN, OBJECT(test_started), .route = "POST /v1/test_things/start",
    .summary = "Does one thing, which has a count")
{
	out->name = STR("One");
	out->count = 3;
	return OK;
}

#define TEST_PAGE "test/page"
PAGE(test_tags, .route = "/tags", .template = TEST_PAGE, .title = "Tags", .nav = "tags",
    .loads = { { "tags", "tags_list", "sort=name&*" }, { "secret", "test_secret" } });
PAGE(test_tag, .route = "/tags/{id}", .template = TEST_PAGE, .title = "Tag",
    .loads = { { "tag", "tags_get", "id={id}" }, { "mine", "tags_list", "q={me}" } });
PAGE(test_secret, .route = "/secret", .template = TEST_PAGE, .title = "Secret",
    .loads = { { "secret", "test_secret" } });
PAGE(test_broken, .route = "/broken", .template = TEST_PAGE, .title = "Broken",
    .loads = { { "broken", "test_broken" } });
PAGE(test_login, .route = "/login", .template = TEST_PAGE, .title = "Log in", .open = true);

static const char page_text[] =
    "title={{page.title}} nav={{page.nav}} url={{page.url}} me={{me.agent.full_name}}"
    " tags={{#tags.data}}{{name}},{{/tags.data}} tag={{tag.name}}"
    "{{#secret}} SECRET{{/secret}}{{#can.tags.edit}} "
    "may-edit{{/can.tags.edit}}{{#can.tags.delete}} may-delete{{/can.tags.delete}}"
    " flash={{flash}}{{#undo}} undo={{operation}}/{{id}}/{{from}}{{/undo}} key={{flash_key}} "
    "q={{params.q}}"
    " form={{form.failed}}/{{form.detail}}/{{form.errors.name}}/{{form.values.name}}/"
    "{{form.values.password}}/"
    "{{#form.values.list}}{{a}}+{{/form.values.list}}";
static const char error_text[] = "error {{page.status}} {{page.detail}} me={{me.agent.full_name}}";

/* --- The desk */

static struct config config;
static struct installation installation;
static struct arena *life;
static struct worker *worker;
static struct shared_memory *shared;
static struct fake *fake;
static struct door door;
static bool secure;

static void sql(const char *text) { assert_int_equal(db_script(worker->writes, str_of(text)), OK); }

static int desk_open(void **state)
{
	(void)state;
	char why[TEMPLATE_WHY], name[] = "migrate", *argv[] = { name, NULL };
	life = arena_new();
	config = (struct config) { .database_url = own_database(life),
		.run_dir = "/nonexistent",
		.public_url = "http://crm.example",
		.smtp_url = "" };
	if (!config.database_url)
		return 0;
	if (!freopen("/dev/null", "w", stdout) || migrate_main(&config, 1, argv) != 0)
		return -1;
	struct template_set *templates = templates_new();
	assert_int_equal(templates_add(templates, TEST_PAGE, str_of(page_text), why), OK);
	assert_int_equal(templates_add(templates, "error", str_of(error_text), why), OK);
	assert_int_equal(templates_add(templates, "error_plain", str_of(error_text), why), OK);
	assert_int_equal(templates_link(templates, why), OK);
	shared = shared_new();
	installation = (struct installation) { .config = &config,
		.shared = shared,
		.templates = templates,
		.assets = json_object_new_object(),
		.rest = routes_new(),
		.pages = routes_new() };
	for (const struct page *const *page = __start_pages; page < __stop_pages; page++)
		if (!strcmp((*page)->template, TEST_PAGE))
			routes_add(installation.pages, (*page)->route, *page);
	worker = worker_new(&installation);
	return worker == NULL;
}

static int desk_close(void **state)
{
	(void)state;
	if (worker) {
		worker_free(worker);
		installation_close(&installation);
		shared_free(shared);
	}
	arena_free(life);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	fake = fake_new();
	door = (struct door) { 0 };
	secure = false;
	if (!worker)
		return 0;
	sql("SET foreign_key_checks = 0; TRUNCATE tags; TRUNCATE role_permissions; TRUNCATE roles; "
	    "TRUNCATE agents; "
	    "TRUNCATE sessions; TRUNCATE companies; TRUNCATE version_counters; TRUNCATE changes; "
	    "SET foreign_key_checks = 1");
	sql("INSERT INTO companies (company_id, id, name, created_at, updated_at) "
	    "VALUES ('" COMPANY "', '" COMPANY "', 'Acme', NOW(6), NOW(6));"
	    "INSERT INTO roles (company_id, id, name, created_at, updated_at) "
	    "VALUES ('" COMPANY "', '" ROLE "', 'Editor', NOW(6), NOW(6));"
	    "INSERT INTO role_permissions (company_id, id, role_id, object, action, level) "
	    "SELECT '" COMPANY "', UUID(), '" ROLE
	    "', 'tags', a, l FROM (SELECT 'view' a, 'all' l UNION SELECT 'edit', 'all' "
	    "UNION SELECT 'create', 'all' UNION SELECT 'delete', 'none') x;"
	    "INSERT INTO agents (company_id, id, email, full_name, role_id, created_at, "
	    "updated_at) "
	    "VALUES ('" COMPANY "', '" AGENT "', 'ada@acme.example', 'Ada', '" ROLE
	    "', NOW(6), NOW(6));"
	    "INSERT INTO sessions (company_id, id, agent_id, token_hash, expires_at, created_at) "
	    "VALUES ('" COMPANY "', '" SESSION "', '" AGENT "', UNHEX(SHA2('" TOKEN
	    "', 256)), '2999-01-01', NOW(6));"
	    "INSERT INTO tags (company_id, id, name, created_at, updated_at) "
	    "VALUES ('" COMPANY "', '" TAG "', 'Blue', NOW(6), NOW(6))");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_free(fake);
	return 0;
}

static void needs_database(void)
{
	if (!worker)
		skip();
}

static void header(const char *name, const char *value) { fake_param(fake, name, value); }

static void run(const char *method, const char *uri)
{
	header("REQUEST_METHOD", method);
	header("REQUEST_URI", uri);
	header("HTTP_HOST", "127.0.0.1:8080");
	header("REMOTE_ADDR", "127.0.0.1");
	if (secure)
		header("HTTPS", "on");
	door_read(worker, fake->arena, &fake->fcgi, &door);
	door_run(worker, fake->arena, &door);
}

/* Forgets the last request. */
static void again(void)
{
	fake_free(fake);
	fake = fake_new();
}

static void get_as(const char *cookie, const char *uri)
{
	if (cookie)
		header("HTTP_COOKIE", cookie);
	run("GET", uri);
}

static void get(const char *uri) { get_as("muster_session=" TOKEN, uri); }

/* The token that the pages of this cookie hold. */
static const char *csrf(const char *cookie)
{
	static char token[CSRF_TEXT];
	struct fake *page = fake_new();
	struct door it = { .http = { .arena = page->arena, .fcgi = &page->fcgi } };
	fake_param(page, "HTTP_COOKIE", cookie);
	browser_csrf(worker, page->arena, &it, false, token);
	fake_free(page);
	return token;
}

static void post_as(const char *cookie, const char *operation, const char *body)
{
	const char *whole = arena_printf(fake->arena, "_csrf=%s&%s", csrf(cookie), body);
	header("HTTP_COOKIE", cookie);
	header("CONTENT_TYPE", "application/x-www-form-urlencoded");
	header("CONTENT_LENGTH", arena_printf(fake->arena, "%zu", strlen(whole)));
	fake_body(fake, str_of(whole));
	run("POST", arena_printf(fake->arena, "/do/%s", operation));
}

static void post(const char *operation, const char *body)
{
	post_as("muster_session=" TOKEN, operation, body);
}

static void shows(int status, const char *part)
{
	const char *body = arena_text(
	    fake->arena, door.answer.body.p ? door.answer.body.p : "", door.answer.body.n);
	if (door.answer.status != status || !strstr(body, part))
		fail_msg(
		    "%d with \"%s\", want %d with \"%s\"", door.answer.status, body, status, part);
}

static void hides(const char *part)
{
	assert_null(strstr(arena_text(fake->arena, door.answer.body.p, door.answer.body.n), part));
}

static void goes_to(const char *address)
{
	if (door.answer.status != 303)
		fail_msg("%d with %.*s", door.answer.status, (int)door.answer.body.n,
		    door.answer.body.p);
	assert_string_equal(door.answer.location, address);
}

static const char *cookie_set(const char *name)
{
	for (size_t i = 0; i < door.n_headers; i++)
		if (str_is(door.headers[i].name, "Set-Cookie") &&
		    str_starts(door.headers[i].value, name))
			return door.headers[i].value.p;
	return NULL;
}

/* --- Pages */

static void a_page_shows_what_its_loads_answer_that_person(void **state)
{
	(void)state;
	needs_database();
	get("/tags");
	shows(200, "title=Tags nav=tags url=/tags me=Ada tags=Blue, tag=");
	shows(200, " may-edit flash");
	assert_string_equal(door.content_type, "text/html; charset=utf-8");
	assert_true(door.answer.etag[0] == '"');
	assert_int_equal(door.answer.who.kind, BY_SESSION);
}

static void a_load_that_the_person_may_not_see_is_left_out(void **state)
{
	(void)state;
	needs_database();
	get("/tags");
	hides("SECRET");
}

static void the_first_load_decides(void **state)
{
	(void)state;
	needs_database();
	get("/secret");
	shows(403, "error 403");
	shows(403, "me=Ada");
	again();
	get("/tags/01890a5d-0000-7000-8000-00000000ffff");
	shows(404, "error 404");
	again();
	get("/tags/x");
	shows(404, "error 404");
}

static void arguments_come_from_the_path_and_the_query(void **state)
{
	(void)state;
	needs_database();
	get("/tags/" TAG);
	shows(200, "tag=Blue");
	again();
	get("/tags?name=&_view=wide");
	shows(200, "tags=Blue,");
	again();
	get("/tags?nonsense=1");
	shows(400, "error 400");
	again();
	get("/tags?q=%zz");
	shows(400, "error 400");
}

static void what_a_person_typed_is_escaped(void **state)
{
	(void)state;
	needs_database();
	get("/login?q=%3Cscript%3E%22");
	shows(200, "q=&lt;script&gt;&quot;");
	hides("<script>");
}

static void without_a_session_there_is_the_login(void **state)
{
	(void)state;
	needs_database();
	get_as(NULL, "/tags?q=a%20b");
	goes_to("/login?next=/tags%3Fq%3Da%2520b");
	again();
	get_as("muster_session=unknown", "/tags");
	goes_to("/login?next=/tags");
	assert_null(cookie_set("muster_session"));
}

static void a_page_that_waits_is_told_that_the_session_ended(void **state)
{
	(void)state;
	needs_database();
	header("HTTP_PREFER", "wait=25");
	get_as("muster_session=unknown", "/tags");
	shows(401, "error 401");
}

static void a_page_that_has_not_changed_is_304(void **state)
{
	(void)state;
	needs_database();
	get("/tags");
	const char *etag = arena_text(life, door.answer.etag, strlen(door.answer.etag));
	again();
	header("HTTP_IF_NONE_MATCH", etag);
	get("/tags");
	assert_int_equal(door.answer.status, 304);
	assert_true(door.answer.not_modified);
	sql("UPDATE tags SET name = 'Red'");
	again();
	header("HTTP_IF_NONE_MATCH", etag);
	get("/tags");
	shows(200, "Red");
	sql("UPDATE tags SET name = 'Blue'; UPDATE roles SET revision = revision + 1");
	again();
	header("HTTP_IF_NONE_MATCH", etag);
	get("/tags");
	shows(200, "Blue");
}

static bool reads(const char *topic)
{
	for (size_t i = 0; i < door.answer.reads.n; i++)
		if (!strncmp(door.answer.reads.v[i], topic, strlen(topic)))
			return true;
	return false;
}

static void a_page_reads_what_all_its_loads_read(void **state)
{
	(void)state;
	needs_database();
	get("/tags");
	assert_true(reads("tags"));
	assert_true(reads("roles/row/") && reads("agents/row/") && reads("sessions/row/"));
	again();
	get("/secret"); /* it changes when the permission is given */
	assert_true(reads("roles/row/"));
}

static void a_fault_tells_nothing_but_its_number(void **state)
{
	(void)state;
	needs_database();
	get("/broken");
	shows(500, "error 500");
	again();
	get("/nowhere");
	shows(404, "error 404");
	shows(404, "me=Ada");
	again();
	get_as(NULL, "/nowhere");
	shows(404, "error 404");
}

static void a_message_is_shown_once_and_is_not_part_of_the_etag(void **state)
{
	(void)state;
	needs_database();
	get("/tags");
	const char *etag = arena_text(life, door.answer.etag, strlen(door.answer.etag));
	again();
	header("HTTP_IF_NONE_MATCH", etag);
	get_as("muster_session=" TOKEN "; muster_flash=create", "/tags");
	shows(200, "flash=Created.");
	assert_string_equal(door.answer.etag, etag);
	assert_non_null(strstr(cookie_set("muster_flash="), "Max-Age=0"));
	again();
	get_as("muster_session=" TOKEN "; muster_flash=You%20won", "/tags");
	shows(200, "flash= ");
}

/* --- Forms */

static void a_form_changes_and_goes_on(void **state)
{
	(void)state;
	needs_database();
	post("tags_create", "name=Green&color=green&_next=/tags/{id}&_page=/tags");
	assert_int_equal(door.answer.status, 303);
	assert_true(
	    !strncmp(door.answer.location, "/tags/0", 7) && strlen(door.answer.location) == 42);
	assert_non_null(strstr(cookie_set("muster_flash=create"), "HttpOnly"));
	again();
	get("/tags");
	shows(200, "tags=Blue,Green,");
}

static void a_message_says_how_many_only_where_they_were_what_was_asked_for(void **state)
{
	(void)state;
	needs_database();
	post("test_things_tag", "_next=/tags&_page=/tags");
	assert_non_null(strstr(cookie_set("muster_flash=tag.3"), "HttpOnly"));
	again();
	post("test_things_start", "_next=/tags&_page=/tags");
	assert_non_null(strstr(cookie_set("muster_flash=start;"), "HttpOnly"));
}

static void may_delete_tags(void)
{
	sql("UPDATE role_permissions SET level = 'all' WHERE object = 'tags' AND action = "
	    "'delete'; UPDATE roles SET revision = 100");
}

static void what_a_form_deleted_can_be_brought_back_from_the_next_page(void **state)
{
	(void)state;
	needs_database();
	may_delete_tags();
	post("tags_delete", "id=" TAG "&_page=/tags");
	goes_to("/tags");
	const char *set = cookie_set("muster_flash=");
	const char *cookie =
	    arena_printf(life, "muster_session=" TOKEN "; %.*s", (int)strcspn(set, ";"), set);
	assert_non_null(strstr(set, "HttpOnly"));
	again();
	get_as(cookie, "/tags");
	shows(200, "tags= tag=");
	shows(200, "flash=Deleted. undo=tags_restore/" TAG "//tags key");
	assert_non_null(strstr(cookie_set("muster_flash="), "Max-Age=0"));
	again();
	post("tags_restore", "id=" TAG "&_page=/tags");
	goes_to("/tags");
	again();
	get("/tags");
	shows(200, "tags=Blue, tag=");
}

static void the_way_back_leads_to_the_page_of_the_delete(void **state)
{
	(void)state;
	needs_database();
	may_delete_tags();
	post("tags_delete", "id=" TAG "&_next=/tags&_page=/tags/" TAG "?q=a:b%2526");
	const char *set = cookie_set("muster_flash=");
	const char *cookie =
	    arena_printf(life, "muster_session=" TOKEN "; %.*s", (int)strcspn(set, ";"), set);
	again();
	get_as(cookie, "/tags");
	shows(200, "undo=tags_restore/" TAG "//tags/" TAG "?q=a:b%26 key");
}

static void nobody_is_offered_what_they_may_not_do(void **state)
{
	(void)state;
	needs_database();
	get_as("muster_session=" TOKEN "; muster_flash=tags_restore:" TAG ":/tags", "/tags");
	shows(200, "flash=Deleted. key");
}

static void a_cookie_offers_nothing_but_to_bring_a_row_back(void **state)
{
	(void)state;
	static const char *const made_up[] = { "tags_delete:" TAG ":/tags", "tags_restore:1:/tags",
		"tags_restore:" TAG, "_restore:" TAG ":/", "tags_list:" TAG ":/" };
	needs_database();
	may_delete_tags();
	for (size_t i = 0; i < sizeof made_up / sizeof *made_up; i++) {
		again();
		get_as(arena_printf(life, "muster_session=" TOKEN "; muster_flash=%s", made_up[i]),
		    "/tags");
		shows(200, "flash= key");
	}
	again();
	get_as(
	    "muster_session=" TOKEN "; muster_flash=tags_restore:" TAG "://evil.example", "/tags");
	shows(200, "undo=tags_restore/" TAG "/ key");
}

static void a_form_goes_nowhere_else(void **state)
{
	(void)state;
	needs_database();
	post("tags_create", "name=A&_next=//evil.example&_page=/tags");
	goes_to("/tags");
	again();
	post("tags_create", "name=B&_next=http://evil.example&_page=https://evil.example");
	goes_to("/");
	again();
	post("tags_create", "name=C&_next=/%0d%0aSet-Cookie:x=1");
	goes_to("/");
}

static void a_refused_form_is_shown_again_as_typed(void **state)
{
	(void)state;
	needs_database();
	post("tags_create", "name=&color=green&list[0][a]=1&list[1][a]=2&_page=/tags?q=Blue");
	shows(400, "form=tags_create/");
	again();
	post("tags_create", "name=&color=green&_page=/tags");
	shows(422, "form=tags_create/is required/is required//");
	shows(422, "tags=Blue,");
	assert_string_equal(door.answer.etag, "");
	again();
	post("tags_create", "name=blue&_page=/tags");
	shows(409, "form=tags_create/");
	shows(409, "/blue/");
}

static void lists_and_secrets_of_a_refused_form(void **state)
{
	(void)state;
	needs_database();
	post("test_keys_create", "name=&password=hunter2&list[0][a]=1&list[1][a]=2&_page=/tags");
	shows(400, "/1+2+");
	hides("hunter2");
}

static void without_a_page_of_its_own_the_refusal_is_a_page(void **state)
{
	(void)state;
	needs_database();
	post("tags_create", "name=");
	shows(422, "error 422");
	again();
	post("tags_create", "name=&_page=//evil.example");
	shows(422, "error 422");
	again();
	post("tags_create", "name=&_page=/nowhere");
	shows(422, "error 422");
}

static void a_form_may_not_do_more_than_its_person(void **state)
{
	(void)state;
	needs_database();
	post("tags_delete", "id=" TAG "&_page=/tags");
	shows(403, "form=tags_delete/");
	again();
	post_as("muster_session=unknown", "tags_create", "name=X&_page=/tags?q=x");
	goes_to("/login?next=/tags%3Fq%3Dx");
}

static void a_form_that_is_not_ours_is_refused(void **state)
{
	(void)state;
	needs_database();
	header("HTTP_ORIGIN", "https://evil.example");
	post("tags_create", "name=X&_page=/tags");
	shows(403, "error 403");
	again();
	header("HTTP_SEC_FETCH_SITE", "cross-site");
	post("tags_create", "name=X&_page=/tags");
	shows(403, "error 403");
	again();
	post("tags_create", "name=X&_page=/tags&_csrf=x"); /* the first counts */
	assert_int_equal(door.answer.status, 303);
	again();
	header("CONTENT_TYPE", "application/x-www-form-urlencoded");
	header("CONTENT_LENGTH", "6");
	header("HTTP_COOKIE", "muster_session=" TOKEN);
	fake_body(fake, STR("name=Y"));
	run("POST", "/do/tags_create");
	shows(403, "error 403");
	again();
	get("/tags");
	shows(200, "tags=Blue,X,");
}

NO_INPUT(test_inside);
MUTATION(test_inside, SIGNED_IN, OBJECT(test_nothing), .summary = "For the program itself")
{
	return OK;
}

static void what_has_no_address_is_no_form(void **state)
{
	(void)state;
	needs_database();
	post("test_inside", "");
	shows(404, "error 404");
}

static void a_query_and_an_unknown_name_are_no_forms(void **state)
{
	(void)state;
	needs_database();
	post("tags_list", "x=1");
	shows(404, "error 404");
	again();
	post("nothing", "x=1");
	shows(404, "error 404");
	again();
	get("/do/tags_create");
	shows(405, "error 405");
}

static void a_login_sets_the_session_s_cookie(void **state)
{
	(void)state;
	needs_database();
	secure = true;
	post_as("muster_visitor=v", "test_login", "password=right&_next=/tags&_page=/login");
	goes_to("/tags");
	const char *cookie = cookie_set("muster_session=a-new-session");
	assert_non_null(strstr(cookie, "; Path=/; HttpOnly; SameSite=Lax; Max-Age="));
	assert_non_null(strstr(cookie, "; Secure"));
	const char *visitor = cookie_set("muster_visitor=v");
	assert_non_null(visitor);
	assert_string_equal(strstr(visitor, "; "), strstr(cookie, "; ")); /* it stays as long */
	again();
	post_as("muster_visitor=v", "test_login", "password=wrong&_page=/login?next=/tags");
	shows(401, "form=test_login/does not hold/");
	hides("wrong");
	assert_null(cookie_set("muster_session"));
}

static void a_key_is_shown_once_on_the_form_s_own_page(void **state)
{
	(void)state;
	needs_database();
	post("test_keys_create", "name=ci&_page=/tags&_next=/tags");
	shows(200, "key=mk_once");
	assert_string_equal(door.answer.etag, "");
	again();
	get("/tags");
	hides("mk_once");
}

static void a_script_gets_json(void **state)
{
	(void)state;
	needs_database();
	header("HTTP_ACCEPT", "application/json");
	post("tags_create", "name=Script&_next=/tags/{id}");
	shows(201, "\"name\":\"Script\"");
	assert_true(!strncmp(door.answer.location, "/tags/0", 7));
	assert_string_equal(door.content_type, "application/json");
	assert_null(cookie_set("muster_flash"));
	again();
	header("HTTP_ACCEPT", "application/json");
	post("tags_create", "name=");
	shows(422, "\"pointer\":\"/name\"");
	again();
	header("HTTP_ACCEPT", "application/json");
	header("HTTP_SEC_FETCH_SITE", "cross-site");
	post("tags_create", "name=X");
	shows(403, "\"status\":403");
}

static void a_body_that_cannot_be_read_is_refused(void **state)
{
	(void)state;
	needs_database();
	post("tags_create", "name=%zz");
	shows(400, "error 400");
	again();
	header("CONTENT_TYPE", "application/json");
	header("CONTENT_LENGTH", "2");
	fake_body(fake, STR("{}"));
	run("POST", "/do/tags_create");
	shows(415, "error 415");
	again();
	header("CONTENT_TYPE", "application/x-www-form-urlencoded");
	header("CONTENT_LENGTH", "2000000");
	run("POST", "/do/tags_create");
	shows(413, "error 413");
}

#define FORM_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORM_TEST(a_page_shows_what_its_loads_answer_that_person),
		FORM_TEST(a_load_that_the_person_may_not_see_is_left_out),
		FORM_TEST(the_first_load_decides),
		FORM_TEST(arguments_come_from_the_path_and_the_query),
		FORM_TEST(what_a_person_typed_is_escaped),
		FORM_TEST(without_a_session_there_is_the_login),
		FORM_TEST(a_page_that_waits_is_told_that_the_session_ended),
		FORM_TEST(a_page_that_has_not_changed_is_304),
		FORM_TEST(a_page_reads_what_all_its_loads_read),
		FORM_TEST(a_fault_tells_nothing_but_its_number),
		FORM_TEST(a_message_is_shown_once_and_is_not_part_of_the_etag),
		FORM_TEST(a_form_changes_and_goes_on),
		FORM_TEST(a_message_says_how_many_only_where_they_were_what_was_asked_for),
		FORM_TEST(what_a_form_deleted_can_be_brought_back_from_the_next_page),
		FORM_TEST(the_way_back_leads_to_the_page_of_the_delete),
		FORM_TEST(nobody_is_offered_what_they_may_not_do),
		FORM_TEST(a_cookie_offers_nothing_but_to_bring_a_row_back),
		FORM_TEST(a_form_goes_nowhere_else),
		FORM_TEST(a_refused_form_is_shown_again_as_typed),
		FORM_TEST(lists_and_secrets_of_a_refused_form),
		FORM_TEST(without_a_page_of_its_own_the_refusal_is_a_page),
		FORM_TEST(a_form_may_not_do_more_than_its_person),
		FORM_TEST(a_form_that_is_not_ours_is_refused),
		FORM_TEST(a_query_and_an_unknown_name_are_no_forms),
		FORM_TEST(what_has_no_address_is_no_form),
		FORM_TEST(a_login_sets_the_session_s_cookie),
		FORM_TEST(a_key_is_shown_once_on_the_form_s_own_page),
		FORM_TEST(a_script_gets_json),
		FORM_TEST(a_body_that_cannot_be_read_is_refused),
	};
	return cmocka_run_group_tests(tests, desk_open, desk_close);
}
