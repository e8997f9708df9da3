/*
 * emit.c: `muster emit routes | access | openapi | typescript | workflows`: what the binary can do,
 * from the same declarations that the gate reads. tests/golden keeps the output, so that a new
 * route or a widened access shows in a diff.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/access.h"
#include "core/page.h"
#include "core/query_run.h"
#include "core/start_grants.h"
#include "core/workflow_engine.h"
#include "process/contract.h"
#include "process/emit.h"
#include "process/emit_typescript.h"
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

/* Who may do it in a company that starts: owner, team leader, agent. */
static void emit_levels(struct arena *a, const struct operation *op)
{
	static const enum role_kind kinds[] = { ROLE_KIND_OWNER, ROLE_KIND_TEAM_LEADER,
		ROLE_KIND_AGENT };
	str object, action;
	printf("%-28s %-24s", op->name, op->may);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		enum level level = LEVEL_ALL;
		if (str_cut(str_of(op->may), '.', &object, &action))
			level = start_level(kinds[i], arena_text(a, object.p, object.n), action.p);
		printf(" %s=%-*s", role_kind_name(kinds[i]), i < 2 ? 4 : 0, level_names[level]);
	}
	putchar('\n');
}

static void emit_access(struct arena *a)
{
	size_t n;
	const struct operation **all = contract_operations(a, &n);
	for (size_t i = 0; i < n; i++)
		emit_levels(a, all[i]);
	for (size_t q = 0; all_queries[q]; q++)
		if (all_queries[q]->cross_tenant)
			printf("cross_tenant %-28s %s\n", all_queries[q]->name,
			    all_queries[q]->cross_tenant);
	for (size_t q = 0; all_queries[q]; q++)
		for (const char *const *waiver = all_queries[q]->unscoped; waiver && *waiver;
		     waiver++)
			printf("unscoped %-32s %s\n", all_queries[q]->name, *waiver);
}

static int compare_workflows(const void *a, const void *b)
{
	const struct workflow *x = *(const struct workflow *const *)a,
			      *y = *(const struct workflow *const *)b;
	int names = strcmp(x->name, y->name);
	return names ? names : x->definition - y->definition;
}

/* What a run on its way relies on; a line that changes under the same number breaks it. */
static void emit_workflows(struct arena *a)
{
	size_t n = workflows_count();
	const struct workflow **all = ARENA_ARRAY(a, n + 1, const struct workflow *);
	for (size_t i = 0; i < n; i++)
		all[i] = workflow_at(i);
	qsort(all, n, sizeof *all, compare_workflows);
	for (size_t i = 0; i < n; i++) {
		const struct workflow *w = all[i];
		printf("%s/%d lane=%s", w->name, w->definition, workflow_lane(w));
		for (uint32_t k = 0; k < w->state.n; k++)
			printf("%s%s:%d", k ? "," : " state=", w->state.v[k].name,
			    (int)w->state.v[k].type);
		for (size_t k = 0; k < sizeof w->steps / sizeof *w->steps && w->steps[k].name;
		     k++) {
			const struct workflow_part *part = &w->steps[k];
			printf(" %s%s%s%s%s", part->name, part->outside ? "(outside)" : "",
			    part->undo ? "(undo)" : "", part->on_failure ? "->" : "",
			    part->on_failure ? part->on_failure : "");
		}
		printf("\n");
	}
}

static void emit_typescript(struct arena *a)
{
	struct buf out = { 0 };
	typescript_contract(a, &out);
	fwrite(out.p, 1, out.n, stdout);
	buf_free(&out);
}

int emit_main(const struct config *config, int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*emit)(struct arena *);
	} contracts[] = { { "routes", emit_routes }, { "access", emit_access },
		{ "openapi", emit_openapi }, { "typescript", emit_typescript },
		{ "workflows", emit_workflows } };
	if (argc == 3 && !strcmp(argv[1], "typescript"))
		return typescript_package(config, argv[2]) ? 0 : 1;
	for (size_t i = 0; argc == 2 && i < sizeof contracts / sizeof *contracts; i++)
		if (!strcmp(argv[1], contracts[i].name)) {
			struct arena *a = arena_new();
			contracts[i].emit(a);
			arena_free(a);
			return 0;
		}
	fprintf(stderr,
	    "usage: muster emit routes | access | openapi | typescript [FOLDER] | workflows\n");
	return 2;
}
