/*
 * own_database.h: a database of its own for a test, on the server of tests/unit/with_mariadb: the
 * tests run side by side.
 */
#pragma once
#include "base/arena.h"
#include <stdlib.h>
#include <string.h>

/* The URL of that database, which need not be there; NULL when there is no server. */
static inline const char *own_database(struct arena *arena, const char *name)
{
	const char *given = getenv("MUSTER_TEST_DATABASE_URL");
	const char *theirs = given ? strstr(given, "/muster_test") : NULL;
	if (!theirs)
		return NULL;
	return arena_printf(arena, "%.*s/%s%s", (int)(theirs - given), given, name,
	    theirs + strlen("/muster_test"));
}
