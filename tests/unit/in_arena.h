/* in_arena.h: the arena of a test, made before it and freed behind it. */
#pragma once
#include "base/arena.h"

static struct arena *a;

static int setup(void **state)
{
	(void)state;
	a = arena_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}
