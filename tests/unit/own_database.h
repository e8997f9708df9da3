/*
 * own_database.h: a database of its own for each test program, on the server of
 * tests/unit/with_mariadb: they run side by side, and make tables of the same names.
 */
#pragma once
#include "base/arena.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The URL of the database that has the program's name, which need not be there; NULL when there is
 * no server. */
static inline const char *own_database(struct arena *arena)
{
	const char *given = getenv("MUSTER_TEST_DATABASE_URL");
	const char *theirs = given ? strstr(given, "/muster_test") : NULL;
	if (!theirs)
		return NULL;
	return arena_printf(arena, "%.*s/%s%s", (int)(theirs - given), given,
	    program_invocation_short_name, theirs + strlen("/muster_test"));
}
