/*
 * workflow_lease.c: keeping a run while one of its steps is outside; see workflow.h. A lease is
 * good for a few seconds, and is renewed for as long as the step is at it, by the generation with
 * which the run was claimed: whoever lost the run, because its process stood still for longer than
 * the lease, learns of it here, and changes nothing in any case (lock_run() in workflow_step.c).
 * Tests: tests/unit/core_workflow_test.c
 */
#include "core/workflow_engine.h"

#include <string.h>

#include "base/clock.h"
#include "core/sql_run.h"
#include "core/worker.h"

enum { RENEWED_MOST = 64 }; /* runners of a process that are outside; the others come next time */

void workflow_lease_hold(
    struct workflow_runner *r, const struct claimed *c, struct workflow_lease *lease)
{
	*lease = (struct workflow_lease) {
		.company = c->row.company_id,
		.run = c->row.id,
		.generation = c->row.generation + 1,
		.ends = { clock_now().us + SECONDS(c->part->seconds) },
		.stopping = r->stopping,
	};
	if (!r->leases)
		return;
	pthread_mutex_lock(&r->leases->lock);
	lease->next = r->leases->held;
	r->leases->held = lease;
	pthread_mutex_unlock(&r->leases->lock);
}

void workflow_lease_drop(struct workflow_runner *r, struct workflow_lease *lease)
{
	if (!r->leases)
		return;
	pthread_mutex_lock(&r->leases->lock);
	struct workflow_lease **at = &r->leases->held;
	while (*at != lease)
		at = &(*at)->next;
	*at = lease->next;
	pthread_mutex_unlock(&r->leases->lock);
}

bool job_gives_up(const struct job *job)
{
	return job->lease &&
	       (*job->lease->stopping || job->lease->lost || clock_now().us >= job->lease->ends.us);
}

error workflow_lease_renew(struct call *call, const company_id *company, const workflow_run_id *run,
    int64_t generation, int64_t us)
{
	const instant until = { clock_now().us + us };
	uint64_t matched;
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "UPDATE workflow_runs SET lease_until = ?");
	sql_param(&sql, T_INSTANT, &until, NULL);
	sql_add(&sql, " WHERE company_id = ");
	sql_id(&sql, company->text);
	sql_add(&sql, " AND id = ");
	sql_id(&sql, run->text);
	sql_add(&sql, " AND generation = ");
	sql_int(&sql, generation);
	sql_add(&sql, " AND lease_until IS NOT NULL");
	TRY(sql_execute(call, &sql, &matched));
	return matched ? OK : NOT_FOUND;
}

static void mark_lost(
    struct workflow_leases *leases, const workflow_run_id *run, int64_t generation)
{
	pthread_mutex_lock(&leases->lock);
	for (struct workflow_lease *l = leases->held; l; l = l->next)
		if (l->generation == generation && !strcmp(l->run.text, run->text))
			l->lost = true;
	pthread_mutex_unlock(&leases->lock);
}

void workflow_leases_renew(struct workflow_leases *leases, struct worker *worker)
{
	struct held {
		company_id company;
		workflow_run_id run;
		int64_t generation;
	} held[RENEWED_MOST];
	size_t n = 0;
	pthread_mutex_lock(&leases->lock);
	for (const struct workflow_lease *l = leases->held; l && n < RENEWED_MOST; l = l->next)
		held[n++] = (struct held) { l->company, l->run, l->generation };
	pthread_mutex_unlock(&leases->lock);
	for (size_t i = 0; i < n; i++) {
		arena_reset(worker->arena);
		struct call call = { .worker = worker,
			.arena = worker->arena,
			.db = worker->writes,
			.now = clock_now(),
			.version = INT_NONE };
		if (workflow_lease_renew(&call, &held[i].company, &held[i].run, held[i].generation,
			SECONDS(LEASE_OUTSIDE_SECONDS)) == NOT_FOUND)
			mark_lost(leases, &held[i].run, held[i].generation);
	}
}
