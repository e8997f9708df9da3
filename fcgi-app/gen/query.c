#include "gen.h"
void query_read(struct gen *g, const char *path, const char *name)
{
	(void)name;
	source_read(g, path);
}
