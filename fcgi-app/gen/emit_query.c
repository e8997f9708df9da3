/*
 * emit_query.c: queries.h and queries.c, in the shapes of core/query.h.
 */
#include "gen.h"

void emit_queries_h(FILE *f, const struct gen *g)
{
	(void)g;
	fputs("#pragma once\n#include \"core/query.h\"\n#include \"schema.h\"\n", f);
}

void emit_queries_c(FILE *f, const struct gen *g)
{
	(void)g;
	fputs("#include \"queries.h\"\n\nconst struct query *const all_queries[] = {\n\tNULL\n};\n", f);
}
