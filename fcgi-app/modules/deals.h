/* deals.h: what others read of a deal. */
#pragma once
#include "base/arena.h"
#include "schema.h"

/* The id of the first of its people; "": it has none. In the arena. */
const char *deal_first_person(struct arena *a, const struct deal *deal);
