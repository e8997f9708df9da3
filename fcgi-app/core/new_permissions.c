/* new_permissions.c: see new_permissions.h. */
#include "core/new_permissions.h"

#include <stdio.h>

#include "base/clock.h"
#include "core/gate.h"
#include "core/query_run.h"
#include "core/worker.h"

/* The permissions of this program that are not known, in *names. */
static error find_new(struct db *db, struct arena *a, const char ***names, size_t *n)
{
	static const struct field name = { .name = "name", .type = T_TEXT };
	const struct field *const columns[] = { &name };
	struct db_rows *rows;
	size_t all;
	const char *const *permissions = access_permissions(&all);
	bool have, *known = ARENA_ARRAY(a, all + 1, bool);
	TRY(db_query(db, a, STR("SELECT name FROM known_permissions"), NULL, 0, columns, 1, &rows));
	for (;;) {
		TRY(db_next(rows, &have));
		if (!have)
			break;
		str text = db_text(rows, 0);
		for (size_t i = 0; i < all; i++)
			known[i] = known[i] || str_is(text, permissions[i]);
	}
	*names = ARENA_ARRAY(a, all + 1, const char *);
	*n = 0;
	for (size_t i = 0; i < all; i++)
		if (!known[i])
			(*names)[(*n)++] = permissions[i];
	return OK;
}

error permissions_check(struct db *db, char why[256])
{
	struct arena *a = arena_new();
	const char **names;
	size_t n;
	error e = find_new(db, a, &names, &n);
	if (e != OK)
		snprintf(why, 256, "the database does not answer: %.200s", db_reason(db));
	else if (n)
		snprintf(why, 256,
		    "this program has new permissions (%.60s) that no role has been given; run: "
		    "muster migrate",
		    names[0]);
	arena_free(a);
	return why[0] ? UNAVAILABLE : OK;
}

static error remember(struct db *db, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		str name = str_of(names[i]);
		TRY(db_execute(db, STR("INSERT IGNORE INTO known_permissions (name) VALUES (?)"),
		    &DB_PARAM_TEXT(&name), 1, NULL));
	}
	return OK;
}

static bool give(struct worker *w, company_id company, const char *const *names, size_t n)
{
	struct answer answer;
	struct json_object *input = json_object_new_object(), *array = json_object_new_array();
	for (size_t i = 0; i < n; i++)
		json_object_array_add(array, json_object_new_string(names[i]));
	json_object_object_add(input, "permissions", array);
	json_keep(w->arena, input);
	gate_ask(w, w->arena,
	    &(struct ask) { .op = operation_named(STR("roles_learn")),
		.credential = CREDENTIAL_JOB,
		.job_company = company,
		.json = input,
		.request_id = STR("migrate"),
		.started = clock_now() },
	    &answer);
	if (answer.kind != OK)
		fprintf(stderr, "muster migrate: %.*s\n", (int)answer.body.n, answer.body.p);
	return answer.kind == OK;
}

static bool give_all(struct worker *w, const char *const *names, size_t n)
{
	struct arena *a = arena_new();
	struct all_companies_row *rows;
	size_t companies;
	struct call call = { .worker = w, .arena = a, .db = w->reads, .now = clock_now() };
	bool good = query_all(&call, &all_companies_query, NULL, &rows, &companies) == OK;
	for (size_t i = 0; good && i < companies; i++) {
		good = give(w, rows[i].id, names, n);
		arena_reset(w->arena);
	}
	if (good && companies)
		printf("The built-in roles of %zu companies have %zu new permissions.\n", companies,
		    n);
	arena_free(a);
	return good;
}

bool permissions_learn(const struct config *config, struct db *db)
{
	struct arena *a = arena_new();
	const char **names;
	size_t n;
	bool good = find_new(db, a, &names, &n) == OK;
	if (good && n) {
		/* A worker without pages: it only asks the gate. */
		struct installation i = {
			.config = config, .shared = shared_new(), .assets = json_object_new_object()
		};
		struct worker *w = i.shared ? worker_new(&i) : NULL;
		if (w)
			w->schema_good = true;
		good = w && give_all(w, names, n) && remember(db, names, n) == OK;
		worker_free(w);
		json_object_put(i.assets);
		shared_free(i.shared);
	}
	arena_free(a);
	return good;
}
