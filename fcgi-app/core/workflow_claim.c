/*
 * workflow_claim.c: who is next. A lane's queues (a row for each company, by the time at which
 * something in it is due) are served in turn: the claim locks the one that has waited longest,
 * leases what is due in it to this runner, a few at once, and puts it behind the others. So what
 * one company piles up delays nobody else's first, a claim costs the same with a million sleeping
 * runs, and what a dead runner held is due again, by the same index, when its lease ends. The lease
 * has only to last from the claim to the step's transaction, whose row lock then keeps others away;
 * while a step is outside it is renewed (workflow_lease.c). With it the generation grows, and a
 * step goes on only with the generation that it was claimed with: two runners never both do it,
 * whatever the clocks say. Only private columns change, so there is nothing to tell anybody.
 * Statements: sql/query/workflow.sql. Tests: tests/unit/core_workflow_test.c
 */
#include "core/workflow_engine.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/query_run.h"
#include "core/sql_run.h"

#define MOMENT (SECONDS(1) / 4)

static int64_t lease_seconds(const struct claimed *c)
{
	if (!c->part)
		return LEASE_SECONDS;
	return c->part->outside ? LEASE_OUTSIDE_SECONDS : c->part->seconds + LEASE_SECONDS;
}

/* What goes wrong by itself, or takes long, or is held back by a limit, must not hold up others. */
static bool is_alone(const struct claimed *c)
{
	return !c->part || c->part->alone || c->part->outside || c->row.attempts ||
	       c->row.unwind_at != INT_NONE || !instant_none(c->row.lease_until) ||
	       c->workflow->at_once;
}

/* How many more steps of this workflow may be under way. */
static error room(struct call *call, const struct claimed *c, const char *lane, bool *have)
{
	const struct workflow_runs_held_in ask = {
		.whose = c->row.company_id,
		.lane = str_of(lane),
		.workflow = c->row.workflow,
		.moment = call->now,
		.until = { call->now.us + SECONDS(lease_seconds(c)) },
	};
	struct workflow_runs_held_row held;
	*have = true;
	if (!c->workflow->at_once)
		return OK;
	TRY(query_one(call, &workflow_runs_held_query, &ask, &held));
	*have = held.count < c->workflow->at_once;
	return OK;
}

/* A newer program may know it: another machine's, while an update is under way. */
static error leave_to_others(struct call *call, const struct claimed *c)
{
	const instant later = { call->now.us + SECONDS(UNKNOWN_SECONDS) };
	struct sql sql;
	log_event(LOG_WARNING, "this program does not know a workflow",
	    LOG_TEXT("workflow", c->row.workflow), LOG_NUMBER("definition", c->row.definition));
	sql_begin(&sql, call->arena);
	sql_add(&sql, "UPDATE workflow_runs SET wake_at = ?");
	sql_param(&sql, T_INSTANT, &later, NULL);
	sql_add(&sql, " WHERE company_id = ");
	sql_id(&sql, c->row.company_id.text);
	sql_add(&sql, " AND id = ");
	sql_id(&sql, c->row.id.text);
	return sql_execute(call, &sql, NULL);
}

error workflow_lease_again(struct call *call, const struct claimed *c)
{
	return workflow_lease_renew(
	    call, &c->row.company_id, &c->row.id, c->row.generation + 1, SECONDS(lease_seconds(c)));
}

static error lease(struct call *call, const struct workflow_claim *claim)
{
	struct sql sql;
	const instant until = { call->now.us + SECONDS(lease_seconds(&claim->v[0])) };
	sql_begin(&sql, call->arena);
	sql_add(&sql, "UPDATE workflow_runs SET generation = generation + 1, lease_until = ?");
	sql_param(&sql, T_INSTANT, &until, NULL);
	sql_add(&sql, " WHERE company_id = ");
	sql_id(&sql, claim->v[0].row.company_id.text);
	sql_add(&sql, " AND id IN (");
	for (size_t i = 0; i < claim->n; i++) {
		sql_add(&sql, i ? ", " : "");
		sql_id(&sql, claim->v[i].row.id.text);
	}
	sql_add(&sql, ")");
	return sql_execute(call, &sql, NULL);
}

/* A queue in which more is due goes behind those that are due now; one in which all that is due is
 * with others is looked at again in a moment, or when something is added to it. */
