/* layers: base http db core modules process */
/* queries_test.c: every statement of sql/query is one that a real MariaDB takes, for callers of
 * every level. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#undef fail /* ours says what is wrong with a call */

#include "core/operation.h"
#include "core/query_run.h"
#include "own_database.h"

static struct db *connection;
static struct arena *arena;

static int connect_to_server(void **state)
{
	struct db_options options;
	char why[256];
	(void)state;
	arena = arena_new();
	const char *url = own_database(arena);
	if (!url || !db_options_parse(arena, str_of(url), &options, why))
		return 0;
	options.database = NULL; /* it is not there yet */
	connection = db_new(&options, DB_WRITE);
	if (db_script(connection,
		STR("CREATE OR REPLACE DATABASE queries_test; USE queries_test")) != OK ||
	    db_script(connection, STR("SET foreign_key_checks = 0")) != OK)
		return -1;
	for (size_t i = 0; schema_statements[i]; i++)
		if (db_script(connection, str_of(schema_statements[i])) != OK)
			return -1;
	return 0;
}

static int disconnect(void **state)
{
	(void)state;
	if (connection) {
		if (db_script(connection, STR("DROP DATABASE queries_test")) != OK)
			return -1;
		db_free(connection);
	}
	arena_free(arena);
	return 0;
}

/* A caller that holds every permission at one level. */
static void caller(struct call *call, enum level level, const struct operation *op)
{
	size_t n;
	const char *const *permissions = access_permissions(&n);
	struct grants *grants = ARENA_NEW(arena, struct grants);
	grants->v = ARENA_ARRAY(arena, n, struct grant);
	for (size_t i = 0; i < n; i++) {
		snprintf(
		    grants->v[i].permission, sizeof grants->v[i].permission, "%s", permissions[i]);
		grants->v[i].level = level;
	}
	grants->n = n;
	*call = (struct call) { .arena = arena, .db = connection, .op = op, .level = level };
	call->me.kind = BY_SESSION;
	call->me.grants = grants;
}

static unsigned sql_columns_of(const struct query *query)
{
	unsigned n = 0;
	for (uint32_t i = 0; i < query->out.n; i++) {
		const struct field *f = &query->out.v[i];
		n += f->type == T_SUBJECT ? f->n_kinds : f->type == T_MONEY ? 2 : 1;
	}
	return n;
}

static void every_statement_is_prepared(void **state)
{
	static const struct operation anything = {
		.name = "test", .kind = QUERY_KIND, .may = SIGNED_IN
	};
	(void)state;
	if (!connection) {
		print_message("skipped: MUSTER_TEST_DATABASE_URL is not set\n");
		skip();
	}
	for (size_t q = 0; all_queries[q]; q++)
		for (int level = LEVEL_NONE; level <= LEVEL_ALL; level++) {
			const struct query *query = all_queries[q];
			struct call call;
			struct sql sql;
			unsigned params, columns;
			caller(&call, (enum level)level, &anything);
			query_sql(&call, query, arena_alloc(arena, query->in.size + 1), &sql);
			error e = db_prepare_check(connection, sql_view(&sql), &params, &columns);
			if (e != OK)
				print_error("%s at level %s: %s\n%s\n", query->name,
				    level_names[level], db_reason(connection), sql.text);
			assert_int_equal(e, OK);
			assert_int_equal(columns, sql_columns_of(query));
			assert_int_equal(params, sql.n_params);
		}
}

static void every_permission_is_an_object_and_an_action(void **state)
{
	size_t n;
	const char *const *permissions = access_permissions(&n);
	(void)state;
	assert_true(n > 30);
	for (size_t i = 0; i < n; i++) {
		const char *dot = strchr(permissions[i], '.');
		assert_non_null(dot);
		assert_true(dot > permissions[i] && dot[1]);
		assert_null(strchr(dot + 1, '.'));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_statement_is_prepared),
		cmocka_unit_test(every_permission_is_an_object_and_an_action),
	};
	return cmocka_run_group_tests(tests, connect_to_server, disconnect);
}
