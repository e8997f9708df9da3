/* seats.c: see seats.h. */
#include "core/seats.h"

#include "core/query_run.h"
#include "core/row.h"

error seat_take(struct call *call, bool invited)
{
	struct company company;
	struct seats_taken_row taken;
	TRY(company_lock_any(call, call->me.company, &company));
	if (company.plan != COMPANY_PLAN_FREE)
		return OK;
	TRY(query_one(
	    call, &seats_taken_query, &(struct seats_taken_in) { .moment = call->now }, &taken));
	if (taken.active + (invited ? taken.invited : 0) < FREE_SEATS)
		return OK;
	return fail_code(call, CONFLICT, NULL, "plan_limit",
	    "the free plan has room for %d people: choose the paid plan in the company's settings",
	    FREE_SEATS);
}
