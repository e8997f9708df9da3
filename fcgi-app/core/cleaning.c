/* cleaning.c: see cleaning.h. */
#include "core/cleaning.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/gate.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/sql_run.h"

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

struct ended {
	company_id company;
	uuid id;
};

struct cleaning_operation {
	struct operation op;
	const struct table *table;
	const struct ended *rows;
	size_t n;
};

/* The journal and the events are not logged; they go with their run. */
static error forget_with(struct call *call, const char *table, const uuid *run)
{
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_addf(&sql, "DELETE FROM %s WHERE company_id = ", table);
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, " AND run_id = ");
	sql_id(&sql, run->text);
	return sql_execute(call, &sql, NULL);
}

static error delete_run(struct call *call, const void *in, struct json *out)
{
	const struct cleaning_operation *o =
	    (const struct cleaning_operation *)(const void *)call->op;
	(void)in;
	(void)out;
	for (size_t i = 0; i < o->n; i++) {
		if (o->table == &workflow_runs_table) {
			struct workflow_run run;
			workflow_run_id id;
			memcpy(id.text, o->rows[i].id.text, sizeof id.text);
			/* Somebody may have let it go on since it was listed. */
			if (workflow_run_lock_any(call, id, &run) != OK ||
			    instant_none(run.ended_at))
				continue;
			TRY(forget_with(call, "workflow_steps", &o->rows[i].id));
			TRY(forget_with(call, "workflow_events", &o->rows[i].id));
		}
		error e = row_delete_any(call, o->table, o->rows[i].id.text);
		if (e != OK && e != NOT_FOUND)
			return e;
		call->problem = (struct problem) { 0 };
	}
	return OK;
}

static bool delete_rows(
    struct worker *w, const struct table *table, const struct ended *rows, size_t n)
{
	const struct cleaning_operation o = {
		.op = { .name = "cleaning",
		    .kind = MUTATION_KIND,
		    .may = SIGNED_IN,
		    .answer = ANSWER_NOTHING,
		    .run = delete_run },
		.table = table,
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

static error delete_ended(struct worker *w, const struct table *table, const struct query *query,
    int64_t days, const volatile sig_atomic_t *stopping)
{
	size_t n = 1;
	for (int round = 0; round < ROUNDS && n > 0 && !*stopping; round++) {
		struct ended *rows;
		arena_reset(w->arena);
		struct call call = {
			.worker = w, .arena = w->arena, .db = w->reads, .now = clock_now()
		};
		const instant before = { call.now.us - days * INT64_C(86400000000) };
		TRY(query_all(&call, query, &before, &rows, &n));
		for (size_t i = 0, end; i < n; i = end) {
			for (end = i;
			     end < n && !strcmp(rows[end].company.text, rows[i].company.text);)
				end++;
			if (!delete_rows(w, table, rows + i, end - i))
				return INTERNAL;
		}
	}
	return OK;
}

_Static_assert(sizeof(struct ended) == sizeof(struct sessions_ended_row),
    "a row of each of these queries is a struct ended");
_Static_assert(sizeof(struct ended) == sizeof(struct workflow_runs_ended_row),
    "a row of each of these queries is a struct ended");
_Static_assert(sizeof(struct ended) == sizeof(struct password_resets_ended_row),
    "a row of each of these queries is a struct ended");

_Static_assert(sizeof(struct ended) == sizeof(struct webhook_deliveries_ended_row),
    "a row of each of these queries is a struct ended");

void cleaning_run(struct worker *w, const volatile sig_atomic_t *stopping)
{
	error e = forget_answers(w, stopping);
	if (e == OK)
		e = delete_ended(w, &sessions_table, &sessions_ended_query, 0, stopping);
	if (e == OK)
		e = delete_ended(
		    w, &password_resets_table, &password_resets_ended_query, 0, stopping);
	if (e == OK)
		e = delete_ended(
		    w, &workflow_runs_table, &workflow_runs_ended_query, RUN_DAYS, stopping);
	if (e == OK)
		e = delete_ended(w, &webhook_deliveries_table, &webhook_deliveries_ended_query,
		    RUN_DAYS, stopping);
	if (e == OK)
		e = trim_logs(w, stopping);
	if (e != OK)
		log_message(LOG_WARNING, "cleaning was not finished; it goes on within the hour");
	arena_reset(w->arena);
}
