/*
 * turns.h: things that have come and wait to be begun, each of some company. One company after the
 * other has its turn, with the oldest of its things, so however many things of one company wait,
 * another's waits for one of each company. No threads here: the live process holds one lock around
 * it. Tests: tests/unit/core_turns_test.c
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct passed_over { /* companies that have no turn now */
	const char *const *v;
	size_t n;
};
static inline bool is_passed_over(const struct passed_over *but, const char *company)
{
	for (size_t i = 0; i < but->n; i++)
		if (!strcmp(but->v[i], company))
			return true;
	return false;
}

struct turn { /* a part of the thing */
	struct turn *next;
};

struct turns;
struct turns *turns_new(void);
void turns_free(struct turns *t); /* nothing is in it any more */
bool turns_empty(const struct turns *t);
/* `company`: a text of up to 36 characters, also "". */
void turns_add(struct turns *t, const char *company, struct turn *thing);
/* NULL: there is nothing, or nothing of other companies than `but`. */
struct turn *turns_take(struct turns *t, const struct passed_over *but);
