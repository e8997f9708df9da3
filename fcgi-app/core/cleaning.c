/* cleaning.c: see cleaning.h. */
#include "core/cleaning.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/gate.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/sql_run.h"
#include "core/workflow.h"

enum { A_STATEMENT = 1000, ROUNDS = 1000 };

/* The answers are not logged, so there is no change to record; by their time, a few at once, so
 * that nobody waits for the lock. */
static error forget_answers(struct worker *w, const volatile sig_atomic_t *stopping)
{
	const instant before = { clock_now().us - ANSWER_HOURS * INT64_C(3600000000) };
	uint64_t n = A_STATEMENT;
	for (int i = 0; i < ROUNDS && n == A_STATEMENT && !*stopping; i++)
		TRY(db_execute(w->writes,
		    STR("DELETE FROM idempotent_answers WHERE created_at < ? LIMIT 1000"),
		    &DB_PARAM_INSTANT(&before), 1, &n));
	return OK;
}

/* ---- the log of changes ---- */

/* What a timeline shows stays. Deleting is no change of its own. That rows are missing is known to
 * whoever sees that they are.
 */
static error trim_versions(struct worker *w, const company_id *company, int64_t first, int64_t last)
{
	const struct db_param mark[] = { DB_PARAM_ID(company->text), DB_PARAM_INT(&last) };
	const struct db_param range[] = { DB_PARAM_ID(company->text), DB_PARAM_INT(&first),
		DB_PARAM_INT(&last) };
	TRY(db_begin(w->writes));
	error e = db_execute(w->writes,
	    STR("INSERT INTO trimmed_logs (company_id, version) VALUES (?, ?) "
		"ON DUPLICATE KEY UPDATE version = GREATEST(version, VALUES(version))"),
	    mark, 2, NULL);
	if (e == OK)
		e = db_execute(w->writes,
		    STR("DELETE FROM changes WHERE company_id = ? AND version BETWEEN ? AND ? "
			"AND NOT history"),
		    range, 3, NULL);
	if (e == OK)
		return db_commit(w->writes);
	db_rollback(w->writes);
	return e;
}

/* A batch is a transaction and ends with a whole version. *rounds is what is left of this run. */
static error trim_log(struct call *call, const company_id *company, instant before, int *rounds,
    const volatile sig_atomic_t *stopping)
{
	struct changes_ended_in ask = { .moment = before };
	struct changes_ended_row old;
	memcpy(ask.whose.text, company->text, sizeof ask.whose.text);
	for (; *rounds > 0 && !*stopping; --*rounds) {
		TRY(query_one(call, &changes_ended_query, &ask, &old));
		if (old.last == INT_NONE)
			return OK;
		TRY(trim_versions(call->worker, company, old.first, old.last));
	}
	return OK;
}

static error trim_logs(struct worker *w, const volatile sig_atomic_t *stopping)
{
	struct companies_after_in ask = { .last = { "" } };
	struct companies_after_row *rows;
	size_t n = 1;
	int rounds = ROUNDS;
	while (n > 0 && rounds > 0 && !*stopping) {
		arena_reset(w->arena);
		struct call call = {
			.worker = w, .arena = w->arena, .db = w->reads, .now = clock_now()
		};
		const instant before = { call.now.us - w->config->log_days * INT64_C(86400000000) };
		TRY(query_all(&call, &companies_after_query, &ask, &rows, &n));
		for (size_t i = 0; i < n; i++)
			TRY(trim_log(&call, &rows[i].company_id, before, &rounds, stopping));
		if (n)
			memcpy(ask.last.text, rows[n - 1].company_id.text, sizeof ask.last.text);
	}
	return OK;
}

/* ---- rows of companies: by a mutation of each company, as all that changes ---- */

struct cleaning_operation {
	struct operation op;
	const struct cleaning *cleaning;
	const struct cleaning_row *rows;
	size_t n;
};

static error forget_row(struct call *call, const struct table *table, const char *id)
{
	error e = row_delete_any(call, table, id);
	return e == NOT_FOUND ? OK : e;
}

static error forget_session(struct call *call, const char *id)
{
	return forget_row(call, &sessions_table, id);
}
CLEANING(sessions_ended, 0, forget_session);

static error forget_reset(struct call *call, const char *id)
{
	return forget_row(call, &password_resets_table, id);
}
CLEANING(password_resets_ended, 0, forget_reset);

static error forget_delivery(struct call *call, const char *id)
{
	return forget_row(call, &webhook_deliveries_table, id);
}
CLEANING(webhook_deliveries_ended, RUN_DAYS, forget_delivery);

