/*
 * seats.h: how many people a company's plan has room for. The free plan has room for FREE_SEATS
 * agents who are active; the others have no limit. It is asked in this one place, when somebody is
 * to come in: invited, accepted, imported, brought back or no longer suspended. Whoever is in stays
 * in, and nothing that a company has is locked or deleted by its plan. Tests:
 * tests/http/builtin/trial.mjs
 */
#pragma once
#include "core/call.h"

enum { FREE_SEATS = 3 };

/* CONFLICT when there is no room for one more; who is invited has a seat as well, when `invited`.
 * Locks the company, so that two do not take one seat. */
error seat_take(struct call *call, bool invited) MUST_CHECK;