static error move_back(
    struct call *call, const company_id *company, const char *lane, bool took_some)
{
	struct workflow_runs_next_in ask = { .whose = *company, .lane = str_of(lane) };
	const instant soonest = { call->now.us + (took_some ? 0 : MOMENT) };
	struct workflow_runs_next_row next;
	struct sql sql;
	error e = query_one(call, &workflow_runs_next_query, &ask, &next);
	sql_begin(&sql, call->arena);
	if (e == OK) {
		sql_add(&sql, "UPDATE workflow_queues SET wake_at = ?");
		if (next.due_at.us < soonest.us)
			next.due_at = soonest;
		sql_param(&sql, T_INSTANT, &next.due_at, NULL);
	} else if (e == NOT_FOUND) {
		sql_add(&sql, "DELETE FROM workflow_queues");
	} else {
		return e;
	}
	sql_add(&sql, " WHERE company_id = ");
	sql_id(&sql, company->text);
	sql_add(&sql, " AND lane = ");
	sql_text(&sql, str_of(lane));
	return sql_execute(call, &sql, NULL);
}

/* From the first on, as many as may be done together. Those of a workflow that has no room are
 * passed over; `full` names it. */
static error choose(struct call *call, struct workflow_runs_due_row *rows, size_t n,
    struct workflow_claim *claim, struct buf *full)
{
	for (size_t i = 0; i < n; i++) {
		struct claimed *c = &claim->v[claim->n];
		bool have;
		*c = (struct claimed) { .row = rows[i],
			.workflow = workflow_defined(rows[i].workflow, rows[i].definition) };
		if (!c->workflow) {
			TRY(leave_to_others(call, c));
			continue;
		}
		c->part = workflow_part_named(c->workflow, rows[i].step);
		if (is_alone(c) && claim->n)
			continue;
		TRY(room(call, c, claim->lane, &have));
		if (!have) {
			buf_printf(full, "%s%s", full->n ? "," : "", c->workflow->name);
			return OK;
		}
		claim->n++;
		if (is_alone(c))
			break;
	}
	return OK;
}

static error choose_due(struct call *call, const company_id *company, struct workflow_claim *claim)
{
	struct buf full = { 0 };
	error e = OK;
	for (size_t before = 1; e == OK && !claim->n && full.n != before;) {
		struct workflow_runs_due_row *rows;
		size_t n;
		const struct workflow_runs_due_in ask = { .whose = *company,
			.lane = str_of(claim->lane),
			.moment = call->now,
			.full = { arena_text(call->arena, full.n ? full.p : "", full.n), full.n },
			.most = CLAIM_MOST };
		before = full.n;
		e = query_all(call, &workflow_runs_due_query, &ask, &rows, &n);
		if (e == OK)
			e = choose(call, rows, n, claim, &full);
	}
	buf_free(&full);
	return e;
}

static error take(struct call *call, struct workflow_claim *claim)
{
	struct workflow_queue_due_row queue;
	TRY(query_one(call, &workflow_queue_due_query,
	    &(struct workflow_queue_due_in) { .lane = str_of(claim->lane), .moment = call->now },
	    &queue));
	TRY(choose_due(call, &queue.company_id, claim));
	if (claim->n)
		TRY(lease(call, claim));
	return move_back(call, &queue.company_id, claim->lane, claim->n > 0);
}

/* NOT_FOUND: no queue of the lane is due. A queue in which all that is due is with others says
 * nothing of the next one. */
static error claim_in(struct call *call, const char *lane, struct workflow_claim *claim)
{
	error e = OK;
	do {
		*claim = (struct workflow_claim) { .lane = lane };
		TRY(db_begin(call->db));
		e = take(call, claim);
		if (e == OK)
			e = db_commit(call->db);
		if (e != OK)
			db_rollback(call->db);
	} while (e == OK && !claim->n);
	return e;
}

error workflow_claim(struct workflow_runner *r, struct call *call, struct workflow_claim *claim)
{
	const char *lanes[LANES_MOST];
	size_t n = workflow_lanes(r, lanes);
	error e = NOT_FOUND;
	r->turn++;
	for (size_t i = 0; i < n && e == NOT_FOUND; i++)
		e = claim_in(call, lanes[(r->turn + i) % n], claim);
	return e;
}

error workflow_next(struct workflow_runner *r, struct call *call, instant *next)
{
	const char *lanes[LANES_MOST];
	size_t n = workflow_lanes(r, lanes);
	*next = INSTANT_NONE;
	for (size_t i = 0; i < n; i++) {
		struct workflow_queue_next_row first;
		error e = query_one(call, &workflow_queue_next_query,
		    &(struct workflow_queue_next_in) { .lane = str_of(lanes[i]) }, &first);
		if (e == OK && (instant_none(*next) || first.wake_at.us < next->us))
			*next = first.wake_at;
		if (e != OK && e != NOT_FOUND)
			return e;
	}
	return OK;
}