static error lock_run(struct call *call, const char *id, struct workflow_run *run)
{
	workflow_run_id which;
	snprintf(which.text, sizeof which.text, "%s", id);
	return workflow_run_lock_any(call, which, run);
}

static void delete_of_run(struct call *call, struct sql *sql, const char *table, const char *run)
{
	sql_begin(sql, call->arena);
	sql_addf(sql, "DELETE FROM %s WHERE company_id = ", table);
	sql_id(sql, call->me.company.text);
	sql_add(sql, " AND run_id = ");
	sql_id(sql, run);
}

/* The journal and the events are not logged; they go with their run. */
static error forget_run(struct call *call, const char *id)
{
	struct workflow_run run;
	struct sql sql;
	error e = lock_run(call, id, &run);
	if (e == NOT_FOUND || (e == OK && instant_none(run.ended_at)))
		return OK; /* somebody has let it go on since it was listed */
	TRY(e);
	delete_of_run(call, &sql, "workflow_steps", id);
	TRY(sql_execute(call, &sql, NULL));
	delete_of_run(call, &sql, "workflow_events", id);
	TRY(sql_execute(call, &sql, NULL));
	return forget_row(call, &workflow_runs_table, id);
}
CLEANING(workflow_runs_ended, RUN_DAYS, forget_run);

/* What a run waits for now stays, however old it is. */
static error forget_events(struct call *call, const char *id)
{
	const instant before = { call->now.us - DAYS(RUN_DAYS) };
	struct workflow_run run;
	struct sql sql;
	error e = lock_run(call, id, &run);
	if (e != OK)
		return e == NOT_FOUND ? OK : e;
	delete_of_run(call, &sql, "workflow_events", id);
	sql_add(&sql, " AND taken_by IS NULL AND created_at <= ?");
	sql_param(&sql, T_INSTANT, &before, NULL);
	if (!str_none(run.awaits)) {
		sql_add(&sql, " AND name <> ");
		sql_text(&sql, run.awaits);
	}
	return sql_execute(call, &sql, NULL);
}
CLEANING(workflow_events_ended, RUN_DAYS, forget_events);

static error forget(struct call *call, const void *in, struct json *out)
{
	const struct cleaning_operation *o =
	    (const struct cleaning_operation *)(const void *)call->op;
	(void)in;
	(void)out;
	for (size_t i = 0; i < o->n; i++) {
		TRY(o->cleaning->forget(call, o->rows[i].id.text));
		call->problem = (struct problem) { 0 };
	}
	return OK;
}

/* Rows of one company. */
static bool forget_rows(
    struct worker *w, const struct cleaning *cleaning, const struct cleaning_row *rows, size_t n)
{
	const struct cleaning_operation o = {
		.op = { .name = "cleaning",
		    .kind = MUTATION_KIND,
		    .may = SIGNED_IN,
		    .answer = ANSWER_NOTHING,
		    .run = forget },
		.cleaning = cleaning,
		.rows = rows,
		.n = n,
	};
	struct answer answer;
	gate_ask(w, w->arena,
	    &(struct ask) { .op = &o.op,
		.credential = CREDENTIAL_JOB,
		.job_company = rows[0].company,
		.request_id = STR("cleaning"),
		.started = clock_now() },
	    &answer);
	return answer.kind == OK;
}

static error clean(
    struct worker *w, const struct cleaning *cleaning, const volatile sig_atomic_t *stopping)
{
	size_t n = 1;
	for (int round = 0; round < ROUNDS && n > 0 && !*stopping; round++) {
		struct cleaning_row *rows;
		arena_reset(w->arena);
		struct call call = {
			.worker = w, .arena = w->arena, .db = w->reads, .now = clock_now()
		};
		const instant before = { call.now.us - DAYS(cleaning->days) };
		TRY(query_all(&call, cleaning->query, &before, &rows, &n));
		for (size_t i = 0, end; i < n; i = end) {
			for (end = i;
			     end < n && !strcmp(rows[end].company.text, rows[i].company.text);)
				end++;
			if (!forget_rows(w, cleaning, rows + i, end - i))
				return INTERNAL;
		}
	}
	return OK;
}

extern const struct cleaning *const __start_cleanings[], *const __stop_cleanings[];

void cleaning_run(struct worker *w, const volatile sig_atomic_t *stopping)
{
	error e = forget_answers(w, stopping);
	for (const struct cleaning *const *c = __start_cleanings; c < __stop_cleanings; c++)
		if (e == OK)
			e = clean(w, *c, stopping);
	if (e == OK)
		e = trim_logs(w, stopping);
	if (e != OK)
		log_message(LOG_WARNING, "cleaning was not finished; it goes on within the hour");
	arena_reset(w->arena);
}
