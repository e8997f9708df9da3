/*
 * emit.c: `muster emit routes | access | openapi`: what the binary can do, from the same
 * declarations that the gate reads. tests/golden keeps the output, so that a new route or a widened
 * access shows in a diff.
 */
#include <stdio.h>

#include "core/access.h"
#include "core/page.h"
#include "core/query_run.h"
#include "process/contract.h"
#include "process/emit.h"
#include "process/process.h"

static void emit_routes(struct arena *a)
{
	size_t n;
	const struct operation **all = contract_operations(a, &n);
	for (size_t i = 0; i < n; i++)
		printf("%-28s %-9s %-52s %s\n", all[i]->name,
		    all[i]->kind == QUERY_KIND ? "query" : "mutation",
		    all[i]->route ? all[i]->route : "-", all[i]->summary);
}

static void emit_access(struct arena *a)
{
	size_t n;
	const struct operation **all = contract_operations(a, &n);
	for (size_t i = 0; i < n; i++)
		printf("%-28s %s\n", all[i]->name, all[i]->may);
	for (size_t q = 0; all_queries[q]; q++)
		if (all_queries[q]->cross_tenant)
			printf("cross_tenant %-28s %s\n", all_queries[q]->name,
			    all_queries[q]->cross_tenant);
	for (size_t q = 0; all_queries[q]; q++)
		for (const char *const *waiver = all_queries[q]->unscoped; waiver && *waiver;
		     waiver++)
			printf("unscoped %-32s %s\n", all_queries[q]->name, *waiver);
}

int emit_main(const struct config *config, int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*emit)(struct arena *);
	} contracts[] = { { "routes", emit_routes }, { "access", emit_access },
		{ "openapi", emit_openapi } };
	(void)config;
	for (size_t i = 0; argc == 2 && i < sizeof contracts / sizeof *contracts; i++)
		if (!strcmp(argv[1], contracts[i].name)) {
			struct arena *a = arena_new();
			contracts[i].emit(a);
			arena_free(a);
			return 0;
		}
	fprintf(stderr, "usage: muster emit routes | access | openapi\n");
	return 2;
}
